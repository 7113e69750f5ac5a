"""A catalogue from a spreadsheet with one row per question: what lawyers edit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tilsyn.base.canonical import slug, visible
from tilsyn.base.language import dictionary, say
from tilsyn.base.problems import InputError, Problem
from tilsyn.base.sheets import SheetCells, Value, cell_name
from tilsyn.base.toml_tables import Fault
from tilsyn.formats.spreadsheets import read_sheets
from tilsyn.questions.answers import is_blank
from tilsyn.questions.question_set import Catalogue
from tilsyn.questions.record_tables import QUESTION_FIELDS
from tilsyn.questions.records import read
from tilsyn.reviews.cells import looks_like_total

_LIMIT = re.compile(r"(\d+)\s*(\w+)\.?", re.IGNORECASE)
_LOOKED_AT = 30


@dataclass(frozen=True)
class Imported:
    """A catalogue from a spreadsheet: its plain records, the catalogue, and notes on what was not used."""

    records: Mapping[str, Any]
    catalogue: Catalogue
    notes: tuple[Problem, ...]


@dataclass(frozen=True)
class _Table:
    sheet: SheetCells
    heading_row: int
    columns: Mapping[str, int]
    unused: tuple[tuple[int, str, str], ...]


def import_catalogue(
    path: Path,
    name: str,
    *,
    kind: str = "legal",
    acts_from: date | None = None,
    acts_until: date | None = None,
) -> Imported:
    """Read a catalogue from a spreadsheet, or tell every problem at its cell.

    It has a row per question under a row of headings, Danish or English, in any order.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        problem = Problem(say("catalogue.no_file"), say("catalogue.no_file_remedy"), file=path.name)
        raise InputError([problem]) from None
    table = _find_table(path, read_sheets(path, data))
    required = ("id", "step", "text_da", *(("law",) if kind == "legal" else ()))
    problems = [
        _problem(path, table.sheet, None, "no_heading", heading=_headings(field)[0])
        for field in required
        if field not in table.columns
    ]
    rows, read_problems, passed_over = _rows(path, table)
    problems += read_problems
    records = _records(rows, name, kind, acts_from, acts_until, table.sheet.name)
    catalogue, faults = read(records)
    problems += [_located(fault, path, table, list(rows)) for fault in faults if not _told(fault, table)]
    unused = (
        replace(_problem(path, table.sheet, (table.heading_row, column), key, heading=text), kind="note")
        for column, key, text in table.unused
    )
    notes = (*unused, *passed_over)
    if problems or catalogue is None:
        raise InputError([*problems, *notes])
    return Imported(records, catalogue, notes)


def _headings(field: str) -> list[str]:
    """The headings that mean a field, the one to write first."""
    entry = dictionary("catalogue")[f"heading_{field}"]
    return [*entry["da"].split("|"), *entry["en"].split("|"), field]


def _plain(text: str) -> str:
    return re.sub(r"[\s_.:?-]+", " ", visible(text).casefold()).strip()


_KNOWN = {_plain(text): field for field in QUESTION_FIELDS for text in _headings(field)}


def _find_table(path: Path, sheets: list[SheetCells]) -> _Table:
    """Find the row of headings: the one with the most known ones, in the first sheet that has two."""
    for sheet in sheets:
        best: _Table | None = None
        for number, row in sorted(sheet.rows().items())[:_LOOKED_AT]:
            columns: dict[str, int] = {}
            unused: list[tuple[int, str, str]] = []
            for column, value in sorted(row.items()):
                field = _KNOWN.get(_plain(str(value)))
                if field is None:
                    unused.append((column, "unknown_heading", str(value)))
                elif field in columns:
                    unused.append((column, "same_heading", str(value)))
                else:
                    columns[field] = column
            if len(columns) > (len(best.columns) if best else 1):
                best = _Table(sheet, number, columns, tuple(unused))
        if best is not None:
            return best
    found = say("catalogue.no_headings")
    known = ", ".join(_headings(field)[0] for field in ("id", "step", "text_da", "law"))
    raise InputError([Problem(found, say("catalogue.no_headings_remedy", known=known), file=path.name)])


def _problem(path: Path, sheet: SheetCells, cell: tuple[int, int] | None, key: str, **values: Any) -> Problem:
    found, remedy = say(f"catalogue.{key}", **values), say(f"catalogue.{key}_remedy", **values)
    return Problem(found, remedy, file=path.name, sheet=sheet.name, cell=cell_name(*cell) if cell else None)


def _rows(path: Path, table: _Table) -> tuple[dict[int, dict[str, str]], list[Problem], list[Problem]]:
    """Return each question's fields as text, by the sheet's row; cells that hold none; and rows of notes."""
    rows: dict[int, dict[str, str]] = {}
    notes: list[Problem] = []
    for number, row in sorted(table.sheet.rows().items()):
        texts = {field: _text(row.get(column)) for field, column in table.columns.items()}
        filled = {field: text for field, text in texts.items() if text}
        if number <= table.heading_row or not filled:
            continue
        if _is_note(filled):
            ((field, text),) = filled.items()
            place = (number, table.columns[field])
            notes.append(
                replace(_problem(path, table.sheet, place, "no_question_row", text=text), kind="note")
            )
        else:
            rows[number] = filled
    used = set(table.columns.values())
    problems = [
        _problem(path, table.sheet, (row, column), "cell_fault")
        for row, column in sorted(table.sheet.faults)
        if row > table.heading_row and column in used
    ]
    return rows, problems, notes


def _is_note(filled: Mapping[str, str]) -> bool:
    """Tell whether a row holds nothing but a remark to its readers, or a total."""
    if len(filled) > 1:
        return False
    ((field, text),) = filled.items()
    return looks_like_total(text) or (field == "id" and " " in text)


def _text(value: Value | None) -> str:
    if value is None or is_blank(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return visible(str(value)).strip()


def _records(
    rows: Mapping[int, Mapping[str, str]],
    name: str,
    kind: str,
    acts_from: date | None,
    acts_until: date | None,
    sheet: str,
) -> dict[str, Any]:
    questions: list[dict[str, Any]] = []
    steps: dict[str, str] = {}
    for fields in rows.values():
        question: dict[str, Any] = dict(fields)
        if step := fields.get("step"):
            steps.setdefault(slug(step), step[0].upper() + step[1:])
            question["step"] = slug(step)
        for field in ("comparable", "law_text"):
            if field in fields:
                question[field] = _word(field, fields[field])
        if "critical" in fields:
            question["critical"] = {"yes": True, "no": False}.get(
                _word("critical", fields["critical"]), fields["critical"]
            )
        for field in ("same_as", "register"):
            if field in fields:
                question[field] = [part.strip() for part in re.split(r"[,;]", fields[field]) if part.strip()]
        limit = fields.get("limit") or (
            fields.get("deadline_da") if {"start_da", "end_da"} <= fields.keys() else None
        )
        if limit:
            question["limit"] = _limit(limit)
            question.setdefault("deadline_da", limit)
        questions.append(question)
    return {
        "name": name,
        "version": "1.0",
        "rules": 2,
        "title_da": sheet,
        "kind": kind,
        **({"acts_from": acts_from} if acts_from else {}),
        **({"acts_until": acts_until} if acts_until else {}),
        "step": [{"id": key, "title_da": title} for key, title in steps.items()],
        "question": questions,
    }


def _word(field: str, text: str) -> str:
    """Return the catalogue's own word for what stands in a cell; the text itself when there is none."""
    entries = dictionary("catalogue")
    for key, entry in entries.items():
        if key.startswith(f"word_{field}_"):
            words = {_plain(word) for text_ in entry.values() for word in text_.split("|")}
            if _plain(text) in words:
                return key.removeprefix(f"word_{field}_").replace("_", " ")
    return text


def _limit(text: str) -> str:
    """Return `4 måneder` as `4 months`; the text itself when it is no such limit."""
    found = _LIMIT.fullmatch(text.strip())
    return f"{found[1]} {_word('limit', found[2])}" if found else text


def _told(fault: Fault, table: _Table) -> bool:
    """A missing heading is told once, not once a row."""
    section, key = fault.location[0], fault.location[-1]
    return section == "step" or (
        section == "question" and key in ("id", "step", "text_da", "law") and key not in table.columns
    )


def _located(fault: Fault, path: Path, table: _Table, rows: list[int]) -> Problem:
    place: dict[str, Any] = {"file": path.name, "sheet": table.sheet.name}
    match fault.location:
        case ("question", int(number), *field):
            column = table.columns.get(str(field[0])) if field else None
            row = rows[number]
            place |= {"row": row + 1} if column is None else {"cell": cell_name(row, column)}
    return Problem(fault.found, fault.remedy, **place)
