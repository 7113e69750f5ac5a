"""Asking the tables of one examination for problems, in the words and with the place of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import duckdb

from tilsyn.base.cpr import likeness, mask
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import Problem
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.row_problems import RowProblem


class Finder:
    """Asks the tables of one examination for problems, at most `listed` rows of each kind (None: all)."""

    def __init__(
        self, cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, listed: int | None
    ) -> None:
        self.cells = cells
        self.name = name
        self.rules = rules
        self.listed = listed

    def ask(self, select: str) -> list[tuple[Any, ...]]:
        return run(self.cells, select).fetchall()

    def problem(
        self,
        what: str,
        values: Mapping[str, Any],
        *,
        column: str,
        row: int | None = None,
        case_id: str | None = None,
        kind: Literal["error", "note"] = "error",
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
            column=self.rules.headings.get(column, column),
            kind=kind,
            what=what,
            case_id=mask(case_id) if named and case_id is not None else None,
        )

    def where(self, row: int) -> str:
        """Return a row in words."""
        sheet, line = self.rules.place(int(row))
        kind = "result" if self.rules.rows_are_cases else "row" if sheet is None else "sheet"
        return say(f"register.place_{kind}", row=line, sheet=sheet)

    def rows(
        self,
        what: str,
        condition: str,
        column: str,
        shown: str = "NULL",
        other: str = "NULL",
        kind: Literal["error", "note"] = "error",
        text: str = "true",
        other_row: bool = False,
        **more: str,
    ) -> Iterator[Problem]:
        """Yield a problem per row that fits `condition` over `r` (judged) and `text` over `c` (its cells).

        `shown` and `other` are SQL for `{value}` and `{other}` in the entry `register.<what>`, the latter
        perhaps another row; `more` are other values of it. Rows that are none of the list have no problems.
        """
        judged = f"FROM {self.name}_rows AS r"
        condition = f"r.aside IS NULL AND ({condition})"
        # Most conditions fit no row, and their texts need not be looked up.
        if not self.ask(f"SELECT 1 {judged} WHERE {condition} LIMIT 1"):
            return
        source = f'{judged} JOIN {self.name}_cells AS c USING ("row") WHERE {condition} AND {text}'
        limit = "" if self.listed is None else f"LIMIT {self.listed}"
        found = self.ask(
            f"""SELECT "row", c.case_id, {shown}, {other}, count(*) OVER () {source} ORDER BY "row" {limit}"""
        )
        heading = self.rules.headings.get(column, column)
        for row, case_id, value, beside, _ in found:
            values = {
                "value": mask(str(value)),
                "like": likeness(str(value)),
                "other": self.where(beside) if other_row else mask(str(beside)),
                "column": heading,
                "name": column,
            } | more
            yield self.problem(what, values, column=column, row=int(row), case_id=case_id, kind=kind)
        yield from self.rest(what, found[0][4] - len(found) if found else 0, column, kind)

    def rest(self, what: str, n: int, column: str, kind: Literal["error", "note"]) -> Iterator[RowProblem]:
        """Yield one problem for the `n` rows that are not listed, if there are any."""
        if n:
            heading = self.rules.headings.get(column, column)
            told = say("register.more", n=number(n), column=heading)
            remedy = say("register.more_remedy")
            yield RowProblem(told, remedy, column=heading, kind=kind, what=what, n=n)

    def deceptive(
        self, what: str, condition: str, column: str, kind: Literal["error", "note"]
    ) -> Iterator[Problem]:
        """Yield a problem per row whose text in a column holds what no eye sees or tells from another."""
        texts = f"FROM {self.name}_hard AS h WHERE h.tidy = c.{column} AND h.deceptive <> ''"
        if self.ask(f"SELECT 1 FROM {self.name}_hard WHERE deceptive <> '' LIMIT 1"):
            codes = f"(SELECT any_value(h.deceptive) {texts})"
            shown, there = f"c.{column}", f"EXISTS (SELECT 1 {texts})"
            yield from self.rows(what, condition, column, shown, codes, kind, there)
