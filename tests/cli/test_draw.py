import csv
import io
import json
from datetime import date

import pytest

from tests.builders.workspaces import make_workspace, register_rows, review, write_register
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.cli.app import run
from tilsyn.workspace.draws import load_draw
from tilsyn.workspace.workspace import Workspace

DAY = ("--today", "2018-07-03")


@pytest.fixture
def root(tmp_path, monkeypatch):
    clock.set_today(date(2018, 7, 3))
    make_workspace(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def draw(*arguments: str) -> int:
    return run(["draw", *arguments, *DAY])


def test_json_holds_the_contract_and_nothing_of_the_register(root, capsys):
    assert draw("2", "--period", "2018K2", "--format", "json") == 0
    out, err = capsys.readouterr()
    data = json.loads(out)
    assert list(data) == [
        "schema",
        "draw_id",
        "level",
        "period",
        "seed",
        "algorithm",
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
    assert "samples/2018-Q2/level-2/sample.csv" in err
    manifest = json.loads((root / "samples/2018-Q2/level-2/draw.json").read_text("utf-8"))
    assert {key: manifest[key] for key in data if key not in ("frame", "strata", "cases", "reserve")} == {
        key: data[key] for key in data if key not in ("frame", "strata", "cases", "reserve")
    }


def test_csv_and_table_show_the_same_draw(root, capsys):
    assert draw("2", "--period", "2. kvartal 2018", "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["role"] for row in rows] == ["sample"] * 21 + ["reserve"] * 8
    assert draw("2", "--period", "2018-Q2", "--if-missing") == 0
    out, err = capsys.readouterr()
    assert "Stikprøve, niveau 2, 2. kvartal 2018" in out
    assert "Østerbro" in out
    assert "intet er ændret" in err


def test_the_list_for_people_opens_in_danish_excel(root):
    draw("2", "--period", "2018-Q2")
    content = (root / "samples/2018-Q2/level-2/sample.csv").read_bytes()
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
        (["5", "--period", "2018-Q2"], 2, "Niveauet skal være 1, 2, 3 eller 4"),
        (["2", "--period", "foråret"], 2, "er ikke en periode"),
        (["2"], 2, "--period"),
        (["2", "--period", "2018-Q2", "--replace"], 2, "hører sammen"),
        (["2", "--period", "2018-Q2", "--reason", "x"], 2, "hører sammen"),
        (["2", "--period", "2018-Q2", "--seed", "x" * 30], 2, "hører sammen"),
        (["2", "--period", "2018-Q2", "--round", "0"], 2, "mindst 1"),
        (["2", "--period", "2018-Q2", "--seed", "kort", "--seed-origin", "terninger"], 4, "kan ikke bruges"),
        (["2", "--period", "2018-Q2", "--replace", "--reason", "x"], 4, "intet at erstatte"),
        (["3", "--period", "2018-Q2"], 4, "som ikke er trukket"),
        (["2", "--period", "2017-Q4"], 4, "ingen sager"),
        (["2", "--period", "2017-Q1"], 2, "2017-09-01"),
        (["2", "--period", "2018-Q2", "--register", "findes-ikke.csv"], 3, "findes-ikke.csv"),
    ],
)
def test_what_cannot_be_drawn_is_said_with_its_exit_code_and_nothing_changes(
    root, capsys, arguments, code, said
):
    before = sorted(root.rglob("*"))
    assert draw(*arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in " ".join(err.split())
    assert sorted(path for path in root.rglob("*") if path.name != ".log.lock") == before


def test_a_register_with_errors_lists_all_of_them(root, capsys):
    write_register(
        root / "sagsliste.csv",
        [*register_rows(), ";Amager;AMA0;03-01-2018;;Nej", "X-1;Amagre;AMA0;99-99-2018;;Nej"],
    )
    assert draw("2", "--period", "2018-Q2") == 3
    err = capsys.readouterr().err
    assert "række 109" in err
    assert "række 110" in err
    assert not (root / "samples").exists()
    assert draw("2", "--period", "2018-Q2", "--leave-out-errors") == 0


def test_an_empty_caseworker_is_an_error_at_level_one_only(root, capsys):
    write_register(root / "sagsliste.csv", [*register_rows(), "X-1;Amager;;03-01-2018;;Nej"])
    assert draw("1", "--period", "2018-06") == 3
    assert "række 109" in capsys.readouterr().err
    assert draw("2", "--period", "2018-Q2") == 0


def test_another_period_than_the_cadence_is_told(root, capsys):
    assert draw("2", "--period", "2018-06") == 0
    assert 'cadence = "quarter"' in capsys.readouterr().err


def test_what_reports_must_say_is_said_at_once(root, capsys):
    seed = ["--seed", "6 2 5 1 1 4 3 2 6 5 5 1", "--seed-origin", "terningkast, personalemøde 3. juli"]
    assert draw("2", "--period", "2018-Q2", *seed) == 0
    out, err = capsys.readouterr()
    assert "var ikke skrevet i loggen med `tilsyn check --commit`" in err
    assert "terningkast, personalemøde 3. juli" in out
    workspace = Workspace.find(root)
    two = load_draw(workspace, 2, Period.parse("2018-Q2"))
    review(workspace, two, list(two.cases["case_id"])[:10])
    assert draw("3", "--period", "2018-Q2") == 4
    assert "11 af 21 sager mangler" in capsys.readouterr().err
    assert draw("3", "--period", "2018-Q2", "--allow-incomplete") == 0
    assert "Der mangler 11 gennemgange" in capsys.readouterr().err


def test_check_commit_then_a_seed_from_dice(root, capsys):
    assert run(["check", "--period", "2018-Q2", "--commit", *DAY]) == 0
    committed = capsys.readouterr().err
    seed = ["--seed", "6 2 5 1 1 4 3 2 6 5 5 1", "--seed-origin", "terningkast, personalemøde 3. juli"]
    assert draw("2", "--period", "2018-Q2", *seed, "--format", "json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["frame"]["commitment"] in committed
    assert "ikke skrevet i loggen" not in err


def test_in_english(root, capsys):
    assert draw("2", "--period", "2018-Q2", "--lang", "en") == 0
    out, err = capsys.readouterr()
    assert "Sample, level 2, quarter 2 of 2018" in out
    assert "Level 2 is drawn" in err
    assert (
        (root / "samples/2018-Q2/level-2/sample.csv")
        .read_text("utf-8-sig")
        .startswith("Unit;Stratum;No.;Drawn as;Case number")
    )
