"""Reading a list of complaints: a register of its own, row by row, and everything that is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from tilsyn.base.canonical import canonical_id, deceptive, has_forbidden, same_name
from tilsyn.base.cpr import looks_like_cpr, mask
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.problems import InputError, Problem
from tilsyn.formats.registers.heading_words import COMPLAINT_WORDS
from tilsyn.formats.registers.opening import read_register
from tilsyn.formats.registers.recognised_register import read_headings
from tilsyn.formats.registers.recognition import worded
from tilsyn.formats.registers.table import RegisterTable
from tilsyn.sampling.complaints import Complaint
from tilsyn.sampling.frame_dates import read_dates
from tilsyn.sampling.frame_odd import OLDEST, WRAPPED, empty_texts
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.row_problems import RowProblem, grouped
from tilsyn.settings.complaints import COMPLAINT_DATES, ComplaintColumn
from tilsyn.settings.schema import Register, Settings

NEEDED_COLUMNS = ("case_id", "received", "answered")
Told = Literal["error", "note"]
# A row's number, its tidy texts, and its days.
Row = tuple[int, dict[str, str], dict[str, date | None]]


@dataclass
class ComplaintList:
    """A list that was read, our columns to its `headings`, and what is wrong in it.

    A row with an error is none of the complaints.
    """

    name: str
    sha256: str
    headings: Mapping[str, str]
    sheets: tuple[str, ...] = ()
    complaints: list[Complaint] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)

    def without_errors(self) -> Sequence[Complaint]:
        """Return the complaints; `InputError` with all that is wrong where any row must be corrected."""
        if any(problem.kind == "error" for problem in self.problems):
            raise InputError(grouped(self.problems))
        return self.complaints

    def problem(
        self, row: int, what: str, column: str, values: Mapping[str, str], kind: Told = "error"
    ) -> RowProblem:
        """Return a problem in the words of `complaints.<what>`, in its place."""
        sheet, line = self._place(row)
        return RowProblem(
            say(f"complaints.{what}", **values),
            say(f"complaints.{what}_remedy"),
            file=self.name,
            sheet=sheet,
            row=line,
            column=self.headings[column],
            kind=kind,
            what=what,
        )

    def where(self, one: Complaint) -> str:
        """Return a complaint's row in words."""
        sheet, line = self._place(one.row)
        return say(f"register.place_{'row' if sheet is None else 'sheet'}", row=line, sheet=sheet)

    def _place(self, row: int) -> tuple[str | None, int | None]:
        return FrameRules(headings={}, dates=(), today=OLDEST, sheets=self.sheets).place(row)


def read_complaints(settings: Settings, path: Path, today: date) -> ComplaintList:
    """Read a list of complaints, whose dates and empty cells are written as in the register."""
    if not path.exists():
        found = say("complaints.no_file", path=path.name)
        raise InputError([Problem(found, say("complaints.no_file_remedy"), file=path.name)])
    columns = _columns(settings.complaints.columns, path)
    table = read_register(Register(columns=columns), path, or_empty=True)
    complaints = ComplaintList(path.name, str(table.origin.sha256), columns, table.sheets)
    numbers = () if table.origin.kind == "csv" else table.number_columns
    reader = _Reader(complaints, settings.privacy.not_cpr, numbers, today)
    for row in _rows(table, columns, settings.register):
        reader.read(*row)
    return complaints


def _columns(given: Mapping[ComplaintColumn, str], path: Path) -> dict[str, str]:
    """Return our columns to the list's headings: those given, and those recognised among the others."""
    headings = read_headings(path)
    there, used = ({same_name(heading) for heading in some} for some in (headings, given.values()))
    free = [heading for heading in headings if same_name(heading) not in used]
    words = {column: known for column, known in COMPLAINT_WORDS.items() if column not in given}
    columns = {str(column): heading for column, heading in given.items()} | worded(free, words)
    strange = [heading for heading in given.values() if same_name(heading) not in there]
    lacking = [say("complaints.heading_missing", heading=mask(heading)) for heading in strange]
    lacking += [say("complaints.no_column", column=name) for name in NEEDED_COLUMNS if name not in columns]
    if lacking:
        remedy = say("complaints.columns_remedy", there=", ".join(map(mask, headings)))
        raise InputError(Problem(found, remedy, file=path.name) for found in lacking)
    return columns


def _rows(table: RegisterTable, columns: Mapping[str, str], register: Register) -> Iterator[Row]:
    """Yield the rows of a list; each different text of a date is read once."""
    dates = [column for column in columns if column in COMPLAINT_DATES]
    read_dates(table.relation, "complaint", dates, register.date_order == "month_first")
    days = dict(table.connection.execute("SELECT text, day FROM complaint_dates").fetchall())
    empty = set(empty_texts(register.empty))
    wanted = ", ".join(f'"{column}"' for column in columns)
    for row, *cells in table.relation.order('"row"').project(f'"row", {wanted}').fetchall():
        texts = {column: _tidy(cell, empty) for column, cell in zip(columns, cells, strict=True)}
        yield int(row), texts, {column: days.get(texts[column]) for column in dates}


def _tidy(cell: str | None, empty: set[str]) -> str:
    """Return what a cell means, without marks of text; an empty text where it means nothing."""
    text = canonical_id(re.sub(WRAPPED, lambda m: m[1] or m[2] or "", canonical_id(cell or "")))
    return "" if same_name(text) in empty else text


@dataclass
class _Reader:
    """The rows of one list, one after the other."""

    found: ComplaintList
    not_cpr: Sequence[str]
    number_columns: Sequence[str]
    today: date
    # The first complaint of each case, day and kind.
    seen: dict[tuple[str, date, str], Complaint] = field(default_factory=dict)

    def read(self, row: int, texts: dict[str, str], days: dict[str, date | None]) -> None:
        """Add a row to the complaints, or tell why it is none."""
        if not any(texts.values()):
            return
        faults = [*self._unreadable(texts, days), *self._impossible(days)]
        for what, column in faults:
            values = {"value": mask(texts[column]), "today": date_text(self.today)}
            self.found.problems.append(self.found.problem(row, what, column, values))
        received = days["received"]
        if not faults and received is not None:
            self._add(
                Complaint(
                    row=row,
                    case_id=texts["case_id"],
                    received=received,
                    acknowledged=days.get("acknowledged"),
                    answered=days["answered"],
                    kind=texts.get("kind", ""),
                    outcome=texts.get("outcome", ""),
                )
            )

    def _unreadable(self, texts: dict[str, str], days: dict[str, date | None]) -> Iterator[tuple[str, str]]:
        for column, text in texts.items():
            if column not in self.not_cpr and looks_like_cpr(text, column in self.number_columns):
                yield "cpr", column
        if not texts["case_id"]:
            yield "no_case", "case_id"
        elif has_forbidden(texts["case_id"]) or deceptive(texts["case_id"]):
            yield "bad_case", "case_id"
        if not texts["received"]:
            yield "no_received", "received"
        for column, day in days.items():
            if texts[column] and (day is None or day < OLDEST):
                yield "not_a_date", column

    def _impossible(self, days: dict[str, date | None]) -> Iterator[tuple[str, str]]:
        received = days["received"]
        for column, day in days.items():
            if day is None:
                continue
            if day > self.today:
                yield "in_future", column
            elif received is not None and day < received:
                yield f"{column}_first", column

    def _add(self, one: Complaint) -> None:
        """Add a complaint that is new; one that was there is told, and whether it says something else."""
        first = self.seen.setdefault((one.case_id, one.received, same_name(one.kind)), one)
        if first is one:
            self.found.complaints.append(one)
            return
        now, before = ((c.acknowledged, c.answered, same_name(c.outcome)) for c in (one, first))
        values = {"value": mask(one.case_id), "other": self.found.where(first)}
        if now == before:
            told = self.found.problem(one.row, "twice", "case_id", values, "note")
        else:
            told = self.found.problem(one.row, "contradictory", "case_id", values)
        self.found.problems.append(told)
