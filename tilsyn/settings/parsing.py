"""Reading `tilsyn.toml`: every fault at once, each with its key and line."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem
from tilsyn.base.spelling import nearest
from tilsyn.settings.plan import LevelPlan, PlanVersion, Risk
from tilsyn.settings.schema import (
    FrameSettings,
    Hverdage,
    LeaveOut,
    Limits,
    Organisation,
    Privacy,
    Register,
    Settings,
)

__all__ = ["parse_settings"]

Location = tuple[int | str, ...]

# The table that a location ends in, by its last named part.
_TABLES: dict[str, type[BaseModel]] = {
    "": Settings,
    "organisation": Organisation,
    "register": Register,
    "frame": FrameSettings,
    "leave_out": LeaveOut,
    "privacy": Privacy,
    "hverdage": Hverdage,
    "limits": Limits,
    "plan": PlanVersion,
    "levels": LevelPlan,
    "risk": Risk,
}

# What to write instead, by pydantic's own name of the fault.
_WANTED = {
    "string_type": "want_text",
    "int_type": "want_whole",
    "int_parsing": "want_whole",
    "int_from_float": "want_whole",
    "float_type": "want_number",
    "float_parsing": "want_number",
    "greater_than_equal": "want_at_least",
    "greater_than": "want_over",
    "less_than_equal": "want_at_most",
    "less_than": "want_under",
    "date_type": "want_date",
    "date_parsing": "want_date",
    "date_from_datetime_parsing": "want_date",
    "date_from_datetime_inexact": "want_date",
    "bool_type": "want_bool",
    "bool_parsing": "want_bool",
    "literal_error": "want_one_of",
    "tuple_type": "want_list",
    "dict_type": "want_table",
    "model_type": "want_table",
    "model_attributes_type": "want_table",
    "too_short": "want_some",
}


def _path(location: Location) -> str:
    """Return a key path as people read it: `plan[2].levels.2.per_unit`, counting from 1."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _lines(text: str) -> dict[Location, int]:
    """Return the line of each table and key, found by reading headings and `key =` alone."""
    lines: dict[Location, int] = {}
    table: Location = ()
    counts: dict[Location, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        heading = re.match(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]", line)
        key = re.match(r"\s*(\"[^\"]+\"|[\w-]+)\s*=", line)
        if heading:
            names = [part.strip().strip("\"'") for part in heading[2].split(".")]
            table = ()
            for name in names[:-1]:
                table += (name,)
                if table in counts:
                    table += (counts[table] - 1,)
            table += (names[-1],)
            if heading[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table += (counts[table] - 1,)
            lines.setdefault(table, number)
        elif key:
            lines.setdefault((*table, key[1].strip('"')), number)
    return lines


def _line(location: Location, lines: dict[Location, int]) -> int | None:
    """Return the line of a key, or of the nearest thing around it."""
    while location:
        if location in lines:
            return lines[location]
        location = location[:-1]
    return None


def _unknown_key(location: Location) -> tuple[str, str]:
    table = next((str(part) for part in reversed(location[:-1]) if str(part) in _TABLES), "")
    fields = {name: info for name, info in _TABLES[table].model_fields.items() if name != "level"}
    known = [info.alias or name for name, info in fields.items()]
    key = str(location[-1])
    remedy = say("settings.unknown_key_remedy", known=", ".join(known))
    if near := nearest(key, known):
        remedy = say("settings.unknown_key_nearest", nearest=near) + " " + remedy
    return say("settings.unknown_key", name=key), remedy


def _wording(error: ErrorDetails) -> tuple[str, str]:
    """Return what was found and the remedy, in the user's language."""
    kind, context, location = error["type"], error.get("ctx", {}), error["loc"]
    if kind == "told":
        return say(context["key"], **context["values"]), say(f"{context['key']}_remedy", **context["values"])
    if kind == "extra_forbidden":
        return _unknown_key(location)
    if kind == "missing":
        key = "settings.no_plan" if location == ("plan",) else "settings.missing"
        return say(key, name=location[-1]), say(f"{key}_remedy")
    limit = next((context[name] for name in ("ge", "gt", "le", "lt") if name in context), "")
    known = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    wanted = say(f"settings.{_WANTED.get(kind, 'want_other')}", limit=limit, known=known)
    return say("settings.wrong_value", value=repr(error["input"])), wanted


def parse_settings(text: str, name: str = "tilsyn.toml") -> Settings:
    """Read settings from the text of a `tilsyn.toml`.

    Parameters
    ----------
    text : str
        TOML 1.0.
    name : str
        The file's name, for messages.

    Returns
    -------
    Settings

    Raises
    ------
    InputError
        With every fault found; `row` is the line and `column` the key's path.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        reason = str(error).split(" (at ")[0]
        number = int(place[1]) if place else len(text.splitlines())
        found = say("settings.syntax", reason=reason)
        raise InputError([Problem(found, say("settings.syntax_remedy"), file=name, row=number)]) from None
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        lines = _lines(text)
        problems = []
        for detail in error.errors(include_url=False):
            # Pydantic marks a fault in a key, not its value, with a part that is no key.
            location = tuple(part for part in detail["loc"] if part != "[key]")
            found, remedy = _wording(detail)
            row, column = _line(location, lines), _path(location) or None
            problems.append(Problem(found, remedy, file=name, row=row, column=column))
        raise InputError(problems) from None
