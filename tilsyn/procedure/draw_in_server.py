"""The frame of a register that is a database, where its server counts and draws itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused
from tilsyn.base.steps import step
from tilsyn.formats.registers.database_addresses import open_to_others
from tilsyn.formats.registers.databases_inside import Snapshot, snapshot
from tilsyn.procedure.draw_inside import AnsweredFrame, answered_frame, inquiry_of, query_of
from tilsyn.procedure.draw_wanted import FrameRequest
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.sampling.inside import KnownRows, count_sql
from tilsyn.sampling.inside_answer import Answer, answer_of, oddities
from tilsyn.sampling.inside_dialects import POSTGRES
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.schema import Register
from tilsyn.workspace.registers import is_own
from tilsyn.workspace.workspace import Workspace


@contextmanager
def frame_in_server(
    workspace: Workspace, plan: LevelPlan, period: Period, wanted: FrameRequest, settings: Register
) -> Iterator[AnsweredFrame | str | None]:
    """Hold the frame as the database counts it; else why it cannot, or None where it is none that could."""
    folder = workspace.root if is_own(wanted.register) else Path()
    with snapshot(settings, folder) as held:
        yield None if held is None else _inside(workspace, plan, period, wanted, held, settings)


@step("steps.in_server")
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
        held.without_jit()
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

    # In the same snapshot a row that was plain still is.
    known = KnownRows(single=answer.number("rows") == answer.number("cases"))

    def draw(record: DrawRecord, seed: str) -> Answer:
        needed = sum(row.sample_size + row.reserve_size for row in record.strata)

        def asked(bounded: bool) -> Answer:
            sql = query_of(frame, record, seed, known, bounded)
            return answer_of(inquiry.question, held.ask(sql))

        found = asked(bounded=True)
        return found if len(found.rows.get("case", ())) == needed else asked(bounded=False)

    origin: dict[str, str | None] = {"name": mask(held.shown), "kind": "database", "sha256": None}
    frame = answered_frame(inquiry, answer, held.shown, origin | {"drawn_in": "server"}, draw)
    assert frame.register is not None
    told = say(f"inside.{'drawn' if wanted.draws else 'counted'}", n=number(frame.register.n_rows))
    note = Problem(told, say("draw.notes_remedy", period=period.canonical), kind="note")
    at_most = wanted.at_most if wanted.leave_out_errors else None
    return replace(
        frame,
        register=replace(frame.register, at_most=at_most),
        notes=[*frame.notes, *open_to_others(settings.url or "", workspace.root), note],
    )
