"""`tilsyn plan`: sizes, allocations, changes, and what a plan can show."""

from datetime import date

import pytest

from tests.builders.workspaces import SETTINGS, make_workspace
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.draw import make_draw

SEVEN = "unit,N\nA,500\nB,600\nC,700\nD,800\nE,900\nF,1000\nG,60\n"


def plan(tilsyn, options, code=0):
    ended = tilsyn(f"plan {options} --format json", code=code)
    return ended.json if code == 0 else ended.err


def test_what_a_size_shows(tilsyn):
    data = plan(tilsyn, "--n 20 --population 750 --share 0.9")
    assert data["schema"] == "tilsyn/plan/1"
    assert data["half_width"] == pytest.approx(0.1442, abs=0.0005)
    assert data["smallest_fall"] == pytest.approx(0.52)
    assert data["smallest_rise"] is None


def test_the_size_for_a_half_width(tilsyn):
    assert plan(tilsyn, "--half-width 0.05")["n"] == 155
    assert plan(tilsyn, "--half-width 0.05 --population 750")["n"] == 128
    assert plan(tilsyn, "--half-width 0.01 --population 60 --share 0.5")["everything"]


def test_a_budget_is_split(tilsyn):
    tilsyn.write("units.csv", SEVEN)
    data = plan(tilsyn, "--budget 125 --strata units.csv")
    assert [row["sample_size"] for row in data["rows"]] == [13, 16, 19, 21, 24, 27, 5]
    data = plan(tilsyn, "--budget 125 --allocate sqrt --strata units.csv")
    assert [row["sample_size"] for row in data["rows"]] == [16, 18, 19, 21, 22, 23, 6]


def test_neyman_reads_most_where_answers_differ(tilsyn):
    tilsyn.write("units.csv", "unit;N;share\nA;500;0,5\nB;500;0,98\n")
    data = plan(tilsyn, "--budget 40 --allocate neyman --strata units.csv")
    assert [row["sample_size"] for row in data["rows"]] == [31, 9]


def test_faults_in_the_list_of_units_are_told_together(tilsyn):
    tilsyn.write("units.csv", "unit,N,share\nA,500,1.5\nB,600,x\nC,mange,0.9\n")
    err = plan(tilsyn, "--budget 40 --strata units.csv", code=3)
    assert "1.5" in err
    assert "»x«" in err
    assert "»mange«" in err


def test_how_often_a_change_is_found(tilsyn):
    data = plan(tilsyn, "--detect 0.9 0.7 --n 20")
    assert data["rows"][0]["power"] == pytest.approx(0.36, abs=0.01)
    assert data["n_relevant_needed"] == 61
    assert plan(tilsyn, "--detect 0.9 0.899")["n_relevant_needed"] is None


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("size --half-width 0.05", "--half-width 0.05"),
        ("size --half-width 0.05 --share 0.95 --population 750 --relevance 0.4",
         "--half-width 0.05 --share 0.95 --population 750 --relevance 0.4"),
        ("precision --n 20 --population 750 --confidence 0.9", "--n 20 --population 750 --confidence 0.9"),
        ("detect 0.9 0.7", "--detect 0.9 0.7"),
        ("detect 0.7 0.9 --n 30 --relevance 0.5", "--detect 0.7 0.9 --n 30 --relevance 0.5"),
        ("allocate --budget 125 --strata units.csv", "--budget 125 --strata units.csv"),
        ("allocate --budget 70 --rule neyman --floor 0 --share 0.8 --strata units.csv",
         "--budget 70 --allocate neyman --floor 0 --share 0.8 --strata units.csv"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("format", ["json", "table"])
def test_a_subcommand_answers_as_the_older_options(tilsyn, now, before, format):
    tilsyn.write("units.csv", SEVEN)
    assert tilsyn(f"plan {now} --format {format}").out == tilsyn(f"plan {before} --format {format}").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--share 0.8 size --half-width 0.1", "--share: skriv det efter »size«"),
        ("size", "Der mangler --half-width"),
        ("detect 0.9", "Der mangler EFTER"),
        ("detect 0.9 1.5", "EFTER skal ligge mellem 0 og 1"),
        ("detect 0.9 0.9", "ens"),
        ("allocate", "Der mangler --budget"),
        ("precision --n 0", "--n skal være mindst 1"),
        ("precisoin --n 5", "»precisoin«. Nærmest: precision"),
    ],
)
def test_what_is_wrong_with_a_subcommand_is_told(tilsyn, arguments, says):
    err = tilsyn(f"plan {arguments}", code=2).err
    assert says in err
    assert "Gør sådan" in err


def test_the_language_may_stand_before_a_subcommand(tilsyn):
    assert tilsyn("plan --lang en size --half-width 0.05").out.startswith("Review 155 cases.")


def test_what_halves_the_uncertainty(tilsyn):
    data = plan(tilsyn, "precision --n 20 --population 750")
    assert data["n_to_halve"] == 70
    halved = plan(tilsyn, "precision --n 70 --population 750")["half_width"]
    assert halved <= data["half_width"] / 2 < plan(tilsyn, "precision --n 69 --population 750")["half_width"]
    assert "Skal usikkerheden halveres, kræver det 70 sager." in tilsyn("plan --n 20 --population 750").out
    assert plan(tilsyn, "precision --n 60 --population 60")["n_to_halve"] is None
    assert "halveres" not in tilsyn("plan --n 60 --population 60").out


def test_it_is_said_in_words_a_manager_understands(tilsyn):
    out = tilsyn("plan --detect 0.9 0.7 --n 20").out
    assert "Med 20 relevante sager i hver runde opdages et fald fra 90 % til 70 % én gang ud af tre." in out
    assert "a rise from 70% to 90%" in tilsyn("plan --detect 0.7 0.9 --lang en").out


@pytest.mark.parametrize(
    "arguments",
    [
        "--half-width 0.6",
        "--share 1.2 --n 5",
        "--relevance 0 --n 5",
        "--detect 0.9 9",
        "--detect 0.9 0.9",
        "--half-width 0.05 --budget 10",
        "--budget 10 --n 5",
        "--confidence 1 --n 5",
    ],
)
def test_wrong_usage_is_told(tilsyn, arguments):
    assert "Gør sådan" in plan(tilsyn, arguments, code=2)


def test_a_budget_below_the_floors_is_told(tilsyn):
    tilsyn.write("units.csv", SEVEN)
    assert "mindst 35" in plan(tilsyn, "--budget 34 --strata units.csv", code=2)


def test_without_units_a_budget_is_refused(tilsyn):
    assert "--strata" in plan(tilsyn, "--budget 125", code=4)


@pytest.fixture
def workspace(tilsyn):
    clock.set_today(date(2018, 7, 3))
    return make_workspace(tilsyn.root)


def test_before_anything_is_drawn_the_register_says_how_large_units_are(workspace, tilsyn):
    data = plan(tilsyn, "--today 2018-07-03")
    whole = {row["level"]: row for row in data["rows"] if row["who"] == "" and row["relevance"] == 1}
    assert (whole[2]["n"], whole[2]["population"]) == (21, 97)
    assert (whole[1]["n"], whole[3]["n"], whole[4]["n"]) == (36, 9, 4)
    assert {row["relevance"] for row in data["rows"]} == {1.0, 0.4, 0.2}
    assert "fra sagslisten" in tilsyn("plan --today 2018-07-03").out


def test_without_a_register_the_plan_speaks_of_large_units(workspace, tilsyn):
    (workspace.root / "sagsliste.csv").unlink()
    data = plan(tilsyn, "--today 2018-07-03")
    assert all(row["population"] is None for row in data["rows"])
    assert {(row["level"], row["who"]) for row in data["rows"]} == {
        (2, "hver enhed"),
        (2, "Døgnvagten"),
        (3, ""),
        (4, ""),
    }


def test_the_plan_of_a_drawn_round(workspace, tilsyn):
    draw = make_draw(workspace, 2, Period.parse("2018-Q2")).draw
    data = plan(tilsyn, "--today 2018-07-03")
    whole = next(
        row for row in data["rows"] if row["level"] == 2 and row["who"] == "" and row["relevance"] == 1
    )
    assert whole["n"] == int(draw.strata["sample_size"].sum())
    assert whole["population"] == int(draw.strata["population_size"].sum())
    named = {row["who"] for row in data["rows"] if row["level"] == 2} - {""}
    assert named == set(draw.strata["unit"])
    assert "alle enheder" in tilsyn("plan --today 2018-07-03").out
    split = plan(tilsyn, "--budget 10 --floor 1 --today 2018-07-03")
    assert sum(row["sample_size"] for row in split["rows"]) == 10


def test_the_plan_says_what_halves_a_units_uncertainty(workspace, tilsyn):
    rows = plan(tilsyn, "--today 2018-07-03")["rows"]
    units = [row for row in rows if row["level"] == 2 and row["who"]]
    assert {type(row["n_to_halve"]) for row in units} == {int}
    assert all(row["n"] < row["n_to_halve"] <= row["population"] for row in units)
    assert {row["n_to_halve"] for row in rows if row["who"] == ""} == {None}
    out = tilsyn("plan --today 2018-07-03").out
    assert "Sager for halv" in out


def test_relevance_can_be_given(workspace, tilsyn):
    data = plan(tilsyn, "--relevance 0.5 --today 2018-07-03")
    assert {row["relevance"] for row in data["rows"]} == {0.5}


@pytest.mark.parametrize("level", [2, 5])
def test_units_that_read_as_many_stand_together_at_any_level(tilsyn, level):
    settings = SETTINGS.partition("[plan.levels.1]")[0]
    settings += f"[plan.levels.{level}]\ncadence = 'quarter'\nper_unit = 6\nsource = 'register'\n"
    make_workspace(tilsyn.root, settings + 'units = { "Døgnvagten" = 3 }\n')
    shown = tilsyn("plan --width 150").shown
    assert "enhed med 6 sager" in shown
    assert "Døgnvagten" in shown
