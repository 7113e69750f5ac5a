import shutil
from dataclasses import replace
from datetime import date

import pytest

from tests.builders.workspaces import make_workspace
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Refused, UsageError
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.workspace.draws import read_draw
from tilsyn.workspace.workspace import Workspace

Q2 = Period.parse("2018-Q2")


@pytest.fixture
def workspace(tmp_path):
    clock.set_today(date(2018, 7, 3))
    return make_workspace(tmp_path)


def test_a_draw_is_read_back_as_tables(workspace):
    make_draw(workspace, 2, Q2)
    draw = workspace.draws.get(2, Q2)
    assert (draw.draw_id, draw.level, draw.attempt, draw.period, draw.made_on) == (
        "bbu/2018-Q2/level-2",
        2,
        1,
        Q2,
        date(2018, 7, 3),
    )
    columns = ["case_id", "stratum", "unit", "ticket", "order", "inclusion_probability", "design_weight"]
    assert list(draw.cases.columns) == [*columns, "opened", "closed", "complaint"]
    assert list(draw.reserve.columns) == list(draw.cases.columns)
    assert list(draw.strata.columns) == [
        "stratum",
        "unit",
        "stratum_size",
        "population_size",
        "sample_size",
        "taken_whole",
    ]
    assert draw.cases.dtypes.astype(str).to_dict() | {"opened": "", "closed": "", "complaint": ""} == {
        "case_id": "str",
        "stratum": "str",
        "unit": "str",
        "ticket": "str",
        "order": "int64",
        "inclusion_probability": "float64",
        "design_weight": "float64",
        "opened": "",
        "closed": "",
        "complaint": "",
    }
    assert draw.question_set.legal
    assert sorted(path.name for path in draw.path.iterdir()) == [
        "draw.json",
        "frame.parquet",
        "reviews",
        "sample.csv",
    ]


def test_tables_of_a_draw_without_cases_have_their_columns(workspace):
    made = make_draw(workspace, 2, Q2).draw
    empty = replace(made, manifest={**made.manifest, "reserve": []})
    assert list(empty.reserve.columns)[:4] == ["case_id", "stratum", "unit", "ticket"]
    assert empty.reserve.empty


def test_draws_are_listed_by_period_and_level(workspace):
    for level, period in ((2, "2018-Q2"), (1, "2018-05"), (2, "2018-Q1")):
        covered = Period.parse(period)
        make_draw(workspace, level, covered, DrawRequest(as_of=covered.end))
    assert [(d.level, d.period.canonical) for d in workspace.draws.in_force()] == [
        (2, "2018-Q1"),
        (2, "2018-Q2"),
        (1, "2018-05"),
    ]


def test_half_made_and_foreign_folders_are_no_draws(workspace):
    for name in (".level-2.abc.tmp", "level-10", "level-2.x", "notes"):
        (workspace.root / "samples" / "2018-Q2" / name).mkdir(parents=True)
        (workspace.root / "samples" / "2018-Q2" / name / "draw.json").write_text("{}")
    assert workspace.draws.in_force() == []
    assert workspace.draws.find(2, Q2) is None
    with pytest.raises(Refused, match="ikke trukket"):
        workspace.draws.get(2, Q2)


@pytest.mark.parametrize("put", [shutil.copytree, shutil.move])
def test_a_draw_in_the_folder_of_another_gives_no_figures(workspace, put):
    make_draw(workspace, 1, Period.parse("2018-06"))
    make_draw(workspace, 2, Q2)
    put(workspace.root / "samples/2018-06/level-1", workspace.root / "samples/2018-06/level-2")
    again = Workspace.open(workspace.root)
    with pytest.raises(Refused, match="står i mappen level-2, som ikke er dens egen"):
        again.draws.in_force(2)
    with pytest.raises(Refused, match="som ikke er dens egen"):
        again.draws.get(2, Period.parse("2018-06"))
    assert again.draws.get(2, Q2).level == 2


def test_a_second_folder_of_the_same_name_never_replaces_the_first(workspace):
    made = make_draw(workspace, 2, Q2).draw
    before = {path.name: path.read_bytes() for path in made.path.iterdir() if path.is_file()}
    with pytest.raises(Refused):
        workspace.draws.save(made.path, replace(made.record, seed="other"), None)
    assert {path.name: path.read_bytes() for path in made.path.iterdir() if path.is_file()} == before
    assert [path.name for path in made.path.parent.iterdir()] == ["level-2"]


def test_what_cannot_be_read_as_a_draw_is_said(workspace, tmp_path):
    with pytest.raises(UsageError, match="ingen udtrækning"):
        read_draw(tmp_path / "nowhere")
    for content in ("", "[]", '{"schema": "tilsyn/report/1"}'):
        (tmp_path / "draw.json").write_text(content)
        with pytest.raises(InputError):
            read_draw(tmp_path)
