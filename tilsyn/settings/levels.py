"""A level of the plan: what it is drawn from and per what, how many, how often, and who reads."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, field_serializer, model_validator

from tilsyn.base.durations import Duration, add_months
from tilsyn.base.language import say
from tilsyn.base.periods import MONTHS, WEEKS, Kind, Period
from tilsyn.base.problems import UsageError
from tilsyn.base.toml_tables import TomlTable, fault
from tilsyn.base.which import Single, Which, id_part, read_part
from tilsyn.settings.names import Flag, Months, Name, Names, PathText, Size, Words

# The core of a catalogue, or all its questions.
QuestionScope = Literal["core", "extended"]
LAST_LEVEL = 9
# Drawn from the case register unless the plan says otherwise; the others from the level before.
FROM_REGISTER = (1, 2)
# When a level falls due unless the plan says: so many months after the day that follows the period.
DUE_MONTHS = {3: 1, 4: 2}
# What is drawn per this has the whole frame as its one stratum, of the same name.
WHOLE_FRAME = "alle"
# What is drawn per these has the unit as its stratum.
WHOLE = ("unit", "total")
# Who reads, beside those that the plan names.
UNITS = ("own_unit", "another_unit")
_SIZES = {"per_caseworker": "caseworker", "per_unit": "unit", "total": "total"}


def _cadence(value: Any) -> Any:
    """Read a number of months or weeks as the kind of period that it is."""
    try:
        every = Duration.parse(value)
    except (AttributeError, ValueError):
        return value
    kinds = {"months": MONTHS, "weeks": WEEKS}.get(every.unit, {})
    found = [kind for kind, n in kinds.items() if n == every.n]
    if not found:
        raise fault("settings.bad_cadence", value=value)
    return found[0]


def _duration(value: str) -> str:
    try:
        return str(Duration.parse(value))
    except ValueError:
        raise fault("settings.bad_duration", value=value) from None


def _which(value: Any) -> Any:
    """Read a single draw as a draw's record has it."""
    found = read_part(value) if isinstance(value, str) else None
    return found if isinstance(found, Single) else value


def _source(value: Any) -> Any:
    value = _which(value)
    if (
        isinstance(value, Single)
        or value in ("register", "list")
        or (type(value) is int and 1 <= value <= LAST_LEVEL)
    ):
        return value
    raise fault("settings.bad_source", value=repr(value))


def _reviewers(value: Any) -> Any:
    if value in (None, *UNITS):
        return value
    if isinstance(value, list | tuple) and value and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise fault("settings.bad_reviewers", value=repr(value))


def _baseline(value: str) -> str | None:
    if value == "none":
        return None
    try:
        return Period.parse(value).canonical
    except UsageError:
        raise fault("settings.baseline_bad", value=value) from None


Cadence = Annotated[Kind, BeforeValidator(_cadence)]
Span = Annotated[str, AfterValidator(_duration)]
Baseline = Annotated[str | None, AfterValidator(lambda value: None if value is None else _baseline(value))]


class LevelPlan(TomlTable):
    """One level of a plan version.

    It is drawn from its `source`: the register, those of its cases that the file `case_list` names, or the
    finished reviews of another level. Cases are drawn `per` caseworker, unit, in total or per value of any
    other column, `size` of each or a `share` of its cases, at least `floor`; `sizes` names those that have
    their own. `per_caseworker`, `per_unit` and `total` say both in one, and `units` the units' own.

    It falls due `due` (or `due_months`) after the day that follows the period; reviews have `review_months`
    from the draw. Cases reviewed at the level in periods that ended within `exclude_reviewed_within` of this
    one are left out. `reviewers` says who reads: the unit itself, another unit, or those named.

    `name`, `judged_by` and `roles` are the organisation's words: what the level is called, who reads and
    judges, and what a reader can choose to be.
    """

    level: Annotated[Annotated[int, Field(ge=1, le=LAST_LEVEL)] | InstanceOf[Single], BeforeValidator(_which)]
    name: Words = ""
    judged_by: Words = ""
    roles: tuple[Name, ...] = ()
    source: Annotated[Literal["register", "list"] | int | InstanceOf[Single], BeforeValidator(_source)] = (
        "register"
    )
    case_list: PathText | None = None
    cadence: Cadence
    per: Annotated[str | None, Field(pattern=r"^[a-z][a-z0-9_]*$")] = None
    size: Size | None = None
    share: Annotated[float | None, Field(gt=0, le=1)] = None
    floor: Size = 0
    sizes: dict[Name, Size] = Field(default_factory=dict)
    per_caseworker: Size | None = None
    per_unit: Size | None = None
    total: Size | None = None
    units: dict[Name, Size] = Field(default_factory=dict)
    allocation: Literal["proportional", "equal"] = "proportional"
    reserve: Size = 5
    exclude_reviewed_within: Span | None = None
    question_set: Annotated[Names, Field(min_length=1)] = ()
    questions: QuestionScope = "core"
    baseline: Baseline = None
    blind: Flag = True
    reviewers: Annotated[
        Literal["own_unit", "another_unit"] | tuple[Name, ...] | None, BeforeValidator(_reviewers)
    ] = None
    groups: Annotated[int, Field(ge=1)] = 1
    due_months: Months = 0
    due: Span | None = None
    review_months: Months = 1

    @model_validator(mode="before")
    @classmethod
    def _usual(cls, value: Any) -> Any:
        """Let a level that does not say what it is drawn from have the usual."""
        if not isinstance(value, Mapping) or "source" in value or not isinstance(value.get("level"), int):
            return value
        level = value["level"]
        return {**value, "source": "register" if level in FROM_REGISTER else level - 1}

    @field_serializer("level", "source")
    def _plain(self, value: Any) -> Any:
        return id_part(value) if isinstance(value, Single) else value

    @property
    def title(self) -> str:
        """What the level is called: its name, or its number."""
        return self.name or say("settings.level", level=self.level)

    @property
    def label(self) -> str:
        """Its number, and its name where it has one."""
        number = say("settings.level", level=self.level)
        return f"{number}: {self.name}" if self.name else number

    @property
    def above(self) -> Which | None:
        """The draw whose finished reviews it is drawn from; None where it is drawn from the register."""
        return self.source if isinstance(self.source, Which) else None

    @property
    def drawn_per(self) -> str:
        """What each number of cases is of: `unit`, `total`, `caseworker` or another column."""
        return self.per or next(per for key, per in _SIZES.items() if getattr(self, key) is not None)

    @property
    def split(self) -> str:
        """The column of the register whose values are its strata."""
        return "unit" if self.drawn_per in WHOLE else self.drawn_per

    @property
    def names_strata(self) -> bool:
        """Whether its strata may be named: caseworkers and other groups may be persons."""
        return self.split in ("unit", WHOLE_FRAME)

    @property
    def read_by_quarter(self) -> bool:
        """Whether the draws of a quarter are read together, and no case is drawn twice in it.

        What is drawn per caseworker, or per another group, says little of each in a month.
        """
        return self.split != "unit" and not isinstance(self.level, Single)

    @property
    def number(self) -> int | None:
        """How many cases are drawn of each, or in total; None where it is a share of them."""
        old = [getattr(self, key) for key in _SIZES]
        return next((n for n in (*old, self.size) if n is not None), None)

    @property
    def own_sizes(self) -> dict[str, int]:
        """The numbers of those that have their own."""
        return {**self.units, **self.sizes}

    @property
    def readers(self) -> tuple[str, ...]:
        """Those who read, where the plan names them."""
        return self.reviewers if isinstance(self.reviewers, tuple) else ()

    @property
    def in_groups(self) -> bool:
        """Whether the cases are dealt out to groups of reviewers, as second readings usually are."""
        undivided = self.above is not None or self.split == WHOLE_FRAME
        return bool(self.readers) or (self.reviewers is None and undivided)

    def number_of(self, name: str, cases: int) -> int:
        """How many of the so many cases of a unit or another group the plan says, floor included.

        >>> plan = LevelPlan(level=2, cadence="quarter", per="unit", share=0.05, floor=3)
        >>> plan.number_of("Nord", 612), plan.number_of("Syd", 20)
        (31, 3)
        """
        return self.own_sizes.get(name, max(self.total_of(cases), self.floor))

    def total_of(self, cases: int) -> int:
        """How many of so many cases the plan says, floor apart; a share is rounded up."""
        # The share as it is written: 0.05 of 100 are 5, not 6.
        return math.ceil(Fraction(str(self.share)) * cases) if self.number is None else self.number

    def draw_due(self, period: Period) -> date:
        """Return the day on which a period's draw falls due."""
        first = period.end + timedelta(1)
        return Duration.parse(self.due).after(first) if self.due else add_months(first, self.due_months)

    @model_validator(mode="after")
    def _one_size(self) -> LevelPlan:
        given = [key for key in _SIZES if getattr(self, key) is not None]
        if len(given) + (self.per is not None) != 1:
            raise fault("settings.one_size", level=self.level)
        numbers = [name for name in ("size", "share") if getattr(self, name) is not None]
        if len(numbers) != (0 if given else 1):
            raise fault("settings.per_number", level=self.level)
        if (self.source == "list") != (self.case_list is not None):
            raise fault("settings.list_and_source", level=self.level)
        if self.above is not None and self.split not in ("unit", WHOLE_FRAME):
            raise fault("settings.per_of_reviews", level=self.level, per=self.drawn_per)
        return self
