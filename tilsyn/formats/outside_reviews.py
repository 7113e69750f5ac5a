"""Reviews made elsewhere: answers.csv, strata.csv and published counts, with all their problems at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem
from tilsyn.base.spelling import nearest
from tilsyn.compliance.tally import USUAL_GRADES
from tilsyn.formats.csv_rows import Reader, Row, read_rows
from tilsyn.questions.answers import NOT_RELEVANT, UnknownAnswer, is_blank, read_answer
from tilsyn.questions.scales import USUAL, known_on

# Danish headings are read too.
ALIASES = {
    "sagsnummer": "case_id", "sag": "case_id", "enhed": "unit", "spørgsmål": "question", "svar": "answer",
    "sagstype": "case_type", "n": "N", "population": "N", "antal": "N", "drawn": "drawn",
    "udtrukket": "drawn", "relevante": "n_relevant", "lovmedholdelige": "n_compliant",
}  # fmt: skip

_GRADES = known_on(USUAL)


@dataclass(frozen=True)
class Outside:
    """Reviews read from files: the three tables, how many cases were unfinished, and notes.

    `cases` are the reviewed ones (case_id, stratum, unit, and the file's own columns that are asked for);
    `strata` has stratum, unit, population_size, sample_size (the cases drawn: as the file says, else those
    listed); `answers` (case_id, question, answer) also has those of unfinished cases, None where a cell is
    empty, so that every question asked is there.
    """

    cases: pd.DataFrame
    strata: pd.DataFrame
    answers: pd.DataFrame
    unfinished: int
    notes: list[Problem]


def read_reviews(answers: Path, strata: Path, by: Sequence[str] = ()) -> Outside:
    """Read reviews made elsewhere; all problems of both files are one InputError.

    `answers` is a CSV file with case_id, unit, question, answer and any further columns of the case, such as
    case_type. A case is listed when it has a row; one with an empty answer is unfinished. `strata` has unit,
    N (cases in the frame) and, where it is known, drawn. `by` are the columns of the answers wanted as
    domains.
    """
    a, s = Reader(answers), Reader(strata)
    units = _read_strata(s)
    extra = [column for column in by if column != "unit"]
    columns, rows, found = read_rows(answers, ["case_id", "unit", "question", "answer", *extra], ALIASES)
    a.problems += found
    facts = [c for c in dict.fromkeys([*extra, "case_type"]) if c in columns]
    given = _read_answers(a, rows)
    # Without a usable list of units, what follows would only repeat its problems.
    cases = _read_cases(a, rows, facts, units) if units else {}
    unfinished = {case for case, row in _blank_rows(rows) if (case, row["question"]) not in given}
    _check_sizes(s, units, cases)
    problems = [*a.problems, *s.problems]
    _refuse_errors(problems)
    reviewed = {case: head for case, head in cases.items() if case not in unfinished}
    listed = Counter(head["unit"] for head in cases.values())
    return Outside(
        cases=pd.DataFrame(
            [{"case_id": case, "stratum": head["unit"], **head} for case, head in reviewed.items()],
            columns=["case_id", "stratum", "unit", *facts],
        ),
        strata=pd.DataFrame(
            [
                {
                    "stratum": unit.name,
                    "unit": unit.name,
                    "population_size": unit.size,
                    "sample_size": listed[unit.name] if unit.drawn is None else unit.drawn,
                }
                for unit in units.values()
            ]
        ),
        answers=pd.DataFrame(
            _with_blanks(given, rows), columns=["case_id", "question", "answer"], dtype="object"
        ),
        unfinished=len(unfinished),
        notes=problems,
    )


def read_counts(path: Path) -> pd.DataFrame:
    """Read a published table: a row per question with question, n_relevant, n_compliant."""
    reader = Reader(path)
    _, rows, reader.problems = read_rows(path, ["question", "n_relevant", "n_compliant"], ALIASES)
    counts: dict[str, tuple[int, int]] = {}
    for row in rows:
        relevant = reader.whole(row, "n_relevant")
        compliant = reader.whole(row, "n_compliant")
        if not row["question"]:
            reader.add("blank_cell", row.number, "question", name="question")
        elif row["question"] in counts:
            reader.add("double_question", row.number, "question", question=row["question"])
        elif relevant is not None and compliant is not None:
            counts[row["question"]] = (relevant, compliant)
            if compliant > relevant:
                reader.add("too_compliant", row.number, "n_compliant", compliant=compliant, relevant=relevant)
    _refuse_errors(reader.problems)
    table = [(question, *numbers) for question, numbers in counts.items()]
    return pd.DataFrame(table, columns=["question", "n_relevant", "n_compliant"])


def read_units(path: Path) -> pd.DataFrame:
    """Read the units' sizes from unit and N (cases in the frame): a row per unit, population_size."""
    reader = Reader(path)
    units = _read_strata(reader)
    _refuse_errors(reader.problems)
    table = [(unit.name, unit.size) for unit in units.values()]
    return pd.DataFrame(table, columns=["unit", "population_size"])


def read_answers(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the answers of one reading, whatever units its cases belong to: case_id, question, answer, unit.

    Unanswered questions are left out. Notes come with them.
    """
    reader = Reader(path)
    _, rows, reader.problems = read_rows(path, ["case_id", "question", "answer"], ALIASES)
    given = _read_answers(reader, rows)
    _refuse_errors(reader.problems)
    units = {row["case_id"]: row["unit"] for row in rows}
    table = [(case, question, answer, units[case]) for (case, question), answer in given.items()]
    return pd.DataFrame(table, columns=["case_id", "question", "answer", "unit"]), reader.problems


def _refuse_errors(problems: list[Problem]) -> None:
    if any(problem.kind == "error" for problem in problems):
        raise InputError(problems)


# The size of a unit whose N is told as unreadable already.
UNREAD = -1


@dataclass(frozen=True)
class _Unit:
    name: str
    size: int
    drawn: int | None
    row: int


def _read_strata(reader: Reader) -> dict[str, _Unit]:
    columns, rows, reader.problems = read_rows(reader.path, ["unit", "N"], ALIASES)
    units: dict[str, _Unit] = {}
    for row in rows:
        size = reader.whole(row, "N")
        drawn = reader.whole(row, "drawn") if "drawn" in columns and row["drawn"] else None
        if not row["unit"]:
            reader.add("blank_cell", row.number, "unit", name="unit")
            continue
        known = units.get(same_name(row["unit"]))
        if known is not None:
            same = size == known.size
            reader.add(
                "same_unit_again" if same else "unit_disagrees",
                row.number, "unit", note=same, unit=known.name, row_before=known.row, N=known.size,
            )  # fmt: skip
        else:
            units[same_name(row["unit"])] = _Unit(
                row["unit"], UNREAD if size is None else size, drawn, row.number
            )
    return units


def _read_answers(reader: Reader, rows: Sequence[Row]) -> dict[tuple[str, str], str]:
    """Return the answer of each case and question; blank cells have none."""
    given: dict[tuple[str, str], tuple[str, int]] = {}
    scale: dict[str, tuple[bool, int]] = {}
    for row in rows:
        key = (row["case_id"], row["question"])
        for column in ("case_id", "question"):
            if not row[column]:
                reader.add("blank_cell", row.number, column, name=column)
        answer = _answer(reader, row)
        if answer is None or not all(key):
            continue
        known = given.setdefault(key, (answer, row.number))
        if known[1] != row.number:
            same = known[0] == answer
            reader.add(
                "same_answer_again" if same else "answers_disagree",
                row.number, "answer", note=same,
                case=key[0], question=key[1], found=answer, before=known[0], row_before=known[1],
            )  # fmt: skip
        if answer != NOT_RELEVANT:
            graded, first = scale.setdefault(key[1], (answer in USUAL_GRADES, row.number))
            if graded != (answer in USUAL_GRADES):
                reader.add("two_scales", row.number, "answer", question=key[1], row_before=first)
    return {key: answer for key, (answer, _) in given.items()}


def _answer(reader: Reader, row: Row) -> str | None:
    try:
        return read_answer(row["answer"])
    except UnknownAnswer as legal:
        try:
            return read_answer(row["answer"], _GRADES)
        except UnknownAnswer:
            shown = f" ({say('compliance.nearest', name=legal.nearest)})" if legal.nearest else ""
            reader.add("unknown_answer", row.number, "answer", found=legal.found, nearest=shown)
            return None


def _with_blanks(given: dict[tuple[str, str], str], rows: Sequence[Row]) -> list[tuple[str, str, str | None]]:
    # In the order of the file: the order of the questions is that of their first appearance.
    keys = dict.fromkeys((row["case_id"], row["question"]) for row in rows)
    return [(*key, given.get(key)) for key in keys]


def _blank_rows(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    return [(row["case_id"], row) for row in rows if is_blank(row["answer"]) and row["case_id"]]


def _read_cases(
    reader: Reader, rows: Sequence[Row], facts: Sequence[str], units: dict[str, _Unit]
) -> dict[str, dict[str, str]]:
    """Return each case's unit and facts."""
    cases: dict[str, dict[str, str]] = {}
    first: dict[str, int] = {}
    unknown: dict[str, list[int]] = {}
    told: set[tuple[str, str, str]] = set()
    for row in rows:
        if not row["case_id"]:
            continue
        if not row["unit"]:
            reader.add("blank_cell", row.number, "unit", name="unit")
            continue
        unit = units.get(same_name(row["unit"]))
        if unit is None:
            unknown.setdefault(row["unit"], []).append(row.number)
            continue
        head = {"unit": unit.name} | {fact: row[fact] for fact in facts}
        known = cases.setdefault(row["case_id"], head)
        began = first.setdefault(row["case_id"], row.number)
        for name, value in head.items():
            if not known[name]:
                known[name] = value
            elif value and value != known[name] and (row["case_id"], name, value) not in told:
                told.add((row["case_id"], name, value))
                reader.add(
                    "case_disagrees", row.number, name,
                    case=row["case_id"], name=name, found=value, before=known[name], row_before=began,
                )  # fmt: skip
    names = [unit.name for unit in units.values()]
    for name, numbers in unknown.items():
        near = nearest(name, names, shortened=True)
        shown = f" ({say('compliance.nearest', name=near)})" if near else ""
        reader.add("unknown_unit", numbers[0], "unit", found=name, n=len(numbers), nearest=shown)
    return cases


def _check_sizes(reader: Reader, units: dict[str, _Unit], cases: dict[str, dict[str, str]]) -> None:
    listed = Counter(head["unit"] for head in cases.values())
    for unit in units.values():
        n = listed[unit.name]
        if unit.size == UNREAD:
            continue
        if n > unit.size:
            reader.add("frame_too_small", unit.row, "N", unit=unit.name, N=unit.size, n=n)
        elif unit.drawn is not None and not n <= unit.drawn <= unit.size:
            reader.add("drawn_wrong", unit.row, "drawn", unit=unit.name, drawn=unit.drawn, n=n, N=unit.size)
