"""The frame of a workspace's register: settings and plan turned into the rules that the frame is made by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tilsyn import frame
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.shell.plans import Cadence, PlanVersion
from tilsyn.shell.registers import RegisterTable, open_register
from tilsyn.shell.workspace import Workspace

__all__ = ["Examined", "examine_register", "frame_rules", "stratum_rules"]

DEFAULT_CADENCE: Cadence = "quarter"


@dataclass(frozen=True)
class Examined:
    """A register and what its frame is for one period.

    Parameters
    ----------
    register : RegisterTable
    report : FrameReport
        Its problems name the register's file.
    period : Period or None
        None when none was given and the register holds no date.
    plan : PlanVersion or None
        The version in force; None without a period.
    """

    register: RegisterTable
    report: frame.FrameReport
    period: Period | None
    plan: PlanVersion | None


def frame_rules(workspace: Workspace, register: RegisterTable, today: date) -> frame.FrameRules:
    """Return the rules of the frame, without the units of any plan.

    Parameters
    ----------
    workspace : Workspace
    register : RegisterTable
    today : datetime.date

    Returns
    -------
    FrameRules
    """
    settings = workspace.settings
    return frame.FrameRules(
        headings=register.headings,
        dates=settings.register.date_columns,
        today=today,
        as_of=settings.register.as_of,
        month_first=settings.register.date_order == "month_first",
        closed_before_period=settings.frame.closed_before_period,
        opened_after_period=settings.frame.opened_after_period,
        leave_out=tuple(
            frame.OutRule(rule.reason, rule.column, rule.values) for rule in settings.frame.leave_out
        ),
        not_cpr=settings.privacy.not_cpr,
        number_columns=register.number_columns,
    )


def stratum_rules(plan: PlanVersion, level: int) -> tuple[frame.StratumRule, ...]:
    """Return the risk areas of a level, as rules that make strata.

    Parameters
    ----------
    plan : PlanVersion
    level : int

    Returns
    -------
    tuple of StratumRule
    """
    return tuple(
        frame.StratumRule(risk.name, risk.column, risk.values) for risk in plan.risk if level in risk.levels
    )


def examine_register(
    workspace: Workspace, period: Period | None, level: int | None = None, path: Path | None = None
) -> Examined:
    """Read the register of a workspace and examine its frame.

    Parameters
    ----------
    workspace : Workspace
    period : Period, optional
        Without it, the period that holds the register's `as_of`, by the cadence of the level (of level 2 unless given).
    level : int, optional
        At level 1 an empty caseworker is an error.
    path : Path, optional
        Another register file (`--register`).

    Returns
    -------
    Examined

    Raises
    ------
    InputError
        The register cannot be read.
    UsageError
        No plan is valid for the period.
    """
    register = open_register(workspace, period, path)
    rules = frame_rules(workspace, register, clock.today())
    if period is None:
        period = _period_of(workspace, frame.newest_date(register.relation, rules), level or 2)
    plan = None if period is None else workspace.plan_for(period)
    if plan is not None:
        rules = replace(rules, units=plan.units)
    report = frame.examine(register.relation, rules, period, level)
    named = [replace(problem, file=register.source.name) for problem in report.problems]
    return Examined(register, replace(report, problems=named), period, plan)


def _period_of(workspace: Workspace, as_of: date | None, level: int) -> Period | None:
    """Return the period a register is most likely meant for."""
    if as_of is None:
        return None
    # The cadence may change with the plan, so the plan of the day decides it.
    versions = sorted(workspace.settings.plan, key=lambda version: version.valid_from)
    valid = [version for version in versions if version.valid_from <= as_of] or versions[:1]
    levels = valid[-1].levels
    return Period.containing(as_of, levels[level].cadence if level in levels else DEFAULT_CADENCE)
