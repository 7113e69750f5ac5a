"""`tilsyn trend`: the reviewed periods of a workspace."""

import shutil
from datetime import date

import pytest

from tests.builders.workspaces import SETTINGS, make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.cli.trend import _direction as direction
from tilsyn.procedure.draw import make_draw
from tilsyn.workspace.workspace import Workspace

QUARTERS = ("2018-Q2", "2018-Q3", "2018-Q4")


def reviewed(root, quarters=QUARTERS, refused=()):
    """A workspace with a reviewed level 2 in each quarter; in those refused, every answer to DOK-01 is no."""
    for name in quarters:
        period = Period.parse(name)
        clock.set_today(period.next().start)
        settings = SETTINGS.replace("as_of = 2018-07-02", f"as_of = {period.end.isoformat()}")
        workspace = make_workspace(root, settings)
        draw = make_draw(workspace, 2, period).draw
        review(workspace, draw, no={"*": "DOK-01"} if name in refused else None)
    return Workspace.open(root)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "workspace"
    reviewed(folder, refused=("2018-Q3",))
    clock.set_today(None)
    return folder


@pytest.fixture
def workspace(made, tilsyn):
    shutil.copytree(made, tilsyn.root, dirs_exist_ok=True)
    return Workspace.open(tilsyn.root)


def trend(tilsyn, options, code=0):
    ended = tilsyn(f"trend --format json --today 2019-02-20 {options}", code=code)
    return ended.json if code == 0 else ended.err


def test_a_question_over_the_periods(workspace, tilsyn):
    data = trend(tilsyn, "--level 2 --question dok-01")
    assert data["schema"] == "tilsyn/trend/1"
    assert [(point["period"], point["estimate"]) for point in data["points"]] == [
        ("2018-Q2", 1.0),
        ("2018-Q3", 0.0),
        ("2018-Q4", 1.0),
    ]
    (series,) = data["series"]
    assert series["n_periods"] == 3
    assert "2018-Q3" in series["signals"]
    assert series["p_value"] is None


def test_all_questions_and_the_words(workspace, tilsyn):
    out = tilsyn("trend --level 2 --today 2019-02-20").out
    assert "Udvikling på niveau 2, 2. kvartal 2018 til 4. kvartal 2018" in out
    assert "for få perioder (3 af 8)" in out
    out = tilsyn("trend --level 2 --question '*' --today 2019-02-20 --lang en").out
    assert "All questions at level 2" in out
    assert "quarter 3 of 2018" in out


def test_each_question_has_a_small_line(workspace, tilsyn):
    out = tilsyn("trend --level 2 --today 2019-02-20").out
    (row,) = [line for line in out.splitlines() if "DOK-01" in line]
    assert "█▁█" in row
    assert "fra ▁ (0 %) til █ (100 %)" in out


def test_limits_and_baseline(workspace, tilsyn):
    data = trend(tilsyn, "--level 2 --question DOK-01 --from 2018K3 --to 2018K4")
    assert [point["period"] for point in data["points"]] == ["2018-Q3", "2018-Q4"]
    data = trend(tilsyn, "--niveau 2 --spørgsmål DOK-01 --fra 2018K3 --til denne")
    assert [point["period"] for point in data["points"]] == ["2018-Q3", "2018-Q4"]
    data = trend(tilsyn, "--level 2 --question DOK-01 --baseline 2018K2")
    assert data["series"][0]["centre"] == 1.0
    assert data["series"][0]["signals"] == ["2018-Q3"]


def test_what_is_not_there_is_told(workspace, tilsyn):
    assert "UND-01" in trend(tilsyn, "--level 2 --question XXX-99", code=2)
    assert "niveau 3" in trend(tilsyn, "--level 3", code=4)
    assert "baseline" in trend(tilsyn, "--level 2 --baseline 2016K1", code=4)
    assert "niveau 9" in trend(tilsyn, "--level 9", code=4)
    trend(tilsyn, "--level 10", code=2)


def test_an_unreviewed_period_is_left_out_and_told(workspace, tilsyn):
    clock.set_today(date(2019, 4, 1))
    settings = SETTINGS.replace("as_of = 2018-07-02", "as_of = 2019-03-31")
    make_draw(make_workspace(workspace.root, settings), 2, Period.parse("2019-Q1"))
    ended = tilsyn("trend --level 2 --question DOK-01 --today 2019-04-02 --format json")
    assert len(ended.json["points"]) == 3
    assert "1. kvartal 2019 er ikke med" in ended.err


def test_a_change_of_units_begins_a_new_series(workspace, tilsyn):
    clock.set_today(date(2019, 4, 1))
    settings = SETTINGS.replace("as_of = 2018-07-02", "as_of = 2019-03-31")
    rows = [f"2018-NY{n:03};Nyby;NY1;03-01-2018;;Nej" for n in range(30)]
    rows += [f"2018-DV{n:03};Døgnvagten;DV1;03-01-2018;;Nej" for n in range(12)]
    there = make_workspace(workspace.root, settings, rows)
    review(there, make_draw(there, 2, Period.parse("2019-Q1")).draw)
    data = trend(tilsyn, "--level 2 --question DOK-01")
    assert [point["begins"] for point in data["points"]] == [None, None, None, "plan"]
    assert [series["n_periods"] for series in data["series"]] == [3, 1]
    assert "ny serie: planen er en anden" in tilsyn("trend --level 2 --question DOK-01").out
    out = tilsyn("trend --level 2").out
    assert "--question viser dem alle" in out
    assert "█▁█ █" in out


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"p_value": 0.001, "slope": 0.01, "shift": True}, "går op (p = 0,001); der er sket et skift"),
        ({"p_value": 0.04, "slope": -0.01, "shift": False}, "går ned (p = 0,040)"),
        ({"p_value": 0.3, "slope": -0.01, "shift": None}, "ingen sikker retning (p = 0,300)"),
        ({"p_value": None, "slope": 0.0, "shift": None}, "alle eller ingen lovmedholdelige"),
        ({"p_value": None, "slope": 0.1, "shift": None, "n_periods": 7}, "for få perioder (7 af 8)"),
    ],
)
def test_the_direction_in_words(row, words):
    assert direction({"n_periods": 12} | row) == words


def test_the_compliance_of_a_unit_stands_beside_its_year(workspace, tilsyn):
    asked = "compliance --level 2 --period 2018-Q4 --by unit --today 2019-02-20"
    data = tilsyn(f"{asked} --format json").json
    rows = {(row["question"], row["domain"]): row for row in data["rows"]}
    years = {(row["question"], row["domain"]): row for row in data["year"]}
    units = {domain for _, domain in rows if domain.startswith("unit=")}
    assert {domain for _, domain in years} == units
    for unit in units:
        year, quarter = years[("DOK-01", unit)], rows[("DOK-01", unit)]
        assert (year["from"], year["to"], year["quarters"]) == ("2018-Q2", "2018-Q4", 3)
        assert year["n_reviewed"] == 3 * quarter["n_reviewed"]
        # The quarter in the middle, with every answer no, is a third of the year and no part of the quarter.
        assert year["estimate"] < quarter["estimate"] == 1
        assert set(year) >= set(quarter)
    shown = tilsyn(asked).out
    assert "Året: procent" in shown
    explained = tilsyn("compliance --level 2 --period 2018-Q4 --explain dok-01 --today 2019-02-20").out
    assert "Enhederne i kvartalet og over et år: 2. kvartal 2018 til 4. kvartal 2018" in explained


def test_a_verdict_is_confirmed_where_the_round_before_had_it(tilsyn):
    reviewed(tilsyn.root, refused=("2018-Q3", "2018-Q4"))
    asked = "compliance --level 2 --baseline 2018-Q2 --format json --today 2019-02-20 --period"
    found = {
        period: {row["question"]: row for row in tilsyn(f"{asked} {period}").json["rows"]}["DOK-01"]
        for period in ("2018-Q3", "2018-Q4")
    }
    assert [found[period]["verdict"] for period in found] == ["tilbagegang"] * 2
    for word in ("forrige", "2018K2"):
        asked = f"compliance --niveau 2 --periode 2018-Q3 --udgangspunkt {word} --format json"
        assert tilsyn(f"{asked} --i-dag 2019-02-20").json["baseline"] == "2018-Q2"
    # The third quarter's round before is the baseline itself.
    assert [found[period]["confirmed"] for period in found] == [None, True]
