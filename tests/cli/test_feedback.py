"""`tilsyn feedback`: a workbook for each who leads, a page a case, and what it refuses."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import DRAWN_ON, SETTINGS, draw, make_workspace, review
from tilsyn.base import clock
from tilsyn.workspace.workspace import Workspace

FOLDER = "reports/2018-Q2/feedback/level-2"
LINE = "feedback --level 2 --period 2018-Q2"


@pytest.fixture
def workspace(tilsyn: CommandLine) -> Workspace:
    clock.set_today(DRAWN_ON)
    tilsyn.today = date(2018, 8, 20).isoformat()
    made = make_workspace(tilsyn.root)
    review(made, draw(made, 2), no={"*": "UND-01"}, head={"conclusion": "=1+1", "learning": "Skriv straks."})
    return made


def written(tilsyn: CommandLine, folder: str = FOLDER) -> dict[str, bytes]:
    """Return the workbooks by name."""
    found = tilsyn.files("*.xlsx").items()
    return {name.removeprefix(f"{folder}/"): data for name, data in found if name.startswith(f"{folder}/")}


def texts(data: bytes) -> dict[str, list[str]]:
    """Return what stands on each sheet; none of it is a formula."""
    book = load_workbook(io.BytesIO(data))
    cells = {
        sheet.title: [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        for sheet in book.worksheets
    }
    assert {cell.data_type for listed in cells.values() for cell in listed} == {"s"}
    return {title: [str(cell.value) for cell in listed] for title, listed in cells.items()}


def test_a_unit_has_a_workbook_of_its_cases_a_sheet_each(tilsyn: CommandLine, workspace: Workspace) -> None:
    told = tilsyn(f"{LINE} --format json").json
    assert (told["schema"], told["level"], told["period"], told["missing"]) == (
        "tilsyn/feedback/1",
        2,
        "2018-Q2",
        0,
    )
    assert [(row["file"], row["unit"], row["cases"], row["wrong"]) for row in told["files"]] == [
        (f"{FOLDER}/amager.xlsx", "Amager", 6, 6),
        (f"{FOLDER}/doegnvagten.xlsx", "Døgnvagten", 3, 3),
        (f"{FOLDER}/noerrebro.xlsx", "Nørrebro", 6, 6),
        (f"{FOLDER}/oesterbro.xlsx", "Østerbro", 6, 6),
    ]
    cases = workspace.draws.in_force()[0].cases
    units = dict(zip(cases["case_id"], cases["unit"], strict=True))
    for row in told["files"]:
        sheets = texts(tilsyn.files()[row["file"]])
        assert set(sheets) == {case for case, unit in units.items() if unit == row["unit"]}
        for case, listed in sheets.items():
            assert {name for name in units if any(name in text for text in listed)} == {case}
            assert listed.index("Det var i orden") < listed.index("Det var ikke i orden")
            assert listed[-5:-1] == ["Konklusion", "=1+1", "Læringspunkt", "Skriv straks."]


def test_only_the_owner_may_read_them(tilsyn: CommandLine, workspace: Workspace) -> None:
    tilsyn(LINE)
    for name in written(tilsyn):
        assert (tilsyn.root / FOLDER / name).stat().st_mode & 0o777 == 0o600
    assert (tilsyn.root / FOLDER).stat().st_mode & 0o777 == 0o700


def test_at_level_1_a_caseworker_has_a_workbook_and_a_quarter_has_its_months(
    tilsyn: CommandLine, workspace: Workspace
) -> None:
    for month in ("2018-05", "2018-06"):
        review(workspace, draw(workspace, 1, month))
    told = tilsyn("feedback --level 1 --period 2018-Q2 --format json").json
    row = next(row for row in told["files"] if row["caseworker"] == "AMA0")
    assert (row["file"], row["cases"]) == ("reports/2018-Q2/feedback/level-1/amager-ama0.xlsx", 2)
    told = tilsyn("feedback --level 1 --period 2018-05 --format json").json
    assert {row["cases"] for row in told["files"]} == {1}
    assert {row["file"].rpartition("/")[0] for row in told["files"]} == {"reports/2018-05/feedback/level-1"}
    pages = [text for data in written(tilsyn).values() for text in texts(data).values()]
    assert not [text for listed in pages for text in listed if text.startswith("AMA0")]


def test_a_later_run_takes_the_place_of_the_earlier(tilsyn: CommandLine, workspace: Workspace) -> None:
    drawn = workspace.draws.in_force()[0]
    review(workspace, drawn, list(drawn.cases["case_id"][:1]), head={"conclusion": "rettet"})
    tilsyn(LINE)
    before = tilsyn.files()
    (tilsyn.root / FOLDER / "Thumbs.db").write_bytes(b"")
    tilsyn(LINE)
    assert list(tilsyn.files()) == list(before)
    assert sum("rettet" in text for data in written(tilsyn).values() for text in texts(data).values()) == 1
    tilsyn("verify --all")
    tilsyn("status")
    tilsyn("report --level 2 --period 2018-Q2")
    assert set(before) < set(tilsyn.files())


def test_a_folder_with_a_strange_file_is_left_as_it_is(tilsyn: CommandLine, workspace: Workspace) -> None:
    tilsyn(LINE)
    (tilsyn.root / FOLDER / "noter.docx").write_text("til samtalen")
    before = tilsyn.files()
    ended = tilsyn(LINE, code=4)
    assert "noter.docx er ikke en af tilbagemeldingerne på bbu/2018-Q2/level-2" in ended.told
    assert tilsyn.files() == before


def test_a_case_that_is_not_reviewed_is_counted_and_left_out(tilsyn: CommandLine) -> None:
    clock.set_today(DRAWN_ON)
    made = make_workspace(tilsyn.root)
    drawn = draw(made, 2)
    review(made, drawn, list(drawn.cases["case_id"][:3]))
    ended = tilsyn(f"{LINE} --today 2018-08-20")
    assert "18 sager er ikke gennemgået endnu og er ikke med" in ended.told
    assert f"Filerne står i {FOLDER}/" in ended.shown
    assert sum(len(texts(data)) for data in written(tilsyn).values()) == 3


def test_it_speaks_english_and_csv(tilsyn: CommandLine, workspace: Workspace) -> None:
    listed = list(csv.DictReader(io.StringIO(tilsyn(f"{LINE} --lang en --format csv").out)))
    assert (listed[0]["file"], listed[0]["cases"]) == (f"{FOLDER}/amager.xlsx", "6")
    page = next(iter(texts(written(tilsyn)["amager.xlsx"]).values()))
    assert page[0].startswith("Feedback on case 2018-AM")
    assert page.index("What was right") < page.index("What was not right")


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("feedback --level 3 --period 2018-Q2", 4, "Niveau 3 er ikke trukket"),
        ("feedback --level 2 --period 2018-Q1", 4, "Niveau 2 er ikke trukket"),
        ("feedback --level 10 --period 2018-Q2", 2, "ikke noget niveau 10"),
        ("feedback --level 2 --period nonsens", 2, "nonsens"),
        ("feedback --level 2", 2, "--period"),
        ("feedback --period 2018-Q2", 2, "--level"),
    ],
)
def test_wrong_use_is_told_and_writes_nothing(
    tilsyn: CommandLine, workspace: Workspace, line: str, code: int, told: str
) -> None:
    assert told in tilsyn(line, code=code).told
    assert written(tilsyn) == {}


def test_nothing_reviewed_is_refused(tilsyn: CommandLine) -> None:
    clock.set_today(DRAWN_ON)
    draw(make_workspace(tilsyn.root, SETTINGS), 2)
    ended = tilsyn(f"{LINE} --today 2018-08-20", code=4)
    assert "ingen sager på niveau 2 i 2. kvartal 2018 er gennemgået endnu" in ended.told
    assert written(tilsyn) == {}


def test_a_ledger_that_was_edited_is_told_and_writes_nothing(
    tilsyn: CommandLine, workspace: Workspace
) -> None:
    entry = next(tilsyn.root.glob("samples/2018-Q2/level-2/reviews/*.json"))
    entry.write_bytes(entry.read_bytes().replace(b"Skriv", b"Skrev"))
    assert entry.name in tilsyn(LINE, code=3).told
    assert written(tilsyn) == {}
