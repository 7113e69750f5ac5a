"""`tilsyn check`: what the frame of the register is, and everything that is wrong in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number, percent
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem, UsageError
from tilsyn.cli.check_by_hand import (
    SCHEMA,
    Dialect,
    alone,
    by_hand,
    commitment_told,
    counted,
    reason_text,
)
from tilsyn.cli.command import check_level, command
from tilsyn.cli.console import Result, Table, console

if TYPE_CHECKING:
    from tilsyn.procedure.check import Examined
    from tilsyn.sampling.frame_columns import ColumnReport
    from tilsyn.sampling.whole_register import Matched


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "check")
    def check(
        period: Annotated[str | None, typer.Option(help=say("check.opt_period"))] = None,
        level: Annotated[int | None, typer.Option(help=say("check.opt_level"))] = None,
        register: Annotated[
            str | None, typer.Option(metavar="FILE|URL", help=say("check.opt_register"))
        ] = None,
        as_of: Annotated[
            datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("draw.opt_as_of"))
        ] = None,
        commit: Annotated[bool, typer.Option("--commit", help=say("check.opt_commit"))] = False,
        seed_from: Annotated[str | None, typer.Option(help=say("check.opt_seed_from"))] = None,
        leave_out_errors: Annotated[
            bool, typer.Option("--leave-out-errors", help=say("check.opt_leave_out_errors"))
        ] = False,
        at_most: Annotated[
            float | None, typer.Option(min=0, max=1, metavar="SHARE", help=say("draw.opt_at_most"))
        ] = None,
        sql: Annotated[Dialect | None, typer.Option(help=say("check.opt_sql"))] = None,
        from_sql: Annotated[Path | None, typer.Option(metavar="FILE", help=say("check.opt_from_sql"))] = None,
    ) -> Result:
        if level is not None:
            check_level(level)
        seed_from = (seed_from or "").strip() or None
        if sql or from_sql:
            alone(sql, from_sql, register is not None, commit, leave_out_errors, at_most is not None)
            if sql:
                # A query counts nothing yet that a day or an announced seed could belong to.
                alone(sql, seed_from, as_of)
            return by_hand(level or 2, period, sql, from_sql, seed_from, as_of and as_of.date())
        if seed_from is not None and not commit:
            raise UsageError(say("check.seed_from_alone"), say("check.seed_from_alone_remedy"))
        if at_most is not None and not leave_out_errors:
            raise UsageError(say("draw.at_most_alone"), say("draw.at_most_alone_remedy"))
        from tilsyn.procedure.check import examine_register
        from tilsyn.procedure.draw_guards import ERROR_SHARE, refuse_many_errors
        from tilsyn.sampling.row_problems import grouped
        from tilsyn.workspace.registers import source_of
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        day = as_of and as_of.date()
        wanted = Period.parse(period) if period else None
        source = source_of(register)
        allowed = ERROR_SHARE if at_most is None else at_most
        if commit:
            from tilsyn.procedure.check_commit import commit_in_server
            from tilsyn.procedure.draw_wanted import FrameRequest

            asked = FrameRequest(source, leave_out_errors, allowed, as_of=day, draws=False)
            if found := commit_in_server(workspace, level or 2, wanted, asked, seed_from):
                return counted(workspace, *found, level, str(found[0].origin["name"]), seed_from)
        examined = examine_register(workspace, wanted, level, source, day)
        problems = examined.problems
        if leave_out_errors:
            refuse_many_errors(examined.report.n_wrong, examined.report.n_cases, allowed)
            problems = [replace(problem, kind="note") for problem in problems]
        of_list = [] if examined.complaints is None else grouped(examined.complaints.problems)
        problems = [*problems, *of_list]
        wrong = any(problem.kind == "error" for problem in problems)
        digest: str | None = None
        if commit and not wrong:
            if examined.period is None:
                raise UsageError(say("check.no_period"), say("check.no_period_remedy"))
            from tilsyn.procedure.check_commit import commit_frame

            event = commit_frame(
                workspace,
                level or 2,
                examined.period,
                source,
                leave_out_errors,
                seed_from,
                allowed,
                day,
                examined,
            )
            digest = str(event["commitment"])
        messages = [] if digest is None else commitment_told(digest, seed_from)
        if commit and wrong:
            messages.append(say("check.not_committed"))
        data = contract(examined, level, problems, digest)
        return Result(
            data=data,
            rows=lambda: _rows(data, examined),
            tables=_tables(examined, problems),
            exit_code=3 if wrong else 0,
            problems=[*problems, *workspace.late],
            messages=messages,
            nothing=not wrong and digest is None,
        )


def contract(
    examined: Examined, level: int | None, problems: Sequence[Problem], commitment: str | None
) -> dict[str, Any]:
    """Return the whole result as plain data, schema `tilsyn/check/1`."""
    report, origin = examined.report, examined.register.origin
    kept = ("row", "column", "found", "remedy", "kind", "sheet")
    # Of a group, and of what stands for itself.
    more = {"what": "", "case_id": None, "n": 1, "places": ()}
    return {
        "schema": SCHEMA,
        "period": examined.period and examined.period.canonical,
        "level": level,
        "as_of": report.as_of and report.as_of.isoformat(),
        "as_of_given": examined.rules.as_of is not None,
        "source": {"name": origin.name, "kind": origin.kind, "sha256": origin.sha256},
        "n_rows": report.n_rows,
        "n_cases": report.n_cases,
        "n": report.n,
        "left_out": [{"reason": reason, "n": n} for reason, n in report.left_out],
        "units": [{"unit": unit, "n": n} for unit, n in report.units.items()],
        "caseworkers": [
            {"caseworker": code, "units": units.split(", "), "n": n} for code, units, n in report.caseworkers
        ],
        "rules": [rule.to_dict() for rule in report.matched],
        "commitment": commitment,
        "columns": [_column(column) for column in examined.columns],
        "problems": [
            {key: getattr(problem, key) for key in kept}
            | {key: getattr(problem, key, default) for key, default in more.items()}
            for problem in problems
        ],
    }


def _column(column: ColumnReport) -> dict[str, Any]:
    return {
        "column": column.column,
        "heading": column.heading,
        "n": column.n,
        "empty": column.empty,
        "empty_share": _share(column.empty, column.n),
        "different": column.different,
        "different_share": None if column.different is None else _share(column.different, column.n),
        "oldest": column.oldest and column.oldest.isoformat(),
        "newest": column.newest and column.newest.isoformat(),
        "commonest": [{"value": value, "n": n} for value, n in column.commonest],
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _rows(data: dict[str, Any], examined: Examined) -> list[dict[str, Any]]:
    """Return the counts, the columns and every single problem as rows, for `--format csv`."""
    rows = [{"what": "rows", "name": "", "n": data["n_rows"]}]
    for what, key, name in (
        ("left_out", "left_out", "reason"),
        ("unit", "units", "unit"),
        ("caseworker", "caseworkers", "caseworker"),
    ):
        rows += [{"what": what, "name": entry[name], "n": entry["n"]} for entry in data[key]]
    for column in data["columns"]:
        commonest = ", ".join(f"{entry['value']} ({entry['n']})" for entry in column["commonest"])
        rows.append({"what": "column", "name": column["heading"], **column, "commonest": commonest})
    for problem in examined.every_problem():
        place = {key: getattr(problem, key, None) for key in ("sheet", "row", "column", "case_id")}
        rows.append(
            {"what": problem.kind, "name": getattr(problem, "what", ""), "n": 1, "found": problem.found}
            | place
        )
    rows += [{"what": f"rule_{rule['rule']}", "name": rule["name"], "n": rule["n"]} for rule in data["rules"]]
    return rows


def _rule_text(rule: Matched) -> str:
    """Return what a rule is called, with its column and values."""
    if rule.rule not in ("leave_out", "risk"):
        return reason_text(rule.rule)
    values = {"column": rule.column, "values": ", ".join(rule.values)}
    name = reason_text(rule.name) if rule.rule == "leave_out" else rule.name
    return say(f"check.rule_{rule.rule}", name=name, **values)


def _tables(examined: Examined, problems: Sequence[Problem]) -> list[Table | str]:
    report = examined.report
    heading = say("check.title", file=examined.register.origin.name)
    if examined.period is not None:
        heading = say(
            "check.title_period", file=examined.register.origin.name, period=examined.period.label()
        )
    frame = [(say("check.rows"), number(report.n_rows))]
    if examined.rules.per_case:
        frame.append((say("check.merged"), number(report.n_cases)))
    frame += [(f"- {reason_text(reason)}", number(n)) for reason, n in report.left_out]
    frame.append((say("check.cases"), number(report.n)))
    tables: list[Table | str] = [
        heading,
        Table(["", f">{say('check.number')}"], frame),
        Table(
            [say("check.unit"), f">{say('check.cases')}"],
            [(unit, number(n)) for unit, n in report.units.items()],
        ),
    ]
    if report.matched:
        counted = [
            (_rule_text(rule), say("check.no_column") if rule.n is None else number(rule.n))
            for rule in report.matched
        ]
        tables.append(Table([say("check.rule"), f">{say('check.matched')}"], counted))
    workers = report.caseworkers
    if workers and console().verbose:
        rows = [(code, units, number(n)) for code, units, n in workers]
        tables.append(Table([say("check.caseworker"), say("check.unit"), f">{say('check.cases')}"], rows))
    elif workers:
        cases = [n for *_, n in workers]
        values = {"n": number(len(workers)), "least": min(cases), "most": max(cases)}
        alike = min(cases) == max(cases)
        tables.append(say("check.caseworkers_alike" if alike else "check.caseworkers", **values))
    tables.append(_columns(examined.columns))
    if report.as_of is not None:
        tables.append(say("check.as_of", day=date_text(report.as_of)))
    found = Counter[str]()
    for problem in problems:
        found[problem.kind] += getattr(problem, "n", 1)
    tables.append(say("check.found", errors=number(found["error"]), notes=number(found["note"])))
    return tables


def _columns(columns: Sequence[ColumnReport]) -> Table:
    headings = ("column", ">empty", ">different", "oldest", "newest", "commonest")
    shown = [f">{say(f'check.{h[1:]}')}" if h.startswith(">") else say(f"check.{h}") for h in headings]
    rows = []
    for column in columns:
        different = "" if column.different is None else percent(_share(column.different, column.n))
        days = [date_text(day) if day else "" for day in (column.oldest, column.newest)]
        commonest = ", ".join(f"{value} ({number(n)})" for value, n in column.commonest)
        rows.append((column.heading, percent(_share(column.empty, column.n)), different, *days, commonest))
    return Table(shown, rows)
