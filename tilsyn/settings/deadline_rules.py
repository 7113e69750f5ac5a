"""The time limits that are measured on every case of the register: `[[deadline]]`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from tilsyn.base.toml_tables import TomlTable, fault
from tilsyn.settings.names import Name, Names

# To the unit as `questions.limits` has it.
_UNITS = {
    "hour": "hours", "time": "hours", "timer": "hours",
    "weekday": "weekdays", "hverdag": "weekdays", "hverdage": "weekdays",
    "day": "days", "dag": "days", "dage": "days",
    "week": "weeks", "uge": "weeks", "uger": "weeks",
    "month": "months", "måned": "months", "måneder": "months",
    "year": "years", "år": "years",
}  # fmt: skip


def _length(value: str) -> str:
    """Return a length in the words of the code: `4 months` for `4 måneder`."""
    match = re.fullmatch(r"([1-9]\d{0,2}) ?([a-zæøå]+)", value.strip().lower())
    unit = match and (_UNITS.get(match[2]) or _UNITS.get(match[2].removesuffix("s")))
    if match is None or unit is None:
        raise fault("settings.bad_limit", value=value)
    return f"{match[1]} {unit}"


class Concerned(TomlTable):
    """The cases that a rule is about: those whose `column` holds one of `values`."""

    column: str
    values: Annotated[Names, Field(min_length=1)]


class DeadlineRule(TomlTable):
    """A time limit from one date of a case to another, by mapped columns.

    It is held by law (`legal`) or by the organisation's own decision (`local`). `area` is the area of law it
    is published under, `question` the one that asks a reader the same.
    """

    name: Name
    from_: Annotated[str, Field(alias="from")]
    to: str
    limit: Annotated[str, AfterValidator(_length)]
    kind: Literal["legal", "local"] = "legal"
    where: Concerned | None = None
    question: Name | None = None
    area: Name | None = None

    @model_validator(mode="after")
    def _two_events(self) -> DeadlineRule:
        if self.from_ == self.to:
            raise fault("settings.deadline_one_date", name=self.name, column=self.to)
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The mapped columns that it looks at, its two dates first."""
        return (self.from_, self.to, *((self.where.column,) if self.where else ()))

    @property
    def amount(self) -> int:
        """How many of its unit the limit is."""
        return int(self.limit.split()[0])

    @property
    def unit(self) -> str:
        """What the limit is counted in, as `questions.limits` has it."""
        return self.limit.split()[1]


def each_once(rules: tuple[DeadlineRule, ...]) -> tuple[DeadlineRule, ...]:
    """Refuse two rules of one name."""
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise fault("settings.deadline_twice", name=name)
    return rules


DeadlineRules = Annotated[tuple[DeadlineRule, ...], AfterValidator(each_once)]
