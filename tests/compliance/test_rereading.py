"""The tables of agreement, from answers as two levels gave them."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.statistics import plain_gamma
from tilsyn.compliance import rereading
from tilsyn.compliance.rereading import agreement_table, disagreements, not_relevant_shares, pairs

LAWFUL = "nej (lovlig grund)"


def answers(text):
    """A reading from lines of: case question answer."""
    rows = [line.split(maxsplit=2) for line in text.strip().splitlines()]
    return pd.DataFrame(rows, columns=["case_id", "question", "answer"])


def readings(both_yes, second_yes, first_yes, both_no, question="Q"):
    """Two readings with the four counts."""
    kinds = [("ja", "ja")] * both_yes + [("nej", "ja")] * second_yes + [("ja", "nej")] * first_yes
    kinds += [("nej", "nej")] * both_no
    cases = [f"S{number:03}" for number in range(len(kinds))]
    return tuple(
        pd.DataFrame({"case_id": cases, "question": question, "answer": [kind[side] for kind in kinds]})
        for side in (0, 1)
    )


def row_of(table, question):
    return table[table["question"] == question].iloc[0]


def test_a_question_has_the_acceptance_values():
    row = row_of(agreement_table(pairs(*readings(50, 2, 3, 5))), "Q")
    assert (row["yes_yes"], row["no_yes"], row["yes_no"], row["no_no"]) == (50, 2, 3, 5)
    assert row["agreement"] == pytest.approx(0.916667, abs=5e-7)
    assert (row["agreement_low"], row["agreement_high"]) == pytest.approx((0.816142, 0.972387), abs=5e-7)
    assert (row["ac1"], row["ac1_low"], row["ac1_high"]) == pytest.approx(
        (0.893333, 0.767466, 0.978998), abs=5e-7
    )
    assert (row["kappa"], row["kappa_low"], row["kappa_high"]) == pytest.approx(
        (0.619289, 0.293782, 0.888636), abs=5e-7
    )
    assert (row["pabak"], row["yes_agreement"], row["no_agreement"]) == pytest.approx(
        (0.833333, 0.952381, 0.666667), abs=5e-7
    )
    assert (row["net_shift"], row["stricter"], row["mcnemar_p"], row["n_no"]) == (-1, "second", 1.0, 15)
    assert row["kappa_misleads"]


def test_one_question_overall_is_that_question_but_for_the_test():
    table = agreement_table(pairs(*readings(50, 2, 3, 5)))
    overall, row = row_of(table, "*"), row_of(table, "Q")
    assert overall["agreement"] == row["agreement"]
    assert overall["n_cases"] == row["n_cases"] == 60
    assert math.isnan(overall["mcnemar_p"])


def test_answers_of_one_case_are_not_independent():
    first, second = readings(50, 2, 3, 5)
    copies = [pd.concat([side.assign(question=f"Q{n}") for n in range(4)]) for side in (first, second)]
    overall = row_of(agreement_table(pairs(*copies)), "*")
    assert overall["n_pairs"] == 240
    # Four copies of a question tell no more than one: the interval is that of the 60 cases.
    assert math.isnan(overall["n_eff"])
    one = row_of(agreement_table(pairs(first, second)), "Q")
    for name in ("agreement_low", "agreement_high", "relevance_agreement_low"):
        assert overall[name] == pytest.approx(one[name], abs=1e-8)


def test_a_case_with_several_disagreements_counts_as_a_case():
    first, second = readings(50, 2, 3, 5)
    others = [pd.concat([first.assign(question=f"R{n}", answer="ja") for n in range(3)])] * 2
    found = row_of(agreement_table(pairs(pd.concat([first, others[0]]), pd.concat([second, others[1]]))), "*")
    # Five of sixty cases differ on one of four questions.
    strata = [(60, [(4, 4)] * 55 + [(4, 3)] * 5)]
    assert [found["agreement_low"], found["agreement_high"]] == pytest.approx(
        plain_gamma.limits(strata, finite=False), abs=1e-8
    )


def test_relevance_has_its_own_agreement():
    first = answers("a Q ja\nb Q ikke relevant\nc Q ikke relevant\nd Q nej")
    second = answers("a Q ikke relevant\nb Q ikke relevant\nc Q nej\nd Q nej")
    row = row_of(agreement_table(pairs(first, second)), "Q")
    assert (row["n_pairs"], row["n_relevant"]) == (4, 1)
    assert row["agreement"] == row["relevance_agreement"] == 0.5
    assert (row["yes_not_relevant"], row["not_relevant_no"], row["not_relevant_not_relevant"]) == (1, 1, 1)


def test_a_lawful_no_followed_the_law():
    first, second = answers("a Q ja"), answers(f"a Q {LAWFUL}")
    row = row_of(agreement_table(pairs(first, second)), "Q")
    assert (row["agreement"], row["yes_yes"]) == (1, 1)
    assert disagreements(pairs(first, second)).empty


def test_what_both_set_aside_without_reading_is_no_agreement():
    first = answers("a Q ikke relevant\nb Q ikke relevant\nc Q ja").assign(derived=[True, True, False])
    second = answers("a Q ikke relevant\nb Q ikke relevant\nc Q ja").assign(derived=[True, False, False])
    assert pairs(first, second)["case_id"].tolist() == ["b", "c"]


def test_only_what_both_answered_counts():
    first, second = answers("a Q ja\nb Q ja\na R ja"), answers("a Q nej\nc Q ja")
    paired = pairs(first, second.assign(remark=["mangler", ""]))
    assert paired[["case_id", "question", "second_remark"]].values.tolist() == [["a", "Q", "mangler"]]


def test_two_answers_to_a_question_are_refused():
    with pytest.raises(ValueError, match="second reading"):
        pairs(answers("a Q ja"), answers("a Q ja\na Q nej"))


def test_grades_have_raw_agreement_and_ac1_and_stay_out_of_the_whole():
    first = answers("a G lav grad\nb G høj grad\na Q ja\nb Q ja")
    second = answers("a G nogen grad\nb G høj grad\na Q ja\nb Q ja")
    table = agreement_table(pairs(first, second))
    assert table["question"].tolist() == ["*", "G", "Q"]
    assert row_of(table, "*")["n_pairs"] == 2
    grade = row_of(table, "G")
    assert grade["agreement"] == 0.5
    assert math.isnan(grade["kappa"])
    assert grade["yes_yes"] is grade["stricter"] is grade["n_no"] is None
    assert isinstance(row_of(table, "Q")["yes_yes"], int)
    assert not math.isnan(grade["ac1"])


def test_an_answer_on_no_scale_is_refused():
    with pytest.raises(ValueError, match="none of"):
        agreement_table(pairs(answers("a Q måske"), answers("a Q ja")))


def test_the_order_of_questions_is_the_callers():
    first = answers("a Q ja\na R ja")
    assert agreement_table(pairs(first, first), ["R", "X", "Q"])["question"].tolist() == ["*", "R", "Q"]


def test_the_gravest_disagreement_stands_first():
    first = answers("a Q ja\nb C ja\nc C ikke relevant\nd Q ikke relevant\ne Q nej\nf Q ja\ng Q nej\nh Q ja")
    second = answers(
        "a Q nej\nb C nej\nc C nej\nd Q nej\ne Q ja\nf Q ikke relevant\ng Q ikke relevant\nh Q ja"
    )
    found = disagreements(pairs(first, second), {"C"})
    assert found["case_id"].tolist() == ["b", "c", "a", "d", "e", "f", "g"]
    assert found["rank"].tolist() == [1, 2, 3, 4, 5, 6, 6]
    assert found["critical"].tolist() == [True, True] + [False] * 5


def test_shares_of_not_relevant_per_group():
    given_answers = answers("a Q ja\na R ikke relevant\nb Q ikke relevant\nb R ikke relevant\nc Q ja\nc R ja")
    given_answers["group"] = ["Amager"] * 4 + ["Valby"] * 2
    given_answers["derived"] = [False, False, True, False, False, False]
    shares = not_relevant_shares(given_answers).set_index("group")
    assert shares.loc["Amager", ["n_cases", "n_answers", "n_not_relevant"]].tolist() == [2, 3, 2]
    assert shares.loc["Valby", "share"] == 0
    assert shares.iloc[0][["n_answers", "share"]].tolist() == [5, 0.4]
    assert (shares["low"] <= shares["share"]).all()
    assert (shares["share"] <= shares["high"]).all()


def test_nothing_read_gives_empty_tables():
    nothing = answers("a Q ja").head(0)
    assert pairs(nothing, nothing).empty
    assert agreement_table(pairs(nothing, nothing)).empty
    assert not_relevant_shares(nothing.assign(group="")).empty


kinds = st.sampled_from(["ja", "nej", LAWFUL, "ikke relevant"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.sampled_from("QR"), kinds, kinds),
        min_size=2,
        max_size=30,
        unique_by=lambda r: r[:2],
    )
)
def test_any_two_readings(rows):
    table = pd.DataFrame(rows, columns=["case_id", "question", "one", "two"])
    table["case_id"] = table["case_id"].astype(str)
    first, second = (
        table.rename(columns={side: "answer"})[["case_id", "question", "answer"]] for side in ("one", "two")
    )
    found = agreement_table(pairs(first, second))
    back = agreement_table(pairs(second.sample(frac=1, random_state=1), first))
    for (_, row), (_, other) in zip(found.iterrows(), back.iterrows(), strict=True):
        cells = [
            row[f"{a}_{b}"] for a in ("yes", "no", "not_relevant") for b in ("yes", "no", "not_relevant")
        ]
        assert sum(cells) == row["n_pairs"]
        for name in ("agreement", "ac1", "kappa", "relevance_agreement"):
            assert other[name] == pytest.approx(row[name], nan_ok=True, abs=1e-12)
        assert other["net_shift"] == -row["net_shift"]
        assert row["n_eff_relevant"] <= row["n_relevant"] + 1e-9
    whole = row_of(found, "*")
    assert len(disagreements(pairs(first, second))) == round(whole["n_pairs"] * (1 - whole["agreement"]))


def test_kappa_is_steady_between_a_fifth_and_four_fifths():
    assert rereading.STEADY_FOR_KAPPA == (0.2, 0.8)
