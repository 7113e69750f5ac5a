"""`tilsyn report`: the files it writes, what it tells, and what it refuses."""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path

import openpyxl
import pytest

from tests.builders.workspaces import SETTINGS, make_workspace, review
from tilsyn.base.periods import Period
from tilsyn.cli.app import run
from tilsyn.procedure.draw import make_draw
from tilsyn.workspace.leftovers import leftovers
from tilsyn.workspace.log import Log
from tilsyn.workspace.workspace import Workspace

PERIOD = "2018-Q2"
LINE = ["report", "--level", "2", "--period", PERIOD, "--format", "json", "--today", "2018-08-01"]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = make_workspace(tmp_path, SETTINGS)
    draw = make_draw(made, 2, Period.parse(PERIOD)).draw
    review(made, draw)
    monkeypatch.chdir(tmp_path)
    return made


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in (root / "reports").rglob("*.xlsx")
    }


def events(workspace: Workspace) -> list[str]:
    """Return the log's events as the next command reads them."""
    return [event["event"] for event in Log(workspace.root).events]


def test_both_editions_are_written_and_logged(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(LINE) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "tilsyn/report/1"
    assert [(f["edition"], f["file"], f["state"]) for f in told["files"]] == [
        ("internal", "reports/2018-Q2/level-2-internal.xlsx", "written"),
        ("public", "reports/2018-Q2/level-2-public.xlsx", "written"),
    ]
    assert sorted(files(workspace.root)) == [f["file"] for f in told["files"]]
    assert events(workspace).count("reported") == 2
    assert not Log(workspace.root).state.problems


@pytest.mark.parametrize("form", ["xlsx", "html"])
def test_a_public_report_that_would_name_a_case_is_refused_and_nothing_is_written(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    case = workspace.draws.get(2, Period.parse(PERIOD)).record.cases[0].case_id
    settings = workspace.root / "tilsyn.toml"
    settings.write_text(f'recipients = ["{case}"]\n' + settings.read_text("utf-8"), "utf-8")
    assert run([*LINE, "--as", form]) == 4
    told = capsys.readouterr().err
    assert "arket Om tilsynet, række" in told
    assert not list((workspace.root / "reports").rglob("level-2-*"))
    assert "reported" not in events(workspace)
    assert run([*LINE, "--as", form, "--edition", "internal"]) == 0


def test_a_rerun_changes_nothing(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(LINE) == 0
    before, logged = files(workspace.root), events(workspace)
    capsys.readouterr()
    assert run(LINE) == 0
    assert [f["state"] for f in json.loads(capsys.readouterr().out)["files"]] == ["unchanged", "unchanged"]
    assert files(workspace.root) == before
    assert events(workspace) == logged


def test_a_report_that_excel_has_open_is_refused_by_name_and_nothing_changes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(LINE) == 0
    before, logged = files(workspace.root), events(workspace)
    opened = os.open

    def held(path: str, flags: int, *more: int, **named: int) -> int:
        if str(path).endswith(".xlsx") and flags & os.O_RDWR:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", held)
    capsys.readouterr()
    assert run([*LINE, "--published", "2018-09-01"]) == 4
    told = capsys.readouterr().err
    assert "level-2-internal.xlsx" in told
    assert "åben i Excel" in told
    assert (files(workspace.root), events(workspace)) == (before, logged)


def test_a_report_that_cannot_get_its_name_is_in_force_and_gets_it_from_the_next_command(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replace = os.replace

    def refuse(source: str, target: str) -> None:
        if str(target).endswith(".xlsx"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refuse)
        assert run(LINE) == 0
    told = capsys.readouterr().err
    assert "resultatet gælder" in told
    assert "level-2-internal.xlsx" in told
    assert (files(workspace.root), events(workspace).count("reported")) == ({}, 2)
    assert run(LINE) == 0
    assert len(files(workspace.root)) == 2
    assert events(workspace).count("reported") == 2
    assert not leftovers(workspace.root)


def test_a_page_is_written_logged_and_verified_as_a_workbook_is(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    line = [*LINE, "--som", "begge"]
    assert run(line) == 0
    first = json.loads(capsys.readouterr().out)["files"]
    names = [
        f"reports/2018-Q2/level-2-{e}.{form}" for e in ("internal", "public") for form in ("xlsx", "html")
    ]
    assert [file["file"] for file in first] == names
    assert {file["state"] for file in first} == {"written"}
    logged = [event["file"] for event in Log(workspace.root).events if event["event"] == "reported"]
    assert logged == names
    private = (workspace.root / names[1]).stat().st_mode & 0o077
    assert (private, (workspace.root / names[3]).stat().st_mode & 0o007) == (0, 0)
    assert run(line) == 0
    assert {file["state"] for file in json.loads(capsys.readouterr().out)["files"]} == {"unchanged"}
    with (workspace.root / names[3]).open("a") as page:
        page.write("<p>99 %</p>")
    assert run(["verify", "--all"]) == 5
    assert "level-2-public.html" in capsys.readouterr().out


def test_the_public_page_leads_to_a_dossier_that_everybody_may_read(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    line = [*LINE, "--as", "html", "--public"]
    page = workspace.root / "reports" / PERIOD / "level-2-public.html"

    def linked() -> tuple[bool, bool]:
        """Whether the page leads to the dossier's, and whether the terminal says what is missing."""
        assert run(line) == 0
        command = f"tilsyn dossier --period {PERIOD} --without-ids"
        told, text = command in capsys.readouterr().err, page.read_text("utf-8")
        link = 'href="dossier/kontrol.html"' in text
        assert (command in text) != link
        return link, told

    assert linked() == (False, True)
    # Case numbers are not for everybody.
    assert run(["dossier", "--period", PERIOD]) == 0
    assert linked() == (False, True)
    assert run(["dossier", "--period", PERIOD, "--without-ids"]) == 0
    assert linked() == (True, False)
    before = page.read_bytes()
    assert run(["dossier", "--period", PERIOD, "--without-ids"]) == 0
    assert linked() == (True, False)
    assert page.read_bytes() == before
    (page.parent / "dossier" / "level-2" / "draw.json").write_text("{", "utf-8")
    assert linked() == (False, True)
    for draw in workspace.draws.folders():
        assert workspace.draws.at(draw).sha256 in page.read_text("utf-8")


def test_only_the_public_edition_when_asked(workspace: Workspace) -> None:
    assert run([*LINE, "--public"]) == 0
    assert list(files(workspace.root)) == ["reports/2018-Q2/level-2-public.xlsx"]


def test_the_public_edition_holds_no_case_id_anywhere(workspace: Workspace) -> None:
    import zipfile

    assert run([*LINE, "--as", "both"]) == 0
    ids = [event["case_id"] for event in make_draw_cases(workspace)]
    page = (workspace.root / "reports" / PERIOD / "level-2-public.html").read_text("utf-8")
    assert not [case for case in ids if case in page]
    found = files(workspace.root)
    for name, content in found.items():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = "".join(archive.read(part).decode("utf-8") for part in archive.namelist())
        if "public" in name:
            assert not [case for case in ids if case in text]


def make_draw_cases(workspace: Workspace) -> list[dict[str, str]]:
    path = workspace.samples_dir(Period.parse(PERIOD), 2) / "draw.json"
    manifest = json.loads(path.read_text("utf-8"))
    return [*manifest["cases"], *manifest["reserve"]]


def test_the_publication_date_stands_on_the_cover(workspace: Workspace) -> None:
    assert run([*LINE, "--published", "2018-09-05", "--internal"]) == 0
    content = files(workspace.root)["reports/2018-Q2/level-2-internal.xlsx"]
    cover = openpyxl.load_workbook(io.BytesIO(content))["Om tilsynet"]
    facts = {row[0].value: row[1].value for row in cover.iter_rows(min_col=1, max_col=2)}
    assert facts["Offentliggjort"] == "5. september 2018"
    assert facts["Stikprøvens id"] == "bbu/2018-Q2/level-2"
    assert facts["Sager"] == "21 udtrukket, 21 gennemgået"


def test_english_when_asked(workspace: Workspace) -> None:
    assert run([*LINE, "--lang", "en", "--public"]) == 0
    content = files(workspace.root)["reports/2018-Q2/level-2-public.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.properties.language == "en-GB"
    assert book.sheetnames[0] == "On one page"


def test_a_published_table_can_be_the_baseline(workspace: Workspace, tmp_path: Path) -> None:
    counts = tmp_path / "borgerraadgiver.csv"
    counts.write_text("question,n_relevant,n_compliant\nUND-01,40,30\nDOK-01,40,10\n", "utf-8")
    assert run([*LINE, "--baseline-counts", str(counts), "--internal"]) == 0
    content = files(workspace.root)["reports/2018-Q2/level-2-internal.xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Data"]
    table = next(iter(sheet.tables.values()))
    headings = [cell.value for cell in sheet[table.ref][0]]
    rows = [dict(zip(headings, (c.value for c in row), strict=True)) for row in sheet[table.ref][1:]]
    found = next(row for row in rows if row["question"] == "DOK-01" and row["domain"] == "all")
    assert (found["baseline_estimate"], found["verdict"]) == (0.25, "fremgang")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--published", "05-09-2018"], 2),
        (["--baseline", "2018-Q2"], 2),
        (["--baseline", "2017-Q4"], 4),
        (["--baseline-counts", "nowhere.csv"], 2),
    ],
)
def test_wrong_use_is_told_and_writes_nothing(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], words: list[str], code: int
) -> None:
    assert run([*LINE, *words]) == code
    assert capsys.readouterr().err.count("\n") >= 2
    assert files(workspace.root) == {}


def test_nothing_reviewed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_workspace(tmp_path)
    make_draw(made, 2, Period.parse(PERIOD))
    monkeypatch.chdir(tmp_path)
    assert run(LINE) == 4
    assert files(tmp_path) == {}


def test_level_1_is_reported_by_the_quarter(workspace: Workspace) -> None:
    for month in ("2018-05", "2018-06"):
        review(workspace, make_draw(workspace, 1, Period.parse(month)).draw)
    assert run(["report", "--level", "1", "--period", "2018-06", "--today", "2018-08-01"]) == 0
    found = files(workspace.root)
    assert sorted(found) == ["reports/2018-Q2/level-1-internal.xlsx", "reports/2018-Q2/level-1-public.xlsx"]
    text = io.BytesIO(found["reports/2018-Q2/level-1-public.xlsx"])
    cells = [c.value for ws in openpyxl.load_workbook(text).worksheets for row in ws.iter_rows() for c in row]
    assert "bbu/2018-05/level-1; bbu/2018-06/level-1" in cells
    # A caseworker's code never stands in a report.
    assert not [value for value in cells if isinstance(value, str) and value.startswith(("AMA0", "NØR1"))]
