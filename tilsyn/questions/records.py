"""From the plain records of a catalogue file to a catalogue, with every fault at once.

A TOML file and a spreadsheet hold the same records; a fault names the record and its field, and whoever
read the file knows the line or the cell of that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from tilsyn.base.language import say
from tilsyn.questions.answers import Kind
from tilsyn.questions.conditions import RELEVANT, Condition, parse
from tilsyn.questions.question import COMPARABLE, LAW_TEXT, UNITS_OF_TIME
from tilsyn.questions.question_set import Catalogue, Deadline, Fact, Question, Regime, Step

Record = Mapping[str, Any]
# Where a fault is: the section, the record's number in it (from 0), and the field.
Place = tuple[str, int, str]

CATALOGUE_FIELDS = ("name", "version", "title_da", "title_en", "kind", "acts_from", "acts_until")
STEP_FIELDS = ("id", "title_da", "title_en")
FACT_FIELDS = ("id", "text_da", "text_en", "register")
QUESTION_FIELDS = (
    "id", "step", "text_da", "text_en", "law", "law_text", "applies_when_da", "applies_when_en", "condition",
    "deadline_da", "deadline_en", "limit", "start_da", "start_en", "end_da", "end_en",
    "guidance_da", "guidance_en", "comparable", "critical", "same_as", "register",
)  # fmt: skip
SECTIONS = {"step": STEP_FIELDS, "fact": FACT_FIELDS, "question": QUESTION_FIELDS}
_ID = re.compile(r"[A-Za-zÆØÅæøå0-9][\w-]*")
_LIMIT = re.compile(r"([1-9]\d{0,2}) (\w+)")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a catalogue: where, what was found, and what to do."""

    place: Place
    found: str
    remedy: str


@dataclass
class _Reader:
    """Collects the faults while fields are read."""

    faults: list[Fault] = field(default_factory=list)

    def fault(self, place: Place, key: str, **values: Any) -> None:
        found, remedy = say(f"catalogue.{key}", **values), say(f"catalogue.{key}_remedy", **values)
        self.faults.append(Fault(place, found, remedy))

    def text(self, record: Record, place: Place, *, required: bool = False) -> str:
        value = record.get(place[2], "")
        if not isinstance(value, str):
            self.fault(place, "not_text", field=place[2], value=value)
            return ""
        if required and not value.strip():
            self.fault(place, "missing", field=place[2])
        return value.strip()

    def one_of(self, record: Record, place: Place, allowed: Sequence[str], default: str) -> str:
        value = self.text(record, place) or default
        if value not in allowed:
            self.fault(place, "not_one_of", field=place[2], value=value, allowed=", ".join(allowed))
            return default
        return value

    def words(self, record: Record, place: Place) -> tuple[str, ...]:
        value = record.get(place[2], ())
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, (list, tuple)) or not all(isinstance(word, str) for word in listed):
            self.fault(place, "not_list", field=place[2])
            return ()
        return tuple(word.strip() for word in listed if word.strip())

    def flag(self, record: Record, place: Place) -> bool:
        value = record.get(place[2], False)
        if not isinstance(value, bool):
            self.fault(place, "not_flag", field=place[2], value=value)
        return value is True

    def day(self, record: Record, place: Place) -> date | None:
        value = record.get(place[2])
        if value is not None and type(value) is not date:
            self.fault(place, "not_day", field=place[2], value=value)
            return None
        return value

    def name(self, record: Record, place: Place, seen: dict[str, int]) -> str:
        """Read an id that must be there once."""
        value = self.text(record, place, required=True)
        if value and not _ID.fullmatch(value):
            self.fault(place, "bad_id", value=value)
        if value in seen:
            self.fault(place, "same_id", value=value, first=seen[value] + 1)
        elif value:
            seen[value] = place[1]
        return value

    def unknown_fields(self, record: Record, section: str, number: int, known: Sequence[str]) -> None:
        for key in record:
            if key not in known:
                self.fault((section, number, key), "unknown_field", field=key, allowed=", ".join(known))


def read(data: Record) -> tuple[Catalogue | None, list[Fault]]:
    """Make a catalogue of plain records.

    Parameters
    ----------
    data : mapping
        The fields of `CATALOGUE_FIELDS`, and lists of records under `step`, `fact` and `question`.

    Returns
    -------
    Catalogue or None
        None when there is a fault.
    list of Fault
        All of them.

    Examples
    --------
    >>> catalogue, faults = read({"name": "x", "version": "1", "title_da": "X", "question": []})
    >>> catalogue, [fault.place for fault in faults]
    (None, [('question', 0, ''), ('step', 0, '')])
    """
    reader = _Reader()
    reader.unknown_fields(data, "catalogue", 0, (*CATALOGUE_FIELDS, *SECTIONS))
    name, version, title = (
        reader.text(data, ("catalogue", 0, key), required=True) for key in ("name", "version", "title_da")
    )
    kind = reader.one_of(data, ("catalogue", 0, "kind"), get_args(Kind), "legal")
    title_en = reader.text(data, ("catalogue", 0, "title_en"))
    first, last = (reader.day(data, ("catalogue", 0, key)) for key in ("acts_from", "acts_until"))
    if first and last and last < first:
        reader.fault(("catalogue", 0, "acts_until"), "days_swapped", first=first, last=last)
    regime = Regime(name, title, title_en, first, last) if kind == "legal" else None

    records = {section: _records(reader, data, section) for section in SECTIONS}
    for section in ("question", "step"):
        if not records[section]:
            reader.fault((section, 0, ""), "none", section=section)
    seen_steps: dict[str, int] = {}
    steps = [
        Step(
            reader.name(record, ("step", n, "id"), seen_steps),
            reader.text(record, ("step", n, "title_da"), required=True),
            reader.text(record, ("step", n, "title_en")),
        )
        for n, record in enumerate(records["step"])
    ]
    names: dict[str, int] = {}
    facts = [
        Fact(
            reader.name(record, ("fact", n, "id"), names),
            reader.text(record, ("fact", n, "text_da"), required=True),
            reader.text(record, ("fact", n, "text_en")),
            reader.words(record, ("fact", n, "register")),
        )
        for n, record in enumerate(records["fact"])
    ]
    fact_names = set(names)
    by_step = {step.name: step for step in steps}
    questions = [
        _question(reader, record, n, kind, regime, by_step, names)
        for n, record in enumerate(records["question"])
    ]
    _check_conditions(reader, questions, fact_names)
    _check_earlier_ids(reader, questions)
    if reader.faults:
        return None, reader.faults
    parts = (tuple(questions), tuple(steps), tuple(facts))
    return Catalogue(name, version, title, title_en, _kind(kind), *parts, regime), []


def _kind(text: str) -> Kind:
    return "grade" if text == "grade" else "legal"


def _records(reader: _Reader, data: Record, section: str) -> list[Record]:
    value = data.get(section, [])
    if not isinstance(value, list) or not all(isinstance(record, Mapping) for record in value):
        reader.fault((section, 0, ""), "not_records", section=section)
        return []
    for number, record in enumerate(value):
        reader.unknown_fields(record, section, number, SECTIONS[section])
    return value


def _question(
    reader: _Reader,
    record: Record,
    number: int,
    kind: str,
    regime: Regime | None,
    steps: Mapping[str, Step],
    seen: dict[str, int],
) -> Question:
    def place(key: str) -> Place:
        return ("question", number, key)

    def text(key: str, required: bool = False) -> str:
        return reader.text(record, place(key), required=required)

    question_id = reader.name(record, place("id"), seen)
    step = text("step", required=True)
    if step and step not in steps:
        reader.fault(place("step"), "unknown_step", value=step, allowed=", ".join(steps))
    law = text("law", required=kind == "legal")
    titles = steps.get(step, Step(step, "", ""))
    return Question(
        question_id=question_id,
        text_da=text("text_da", required=True),
        text_en=text("text_en"),
        step=step,
        step_da=titles.title_da,
        step_en=titles.title_en,
        guidance_da=text("guidance_da"),
        guidance_en=text("guidance_en"),
        law={regime.name: law} if regime and law else {},
        applies_when_da=text("applies_when_da"),
        applies_when_en=text("applies_when_en"),
        condition=_condition(reader, text("condition"), place("condition")),
        deadline=_deadline(reader, text, place),
        comparable=reader.one_of(record, place("comparable"), COMPARABLE, "yes"),
        law_text=reader.one_of(record, place("law_text"), LAW_TEXT, "to check"),
        critical=reader.flag(record, place("critical")),
        kind=_kind(kind),
        regimes=(regime.name,) if regime else (),
        same_as=reader.words(record, place("same_as")),
        register=reader.words(record, place("register")),
    )


def _condition(reader: _Reader, text: str, place: Place) -> Condition | None:
    if not text:
        return None
    try:
        return parse(text)
    except ValueError as error:
        reader.fault(place, "bad_condition", part=error)
        return None


def _deadline(reader: _Reader, text: Callable[[str], str], place: Callable[[str], Place]) -> Deadline | None:
    limit = text("limit")
    date_keys = ("start_da", "start_en", "end_da", "end_en")
    wording = (text("deadline_da"), text("deadline_en"))
    if not limit:
        for key in date_keys:
            if text(key):
                reader.fault(place(key), "dates_without_limit", field=key)
        return Deadline(*wording) if wording[0] else None
    found = _LIMIT.fullmatch(limit)
    if not found or found[2] not in UNITS_OF_TIME:
        reader.fault(place("limit"), "bad_limit", value=limit)
        return None
    for key in ("deadline_da", "start_da", "end_da"):
        if not text(key):
            reader.fault(place(key), "limit_without", field=key)
    return Deadline(*wording, int(found[1]), found[2], *(text(key) for key in date_keys))


def _check_conditions(reader: _Reader, questions: Sequence[Question], facts: set[str]) -> None:
    """Every name must be a question or a fact, every value possible, and no question rest on itself."""
    by_id = {question.question_id: question for question in questions}
    rests_on = {q.question_id: q.condition.names if q.condition else () for q in questions}
    for number, question in enumerate(questions):
        place = ("question", number, "condition")
        for terms in question.condition.alternatives if question.condition else ():
            for term in terms:
                if term.name in facts:
                    allowed: tuple[str, ...] = ("ja", "nej")
                elif term.name in by_id:
                    allowed = (*by_id[term.name].answers, RELEVANT)
                else:
                    reader.fault(place, "unknown_name", value=term.name, facts=", ".join(sorted(facts)))
                    continue
                if term.value not in allowed:
                    reader.fault(place, "impossible", term=term, allowed=", ".join(allowed))
        if _rests_on_itself(question.question_id, rests_on):
            reader.fault(place, "circle", value=question.question_id)


def _check_earlier_ids(reader: _Reader, questions: Sequence[Question]) -> None:
    """An earlier id carries its history to one question only, and is nobody's id now."""
    taken = {question.question_id: question.question_id for question in questions}
    for number, question in enumerate(questions):
        for name in question.same_as:
            if name in taken:
                place = ("question", number, "same_as")
                reader.fault(place, "earlier_id_taken", value=name, question=taken[name])
            taken.setdefault(name, question.question_id)


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
