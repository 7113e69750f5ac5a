"""What makes a function a command of `tilsyn`.

A command is a function that returns a `Result`. `command` gives it the common options, shows the result, and
turns the ways a command can end into exit codes: 0 done, 1 a bug, 2 usage, 3 input to correct, 4 refused,
5 a check found something.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import typer
from typer.models import ArgumentInfo

from tilsyn.base import clock, disk, language, own_numbers, place
from tilsyn.base.language import say
from tilsyn.base.periods import YEAR
from tilsyn.base.problems import InputError, TilsynError, UsageError
from tilsyn.base.steps import step
from tilsyn.base.which import Single, Which
from tilsyn.cli.common_options import COMMON_NAMES, common_parameters, take
from tilsyn.cli.console import Console, Result, console, show, use
from tilsyn.cli.usage import Command, Group

# The exit code of what is no way for a command to end.
_BUG = 1
# A single draw's name is a part of folders' and files' names.
LONGEST_NAME = 40
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


def which_of(level: int | None, single: str | None) -> Which:
    """Return which draw is meant; refused unless exactly one of the two is given."""
    if (level is None) == (single is None):
        raise UsageError(say("single.which"), say("single.which_remedy"))
    if single is not None:
        return single_of(single)
    assert level is not None
    check_level(level)
    return level


def which_if_any(level: int | None, single: str | None) -> Which | None:
    """Return which draw is meant; None where neither is given."""
    return None if level is None and single is None else which_of(level, single)


def single_of(name: str) -> Single:
    """Return the single draw of a name; refused where it can be none."""
    found = Single.named(name)
    if found is None or len(found.name) > LONGEST_NAME:
        remedy = say("single.bad_name_remedy", n=LONGEST_NAME)
        raise UsageError(say("single.bad_name", name=name), remedy)
    return found


def holder_of(app: typer.Typer, name: str, area: str) -> typer.Typer:
    """Make a command that only holds others."""
    holder = typer.Typer()
    app.add_typer(holder, name=name)

    def run(**given: Any) -> None:
        pass

    take(run, common_parameters())
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
        early = [key for key in given if key not in COMMON_NAMES and _is_written(ctx, key)]
        if early:
            option = f"--{early[0].replace('_', '-')}"
            message = say("usage.after_subcommand", option=option, command=ctx.invoked_subcommand)
            raise typer.BadParameter(message, param_hint=option)

    take(run, list(inspect.signature(alone).parameters.values()))
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
        common = {key: _nearest(ctx, key) for key in COMMON_NAMES}
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
                with console().watching():
                    code = _carry_out(function, own_given)
            finally:
                console().end(code)
                clock.set_today(None)
                own_numbers.look_for({})
        raise typer.Exit(code)

    _name_arguments(own.parameters.values())
    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    take(run, [context, *own.parameters.values(), *common_parameters()])
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


def _carry_out(function: Callable[..., Result], given: dict[str, Any]) -> int:
    """Run a command, show how it ended, and return the exit code; a disk that refuses is no bug."""
    try:
        return _end(function, given)
    except RuntimeError as error:
        # What DuckDB makes of Ctrl-C while it works.
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        raise
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
        with step("steps.working"):
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
