"""The settings of a workspace: what `tilsyn.toml` may say, as data."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator, TypeAdapter, ValidationError, model_validator

from tilsyn.base.canonical import same_name
from tilsyn.base.own_numbers import too_wide, why_unreadable
from tilsyn.base.passwords import has_password
from tilsyn.base.spelling import misspelt
from tilsyn.base.toml_tables import TomlTable, fault
from tilsyn.settings.complaints import COMPLAINED, Complaints
from tilsyn.settings.contacts import Addresses
from tilsyn.settings.deadline_rules import DeadlineRules
from tilsyn.settings.followup import Followup
from tilsyn.settings.hverdage import Hverdage
from tilsyn.settings.names import Flag, Name, Names, RegisterPath
from tilsyn.settings.per_case import CaseRule, Rule, hold, rule_of
from tilsyn.settings.plan import PlanVersion
from tilsyn.settings.replacement_reasons import ReplacementReasons, usual_reasons

DATE_COLUMNS = ("opened", "decided", "last_activity", "closed")
COLUMNS = (
    "case_id",
    "unit",
    "department",
    "caseworker",
    "case_type",
    "law",
    *DATE_COLUMNS,
    "status",
    "safety_plan",
    "complaint",
)
# Names that draws and frames use themselves.
RESERVED = ("row", "stratum", "ticket", "order", "inclusion_probability", "design_weight", "cpr", "name")


_DAY = TypeAdapter(date)


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise fault("settings.bad_slug", value=value)
    return value


def _encoding(value: str) -> str:
    try:
        return codecs.lookup(value).name
    except LookupError:
        raise fault("settings.bad_encoding", value=value) from None


def _delimiter(value: str) -> str:
    if len(value) != 1:
        raise fault("settings.bad_delimiter")
    return value


def _column(name: str) -> str:
    if name in COLUMNS:
        return name
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in RESERVED:
        raise fault("settings.bad_column", value=name, reserved=", ".join(RESERVED))
    if known := misspelt(name, COLUMNS):
        raise fault("settings.near_column", value=name, nearest=known)
    return name


def _pattern(value: str) -> str:
    if reason := why_unreadable(value):
        raise fault("settings.bad_pattern", reason=reason)
    if too_wide(value):
        raise fault("settings.wide_pattern")
    return value


def _as_of(value: Any) -> date | Literal["today"]:
    if value == "today":
        return "today"
    try:
        return _DAY.validate_python(value)
    except ValidationError:
        raise fault("settings.bad_as_of", value=repr(value)) from None


def _columns(value: dict[str, str]) -> dict[str, str]:
    for heading in value.values():
        names = [name for name, other in value.items() if other == heading]
        if len(names) > 1:
            raise fault("settings.column_twice", heading=heading, names=", ".join(names))
    return value


Column = Annotated[str, AfterValidator(_column)]


def _url(value: str) -> str:
    if has_password(value):
        raise fault("settings.url_password")
    return value


class Organisation(TomlTable):
    """Who the supervision belongs to; `slug` begins every draw's id."""

    name: Name = "Min kommune"
    slug: Annotated[str, AfterValidator(_slug)] = "min-kommune"

    @property
    def unnamed(self) -> list[str]:
        """The keys that nobody gave."""
        return [key for key in ("name", "slug") if key not in self.model_fields_set]


class Register(TomlTable):
    """Where the cases are, and which of its headings is which of our columns.

    `path` may hold `{period}`, and `{as_of}` for the day it was taken out, as the file's name has it; with
    `as_of = "today"` it is of the day on which it is read, as a database is.
    Encoding and delimiter are found when they are not given; the day stands first in a date unless
    `date_order` says otherwise. `dates` names further columns that hold dates, `empty` what means that a cell
    is empty, such as `NULL` or `31-12-9999`.
    `decimal` says how the export writes numbers; no column of ours is one, so both signs are text here.
    Where the register has no column of units, all its cases are of the one that `unit` names.
    With `one_row_per = "measure"` the rows of a case are put together, each column by its rule in `per_case`.
    """

    path: RegisterPath | None = None
    as_of: Annotated[date | Literal["today"] | None, PlainValidator(_as_of)] = None
    encoding: Annotated[str, AfterValidator(_encoding)] | None = None
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    decimal: Literal[",", "."] | None = None
    date_order: Literal["day_first", "month_first"] = "day_first"
    sheet: str | None = None
    url: Annotated[str, AfterValidator(_url)] | None = None
    query: str | None = None
    columns: Annotated[dict[Column, str], AfterValidator(_columns)] = Field(default_factory=dict)
    unit: Name | None = None
    dates: Names = ()
    empty: Names = ()
    one_row_per: Literal["case", "measure"] = "case"
    per_case: dict[str, Rule] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_source(self) -> Register:
        if self.path and "://" in self.path:
            raise fault("settings.path_address")
        if self.path and self.url:
            raise fault("settings.source_both")
        if self.url and not self.query:
            raise fault("settings.query_missing")
        if self.as_of == "today" and self.path and "{" in self.path:
            raise fault("settings.today_named")
        if self.unit is not None and "unit" in self.columns:
            raise fault("settings.unit_both")
        for name in self.dates:
            if name not in self.columns:
                raise fault("settings.column_unknown", name=name, known=", ".join(self.columns))
        if self.per_case and self.one_row_per == "case":
            raise fault("settings.per_case_alone")
        if self.columns:
            hold(self.per_case, tuple(self.columns), self.date_columns)
        return self

    @property
    def case_rules(self) -> dict[str, CaseRule]:
        """What each mapped column says of a case of several rows; empty where every row is a case."""
        if self.one_row_per == "case":
            return {}
        dates = self.date_columns
        return {
            column: self.per_case.get(column) or rule_of(column, column in dates)
            for column in self.read_columns
            if column != "case_id"
        }

    @property
    def read_columns(self) -> tuple[str, ...]:
        """The columns of the register as it is read: those mapped, and the unit that is given."""
        return tuple(self.with_unit(self.columns))

    def with_unit(self, headings: Mapping[str, str]) -> dict[str, str]:
        """Return columns to headings with the unit that is given."""
        return dict(headings) if self.unit is None else {**headings, "unit": "unit"}

    @property
    def missing_columns(self) -> list[str]:
        """What every register must have, and this one has not yet."""
        return [name for name in ("case_id", "unit") if name not in self.read_columns]

    @property
    def date_columns(self) -> tuple[str, ...]:
        """The mapped columns that hold dates."""
        return tuple(name for name in self.columns if name in DATE_COLUMNS or name in self.dates)


class LeaveOut(TomlTable):
    """Leave out, as `reason`, cases whose `column` holds one of `values` (without case and outer space)."""

    reason: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] = "other_scope"
    column: str
    values: Annotated[Names, Field(min_length=1)]


class FrameSettings(TomlTable):
    """Which cases of the register can be drawn."""

    closed_before_period: Flag = True
    opened_after_period: Flag = True
    leave_out: tuple[LeaveOut, ...] = ()


class Privacy(TomlTable):
    """`not_cpr` names columns whose running numbers look like personal numbers and are none.

    `patterns` are those of other countries' numbers, by name: found wherever a CPR number is. The public
    report withholds a unit where 1 to `withhold_up_to` of its cases have a fault, or have none.
    """

    not_cpr: Names = ()
    withhold_up_to: Annotated[int, Field(ge=2, le=4)] = 2
    patterns: dict[Name, Annotated[str, AfterValidator(_pattern)]] = Field(default_factory=dict)


class Limits(TomlTable):
    """When a percentage is not shown, and when it is marked very uncertain."""

    min_relevant: Annotated[int, Field(ge=1)] = 5
    wide: Annotated[float, Field(gt=0, le=1)] = 0.30
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95


class Checklists(TomlTable):
    """What the workbooks say beside the questions: where they go when they are filled in."""

    send_to: str = ""


class Settings(TomlTable):
    """All that `tilsyn.toml` says; `simulated` marks every workbook and report of a demonstration."""

    language: Literal["da", "en"] = "da"
    simulated: Flag = False
    recipients: Names = ()
    organisation: Organisation = Organisation()
    register_: Annotated[Register, Field(alias="register")] = Register()
    complaints: Complaints = Complaints()
    frame: FrameSettings = FrameSettings()
    privacy: Privacy = Privacy()
    hverdage: Hverdage = Hverdage()
    limits: Limits = Limits()
    checklists: Checklists = Checklists()
    followup: Followup = Field(default_factory=Followup)
    replacement_reason: ReplacementReasons = Field(default_factory=usual_reasons)
    deadline: DeadlineRules = ()
    plan: tuple[PlanVersion, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if not self.plan:
            raise fault("settings.no_plan")
        days = [version.valid_from for version in self.plan]
        for day in days:
            if days.count(day) > 1:
                raise fault("settings.plan_same_day", day=day.isoformat())
        known = self.rule_columns
        used = [rule.column for rule in self.frame.leave_out] + list(self.privacy.not_cpr)
        used += [risk.column for version in self.plan for risk in version.risk]
        splits = [
            level.split
            for version in self.plan
            for level in version.levels.values()
            if level.split not in ("unit", "caseworker")
        ]
        if self.complaints.path is not None and COMPLAINED in self.register_.columns:
            raise fault("settings.complained_both", name=COMPLAINED)
        for name in (*used, *splits):
            if self.register_.columns and name not in known:
                raise fault("settings.column_unknown", name=name, known=", ".join(known))
        for name in splits:
            if name in ("case_id", *self.register_.date_columns):
                raise fault("settings.no_strata_column", name=name)
        return self

    @property
    def rule_columns(self) -> tuple[str, ...]:
        """The columns that rules can look at: those mapped, and the one that a list of complaints makes."""
        made = (COMPLAINED,) if self.complaints.path is not None else ()
        return (*self.register_.columns, *made)

    @property
    def latest_plan(self) -> PlanVersion:
        """The plan that holds until another is added."""
        return max(self.plan, key=lambda version: version.valid_from)

    def plan_on(self, day: date) -> PlanVersion | None:
        """Return the plan in force on a day; None before the first."""
        valid = [version for version in self.plan if version.valid_from <= day]
        return max(valid, key=lambda version: version.valid_from, default=None)

    @property
    def contacts(self) -> dict[str, Addresses]:
        """The addresses by name as names are compared; one holds until a later plan has another."""
        plans = sorted(self.plan, key=lambda version: version.valid_from)
        return {same_name(name): to for version in plans for name, to in version.contacts.items()}

    @property
    def register(self) -> Register:
        """The register's settings."""
        return self.register_
