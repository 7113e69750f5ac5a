"""What each level is drawn from: the case register, or the reviewed cases of the level before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tilsyn.base import clock
from tilsyn.base.canonical import ID_RULES
from tilsyn.base.database import within_memory
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused
from tilsyn.formats.registers.table import RegisterTable
from tilsyn.procedure.draw_guards import ERROR_SHARE, refuse_many_errors
from tilsyn.sampling.draw_record import DrawRecord, RegisterRecord
from tilsyn.sampling.frame import examine, stratified
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.row_problems import grouped
from tilsyn.sampling.sql import quoted
from tilsyn.sampling.tickets import as_relation
from tilsyn.sampling.whole_register import remarks
from tilsyn.settings.plan import Risk
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.registers import given_as_of, open_register
from tilsyn.workspace.workspace import Workspace

# A draw of 0.1 says nothing of how its register was read.
EARLIER = RegisterRecord(n_rows=0, n_cases=0)
# What is no fact of a case: where it stands, and whose it is, which no result is ever broken down by.
_NO_FACTS = ("row", "case_id", "unit", "caseworker", "stratum")


@dataclass(frozen=True)
class Frame:
    """The frame of one draw.

    `cases` has the columns case_id, stratum, unit (from a register, sorted by stratum and case); `facts`
    case_id, unit and the register's other mapped columns, of all these cases and perhaps more. `sizes` counts
    each stratum's cases, by UTF-8 bytes, 0 where none was reviewed; `units` names its unit, the one with most
    cases where a caseworker has several. `origin` says where they came from, `population` is N_h of the
    register at levels 3 and 4, `earlier` names the draws whose cases were left out as `drawn_earlier`;
    `id_rules` are those that its ids were accepted by, `register` is what reading the register came to.
    """

    cases: duckdb.DuckDBPyRelation
    facts: duckdb.DuckDBPyRelation
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
    notes: list[Problem] = field(default_factory=list)


def frame_of(
    workspace: Workspace,
    level: int,
    period: Period,
    *,
    register: Path | None = None,
    as_of: date | None = None,
    leave_out_errors: bool = False,
    at_most: float = ERROR_SHARE,
    allow_incomplete: bool = False,
    made: DrawRecord | None = None,
) -> Frame:
    """Read what a level is drawn from; refused when there is nothing, or the level before is not complete.

    With the record of a draw that was `made`, the register is read by its rules, risk areas and earlier
    draws, not by the settings and the draws of today.
    """
    if level >= 3:
        return _reviewed(workspace, level, period, allow_incomplete)
    return _register(workspace, level, period, register, as_of, leave_out_errors, at_most, made)


def frame_rules(
    workspace: Workspace,
    opened: RegisterTable,
    period: Period | None,
    as_of: date | None,
    level: int | None = None,
    made: DrawRecord | None = None,
) -> FrameRules:
    """Return what a register is read by; without a period, the latest plan names units and risk areas.

    The risk areas of a level, or of all where none is given. With the record of a draw that was `made`, by
    its rules.
    """
    settings = workspace.settings
    plans = sorted(settings.plan, key=lambda version: version.valid_from)
    plan = workspace.plan_for(period) if period else plans[-1]
    risk = tuple(rule for rule in plan.risk if level is None or level in rule.levels)
    then = made.frame.register or EARLIER if made else None
    return FrameRules(
        headings=opened.headings,
        dates=settings.register.date_columns,
        today=clock.today(),
        as_of=as_of,
        month_first=settings.register.date_order == "month_first",
        frame=made.frame.rules if made else settings.frame,
        id_rules=made.frame.id_rules if made else ID_RULES,
        # Level 1 is drawn for each caseworker, whatever the area.
        risk=() if level == 1 else tuple(made.risk) if made else risk,
        per_case=then.per_case if then else settings.register.case_rules,
        booleans=tuple(then.booleans) if then else None,
        not_cpr=settings.privacy.not_cpr,
        number_columns=opened.number_columns,
        date_cells=opened.date_columns,
        empty=settings.register.empty,
        sheets=opened.sheets,
        rows_are_cases=opened.origin.kind == "database",
        units=plan.units,
    )


def risk_areas(workspace: Workspace, level: int, period: Period) -> tuple[Risk, ...]:
    """Return the plan's risk areas at a level."""
    return tuple(rule for rule in workspace.plan_for(period).risk if level in rule.levels)


@within_memory()
def _register(
    workspace: Workspace,
    level: int,
    period: Period,
    path: Path | None,
    as_of: date | None,
    leave_out_errors: bool,
    at_most: float,
    made: DrawRecord | None,
) -> Frame:
    if level == 1 and "caseworker" not in workspace.settings.register.columns:
        raise Refused(say("draw.no_caseworker"), say("draw.no_caseworker_remedy"))
    opened = open_register(workspace, period, path)
    day = as_of or given_as_of(workspace, path)
    rules = frame_rules(workspace, opened, period, day, level, made)
    report = examine(opened.relation, rules, period, level)
    if report.errors and not leave_out_errors:
        raise InputError(replace(problem, file=opened.origin.name) for problem in grouped(report.problems))
    if made is None:
        refuse_many_errors(report.n_wrong, report.n_cases, at_most)
    notes = list(report.about)
    told = [*opened.notes, *grouped(report.problems)]
    if n := sum(problem.kind == "note" for problem in told) - len(notes):
        notes.append(
            Problem(say("draw.notes", n=n), say("draw.notes_remedy", period=period.canonical), kind="note")
        )
    cases = stratified(report.cases, level, rules.risk, report.columns)
    left_out = dict(report.left_out)
    before = _drawn_earlier(workspace, period, made) if level == 1 else []
    if before:
        listed = ", ".join(quoted(case) for draw in before for case in draw.cases["case_id"])
        cases = cases.filter(f"case_id NOT IN ({listed})")
    # Read once: the commitment, the tickets and the frame's file must come from the same rows.
    cases = _kept(cases)
    counts = cases.aggregate("stratum, unit, count(*) AS n", "stratum, unit").fetchall()
    sizes, units = _sizes(counts)
    if not sizes:
        raise Refused(say("draw.no_cases", period=period.label()), say("draw.no_cases_remedy"))
    if gone := report.n - sum(sizes.values()):
        left_out = dict(sorted([*left_out.items(), ("drawn_earlier", gone)]))
    return Frame(
        cases=cases,
        facts=report.cases,
        sizes=sizes,
        units=units,
        left_out=left_out,
        as_of=report.as_of,
        as_of_given=rules.as_of is not None,
        origin=asdict(opened.origin),
        earlier=[draw.draw_id for draw in before],
        notes=notes,
        register=RegisterRecord(
            n_rows=report.n_rows,
            n_cases=report.n_cases,
            one_row_per="measure" if rules.per_case else "case",
            per_case=rules.per_case,
            booleans=report.columns.booleans,
            matched=[rule.to_dict() for rule in report.matched],
            remarks=remarks(rules),
            at_most=at_most if leave_out_errors else None,
        ),
    )


def _kept(cases: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return what a draw is made of as a table of its own in memory, sorted once for all who need it so."""
    kept = "SELECT case_id, stratum, unit FROM source ORDER BY stratum, case_id"
    cases.query("source", f"CREATE OR REPLACE TEMP TABLE draw_source AS {kept}")
    return cases.query("source", "SELECT * FROM draw_source")


def _sizes(counts: Iterable[tuple[Any, ...]]) -> tuple[dict[str, int], dict[str, str]]:
    """Return the size and the main unit of each stratum, sorted by UTF-8 bytes."""
    sizes: dict[str, int] = {}
    units: dict[str, str] = {}
    for stratum, unit, n in sorted(counts, key=lambda row: (row[0].encode(), -row[2], row[1].encode())):
        sizes[stratum] = sizes.get(stratum, 0) + n
        units.setdefault(stratum, unit)
    return sizes, units


def _drawn_earlier(workspace: Workspace, period: Period, made: DrawRecord | None) -> list[Draw]:
    """Return the other draws of level 1 in the same quarter, or those that a draw left out."""
    if made is not None:
        return [draw for draw in workspace.draws.every() if draw.draw_id in made.frame.earlier_draws]
    return [
        draw
        for draw in workspace.draws.in_force()
        if draw.level == 1 and draw.period != period and draw.period.quarter() == period.quarter()
    ]


def _reviewed(workspace: Workspace, level: int, period: Period, allow_incomplete: bool) -> Frame:
    parent = workspace.draws.find(level - 1, period)
    if parent is None:
        remedy = say("draw.not_drawn_remedy", level=level - 1, period=period.canonical)
        raise Refused(
            say("draw.parent_missing", level=level, parent=level - 1, period=period.label()), remedy
        )
    reviews = workspace.ledger(parent).reviews
    done = reviews.cases[reviews.cases["complete"]]
    missing = int((~reviews.cases["complete"]).sum())
    if done.empty or (missing and not allow_incomplete):
        values = {"level": level - 1, "missing": missing, "n": len(reviews.cases), "period": period.label()}
        remedy = say("draw.incomplete_remedy", level=level, period=period.canonical)
        raise Refused(
            say("draw.incomplete", **values), say("draw.none_reviewed_remedy") if done.empty else remedy
        )
    drawn = {case.case_id: case for case in (*parent.record.cases, *parent.record.reserve)}
    rows = [
        {"case_id": case, "stratum": stratum, "unit": drawn[case].unit, **drawn[case].facts}
        for case, stratum in zip(done["case_id"], done["stratum"], strict=True)
    ]
    counts = done["stratum"].value_counts()
    strata = parent.record.strata
    cases = as_relation(pd.DataFrame(rows, dtype="str"))
    return Frame(
        cases=cases,
        facts=cases,
        sizes={row.stratum: int(counts.get(row.stratum, 0)) for row in strata},
        units={row.stratum: row.unit for row in strata},
        left_out={"not_reviewed": missing} if missing else {},
        as_of=parent.record.frame.as_of,
        as_of_given=parent.record.frame.as_of_given,
        origin={"name": parent.draw_id, "sha256": parent.sha256, "kind": "reviews"},
        population={row.stratum: row.population_size for row in strata},
        id_rules=parent.record.frame.id_rules,
        incomplete=missing,
    )


def facts_of(frame: Frame, case_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return `unit` and `facts` (column to text, ISO date or None) of the cases that were drawn.

    Only they leave the register.
    """
    listed = ", ".join(quoted(case) for case in case_ids) or "NULL"
    names = [name for name in frame.facts.columns if name not in _NO_FACTS]
    columns = ", ".join(f'"{name}"::VARCHAR' for name in names)
    found = frame.facts.filter(f"case_id IN ({listed})").project(
        f"case_id, unit{', ' if columns else ''}{columns}"
    )
    return {
        row[0]: {"unit": row[1], "facts": dict(zip(names, row[2:], strict=True))} for row in found.fetchall()
    }
