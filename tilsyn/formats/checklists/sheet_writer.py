"""Writes the rows of one case sheet: cells by role, wrapped heights, drop-downs and what must be a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.formats.checklists.styles import ILLEGAL, Styles, height
from tilsyn.reviews import formulas, layout
from tilsyn.reviews.checklist import Case, Checklist

WIDTHS: Mapping[str, float] = {
    "key": 2, "question": 8.5, "text": 42, "law": 21, "when": 30, "earlier": 14, "start": 16, "end": 16,
    "answer": 16.5, "remark": 34, "status": 22, "derived": 9, "skipped": 9, "effective": 9, "missing": 9,
}  # fmt: skip
HELPERS = ("derived", "skipped", "effective", "missing")
_LONGEST_PROMPT = 250


@dataclass(frozen=True)
class SheetContext:
    """What all case sheets of a workbook share.

    `subject` is level and period; `days` the first and last date that can be typed; `free_days` the range of
    the days that are no hverdage; `earlier` whether the earlier answers are shown; `index` the index sheet's
    name. `formulas` are each question's formulas by role and its longest status, made with the first sheet.
    """

    checklist: Checklist
    subject: str
    draw_id: str
    workbook_id: str
    look_back: tuple[date, date]
    days: tuple[date, date]
    free_days: str
    simulated: bool
    earlier: bool
    index: str
    formulas: dict[str, tuple[dict[str, str], str]] = field(default_factory=dict)


def quoted(sheet: str) -> str:
    """Return a sheet's name as it stands in a formula.

    >>> quoted("2018 'A'")
    "'2018 ''A'''"
    """
    return "'" + sheet.replace("'", "''") + "'"


def link(sheet: str, cell: str, label: str) -> Hyperlink:
    """Return a link inside the workbook, with a text for those who hear the sheet."""
    told = ILLEGAL.sub("", label)[:_LONGEST_PROMPT]
    return Hyperlink(ref="", location=f"{quoted(sheet)}!{cell}", tooltip=told, display=told)


class SheetWriter:
    """The sheet of one case, filled downwards: `row` is the next to write."""

    def __init__(self, sheet: Worksheet, styles: Styles, context: SheetContext, case: Case) -> None:
        self.sheet, self.styles, self.context, self.case = sheet, styles, context, case
        roles = [role for role in layout.ROLES if role != "earlier" or context.earlier]
        self.column = {role: number for number, role in enumerate(roles, start=1)}
        self.shown = [role for role in roles if role not in ("key", *HELPERS)]
        self.row = 1
        self.head_rows: dict[str, int] = {}
        self._rules: dict[tuple[str, str, date | None], list[str]] = {}

    def letter(self, role: str) -> str:
        """Return a column's letter."""
        return get_column_letter(self.column[role])

    def cell(self, role: str, row: int | None = None) -> str:
        """Return a cell as formulas name it; in the present row unless another is given."""
        return f"${self.letter(role)}{row or self.row}"

    def put(self, role: str, value: str | date | None, style: str) -> None:
        """Fill a cell of the present row."""
        self.styles.put(self.sheet, self.row, self.column[role], value, style)

    def formula(self, role: str, formula: str, style: str = "helper") -> None:
        """Fill a cell of the present row with a formula."""
        self.styles.formula(self.sheet, self.row, self.column[role], formula, style)

    def merge(self, first: str, last: str, text: str, style: str) -> float:
        """Write a text across columns and return the width it has."""
        start, end = self.column[first], self.column[last]
        for column in range(start, end + 1):
            self.styles.put(self.sheet, self.row, column, None, style)
        self.styles.put(self.sheet, self.row, start, text, style)
        if end > start:
            # Not `merge_cells`: that one rebuilds every border, which takes longer than all the rest.
            merged = f"{self.letter(first)}{self.row}:{self.letter(last)}{self.row}"
            self.sheet.merged_cells.ranges.add(CellRange(merged))
        return sum(WIDTHS[role] for role, column in self.column.items() if start <= column <= end)

    def finish(self, texts: list[tuple[str, float]], *, hidden: bool = False) -> None:
        """Make the present row as high as its texts need, and go on to the next."""
        dimension = self.sheet.row_dimensions[self.row]
        dimension.height = height(
            {n: text for n, (text, _) in enumerate(texts)}, [width for _, width in texts]
        )
        dimension.hidden = hidden
        self.row += 1

    def section(self, title: str) -> None:
        """Write the heading of a section."""
        self.put("key", layout.SECTION_KEY, "helper")
        for role in self.shown:
            self.put(role, None, "section")
        self.put("question", title, "section")
        self.sheet.row_dimensions[self.row].height = 20
        self.row += 1

    def choose(self, role: str, choices: tuple[str, ...]) -> None:
        """Let a cell of the present row be one of a list."""
        self._rules.setdefault(("list", ",".join(choices), None), []).append(self.cell(role).replace("$", ""))

    def ask_date(self, role: str, what: str = "", *, moment: bool = False, last: date | None = None) -> None:
        """Let a cell of the present row be a date, or a date with a time, not after `last`."""
        prompt = say("checklist.prompt_moment" if moment else "checklist.prompt_date")
        told = f"{what}: {prompt}" if what else prompt
        self._rules.setdefault(("date", told, last), []).append(self.cell(role).replace("$", ""))

    def validate(self) -> None:
        """Put the rules of all cells on the sheet, one per kind and text."""
        first, latest = self.context.days
        for (kind, text, last), cells in self._rules.items():
            days = (first, last or latest)
            spelt = [day.strftime("%d-%m-%Y") for day in days]
            if kind == "list":
                rule = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True)
                rule.error = say("checklist.bad_answer")
            else:
                rule = DataValidation(type="date", operator="between", allow_blank=True)
                rule.formula1, rule.formula2 = map(formulas.day, days)
                rule.error = say("checklist.bad_date", first=spelt[0], last=spelt[1])
                rule.prompt, rule.showInputMessage = text[:_LONGEST_PROMPT], True
            rule.showErrorMessage, rule.errorStyle = True, "stop"
            rule.sqref = MultiCellRange(" ".join(cells))
            self.sheet.add_data_validation(rule)
