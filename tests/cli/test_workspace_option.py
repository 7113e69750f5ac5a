"""`--workspace`: every command from anywhere."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.builders.workspaces import (
    SMALL_HEADINGS,
    SMALL_ROWS,
    SMALL_SETTINGS,
    copy_small_workspace,
    make_workspace,
    review,
)
from tilsyn.base.place import given_workspace, working_in
from tilsyn.cli.app import COMMANDS


@pytest.fixture
def there(small_made, tilsyn):
    """Make a workspace beside the folder that the command line is in, and return how to name it."""
    root = tilsyn.root.parent / f"{tilsyn.root.name}-workspace"
    workspace, draw = copy_small_workspace(small_made, root)
    review(workspace, draw)
    tilsyn.today = "2018-08-20"
    return f"--workspace ../{root.name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_it(tilsyn, name):
    assert "--workspace" in tilsyn(f"{name} --help --lang en").out


def test_commands_work_from_elsewhere(tilsyn, there):
    lines = [
        "status --files",
        "check --period 2018-Q2",
        "draw 2 --period 2018-Q2 --if-missing",
        "letters 2 --period 2018-Q2",
        "load",
        "compliance --level 2 --period forrige",
        "verify --all",
        "catalogue list",
        "plan show",
        "map",
        "log",
    ]
    for line in lines:
        told = tilsyn(f"{line} --format json {there}").json
        assert told["schema"].startswith("tilsyn/")
    assert told["count"] == 4
    assert tilsyn.files() == {}


def test_what_is_named_on_the_command_line_is_found_from_here(tilsyn, there):
    folder = f"{there.split()[1]}/samples/2018-Q2/level-2"
    tilsyn(f"verify {folder} {there}")
    tilsyn(f"export out {there}")
    assert (tilsyn.root / "out" / "csv").is_dir()
    tilsyn(f"load {there} --inbox nowhere", code=3)


def test_a_path_that_is_told_can_be_used_here(tilsyn, there, monkeypatch):
    root = (Path.cwd() / there.split()[1]).resolve()
    told = {
        "checklists 2 --period 2018-Q2": "checklists/2018-Q2/level-2/nord.xlsx",
        "dossier --period 2018-Q2": "reports/2018-Q2/dossier/kontrol.html",
        "feedback --level 2 --period 2018-Q2": "reports/2018-Q2/feedback/level-2",
    }
    for line, found in told.items():
        assert str(root / found) in tilsyn(f"{line} {there} --width 400").shown
    monkeypatch.chdir(root.parent)
    assert f" {root.name}/{found}" in tilsyn(f"{line} --workspace {root.name} --width 400").shown
    monkeypatch.chdir(root)
    assert f" {found}" in tilsyn(f"{line} --width 400").shown


def test_it_stands_before_or_after_the_command_and_in_danish(tilsyn, there):
    folder = there.split()[1]
    lines = [
        f"{there} status",
        f"status {there}",
        f"status --workspace={folder}",
        f"status --arbejdsmappe {folder}",
        f"--workspace nowhere status {there}",
    ]
    assert len({tilsyn(line).out for line in lines}) == 1


def test_it_is_the_workspaces_own_language(tilsyn, there):
    root = Path.cwd() / there.split()[1]
    settings = root / "tilsyn.toml"
    settings.write_text(settings.read_text("utf-8").replace('"da"', '"en"'), "utf-8")
    tilsyn.write("tilsyn.toml", SMALL_SETTINGS)
    for line in (f"status {there}", f"{there} status", f"status --workspace={root}"):
        assert "Level" in tilsyn(line).out
    assert "Niveau" in tilsyn(f"status {there} --lang da").out


@pytest.mark.parametrize("line", ["status", "catalogue list", "load", "plan allocate --budget 20"])
@pytest.mark.parametrize("folder", ["nowhere", "empty", "settings.txt"])
def test_a_folder_that_is_no_workspace_is_refused_by_name(tilsyn, small_made, line, folder):
    # Neither the workspace that one stands in nor the one above is taken for it.
    copy_small_workspace(small_made, tilsyn.root)
    (tilsyn.root / "empty").mkdir()
    tilsyn.write("settings.txt", "")
    told = tilsyn(f"{line} --workspace {folder}", code=2).told
    assert f"der er ingen tilsyn.toml i {tilsyn.root / folder}" in told


def test_a_workspace_can_be_made_there(tilsyn):
    tilsyn("init --workspace new/here")
    assert (tilsyn.root / "new/here/tilsyn.toml").is_file()
    assert "to gange" in tilsyn("init other --workspace new/here", code=2).told
    assert not (tilsyn.root / "other").exists()


def test_a_command_within_a_command_has_its_own():
    with working_in(Path("outer")):
        with working_in(None):
            assert given_workspace() is None
        assert given_workspace() == Path("outer")
    assert given_workspace() is None


@pytest.mark.parametrize("url", ["sqlite:///data/cases.db", "file:data/address.txt"])
def test_what_the_settings_say_of_files_is_found_from_the_workspace(tilsyn, url):
    root = tilsyn.root / "workspace"
    lines = f'url = "{url}"\nquery = "SELECT * FROM cases"'
    make_workspace(root, SMALL_SETTINGS.replace('path = "sagsliste.csv"', lines), SMALL_ROWS, SMALL_HEADINGS)
    tilsyn.write("workspace/data/address.txt", "sqlite:///data/cases.db\n")
    with sqlite3.connect(root / "data/cases.db") as database:
        database.execute("CREATE TABLE cases (Sagsnr TEXT, Enhed TEXT, Sagstype TEXT)")
        database.executemany("INSERT INTO cases VALUES (?, ?, ?)", [row.split(";") for row in SMALL_ROWS])
    database.close()
    assert tilsyn("check --period 2018-Q2 --workspace workspace --format json").json["n_cases"] == 20
    tilsyn("draw 2 --period 2018-Q2 --workspace workspace --today 2018-07-03")
    # The address is told as it was written, wherever the workspace is.
    assert '"sqlite:///data/cases.db"' in (root / "samples/2018-Q2/level-2/draw.json").read_text("utf-8")
