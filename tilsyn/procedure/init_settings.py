"""The text of a new `tilsyn.toml`: settings that a person can read and change, each with a comment."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Any

from tilsyn.base.canonical import same_name
from tilsyn.base.language import language, say
from tilsyn.base.toml_files import read_toml
from tilsyn.formats.registers.recognised_register import RecognisedRegister
from tilsyn.formats.registers.recognition import Recognised
from tilsyn.settings.schema import Organisation

EXAMPLE_COLUMNS = ("case_id", "unit", "department", "caseworker", "opened", "closed")
# What cases are told, drawn and left out by: a register that has none of one is told so.
NEEDED = ("case_id", "unit", "caseworker", "closed")

# A month, a quarter or a half year, written as `{period}` is filled in; a part of a day is none.
_PERIOD = re.compile(r"(?<!\d)(?<!\d-)(?:19|20)\d{2}-(?:Q[1-4]|H[12]|0[1-9]|1[0-2])(?![\w-])")


@dataclass(frozen=True)
class WantedWorkspace:
    """What is said of a new workspace: its register and what is what there, and whose it is."""

    register: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    organisation: Organisation = field(default_factory=Organisation)
    baseline: str | None = None


@cache
def example() -> dict[str, Any]:
    """Return what a new workspace says as an example, where nobody says anything."""
    return read_toml((_templates() / "example.toml").read_text("utf-8"))


def _templates() -> Traversable:
    return files("tilsyn.settings") / "templates"


def settings_text(
    root: Path,
    wanted: WantedWorkspace,
    recognised: RecognisedRegister | None,
    units: Sequence[str],
    first_day: date,
) -> str:
    """Fill in the template of the language in use; what nobody gave stands there as a comment."""
    template = _templates() / f"tilsyn.{language()}.toml"
    known = example()
    duty = next((unit for unit in units if same_name(unit) == same_name(known["duty_unit"])), None)
    unnamed = wanted.organisation.unnamed
    named = {key: known[key][language()] for key in ("name", "slug")}
    named |= wanted.organisation.model_dump(exclude_unset=True)
    register = wanted.register
    return Template(template.read_text("utf-8")).substitute(
        name=_line("name", named["name"], "name" not in unnamed),
        slug=_line("slug", named["slug"], "slug" not in unnamed),
        path=_line("path", path_from(root, register))
        if register
        else _line("path", say("init.example_path"), False),
        date_order=_line("date_order", "month_first", recognised is not None and recognised.month_first),
        one_row_per=_line("one_row_per", "measure", recognised is not None and recognised.per_measure),
        unit=_line("unit", wanted.unit or say("init.whole"), wanted.unit is not None),
        columns="\n".join(_columns(recognised.found, wanted.unit) if recognised else _example_columns()),
        baseline=_line("baseline", wanted.baseline or known["baseline"], wanted.baseline is not None),
        first_day=first_day.isoformat(),
        units="\n".join(f"    {toml_text(unit)}," for unit in units),
        duty_unit=f"units = {{ {toml_text(duty)} = {known['duty_size']} }}\n" if duty else "",
    )


def period_in(name: str) -> str | None:
    """Return the period that a file's name holds once, as it stands in `{period}`'s place.

    >>> period_in("sager-2018-Q2.csv"), period_in("sager-2018-06-30.csv"), period_in("sager.csv")
    ('2018-Q2', None, None)
    """
    found = _PERIOD.findall(name)
    return found[0] if len(found) == 1 else None


def _line(key: str, value: str, holds: bool = True) -> str:
    return f"{'' if holds else '# '}{key} = {toml_text(value)}"


def toml_text(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


def path_from(root: Path, register: Path) -> str:
    """Return the register's path as the workspace should name it: relative, where they share a folder."""
    # A link stays a link: only its folder is looked up.
    whole = register.parent.resolve() / register.name
    home = root.resolve()
    shared = {*home.parents, home} & set(whole.parents)
    path = whole
    if any(folder != Path(folder.anchor) for folder in shared):
        path = Path(os.path.relpath(whole, home))
    period = period_in(register.name)
    plain = path.as_posix().replace("{", "{{").replace("}", "}}")
    folder, _, name = plain.rpartition("/")
    name = name.replace(period, "{period}") if period else name
    return f"{folder}/{name}" if folder else name


def _example_columns() -> list[str]:
    return [f"# {name} = {toml_text(say(f'init.column_{name}'))}" for name in EXAMPLE_COLUMNS]


def missing(found: Recognised, unit: str | None) -> list[str]:
    """Return what a register should say and no heading of it looks like; `unit` is that of all cases."""
    there = {*found.columns, *found.unsure, *(("unit",) if unit is not None else ())}
    return [column for column in NEEDED if column not in there]


def _columns(found: Recognised, unit: str | None) -> list[str]:
    width = max((len(column) for column in found.columns), default=0)
    lines = [f"{column:<{width}} = {toml_text(heading)}" for column, heading in found.columns.items()]
    proposed = [f"# {column} = {toml_text(heading)}" for column, heading in proposals(found)]
    if proposed:
        lines += [f"# {say('init.comment_unsure')}", *proposed]
    if lacking := missing(found, unit):
        lines.append(f"# {say('init.comment_missing')}")
        lines += [f"# {column} = {toml_text(say('init.heading'))}" for column in lacking]
    if found.left_out:
        # A heading can hold anything; in a comment it must stay on its line.
        shown = ", ".join(" ".join(heading.split()) for heading in found.left_out)
        lines.append(f"# {say('init.comment_left_out')} {shown}")
    return lines


def proposals(found: Recognised) -> list[tuple[str, str]]:
    """Return each of our columns that is unsure, with each heading that may be it."""
    return [(column, heading) for column, headings in found.unsure.items() for heading in headings]
