"""A draw by hand: a person runs the queries in the register's database, and brings what they return.

`check --sql` asks for the counts, `check --from-sql` logs their commitment, `draw --sql` makes the seed and
asks for the draw, `draw --from-sql` checks and keeps it. The counts stand in the log with the commitment, so
that nobody can count again once the seed is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Refused
from tilsyn.base.which import Which
from tilsyn.formats.csv_rows import read_rows
from tilsyn.procedure.draw_inside import (
    AnsweredFrame,
    Inquiry,
    answered_frame,
    inquiry_of,
    not_an_answer,
    odd_problems,
)
from tilsyn.procedure.draw_source import level_plan
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.sampling.inside import ANSWER, count_sql, fact_columns
from tilsyn.sampling.inside_answer import Answer, AnswerRow, NotAnAnswer, answer_of, oddities
from tilsyn.sampling.inside_dialects import DIALECTS
from tilsyn.settings.levels import LevelPlan
from tilsyn.workspace.log import DRAWN, FRAME_CHECKED, SEED_MADE, Event, concerns
from tilsyn.workspace.workspace import Workspace

# How programs that save an answer may write that there is nothing.
_NOTHING = ("", "NULL", "[NULL]", "null", "\\N")


def ask_counts(workspace: Workspace, level: int, period: Period, dialect: str) -> str:
    """Return the query of counts and commitment."""
    plan = level_plan(workspace, level, period)
    return count_sql(inquiry_of(workspace, plan, period, DIALECTS[dialect]).question)


def counted_frame(
    workspace: Workspace, level: int, period: Period, path: Path, as_of: date | None
) -> tuple[AnsweredFrame, dict[str, object]]:
    """Return the frame of the counts in a file, and what of them the log keeps."""
    rows = _rows(path, ANSWER)
    asked = next((str(unit) for what, _, unit, *_ in rows if what == "query"), "")
    if asked not in DIALECTS:
        raise not_an_answer(NotAnAnswer("no_answer"), path.name)
    inquiry = inquiry_of(workspace, level_plan(workspace, level, period), period, DIALECTS[asked], as_of)
    day = inquiry.rules.as_of
    counts = [list(row) for row in rows]
    kept: dict[str, object] = {"dialect": asked, "as_of": day and day.isoformat(), "counts": counts}
    return _frame(inquiry, rows, path.name, None), kept


def committed_frame(
    workspace: Workspace, plan: LevelPlan, period: Period, sql: str | None, answer: Path | None
) -> AnsweredFrame:
    """Return the frame that was committed by hand, to be drawn by the file `answer` once its seed is made."""
    event = _last_counted(workspace, plan.level, period)
    if sql not in (None, name := event["dialect"]):
        raise Refused(say("inside.other_dialect", name=name), say("inside.other_dialect_remedy", name=name))
    day = event["as_of"] and date.fromisoformat(event["as_of"])
    inquiry = inquiry_of(workspace, plan, period, DIALECTS[event["dialect"]], day)
    rows: list[AnswerRow] = [tuple(row) for row in event["counts"]]
    return _frame(inquiry, rows, "samples/log.jsonl", answer)


def _last_counted(workspace: Workspace, level: Which, period: Period) -> Event:
    """Return the count of the frame committed last; of several the last before its seed was known."""
    counts: dict[str, Event] = {}
    seeded: set[str] = set()
    last = ""
    for event in workspace.log.events:
        if not concerns(event, level, period):
            continue
        if event["event"] == DRAWN:
            seeded.clear()
        elif event["event"] == SEED_MADE:
            seeded.add(event["commitment"])
        elif event["event"] == FRAME_CHECKED:
            last = event["commitment"]
            if last not in seeded or "counts" not in counts.get(last, {}):
                counts[last] = event
    if "counts" not in counts.get(last, {}):
        values = {"level": level, "period": period.canonical}
        raise Refused(say("inside.not_counted", **values), say("inside.not_counted_remedy", **values))
    return counts[last]


def _frame(inquiry: Inquiry, rows: list[AnswerRow], file: str, answer: Path | None) -> AnsweredFrame:
    def draw(record: DrawRecord, seed: str) -> Answer:
        assert answer is not None
        columns = (*ANSWER, "case_id", *fact_columns(inquiry.question))
        return answer_of(inquiry.question, _rows(answer, columns))

    told_by = answer.name if answer else file
    try:
        counts = answer_of(inquiry.question, rows)
        if odd := oddities(inquiry.question, counts):
            raise InputError(odd_problems(odd))
        dialect = inquiry.question.dialect.name
        origin: dict[str, str | None] = {"name": f"SQL ({dialect})", "kind": "database", "sha256": None}
        frame = answered_frame(inquiry, counts, told_by, origin | {"drawn_in": "by_hand"}, draw)
    except NotAnAnswer as error:
        raise not_an_answer(error, file) from None
    return frame


def _rows(path: Path, columns: Sequence[str]) -> list[AnswerRow]:
    """Return the rows of an answer that was saved as CSV."""
    _, rows, problems = read_rows(path, columns, {})
    if problems:
        raise InputError(problems)
    return [tuple(None if row[name] in _NOTHING else row[name] for name in columns) for row in rows]
