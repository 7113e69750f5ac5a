"""Asking the tables of one examination for problems, in the words and with the place of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import duckdb

from tilsyn.base.cpr import likeness, mask
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import Problem
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.row_problems import RowProblem

# As many texts of a column are shown as examples.
EXAMPLES = 10


@dataclass(frozen=True)
class Sought:
    """A problem to look for, in rows that fit `condition` over `r` (judged) and `text` over `c` (cells).

    `shown` and `other` are SQL for `{value}` and `{other}` in the entry `register.<what>`, the latter perhaps
    another row; `examples` the condition over `d` of the dates that are listed as `{texts}`.
    """

    what: str
    condition: str
    column: str
    shown: str = "NULL"
    other: str = "NULL"
    kind: Literal["error", "note"] = "error"
    text: str = "true"
    other_row: bool = False
    examples: str = ""


class Finder:
    """Asks the tables of one examination for problems, at most `listed` rows of each kind (None: all)."""

    def __init__(
        self, tables: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, listed: int | None
    ) -> None:
        self.tables = tables
        self.name = name
        self.rules = rules
        self.listed = listed

    def ask(self, select: str) -> list[tuple[Any, ...]]:
        return run(self.tables, select).fetchall()

    def problem(
        self,
        what: str,
        values: Mapping[str, Any],
        *,
        column: str,
        kind: Literal["error", "note"],
        row: int | None = None,
        case_id: str | None = None,
        remedy: str | None = None,
    ) -> RowProblem:
        """Return a problem in the words of `register.<what>`, in its place."""
        sheet, line = self.rules.place(row)
        named = self.rules.rows_are_cases and case_id is not None
        return RowProblem(
            say(f"register.{what}", **values),
            say(f"register.{remedy or what}_remedy", **values),
            sheet=sheet,
            row=None if named else line,
            column=self.rules.headings[column],
            kind=kind,
            what=what,
            case_id=mask(case_id) if named and case_id is not None else None,
        )

    def where(self, row: int) -> str:
        """Return a row in words."""
        sheet, line = self.rules.place(int(row))
        kind = "result" if self.rules.rows_are_cases else "row" if sheet is None else "sheet"
        return say(f"register.place_{kind}", row=line, sheet=sheet)

    def find(self, steps: Iterable[Sought | Problem]) -> Iterator[Problem]:
        """Yield the problems in their order: those that are told, and of those sought each row's.

        Rows that are none of the list have no problems.
        """
        listed = list(steps)
        # Most fit no row, which one look at the rows tells of them all.
        looks = ", ".join(f"bool_or({step.condition})" for step in listed if isinstance(step, Sought))
        (there,) = self.ask(f"SELECT {looks} FROM {self.name}_rows AS r WHERE r.aside IS NULL")
        fits = iter(there)
        for step in listed:
            if not isinstance(step, Sought):
                yield step
            elif next(fits):
                yield from self._rows(step)

    def _rows(self, sought: Sought) -> Iterator[RowProblem]:
        what, column, kind = sought.what, sought.column, sought.kind
        limit = "" if self.listed is None else f"LIMIT {self.listed}"
        found = self.ask(
            f"""SELECT "row", c.case_id, {sought.shown}, {sought.other}, count(*) OVER ()
                FROM {self.name}_rows AS r JOIN {self.name}_cells AS c USING ("row")
                WHERE r.aside IS NULL AND ({sought.condition}) AND {sought.text} ORDER BY "row" {limit}"""
        )
        heading = self.rules.headings[column]
        more = {"texts": self._texts(column, sought.examples)} if sought.examples else {}
        for row, case_id, value, beside, _ in found:
            values = {
                "value": mask(str(value)),
                "like": likeness(str(value)),
                "other": self.where(beside) if sought.other_row else mask(str(beside)),
                "column": heading,
                "name": column,
            } | more
            yield self.problem(what, values, column=column, row=int(row), case_id=case_id, kind=kind)
        yield from self.rest(what, found[0][4] - len(found) if found else 0, column, kind)

    def _texts(self, column: str, condition: str) -> str:
        """Return the commonest texts of a date column that fit a condition, as a list for the settings."""
        found = self.ask(
            f"""SELECT w.text FROM {self.name}_written AS w JOIN {self.name}_dates AS d USING (text)
                WHERE w.place = {self.rules.dates.index(column)} AND {condition}
                ORDER BY w.n DESC, w.text LIMIT {EXAMPLES}"""
        )
        return ", ".join(f'"{mask(text)}"' for (text,) in found)

    def rest(self, what: str, n: int, column: str, kind: Literal["error", "note"]) -> Iterator[RowProblem]:
        """Yield one problem for the `n` rows that are not listed, if there are any."""
        if n:
            heading = self.rules.headings[column]
            told = say("register.more", n=number(n), column=heading)
            remedy = say("register.more_remedy")
            yield RowProblem(told, remedy, column=heading, kind=kind, what=what, n=n)

    def deceptive(self, what: str, condition: str, column: str, kind: Literal["error", "note"]) -> Sought:
        """Return what to look for: a text in a column that holds what no eye sees or tells from another."""
        texts = f"FROM {self.name}_hard AS h WHERE h.tidy = c.{column} AND h.deceptive <> ''"
        any_at_all = f"EXISTS (SELECT 1 FROM {self.name}_hard WHERE deceptive <> '')"
        codes, there = f"(SELECT any_value(h.deceptive) {texts})", f"EXISTS (SELECT 1 {texts})"
        return Sought(what, f"{condition} AND {any_at_all}", column, f"c.{column}", codes, kind, there)
