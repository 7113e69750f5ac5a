"""The drafts of the letters that go with a draw's workbooks, or ask for what is overdue; none is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tilsyn.base.language import say
from tilsyn.base.problems import Refused
from tilsyn.base.steps import counted
from tilsyn.formats import files
from tilsyn.formats.letters import mail_bytes
from tilsyn.procedure.status_files import files_of_draw
from tilsyn.reviews.letters import Letter, LettersOn
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Drafts:
    """The letters that were written, the folder they stand in, and the last day of the draw's readers."""

    folder: Path
    letters: Sequence[Letter]
    due: date

    @property
    def without_contact(self) -> list[Letter]:
        """Those that nobody is named for."""
        return [letter for letter in self.letters if not letter.to]


def write_letters(workspace: Workspace, draw: Draw, today: date, *, reminder: bool = False) -> Drafts:
    """Write a draft for each workbook that nothing has come from; earlier drafts of the kind make way.

    With `reminder`, one for each that lacks something and is past its last day.
    """
    found = files_of_draw(workspace, draw)
    if not found:
        values = {"level": draw.level, "period": draw.period.canonical}
        raise Refused(say("letters.no_workbooks", **values), say("letters.no_workbooks_remedy", **values))
    settings = workspace.settings
    on = LettersOn(
        level=workspace.level_words(draw),
        period=draw.period,
        due=draw.reviews_due,
        organisation=draw.record.organisation.name,
        send_to=settings.checklists.send_to,
        contacts=settings.contacts,
        simulated=draw.record.simulated,
    )
    if reminder:
        late = today > draw.reviews_due
        letters = [on.reminder(file) for file in found if late and file.state != "finished"]
    else:
        letters = [on.first(file) for file in found if file.state == "missing"]
    content = {
        f"{letter.name}.eml": mail_bytes(letter, _workbook(workspace, draw, letter))
        for letter in counted(letters, "steps.letters")
    }
    place = workspace.samples_dir(draw.period, draw.level, draw.attempt).name
    folder = workspace.reports_dir(draw.period) / "letters" / (f"{place}-reminders" if reminder else place)
    planned = {f"{file.name}.eml" for file in found}
    with workspace.locked():
        for path in files.strangers(folder, planned):
            raise Refused(say("letters.strange_file", file=path), say("dossier.strange_file_remedy"))
        _write(folder, content)
    return Drafts(folder, letters, draw.reviews_due)


def _workbook(workspace: Workspace, draw: Draw, letter: Letter) -> bytes | None:
    """Return the workbook that goes with a letter, as it lies in the draw's folder."""
    if not letter.with_workbook:
        return None
    path = workspace.checklists_dir(draw.period, draw.level, draw.attempt) / f"{letter.name}.xlsx"
    if not path.exists():
        values = {"level": draw.level, "period": draw.period.canonical}
        found = say("letters.workbook_gone", file=path.relative_to(workspace.root).as_posix())
        raise Refused(found, say("letters.no_workbooks_remedy", **values))
    return files.read_bytes(path)


def _write(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write the drafts, all of them or none; where there are none, those of before go."""
    if not content:
        if folder.exists():
            files.take_away(folder)
        return
    with files.new_folder(folder, overwrite=True) as new:
        for name, data in content.items():
            (new / name).write_bytes(data)
