"""Reads returned workbooks: finds case sheets, fields and questions by what they are, wherever they stand."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from tilsyn.base.language import say, spellings
from tilsyn.base.problems import Problem
from tilsyn.base.sheets import Place, SheetCells, Value, cell_name
from tilsyn.formats.checklists.beside import cases_gone, commented, hidden
from tilsyn.formats.spreadsheets import read_sheets
from tilsyn.questions.answers import heading_answer, is_blank, is_tick
from tilsyn.reviews import layout
from tilsyn.reviews.action_sheet import ACTIONS_MARK
from tilsyn.reviews.cells import Cell, RawCase, RawRow, id_text

_MARKS = {
    layout.METADATA_MARK,
    layout.INDEX_MARK,
    *layout.CASE_MARKS,
    layout.GUIDE_MARK,
    layout.FREE_DAYS_MARK,
}
_HEADINGS = spellings("checklist.column_question")
_HEAD_KEYS = frozenset(layout.HEAD_KEYS)


@dataclass(frozen=True)
class RawFile:
    """What one file holds, unread.

    `problems` are sheets that cannot be told apart, and what else is wrong with the file as a whole.
    """

    path: Path
    cases: tuple[RawCase, ...]
    problems: tuple[Problem, ...] = ()


def read_workbook(path: Path, data: bytes) -> RawFile:
    """Find the cases in a workbook; InputError when it is none that can be read."""
    sheets = read_sheets(path, data, layout.UNREAD)
    marks = {sheet.name: _mark(sheet) for sheet in sheets}
    metadata = _metadata(sheets, marks)
    cases: list[RawCase] = []
    problems: list[Problem] = []
    for sheet in sheets:
        problems += commented(path.name, sheet)
        if marks[sheet.name] in layout.CASE_MARKS:
            case = _CaseSheet(path, sheet, metadata).read(problems)
            if case is not None:
                cases.append(case)
        elif marks[sheet.name] is None and _may_be_case(sheet):
            found, remedy = say("load.lost_marks"), say("load.lost_marks_remedy")
            problems.append(Problem(found, remedy, file=path.name, sheet=sheet.name))
    if not cases and all(problem.kind == "note" for problem in problems):
        actions = any(ACTIONS_MARK in sheet.cells.values() for sheet in sheets)
        key = "load.actions_book" if actions else "load.no_cases"
        problems.append(Problem(say(key), say(f"{key}_remedy"), file=path.name))
    else:
        index = [sheet for sheet in sheets if marks[sheet.name] == layout.INDEX_MARK]
        problems += cases_gone(path.name, index, metadata, cases)
    return RawFile(path, tuple(cases), tuple(problems))


def _mark(sheet: SheetCells) -> str | None:
    """Return what a sheet says it is; the mark moves with rows and columns that people insert."""
    return next((value for value in sheet.cells.values() if isinstance(value, str) and value in _MARKS), None)


def _metadata(sheets: list[SheetCells], marks: dict[str, str | None]) -> dict[str, str]:
    """Return what the workbook says of itself, by key; without what two workbooks disagree on."""
    found: dict[str, set[str]] = {}
    for sheet in sheets:
        if marks[sheet.name] != layout.METADATA_MARK:
            continue
        for row in sheet.rows().values():
            texts = [str(row[column]).strip() for column in sorted(row)]
            if len(texts) > 1 and texts[0] in layout.METADATA_KEYS:
                found.setdefault(texts[0], set()).add(texts[1])
    return {key: next(iter(texts)) for key, texts in found.items() if len(texts) == 1}


def _may_be_case(sheet: SheetCells) -> bool:
    """Tell whether a sheet without a mark looks like a case sheet that lost it."""
    keys = [value for value in sheet.cells.values() if isinstance(value, str)]
    return keys.count(layout.QUESTION_KEY) > 2 or sum(_like_question_id(value) for value in keys) > 2


def _like_question_id(text: str) -> bool:
    head, _, number = text.strip().partition("-")
    return len(head) == 3 and head.isupper() and number.isdigit()


def _is_head_key(key: Value | None) -> bool:
    return isinstance(key, str) and (key in _HEAD_KEYS or key.startswith(layout.FACT_PREFIX))


class _CaseSheet:
    """One case sheet: its columns by role, its rows by key."""

    def __init__(self, path: Path, sheet: SheetCells, metadata: dict[str, str]) -> None:
        self.path = path
        self.sheet = sheet
        self.metadata = metadata
        self.rows = sheet.rows()
        for row, column in sheet.faults:
            self.rows.setdefault(row, {}).setdefault(column, "")
        self.faults: dict[Place, str] = {}
        self.roles: dict[str, int] = {}
        self.roles_row = -1
        self.keys: dict[int, Value] = {}

    def read(self, problems: list[Problem]) -> RawCase | None:
        """Return the sheet's case; None, with a problem, when it cannot be told which."""
        self._find_roles()
        missing = [role for role in ("key", "question", "answer", "remark") if role not in self.roles]
        if missing:
            self._tell(problems, "lost_columns", columns=", ".join(missing))
            return None
        head = self._head(problems)
        case_cell = head.get("case_id", Cell())
        case_id = id_text(case_cell.value) if not case_cell.blank else ""
        if not case_id:
            key = "id_digits" if case_id is None else "no_case_id"
            self._tell(problems, key, cell=case_cell.place or None, case=case_cell.shown)
            return None
        problems += hidden(self.path.name, self.sheet, self._answered())
        return RawCase(
            case_id=case_id,
            draw_id=self._own("draw_id", head),
            workbook=self._own("workbook_id", head),
            file=self.path.name,
            sheet=self.sheet.name,
            head=head,
            rows=tuple(self._questions()),
            simulated=self.metadata.get("simulated", "") in ("1", "ja", "yes", "true", "True"),
            case_cell=case_cell,
        )

    def _tell(self, problems: list[Problem], key: str, cell: str | None = None, **values: str) -> None:
        found, remedy = say(f"load.{key}", **values), say(f"load.{key}_remedy", **values)
        problems.append(Problem(found, remedy, file=self.path.name, sheet=self.sheet.name, cell=cell))

    def _find_roles(self) -> None:
        """Find the row that says what each column is; keys stand in the column of its first word.

        What is struck out where people write is a fault as any other.
        """
        for number, row in self.rows.items():
            key_column = next((c for c in sorted(row) if row[c] == layout.COLUMNS_KEY), None)
            if key_column is not None:
                self.roles_row = number
                self.roles = {str(v): c for c, v in row.items() if v in layout.KNOWN_ROLES}
                self.roles["key"] = key_column
                self.keys = {n: r[key_column] for n, r in self.rows.items() if r.get(key_column, "") != ""}
                break
        written = self._input_columns()
        self.faults = {place: "struck" for place in self.sheet.struck if place[1] in written}
        self.faults |= self.sheet.faults

    def _input_columns(self) -> list[int]:
        return [column for role, column in self.roles.items() if role in layout.INPUT_ROLES]

    def _cell(self, row: int, role: str) -> Cell:
        column = self.roles.get(role)
        if column is None:
            return Cell()
        value = self.rows[row].get(column)
        fault = self.faults.get((row, column), "")
        return Cell(None if is_blank(value) else value, cell_name(row, column), fault)

    def _own(self, key: str, head: dict[str, Cell]) -> str:
        """Return what the sheet says of itself, else what its workbook says."""
        cell = head.get(key, Cell())
        return self.metadata.get(key, "") if cell.blank else str(cell.value).strip()

    def _head(self, problems: list[Problem]) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for number, key, role in self._head_fields():
            if key == "look_back":
                dates = [self._cell(number, role) for role in ("start", "end")]
                texts = [str(cell.value) for cell in dates if not cell.blank and not cell.fault]
                found[key] = Cell(" – ".join(texts) or None, dates[0].place)
                continue
            here = self._cell(number, role)
            first = found.setdefault(key, here)
            if first.blank:
                found[key] = here
            elif not here.blank and here.value != first.value:
                self._tell(problems, "row_twice", here.place, name=key)
        return found

    def _head_fields(self) -> Iterator[tuple[int, str, str]]:
        """Return each field's row and key, and the role of the column with its value."""
        left = "head_left" if "head_left" in self.roles else "answer"
        for number, key in self.keys.items():
            if _is_head_key(key):
                yield number, str(key), left
        right = self.roles.get("key_right")
        for number, row in self.rows.items():
            if right is not None and _is_head_key(row.get(right)):
                yield number, str(row[right]), "remark"

    def _answered(self) -> list[Place]:
        """Return where a question has an answer, a date or a remark."""
        columns = self._input_columns()
        return [
            (number, column)
            for number, key in self.keys.items()
            for column in columns
            if key == layout.QUESTION_KEY and not is_blank(self.rows[number].get(column))
        ]

    def _questions(self) -> Iterator[RawRow]:
        ticks = self._tick_columns()
        ours = {column for role, column in self.roles.items() if role not in ("remark", "status")}
        for number, row in self.rows.items():
            key = self.keys.get(number)
            asked = key == layout.QUESTION_KEY or self._loose(number, key)
            if number == self.roles_row or not asked:
                continue
            ticked = tuple(
                (answer, Cell(row.get(column), cell_name(number, column)))
                for column, answer in ticks.items()
                if is_tick(row.get(column))
            )
            given = {role: self._cell(number, role) for role in layout.INPUT_ROLES}
            yield RawRow(
                self._cell(number, "question"), ticks=ticked, astray=self._astray(number, ours), **given
            )

    def _astray(self, number: int, ours: Container[int]) -> tuple[Cell, ...]:
        """Return the cells of a row that hold just an answer where none belongs."""
        return tuple(
            Cell(value, cell_name(number, column))
            for column, value in self.rows[number].items()
            if column not in ours and heading_answer(value) is not None
        )

    def _loose(self, number: int, key: Value | None) -> bool:
        """Tell whether a row that is no question's holds an answer all the same: added, or sorted apart."""
        question = self.rows[number].get(self.roles["question"])
        if number < self.roles_row or question in _HEADINGS or _is_head_key(key):
            return False
        if key is None and isinstance(question, str) and not is_blank(question):
            return True
        return any(not self._cell(number, role).blank for role in ("answer", "start", "end"))

    def _tick_columns(self) -> dict[int, str]:
        """Return people's own columns headed by an answer, where they tick instead of writing."""
        asked = (number for number, key in self.keys.items() if key == layout.QUESTION_KEY)
        first = min(asked, default=self.roles_row)
        own = {}
        for number in sorted(n for n in self.rows if n < first):
            for column, value in self.rows[number].items():
                answer = heading_answer(value) if column not in self.roles.values() else None
                if answer is not None:
                    own[column] = answer
        return own
