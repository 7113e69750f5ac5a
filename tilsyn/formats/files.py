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

    Without `overwrite` an existing file is refused and nothing is changed; two writers at once cannot both
    win. The folder is made when it is missing.
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
            # A link fails where the file has come in the meantime; renaming would replace it.
            try:
                path.hardlink_to(temporary)
            except FileExistsError:
                raise _exists(path) from None
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes, *, overwrite: bool = False) -> Path:
    """Write bytes to a file that appears whole or not at all, and is refused as in `writing`."""
    with writing(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(data)
    return path


def write_text(path: Path, text: str, *, overwrite: bool = False) -> Path:
    """Write text as UTF-8 with LF line ends; as `write_bytes` otherwise."""
    return write_bytes(path, text.encode("utf-8"), overwrite=overwrite)


@contextmanager
def new_folder(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give a temporary folder to fill; when the block ends well it becomes `path`.

    A block that fails leaves nothing behind. An existing folder is refused and nothing is changed; with
    `overwrite` it goes when the new one is whole.
    """
    if path.exists() and not overwrite:
        raise _exists(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path)
    temporary.mkdir()
    try:
        yield temporary
        for name in sorted(temporary.rglob("*")):
            _sync(name)
        _sync(temporary)
        if overwrite and path.exists():
            shutil.rmtree(path)
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
