"""`tilsyn draw`: the sample of a level and a period."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.base.which import Single
from tilsyn.cli.check_by_hand import Dialect, alone, asked, reason_text
from tilsyn.cli.command import command, which_of
from tilsyn.cli.console import Result, Table
from tilsyn.cli.draw_single import AskedFor, committed

if TYPE_CHECKING:
    from tilsyn.procedure.draw import DrawOutcome
    from tilsyn.settings.levels import LevelPlan
    from tilsyn.workspace.draws import Draw
    from tilsyn.workspace.workspace import Workspace

# Level 1 has hundreds of strata, a caseworker each: the terminal shows the first.
SHOWN = 40
_KEYS = ("schema", "draw_id", "level", "single", "period", "seed", "algorithm")
_CASE = ("case_id", "stratum", "ticket", "order", "inclusion_probability", "design_weight")
_STRATUM = ("stratum", "stratum_size", "population_size", "sample_size", "taken_whole")


def _single(name: str, flag: str, **settings: Any) -> Any:
    """Return an option of single draws alone."""
    return typer.Option(flag, help=say(f"single.opt_{name}"), rich_help_panel=say("single.panel"), **settings)


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "draw")
    def draw(
        period: Annotated[str, typer.Option(help=say("draw.opt_period"))],
        level: Annotated[int | None, typer.Argument(help=say("draw.arg_level"))] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
        n: Annotated[int | None, _single("n", "--n", min=1)] = None,
        strata: Annotated[Literal["unit"] | None, _single("strata", "--strata")] = None,
        every: Annotated[bool, _single("all", "--all")] = False,
        where: Annotated[list[str] | None, _single("where", "--where")] = None,
        case_list: Annotated[Path | None, _single("list", "--list", metavar="FILE")] = None,
        from_level: Annotated[int | None, _single("from_level", "--from-level")] = None,
        from_single: Annotated[str | None, _single("from_single", "--from-single", metavar="NAME")] = None,
        questions: Annotated[list[str] | None, _single("questions", "--questions")] = None,
        commit: Annotated[bool, _single("commit", "--commit")] = False,
        seed_from: Annotated[str | None, _single("seed_from", "--seed-from")] = None,
        seed: Annotated[str | None, typer.Option(help=say("draw.opt_seed"))] = None,
        seed_origin: Annotated[str | None, typer.Option(help=say("draw.opt_seed_origin"))] = None,
        register: Annotated[
            str | None, typer.Option(metavar="FILE|URL", help=say("draw.opt_register"))
        ] = None,
        as_of: Annotated[
            datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("draw.opt_as_of"))
        ] = None,
        leave_out_errors: Annotated[
            bool, typer.Option("--leave-out-errors", help=say("draw.opt_leave_out_errors"))
        ] = False,
        at_most: Annotated[
            float | None, typer.Option(min=0, max=1, metavar="SHARE", help=say("draw.opt_at_most"))
        ] = None,
        allow_incomplete: Annotated[
            bool, typer.Option("--allow-incomplete", help=say("draw.opt_allow_incomplete"))
        ] = False,
        replace: Annotated[bool, typer.Option("--replace", help=say("draw.opt_replace"))] = False,
        reason: Annotated[str | None, typer.Option(help=say("draw.opt_reason"))] = None,
        if_missing: Annotated[bool, typer.Option("--if-missing", help=say("draw.opt_if_missing"))] = False,
        round: Annotated[int | None, typer.Option(help=say("draw.opt_round"))] = None,
        sql: Annotated[Dialect | None, typer.Option(help=say("draw.opt_sql"))] = None,
        from_sql: Annotated[Path | None, typer.Option(metavar="FILE", help=say("draw.opt_from_sql"))] = None,
    ) -> Result:
        which = which_of(level, single)
        wanted = AskedFor(
            n, strata, every, where, case_list, from_level, from_single, questions, commit, seed_from
        )
        wanted.refuse_for(which, sql or from_sql)
        if commit and (seed or seed_origin or replace or reason or if_missing or round):
            raise UsageError(say("single.commit_alone"), say("single.commit_alone_remedy"))
        alone(sql, from_sql)
        if sql or from_sql:
            read = (register is not None, as_of, leave_out_errors, at_most is not None, allow_incomplete)
            # A query is no draw that could be there already.
            alone(True, *read, sql and if_missing)
        if round is not None and round < 1:
            raise UsageError(say("draw.bad_round"), say("draw.bad_round_remedy"))
        reason = (reason or "").strip() or None
        if replace and reason is None:
            raise UsageError(say("draw.replace_and_reason"), say("draw.replace_and_reason_remedy"))
        if at_most is not None and not leave_out_errors:
            raise UsageError(say("draw.at_most_alone"), say("draw.at_most_alone_remedy"))
        if replace and if_missing:
            raise UsageError(say("draw.replace_if_missing"), say("draw.replace_if_missing_remedy"))
        from tilsyn.procedure.draw import DrawRequest, ask_draw, make_draw
        from tilsyn.procedure.draw_guards import ERROR_SHARE
        from tilsyn.procedure.draw_single import draw_single
        from tilsyn.workspace.registers import source_of
        from tilsyn.workspace.workspace import Workspace

        request = DrawRequest(
            seed=seed,
            seed_origin=seed_origin,
            register=source_of(register),
            leave_out_errors=leave_out_errors,
            at_most=ERROR_SHARE if at_most is None else at_most,
            allow_incomplete=allow_incomplete,
            replace=replace,
            reason=reason,
            as_of=as_of and as_of.date(),
            if_missing=if_missing,
            round=round,
            sql=sql,
            answer=from_sql,
        )
        workspace = Workspace.open()
        if sql:
            return asked(ask_draw(workspace, which, Period.parse(period), request))
        if commit and isinstance(which, Single):
            return committed(workspace, which, Period.parse(period), wanted, request)
        if isinstance(which, Single):
            outcome = draw_single(workspace, which, Period.parse(period), wanted.request, request)
        else:
            outcome = make_draw(workspace, which, Period.parse(period), request)
        data = contract(outcome.draw)
        return Result(
            data=data,
            rows=[
                {**case, "role": role}
                for role, key in (("sample", "cases"), ("reserve", "reserve"))
                for case in data[key]
            ],
            tables=[_table(outcome.draw), say("log.anchor", anchor=workspace.log.state.anchor())],
            problems=[*outcome.notes, *workspace.late],
            messages=_messages(workspace, outcome),
            nothing=not outcome.made,
        )


def contract(draw: Draw) -> dict[str, Any]:
    """Return a draw as `--format json` prints it: the contract's keys, without the register's columns."""
    manifest = draw.record.to_dict()
    frame = {name: manifest["frame"][name] for name in ("commitment", "n", "as_of", "left_out")}
    return {
        **{name: manifest[name] for name in _KEYS if name in manifest},
        "anchor": manifest["anchor"],
        "tries": manifest["tries"],
        "source": dict(manifest["source"]),
        "frame": frame,
        "strata": [{name: row[name] for name in _STRATUM} for row in manifest["strata"]],
        "cases": [{name: row[name] for name in _CASE} for row in manifest["cases"]],
        "reserve": [{name: row[name] for name in _CASE} for row in manifest["reserve"]],
    }


def _messages(workspace: Workspace, outcome: DrawOutcome) -> list[str]:
    from tilsyn.procedure.draw_attempts import others_told

    draw, record = outcome.draw, outcome.draw.record
    values = {"level": draw.level, "period": draw.period.label()}
    if not outcome.made:
        return [say("draw.there_already", **values)]
    path = workspace.shown(f"samples/{draw.period.canonical}/{draw.path.name}/sample.csv")
    counts = {"n": number(len(record.cases)), "reserve": number(len(record.reserve))}
    told = [say("draw.made", **values, **counts, frame=number(record.frame.n), path=path)]
    if told_of := of_sample(record.plan):
        told.append(told_of)
    if outcome.resumed:
        told.append(say("draw.resumed"))
    if record.tries not in (None, 1):
        told.append(say("draw.tries", n=record.tries))
    told += others_told(workspace.log, record)
    if record.seed_announced is not None:
        key = "draw.as_announced" if record.seed_as_announced else "draw.not_as_announced"
        told.append(say(key, what=record.seed_announced))
    if record.seed_before_frame:
        told.append(say("draw.seed_before_frame"))
    if record.incomplete:
        told.append(say("draw.incomplete_note", n=record.incomplete))
    if record.frame.left_out:
        what = ", ".join(f"{reason_text(reason)} {number(n)}" for reason, n in record.frame.left_out.items())
        told.append(say("draw.left_out", what=what))
    return told


def of_sample(plan: LevelPlan) -> str:
    """Return what is said of a sample that is no random one, or is all of its frame; else empty."""
    from tilsyn.settings.single import SinglePlan

    if not isinstance(plan, SinglePlan) or plan.share is None:
        return ""
    return say("single.chosen" if plan.chosen else "single.census")


def _table(draw: Draw) -> Table:
    record = draw.record
    second = "draw.col_population" if record.plan.above is None else "draw.col_reviewed"
    columns = [
        say("draw.col_stratum"),
        *(f">{say(key)}" for key in (second, "draw.col_sample", "draw.col_reserve")),
    ]
    rows = [
        [
            row.stratum,
            number(row.stratum_size),
            number(row.sample_size),
            number(row.reserve_size),
            number(row.population_size / row.sample_size, 2) if row.sample_size else "",
            say("draw.taken_whole") if row.taken_whole and row.sample_size else "",
        ]
        for row in record.strata
    ]
    sums = [
        number(sum(getattr(row, name) for row in record.strata))
        for name in ("stratum_size", "sample_size", "reserve_size")
    ]
    hidden = len(rows) - SHOWN
    if hidden > 0:
        rows = [*rows[:SHOWN], [say("draw.more_strata", n=number(hidden)), "", "", "", "", ""]]
    origin = say("draw.origin_system") if record.seed_origin == "system" else record.seed_origin
    return Table(
        columns=[*columns, f">{say('draw.col_weight')}", say("draw.col_note")],
        rows=[*rows, [say("draw.total"), *sums, "", ""]],
        title=say("draw.title", level=draw.level, period=draw.period.label()),
        notes=[
            say("draw.seed_line", seed=record.seed, origin=origin),
            say("draw.commitment_line", commitment=record.frame.commitment),
        ],
    )
