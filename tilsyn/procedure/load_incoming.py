"""Files on their way into the ledger: each read, its cases placed in their draws and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from tilsyn.base import clock
from tilsyn.base.canonical import by_sight, canonical_id, known_id
from tilsyn.base.cpr import mask
from tilsyn.base.file_names import readable
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem
from tilsyn.base.spelling import nearest
from tilsyn.formats.checklists.reader import RawFile, read_workbook
from tilsyn.formats.spreadsheets import is_spreadsheet
from tilsyn.formats.tidy_answers import TIDY_SUFFIXES, read_tidy
from tilsyn.procedure.load_folder import files_in, is_litter, told_litter, told_of
from tilsyn.reviews.cells import RawCase, ReadCase, problem_at
from tilsyn.reviews.checks import check, resolved_answers
from tilsyn.reviews.in_force import latest
from tilsyn.reviews.proposals import Value, proposals, untouched
from tilsyn.reviews.reading import read_case, urgency
from tilsyn.reviews.records import CaseReview, Load
from tilsyn.reviews.resolving import Resolved, regime_of
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Urgent:
    """A case marked *akut* in a file, whether or not the file could be loaded."""

    case_id: str
    draw_id: str
    unit: str
    file: str


@dataclass
class IncomingFile:
    """A file that was read: its cases, its problems, and the cases that have one."""

    path: Path
    sha256: str = ""
    saved_at: float = 0.0
    cases: list[ReadCase] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Its name, as it is told and recorded: people name files after CPR numbers too."""
        return mask(readable(self.path.name))

    @property
    def faulty(self) -> bool:
        """Whether anything in it has to be corrected."""
        return any(problem.kind == "error" for problem in self.problems)

    @property
    def untouched(self) -> bool:
        """Whether nobody has written in it yet."""
        return bool(self.cases) and not self.problems and all(case.review.blank for case in self.cases)


def lacking(resolved: Mapping[str, Resolved]) -> tuple[str, ...]:
    """Return the questions that lack an answer."""
    return tuple(name for name, answer in resolved.items() if answer.answer is None)


def hashes_of(loads: Iterable[Load]) -> set[str]:
    """Return the hashes of the files that were loaded whole."""
    return {digest for load in loads if not load.partial for digest in load.sha256.split(" + ") if digest}


class DrawState:
    """What the ledger of a draw in force holds already, worked out when a file speaks of the draw."""

    def __init__(self, workspace: Workspace, draw: Draw, today: date) -> None:
        self.draw = draw
        self.today = today
        self.working_days = workspace.working_days(draw)
        self._ledger = workspace.ledger(draw)

    @cached_property
    def said(self) -> dict[str, dict[str, tuple[CaseReview, Load]]]:
        """What each workbook said last, by case."""
        return latest(self._ledger.entries)

    @cached_property
    def units(self) -> dict[str, str]:
        """The unit of each case in force."""
        return {case.drawn.case_id: case.drawn.unit for case in self._ledger.in_force}

    @cached_property
    def replaced(self) -> dict[str, str]:
        """What each replaced case was replaced by."""
        changes = [load for load in self._ledger.entries if load.kind == "replacement"]
        return {load.case_id: load.replacement for load in changes}

    @cached_property
    def ids(self) -> set[str]:
        """The cases of the draw, those replaced too."""
        return {*self.units, *self.replaced}

    @cached_property
    def looks(self) -> dict[str, str]:
        """The same, by what they look like."""
        return by_sight(self.ids)

    @cached_property
    def marked(self) -> set[tuple[str, str]]:
        """The workbooks and cases that were marked urgent."""
        loads = self._ledger.entries
        return {(n.workbook, c) for n in loads for c, urgent in n.urgent_marks.items() if urgent}

    @cached_property
    def loads(self) -> list[Load]:
        """The answers that were loaded, oldest first."""
        return [load for load in self._ledger.entries if load.kind == "answers"]

    @property
    def hashes(self) -> set[str]:
        """The hashes of the files that were loaded whole, of each workbook the last."""
        newest = {load.workbook: load for load in self.loads}
        return hashes_of(newest.values())

    @cached_property
    def _facts(self) -> dict[str, Mapping[str, Any]]:
        """What the register knows of each case drawn."""
        record = self.draw.record
        return {case.case_id: case.facts for case in (*record.reserve, *record.cases)}

    def proposed(self, case_id: str) -> dict[str, Value]:
        """Return what the register proposes in a case's head."""
        return proposals(self.draw.question_set, self._facts.get(case_id, {}))

    def said_by(self, case: ReadCase) -> CaseReview | None:
        """Return what the case's workbook said of it last."""
        found = self.said.get(case.raw.case_id, {}).get(case.raw.workbook)
        return None if found is None else found[0]

    def resolved(self, case: ReadCase) -> dict[str, Resolved]:
        """Return the answers of a case as they count."""
        draw = self.draw
        return resolved_answers(
            case.review, draw.question_set, draw.period.end, self.working_days, self.today
        )

    def said_together(self, case: ReadCase, review: CaseReview) -> ReadCase:
        """Return a case with all that is said of it, in other files too."""
        if review is case.review:
            return case
        whole = replace(case, review=review)
        return replace(whole, lacking=lacking(self.resolved(whole)))

    def dated(self, case: ReadCase) -> bool:
        """Tell whether it is known which law the case's act falls under."""
        draw = self.draw
        law = regime_of(draw.question_set, case.review.act_date, draw.period.end)
        return law is not None or not draw.question_set.regimes


def open_workbooks(workspace: Workspace) -> dict[Path, Problem | None]:
    """Return what lies in the folders of the draws in force, as `files_in` does."""
    draws = workspace.draws.in_force()
    folders = [workspace.checklists_dir(draw.period, draw.level, draw.attempt) for draw in draws]
    return {path: instead for folder in folders for path, instead in files_in(folder).items()}


# For how many seconds a file that cannot be read is taken for one that is still being copied.
_COPYING = 300


def _on_its_way(path: Path, size: int) -> bool:
    """Tell whether a file has grown since it was read, or was written to a moment ago."""
    now = path.stat()
    return now.st_size != size or clock.now().timestamp() - now.st_mtime < _COPYING


class Incoming:
    """Reads the files of one call; `draw` is that of tidy files which do not name theirs.

    In an `inbox` what was loaded once stays, also when something newer of its workbook came since; and what
    cannot be read may be on its way still. Of `untouched` files the content is known to say nothing.
    """

    def __init__(
        self,
        workspace: Workspace,
        today: date,
        draw: Draw | None,
        *,
        inbox: bool = False,
        untouched: Collection[str] = (),
    ) -> None:
        self.workspace = workspace
        self.today = today
        self.draw = draw
        self.in_force = {known.draw_id: known for known in workspace.draws.in_force()}
        self.every_draw = {known.draw_id for known in workspace.draws.every()}
        self.states = {
            draw_id: DrawState(workspace, known, today) for draw_id, known in self.in_force.items()
        }
        self.inbox = inbox
        self.loads = [load for state in self.states.values() for load in state.loads]
        self.hashes = {digest for state in self.states.values() for digest in state.hashes}
        self.done = hashes_of(self.loads) if inbox else set()
        self.done |= set(untouched)
        self.unchanged: list[str] = []
        self.problems: list[Problem] = []
        self.urgent: list[Urgent] = []

    def read(self, path: Path, instead: Problem | None = None) -> IncomingFile | None:
        """Return a file read and checked, or with what is told of it instead.

        None when it was loaded before as it is, or holds nothing that anybody wrote.
        """
        if instead is None and is_litter(path):
            instead = told_litter(path)
        if instead is not None and instead.kind == "note":
            self.problems.append(instead)
            return None
        try:
            data, saved_at = path.read_bytes(), path.stat().st_mtime
        except OSError:
            self.problems.append(Problem(say("load.no_file"), say("load.no_file_remedy"), file=str(path)))
            return None
        file = IncomingFile(path, hashlib.sha256(data).hexdigest(), saved_at)
        if instead is not None:
            file.problems.append(instead)
            return file
        # A tidy file may be meant for another draw this time.
        if file.sha256 in self.done or (file.sha256 in self.hashes and is_spreadsheet(data)):
            self.unchanged.append(file.name)
            return None
        try:
            raw = self._raw(path, data)
        except InputError as error:
            if self.inbox and _on_its_way(path, len(data)):
                self.problems.append(told_of(path, "on_its_way", "note"))
                return None
            file.problems += error.problems
            return file
        file.problems += raw.problems
        for case in raw.cases:
            self._place(file, case)
        return file

    @staticmethod
    def _raw(path: Path, data: bytes) -> RawFile:
        """Read by what the file holds, whatever its name says; an empty one is told as such either way."""
        tidy = path.suffix.lower() in TIDY_SUFFIXES and data.strip() and not is_spreadsheet(data)
        return read_tidy(path) if tidy else read_workbook(path, data)

    def _place(self, file: IncomingFile, raw: RawCase) -> None:
        """Put a case in its draw, and check it."""
        draw_id = canonical_id(raw.draw_id) or (self.draw.draw_id if self.draw is not None else "")
        # Both stand in the ledger, and anything may stand in their cells.
        raw = replace(raw, draw_id=draw_id, workbook=mask(raw.workbook))
        state = self.states.get(draw_id)
        if state is not None:
            raw = replace(raw, case_id=known_id(raw.case_id, state.ids, state.looks))
        if urgency(raw)[0]:
            known, unit = (state.ids, state.units.get(raw.case_id, "")) if state else ((), "")
            self.urgent.append(Urgent(mask(raw.case_id, known), mask(draw_id), unit, file.name))
        if state is None:
            self._wrong_draw(file, raw)
            return
        case = read_case(raw, state.draw.question_set)
        if state.draw.question_set.rules > 1 and untouched(case.review, state.proposed(raw.case_id)):
            # What the register proposed is nobody's word.
            case = replace(case, review=CaseReview(raw.case_id, simulated=raw.simulated))
        problems = self._out_of_place(case, state)
        if problems is None:
            return
        resolved, asked, last = state.resolved(case), state.draw.question_set, state.draw.period.end
        problems += check(case, asked, resolved, last, self.today, state.working_days, state.ids)
        file.problems += problems
        file.cases.append(replace(case, lacking=lacking(resolved)))
        if any(problem.kind == "error" for problem in problems):
            file.waiting.add(raw.case_id)

    def _wrong_draw(self, file: IncomingFile, raw: RawCase) -> None:
        """Name the draw a file's cases belong to, once; an empty workbook of a replaced draw says nothing."""
        own = self.workspace.settings.organisation.slug
        values = {"draw": raw.draw_id, "own": own, "known": ", ".join(self.in_force) or "–"}
        if not raw.draw_id:
            key = "no_draw"
        elif raw.draw_id.split("/")[0] != own:
            key = "other_organisation"
        else:
            key = "replaced_draw" if raw.draw_id in self.every_draw else "unknown_draw"
        problem = problem_at(raw, raw.case_cell.place, key, "error", values)
        told = any(problem.found == other.found for other in file.problems)
        if not told and not (key == "replaced_draw" and all(row.blank for row in raw.rows)):
            file.problems.append(problem)

    @staticmethod
    def _out_of_place(case: ReadCase, state: DrawState) -> list[Problem] | None:
        """Return what is wrong with the case being here; None when its sheet says nothing that matters."""
        raw, place = case.raw, case.raw.case_cell.place
        if raw.case_id in state.units:
            return []
        if raw.case_id in state.replaced:
            # What was answered before the replacement may still stand in the unit's workbook.
            if case.review.blank or case.review == state.said_by(case):
                return None
            values = {"replacement": state.replaced[raw.case_id]}
            return [problem_at(raw, place, "case_replaced", "error", values)]
        near = nearest(raw.case_id, state.units, alike=80)
        values = {"draw": raw.draw_id, "nearest": near or ""}
        return [problem_at(raw, place, "not_in_draw_near" if near else "not_in_draw", "error", values)]
