"""A new workspace: its settings, written for people to read and change, its catalogues and its folders."""

from __future__ import annotations

from collections.abc import Sequence
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
from tilsyn.formats.registers.recognition import Recognised, recognise_register
from tilsyn.procedure.init_settings import settings_text
from tilsyn.sampling.frame import examine
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.settings.parsing import parse_settings
from tilsyn.settings.schema import Organisation, Register
from tilsyn.workspace.catalogues import law_to_check, packaged, read_catalogue
from tilsyn.workspace.workspace import SETTINGS_NAME

# The units of Copenhagen's Borgercenter Børn og Unge.
COPENHAGEN = (
    "Amager",
    "Bispebjerg",
    "Brønshøj-Husum-Vanløse",
    "City-Østerbro",
    "Nørrebro",
    "Valby-Vesterbro-Kgs. Enghave",
    "Døgnvagten",
)
# Supervision on four levels began then; an older register gets a plan from its own year.
FIRST_DAY = date(2017, 9, 1)


@dataclass(frozen=True)
class NewWorkspace:
    """What was made; `errors` are those of the register's rows, for `tilsyn check` to tell."""

    root: Path
    units: tuple[str, ...]
    recognised: Recognised | None = None
    n_rows: int = 0
    errors: int = 0
    catalogues: list[str] = field(default_factory=list)
    # Legal questions whose paragraph still needs a lawyer's check, and all legal questions.
    to_check: int = 0
    questions: int = 0
    # What of the organisation is not given yet: nothing is drawn before.
    unnamed: list[str] = field(default_factory=list)


@within_memory()
def make_workspace(
    root: Path, register: Path | None = None, organisation: Organisation | None = None
) -> NewWorkspace:
    """Make a workspace in a folder, from a register's headings and units if one is given.

    Other files in the folder are left alone, and a refusal changes nothing.
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
    organisation = organisation or Organisation()
    text = settings_text(root, register, recognised, units, first_day, organisation)
    # What tilsyn writes itself, it must be able to read.
    parse_settings(text)
    refuse_cpr(read_toml(text), SETTINGS_NAME)
    catalogues = packaged()
    _write(root, text, catalogues)
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
        unnamed=organisation.unnamed,
    )


def _write(root: Path, text: str, catalogues: Sequence[Path]) -> None:
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
        for source in catalogues:
            target = root / "checklists" / source.name
            if not target.exists():
                made.append(files.write_bytes(target, source.read_bytes()))
        # Last, so that a run that was cut short can be repeated.
        files.write_text(root / SETTINGS_NAME, text)
    except (OSError, TilsynError):
        for path in reversed(made):
            files.remove(path) if path.is_file() else files.remove_empty(path)
        raise


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
