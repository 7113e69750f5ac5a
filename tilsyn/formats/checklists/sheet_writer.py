"""Writes one case sheet: cells by row and role, what may be typed in them, and where formulas find things."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.formats.checklists.styles import ILLEGAL, Styles
from tilsyn.reviews import layout
from tilsyn.reviews.checklist import Case, Checklist
from tilsyn.reviews.formulas import text as literal

# In points, as Excel has them: together as wide as an A4 page upright between its margins, where LibreOffice
# makes them a little wider. `status` is for the screen alone.
WIDTHS: Mapping[str, float] = {
    "step": 66, "question": 44, "text": 100, "head_left": 52, "text_end": 84, "answer": 22, "start": 44,
    "end": 58, "remark": 65, "earlier": 80, "status": 300,
}  # fmt: skip
PRINTED = ("step", "question", "text", "head_left", "text_end", "answer", "start", "end", "remark")
# A spreadsheet's unit of width is a digit of its default font.
POINTS_A_UNIT = 5.25
# What programs show beside a cell; a formula that tests it must be as short.
LONGEST_PROMPT, LONGEST_TITLE = 250, 32


@dataclass(frozen=True)
class SheetContext:
    """What all case sheets of a workbook share.

    `subject` is level and period; `latest_act` the last day that an act can be of; `hverdage` the range of
    the days that limits are counted with; `earlier` whether the earlier answers are shown; `index` the index
    sheet's name. `formulas`, by question, and `rules`, by cell, are kept, for every sheet has the same.
    """

    checklist: Checklist
    subject: str
    draw_id: str
    workbook_id: str
    latest_act: date
    hverdage: str
    simulated: bool
    earlier: bool
    index: str
    cases: int
    formulas: dict[str, dict[str, str]] = field(default_factory=dict)
    rules: dict[tuple[int, str], DataValidation] = field(default_factory=dict)


def quoted(sheet: str) -> str:
    """Return a sheet's name as it stands in a formula.

    >>> quoted("2018 'A'")
    "'2018 ''A'''"
    """
    return "'" + sheet.replace("'", "''") + "'"


def link(sheet: str, cell: str, label: str) -> Hyperlink:
    """Return a link inside the workbook, with a text for those who hear the sheet."""
    told = ILLEGAL.sub("", label)[:LONGEST_PROMPT]
    return Hyperlink(ref="", location=f"{quoted(sheet)}!{cell}", tooltip=told, display=told)


def shortened(text: str, longest: int) -> str:
    """Return a text of at most so many signs.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


class SheetWriter:
    """The sheet of one case; cells are called by their row and their column's role."""

    def __init__(self, sheet: Worksheet, styles: Styles, context: SheetContext, case: Case) -> None:
        self.sheet, self.styles, self.context, self.case = sheet, styles, context, case
        roles = [role for role in layout.ROLES if role != "earlier" or context.earlier]
        self.column = {role: number for number, role in enumerate(roles, start=1)}
        self._rules: list[DataValidation] = []
        self.filled: set[tuple[int, int]] = set()

    def letter(self, role: str) -> str:
        """Return a column's letter."""
        return get_column_letter(self.column[role])

    def at(self, role: str, row: int) -> str:
        """Return a cell as formulas name it."""
        return f"${self.letter(role)}${row}"

    def put(self, row: int, role: str, value: str | date | int | None, style: str) -> None:
        """Fill a cell."""
        self.filled.add((row, self.column[role]))
        self.styles.put(self.sheet, row, self.column[role], value, style)

    def formula(self, row: int, role: str, formula: str, style: str = "helper") -> None:
        """Fill a cell with a formula."""
        self.filled.add((row, self.column[role]))
        self.styles.formula(self.sheet, row, self.column[role], formula, style)

    def across(self, row: int, first: str, last: str, style: str, rows: int = 1) -> float:
        """Make one cell of several, in a style, and return the width it has; what it says is put in after."""
        start, end = self.column[first], self.column[last]
        for number in range(row, row + rows):
            for column in range(start, end + 1):
                self.styles.put(self.sheet, number, column, None, style)
        if end > start or rows > 1:
            # Not `merge_cells`: that one rebuilds every border, which takes longer than all the rest.
            merged = f"{self.letter(first)}{row}:{self.letter(last)}{row + rows - 1}"
            self.sheet.merged_cells.ranges.add(CellRange(merged))
        return self.width(first, last)

    def along(self, row: int, first: str, last: str, style: str) -> float:
        """Style the cells that a text in the first of them runs on over, and return the width it has."""
        for column in range(self.column[first], self.column[last] + 1):
            self.styles.put(self.sheet, row, column, None, style)
        return self.width(first, last)

    def width(self, first: str, last: str) -> float:
        """Return the width from one column to another, in points."""
        start, end = self.column[first], self.column[last]
        return sum(WIDTHS[role] for role, column in self.column.items() if start <= column <= end)

    def tall(self, row: int, points: float, *, hidden: bool = False) -> None:
        """Set a row's height."""
        dimension = self.sheet.row_dimensions[row]
        dimension.height = points
        dimension.hidden = hidden

    def prompt(self, row: int, role: str, title: str, text: str) -> None:
        """Say beside a cell, when it is chosen, what belongs in it; anything may be typed."""
        self._rule(row, role, lambda: _prompt(title, text))

    def words(self, row: int, role: str, title: str, text: str, words: Sequence[str]) -> None:
        """Let a cell be one of some words in capitals, typed in either case."""
        cell = self.at(role, row).replace("$", "")
        self._rule(row, role, lambda: _one_of(words, cell, title, text))

    def choose(self, row: int, role: str, title: str, text: str, choices: Sequence[str]) -> None:
        """Let a cell be one of a list that drops down."""
        self._rule(row, role, lambda: _listed(choices, title, text))

    def _rule(self, row: int, role: str, make: Callable[[], DataValidation]) -> None:
        """Put a rule on a cell; every sheet of a workbook has the same rules."""
        rules = self.context.rules
        if (row, role) not in rules:
            rule = rules[row, role] = make()
            rule.sqref = MultiCellRange(self.at(role, row).replace("$", ""))
        self._rules.append(rules[row, role])

    def validate(self) -> None:
        """Put the rules of all cells on the sheet."""
        for rule in self._rules:
            self.sheet.add_data_validation(rule)


def _prompt(title: str, text: str) -> DataValidation:
    rule = DataValidation(allow_blank=True)
    rule.promptTitle = shortened(ILLEGAL.sub("", title), LONGEST_TITLE)
    rule.prompt = shortened(ILLEGAL.sub("", text), LONGEST_PROMPT)
    rule.showInputMessage = True
    return rule


def _one_of(words: Sequence[str], cell: str, title: str, text: str) -> DataValidation:
    rule = _prompt(title, text)
    known = "|" + "|".join(words) + "|"
    rule.type = "custom"
    rule.formula1 = f'ISNUMBER(FIND("|"&UPPER(TRIM({cell}))&"|",{literal(known)}))'
    rule.showErrorMessage, rule.errorStyle = True, "stop"
    # The letters stand first; words of either language can be typed.
    letters = itertools.takewhile(lambda word: len(word) == 1, words)
    rule.error = shortened(say("checklist.bad_answer", words=", ".join(letters)), 200)
    return rule


def _listed(choices: Sequence[str], title: str, text: str) -> DataValidation:
    rule = _prompt(title, text)
    rule.type = "list"
    rule.formula1 = f'"{",".join(choices)}"'
    return rule
