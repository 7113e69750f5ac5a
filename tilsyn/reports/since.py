"""The sheet of what is new since an earlier report, and the sentence of it on the page for the committee."""

from __future__ import annotations

from collections.abc import Iterator

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.reports.columns import heading
from tilsyn.reports.disclosure import publish, rounded
from tilsyn.reports.news import PeriodNews, SinceReport
from tilsyn.reports.parts import NOTHING, Column, Material, Record, Sheet, Value, in_points, known, records

# Nearer than this two shares are one.
_SAME = 1e-12


def since_sheet(material: Material, since: SinceReport, public: bool) -> Sheet:
    """A row for every figure that has moved; what was read and corrected since stands above."""
    values = [line for one in since.periods for line in _moved(material, one, public)]
    columns = [
        Column(say("report.period"), "text", 20),
        Column(say("report.question_id"), "id", 10),
        Column(say("report.question"), "long", 44),
        Column(say("report.since_then"), "share", 10),
        Column(say("report.since_now"), "share", 10),
        Column(say("report.since_change"), "points", 12),
    ]
    lines = [say("report.since_intro", since=since_when(since)), *_periods(material, since, public)]
    if material.question_set.graded:
        lines.append(say("report.since_grades"))
    if not values:
        none = "none" if _comparable(since) else "uncompared"
        values = [[say(f"report.since_{none}"), NOTHING, NOTHING, NOTHING, NOTHING, NOTHING]]
    title = heading(material, "since")
    return Sheet(say("report.since_tab"), title, lines, columns, values, "since", layer="figures")


def since_when(since: SinceReport) -> str:
    """Since when, in words."""
    return say(f"report.since_{'report' if since.report else 'day'}", day=date_text(since.day))


def since_sentence(material: Material, since: SinceReport, public: bool) -> str:
    """What the page for the committee says, which has little room: how many figures moved, and where."""
    few = material.method.few
    if told := [_sentence(one, few, public) for one in since.periods if _is_few(one, few, public)]:
        return told[0]
    moved = sum(1 for one in since.periods for _ in _moved(material, one, public))
    if not _comparable(since):
        return say("report.since_no_shares", since=since_when(since))
    if not moved:
        return say("report.since_unmoved", since=since_when(since))
    return say("report.since_moved", since=since_when(since), n=moved, sheet=say("report.since_tab"))


def _comparable(since: SinceReport) -> bool:
    """Whether a percentage can have moved; where nothing is new none has."""
    return not since.periods or any(one.has_shares for one in since.periods)


def _is_few(one: PeriodNews, few: int, public: bool) -> bool:
    """Whether so few cases changed that nobody outside may compare then with now."""
    return public and 0 < one.answers.cases < few


def _periods(material: Material, since: SinceReport, public: bool) -> list[str]:
    """A sentence for each period, the report's own first."""
    own = material.record.period
    in_order = sorted(since.periods, key=lambda one: (one.period != own, one.period.start))
    told = [_sentence(one, material.method.few, public) for one in in_order]
    return told or [say("report.since_nothing")]


def _sentence(one: PeriodNews, few: int, public: bool) -> str:
    counts = vars(one.answers)
    shown = {name: number(rounded(n) if public else n) for name, n in counts.items()}
    if _is_few(one, few, public):
        return say("report.since_few", period=one.period.label(), limit=few)
    key = "new" if one.then is None else "public" if public else "period"
    return say(f"report.since_of_{key}", period=one.period.label(), **shown)


def _moved(material: Material, one: PeriodNews, public: bool) -> Iterator[list[Value]]:
    """The questions, steps and totals of a period whose percentage is another than it was."""
    if one.then is None or one.now is None or _is_few(one, material.method.few, public):
        return
    before, after = (_rows(material, one, place, public) for place in (0, 1))
    for name, now in after.items():
        then = before.get(name)
        if then is None or not (known(then["estimate"]) and known(now["estimate"])):
            continue
        change = now["estimate"] - then["estimate"]
        if abs(change) > _SAME:
            question_id = name if name in material.question_set.themes else ""
            shares = [float(then["estimate"]), float(now["estimate"])]
            yield [one.period.label(), question_id, material.title(name), *shares, in_points(change, NOTHING)]


def _rows(material: Material, one: PeriodNews, place: int, public: bool) -> dict[str, Record]:
    """The rows over all cases of then (0) or now (1) that have a percentage in this edition."""
    table = (one.then, one.now)[place]
    assert table is not None
    few = material.method.few
    table = table[table["domain"] == ALL_CASES]
    table = publish(table, one.held_back[place], few) if public else table[~table["few"]]
    return {str(row["question"]): row for row in records(table)}
