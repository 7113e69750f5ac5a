"""The figures of single draws: each its own, compared where that can be, and without limits where chosen."""

from datetime import date

import numpy as np
import pytest

from tests.builders.workspaces import Q2, draw, make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.which import Single
from tilsyn.procedure.agreement import from_outside
from tilsyn.procedure.compliance import Wanted, gather
from tilsyn.procedure.compliance_other import spoken_of, why_not
from tilsyn.procedure.draw_single import SingleRequest, draw_single
from tilsyn.procedure.drawn_periods import periods_drawn
from tilsyn.procedure.export import export
from tilsyn.procedure.report import EDITIONS, editions_of, write_reports
from tilsyn.procedure.report_material import report_material
from tilsyn.reports.edition import build
from tilsyn.reviews.records import CaseReview, Given, Load
from tilsyn.settings.single import Wish
from tilsyn.statistics.levels import share

COMPLAINTS = (Wish(column="complaint", values=("ja",)),)


@pytest.fixture
def workspace(tmp_path):
    clock.set_today(date(2018, 7, 3))
    return make_workspace(tmp_path)


def read(workspace, name, no=4, period=Q2, **asked):
    """Make a single draw and load its reviews, the first question *nej* in every so many cases."""
    made = draw_single(workspace, Single(name), period, SingleRequest(**asked)).draw
    judged(workspace, made, no)
    return made


def judged(workspace, made, no):
    cases = list(made.cases["case_id"])
    first = made.question_set.questions[0].question_id
    review(workspace, made, no=dict.fromkeys(cases[::no], first))


def row_of(workspace, name, baseline=None, period="2018-Q2"):
    level = Single(name) if isinstance(name, str) else name
    found = gather(Wanted(level, period, baseline), ["unit"], workspace)
    rows = found.analysis().rows
    overall = rows[rows["domain"] == "all"]
    return found, overall.iloc[0] if len(overall) else None


def listed(workspace, n):
    path = workspace.root / "liste.csv"
    path.write_text("\n".join(f"2018-AM{i:03}" for i in range(n)) + "\n", "utf-8")
    return path


def test_a_simple_random_sample_is_estimated_as_one(workspace):
    read(workspace, "ombud", n=20)
    level = share(np.array([97]), np.array([20]), np.array([20]), np.array([15]))
    _, row = row_of(workspace, "ombud")
    assert (row["estimate"], row["low"], row["high"]) == pytest.approx(
        (0.75, float(level.low), float(level.high))
    )
    # Of the whole frame a unit is a domain: its share is that of its own cases.
    found, _ = row_of(workspace, "ombud")
    rows = found.analysis().rows
    units = rows[(rows["question"] == row["question"]) & (rows["domain"] != "all") & (rows["n_relevant"] > 0)]
    assert units["n_relevant"].sum() == 20
    assert units["estimate"].tolist() == pytest.approx((units["n_compliant"] / units["n_relevant"]).tolist())


def test_a_census_has_no_sampling_error(workspace):
    made = read(workspace, "alle", every=True, where=COMPLAINTS)
    n = len(made.record.cases)
    _, row = row_of(workspace, "alle")
    right = (n - len(range(0, n, 4))) / n
    assert (row["estimate"], row["low"], row["high"], row["standard_error"]) == pytest.approx(
        (right, right, right, 0)
    )
    assert "alle sager er gennemgået: ingen usikkerhed fra stikprøven" in row["note"]


def test_chosen_cases_have_counts_and_their_own_share_alone(workspace):
    read(workspace, "dialog", case_list=listed(workspace, 7))
    found, row = row_of(workspace, "dialog")
    assert (row["n_relevant"], row["n_compliant"]) == (7, 5)
    assert row["estimate"] == pytest.approx(5 / 7)
    limits = ["standard_error", "low", "high", "n_eff", "n_eff_practice", "change", "p_value"]
    assert row[limits].isna().all()
    assert "udvalgte sager: intet interval" in row["note"]
    assert not found.known


def test_a_single_draw_is_compared_with_a_level_of_the_same_cases(workspace):
    judged(workspace, draw(workspace, 2), 3)
    read(workspace, "ombud", n=20)
    found, row = row_of(workspace, "ombud", "2018-Q2/level-2")
    assert found.before.name == "niveau 2, 2. kvartal 2018"
    _, level = row_of(workspace, 2)
    assert row["baseline_estimate"] == level["estimate"]
    assert row["change"] == pytest.approx(row["estimate"] - level["estimate"])
    assert found.messages == ()


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"n": 5, "where": COMPLAINTS}, "de to er ikke trukket af de samme sager"),
        ({"n": 5, "above": 2}, "de to er ikke trukket af de samme sager"),
        ({"list": 7}, "sagerne i den ene er udvalgt"),
        ({"list": 7, "n": 5}, "de to er ikke trukket af de samme sager"),
        ({"n": 5, "questions": ("god-sagsbehandling",)}, "ingen spørgsmål går igen"),
    ],
)
def test_what_cannot_be_compared_says_why_and_is_shown_alone(workspace, asked, why):
    level = draw(workspace, 2)
    judged(workspace, level, 3)
    if n := asked.pop("list", 0):
        asked["case_list"] = listed(workspace, n)
    made = read(workspace, "andet", **asked)
    found, row = row_of(workspace, "andet", "bbu/2018-Q2/level-2")
    assert found.before is None
    (message,) = found.messages
    assert message.startswith("Der er ikke sammenlignet med niveau 2, 2. kvartal 2018: ")
    assert why in message
    assert row is None or np.isnan(row["change"])
    assert why_not(level.record, made.record)
    material, _, _ = report_material(workspace, Single("andet"), "2018-Q2", "2018-Q2/level-2")
    assert ("Sammenligning", message) in list(material.remarks)


def test_it_is_a_baseline_for_itself_and_for_no_level(workspace):
    read(workspace, "uge", period=Period.parse("2018-05"), n=20)
    read(workspace, "uge", period=Period.parse("2018-06"), n=20, no=2)
    found, row = row_of(workspace, "uge", "2018-05", "2018-06")
    assert found.before.period == Period.parse("2018-05")
    assert row["change"] == pytest.approx(-0.25)
    read(workspace, "uge", period=Q2, n=5, where=COMPLAINTS)
    found, _ = row_of(workspace, "uge", "2018-06")
    assert "de to er ikke trukket af de samme sager" in found.messages[0]
    assert report_material(workspace, Single("uge"), "2018-Q2", "none")[0].rounds is None
    assert report_material(workspace, Single("uge"), "2018-06")[0].rounds is not None
    judged(workspace, draw(workspace, 2), 3)
    with pytest.raises(UsageError, match="er ikke en periode"):
        row_of(workspace, 2, "2018-05/single/uge")


def test_no_level_s_figures_know_of_it(workspace, tmp_path_factory):
    level = draw(workspace, 2)
    judged(workspace, level, 3)
    before = row_of(workspace, 2)[1]
    material = report_material(workspace, 2, "2018-Q2")[0]
    read(workspace, "ombud", n=20)
    read(workspace, "igen", n=5, above=2, no=1)
    after = row_of(workspace, 2)[1]
    assert before.equals(after)
    assert periods_drawn(workspace, 2) == [Q2]
    assert build(report_material(workspace, 2, "2018-Q2")[0], False) == build(material, False)
    rows = export(workspace, tmp_path_factory.mktemp("export") / "ud").rows
    assert rows["draws"] == 1


def test_the_report_says_what_it_is_and_of_chosen_cases_there_is_no_public_one(workspace):
    read(workspace, "ombud", n=20)
    material, _, _ = report_material(workspace, Single("ombud"), "2018-Q2")
    assert editions_of(material, None) == ("internal", "public")
    assert build(material, True).subtitle.startswith("Enkeltudtræk »ombud«.")
    read(workspace, "dialog", case_list=listed(workspace, 7))
    material, _, _ = report_material(workspace, Single("dialog"), "2018-Q2")
    report = build(material, False)
    assert report.summary.title == "I de 7 udvalgte sager er loven overholdt i 236 af 238 svar"
    assert any("udvalgt og ikke trukket tilfældigt" in warning for warning in report.warnings)
    assert editions_of(material, None) == ("internal",)
    with pytest.raises(Refused, match="offentlig rapport"):
        editions_of(material, "public")


def test_the_next_report_has_the_same_baseline_and_withholds_what_was_withheld_of_it(workspace):
    judged(workspace, draw(workspace, 2), 3)
    read(workspace, "ombud", n=40)
    material, draws, _ = report_material(workspace, Single("ombud"), "2018-Q2", "2018-Q2/level-2")
    assert (material.baseline, material.baseline_period) == ("niveau 2, 2. kvartal 2018", None)
    level = report_material(workspace, 2, "2018-Q2")[0]
    assert material.held_back_before == level.held_back
    write_reports(workspace, material, draws, EDITIONS)
    again, draws, told = report_material(workspace, Single("ombud"), "2018-Q2")
    assert told == [
        "Udgangspunktet er niveau 2, 2. kvartal 2018, som i den seneste rapport. Et andet vælges med --baseline."
    ]
    assert {one.state for one in write_reports(workspace, again, draws, EDITIONS)} == {"unchanged"}


def test_a_report_of_grades_alone_says_where_they_stand(workspace):
    made = draw_single(
        workspace, Single("gs"), Q2, SingleRequest(n=5, questions=("god-sagsbehandling",))
    ).draw
    answers = {question.question_id: Given("høj grad") for question in made.question_set.questions}
    cases = tuple(CaseReview(case.case_id, answers, act_date=date(2018, 5, 2)) for case in made.record.cases)
    workspace.ledger(made).save([Load(made.draw_id, "answers", "test.csv", cases=cases)])
    report = build(report_material(workspace, Single("gs"), "2018-Q2")[0], False)
    assert report.summary.title == "Spørgsmålene er besvaret i grader: se »Grader«"
    assert [block.key for block in report.summary.blocks] == ["missing", "administration"]


def test_an_outside_reading_is_compared_case_by_case(workspace):
    made = read(workspace, "ombud", n=5)
    first, second = (question.question_id for question in made.question_set.questions[:2])
    cases = [case.case_id for case in made.record.cases]
    path = workspace.root / "ombud.csv"
    rows = [f"{case};{name};nej" for case in cases[:3] for name in (first, second)]
    path.write_text("\n".join(["case_id;question;answer", *rows, "2018-X;A;ja"]) + "\n", "utf-8")
    found = from_outside(workspace, Single("ombud"), Q2, path)
    assert (found.first.name, found.second.name) == ("enkeltudtræk »ombud«", "ombud.csv")
    assert [problem.found for problem in found.problems] == [
        "1 sag i filen er ikke gennemgået her: 2018-X",
        "1 spørgsmål i filen er ikke stillet her: A",
    ]


@pytest.mark.parametrize("per_unit", [False, True])
def test_what_is_drawn_from_a_single_draw_speaks_of_no_more_than_it(workspace, per_unit):
    level = draw(workspace, 2)
    judged(workspace, level, 3)
    read(workspace, "klager", every=True, per_unit=per_unit, where=COMPLAINTS)
    made = read(workspace, "igen", n=3, per_unit=per_unit, above=Single("klager"))
    assert made.record.plan.where == COMPLAINTS
    assert "klage: ja" in (why_not(level.record, made.record) or "").casefold()


def test_what_is_drawn_from_chosen_cases_speaks_of_their_list_alone(workspace):
    judged(workspace, draw(workspace, 2), 3)
    read(workspace, "dialog", case_list=listed(workspace, 9))
    some = read(workspace, "nogle", n=4, above=Single("dialog"))
    assert not some.record.plan.chosen
    assert spoken_of(some.record) == "listen liste.csv"
    again = read(workspace, "alle", every=True, above=Single("nogle"))
    assert (spoken_of(again.record), again.record.plan.chosen) == ("listen liste.csv", False)
    read(workspace, "hele", every=True, above=Single("dialog"))
    found, row = row_of(workspace, "hele")
    assert found.now.chosen
    assert np.isnan(row["low"])


def test_reviewed_cases_of_two_levels_are_not_the_same_cases(workspace):
    level = draw(workspace, 2)
    judged(workspace, level, 3)
    first = read(workspace, "a", n=15, above=2)
    second = read(workspace, "b", n=5, above=Single("a"))
    assert why_not(first.record, second.record) is not None
    assert why_not(first.record, read(workspace, "c", n=5, above=2).record) is None


def test_a_sample_of_the_whole_frame_has_no_unit_of_its_own(workspace):
    read(workspace, "ombud", n=20)
    found, _ = row_of(workspace, "ombud")
    assert "unit=alle" not in set(found.analysis().rows["domain"])


def test_a_report_says_how_many_single_draws_were_made_of_the_same_cases(workspace):
    read(workspace, "ombud", n=20)
    read(workspace, "klager", n=5, where=COMPLAINTS)

    def told():
        material, _, _ = report_material(workspace, Single("ombud"), "2018-Q2", None)
        return [text for label, text in material.remarks if label == "Andre enkeltudtræk"]

    assert told() == []
    read(workspace, "andet", n=20)
    (text,) = told()
    assert "under et andet navn trukket 1 enkeltudtræk" in text
