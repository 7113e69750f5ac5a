"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tilsyn.base.language import say
from tilsyn.base.problems import Refused

__all__ = ["new_folder", "write_bytes", "write_text", "writing"]


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")


def _sync(path: Path) -> None:
    """Flush a file or a folder to the disk, so that a power cut cannot undo a rename."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exists(path: Path) -> Refused:
    return Refused(say("settings.exists", path=path.name), say("settings.exists_remedy", path=path))


@contextmanager
def writing(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give a temporary path to write to; when the block ends well it becomes `path`.

    Parameters
    ----------
    path : Path
        The file to make. Its folder is made when it is missing.
    overwrite : bool
        Whether an existing file may be replaced. Without it, two writers at once
        cannot both win: the second is refused, also when they started together.

    Yields
    ------
    Path
        A name in the same folder, for libraries that write files themselves.

    Raises
    ------
    Refused
        The file is there already and `overwrite` is false; nothing was changed.
    """
    if not overwrite and path.exists():
        raise _exists(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path)
    try:
        yield temporary
        _sync(temporary)
        if overwrite:
            temporary.replace(path)
        else:
            try:
                path.hardlink_to(temporary)
            except FileExistsError:
                raise _exists(path) from None
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes, *, overwrite: bool = False) -> Path:
    """Write bytes to a file that appears whole or not at all.

    Parameters
    ----------
    path : Path
        The file to make.
    data : bytes
        All of its content.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    Refused
        The file is there already and `overwrite` is false.
    """
    with writing(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(data)
    return path


def write_text(path: Path, text: str, *, overwrite: bool = False) -> Path:
    """Write text as UTF-8 with LF line ends; as `write_bytes` otherwise.

    Parameters
    ----------
    path : Path
        The file to make.
    text : str
        All of its content.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    Refused
        The file is there already and `overwrite` is false.
    """
    return write_bytes(path, text.encode("utf-8"), overwrite=overwrite)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; when the block ends well it becomes `path`.

    Parameters
    ----------
    path : Path
        The folder to make. Its parent is made when it is missing.

    Yields
    ------
    Path
        An empty folder beside it. A block that fails leaves nothing behind.

    Raises
    ------
    Refused
        A folder with content has that name; nothing was changed.
    """
    if path.exists():
        raise _exists(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path)
    temporary.mkdir()
    try:
        yield temporary
        for name in sorted(temporary.rglob("*")):
            _sync(name)
        _sync(temporary)
        try:
            temporary.rename(path)
        except OSError:
            # A folder that came in the meantime: renaming onto one with content fails, which is the lock.
            raise _exists(path) from None
        _sync(path.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's content, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
