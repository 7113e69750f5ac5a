"""What the tables of a TOML file may say, as pydantic models; each fault with its place and its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from tilsyn.base.language import say
from tilsyn.base.toml_files import Location


class TomlTable(BaseModel):
    """A table of a TOML file: no unknown keys, never changed after reading."""

    # Most tables are only read within another: a form of their own is made where it is used.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


@dataclass(frozen=True)
class BadValue:
    """What pydantic found, by its own name of the `kind`, and the keys or values that can stand there."""

    kind: str
    location: Location
    value: Any
    known: list[str]
    limit: Any

    @property
    def key(self) -> str:
        return str(self.location[-1]) if self.location else ""


# To what was found and the remedy.
Wording = Callable[[BadValue], tuple[str, str]]


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file: where, what was found, and what to do."""

    location: Location
    found: str
    remedy: str


def fault(key: str, **values: Any) -> PydanticCustomError:
    """Return an error whose text and remedy stand in the dictionary as `key` and `key_remedy`."""
    return PydanticCustomError("told", "{key}", {"key": key, "values": values})


def told(key: str, **values: Any) -> tuple[str, str]:
    """Return the dictionary's text and remedy."""
    return say(key, **values), say(f"{key}_remedy", **values)


def faults(model: type[TomlTable], error: ValidationError, wording: Wording) -> list[Fault]:
    """Return what pydantic found wrong in a file that `model` says the form of."""
    tables = {"": model} | dict(_tables(model))
    return [_fault(detail, tables, wording) for detail in error.errors(include_url=False)]


def _fault(detail: ErrorDetails, tables: Mapping[str, type[TomlTable]], wording: Wording) -> Fault:
    kind, context = detail["type"], detail.get("ctx", {})
    # Pydantic marks a fault in a key, not its value, with a part that is no key.
    location = tuple(part for part in detail["loc"] if part != "[key]")
    if kind == "told":
        return Fault(location, *told(context["key"], **context["values"]))
    if kind == "extra_forbidden":
        table = next((str(part) for part in reversed(location[:-1]) if str(part) in tables), "")
        known = keys(tables[table])
    else:
        known = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "").split(", ")
    limit = next((context[name] for name in ("ge", "gt", "le", "lt") if name in context), "")
    return Fault(location, *wording(BadValue(kind, location, detail["input"], known, limit)))


def keys(model: type[TomlTable]) -> list[str]:
    """Return the keys that can stand in a table, as they are written."""
    return [info.alias or name for name, info in model.model_fields.items()]


def _tables(model: type[TomlTable]) -> Iterator[tuple[str, type[TomlTable]]]:
    """Yield the tables inside a table, each by the key that it stands under."""
    for key, info in zip(keys(model), model.model_fields.values(), strict=True):
        for inner in _models(info.annotation):
            yield key, inner
            yield from _tables(inner)


def _models(annotation: Any) -> Iterator[type[TomlTable]]:
    if isinstance(annotation, type) and issubclass(annotation, TomlTable):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
