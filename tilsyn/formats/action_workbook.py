"""A workbook of actions: who does what by when, and what was learnt, filled in by the units."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import language, say
from tilsyn.base.numbers import date_text
from tilsyn.formats.checklists.case_sheet import print_from, set_page
from tilsyn.formats.checklists.saving import checklist_bytes
from tilsyn.formats.checklists.sheet_writer import LONGEST_PROMPT, LONGEST_TITLE, shortened
from tilsyn.formats.checklists.styles import DATE_FORMAT, Styles
from tilsyn.reviews import layout
from tilsyn.reviews.action_sheet import (
    ACTIONS_MARK,
    HEADINGS_KEY,
    LOCKED,
    METADATA_KEYS,
    ROLES,
    WORKBOOK,
)
from tilsyn.reviews.actions import FIELDS, Action

_WIDTHS = {
    "action_id": 16, "question": 11, "text": 30, "case_id": 14, "unit": 14, "found": 8, "what": 30,
    "cause": 15, "deadline": 11, "role": 16, "done_on": 11, "learnt": 30, "learning_on": 11,
    "discussed_on": 11,
}  # fmt: skip
# A hidden row that says what the columns are, then the headings, then an action a row.
_COLUMNS, _HEADINGS, _FIRST = 4, 5, 6
# Where on the metadata sheet the words that drop down stand.
_LISTS = ("D", "E")
# In points: room for three lines.
_ROW = 42.0


@dataclass(frozen=True)
class ActionBook:
    """What a workbook of actions holds beside them.

    `texts` are the questions in short, by id; `words` those that drop down, by field and code.
    """

    title: str
    organisation: str
    send_to: str
    workbook_id: str
    made_on: date
    anchor: str
    texts: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    known: Collection[str]


def action_bytes(book: ActionBook, actions: Sequence[Action]) -> bytes:
    """Return the workbook as .xlsx."""
    workbook = Workbook()
    styles = Styles(workbook)
    sheet = workbook.worksheets[0]
    sheet.title = say("followup.sheet")
    metadata = workbook.create_sheet(layout.METADATA_SHEET)
    _write_metadata(metadata, styles, book)
    _Actions(sheet, styles, book).write(actions)
    properties = workbook.properties
    properties.title, properties.creator = book.title, book.organisation
    properties.identifier = book.workbook_id
    return checklist_bytes(workbook, {book.anchor, *book.known})


class _Actions:
    """The sheet, written from the top."""

    def __init__(self, sheet: Worksheet, styles: Styles, book: ActionBook) -> None:
        self.sheet, self.styles, self.book = sheet, styles, book
        self.column = {role: number for number, role in enumerate(ROLES, start=2)}

    def write(self, actions: Sequence[Action]) -> None:
        """Write all of it."""
        self._head()
        for row, action in enumerate(actions, start=_FIRST):
            self._row(row, action)
        self._rules(_FIRST, _FIRST + len(actions) - 1)
        foot = _FIRST + len(actions) + 1
        self._put(foot, "action_id", say("followup.anchor", anchor=self.book.anchor), "subtitle")
        self._page(foot)

    def _put(self, row: int, role: str, value: str | date | None, style: str) -> Any:
        return self.styles.put(self.sheet, row, self.column[role], value, style)

    def _head(self) -> None:
        book = self.book
        self.styles.put(self.sheet, 1, 1, ACTIONS_MARK, "helper")
        self._put(1, "action_id", book.title, "title")
        where = say("checklist.index_send", where=book.send_to) if book.send_to else ""
        told = f"{book.organisation} · {date_text(book.made_on)}. {where}"
        self._put(2, "action_id", told.strip(), "subtitle")
        self._put(3, "action_id", say("followup.how"), "subtitle")
        self.styles.put(self.sheet, _COLUMNS, 1, layout.COLUMNS_KEY, "helper")
        self.styles.put(self.sheet, _HEADINGS, 1, HEADINGS_KEY, "helper")
        for role in ROLES:
            self._put(_COLUMNS, role, role, "helper")
            self._put(_HEADINGS, role, say(f"followup.col_{role}"), "heading")

    def _row(self, row: int, action: Action) -> None:
        self.styles.put(self.sheet, row, 1, action.action_id, "helper")
        locked = vars(action) | {
            "text": self.book.texts.get(action.question, ""),
            "unit": action.unit or say("followup.all_units"),
            "found": say("followup.of_cases", wrong=action.wrong, relevant=action.relevant),
        }
        self.sheet.row_dimensions[row].height = _ROW
        for role in LOCKED:
            self._put(row, role, str(locked[role]), "text")
        for role in FIELDS:
            value = getattr(action, role)
            shown = self.book.words.get(role, {}).get(value, value)
            cell = self._put(row, role, shown, "case_input")
            if role.endswith("_on") or role == "deadline":
                # The styles of a workbook are shared: this cell gets one of its own.
                cell._style = copy(cell._style)
                cell.number_format = DATE_FORMAT

    def _rules(self, first: int, last: int) -> None:
        """Say beside each cell to fill in what belongs in it; causes and roles drop down."""
        lists = dict(zip(self.book.words, _LISTS, strict=True))
        for role in FIELDS:
            rule = DataValidation(allow_blank=True, showInputMessage=True)
            rule.promptTitle = shortened(say(f"followup.col_{role}"), LONGEST_TITLE)
            rule.prompt = shortened(say(f"followup.hint_{role}"), LONGEST_PROMPT)
            if letter := lists.get(role):
                rule.type = "list"
                n = len(self.book.words[role])
                rule.formula1 = f"'{layout.METADATA_SHEET}'!${letter}$1:${letter}${n}"
                rule.showErrorMessage, rule.errorStyle = True, "stop"
                rule.error = shortened(say("followup.choose"), 200)
            place = get_column_letter(self.column[role])
            rule.add(f"{place}{first}:{place}{last}")
            self.sheet.add_data_validation(rule)

    def _page(self, last: int) -> None:
        sheet = self.sheet
        sheet.column_dimensions["A"].hidden = True
        for role, number in self.column.items():
            sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[role]
        sheet.row_dimensions[1].height, sheet.row_dimensions[_HEADINGS].height = 27, 30
        sheet.row_dimensions[_COLUMNS].hidden = True
        sheet.freeze_panes = f"C{_FIRST}"
        set_page(sheet)
        print_from(sheet, f"B1:{get_column_letter(len(ROLES) + 1)}{last}", f"{_HEADINGS}:{_HEADINGS}")


def _write_metadata(sheet: Worksheet, styles: Styles, book: ActionBook) -> None:
    """Write what the workbook says of itself, and beside it the lists that drop down."""
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
    styles.put(sheet, 1, 1, layout.METADATA_MARK, "helper")
    values = {
        "schema": WORKBOOK,
        "workbook_id": book.workbook_id,
        "anchor": book.anchor,
        "organisation": book.organisation,
        "made_on": book.made_on.isoformat(),
        "language": language(),
    }
    for row, key in enumerate(METADATA_KEYS, start=2):
        styles.put(sheet, row, 1, key, "helper")
        styles.put(sheet, row, 2, values[key], "helper")
    for letter, words in zip(_LISTS, book.words.values(), strict=True):
        for row, word in enumerate(words.values(), start=1):
            styles.put(sheet, row, column_index_from_string(letter), word, "helper")
