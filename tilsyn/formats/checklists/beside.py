"""What a returned workbook says beside its answer cells: comments, hidden answers, cases that are gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tilsyn.base.cpr import mask
from tilsyn.base.language import say, spellings
from tilsyn.base.problems import Problem
from tilsyn.base.sheets import Place, SheetCells, cell_name
from tilsyn.reviews.cells import RawCase, id_text

_CASE_HEADINGS = spellings("checklist.index_case")
# So many cells of a kind are named.
_NAMED = 10


def commented(file: str, sheet: SheetCells) -> list[Problem]:
    """Return a note where cells have comments, which are not loaded."""
    return [_about_cells("commented", file, sheet, sheet.commented)] if sheet.commented else []


def hidden(file: str, sheet: SheetCells, answered: Iterable[Place]) -> list[Problem]:
    """Return notes where answers stand out of sight."""
    if sheet.hidden:
        found, remedy = say("load.hidden_case"), say("load.hidden_case_remedy")
        return [Problem(found, remedy, file=file, sheet=sheet.name, kind="note")]
    unseen = [
        (row, column)
        for row, column in answered
        if row in sheet.hidden_rows or column in sheet.hidden_columns
    ]
    return [_about_cells("hidden_answers", file, sheet, unseen)] if unseen else []


def _about_cells(key: str, file: str, sheet: SheetCells, places: Iterable[Place]) -> Problem:
    names = [cell_name(*place) for place in sorted(places)]
    told = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    found, remedy = say(f"load.{key}", cells=told), say(f"load.{key}_remedy")
    return Problem(found, remedy, file=file, sheet=sheet.name, cell=names[0], kind="note")


def cases_gone(
    file: str, indexes: Sequence[SheetCells], metadata: Mapping[str, str], cases: Sequence[RawCase]
) -> list[Problem]:
    """Return a note for each case of the overview that has no sheet; without an overview, one for all."""
    here = {case.case_id for case in cases}
    gone = [case_id for index in indexes for case_id in _listed(index) if case_id not in here]
    notes = []
    for case_id in dict.fromkeys(gone):
        found, remedy = say("load.case_gone", case=mask(case_id)), say("load.case_gone_remedy")
        notes.append(Problem(found, remedy, file=file, kind="note"))
    made = metadata.get("cases", "")
    if not indexes and made.isdigit() and int(made) > len(here):
        found = say("load.cases_gone", made=made, here=len(here))
        notes.append(Problem(found, say("load.cases_gone_remedy"), file=file, kind="note"))
    return notes


def _listed(index: SheetCells) -> list[str]:
    """Return the case numbers of an overview: what stands under the heading."""
    headings = [place for place, value in index.cells.items() if value in _CASE_HEADINGS]
    return [
        case_id
        for row, column in headings[:1]
        for (at, beside), value in sorted(index.cells.items())
        if beside == column and at > row and (case_id := id_text(value))
    ]
