"""The rows of a lawyer's spreadsheet: questions, the theme each stands under, and what is neither."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tilsyn.base.canonical import slug, visible
from tilsyn.base.problems import Problem
from tilsyn.base.sheets import Value
from tilsyn.formats.catalogue_headings import QuestionTable, plain
from tilsyn.questions.answers import is_blank
from tilsyn.reviews.cells import looks_like_total

# What a column of numbers holds: 1, 1.2, 2a, IV and B), with or without what ends it.
_NUMBERING = re.compile(r"(\d+([.,-]\d+)*[a-zA-Z]?|[IVX]+|[A-Za-zÆØÅæøå])[.):]*")
_NUMBER = re.compile(r"\d+([.,-]\d+)*[a-zA-Z]?[.):]*")
_BEFORE_A_THEME = re.compile(r"(?:\d+(?:\.\d+)*[.):]|[IVX]+[.):]|[A-Z][.):])\s*")
_NOTE = re.compile(r"(note|noter|nb|obs|bemærk|remark|kilde|source)\b|\*", re.IGNORECASE)
_LETTERS = 3


@dataclass(frozen=True)
class QuestionRow:
    """A row with a question: where it stands, its cells by field, and the paragraph in each law's column."""

    table: QuestionTable
    row: int
    fields: Mapping[str, str]
    laws: Mapping[int, str]
    step: str


@dataclass
class Rows:
    """What was found in the rows of all sheets."""

    path: Path
    questions: list[QuestionRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    themes: bool = False

    def add(
        self, table: QuestionTable, place: tuple[int, int], key: str, *, note: bool = False, **values: Any
    ) -> None:
        """Tell what a cell is, or is not."""
        problem = table.problem(self.path, place, key, **values)
        if note:
            self.notes.append(replace(problem, kind="note"))
        else:
            self.problems.append(problem)


def read_rows(path: Path, tables: Sequence[QuestionTable]) -> Rows:
    """Read the rows of the sheets, from the headings down."""
    found = Rows(path)
    for table in tables:
        _read(table, found, table.sheet.name if len(tables) > 1 else "")
        used = {*table.columns.values(), *(law.column for law in table.laws)}
        for row, column in sorted(table.sheet.faults):
            if row > table.heading_row and column in used:
                found.add(table, (row, column), "cell_fault")
        for row, column in sorted(table.sheet.struck):
            if row > table.heading_row and column == table.columns.get("text_da"):
                found.add(table, (row, column), "struck_cell")
    return found


def _read(table: QuestionTable, found: Rows, step: str) -> None:
    theme: tuple[tuple[int, int], str] | None = None
    for row, cells in sorted(table.sheet.rows().items()):
        texts = {column: text for column, value in sorted(cells.items()) if (text := cell_text(value))}
        fields = {name: texts[column] for name, column in table.columns.items() if column in texts}
        laws = {law.column: texts[law.column] for law in table.laws if law.column in texts}
        if row <= table.heading_row or not texts or _repeats(table, fields):
            continue
        kind, place, text = _kind(table, row, texts, known=bool(fields or laws))
        if kind == "question":
            step, theme = fields.get("step", step), None
            found.questions.append(QuestionRow(table, row, fields, laws, title(step)))
        elif kind == "theme":
            if theme is not None:
                found.add(table, theme[0], "no_question_row", note=True, text=theme[1])
            step, theme, found.themes = text, (place, text), True
        else:
            found.add(table, place, kind, note=kind == "no_question_row", text=text)
    if theme is not None:
        found.add(table, theme[0], "no_question_row", note=True, text=theme[1])


def _repeats(table: QuestionTable, fields: Mapping[str, str]) -> bool:
    """Tell whether a row is the headings once more, as at the head of a printed page."""
    above = [
        {plain(str(value)) for value in table.sheet.rows().get(row, {}).values()}
        for row in (table.heading_row - 1, table.heading_row)
    ]
    return len(fields) > 1 and any({plain(text) for text in fields.values()} <= texts for texts in above)


def _kind(
    table: QuestionTable, row: int, texts: Mapping[int, str], *, known: bool
) -> tuple[str, tuple[int, int], str]:
    """Return what a row is: a question, a theme, or the dictionary's entry for what it is else."""
    worded = {column: text for column, text in texts.items() if not _NUMBERING.fullmatch(text)}
    column, text = next(iter((worded or texts).items()))
    place = (row, column)
    if len(worded) == 1 and (looks_like_total(text) or _NOTE.match(text)):
        return "no_question_row", place, text
    if len(texts) > 1 and not known:
        return "no_question_row", place, text
    if len(worded) != 1:
        return "question", place, text
    asks, alone = text.endswith("?"), len(texts) == 1
    if asks and alone:
        return "lonely_question", place, text
    if "step" not in table.columns or column == table.columns["step"]:
        return ("question" if asks else "theme"), place, text
    if alone and column == table.columns.get("id") and " " in text:
        return "no_question_row", place, text
    return "question", place, text


def title(theme: str) -> str:
    """Return a theme's title without its number.

    >>> title("2. inddragelse"), title("2 års opfølgning")
    ('Inddragelse', '2 års opfølgning')
    """
    text = _BEFORE_A_THEME.sub("", theme, count=1).strip(" :") or theme
    return text[:1].upper() + text[1:]


def ids(questions: Sequence[QuestionRow]) -> tuple[list[str], bool]:
    """Return each question's id, and whether ids were made: where a sheet has only numbers, or none."""
    prefixes: dict[str, str] = {}
    counted: dict[str, int] = {}
    given: list[str] = []
    made = False
    for question in questions:
        text = question.fields.get("id", "")
        if "id" in question.table.columns and not _NUMBER.fullmatch(text):
            given.append(text)
            continue
        step = slug(question.step or "x")
        prefix = prefixes.setdefault(step, _prefix(step, list(prefixes.values())))
        counted[step] = counted.get(step, 0) + 1
        number = re.sub(r"[.,]", "-", text.rstrip(".):")) or f"{counted[step]:02d}"
        given.append(f"{prefix}-{number}")
        made = True
    return given, made


def _prefix(step: str, taken: Sequence[str]) -> str:
    """Return the first letters of a step, as many as tell it from the others."""
    letters = re.sub(r"[^a-z]", "", step).upper() or "X"
    for length in range(_LETTERS, len(letters)):
        if letters[:length] not in taken:
            return letters[:length]
    return letters if letters not in taken else f"{letters}{len(taken)}"


def cell_text(value: Value | None) -> str:
    """Return what a cell says, on one line."""
    if value is None or is_blank(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return visible(str(value)).strip()
