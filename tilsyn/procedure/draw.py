"""A draw from beginning to end, in the order that makes it fair.

The frame is read and its commitment logged: from then on it is an attempt. Then the seed is made and logged,
and only then can anyone know a ticket. A run that was interrupted is finished with the seed in the log, so
that killing it buys nothing. That exactly one draw exists rests on the rename of its folder.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import duckdb

from tilsyn import __version__
from tilsyn.base import disk
from tilsyn.base.canonical import same_name
from tilsyn.base.danish_time import in_denmark
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.base.privacy import refuse_cpr
from tilsyn.base.problems import Problem, Refused
from tilsyn.base.steps import step
from tilsyn.base.which import Which
from tilsyn.formats.files import file_hash
from tilsyn.procedure.draw_attempts import (
    announced_seed,
    commit,
    log_drawn,
    refuse_seed,
    refuse_unseeded,
    seed_of,
)
from tilsyn.procedure.draw_frame import Frame, ReadFrame, frame_settings, risk_areas
from tilsyn.procedure.draw_frames import frame_for
from tilsyn.procedure.draw_guards import (
    Departure,
    period_departures,
    refuse_unnamed,
    refuse_without,
    register_departures,
)
from tilsyn.procedure.draw_source import level_plan
from tilsyn.procedure.draw_wanted import FrameRequest
from tilsyn.sampling.draw_record import DrawnStratum, DrawRecord, FrameRecord, draw_id
from tilsyn.sampling.sizes import level_sizes, unit_of
from tilsyn.sampling.tickets import ALGORITHM
from tilsyn.settings.levels import WHOLE_FRAME, LevelPlan
from tilsyn.workspace.catalogues import question_set, settings_files
from tilsyn.workspace.draw_guard import refuse_numbers
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import Event, LogState, day_of
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class DrawRequest(FrameRequest):
    """What is asked of a draw, beside its level and period.

    Without `seed` and `seed_origin` the system's random source makes the seed; without `register` the
    workspace's own is read, of the day `as_of` if it is given. `allow_incomplete` draws from the reviewed
    cases there are; `if_missing` says that an existing draw is no reason to refuse. `reason`
    says why the draw departs from the procedure, also by a `replace`. A draw by hand is of what
    `check --from-sql` committed: its query is asked for in the dialect `sql`, and the file `answer` has
    what it drew.
    """

    seed: str | None = None
    seed_origin: str | None = None
    replace: bool = False
    reason: str | None = None
    if_missing: bool = False
    round: int | None = None


@dataclass(frozen=True)
class DrawOutcome:
    """The draw, whether it was made now, and whether an interrupted run was finished."""

    draw: Draw
    made: bool
    resumed: bool = False
    notes: list[Problem] = field(default_factory=list)


def make_draw(
    workspace: Workspace, level: Which, period: Period, request: DrawRequest | None = None
) -> DrawOutcome:
    """Draw a level and period, or a single draw by the plan of the request."""
    request = _with_origin(workspace, level, period, request or DrawRequest())
    with _locked(workspace):
        return _make_draw(workspace, level, period, request)


def ask_draw(workspace: Workspace, level: Which, period: Period, request: DrawRequest) -> str:
    """Make and log the seed of a draw by hand, and return the query that draws with it."""
    request = _with_origin(workspace, level, period, replace(request, if_missing=False))
    with _locked(workspace):
        existing = workspace.draws.find(level, period, even_changed=True)
        if existing is not None and not request.replace:
            _there_already(existing, request)
        with _seeded(workspace, level, period, request, existing) as made:
            from tilsyn.procedure.draw_inside import query_of

            return query_of(made.frame, made.record, made.event["seed"])


def _with_origin(workspace: Workspace, level: Which, period: Period, request: DrawRequest) -> DrawRequest:
    """Return a request whose seed, if it has one, has its origin: given, or announced with the commitment."""
    announced = announced_seed(workspace.log.events, level, period)
    if request.seed is not None and request.seed_origin is None and announced is not None:
        request = replace(request, seed_origin=announced["seed_from"])
    refuse_seed(request.seed, request.seed_origin)
    return request


@contextmanager
def _locked(workspace: Workspace) -> Iterator[None]:
    """Hold the lock; what a disk refuses after something was logged can be done again."""
    with workspace.locked():
        before = len(workspace.log.events)
        try:
            yield
        except OSError as error:
            if len(workspace.log.events) == before:
                raise
            told = say("disk.interrupted", found=disk.found(error))
            raise Refused(told, say("disk.interrupted_remedy")) from None


def _make_draw(workspace: Workspace, level: Which, period: Period, request: DrawRequest) -> DrawOutcome:
    existing = workspace.draws.find(level, period, even_changed=True)
    if existing is not None and not request.replace:
        _finish_log(workspace, existing)
        return _there_already(existing, request)
    with _seeded(workspace, level, period, request, existing) as made:
        record = _after_the_seed(workspace.log.state, made.record, made.event, made.frame)
    return _saved(workspace, record, request, made)


@dataclass(frozen=True)
class _Seeded:
    """A draw whose frame and seed are logged, and what is told of it."""

    record: DrawRecord
    event: Event
    frame: Frame
    notes: list[Problem]
    resumed: bool


@contextmanager
def _seeded(
    workspace: Workspace, level: Which, period: Period, request: DrawRequest, existing: Draw | None
) -> Iterator[_Seeded]:
    """Hold a draw's frame, and log it and then its seed: from here on its tickets can be known."""
    if existing is None and request.replace:
        raise Refused(
            say("draw.nothing_to_replace", level=level, period=period.label()), say("draw.drop_replace")
        )
    plan = request.plan or level_plan(workspace, level, period)
    refuse_unnamed(workspace)
    departures = period_departures(period)
    # Before the register is read, which may take its time.
    refuse_without(request.reason, departures)
    with frame_for(workspace, plan, period, request) as frame:
        yield _logged(workspace, plan, period, request, existing, frame, departures)


def _logged(
    workspace: Workspace,
    plan: LevelPlan,
    period: Period,
    request: DrawRequest,
    existing: Draw | None,
    frame: Frame,
    departures: list[Departure],
) -> _Seeded:
    departures += register_departures(frame.as_of, frame.as_of_given, plan, period)
    refuse_without(request.reason, departures)
    told = [Problem(text, "", kind="note") for text in workspace.log.crash_told()]
    if period.kind != plan.cadence:
        found = say("draw.other_cadence", level=plan.level, period=period.label())
        told.append(Problem(found, say("draw.other_cadence_remedy", cadence=plan.cadence), kind="note"))
    record = _before_the_seed(workspace, plan, period, frame, existing)
    record = replace(
        record,
        departures=[departure.name for departure in departures],
        round=None if request.plan else request.round or workspace.draws.round_of(period),
    )
    # Before anything is logged; the writer looks again.
    refuse_cpr({"reason": request.reason, "seed_origin": request.seed_origin}, "draw.json")
    refuse_numbers(record)
    standing = 0 if existing is None else existing.attempt
    if request.answer is not None:
        refuse_unseeded(workspace.log.events, record, standing)
    record, resumed = commit(workspace.log, record, standing, request.reason)
    seeded = seed_of(workspace.log, record, request.seed, request.seed_origin)
    return _Seeded(record, seeded, frame, [*frame.notes, *told], resumed)


def _saved(workspace: Workspace, record: DrawRecord, request: DrawRequest, seeded: _Seeded) -> DrawOutcome:
    """Write a draw's folder and log it."""
    level, period, frame = record.level, record.period, seeded.frame
    folder = workspace.samples_dir(period, level, record.attempt)
    rows = frame.cases if isinstance(frame, ReadFrame) and frame.origin["kind"] != "database" else None
    try:
        made = workspace.draws.save(folder, record, rows)
    except (Refused, OSError) as error:
        # Two runs at once compute the same draw from the same logged seed; the first rename stands.
        workspace.draws.look_again()
        winner = workspace.draws.find(level, period, even_changed=True)
        if winner is None or winner.path != folder:
            if isinstance(error, Refused):
                found = say("draw.not_saved", found=error.message)
                raise Refused(found, say("draw.not_saved_remedy")) from None
            raise
        return _there_already(winner, request)
    with workspace.draws.unless_refused(made):
        log_drawn(workspace.log, made)
    resumed = seeded.resumed and not request.by_hand
    return DrawOutcome(made, made=True, resumed=resumed, notes=seeded.notes)


def _there_already(existing: Draw, request: DrawRequest) -> DrawOutcome:
    if request.if_missing:
        return DrawOutcome(existing, made=False)
    values = {"level": existing.level, "period": existing.period.label(), "on": date_text(existing.made_on)}
    raise Refused(say("draw.drawn_already", **values), say("draw.drawn_already_remedy"))


def _before_the_seed(
    workspace: Workspace, plan: LevelPlan, period: Period, frame: Frame, existing: Draw | None
) -> DrawRecord:
    """Return all of the record that is settled before anyone can know a ticket."""
    settings = workspace.settings
    # Reckoned from the draw seen above: one that another run makes meanwhile must win, not be replaced.
    attempt = 1 if existing is None else existing.attempt + 1
    plan = _as_spelt(plan, frame)
    risk = risk_areas(workspace, plan.level, period) if plan.above is None else ()
    sizes = level_sizes(plan, frame.sizes, risk, frame.units)
    if not any(sizes.values()):
        raise Refused(say("draw.no_sample", level=plan.level), say("draw.no_sample_remedy"))
    committed = frame.committed()
    digests = {row.stratum: row.digest for row in committed.strata}
    return DrawRecord(
        draw_id=draw_id(settings.organisation.slug, period, plan.level, attempt),
        organisation=settings.organisation,
        level=plan.level,
        period=period,
        attempt=attempt,
        algorithm=ALGORITHM,
        frame=FrameRecord(
            commitment=committed.digest,
            n=sum(frame.sizes.values()),
            as_of=frame.as_of,
            as_of_given=frame.as_of_given,
            left_out=frame.left_out,
            earlier_draws=frame.earlier,
            rules=frame_settings(workspace, plan),
            id_rules=frame.id_rules,
            register=frame.register,
            parents=frame.parents,
            speaks_of=frame.speaks_of,
            reviewed_recently=frame.reviewed_recently,
            case_list=frame.case_list,
            complaints=frame.complaints,
        ),
        source=frame.origin,
        not_cpr=settings.privacy.not_cpr,
        incomplete=frame.incomplete,
        simulated=settings.simulated,
        replaces=existing.draw_id if existing else None,
        plan=plan,
        risk=risk,
        strata=[
            DrawnStratum(
                stratum=name,
                # Of the whole frame it is no unit's.
                unit=name if plan.split == WHOLE_FRAME else frame.units[name],
                stratum_size=size,
                population_size=(frame.population or frame.sizes)[name],
                sample_size=sizes[name],
                reserve_size=min(plan.reserve, size - sizes[name]),
                taken_whole=sizes[name] == size,
                digest=digests.get(name),
            )
            for name, size in frame.sizes.items()
        ],
        question_set=question_set(workspace, plan, period),
        hverdage=settings.hverdage,
        hverdage_chosen=sorted(settings.hverdage.chosen),
        limits=settings.limits,
        made_with={
            path.relative_to(workspace.root).as_posix(): file_hash(path)
            for path in settings_files(workspace, plan)
        },
        versions={
            "tilsyn": __version__,
            "python": platform.python_version(),
            "duckdb": duckdb.__version__,
        },
    )


def _as_spelt(plan: LevelPlan, frame: Frame) -> LevelPlan:
    """Return the plan with the names that have their own sizes as the frame spells them; others are none."""
    there = frame.sizes if plan.split != "unit" else map(unit_of, frame.units.values())
    spelt = {same_name(name): name for name in there}
    own = {
        key: {spelt[same_name(name)]: n for name, n in sizes.items() if same_name(name) in spelt}
        for key, sizes in (("units", plan.units), ("sizes", plan.sizes))
    }
    in_order = {key: {name: sizes[name] for name in sorted(sizes)} for key, sizes in own.items()}
    return plan.model_copy(update=in_order)


@step("steps.drawing")
def _after_the_seed(log: LogState, record: DrawRecord, seeded: Event, frame: Frame) -> DrawRecord:
    """Draw, and return the whole record; the same each time, so that two runs at once agree."""
    place = log.place_of(seeded)
    seeds = [at for at, _ in log.seeds(record.level, record.period) if at <= place]
    drawn = frame.drawn(record, seeded["seed"])
    return replace(
        record,
        seed=seeded["seed"],
        seed_origin=seeded["seed_origin"],
        seed_before_frame=seeded["seed_before_frame"],
        seed_announced=seeded.get("seed_announced"),
        seed_as_announced=seeded.get("seed_as_announced"),
        made_on=f"{day_of(seeded)}{in_denmark(seeded['at']).isoformat()[10:]}",
        made_at=seeded["at"],
        tries=len(seeds),
        anchor=log.anchor(place + 1),
        cases=[case for case in drawn if case.design_weight is not None],
        reserve=[case for case in drawn if case.design_weight is None],
    )


def _finish_log(workspace: Workspace, existing: Draw) -> None:
    """Log a draw whose run was interrupted after its folder appeared, once it is recomputed."""
    if existing.draw_id in workspace.log.state.manifests:
        return
    from tilsyn.procedure.verify import first_difference_of

    if first_difference_of(workspace, existing, drawn=False) is None:
        log_drawn(workspace.log, existing)
