"""`tilsyn followup export` and `load`: out, filled in by people of all sorts, and in again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from tests.builders.action_books import cell_of, fill_actions
from tests.builders.command_line import CommandLine
from tests.builders.libreoffice import resaved
from tests.builders.workspaces import Q2, review, workbook_of
from tilsyn.workspace.workspace import Workspace

ONE = "2018-Q2-n2-01"
DONE = {"cause": "Manglende viden", "done_on": date(2018, 7, 19), "learnt": "Spørg altid"}


@pytest.fixture
def nord(workspace: Workspace, tilsyn: CommandLine) -> Path:
    """Return the workbook of Nord's only action, in a workspace that has one for all units too."""
    draw = workspace.draws.get(2, Q2)
    ids = list(draw.cases["case_id"])
    review(workspace, draw, no=dict.fromkeys(ids[:5], "BFU-02"))
    tilsyn("followup add --level 2 --period 2018-Q2")
    tilsyn("followup add --level 2 --period 2018-Q2 --question BFU-01")
    tilsyn("followup export")
    return tilsyn.root / "checklists/followup/2018-07-20/nord.xlsx"


def action(tilsyn: CommandLine, action_id: str = ONE) -> dict[str, Any]:
    found = tilsyn("followup --format json").json["actions"]
    return next(one for one in found if one["action_id"] == action_id)


def test_each_unit_gets_its_own_and_nothing_is_overwritten(nord: Path, tilsyn: CommandLine) -> None:
    assert {path.name for path in nord.parent.iterdir()} == {"nord.xlsx", "alle-enheder.xlsx"}
    before = tilsyn.files("checklists/followup/**/*")
    ended = tilsyn("followup export --in-one --format json").json
    assert ended["files"] == [
        {"file": "checklists/followup/2018-07-20.2/handlinger.xlsx", "unit": "", "actions": 2}
    ]
    assert before.items() <= tilsyn.files("checklists/followup/**/*").items()
    assert "nord.xlsx" in tilsyn("followup export --unit Nord").out


def test_what_is_filled_in_comes_back_once(nord: Path, tilsyn: CommandLine) -> None:
    assert "Intet nyt" in tilsyn("followup load").out
    assert tilsyn("followup load --quiet").out == ""
    fill_actions(
        nord, {ONE: DONE | {"deadline": "1. september 2018", "role": "leder", "what": "Ny skabelon"}}
    )
    dry = tilsyn("followup load --dry-run --format json").json
    assert dry["loaded"] == [{"file": "nord.xlsx", "actions": 1, "fields": 6}]
    assert action(tilsyn)["cause"] == ""
    assert tilsyn("followup load --format json").json["loaded"] == dry["loaded"]
    found = action(tilsyn)
    assert [found[name] for name in ("cause", "done_on", "learnt", "deadline", "role", "what", "state")] == [
        "knowledge", "2018-07-19", "Spørg altid", "2018-09-01", "manager", "Ny skabelon", "done",
    ]  # fmt: skip
    before = tilsyn.files("samples/*")
    assert "Intet nyt" in tilsyn(f"followup load {nord}").out
    assert tilsyn.files("samples/*") == before
    tilsyn("verify --all")


def test_the_history_of_a_case_has_what_was_said_of_its_actions(
    nord: Path, tilsyn: CommandLine, workspace: Workspace
) -> None:
    case = workspace.draws.get(2, Q2).cases["case_id"].iloc[0]
    tilsyn(f"followup add --level 2 --period 2018-Q2 --question BFU-02 --case {case} --deadline 2018-09-01")
    tilsyn("followup export")
    book = tilsyn.root / "checklists/followup/2018-07-20.2/nord.xlsx"
    fill_actions(book, {"2018-Q2-n2-03": {"deadline": date(2018, 10, 1), "cause": "andet"}})
    tilsyn("followup load")
    rows = tilsyn(f"log --case {case} --format json").json["events"]
    told = [(one["kind"], one["question"], one["before"], one["after"]) for one in rows]
    assert ("action_added", "BFU-02", None, "2018-09-01") in told
    assert ("action_said", "BFU-02", "2018-09-01", "2018-10-01") in told
    assert ("action_said", "BFU-02", None, "other") in told
    assert {one["draw_id"] for one in rows} == {"testby/2018-Q2/level-2"}
    assert "01-09-2018 → 01-10-2018" in tilsyn(f"log --case {case}").shown


def test_a_closed_action_is_not_asked_about_again(nord: Path, tilsyn: CommandLine) -> None:
    fill_actions(nord, {ONE: DONE | {"discussed_on": date(2018, 7, 20)}})
    tilsyn("followup load")
    assert [one["unit"] for one in tilsyn("followup export --format json").json["files"]] == [""]
    assert "afsluttet" in tilsyn("followup export --unit Nord").out


def test_english_words_and_texts_for_dates_are_read(nord: Path, tilsyn: CommandLine) -> None:
    fill_actions(nord, {ONE: {"cause": "handover", "done_on": "19/7-18"}})
    tilsyn("followup load")
    assert [action(tilsyn)[name] for name in ("cause", "done_on")] == ["handover", "2018-07-19"]


@pytest.mark.parametrize(
    ("fields", "cell", "told"),
    [
        ({"cause": "uheld"}, "I6", "manglende viden, arbejdsgang"),
        ({"done_on": "i går"}, "L6", "»i går« er ikke en dato"),
        ({"done_on": date(2018, 7, 21)}, "L6", "21. juli 2018"),
        ({"what": "ring til mor, 120374-6598"}, "H6", "12xxxx-xxxx"),
        ({"role": "Mor Hansen"}, "K6", "aldrig en person"),
        ({"learnt": "=NA()"}, "M6", "formel"),
    ],
)
def test_a_field_that_cannot_be_read_is_told_with_its_cell_and_nothing_is_loaded(
    nord: Path, tilsyn: CommandLine, fields: dict[str, Any], cell: str, told: str
) -> None:
    fill_actions(nord, {ONE: {"deadline": date(2018, 9, 9)} | fields})
    before = tilsyn.files("samples/*")
    ended = tilsyn("followup load", code=3)
    assert f"nord.xlsx, ark Handlinger, celle {cell}" in ended.told
    assert told in ended.told
    assert "6598" not in ended.told + ended.out
    assert tilsyn.files("samples/*") == before


def test_two_files_that_say_different_things_are_both_told(nord: Path, tilsyn: CommandLine) -> None:
    copy = tilsyn.root / "retur" / "nord - kopi.xlsx"
    fill_actions(nord, {ONE: {"deadline": date(2018, 9, 1), "role": "leder"}}, copy)
    fill_actions(nord, {ONE: {"deadline": date(2018, 10, 1), "role": "leder"}})
    ended = tilsyn("followup load checklists/followup retur", code=3)
    assert ended.told.count("01-09-2018") == ended.told.count("01-10-2018") == 2
    assert "nord - kopi.xlsx" in ended.told
    assert action(tilsyn)["deadline"] == "2018-10-20"
    # What they agree on, and what only one of them says, is no conflict.
    fill_actions(nord, {ONE: {"deadline": date(2018, 9, 1), "what": "Ny skabelon"}})
    tilsyn("followup load checklists/followup retur")
    found = action(tilsyn)
    assert [found[name] for name in ("deadline", "role", "what")] == ["2018-09-01", "manager", "Ny skabelon"]


def test_a_copy_that_comes_later_does_not_undo_what_another_said(nord: Path, tilsyn: CommandLine) -> None:
    copy = fill_actions(nord, {ONE: {"what": "Andet"}}, tilsyn.root / "retur" / "syd.xlsx")
    fill_actions(nord, {ONE: {"deadline": date(2018, 9, 1)}})
    tilsyn("followup load")
    tilsyn(f"followup load {copy}")
    assert [action(tilsyn)[name] for name in ("deadline", "what")] == ["2018-09-01", "Andet"]
    fill_actions(copy, {ONE: {"deadline": date(2018, 11, 1)}})
    ended = tilsyn(f"followup load {copy}", code=3)
    assert "»Frist« i 2018-Q2-n2-01: her står 01-11-2018, men nord.xlsx" in ended.told
    # In a workbook made since, both can be seen, and the newer word holds.
    tilsyn("followup export --unit Nord")
    newer = tilsyn.root / "checklists/followup/2018-07-20.2/nord.xlsx"
    fill_actions(newer, {ONE: {"deadline": date(2018, 11, 1)}})
    tilsyn(f"followup load {newer}")
    assert action(tilsyn)["deadline"] == "2018-11-01"


def test_who_thinks_better_of_it_can_send_the_same_file_again(nord: Path, tilsyn: CommandLine) -> None:
    fill_actions(nord, {ONE: {"deadline": date(2018, 9, 1)}})
    tilsyn("followup load")
    fill_actions(nord, {ONE: {"deadline": date(2018, 9, 15)}})
    assert "var 01-09-2018 og er nu 15-09-2018" in tilsyn("followup load").told
    assert action(tilsyn)["deadline"] == "2018-09-15"
    fill_actions(nord, {ONE: {"deadline": None}})
    assert "er tømt" in tilsyn("followup load").told
    assert action(tilsyn)["deadline"] == "2018-09-15"


def _no_metadata(book: Workbook) -> None:
    del book["_tilsyn"]


def _no_column(book: Workbook) -> None:
    cell_of(book.worksheets[0], "columns", "learnt").value = "andet"


def _other_number(book: Workbook) -> None:
    book.worksheets[0]["A6"].value = book.worksheets[0]["B6"].value = "2018-Q2-n2-11"


def _sorted_without_the_hidden_column(book: Workbook) -> None:
    book.worksheets[0]["A6"].value = "2018-Q2-n2-02"


def _loose(book: Workbook) -> None:
    book.worksheets[0]["H9"].value = "Ring til dem"


def _twice(book: Workbook) -> None:
    sheet = book.worksheets[0]
    for column in range(1, 16):
        sheet.cell(7, column).value = sheet.cell(6, column).value
    sheet["A8"].value = sheet["A7"].value = ONE
    sheet["H6"].value, sheet["H7"].value = "et", "to"


def _other_log(book: Workbook) -> None:
    sheet = book["_tilsyn"]
    sheet["B4"].value = f"{str(sheet['B4'].value).partition(':')[0]}:{'0' * 16}"


def _no_mark(book: Workbook) -> None:
    book.worksheets[0]["A1"].value = None


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_no_metadata, "det skjulte ark"),
        (_no_column, "kolonner mangler: Hvad vi lærte"),
        (_other_number, "Nærmest: 2018-Q2-n2-01"),
        (_sorted_without_the_hidden_column, "celle B6: her står 2018-Q2-n2-01, men rækken er 2018-Q2-n2-02"),
        (_loose, "ark Handlinger, celle H9"),
        (_twice, "står der to gange"),
        (_other_log, "en anden arbejdsmappe"),
        (_no_mark, "ikke et regneark med handlinger"),
    ],
)
def test_a_damaged_workbook_is_told_and_not_loaded(
    nord: Path, tilsyn: CommandLine, damage: Callable[[Workbook], None], told: str
) -> None:
    fill_actions(nord, {ONE: DONE})
    book = load_workbook(nord)
    damage(book)
    book.save(nord)
    assert told in tilsyn("followup load", code=3).told
    assert action(tilsyn)["done_on"] is None


def test_rows_and_columns_can_be_moved_and_comments_are_told(nord: Path, tilsyn: CommandLine) -> None:
    fill_actions(nord, {ONE: DONE})
    book = load_workbook(nord)
    sheet = book.worksheets[0]
    sheet.title = "Min egen"
    sheet.insert_cols(5)
    sheet.insert_rows(6, 3)
    cell_of(sheet, ONE, "what").comment = Comment("Se bilag", "leder")
    book.save(nord)
    assert "kommentar" in tilsyn("followup load").told.lower()
    assert action(tilsyn)["learnt"] == "Spørg altid"


def test_other_files_are_refused_with_what_to_do(
    nord: Path, tilsyn: CommandLine, workspace: Workspace
) -> None:
    checklist = tilsyn.root / "tjekliste.xlsx"
    shutil.copy(workbook_of(workspace), checklist)
    assert "tilsyn load" in tilsyn("followup load tjekliste.xlsx", code=3).told
    assert "tilsyn followup load" in tilsyn(f"load {nord}", code=3).told
    tilsyn.write("a.txt", "svar")
    assert "a.txt" in tilsyn("followup load a.txt", code=3).told
    assert "findes ikke" in tilsyn("followup load b.xlsx", code=3).told
    tilsyn.write("c.xlsx", "ikke et regneark")
    assert "c.xlsx" in tilsyn("followup load c.xlsx", code=3).told


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_libreoffice_changes_nothing(nord: Path, tilsyn: CommandLine, suffix: str) -> None:
    untouched = resaved(nord, tilsyn.root / "gemt", suffix)
    assert "Intet nyt" in tilsyn(f"followup load {untouched}").out
    again = resaved(fill_actions(nord, {ONE: DONE}), tilsyn.root / "retur", suffix)
    loaded = tilsyn(f"followup load {again} --format json").json["loaded"]
    assert loaded == [{"file": f"nord.{suffix}", "actions": 1, "fields": 3}]
    assert action(tilsyn)["done_on"] == "2018-07-19"


def test_a_file_named_after_a_person_is_recorded_masked(nord: Path, tilsyn: CommandLine) -> None:
    named = fill_actions(nord, {ONE: DONE}, tilsyn.root / "retur" / "120374-6598.xlsx")
    ended = tilsyn(f"followup load {named}")
    assert "12xxxx-xxxx.xlsx" in ended.out
    assert action(tilsyn)["done_on"] == "2018-07-19"
    assert not any(b"6598" in data for data in tilsyn.files("samples/**/*").values())
