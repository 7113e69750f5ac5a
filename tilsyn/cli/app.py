"""The command `tilsyn`: its commands in the order of the procedure, each built when it is called."""

from __future__ import annotations

import functools
import gc
import importlib
import inspect
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer._click.core import Command as AnyCommand

from tilsyn import __version__
from tilsyn.base import language
from tilsyn.base.language import say
from tilsyn.cli.characters import replace_what_cannot_be_shown
from tilsyn.cli.common_options import common_parameters, take
from tilsyn.cli.completion import install_completion, show_completion
from tilsyn.cli.starting_language import starting_language
from tilsyn.cli.usage import Command, Group

# The commands in the order of the procedure: each is a module here with `add_to(app)`.
COMMANDS = (
    "init", "map", "check", "draw", "verify", "catalogue", "checklists", "letters", "load", "replace",
    "status", "deadlines", "compliance", "complaints", "agreement", "trend", "report", "feedback",
    "followup", "plan", "dossier", "export", "run", "log", "demo",
)  # fmt: skip
# Where the dictionary has the words of those that have no area of their name.
_AREAS = {"checklists": "checklist", "plan": "planning"}


class _Root(Group):
    """The command `tilsyn` itself: of the others it knows no more than their names and what they are for."""

    def __init__(self, **settings: Any) -> None:
        """Name the commands."""
        super().__init__(**settings)
        self.commands = {name: Command(name=name) for name in COMMANDS}

    def get_command(self, ctx: Any, cmd_name: str) -> AnyCommand | None:
        """Return what a list of the commands says of one."""
        if (command := self.commands.get(cmd_name)) is not None:
            command.help = say(f"{_AREAS.get(cmd_name, cmd_name)}.help")
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, AnyCommand | None, list[str]]:
        """Return the command that is called, whole."""
        name, known, rest = super().resolve_command(ctx, args)
        return name, known and build(known.name or "", language.language()), rest


@functools.cache
def build(name: str, lang: str) -> AnyCommand:
    """Return a command, its help in a language."""
    with language.using(lang):
        app = typer.Typer()
        importlib.import_module(f"tilsyn.cli.{name}").add_to(app)
        return typer.main.get_group(app).commands[name]


@functools.cache
def build_root(lang: str) -> AnyCommand:
    """Return the command that holds the others, its help in a language."""
    with language.using(lang):
        app = typer.Typer(
            cls=_Root,
            help=say("app.help"),
            epilog=say("app.epilog"),
            add_completion=False,  # typer's own speaks English, and loosens PowerShell's security
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["--help", "-h"]},
        )

        def root(
            version: Annotated[
                bool,
                typer.Option("--version", help=say("app.version"), callback=_show_version, is_eager=True),
            ] = False,
            install_completion: Annotated[
                Literal["bash", "zsh", "fish"] | None,
                typer.Option(help=say("completion.install_help"), callback=install_completion, is_eager=True),
            ] = None,
            show_completion: Annotated[
                Literal["bash", "zsh", "fish", "powershell"] | None,
                typer.Option(help=say("completion.show_help"), callback=show_completion, is_eager=True),
            ] = None,
            **common: Any,
        ) -> None:
            pass

        *own, _ = inspect.signature(root, eval_str=True).parameters.values()
        take(root, [*own, *common_parameters()])
        app.callback()(root)
        return typer.main.get_command(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tilsyn {__version__}")
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code."""
    lang = starting_language(arguments, Path.cwd())
    with language.using(lang):
        try:
            code = build_root(lang)(
                args=list(arguments) or ["--help"], prog_name="tilsyn", standalone_mode=False
            )
        except typer.TyperException as error:
            return _tell_of_wrong_usage(error)
    return code if isinstance(code, int) else 0


def _tell_of_wrong_usage(error: typer.TyperException) -> int:
    from tilsyn.cli.console import console
    from tilsyn.cli.usage import in_own_words

    remedy = say("usage.try_help", command=_command_of(error))
    console().error(in_own_words(error.format_message()), remedy)
    return error.exit_code


def _command_of(error: typer.TyperException) -> str:
    """Return the command that was used wrongly, with those it stands under."""
    context = getattr(error, "ctx", None)
    return "tilsyn" if context is None else str(context.command_path)


def main() -> None:
    """Carry out the command line of this process."""
    sys.excepthook = _report_bug
    # What a library writes is for owner and group, as what is written here.
    os.umask(os.umask(0o077) | 0o007)
    replace_what_cannot_be_shown()
    # What a command reads lives until it ends: looking through it again and again for what can go is in vain.
    gc.set_threshold(200_000)
    code = run(sys.argv[1:])
    # Nor for what only it held together, when all of it goes.
    gc.freeze()
    sys.exit(code)


def _report_bug(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """Show a bug's traceback, CPR-like numbers and passwords masked: an error text may hold a value."""
    from tilsyn.base.cpr import mask
    from tilsyn.base.passwords import without_passwords

    text = "".join(traceback.format_exception(kind, error, trace))
    print(mask(without_passwords(text)) + say("app.bug"), file=sys.stderr)
