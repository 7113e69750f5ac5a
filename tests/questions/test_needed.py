"""A fact that is not needed changes no question, whatever it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.questions import law_questions
from tilsyn.questions.conditions import parse
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.evaluation import CaseSaid, evaluate
from tilsyn.questions.head import Head
from tilsyn.questions.needed import needed_when

BOTH = law_questions()
CHOICES = {
    fact.name: [*fact.codes, None] if fact.kind != "number" else ["3", "10", "16", None]
    for fact in BOTH.facts
    if not fact.computed and not fact.is_date
}
PASSED_OVER = [name for name in CHOICES if needed_when(BOTH, name) is not None]


@pytest.mark.parametrize(
    ("fact", "when"),
    [
        (
            "barn_alder",
            "afgoerelse != ingen or afgoerelse = stoette or stoette_foer = nu or plan = ja",
        ),
        ("underretter", "underretning != ingen"),
        ("soeskende", "undersoegelse != ingen or afgoerelse in (anb_samtykke, anb_uden, formand)"),
    ],
)
def test_a_fact_is_needed_while_what_stands_beside_it_can_hold(fact: str, when: str) -> None:
    assert needed_when(BOTH.of_scope("core"), fact) == parse(when)


@pytest.mark.parametrize(
    "fact", ["underretning", "afgoerelse", "anbragt", "afgoerelse_dato", "sikkerhedsplan"]
)
def test_a_fact_that_decides_something_alone_is_always_needed(fact: str) -> None:
    assert needed_when(BOTH, fact) is None


@given(
    facts=st.fixed_dictionaries({name: st.sampled_from(codes) for name, codes in CHOICES.items()}),
    name=st.sampled_from(PASSED_OVER),
    data=st.data(),
)
def test_what_is_not_needed_decides_nothing(
    facts: dict[str, str | None], name: str, data: st.DataObject
) -> None:
    act = data.draw(st.sampled_from([date(2018, 6, 1), date(2026, 6, 1)]))
    dates = {"handling_dato": act}
    regime = BOTH.regime_at(act)
    said = {key: code for key, code in facts.items() if code is not None}
    when = needed_when(BOTH, name)
    assert when is not None
    head = Head(BOTH, said, dates, regime)
    if when.holds(head.look) is not False:
        return
    other = {**said, name: data.draw(st.sampled_from(CHOICES[name][:-1]))}
    found, changed = (
        [
            (outcome.applies, outcome.answer)
            for outcome in evaluate(BOTH, case, regime, WorkingDays()).values()
        ]
        for case in (CaseSaid(said, dates), CaseSaid(other, dates))
    )
    assert found == changed
