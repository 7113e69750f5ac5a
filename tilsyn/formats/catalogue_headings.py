"""Where a lawyer's spreadsheet has what: the sheets with questions, their headings, and their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tilsyn.base.canonical import visible
from tilsyn.base.language import dictionary, say
from tilsyn.base.problems import InputError, Problem, UsageError
from tilsyn.base.sheets import SheetCells, cell_name
from tilsyn.questions.record_tables import QUESTION_FIELDS

CASE_TYPES = "case_types"
_LAW = "law"
_FIELDS = (*QUESTION_FIELDS, CASE_TYPES)
_LOOKED_AT = 30
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class LawColumn:
    """A column of paragraphs, and the law it is about; "" where the sheet is about one law."""

    name: str
    heading: str
    column: int


@dataclass(frozen=True)
class QuestionTable:
    """A sheet with questions, and which column has which field."""

    sheet: SheetCells
    heading_row: int
    columns: Mapping[str, int]
    laws: tuple[LawColumn, ...]
    unused: tuple[tuple[int, str, str], ...] = ()

    def problem(self, path: Path, place: tuple[int, int] | None, key: str, **values: Any) -> Problem:
        """Return a problem of a cell, or of the sheet."""
        found, remedy = say(f"catalogue.{key}", **values), say(f"catalogue.{key}_remedy", **values)
        cell = cell_name(*place) if place else None
        return Problem(found, remedy, file=path.name, sheet=self.sheet.name, cell=cell)

    def has(self, field: str) -> bool:
        return bool(self.laws) if field == _LAW else field in self.columns

    def names(self) -> frozenset[str]:
        """The laws that have a column of their own."""
        return frozenset(law.name for law in self.laws if law.name)


@dataclass(frozen=True)
class Headings:
    """Which heading means which field: those that somebody named, the usual ones, and the laws' titles."""

    named: Mapping[str, str]
    titles: Mapping[str, str]

    @classmethod
    def of(cls, pairs: Iterable[str], titles: Mapping[str, str]) -> Headings:
        """Read pairs such as `question=Spørgsmål`; `titles` are known laws by their names."""
        named: dict[str, str] = {}
        for pair in pairs:
            field, _, heading = pair.partition("=")
            known = _field(field)
            if known is None or not heading.strip():
                fields = ", ".join(("id", "step", "question", "law", "law.NAME", "case-types", "guidance"))
                found = say("catalogue.bad_map", value=pair)
                raise UsageError(found, say("catalogue.bad_map_remedy", known=fields))
            named[plain(heading)] = known
        return cls(named, {plain(title): f"{_LAW}.{name}" for name, title in titles.items()})

    @cached_property
    def taken(self) -> frozenset[str]:
        """The fields whose heading somebody named; no other heading means them."""
        return frozenset(field.partition(".")[0] for field in self.named.values())

    def field(self, text: str) -> str | None:
        """Return the field that a heading means."""
        shown = plain(text)
        if (named := self.named.get(shown)) is not None:
            return named
        usual = self.titles.get(shown) or _KNOWN.get(shown)
        return None if usual is None or usual.partition(".")[0] in self.taken else usual


def headings(field: str) -> list[str]:
    """Return the headings that mean a field, the one to write first."""
    entry = dictionary("catalogue")[f"heading_{field}"]
    return [*entry["da"].split("|"), *entry["en"].split("|"), field]


def plain(text: str) -> str:
    """Return a heading as headings are compared: its case, marks and line breaks do not matter."""
    return re.sub(r"[\s_.:?§*-]+", " ", visible(text).casefold()).strip()


_KNOWN = {plain(text): field for field in _FIELDS for text in headings(field)}


def _field(text: str) -> str | None:
    """Return the field that the left side of a pair names."""
    before, _, law = text.strip().partition(".")
    if before.casefold() == _LAW and law:
        return f"{_LAW}.{law}" if _NAME.fullmatch(law) else None
    return _KNOWN.get(plain(text))


def find_tables(
    path: Path, sheets: Sequence[SheetCells], known: Headings
) -> tuple[list[QuestionTable], list[Problem]]:
    """Return the sheets with questions, and notes on those without; told where none has any."""
    found = {sheet.name: table for sheet in sheets if (table := _best(sheet, known)) is not None}
    if not found:
        listed = ", ".join(headings(field)[0] for field in ("id", "step", "text_da", _LAW))
        remedy = say("catalogue.no_headings_remedy", known=listed)
        raise InputError([Problem(say("catalogue.no_headings"), remedy, file=path.name)])
    first = next(iter(found.values()))
    asked = [table for table in found.values() if table.has("text_da") and table.has(_LAW) == first.has(_LAW)]
    tables = asked if first in asked else [first]
    used = {table.sheet.name for table in tables}
    notes = [
        replace(QuestionTable(sheet, 0, {}, ()).problem(path, None, "sheet_without_questions"), kind="note")
        for sheet in sheets
        if sheet.name not in used and sheet.cells
    ]
    missing = [
        heading
        for heading, field in known.named.items()
        if not any(_uses(table, heading, known) for table in tables)
    ]
    if missing:
        there = [text for table in tables for text in _texts(table.sheet, table.heading_row)]
        values = {"known": ", ".join(dict.fromkeys(there))}
        raise InputError(
            first.problem(path, None, "mapped_heading_missing", heading=heading, **values)
            for heading in missing
        )
    return tables, notes


def _uses(table: QuestionTable, heading: str, known: Headings) -> bool:
    rows = (table.heading_row - 1, table.heading_row)
    return any(plain(text) == heading for row in rows for text in _texts(table.sheet, row))


def _texts(sheet: SheetCells, row: int) -> list[str]:
    return [" ".join(str(value).split()) for value in sheet.rows().get(row, {}).values()]


def _best(sheet: SheetCells, known: Headings) -> QuestionTable | None:
    """Return the table whose row of headings, one line or two, has the most known ones, and at least two."""
    best: QuestionTable | None = None
    rows = sheet.rows()
    for number in sorted(rows)[:_LOOKED_AT]:
        row = {column: str(value) for column, value in rows[number].items()}
        lower = {column: str(value) for column, value in rows.get(number + 1, {}).items()}
        tables = [_table(sheet, number, row, known)]
        # A heading over several columns has what each of them is about in the line below.
        if lower and all(known.field(text) for text in lower.values()):
            tables.append(_table(sheet, number + 1, {**row, **lower}, known))
        for table in tables:
            if _size(table) > (_size(best) if best else 1):
                best = table
    return best


def _size(table: QuestionTable) -> int:
    return len(table.columns) + len(table.laws)


def _table(sheet: SheetCells, number: int, row: Mapping[int, str], known: Headings) -> QuestionTable:
    columns: dict[str, int] = {}
    laws: list[LawColumn] = []
    unused: list[tuple[int, str, str]] = []
    named = any((known.field(text) or "").startswith(f"{_LAW}.") for text in row.values())
    for column, text in sorted(row.items()):
        heading = " ".join(text.split())
        field, _, law = (known.field(text) or "").partition(".")
        if not field:
            unused.append((column, "unknown_heading", heading))
        elif field == _LAW and (bool(law) == named) and (law or plain(text) in known.named or not laws):
            laws.append(LawColumn(law, heading, column))
        elif field == _LAW or field in columns:
            unused.append((column, "same_heading", heading))
        else:
            columns[field] = column
    return QuestionTable(sheet, number, columns, tuple(laws), tuple(unused))
