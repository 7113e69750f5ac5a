"""What stands in many tables of `tilsyn.toml`: names, lists of them, truth values and numbers."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from tilsyn.base.canonical import canonical_id, has_forbidden
from tilsyn.base.toml_tables import fault


def _name(value: str) -> str:
    name = canonical_id(value)
    if not name or has_forbidden(name):
        raise fault("settings.bad_name", value=value)
    return name


def as_tuple(value: Any) -> Any:
    """Let a single value stand for a list of one."""
    return (value,) if isinstance(value, str) else value


Name = Annotated[str, AfterValidator(_name)]
# A name that may be left empty.
Words = Annotated[str, AfterValidator(lambda value: _name(value) if value else "")]
Names = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
# TOML has real truth values, so 1 is none.
Flag = Annotated[bool, Field(strict=True)]
Months = Annotated[int, Field(ge=0)]
Size = Annotated[int, Field(ge=0)]
