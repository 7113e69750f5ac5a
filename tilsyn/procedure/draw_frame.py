"""The frame of a draw, and the rules that a register is read by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from tilsyn.base import clock
from tilsyn.base.canonical import ID_RULES
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.base.which import Which
from tilsyn.procedure.draw_complaints import with_complaints
from tilsyn.sampling.commitment import Commitment, commitment
from tilsyn.sampling.complaints import ComplaintRecord
from tilsyn.sampling.draw_record import DrawnCase, DrawRecord, RegisterRecord
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.sql import quoted
from tilsyn.sampling.tickets import draw
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

    from tilsyn.formats.registers.table import RegisterTable

# A draw of 0.1 says nothing of how its register was read.
EARLIER = RegisterRecord(n_rows=0, n_cases=0)
# What is no fact of a case: where it stands, and whose it is, which no result is ever broken down by.
_NO_FACTS = ("row", "case_id", "unit", "caseworker", "stratum")


@dataclass(frozen=True, kw_only=True)
class Frame(ABC):
    """The frame of one draw, wherever its cases are.

    `sizes` counts each stratum's cases, by UTF-8 bytes, 0 where none was reviewed; `units` names its unit,
    the one with most cases where a caseworker has several. `origin` says where they came from, `population`
    is N_h of the register where the cases come from reviews, `earlier` names the draws whose cases were left
    out as `drawn_earlier`; `parents`, `speaks_of`, `reviewed_recently`, `case_list` and `complaints` are as
    in the record; `id_rules` are those that its ids were accepted by, `register` is what reading
    the register came to.
    """

    sizes: dict[str, int]
    units: dict[str, str]
    left_out: dict[str, int]
    as_of: date | None
    as_of_given: bool
    origin: dict[str, str | None]
    population: dict[str, int] | None = None
    incomplete: int = 0
    earlier: list[str] = field(default_factory=list)
    id_rules: int = ID_RULES
    register: RegisterRecord | None = None
    parents: dict[str, str] = field(default_factory=dict)
    speaks_of: Literal["register", "reviews"] = "register"
    reviewed_recently: list[str] = field(default_factory=list)
    case_list: dict[str, str] | None = None
    complaints: ComplaintRecord | None = None
    notes: list[Problem] = field(default_factory=list)

    @abstractmethod
    def committed(self) -> Commitment:
        """Return its commitment."""

    @abstractmethod
    def drawn(self, record: DrawRecord, seed: str) -> list[DrawnCase]:
        """Draw what a record says of it: sample and reserve, with unit and facts."""


@dataclass(frozen=True, kw_only=True)
class ReadFrame(Frame):
    """A frame that was read.

    `cases` has the columns case_id, stratum, unit (from a register, sorted by stratum and case); `facts`
    returns case_id, unit and the register's other mapped columns of those that fit a condition.
    """

    cases: duckdb.DuckDBPyRelation
    facts: Callable[[str], duckdb.DuckDBPyRelation]

    def committed(self) -> Commitment:
        """Return its commitment."""
        return commitment(self.cases)

    def drawn(self, record: DrawRecord, seed: str) -> list[DrawnCase]:
        """Draw what a record says of it: sample and reserve, with unit and facts."""
        sizes = {row.stratum: row.sample_size for row in record.strata}
        lots = draw(self.cases, sizes, seed, record.draw_id, record.plan.reserve, self.population)
        facts = facts_of(self, [case.case_id for case in lots])
        return [replace(case, **facts[case.case_id]) for case in lots]


def frame_rules(
    workspace: Workspace,
    opened: RegisterTable,
    period: Period | None,
    as_of: date | None,
    drawn: LevelPlan | int | None = None,
    made: DrawRecord | None = None,
) -> FrameRules:
    """Return what a register that was opened is read by."""
    return replace(
        settled_rules(workspace, opened.headings, period, as_of, drawn, made),
        number_columns=opened.number_columns,
        date_cells=opened.date_columns,
        sheets=opened.sheets,
        rows_are_cases=opened.origin.kind == "database",
    )


def settled_rules(
    workspace: Workspace,
    headings: Mapping[str, str],
    period: Period | None,
    as_of: date | None,
    drawn: LevelPlan | int | None = None,
    made: DrawRecord | None = None,
) -> FrameRules:
    """Return what any register with these headings is read by; where a rule asks, also who complained."""
    return with_complaints(
        workspace, plain_rules(workspace, headings, period, as_of, drawn, made), period, made
    )


def plain_rules(
    workspace: Workspace,
    headings: Mapping[str, str],
    period: Period | None,
    as_of: date | None,
    drawn: LevelPlan | int | None = None,
    made: DrawRecord | None = None,
) -> FrameRules:
    """Return what the register's own columns are read by.

    Without a period, the latest plan names units and risk areas.

    The risk areas of the level that is `drawn`, or of all where none is given. With the record of a draw that
    was `made`, by its rules.
    """
    settings = workspace.settings
    plan = workspace.plan_for(period) if period else settings.latest_plan
    level = drawn.level if isinstance(drawn, LevelPlan) else drawn
    risk = tuple(rule for rule in plan.risk if level is None or level in rule.levels)
    split = drawn.split if isinstance(drawn, LevelPlan) else plan.split(drawn)
    then = made.frame.register or EARLIER if made else None
    return FrameRules(
        headings=headings,
        dates=settings.register.date_columns,
        today=clock.today(),
        as_of=as_of,
        month_first=settings.register.date_order == "month_first",
        frame=made.frame.rules if made else frame_settings(workspace, drawn),
        where=drawn.where if isinstance(drawn, SinglePlan) else (),
        id_rules=made.frame.id_rules if made else ID_RULES,
        split=split,
        # What is drawn per caseworker, or per another column, is drawn so whatever the area.
        risk=() if split != "unit" else tuple(made.risk) if made else risk,
        per_case=then.per_case if then else settings.register.case_rules,
        booleans=tuple(then.booleans) if then else None,
        not_cpr=settings.privacy.not_cpr,
        empty=settings.register.empty,
        units=plan.units,
    )


def frame_settings(workspace: Workspace, drawn: LevelPlan | int | None) -> FrameSettings:
    """Return the rules of a draw's frame: those of the workspace, but for a list of cases."""
    usual = workspace.settings.frame
    return drawn.frame_settings(usual) if isinstance(drawn, SinglePlan) else usual


def risk_areas(workspace: Workspace, level: Which, period: Period) -> tuple[Risk, ...]:
    """Return the plan's risk areas at a level."""
    return tuple(rule for rule in workspace.plan_for(period).risk if level in rule.levels)


def kept(cases: duckdb.DuckDBPyRelation, counts: Collection[tuple[Any, ...]]) -> duckdb.DuckDBPyRelation:
    """Return what a draw is made of as a table of its own in memory, sorted once for all who need it so.

    The names in `counts` are kept as numbers in their order: those are sorted in a third of the time.
    """
    cases.query("source", "DROP TABLE IF EXISTS draw_source")
    for place, name in enumerate(("draw_stratum", "draw_unit")):
        listed = ", ".join(map(quoted, sorted({row[place] for row in counts})))
        cases.query("source", f"DROP TYPE IF EXISTS {name}")
        cases.query("source", f"CREATE TEMP TYPE {name} AS ENUM ({listed})")
    cases.query(
        "source",
        """CREATE TEMP TABLE draw_source AS
            SELECT case_id, stratum::draw_stratum AS stratum, unit::draw_unit AS unit
            FROM source ORDER BY stratum, case_id""",
    )
    texts = "case_id, stratum::VARCHAR AS stratum, unit::VARCHAR AS unit"
    return cases.query("source", f"SELECT {texts} FROM draw_source")


def counted(cases: duckdb.DuckDBPyRelation) -> list[tuple[Any, ...]]:
    """Return how many cases each stratum has in each unit."""
    return cases.aggregate("stratum, unit, count(*)", "stratum, unit").fetchall()


def sizes_of(counts: Iterable[tuple[Any, ...]]) -> tuple[dict[str, int], dict[str, str]]:
    """Return the size and the main unit of each stratum, sorted by UTF-8 bytes."""
    sizes: dict[str, int] = {}
    units: dict[str, str] = {}
    for stratum, unit, n in sorted(counts, key=lambda row: (row[0], -row[2], row[1])):
        sizes[stratum] = sizes.get(stratum, 0) + n
        units.setdefault(stratum, unit)
    return sizes, units


def facts_of(frame: ReadFrame, case_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return `unit` and `facts` (column to text, ISO date or None) of the cases that were drawn.

    Only they leave the register.
    """
    listed = ", ".join(quoted(case) for case in case_ids) or "NULL"
    found = frame.facts(f"case_id IN ({listed})")
    names = [name for name in found.columns if name not in _NO_FACTS]
    columns = ", ".join(f'"{name}"::VARCHAR' for name in names)
    rows = found.project(f"case_id, unit{', ' if columns else ''}{columns}").fetchall()
    return {row[0]: {"unit": row[1], "facts": dict(zip(names, row[2:], strict=True))} for row in rows}
