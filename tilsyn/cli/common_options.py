"""The options that every command has, before its name or after it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from tilsyn.base.language import say

Format = Literal["table", "json", "csv"]


def take(run: Callable[..., None], parameters: Sequence[inspect.Parameter]) -> None:
    """Let a function say that it takes these parameters, by name."""
    named = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
    run.__signature__ = inspect.Signature(named)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in named}


def _common(
    format: Annotated[
        Format, typer.Option(help=say("app.format"), rich_help_panel=say("app.panel"))
    ] = "table",
    lang: Annotated[
        Literal["da", "en"] | None, typer.Option(help=say("app.lang"), rich_help_panel=say("app.panel"))
    ] = None,
    today: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help=say("app.today"), rich_help_panel=say("app.panel")),
    ] = None,
    workspace: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help=say("app.workspace"), rich_help_panel=say("app.panel")),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help=say("app.verbose"), rich_help_panel=say("app.panel"))
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help=say("app.quiet"), rich_help_panel=say("app.panel"))
    ] = False,
    log_json: Annotated[
        Path | None, typer.Option(help=say("app.log_json"), rich_help_panel=say("app.panel"))
    ] = None,
    width: Annotated[
        int | None, typer.Option(min=20, help=say("app.width"), rich_help_panel=say("app.panel"))
    ] = None,
) -> None:
    """Hold the common options: `command` adds them to every command's own."""


COMMON_NAMES = tuple(inspect.signature(_common).parameters)


def common_parameters() -> list[inspect.Parameter]:
    """Return the common options, their help in the language in use."""
    return list(inspect.signature(_common, eval_str=True).parameters.values())
