"""The text of a new `tilsyn.toml`: settings that a person can read and change, each with a comment."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from string import Template

from tilsyn.base.canonical import same_name
from tilsyn.base.language import language, say
from tilsyn.formats.registers.recognition import Recognised
from tilsyn.settings.schema import Organisation

# The emergency duty unit has few cases: fewer are drawn there than from every other unit.
DUTY_UNIT, DUTY_SIZE = "Døgnvagten", 5
EXAMPLES = {"name": "Borgercenter Børn og Unge", "slug": "bbu"}
EXAMPLE_PATH = '# path = "register/sagsliste-{period}.csv"'
EXAMPLE_COLUMNS = ("case_id", "unit", "department", "caseworker", "opened", "closed")


def settings_text(
    root: Path,
    register: Path | None,
    recognised: Recognised | None,
    units: Sequence[str],
    first_day: date,
    organisation: Organisation,
) -> str:
    """Fill in the template of the language in use; what nobody gave stands there as a comment."""
    template = files("tilsyn.settings") / "templates" / f"tilsyn.{language()}.toml"
    duty = next((unit for unit in units if same_name(unit) == same_name(DUTY_UNIT)), None)
    unnamed = organisation.unnamed
    name, slug = (EXAMPLES | organisation.model_dump(exclude_unset=True)).values()
    return Template(template.read_text("utf-8")).substitute(
        name=f"{'# ' if 'name' in unnamed else ''}name = {_quoted(name)}",
        slug=f"{'# ' if 'slug' in unnamed else ''}slug = {_quoted(slug)}",
        path=f"path = {_quoted(_register_path(root, register))}" if register else EXAMPLE_PATH,
        columns="\n".join(_columns(recognised) if recognised else _example_columns()),
        first_day=first_day.isoformat(),
        units="\n".join(f"    {_quoted(unit)}," for unit in units),
        duty_unit=f"units = {{ {_quoted(duty)} = {DUTY_SIZE} }}\n" if duty else "",
    )


def _quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


def _register_path(root: Path, register: Path) -> str:
    """Return the register's path as the workspace should name it: relative when it is inside."""
    inside = register.resolve().is_relative_to(root.resolve())
    path = register.resolve().relative_to(root.resolve()) if inside else Path(os.path.abspath(register))  # noqa: PTH100  a link stays a link
    return path.as_posix().replace("{", "{{").replace("}", "}}")


def _example_columns() -> list[str]:
    return [f"# {name} = {_quoted(say(f'init.column_{name}'))}" for name in EXAMPLE_COLUMNS]


def _columns(recognised: Recognised) -> list[str]:
    width = max(len(column) for column in recognised.columns)
    lines = [f"{column:<{width}} = {_quoted(heading)}" for column, heading in recognised.columns.items()]
    if recognised.left_out:
        # A heading can hold anything; in a comment it must stay on its line.
        shown = ", ".join(" ".join(heading.split()) for heading in recognised.left_out)
        lines.append(f"# {say('init.comment_left_out')} {shown}")
    return lines
