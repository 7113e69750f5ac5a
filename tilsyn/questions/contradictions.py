"""What no field of a catalogue shows alone: ids given twice, steps and names that are not there, circles.

The records are looked at as they stand, so that all faults are told at once, whatever else is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tilsyn.base.toml_tables import Fault, told
from tilsyn.questions.answers import ANSWERS, Kind
from tilsyn.questions.conditions import RELEVANT, Condition, parse
from tilsyn.questions.question import read_limit

Record = Mapping[str, Any]
_LIMIT_FIELDS = ("deadline_da", "start_da", "start_en", "end_da", "end_en")


def contradictions(data: Record) -> Iterator[Fault]:
    """Yield them, those of each kind in the order of the file."""
    steps, facts, questions = (_records(data, section) for section in ("step", "fact", "question"))
    kind: Kind = "grade" if _text(data, "kind") == "grade" else "legal"
    for section, records in (("step", steps), ("question", questions)):
        if not records:
            yield Fault((section,), *told("catalogue.none", section=section))
    yield from _ids_given_twice([("step", steps)])
    yield from _ids_given_twice([("fact", facts), ("question", questions)])
    for number, record in enumerate(questions):
        if kind == "legal" and not str(record.get("law", "")).strip():
            yield _fault(number, "law", "missing", field="law")
        yield from _of_its_step(number, record, [_text(step, "id") for step in steps])
        yield from _of_its_limit(number, record)
    yield from _of_conditions(questions, {_text(fact, "id") for fact in facts} - {""}, kind)
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
    first: dict[str, int] = {}
    for section, records in sections:
        for number, record in enumerate(records):
            value = _text(record, "id")
            if value in first:
                yield _fault(number, "id", "same_id", section, value=value, first=first[value] + 1)
            elif value:
                first[value] = number


def _of_its_step(number: int, record: Record, steps: Sequence[str]) -> Iterator[Fault]:
    step = _text(record, "step")
    if step and step not in steps:
        yield _fault(number, "step", "unknown_step", value=step, allowed=", ".join(steps))


def _of_its_limit(number: int, record: Record) -> Iterator[Fault]:
    """A computed limit needs its wording and what the two dates are; without it there are no dates."""
    given = {key for key in _LIMIT_FIELDS if _text(record, key)}
    if not _text(record, "limit"):
        for key in _LIMIT_FIELDS[1:]:
            if key in given:
                yield _fault(number, key, "dates_without_limit", field=key)
    elif read_limit(_text(record, "limit")):
        for key in ("deadline_da", "start_da", "end_da"):
            if key not in given:
                yield _fault(number, key, "limit_without", field=key)


def _of_conditions(questions: Sequence[Record], facts: set[str], kind: Kind) -> Iterator[Fault]:
    """Every name must be a question or a fact, every value possible, and no question rest on itself."""
    conditions = [_condition(record) for record in questions]
    ids = [_text(record, "id") for record in questions]
    names = [condition.names if condition else () for condition in conditions]
    rests_on = dict(zip(ids, names, strict=True))
    for number, condition in enumerate(conditions):
        for term in condition.terms if condition else ():
            if term.name not in facts and term.name not in rests_on:
                shown = ", ".join(sorted(facts))
                yield _fault(number, "condition", "unknown_name", value=term.name, facts=shown)
                continue
            allowed = ("ja", "nej") if term.name in facts else (*ANSWERS[kind], RELEVANT)
            if term.value not in allowed:
                yield _fault(number, "condition", "impossible", term=term, allowed=", ".join(allowed))
        if _rests_on_itself(ids[number], rests_on):
            yield _fault(number, "condition", "circle", value=ids[number])


def _condition(record: Record) -> Condition | None:
    try:
        return parse(_text(record, "condition"))
    except ValueError:
        return None


def _rests_on_itself(start: str, rests_on: Mapping[str, Sequence[str]]) -> bool:
    waiting, seen = list(rests_on[start]), set[str]()
    while waiting:
        name = waiting.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            waiting += rests_on.get(name, ())
    return False


def _earlier_ids_taken(questions: Sequence[Record]) -> Iterator[Fault]:
    """An earlier id carries its history to one question only, and is nobody's id now."""
    taken = {name: name for record in questions if (name := _text(record, "id"))}
    for number, record in enumerate(questions):
        for name in words(record.get("same_as", ())) or ():
            if name in taken:
                yield _fault(number, "same_as", "earlier_id_taken", value=name, question=taken[name])
            taken.setdefault(name, _text(record, "id"))
