"""The command-line library's own words in the user's language: usage errors and the panels of a help text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from tilsyn.base.language import say

if TYPE_CHECKING:
    from typer.core import TyperOption

# How the library words a usage error, and the dictionary's entry for it; group n of the pattern is {n} there.
_FORMS = (
    (r"Missing (?:argument|option|parameter):? ?'?([^']*?)'?\.?(?: .*)?", "usage.missing"),
    (r"No such option: (\S+)", "usage.no_option"),
    (r"No such option: (\S+) \(Possible options: (.*)\)", "usage.no_option_nearest"),
    (r"No such command '(.*?)'\.", "usage.no_command"),
    (r"No such command '(.*?)'\. Did you mean (.*)\?", "usage.no_command_nearest"),
    (r"Missing command\.", "usage.no_command_given"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "usage.extra"),
    (r"Option '(.*)' requires (?:an argument|\d+ arguments)\.", "usage.needs_value"),
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
            return say(key, "", *(group or "" for group in match.groups()))
    # A new version of the library may word it in another way.
    return message


def translate_panels() -> None:
    """Give the panels of a help text their titles in the language in use."""
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


class Command(TyperCommand):
    """A command whose help is in the user's language throughout."""

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """Return `--help`."""
        return _translated(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return how the command is called."""
        return _usage(super().get_usage(ctx))


class Group(TyperGroup):
    """The same for a command that holds others."""

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """Return `--help`."""
        return _translated(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return how the command is called."""
        return _usage(super().get_usage(ctx))


def _translated(option: TyperOption | None) -> TyperOption | None:
    if option is not None:
        option.help = say("usage.help")
    return option
