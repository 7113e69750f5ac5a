"""Approving a question: a lawyer signs what one catalogue asks, in the file and in the event log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.privacy import refuse_cpr
from tilsyn.base.problems import Refused, UsageError
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
    listed = asked(known_files(workspace.catalogues_dir), question_id, catalogue)
    names = sorted({one.catalogue for one in listed})
    if len(names) > 1:
        found = say("catalogue.which_catalogue", value=question_id, known=", ".join(names))
        raise UsageError(found, say("catalogue.which_catalogue_remedy"))
    refuse_cpr({"role": role, "note": note}, "tilsyn catalogue approve")
    newest = max(listed, key=lambda one: one.question.valid_from or date.min)
    own = workspace.catalogues_dir / newest.path.name
    text = newest.path.read_text("utf-8-sig")
    told = approval_text(newest.question, role, today, note)
    changed = _with_line(text, newest.number, told)
    made = catalogue_from(changed, own).questions[newest.number]
    if fingerprint(made) != fingerprint(newest.question):
        raise Refused(say("catalogue.not_written"), say("catalogue.not_written_remedy"))
    with workspace.locked():
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
        )
        files.write_text(own, changed, overwrite=True)
    return Asked(own, newest.catalogue, newest.number, made)


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


def today() -> date:
    """Return the day that an approval bears."""
    return clock.today()
