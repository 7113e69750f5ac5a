"""`tilsyn load`: filled-in workbooks and tidy files into the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Set
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base import clock
from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem, UsageError
from tilsyn.cli.command import command, which_of
from tilsyn.cli.console import Result, Table, console

if TYPE_CHECKING:
    from tilsyn.procedure.load import LoadOutcome
    from tilsyn.procedure.load_incoming import Urgent
    from tilsyn.workspace.draws import Draw
    from tilsyn.workspace.workspace import Workspace

SCHEMA = "tilsyn/load/1"
_NOTES_SAID = 3


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "load")
    def load(
        files: Annotated[list[Path] | None, typer.Argument(help=say("load.files_help"))] = None,
        inbox: Annotated[Path | None, typer.Option("--inbox", help=say("load.inbox_help"))] = None,
        partial: Annotated[bool, typer.Option("--partial", help=say("load.partial_help"))] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help=say("load.dry_run_help"))] = False,
        level: Annotated[int | None, typer.Option(help=say("load.level_help"))] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
        period: Annotated[str | None, typer.Option(help=say("load.period_help"))] = None,
        handled: Annotated[str | None, typer.Option(help=say("load.handled_help"))] = None,
        note: Annotated[str, typer.Option(help=say("load.note_help"))] = "",
    ) -> Result:
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        if inbox is not None and files:
            raise UsageError(say("load.inbox_alone"), say("load.inbox_alone_remedy"))
        if handled is not None:
            if files or inbox:
                raise UsageError(say("load.handled_alone"), say("load.handled_alone_remedy"))
            return _handled(workspace, handled, note)
        from tilsyn.procedure.load import load_files

        outcome = load_files(
            workspace,
            files or None,
            today=clock.today(),
            partial=partial,
            dry_run=dry_run,
            draw=draw_of(workspace, level, single, period),
            inbox=inbox,
        )
        alarm_urgent(outcome.urgent)
        outcome.problems += workspace.late
        anchor = workspace.log.state.anchor()
        return _result(outcome, anchor, partial=partial, dry_run=dry_run)


def alarm_urgent(cases: Iterable[Urgent]) -> None:
    """Say of each case that is marked urgent that somebody must act."""
    for case in cases:
        values = {"case": case.case_id, "unit": case.unit or "–", "file": case.file}
        console().alarm(say("load.urgent", **values), say("load.urgent_remedy", case=case.case_id))


def draw_of(workspace: Workspace, level: int | None, single: str | None, period: str | None) -> Draw | None:
    """Return the draw that --level or --single names with --period; None without them."""
    if (level is None and single is None) != (period is None):
        raise UsageError(say("load.level_and_period"), say("load.level_and_period_remedy"))
    if period is None:
        return None
    return workspace.draws.get(which_of(level, single), Period.parse(period))


def _handled(workspace: Workspace, case_id: str, note: str) -> Result:
    from tilsyn.procedure.urgency import mark_handled

    draws = mark_handled(workspace, case_id, note)
    names = [draw.draw_id for draw in draws]
    told = say("load.handled_done", case=case_id, draws=", ".join(names))
    data = {"schema": "tilsyn/handled/1", "case_id": case_id, "draws": names}
    tables = [told if names else say("load.handled_before", case=case_id)]
    return Result(data=data, rows=[data], tables=tables, problems=workspace.late, nothing=not names)


def problem_data(problem: Problem) -> dict[str, Any]:
    """Return a problem as JSON prints it; CPR-like numbers masked."""
    data = problem.as_dict()
    return {key: mask(value) if isinstance(value, str) else value for key, value in data.items()}


def _result(outcome: LoadOutcome, anchor: str, *, partial: bool, dry_run: bool) -> Result:
    loaded = [vars(file) for file in outcome.loaded]
    errors = [problem for problem in outcome.problems if problem.kind == "error"]
    data = {
        "schema": SCHEMA,
        "dry_run": dry_run,
        "anchor": anchor,
        "urgent": [vars(case) for case in outcome.urgent],
        "loaded": loaded,
        "unchanged": outcome.unchanged,
        "problems": [problem_data(problem) for problem in outcome.problems],
    }
    tables: list[Table | str] = []
    if outcome.urgent:
        cases = dict.fromkeys(f"{case.case_id} ({case.unit})" for case in outcome.urgent)
        tables.append(say("load.urgent_title", cases=", ".join(cases)))
    if loaded:
        columns = [say(f"load.column_{name}") for name in ("file", "draw", "cases", "answers", "complete")]
        rows = [
            [f.file, f.draw_id, number(f.cases), number(f.answers), number(f.complete)]
            for f in outcome.loaded
        ]
        tables.append(Table(columns, rows, say("load.table_title_dry" if dry_run else "load.table_title")))
        tables.append(say("log.anchor", anchor=anchor))
    elif not errors:
        tables.append(say("load.nothing_new"))
    messages = []
    if outcome.unchanged:
        messages.append(say("load.unchanged_count", n=len(outcome.unchanged)))
    if errors:
        key = "load.refused_count_partial" if partial else "load.refused_count"
        messages.append(say(key, n=len(errors)))
    if outcome.returned:
        messages.append(say("load.returned", files=", ".join(path.as_posix() for path in outcome.returned)))
    return Result(
        data,
        loaded,
        tables,
        3 if errors else 0,
        _told(outcome),
        messages,
        nothing=not (loaded or outcome.urgent),
    )


def _told(outcome: LoadOutcome) -> list[Problem]:
    """Return what is told: the errors first, by unit, then the notes, a line a file unless all are wanted."""
    from tilsyn.procedure.load_told import told_again

    told_before = {id(problem) for file in outcome.as_before for problem in file.problems}
    new = [problem for problem in outcome.problems if id(problem) not in told_before]

    def place(problem: Problem) -> tuple[str, str]:
        return outcome.units.get(problem.file or "", ""), problem.file or ""

    errors = sorted((problem for problem in new if problem.kind == "error"), key=place)
    errors += map(told_again, outcome.as_before)
    notes = sorted((problem for problem in new if problem.kind == "note"), key=place)
    if console().verbose:
        return [*errors, *notes]
    by_file: dict[str, list[Problem]] = {}
    for note in notes:
        by_file.setdefault(note.file or "", []).append(note)
    begun = {id(problem) for problem in outcome.unfinished}
    return [*errors, *(_notes_of(file, listed, begun) for file, listed in by_file.items())]


def _notes_of(file: str, notes: list[Problem], begun: Set[int]) -> Problem:
    """Return a file's notes in one line: what was seen, and how many cases are not finished."""
    if len(notes) == 1 or not file:
        return notes[0]
    found = list(dict.fromkeys(note.found for note in notes if id(note) not in begun))
    said = found[:_NOTES_SAID]
    if len(found) > _NOTES_SAID:
        said.append(say("load.more_notes", n=len(found) - _NOTES_SAID))
    unfinished = sum(id(note) in begun for note in notes)
    if unfinished:
        said.append(say("load.unfinished_cases", n=unfinished))
    told = say("load.notes_of_file", found="; ".join(said), file=file)
    return Problem(told, "", file=file, kind="note")
