"""From loads to reviews in force: newest wins, what follows is derived, stand-ins take the place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.questions.conditions import parse_first as parse
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.facts import Fact
from tilsyn.questions.question import Deadline, Question, Regime
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.conflicts import conflicts, withdrawn
from tilsyn.reviews.in_force import cases_in_force, urgency
from tilsyn.reviews.in_force_tables import sample_in_force
from tilsyn.reviews.records import CaseReview, Given, Load, overlaid
from tilsyn.reviews.replacement_reasons import by_reason, still_missing
from tilsyn.reviews.resolving import regime_of, resolve
from tilsyn.reviews.sample import ReviewedSample, joined
from tilsyn.sampling.draw_record import DrawnCase, DrawnStratum

OLD = Regime("serviceloven", "Serviceloven", "Act on Social Services", None, date(2023, 12, 31))
NEW = Regime("barnets-lov", "Barnets lov", "Child's Act", date(2024, 1, 1), None)
BOTH = ("serviceloven", "barnets-lov")


def question(name: str, condition: str = "", **values: object) -> Question:
    values = {"regimes": BOTH, **values}
    return Question(name, name, "trin", condition=parse(condition) if condition else None, **values)  # type: ignore[arg-type]


SET = QuestionSet(
    "prøve",
    "1",
    (
        question("AAA-01"),
        question("AAA-02", "AAA-01 relevant", deadline=Deadline("4 måneder", "4 months", 4, "months")),
        question("AAA-03", "AAA-02 = nej"),
        question("AAA-04", "anbringelse = ja"),
        question("AAA-05", regimes=("barnets-lov",)),
        question("GOD-01", kind="grade", regimes=()),
    ),
    (OLD, NEW),
    (Fact("anbringelse", "anbragt", "placed"),),
)
DAY = date(2018, 5, 1)


def review(answers: str, case: str = "1", **values: object) -> CaseReview:
    """Return a review from `AAA-01 ja; AAA-02 nej`."""
    pairs = (part.split(maxsplit=1) for part in answers.split(";") if part.strip())
    given = {name: Given(answer.strip()) for name, answer in pairs}
    return CaseReview(case, given, **{"act_date": DAY, **values})  # type: ignore[arg-type]


def resolved(case: CaseReview, regime: str | None = "serviceloven") -> dict[str, tuple[str | None, str]]:
    return {r.question: (r.answer, r.why) for r in resolve(SET, case, regime, WorkingDays())}


def test_skipping_follows_chains_of_conditions() -> None:
    found = resolved(review("AAA-01 ikke relevant; AAA-02 nej; GOD-01 lav grad"))
    assert found["AAA-02"] == ("ikke relevant", "skipped")
    assert found["AAA-03"] == ("ikke relevant", "skipped")
    assert found["AAA-04"] == (None, "")
    assert found["AAA-05"] == ("ikke relevant", "regime")


def test_a_fact_rules_a_question_out() -> None:
    assert resolved(review("", facts={"anbringelse": "nej"}))["AAA-04"] == ("ikke relevant", "skipped")


def test_a_lawful_nej_opens_what_a_nej_opens() -> None:
    found = resolved(review("AAA-01 ja; AAA-02 nej (lovlig grund)"))
    assert found["AAA-03"] == (None, "")


@pytest.mark.parametrize(
    ("answer", "end", "expected"),
    [
        (None, date(2018, 8, 30), ("ja", "dates")),
        (None, date(2018, 8, 31), ("nej", "dates")),
        ("nej (lovlig grund)", date(2018, 9, 3), ("nej (lovlig grund)", "")),
        ("ikke relevant", date(2018, 9, 3), ("ikke relevant", "")),
        ("ja", None, ("ja", "")),
        (None, date(2018, 4, 1), (None, "")),
    ],
)
def test_a_deadline_is_recomputed_from_its_dates(
    answer: str | None, end: date | None, expected: tuple[str | None, str]
) -> None:
    given = {"AAA-01": Given("ja"), "AAA-02": Given(answer, start=date(2018, 4, 30), end=end)}
    assert resolved(CaseReview("1", given))["AAA-02"] == expected


def test_regimes_before_during_and_after_the_change() -> None:
    assert regime_of(SET, date(2023, 12, 31), date(2024, 3, 31)) == "serviceloven"
    assert regime_of(SET, date(2024, 1, 1), date(2024, 3, 31)) == "barnets-lov"
    assert regime_of(SET, None, date(2018, 6, 30)) == "serviceloven"
    assert regime_of(SET, None, date(2024, 3, 31)) is None


RESERVE = [
    DrawnCase(case_id=str(n), stratum="Nord", unit="Nord", ticket=str(n), order=n) for n in (1, 2, 3, 4)
]
CASES = [replace(case, inclusion_probability=0.2, design_weight=5.0) for case in RESERVE[:2]]
del RESERVE[:2]
STRATA = [DrawnStratum(stratum="Nord", unit="Nord", stratum_size=10, population_size=10, sample_size=2)]
COMPLETE = "AAA-01 ja; AAA-02 ja; AAA-04 nej (lovlig grund); GOD-01 høj grad"


def load(number: int, *cases: CaseReview, workbook: str = "A", **values: object) -> Load:
    kind = values.pop("kind", "answers")
    return Load(
        "d", str(kind), f"2018-07-{number:02d}T10:00:00+00:00", number, workbook, cases=cases, **values
    )  # type: ignore[arg-type]


def now(*loads: Load) -> ReviewedSample:
    cases = cases_in_force(loads, CASES, RESERVE, SET, date(2018, 6, 30), WorkingDays())
    return sample_in_force(cases, loads, RESERVE, STRATA, SET)


def test_a_case_is_reviewed_when_every_question_that_can_apply_is_answered() -> None:
    found = now(load(1, review(COMPLETE), review("AAA-01 ja", case="2")))
    assert found.cases["complete"].tolist() == [True, False]
    assert (found.n_drawn, found.n_reviewed, found.n_missing) == (2, 1, 1)
    assert found.strata.loc[0, ["reviewed", "missing", "replaced"]].tolist() == [1, 1, 0]
    answers = found.finished.answers.set_index("question")
    assert answers["compliant"].dropna().to_dict() == {"AAA-01": True, "AAA-02": True, "AAA-04": True}
    assert answers["derived"].to_dict()["AAA-03"]
    assert not answers["relevant"].to_dict()["AAA-05"]


def test_nothing_loaded_is_nothing_reviewed() -> None:
    found = now()
    assert found.n_reviewed == 0
    assert found.answers.empty
    assert not found.cases["complete"].any()


def test_the_newest_load_of_a_workbook_wins() -> None:
    found = now(load(1, review(COMPLETE)), load(2, review(COMPLETE.replace("AAA-01 ja", "AAA-01 nej"))))
    assert found.answers.set_index("question")["answer"]["AAA-01"] == "nej"


def test_two_workbooks_that_share_a_case_add_up() -> None:
    first, second = review("AAA-01 ja; AAA-02 ja"), review("AAA-04 ja; GOD-01 lav grad")
    assert now(load(1, first), load(2, second, workbook="B")).n_reviewed == 1


def test_a_stand_in_takes_the_place_and_its_probability() -> None:
    swap = load(1, kind="replacement", case_id="1", replacement="3", reason="no_access")
    found = now(load(2, review(COMPLETE)), swap, load(3, review(COMPLETE, case="3")))
    row = found.cases.set_index("case_id").loc["3"]
    assert sorted(found.cases["case_id"]) == ["2", "3"]
    assert (row["replaces"], row["inclusion_probability"], row["design_weight"]) == ("1", 0.2, 5.0)
    assert bool(row["complete"])
    assert found.strata.loc[0, ["sample_size", "reviewed", "replaced"]].tolist() == [2, 1, 1]
    kept = ["1", "3", "no_access", "2018-07-01", "Nord"]
    assert found.replacements.loc[0].tolist() == [*kept, "ingen adgang", "no access", False]
    assert set(found.answers["case_id"]) == {"3"}


@pytest.mark.parametrize(
    ("said", "words", "outside"),
    [
        # What entries of earlier versions hold.
        ({"reason": "wrong_person"}, ("forkert persons sag", "wrong person's file"), True),
        ({"reason": "outside_target"}, ("uden for målgruppen", "outside the target group"), True),
        ({"reason": "no_access"}, ("ingen adgang", "no access"), False),
        ({"reason": "conflict"}, ("inhabilitet", "conflict of interest"), False),
        ({"reason": "something_else"}, ("something_else", ""), False),
        # The entry's own word goes before the usual one.
        ({"reason": "conflict", "reason_da": "i familie"}, ("i familie", ""), False),
        (
            {"reason": "moved", "reason_en": "moved away", "outside_population": True},
            ("", "moved away"),
            True,
        ),
    ],
)
def test_a_replacement_means_what_it_meant_when_it_was_made(
    said: dict[str, Any], words: tuple[str, str], outside: bool
) -> None:
    swap = load(1, kind="replacement", case_id="1", replacement="3", **said)
    assert Load.from_dict(swap.to_dict()) == replace(swap, file="")
    row = now(swap).replacements.iloc[0]
    assert ((row["text_da"], row["text_en"]), bool(row["outside_population"])) == (words, outside)


def test_months_with_and_without_replacements_are_one_quarter() -> None:
    swap = load(1, kind="replacement", case_id="1", replacement="3", reason="wrong_person")
    months = [now(), now(swap), now()]
    both = joined(months, months[0].strata).replacements
    assert len(both) == 1
    assert still_missing(both).empty
    assert by_reason(both).values.tolist() == [["wrong_person", 1, True]]
    assert by_reason(now().replacements).empty
    assert still_missing(now().replacements).empty


def test_a_stand_in_can_itself_be_replaced() -> None:
    first = load(1, kind="replacement", case_id="1", replacement="3", reason="no_access")
    second = load(2, kind="replacement", case_id="3", replacement="4", reason="conflict")
    found = now(first, second)
    assert sorted(found.cases["case_id"]) == ["2", "4"]
    assert found.strata.loc[0, "replaced"] == 2


def test_urgent_until_handled_and_again_when_marked_anew() -> None:
    urgent, calm = review("", urgent=True), review("")
    handled = load(3, kind="handled", case_id="1")
    assert urgency([load(1, urgent)]) == {"1": True}
    assert urgency([load(1, urgent), load(2, calm)]) == {"1": True}
    assert urgency([load(1, urgent), handled]) == {"1": False}
    assert urgency([load(1, urgent), handled, load(4, urgent)]) == {"1": False}
    assert urgency([load(1, urgent), handled, load(4, calm), load(5, urgent)]) == {"1": True}


def test_conflicts_are_what_both_say_differently() -> None:
    first = review("AAA-01 ja; AAA-02 ja", facts={"anbringelse": "ja"})
    second = review("AAA-01 nej; AAA-04 ja", facts={"anbringelse": "nej"}, act_date=date(2018, 5, 2))
    assert [part for part, _, _ in conflicts(first, second)] == ["act_date", "fact:anbringelse", "AAA-01"]
    assert list(conflicts(first, first)) == []
    assert withdrawn(first, second) == ["AAA-02"]


names = st.sampled_from(["AAA-01", "AAA-02", "AAA-03"])
givens = st.builds(Given, st.sampled_from([None, "ja", "nej"]), st.sampled_from(["", "for sent"]))
reviews = st.builds(
    CaseReview,
    st.just("1"),
    st.dictionaries(names, givens),
    st.dictionaries(st.just("anbringelse"), st.sampled_from(["ja", "nej"])),
    st.none() | st.dates(),
)


@given(reviews)
def test_a_review_keeps_all_it_says_through_its_record(case: CaseReview) -> None:
    kept = CaseReview.from_dict(case.to_dict())
    said = {name: given for name, given in case.answers.items() if not given.blank}
    assert kept.answers == said
    assert (kept.facts, kept.act_date) == (case.facts, case.act_date)


@given(reviews, reviews)
def test_laying_one_review_over_another_loses_no_answer(older: CaseReview, newer: CaseReview) -> None:
    both = overlaid(older, newer)
    for name in older.answers.keys() | newer.answers.keys():
        said = [r.answers[name] for r in (newer, older) if name in r.answers and not r.answers[name].blank]
        assert not said or both.answers[name] == said[0]


@given(reviews)
def test_every_question_gets_exactly_one_place(case: CaseReview) -> None:
    assert [r.question for r in resolve(SET, case, "serviceloven", WorkingDays())] == list(SET.ids)
