"""Where a draw's frame is: counted by hand, inside the register's database, or read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tilsyn.base.periods import Period
from tilsyn.procedure.draw_frame import Frame
from tilsyn.procedure.draw_source import frame_of
from tilsyn.procedure.draw_wanted import FrameRequest
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.schema import Register
from tilsyn.workspace.registers import Source, is_own
from tilsyn.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tilsyn.procedure.draw_inside import AnsweredFrame


@contextmanager
def frame_for(workspace: Workspace, plan: LevelPlan, period: Period, wanted: FrameRequest) -> Iterator[Frame]:
    """Hold the frame of a draw until it is drawn.

    A register that is a PostgreSQL database counts and draws itself where every row is plain; else it is
    read, and the frame's origin says why.
    """
    if wanted.by_hand:
        from tilsyn.procedure.draw_by_hand import committed_frame

        yield committed_frame(workspace, plan, period, wanted.sql, wanted.answer)
        return
    with in_server(workspace, plan, period, wanted) as found:
        if isinstance(found, Frame):
            yield found
            return
    frame = read_frame(workspace, plan, period, wanted)
    if found is not None:
        frame = replace(frame, origin=frame.origin | {"drawn_in": "memory", "because": found})
    yield frame


@contextmanager
def in_server(
    workspace: Workspace, plan: LevelPlan, period: Period, wanted: FrameRequest
) -> Iterator[AnsweredFrame | str | None]:
    """Hold the frame as the register's PostgreSQL counts it; else why it cannot, or None where it is none."""
    settings = of_database(workspace, wanted.register)
    if settings is None or plan.above is not None:
        yield None
        return
    from tilsyn.procedure.draw_in_server import frame_in_server

    with frame_in_server(workspace, plan, period, wanted, settings) as found:
        yield found


def read_frame(workspace: Workspace, plan: LevelPlan, period: Period, wanted: FrameRequest) -> Frame:
    """Read the frame that is wanted, wherever its register is."""
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


def of_database(workspace: Workspace, register: Source | None) -> Register | None:
    """Return the settings of a register that is a database; None where it is a file."""
    settings = workspace.settings.register
    if isinstance(register, str) and settings.query is not None:
        return settings.model_copy(update={"url": register, "path": None})
    return settings if is_own(register) and settings.url and not settings.missing_columns else None
