"""The catalogues of the two laws against the lawyers' list, row by row."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.builders.questions import law_catalogue, law_questions, listed
from tilsyn.questions.answers import LAWFUL_NO
from tilsyn.questions.conditions import parse
from tilsyn.questions.facts import Fact
from tilsyn.questions.limits import parse_limit
from tilsyn.questions.links import parse_link
from tilsyn.questions.question import Question, asked_dates
from tilsyn.questions.question_set import QuestionSet, names

ROWS = listed("questions")
COMPARABLE = {"ja": "yes", "delvist": "partly", "nej": "no"}
KINDS = {"ja/nej": "yes-no"}


def found(row: dict[str, str]) -> Question:
    """Return the question of a row: of its law, id and first day."""
    questions = law_catalogue(row["regime"]).questions
    (question,) = (
        q
        for q in questions
        if q.question_id == row["question_id"]
        and (q.valid_from.isoformat() if q.valid_from else "") == row["valid_from"]
    )
    return question


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['question_id']} {row['regime']} {row['valid_from']}"
)
def test_every_row_of_the_list_stands_in_the_catalogue_of_its_law(row: dict[str, str]) -> None:
    question = found(row)
    same = {
        "short_da": question.short_da,
        "text_da": question.text_da,
        "text_en": question.text_en,
        "law": question.law[row["regime"]],
        "law_text": question.law_text,
        "law_source": question.law_source,
        "step": question.step,
        "applies_when_da": question.applies_when_da,
        "kind": question.kind,
        "set": question.scope,
        "note": question.note,
        "valid_to": question.valid_to.isoformat() if question.valid_to else "",
        "condition": str(question.condition) if question.condition else "always",
        "limit": str(question.limit) if question.limit else "",
        "lawful_reasons": "; ".join(question.lawful_reasons),
        "critical": "yes" if question.critical else "no",
        "guide_look_da": question.guides_da.get("look", ""),
        "guide_ja_da": question.guides_da.get("ja", ""),
        "guide_nej_da": question.guides_da.get("nej", ""),
        "guide_lovlig_da": question.guides_da.get("lovlig", ""),
    }
    assert same == {name: row[name] for name in same}
    assert question.comparable == COMPARABLE[row["comparable"]]
    assert question.approved == ""
    assert [str(link) for link in question.links] == re.findall(r"\[\[(.+?)\]\]", row["links"])
    assert question.link_da == re.sub(r"\s*\[\[.+?\]\]", "", row["links"])
    assert "; ".join(question.same_as) == row["same_as"]
    assert ("nej (lovlig grund)" in question.answers) == bool(row["lawful_reasons"])
    assert len(question.short) <= 60


def test_the_catalogues_hold_nothing_that_the_list_does_not() -> None:
    held = [len(law_catalogue(name).questions) for name in ("serviceloven", "barnets-lov")]
    assert sum(held) == len(ROWS) == 130
    both = law_questions()
    for table, column, held_names in (
        ("case_head", "fact_id", [fact.name for fact in both.facts]),
        ("lawful_reasons", "code", [reason.name for reason in both.reasons]),
        ("dates", "date_id", [asked.name for asked in both.dates]),
    ):
        assert sorted(held_names) == sorted(row[column] for row in listed(table)), table


@pytest.mark.parametrize("row", listed("case_head"), ids=lambda row: row["fact_id"])
@pytest.mark.parametrize("law", ["serviceloven", "barnets-lov"])
def test_every_fact_of_the_case_head(law: str, row: dict[str, str]) -> None:
    (fact,) = (fact for fact in law_catalogue(law).facts if fact.name == row["fact_id"])
    assert (fact.text_da, fact.why_da, fact.scope) == (row["question_da"], row["why"], row["set"])
    assert fact.kind == KINDS.get(row["kind"], row["kind"])
    assert (str(fact.asked_when) if fact.asked_when else "always") == row["asked_when"]
    assert fact.computed == (row["default"] == "beregnes")
    assert (fact.default or "") == (row["default"] if row["default"] in ("nej", "ja") else "")
    if row["kind"] == "choice":
        choices = "; ".join(f"{choice.code}={choice.text_da}" for choice in fact.choices)
        assert choices == row["choices"]


@pytest.mark.parametrize("row", listed("lawful_reasons"), ids=lambda row: row["code"])
def test_every_lawful_reason(row: dict[str, str]) -> None:
    reasons = {reason.name: reason for reason in law_questions().reasons}
    reason = reasons[row["code"]]
    assert (reason.text_da, reason.text_en, reason.law, reason.law_text) == (
        row["text_da"],
        row["text_en"],
        row["law"],
        row["law_text"],
    )


@pytest.mark.parametrize("row", listed("dates"), ids=lambda row: row["date_id"])
def test_every_date_is_asked_where_the_list_says(row: dict[str, str]) -> None:
    both = law_questions()
    dates = {asked.name: asked for asked in both.dates}
    asked = dates[row["date_id"]]
    assert (asked.text_da, asked.text_en, asked.kind) == (row["label_da"], row["label_en"], row["kind"])
    facts = {fact.name for fact in both.facts}
    at = [
        question.question_id
        for question in both.questions
        if any(
            row["date_id"] in (*starts, end)
            for version in (question.versions or (question,))
            for starts, end in [asked_dates(version, facts)]
        )
    ]
    assert sorted(at) == sorted(row["asked_at"].split("; "))


@pytest.mark.parametrize(
    ("law", "core", "every"), [("serviceloven", 38, 56), ("barnets-lov", 44, 67), (None, 45, 68)]
)
def test_how_many_questions_a_law_has(law: str | None, core: int, every: int) -> None:
    questions = law_questions(law) if law else law_questions()
    assert (len(questions.of_scope("core").ids), len(questions.ids)) == (core, every)


def test_the_core_rests_on_nothing_outside_it() -> None:
    core = law_questions().of_scope("core")
    known = {*core.ids, *(fact.name for fact in core.facts), *(asked.name for asked in core.dates)}
    used = {name for q in core.questions for version in (q.versions or (q,)) for name in names(version)}
    assert used <= known
    assert {fact.scope for fact in core.facts} == {"core"}


def test_every_condition_limit_and_link_reads_back_as_it_is_written() -> None:
    for row in ROWS:
        if row["condition"] != "always":
            assert str(parse(row["condition"])) == row["condition"]
        if row["limit"]:
            assert str(parse_limit(row["limit"])) == row["limit"]
        for link in re.findall(r"\[\[(.+?)\]\]", row["links"]):
            assert str(parse_link(link)) == link


def test_a_set_keeps_all_when_a_draw_keeps_it() -> None:
    for scope in ("core", "extended"):
        questions = law_questions().of_scope(scope)
        assert QuestionSet.from_dict(questions.to_dict()) == questions
        assert questions.to_dict()["rules"] == 2


def test_only_the_reader_can_rule_out_a_critical_question_of_the_core() -> None:
    """What the register proposes, and what is usual, never says that nothing is there where that is critical."""
    questions = law_questions()
    critical = {
        name
        for question in questions.of_scope("core").questions
        for row in (question.versions or (question,))
        if row.critical and row.condition
        for name in row.condition.names
    }
    assert {"underretning", "aeresrelateret", "afgoerelse", "sikkerhedsplan"} <= critical
    for fact in questions.facts:
        if fact.scope == "core":
            assert not fact.default
            ruled_out = [rule for rule in fact.proposals if rule.split()[0] in ("ingen", "nej")]
            assert not ruled_out or fact.name not in critical | {"undersoegelse_pligt"}
    extended: Counter[str] = Counter(fact.default for fact in questions.facts if fact.scope == "extended")
    assert extended == {"nej": 7}


def test_a_reason_of_any_version_can_be_chosen() -> None:
    """PLN-01 has a lawful reason before 2024 alone."""
    questions = {question.question_id: question for question in law_questions().questions}
    for question in questions.values():
        rows = question.versions or (question,)
        assert (LAWFUL_NO in question.answers) == any(row.lawful_reasons for row in rows)
        assert question.most_reasons == max(len(row.lawful_reasons) for row in rows)
    assert [LAWFUL_NO in row.answers for row in questions["PLN-01"].versions] == [True, False]


def test_a_fact_without_choices_is_answered_ja_or_nej() -> None:
    assert Fact("x", "?").codes == ("ja", "nej")
