"""What a report is made of, as plain data: a cover, sheets with one table each, charts of their columns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from tilsyn.base.periods import Period
from tilsyn.compliance.benchmarks import NO_BENCHMARKS, Benchmarks
from tilsyn.compliance.method import USUAL, Method
from tilsyn.compliance.naming import ALL_CASES, ALL_QUESTIONS, row_title, titles_of
from tilsyn.compliance.rechecks import Rechecked
from tilsyn.compliance.table import Analysis
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reports.disclosure import NOTHING_WITHHELD, publish, publish_year
from tilsyn.reports.news import SinceReport
from tilsyn.reports.suppression import Restraint, restraint
from tilsyn.reports.worlds import Rule
from tilsyn.reviews.actions import Action
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.settings.levels import LevelPlan

Kind = Literal["id", "text", "long", "range", "count", "share", "points", "number", "p"]
Value = str | float | int | None
Record = dict[str, Any]

# Statistics Denmark's signs: a figure that cannot be, and one that is too uncertain or too small to be shown.
NOTHING = "."
WITHHELD = ".."

# The columns that may make domains of a report, beside all cases.
UNIT, CASE_TYPE = "unit", "case_type"
DOMAINS = (UNIT, CASE_TYPE)


@dataclass(frozen=True)
class Column:
    """A column of a sheet's table, `width` in characters.

    Of its kinds `share` is a number in [0, 1] shown as a percentage, `points` a difference in percentage
    points, `p` a probability, `long` text that wraps, `range` a text of figures, set as they are.
    """

    heading: str
    kind: Kind
    width: float


@dataclass(frozen=True)
class ChartPoint:
    """A row of a chart: shares in [0, 1], None where there is no figure; `before` is the baseline's."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    before: float | None = None


@dataclass(frozen=True)
class Chart:
    """A chart of a sheet's table: a point, its interval and a mark for before, one for each of its rows.

    Columns are counted from 0. Of its kinds `rows` has the rows from above, `rounds` as time from the left.
    """

    title: str
    alt_text: str
    label: int
    value: int
    baseline: int | None
    points: Sequence[ChartPoint] = ()
    kind: Literal["rows", "rounds"] = "rows"


@dataclass(frozen=True)
class Sheet:
    """A sheet: a heading, what a reader must know before the table, and one table.

    `name` stands on the tab, at most 31 characters, and `key` names the table inside the workbook; `fixed`
    columns stay in view when the rest is scrolled. `figures` are the few pages of figures, `annex` all else;
    `named` are the names that the workbook gives to columns of the table, for formulas.
    """

    name: str
    title: str
    lines: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    key: str
    chart: Chart | None = None
    portrait: bool = False
    fixed: int = 1
    layer: Literal["figures", "annex"] = "annex"
    named: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class HeadFigure:
    """One of the figures on the page for the committee, in words: `value` "92 af 100", `range` "mellem …"."""

    label: str
    value: str
    range: str
    before: str = ""


@dataclass(frozen=True)
class Block:
    """A heading of the committee's page with its sentences; without any it is a field to fill in by hand."""

    key: str
    heading: str
    sentences: Sequence[str] = ()


@dataclass(frozen=True)
class Summary:
    """The page for the committee: a sentence as its title, at most three figures, and blocks of sentences."""

    title: str
    figures: Sequence[HeadFigure]
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Report:
    """A whole report: what must be seen first, the page for the committee, and the sheets.

    Percentages of a public one are shown as whole numbers. The file carries `day`: when it is published, else
    when the sample was drawn. At its foot stands `anchor`, the event log's before the report was logged;
    `preliminary`, where it is not empty, is to be said on every page.
    """

    title: str
    subtitle: str
    warnings: Sequence[str]
    summary: Summary
    sheets: Sequence[Sheet]
    organisation: str
    language: str
    public: bool
    day: date
    anchor: str = ""
    preliminary: str = ""


@dataclass(frozen=True)
class Rereading:
    """How alike two levels judged the same cases: what each is called, and the rows of `agreement_table`."""

    first: str
    second: str
    table: pd.DataFrame

    @property
    def together(self) -> Record | None:
        """The row of all legal questions together, where any pair has an answer."""
        found = records(self.table[self.table["question"] == ALL_QUESTIONS]) if len(self.table) else []
        return next((row for row in found if known(row["agreement"])), None)


@dataclass(frozen=True)
class Rounds:
    """A level's rounds up to the report's: `points` and `summaries` as in `compliance.series`."""

    points: pd.DataFrame
    summaries: pd.DataFrame


@dataclass(frozen=True)
class SeedMade:
    """A seed that was made for the level and period: the day, the draw, what came of it, and why."""

    day: str
    draw_id: str
    seed: str
    in_force: bool
    reason: str = ""


@dataclass(frozen=True)
class Replaced:
    """The published report that another replaces: its file, and the day it was published."""

    file: str
    published: date


@dataclass(frozen=True)
class Publication:
    """When a report is published, None where it is not, and the published one that it replaces."""

    day: date | None = None
    replaces: Replaced | None = None


@dataclass(frozen=True)
class Material:
    """All that a report is made from.

    `record` is the draw's, `level` has its level's words; `sample` has unfinished cases too; `analysis` has
    rows for all cases and for each unit. `remarks` are further rows of the method sheet; `baseline` and
    `second` what the two are called, `baseline_period` the first one's period, or `baseline_other` its
    finished cases where it is another draw's; `benchmarks` the published figures that belong to its rows;
    `year` the units' as `year.year_rows`; `next_report` the period it is of, and when its cases are to be
    reviewed. The public edition withholds a unit where 1 to `withhold_up_to` of
    its cases have a fault, or have none; `earlier` are the finished cases of the periods before. `actions`
    are the level's up to now, as they stood on `acted_by`, `rechecks` what was read again in the period, and
    `since` what is new since an earlier report, where it was asked for.
    """

    record: DrawRecord
    level: LevelPlan
    question_set: QuestionSet
    sample: ReviewedSample
    analysis: Analysis
    method: Method = USUAL
    remarks: Sequence[tuple[str, str]] = ()
    baseline: str | None = None
    baseline_period: Period | None = None
    baseline_other: ReviewedSample | None = None
    second: str | None = None
    recipients: Sequence[str] = ()
    published: date | None = None
    benchmarks: Benchmarks = NO_BENCHMARKS
    year: pd.DataFrame = field(default_factory=pd.DataFrame)
    rounds: Rounds | None = None
    reread: Rereading | None = None
    attempts: Sequence[SeedMade] = ()
    next_report: tuple[Period, date] | None = None
    withhold_up_to: int = 2
    earlier: Mapping[Period, ReviewedSample] = field(default_factory=dict)
    actions: Sequence[Action] = ()
    acted_by: date | None = None
    rechecks: Sequence[Rechecked] = ()
    since: SinceReport | None = None

    @property
    def rule(self) -> Rule:
        """When the public edition withholds a unit for its own numbers."""
        return Rule(self.method.few, self.withhold_up_to, self.method.confidence)

    @cached_property
    def held_back(self) -> Restraint:
        """What the public edition withholds of units, case types and all cases."""
        rows = self.analysis.rows
        columns = dict.fromkeys(str(name).partition("=")[0] for name in rows["domain"])
        return restraint(self.sample.finished, [name for name in columns if name != ALL_CASES], self.rule)

    @cached_property
    def held_back_by_period(self) -> dict[Period, Restraint]:
        """What the public editions of this period and of earlier ones withhold."""
        found = {period: self._restraint_of(sample) for period, sample in self.earlier.items()}
        return found | {self.record.period: self.held_back}

    def _restraint_of(self, sample: ReviewedSample) -> Restraint:
        return restraint(sample, [name for name in DOMAINS if name in sample.cases], self.rule)

    @property
    def held_back_before(self) -> Restraint:
        """What was withheld of the baseline."""
        if self.baseline_other is not None:
            return self._restraint_of(self.baseline_other)
        if self.baseline_period is None:
            return NOTHING_WITHHELD
        return self.held_back_by_period.get(self.baseline_period, NOTHING_WITHHELD)

    @cached_property
    def public_rows(self) -> pd.DataFrame:
        """The compliance rows as they may be published, with the column `withheld`."""
        return publish(self.analysis.rows, self.held_back, self.method.few, self.held_back_before)

    def title(self, row: str) -> str:
        """What a row of the compliance table is about."""
        return row_title(row, titles_of(self.question_set), "report")


def records(table: pd.DataFrame) -> list[Record]:
    """A table's rows as dicts, for the loops that write them."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def known(value: Any) -> bool:
    """Whether a cell of a table holds anything.

    >>> known(0.0), known(float("nan")), known(None), known(pd.NA)
    (True, False, False, False)
    """
    return not bool(pd.isna(value))


def figure(value: Any, sign: str) -> Value:
    """A number as it stands in a cell, or the sign for why there is none; a census has an endless n_eff."""
    return float(value) if known(value) and math.isfinite(value) else sign


def count(value: Any, sign: str) -> Value:
    """A whole number as it stands in a cell, or the sign for why there is none."""
    return int(value) if known(value) else sign


def in_points(value: Any, sign: str) -> Value:
    """A difference of shares in percentage points, or the sign for why there is none."""
    # Rounded where a float's own rounding would show.
    return round(float(value) * 100, 10) if known(value) else sign


def editioned(material: Material, public: bool) -> pd.DataFrame:
    """The compliance rows of an edition, with the column `withheld`."""
    return material.public_rows if public else material.analysis.rows.assign(withheld=False)


def editioned_year(material: Material, public: bool) -> pd.DataFrame:
    """The units' rows over a year of an edition, with the column `withheld`."""
    if not public or material.year.empty:
        return material.year.assign(withheld=False)
    return publish_year(material.year, material.rule, material.held_back_by_period)


def alphabetical(unit: str) -> str:
    """A key that sorts æ, ø, å last, as Danish does.

    >>> sorted(["Østerbro", "Ærø", "Amager"], key=alphabetical)
    ['Amager', 'Ærø', 'Østerbro']
    """
    return unit.lower().translate(str.maketrans("æøå", "{|}"))


def regimes_of(material: Material) -> set[str]:
    """The laws that the acts of this sample fell under."""
    if "regime" not in material.sample.cases:
        return set()
    return set(material.sample.cases["regime"].dropna().astype(str))


def of_another_law(material: Material) -> list[str]:
    """The questions that belong to no law that an act of this sample fell under."""
    regimes = regimes_of(material)
    legal = material.question_set.legal
    return [q.question_id for q in legal if regimes and q.regimes and not regimes.intersection(q.regimes)]
