"""The column map: which of the register's headings is which of our columns, said or changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tomlkit
from pydantic import ValidationError

from tilsyn.base.cpr import mask
from tilsyn.base.database import within_memory
from tilsyn.base.language import say
from tilsyn.base.privacy import refuse_cpr
from tilsyn.base.problems import UsageError
from tilsyn.base.toml_files import key_lines, read_toml
from tilsyn.formats import files
from tilsyn.formats.registers.recognised_register import given_headings, read_headings
from tilsyn.procedure.init_settings import toml_text
from tilsyn.settings.parsing import parse_settings, worded
from tilsyn.settings.schema import COLUMNS, Register
from tilsyn.workspace.workspace import SETTINGS_NAME, Workspace

COLUMNS_TABLE = ("register", "columns")
MARK = "\ufeff"


@dataclass(frozen=True)
class MapChange:
    """One line of the map: what the column was before, and is now; None where it is not mapped."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class MapChanged:
    """What was changed, the whole map now, and the register whose headings were looked at."""

    columns: Mapping[str, str]
    changes: list[MapChange] = field(default_factory=list)
    looked_at: Path | None = None


def read_map(pairs: Sequence[str]) -> dict[str, str]:
    """Return our columns to their headings; UsageError at the first pair that cannot be used."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, _, heading = (part.strip() for part in pair.partition("="))
        if not name or not heading:
            remedy = say("map.bad_pair_remedy", known=", ".join(COLUMNS))
            raise UsageError(say("map.bad_pair", text=mask(pair)), remedy)
        if name in found:
            raise UsageError(say("map.twice", name=name), say("map.twice_remedy"))
        found[name] = heading
    try:
        Register(columns=found)
    except ValidationError as error:
        fault = worded(Register, error)[0]
        raise UsageError(fault.found, fault.remedy) from None
    return found


@within_memory()
def change_map(workspace: Workspace, wanted: Mapping[str, str]) -> MapChanged:
    """Change the map in `tilsyn.toml`, all its comments kept.

    A heading that another column had is moved, and a unit for all cases gives way to a column of units.
    """
    with workspace.locked():
        path = workspace.root / SETTINGS_NAME
        whole = path.read_bytes().decode("utf-8")
        text = whole.removeprefix(MARK)
        register = parse_settings(text).register
        looked_at = _register_file(workspace.root, register.path)
        if looked_at is not None:
            wanted = given_headings(wanted, read_headings(looked_at))
        after = {
            name: heading for name, heading in register.columns.items() if heading not in wanted.values()
        }
        after |= wanted
        changes = [
            MapChange(name, register.columns.get(name), after.get(name))
            for name in [*after, *(name for name in register.columns if name not in after)]
            if register.columns.get(name) != after.get(name)
        ]
        if changes:
            text = _edited(text, changes, without_unit="unit" in wanted and register.unit is not None)
            parse_settings(text)
            refuse_cpr(read_toml(text), SETTINGS_NAME)
            files.write_bytes(path, (MARK * whole.startswith(MARK) + text).encode(), overwrite=True)
        return MapChanged(after, changes, looked_at)


def _register_file(root: Path, path: str | None) -> Path | None:
    """Return the register file whose headings can be looked at: of several periods the last."""
    if path is None:
        return None
    pattern = root / path.format(period="*")
    found = sorted(pattern.parent.glob(pattern.name)) if "{period}" in path else [pattern]
    return next((file for file in reversed(found) if file.is_file()), None)


def _edited(text: str, changes: Sequence[MapChange], *, without_unit: bool) -> str:
    document = tomlkit.parse(text)
    if "register" not in document:
        document["register"] = tomlkit.table()
    register = document["register"]
    if without_unit:
        del register["unit"]
    if "columns" not in register:
        register["columns"] = tomlkit.table()
    columns = register["columns"]
    for change in changes:
        if change.after is None:
            del columns[change.column]
        elif change.before is not None:
            columns[change.column] = change.after
    new = {c.column: c.after for c in changes if c.before is None and c.after is not None}
    text = tomlkit.dumps(document)
    at = key_lines(text)
    lines = text.splitlines(keepends=True)
    heading = at.get(COLUMNS_TABLE)
    if heading is None or not lines[heading - 1].lstrip().startswith("["):
        columns.update(new)
        return tomlkit.dumps(document)
    # Below the last line of the map: the library would put them below the comments that follow it.
    last = max(line for place, line in at.items() if place[:2] == COLUMNS_TABLE)
    key, sign, _ = lines[last - 1].partition("=")
    width = len(key.rstrip(" ")) if not sign else len(key) - 1
    end = "\r\n" if lines[last - 1].endswith("\r\n") else "\n"
    added = [f"{name:<{width if sign else 0}} = {toml_text(value)}{end}" for name, value in new.items()]
    if not lines[last - 1].endswith("\n"):
        lines[last - 1] += end
    return "".join([*lines[:last], *added, *lines[last:]])
