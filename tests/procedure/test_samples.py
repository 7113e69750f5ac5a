"""The tables of a level from a workspace: pooling, re-reading, baselines, and the command on top."""

import json
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from tests.builders.workspaces import make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.cli.app import run
from tilsyn.compliance import corrections
from tilsyn.compliance.naming import titles_of
from tilsyn.compliance.table import analyse, compliance_table
from tilsyn.procedure import samples as data
from tilsyn.procedure.compliance import Wanted, gather
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.procedure.drawn_periods import plain_sample
from tilsyn.statistics.levels import share
from tilsyn.workspace.workspace import Workspace

Q2, Q3 = Period.parse("2018-Q2"), Period.parse("2018-Q3")
MONTHS = [Period.parse(f"2018-0{month}") for month in (4, 5, 6)]


@pytest.fixture
def workspace(tmp_path):
    clock.set_today(date(2018, 7, 3))
    return make_workspace(tmp_path)


def judge(workspace, draw, no=(), cases=None):
    """Load reviews where the first question is *nej* in the cases `no`, all else *ja*."""
    first = draw.question_set.questions[0].question_id
    review(workspace, draw, cases, no=dict.fromkeys(no, first))
    return first


def reviewed_levels(workspace):
    """Levels 2 and 3, drawn and reviewed; the re-readers find one more *nej* than level 2."""
    second = make_draw(workspace, 2, Q2).draw
    cases = list(second.cases["case_id"])
    judge(workspace, second, no=cases[::4])
    third = make_draw(workspace, 3, Q2).draw
    again = list(third.cases["case_id"])
    wrong = {case for case in again if case in cases[::4]}
    extra = next(case for case in again if case not in wrong)
    question = judge(workspace, third, no={*wrong, extra})
    return second, third, question, wrong, extra


def test_level_2_is_the_estimator_on_the_draw(workspace):
    draw = make_draw(workspace, 2, Q2).draw
    no = list(draw.cases["case_id"])[::4]
    question = judge(workspace, draw, no=no)
    now = data.from_workspace(workspace, 2, Q2)
    rows = compliance_table(now)
    row = rows[(rows["question"] == question) & (rows["domain"] == "all")].iloc[0]
    strata = draw.strata
    wrong = draw.cases[draw.cases["case_id"].isin(no)]["stratum"].value_counts()
    x = strata["sample_size"] - strata["stratum"].map(wrong).fillna(0)
    level = share(strata["population_size"], strata["sample_size"], strata["sample_size"], x)
    assert (row["estimate"], row["low"]) == pytest.approx((float(level.estimate), float(level.low)))
    assert now.name == "2018-Q2"
    assert titles_of(now.questions)[question]


def test_unreviewed_cases_are_nonresponse(workspace):
    draw = make_draw(workspace, 2, Q2).draw
    left = list(draw.cases["case_id"])[1:]
    judge(workspace, draw, cases=left)
    found = analyse(data.from_workspace(workspace, 2, Q2))
    assert found.units["missing"].sum() == 1
    assert found.sentences


def test_a_round_without_reviews_is_refused(workspace):
    with pytest.raises(Refused):
        data.from_workspace(workspace, 2, Q2)
    make_draw(workspace, 2, Q2)
    with pytest.raises(Refused, match="gennemgået"):
        data.from_workspace(workspace, 2, Q2)


def test_level_1_is_pooled_over_the_quarter(workspace):
    draws = [make_draw(workspace, 1, month).draw for month in MONTHS]
    for draw in draws:
        judge(workspace, draw)
    now = data.from_workspace(workspace, 1, MONTHS[1])
    assert now.period == Q2
    assert not now.name_strata
    strata = now.strata.set_index("stratum")
    frames = [str(draw.frame_path) for draw in draws]
    with duckdb.connect() as connection:
        distinct = dict(
            connection.execute(
                "SELECT stratum, count(DISTINCT case_id) FROM read_parquet(?) GROUP BY 1", [frames]
            ).fetchall()
        )
    assert strata["population_size"].to_dict() == distinct
    assert set(strata["sample_size"]) == {3}
    assert len(now.cases) == 3 * len(strata)
    assert now.cases["case_id"].is_unique
    rows = analyse(now, ["unit"]).rows
    assert not any("JUR" in note or "AMA" in note for note in rows["note"])


@pytest.mark.parametrize("level", [1, 2, 3])
def test_plain_rows_and_tables_say_the_same(workspace, level):
    """A quarter of three months, in which cases are drawn twice; cases of which some are not reviewed."""
    if level == 1:
        for month in MONTHS:
            drawn = make_draw(workspace, 1, month).draw
            judge(workspace, drawn, no=list(drawn.cases["case_id"])[:2])
    else:
        reviewed_levels(workspace)
    tables, plain = data.drawn_sample(workspace, level, Q2), plain_sample(workspace, level, Q2)
    assert tables.plain == plain
    assert tables.finished.plain == plain.finished
    assert (tables.n_asked, tables.n_reviewed, tables.units) == (plain.n_asked, plain.n_reviewed, plain.units)
    assert tables.finished.regimes == plain.finished.regimes


def test_a_level_1_that_is_missing_months_uses_those_there_are(workspace):
    judge(workspace, make_draw(workspace, 1, MONTHS[1]).draw)
    now = data.from_workspace(workspace, 1, Q2)
    assert set(now.strata["sample_size"]) == {1}


def test_level_3_has_its_own_figure_and_the_corrected_one_beside(workspace):
    second, third, question, wrong, extra = reviewed_levels(workspace)
    now = data.from_workspace(workspace, 3, Q2)
    first = data.first_reading(workspace, now)
    found = analyse(now, first_reading=first)
    row = found.rows.set_index(["question", "domain"]).loc[(question, "all")]
    strata = third.strata
    bad = third.cases[third.cases["case_id"].isin({*wrong, extra})]["stratum"].value_counts()
    n = strata["sample_size"]
    x = n - strata["stratum"].map(bad).fillna(0)
    level = share(strata["population_size"], n, n, x)
    assert (row["estimate"], row["high"]) == pytest.approx((float(level.estimate), float(level.high)))
    assert strata["population_size"].sum() == second.strata["population_size"].sum()
    corrected = found.corrected.set_index("question").loc[question]
    assert corrected["failed"] == (() if wrong else ("no_no",))
    others = found.corrected[found.corrected["question"] != question]
    assert {condition for failed in others["failed"] for condition in failed} <= {
        "no_no",
        "no_yes",
        "no_first_level",
    }
    not_blind = corrections.table(first, replace(now, blind=False))
    assert all("not_blind" in failed for failed in not_blind["failed"])


def test_level_2_has_no_first_reading(workspace):
    reviewed_levels(workspace)
    assert data.first_reading(workspace, data.from_workspace(workspace, 2, Q2)) is None


def two_rounds(workspace):
    judge(workspace, make_draw(workspace, 2, Q2).draw)
    clock.set_today(date(2018, 10, 2))
    before = make_draw(workspace, 2, Q3, DrawRequest(as_of=Q3.end)).draw
    judge(workspace, before, no=list(before.cases["case_id"])[::3])


def test_baselines_by_period_round_and_plan(workspace):
    two_rounds(workspace)
    for wanted in ("2018-Q2", "2. kvartal 2018", "1", "runde 1"):
        assert data.baseline_of(workspace, 2, Q3, wanted).name == "2018-Q2"
    assert data.baseline_of(workspace, 2, Q3, "none") is None
    assert data.baseline_of(workspace, 2, Q3, None) is None
    with pytest.raises(Refused, match="runde 9"):
        data.baseline_of(workspace, 2, Q3, "9")
    with pytest.raises(UsageError):
        data.baseline_of(workspace, 2, Q3, "2018-Q3")
    with pytest.raises(Refused):
        data.baseline_of(workspace, 2, Q3, "2017-Q4")


def with_baseline(workspace, period):
    """The workspace after somebody wrote a baseline into the plan."""
    settings = workspace.root / "tilsyn.toml"
    plan = f'valid_from = 2017-09-01\nbaseline = "{period}"'
    settings.write_text(settings.read_text("utf-8").replace("valid_from = 2017-09-01", plan), "utf-8")
    return Workspace.open(workspace.root)


def test_a_plans_baseline_is_used(workspace):
    planned = with_baseline(workspace, "2018-Q2")
    two_rounds(planned)
    assert gather(Wanted(2, "2018-Q3"), (), planned).before.name == "2018-Q2"
    assert gather(Wanted(2, "2018-Q2"), (), planned).before is None
    assert gather(Wanted(2, "2018-Q3", baseline="none"), (), planned).before is None


def test_the_absence_of_a_plans_baseline_is_told(workspace):
    planned = with_baseline(workspace, "2018-Q1")
    two_rounds(planned)
    missing = gather(Wanted(2, "2018-Q3"), (), planned)
    assert missing.baselines == ()
    assert "1. kvartal 2018" in missing.messages[0]


def test_a_baseline_that_is_planned_after_the_draw_moves_no_past_figure(workspace):
    two_rounds(workspace)
    later = with_baseline(workspace, "2018-Q2")
    assert gather(Wanted(2, "2018-Q3"), (), later).before is None
    assert gather(Wanted(2, "2018-Q3", baseline="2018-Q2"), (), later).before.name == "2018-Q2"


def test_results_are_never_shown_per_person(workspace):
    judge(workspace, make_draw(workspace, 1, MONTHS[0]).draw)
    now = data.from_workspace(workspace, 1, Q2)
    for name in ("stratum", "caseworker", "reviewer"):
        with pytest.raises(UsageError, match="person"):
            data.domain_columns(now, [name])
    with pytest.raises(UsageError, match="kommune"):
        data.domain_columns(now, ["kommune"])
    assert data.domain_columns(now, ["unit,complaint"]) == ["unit", "complaint"]


def test_the_command_in_a_workspace(workspace, monkeypatch, capsys):
    two_rounds(workspace)
    monkeypatch.chdir(workspace.root)
    base = ["compliance", "--level", "2", "--period", "2018-Q3", "--baseline", "2018-Q2", "--by", "unit"]
    assert run([*base, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["level"], found["period"], found["baseline"]) == (2, "2018-Q3", "2018-Q2")
    assert {row["domain"] for row in found["rows"]} == {
        "all",
        "unit=Amager",
        "unit=Nørrebro",
        "unit=Østerbro",
        "unit=Døgnvagten",
    }
    assert any(row["question"].startswith("theme:") for row in found["rows"])
    assert run(base) == 0
    shown = capsys.readouterr().out
    assert "niveau 2, 3. kvartal 2018" in shown
    assert "Alle spørgsmål" in shown
    assert run([*base, "--explain", "*"]) == 0
    assert "Trin for trin" in capsys.readouterr().out


def test_an_unreviewed_period_is_refused_with_4(workspace, monkeypatch, capsys):
    monkeypatch.chdir(workspace.root)
    assert run(["compliance", "--level", "2", "--period", "2018-Q2"]) == 4
    assert capsys.readouterr().out == ""


def test_a_small_helper_review_counts_as_compliant(workspace):
    draw = make_draw(workspace, 2, Q2).draw
    review(workspace, draw)
    rows = analyse(data.from_workspace(workspace, 2, Q2)).rows
    assert set(rows.loc[rows["n_relevant"] > 0, "estimate"]) == {1.0}
