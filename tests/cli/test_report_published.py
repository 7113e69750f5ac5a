"""A published report is never overwritten, its baseline is remembered, and an unfinished one says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders.workspaces import LOADED_ON, draw, make_small_workspace, review
from tilsyn.base import clock
from tilsyn.cli.app import run
from tilsyn.procedure import report as procedure
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import Log
from tilsyn.workspace.workspace import Workspace

LINE = ["report", "--level", "2", "--period", "2018-Q2", "--today", "2018-08-01"]
PUBLISHED = ["--published", "2018-09-05"]
FOLDER = "reports/2018-Q2/"


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Workspace, Draw]:
    """A reviewed round of the second quarter; nobody has spoken of a baseline."""
    made, found = make_small_workspace(tmp_path)
    review(made, found)
    monkeypatch.chdir(tmp_path)
    return made, found


@pytest.fixture
def two_rounds(drawn: tuple[Workspace, Draw]) -> Workspace:
    """The same, with a reviewed round of the quarter before."""
    workspace = drawn[0]
    review(workspace, draw(workspace, 2, "2018-Q1", reason="udgangspunkt"), no={"*": "UND-01"})
    return workspace


def report(capsys: pytest.CaptureFixture[str], *words: str, edition: str = "internal") -> dict[str, Any]:
    """Return the file that was written, and what was told."""
    capsys.readouterr()
    assert run([*LINE, "--edition", edition, *words, "--format", "json"]) == 0
    told = capsys.readouterr()
    (file,) = json.loads(told.out)["files"]
    return {**file, "told": told.err}


def reported(workspace: Workspace) -> list[dict[str, Any]]:
    return [event for event in Log(workspace.root).events if event["event"] == "reported"]


def cells(path: Path, sheet: str) -> dict[str, str]:
    import openpyxl

    rows = openpyxl.load_workbook(path)[sheet].iter_rows(min_col=1, max_col=2, values_only=True)
    return {str(name): str(text) for name, text in rows}


def test_a_published_report_is_replaced_beside_it(
    drawn: tuple[Workspace, Draw], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, found = drawn
    first = report(capsys, *PUBLISHED)
    assert (first["file"], first["state"]) == (FOLDER + "level-2-internal.xlsx", "written")
    before = (workspace.root / first["file"]).read_bytes()
    review(workspace, found, no={"*": "UND-01"})
    second = report(capsys, "--published", "2018-10-01")
    assert second["file"] == FOLDER + "level-2-internal.2.xlsx"
    assert "er offentliggjort og er ikke rørt" in second["told"]
    assert (workspace.root / first["file"]).read_bytes() == before
    facts = cells(workspace.root / second["file"], "Om tilsynet")
    assert facts["Erstatter rapporten"] == f"{first['file']}, offentliggjort 5. september 2018"
    event = reported(workspace)[-1]
    assert event["replaces"] == {"file": first["file"], "published": "2018-09-05"}
    review(workspace, found, no={"*": "DOK-01"})
    assert report(capsys)["file"] == FOLDER + "level-2-internal.3.xlsx"
    assert run(["verify", "--all"]) == 0


def test_a_rerun_of_a_published_report_writes_nothing_with_or_without_its_date(
    drawn: tuple[Workspace, Draw], capsys: pytest.CaptureFixture[str]
) -> None:
    report(capsys, *PUBLISHED)
    logged = reported(drawn[0])
    for words in ((), PUBLISHED):
        again = report(capsys, *words)
        assert (again["file"], again["state"]) == (FOLDER + "level-2-internal.xlsx", "unchanged")
    assert reported(drawn[0]) == logged


def test_one_that_is_not_published_is_written_anew_and_keeps_what_it_replaces(
    drawn: tuple[Workspace, Draw], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, found = drawn
    report(capsys, *PUBLISHED)
    review(workspace, found, no={"*": "UND-01"})
    assert report(capsys)["file"] == FOLDER + "level-2-internal.2.xlsx"
    review(workspace, found, no={"*": "DOK-01"})
    again = report(capsys)
    assert (again["file"], again["state"]) == (FOLDER + "level-2-internal.2.xlsx", "written")
    assert reported(workspace)[-1]["replaces"]["file"] == FOLDER + "level-2-internal.xlsx"
    last = report(capsys, "--published", "2018-11-01")
    assert last["file"] == FOLDER + "level-2-internal.2.xlsx"
    assert sorted(path.name for path in (workspace.root / FOLDER).iterdir()) == [
        "level-2-internal.2.xlsx",
        "level-2-internal.xlsx",
    ]


def test_a_published_file_that_is_gone_comes_back_as_it_was(
    drawn: tuple[Workspace, Draw], capsys: pytest.CaptureFixture[str]
) -> None:
    path = drawn[0].root / report(capsys, *PUBLISHED)["file"]
    before = path.read_bytes()
    path.unlink()
    assert report(capsys)["state"] == "written"
    assert path.read_bytes() == before


def test_each_edition_and_form_has_its_own_number(
    drawn: tuple[Workspace, Draw], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, found = drawn
    report(capsys, *PUBLISHED)
    review(workspace, found, no={"*": "UND-01"})
    assert report(capsys)["file"] == FOLDER + "level-2-internal.2.xlsx"
    assert report(capsys, edition="public")["file"] == FOLDER + "level-2-public.xlsx"
    assert report(capsys, "--as", "html")["file"] == FOLDER + "level-2-internal.html"


def test_who_writes_at_the_same_time_gets_the_next_number(
    drawn: tuple[Workspace, Draw], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, found = drawn
    report(capsys, *PUBLISHED)
    review(workspace, found, no={"*": "UND-01"})
    lay_out = procedure.build
    others = ["--published", "2018-10-01"]

    def meanwhile(*given: Any) -> Any:
        """Another command writes a published report while this one lays its own out."""
        if others:
            words = [others.pop(0), others.pop(0)]
            assert run([*LINE, "--edition", "internal", *words, "--format", "json"]) == 0
        return lay_out(*given)

    monkeypatch.setattr(procedure, "build", meanwhile)
    assert run([*LINE, "--edition", "internal", "--published", "2018-10-02"]) == 0
    names = [event["file"].rpartition("/")[2] for event in reported(workspace)]
    assert names == ["level-2-internal.xlsx", "level-2-internal.2.xlsx", "level-2-internal.3.xlsx"]


def test_the_baseline_of_the_last_report_is_remembered(
    two_rounds: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    first = report(capsys, "--baseline", "2018-Q1", *PUBLISHED)
    again = report(capsys)
    assert (again["file"], again["state"]) == (first["file"], "unchanged")
    assert "Udgangspunktet er 1. kvartal 2018, som i den seneste rapport" in again["told"]
    assert report(capsys, "--baseline", "none")["file"].endswith(".2.xlsx")
    event = reported(two_rounds)[-1]
    assert (event["settings"]["baseline"], event["settings"]["baseline_period"]) == (None, None)
    none = report(capsys)
    assert none["state"] == "unchanged"
    assert "Der sammenlignes ikke" in none["told"]


def test_the_levels_last_reports_name_the_baseline_of_a_new_period(
    two_rounds: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    report(capsys, "--baseline", "2018-Q1")
    clock.set_today(LOADED_ON.replace(month=10))
    third = draw(two_rounds, 2, "2018-Q3", reason="prøve")
    review(two_rounds, third)
    capsys.readouterr()
    line = ["report", "--level", "2", "--period", "2018-Q3", "--today", "2018-11-01", "--edition", "public"]
    assert run(line) == 0
    assert "Udgangspunktet er 1. kvartal 2018" in capsys.readouterr().err
    assert reported(two_rounds)[-1]["settings"]["baseline_period"] == "2018-Q1"


def test_the_flags_of_before_and_danish_words_name_an_edition(
    drawn: tuple[Workspace, Draw], capsys: pytest.CaptureFixture[str]
) -> None:
    for words, edition in (
        (["--public"], "public"),
        (["--offentlig"], "public"),
        (["--internal"], "internal"),
        (["--udgave", "offentlig"], "public"),
        (["--edition", "internal", "--internal"], "internal"),
    ):
        capsys.readouterr()
        assert run([*LINE, *words, "--format", "json"]) == 0
        assert [file["edition"] for file in json.loads(capsys.readouterr().out)["files"]] == [edition]
    assert run([*LINE, "--edition", "internal", "--public"]) == 2
    assert "--edition" in capsys.readouterr().err
    assert run(["report", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--edition" in shown
    assert "--public" not in shown.replace("--edition public", "")


def test_an_unfinished_round_says_so_in_the_terminal_and_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, found = make_small_workspace(tmp_path)
    monkeypatch.chdir(tmp_path)
    north = found.cases.loc[found.cases["unit"] == "Nord", "case_id"].tolist()
    review(workspace, found, north[:2])
    said = "FORELØBIG: Syd mangler: ingen af de 3 sager er gennemgået; i Nord mangler 1 af 3 sager."
    assert said in report(capsys)["told"]
    assert run(["compliance", "--level", "2", "--period", "2018-Q2"]) == 0
    assert said in " ".join(capsys.readouterr().err.split())
    review(workspace, found)
    assert "FORELØBIG" not in report(capsys)["told"]


@pytest.mark.parametrize("form", ["xlsx", "html"])
def test_a_case_number_that_would_stand_in_the_public_edition_is_refused_and_nothing_written(
    drawn: tuple[Workspace, Draw], capsys: pytest.CaptureFixture[str], form: str
) -> None:
    workspace, found = drawn
    # The file's name is what the table is called in the report.
    counts = workspace.root / f"{found.cases['case_id'].iloc[0]}.csv"
    counts.write_text("question,n_relevant,n_compliant\nUND-01,40,30\n", "utf-8")
    line = [*LINE, "--baseline-counts", str(counts), "--as", form]
    assert run(line) == 4
    told = capsys.readouterr().err
    assert "et sagsnummer: Kort fortalt; Sagsskridt" in told
    assert not (workspace.root / "reports").exists()
    assert reported(workspace) == []
    assert run([*line, "--edition", "internal"]) == 0


def test_status_proposes_a_baseline_where_there_is_one_and_the_plan_names_none(
    two_rounds: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    proposal = 'Skriv baseline = "2018-Q1" under niveauet'
    assert run(["status", "--today", "2018-08-01"]) == 0
    assert proposal in " ".join(capsys.readouterr().err.split())
    settings = two_rounds.root / "tilsyn.toml"
    text = settings.read_text("utf-8").replace("per_unit = 3", 'per_unit = 3\nbaseline = "2018-Q1"')
    settings.write_text(text, "utf-8")
    assert run(["status", "--today", "2018-08-01"]) == 0
    assert proposal not in " ".join(capsys.readouterr().err.split())
