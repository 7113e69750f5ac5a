"""What stands in many tables of `tilsyn.toml`: names, lists of them, truth values and numbers."""

from __future__ import annotations

import string
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from tilsyn.base.canonical import canonical_id, has_forbidden
from tilsyn.base.toml_tables import fault


def _name(value: str) -> str:
    name = canonical_id(value)
    if not name or has_forbidden(name):
        raise fault("settings.bad_name", value=value)
    return name


_ESCAPED = str.maketrans({"\t": r"\t", "\n": r"\n", "\r": r"\r", "\b": r"\b", "\f": r"\f"})


def _path(value: str, info: ValidationInfo, known: tuple[str, ...] = ("period",)) -> str:
    if any(ord(sign) < 32 for sign in value):
        # What stands after a backslash in "…" is read as a sign of its own: \t, \n, \r, \b, \f.
        raise fault("settings.backslash", line=f"{info.field_name} = '{value.translate(_ESCAPED)}'")
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(value) if field is not None]
    except ValueError:
        fields = [value]
    for field in fields:
        if field not in known:
            shown = ", ".join(f"{{{name}}}" for name in known)
            raise fault("settings.bad_path_field", field=field, known=shown)
    return value


def _register_path(value: str, info: ValidationInfo) -> str:
    return _path(value, info, ("period", "as_of"))


def as_tuple(value: Any) -> Any:
    """Let a single value stand for a list of one."""
    return (value,) if isinstance(value, str) else value


Name = Annotated[str, AfterValidator(_name)]
# A name that may be left empty.
Words = Annotated[str, AfterValidator(lambda value: _name(value) if value else "")]
Names = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
# A file's path from the workspace; `{period}` in it is filled in.
PathText = Annotated[str, AfterValidator(_path)]
# The register's: the day it was taken out may be a part of its name, too.
RegisterPath = Annotated[str, AfterValidator(_register_path)]
# TOML has real truth values, so 1 is none.
Flag = Annotated[bool, Field(strict=True)]
Months = Annotated[int, Field(ge=0)]
Size = Annotated[int, Field(ge=0)]
