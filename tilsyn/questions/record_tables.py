"""What the tables of a catalogue file may say, as pydantic models."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from tilsyn.base.toml_tables import TomlTable, fault, keys
from tilsyn.questions.answers import ANSWERS, code_of
from tilsyn.questions.conditions import ALWAYS, parse
from tilsyn.questions.contradictions import words
from tilsyn.questions.facts import FactKind
from tilsyn.questions.limits import parse_limit
from tilsyn.questions.links import parse_link
from tilsyn.questions.outcomes import Rule, read_band
from tilsyn.questions.proposing import parse_proposal
from tilsyn.questions.question import Comparable, LawText, read_limit
from tilsyn.settings.levels import QuestionScope

_ID = re.compile(r"[A-Za-zÆØÅæøå0-9][\w-]*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_GRADE = re.compile(r"[a-zæøå0-9][a-zæøå0-9_ -]*")
# What these mean in a condition is no grade.
_ANSWERS = (*map(code_of, ANSWERS["legal"]), "relevant")
_CHOICE = re.compile(r"[a-z0-9_-]+\s*=\s*\S.*")


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise fault("catalogue.bad_id", value=value)
    return value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise fault("catalogue.bad_name", value=value)
    return value


def _grade(value: str) -> str:
    if not _GRADE.fullmatch(value) or code_of(value) in _ANSWERS:
        raise fault("catalogue.bad_grade", value=value, taken=", ".join(_ANSWERS))
    return value


def _condition(value: str) -> str:
    value = "" if value == ALWAYS else value
    _readable("bad_condition", parse, value)
    return value


def _limit(value: str) -> str:
    if read_limit(value) is None:
        _readable("bad_limit", parse_limit, value)
    return value


def _readable(key: str, read: Callable[[str], Any], value: str) -> None:
    """Raise a fault with the part that cannot be read."""
    try:
        if value:
            read(value)
    except ValueError as error:
        raise fault(f"catalogue.{key}", part=str(error), value=value) from None


def _links(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        _readable("bad_link", parse_link, value)
    return values


def _choices(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not _CHOICE.fullmatch(value):
            raise fault("catalogue.bad_choice", value=value)
    return values


def _bands(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        return values
    read = [read_band(value) for value in values]
    bands = [band for band in read if band is not None]
    firsts = [least for least, _ in bands]
    rising = firsts == sorted(set(firsts)) and firsts[:1] == [0]
    if len(bands) < len(values) or not rising or len({text for _, text in bands}) < len(bands):
        raise fault("catalogue.bad_bands", value=", ".join(values))
    return values


def _proposals(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        _readable("bad_proposal", parse_proposal, value)
    return values


def _list(value: Any, info: ValidationInfo) -> tuple[str, ...]:
    listed = words(value)
    if listed is None:
        raise fault("catalogue.not_list", field=str(info.field_name).rstrip("_"))
    return listed


Needed = Annotated[str, Field(min_length=1)]
Id = Annotated[Needed, AfterValidator(_id)]
FactName = Annotated[Id, AfterValidator(_id)]
GradeName = Annotated[Needed, AfterValidator(_grade)]
DateName = Annotated[Needed, AfterValidator(_name)]
Words = Annotated[tuple[str, ...], BeforeValidator(_list)]
WrittenCondition = Annotated[str, AfterValidator(_condition)]
Day = Annotated[date, Field(strict=True)]
StrictFlag = Annotated[bool, Field(strict=True)]


class _Record(TomlTable):
    model_config = ConfigDict(str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _in_either_language(cls, data: Any) -> Any:
        """Let an English text stand for a Danish one that is needed and missing."""
        if not isinstance(data, Mapping):
            return data
        needed = [name for name, field in cls.model_fields.items() if field.is_required()]
        missing = [name for name in needed if name.endswith("_da") and name not in data]
        english = {name: data.get(f"{name.removesuffix('_da')}_en") for name in missing}
        return {**data, **{name: text for name, text in english.items() if text}}

    @field_validator("kind", "comparable", "law_text", "scope", mode="before", check_fields=False)
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
    id: FactName
    text_da: Needed
    text_en: str = ""
    kind: FactKind = "yes-no"
    choices: Annotated[Words, AfterValidator(_choices)] = ()
    register_: Annotated[Words, Field(alias="register")] = ()
    proposals: Annotated[Words, AfterValidator(_proposals)] = ()
    why_da: str = ""
    why_en: str = ""
    asked_when: WrittenCondition = ""
    default: str = ""
    computed: StrictFlag = False
    scope: QuestionScope = "core"


class DateRecord(_Record):
    id: DateName
    text_da: Needed
    text_en: str = ""
    kind: Literal["date", "datetime"] = "date"
    default: str = ""


class ReasonRecord(_Record):
    id: DateName
    text_da: Needed
    text_en: str = ""
    law: str = ""
    law_text: LawText = "to check"


class GradeRecord(_Record):
    id: GradeName
    text_da: Needed
    text_en: str = ""
    letter: Annotated[str, Field(max_length=1)] = ""


class CriticismRecord(_Record):
    id: GradeName
    text_da: Needed
    text_en: str = ""
    criticism: StrictFlag = True


class OutcomeRecord(_Record):
    id: DateName
    text_da: Needed
    text_en: str = ""
    rule: Rule
    questions: Words = ()
    good: Words = ()
    bands: Annotated[Words, AfterValidator(_bands)] = ()


class QuestionRecord(_Record):
    """A question as a file has it; its fields are written in this order."""

    id: Id
    valid_from: Day | None = None
    valid_to: Day | None = None
    step: Needed
    short_da: str = ""
    short_en: str = ""
    topic_da: str = ""
    topic_en: str = ""
    text_da: Needed
    text_en: str = ""
    kind: Literal["", "legal", "documentation", "local"] = ""
    law: str = ""
    law_text: LawText = "to check"
    law_source: str = ""
    approved: str = ""
    applies_when_da: str = ""
    applies_when_en: str = ""
    condition: WrittenCondition = ""
    deadline_da: str = ""
    deadline_en: str = ""
    limit: Annotated[str, AfterValidator(_limit)] = ""
    start_da: str = ""
    start_en: str = ""
    end_da: str = ""
    end_en: str = ""
    lawful_reasons: Words = ()
    links: Annotated[Words, AfterValidator(_links)] = ()
    link_da: str = ""
    guidance_da: str = ""
    guidance_en: str = ""
    guide_look_da: str = ""
    guide_ja_da: str = ""
    guide_nej_da: str = ""
    guide_lovlig_da: str = ""
    comparable: Comparable = "yes"
    critical: StrictFlag = False
    scope: QuestionScope = "core"
    same_as: Words = ()
    register_: Annotated[Words, Field(alias="register")] = ()
    note: str = ""


class CatalogueRecord(_Record):
    name: Needed
    version: Needed
    rules: Literal[1, 2] = 1
    title_da: Needed
    title_en: str = ""
    kind: Literal["legal", "grade"] = "legal"
    acts_from: Day | None = None
    acts_until: Day | None = None
    urgent_da: str = ""
    urgent_en: str = ""
    events_da: Words = ()
    events_en: Words = ()
    step: tuple[StepRecord, ...] = ()
    fact: tuple[FactRecord, ...] = ()
    date_: Annotated[tuple[DateRecord, ...], Field(alias="date")] = ()
    reason: tuple[ReasonRecord, ...] = ()
    grade: tuple[GradeRecord, ...] = ()
    outcome: tuple[OutcomeRecord, ...] = ()
    criticism: tuple[CriticismRecord, ...] | None = None
    question: tuple[QuestionRecord, ...] = ()

    @field_validator("acts_until")
    @classmethod
    def _after_the_first(cls, last: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("acts_from")
        if first and last and last < first:
            raise fault("catalogue.days_swapped", first=first, last=last)
        return last


SECTIONS: dict[str, type[TomlTable]] = {
    "step": StepRecord,
    "fact": FactRecord,
    "date": DateRecord,
    "reason": ReasonRecord,
    "grade": GradeRecord,
    "outcome": OutcomeRecord,
    "criticism": CriticismRecord,
    "question": QuestionRecord,
}
QUESTION_FIELDS = keys(QuestionRecord)
