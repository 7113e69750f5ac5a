"""What interrupted commands left under temporary names: put in place where the log knows it, else removed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tilsyn.formats import files
from tilsyn.workspace.log import FOLLOWUP_RECORDED, QUESTION_APPROVED, REPORTED, REVIEWS_RECORDED, Event

FOLDERS = ("samples", "checklists", "reports")


def leftovers(root: Path) -> list[Path]:
    """Return the temporary files and folders in a workspace, by name."""
    _, _, names = next(os.walk(root), ("", [], []))
    found = [root / name for name in names if files.is_temporary(name)]
    for folder in FOLDERS:
        found += _below(root / folder)
    return sorted(found)


def clear(root: Path, events: Sequence[Event]) -> None:
    """Finish what the log knows, and remove the rest; only for the one who holds the lock of the writers."""
    waiting = leftovers(root)
    known = _known(root, events) if waiting else {}
    for path in waiting:
        # What cannot get its name, or be removed, waits for the next who writes.
        with suppress(OSError):
            digest = "" if path.is_dir() else files.file_hash(path)
            place = _place(path, known.get(digest))
            if place is None or (place.exists() and files.file_hash(place) == digest):
                files.remove(path)
            else:
                path.replace(place)


def _known(root: Path, events: Sequence[Event]) -> dict[str, Path]:
    """Return where the files belong that the log knows, by their SHA-256: of several versions the last."""
    known: dict[str, Path] = {}
    last: dict[str, str] = {}
    for event in events:
        if event["event"] in (REVIEWS_RECORDED, FOLLOWUP_RECORDED):
            known |= {file["sha256"]: Path(file["file"]) for file in event["files"]}
        elif event["event"] in (REPORTED, QUESTION_APPROVED):
            last[event["file"]] = event["sha256"]
    return known | {digest: root / name for name, digest in last.items()}


def _place(path: Path, known: Path | None) -> Path | None:
    """Return a file's place; the log names a ledger's entries without their folder."""
    return known and (known if known.is_absolute() else path.parent / known)


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            if files.is_temporary(name):
                yield Path(place, name)
        folders[:] = [name for name in folders if not files.is_temporary(name)]
