"""Which file is the register of a period, and the day that it is given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tilsyn.base.periods import Period
from tilsyn.sampling.register_time import is_of_period
from tilsyn.workspace.workspace import Workspace

# A day in a path, and nothing else that looks like one.
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
# What stands for `{as_of}` in a file's name.
_AS_OF = r"(\d{4}-\d{2}-\d{2}|\d{8})"


@dataclass(frozen=True)
class RegisterFile:
    """A register's file, which may be missing, and the day it was taken out, where its name says it."""

    path: Path
    as_of: date | None = None


def register_file(workspace: Workspace, period: Period | None) -> RegisterFile | None:
    """Return the register's file of a period; None where the settings name none.

    A month that has no file of its own takes its quarter's.
    """
    path = workspace.settings.register.path
    if path is None:
        return None
    found = _file_of(workspace.root, path, period)
    if not found.path.exists() and period is not None and period.kind == "month":
        of_quarter = _file_of(workspace.root, path, period.quarter(), period)
        if of_quarter.path.exists():
            return of_quarter
    return found


def _file_of(root: Path, path: str, named: Period | None, period: Period | None = None) -> RegisterFile:
    """Return the file that is named after a period, of the days that another may be drawn from."""
    name = path.replace("{period}", "" if named is None else named.canonical)
    if "{as_of}" not in name:
        day = _DAY.search(path) if "{period}" in path else None
        return RegisterFile(root / name, _day(day[0]) if day else None)
    return _nearest(_taken_out(root, name), period or named) or RegisterFile(root / name)


def _taken_out(root: Path, name: str) -> list[RegisterFile]:
    """Return the files that differ in their day alone, the oldest first."""
    before, after = (root / name).as_posix().split("{as_of}", 1)
    form = re.compile(re.escape(before) + _AS_OF + re.escape(after).replace(re.escape("{as_of}"), r"\1"))
    # Only the folders above the day are sure to be there.
    folder = Path(before).parent if not before.endswith("/") else Path(before)
    depth = after.count("/")
    found = []
    for path in folder.glob("/".join(["*"] * (depth + 1))):
        match = form.fullmatch(path.as_posix())
        if match and (day := _day(match[1])) is not None:
            found.append(RegisterFile(path, day))
    return sorted(found, key=lambda file: (str(file.as_of), file.path))


def _nearest(files: list[RegisterFile], period: Period | None) -> RegisterFile | None:
    """Return the first that was taken out after a period and is still of its time, else the last before.

    Without a period, or where none is of its time, the newest.
    """
    if period is not None:
        own = [file for file in files if is_of_period(file.as_of, True, period)]
        after = [file for file in own if file.as_of is not None and file.as_of > period.end]
        files = after[:1] or own or files
    return files[-1] if files else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
