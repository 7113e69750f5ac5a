"""What goes back to the units after a load: a workbook for each whose files have to be corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tilsyn.base.canonical import file_stem
from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.formats.files import make_folder, remove, remove_empty, write_bytes
from tilsyn.formats.returned import returned_bytes
from tilsyn.procedure.load_folder import RETURNED
from tilsyn.procedure.load_incoming import Incoming, IncomingFile
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace


def unit_of(file: IncomingFile, incoming: Incoming) -> str:
    """Return the unit that most of a file's cases belong to, "" where no case says."""
    units = Counter(
        unit
        for case in file.cases
        if (state := incoming.states.get(case.raw.draw_id)) is not None
        and (unit := state.units.get(case.raw.case_id))
    )
    return units.most_common(1)[0][0] if units else ""


def write_returned(
    workspace: Workspace,
    files: Sequence[IncomingFile],
    incoming: Incoming,
    as_before: Sequence[IncomingFile],
) -> list[Path]:
    """Write `retur/<unit>.xlsx` in the draw's folder for each unit with problems; return what was written.

    One of an earlier load is written anew where it would say something else now, and taken away where all
    that the unit sent is right.
    """
    before = {id(file) for file in as_before}
    sent: dict[tuple[str, str], list[IncomingFile]] = {}
    for file in files:
        draw_id = next((case.raw.draw_id for case in file.cases), "")
        # An untouched checklist in the draw's folder was not sent by anybody.
        said = file.faulty or any(not case.review.blank for case in file.cases)
        if said and draw_id in incoming.in_force:
            unit = unit_of(file, incoming) or mask(file.path.stem)
            sent.setdefault((draw_id, unit), []).append(file)
    written = []
    for (draw_id, unit), listed in sent.items():
        draw = incoming.in_force[draw_id]
        folder = workspace.checklists_dir(draw.period, draw.level, draw.attempt) / RETURNED
        path = folder / f"{file_stem(unit)}.xlsx"
        problems = [problem for file in listed for problem in file.problems if problem.kind == "error"]
        if problems:
            known = sorted(incoming.states[draw_id].ids)
            if path.exists() and all(id(file) in before for file in listed if file.faulty):
                continue
            make_folder(folder)
            data = returned_bytes(unit, _subject(draw), problems, known)
            written.append(write_bytes(path, data, overwrite=True))
        else:
            remove(path)
            remove_empty(folder)
    return written


def _subject(draw: Draw) -> str:
    return say("checklist.subject", level=draw.level, period=draw.period.label())
