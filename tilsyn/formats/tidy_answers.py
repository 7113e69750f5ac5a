"""Reads tidy files: CSV with a row per case and question, as Excel, other systems and people write it."""

from __future__ import annotations

from pathlib import Path

from tilsyn.base.canonical import visible
from tilsyn.base.cpr import mask
from tilsyn.base.language import say, spellings
from tilsyn.base.problems import Problem
from tilsyn.formats.checklists.reader import RawFile
from tilsyn.formats.csv_rows import Row, read_rows
from tilsyn.questions.answers import is_blank
from tilsyn.reviews.cells import Cell, RawCase, RawRow, id_text, looks_like_total
from tilsyn.reviews.layout import FACT_PREFIX

TIDY_SUFFIXES = (".csv", ".txt", ".tsv")
_REQUIRED = ("case_id", "question", "answer")
_HEAD = ("act_date", "reviewer", "reviewed_on", "akut", "criticism", "note", "act_event")
_COLUMNS = (*_REQUIRED, "remark", "start", "end", "reason", "draw_id", *_HEAD)


def read_tidy(path: Path) -> RawFile:
    """Find the cases in a tidy file; each row that cannot be placed is a problem.

    Its headings are `case_id`, `question`, `answer` and, where known, `remark`, `reviewer`, `reviewed_on`,
    `act_date`, `start`, `end`, `reason`, `akut`, `criticism`, `note`, `act_event`, `draw_id`,
    `fact:<name>`, or their Danish names, in any order.
    """
    aliases = {
        word: name
        for name in _COLUMNS
        for words in spellings(f"load.tidy_{name}")
        for word in words.split("|")
    }
    columns, rows, problems = read_rows(path, _REQUIRED, aliases)
    for heading in columns:
        if heading and heading not in _COLUMNS and not heading.startswith(FACT_PREFIX):
            found, remedy = say("load.heading_unknown", heading=heading), say("load.heading_unknown_remedy")
            problems.append(Problem(found, remedy, file=path.name, column=heading, kind="note"))
    cases: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        case_id = id_text(row["case_id"]) or ""
        if looks_like_total(case_id):
            problems.append(_told(path, row, "total_row", "note", text=Cell(case_id).shown))
        elif is_blank(case_id):
            problems.append(_told(path, row, "row_without_case"))
        else:
            cases.setdefault((visible(row["draw_id"]).strip(), case_id), []).append(row)
    raw = [_case(path, *key, listed, problems) for key, listed in cases.items()]
    return RawFile(path, tuple(raw), tuple(problems))


def _told(path: Path, row: Row, key: str, kind: str = "error", **values: str) -> Problem:
    found, remedy = say(f"load.{key}", **values), say(f"load.{key}_remedy")
    return Problem(found, remedy, file=path.name, row=row.number, kind="note" if kind == "note" else "error")


def _case(path: Path, draw_id: str, case_id: str, rows: list[Row], problems: list[Problem]) -> RawCase:
    """Return a case; a field of its head that its rows disagree on is a problem."""

    def cell(row: Row, name: str) -> Cell:
        return Cell(row[name] or None, str(row.number))

    head: dict[str, Cell] = {}
    for row in rows:
        for name in row.cells:
            here = cell(row, name)
            if (name not in _HEAD and not name.startswith(FACT_PREFIX)) or here.blank:
                continue
            first = head.setdefault(name, here)
            if first.value != here.value:
                told = {"case": case_id, "name": name, "other": first.place}
                problems.append(_told(path, row, "head_differs", **told))
    listed = tuple(
        RawRow(
            question=cell(row, "question"),
            answer=cell(row, "answer"),
            remark=cell(row, "remark"),
            reason=cell(row, "reason"),
            start=cell(row, "start"),
            end=cell(row, "end"),
        )
        for row in rows
    )
    workbook = f"tidy:{mask(path.stem)}"
    return RawCase(
        case_id, draw_id, workbook, path.name, head=head, rows=listed, case_cell=cell(rows[0], "case_id")
    )
