"""`tilsyn verify`: recompute draws, and name the first difference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tilsyn.base.language import say
from tilsyn.base.problems import UsageError
from tilsyn.cli.app import command
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.procedure.verify import Verdict

SCHEMA = "tilsyn/verify/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "verify")
    def verify(
        path: Annotated[Path | None, typer.Argument(help=say("verify.arg_path"))] = None,
        every: Annotated[bool, typer.Option("--all", help=say("verify.opt_all"))] = False,
        register: Annotated[Path | None, typer.Option(help=say("verify.opt_register"))] = None,
    ) -> Result:
        if (path is None) != every:
            raise UsageError(say("verify.path_or_all"), say("verify.path_or_all_remedy"))
        from tilsyn.procedure.verify import verify_all, verify_draw, workspace_of
        from tilsyn.workspace.draws import read_draw
        from tilsyn.workspace.workspace import Workspace

        messages = []
        if path is not None:
            draw = read_draw(path)
            workspace = workspace_of(draw.path.resolve())
            if workspace is None:
                messages.append(say("verify.no_log"))
                if register is not None:
                    message = say("verify.register_needs_workspace")
                    raise UsageError(message, say("verify.register_needs_workspace_remedy"))
            verdicts = [verify_draw(workspace, draw, register)]
        else:
            verdicts = verify_all(Workspace.find(), register)
            messages += [say("verify.nothing")] if len(verdicts) == 1 else []
        if any("commitment" in verdict.checked for verdict in verdicts) and register is None:
            messages.append(say("verify.no_frame"))
        return _result(verdicts, messages)


def _result(verdicts: list[Verdict], messages: list[str]) -> Result:
    rows = [
        {
            "draw_id": verdict.name,
            "ok": verdict.difference is None,
            "where": verdict.difference.where if verdict.difference else None,
            "found": verdict.difference.found if verdict.difference else None,
            "checked": verdict.checked,
        }
        for verdict in verdicts
    ]
    shown = [
        [
            verdict.name,
            say("verify.failed", found=verdict.difference.found) if verdict.difference else say("verify.ok"),
            ", ".join(say(f"verify.checked_{name}") for name in verdict.checked),
        ]
        for verdict in verdicts
    ]
    columns = [say("verify.col_draw"), say("verify.col_result"), say("verify.col_checked")]
    failed = any(verdict.difference is not None for verdict in verdicts)
    return Result(
        data={"schema": SCHEMA, "ok": not failed, "draws": rows},
        rows=[
            row | {"checked": " ".join(verdict.checked)} for row, verdict in zip(rows, verdicts, strict=True)
        ],
        tables=[Table(columns, shown, say("verify.title"))],
        exit_code=5 if failed else 0,
        problems=[note for verdict in verdicts for note in verdict.notes],
        messages=messages,
    )
