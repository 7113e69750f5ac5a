"""What lies beside the answers: litter, documents, comments, struck-out text, sheets that are gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.builders.case_sheets import CaseSheet, case_sheets, fill_first
from tests.builders.command_line import CommandLine
from tests.builders.workspaces import copy_small_workspace, make_small_workspace, workbook_of
from tilsyn.workspace.log import PROBLEMS_FOUND
from tilsyn.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "workspace"
    make_small_workspace(root)
    fill_first(workbook_of(Workspace.open(root)))
    return root


@pytest.fixture
def workspace(made: Path, tilsyn: CommandLine) -> Workspace:
    tilsyn.today = "2018-07-20"
    return copy_small_workspace(made, tilsyn.root)[0]


def beside(workspace: Workspace, name: str, data: bytes) -> Path:
    path = workbook_of(workspace).with_name(name)
    path.write_bytes(data)
    return path


LITTER = {
    "._nord.xlsx": b"\x00\x05\x16\x07 Mac OS X",
    ".DS_Store": b"\x00\x00\x00\x01Bud1",
    "Thumbs.db": b"\xd0\xcf\x11\xe0",
    "desktop.ini": b"[.ShellClassInfo]",
    "~$nord.xlsx": b"\x05JUR1",
    ".~lock.nord.xlsx#": b",jurist",
    "nord (jurists modstridende kopi 2018-07-19).xlsx": b"PK\x03\x04",
    "nord.sync-conflict-20180719.xlsx": b"PK\x03\x04",
    "nord-PC7-konflikt.xlsx": b"PK\x03\x04",
    "tom.xlsx": b"",
    "tom.pdf": b"",
    "readme.md": b"# Vejledning",
}


@pytest.mark.parametrize("name", LITTER)
def test_litter_is_passed_over_with_a_note(name: str, workspace: Workspace, tilsyn: CommandLine) -> None:
    path = beside(workspace, name, LITTER[name])
    ended = tilsyn("load --format json").json
    assert [file["file"] for file in ended["loaded"]] == ["nord.xlsx"]
    assert [(p["file"], p["kind"]) for p in ended["problems"] if p["file"] == name] == [(name, "note")]
    if name != "readme.md":
        tilsyn("load", path)


def test_a_unit_called_after_conflicts_is_no_litter(workspace: Workspace, tilsyn: CommandLine) -> None:
    workbook_of(workspace).rename(workbook_of(workspace).with_name("konfliktraad.xlsx"))
    assert tilsyn("load --format json").json["loaded"][0]["file"] == "konfliktraad.xlsx"


DOCUMENTS = {"nord.pdf": b"%PDF-1.7", "nord.docx": b"PK\x03\x04", "svar.csv": b"case_id;question;answer\n"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_among_the_workbooks_are_told_at_length_once(
    name: str, workspace: Workspace, tilsyn: CommandLine
) -> None:
    path = beside(workspace, name, DOCUMENTS[name])
    first = tilsyn("load --format json", code=3)
    assert [file["file"] for file in first.json["loaded"]] == ["nord.xlsx"]
    (problem,) = (p for p in first.json["problems"] if p["kind"] == "error")
    assert problem["file"] == name
    again = tilsyn("load", code=3)
    assert f"{name}: samme 1 fejl eller bemærkning som sidst" in again.err
    assert problem["remedy"] not in again.told
    path.unlink()
    tilsyn("load")


def test_what_was_told_is_told_again_when_it_changes(workspace: Workspace, tilsyn: CommandLine) -> None:
    path = workbook_of(workspace)
    for answer in ("jaa", "jaa", "jaaa"):
        book = load_workbook(path)
        case_sheets(book)[0].put("BFU-01", answer)
        if answer != case_sheets(load_workbook(path))[0].cell("BFU-01").value:
            book.save(path)
        assert tilsyn("load --dry-run", code=3).err.count(f"»{answer}« er ikke et svar") == 1
        tilsyn("load", code=3)
    tilsyn("load --today 2018-07-23", code=3)
    events = [event for event in Workspace.open(tilsyn.root).log.events if event["event"] == PROBLEMS_FOUND]
    assert [event["n"] for event in events] == [1, 1]
    assert events[0].keys() >= {"sha256", "problems"}
    assert "fejl i en fil sagt" in tilsyn("log").out
    fill_first(path)
    assert "som sidst" not in tilsyn("load").err


def change(workspace: Workspace, what: str) -> None:
    """Change the filled-in workbook as people do."""
    path = workbook_of(workspace)
    book = load_workbook(path)
    form: CaseSheet = case_sheets(book)[0]
    cell = form.cell("UND-02")
    if what == "comment":
        cell.comment = Comment("Nej, se journalen", "Jurist")
    elif what == "struck":
        cell.font = Font(strike=True)
    elif what == "hidden row":
        form.sheet.row_dimensions[cell.row].hidden = True
    elif what == "hidden sheet":
        form.sheet.sheet_state = "hidden"
    elif what == "sheet gone":
        del book[case_sheets(book)[1].sheet.title]
    elif what == "sheets and overview gone":
        del book[case_sheets(book)[1].sheet.title]
        del book[book.sheetnames[0]]
    elif what == "error in akut":
        form.put("akut", "=NA()")
    book.save(path)


TOLD = {
    "comment": (0, "note", "der er kommentarer på cellerne"),
    "struck": (3, "error", "overstreget"),
    "hidden row": (0, "note", "skjulte rækker"),
    "hidden sheet": (0, "note", "sagens ark er skjult"),
    "sheet gone": (0, "note", "står i oversigten, men dens ark er ikke i filen"),
    "sheets and overview gone": (0, "note", "lavet med 3 sager, men her er 2"),
    "error in akut": (3, "error", "formel, der aldrig er beregnet"),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_stands_beside_the_answers_is_said(what: str, workspace: Workspace, tilsyn: CommandLine) -> None:
    code, kind, words = TOLD[what]
    change(workspace, what)
    ended = tilsyn("load --format json", code=code)
    (problem,) = (p for p in ended.json["problems"] if words in p["found"])
    assert (problem["kind"], problem["file"]) == (kind, "nord.xlsx")
    assert ("AKUT" in ended.err) == (what == "error in akut")
    assert len(ended.json["loaded"]) == (code == 0)


def test_a_name_that_is_no_utf_8_is_told_readably(workspace: Workspace, tilsyn: CommandLine) -> None:
    path = workbook_of(workspace)
    path.rename(path.with_name("nord-\udcf8st.xlsx"))
    ended = tilsyn("load --format json")
    assert ended.json["loaded"][0]["file"] == "nord-øst.xlsx"
    shutil.copy(path.with_name("syd.xlsx"), path.with_name("\udce6.pdf"))
    assert "æ.pdf" in tilsyn("load", code=3).err
