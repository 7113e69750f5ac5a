"""An inbox: a folder where all that comes back is left, so that most of it was loaded or corrected before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.problems import Problem
from tilsyn.formats.spreadsheets import WORKBOOK_SUFFIXES
from tilsyn.formats.tidy_answers import TIDY_SUFFIXES
from tilsyn.procedure.load_folder import files_in
from tilsyn.procedure.load_incoming import Incoming, IncomingFile
from tilsyn.workspace.log import PROBLEMS_FOUND, REVIEWS_RECORDED


class Inbox:
    """A folder, and what the log knows of the files that were told to have problems, by their hash."""

    def __init__(self, folder: Path, incoming: Incoming) -> None:
        self.folder = folder
        self.incoming = incoming
        # To the workbooks that have not been loaded whole since.
        self.waiting: dict[str, set[str]] = {}
        self._follow()
        incoming.done |= {digest for digest, workbooks in self.waiting.items() if not workbooks}

    def files(self) -> dict[Path, Problem | None]:
        """Return what lies there; a folder that is not to be found is a problem, an empty one is none."""
        if self.folder.is_dir():
            return files_in(self.folder, (*WORKBOOK_SUFFIXES, *TIDY_SUFFIXES))
        told = say("load.no_inbox"), say("load.no_inbox_remedy")
        self.incoming.problems.append(Problem(*told, file=mask(str(self.folder))))
        return {}

    def without_superseded(self, files: Sequence[IncomingFile]) -> list[IncomingFile]:
        """Leave out the files told to have problems before whose workbook has come again since."""
        kept = []
        for file in files:
            later = self._later(file, files)
            if later is None:
                kept.append(file)
            else:
                told = say("load.superseded", later=later.name), say("load.superseded_remedy")
                self.incoming.problems.append(Problem(*told, file=file.name, kind="note"))
        return kept

    def _later(self, file: IncomingFile, files: Sequence[IncomingFile]) -> IncomingFile | None:
        own = _workbooks(file)
        if not (file.faulty and own and file.sha256 in self.waiting):
            return None
        later = [other for other in files if other.saved_at > file.saved_at and own <= _workbooks(other)]
        return max(later, key=lambda other: other.saved_at, default=None)

    def _follow(self) -> None:
        """Follow in the log which files had problems, and which workbooks were loaded whole after that."""
        whole = {load.file: load.workbook for load in self.incoming.loads if not load.partial}
        for event in self.incoming.workspace.log.events:
            if event["event"] == PROBLEMS_FOUND and event.get("workbooks"):
                self.waiting[event["sha256"]] = set(event["workbooks"])
            elif event["event"] == REVIEWS_RECORDED:
                loaded = {whole[file["file"]] for file in event["files"] if file["file"] in whole}
                for workbooks in self.waiting.values():
                    workbooks -= loaded


def _workbooks(file: IncomingFile) -> set[str]:
    return {case.raw.workbook for case in file.cases if case.raw.workbook}
