"""A council that works in English: no command, workbook or file of it has a word of Danish left."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.command_line import CommandLine
from tests.test_structure import DANISH

PRACTICE = """
name = "practice"
version = "1.0"
rules = 2
title_da = "Practice standards"
[[step]]
id = "visits"
title_da = "Visits"
[[date]]
id = "referral"
text_da = "Referral received"
[[date]]
id = "visit"
text_da = "First visit"
[[question]]
id = "V-1"
step = "visits"
text_da = "Was the child seen within five working days?"
kind = "legal"
law = "Children Act 1989, section 47"
law_text = "seen"
limit = "5 weekdays from referral to visit"
critical = true
[[question]]
id = "V-2"
step = "visits"
text_da = "Was the assessment written down?"
kind = "legal"
law = "Working Together 2023"
law_text = "seen"
"""
QUALITY = """
name = "quality"
version = "1.0"
rules = 2
title_da = "Quality"
kind = "grade"
[[step]]
id = "voice"
title_da = "Voice"
[[question]]
id = "Q-1"
step = "voice"
text_da = "How well were the parents heard?"
"""
REGISTER = "Case Reference;Team;Social Worker;Date Opened;Date Closed;Case Type\n" + "".join(
    f"NS-{n};{'North' if n % 2 else 'South'};AB{n % 2};0{n % 9 + 1}/04/2026;;{'Plan' if n % 4 else 'Care'}\n"
    for n in range(1, 25)
)


def sheets(path: Path) -> Iterator[str]:
    """Yield what a reader sees of a workbook: texts, titles, headers, footers and prompts."""
    book = load_workbook(path)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        yield sheet.title
        hidden = {
            n
            for columns in sheet.column_dimensions.values()
            if columns.hidden
            for n in range(columns.min, columns.max + 1)
        }
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value[:1] != "=" and cell.column not in hidden:
                    yield cell.value
        for rule in sheet.data_validations.dataValidation:
            yield from filter(None, (rule.prompt, rule.promptTitle, rule.error, rule.errorTitle))
            if (rule.formula1 or "").startswith('"'):
                yield rule.formula1
        for edge in (sheet.oddHeader, sheet.oddFooter):
            yield from (part.text for part in (edge.left, edge.center, edge.right) if part.text)


def danish(folder: Path) -> list[tuple[str, str]]:
    """Return every line with a word of Danish in the files that people read."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".xlsx":
            lines = [line for text in sheets(path) for line in text.splitlines()]
        elif path.suffix in (".csv", ".txt"):
            lines = path.read_text("utf-8-sig").splitlines()
        else:
            continue
        found += [(name, line) for line in lines if DANISH.search(line)]
    return found


# Of the register's own dates, and of a question.
LIMIT = """
[[deadline]]
name = "Closed in time"
from = "opened"
to = "closed"
limit = "6 weekdays"
question = "V-1"
"""


def set_up(tilsyn: CommandLine) -> None:
    """Make the workspace of an invented council, its questions its own."""
    tilsyn.today = "2026-07-20"
    tilsyn.write("cases-2026-Q2.csv", REGISTER)
    named = "--name 'Northshire Council' --slug northshire --baseline 2026-Q1"
    made = tilsyn(f"init --lang en --register cases-2026-Q2.csv {named}")
    assert not DANISH.search(made.out)
    path = tilsyn.root / "tilsyn.toml"
    text = path.read_text("utf-8")
    for old, new in (
        ('["serviceloven", "barnets-lov"]', '["practice", "quality"]'),
        ('# country = "DK"', 'country = "GB"\nsubdivision = "ENG"'),
        ("per_unit = 20", "per_unit = 2"),
        ("[[replacement_reason]]", f"{LIMIT}\n[[replacement_reason]]"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    # Catalogues and published figures of Denmark.
    for file in (tilsyn.root / "checklists").iterdir():
        file.unlink()
    tilsyn.write("checklists/practice.toml", PRACTICE)
    tilsyn.write("checklists/quality.toml", QUALITY)


def fill(tilsyn: CommandLine, answers: tuple[str, str, str]) -> None:
    for path in sorted((tilsyn.root / "checklists/2026-Q2/level-2").glob("*.xlsx")):
        book = load_workbook(path)
        for sheet in case_sheets(book):
            sheet.put("reviewed_on", "14/7-26")
            sheet.put("reviewer", "reviewer 1")
            sheet.put("act_date", "12/5-26")
            for question, word in zip(("V-1", "V-2", "Q-1"), answers, strict=True):
                sheet.put(question, word)
        book.save(path)


def workbook_and_list_are_of_the_country_and_the_language(root: Path) -> None:
    guide = "\n".join(sheets(root / "checklists/2026-Q2/level-2/north.xlsx"))
    assert "Y = yes" in guide
    assert "J = " not in guide
    assert "Sundays and public holidays (United Kingdom, ENG) do not count, nor do Saturdays." in guide
    text = (root / "samples/2026-Q2/level-2/sample.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["Drawn as"] for row in rows} == {"sample", "reserve"}
    assert all(row["Opened"].startswith("2026-04-0") for row in rows)


def test_no_command_and_no_file_has_a_word_of_danish(tilsyn: CommandLine) -> None:
    set_up(tilsyn)
    told = []

    def said(line: str, code: int = 0) -> str:
        ended = tilsyn(line, code=code)
        told.extend((line, shown) for shown in (ended.out + ended.err).splitlines())
        return ended.out

    said("check --period 2026-Q2")
    said("plan")
    said("draw 2 --period 2026-Q2")
    said("checklists 2 --period 2026-Q2")
    workbook_and_list_are_of_the_country_and_the_language(tilsyn.root)
    fill(tilsyn, ("maybe", "Y", "H"))
    said("load", code=3)
    assert danish(tilsyn.root) == []
    fill(tilsyn, ("y", "J", "H"))
    said("load")
    said("status --files")
    said("compliance --level 2 --period 2026-Q2")
    said("compliance --level 2 --period 2026-Q2 --explain V-1")
    said("report --level 2 --period 2026-Q2")
    said("feedback --level 2 --period 2026-Q2")
    said("deadlines --period 2026-Q2 --internal --output limits")
    said("dossier --period 2026-Q2")
    said("trend --level 2")
    said("log")
    said("verify --all")
    assert danish(tilsyn.root) == []
    # The names of files and folders are the same in every language.
    assert [shown for _, shown in told if DANISH.search(shown)] == []
