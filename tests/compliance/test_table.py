"""The compliance table: its rows, domains, family, verdicts, notes, nonresponse and grades."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tilsyn.base.language import using
from tilsyn.compliance import grades
from tilsyn.compliance.method import Method
from tilsyn.compliance.table import ROW_KEYS, analyse, compliance_table
from tilsyn.questions.question_set import Question, QuestionSet
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics import intervals
from tilsyn.statistics.levels import share

UNITS = {"A": 100, "B": 300, "D": 20}


def round_(answers, units=UNITS, drawn=None, questions=None, **columns):
    """Answers as {"A": {"Q1": "jjn-"}}: a letter per case, j, n, l (lawful no), - (not relevant)."""
    words = {
        "j": "ja",
        "n": "nej",
        "l": "nej (lovlig grund)",
        "-": "ikke relevant",
        "1": "lav grad",
        "3": "høj grad",
    }
    rows, cases = [], []
    for unit, per_question in answers.items():
        size = len(next(iter(per_question.values())))
        cases += [(f"{unit}{i}", unit, unit) for i in range(size)]
        rows += [(f"{unit}{i}", q, words[a]) for q, text in per_question.items() for i, a in enumerate(text)]
    table = pd.DataFrame(cases, columns=["case_id", "stratum", "unit"]).assign(**columns)
    strata = pd.DataFrame(
        {"stratum": list(units), "unit": list(units), "population_size": list(units.values())}
    )
    reviewed = strata["stratum"].map(table["stratum"].value_counts()).fillna(0)
    strata["sample_size"] = reviewed if drawn is None else drawn
    return ReviewedSample(
        table, strata, pd.DataFrame(rows, columns=["case_id", "question", "answer"]), questions
    )


def rows_of(side, *arguments, **settings):
    return compliance_table(side, *arguments, **settings).set_index(["question", "domain"])


TWO = round_(
    {"A": {"Q1": "jjjjn", "Q2": "jn---"}, "B": {"Q1": "jjjll", "Q2": "j---n"}, "D": {"Q1": "jj", "Q2": "--"}}
)


def test_rows_and_their_order():
    found = compliance_table(replace(TWO, questions={"Q1": "t", "Q2": "t"}), ["unit"])
    assert found["question"].tolist()[:5] == ["Q1", "Q2", "theme:t", "*", "uden_fejl"]
    assert found["domain"].unique().tolist() == ["all", "unit=A", "unit=B", "unit=D"]
    assert tuple(found.columns[: len(ROW_KEYS)]) == ROW_KEYS


def test_a_question_is_the_estimator_on_its_counts():
    row = rows_of(TWO).loc[("Q1", "all")]
    level = share([100, 300, 20], [5, 5, 2], [5, 5, 2], [4, 5, 2])
    for name in ("estimate", "standard_error", "low", "high", "n_eff"):
        assert row[name] == float(getattr(level, name))
    assert (row["n_reviewed"], row["n_relevant"], row["n_compliant"]) == (12, 12, 11)


def test_a_lawful_no_is_compliant():
    assert rows_of(TWO, by=["unit"]).loc[("Q1", "unit=B"), "estimate"] == 1


def test_without_fault_needs_a_relevant_question_and_no_no():
    row = rows_of(TWO).loc[("uden_fejl", "all")]
    level = share([100, 300, 20], [5, 5, 2], [5, 5, 2], [3, 4, 2])
    assert (row["estimate"], row["low"]) == (float(level.estimate), float(level.low))


def test_all_questions_is_a_ratio_of_sums_with_cases_as_units():
    row = rows_of(TWO).loc[("*", "all")]
    weights = {"A": 20, "B": 60, "D": 10}
    assert row["estimate"] == pytest.approx((20 * 5 + 60 * 6 + 10 * 2) / (20 * 7 + 60 * 7 + 10 * 2))
    P, V = row["estimate"], 0.0
    relevant = {"A": [2, 2, 1, 1, 1], "B": [2, 1, 1, 1, 2], "D": [1, 1]}
    compliant = {"A": [2, 1, 1, 1, 0], "B": [2, 1, 1, 1, 1], "D": [1, 1]}
    for unit, N in UNITS.items():
        z = np.array(compliant[unit]) - P * np.array(relevant[unit])
        n = len(z)
        V += N**2 * (1 - n / N) * z.var(ddof=1) / n
    R = sum(weights[u] * sum(relevant[u]) for u in UNITS)
    assert row["standard_error"] == pytest.approx(np.sqrt(V) / R, rel=1e-12)


def test_a_domain_that_crosses_strata_keeps_the_strata_sizes():
    side = round_({"A": {"Q1": "jjjjn"}, "B": {"Q1": "jjjnn"}, "D": {"Q1": "jj"}}, case_type=["x", "y"] * 6)
    row = rows_of(side, by=["case_type"]).loc[("Q1", "case_type=x")]
    level = share([100, 300, 20], [5, 5, 2], [3, 2, 1], [2, 1, 1])
    assert (row["estimate"], row["standard_error"]) == (float(level.estimate), float(level.standard_error))
    assert row["n_reviewed"] == 6


def test_a_unit_without_reviews_has_a_row_and_a_note():
    side = round_({"A": {"Q1": "jjjjn"}, "B": {"Q1": "jjjnn"}})
    rows = rows_of(side, by=["unit"])
    assert rows.loc[("Q1", "all"), "note"].startswith("ekskl. enhed D")
    assert np.isnan(rows.loc[("Q1", "unit=D"), "estimate"])
    assert rows.loc[("Q1", "unit=D"), "n_reviewed"] == 0
    assert "ekskl." not in rows.loc[("Q1", "unit=A"), "note"]


def test_a_unit_where_nothing_was_relevant_is_named():
    assert "ingen sager fra D" in rows_of(TWO).loc[("Q2", "all"), "note"]
    assert rows_of(TWO, by=["unit"]).loc[("Q2", "unit=D"), "note"].endswith("0 relevante af 2 gennemgåede")


def test_people_are_counted_never_named():
    people = round_({"A": {"Q1": "jj"}, "B": {"Q1": "--"}})
    cases = people.cases.assign(unit="Amager")
    strata = people.strata.assign(unit=["Amager", "Amager", "Amager"])
    people = replace(people, cases=cases, strata=strata, name_strata=False)
    note = compliance_table(people)["note"].iloc[0]
    assert note.startswith("ekskl. sagsbehandlere uden gennemgang: 1")
    assert "ingen relevante" not in note


def test_people_of_the_baseline_are_counted_never_named():
    units = {"K1": 9, "K2": 9, "K3": 9}
    now = round_({"K1": {"Q1": "jj"}, "K2": {"Q1": "jn"}, "K3": {"Q1": "jj"}}, units)
    before = round_({"K1": {"Q1": "jn"}, "K2": {"Q1": "jn"}}, units)
    now, before = (
        replace(side, strata=side.strata.assign(unit="Amager"), name_strata=False) for side in (now, before)
    )
    note = compliance_table(now, baseline=before)["note"].iloc[0]
    assert "ekskl. sagsbehandlere uden gennemgang: 1" in note
    assert "K3" not in note


def test_at_level_1_a_unit_rests_on_the_caseworkers_with_cases_in_it():
    cases = pd.DataFrame(
        {"case_id": list("abcd"), "stratum": ["k1", "k1", "k2", "k3"], "unit": ["A", "B", "B", "B"]}
    )
    strata = pd.DataFrame(
        {"stratum": ["k1", "k2", "k3"], "unit": ["A", "B", "B"], "population_size": [10, 20, 30]}
    )
    answers = pd.DataFrame({"case_id": list("abcd"), "question": "Q1", "answer": ["nej", "ja", "ja", "nej"]})
    rows = rows_of(ReviewedSample(cases, strata, answers, name_strata=False), by=["unit"])
    level = share([10, 20, 30], [2, 1, 1], [1, 1, 1], [1, 1, 0])
    assert rows.loc[("Q1", "unit=B"), "estimate"] == float(level.estimate)
    assert rows.loc[("Q1", "unit=B"), "standard_error"] == float(level.standard_error)
    assert rows.loc[("Q1", "unit=A"), "n_relevant"] == 1


def test_wide_intervals_and_few_answers_are_marked():
    rows = rows_of(TWO)
    assert rows.loc[("Q2", "all"), "few"]
    assert rows.loc[("Q2", "all"), "very_uncertain"]
    assert "meget usikker" in rows.loc[("Q2", "all"), "note"]
    assert not rows_of(TWO, method=Method(wide=1.0)).loc[("Q2", "all"), "very_uncertain"]


GOOD = {"A": {"Q1": "j" * 20, "Q2": "j" * 20}, "B": {"Q1": "j" * 20, "Q2": "j" * 20}}
BAD = {"A": {"Q1": "n" * 15 + "j" * 5, "Q2": "j" * 20}, "B": {"Q1": "n" * 15 + "j" * 5, "Q2": "j" * 19 + "n"}}
BIG = {"A": 1000, "B": 2000}


def test_verdicts_are_given_to_the_family_only():
    rows = rows_of(round_(BAD, BIG), baseline=round_(GOOD, BIG), by=["unit"])
    assert rows.loc[("Q1", "all"), "verdict"] == "tilbagegang"
    assert rows.loc[("Q2", "all"), "verdict"] == "ingen sikker ændring"
    outside = rows[
        (rows.index.get_level_values("domain") != "all")
        | rows.index.get_level_values("question").isin(["*", "uden_fejl"])
    ]
    assert outside["verdict"].isna().all()
    assert outside["p_adjusted"].isna().all()
    # A row over several questions has an interval and no p-value.
    assert outside["p_value"].isna().tolist() == [name == "*" for name, _ in outside.index]
    assert outside["change_low"].notna().all()


def test_the_verdict_turns_with_the_change():
    assert rows_of(round_(GOOD, BIG), baseline=round_(BAD, BIG)).loc[("Q1", "all"), "verdict"] == "fremgang"


def test_a_question_with_few_relevant_answers_is_no_part_of_the_family():
    now = round_({"A": {"Q1": "n" * 20, "Q2": "jjjj" + "-" * 16}}, {"A": 1000})
    rows = rows_of(now, baseline=round_({"A": GOOD["A"]}, {"A": 1000}))
    assert rows.loc[("Q2", "all"), "verdict"] is None
    assert rows.loc[("Q1", "all"), "p_adjusted"] == rows.loc[("Q1", "all"), "p_value"]


def test_an_interval_beyond_0_without_a_verdict_may_be_chance():
    questions = {f"Q{i}": "j" * 18 + "nn" for i in range(2, 12)}
    now = round_({"A": {"Q1": "j" * 13 + "n" * 7, **questions}}, {"A": 1000})
    before = round_({"A": {"Q1": "j" * 19 + "n", **questions}}, {"A": 1000})
    row = rows_of(now, baseline=before).loc[("Q1", "all")]
    assert row["p_value"] < 0.05 < row["p_adjusted"]
    assert row["change_high"] < 0
    # Twenty cases find hardly a fall of 20 points among eleven questions: no *ingen sikker ændring* either.
    assert (row["verdict"], row["verdict_reason"]) == (None, "too_few")
    assert "kan være tilfældigt, når så mange spørgsmål ses på én gang" in row["note"]


def test_published_counts_are_a_baseline():
    published = pd.DataFrame({"question": ["Q1"], "n_relevant": [40], "n_compliant": [20]})
    row = rows_of(round_(GOOD, BIG), baseline=published).loc[("Q1", "all")]
    assert (row["baseline_estimate"], row["baseline_n_eff"], row["verdict"]) == (0.5, 40, "fremgang")
    low, high = intervals.beta_interval(0.5, 40)
    assert (row["baseline_low"], row["baseline_high"]) == (low, high)
    assert rows_of(round_(GOOD, BIG), baseline=published).loc[("Q2", "all"), "comparable"] is None


def test_a_second_baseline_stands_beside_and_gives_no_verdict():
    published = pd.DataFrame({"question": ["Q1"], "n_relevant": [40], "n_compliant": [40]})
    row = rows_of(round_(BAD, BIG), baseline=round_(BAD, BIG), second=published).loc[("Q1", "all")]
    assert row["verdict"] == "ingen sikker ændring"
    assert row["second_change"] == pytest.approx(row["estimate"] - 1)


def test_the_law_decides_what_is_compared():
    def asked(rule):
        texts = [Question(q, "?", "t", comparable=rule, regimes=("old", "new")) for q in ("Q1", "Q2")]
        return QuestionSet("s", "1", tuple(texts))

    for rule in ("yes", "partly", "no"):
        now = round_(BAD, BIG, questions=asked(rule), regime="new")
        row = rows_of(now, baseline=round_(GOOD, BIG, questions=asked(rule), regime="old")).loc[("Q1", "all")]
        assert row["comparable"] == rule
        assert np.isnan(row["change"]) == (rule == "no")
        assert np.isnan(row["baseline_estimate"]) == 0
        same = rows_of(now, baseline=round_(GOOD, BIG, questions=asked(rule), regime="new"))
        assert same.loc[("Q1", "all"), "comparable"] == "yes"


def test_a_question_carries_on_an_earlier_id():
    questions = QuestionSet("s", "1", (Question("Q1", "?", "t", same_as=("OLD",)), Question("Q2", "?", "t")))
    old = round_({unit: {"OLD": part["Q1"], "Q2": part["Q2"]} for unit, part in GOOD.items()}, BIG)
    row = rows_of(round_(BAD, BIG, questions=questions), baseline=old).loc[("Q1", "all")]
    assert row["baseline_estimate"] == 1


def test_a_public_note_does_not_say_where_a_question_applied_to_no_case():
    rows = rows_of(round_({"A": {"Q1": "j" * 20}, "B": {"Q1": "-" * 20}}, BIG))
    assert "B" in rows.loc[("Q1", "all"), "note"]
    assert rows.loc[("Q1", "all"), "public_note"] == ""


def test_missing_cases_and_what_they_could_change():
    now = round_({"A": {"Q1": "j" * 18 + "nn"}, "B": {"Q1": "j" * 4}}, BIG, drawn=[20, 20])
    found = analyse(now)
    assert found.units["missing"].tolist() == [0, 16]
    assert found.units["uneven"].tolist() == [False, True]
    row = found.missing.set_index("question").loc["Q1"]
    assert row["worst"] == pytest.approx((50 * 18 + 100 * 4) / 3000)
    assert row["best"] == pytest.approx((50 * 18 + 100 * 20) / 3000)
    assert bool(row["depends"])
    assert "24 af 40" in found.sentences[0]
    assert any("B" in sentence and "ujævn" in sentence for sentence in found.sentences)
    assert any("ud over intervallet" in sentence for sentence in found.sentences)


def test_a_verdict_that_falls_with_the_missing_cases_is_told_in_the_language_in_use():
    now = round_({"A": {"Q1": "j" * 30}}, {"A": 500}, drawn=[40])
    before = round_({"A": {"Q1": "j" * 24 + "n" * 16}}, {"A": 500})
    found = analyse(now, baseline=before)
    question, together, without_fault = found.missing.to_dict("records")
    assert [question[f"verdict{end}"] for end in ("", "_worst", "_best")] == [
        "fremgang",
        "ingen sikker ændring",
        "fremgang",
    ]
    # Cases without fault have no verdict to depend on: for them the interval is what counts.
    assert together["verdict"] is without_fault["verdict"] is None
    assert "»ingen sikker ændring«" in found.sentences[1]
    assert "ud over intervallet" in found.sentences[2]
    with using("en"):
        assert "no sure change" in analyse(now, baseline=before).sentences[1]
    assert not any("None" in sentence for sentence in found.sentences)


def test_a_verdict_that_stands_whatever_the_missing_cases_were():
    now = round_({"A": {"Q1": "n" * 19}, "B": {"Q1": "n" * 20}}, BIG, drawn=[20, 20])
    found = analyse(now, baseline=round_({u: {"Q1": p["Q1"]} for u, p in GOOD.items()}, BIG))
    assert found.missing.set_index("question").loc["Q1", "verdict_best"] == "tilbagegang"
    assert "Ingen konklusion afhænger" in found.sentences[-1]


@pytest.mark.parametrize(
    ("outside", "missing", "worst"),
    [
        (True, 0, None),
        (False, 1, 20 / 21),
    ],
)
def test_a_replaced_case_stays_missing_unless_it_was_outside_the_population(outside, missing, worst):
    replaced = pd.DataFrame(
        {"case_id": ["x"], "replacement": ["A0"], "stratum": ["A"], "outside_population": [outside]}
    )
    now = replace(round_({"A": {"Q1": "j" * 20}}, {"A": 500}), replacements=replaced)
    found = analyse(now)
    assert [row["worst"] for row in found.missing.to_dict("records")] == [pytest.approx(worst)] * 3 * missing
    assert found.sentences[0].startswith("1 udtrukket sag er udskiftet")
    assert found.sentences[0].endswith(f"mangler: {missing}.")


def test_a_missing_case_has_as_many_answers_as_the_others_in_a_pooled_row():
    now = round_({"A": {"Q1": "jjjj", "Q2": "jj--"}}, {"A": 500}, drawn=[5])
    together = analyse(now).missing.set_index("question").loc["*"]
    # r̄ weighs a case by its answers: (4 + 4 + 1 + 1) / 6.
    assert (together["worst"], together["best"]) == (pytest.approx(6 / (6 + 10 / 6)), 1)


def test_published_counts_cannot_be_compared_with_several_questions_together():
    published = pd.DataFrame({"question": ["Q1", "*"], "n_relevant": [40, 80], "n_compliant": [38, 70]})
    rows = rows_of(round_(GOOD, BIG), baseline=published)
    assert np.isfinite(rows.loc[("Q1", "all"), "change"])
    assert rows.loc[("*", "all"), "baseline_estimate"] == 0.875
    assert np.isnan(rows.loc[("*", "all"), "change"])
    assert "hvilke svar der hører til samme sag" in rows.loc[("*", "all"), "note"]


def test_a_theme_of_one_question_is_that_question():
    now, before = (replace(round_(side, BIG), questions={"Q1": "t", "Q2": "u"}) for side in (GOOD, BAD))
    rows = rows_of(now, baseline=before)
    for column in ("low", "high", "n_eff", "change_low", "change_high"):
        assert rows.loc[("theme:t", "all"), column] == rows.loc[("Q1", "all"), column]


def test_a_case_with_many_more_answers_is_told():
    many = {f"Q{i}": "j" + "-" * 19 for i in range(3, 30)} | {"Q1": "j" * 20, "Q2": "j" * 20}
    rows = rows_of(round_({"A": many}, {"A": 500}))
    assert "over dobbelt så mange" in rows.loc[("*", "all"), "note"]


def test_nothing_missing_says_nothing():
    found = analyse(round_(GOOD, BIG))
    assert found.sentences == []
    assert found.missing.empty


def test_graded_questions_have_shares_and_enter_no_percentage():
    side = round_({"A": {"Q1": "jn", "T1": "13"}, "B": {"Q1": "jj", "T1": "3-"}})
    rows = compliance_table(side)
    assert "T1" not in set(rows["question"])
    assert rows.set_index("question").loc["*", "n_relevant"] == 4
    found = grades.table(side).set_index("grade")
    assert found["n"].tolist() == [1, 0, 2]
    assert found["share"].sum() == pytest.approx(1)
    assert found.loc["lav grad", "share"] == pytest.approx(50 / (50 * 2 + 150))


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="unknown stratum"):
        compliance_table(replace(TWO, cases=TWO.cases.assign(stratum="X")))
    with pytest.raises(ValueError, match="two answers"):
        compliance_table(replace(TWO, answers=pd.concat([TWO.answers, TWO.answers])))
    with pytest.raises(ValueError, match="listed twice"):
        compliance_table(replace(TWO, cases=pd.concat([TWO.cases, TWO.cases])))


def hundreds(compliant):
    return round_(
        {"A": {"Q1": "j" * compliant + "n" * (120 - compliant), "Q2": "j" * 100 + "n" * 20}}, {"A": 5000}
    )


def test_a_row_says_the_smallest_fall_it_could_have_shown():
    rows = rows_of(hundreds(100), baseline=hundreds(108), by=["unit"])
    detectable = rows["detectable"]
    assert 0.1 < detectable[("Q1", "all")] < 0.2
    assert (rows.loc[("Q1", "all"), "verdict"], rows.loc[("Q1", "all"), "verdict_reason"]) == (
        "ingen sikker ændring",
        None,
    )
    # Outside the family nothing is said.
    assert detectable[[("*", "all"), ("uden_fejl", "all"), ("Q1", "unit=A")]].isna().all()


def test_few_cases_give_no_verdict_and_leave_others_and_the_family_as_they_were():
    now = round_({"A": {"Q1": "n" * 19 + "j", "Q2": "j" * 15 + "n" * 5}}, {"A": 1000})
    rows = rows_of(now, baseline=round_({"A": {"Q1": "j" * 20, "Q2": "j" * 17 + "nnn"}}, {"A": 1000}))
    assert rows.loc[("Q1", "all"), "verdict"] == "tilbagegang"
    unseen = rows.loc[("Q2", "all")]
    assert (unseen["verdict"], unseen["verdict_reason"]) == (None, "too_few")
    assert unseen["p_adjusted"] == unseen["p_value"]


def test_missing_cases_can_turn_too_few_into_a_verdict():
    now = round_({"A": {"Q1": "j" * 10}}, {"A": 1000}, drawn=[20])
    found = analyse(now, baseline=round_({"A": {"Q1": "j" * 18 + "nn"}}, {"A": 1000}))
    row = found.missing.set_index("question").loc["Q1"]
    assert (row["verdict"], row["verdict_worst"], row["verdict_best"]) == (None, "tilbagegang", None)
    assert row["depends"]
    assert "»for få sager til en vurdering«" in found.sentences[1]


@pytest.mark.parametrize(
    ("compliant_before", "expected"),
    [
        (60, True),
        (104, False),
        (None, None),
    ],
)
def test_a_verdict_is_confirmed_by_the_round_before(compliant_before, expected):
    previous = None if compliant_before is None else hundreds(compliant_before)
    rows = rows_of(hundreds(70), baseline=hundreds(108), previous=previous)
    assert rows.loc[("Q1", "all"), "verdict"] == "tilbagegang"
    assert rows.loc[("Q1", "all"), "confirmed"] is expected
    assert rows.loc[("Q2", "all"), "confirmed"] is None


def test_a_heavy_unit_that_was_hardly_read_marks_the_percentage():
    now = round_({"A": {"Q1": "j" * 20}, "B": {"Q1": "jjjn"}}, {"A": 500, "B": 400})
    rows = rows_of(now, by=["unit"])
    assert "under fem relevante i B" in rows.loc[("Q1", "all"), "note"]
    assert "under fem relevante" not in rows.loc[("Q1", "unit=B"), "note"]
    light = rows_of(round_({"A": {"Q1": "j" * 20}, "B": {"Q1": "jjjn"}}, {"A": 500, "B": 50}))
    assert "under fem relevante" not in light.loc[("Q1", "all"), "note"]
