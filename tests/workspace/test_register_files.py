"""Which file is a period's register, by the path in the settings and what lies there."""

from datetime import date
from pathlib import Path

import pytest

from tests.builders.workspaces import SETTINGS, make_workspace
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError
from tilsyn.workspace.register_files import register_file
from tilsyn.workspace.registers import given_as_of
from tilsyn.workspace.workspace import Workspace


def of_path(root: Path, path: str, *names: str) -> Workspace:
    """Return a workspace whose register's path is this, with these files, empty ones."""
    settings = SETTINGS.replace('path = "sagsliste.csv"\nas_of = 2018-07-02', f'path = "{path}"')
    workspace = make_workspace(root, settings)
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return workspace


@pytest.mark.parametrize(
    ("path", "names", "period", "found", "as_of"),
    [
        ("s.csv", ["s.csv"], "2018-Q2", "s.csv", None),
        ("{period}.csv", [], "2018-Q2", "2018-Q2.csv", None),
        ("{period}.csv", ["2018-Q2.csv"], "2018-05", "2018-Q2.csv", None),
        ("{period}.csv", ["2018-Q2.csv", "2018-05.csv"], "2018-05", "2018-05.csv", None),
        ("{period}.csv", [], "2018-05", "2018-05.csv", None),
        ("{period}.csv", ["2018-Q2.csv"], "2018-W20", "2018-W20.csv", None),
        ("{period}/2018-07-02.csv", [], "2018-Q2", "2018-Q2/2018-07-02.csv", "2018-07-02"),
        ("r/{period}-{as_of}.csv", ["r/2018-Q2-2018-07-02.csv"], "2018-Q2", "r/2018-Q2-2018-07-02.csv", "2018-07-02"),
        ("r/{period}-{as_of}.csv", ["r/2018-Q2-20180702.csv"], "2018-Q2", "r/2018-Q2-20180702.csv", "2018-07-02"),
        ("r/{period}-{as_of}.csv", ["r/2018-Q2-2018-07-02.csv"], "2018-05", "r/2018-Q2-2018-07-02.csv", "2018-07-02"),
        ("r/{as_of}/s.csv", ["r/2018-07-02/s.csv", "r/x/s.csv"], "2018-Q2", "r/2018-07-02/s.csv", "2018-07-02"),
        # The first after the period's end, whenever it is asked for; else the last before; else the newest.
        ("{as_of}.csv", ["2018-06-30.csv", "2018-07-01.csv", "2018-07-09.csv"], "2018-Q2", "2018-07-01.csv", "2018-07-01"),
        ("{as_of}.csv", ["2018-06-01.csv", "2018-06-28.csv"], "2018-Q2", "2018-06-28.csv", "2018-06-28"),
        ("{as_of}.csv", ["2018-01-01.csv", "2018-09-01.csv"], "2018-Q2", "2018-09-01.csv", "2018-09-01"),
        ("{as_of}.csv", ["2018-07-02.csv", "2018-13-02.csv", "x.csv"], "2018-Q2", "2018-07-02.csv", "2018-07-02"),
    ],
)  # fmt: skip
def test_the_file_of_a_period(tmp_path, path, names, period, found, as_of):
    workspace = of_path(tmp_path, path, *names)
    file = register_file(workspace, Period.parse(period))
    assert file is not None
    assert file.path.relative_to(tmp_path).as_posix() == found
    assert (file.as_of and file.as_of.isoformat()) == as_of
    assert given_as_of(workspace, Period.parse(period)) == file.as_of


def test_without_a_period_the_newest_is_read(tmp_path):
    workspace = of_path(tmp_path, "{as_of}.csv", "2018-06-30.csv", "2018-10-02.csv")
    file = register_file(workspace, None)
    assert file is not None
    assert file.path.name == "2018-10-02.csv"


def test_what_no_path_can_hold_is_told_with_what_it_can(tmp_path):
    with pytest.raises(InputError) as told:
        of_path(tmp_path, "{dag}.csv")
    assert "{period}, {as_of}" in told.value.problems[0].remedy


@pytest.mark.parametrize(
    ("source", "given", "today"),
    [
        ('path = "s.csv"', None, True),
        ('path = "s.csv"', Path("tilsyn.toml"), True),
        ('path = "s.csv"', Path("other.csv"), False),
        ('url = "$REGISTER_URL"\nquery = "select 1"', None, True),
        ('query = "select 1"', "sqlite:///sager.db", True),
    ],
)
def test_a_register_that_is_always_of_today_says_so_of_itself_alone(tmp_path, source, given, today):
    settings = SETTINGS.replace('path = "sagsliste.csv"\nas_of = 2018-07-02', f'{source}\nas_of = "today"')
    workspace = make_workspace(tmp_path, settings)
    clock.set_today(date(2018, 7, 9))
    day = given_as_of(workspace, Period.parse("2018-Q2"), given)
    assert day == (date(2018, 7, 9) if today else None)
