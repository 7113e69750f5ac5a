"""`tilsyn verify`: recompute draws, and name the first difference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tilsyn.base.language import say
from tilsyn.base.problems import UsageError
from tilsyn.cli.command import command
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.procedure.verify import Verification

SCHEMA = "tilsyn/verify/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "verify")
    def verify(
        path: Annotated[Path | None, typer.Argument(help=say("verify.arg_path"))] = None,
        every: Annotated[bool, typer.Option("--all", help=say("verify.opt_all"))] = False,
        register: Annotated[
            str | None, typer.Option(metavar="FILE|URL", help=say("verify.opt_register"))
        ] = None,
        anchor: Annotated[
            str | None, typer.Option(metavar="COUNT:HASH", help=say("verify.opt_anchor"))
        ] = None,
        workbooks: Annotated[bool, typer.Option("--workbooks", help=say("verify.opt_workbooks"))] = False,
    ) -> Result:
        if workbooks and not every:
            raise UsageError(say("verify.workbooks_all"), say("verify.workbooks_all_remedy"))
        if (path is not None and every) or (path is None and not every and anchor is None):
            raise UsageError(say("verify.path_or_all"), say("verify.path_or_all_remedy"))
        from tilsyn.procedure.verify import verify_all, verify_anchor, verify_draw, workspace_of
        from tilsyn.workspace.draws import read_draw
        from tilsyn.workspace.registers import source_of
        from tilsyn.workspace.workspace import Workspace

        messages = []
        verified = [] if anchor is None else [verify_anchor(Workspace.open(), anchor)]
        if path is not None:
            draw = read_draw(path)
            workspace = workspace_of(draw.path.resolve())
            if workspace is None:
                messages.append(say("verify.no_log"))
                if register is not None:
                    message = say("verify.register_needs_workspace")
                    raise UsageError(message, say("verify.register_needs_workspace_remedy"))
            verified.append(verify_draw(workspace, draw, source_of(register)))
        if every:
            found = verify_all(Workspace.open(), source_of(register), workbooks)
            messages += [say("verify.nothing")] if len(found) == 1 else []
            verified += found
        if any("commitment" in verification.checked for verification in verified) and register is None:
            messages.append(say("verify.no_frame"))
        return _result(verified, messages)


def _sound(verification: Verification) -> str:
    """Return that a draw is as it must be, and how many seeds were made for it where it was not one."""
    if verification.tries in (None, 1):
        return say("verify.ok")
    return say("verify.ok_tries", n=verification.tries)


def _result(verified: list[Verification], messages: list[str]) -> Result:
    rows = [
        {
            "draw_id": verification.name,
            "ok": verification.difference is None,
            "where": verification.difference.where if verification.difference else None,
            "found": verification.difference.found if verification.difference else None,
            "checked": verification.checked,
            "tries": verification.tries,
        }
        for verification in verified
    ]
    shown = [
        [
            verification.name,
            say("verify.failed", found=verification.difference.found)
            if verification.difference
            else _sound(verification),
            ", ".join(say(f"verify.checked_{name}") for name in verification.checked),
        ]
        for verification in verified
    ]
    columns = [say("verify.col_draw"), say("verify.col_result"), say("verify.col_checked")]
    failed = any(verification.difference is not None for verification in verified)
    return Result(
        data={"schema": SCHEMA, "ok": not failed, "draws": rows},
        rows=[
            row | {"checked": " ".join(verification.checked)}
            for row, verification in zip(rows, verified, strict=True)
        ],
        tables=[Table(columns, shown, say("verify.title"))],
        exit_code=5 if failed else 0,
        problems=[note for verification in verified for note in verification.notes],
        messages=messages,
        nothing=not failed,
    )
