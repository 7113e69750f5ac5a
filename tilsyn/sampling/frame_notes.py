"""What is odd in a register's rows though they can be drawn, and what was read otherwise than it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from tilsyn.base.canonical import same_name
from tilsyn.base.cpr import mask
from tilsyn.base.numbers import date_text, number
from tilsyn.base.problems import Problem
from tilsyn.base.spelling import misspelt
from tilsyn.sampling.finder import Finder, Sought
from tilsyn.sampling.frame_cells import CONTROL
from tilsyn.sampling.frame_odd import NEWEST, OLDEST, empty_texts
from tilsyn.sampling.sql import OUTER_SPACE, quoted

# Pairs of dates that can hardly come in this order; a closed case that was opened later is an error instead.
ODD_ORDERS = (("opened", "decided"), ("opened", "last_activity"), ("decided", "closed"))


def notes(finder: Finder) -> Iterator[Sought | Problem]:
    """Yield what is odd in the rows, and what was read otherwise than it stands."""
    rules = finder.rules
    dates = set(rules.dates)
    same, respelt = "r.reason = 'duplicate'", "r.respelt AND r.nearest IS NULL"
    yield Sought("duplicate", same, "case_id", "c.case_id", "r.first_row", "note", other_row=True)
    for column in ("unit", "caseworker"):
        if column in rules.headings:
            yield finder.deceptive("deceptive_name", "true", column, "note")
    yield from _aside(finder)
    yield Sought("unwrapped", "r.unwrapped", "case_id", "c.case_id", kind="note")
    yield from _read_as_empty(finder)
    yield Sought("respelt_unit", respelt, "unit", "c.unit", "r.unit", "note")
    for first, second in ODD_ORDERS:
        if {first, second} <= dates:
            odd = f"r.{second} < r.{first} AND r.{second} >= DATE '{OLDEST}'"
            what = f"{second}_before_{first}"
            yield Sought(what, odd, second, f"r.{second}", f"r.{first}", "note")
    last = rules.as_of or rules.today
    forms = _date_forms(finder)
    for place, column in enumerate(rules.dates):
        # The year 9999 is how some registers say "not yet".
        late = f"r.\"{column}\" > DATE '{last}' AND r.\"{column}\" < DATE '{NEWEST}'"
        yield Sought("future_date", late, column, f'r."{column}"', f"'{last}'", "note")
        yield from _told_forms(finder, column, forms.get(place, []))
    if "caseworker" in rules.headings:
        if rules.split != "caseworker":
            yield Sought("no_caseworker", "r.caseworker IS NULL", "caseworker", kind="note")
        yield from _shared_codes(finder)
    yield from _planned_units(finder)


def _date_forms(finder: Finder) -> dict[int, list[list[Any]]]:
    """Return each place's forms of dates, the commonest first: rows, first row, its text and its day."""
    found = finder.ask(
        f"""SELECT w.place, d.form, sum(w.n)::BIGINT AS n, min(w."row"), arg_min(w.text, w."row"),
                arg_min(d.day, w."row")
            FROM {finder.name}_written AS w JOIN {finder.name}_dates AS d USING (text)
            WHERE d.form <> 'none' GROUP BY w.place, d.form ORDER BY w.place, n DESC, d.form"""
    )
    return {place: [form for _, *form in forms] for place, forms in groupby(found, key=itemgetter(0))}


def _told_forms(finder: Finder, column: str, forms: Sequence[Sequence[Any]]) -> Iterator[Problem]:
    """Tell of dates that can only be read with month and day swapped, and of columns in several forms."""
    heading = finder.rules.headings[column]
    told = [*forms[1:], *(entry for entry in forms[:1] if entry[0] in ("swapped", "short", "serial"))]
    for form, n, row, example, day in told:
        values = {"n": number(n), "example": example, "day": date_text(day), "column": heading}
        what = f"dates_{form}"
        yield finder.problem(what, values, column=column, row=int(row), kind="note", remedy="dates")


def _shared_codes(finder: Finder) -> Iterator[Problem]:
    # A case that moved has a row in each unit, and no code is shared for that.
    table, known = (
        (f"{finder.name}_cases", "true")
        if finder.rules.per_case
        else (f"{finder.name}_rows", "nearest IS NULL")
    )
    # Each unit of a code once: there are few beside the rows.
    shared = finder.ask(
        f"""SELECT caseworker, string_agg(DISTINCT shown, ', ' ORDER BY shown), min(first)
            FROM (SELECT caseworker, regexp_replace(unit, '{CONTROL}', '·', 'g') AS shown, min("row") AS first
                FROM {table} WHERE unit IS NOT NULL AND {known} AND caseworker IS NOT NULL
                GROUP BY caseworker, unit)
            GROUP BY caseworker HAVING count(*) > 1 ORDER BY 3"""
    )
    for code, units, row in shared:
        values = {"value": mask(code), "units": units}
        yield finder.problem("shared_code", values, column="caseworker", row=int(row), kind="note")


def _planned_units(finder: Finder) -> Iterator[Problem]:
    """Tell where the register's units and the plan's are not the same."""
    planned: Sequence[str] = finder.rules.units
    if not planned:
        return
    there = finder.ask(
        f"""SELECT u.key, u.unit, r.first FROM {finder.name}_units AS u
            LEFT JOIN (SELECT unit, min("row") AS first FROM {finder.name}_rows GROUP BY unit) AS r
            USING (unit) WHERE u.nearest IS NULL ORDER BY u.unit"""
    )
    known = {same_name(unit): unit for unit in planned}
    for key, unit, row in there:
        if key in known:
            continue
        near = misspelt(key, known)
        what = "near_planned_unit" if near else "unplanned_unit"
        values = {"value": mask(unit), "other": known[near] if near else ""}
        yield finder.problem(what, values, column="unit", row=row and int(row), kind="note")
    for unit in planned:
        if same_name(unit) not in {key for key, _, _ in there}:
            yield finder.problem("empty_unit", {"value": unit}, column="unit", kind="note")


def _aside(finder: Finder) -> Iterator[Problem]:
    """Tell of the rows that are no cases: the headings again, and lines of totals."""
    found = finder.ask(
        f"""SELECT aside, "row", coalesce(case_id, unit) FROM {finder.name}_cells
            WHERE aside IS NOT NULL ORDER BY aside, "row" """
    )
    for reason, row, text in found:
        yield finder.problem(reason, {"value": mask(text)}, column="case_id", row=int(row), kind="note")


def _read_as_empty(finder: Finder) -> Iterator[Problem]:
    """Tell how many cells of each column hold what the settings say means nothing."""
    texts = empty_texts(finder.rules.empty)
    if not texts:
        return
    headings = finder.rules.headings
    listed = ", ".join(quoted(text) for text in texts)
    counts = ", ".join(
        f'count(*) FILTER (lower(trim("{column}", {OUTER_SPACE})) IN ({listed}))' for column in headings
    )
    (counted,) = finder.ask(f"SELECT {counts} FROM {finder.name}_suspects")
    for (column, heading), n in zip(headings.items(), counted, strict=True):
        if n:
            yield finder.problem(
                "read_as_empty", {"n": number(n), "column": heading}, column=column, kind="note"
            )
