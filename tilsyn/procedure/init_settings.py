"""The text of a new `tilsyn.toml`: settings that a person can read and change, each with a comment."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tilsyn.base import language
from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.formats.registers.recognition import Recognised

__all__ = ["settings_text"]

# The emergency duty unit has few cases: 5 are drawn there, 20 from every other unit.
DUTY_UNIT, DUTY_SIZE, UNIT_SIZE = "Døgnvagten", 5, 20


def _text(value: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(value, ensure_ascii=False)


def _comment(key: str) -> list[str]:
    return [f"# {line}" for line in say(f"init.comment_{key}").splitlines()]


def _register_path(root: Path, register: Path) -> str:
    """Return the register's path as the workspace should name it: relative when it is inside."""
    inside = register.resolve().is_relative_to(root.resolve())
    path = register.resolve().relative_to(root.resolve()) if inside else Path(os.path.abspath(register))  # noqa: PTH100  a link stays a link
    return path.as_posix().replace("{", "{{").replace("}", "}}")


def settings_text(
    root: Path,
    register: Path | None,
    recognised: Recognised | None,
    units: Sequence[str],
    first_day: date,
) -> str:
    """Return the text of a new `tilsyn.toml`, its comments in the language in use.

    Parameters
    ----------
    root : Path
        The workspace's folder.
    register : Path or None
    recognised : Recognised or None
    units : sequence of str
        The plan's units.
    first_day : datetime.date
        When the plan begins.

    Returns
    -------
    str
    """
    lines = [
        *_comment("top"),
        "",
        f"language = {_text(language.language())}",
        *_comment("recipients"),
        "recipients = []",
        "",
        *_comment("organisation"),
        "[organisation]",
        'name = "Borgercenter Børn og Unge"',
        'slug = "bbu"',
        "",
        *_register_lines(root, register, recognised),
        "",
        *_comment("frame"),
        "[frame]",
        "closed_before_period = true",
        "opened_after_period = true",
        "",
        *_comment("leave_out"),
        "# [[frame.leave_out]]",
        '# reason = "other_scope"',
        '# column = "case_type"',
        '# values = ["Efterværn"]',
        "",
        *_comment("privacy"),
        "[privacy]",
        "not_cpr = []",
        "",
        *_comment("hverdage"),
        "[hverdage]",
        "saturdays = false",
        "grundlovsdag = false",
        "christmas_eve = false",
        "new_years_eve = false",
        "",
        *_comment("limits"),
        "[limits]",
        "min_relevant = 5",
        "wide = 0.30",
        "",
        *_plan_lines(units, first_day),
    ]
    return "\n".join(lines) + "\n"


def _register_lines(root: Path, register: Path | None, recognised: Recognised | None) -> list[str]:
    lines = [*_comment("register"), "[register]"]
    if register is None or recognised is None:
        lines += ['# path = "register/sagsliste-{period}.csv"']
    else:
        lines += [f"path = {_text(_register_path(root, register))}"]
    lines += [
        *_comment("found"),
        "# as_of = 2018-06-30",
        '# encoding = "windows-1252"',
        '# delimiter = ";"',
        "",
    ]
    lines += _comment("columns")
    if recognised is None:
        names = ("case_id", "unit", "department", "caseworker", "opened", "closed")
        example = (f"# {name} = {_text(say(f'init.column_{name}'))}" for name in names)
        return [*lines, "[register.columns]", *example]
    width = max(len(column) for column in recognised.columns)
    lines += ["[register.columns]"]
    lines += [f"{column:<{width}} = {_text(heading)}" for column, heading in recognised.columns.items()]
    if recognised.left_out:
        # A heading can hold anything; in a comment it must stay on its line.
        shown = ", ".join(" ".join(heading.split()) for heading in recognised.left_out)
        lines += [f"# {say('init.comment_left_out')} {shown}"]
    return lines


def _plan_lines(units: Sequence[str], first_day: date) -> list[str]:
    duty = next((unit for unit in units if same_name(unit) == same_name(DUTY_UNIT)), None)
    own = [f"units = {{ {_text(duty)} = {DUTY_SIZE} }}"] if duty else []
    later = [f"# {line}" if line else "#" for line in _later_version()]
    return [
        *_comment("plan"),
        "[[plan]]",
        f"valid_from = {first_day.isoformat()}",
        'question_set = ["serviceloven", "barnets-lov"]',
        *_comment("baseline"),
        '# baseline = "2017-Q4"',
        "units = [",
        *(f"    {_text(unit)}," for unit in units),
        "]",
        "",
        *_comment("level_1"),
        "[plan.levels.1]",
        'cadence = "month"',
        "per_caseworker = 1",
        "reserve = 5",
        "",
        *_comment("level_2"),
        "[plan.levels.2]",
        'cadence = "quarter"',
        f"per_unit = {UNIT_SIZE}",
        *own,
        "reserve = 5",
        "",
        *_comment("level_3"),
        "[plan.levels.3]",
        'cadence = "quarter"',
        "total = 60",
        'allocation = "proportional"',
        "reserve = 5",
        "groups = 3",
        "blind = true",
        "due_months = 1",
        "",
        *_comment("level_4"),
        "[plan.levels.4]",
        'cadence = "quarter"',
        "total = 30",
        'allocation = "proportional"',
        "reserve = 5",
        "groups = 2",
        "blind = true",
        "due_months = 2",
        "",
        *_comment("risk"),
        "# [[plan.risk]]",
        '# name = "sikkerhedsplan"',
        '# column = "safety_plan"',
        '# values = ["Ja"]',
        "# size = 5",
        "# extra = false",
        "",
        *_comment("later"),
        *later,
    ]


def _later_version() -> list[str]:
    """Return the example of a later plan: fewer cases, longer cadence, as from the autumn of 2018."""
    return [
        "[[plan]]",
        "valid_from = 2018-10-01",
        'units = ["…"]',
        "[plan.levels.1]",
        'cadence = "quarter"',
        "per_caseworker = 1",
        "[plan.levels.2]",
        'cadence = "half"',
        "per_unit = 15",
        "[plan.levels.3]",
        'cadence = "half"',
        "total = 40",
        "[plan.levels.4]",
        'cadence = "half"',
        "total = 20",
    ]
