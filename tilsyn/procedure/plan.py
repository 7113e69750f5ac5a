"""What the workspace plans to draw, and units' sizes from a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.periods import MONTHS, WEEKS, Period
from tilsyn.base.problems import InputError, Problem, Refused
from tilsyn.formats.csv_rows import read_rows
from tilsyn.formats.outside_reviews import ALIASES, read_units
from tilsyn.procedure.check import examine_register
from tilsyn.sampling.sizes import allocate
from tilsyn.settings.levels import LevelPlan
from tilsyn.statistics.outlook import PlannedSample
from tilsyn.workspace.workspace import Workspace

# What is drawn per caseworker is read by the quarter.
QUARTER, QUARTER_WEEKS = 3, 13


def planned_samples(workspace: Workspace, period: Period) -> tuple[list[PlannedSample], list[str]]:
    """The samples of the plan in force when a period begins, by unit and for all together, and notes.

    The sizes of units are those of the latest draws, or of the register when nothing is drawn.
    """
    plan = workspace.plan_for(period)
    frame = known_frame(workspace)
    sizes = frame.units
    notes = [] if frame.note is None else [frame.note]
    samples: list[PlannedSample] = []
    read: dict[str, int] = {}
    for level, rule in sorted(plan.levels.items()):
        if rule.split == "caseworker":
            samples += _per_caseworker(level, rule, frame.caseworkers, notes)
            continue
        if rule.split != "unit":
            notes.append(say("planning.per_other", level=level, per=rule.split))
            continue
        split = _split(rule, sizes, read, plan.units)
        if not split:
            samples += _unsplit(level, rule, notes)
            continue
        read = split
        for unit, n in split.items():
            if n:
                samples.append(PlannedSample(level, unit, (n,), (sizes[unit],) if sizes else None))
        known = tuple(sizes[unit] for unit in split) if sizes else None
        samples.append(PlannedSample(level, "", tuple(split.values()), known))
    return samples, notes


@dataclass(frozen=True)
class KnownFrame:
    """What is known of the frame: cases per unit, each caseworker's unit and cases, a note on where from."""

    units: dict[str, int]
    caseworkers: list[tuple[str, int]]
    note: str | None = None


def known_frame(workspace: Workspace) -> KnownFrame:
    """The frame's sizes, from the latest draws, else from the register, else nothing."""
    latest = {
        draw.level: draw
        for draw in workspace.draws.in_force()
        if draw.record.plan.above is None and isinstance(draw.level, int)
    }
    per_caseworker = [draw for draw in latest.values() if draw.record.plan.split == "caseworker"]
    caseworkers = []
    if per_caseworker:
        strata = per_caseworker[0].strata
        caseworkers = [
            (str(u), int(n)) for u, n in zip(strata["unit"], strata["population_size"], strict=True)
        ]
    by_size = sorted(latest.values(), key=lambda draw: draw.record.plan.split != "unit")
    for draw in by_size:
        if draw.record.frame.case_list is None:
            by_unit = draw.strata.groupby("unit", sort=True)["population_size"].sum()
            return KnownFrame({str(unit): int(size) for unit, size in by_unit.items()}, caseworkers)
    try:
        report = examine_register(workspace, None).report
    except (Refused, InputError):
        return KnownFrame({}, [], say("planning.outlook_endless"))
    caseworkers = [(units.split(", ")[0], n) for _, units, n in report.caseworkers]
    return KnownFrame(report.units, caseworkers, say("planning.outlook_register"))


def _split(
    rule: LevelPlan, sizes: dict[str, int], read: dict[str, int], planned: tuple[str, ...]
) -> dict[str, int]:
    """How many cases of each unit a level reads; empty where that cannot be told."""
    units = list(sizes) or list(planned)
    own = {same_name(unit): n for unit, n in rule.own_sizes.items()}
    if rule.drawn_per == "unit":
        if rule.number is None and not sizes:
            return {}
        theirs = {unit: own[same_name(unit)] for unit in units if same_name(unit) in own}
        spelt = rule.model_copy(update={"units": {}, "sizes": theirs})
        wanted = {unit: spelt.number_of(unit, sizes.get(unit, 0)) for unit in units}
        return {unit: min(n, sizes[unit]) if sizes else n for unit, n in wanted.items()}
    frame = read or sizes
    if not frame:
        return {}
    return allocate(frame, rule.total_of(sum(frame.values())), rule.allocation, rule.floor)


def _unsplit(level: int, rule: LevelPlan, notes: list[str]) -> list[PlannedSample]:
    """What is known of a level before the units are."""
    if rule.number is None:
        notes.append(say("planning.total_unknown", level=level))
        return []
    if rule.drawn_per == "unit":
        own = [PlannedSample(level, unit, (n,)) for unit, n in rule.own_sizes.items()]
        return [PlannedSample(level, say("planning.each_unit"), (rule.number,)), *own]
    notes.append(say("planning.total_unknown", level=level))
    return [PlannedSample(level, "", (rule.number,))]


def _per_caseworker(
    level: int, rule: LevelPlan, caseworkers: list[tuple[str, int]], notes: list[str]
) -> list[PlannedSample]:
    if not caseworkers:
        notes.append(say("planning.level_1_unknown", level=level))
        return []
    every = MONTHS.get(rule.cadence)
    rounds = max(1, QUARTER_WEEKS // WEEKS[rule.cadence] if every is None else QUARTER // every)
    if rounds > 1:
        notes.append(say("planning.level_1_quarter", level=level, months=QUARTER))
    samples = []
    for unit in [*sorted({unit for unit, _ in caseworkers}), ""]:
        cases = tuple(n for own, n in caseworkers if unit in ("", own))
        read = tuple(min(n, rounds * rule.number_of("", n)) for n in cases)
        samples.append(PlannedSample(level, unit, read, cases))
    return samples


def strata_to_split(file: Path | None) -> pd.DataFrame:
    """The units a budget is split over, from a CSV with unit, N and optionally share, or from the frame.

    Columns: unit, population_size, share (nan where none is given).
    """
    if file is None:
        try:
            sizes = known_frame(Workspace.open()).units
        except Refused:
            sizes = {}
        if not sizes:
            raise Refused(say("planning.no_strata"), say("planning.no_strata_remedy"))
        return pd.DataFrame(
            {"unit": list(sizes), "population_size": list(sizes.values()), "share": float("nan")}
        )
    shares, problems = _shares(file)
    try:
        units = read_units(file)
    except InputError as found:
        raise InputError([*found.problems, *problems]) from found
    if problems:
        raise InputError(problems)
    return units.assign(share=units["unit"].map(same_name).map(shares).astype("float64"))


def _shares(file: Path) -> tuple[dict[str, float], list[Problem]]:
    _, rows, _ = read_rows(file, ["unit", "N"], ALIASES)
    shares: dict[str, float] = {}
    problems = []
    for row in rows:
        text = row["share"].replace(",", ".")
        if not text:
            continue
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            found, remedy = say("planning.bad_share", value=row["share"]), say("planning.bad_share_remedy")
            problems.append(Problem(found, remedy, file=file.name, row=row.number, column="share"))
        shares[same_name(row["unit"])] = value
    return shares, problems
