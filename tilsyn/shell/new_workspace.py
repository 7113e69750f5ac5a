"""A new workspace: its settings, written for people to read and change, its catalogues and its folders."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tilsyn.base import clock, language
from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.problems import Refused
from tilsyn.frame import FrameRules, examine
from tilsyn.shell import files
from tilsyn.shell.catalogue_files import law_to_check, packaged, read_catalogue
from tilsyn.shell.recognition import Recognised, recognise_register
from tilsyn.shell.registers import read_register
from tilsyn.shell.settings import Register
from tilsyn.shell.settings_file import parse_settings
from tilsyn.shell.workspace import SETTINGS_NAME

__all__ = ["NewWorkspace", "make_workspace"]

# The units of Copenhagen's Borgercenter Børn og Unge (DESIGN section 1).
COPENHAGEN = (
    "Amager",
    "Bispebjerg",
    "Brønshøj-Husum-Vanløse",
    "City-Østerbro",
    "Nørrebro",
    "Valby-Vesterbro-Kgs. Enghave",
    "Døgnvagten",
)
DUTY_UNIT, DUTY_SIZE, UNIT_SIZE = "Døgnvagten", 5, 20
# Supervision on four levels began then; an older register gets a plan from its own year.
FIRST_DAY = date(2017, 9, 1)


@dataclass(frozen=True)
class NewWorkspace:
    """What was made.

    Parameters
    ----------
    root : Path
    units : tuple of str
    recognised : Recognised or None
        What was recognised among the register's headings; None without a register.
    n_rows : int
        The register's rows.
    errors : int
        Errors in them, for `tilsyn check` to tell.
    catalogues : list of str
        The catalogues copied.
    to_check, questions : int
        Legal questions whose paragraph still needs a lawyer's check, and all legal questions.
    """

    root: Path
    units: tuple[str, ...]
    recognised: Recognised | None = None
    n_rows: int = 0
    errors: int = 0
    catalogues: list[str] = field(default_factory=list)
    to_check: int = 0
    questions: int = 0


def make_workspace(root: Path, register: Path | None = None) -> NewWorkspace:
    """Make a workspace in a folder.

    Parameters
    ----------
    root : Path
        Is made when it is missing; other files in it are left alone.
    register : Path, optional
        A register whose headings and units are taken over.

    Returns
    -------
    NewWorkspace

    Raises
    ------
    Refused
        There is a workspace there; nothing was changed.
    InputError
        The register cannot be read or recognised; nothing was changed.
    """
    settings_path = root / SETTINGS_NAME
    if settings_path.exists():
        raise Refused(say("init.there_already", folder=root), say("init.there_already_remedy"))
    if root.exists() and not root.is_dir():
        raise Refused(say("init.not_a_folder", folder=root), say("init.not_a_folder_remedy"))
    recognised, first_day, n_rows, errors = None, FIRST_DAY, 0, 0
    units: tuple[str, ...] = COPENHAGEN
    if register is not None:
        recognised = recognise_register(register)
        own, as_of, n_rows, errors = _units_of(register, recognised)
        units = own or COPENHAGEN
        first_day = FIRST_DAY if as_of is None else min(FIRST_DAY, date(as_of.year, 1, 1))
    text = settings_text(root, register, recognised, units, first_day)
    # What tilsyn writes itself, it must be able to read.
    parse_settings(text)
    catalogues = packaged()
    for folder in ("checklists", "samples", "reports"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for source in catalogues:
        target = root / "checklists" / source.name
        if not target.exists():
            files.write_bytes(target, source.read_bytes())
    # Last, so that a run that was cut short can be repeated.
    files.write_text(settings_path, text)
    to_check, questions = law_to_check([read_catalogue(path) for path in catalogues])
    return NewWorkspace(
        root=root,
        units=tuple(units),
        recognised=recognised,
        n_rows=n_rows,
        errors=errors,
        catalogues=[path.name for path in catalogues],
        to_check=to_check,
        questions=questions,
    )


def _units_of(register: Path, recognised: Recognised) -> tuple[tuple[str, ...], date | None, int, int]:
    """Return the register's units (misspellings left out), its as_of, its rows and its errors."""
    settings = Register(columns=recognised.columns)
    table = read_register(settings, register)
    rules = FrameRules(
        headings=table.headings,
        dates=settings.date_columns,
        today=clock.today(),
        number_columns=table.number_columns,
    )
    report = examine(table.relation, rules, None)
    units = tuple(str(unit) for unit in report.units["unit"])
    return units, report.as_of, report.n_rows, len(report.errors)


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
