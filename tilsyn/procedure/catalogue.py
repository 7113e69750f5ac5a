"""Approving a question: a lawyer signs what one catalogue asks, in the file and in the event log."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tilsyn.base.language import say
from tilsyn.base.privacy import refuse_cpr
from tilsyn.base.problems import Refused, TilsynError, UsageError
from tilsyn.base.toml_files import key_lines
from tilsyn.formats import files
from tilsyn.questions.approval import approval_text, fingerprint
from tilsyn.questions.question import Question
from tilsyn.workspace.catalogues import catalogue_from, packaged, read_catalogue
from tilsyn.workspace.log import QUESTION_APPROVED
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Asked:
    """A question as one catalogue file asks it, in one version."""

    path: Path
    catalogue: str
    number: int
    question: Question


def known_files(own: Path | None) -> list[Path]:
    """Return the catalogue files: a workspace's own, then those of the package that it has no copy of."""
    mine = sorted(own.glob("*.toml")) if own is not None else []
    return mine + [path for path in packaged() if path.stem not in {known.stem for known in mine}]


def asked(paths: Sequence[Path], question_id: str, catalogue: str | None = None) -> list[Asked]:
    """Return every version of a question in the files; a usage error where there is none."""
    found: list[Asked] = []
    known: list[str] = []
    for path in paths:
        read = read_catalogue(path)
        known += read.ids
        found += [
            Asked(path, read.name, number, question)
            for number, question in enumerate(read.questions)
            if question.question_id == question_id and catalogue in (None, read.name)
        ]
    if not found:
        raise UsageError(
            say("catalogue.no_question", value=question_id),
            say("catalogue.no_question_remedy", known=", ".join(sorted(set(known))[:12])),
        )
    return found


def approve(
    workspace: Workspace, question_id: str, role: str, note: str, catalogue: str | None, today: date
) -> Asked:
    """Write a lawyer's approval of the newest wording into the workspace's own catalogue, and log it."""
    refuse_cpr({"role": role, "note": note}, "tilsyn catalogue approve")
    # Read under the lock, or an approval that somebody else writes meanwhile would be lost.
    with workspace.locked():
        newest = _newest(known_files(workspace.catalogues_dir), question_id, catalogue)
        own = workspace.catalogues_dir / newest.path.name
        told = approval_text(newest.question, role, today, note)
        changed = _with_line(newest.path.read_text("utf-8-sig"), newest.number, told)
        made = catalogue_from(changed, own).questions[newest.number]
        if fingerprint(made) != fingerprint(newest.question):
            raise Refused(say("catalogue.not_written"), say("catalogue.not_written_remedy"))
        data = changed.encode("utf-8")
        prepared = files.prepare(own, data, overwrite=True)
        try:
            workspace.log.append(
                QUESTION_APPROVED,
                catalogue=newest.catalogue,
                question=question_id,
                valid_from=newest.question.valid_from and newest.question.valid_from.isoformat(),
                wording=fingerprint(newest.question),
                law_text=newest.question.law_text,
                role=role,
                note=note,
                on=today.isoformat(),
                file=own.relative_to(workspace.root).as_posix(),
                sha256=hashlib.sha256(data).hexdigest(),
            )
        except (OSError, TilsynError):
            prepared.discard()
            raise
        workspace.log.put_late([prepared], say("disk.late_next"))
    return Asked(own, newest.catalogue, newest.number, made)


def _newest(paths: Sequence[Path], question_id: str, catalogue: str | None) -> Asked:
    """Return a question in its newest version; a usage error where several catalogues have it."""
    listed = asked(paths, question_id, catalogue)
    names = sorted({one.catalogue for one in listed})
    if len(names) > 1:
        found = say("catalogue.which_catalogue", value=question_id, known=", ".join(names))
        raise UsageError(found, say("catalogue.which_catalogue_remedy"))
    return max(listed, key=lambda one: one.question.valid_from or date.min)


def _with_line(text: str, number: int, told: str) -> str:
    """Return a catalogue's text with the approval in a question's record, whatever else stands there."""
    places, lines = key_lines(text), text.splitlines()
    written = 'approved = "' + told.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if (line := places.get(("question", number, "approved"))) is not None:
        lines[line - 1] = written
    else:
        after = places.get(("question", number, "law"), places[("question", number, "id")])
        lines.insert(after, written)
    return "\n".join(lines) + "\n"
