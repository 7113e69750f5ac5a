"""A frame's commitment logged before anybody has a seed: it binds the next draw."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tilsyn.base.periods import Period
from tilsyn.base.steps import step
from tilsyn.base.which import Single, Which, as_keys
from tilsyn.procedure.check import Examined
from tilsyn.procedure.draw import DrawRequest
from tilsyn.procedure.draw_by_hand import counted_frame
from tilsyn.procedure.draw_frame import Frame
from tilsyn.procedure.draw_frames import in_server, of_database, read_frame
from tilsyn.procedure.draw_guards import ERROR_SHARE
from tilsyn.procedure.draw_inside import AnsweredFrame
from tilsyn.procedure.draw_single import SingleRequest, single_plan
from tilsyn.procedure.draw_source import frame_of, level_plan
from tilsyn.procedure.draw_wanted import FrameRequest
from tilsyn.workspace.complaints import complaints_file
from tilsyn.workspace.log import FRAME_CHECKED, Event
from tilsyn.workspace.periods import period_of_day
from tilsyn.workspace.registers import Source, given_as_of
from tilsyn.workspace.workspace import Workspace


@step("steps.committing")
def commit_frame(
    workspace: Workspace,
    level: int,
    period: Period,
    register: Source | None = None,
    leave_out_errors: bool = False,
    seed_from: str | None = None,
    at_most: float = ERROR_SHARE,
    as_of: date | None = None,
    examined: Examined | None = None,
) -> Event:
    """Commit to the frame of a register: what `tilsyn check --commit` does.

    `seed_from` announces where the next draw's seed will come from. A register that was `examined` is not
    read again.
    """
    frame = frame_of(
        workspace,
        level_plan(workspace, level, period),
        period,
        register=register,
        as_of=as_of,
        leave_out_errors=leave_out_errors,
        at_most=at_most,
        examined=examined,
    )
    return _logged(workspace, level, period, frame, seed_from, {})


def commit_single(
    workspace: Workspace,
    single: Single,
    period: Period,
    asked: SingleRequest,
    request: DrawRequest,
    seed_from: str | None,
) -> Event:
    """Commit to the frame of a single draw: what `tilsyn draw --single --commit` does."""
    frame = read_frame(workspace, single_plan(workspace, single, period, asked), period, request)
    return _logged(workspace, single, period, frame, seed_from, {})


def commit_in_server(
    workspace: Workspace, level: int, period: Period | None, wanted: FrameRequest, seed_from: str | None
) -> tuple[AnsweredFrame, Event] | None:
    """Commit to the frame of a register that counts itself; None where it must be read.

    Without a period, it is the one that holds the day of the register, where the settings say which.
    """
    if of_database(workspace, wanted.register) is None:
        return None
    day = wanted.as_of or given_as_of(workspace, period, wanted.register)
    if period is None and day is not None:
        period = period_of_day(workspace, day, level)
    # What is wrong in a list of complaints is told by those who read the register with it.
    if period is None or complaints_file(workspace, period) is not None:
        return None
    with in_server(workspace, level_plan(workspace, level, period), period, wanted) as frame:
        if not isinstance(frame, AnsweredFrame):
            return None
        return frame, _logged(workspace, level, period, frame, seed_from, {})


def commit_counted(
    workspace: Workspace, level: int, period: Period, path: Path, seed_from: str | None, as_of: date | None
) -> tuple[AnsweredFrame, Event]:
    """Commit to a frame that was counted by hand, whose counts the file `path` has: they are logged too."""
    frame, kept = counted_frame(workspace, level, period, path, as_of)
    return frame, _logged(workspace, level, period, frame, seed_from, kept)


def _logged(
    workspace: Workspace,
    which: Which,
    period: Period,
    frame: Frame,
    seed_from: str | None,
    kept: dict[str, object],
) -> Event:
    """Log a commitment; nothing is added when the same was the last thing logged of the draw and period."""
    of = {"event": FRAME_CHECKED, **as_keys(which), "period": period.canonical}
    event = of | {
        "commitment": frame.committed().digest,
        "n": sum(frame.sizes.values()),
        "at_most": frame.register and frame.register.at_most,
        "source": frame.origin,
        **kept,
    }
    if seed_from is not None:
        event["seed_from"] = seed_from

    def new(events: list[Event]) -> Event:
        last = next((old for old in reversed(events) if of.items() <= old.items()), {})
        return last if event.items() <= last.items() else event

    with workspace.locked():
        return workspace.log.append_if(new)
