"""What became of complaints, as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tilsyn.base.durations import Duration
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number, percent
from tilsyn.cli.console import Table
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.compliance.tally import UNKNOWN_DOMAIN

if TYPE_CHECKING:
    from tilsyn.compliance.complaints import ComplaintFigures, TimeTaken
    from tilsyn.procedure.complaints import ComplaintsMeasured
    from tilsyn.reports.complaints import Counted, PublicComplaints, PublicTime

_NONE = "–"


def internal_tables(found: ComplaintsMeasured, cases: bool) -> list[Table | str]:
    """Return all tables, and with `cases` the open complaints over their limit by case number."""
    flow = {name: number(value) for name, value in vars(found.flow).items()}
    tables: list[Table | str] = [_title(found), say("complaints.flow", **flow)]
    if found.figures[0].received:
        tables.append(_figures(found, "reply"))
        if found.limits.acknowledged_known:
            tables.append(_figures(found, "acknowledgement"))
        for what, rows in (("kind", found.kinds), ("outcome", found.outcomes)):
            if any(text for text, _ in rows):
                tables.append(_words(what, [(text, number(n)) for text, n in rows]))
    if found.reviewed is not None:
        tables.append(_reviewed(found))
    if cases:
        tables.append(_late(found))
    return tables


def public_tables(found: ComplaintsMeasured, shown: PublicComplaints) -> list[Table | str]:
    """Return the tables that everybody may see."""
    if shown.received is None:
        return [_title(found), say("complaints.too_few")]
    tables: list[Table | str] = [_title(found), say("complaints.about", n=number(shown.received))]
    for name, taken in (("reply", shown.reply), ("acknowledgement", shown.acknowledgement)):
        if taken is not None:
            tables.append(say(f"complaints.about_{name}", **_public_time(taken)))
    units = [(_unit(name), n) for name, n in shown.units]
    for what, rows in (("unit", units), ("kind", shown.kinds), ("outcome", shown.outcomes)):
        if any(name for name, _ in rows):
            tables.append(_words(what, _rounded(rows), say("complaints.rounded")))
    return tables


def _rounded(rows: Counted) -> list[tuple[str, str]]:
    return [(name, say("complaints.withheld") if n is None else number(n)) for name, n in rows]


def _public_time(taken: PublicTime) -> dict[str, str]:
    share = _NONE if taken.share is None else percent(taken.share, 0)
    return {"median": _days(taken.median), "ninety": _days(taken.ninety), "share": share}


def _title(found: ComplaintsMeasured) -> str:
    return say("complaints.title", period=found.period.label(), on=date_text(found.limits.today))


def _unit(domain: str) -> str:
    name = domain.removeprefix("unit=")
    return {ALL_CASES: say("complaints.all"), UNKNOWN_DOMAIN: say("complaints.no_unit")}.get(name, name)


def _days(value: float | None) -> str:
    return _NONE if value is None else number(value)


def _figures(found: ComplaintsMeasured, what: str) -> Table:
    """Return the table of replies or acknowledgements, all complaints first and then each unit's."""
    limit = found.limits.reply if what == "reply" else found.limits.acknowledge
    columns = [say("complaints.col_unit")]
    counts = ("received", "ended", "open", "median", "ninety")
    standing = ("within", "over", "open_within", "open_over", "share") if limit else ()
    columns += [">" + say(f"complaints.col_{name}") for name in (*counts, *standing)]
    rows = [_line(row, getattr(row, what), bool(limit), found.few) for row in found.figures]
    notes = [say("complaints.median_note")]
    notes += [say("complaints.limit_note", limit=limit.label())] if limit else []
    notes += [say("complaints.acknowledged_note")] if what == "acknowledgement" else []
    important = [say(f"complaints.col_{name}") for name in ("unit", "received", "open", "median", "share")]
    return Table(columns, rows, say(f"complaints.{what}"), notes, important)


def _line(row: ComplaintFigures, taken: TimeTaken, limited: bool, few: int) -> Sequence[str]:
    counts = [_unit(row.domain), *map(number, (row.received, taken.ended, taken.open))]
    line = [*counts, _days(taken.median), _days(taken.ninety)]
    if limited:
        standing = (taken.within, taken.over, taken.open_within, taken.open_over)
        line += [number(n or 0) for n in standing]
        line.append(_NONE if taken.share is None or taken.decided < few else percent(taken.share))
    return line


def _words(what: str, rows: Sequence[tuple[str, str]], note: str = "") -> Table:
    columns = [say(f"complaints.col_{what}"), ">" + say("complaints.col_n")]
    named = [(name or say("complaints.unsaid"), n) for name, n in rows]
    return Table(columns, named, say(f"complaints.by_{what}"), [note] if note else [])


def _reviewed(found: ComplaintsMeasured) -> Table:
    """Return the compliance of the cases complained of, beside all cases and the others."""
    from tilsyn.cli.compliance_tables import figure_cells
    from tilsyn.compliance.naming import row_label
    from tilsyn.compliance.table import records

    assert found.reviewed is not None
    names = ("question", "domain", "counts", "percent", "interval")
    columns = [say(f"compliance.col_{name}") for name in names]
    rows = [
        (row_label(row["question"], found.reviewed.titles), _domain(row["domain"]), *figure_cells(row)[:3])
        for row in records(found.reviewed.rows, list(found.reviewed.rows.columns))
    ]
    title = say("complaints.compliance", level=found.reviewed.level)
    note = say("complaints.compliance_note", time=Duration.parse(found.received_within).label())
    return Table([*columns[:2], *(f">{name}" for name in columns[2:])], rows, title, [note])


def _domain(domain: str) -> str:
    return say(f"complaints.cases_{domain.partition('=')[2] or domain}")


def _days_of(row: Mapping[str, Any]) -> list[str]:
    days = [date_text(date.fromisoformat(row[name])) for name in ("received", "last_day")]
    return [*days, number(row["days_over"])]


def _late(found: ComplaintsMeasured) -> Table:
    names = ("case", "unit", "received_on", "last_day", ">days_over")
    columns = [">" * (name[0] == ">") + say(f"complaints.col_{name.strip('>')}") for name in names]
    unknown = say("complaints.no_unit")
    rows = [(row["case_id"], row["unit"] or unknown, *_days_of(row)) for row in found.late_rows()]
    return Table(columns, rows, say("complaints.late"), [say("complaints.late_note")])
