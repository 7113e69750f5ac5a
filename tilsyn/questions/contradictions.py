"""What no field of a catalogue shows alone: ids given twice, steps and names that are not there, circles.

The records are looked at as they stand, so that all faults are told at once, whatever else is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tilsyn.base.toml_tables import Fault, told
from tilsyn.questions.criticism import LONGEST_LIST
from tilsyn.questions.names_used import Record, contradicting_names
from tilsyn.questions.question import read_limit
from tilsyn.questions.scales import USUAL, Grade, clashes, text_on

_LIMIT_FIELDS = ("deadline_da", "start_da", "start_en", "end_da", "end_en")


def contradictions(data: Record) -> Iterator[Fault]:
    """Yield them, those of each kind in the order of the file."""
    steps, facts, questions = (_records(data, section) for section in ("step", "fact", "question"))
    graded = _text(data, "kind") == "grade"
    for section, records in (("step", steps), ("question", questions)):
        if not records:
            yield Fault((section,), *told("catalogue.none", section=section))
    dates, reasons, grades = (_records(data, section) for section in ("date", "reason", "grade"))
    yield from _ids_given_twice([("step", steps)])
    yield from _ids_given_twice([("reason", reasons)])
    yield from _ids_given_twice([("grade", grades)])
    yield from _of_the_scale(grades, graded=graded)
    criticism = _records(data, "criticism")
    yield from _ids_given_twice([("criticism", criticism)])
    yield from _of_criticism(criticism)
    outcomes = _records(data, "outcome")
    named = [("fact", facts), ("date", dates), ("question", questions), ("outcome", outcomes)]
    yield from _ids_given_twice(named)
    answers = [_text(grade, "id") for grade in grades] or [grade.name for grade in USUAL]
    for number, outcome in enumerate(outcomes):
        yield from _of_its_rule(number, outcome, questions, answers if graded else [])
    for number, record in enumerate(questions):
        # A question that enters no percentage need not rest on a law.
        legal = not graded and _text(record, "kind") in ("", "legal")
        if legal and not str(record.get("law", "")).strip():
            yield _fault(number, "law", "missing", field="law")
        yield from _of_its_step(number, record, [_text(step, "id") for step in steps])
        yield from _of_its_limit(number, record)
        if record.get("critical") is True and _text(record, "kind") not in ("", "legal"):
            yield _fault(number, "critical", "critical_not_legal")
    yield from contradicting_names(data, facts, dates, reasons, grades, questions)
    yield from _earlier_ids_taken(questions)


def words(value: Any) -> tuple[str, ...] | None:
    """Return the words of a text or a list of texts; None when it is neither."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(word, str) for word in listed):
        return None
    return tuple(word.strip() for word in listed if word.strip())


def _fault(number: int, key: str, entry: str, section: str = "question", **values: Any) -> Fault:
    return Fault((section, number, key), *told(f"catalogue.{entry}", **values))


def _records(data: Record, section: str) -> Sequence[Record]:
    value = data.get(section)
    return value if isinstance(value, list) and all(isinstance(record, Mapping) for record in value) else []


def _text(record: Record, key: str) -> str:
    value = record.get(key)
    return value.strip() if isinstance(value, str) else ""


def _ids_given_twice(sections: Sequence[tuple[str, Sequence[Record]]]) -> Iterator[Fault]:
    """An id is given once; versions of a question bear one id, but are not in force on one day."""
    first: dict[str, list[tuple[int, Record]]] = {}
    for section, records in sections:
        for number, record in enumerate(records):
            value = _text(record, "id")
            before = first.setdefault(value, [])
            same = [at for at, known in before if _overlap(known, record)]
            if value and same:
                yield _fault(number, "id", "same_id", section, value=value, first=same[0] + 1)
            before.append((number, record))


def _overlap(one: Record, other: Record) -> bool:
    """Tell whether two records are in force on one day; a record without days always is."""
    days = [one.get("valid_from"), one.get("valid_to"), other.get("valid_from"), other.get("valid_to")]
    one_first, one_last, other_first, other_last = (day if isinstance(day, date) else None for day in days)
    return not (
        (one_last is not None and other_first is not None and one_last < other_first)
        or (other_last is not None and one_first is not None and other_last < one_first)
    )


def _of_its_step(number: int, record: Record, steps: Sequence[str]) -> Iterator[Fault]:
    step = _text(record, "step")
    if step and step not in steps:
        yield _fault(number, "step", "unknown_step", value=step, allowed=", ".join(steps))


def _of_the_scale(grades: Sequence[Record], *, graded: bool) -> Iterator[Fault]:
    """Grades are of a catalogue of grades, at least two, and nothing that is typed means two of them."""
    if grades and not graded:
        yield _fault(0, "id", "grades_not_graded", "grade")
    elif len(grades) == 1:
        yield _fault(0, "id", "one_grade", "grade")
    names = ("id", "text_da", "text_en", "letter")
    scale = tuple(Grade(*(_text(grade, name) for name in names)) for grade in grades)
    if len({grade.name for grade in scale}) < len(scale):
        return
    for place, word, other in clashes(scale):
        entry = "grade_clash" if other else "grade_of_marks"
        values = {"value": word, "other": text_on(scale, other)}
        yield _fault(place, "text_da", entry, "grade", **values)


def _of_criticism(records: Sequence[Record]) -> Iterator[Fault]:
    """Each step is known by words of its own, and all of them can be chosen from in a workbook's cell."""
    taken: dict[str, str] = {}
    for number, record in enumerate(records):
        name = _text(record, "id")
        for key in ("id", "text_da", "text_en"):
            word = _text(record, key)
            other = taken.setdefault(word.casefold(), name) if word else name
            if other != name:
                yield _fault(
                    number, key, "criticism_clash", "criticism", value=word, known=f"{other}, {name}"
                )
            if set(word) & {",", '"'}:
                yield _fault(number, key, "criticism_sign", "criticism", value=word)
    for key in ("text_da", "text_en"):
        listed = ",".join(_text(record, key) or _text(record, "text_da") for record in records)
        if len(listed) > LONGEST_LIST:
            values = {"n": len(listed), "limit": LONGEST_LIST}
            yield _fault(len(records) - 1, key, "criticism_long", "criticism", **values)
            break


def _of_its_rule(
    number: int, outcome: Record, questions: Sequence[Record], grades: Sequence[str]
) -> Iterator[Fault]:
    """A rule is over questions of the catalogue, and says what is good enough where they have grades."""
    known = [_text(question, "id") for question in questions]
    for name in words(outcome.get("questions", ())) or ():
        if name not in known:
            yield _fault(number, "questions", "unknown_question", "outcome", value=name)
    rule, good = _text(outcome, "rule"), words(outcome.get("good", ())) or ()
    if rule == "worst" and not grades:
        yield _fault(number, "rule", "worst_of_two", "outcome")
    if (rule == "count") != bool(outcome.get("bands")):
        yield _fault(number, "bands", "bands_and_count", "outcome")
    if (rule in ("all", "count") and bool(grades)) != bool(good):
        yield _fault(number, "good", "good_enough", "outcome", known=", ".join(grades) or "–")
    for name in good:
        if grades and name not in grades:
            yield _fault(number, "good", "unknown_grade", "outcome", value=name, known=", ".join(grades))


def _of_its_limit(number: int, record: Record) -> Iterator[Fault]:
    """A limit of 0.1 needs its wording and what the two dates are; without it there are no dates."""
    given = {key for key in _LIMIT_FIELDS if _text(record, key)}
    if not _text(record, "limit"):
        for key in _LIMIT_FIELDS[1:]:
            if key in given:
                yield _fault(number, key, "dates_without_limit", field=key)
    elif read_limit(_text(record, "limit")):
        for key in ("deadline_da", "start_da", "end_da"):
            if key not in given:
                yield _fault(number, key, "limit_without", field=key)


def _earlier_ids_taken(questions: Sequence[Record]) -> Iterator[Fault]:
    """An earlier id carries its history to one question only, and is nobody's id now."""
    taken = {name: name for record in questions if (name := _text(record, "id"))}
    for number, record in enumerate(questions):
        for name in words(record.get("same_as", ())) or ():
            if name in taken:
                yield _fault(number, "same_as", "earlier_id_taken", value=name, question=taken[name])
            taken.setdefault(name, _text(record, "id"))
