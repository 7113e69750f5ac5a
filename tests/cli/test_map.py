"""`tilsyn map`: the column map is changed, and nothing else in `tilsyn.toml`."""

from __future__ import annotations

import pytest

from tests.builders.command_line import CommandLine
from tilsyn.workspace.workspace import Workspace

REGISTER = "Sagsnr;Hold;Team;Oprettet\n" + "".join(f"S{n};H{n % 2};T{n % 3};01-04-2018\n" for n in range(30))


@pytest.fixture
def mapped(tilsyn: CommandLine) -> CommandLine:
    """A workspace whose register has a team for its unit."""
    tilsyn.write("sager.csv", REGISTER)
    tilsyn("init --register sager.csv --map unit=Team")
    return tilsyn


def settings(tilsyn: CommandLine) -> str:
    return (tilsyn.root / "tilsyn.toml").read_text("utf-8")


def test_a_heading_is_changed_in_its_own_line(mapped: CommandLine) -> None:
    before = settings(mapped).replace('"Team"', '"Team"  # aftalt i maj')
    mapped.write("tilsyn.toml", before)
    ended = mapped("map unit=hold --format json").json
    assert ended["changes"] == [{"column": "unit", "before": "Team", "after": "Hold"}]
    assert settings(mapped) == before.replace('"Team"  # aftalt', '"Hold"  # aftalt')
    assert {unit["unit"] for unit in mapped("check --period 2018-Q2 --format json").json["units"]} == {
        "H0",
        "H1",
    }


def test_a_new_column_stands_below_the_others(mapped: CommandLine) -> None:
    before = settings(mapped)
    mapped("map department=Hold")
    opened = 'opened  = "Oprettet"\n'
    assert settings(mapped) == before.replace(opened, f'{opened}department = "Hold"\n')


def test_a_second_run_changes_nothing(mapped: CommandLine) -> None:
    mapped("map unit=Hold")
    before = settings(mapped)
    assert "Intet er ændret." in mapped("map unit=Hold").shown
    assert "Hold" in mapped("map").shown
    assert settings(mapped) == before


def test_a_heading_is_taken_from_the_column_that_had_it(mapped: CommandLine) -> None:
    ended = mapped("map department=Team unit=Hold").shown
    assert "unit er nu »Hold«; før var det »Team«." in ended
    mapped("map unit=Team")
    assert Workspace.open(mapped.root).settings.register.columns == {
        "case_id": "Sagsnr",
        "unit": "Team",
        "opened": "Oprettet",
    }


def test_a_column_of_units_takes_the_place_of_the_one_unit(tilsyn: CommandLine) -> None:
    tilsyn.write("sager.csv", "Sagsnr;Hold\n1;A\n2;B\n")
    tilsyn("init --register sager.csv --unit 'Hele organisationen'")
    assert tilsyn("check --period 2018-Q2 --format json").json["units"] == [
        {"unit": "Hele organisationen", "n": 2}
    ]
    tilsyn("map unit=Hold")
    register = Workspace.open(tilsyn.root).settings.register
    assert (register.unit, register.columns["unit"]) == (None, "Hold")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("unit=Tem", 2, "Mente du »Team«?"),
        ("unit", 2, "»unit« er ikke NAVN=OVERSKRIFT"),
        ("unit=Team unit=Hold", 2, "»unit« er givet to gange"),
        ("unit=Hold department=Hold", 2, "Hold"),
        ("Enhed=Hold", 2, "»Enhed«"),
        ("case_id=Team unit=Sagsnr opened=Hold", 0, ""),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    mapped: CommandLine, line: str, code: int, said: str
) -> None:
    before = settings(mapped)
    assert said in mapped(f"map {line}", code=code).told
    assert (settings(mapped) == before) == (code != 0)


def test_windows_line_ends_and_mark_are_kept(mapped: CommandLine) -> None:
    text = settings(mapped).replace("\n", "\r\n")
    (mapped.root / "tilsyn.toml").write_bytes(("\ufeff" + text).encode())
    mapped("map department=Hold unit=Team")
    after = (mapped.root / "tilsyn.toml").read_bytes().decode()
    assert after.startswith("\ufeff#")
    assert after.count("\n") == after.count("\r\n") == text.count("\n") + 1


def test_a_map_of_another_shape(mapped: CommandLine) -> None:
    mapped.write(
        "tilsyn.toml",
        'register = { path = "sager.csv", columns = { case_id = "Sagsnr", unit = "Team" } }\n'
        '[[plan]]\nvalid_from = 2017-09-01\n[plan.levels.2]\ncadence = "quarter"\nper_unit = 2\n',
    )
    mapped("map opened=Oprettet")
    assert Workspace.open(mapped.root).settings.register.columns["opened"] == "Oprettet"


def test_without_a_register_the_headings_are_taken_as_they_are_written(tilsyn: CommandLine) -> None:
    tilsyn("init")
    ended = tilsyn("map case_id=Sag unit=Team")
    assert "Registret kunne ikke ses efter" in ended.told
    assert Workspace.open(tilsyn.root).settings.register.columns == {"case_id": "Sag", "unit": "Team"}
