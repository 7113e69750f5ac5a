"""How much a reviewer has to type in the worked cases, reckoned from the written sheet itself.

A field is a cell of the sheet that is empty, not locked, and counts in the case; a date is typed as ddmmyy,
one with a time as `ddmmyy hh.mm`, and every other field takes one letter, or a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from tests.builders.case_sheets import CaseSheet, case_sheets
from tests.builders.checklists import about, cases, written
from tests.builders.questions import law_questions
from tests.builders.worked_cases import STARTED, A, B, C, D, head
from tilsyn.questions.answers import NOT_RELEVANT
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.evaluation import CaseSaid, Outcome, evaluate, limit_of
from tilsyn.questions.facts import ACT_DATE, REVIEWED_ON
from tilsyn.questions.head import Head
from tilsyn.questions.limits import Before
from tilsyn.questions.needed import needed_when
from tilsyn.questions.question import row_dates
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews import layout
from tilsyn.reviews.proposals import proposals

DAY, MOMENT = len("010626"), len("010626 14.30")
# What the register has of each: nothing but the usual columns.
REGISTERS = {
    "A": {"case_type": "Underretning", "opened": "2026-05-04", "safety_plan": "Nej"},
    "B": {
        "case_type": "Forebyggende foranstaltning",
        "opened": "2026-04-20",
        "decided": "2026-06-01",
        "law": "§ 32",
    },
    "C": {"case_type": "Anbringelse", "opened": "2026-05-20", "decided": "2026-06-01", "law": "§ 143"},
    "D": {"case_type": "Anbringelse", "opened": "2024-03-01", "decided": "2024-05-01"},
}
HEADS = {"A": A, "B": B, "C": C, "D": D}


@dataclass(frozen=True)
class Field:
    """One cell to fill in, and the keys that it takes."""

    name: str
    keys: int


@pytest.fixture(scope="module")
def core() -> QuestionSet:
    return law_questions().of_scope("core")


@pytest.fixture(scope="module")
def sheets(core: QuestionSet, tmp_path_factory: pytest.TempPathFactory) -> dict[str, CaseSheet]:
    path = tmp_path_factory.mktemp("fields") / "amager.xlsx"
    made = [
        case
        for name, known in REGISTERS.items()
        for case in cases(name, facts=known, proposed=proposals(core, known))
    ]
    book = written(path, about(core, "2026-Q2"), made)
    return dict(zip(REGISTERS, case_sheets(book), strict=True))


def said_of(name: str) -> CaseSaid:
    """The worked case, with every date that its head asks."""
    dates = {ACT_DATE: date(2026, 6, 1), REVIEWED_ON: date(2026, 7, 1)}
    if (started := STARTED[name]) is not None:
        dates["indsats_start"] = started
    return CaseSaid(head(HEADS[name]), dates)


def in_the_head(
    core: QuestionSet, said: CaseSaid, sheet: CaseSheet, *, every: bool = False
) -> Iterator[Field]:
    """The fields of the head that are asked and needed; all that are asked, filled in or not, with `every`."""
    known = Head(core, said.facts, said.dates, "barnets-lov")
    for fact in core.facts:
        key = "act_date" if fact.name == ACT_DATE else layout.FACT_PREFIX + fact.name
        if key not in sheet.rows or known.look(fact.name).there is False:
            continue
        needed = needed_when(core, fact.name)
        passed_over = needed is not None and needed.holds(known.look) is False
        if every or (sheet.cell(key).value is None and not passed_over):
            keys = {"number": len(said.facts.get(fact.name, "")), "date": DAY, "datetime": MOMENT}
            yield Field(fact.name, keys.get(fact.kind, 1))


def at_questions(core: QuestionSet, found: dict[str, Outcome], sheet: CaseSheet) -> Iterator[Field]:
    """The cells of the questions that are left or may open: the dates, and a letter where they do not decide."""
    facts = [fact.name for fact in core.facts]
    asked = {date.name: date for date in core.dates}
    for name, outcome in found.items():
        if outcome.applies is False or outcome.why == "head" or outcome.row is None:
            continue
        limit = limit_of(outcome.row)
        if limit is None or isinstance(limit, Before):
            yield Field(name, 1)
        for role, beside in zip(("start", "end"), row_dates(core.question(name), facts), strict=True):
            typed = not sheet.cell(name, role).protection.locked
            assert typed == bool(beside)
            if typed and not asked[beside].default:
                yield Field(f"{name}.{role}", MOMENT if asked[beside].kind == "datetime" else DAY)


def to_fill_in(core: QuestionSet, name: str, sheet: CaseSheet) -> tuple[list[Field], list[Field]]:
    said = said_of(name)
    found = evaluate(core, said, "barnets-lov", WorkingDays())
    return list(in_the_head(core, said, sheet)), list(at_questions(core, found, sheet))


@pytest.mark.parametrize(("name", "shown"), [("A", 13), ("B", 18), ("C", 19), ("D", 13)])
def test_so_many_lines_of_the_head_are_asked(
    core: QuestionSet, sheets: dict[str, CaseSheet], name: str, shown: int
) -> None:
    """All that are not grey, filled in or not; the day of the reading is filled in by the sheet."""
    assert len(list(in_the_head(core, said_of(name), sheets[name], every=True))) == shown


def test_a_notification_only_has_twelve_fields_to_fill_in(
    core: QuestionSet, sheets: dict[str, CaseSheet]
) -> None:
    in_head, at_rows = to_fill_in(core, "A", sheets["A"])
    assert [field.name for field in in_head] == [
        "underretning",
        "underretter",
        "stoette_foer",
        "screening",
        "aeresrelateret",
        "undersoegelse_pligt",
        "afgoerelse",
        "sikkerhedsplan",
    ]
    assert [field.name for field in at_rows] == ["UND-01.end", "UND-02.end", "INV-04", "DOK-01"]


@pytest.mark.parametrize(("name", "most"), [("A", 35), ("B", 140), ("C", 170), ("D", 60)])
def test_so_many_keys_are_enough(
    core: QuestionSet, sheets: dict[str, CaseSheet], name: str, most: int
) -> None:
    in_head, at_rows = to_fill_in(core, name, sheets[name])
    assert sum(field.keys for field in (*in_head, *at_rows)) <= most


def test_no_ikke_relevant_is_typed_where_the_head_knows_it(core: QuestionSet) -> None:
    for name in HEADS:
        found = evaluate(core, said_of(name), "barnets-lov", WorkingDays())
        told = [outcome for outcome in found.values() if outcome.applies is False]
        assert all(outcome.answer == NOT_RELEVANT for outcome in told)
        assert len(told) >= 44 - 27


def test_what_is_not_asked_or_not_needed_is_grey_on_the_sheet(sheets: dict[str, CaseSheet]) -> None:
    sheet = sheets["A"]
    greyed = {
        str(cells.sqref)
        for cells in sheet.sheet.conditional_formatting
        for rule in cells.rules
        if rule.stopIfTrue
    }
    for name in ("barn_alder", "afgoerelse_dato", "plan", "underretter"):
        cell = sheet.cell(layout.FACT_PREFIX + name).coordinate
        assert any(area.endswith(f":{cell}") for area in greyed), name
