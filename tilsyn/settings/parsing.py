"""Reading `tilsyn.toml`: every fault at once, each with its key and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from tilsyn.base.cpr import looks_like_cpr, mask
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem, UsageError
from tilsyn.base.spelling import nearest
from tilsyn.base.toml_files import BadToml, Location, key_lines, line_of, read_toml, without_escapes
from tilsyn.base.toml_tables import BadValue, Fault, TomlTable, faults, told
from tilsyn.settings.schema import Settings

Given = TypeVar("Given", bound=TomlTable)

# What names a register is masked where it is told and recorded.
_ELSEWHERE = (("register", "path"), ("register", "url"), ("register", "query"))
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


def parse_settings(text: str, name: str = "tilsyn.toml") -> Settings:
    """Read settings from a file's text; in the problems `row` is the line and `column` the key's path."""
    try:
        data = read_toml(text)
    except BadToml as error:
        line = text.splitlines()[error.line - 1] if text.strip() else ""
        shown = without_escapes(error.reason, line)
        found, remedy = told("settings.syntax", reason=error.reason)
        if shown is not None:
            found, remedy = told("settings.backslash", line=shown)
        raise InputError([Problem(found, remedy, file=name, row=error.line)]) from None
    if numbers := list(_numbers(data, ())):
        lines = key_lines(text)
        raise InputError(
            Problem(found, remedy, file=name, row=line_of(place, lines), column=_path(place))
            for place, shown in numbers
            for found, remedy in (told("settings.cpr", text=shown),)
        )
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        lines = key_lines(text)
        raise InputError(
            Problem(
                fault.found,
                fault.remedy,
                file=name,
                row=line_of(fault.location, lines),
                column=_path(fault.location) or None,
            )
            for fault in worded(Settings, error)
        ) from None


def from_options(model: type[Given], values: Mapping[str, str | None]) -> Given:
    """Make a table of what the options of a command give; UsageError names the first that cannot be used."""
    try:
        return model.model_validate({key: value for key, value in values.items() if value is not None})
    except ValidationError as error:
        found = worded(model, error)[0]
        raise UsageError(f"--{found.location[0]}: {found.found}", found.remedy) from None


def worded(model: type[TomlTable], error: ValidationError) -> list[Fault]:
    """Return what is wrong in a table of settings, in the words of people."""
    return faults(model, error, _wording)


def _numbers(data: Any, place: Location) -> Iterator[tuple[Location, str]]:
    """Yield where something looks like a CPR number, masked; a file's name and a query are not kept."""
    if place in _ELSEWHERE:
        return
    if isinstance(data, str) and looks_like_cpr(data):
        yield place, mask(data)
    elif isinstance(data, dict):
        for key, value in data.items():
            if looks_like_cpr(key):
                yield (*place, mask(key)), mask(key)
            yield from _numbers(value, (*place, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _numbers(value, (*place, number))


def _path(location: Location) -> str:
    """Return a key path as people read it: `plan[2].levels.2.per_unit`, counting from 1."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _wording(bad: BadValue) -> tuple[str, str]:
    if bad.kind == "extra_forbidden":
        # A level's number is its heading, not a key.
        known = [key for key in bad.known if key != "level"]
        found, remedy = told("settings.unknown_key", name=bad.key, known=", ".join(known))
        near = nearest(bad.key, known)
        return found, f"{say('settings.unknown_key_nearest', nearest=near)} {remedy}" if near else remedy
    if bad.kind == "missing":
        return told("settings.no_plan" if bad.location == ("plan",) else "settings.missing", name=bad.key)
    wanted = say(
        f"settings.{_WANTED.get(bad.kind, 'want_other')}", limit=bad.limit, known=", ".join(bad.known)
    )
    return say("settings.wrong_value", value=repr(bad.value)), wanted
