"""What lies in a folder that is loaded: files to read, litter, and documents that may hold answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.problems import Problem
from tilsyn.formats.spreadsheets import WORKBOOK_SUFFIXES
from tilsyn.formats.tidy_answers import TIDY_SUFFIXES

# What systems and programs leave behind beside people's files; a lock file says who has one open.
_LITTER = re.compile(
    r"\..*|~\$.*|~.*\.tmp|.*\.(tmp|lnk|lock|crdownload|download|part|partial|filepart)|desktop\.ini|(eh)?thumbs\.db|icon\r",
    re.IGNORECASE,
)
# How programs that share folders name a copy that they could not merge, in Danish and English.
_CONFLICT = re.compile(r"konflikt|conflict|modstridende", re.IGNORECASE)
# Where what goes back to the units is written.
RETURNED = "retur"
# Kinds of files that people answer in when the workbook is not at hand.
_DOCUMENTS = (
    ".pdf", ".doc", ".docx", ".docm", ".odt", ".rtf", ".pages", ".numbers", ".eml", ".msg", ".zip", ".7z",
    ".htm", ".html", ".mht", ".jpg", ".jpeg", ".png", ".heic", ".tif", ".tiff",
)  # fmt: skip


def is_litter(path: Path) -> bool:
    """Tell whether a file holds nothing that anybody wrote: empty, a system's own, or another's copy."""
    if _LITTER.fullmatch(path.name) or (path.is_file() and path.stat().st_size == 0):
        return True
    return _CONFLICT.search(path.name) is not None and _has_original(path)


def _has_original(path: Path) -> bool:
    """Tell whether the file is there that this one is a copy of: its name is the beginning of this one."""
    beginnings = (path.stem[:end] for end in range(1, len(path.stem)) if not path.stem[end].isalnum())
    return any(path.with_name(f"{start}{path.suffix}").exists() for start in beginnings)


def told_litter(path: Path) -> Problem:
    """Return the note that a file was passed over."""
    return told_of(path, "conflict_copy" if _CONFLICT.search(path.name) else "litter", "note")


def files_in(folder: Path, suffixes: Sequence[str] = WORKBOOK_SUFFIXES) -> dict[Path, Problem | None]:
    """Return what lies in a folder, by name: None for a file of a kind to read, else what to tell of it."""
    listed = (path for path in sorted(folder.glob("*")) if not (path.name == RETURNED and path.is_dir()))
    return {path: _instead(path, suffixes) for path in listed}


def _instead(path: Path, suffixes: Sequence[str]) -> Problem | None:
    """Return what is told of a file instead of reading it."""
    suffix = path.suffix.lower()
    if path.is_dir():
        return told_of(path, "folder_inside", "note")
    if is_litter(path):
        return told_litter(path)
    if suffix in suffixes:
        return None
    if suffix in TIDY_SUFFIXES:
        return told_of(path, "tidy_beside", "error")
    return (
        told_of(path, "document", "error") if suffix in _DOCUMENTS else told_of(path, "unknown_kind", "note")
    )


def told_of(path: Path, key: str, kind: str) -> Problem:
    """Return what is told of a file as a whole."""
    values = {"suffix": path.suffix or "–"}
    found, remedy = say(f"load.{key}", **values), say(f"load.{key}_remedy", **values)
    return Problem(found, remedy, file=mask(path.name), kind="note" if kind == "note" else "error")
