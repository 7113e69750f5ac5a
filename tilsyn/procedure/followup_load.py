"""Loading returned workbooks of actions: read and hold all of them together, then record what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tilsyn.base.cpr import mask
from tilsyn.base.danish_time import danish_day
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.problems import InputError, Problem
from tilsyn.base.spelling import nearest
from tilsyn.formats import files
from tilsyn.formats.action_reader import RawAction, RawActions, read_actions
from tilsyn.formats.spreadsheets import WORKBOOK_SUFFIXES
from tilsyn.procedure.checklists import WORKBOOKS
from tilsyn.procedure.followup_export import FOLDER
from tilsyn.procedure.load_folder import files_in, told_of
from tilsyn.reviews.action_fields import BadField, read_field
from tilsyn.reviews.action_sheet import SinceExport, record_of
from tilsyn.reviews.actions import ActionRecord
from tilsyn.reviews.cells import Cell
from tilsyn.workspace.workspace import Workspace

# An action's id and one of its fields.
_Part = tuple[str, str]


@dataclass
class ActionsFile:
    """A file that was read: what it says that is new, by action and field, where, and what is wrong in it."""

    path: Path
    sha256: str = ""
    workbook: str = ""
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[_Part, tuple[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name; one that holds a number like a person's is masked."""
        return mask(self.path.name)

    @property
    def faulty(self) -> bool:
        """Whether something in it has to be corrected before any of it is loaded."""
        return any(problem.kind == "error" for problem in self.problems)

    @property
    def fields(self) -> int:
        """How many fields it says something new of."""
        return sum(map(len, self.said.values()))

    def tell(self, key: str, place: tuple[str, str] = ("", ""), kind: str = "error", **values: Any) -> None:
        """Add a problem: the dictionary's `followup.<key>`, at a sheet and cell."""
        texts = {name: mask(value) if isinstance(value, str) else value for name, value in values.items()}
        found, remedy = say(f"followup.{key}", **texts), say(f"followup.{key}_remedy", **texts)
        sheet, cell = place
        self.problems.append(
            Problem(
                found,
                remedy,
                file=self.name,
                sheet=sheet or None,
                cell=cell or None,
                kind="note" if kind == "note" else "error",
            )
        )


def load_actions(
    workspace: Workspace, paths: Sequence[Path] | None, today: date, *, dry_run: bool = False
) -> list[ActionsFile]:
    """Read workbooks, or folders of them, and record what is new; by default those of `followup export`.

    A file with an error is not loaded; nothing is recorded before every file has been read.
    """
    with workspace.locked():
        read = [_Reading(workspace, path, today).file() for path in _chosen(workspace, paths)]
        for number, one in enumerate(read):
            for other in read[:number]:
                _hold_together(one, other)
        sound = [file for file in read if file.said and not file.faulty]
        if not dry_run:
            workspace.followup.save(_records(sound))
    return read


def _records(read: Sequence[ActionsFile]) -> list[ActionRecord]:
    return [record_of(file.name, file.sha256, file.workbook, file.said) for file in read]


def _chosen(workspace: Workspace, paths: Sequence[Path] | None) -> list[Path]:
    """Return the files, each once, folders opened; `InputError` where one is no workbook or not there."""
    given = [workspace.catalogues_dir / FOLDER] if paths is None else list(paths)
    found: dict[Path, None] = {}
    for path in given:
        if path.is_dir():
            listed = [file for folder in (path, *sorted(path.glob("*/"))) for file in files_in(folder)]
            found |= dict.fromkeys(file for file in listed if file.suffix.lower() in WORKBOOKS)
        elif path.is_file() and path.suffix.lower() in WORKBOOK_SUFFIXES:
            found[path] = None
        elif paths is not None:
            raise InputError([told_of(path, "unknown_kind" if path.exists() else "no_file", "error")])
    return list(found)


class _Reading:
    """One file, read against what the follow-up said when it was made, and says now."""

    def __init__(self, workspace: Workspace, path: Path, today: date) -> None:
        self.ledger = workspace.followup
        self.rules = workspace.settings.followup
        self.today = today
        self.known = self.ledger.known
        self.read = ActionsFile(path)

    def file(self) -> ActionsFile:
        """Return what it says."""
        read = self.read
        data = files.read_bytes(read.path)
        try:
            raw = read_actions(read.path, data)
        except InputError as error:
            read.problems += error.problems
            return read
        read.sha256, read.workbook = hashlib.sha256(data).hexdigest(), raw.workbook
        read.problems += raw.problems
        exported = self.ledger.recorded_at(raw.anchor)
        if exported is None and not read.faulty:
            read.tell("other_workspace")
        if exported is not None:
            self._rows(raw, SinceExport.of(self.ledger.records, exported))
        return read

    def _rows(self, raw: RawActions, since: SinceExport) -> None:
        there: dict[_Part, Any] = {}
        for row in raw.rows:
            if row.action_id not in self.ledger.actions:
                near = nearest(row.action_id, self.ledger.actions) or "–"
                self.read.tell("unknown_action", (row.sheet, ""), id=row.action_id, nearest=near)
                continue
            said = self._said(row)
            for name in since.emptied(row.action_id, said):
                values = {"what": say(f"followup.col_{name}"), "id": row.action_id}
                self.read.tell("emptied", (row.sheet, row.cells[name].place), "note", **values)
            for name, value in since.news(row.action_id, said).items():
                place = (row.sheet, row.cells[name].place)
                if there.setdefault((row.action_id, name), value) != value:
                    self.read.tell("row_twice", place, id=row.action_id, what=say(f"followup.col_{name}"))
                    continue
                self.read.places[row.action_id, name] = place
                self._hold_against_others(since, row.action_id, name, value)
                self.read.said.setdefault(row.action_id, {})[name] = value

    def _said(self, row: RawAction) -> dict[str, Any]:
        """Return what the cells of a row mean; those that cannot be read are told."""
        said = {}
        for name, cell in row.cells.items():
            try:
                said[name] = self._field(name, cell)
            except BadField as bad:
                where: dict[str, Any] = {"file": self.read.name, "sheet": row.sheet, "cell": cell.place}
                self.read.problems.append(Problem(bad.found, bad.remedy, **where))
        return said

    def _field(self, name: str, cell: Cell) -> Any:
        if cell.fault:
            raise BadField(f"load.cell_{cell.fault}")
        return read_field(name, cell.value, self.rules, self.today, self.known)

    def _hold_against_others(self, since: SinceExport, action_id: str, name: str, value: Any) -> None:
        """Tell where somebody said something else since the workbook was made.

        The same file again is the same person, who thought better of it.
        """
        read = self.read
        other = since.other_word(action_id, name)
        if other is None:
            return
        before = getattr(since.now[action_id], name)
        values = {"id": action_id, "what": say(f"followup.col_{name}"), "ours": _shown(value)}
        values |= {"theirs": _shown(before), "file": other.source}
        if (other.source, other.workbook) == (read.name, read.workbook):
            read.tell("changed_again", read.places[action_id, name], "note", **values)
            return
        day = date_text(danish_day(other.recorded_at))
        read.tell("conflict", read.places[action_id, name], day=day, **values)


def _hold_together(one: ActionsFile, other: ActionsFile) -> None:
    """Tell both files where they say different things of the same field."""
    for part in one.places.keys() & other.places.keys():
        action_id, name = part
        mine, theirs = one.said[action_id][name], other.said[action_id][name]
        if mine == theirs:
            continue
        for file, beside, ours, else_ in ((one, other, mine, theirs), (other, one, theirs, mine)):
            values = {"id": action_id, "what": say(f"followup.col_{name}"), "file": beside.name}
            where = ", ".join(beside.places[part])
            values |= {"ours": _shown(ours), "theirs": _shown(else_), "where": where}
            file.tell("two_files", file.places[part], **values)


def _shown(value: Any) -> str:
    text = value.strftime("%d-%m-%Y") if isinstance(value, date) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
