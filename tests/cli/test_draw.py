import csv
import io
import json
from datetime import date

import pytest

from tests.builders.workspaces import make_workspace, register_rows, review, write_register
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.workspace.workspace import Workspace

Q2 = "draw 2 --period 2018-Q2"
DICE = "--seed '6 2 5 1 1 4 3 2 6 5 5 1' --seed-origin 'terningkast, personalemøde 3. juli'"


@pytest.fixture(autouse=True)
def _workspace(tilsyn):
    clock.set_today(date(2018, 7, 3))
    make_workspace(tilsyn.root)
    tilsyn.today = "2018-07-03"


def test_json_holds_the_contract_and_nothing_of_the_register(tilsyn):
    ended = tilsyn("draw 2 --period 2018K2 --format json")
    data = ended.json
    assert list(data) == [
        "schema",
        "draw_id",
        "level",
        "period",
        "seed",
        "algorithm",
        "anchor",
        "tries",
        "source",
        "frame",
        "strata",
        "cases",
        "reserve",
    ]
    assert (data["schema"], data["draw_id"], data["period"]) == (
        "tilsyn/draw/1",
        "bbu/2018-Q2/level-2",
        "2018-Q2",
    )
    assert list(data["frame"]) == ["commitment", "n", "as_of", "left_out"]
    assert list(data["strata"][0]) == [
        "stratum",
        "stratum_size",
        "population_size",
        "sample_size",
        "taken_whole",
    ]
    keys = ["case_id", "stratum", "ticket", "order", "inclusion_probability", "design_weight"]
    assert list(data["cases"][0]) == list(data["reserve"][0]) == keys
    assert data["reserve"][0]["design_weight"] is None
    assert "samples/2018-Q2/level-2/sample.csv" in ended.err
    manifest = json.loads((tilsyn.root / "samples/2018-Q2/level-2/draw.json").read_text("utf-8"))
    assert {key: manifest[key] for key in data if key not in ("frame", "strata", "cases", "reserve")} == {
        key: data[key] for key in data if key not in ("frame", "strata", "cases", "reserve")
    }


def test_csv_and_table_show_the_same_draw(tilsyn):
    drawn = tilsyn("draw 2 --period '2. kvartal 2018' --format csv")
    rows = list(csv.DictReader(io.StringIO(drawn.out)))
    assert [row["role"] for row in rows] == ["sample"] * 21 + ["reserve"] * 8
    again = tilsyn(f"{Q2} --if-missing")
    assert "Stikprøve, niveau 2, 2. kvartal 2018" in again.out
    assert "Østerbro" in again.out
    assert "intet er ændret" in again.err


def test_the_list_for_people_opens_in_danish_excel(tilsyn):
    tilsyn(Q2)
    content = (tilsyn.root / "samples/2018-Q2/level-2/sample.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [
        "Enhed",
        "Stratum",
        "Nr.",
        "Udtrukket som",
        "Sagsnummer",
        "Oprettet",
        "Lukket",
        "Klage",
        "Lodnummer (begyndelsen)",
    ]
    assert [row[3] for row in rows[1:9]] == ["stikprøve"] * 6 + ["reserve"] * 2
    assert rows[1][5] == "03-01-2018"
    assert b"\r\n" in content


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("5 --period 2018-Q2", 4, "intet niveau 5"),
        ("10 --period 2018-Q2", 2, "der er ikke noget niveau 10"),
        ("2 --period foråret", 2, "er ikke en periode"),
        ("2", 2, "--period"),
        ("2 --period 2018-Q2 --replace", 2, "--replace kræver --reason"),
        ("2 --period 2018-Q2 --replace --reason ' '", 2, "--replace kræver --reason"),
        ("2 --period 2018-Q2 --as-of 2018-07", 2, "--as-of"),
        ("2 --period 2018-Q2 --as-of 2018-01-01", 4, "hører ikke til 2. kvartal 2018"),
        ("2 --period 2018-Q3", 4, "ikke slut endnu"),
        ("2 --period 2018-Q2 --at-most 0.5", 2, "hører til --leave-out-errors"),
        ("2 --period 2018-Q2 --leave-out-errors --at-most 5", 2, "--at-most"),
        ("2 --period 2018-Q2 --seed xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 2, "hører sammen"),
        ("2 --period 2018-Q2 --round 0", 2, "mindst 1"),
        ("2 --period 2018-Q2 --seed kort --seed-origin terninger", 4, "kan ikke bruges"),
        ("2 --period 2018-Q2 --replace --reason x", 4, "intet at erstatte"),
        ("3 --period 2018-Q2", 4, "som ikke er trukket"),
        ("2 --period 2017-Q4", 4, "ingen sager"),
        ("2 --period 2017-Q1", 2, "2017-09-01"),
        ("2 --period 2018-Q2 --register findes-ikke.csv", 3, "findes-ikke.csv"),
    ],
)
def test_what_cannot_be_drawn_is_said_with_its_exit_code_and_nothing_changes(tilsyn, arguments, code, said):
    before = sorted(tilsyn.root.rglob("*"))
    ended = tilsyn(f"draw {arguments}", code=code)
    assert ended.out == ""
    assert said in ended.told
    assert sorted(path for path in tilsyn.root.rglob("*") if path.name != ".log.lock") == before


def test_a_register_with_errors_lists_all_of_them(tilsyn):
    write_register(
        tilsyn.root / "sagsliste.csv",
        [*register_rows(), ";Amager;AMA0;03-01-2018;;Nej", "X-1;Amagre;AMA0;99-99-2018;;Nej"],
    )
    err = tilsyn(Q2, code=3).err
    assert "række 109" in err
    assert "række 110" in err
    assert not (tilsyn.root / "samples").exists()
    assert "--at-most 0.05" in tilsyn(f"{Q2} --leave-out-errors", code=4).told
    assert not (tilsyn.root / "samples").exists()
    tilsyn(f"{Q2} --leave-out-errors --at-most 0.02")


def test_an_empty_caseworker_is_an_error_at_level_one_only(tilsyn):
    write_register(tilsyn.root / "sagsliste.csv", [*register_rows(), "X-1;Amager;;03-01-2018;;Nej"])
    assert "række 109" in tilsyn("draw 1 --period 2018-06", code=3).err
    tilsyn(Q2)


def test_another_period_than_the_cadence_is_told(tilsyn):
    assert 'cadence = "quarter"' in tilsyn("draw 2 --period 2018-06").err


def test_what_reports_must_say_is_said_at_once(tilsyn):
    drawn = tilsyn(f"{Q2} {DICE}")
    assert "var ikke skrevet i loggen med `tilsyn check --commit`" in drawn.err
    assert "terningkast, personalemøde 3. juli" in drawn.out
    workspace = Workspace.open(tilsyn.root)
    two = workspace.draws.get(2, Period.parse("2018-Q2"))
    review(workspace, two, list(two.cases["case_id"])[:10])
    assert "11 af 21 sager mangler" in tilsyn("draw 3 --period 2018-Q2", code=4).err
    assert "Der mangler 11 gennemgange" in tilsyn("draw 3 --period 2018-Q2 --allow-incomplete").err


def test_check_commit_then_a_seed_from_dice(tilsyn):
    committed = tilsyn("check --period 2018-Q2 --commit").err
    drawn = tilsyn(f"{Q2} {DICE} --format json")
    assert drawn.json["frame"]["commitment"] in committed
    assert "ikke skrevet i loggen" not in drawn.err


def test_in_english(tilsyn):
    drawn = tilsyn(f"{Q2} --lang en")
    assert "Sample, level 2, quarter 2 of 2018" in drawn.out
    assert "Level 2 is drawn" in drawn.err
    assert (
        (tilsyn.root / "samples/2018-Q2/level-2/sample.csv")
        .read_text("utf-8-sig")
        .startswith("Unit,Stratum,No.,Drawn as,Case number")
    )
