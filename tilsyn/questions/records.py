"""From the plain records of a catalogue file to a catalogue, with every fault at once.

A TOML file and a spreadsheet hold the same records; a fault names the record and its field, and whoever
read the file knows the line or the cell of that.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from tilsyn.base.toml_tables import BadValue, Fault, TomlTable, fault, faults, keys, told
from tilsyn.questions.answers import Kind
from tilsyn.questions.conditions import parse
from tilsyn.questions.contradictions import Record, contradictions, words
from tilsyn.questions.question import (
    CaseStep,
    Comparable,
    Deadline,
    Fact,
    LawText,
    Question,
    Regime,
    read_limit,
)
from tilsyn.questions.question_set import Catalogue

_ID = re.compile(r"[A-Za-zÆØÅæøå0-9][\w-]*")

# The dictionary's entry for what pydantic found, by pydantic's own name of it.
_ENTRIES = {
    "missing": "missing",
    "string_too_short": "missing",
    "string_type": "not_text",
    "literal_error": "not_one_of",
    "bool_type": "not_flag",
    "date_type": "not_day",
    "extra_forbidden": "unknown_field",
    "tuple_type": "not_records",
    "model_type": "not_records",
}


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise fault("catalogue.bad_id", value=value)
    return value


def _condition(value: str) -> str:
    try:
        if value:
            parse(value)
    except ValueError as error:
        raise fault("catalogue.bad_condition", part=str(error)) from None
    return value


def _limit(value: str) -> str:
    if value and read_limit(value) is None:
        raise fault("catalogue.bad_limit", value=value)
    return value


def _list(value: Any, info: ValidationInfo) -> tuple[str, ...]:
    listed = words(value)
    if listed is None:
        raise fault("catalogue.not_list", field=str(info.field_name).rstrip("_"))
    return listed


Needed = Annotated[str, Field(min_length=1)]
Id = Annotated[Needed, AfterValidator(_id)]
Words = Annotated[tuple[str, ...], BeforeValidator(_list)]
Day = Annotated[date, Field(strict=True)]


class _Record(TomlTable):
    model_config = ConfigDict(str_strip_whitespace=True)

    @field_validator("kind", "comparable", "law_text", mode="before", check_fields=False)
    @classmethod
    def _chosen(cls, value: Any, info: ValidationInfo) -> Any:
        """Let an empty choice stand for the usual one."""
        if not isinstance(value, str):
            raise fault("catalogue.not_text", field=info.field_name, value=value)
        return value.strip() or cls.model_fields[str(info.field_name)].default


class StepRecord(_Record):
    id: Id
    title_da: Needed
    title_en: str = ""


class FactRecord(_Record):
    id: Id
    text_da: Needed
    text_en: str = ""
    register_: Annotated[Words, Field(alias="register")] = ()


class QuestionRecord(_Record):
    """A question as a file has it; its fields are written in this order."""

    id: Id
    step: Needed
    text_da: Needed
    text_en: str = ""
    law: str = ""
    law_text: LawText = "to check"
    applies_when_da: str = ""
    applies_when_en: str = ""
    condition: Annotated[str, AfterValidator(_condition)] = ""
    deadline_da: str = ""
    deadline_en: str = ""
    limit: Annotated[str, AfterValidator(_limit)] = ""
    start_da: str = ""
    start_en: str = ""
    end_da: str = ""
    end_en: str = ""
    guidance_da: str = ""
    guidance_en: str = ""
    comparable: Comparable = "yes"
    critical: Annotated[bool, Field(strict=True)] = False
    same_as: Words = ()
    register_: Annotated[Words, Field(alias="register")] = ()


class CatalogueRecord(_Record):
    name: Needed
    version: Needed
    title_da: Needed
    title_en: str = ""
    kind: Kind = "legal"
    acts_from: Day | None = None
    acts_until: Day | None = None
    step: tuple[StepRecord, ...] = ()
    fact: tuple[FactRecord, ...] = ()
    question: tuple[QuestionRecord, ...] = ()

    @field_validator("acts_until")
    @classmethod
    def _after_the_first(cls, last: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("acts_from")
        if first and last and last < first:
            raise fault("catalogue.days_swapped", first=first, last=last)
        return last


SECTIONS: dict[str, type[TomlTable]] = {"step": StepRecord, "fact": FactRecord, "question": QuestionRecord}
QUESTION_FIELDS = keys(QuestionRecord)


def read(data: Record) -> tuple[Catalogue | None, list[Fault]]:
    """Make a catalogue of plain records, or tell everything that is wrong in them, in the order of the file.

    >>> catalogue, faults = read({"name": "x", "version": "1", "title_da": "X", "question": []})
    >>> catalogue, [fault.location for fault in faults]
    (None, [('step',), ('question',)])
    """
    contradicting = list(contradictions(data))
    try:
        record = CatalogueRecord.model_validate(data)
    except ValidationError as error:
        found = [*faults(CatalogueRecord, error, _wording), *contradicting]
    else:
        if not contradicting:
            return _catalogue(record), []
        found = contradicting
    order = keys(CatalogueRecord)

    def place(fault: Fault) -> tuple[int, tuple[int | str, ...]]:
        section = str(fault.location[0])
        return order.index(section) if section in order else -1, fault.location[1:2]

    return None, sorted(found, key=place)


def _wording(bad: BadValue) -> tuple[str, str]:
    allowed = ", ".join(bad.known)
    values = {"field": bad.key, "value": bad.value, "allowed": allowed, "section": bad.location[0]}
    return told(f"catalogue.{_ENTRIES[bad.kind]}", **values)


def _catalogue(record: CatalogueRecord) -> Catalogue:
    title = (record.name, record.title_da, record.title_en)
    regime = Regime(*title, record.acts_from, record.acts_until) if record.kind == "legal" else None
    steps = {step.id: CaseStep(step.id, step.title_da, step.title_en) for step in record.step}
    return Catalogue(
        name=record.name,
        version=record.version,
        title_da=record.title_da,
        title_en=record.title_en,
        kind=record.kind,
        questions=tuple(_question(entry, regime, steps[entry.step]) for entry in record.question),
        steps=tuple(steps.values()),
        facts=tuple(Fact(fact.id, fact.text_da, fact.text_en, fact.register_) for fact in record.fact),
        regime=regime,
    )


def _question(record: QuestionRecord, regime: Regime | None, step: CaseStep) -> Question:
    return Question(
        question_id=record.id,
        text_da=record.text_da,
        text_en=record.text_en,
        step=step.name,
        step_da=step.title_da,
        step_en=step.title_en,
        guidance_da=record.guidance_da,
        guidance_en=record.guidance_en,
        law={regime.name: record.law} if regime else {},
        applies_when_da=record.applies_when_da,
        applies_when_en=record.applies_when_en,
        condition=parse(record.condition) if record.condition else None,
        deadline=_deadline(record),
        comparable=record.comparable,
        law_text=record.law_text,
        critical=record.critical,
        kind="legal" if regime else "grade",
        regimes=(regime.name,) if regime else (),
        same_as=record.same_as,
        register=record.register_,
    )


def _deadline(record: QuestionRecord) -> Deadline | None:
    if not record.deadline_da:
        return None
    amount, unit = read_limit(record.limit) or (None, None)
    wording = (record.deadline_da, record.deadline_en)
    return Deadline(*wording, amount, unit, record.start_da, record.start_en, record.end_da, record.end_en)
