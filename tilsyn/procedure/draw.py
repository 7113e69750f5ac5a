"""A draw from beginning to end, in the order that makes it fair.

The frame is read and its commitment logged: from then on it is an attempt. Then the seed is made and logged,
and only then can anyone know a ticket. A run that was interrupted is finished with the seed in the log, so
that killing it buys nothing. That exactly one draw exists rests on the rename of its folder.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tilsyn import __version__
from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem, Refused, UsageError
from tilsyn.procedure.draw_attempts import RANDOM, commit, log_drawn, seed_of
from tilsyn.procedure.draw_sources import Source, facts_of, risk_rules, source_of
from tilsyn.procedure.verify import first_difference_of
from tilsyn.sampling.frame import commitment
from tilsyn.sampling.recomputing import risk_areas
from tilsyn.sampling.sizes import level_sizes, unit_of, utf8
from tilsyn.sampling.tickets import ALGORITHM, draw
from tilsyn.settings.plan import LevelPlan
from tilsyn.workspace import log
from tilsyn.workspace.catalogues import question_set
from tilsyn.workspace.draws import SCHEMA, Draw, draw_folders, find_draw, read_draw, save_draw
from tilsyn.workspace.workspace import Workspace

__all__ = ["SEED_LENGTH", "Outcome", "Request", "commit_frame", "make_draw"]

SEED_LENGTH = 20


@dataclass(frozen=True)
class Request:
    """What is asked of a draw, beside its level and period.

    Parameters
    ----------
    seed, seed_origin : str, optional
        A seed made in public and where it came from; the system's random source unless given.
    register : Path, optional
        A register file instead of the workspace's own.
    leave_out_errors : bool
        Leave out the register's rows with errors, counted by reason.
    allow_incomplete : bool
        Levels 3 and 4: draw from the reviewed cases there are.
    replace_reason : str, optional
        Why the draw in force is replaced by a new one.
    if_missing : bool
        An existing draw is no reason to refuse.
    round : int, optional
        The running number of the ledelsestilsyn.
    """

    seed: str | None = None
    seed_origin: str | None = None
    register: Path | None = None
    leave_out_errors: bool = False
    allow_incomplete: bool = False
    replace_reason: str | None = None
    if_missing: bool = False
    round: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Parameters
    ----------
    draw : Draw
    made : bool
        False when it was there already.
    resumed : bool
        Whether an interrupted run was finished.
    notes : list of Problem
    """

    draw: Draw
    made: bool
    resumed: bool = False
    notes: list[Problem] = field(default_factory=list)


def make_draw(workspace: Workspace, level: int, period: Period, request: Request | None = None) -> Outcome:
    """Draw a level and period.

    Parameters
    ----------
    workspace : Workspace
    level : int
        1 to 4.
    period : Period
    request : Request, optional

    Returns
    -------
    Outcome

    Raises
    ------
    InputError
        When the register has errors.
    Refused
        When there is a draw already, nothing to draw from, a seed that will not do, or a log that was
        tampered with.
    """
    request = request or Request()
    _check_seed(request)
    existing = find_draw(workspace, level, period, even_changed=True)
    if existing is not None and request.replace_reason is None:
        _finish_log(workspace, existing)
        return _there_already(existing, request)
    if existing is None and request.replace_reason is not None:
        raise Refused(
            say("draw.nothing_to_replace", level=level, period=period.label()), say("draw.drop_replace")
        )
    plan = _level_plan(workspace, level, period)
    options = {name: getattr(request, name) for name in ("register", "leave_out_errors", "allow_incomplete")}
    source = source_of(workspace, level, period, **options)
    told = [Problem(text, "", kind="note") for text in log.crash_told(workspace)]
    if period.kind != plan.cadence:
        found = say("draw.other_cadence", level=level, period=period.label())
        told.append(Problem(found, say("draw.other_cadence_remedy", cadence=plan.cadence), kind="note"))
    # Reckoned from the draw seen above: one that another run makes meanwhile must win, not be replaced.
    attempt = 1 if existing is None else existing.attempt + 1
    manifest = _before_the_seed(workspace, plan, period, source, attempt)
    if existing is not None:
        manifest |= {"replaces": existing.draw_id, "replace_reason": request.replace_reason}
    manifest["round"] = request.round or _round(workspace, period)
    committed = commit(workspace, manifest)
    seeded = seed_of(workspace, manifest, request.seed, request.seed_origin)
    manifest = _after_the_seed(manifest, seeded, source)
    folder = workspace.samples_dir(period, level, attempt)
    frame = None if source.origin["kind"] == "database" else source.cases
    try:
        made = save_draw(folder, manifest, frame)
    except (Refused, OSError):
        # Two runs at once compute the same draw from the same logged seed; the first rename stands.
        winner = find_draw(workspace, level, period, even_changed=True)
        if winner is None or winner.path != folder:
            raise
        return _there_already(winner, request)
    log_drawn(workspace, made)
    resumed = committed["event"] == log.DRAW_RESUMED
    return Outcome(made, made=True, resumed=resumed, notes=[*source.notes, *told])


def commit_frame(
    workspace: Workspace,
    level: int,
    period: Period,
    register: Path | None = None,
    leave_out_errors: bool = False,
) -> log.Event:
    """Log a frame's commitment before anybody has a seed: what `tilsyn check --commit` does.

    Nothing is added when the same was the last thing logged of the level and period.

    Parameters
    ----------
    workspace : Workspace
    level : int
    period : Period
    register : Path, optional
    leave_out_errors : bool

    Returns
    -------
    dict
        The event.
    """
    source = source_of(workspace, level, period, register=register, leave_out_errors=leave_out_errors)
    of = {"event": log.FRAME_CHECKED, "level": level, "period": period.canonical}
    event = of | {
        "commitment": commitment(source.cases).digest,
        "n": sum(source.sizes.values()),
        "source": source.origin,
    }

    def new(events: list[log.Event]) -> log.Event:
        last = next((old for old in reversed(events) if of.items() <= old.items()), {})
        return last if event.items() <= last.items() else event

    return log.append_if(workspace, new)


def _check_seed(request: Request) -> None:
    seed, origin = request.seed, request.seed_origin
    if (seed is None) != (origin is None):
        raise UsageError(say("draw.seed_and_origin"), say("draw.seed_and_origin_remedy"))
    if seed is not None and (len(seed) < SEED_LENGTH or seed != seed.strip() or not seed.isprintable()):
        raise Refused(say("draw.bad_seed", n=len(seed)), say("draw.bad_seed_remedy", n=SEED_LENGTH))
    if origin is not None and (not origin.strip() or same_name(origin) == RANDOM):
        raise Refused(say("draw.bad_origin"), say("draw.bad_origin_remedy"))


def _there_already(existing: Draw, request: Request) -> Outcome:
    if request.if_missing:
        return Outcome(existing, made=False)
    values = {"level": existing.level, "period": existing.period.label(), "on": date_text(existing.made_on)}
    raise Refused(say("draw.drawn_already", **values), say("draw.drawn_already_remedy"))


def _level_plan(workspace: Workspace, level: int, period: Period) -> LevelPlan:
    plan = workspace.plan_for(period).levels.get(level)
    if plan is None:
        raise Refused(say("draw.no_level", level=level, period=period.label()), say("draw.no_level_remedy"))
    return plan


def _before_the_seed(
    workspace: Workspace, plan: LevelPlan, period: Period, source: Source, attempt: int
) -> dict[str, Any]:
    """Return all of the manifest that is settled before anyone can know a ticket."""
    organisation = workspace.settings.organisation
    own = {same_name(unit): n for unit, n in plan.units.items()}
    units = {
        unit: own[same_name(unit)] for unit in map(unit_of, source.units.values()) if same_name(unit) in own
    }
    settings = plan.model_dump(mode="json") | {"units": dict(sorted(units.items(), key=lambda u: utf8(u[0])))}
    settings["risk"] = risk_rules(workspace, plan.level, period) if plan.level in (1, 2) else []
    sizes = level_sizes(settings, source.sizes, risk_areas(settings))
    if not any(sizes.values()):
        raise Refused(say("draw.no_sample", level=plan.level), say("draw.no_sample_remedy"))
    committed = commitment(source.cases)
    digests = dict(zip(committed.strata["stratum"], committed.strata["digest"], strict=True))
    strata = [
        {
            "stratum": name,
            "unit": source.units[name],
            "stratum_size": size,
            "population_size": (source.population or source.sizes)[name],
            "sample_size": sizes[name],
            "reserve_size": min(plan.reserve, size - sizes[name]),
            "taken_whole": sizes[name] == size,
            "digest": digests.get(name),
        }
        for name, size in source.sizes.items()
    ]
    return {
        "schema": SCHEMA,
        "draw_id": f"{organisation.slug}/{period.canonical}/level-{plan.level}"
        + (f"/{attempt}" if attempt > 1 else ""),
        "organisation": {"name": organisation.name, "slug": organisation.slug},
        "level": plan.level,
        "period": period.canonical,
        "attempt": attempt,
        "algorithm": ALGORITHM,
        "frame": {
            "commitment": committed.digest,
            "n": sum(source.sizes.values()),
            "as_of": source.as_of.isoformat() if source.as_of else None,
            "left_out": [{"reason": reason, "n": n} for reason, n in source.left_out],
            "earlier_draws": source.earlier,
            "rules": workspace.settings.frame.model_dump(mode="json"),
        },
        "source": source.origin,
        "not_cpr": list(workspace.settings.privacy.not_cpr),
        "incomplete": source.incomplete,
        "simulated": workspace.settings.simulated,
        "replaces": None,
        "replace_reason": None,
        "plan": settings,
        "strata": strata,
        "question_set": question_set(workspace, plan, period).to_dict(),
        "versions": {
            "tilsyn": __version__,
            "python": platform.python_version(),
            "duckdb": duckdb.__version__,
        },
    }


def _round(workspace: Workspace, period: Period) -> int:
    """Return the running number: one more than the latest level-2 round that began before."""
    # A draw that was tampered with can be replaced, so it must not stop the counting.
    draws = [read_draw(folder) for folder in draw_folders(workspace)]
    rounds = [d for d in draws if d.level == 2 and d.period.start < period.quarter().start]
    return int(max(rounds, key=lambda d: d.period).manifest["round"]) + 1 if rounds else 1


def _after_the_seed(manifest: dict[str, Any], seeded: log.Event, source: Source) -> dict[str, Any]:
    """Draw, and return the whole manifest; the same each time, so that two runs at once agree."""
    sizes = {row["stratum"]: row["sample_size"] for row in manifest["strata"]}
    reserve = manifest["plan"]["reserve"]
    lots = draw(source.cases, sizes, seeded["seed"], manifest["draw_id"], reserve, source.population)
    facts = facts_of(source, lots["case_id"])
    rows = [
        {**row, **facts[row["case_id"]]}
        for row in lots.astype(object).where(lots.notna(), None).to_dict("records")
    ]
    return {
        **{key: manifest[key] for key in ("schema", "draw_id", "organisation", "level", "period", "attempt")},
        **{key: seeded[key] for key in ("seed", "seed_origin", "seed_before_frame")},
        "made_on": seeded["at"],
        **manifest,
        "cases": [row for row in rows if row["design_weight"] is not None],
        "reserve": [row for row in rows if row["design_weight"] is None],
    }


def _finish_log(workspace: Workspace, existing: Draw) -> None:
    """Log a draw whose run was interrupted after its folder appeared, once it is recomputed."""
    drawn = {event.get("draw_id") for event in log.read(workspace) if event["event"] == log.DRAWN}
    if existing.draw_id not in drawn and first_difference_of(workspace, existing, drawn=False) is None:
        log_drawn(workspace, existing)
