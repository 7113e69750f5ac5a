"""`--quiet`: what is done or found is told, and nothing else."""

from __future__ import annotations

import pytest

from tests.builders.workspaces import (
    Q2,
    SMALL_HEADINGS,
    SMALL_ROWS,
    SMALL_SETTINGS,
    make_workspace,
    review,
)
from tilsyn.workspace.workspace import Workspace


def test_a_night_with_nothing_to_do_is_silent(tilsyn):
    """Each line does something the first time, which is told, and nothing the second."""
    workspace = make_workspace(tilsyn.root, SMALL_SETTINGS, SMALL_ROWS, SMALL_HEADINGS)
    tilsyn.today = "2018-07-03"
    lines = [
        "draw 2 --period 2018-Q2 --if-missing",
        "checklists 2 --period 2018-Q2",
        "report --level 2 --period 2018-Q2 --internal",
        "map emne=Sagstype",
    ]
    for line in lines:
        if line.startswith("report"):
            review(workspace, Workspace.open(tilsyn.root).draws.get(2, Q2))
        assert tilsyn(f"{line} --quiet").out, line
        again = tilsyn(f"{line} --quiet")
        assert (again.out, again.err) == ("", ""), line


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("load", False),
        ("letters 2 --period 2018-Q2 --reminder --today 2018-07-20", False),
        ("letters 2 --period 2018-Q2", True),
        ("verify --all", False),
        ("check --period 2018-Q2", False),
        ("check --period 2018-Q2 --commit", True),
        ("init", False),
        ("catalogue validate checklists/serviceloven.toml", False),
        ("status --fail-overdue", False),
        # Whoever asks for a table has one.
        ("status", True),
        ("plan show", True),
        ("map", True),
        ("log", True),
    ],
)
def test_a_check_that_finds_nothing_is_silent_and_a_question_is_answered(workspace, tilsyn, line, told):
    ended = tilsyn(f"{line} --quiet")
    assert (ended.out != "", ended.err) == (told, "")


def test_a_check_that_finds_something_is_told(workspace, tilsyn):
    tilsyn.today = "2019-07-20"
    assert tilsyn("status --fail-overdue --quiet", code=5).out
    (Workspace.open(tilsyn.root).log.path).write_text("{}\n")
    assert tilsyn("verify --all --quiet", code=5).out
