"""`tilsyn load` and `tilsyn replace`: exit codes, what stands on stdout and stderr, and the JSON contract."""

from __future__ import annotations

import shutil

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets, fill_first
from tests.builders.command_line import CommandLine
from tests.builders.workspaces import workbook_of
from tilsyn.workspace.workspace import Workspace

CPR = "010158-5123"


def put(workspace: Workspace, key: str, value: object, role: str = "answer") -> None:
    path = workbook_of(workspace)
    book = load_workbook(path)
    case_sheets(book)[0].put(key, value, role)
    book.save(path)


def test_nothing_to_do_is_success(tilsyn: CommandLine, workspace: Workspace) -> None:
    ended = tilsyn("load")
    assert ended.out.strip() == "Intet nyt at indlæse."
    assert "Uændrede filer: 2" in ended.err


def test_the_json_contract(tilsyn: CommandLine, workspace: Workspace) -> None:
    fill_first(workbook_of(workspace))
    data = tilsyn("load --format json").json
    assert data["schema"] == "tilsyn/load/1"
    assert data["loaded"] == [
        {"file": "nord.xlsx", "draw_id": "testby/2018-Q2/level-2", "cases": 1, "answers": 34, "complete": 1}
    ]
    assert (data["unchanged"], data["problems"]) == (["syd.xlsx"], [])
    again = tilsyn("load --format json").json
    assert (again["loaded"], again["unchanged"]) == ([], ["nord.xlsx", "syd.xlsx"])


def test_problems_end_in_3_with_file_sheet_cell_and_remedy(tilsyn: CommandLine, workspace: Workspace) -> None:
    fill_first(workbook_of(workspace))
    put(workspace, "BFU-01", "jaa")
    cell = case_sheets(load_workbook(workbook_of(workspace)))[0].cell("BFU-01").coordinate
    ended = tilsyn("load", code=3)
    assert ended.out == ""
    said = f"nord.xlsx, ark 2018-0007, celle {cell}: »jaa« er ikke et svar på BFU-01; det ligner »ja«"
    assert said in ended.err
    returned = workspace.root / "checklists/2018-Q2/level-2/retur/nord.xlsx"
    book = load_workbook(returned)
    assert [row[2].value for row in book["Rettelser"].iter_rows(min_row=2)] == [cell]
    assert "2018-0007" not in " ".join(str(row[0].value) for row in book["Mail"].iter_rows())
    # What is wrong and what to do about it are printed on one page.
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in book.worksheets)
    assert "Gør sådan: Skriv »ja«, hvis det er meningen" in ended.err
    (problem,) = tilsyn("load --format json", code=3).json["problems"]
    assert (problem["file"], problem["sheet"], problem["cell"]) == ("nord.xlsx", "2018-0007", cell)
    assert problem["found"]
    assert problem["remedy"]
    # What the unit has put right lies there no longer.
    put(workspace, "BFU-01", "ja")
    tilsyn("load")
    assert not returned.exists()


def test_english_problems(tilsyn: CommandLine, workspace: Workspace) -> None:
    put(workspace, "BFU-01", "jaa")
    assert "“jaa” is no answer to BFU-01; it looks like “yes”" in tilsyn("load --lang en", code=3).err


def test_a_cpr_number_is_refused_and_shown_nowhere(tilsyn: CommandLine, workspace: Workspace) -> None:
    fill_first(workbook_of(workspace))
    put(workspace, "DOK-02", f"Moderen Abc Defsen, {CPR}, er ikke hørt", "remark")
    for line in ("load", "load --format json", "load --log-json beskeder.jsonl"):
        ended = tilsyn(line, code=3)
        assert ("01xxxx-xxxx" in ended.out + ended.err) == (line != "load --log-json beskeder.jsonl")
        assert CPR not in ended.out + ended.err
        assert "Defsen" not in ended.out + ended.err
    kept = tilsyn.files("*.json*") | tilsyn.files("*.head")
    assert "beskeder.jsonl" in kept
    assert not any(CPR.encode() in content for content in kept.values())


def test_urgent_cases_come_first_also_when_quiet_and_refused(
    tilsyn: CommandLine, workspace: Workspace
) -> None:
    put(workspace, "akut", "ja")
    put(workspace, "BFU-01", "jaa")
    ended = tilsyn("load --quiet", code=3)
    assert ended.err.splitlines()[0].startswith("AKUT: sag 2018-0007 (Nord), nord.xlsx")
    assert ended.out.splitlines()[0] == "AKUTTE SAGER: 2018-0007 (Nord)"
    put(workspace, "BFU-01", "ja")
    tilsyn("load")
    assert "markeret som håndteret" in tilsyn("load --handled 2018-0007 --note 'Vagten har sagen'").out
    assert "allerede" in tilsyn("load --handled 2018-0007").out
    tilsyn("load --handled 2018-0001", code=4)


def test_dry_run_and_partial(tilsyn: CommandLine, workspace: Workspace) -> None:
    path = workbook_of(workspace)
    fill_first(path)
    assert "Ville blive indlæst" in tilsyn("load --dry-run").out
    book = load_workbook(path)
    case_sheets(book)[1].put("BFU-01", "måske")
    book.save(path)
    ended = tilsyn("load --partial --format csv", code=3)
    assert ended.out == "file,draw_id,cases,answers,complete\nnord.xlsx,testby/2018-Q2/level-2,1,34,1\n"
    assert "resten venter" in ended.err


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("", 3),
        ("--level 2", 2),
        ("--level 3 --period 2018-Q2", 4),
        ("--level 2 --period 2018K2", 0),
    ],
)
def test_tidy_files_with_level_and_period(
    tilsyn: CommandLine, workspace: Workspace, options: str, code: int
) -> None:
    tilsyn.write("svar.csv", "sagsnummer;spørgsmål;svar\r\n2018-0007;UND-02;Ja\r\n", "cp1252")
    tilsyn(f"load svar.csv {options}", code=code)


def test_replace_says_what_to_fill_in(tilsyn: CommandLine, workspace: Workspace) -> None:
    ended = tilsyn("replace 2018-0007 --reason inhabilitet")
    assert "Sag 2018-0007 er erstattet af" in ended.out
    assert "Grund: inhabilitet." in ended.out
    assert "checklists/2018-Q2/level-2/nord-erstatning-1.xlsx" in ended.err
    stand_in = ended.out.split("erstattet af ")[1].split()[0]
    data = tilsyn(f"replace {stand_in} --reason no_access --format json").json
    assert (data["schema"], data["case_id"], data["reserve_left"]) == ("tilsyn/replace/1", stand_in, 0)
    assert data["workbook"] == "checklists/2018-Q2/level-2/nord-erstatning-2.xlsx"
    ended = tilsyn(f"replace {data['replacement']} --reason no_access", code=4)
    assert ended.out == ""
    assert "bortfald" in ended.err
    tilsyn("replace 2018-0007 --reason dovenskab", code=2)


OWN_REASONS = """
[[replacement_reason]]
name = "verzogen"
text_en = "Familie verzogen"
outside_population = true
[[replacement_reason]]
name = "akte_fehlt"
text_en = "Akte fehlt"
outside_population = false
"""


@pytest.mark.parametrize(
    ("said", "code", "words", "outside"),
    [
        ("familie-verzogen", "verzogen", "Familie verzogen", True),
        ("akte_fehlt", "akte_fehlt", "Akte fehlt", False),
    ],
)
def test_reasons_of_ones_own_mean_what_they_meant_whatever_is_written_later(
    tilsyn: CommandLine, workspace: Workspace, said: str, code: str, words: str, outside: bool
) -> None:
    settings = tilsyn.root / "tilsyn.toml"
    usual = settings.read_text("utf-8")
    settings.write_text(usual + OWN_REASONS, "utf-8")
    refused = tilsyn("replace 2018-0007 --reason inhabilitet", code=2)
    assert "verzogen (Familie verzogen), akte_fehlt (Akte fehlt)" in refused.err
    assert f"Grund: {words}." in tilsyn(f"replace 2018-0007 --reason {said}").out
    fill_first(tilsyn.root / "checklists/2018-Q2/level-2/nord-erstatning-1.xlsx")
    tilsyn("load")

    def figures() -> tuple[object, str, list[str]]:
        found = tilsyn("compliance --level 2 --period 2018-Q2 --format json").json["nonresponse"]
        history = tilsyn("log --case 2018-0007")
        return found["replaced"], history.out, found["sentences"]

    before = figures()
    replaced, history, sentences = before
    assert replaced == [{"reason": code, "n": 1, "outside_population": outside}]
    assert words in history
    assert f"mangler: {0 if outside else 1}." in sentences[0]
    for later in (usual, usual + OWN_REASONS.replace("false", "true").replace("Familie", "Sippe")):
        settings.write_text(later, "utf-8")
        assert figures() == before
    # What the report shows is what held, not what stands in the settings now.
    report = tilsyn("report --level 2 --period 2018-Q2 --format json").json
    book = load_workbook(tilsyn.root / report["files"][0]["file"])
    told = [cell.value for row in book["Udskiftninger"].iter_rows() for cell in row]
    assert words in told


def test_a_copy_beside_the_workbook_that_disagrees_stops_both(
    tilsyn: CommandLine, workspace: Workspace
) -> None:
    path = workbook_of(workspace)
    fill_first(path)
    shutil.copy(path, path.with_name("nord - Kopi.xlsx"))
    put(workspace, "UND-02", "ikke relevant")
    assert tilsyn("load", code=3).err.count("men »") == 2


def test_a_cpr_number_in_a_file_name_or_a_note_is_recorded_nowhere(
    tilsyn: CommandLine, workspace: Workspace
) -> None:
    fill_first(workbook_of(workspace))
    put(workspace, "akut", "ja")
    path = workbook_of(workspace).rename(workspace.root / f"{CPR}.xlsx")
    for _ in range(2):
        ended = tilsyn("load --format json", path)
        assert CPR not in ended.out + ended.err
        assert "01xxxx-xxxx.xlsx" in ended.out
    ended = tilsyn(f"load --handled 2018-0007 --note 'ringet om {CPR}'", code=2)
    assert CPR not in ended.out + ended.err
    kept = {name: content for name, content in tilsyn.files().items() if name.startswith("samples/")}
    assert kept
    assert not any(CPR.encode() in content or CPR in name for name, content in kept.items())
