"""What a database answered is understood, or refused: what is told of it, row by row of the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from tests.sampling.test_draw_record import written
from tests.sampling.test_frame import rules
from tests.sampling.test_inside import WHOLE, question
from tilsyn.sampling import inside_answer
from tilsyn.sampling.commitment import Commitment, CommittedStratum, digest_of
from tilsyn.sampling.draw_record import DrawnCase, DrawnStratum, DrawRecord
from tilsyn.sampling.inside import fingerprint
from tilsyn.sampling.inside_answer import Answer, AnswerRow, NotAnAnswer
from tilsyn.sampling.inside_dialects import DUCKDB, POSTGRES
from tilsyn.sampling.tickets import ticket
from tilsyn.sampling.whole_register import Matched
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings, LeaveOut

ASKED = question(WHOLE)
SEED, DRAW = "6 2 5 1", "bbu/2018-Q2/level-2"


def of(*rows: AnswerRow) -> Answer:
    """Return rows as an answer that was understood already."""
    found: dict[str, list[AnswerRow]] = {}
    for row in rows:
        found.setdefault(str(row[0]), []).append(row)
    return Answer(found)


def refused(call: Callable[[], object]) -> tuple[str, dict[str, str]]:
    """Return why something is no answer."""
    with pytest.raises(NotAnAnswer) as found:
        call()
    assert str(found.value) == found.value.what
    return found.value.what, found.value.values


QUERY = ("query", fingerprint(ASKED), "duckdb", None, None)
ROWS_TOLD = ("rows", None, None, 12, None)
UNIT = ("unit", "Østerbro", None, 7, None)
TOLD = [QUERY, UNIT, ROWS_TOLD]
LINES = [
    f"query\x1f{fingerprint(ASKED)}\x1fduckdb\x1f\x1f",
    "rows\x1f\x1f\x1f12\x1f",
    "unit\x1fØsterbro\x1f\x1f7\x1f",
]
DIGEST = hashlib.sha256("\n".join(LINES).encode()).hexdigest()
SEAL = ("seal", None, None, 3, DIGEST)


# The seal is of the rows in whatever order they come, and as a spreadsheet may save their numbers.
@pytest.mark.parametrize(
    "rows",
    [
        [*TOLD, SEAL],
        [SEAL, *TOLD[::-1]],
        [QUERY, UNIT, ("rows", "", "", "12.0", ""), SEAL],
        [QUERY, UNIT, ("rows", None, None, "12,0", None), ("seal", None, None, "3.0", DIGEST)],
        [*TOLD, (*SEAL, None, None)],
    ],
)
def test_a_whole_answer_is_understood(rows: list[AnswerRow]) -> None:
    answer = inside_answer.answer_of(ASKED, rows)
    assert (answer.number("rows"), answer.of("unit")) == (12, {"Østerbro": 7})
    assert (answer.of("odd"), answer.texts("server")) == ({}, {})
    assert answer.texts("query") == {fingerprint(ASKED): "duckdb"}


@pytest.mark.parametrize(
    ("rows", "why", "values"),
    [
        ([], "no_answer", {}),
        ([UNIT, ROWS_TOLD, SEAL], "no_answer", {}),
        ([("query", "ab12", "duckdb", None, None), UNIT, SEAL], "other_query", {}),
        ([QUERY, *TOLD, SEAL], "other_query", {}),
        (TOLD, "cut", {"name": "seal"}),
        ([*TOLD, SEAL, SEAL], "cut", {"name": "seal"}),
        ([QUERY, UNIT, SEAL], "torn", {}),
        ([QUERY, UNIT, ROWS_TOLD, ROWS_TOLD, SEAL], "torn", {}),
        ([QUERY, UNIT, ("rows", None, None, 13, None), SEAL], "torn", {}),
        ([QUERY, ("unit", "Osterbro", None, 7, None), ROWS_TOLD, SEAL], "torn", {}),
        ([*TOLD, ("seal", None, None, 4, DIGEST)], "torn", {}),
        ([*TOLD, ("seal", None, None, 3, "0" * 64)], "torn", {}),
        ([QUERY, UNIT, ("rows", None, None, "12.5", None), SEAL], "no_number", {"name": "12.5"}),
        ([*TOLD, ("seal", None, None, None, DIGEST)], "no_number", {"name": "None"}),
        ([*TOLD, ("seal", None, None, "3.00", DIGEST)], "no_number", {"name": "3.00"}),
    ],
)
def test_rows_that_are_no_answer_are_refused(rows: list[AnswerRow], why: str, values: dict[str, str]) -> None:
    assert refused(lambda: inside_answer.answer_of(ASKED, rows)) == (why, values)


@pytest.mark.parametrize("rows", [[], [ROWS_TOLD, ROWS_TOLD]])
def test_the_one_number_of_a_kind_stands_once(rows: list[AnswerRow]) -> None:
    assert refused(lambda: of(*rows).number("rows")) == ("cut", {"name": "rows"})


def test_texts_are_told_by_name() -> None:
    answer = of(("type", "unit", "text", None, None), ("type", "closed", None, None, None, "x"))
    assert answer.texts("type") == {"unit": "text", "closed": None}


STRATA = [CommittedStratum("Amager", 3, "ab"), CommittedStratum("Østerbro", 5, "cd")]
STRATA_TOLD = [("stratum", row.stratum, None, row.size, row.digest) for row in STRATA]
WHOLE_DIGEST = digest_of([("Amager", 3, "ab"), ("Østerbro", 5, "cd")])


@pytest.mark.parametrize("strata", [STRATA_TOLD, STRATA_TOLD[::-1]])
def test_the_strata_make_the_commitment_in_whatever_order_they_are_told(strata: list[AnswerRow]) -> None:
    found = inside_answer.committed_of(of(*strata, ("commitment", None, None, 8, WHOLE_DIGEST)))
    assert found == Commitment(WHOLE_DIGEST, tuple(STRATA))


def test_a_register_without_a_case_has_the_commitment_of_none() -> None:
    found = inside_answer.committed_of(of(("commitment", None, None, None, None)))
    assert found == Commitment(hashlib.sha256(b"").hexdigest(), ())


@pytest.mark.parametrize(
    "rows",
    [
        STRATA_TOLD,
        [*STRATA_TOLD, ("commitment", None, None, 8, None)],
        [*STRATA_TOLD, ("commitment", None, None, 8, "0" * 64)],
        [STRATA_TOLD[0], ("commitment", None, None, 8, WHOLE_DIGEST)],
        [*STRATA_TOLD, *[("commitment", None, None, 8, WHOLE_DIGEST)] * 2],
        [("commitment", None, None, 0, hashlib.sha256(b"").hexdigest())],
    ],
)
def test_strata_that_do_not_make_the_commitment_are_refused(rows: list[AnswerRow]) -> None:
    assert refused(lambda: inside_answer.committed_of(of(*rows))) == ("torn", {})


def test_the_cases_of_a_stratum_are_told_by_unit() -> None:
    rows = [("unit_of", "A|klage", "A", 3, None), ("unit_of", "B", "B", "4.0", None)]
    assert inside_answer.units_of(of(*rows)) == [("A|klage", "A", 3), ("B", "B", 4)]
    assert inside_answer.units_of(of()) == []


def digest(*ids: str) -> str:
    return hashlib.sha256("".join(f"{case}\n" for case in sorted(ids)).encode()).hexdigest()


# Three of the five cases of Nord are listed, all of Ø.
RECORD = replace(
    DrawRecord.from_dict(written()),
    draw_id=DRAW,
    strata=(
        DrawnStratum(stratum="Ø", stratum_size=2, population_size=2, sample_size=2, digest=digest("8", "9")),
        DrawnStratum(stratum="Nord", stratum_size=5, population_size=6, sample_size=2, reserve_size=1),
    ),
)
FACTS = ("case_type", "opened", "decided", "closed")


def drawn(case: str, stratum: str = "Nord", lot: str | None = None) -> AnswerRow:
    """Return a drawn case as a database tells it, with two facts."""
    lot = ticket(SEED, DRAW, case) if lot is None else lot
    return ("case", stratum, f"enhed {stratum}", 1, lot, case, 52, None, None, "2018-05-01")


CASES = [drawn("1"), drawn("2"), drawn("3"), drawn("8", "Ø"), drawn("9", "Ø")]


@pytest.mark.parametrize("rows", [CASES, CASES[::-1]])
def test_the_cases_of_an_answer_stand_by_stratum_and_ticket(rows: list[AnswerRow]) -> None:
    found = inside_answer.cases_of(ASKED, of(*rows), RECORD, SEED)
    wanted: list[DrawnCase] = []
    for stratum, ids, chance in (("Ø", ("8", "9"), (1.0, 1.0)), ("Nord", ("1", "2", "3"), (2 / 6, 3.0))):
        lots = sorted((ticket(SEED, DRAW, case), case) for case in ids)
        for order, (lot, case) in enumerate(lots, start=1):
            numbers = chance if order <= 2 else (None, None)
            facts = dict(zip(FACTS, ("52", None, None, "2018-05-01"), strict=True))
            wanted.append(
                DrawnCase(
                    case_id=case,
                    stratum=stratum,
                    ticket=lot,
                    order=order,
                    inclusion_probability=numbers[0],
                    design_weight=numbers[1],
                    unit=f"enhed {stratum}",
                    facts=facts,
                )
            )
    assert found == wanted


def test_a_draw_of_no_cases_has_none() -> None:
    assert inside_answer.cases_of(ASKED, of(), replace(RECORD, strata=()), SEED) == []


def test_a_columns_own_name_stands_in_the_facts() -> None:
    asked = replace(ASKED, rules=replace(ASKED.rules, headings={"case_id": "", "unit": "", "own_ja": ""}))
    rows = [(*drawn(case)[:6], "x") for case in ("1", "2", "3")]
    record = replace(RECORD, strata=RECORD.strata[1:])
    assert [case.facts for case in inside_answer.cases_of(asked, of(*rows), record, SEED)] == [
        {"ja": "x"}
    ] * 3


@pytest.mark.parametrize(
    ("rows", "why", "values"),
    [
        (CASES[:2] + CASES[3:], "other_number", {"stratum": "Nord", "n": "3", "found": "2"}),
        ([*CASES, drawn("4")], "other_number", {"stratum": "Nord", "n": "3", "found": "4"}),
        (CASES[:3], "other_number", {"stratum": "Ø", "n": "2", "found": "0"}),
        ([*CASES[:2], drawn("3", lot="0" * 64), *CASES[3:]], "other_ticket", {"case": "3"}),
        ([*CASES, drawn("4", "Syd")], "other_ticket", {"case": "4"}),
        ([*CASES[:2], drawn("2"), *CASES[3:]], "torn", {}),
        ([*CASES[:2], drawn("8"), *CASES[3:]], "torn", {}),
        # Nobody sees that a case of Nord is another's; those of Ø are all of them, and have their digest.
        ([*CASES[:4], drawn("7", "Ø")], "torn", {}),
    ],
)  # fmt: skip
def test_cases_that_cannot_be_the_draws_are_refused(
    rows: list[AnswerRow], why: str, values: dict[str, str]
) -> None:
    assert refused(lambda: inside_answer.cases_of(ASKED, of(*rows), RECORD, SEED)) == (why, values)


SERVER = [
    ("server", "server_encoding", "UTF8", None, None),
    ("server", "DateStyle", "ISO, DMY", None, None),
    ("server", "standard_conforming_strings", "on", None, None),
]


def kind(column: str, name: str | None) -> AnswerRow:
    return ("type", column, name, None, None)


# What a database told, and how many of what cannot be decided inside it.
@pytest.mark.parametrize(
    ("rows", "odd"),
    [
        ([], {}),
        ([("odd", "cpr", None, 2, None), ("odd", "total_row", None, 0, None)], {"cpr": 2}),
        ([kind("unit", "text"), kind("closed", "date"), kind("case_id", "character varying")], {}),
        ([kind("case_type", "boolean"), kind("caseworker", "uuid")], {}),
        ([kind("closed", "timestamp without time zone"), kind("opened", "timestamp")], {}),
        ([kind("closed", "timestamp with time zone")], {"type": 1}),
        ([kind("case_type", "timestamp without time zone")], {"type": 1}),
        ([kind("unit", "json"), kind("closed", "integer"), kind("opened", None)], {"type": 3}),
        # Which numbers have one spelling alone, the query itself looks for.
        ([kind("case_id", "bigint"), kind("unit", "numeric"), kind("case_type", "decimal(9,2)")], {}),
        ([kind("opened", "bigint")], {"type": 1}),
        ([("unit", "Nørrebro", None, 500, None), ("unit", "Nørebro", None, 3, None), ("unit", "Norrebro", None, 2, None)], {"misspelt_unit": 5}),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_inside(rows: list[AnswerRow], odd: dict[str, int]) -> None:
    assert inside_answer.oddities(ASKED, of(*rows)) == odd


@pytest.mark.parametrize(
    ("server", "odd"),
    [
        (SERVER, {}),
        ([], {"server": 3}),
        ([("server", "server_encoding", "LATIN1", None, None), *SERVER[1:]], {"server": 1}),
        ([*SERVER[:1], ("server", "DateStyle", "SQL, DMY", None, None), SERVER[2]], {"server": 1}),
        ([*SERVER[:2], ("server", "standard_conforming_strings", None, None, None)], {"server": 1}),
    ],
)
def test_a_server_that_is_set_otherwise_writes_otherwise(
    server: list[AnswerRow], odd: dict[str, int]
) -> None:
    assert inside_answer.oddities(replace(ASKED, dialect=POSTGRES), of(*server)) == odd
    assert inside_answer.oddities(replace(ASKED, dialect=DUCKDB), of(*server)) == {}


@pytest.mark.parametrize(
    ("units", "of_the_plan", "wrong"),
    [
        ({"Nørrebro": 500, "Nørebro": 3}, (), ["Nørebro"]),
        ({"Nørebro": 3, "NØRREBRO": 500}, (), ["Nørebro"]),
        ({"Nørrebro": 500, "Nørebro": 3}, ("Nørebro",), []),
        ({"Nørrebro": 5, "Nørebro": 3}, (), []),
        # The commonest first, then by name.
        ({"Amager": 500, "Amage": 2, "Amagr": 5, "Amagar": 2}, (), ["Amagr", "Amagar", "Amage"]),
    ],
)
def test_units_that_are_meant_to_be_commoner_ones(
    units: dict[str, int], of_the_plan: tuple[str, ...], wrong: list[str]
) -> None:
    assert inside_answer.misspelt_units(units, rules(units=of_the_plan)) == wrong


def test_every_rule_has_what_it_fits_by_its_place() -> None:
    left_out = LeaveOut(column="flag", values=("x", "y"), reason="too_old")
    risk = Risk(name="klage", column="case_type", values=("ja",), size=1)
    own = rules(frame=FrameSettings(leave_out=(left_out,)), risk=(risk,))
    answer = of(("rule", "0", None, 4, None), ("rule", "2", None, "3.0", None), ("rule", "3", None, 2, None))
    assert inside_answer.matched_of(own, answer) == [
        Matched("closed_before_period", "closed_before_period", "closed", (), 4),
        Matched("opened_after_period", "opened_after_period", "opened", (), None),
        Matched("leave_out", "too_old", "flag", ("x", "y"), 3),
        Matched("risk", "klage", "case_type", ("ja",), 2),
    ]


def test_columns_of_truth_values_have_their_own_names_in_order() -> None:
    rows = [("truth", "own_x", None, 1, None), ("truth", "unit", None, 0, None), ("truth", "case_type", None, 1, None)]  # fmt: skip
    assert inside_answer.truths_of(of(*rows)) == ("case_type", "x")


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ([], None),
        ([("newest", None, None, None, None)], None),
        ([("newest", "", None, None, None)], None),
        ([("newest", "2018-06-30", None, None, None)], date(2018, 6, 30)),
    ],
)
def test_the_newest_date(rows: Sequence[AnswerRow], day: date | None) -> None:
    assert inside_answer.newest_of(of(*rows)) == day


def test_a_newest_date_that_is_none_was_changed_on_its_way() -> None:
    assert refused(lambda: inside_answer.newest_of(of(("newest", "30-06-2018", None, None, None)))) == (
        "torn",
        {},
    )
