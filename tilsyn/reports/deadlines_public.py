"""Time limits that were measured, as everybody may see them: a table per area of law.

All cases together: no unit and no case, rounded numbers, shares in whole per cent. A row is withheld by the
rule for a unit whose cases are all read; and so is the row that such a number could be taken from, being the
same limit of more cases, and the rows that could be taken from it together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent, round_half_up
from tilsyn.compliance.deadline_figures import DeadlineFigures, MeasuredRule
from tilsyn.compliance.deadline_measurement import DeadlineMeasurement
from tilsyn.compliance.deadline_words import doubt_texts, length_text, time_text
from tilsyn.reports.deadlines import ON_THE_PAGE, measured_how, titled
from tilsyn.reports.disclosure import TIMES_FROM, rounded
from tilsyn.reports.parts import (
    NOTHING,
    WITHHELD,
    Block,
    Column,
    HeadFigure,
    Report,
    Sheet,
    Summary,
    Value,
    alphabetical,
)
from tilsyn.reports.worlds import Rule
from tilsyn.sampling.rule_columns import meanings
from tilsyn.settings.deadline_rules import Concerned


def public_report(found: DeadlineMeasurement, organisation: str, rule: Rule) -> Report:
    """Return the edition for everybody."""
    hidden = withheld(found.rules, rule)
    told = [one for one in found.rules if one.figures]
    told.sort(key=lambda one: (one.rule.area is None, alphabetical(one.rule.area or "")))
    sheet = _areas(found, told, hidden, rule)
    shown = [one for one in told if one.rule.name not in hidden and one.figures[0].share is not None]
    summary = _summary(found, shown[:ON_THE_PAGE], len(told), sheet.name)
    return titled(found, organisation, summary, [sheet], public=True)


def _summary(found: DeadlineMeasurement, shown: Sequence[MeasuredRule], of: int, sheet: str) -> Summary:
    """Return the page in words, with figures that stand in the table too."""
    figures = [_head_figure(one.rule.name, one.figures[0]) for one in shown]
    how = [*measured_how(found), say("deadlines.public_lines")]
    how += [say("deadlines.public_more", sheet=sheet)] if len(shown) < of else []
    return Summary(say("deadlines.title_public"), figures, [Block("how", say("deadlines.how"), how)])


def _head_figure(name: str, figures: DeadlineFigures) -> HeadFigure:
    settled, measured = (number(_about(n)) for n in (figures.decided, figures.measured))
    told = say("deadlines.settled_about", n=settled, all=measured)
    return HeadFigure(name, percent(_share(figures), 0), told)


def withheld(rules: Sequence[MeasuredRule], rule: Rule) -> set[str]:
    """Return the names of the limits that have no figures in public.

    Their own numbers are few, or all alike; or those of the cases that others have beside them are.
    """
    few = {one.rule.name for one in rules if rule.withholds_whole(*_numbers(one))}
    hidden = set(few)
    for whole in rules:
        parts = [part for part in rules if part is not whole and _is_part(part, whole)]
        for part in parts:
            # One of the two tells of the other what is left.
            if few & {part.rule.name, whole.rule.name}:
                hidden |= {part.rule.name, whole.rule.name}
        for some in _apart([part for part in parts if part.rule.name not in few]):
            if some and rule.withholds_whole(*_rest(whole, some)):
                hidden |= {whole.rule.name, *(part.rule.name for part in some)}
    return hidden


def _is_part(part: MeasuredRule, whole: MeasuredRule) -> bool:
    """Tell whether a limit is the same as another, of some of its cases."""
    alike = ("from_", "to", "limit")
    same = all(getattr(part.rule, name) == getattr(whole.rule, name) for name in alike)
    return same and part.rule.where is not None and _holds(whole.rule.where, part.rule.where)


def _holds(whole: Concerned | None, part: Concerned) -> bool:
    """Tell whether the cases of a part are some of a whole's, which are all where it names none."""
    return whole is None or (whole.column == part.column and _values(whole) > _values(part))


def _values(where: Concerned) -> set[str]:
    return {meaning for value in where.values for meaning in meanings(value)}


def _apart(parts: Sequence[MeasuredRule]) -> Iterator[tuple[MeasuredRule, ...]]:
    """Yield the parts that have no case in common, as many together as can be: least is left beside them."""
    if not parts:
        yield ()
        return
    first, *others = parts
    beside = [other for other in others if _share_none(first, other)]
    yield from ((first, *some) for some in _apart(beside))
    if len(beside) < len(others):
        yield from _apart(others)


def _share_none(one: MeasuredRule, other: MeasuredRule) -> bool:
    a, b = one.rule.where, other.rule.where
    return a is not None and b is not None and a.column == b.column and not _values(a) & _values(b)


def _numbers(one: MeasuredRule) -> tuple[float, float]:
    figures = one.figures[0] if one.figures else DeadlineFigures("all", {})
    return float(figures.decided), float(figures.n("within"))


def _rest(whole: MeasuredRule, parts: Sequence[MeasuredRule]) -> tuple[float, float]:
    """Return what is left of a limit's numbers beside those of its parts."""
    cases, good = zip(*map(_numbers, parts), strict=True)
    return _numbers(whole)[0] - sum(cases), _numbers(whole)[1] - sum(good)


def _areas(found: DeadlineMeasurement, told: Sequence[MeasuredRule], hidden: set[str], rule: Rule) -> Sheet:
    rows = [_row(one, one.rule.name in hidden) for one in told]
    texts = [("area", 24.0), ("rule", 34.0), ("limit", 14.0), ("kind", 14.0)]
    columns = [Column(say(f"deadlines.col_{name}"), "long", width) for name, width in texts]
    columns += [
        Column(say(f"deadlines.col_{name}"), "count", 12) for name in ("about_begun", "about_settled")
    ]
    columns += [
        Column(say("deadlines.col_share"), "share", 12),
        Column(say("deadlines.col_median"), "range", 12),
    ]
    lines = [say("deadlines.public_lines"), say("deadlines.note_share"), *doubt_texts(found.doubtful)]
    signs = {value for row in rows for value in row}
    lines += [say("deadlines.sign_withheld", limit=rule.few)] if WITHHELD in signs else []
    lines += [say("deadlines.sign_none")] if NOTHING in signs else []
    title = say("deadlines.areas_sheet", period=found.period.label())
    return Sheet(say("deadlines.areas_tab"), title, lines, columns, rows, "areas", layer="figures", fixed=2)


def _row(one: MeasuredRule, hidden: bool) -> list[Value]:
    figures = one.figures[0]
    named = [one.rule.area or say("deadlines.no_area"), one.rule.name, length_text(one)]
    named.append(say(f"deadlines.kind_{one.rule.kind}"))
    if hidden:
        return [*named, *[WITHHELD] * 4]
    counts: list[Value] = [_about(n) for n in (figures.measured, figures.decided)]
    share: Value = NOTHING if figures.share is None else _share(figures)
    known = figures.median is not None and figures.measured >= TIMES_FROM
    return [*named, *counts, share, time_text(one, figures.median) if known else NOTHING]


def _about(n: int) -> int:
    return int(rounded(n))


def _share(figures: DeadlineFigures) -> float:
    assert figures.share is not None
    return round_half_up(figures.share, 2)
