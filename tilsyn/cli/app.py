"""The command `tilsyn`: its commands in the order of the procedure, and what all of them share.

A command is a function that returns a `Result`. `command` gives it the common options, shows the result, and
turns the ways a command can end into exit codes: 0 done, 1 a bug, 2 usage, 3 input to correct, 4 refused,
5 a check found something.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer._click.core import Command as AnyCommand
from typer.models import ArgumentInfo

from tilsyn import __version__
from tilsyn.base import clock, disk, language, own_numbers, place
from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.passwords import without_passwords
from tilsyn.base.periods import YEAR
from tilsyn.base.problems import InputError, TilsynError, UsageError
from tilsyn.cli.completion import install_completion, show_completion
from tilsyn.cli.console import (
    Console,
    Format,
    Result,
    console,
    show,
    use,
)
from tilsyn.cli.starting_language import starting_language
from tilsyn.cli.terminal import replace_what_cannot_be_shown
from tilsyn.cli.usage import Command, Group, in_own_words, translate_panels

# The commands in the order of the procedure: each is a module here with `add_to(app)`.
COMMANDS = (
    "init", "map", "check", "draw", "verify", "catalogue", "checklists", "letters", "load", "replace",
    "status", "compliance", "agreement", "trend", "report", "feedback", "plan", "dossier", "export",
    "run", "log", "demo",
)  # fmt: skip
# The exit code of what is no way for a command to end.
_BUG = 1
# The parameters in which commands take a period.
_PERIODS = ("period", "first", "last")


def command(app: typer.Typer, name: str, area: str | None = None) -> Callable[[Callable[..., Result]], None]:
    """Make a function from options, as Typer reads them, to a `Result` a command, with the common options.

    Its `help` and `example` stand in the dictionary under `area`, which is an area or `area.prefix_`; else
    its name.
    """
    prefix = area or name
    prefix = prefix if "." in prefix else f"{prefix}."

    def decorate(function: Callable[..., Result]) -> None:
        run = _with_common_options(function, name)
        app.command(name, cls=Command, help=say(f"{prefix}help"), epilog=_example(prefix))(run)

    return decorate


def check_level(level: int) -> None:
    """Refuse a number that no plan can have for a level."""
    from tilsyn.settings.levels import LAST_LEVEL

    if not 1 <= level <= LAST_LEVEL:
        values = {"level": level, "last": LAST_LEVEL}
        raise UsageError(say("usage.bad_level", **values), say("usage.bad_level_remedy", **values))


def holder_of(app: typer.Typer, name: str, area: str) -> typer.Typer:
    """Make a command that only holds others."""
    holder = typer.Typer()
    app.add_typer(holder, name=name)

    def run(**given: Any) -> None:
        pass

    _take(run, _common_parameters())
    holder.callback(cls=Group, help=say(f"{area}.help"))(run)
    return holder


def group(app: typer.Typer, name: str, area: str, function: Callable[..., Result]) -> typer.Typer:
    """Make a command that holds others, and does what the function does when none of them is given."""
    holder = typer.Typer()
    app.add_typer(holder, name=name)
    alone = _with_common_options(function, name)

    def run(ctx: typer.Context, **given: Any) -> None:
        if ctx.invoked_subcommand is None:
            alone(ctx, **given)
        # What stands before the subcommand would be passed over without a word.
        early = [key for key in given if key not in _COMMON_NAMES and _is_written(ctx, key)]
        if early:
            option = f"--{early[0].replace('_', '-')}"
            message = say("usage.after_subcommand", option=option, command=ctx.invoked_subcommand)
            raise typer.BadParameter(message, param_hint=option)

    _take(run, list(inspect.signature(alone).parameters.values()))
    help, example = say(f"{area}.help"), _example(f"{area}.")
    holder.callback(cls=Group, invoke_without_command=True, help=help, epilog=example)(run)
    return holder


def _example(prefix: str) -> str:
    example = "\n\n".join(say(f"{prefix}example").splitlines())
    return f"{say('app.example')}:\n\n{example}"


def _with_common_options(function: Callable[..., Result], name: str) -> Callable[..., None]:
    own = inspect.signature(function, eval_str=True)

    @functools.wraps(function)
    def run(ctx: typer.Context, **given: Any) -> None:
        common = {key: _nearest(ctx, key) for key in _COMMON_NAMES}
        own_given = {key: value for key, value in given.items() if key not in common}
        lang = common.pop("lang") or language.language()
        if (today := common.pop("today")) is not None:
            if not re.fullmatch(YEAR, f"{today.year:04}"):
                raise typer.BadParameter(
                    f"'{today.date()}' does not match the format %Y-%m-%d.", param_hint="--today"
                )
            clock.set_today(today.date())
        workspace = common.pop("workspace")
        with language.using(lang), place.working_in(workspace), use(Console(command=name, **common)):
            code = _BUG
            try:
                code = _carry_out(function, own_given)
            finally:
                console().end(code)
        raise typer.Exit(code)

    _name_arguments(own.parameters.values())
    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    _take(run, [context, *own.parameters.values(), *_common_parameters()])
    return run


def _nearest(ctx: typer.Context, key: str) -> Any:
    """Return a common option as it was written last: after the command, or before it."""
    place: Any = ctx
    while place.parent is not None and not _is_written(place, key):
        place = place.parent
    return place.params[key]


def _is_written(ctx: typer.Context, key: str) -> bool:
    source = ctx.get_parameter_source(key)
    return source is not None and source.name == "COMMANDLINE"


def _name_arguments(parameters: Iterable[inspect.Parameter]) -> None:
    """Let what is written without an option's name be called by a word of the language in use."""
    for parameter in parameters:
        for said in getattr(parameter.annotation, "__metadata__", ()):
            if isinstance(said, ArgumentInfo):
                said.metavar = say(f"usage.argument_{parameter.name}")


def _take(run: Callable[..., None], parameters: Sequence[inspect.Parameter]) -> None:
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


_COMMON_NAMES = tuple(inspect.signature(_common).parameters)


def _common_parameters() -> list[inspect.Parameter]:
    """Return the common options, their help in the language in use."""
    return list(inspect.signature(_common, eval_str=True).parameters.values())


def _carry_out(function: Callable[..., Result], given: dict[str, Any]) -> int:
    """Run a command, show how it ended, and return the exit code; a disk that refuses is no bug."""
    try:
        return _end(function, given)
    except OSError as error:
        if not disk.is_refusal(error):
            raise
        refused = disk.refused(error)
        console().error(refused.message, refused.remedy)
        return refused.exit_code


def _end(function: Callable[..., Result], given: dict[str, Any]) -> int:
    """Run a command, show how it ended, and return the exit code."""
    try:
        console().begin()
        result = function(**given | _periods_meant(given))
    except InputError as error:
        for problem in error.problems:
            console().problem(problem)
        return error.exit_code
    except TilsynError as error:
        console().error(error.message, error.remedy)
        return error.exit_code
    console().tell(result)
    show(result, console().format)
    return result.exit_code


def _periods_meant(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the periods that are named from today, such as `forrige`, by their own names."""
    texts = {key: given[key] for key in _PERIODS if given.get(key) is not None}
    if not texts:
        return {}
    from tilsyn.workspace.periods import relative_period

    return {key: relative_period(text, given.get("level")) for key, text in texts.items()}


@functools.cache
def build(lang: str) -> AnyCommand:
    """Return the whole application, its help in a language."""
    with language.using(lang):
        app = typer.Typer(
            cls=Group,
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
        _take(root, [*own, *_common_parameters()])
        app.callback()(root)
        for name in COMMANDS:
            importlib.import_module(f"tilsyn.cli.{name}").add_to(app)
        return typer.main.get_command(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tilsyn {__version__}")
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code."""
    lang = starting_language(arguments, Path.cwd())
    with language.using(lang):
        translate_panels()
        try:
            code = build(lang)(args=list(arguments) or ["--help"], prog_name="tilsyn", standalone_mode=False)
        except typer.TyperException as error:
            remedy = say("usage.try_help", command=_command_of(error))
            console().error(in_own_words(error.format_message()), remedy)
            return error.exit_code
        finally:
            clock.set_today(None)
            own_numbers.look_for({})
    return code if isinstance(code, int) else 0


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
    sys.exit(run(sys.argv[1:]))


def _report_bug(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """Show a bug's traceback, CPR-like numbers and passwords masked: an error text may hold a value."""
    text = "".join(traceback.format_exception(kind, error, trace))
    print(mask(without_passwords(text)) + say("app.bug"), file=sys.stderr)
