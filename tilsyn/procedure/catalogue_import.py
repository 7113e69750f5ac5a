"""Importing a lawyer's spreadsheet: a catalogue file for each of its laws, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.privacy import refuse_cpr
from tilsyn.base.problems import Problem, Refused
from tilsyn.formats import files
from tilsyn.formats.catalogue_sheets import Imported, WantedCatalogue, import_catalogue
from tilsyn.questions.question import Regime
from tilsyn.questions.question_set import Catalogue
from tilsyn.workspace.catalogues import as_toml, packaged, read_catalogue
from tilsyn.workspace.workspace import Workspace


def read(file: Path, wanted: WantedCatalogue) -> Imported:
    """Read a spreadsheet's catalogues; the laws that come with tilsyn are known by their titles."""
    return import_catalogue(file, wanted, known_laws())


def known_laws() -> tuple[Regime, ...]:
    """Return the laws of the catalogues that come with tilsyn, with the days they are in force."""
    regimes = (read_catalogue(path).regime for path in packaged())
    return tuple(regime for regime in regimes if regime is not None)


def import_(file: Path, target: Path, wanted: WantedCatalogue) -> tuple[dict[Path, Catalogue], list[Problem]]:
    """Write a spreadsheet's catalogues: one to `target`, several beside it, each named after its law."""
    found = read(file, wanted)
    alone = len(found.made) == 1
    written = {
        target if alone else target.with_name(f"{made.catalogue.name}.toml"): made for made in found.made
    }
    comment = say("catalogue.import_comment", file=mask(file.name))
    notes = list(found.notes)
    contents: dict[Path, bytes] = {}
    for path, made in written.items():
        refuse_cpr(made.records, str(path))
        contents[path] = as_toml(made.records, comment).encode("utf-8")
        regime = made.catalogue.regime
        if not alone and regime is not None and regime.first is None and regime.last is None:
            told = say("catalogue.no_days", file=path.name), say("catalogue.no_days_remedy")
            notes.append(Problem(*told, file=path.name, kind="note"))
    with _locked(target.parent):
        files.write_all(_unwritten(contents))
    return {path: made.catalogue for path, made in written.items()}, notes


def _locked(folder: Path) -> AbstractContextManager[None]:
    """Let nobody else write in the workspace that a folder is in, if it is in one."""
    try:
        return Workspace.open(folder).locked()
    except Refused:
        return nullcontext()


def _unwritten(contents: Mapping[Path, bytes]) -> Mapping[Path, bytes]:
    """Return what is left of an import that was interrupted; all of it where none, or all, is there."""
    left = {path: data for path, data in contents.items() if not path.is_file() or path.read_bytes() != data}
    return left or contents
