"""A new workspace: its settings, written for people to read and change, its catalogues and its folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tilsyn.base import clock
from tilsyn.base.database import within_memory
from tilsyn.base.language import say
from tilsyn.base.privacy import refuse_cpr
from tilsyn.base.problems import Refused, TilsynError
from tilsyn.base.toml_files import read_toml
from tilsyn.formats import files
from tilsyn.formats.registers.opening import read_register
from tilsyn.formats.registers.recognised_register import RecognisedRegister, recognise_register
from tilsyn.procedure.init_again import settings_there
from tilsyn.procedure.init_settings import WantedWorkspace, example, period_in, settings_text
from tilsyn.sampling.frame import examine
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.settings.parsing import parse_settings
from tilsyn.settings.schema import Register
from tilsyn.workspace.benchmarks import packaged_benchmarks
from tilsyn.workspace.catalogues import law_to_check, packaged, read_catalogue
from tilsyn.workspace.workspace import SETTINGS_NAME


@dataclass(frozen=True)
class NewWorkspace:
    """What was made, or is `there` already; `errors` are the register's, for `tilsyn check` to tell."""

    root: Path
    units: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    there: bool = False
    recognised: RecognisedRegister | None = None
    errors: int = 0
    catalogues: list[str] = field(default_factory=list)
    # Legal questions whose paragraph still needs a lawyer's check, and all legal questions.
    to_check: int = 0
    questions: int = 0
    # What of the organisation is not given yet: nothing is drawn before.
    unnamed: list[str] = field(default_factory=list)
    # The unit of all cases, where the register has none.
    unit: str | None = None
    # The period that stands in the register's name, as `{period}` takes its place.
    period: str | None = None


@within_memory()
def make_workspace(root: Path, wanted: WantedWorkspace) -> NewWorkspace:
    """Make a workspace in a folder, from a register's headings and units if one is given.

    What is unsure of the register is written as comments, for a person to choose from.
    Other files in the folder are left alone, and a refusal changes nothing.
    """
    settings_path = root / SETTINGS_NAME
    if settings_path.exists():
        settings = settings_there(root, wanted)
        columns, unit = settings.register.columns, settings.register.unit
        unnamed = settings.organisation.unnamed
        return NewWorkspace(root, settings.latest_plan.units, columns, there=True, unit=unit, unnamed=unnamed)
    if root.exists() and not root.is_dir():
        raise Refused(say("init.not_a_folder", folder=root), say("init.not_a_folder_remedy"))
    register = wanted.register
    begun = example()["first_day"]
    recognised, first_day, errors = None, begun, 0
    units: tuple[str, ...] = (wanted.unit,) if wanted.unit else tuple(example()["units"])
    if register is not None:
        without = ("unit",) if wanted.unit else ()
        recognised = recognise_register(register, wanted.columns, without)
        units, as_of, errors = _units_of(register, _settings(recognised, wanted.unit))
        first_day = begun if as_of is None else min(begun, date(as_of.year, 1, 1))
    text = settings_text(root, wanted, recognised, units, first_day)
    # What tilsyn writes itself, it must be able to read.
    parse_settings(text)
    refuse_cpr(read_toml(text), SETTINGS_NAME)
    catalogues = packaged()
    _write(root, text, [*catalogues, packaged_benchmarks()])
    to_check, questions = law_to_check([read_catalogue(path) for path in catalogues])
    return NewWorkspace(
        root=root,
        units=tuple(units),
        columns=recognised.found.columns if recognised else {},
        recognised=recognised,
        errors=errors,
        catalogues=[path.name for path in catalogues],
        to_check=to_check,
        questions=questions,
        unnamed=wanted.organisation.unnamed,
        unit=wanted.unit,
        period=None if register is None else period_in(register.name),
    )


def _write(root: Path, text: str, sources: Sequence[Path]) -> None:
    """Write all that a workspace begins with, or nothing; what others keep in the folder is left alone."""
    made: list[Path] = []
    for folder in (root, root / "checklists"):
        if folder.is_dir():
            for path in folder.iterdir():
                if files.is_temporary(path.name):
                    files.remove(path)
    try:
        for name in ("checklists", "samples", "reports"):
            made += reversed(files.make_folder(root / name, private=name == "samples"))
        for source in sources:
            target = root / "checklists" / source.name
            if not target.exists():
                made.append(files.write_bytes(target, source.read_bytes()))
        # Last, so that a run that was cut short can be repeated.
        files.write_text(root / SETTINGS_NAME, text)
    except (OSError, TilsynError):
        for path in reversed(made):
            files.remove(path) if path.is_file() else files.remove_empty(path)
        raise


def _settings(recognised: RecognisedRegister, unit: str | None) -> Register:
    """Return the settings that a recognised register is read by."""
    return Register(
        columns=recognised.found.columns,
        unit=unit,
        one_row_per="measure" if recognised.per_measure else "case",
        date_order="month_first" if recognised.month_first else "day_first",
    )


def _units_of(register: Path, settings: Register) -> tuple[tuple[str, ...], date | None, int]:
    """Return the register's units (misspellings left out), its as_of and its errors, when it can be read."""
    if settings.missing_columns:
        return (), None, 0
    table = read_register(settings, register)
    rules = FrameRules(
        headings=table.headings,
        dates=settings.date_columns,
        today=clock.today(),
        month_first=settings.date_order == "month_first",
        per_case=settings.case_rules,
        number_columns=table.number_columns,
    )
    report = examine(table.relation, rules, None)
    return tuple(report.units), report.as_of, len(report.errors)
