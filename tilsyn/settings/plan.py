"""The plan: a list of versions, each valid from a day, each with its own units, levels and sizes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from tilsyn.base.canonical import canonical_id, has_forbidden, same_name
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.base.toml_tables import TomlTable, fault

Cadence = Literal["month", "quarter", "half", "year"]
# The core of a catalogue, or all its questions.
QuestionScope = Literal["core", "extended"]
SIZES = {1: ("per_caseworker",), 2: ("per_unit", "total"), 3: ("total", "per_unit"), 4: ("total", "per_unit")}
DUE_MONTHS = {1: 0, 2: 0, 3: 1, 4: 2}


def _name(value: str) -> str:
    name = canonical_id(value)
    if not name or has_forbidden(name):
        raise fault("settings.bad_name", value=value)
    return name


def _tuple(value: Any) -> Any:
    """Let a single value stand for a list of one."""
    return (value,) if isinstance(value, str) else value


def _baseline(value: str) -> str | None:
    if value == "none":
        return None
    try:
        return Period.parse(value).canonical
    except UsageError:
        raise fault("settings.baseline_bad", value=value) from None


def _risk_size(value: Any) -> Any:
    if value == "all" or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise fault("settings.bad_size", value=repr(value))


Name = Annotated[str, AfterValidator(_name)]
# A name that may be left empty.
Words = Annotated[str, AfterValidator(lambda value: _name(value) if value else "")]
Names = Annotated[tuple[str, ...], BeforeValidator(_tuple)]
Baseline = Annotated[str | None, AfterValidator(lambda value: None if value is None else _baseline(value))]
# TOML has real truth values, so 1 is none.
Flag = Annotated[bool, Field(strict=True)]
Months = Annotated[int, Field(ge=0)]
Size = Annotated[int, Field(ge=0)]
RiskSize = Annotated[int | Literal["all"], BeforeValidator(_risk_size)]


class Risk(TomlTable):
    """A risk area: the cases of a unit that form a stratum of their own.

    All cases whose `column` holds one of `values`; `size` of them from each unit, or `all`,
    taken out of the unit's number or, with `extra`, on top of it.
    """

    name: Name
    column: str
    values: Annotated[Names, Field(min_length=1)]
    size: RiskSize
    extra: Flag = False
    levels: Annotated[tuple[Literal[1, 2, 3, 4], ...], Field(min_length=1)] = (2,)


class LevelPlan(TomlTable):
    """One level of a plan version.

    Exactly one of `per_caseworker` (level 1), `per_unit` and `total` is given; `units` names the
    units whose number is not `per_unit`. Numbers are cases; `due_months` counts from the day after the
    period ends, `review_months` from the draw. `name`, `judged_by` and `roles` are the organisation's words:
    what the level is called, who reads and judges, and what a reader can choose to be.
    """

    level: Literal[1, 2, 3, 4]
    name: Words = ""
    judged_by: Words = ""
    roles: tuple[Name, ...] = ()
    cadence: Cadence
    per_caseworker: Size | None = None
    per_unit: Size | None = None
    total: Size | None = None
    units: dict[Name, Size] = Field(default_factory=dict)
    allocation: Literal["proportional", "equal"] = "proportional"
    reserve: Size = 5
    question_set: Annotated[Names, Field(min_length=1)] = ()
    questions: QuestionScope = "core"
    baseline: Baseline = None
    blind: Flag = True
    groups: Annotated[int, Field(ge=1)] = 1
    due_months: Months
    review_months: Months = 1

    @property
    def title(self) -> str:
        """What the level is called: its name, or its number."""
        return self.name or say("settings.level", level=self.level)

    @property
    def label(self) -> str:
        """Its number, and its name where it has one."""
        number = say("settings.level", level=self.level)
        return f"{number}: {self.name}" if self.name else number

    @model_validator(mode="after")
    def _one_size(self) -> LevelPlan:
        known = SIZES[self.level]
        given = [name for name in ("per_caseworker", "per_unit", "total") if getattr(self, name) is not None]
        if len(given) != 1 or given[0] not in known:
            raise fault("settings.one_size", level=self.level, known=", ".join(known))
        return self


class PlanVersion(TomlTable):
    """The plan from a day on: units, question set, baseline, and the levels by number.

    `question_set`, `questions` and `baseline` hold for the levels that do not give their own. With an empty
    `units`, the units are those that the register has.
    """

    valid_from: date
    question_set: Annotated[Names, Field(min_length=1)] = ("serviceloven", "barnets-lov")
    questions: QuestionScope = "core"
    baseline: Baseline = None
    units: Annotated[tuple[Name, ...], BeforeValidator(_tuple)] = ()
    levels: dict[int, LevelPlan]
    risk: tuple[Risk, ...] = ()

    @field_validator("levels", mode="before")
    @classmethod
    def _numbered(cls, value: Any) -> Any:
        """Give each level its number, and when it falls due."""
        if not isinstance(value, dict):
            return value
        if not value:
            raise fault("settings.no_levels")
        for key in value:
            if str(key) not in ("1", "2", "3", "4"):
                raise fault("settings.bad_level", value=key)
        return {
            str(key): {"due_months": DUE_MONTHS[int(key)], **level, "level": int(key)}
            if isinstance(level, dict)
            else level
            for key, level in value.items()
        }

    @field_validator("levels", mode="after")
    @classmethod
    def _hand_down(cls, levels: dict[int, LevelPlan], info: ValidationInfo) -> dict[int, LevelPlan]:
        """Let the version's question set, its scope and baseline hold for the levels that have none."""
        handed = ("question_set", "questions", "baseline")
        common = {name: info.data[name] for name in handed if name in info.data}
        return {
            number: level.model_copy(
                update={name: value for name, value in common.items() if name not in level.model_fields_set}
            )
            for number, level in levels.items()
        }

    @model_validator(mode="after")
    def _known_units(self) -> PlanVersion:
        names = [same_name(unit) for unit in self.units]
        for unit in self.units:
            if names.count(same_name(unit)) > 1:
                raise fault("settings.unit_twice", unit=unit)
        for level in self.levels.values():
            for unit in level.units:
                if names and same_name(unit) not in names:
                    raise fault("settings.unit_unknown", unit=unit, known=", ".join(self.units))
        return self
