"""What counts at each question: the worked cases of the question list, links, limits, versions and unknowns."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.builders.questions import law_questions
from tests.builders.worked_cases import B_BEFORE_2024, STARTED, A, B, C, D, head
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.evaluation import CaseSaid, Outcome, Said, evaluate
from tilsyn.questions.question_set import QuestionSet

WORKED_2026 = [
    ("A", A, "UND-01 UND-02 SCR-01 INV-04 DOK-01", "", 7),
    (
        "B",
        B,
        "UND-01 UND-02 SCR-01 AFD-01 SAM-01 SAM-03 INV-01 INV-02 INV-04 INV-05 INV-06 AFG-01 AFG-02 AFG-05 PLN-02 "
        "OPF-01 OPF-03 OPF-05 DOK-01",
        "INV-03",
        23,
    ),
    (
        "C",
        C,
        "UND-01 UND-02 UND-05 SCR-01 BFU-01 BFU-02 BFU-06 BFU-08 BFU-10 SAM-01 INV-01 INV-02 INV-04 INV-05 INV-06 "
        "AFG-01 AFG-02 AFG-03 AFG-04 ANB-02 ANB-03 ANB-04 ANB-05 OPF-01 DOK-01",
        "BFU-03 INV-03",
        34,
    ),
    (
        "D",
        D,
        "INV-04 INV-05 ANB-02 ANB-03 ANB-04 PLN-03 PLN-04 OPF-01 OPF-03 OPF-05 TIL-01 DOK-01",
        "",
        16,
    ),
]
WORKED_2018 = [
    ("A", A, "UND-01 UND-02 DOK-01", ""),
    (
        "B",
        B_BEFORE_2024,
        "UND-01 UND-02 BFU-01 BFU-02 BFU-06 BFU-07 BFU-08 SAM-01 SAM-03 INV-01 INV-02 INV-04 INV-05 AFG-01 AFG-02 "
        "AFG-05 PLN-01 PLN-03 OPF-01 OPF-05 DOK-01",
        "BFU-03 INV-03",
    ),
    (
        "C",
        C,
        "UND-01 UND-02 UND-05 BFU-01 BFU-02 BFU-06 BFU-08 SAM-01 INV-01 INV-02 INV-04 INV-05 AFG-01 AFG-02 AFG-03 "
        "AFG-04 ANB-02 ANB-03 ANB-04 ANB-05 OPF-01 DOK-01",
        "BFU-03 INV-03",
    ),
    ("D", D, "INV-05 ANB-02 ANB-03 ANB-04 PLN-03 PLN-04 OPF-01 OPF-02 OPF-05 TIL-01 DOK-01", ""),
]


@pytest.fixture(scope="module")
def both() -> QuestionSet:
    return law_questions()


def outcomes(
    questions: QuestionSet,
    facts: str = "",
    answers: dict[str, str] | None = None,
    act: date | None = date(2026, 6, 1),
    reviewed: date = date(2026, 7, 1),
    **dates: date | datetime | None,
) -> dict[str, Outcome]:
    """Evaluate a case; `nej (lovlig grund):code` chooses a reason."""
    said = {}
    for name, text in (answers or {}).items():
        answer, _, reason = text.partition(":")
        said[name] = Said(answer, reason)
    given = {name: at for name, at in dates.items() if at is not None}
    given["gennemgang_dato"] = reviewed
    if act is not None:
        given["handling_dato"] = act
    case = CaseSaid(head(facts) if facts else {}, given, said)
    return evaluate(questions, case, questions.regime_at(act), WorkingDays())


def asked(found: dict[str, Outcome], applies: bool | None = True) -> str:
    return " ".join(name for name, outcome in found.items() if outcome.applies is applies)


@pytest.mark.parametrize(("case", "facts", "ids", "may_open", "extended"), WORKED_2026)
def test_the_worked_cases_under_barnets_lov(
    both: QuestionSet, case: str, facts: str, ids: str, may_open: str, extended: int
) -> None:
    found = outcomes(both.of_scope("core"), facts, indsats_start=STARTED[case])
    assert asked(found) == ids
    assert asked(found, None) == may_open
    assert len(asked(outcomes(both, facts, indsats_start=STARTED[case])).split()) == extended


@pytest.mark.parametrize(("case", "facts", "ids", "may_open"), WORKED_2018)
def test_the_worked_cases_under_serviceloven(
    both: QuestionSet, case: str, facts: str, ids: str, may_open: str
) -> None:
    started = STARTED[case]
    found = outcomes(
        both.of_scope("core"),
        facts,
        act=date(2018, 6, 1),
        reviewed=date(2018, 7, 1),
        indsats_start=started and started.replace(year=started.year - 8),
    )
    assert asked(found) == ids
    assert asked(found, None) == may_open


def test_what_the_head_answers(both: QuestionSet) -> None:
    found = outcomes(both, A)["SCR-01"]
    assert (found.answer, found.why) == ("ja", "head")
    missing = outcomes(both, A.replace("intet_mere", "ikke_lavet"), {"SCR-01": "ja"})["SCR-01"]
    assert (missing.answer, missing.why) == ("nej", "head")
    planned = outcomes(both, B.replace("plan nej", "plan besluttet"))["PLN-02"]
    assert (planned.answer, planned.why) == ("ja", "head")


def test_a_running_limit_does_not_count(both: QuestionSet) -> None:
    found = outcomes(both, C, indsats_start=date(2026, 6, 1))["OPF-01"]
    assert (found.answer, found.why) == ("ikke relevant", "running")


LINKED = [
    ("INV-01", "nej (lovlig grund):barn_saerligt_tilfaelde", {"INV-03": "ja"}, "nej (lovlig grund)"),
    ("INV-01", "nej (lovlig grund):barn_saerligt_tilfaelde", {"INV-03": "nej"}, "nej"),
    ("INV-01", "nej (lovlig grund):barn_saerligt_tilfaelde", {}, "nej (lovlig grund)"),
    ("BFU-06", "nej (lovlig grund):barn_saerligt_tilfaelde", {"INV-03": "ja"}, "nej (lovlig grund)"),
    ("BFU-06", "nej (lovlig grund):barn_saerligt_tilfaelde", {"INV-03": "nej"}, "nej"),
]


@pytest.mark.parametrize(("question", "own", "others", "answer"), LINKED)
def test_an_exception_that_is_not_reasoned_turns_what_it_excuses(
    both: QuestionSet, question: str, own: str, others: dict[str, str], answer: str
) -> None:
    found = outcomes(both, C, {question: own, **others})
    assert found[question].answer == answer
    assert (found[question].why == "link") == (answer == "nej")
    # What must bear it out is asked all the same.
    assert found["INV-03"].applies


@pytest.mark.parametrize(
    ("reason", "others", "answer"),
    [
        ("barn_modenhed_sel", {"INV-03": "nej"}, "nej"),
        ("barn_modenhed_sel", {"INV-03": "ja"}, "nej (lovlig grund)"),
        ("netop_talt_sel", {"INV-03": "nej"}, "nej (lovlig grund)"),
    ],
)
def test_before_2024_only_the_reason_of_maturity_must_be_reasoned(
    both: QuestionSet, reason: str, others: dict[str, str], answer: str
) -> None:
    said = {"INV-01": f"nej (lovlig grund):{reason}", "BFU-06": "ja", **others}
    found = outcomes(both, B_BEFORE_2024, said, act=date(2018, 6, 1))
    assert found["INV-01"].answer == answer
    assert found["INV-03"].applies is (reason == "barn_modenhed_sel")


@pytest.mark.parametrize(
    ("decision", "answer"), [("anb_samtykke", "nej (lovlig grund)"), ("anb_uden", "nej")]
)
def test_a_lawful_reason_may_need_a_kind_of_decision(both: QuestionSet, decision: str, answer: str) -> None:
    facts = C.replace("afgoerelse formand", f"afgoerelse {decision}")
    found = outcomes(both, facts, {"ANB-01": "nej (lovlig grund):foreloebig_akut"})
    assert found["ANB-01"].answer == answer


@pytest.mark.parametrize(
    ("plan", "reviewed", "answer"),
    [
        (date(2018, 9, 20), date(2018, 12, 1), "nej (lovlig grund)"),
        (date(2018, 9, 21), date(2018, 12, 1), "nej"),
        (None, date(2018, 9, 21), "nej"),
        (None, date(2018, 9, 20), "nej (lovlig grund)"),
    ],
)
def test_a_plan_that_could_not_wait_follows_within_four_months(
    both: QuestionSet, plan: date | None, reviewed: date, answer: str
) -> None:
    found = outcomes(
        both,
        B_BEFORE_2024,
        {"PLN-01": "nej (lovlig grund):plan_haster_sel"},
        act=date(2018, 5, 20),
        reviewed=reviewed,
        afgoerelse_dato=date(2018, 5, 20),
        plan_dato=plan,
    )
    assert found["PLN-01"].answer == answer


@pytest.mark.parametrize(
    ("typed", "ended", "answer"),
    [
        (None, date(2026, 5, 5), "ja"),
        (None, date(2026, 5, 6), "nej"),
        ("ja", date(2026, 5, 6), "nej"),
        ("ja", None, "nej"),
        (None, None, "nej"),
        ("nej (lovlig grund)", date(2026, 5, 6), "nej (lovlig grund)"),
        ("ikke relevant", date(2026, 5, 6), "ikke relevant"),
    ],
)
def test_a_limit_turns_ja_and_an_empty_answer_into_nej_and_nothing_else(
    both: QuestionSet, typed: str | None, ended: date | None, answer: str
) -> None:
    said = {} if typed is None else {"BFU-02": typed}
    found = outcomes(
        both, C, said, underretning_modtaget=datetime(2026, 1, 5, 9, 30), undersoegelse_afsluttet=ended
    )
    assert found["BFU-02"].answer == answer
    assert found["BFU-03"].applies is (answer == "nej")


def test_the_need_is_known_from_the_notification_unless_another_day_is_given(both: QuestionSet) -> None:
    ended = date(2026, 5, 20)
    dates = {"underretning_modtaget": date(2026, 1, 5), "undersoegelse_afsluttet": ended}
    assert outcomes(both, C, **dates)["BFU-02"].answer == "nej"
    assert outcomes(both, C, **dates, behov_kendt=date(2026, 2, 1))["BFU-02"].answer == "ja"
    nobody = C.replace("underretning overgreb_foraelder", "underretning ingen")
    assert outcomes(both, nobody, **dates)["BFU-02"].answer is None


def test_the_earliest_of_two_proposes_and_a_readers_ja_stands(both: QuestionSet) -> None:
    dates = {
        "indsats_start": date(2026, 3, 2),
        "parallel_undersoegelse_afsluttet": date(2026, 3, 30),
        "foerste_opfoelgning": date(2026, 5, 29),
    }
    found = outcomes(both, B, **dates)["OPF-01"]
    assert (found.answer, found.why) == ("nej", "dates")
    assert found.verdict is not None
    assert found.verdict.by == "parallel_undersoegelse_afsluttet"
    assert outcomes(both, B, {"OPF-01": "ja"}, **dates)["OPF-01"].answer == "ja"
    late = dates | {"foerste_opfoelgning": date(2026, 6, 3)}
    assert outcomes(both, B, {"OPF-01": "ja"}, **late)["OPF-01"].answer == "nej"


@pytest.mark.parametrize("typed", [None, "ja", "nej"])
def test_the_day_of_another_assessment_leaves_an_open_end_to_the_reader(
    both: QuestionSet, typed: str | None
) -> None:
    dates = {"indsats_start": date(2026, 3, 2), "parallel_undersoegelse_afsluttet": date(2026, 3, 30)}
    said = {} if typed is None else {"OPF-01": typed}
    early = outcomes(both, B, said, reviewed=date(2026, 6, 2), **dates)["OPF-01"]
    assert (early.answer, early.why) == (typed, "")
    late = outcomes(both, B, said, reviewed=date(2026, 6, 3), **dates)["OPF-01"]
    assert (late.answer, late.why) == ("nej", "dates")


def test_an_assessment_that_should_have_begun_is_a_breach(both: QuestionSet) -> None:
    facts = C.replace("undersoegelse i_gang", "undersoegelse ingen").replace(
        "afgoerelse formand", "afgoerelse ingen"
    )
    found = outcomes(both, facts, {"BFU-01": "nej"}, underretning_modtaget=date(2026, 1, 5))
    assert found["BFU-01"].answer == "nej"
    assert (found["BFU-02"].answer, found["BFU-02"].why) == ("nej", "dates")
    assert found["BFU-03"].applies


@pytest.mark.parametrize(
    ("act", "law", "kind"),
    [
        (date(2023, 12, 31), "serviceloven", "documentation"),
        (date(2024, 1, 1), "barnets-lov", "legal"),
    ],
)
def test_the_day_of_the_act_chooses_the_wording(both: QuestionSet, act: date, law: str, kind: str) -> None:
    row = outcomes(both, C, act=act)["INV-04"].row
    assert row is not None
    assert (list(row.law), row.kind) == ([law], kind)


@pytest.mark.parametrize(("act", "read"), [(date(2025, 3, 16), "partly"), (date(2025, 3, 17), "seen")])
def test_a_version_is_in_force_from_its_first_day(both: QuestionSet, act: date, read: str) -> None:
    row = outcomes(both, C.replace("stoette_foer ingen", "stoette_foer nu"), act=act)["UND-04"].row
    assert row is not None
    assert row.law_text == read


def test_an_empty_head_skips_nothing_but_what_the_law_does_not_ask(both: QuestionSet) -> None:
    core = both.of_scope("core")
    found = outcomes(core)
    skipped = [
        name for name, outcome in found.items() if outcome.applies is False and outcome.row is not None
    ]
    assert not [name for name in skipped if core.question(name).critical]
    # A follow-up of a measure that has not begun, and what the head asks of it.
    assert skipped == ["OPF-01", "OPF-03", "OPF-05"]
    nothing_known = outcomes(core, act=None)
    assert all(outcome.answer is None for outcome in nothing_known.values() if outcome.applies is not False)


def test_what_should_be_looked_at_again(both: QuestionSet) -> None:
    found = outcomes(both, C, {"INV-01": "nej", "INV-03": "ja"})
    assert [str(link) for link in found["INV-03"].warnings] == ["warn when INV-01 = nej and INV-03 = ja"]
    assert not found["BFU-01"].warnings
