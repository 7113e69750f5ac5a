"""Loading returned workbooks and tidy files: read and check all of them, compare, then record.

A file with problems is not loaded in part unless asked to; all problems of all files are gathered; nothing is
recorded before every file has been read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from pathlib import Path

from tilsyn.base import disk
from tilsyn.base.cpr import mask
from tilsyn.base.danish_time import danish_day
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.problems import Problem
from tilsyn.base.steps import counted
from tilsyn.formats.spreadsheets import WORKBOOK_SUFFIXES
from tilsyn.formats.tidy_answers import TIDY_SUFFIXES
from tilsyn.procedure.load_folder import files_in
from tilsyn.procedure.load_inbox import Inbox
from tilsyn.procedure.load_incoming import Incoming, IncomingFile, Urgent, open_workbooks
from tilsyn.procedure.load_returned import unit_of, write_returned
from tilsyn.procedure.load_told import told_before
from tilsyn.reviews.cells import ReadCase, problem_at
from tilsyn.reviews.checks import unfinished
from tilsyn.reviews.conflicts import agree, conflicts, withdrawn
from tilsyn.reviews.records import CaseReview, Load, overlaid
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.ledger import save_all
from tilsyn.workspace.workspace import Workspace

# A workbook's id in its draw.
_Key = tuple[str, str]


@dataclass
class LoadedFile:
    """What was loaded of one file: how many cases and answers, and how many of the cases are complete."""

    file: str
    draw_id: str
    cases: int = 0
    answers: int = 0
    complete: int = 0


@dataclass
class LoadOutcome:
    """What a call found and did.

    `loaded` holds what would be loaded, for a dry run; `unchanged` the files that say nothing new;
    `unfinished` those of the problems that say no more than that a case lacks answers; `urgent` every case
    marked *akut* in the files read, loaded or not; `as_before` the files with the same problems as when they
    were told last; `units` whose each file is, `returned` what was written to send back, and `untouched` the
    hashes of the files that nobody has written in.
    """

    loaded: list[LoadedFile] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unfinished: list[Problem] = field(default_factory=list)
    urgent: list[Urgent] = field(default_factory=list)
    as_before: list[IncomingFile] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    untouched: list[str] = field(default_factory=list)
    returned: list[Path] = field(default_factory=list)


def load_files(
    workspace: Workspace,
    paths: Sequence[Path] | None,
    *,
    today: date,
    partial: bool = False,
    dry_run: bool = False,
    draw: Draw | None = None,
    inbox: Path | None = None,
    untouched: Collection[str] = (),
) -> LoadOutcome:
    """Read files, or folders of them, and record what is new; by default the workbooks of draws in force.

    `partial` loads, of a file with problems, the complete cases without one; `draw` is that of tidy files
    which do not name theirs. An `inbox` is read instead of all else. `untouched` are hashes of files that
    nobody has written in.
    """
    with workspace.locked():
        incoming = Incoming(workspace, today, draw, inbox=inbox is not None, untouched=untouched)
        if inbox is not None:
            box = Inbox(inbox, incoming)
            files = box.without_superseded(_read(box.files(), incoming))
        else:
            chosen = open_workbooks(workspace) if paths is None else _expanded(paths, incoming.problems)
            files = _read(chosen, incoming)
        _compare(files, incoming)
        outcome = LoadOutcome(
            unchanged=incoming.unchanged, problems=incoming.problems, urgent=incoming.urgent
        )
        outcome.untouched = [file.sha256 for file in files if file.untouched]
        for file in files:
            outcome.problems += file.problems
            outcome.units[file.name] = unit_of(file, incoming)
        found = _Recording(files, incoming, partial, outcome).loads()
        if not dry_run:
            ledgers = [(workspace.ledger(incoming.in_force[draw_id]), found[draw_id]) for draw_id in found]
            save_all(workspace.log, ledgers)
            try:
                outcome.as_before = told_before(workspace.log, files, today)
                outcome.returned = write_returned(workspace, files, incoming, outcome.as_before)
            except OSError as error:
                # The answers are in force; that the problems are told at length once more does no harm.
                outcome.problems.append(disk.late(disk.found(error), ""))
    return outcome


def _read(chosen: Mapping[Path, Problem | None], incoming: Incoming) -> list[IncomingFile]:
    """Read the files of which something is to be said or loaded."""
    read = (incoming.read(path, chosen[path]) for path in counted(chosen, "steps.files"))
    return [file for file in read if file is not None]


def _expanded(paths: Iterable[Path], problems: list[Problem]) -> dict[Path, Problem | None]:
    """Return the files, each once, folders opened; a folder with none to read is a problem."""
    found: dict[Path, tuple[Path, Problem | None]] = {}
    for path in paths:
        listed = files_in(path, (*WORKBOOK_SUFFIXES, *TIDY_SUFFIXES)) if path.is_dir() else {path: None}
        if None not in listed.values():
            told = say("load.empty_folder"), say("load.empty_folder_remedy")
            problems.append(Problem(*told, file=mask(str(path))))
        for file, instead in listed.items():
            found.setdefault(file.resolve(), (file, instead))
    return dict(found.values())


def _compare(files: Sequence[IncomingFile], incoming: Incoming) -> None:
    """Name what two sheets, two files, or a file and the ledger say differently of one case."""
    here: dict[tuple[str, str], list[tuple[IncomingFile, ReadCase]]] = {}
    for file in files:
        for case in file.cases:
            if not case.review.blank:
                here.setdefault((case.raw.draw_id, case.raw.case_id), []).append((file, case))
    for (draw_id, case_id), listed in here.items():
        if not agree(case.review for _, case in listed):
            _tell_all(listed)
        # A workbook that is itself in this call is compared as it is now, not as it was.
        present = {case.raw.workbook for _, case in listed}
        for workbook, (review, load) in incoming.states[draw_id].said.get(case_id, {}).items():
            for file, case in listed if workbook not in present else ():
                when = date_text(danish_day(load.loaded_at))
                # What was loaded was written before this file came.
                newer = say("load.newer", file=file.name)
                _tell_conflicts(file, case, review, f"{load.source} ({when})", {}, newer)


def _tell_all(listed: Sequence[tuple[IncomingFile, ReadCase]]) -> None:
    """Tell each sheet of a case what the other ones say differently."""
    for number, (file, case) in enumerate(listed):
        for other_file, other in listed[:number]:
            newer = _newer(file, other_file)
            _tell_conflicts(file, case, other.review, _place(other), other.cells, newer)
            if other_file is not file:
                _tell_conflicts(other_file, other, case.review, _place(case), case.cells, newer)


def _place(case: ReadCase) -> str:
    return ", ".join(part for part in (case.raw.file, case.raw.sheet) if part)


def _newer(one: IncomingFile, other: IncomingFile) -> str:
    """Return which of two files was saved last, in words."""
    if one is other:
        return say("load.same_file")
    if one.saved_at == other.saved_at:
        return say("load.same_age")
    return say("load.newer", file=max(one, other, key=lambda file: file.saved_at).name)


def _tell_conflicts(
    file: IncomingFile,
    case: ReadCase,
    other: CaseReview,
    where: str,
    cells: Mapping[str, str],
    newer: str,
) -> None:
    for part, theirs, ours in conflicts(other, case.review):
        place = ", ".join(text for text in (where, cells.get(part, "")) if text)
        values = {"what": part, "ours": ours, "theirs": theirs, "where": place, "newer": newer}
        file.problems.append(case.problem(part, "disagree", **values))
        file.waiting.add(case.raw.case_id)


class _Recording:
    """Makes the ledger's new entries: one per workbook, with the cases that say something new."""

    def __init__(
        self, files: Sequence[IncomingFile], incoming: Incoming, partial: bool, outcome: LoadOutcome
    ) -> None:
        self.files = files
        self.states = incoming.states
        self.partial = partial
        self.outcome = outcome
        self.reviews: dict[_Key, dict[str, CaseReview]] = {}
        self.sources: dict[_Key, list[IncomingFile]] = {}
        self.urgent: dict[tuple[str, str, str], Load] = {}

    def loads(self) -> dict[str, list[Load]]:
        """Return the entries by draw."""
        for file in self.files:
            self._take(file)
        found: dict[str, list[Load]] = {}
        for key, files in self.sources.items():
            found.setdefault(key[0], []).append(self._load(key, files))
        for mark in self.urgent.values():
            found.setdefault(mark.draw_id, []).append(mark)
        self._tell_unfinished()
        return found

    def _tell_unfinished(self) -> None:
        """Name the cases that are begun and lack answers, all that is said of them taken together."""
        begun: dict[tuple[str, str], list[ReadCase]] = {}
        for file in self.files:
            for case in file.cases:
                if not case.review.blank and case.raw.case_id not in file.waiting:
                    begun.setdefault((case.raw.draw_id, case.raw.case_id), []).append(case)
        for (draw_id, case_id), here in begun.items():
            state = self.states[draw_id]
            present = {case.raw.workbook for case in here}
            earlier = state.said.get(case_id, {}).items()
            said = [review for workbook, (review, _) in earlier if workbook not in present]
            review = reduce(overlaid, [*said, *(case.review for case in here)])
            whole = state.said_together(here[-1], review)
            names = whole.lacking if case_id in state.units else ()
            if names:
                told = unfinished(whole, names, dated=state.dated(whole))
                self.outcome.problems.append(told)
                # An answer beside its column may be taken for given: that is told in full.
                if not any(row.astray for case in here for row in case.raw.rows):
                    self.outcome.unfinished.append(told)
            elif case_id in state.units and not state.dated(whole):
                self.outcome.problems.append(whole.problem("act_date", "undated", kind="note"))

    def _take(self, file: IncomingFile) -> None:
        told: dict[str, LoadedFile] = {}
        for case in file.cases:
            if not self._wanted(file, case):
                self._keep_mark(file, case)
                continue
            if self._blank_again(case):
                continue
            draw_id, case_id = case.raw.draw_id, case.raw.case_id
            reviews = self.reviews.setdefault((draw_id, case.raw.workbook), {})
            known = reviews.get(case_id)
            reviews[case_id] = case.review if known is None else overlaid(known, case.review)
            if self._news(case):
                sources = self.sources.setdefault((draw_id, case.raw.workbook), [])
                if file not in sources:
                    sources.append(file)
                self._count(told.setdefault(draw_id, LoadedFile(file.name, draw_id)), case)
        self.outcome.loaded += told.values()
        if not told and not file.faulty:
            self.outcome.unchanged.append(file.name)

    def _wanted(self, file: IncomingFile, case: ReadCase) -> bool:
        """Tell whether a case is loaded: of a faulty file only a complete one that has no problem itself."""
        if not file.faulty:
            return True
        sound = self.partial and case.raw.case_id not in file.waiting
        return sound and not case.lacking

    def _keep_mark(self, file: IncomingFile, case: ReadCase) -> None:
        """Record that a case is urgent though its answers must wait: a child cannot."""
        draw_id, case_id, workbook = case.raw.draw_id, case.raw.case_id, case.raw.workbook
        state = self.states[draw_id]
        # What stands where a case number should may be a person's.
        case_id = case_id if case_id in state.units else mask(case_id)
        if case.review.urgent and (workbook, case_id) not in state.marked:
            mark = Load(draw_id, "urgent", workbook=workbook, source=file.name, case_id=case_id)
            self.urgent.setdefault((draw_id, case_id, workbook), mark)

    def _blank_again(self, case: ReadCase) -> bool:
        """Tell whether a sheet says nothing: that takes no earlier answer away, but is told."""
        before = self.states[case.raw.draw_id].said_by(case)
        if case.review.blank and before is not None:
            self.outcome.problems.append(problem_at(case.raw, None, "blank_again", "note", {}))
        return case.review.blank

    def _news(self, case: ReadCase) -> bool:
        """Tell whether a case says something else than its workbook did before; name what it says no more."""
        before = self.states[case.raw.draw_id].said_by(case)
        if before is None:
            return True
        gone = withdrawn(before, case.review)
        if gone:
            values = {"n": len(gone), "questions": ", ".join(gone)}
            self.outcome.problems.append(problem_at(case.raw, None, "withdrawn", "note", values))
        return before != case.review

    def _count(self, told: LoadedFile, case: ReadCase) -> None:
        told.cases += 1
        told.answers += sum(not given.blank for given in case.review.answers.values())
        told.complete += not case.lacking

    def _load(self, key: _Key, files: Sequence[IncomingFile]) -> Load:
        draw_id, workbook = key
        said = self.states[draw_id].said
        new = [
            review
            for case_id, review in self.reviews[key].items()
            if (known := said.get(case_id, {}).get(workbook)) is None or known[0] != review
        ]
        return Load(
            draw_id,
            "answers",
            workbook=workbook,
            source=" + ".join(file.name for file in files),
            sha256=" + ".join(file.sha256 for file in files),
            partial=any(file.faulty for file in files),
            cases=tuple(new),
        )
