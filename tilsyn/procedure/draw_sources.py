"""What each level is drawn from: the case register, or the reviewed cases of the level before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused
from tilsyn.formats.files import file_hash
from tilsyn.formats.registers.table import RegisterTable
from tilsyn.sampling.frame import examine, stratified
from tilsyn.sampling.frame_cells import quoted
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.tickets import as_relation
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings
from tilsyn.workspace.draws import Draw, find_draw, list_draws
from tilsyn.workspace.ledger import load_reviews
from tilsyn.workspace.registers import open_register
from tilsyn.workspace.workspace import Workspace

__all__ = ["Source", "facts_of", "frame_rules", "risk_rules", "source_of"]

# What is no fact of a case: where it stands, and whose it is, which no result is ever broken down by.
_NO_FACTS = ("row", "case_id", "unit", "caseworker", "stratum")
# How long after a period its register may be taken out and still be that period's.
DAYS_AFTER = 31


@dataclass(frozen=True)
class Source:
    """The frame of one draw.

    Parameters
    ----------
    cases : DuckDB relation
        `case_id`, `stratum` and `unit`; from a register, sorted by stratum and case.
    facts : DuckDB relation
        `case_id`, `unit` and the register's other mapped columns, of all these cases and perhaps more.
    sizes : dict of str to int
        Stratum to its cases in the frame, sorted by UTF-8 bytes; 0 where no case of a stratum was reviewed.
    units : dict of str to str
        Stratum to its unit; where a caseworker has cases in several, the one with most.
    left_out : list of (str, int)
        Reason and number.
    as_of : datetime.date or None
    origin : dict
        `name`, `kind` (csv, spreadsheet, parquet, database, reviews), `sha256` (null for a database).
    population : dict of str to int, optional
        Stratum to N_h of the register frame, at levels 3 and 4.
    incomplete : int
        Cases of the level before that nobody has reviewed.
    earlier : list of str
        The draws whose cases were left out as `drawn_earlier`.
    notes : list of Problem
    """

    cases: duckdb.DuckDBPyRelation
    facts: duckdb.DuckDBPyRelation
    sizes: dict[str, int]
    units: dict[str, str]
    left_out: list[tuple[str, int]]
    as_of: date | None
    origin: dict[str, Any]
    population: dict[str, int] | None = None
    incomplete: int = 0
    earlier: list[str] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def source_of(
    workspace: Workspace,
    level: int,
    period: Period,
    *,
    register: Path | None = None,
    leave_out_errors: bool = False,
    allow_incomplete: bool = False,
    made: Mapping[str, Any] | None = None,
) -> Source:
    """Read what a level is drawn from.

    Parameters
    ----------
    workspace : Workspace
    level : int
        1 to 4.
    period : Period
    register : Path, optional
        A register file instead of the workspace's own (levels 1 and 2).
    leave_out_errors : bool
        Leave out the rows with errors, counted by reason.
    allow_incomplete : bool
        Draw from the reviewed cases there are (levels 3 and 4).
    made : mapping, optional
        The manifest of a draw that is there: read the register by its risk areas and earlier draws, not by
        the plan and the draws of today.

    Returns
    -------
    Source

    Raises
    ------
    InputError
        When the register has errors.
    Refused
        When there is nothing to draw from, or the level before is not complete.
    """
    if level >= 3:
        return _reviewed(workspace, level, period, allow_incomplete)
    return _register(workspace, level, period, register, leave_out_errors, made)


def frame_rules(
    workspace: Workspace, opened: RegisterTable, period: Period | None, frame: FrameSettings | None = None
) -> FrameRules:
    """Return what a register is read by, from the workspace's settings.

    Parameters
    ----------
    workspace : Workspace
    opened : RegisterTable
    period : Period or None
        Whose plan names the units; without it the latest plan does.
    frame : FrameSettings, optional
        Which cases can be drawn, where that is not as the settings say today.

    Returns
    -------
    FrameRules
    """
    settings = workspace.settings
    plans = sorted(settings.plan, key=lambda version: version.valid_from)
    return FrameRules(
        headings=opened.headings,
        dates=settings.register.date_columns,
        today=clock.today(),
        as_of=settings.register.as_of,
        month_first=settings.register.date_order == "month_first",
        frame=frame or settings.frame,
        not_cpr=settings.privacy.not_cpr,
        number_columns=opened.number_columns,
        units=(workspace.plan_for(period) if period else plans[-1]).units,
    )


def risk_rules(workspace: Workspace, level: int, period: Period) -> list[dict[str, Any]]:
    """Return the plan's risk areas at a level, as plain data."""
    rules = workspace.plan_for(period).risk
    return [rule.model_dump(mode="json") for rule in rules if level in rule.levels]


def _register(
    workspace: Workspace,
    level: int,
    period: Period,
    path: Path | None,
    leave_out_errors: bool,
    made: Mapping[str, Any] | None,
) -> Source:
    if level == 1 and "caseworker" not in workspace.settings.register.columns:
        raise Refused(say("draw.no_caseworker"), say("draw.no_caseworker_remedy"))
    opened = open_register(workspace, period, path)
    rules_then = FrameSettings.model_validate(made["frame"]["rules"]) if made else None
    report = examine(opened.relation, frame_rules(workspace, opened, period, rules_then), period, level)
    if report.errors and not leave_out_errors:
        raise InputError(replace(problem, file=opened.origin.name) for problem in report.problems)
    notes = []
    if n := sum(problem.kind == "note" for problem in report.problems):
        notes.append(
            Problem(say("draw.notes", n=n), say("draw.notes_remedy", period=period.canonical), kind="note")
        )
    risk = made["plan"]["risk"] if made else risk_rules(workspace, level, period)
    risks = [Risk.model_validate(area) for area in risk]
    cases = stratified(report.cases, level, risks if level > 1 else [])
    left_out = list(report.left_out)
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
        left_out = sorted([*left_out, ("drawn_earlier", gone)])
    if report.as_of is not None and not period.start <= report.as_of <= period.end + timedelta(DAYS_AFTER):
        found = say("draw.other_time", as_of=date_text(report.as_of), period=period.label())
        notes.append(Problem(found, say("draw.other_time_remedy"), kind="note"))
    return Source(
        cases=cases,
        facts=report.cases,
        sizes=sizes,
        units=units,
        left_out=left_out,
        as_of=report.as_of,
        origin=asdict(opened.origin),
        earlier=[draw.draw_id for draw in before],
        notes=notes,
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


def _drawn_earlier(workspace: Workspace, period: Period, made: Mapping[str, Any] | None) -> list[Draw]:
    """Return the other draws of level 1 in the same quarter, or those that a draw left out."""
    if made is not None:
        known = made["frame"]["earlier_draws"]
        return [draw for draw in list_draws(workspace, replaced=True) if draw.draw_id in known]
    return [
        draw
        for draw in list_draws(workspace)
        if draw.level == 1 and draw.period != period and draw.period.quarter() == period.quarter()
    ]


def _reviewed(workspace: Workspace, level: int, period: Period, allow_incomplete: bool) -> Source:
    parent = find_draw(workspace, level - 1, period)
    if parent is None:
        remedy = say("draw.not_drawn_remedy", level=level - 1, period=period.canonical)
        raise Refused(
            say("draw.parent_missing", level=level, parent=level - 1, period=period.label()), remedy
        )
    reviews = load_reviews(workspace, parent)
    done = reviews.cases[reviews.cases["complete"]]
    missing = int((~reviews.cases["complete"]).sum())
    if done.empty or (missing and not allow_incomplete):
        values = {"level": level - 1, "missing": missing, "n": len(reviews.cases), "period": period.label()}
        remedy = say("draw.incomplete_remedy", level=level, period=period.canonical)
        raise Refused(
            say("draw.incomplete", **values), say("draw.none_reviewed_remedy") if done.empty else remedy
        )
    facts = {case["case_id"]: case for case in [*parent.manifest["cases"], *parent.manifest["reserve"]]}
    rows = [
        {"case_id": case, "stratum": stratum, "unit": facts[case]["unit"], **facts[case]["facts"]}
        for case, stratum in zip(done["case_id"], done["stratum"], strict=True)
    ]
    counts = done["stratum"].value_counts()
    strata = parent.manifest["strata"]
    cases = as_relation(pd.DataFrame(rows, dtype="str"))
    return Source(
        cases=cases,
        facts=cases,
        sizes={row["stratum"]: int(counts.get(row["stratum"], 0)) for row in strata},
        units={row["stratum"]: row["unit"] for row in strata},
        left_out=[("not_reviewed", missing)] if missing else [],
        as_of=date.fromisoformat(parent.manifest["frame"]["as_of"])
        if parent.manifest["frame"]["as_of"]
        else None,
        origin={"name": parent.draw_id, "sha256": file_hash(parent.path / "draw.json"), "kind": "reviews"},
        population={row["stratum"]: row["population_size"] for row in strata},
        incomplete=missing,
    )


def facts_of(source: Source, case_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return unit and facts of the cases that were drawn: only they leave the register.

    Parameters
    ----------
    source : Source
    case_ids : iterable of str

    Returns
    -------
    dict
        Case id to `{"unit": …, "facts": {column: text, ISO date or None}}`.
    """
    listed = ", ".join(quoted(case) for case in case_ids) or "NULL"
    names = [name for name in source.facts.columns if name not in _NO_FACTS]
    columns = ", ".join(f'"{name}"::VARCHAR' for name in names)
    found = source.facts.filter(f"case_id IN ({listed})").project(
        f"case_id, unit{', ' if columns else ''}{columns}"
    )
    return {
        row[0]: {"unit": row[1], "facts": dict(zip(names, row[2:], strict=True))} for row in found.fetchall()
    }
