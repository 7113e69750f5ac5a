"""The plan: a list of versions, each valid from a day, each with its own units, levels and sizes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from tilsyn.base.canonical import same_name
from tilsyn.base.toml_tables import TomlTable, fault
from tilsyn.settings.contacts import Addresses
from tilsyn.settings.levels import DUE_MONTHS, LAST_LEVEL, Baseline, LevelPlan, QuestionScope
from tilsyn.settings.names import Flag, Name, Names, as_tuple


def _risk_size(value: Any) -> Any:
    if value == "all" or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise fault("settings.bad_size", value=repr(value))


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
    levels: Annotated[tuple[Annotated[int, Field(ge=1, le=LAST_LEVEL)], ...], Field(min_length=1)] = (2,)


def _numbered(number: int, level: Any) -> Any:
    """Return a level's table with its number, and when it falls due."""
    if not isinstance(level, dict):
        return level
    if "due" in level and "due_months" in level:
        raise fault("settings.due_twice", level=number)
    usual = 0 if "source" in level else DUE_MONTHS.get(number, 0)
    due = {} if "due" in level else {"due_months": usual}
    return {**due, **level, "level": number}


class PlanVersion(TomlTable):
    """The plan from a day on: units, question set, baseline, and the levels by number.

    `question_set`, `questions` and `baseline` hold for the levels that do not give their own. With an empty
    `units`, the units are those that the register has. `contacts` are the addresses of units, of groups of
    readers by their workbook, and of levels by their name.
    """

    valid_from: date
    question_set: Annotated[Names, Field(min_length=1)] = ("serviceloven", "barnets-lov")
    questions: QuestionScope = "core"
    baseline: Baseline = None
    units: Annotated[tuple[Name, ...], BeforeValidator(as_tuple)] = ()
    contacts: dict[Name, Addresses] = Field(default_factory=dict)
    levels: dict[int, LevelPlan]
    risk: tuple[Risk, ...] = ()

    @field_validator("levels", mode="before")
    @classmethod
    def _by_number(cls, value: Any) -> Any:
        """Give each level its number, and when it falls due."""
        if not isinstance(value, dict):
            return value
        if not value:
            raise fault("settings.no_levels")
        for key in value:
            if str(key) not in map(str, range(1, LAST_LEVEL + 1)):
                raise fault("settings.bad_level", value=key, last=LAST_LEVEL)
        return {str(key): _numbered(int(key), level) for key, level in value.items()}

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
            for unit in level.own_sizes if level.drawn_per == "unit" else level.units:
                if names and same_name(unit) not in names:
                    raise fault("settings.unit_unknown", unit=unit, known=", ".join(self.units))
        return self

    @model_validator(mode="after")
    def _no_circle(self) -> PlanVersion:
        for number, level in self.levels.items():
            if number in self.sources(level):
                raise fault("settings.circle", level=number)
            # The level before may be left out: it was drawn in an earlier version of the plan.
            if level.above not in (None, *self.levels, number - 1):
                raise fault("settings.source_unknown", level=number, source=level.above)
        return self

    def split(self, level: int | None) -> str:
        """Return the column of the register whose values are a level's strata; the unit where it has none."""
        plan = self.levels.get(level) if level is not None else None
        return "unit" if plan is None else plan.split

    def sources(self, level: LevelPlan | None) -> list[int]:
        """Return the levels that a level's cases come through, the nearest first."""
        found: list[int] = []
        while level is not None and isinstance(level.above, int) and level.above not in found:
            found.append(level.above)
            level = self.levels.get(level.above)
        return found
