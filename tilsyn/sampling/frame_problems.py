"""Everything that is wrong in a register's rows, said with its row, its column and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import duckdb

from tilsyn.base.canonical import same_name
from tilsyn.base.cpr import NUMBER_PATTERN, PATTERN, mask
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import Problem
from tilsyn.base.spelling import misspelt
from tilsyn.sampling.frame_cells import BAD_CHARACTER, CONTROL, quoted, run
from tilsyn.sampling.frame_rules import FrameRules

# A whole column can be wrong; so many rows of one kind are listed, and the rest counted.
LISTED = 1000
# Pairs of dates that can hardly come in this order; a closed case that was opened later is an error instead.
ODD_ORDERS = (("opened", "decided"), ("opened", "last_activity"), ("decided", "closed"))


class _Finder:
    """Asks the tables of one examination for problems."""

    def __init__(self, cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules) -> None:
        self.cells = cells
        self.name = name
        self.rules = rules

    def ask(self, select: str) -> list[tuple[Any, ...]]:
        return run(self.cells, select).fetchall()

    def rows(
        self,
        what: str,
        condition: str,
        column: str,
        shown: str = "NULL",
        other: str = "NULL",
        kind: Literal["error", "note"] = "error",
        text: str = "true",
    ) -> Iterator[Problem]:
        """Yield a problem per row that fits `condition` over `r` (judged) and `text` over `c` (its cells).

        `shown` and `other` are SQL for `{value}` and `{other}` in the entry `register.<what>`.
        """
        judged = f"FROM {self.name}_rows AS r"
        # Most conditions fit no row, and their texts need not be looked up.
        if not self.ask(f"SELECT 1 {judged} WHERE {condition} LIMIT 1"):
            return
        source = f'{judged} JOIN {self.name}_cells AS c USING ("row") WHERE {condition} AND {text}'
        found = self.ask(
            f'SELECT "row", {shown}, {other}, count(*) OVER () {source} ORDER BY "row" LIMIT {LISTED}'
        )
        heading = self.rules.headings.get(column, column)
        for row, value, beside, _ in found:
            values = {
                "value": mask(str(value)),
                "other": mask(str(beside)),
                "column": heading,
                "name": column,
            }
            remedy = say(f"register.{what}_remedy", **values)
            yield Problem(say(f"register.{what}", **values), remedy, row=int(row), column=heading, kind=kind)
        if found and found[0][3] > LISTED:
            rest = number(found[0][3] - LISTED)
            remedy = say("register.more_remedy")
            yield Problem(say("register.more", n=rest, column=heading), remedy, column=heading, kind=kind)

    def deceptive(
        self, what: str, condition: str, column: str, kind: Literal["error", "note"]
    ) -> Iterator[Problem]:
        """Yield a problem per row whose text in a column holds what no eye sees or tells from another."""
        texts = f"FROM {self.name}_hard AS h WHERE h.tidy = c.{column} AND h.deceptive <> ''"
        if self.ask(f"SELECT 1 FROM {self.name}_hard WHERE deceptive <> '' LIMIT 1"):
            codes = f"(SELECT any_value(h.deceptive) {texts})"
            shown, there = f"c.{column}", f"EXISTS (SELECT 1 {texts})"
            yield from self.rows(what, condition, column, shown, codes, kind, there)


def find(cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, level: int | None) -> list[Problem]:
    """Return all problems of an examined register, errors first, each group by row.

    `name` is what the tables of the examination begin with. At level 1 an empty caseworker is an error.
    """
    finder = _Finder(cells, name, rules)
    return ordered([*_errors(finder, level), *_notes(finder, level)])


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems with the errors first, each group by row."""
    return sorted(
        problems, key=lambda problem: (problem.kind != "error", problem.row is None, problem.row or 0)
    )


def _errors(finder: _Finder, level: int | None) -> Iterator[Problem]:
    rules = finder.rules
    columns = tuple(rules.headings)
    yield from finder.rows("missing_id", "r.case_id IS NULL", "case_id")
    for column in ("case_id", "unit", "caseworker"):
        if column in columns:
            bad = f"regexp_matches(c.{column}, '{BAD_CHARACTER}')"
            # A control character would change the terminal that shows it.
            shown = f"regexp_replace(c.{column}, '{CONTROL}', '·', 'g')"
            yield from finder.rows("bad_character", "r.bad", column, shown=shown, text=bad)
    if rules.id_rules > 1:
        yield from finder.deceptive("deceptive_id", "r.bad", "case_id", "error")
    for column in columns:
        if column in rules.not_cpr:
            continue
        known = f'c."{column}" IN (SELECT tidy FROM {finder.name}_hard WHERE cpr)'
        found = f"({known} OR regexp_matches(c.\"{column}\", '{PATTERN}'))"
        if column in rules.number_columns:
            known = f'c."{column}" IN (SELECT tidy FROM {finder.name}_hard WHERE number)'
            found = f"({found} OR {known} OR regexp_matches(c.\"{column}\", '{NUMBER_PATTERN}'))"
        yield from finder.rows("cpr", "r.cpr", column, shown=f'c."{column}"', text=found)
    yield from finder.rows("missing_unit", "r.unit IS NULL", "unit")
    yield from finder.rows(
        "misspelt_unit", "r.nearest IS NOT NULL", "unit", shown="c.unit", other="r.nearest"
    )
    if level == 1 and "caseworker" in columns:
        yield from finder.rows("missing_caseworker", "r.caseworker IS NULL", "caseworker")
    for column in rules.dates:
        wrong, there = f'r.no_date AND r."{column}" IS NULL', f'c."{column}" IS NOT NULL'
        yield from finder.rows("not_a_date", wrong, column, shown=f'c."{column}"', text=there)
    if {"opened", "closed"} <= set(rules.dates):
        late = "r.closed < r.opened"
        yield from finder.rows("closed_before_opened", late, "closed", "r.closed", "r.opened")
    yield from _contradictions(finder)


def _contradictions(finder: _Finder) -> Iterator[Problem]:
    """Tell every row of an id whose rows differ, each with the headings of what differs among them."""
    differing = " || ".join(
        f"(SELECT CASE WHEN count(DISTINCT coalesce(CAST(o.\"{column}\" AS VARCHAR), '')) > 1 "
        f"THEN {quoted(', ' + heading)} ELSE '' END "
        f"FROM {finder.name}_rows AS o WHERE o.differ AND o.case_id = r.case_id)"
        for column, heading in finder.rules.headings.items()
        if column != "case_id"
    )
    other = f"substr({differing}, 3)"
    yield from finder.rows("contradictory_duplicate", "r.differ", "case_id", shown="c.case_id", other=other)


def _notes(finder: _Finder, level: int | None) -> Iterator[Problem]:
    rules = finder.rules
    dates = set(rules.dates)
    same, respelt = "r.reason = 'duplicate'", "r.respelt AND r.nearest IS NULL"
    yield from finder.rows("duplicate", same, "case_id", "c.case_id", "r.first_row", "note")
    for column in ("unit", "caseworker"):
        if column in rules.headings:
            yield from finder.deceptive("deceptive_name", "true", column, "note")
    yield from finder.rows("respelt_unit", respelt, "unit", "c.unit", "r.unit", "note")
    for first, second in ODD_ORDERS:
        if {first, second} <= dates:
            odd, what = f"r.{second} < r.{first}", f"{second}_before_{first}"
            yield from finder.rows(what, odd, second, f"r.{second}", f"r.{first}", "note")
    last = rules.as_of or rules.today
    for column in rules.dates:
        # The year 9999 is how some registers say "not yet".
        late = f'r."{column}" > DATE \'{last}\' AND year(r."{column}") < 2200'
        yield from finder.rows("future_date", late, column, f'r."{column}"', f"'{last}'", "note")
        yield from _date_forms(finder, column)
    if "caseworker" in rules.headings:
        if level != 1:
            yield from finder.rows("no_caseworker", "r.caseworker IS NULL", "caseworker", kind="note")
        yield from _shared_codes(finder)
    yield from _planned_units(finder)


def _date_forms(finder: _Finder, column: str) -> Iterator[Problem]:
    """Tell of dates that can only be read with month and day swapped, and of columns in several forms."""
    heading = finder.rules.headings[column]
    place = finder.rules.dates.index(column)
    forms = finder.ask(
        f"""SELECT d.form, sum(w.n)::BIGINT AS n, min(w."row"), arg_min(w.text, w."row")
            FROM {finder.name}_written AS w JOIN {finder.name}_dates AS d USING (text)
            WHERE w.place = {place} AND d.form <> 'none' GROUP BY d.form ORDER BY n DESC, d.form"""
    )
    for form, n, row, example in forms[1:] + [
        entry for entry in forms[:1] if entry[0] in ("swapped", "short")
    ]:
        key = f"register.dates_{form}"
        found = say(key, n=number(n), example=example, column=heading)
        yield Problem(found, say("register.dates_remedy"), row=int(row), column=heading, kind="note")


def _shared_codes(finder: _Finder) -> Iterator[Problem]:
    heading = finder.rules.headings["caseworker"]
    # A case that moved has a row in each unit, and no code is shared for that.
    table, known = (
        (f"{finder.name}_cases", "true")
        if finder.rules.per_case
        else (f"{finder.name}_rows", "nearest IS NULL")
    )
    shared = finder.ask(
        f"""SELECT caseworker, string_agg(DISTINCT unit, ', ' ORDER BY unit), min("row")
            FROM {table} WHERE unit IS NOT NULL AND {known} AND caseworker IS NOT NULL
            GROUP BY caseworker HAVING count(DISTINCT unit) > 1 ORDER BY 3"""
    )
    for code, units, row in shared:
        found = say("register.shared_code", value=mask(code), units=units)
        yield Problem(found, say("register.shared_code_remedy"), row=int(row), column=heading, kind="note")


def _planned_units(finder: _Finder) -> Iterator[Problem]:
    """Tell where the register's units and the plan's are not the same."""
    planned: Sequence[str] = finder.rules.units
    if not planned:
        return
    heading = finder.rules.headings["unit"]
    there = finder.ask(
        f"""SELECT u.key, u.unit, (SELECT min(r."row") FROM {finder.name}_rows AS r WHERE r.unit = u.unit)
            FROM {finder.name}_units AS u WHERE u.nearest IS NULL ORDER BY u.unit"""
    )
    known = {same_name(unit): unit for unit in planned}
    for key, unit, row in there:
        if key in known:
            continue
        near = misspelt(key, known)
        what = "register.near_planned_unit" if near else "register.unplanned_unit"
        values = {"value": mask(unit), "other": known[near] if near else ""}
        found, remedy = (say(text, **values) for text in (what, f"{what}_remedy"))
        yield Problem(found, remedy, row=row and int(row), column=heading, kind="note")
    for unit in planned:
        if same_name(unit) not in {key for key, _, _ in there}:
            found = say("register.empty_unit", value=unit)
            yield Problem(found, say("register.empty_unit_remedy", value=unit), column=heading, kind="note")
