"""`tilsyn check --sql` and `--from-sql`: a register that somebody counts in its own database."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tilsyn.base.language import dictionary, say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.procedure.draw_inside import AnsweredFrame
    from tilsyn.workspace.log import Event
    from tilsyn.workspace.workspace import Workspace

SCHEMA = "tilsyn/check/1"
Dialect = Literal["postgres", "duckdb"]


def alone(*given: object) -> None:
    """Refuse `--sql` and `--from-sql` together, or with what reads a register or says how."""
    if sum(map(bool, given)) > 1:
        raise UsageError(say("inside.alone"), say("inside.alone_remedy"))


def by_hand(
    level: int,
    period: str | None,
    sql: Dialect | None,
    from_sql: Path | None,
    seed_from: str | None,
    as_of: date | None,
) -> Result:
    """Print the query of counts and commitment, or log the commitment of its answer."""
    if period is None:
        raise UsageError(say("inside.which_period"), say("inside.which_period_remedy"))
    from tilsyn.procedure.check_commit import commit_counted
    from tilsyn.procedure.draw_by_hand import ask_counts
    from tilsyn.workspace.workspace import Workspace

    workspace, wanted = Workspace.open(), Period.parse(period)
    if sql is not None:
        return asked(ask_counts(workspace, level, wanted, sql))
    assert from_sql is not None
    frame, event = commit_counted(workspace, level, wanted, from_sql, seed_from, as_of)
    return counted(workspace, frame, event, level, from_sql.name, seed_from)


def counted(
    workspace: Workspace,
    frame: AnsweredFrame,
    event: Event,
    level: int | None,
    source: str,
    seed_from: str | None,
) -> Result:
    """Return the result of a frame that its database counted, and that is committed to."""
    period = frame.inquiry.question.period
    return Result(
        data=_contract(frame, level, period),
        rows=[{"what": "stratum", "name": name, "n": n} for name, n in frame.sizes.items()],
        tables=[say("check.title_period", file=source, period=period.label()), *_tables(frame)],
        problems=[*frame.notes, *workspace.late],
        messages=commitment_told(event["commitment"], seed_from),
    )


def commitment_told(digest: str, seed_from: str | None) -> list[str]:
    """Return what is said of a commitment that is logged, and of the seed that was announced with it."""
    told = [say("check.committed", digest=digest)]
    return told if seed_from is None else [*told, say("check.announced", what=seed_from)]


def asked(query: str) -> Result:
    """Return a query as a result: stdout holds it alone."""
    return Result(data={"schema": "tilsyn/sql/1", "sql": query}, rows=[{"sql": query}], text=query)


def reason_text(reason: str) -> str:
    """Return why rows are left out, in the user's words; a reason of the workspace's own as it stands."""
    key = f"reason_{reason}"
    return say(f"register.{key}") if key in dictionary("register") else reason.replace("_", " ")


def _contract(frame: AnsweredFrame, level: int | None, period: Period) -> dict[str, Any]:
    """Return what `check` tells of a register, of one that it has not read: it knows no column or problem."""
    told = frame.register
    return {
        "schema": SCHEMA,
        "period": period.canonical,
        "level": level,
        "as_of": frame.as_of and frame.as_of.isoformat(),
        "as_of_given": frame.as_of_given,
        "source": frame.origin,
        "n_rows": told and told.n_rows,
        "n_cases": told and told.n_cases,
        "n": sum(frame.sizes.values()),
        "left_out": [{"reason": reason, "n": n} for reason, n in frame.left_out.items()],
        "units": [{"unit": unit, "n": n} for unit, n in sorted(frame.unit_counts.items())],
        "caseworkers": [],
        "rules": list(told.matched) if told else [],
        "commitment": frame.committed().digest,
        "columns": [],
        "problems": [],
    }


def _tables(frame: AnsweredFrame) -> list[Table]:
    rows = [(say("check.rows"), number(frame.register.n_rows if frame.register else 0))]
    rows += [(f"- {reason_text(reason)}", number(n)) for reason, n in frame.left_out.items()]
    rows.append((say("check.cases"), number(sum(frame.sizes.values()))))
    strata = [(name, number(n)) for name, n in frame.sizes.items()]
    return [
        Table(["", f">{say('check.number')}"], rows),
        Table([say("draw.col_stratum"), f">{say('check.cases')}"], strata),
    ]
