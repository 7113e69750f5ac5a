import sqlite3
from contextlib import closing
from datetime import date

import pytest

from tests.builders.workspaces import SETTINGS, make_workspace, register_rows, write_register
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Refused
from tilsyn.procedure.draw import make_draw
from tilsyn.procedure.draw_frame import facts_of
from tilsyn.procedure.draw_source import frame_of, level_plan
from tilsyn.procedure.verify import verify_draw

Q2, JUNE = Period.parse("2018-Q2"), Period.parse("2018-06")


@pytest.fixture
def workspace(tmp_path):
    clock.set_today(date(2018, 7, 3))
    return make_workspace(tmp_path)


def test_the_registers_frame_is_counted_by_stratum_in_the_order_of_bytes(workspace):
    frame = frame_of(workspace, level_plan(workspace, 2, Q2), Q2)
    assert list(frame.sizes.items()) == [
        ("Amager", 36),
        ("Døgnvagten", 11),
        ("Nørrebro", 27),
        ("Østerbro", 23),
    ]
    assert frame.units == {name: name for name in frame.sizes}
    assert frame.left_out == {"closed_before_period": 10}
    assert frame.origin["kind"] == "csv"
    assert frame.population is None


def test_another_register_can_be_given(workspace, tmp_path):
    other = write_register(tmp_path / "other.csv", register_rows()[:40])
    assert frame_of(workspace, level_plan(workspace, 2, Q2), Q2, register=other).sizes == {"Amager": 36}


def test_level_one_needs_a_column_of_caseworkers(tmp_path):
    workspace = make_workspace(tmp_path, SETTINGS.replace(', caseworker = "Sagsbehandler"', ""))
    with pytest.raises(Refused, match="ingen kolonne med sagsbehandler"):
        frame_of(workspace, level_plan(workspace, 1, JUNE), JUNE)
    assert sum(frame_of(workspace, level_plan(workspace, 2, Q2), Q2).sizes.values()) == 97


def test_problems_name_the_registers_file(workspace):
    write_register(workspace.root / "sagsliste.csv", [*register_rows(), ";Amager;AMA0;03-01-2018;;Nej"])
    with pytest.raises(InputError) as caught:
        frame_of(workspace, level_plan(workspace, 2, Q2), Q2)
    assert caught.value.problems[0].file == "sagsliste.csv"


def test_facts_are_text_and_never_the_caseworker(workspace):
    frame = frame_of(workspace, level_plan(workspace, 1, JUNE), JUNE)
    facts = facts_of(frame, ["2018-AM000", "2018-ØS009"])
    assert facts == {
        "2018-AM000": {"unit": "Amager", "facts": {"opened": "2018-01-03", "closed": None, "complaint": "Ja"}}
    }
    assert facts_of(frame, []) == {}


def test_a_database_register_keeps_no_frame_and_still_verifies(tmp_path):
    clock.set_today(date(2018, 7, 3))
    tmp_path.joinpath("w").mkdir()
    with closing(sqlite3.connect(tmp_path / "w" / "cases.db")) as database, database:
        database.execute("CREATE TABLE cases (Sagsnr, Enhed, Sagsbehandler, Oprettet, Lukket, Klage)")
        database.executemany(
            "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?)", [row.split(";") for row in register_rows()]
        )
    url = f'url = "sqlite:///{tmp_path}/w/cases.db"\nquery = "SELECT * FROM cases"'
    workspace = make_workspace(tmp_path / "w", SETTINGS.replace('path = "sagsliste.csv"', url))
    draw = make_draw(workspace, 2, Q2).draw
    assert sorted(path.name for path in draw.path.iterdir()) == ["draw.json", "reviews", "sample.csv"]
    assert draw.manifest["source"] | {"name": ""} == {"name": "", "kind": "database", "sha256": None}
    assert verify_draw(workspace, draw).checked[0] == "commitment"
    assert verify_draw(workspace, draw).difference is None
    # The same cases in a file are the same frame.
    assert verify_draw(workspace, draw, tmp_path / "w" / "sagsliste.csv").difference is None
