"""Catalogues from a spreadsheet with one row per question: what lawyers edit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tilsyn.base.canonical import slug
from tilsyn.base.language import dictionary, say
from tilsyn.base.problems import InputError, Problem, UsageError
from tilsyn.base.sheets import cell_name
from tilsyn.base.toml_tables import Fault, told
from tilsyn.formats.catalogue_headings import (
    CASE_TYPES,
    Headings,
    LawColumn,
    QuestionTable,
    find_tables,
    headings,
    plain,
)
from tilsyn.formats.catalogue_rows import QuestionRow, Rows, ids, read_rows
from tilsyn.formats.csv_rows import csv_sheet
from tilsyn.formats.spreadsheets import read_sheets
from tilsyn.questions.question import Regime
from tilsyn.questions.question_set import Catalogue
from tilsyn.questions.records import read

_LIMIT = re.compile(r"(\d+)\s*(\w+)\.?", re.IGNORECASE)
_NO_LAW = re.compile(r"[-–—/.]+|ingen|ikke relevant|n/?a|none", re.IGNORECASE)
_EVERY = ("", "alle", "alle sager", "alle sagstyper", "all", "all cases", "-", "–")
_CASE_TYPE = "sagstype"
_OTHER = "anden"


@dataclass(frozen=True)
class ImportedCatalogue:
    """One catalogue of a spreadsheet, and its plain records."""

    records: Mapping[str, Any]
    catalogue: Catalogue


@dataclass(frozen=True)
class Imported:
    """The catalogues of a spreadsheet, one for each law, and notes on what was not used."""

    made: tuple[ImportedCatalogue, ...]
    notes: tuple[Problem, ...]


@dataclass(frozen=True)
class WantedCatalogue:
    """What a spreadsheet is read as: the catalogue's name, kind and days, and which heading is what."""

    name: str
    kind: str = "legal"
    acts_from: date | None = None
    acts_until: date | None = None
    headings: tuple[str, ...] = ()


def import_catalogue(path: Path, wanted: WantedCatalogue, laws: Sequence[Regime] = ()) -> Imported:
    """Read catalogues from a spreadsheet, or tell every problem at its cell.

    It has a row per question under a row of headings, Danish or English, in any order.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        problem = Problem(say("catalogue.no_file"), say("catalogue.no_file_remedy"), file=path.name)
        raise InputError([problem]) from None
    known = Headings.of(wanted.headings, {law.name: law.title_da for law in laws})
    if path.suffix.lower() in (".csv", ".txt"):
        sheets = [csv_sheet(path, data, [headings(field)[0] for field in ("id", "step", "text_da", "law")])]
    else:
        sheets = read_sheets(path, data)
    tables, notes = find_tables(path, sheets, known)
    rows = read_rows(path, tables)
    absent = _absent(tables, rows, wanted.kind)
    problems = [_no_heading(path, tables[0], field) for field in absent] + rows.problems
    notes += [
        replace(table.problem(path, (table.heading_row, column), key, heading=text), kind="note")
        for table in tables
        for column, key, text in table.unused
    ]
    names = sorted(frozenset().union(*(table.names() for table in tables)))
    if len(names) > 1 and (wanted.acts_from or wanted.acts_until):
        raise UsageError(say("catalogue.days_of_laws"), say("catalogue.days_of_laws_remedy"))
    given, numbered = ids(rows.questions)
    notes += rows.notes
    if numbered:
        told_ids = say("catalogue.ids_made", first=given[0]), say("catalogue.ids_made_remedy")
        notes.append(Problem(*told_ids, file=path.name, kind="note"))
    case_types = _case_types(rows.questions)
    made: list[ImportedCatalogue] = []
    for law in names or [""]:
        asked = [
            (row, name)
            for row, name in zip(rows.questions, given, strict=True)
            if not law or _paragraph(row, law)
        ]
        regime = next((one for one in laws if one.name == law), None)
        called = wanted.name if len(names) < 2 else f"{wanted.name}-{law}"
        records = _records(asked, law, replace(wanted, name=called), regime, case_types)
        catalogue, faults = read(records)
        problems += [
            _located(fault, path, [row for row, _ in asked]) for fault in faults if not _told(fault, absent)
        ]
        if catalogue is not None:
            made.append(ImportedCatalogue(records, catalogue))
    for row in rows.questions:
        if names and not any(_paragraph(row, law) for law in names):
            problems.append(_without_law(path, row))
    if problems or len(made) < max(len(names), 1):
        # A question of two laws has its fault in both.
        raise InputError([*dict.fromkeys(problems), *notes])
    return Imported(tuple(made), tuple(notes))


def _absent(tables: Sequence[QuestionTable], rows: Rows, kind: str) -> list[str]:
    """Return the fields that no column has, and that nothing else of the sheet gives."""
    needed = ["text_da", *(["law"] if kind == "legal" else [])]
    if not rows.themes and len(tables) == 1:
        needed.insert(0, "step")
    return [field for field in needed if not all(table.has(field) for table in tables)]


# What a heading is named by on the command line.
_MAPPED = {"text_da": "question"}


def _no_heading(path: Path, table: QuestionTable, field: str) -> Problem:
    return table.problem(
        path, None, "no_heading", field=_MAPPED.get(field, field), heading=headings(field)[0]
    )


def _without_law(path: Path, row: QuestionRow) -> Problem:
    found, remedy = told("catalogue.missing", field="law")
    return Problem(found, remedy, file=path.name, sheet=row.table.sheet.name, row=row.row + 1)


def _paragraph(row: QuestionRow, law: str = "") -> str:
    """Return a question's paragraph in a law, with the law's name where the cell has only the number."""
    columns = [column for column in row.table.laws if column.name == law]
    return "; ".join(text for column in columns if (text := _cited(row, column, alone=len(columns) == 1)))


def _cited(row: QuestionRow, column: LawColumn, *, alone: bool) -> str:
    text = " ".join(row.laws.get(column.column, "").split())
    if _NO_LAW.fullmatch(text):
        return ""
    return f"{column.heading} {text}" if text.startswith("§") and (column.name or not alone) else text


def _records(
    asked: Sequence[tuple[QuestionRow, str]],
    law: str,
    wanted: WantedCatalogue,
    known: Regime | None,
    case_types: Mapping[str, str],
) -> dict[str, Any]:
    steps = {slug(row.step): row.step for row, _ in reversed(asked) if row.step}
    order = dict.fromkeys(slug(row.step) for row, _ in asked if row.step)
    first, last = (known.first, known.last) if known else (wanted.acts_from, wanted.acts_until)
    # One choice for all laws of a sheet, for the head of a case asks it once.
    of_some = any(_of_case_types(row) for row, _ in asked)
    title = asked[0][0].table.sheet.name if asked else wanted.name
    return {
        "name": wanted.name,
        "version": "1.0",
        "rules": 2,
        "title_da": known.title_da if known else title,
        "title_en": known.title_en if known else "",
        "kind": wanted.kind,
        **({"acts_from": first} if first else {}),
        **({"acts_until": last} if last else {}),
        "step": [{"id": key, "title_da": steps[key]} for key in order],
        **({"fact": [_fact(case_types)]} if of_some else {}),
        "question": [_question(row, name, law, wanted.kind) for row, name in asked],
    }


def _question(row: QuestionRow, name: str, law: str, kind: str) -> dict[str, Any]:
    fields = {
        field: " ".join(text.split())
        for field, text in row.fields.items()
        if field not in (CASE_TYPES, "step")
    }
    question: dict[str, Any] = {**fields, "id": name}
    if row.step:
        question["step"] = slug(row.step)
    if kind == "legal":
        question["law"] = _paragraph(row, law)
    for field in ("comparable", "law_text"):
        if field in fields:
            question[field] = _word(field, fields[field])
    if "critical" in fields:
        word = _word("critical", fields["critical"])
        question["critical"] = {"yes": True, "no": False}.get(word, fields["critical"])
    for field in ("same_as", "register", "lawful_reasons"):
        if field in fields:
            question[field] = _parts(fields[field])
    for field in ("valid_from", "valid_to"):
        with suppress(KeyError, ValueError):
            question[field] = date.fromisoformat(fields[field])
    limit = fields.get("limit") or (
        fields.get("deadline_da") if {"start_da", "end_da"} <= fields.keys() else None
    )
    if limit:
        question["limit"] = _limit(limit)
        question.setdefault("deadline_da", limit)
    if listed := _of_case_types(row):
        term = f"{_CASE_TYPE} in ({', '.join(map(_code, listed))})"
        either = re.split(r"\s+or\s+", fields["condition"]) if "condition" in fields else []
        question["condition"] = " or ".join(f"{one} and {term}" for one in either) or term
        question.setdefault("applies_when_da", f"{_CASE_TYPE}: {', '.join(listed)}")
    return question


def _of_case_types(row: QuestionRow) -> list[str]:
    """Return the case types that a question is for; none is every one."""
    text = row.fields.get(CASE_TYPES, "")
    return [] if plain(text) in map(plain, _EVERY) else _parts(text)


def _case_types(rows: Sequence[QuestionRow]) -> dict[str, str]:
    """Return the case types of all questions by their codes, as they are first written."""
    found: dict[str, str] = {}
    for row in rows:
        for text in _of_case_types(row):
            found.setdefault(_code(text), text)
    return found


def _code(text: str) -> str:
    return slug(text).replace("-", "_")


def _fact(case_types: Mapping[str, str]) -> dict[str, Any]:
    """Return the fact of the case head that tells the case type, proposed by the register."""
    texts = dictionary("catalogue")["case_type_asked"]
    other = {} if _OTHER in case_types else {_OTHER: dictionary("catalogue")["case_type_other"]["da"]}
    return {
        "id": _CASE_TYPE,
        "text_da": texts["da"],
        "text_en": texts["en"],
        "kind": "choice",
        "choices": [f"{code} = {text}" for code, text in {**case_types, **other}.items()],
        "register": ["case_type"],
        "proposals": [f"{code} when case_type = {text}" for code, text in case_types.items()],
    }


def _parts(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"[,;\n]", text) if part.strip()]


def _word(field: str, text: str) -> str:
    """Return the catalogue's own word for what stands in a cell; the text itself when there is none."""
    entries = dictionary("catalogue")
    for key, entry in entries.items():
        if key.startswith(f"word_{field}_"):
            words = {plain(word) for text_ in entry.values() for word in text_.split("|")}
            if plain(text) in words:
                return key.removeprefix(f"word_{field}_").replace("_", " ")
    return text


def _limit(text: str) -> str:
    """Return `4 måneder` as `4 months`; the text itself when it is no such limit."""
    found = _LIMIT.fullmatch(text.strip())
    return f"{found[1]} {_word('limit', found[2])}" if found else text


def _told(fault: Fault, absent: Sequence[str]) -> bool:
    """A missing heading is told once, not once a row."""
    section, key = fault.location[0], fault.location[-1]
    return section == "step" or (section == "question" and key in absent)


def _located(fault: Fault, path: Path, rows: Sequence[QuestionRow]) -> Problem:
    place: dict[str, Any] = {"file": path.name}
    match fault.location:
        case ("question", int(number), *field):
            row = rows[number]
            table = row.table
            laws = [column.column for column in table.laws]
            found = {**table.columns, **({"law": laws[0]} if laws else {})}
            column = found.get(str(field[0])) if field else None
            where = {"row": row.row + 1} if column is None else {"cell": cell_name(row.row, column)}
            place |= {"sheet": table.sheet.name, **where}
    return Problem(fault.found, fault.remedy, **place)
