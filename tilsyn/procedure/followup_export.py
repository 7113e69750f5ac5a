"""The workbooks in which units say what they did about their errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tilsyn.base.canonical import file_stem, file_stems
from tilsyn.base.language import say
from tilsyn.formats import files
from tilsyn.formats.action_workbook import ActionBook, action_bytes
from tilsyn.reviews import layout
from tilsyn.reviews.actions import Action
from tilsyn.workspace.workspace import Workspace

FOLDER = "followup"


@dataclass(frozen=True)
class ExportedActions:
    """A workbook of actions: where, of which unit ("" of all), and how many."""

    path: Path
    unit: str
    actions: int


def export_actions(
    workspace: Workspace, actions: Sequence[Action], today: date, *, in_one: bool = False
) -> list[ExportedActions]:
    """Write the actions that are not closed into a workbook per unit, or into one, and return them.

    They get a folder of their own, by the day: no file is touched that somebody may have filled in.
    """
    written: list[ExportedActions] = []
    contents: dict[Path, bytes] = {}
    with workspace.locked():
        # As they are now: what somebody loaded in the meantime is in the log that the workbook names.
        current = [workspace.followup.actions[action.action_id] for action in actions]
        listed = [action for action in current if not action.closed]
        units = [""] * bool(listed) if in_one else sorted({action.unit for action in listed})
        folder = _new_folder(workspace.catalogues_dir / FOLDER, today)
        for unit, stem in zip(units, _stems(units, in_one), strict=True):
            part = [action for action in listed if in_one or action.unit == unit]
            path = folder / f"{stem}.xlsx"
            contents[path] = action_bytes(_book(workspace, stem, "" if in_one else unit, today), part)
            written.append(ExportedActions(path, unit, len(part)))
        files.write_all(contents)
    return written


def _stems(units: Sequence[str], in_one: bool) -> list[str]:
    if in_one:
        return [file_stem(say("followup.sheet"))]
    return file_stems([(unit or say("followup.all_units"),) for unit in units])


def _new_folder(folder: Path, today: date) -> Path:
    """Return a folder that is not there yet: of today, or of today with a number."""
    path, number = folder / today.isoformat(), 1
    while path.exists():
        number += 1
        path = folder / f"{today.isoformat()}.{number}"
    return path


def _book(workspace: Workspace, name: str, unit: str, today: date) -> ActionBook:
    settings, anchor = workspace.settings, workspace.log.state.anchor()
    return ActionBook(
        title=say("followup.book_title", unit=unit or say("followup.all_units")),
        organisation=settings.organisation.name,
        send_to=settings.checklists.send_to,
        workbook_id=layout.workbook_id(anchor, name),
        made_on=today,
        anchor=anchor,
        texts=_texts(workspace),
        words={
            "cause": {cause.name: cause.text for cause in settings.followup.cause},
            "role": {role.name: role.text for role in settings.followup.role},
        },
        known=workspace.followup.known,
    )


def _texts(workspace: Workspace) -> dict[str, str]:
    """Return the questions in short, as the newest draw that asks each has them."""
    draws = workspace.draws.in_force()
    return {one.question_id: one.short for draw in draws for one in draw.question_set.questions}
