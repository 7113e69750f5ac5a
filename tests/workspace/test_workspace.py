"""The workspace: found from below, with its paths and the plan of each period."""

from __future__ import annotations

from pathlib import Path

import pytest

from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.workspace.workspace import Workspace

TEXT = """
[register]
path = "sager-{period}.csv"
[[plan]]
valid_from = 2018-10-01
levels = { 2 = { cadence = "half", per_unit = 15 } }
[[plan]]
valid_from = 2017-09-01
levels = { 2 = { cadence = "quarter", per_unit = 20 } }
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "tilsyn.toml").write_text(TEXT, encoding="utf-8")
    return Workspace.open(tmp_path)


def test_a_workspace_is_found_from_a_folder_in_it(tmp_path: Path, workspace: Workspace) -> None:
    below = tmp_path / "samples" / "2018-Q2"
    below.mkdir(parents=True)
    assert Workspace.open(below).root == workspace.root


def test_without_a_workspace_the_command_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"tilsyn\.toml"):
        Workspace.open(tmp_path)


@pytest.mark.parametrize(
    ("period", "size"),
    [
        ("2017-Q4", 20),
        ("2018-Q3", 20),
        ("2018-Q4", 15),
        ("2019-H1", 15),
    ],
)
def test_a_period_has_the_plan_that_was_in_force_when_it_began(
    workspace: Workspace, period: str, size: int
) -> None:
    assert workspace.plan_for(Period.parse(period)).levels[2].per_unit == size


def test_a_period_before_the_first_plan(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="2017-09-01"):
        workspace.plan_for(Period.parse("2017-Q3"))


def test_paths(workspace: Workspace) -> None:
    period = Period.parse("2018-Q2")
    assert workspace.samples_dir(period, 2) == workspace.root / "samples/2018-Q2/level-2"
    assert workspace.samples_dir(period, 2, 3) == workspace.root / "samples/2018-Q2/level-2.3"
    assert workspace.checklists_dir(period, 1) == workspace.root / "checklists/2018-Q2/level-1"
    assert workspace.reports_dir(period) == workspace.root / "reports/2018-Q2"
    assert workspace.log.path == workspace.root / "samples/log.jsonl"
    assert workspace.catalogues_dir == workspace.root / "checklists"
