"""Where a draw's frame is: counted by hand, inside the register's database, or read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused
from tilsyn.formats.registers.database_addresses import open_to_others
from tilsyn.formats.registers.databases_inside import Snapshot, snapshot
from tilsyn.procedure.draw_by_hand import committed_frame
from tilsyn.procedure.draw_frame import Frame
from tilsyn.procedure.draw_guards import ERROR_SHARE
from tilsyn.procedure.draw_inside import AnsweredFrame, answered_frame, inquiry_of, query_of
from tilsyn.procedure.draw_source import frame_of
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.sampling.inside import count_sql
from tilsyn.sampling.inside_answer import Answer, answer_of, oddities
from tilsyn.sampling.inside_dialects import POSTGRES
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.schema import Register
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.registers import Source, is_own
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class FrameRequest:
    """Which frame is wanted: see `DrawRequest`. A single draw has its own plan."""

    register: Source | None = None
    leave_out_errors: bool = False
    at_most: float = ERROR_SHARE
    allow_incomplete: bool = False
    as_of: date | None = None
    sql: str | None = None
    answer: Path | None = None
    plan: SinglePlan | None = None

    @property
    def by_hand(self) -> bool:
        """Whether a person runs the query of the draw."""
        return bool(self.sql or self.answer)


@contextmanager
def frame_for(workspace: Workspace, plan: LevelPlan, period: Period, wanted: FrameRequest) -> Iterator[Frame]:
    """Hold the frame of a draw until it is drawn.

    A register that is a PostgreSQL database counts and draws itself where every row is plain; else it is
    read, and the frame's origin says why.
    """
    if wanted.by_hand:
        yield committed_frame(workspace, plan, period, wanted.sql, wanted.answer)
        return
    settings = _of_database(workspace, wanted.register)
    if settings is None or plan.above is not None:
        yield _read(workspace, plan, period, wanted)
        return
    folder = workspace.root if is_own(wanted.register) else Path()
    with snapshot(settings, folder) as held:
        if held is None:
            yield _read(workspace, plan, period, wanted)
            return
        found = _inside(workspace, plan, period, wanted, held, settings)
        if isinstance(found, AnsweredFrame):
            yield found
            return
    frame = _read(workspace, plan, period, wanted)
    yield replace(frame, origin=frame.origin | {"drawn_in": "memory", "because": found})


def _read(workspace: Workspace, plan: LevelPlan, period: Period, wanted: FrameRequest) -> Frame:
    return frame_of(
        workspace,
        plan,
        period,
        register=wanted.register,
        as_of=wanted.as_of,
        leave_out_errors=wanted.leave_out_errors,
        at_most=wanted.at_most,
        allow_incomplete=wanted.allow_incomplete,
    )


def _of_database(workspace: Workspace, register: Source | None) -> Register | None:
    """Return the settings of a register that is a database; None where it is a file."""
    settings = workspace.settings.register
    if isinstance(register, str) and settings.query is not None:
        return settings.model_copy(update={"url": register, "path": None})
    return settings if is_own(register) and settings.url and not settings.missing_columns else None


def _inside(
    workspace: Workspace,
    plan: LevelPlan,
    period: Period,
    wanted: FrameRequest,
    held: Snapshot,
    settings: Register,
) -> AnsweredFrame | str:
    """Return the frame as the database counts it, or why it cannot."""
    try:
        names = held.columns(settings)
        inquiry = inquiry_of(workspace, plan, period, POSTGRES, wanted.as_of, names, wanted.register)
        answer = answer_of(inquiry.question, held.ask(count_sql(inquiry.question)))
    except Refused as error:
        return error.message
    except InputError:
        # Whatever hinders the query, such as a timeout, reading the rows may do without, or tell.
        return "query"
    if odd := oddities(inquiry.question, answer):
        return ", ".join(f"{what}: {n}" for what, n in sorted(odd.items()))

    def draw(record: DrawRecord, seed: str) -> Answer:
        needed = sum(row.sample_size + row.reserve_size for row in record.strata)

        def asked(bounded: bool) -> Answer:
            # The same snapshot: a row that was plain still is.
            sql = query_of(frame, record, seed, plain=True, bounded=bounded)
            return answer_of(inquiry.question, held.ask(sql))

        found = asked(bounded=True)
        return found if len(found.rows.get("case", ())) == needed else asked(bounded=False)

    origin: dict[str, str | None] = {"name": mask(held.shown), "kind": "database", "sha256": None}
    frame = answered_frame(inquiry, answer, held.shown, origin | {"drawn_in": "server"}, draw)
    assert frame.register is not None
    told = say("inside.drawn", n=number(frame.register.n_rows))
    note = Problem(told, say("draw.notes_remedy", period=period.canonical), kind="note")
    at_most = wanted.at_most if wanted.leave_out_errors else None
    return replace(
        frame,
        register=replace(frame.register, at_most=at_most),
        notes=[*frame.notes, *open_to_others(settings.url or "", workspace.root), note],
    )
