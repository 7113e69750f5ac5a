"""The command-line library's own words in the user's language: usage errors and the panels of a help text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from typer import TyperException
from typer._click.core import Command as AnyCommand
from typer._coercion import RuntimeParam, TypeDescriptor, build_runtime_param
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from tilsyn.base.aliases import program_word, user_word
from tilsyn.base.language import say

# How the library words a usage error, and the dictionary's entry for it; group n of the pattern is {n} there.
_FORMS = (
    (r"Missing (?:argument|option|parameter):? ?'?([^']*?)'?\.?(?: .*)?", "usage.missing"),
    (r"No such option: (\S+)", "usage.no_option"),
    (r"No such option: (\S+) \(Possible options: (.*)\)", "usage.no_option_nearest"),
    (r"No such command '(.*?)'\.", "usage.no_command"),
    (r"No such command '(.*?)'\. Did you mean (.*)\?", "usage.no_command_nearest"),
    (r"Missing command\.", "usage.no_command_given"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "usage.extra"),
    (r"Option '(.*)' requires an argument\.", "usage.needs_value"),
    (r"Option '(.*)' requires (\d+) arguments\.", "usage.needs_values"),
    (r"Option '(.*)' does not take a value\.", "usage.takes_no_value"),
    (r"Invalid value for '?(.*?)'?: (?:Value error, )?'(.*)' is not one of (.*)\.", "usage.not_one_of"),
    (
        r"Invalid value for '?(.*?)'?: (?:Value error, )?'(.*)' does not match the formats? (.*)\.",
        "usage.no_date",
    ),
    (r"Invalid value for '?(.*?)'?: Input should be less than or equal to (.*)", "usage.too_large"),
    (r"Invalid value for '?(.*?)'?: Input should be greater than or equal to (.*)", "usage.too_small"),
    (r"Invalid value for '?(.*?)'?: Input should be a valid integer.*", "usage.no_integer"),
    (r"Invalid value for '?(.*?)'?: Input should be a valid number.*", "usage.no_number"),
    (r"Invalid value for '?(.*?)'?: (.*)", "usage.invalid"),
)


def in_own_words(message: str) -> str:
    """Return the library's English message about wrong usage in the language in use.

    >>> in_own_words("No such command 'dravv'.")
    'Der er ingen kommando, der hedder »dravv«.'
    """
    for form, key in _FORMS:
        if match := re.fullmatch(form, message, re.DOTALL):
            return say(key, "", *(_unquoted(group or "") for group in match.groups()))
    # A new version of the library may word it in another way.
    return message


def _unquoted(words: str) -> str:
    """Return listed words without the library's quotes.

    >>> _unquoted("'table', 'json'")
    'table, json'
    """
    return re.sub(r"'([^' ]*)'", r"\1", words)


def _translate_panels() -> None:
    """Give the panels of a help text their titles in the language in use."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = say("usage.arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say("usage.options")
    rich_utils.COMMANDS_PANEL_TITLE = say("usage.commands")
    rich_utils.DEFAULT_STRING = say("usage.default")
    rich_utils.REQUIRED_LONG_STRING = say("usage.required")


def _usage(line: str) -> str:
    """Return a line on how a command is called, in the language in use."""
    for word, key in (
        ("Usage:", "usage.usage"),
        ("[OPTIONS]", "usage.any_options"),
        ("[ARGS]", "usage.any_arguments"),
        ("COMMAND", "usage.a_command"),
    ):
        line = line.replace(word, say(key), 1)
    return line


@dataclass(frozen=True)
class _WhenGiven(RuntimeParam):
    """How a value is read, settled where there is one: the library settles it for every option there is."""

    descriptor: TypeDescriptor

    def _coerce_value(self, value: Any, param: Any, ctx: Any) -> Any:
        return build_runtime_param(self.descriptor)._coerce_value(value, param, ctx)


class _InOwnWords(AnyCommand):
    """What commands and groups do alike: help and errors in the user's language, other words for options."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        """Tell of every option how it may be written too."""
        super().__init__(*args, **settings)
        self.context_settings = {**self.context_settings, "token_normalize_func": program_word}
        for option in self.params:
            if isinstance(option, TyperOption) and (also := _also(option)):
                option.help = f"{option.help or ''} {also}".strip()
            if isinstance(option, TyperOption | TyperArgument):
                read = option.type_descriptor
                option._runtime_param = _WhenGiven(read.parameter_info, read.annotation, read)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was written; an error that does not know its command is told of it."""
        try:
            return super().parse_args(ctx, args)
        except TyperException as error:
            if getattr(error, "ctx", ctx) is None:
                error.ctx = ctx  # type: ignore[attr-defined]
            raise

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """Return `--help`."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say("usage.help")
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help."""
        _translate_panels()
        super().format_help(ctx, formatter)

    def get_usage(self, ctx: Any) -> str:
        """Return how the command is called."""
        return _usage(super().get_usage(ctx))


class Command(_InOwnWords, TyperCommand):
    """A command in the user's language throughout."""


class Group(_InOwnWords, TyperGroup):
    """The same for a command that holds others."""


def _also(option: TyperOption) -> str:
    """Return how an option is written in the language in use; empty where that is the program's own words."""
    choices = [str(choice) for choice in option.type_descriptor.choices or ()]
    names = [name[2:] for name in (*option.opts, *option.secondary_opts) if name.startswith("--")]
    if [user_word(word) for word in (*names, *choices)] == [*names, *choices]:
        return ""
    named = "/".join(f"--{user_word(name)}" for name in names)
    return say("usage.also", form=f"{named} {'|'.join(map(user_word, choices))}".strip())
