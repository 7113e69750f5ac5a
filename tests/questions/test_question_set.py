"""Catalogues of 0.1 against the law's table of then, row by row, and question sets."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.builders.workspaces import FIRST_CATALOGUES
from tilsyn.base.language import using
from tilsyn.questions.question_set import Catalogue, QuestionSet, merged
from tilsyn.questions.records import read
from tilsyn.workspace.catalogues import packaged_folder, read_catalogue

with (Path(__file__).parent.parent / "data" / "questions.csv").open(encoding="utf-8") as file:
    TABLE = list(csv.DictReader(file))
COMPARABLE = {"ja": "yes", "delvist": "partly", "nej": "no"}
LIMITS = {
    "24 timer": (24, "hours"),
    "6 hverdage": (6, "weekdays"),
    "4 måneder": (4, "months"),
    "3 måneder": (3, "months"),
    "6 måneder": (6, "months"),
}


def catalogue(name: str) -> Catalogue:
    folder = FIRST_CATALOGUES if name in ("serviceloven", "barnets-lov") else packaged_folder()
    return read_catalogue(folder / f"{name}.toml")


@pytest.fixture(scope="module")
def both() -> QuestionSet:
    return merged([catalogue("serviceloven"), catalogue("barnets-lov")])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["question_id"])
@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("serviceloven", "law_before_2024"),
        ("barnets-lov", "law_from_2024"),
    ],
)
def test_every_row_of_the_table_stands_in_the_catalogue_of_its_law(
    name: str, column: str, row: dict[str, str]
) -> None:
    found = {q.question_id: q for q in catalogue(name).questions}.get(row["question_id"])
    if row[column].startswith(("(fandtes ikke", "(afskaffet")):
        assert found is None
        return
    assert found is not None
    assert (found.text_da, found.text_en, found.applies_when_da) == (
        row["tekst_da"],
        row["text_en"],
        row["applies_when"],
    )
    # "samme" points at the column beside it, which a catalogue of one law does not have.
    assert dict(found.law) == {name: row[column].replace("samme", row["law_before_2024"])}
    assert found.step_da.lower() == row["sagsskridt"]
    assert found.comparable == COMPARABLE[row["comparable_2023_2024"]]
    assert found.law_text == row["law_text"]
    assert found.critical == (row["critical"] == "yes")
    assert (found.deadline.text_da if found.deadline else "") == row["deadline"]
    limit = LIMITS.get(row["deadline"].split(" (")[0])
    assert (found.deadline and found.deadline.amount, found.deadline and found.deadline.unit) == (
        limit or (None, None) if found.deadline else (None, None)
    )


def test_the_catalogues_hold_nothing_that_the_table_does_not(both: QuestionSet) -> None:
    assert sorted(both.ids) == sorted(row["question_id"] for row in TABLE)


def test_every_question_is_told_in_both_languages(both: QuestionSet) -> None:
    for question in both.questions:
        for field in ("text", "guidance", "applies_when", "step"):
            assert getattr(question, f"{field}_da"), (question.question_id, field)
            assert getattr(question, f"{field}_en"), (question.question_id, field)
        assert question.guidance_da.endswith("Skal godkendes af jurist.")


@pytest.mark.parametrize(
    ("question_id", "condition"),
    [
        ("BFU-02", "BFU-01 in (ja, nej, lovlig) and undersoegelse = ja"),
        ("BFU-03", "BFU-02 in (nej, lovlig)"),
        ("INV-03", "INV-01 in (nej, lovlig) or BFU-06 in (nej, lovlig)"),
        ("RSK-01", "sikkerhedsplan = ja"),
    ],
)
def test_what_names_another_answer_is_readable_by_machine(
    both: QuestionSet, question_id: str, condition: str
) -> None:
    assert str(both.question(question_id).condition) == condition


def test_a_question_of_both_laws_is_one_question_with_two_paragraphs(both: QuestionSet) -> None:
    question = both.question("UND-01")
    assert dict(question.law) == {"serviceloven": "SEL § 155, stk. 2", "barnets-lov": "BL § 136"}
    assert question.regimes == ("serviceloven", "barnets-lov")
    assert both.question("OPF-02").regimes == ("serviceloven",)
    assert both.question("OPF-03").regimes == ("barnets-lov",)


def test_the_law_changes_with_the_date_of_the_act(both: QuestionSet) -> None:
    assert both.regime_at(date(2023, 12, 31)) == "serviceloven"
    assert both.regime_at(date(2024, 1, 1)) == "barnets-lov"
    assert both.regime_at(None) is None
    assert merged([catalogue("barnets-lov")]).regime_at(None) == "barnets-lov"


def test_a_catalogue_without_days_holds_beside_the_laws_and_rules_out_none(both: QuestionSet) -> None:
    own, faults = read(by_rules_2())
    assert own is not None
    assert not faults
    found = merged([catalogue("serviceloven"), own, catalogue("barnets-lov")])
    assert found.regimes == both.regimes
    assert found.regime_at(date(2026, 5, 1)) == "barnets-lov"
    for name in own.ids:
        assert all(found.question(name).at(law, None) for law in ("serviceloven", "barnets-lov"))
        assert found.question(name).law == own.questions[own.ids.index(name)].law


def test_a_question_that_stands_in_a_law_and_in_a_catalogue_without_days_is_ruled_out_by_no_law() -> None:
    own, _ = read({**by_rules_2(), "name": "own"})
    later, _ = read({**by_rules_2(), "name": "later", "acts_from": date(2024, 1, 1)})
    assert own is not None
    assert later is not None
    found = merged([own, later])
    assert [question.regimes for question in found.questions] == [()] * len(own.ids)
    assert all(question.at("an earlier law", None) for question in found.questions)


def test_two_laws_without_days_are_both_in_force() -> None:
    laws = [read({**by_rules_2(), "name": name})[0] for name in ("lab", "las")]
    found = merged([law for law in laws if law is not None])
    assert found.regimes == ()
    assert set(found.questions[0].law) == {"lab", "las"}


def test_a_set_keeps_all_when_a_draw_keeps_it(both: QuestionSet) -> None:
    assert QuestionSet.from_dict(both.to_dict()) == both


def test_the_order_of_the_catalogues_changes_no_question(both: QuestionSet) -> None:
    turned = merged([catalogue("barnets-lov"), catalogue("serviceloven")])
    assert turned.questions == both.questions
    assert turned.regimes == both.regimes


def test_the_thematic_catalogues_are_answered_in_grades() -> None:
    for name, least in (("god-sagsbehandling", 8), ("koordination-og-samarbejde", 4)):
        found = merged([catalogue(name)])
        assert len(found.graded) >= least
        assert not found.legal
        assert found.questions[0].answers == ("lav grad", "nogen grad", "høj grad", "ikke relevant")


def test_a_question_is_found_by_an_earlier_id() -> None:
    record = {"id": "B-2", "step": "s", "text_da": "?", "law": "§ 1", "same_as": ["B-1"]}
    made, faults = read(minimal(question=[record]))
    assert not faults
    assert made is not None
    question_set = merged([made])
    assert question_set.question("B-1").question_id == "B-2"
    with pytest.raises(KeyError):
        question_set.question("B-3")


def test_an_earlier_id_is_nobodys_id_now_and_one_questions_only() -> None:
    records = [
        {"id": f"B-{n}", "step": "s", "text_da": "?", "law": "§ 1", "same_as": earlier}
        for n, earlier in enumerate((["B-0"], ["A-1"], ["A-1", "A-2"], ["B-1"]))
    ]
    made, faults = read(minimal(question=records))
    assert made is None
    assert [fault.location for fault in faults] == [("question", n, "same_as") for n in (0, 2, 3)]


def test_english_falls_back_on_danish() -> None:
    made, _ = read(minimal())
    assert made is not None
    with using("en"):
        assert made.questions[0].text == "Er det gjort?"


def minimal(**changes: object) -> dict[str, object]:
    question = {"id": "A-1", "step": "s", "text_da": "Er det gjort?", "law": "§ 1"}
    whole: dict[str, object] = {"name": "x", "version": "1", "title_da": "X"}
    return whole | {"step": [{"id": "s", "title_da": "S"}], "question": [question]} | changes


def question(**changes: object) -> dict[str, object]:
    return minimal(question=[{"id": "A-1", "step": "s", "text_da": "?", "law": "§ 1"} | changes])


DEADLINE = {"deadline_da": "4 måneder", "limit": "4 months", "start_da": "fra", "end_da": "til"}


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (minimal(name=""), [("name",)]),
        (minimal(version=1), [("version",)]),
        (minimal(kind="andet"), [("kind",)]),
        (minimal(acts_from="2024"), [("acts_from",)]),
        (minimal(acts_from=date(2024, 1, 1), acts_until=date(2023, 1, 1)), [("acts_until",)]),
        (minimal(tittel="X"), [("tittel",)]),
        (minimal(question="x"), [("question",), ("question",)]),
        (question(id="A 1"), [("question", 0, "id")]),
        (question(step="t"), [("question", 0, "step")]),
        (question(text_da=" "), [("question", 0, "text_da")]),
        (question(law=""), [("question", 0, "law")]),
        (question(law_text="måske"), [("question", 0, "law_text")]),
        (question(comparable="ja"), [("question", 0, "comparable")]),
        (question(critical="ja"), [("question", 0, "critical")]),
        (question(same_as=3), [("question", 0, "same_as")]),
        (question(condition="når det er relevant for sagen"), [("question", 0, "condition")]),
        (question(condition="A-9 = nej"), [("question", 0, "condition")]),
        (question(condition="A-1 = nej"), [("question", 0, "condition")]),
        (question(**DEADLINE | {"limit": "4 uger"}), [("question", 0, "limit")]),
        (question(**DEADLINE | {"end_da": ""}), [("question", 0, "end_da")]),
        (question(start_da="fra"), [("question", 0, "start_da")]),
        (minimal(fact=[{"id": "A-1", "text_da": "?"}]), [("question", 0, "id")]),
    ],
)
def test_each_fault_is_found_where_it_stands(
    data: dict[str, object], places: list[tuple[str | int, ...]]
) -> None:
    made, faults = read(data)
    assert made is None
    assert [fault.location for fault in faults] == places
    assert all(fault.found and fault.remedy for fault in faults)


def test_impossible_answers_and_circles_are_found() -> None:
    records = [
        {"id": "A", "step": "s", "text_da": "?", "law": "§ 1", "condition": "B = nej"},
        {"id": "B", "step": "s", "text_da": "?", "law": "§ 1", "condition": "C = nej"},
        {"id": "C", "step": "s", "text_da": "?", "law": "§ 1", "condition": "A = måske"},
    ]
    _, faults = read(minimal(question=records))
    assert [fault.location[1] for fault in faults] == [0, 1, 2, 2]


def test_all_faults_come_at_once() -> None:
    _, faults = read(minimal(name="", question=[{"id": "A"}, {"id": "A", "law": 3}]))
    assert len(faults) == 8


RULES_2 = {
    "rules": 2,
    "fact": [
        {"id": "slags", "text_da": "?", "kind": "choice", "choices": ["a = en", "b = to"]},
        {"id": "alder", "text_da": "?", "kind": "number"},
        {"id": "afgjort", "text_da": "?", "kind": "date", "asked_when": "slags = a"},
    ],
    "date": [{"id": "hoert", "text_da": "Hørt"}, {"id": "sendt", "text_da": "Sendt"}],
    "reason": [{"id": "haster", "text_da": "Det hastede"}],
}


def by_rules_2(**changes: object) -> dict[str, object]:
    return question(**changes) | RULES_2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"condition": "slags = c"}, "condition"),
        ({"condition": "slags >= 2"}, "condition"),
        ({"condition": "alder = mange"}, "condition"),
        ({"condition": "afgjort = 2024"}, "condition"),
        ({"condition": "B-1 = nej"}, "condition"),
        ({"condition": "A-1 = nej"}, "condition"),
        ({"condition": "A-1 != nej"}, "condition"),
        ({"condition": "slags = a og"}, "condition"),
        ({"limit": "3 months from nu to hoert"}, "limit"),
        ({"limit": "3 uger from afgjort to hoert"}, "limit"),
        ({"limit": "earliest of (3 months from hoert, day of sendt) to afgjort"}, "limit"),
        ({"limit": "if slags = c: hoert before afgjort; else: 3 months from afgjort to hoert"}, "limit"),
        ({"lawful_reasons": ["glemt"]}, "lawful_reasons"),
        ({"links": ["A-1 = lovlig"]}, "links"),
        ({"links": ["B-1 = lovlig requires slags = a"]}, "links"),
        ({"links": ["A-1 = lovlig requires slags = c"]}, "links"),
        ({"links": ["A-1 = lovlig:glemt requires slags = a"]}, "links"),
        ({"links": ["A-1 = lovlig requires 3 months from nu to hoert"]}, "links"),
        ({"links": ["A-1 = nej when slags = c"]}, "links"),
        ({"kind": "documentation", "critical": True}, "critical"),
        ({"kind": "andet"}, "kind"),
        ({"scope": "alt"}, "scope"),
    ],
)
def test_names_values_limits_and_links_are_checked(changes: dict[str, object], field: str) -> None:
    made, faults = read(by_rules_2(**changes))
    assert made is None
    assert ("question", 0, field) in [fault.location for fault in faults]
    assert all(fault.found and fault.remedy for fault in faults)


@pytest.mark.parametrize(
    "changes",
    [
        {"condition": "slags = a and alder >= 10 or afgjort given"},
        {"limit": "earliest of (3 months from afgjort, 14 days from sendt) to hoert"},
        {"lawful_reasons": ["haster"], "links": ["A-1 = lovlig:haster requires slags = a"]},
        {"kind": "local", "scope": "extended"},
    ],
)
def test_what_a_question_can_say_is_read(changes: dict[str, object]) -> None:
    made, faults = read(by_rules_2(**changes))
    assert not faults
    assert made is not None
    assert QuestionSet.from_dict(merged([made]).to_dict()) == merged([made])


def test_versions_of_a_question_may_not_overlap() -> None:
    one = {"id": "A-1", "step": "s", "text_da": "?", "law": "§ 1", "valid_to": date(2024, 5, 1)}
    other = {"id": "A-1", "step": "s", "text_da": "??", "law": "§ 1", "valid_from": date(2024, 5, 2)}
    made, faults = read(minimal(question=[one, other], rules=2))
    assert not faults
    assert made is not None
    assert merged([made]).ids == ("A-1",)
    _, faults = read(minimal(question=[one, {**other, "valid_from": date(2024, 5, 1)}], rules=2))
    assert [fault.location for fault in faults] == [("question", 1, "id")]
