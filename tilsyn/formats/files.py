"""Files and folders that appear whole or not at all, on disks and shares that offer more or less.

What a system or a share may not have is tried, and done without: hard links, the flush of a folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tilsyn.base.language import say
from tilsyn.base.problems import Refused

# New files are for the owner and the group, as far as the umask lets them; `private` ones for the owner.
_SHARED_FILE, _PRIVATE_FILE = 0o660, 0o600
_SHARED_FOLDER, _PRIVATE_FOLDER = 0o770, 0o700
# Windows would else write a line end as two.
_BINARY = getattr(os, "O_BINARY", 0)
# What an operating system puts into a folder that is looked at.
_LITTER = (".*", "~$*", "Thumbs.db", "desktop.ini")
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{12}\.tmp")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the disk name this file, not the temporary one, and never none."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


def read_bytes(path: Path) -> bytes:
    """Read a file; an error in the midst of it names the file too."""
    with naming(path):
        return path.read_bytes()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's content, as hexadecimal digits."""
    with naming(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Prepared:
    """A file that is whole and on the disk under a temporary name, until it is put in its place.

    `folders` are those that were made for it.
    """

    path: Path
    temporary: Path
    overwrite: bool
    folders: tuple[Path, ...]

    def put(self) -> None:
        """Give the file its name; without `overwrite` one that came in the meantime is refused."""
        with naming(self.path):
            if self.overwrite:
                self.temporary.replace(self.path)
            else:
                _place(self.temporary, self.path)
        _flush_folder(self.path.parent)

    def discard(self) -> None:
        """Leave nothing behind."""
        remove(self.temporary)
        remove_empty(*self.folders)


def prepare(path: Path, data: bytes, *, overwrite: bool = False, private: bool = False) -> Prepared:
    """Write a file under a temporary name beside its own; its folder is made when it is missing.

    Refused where the file is there already, or, with `overwrite`, where another program keeps it open.
    """
    if path.exists():
        if not overwrite:
            raise _exists(path)
        with naming(path):
            os.close(os.open(path, os.O_RDWR))
    with naming(path):
        folders = make_folder(path.parent, private=private)
        prepared = Prepared(path, _temporary(path.parent), overwrite, folders)
        try:
            _create(prepared.temporary, data, _PRIVATE_FILE if private else _SHARED_FILE)
        except OSError:
            prepared.discard()
            raise
    return prepared


def discard(prepared: Sequence[Prepared]) -> None:
    """Leave nothing behind of several files; the folder was made for the first, so it goes last."""
    for file in reversed(prepared):
        file.discard()


def write_bytes(path: Path, data: bytes, *, overwrite: bool = False, private: bool = False) -> Path:
    """Write bytes to a file that appears whole or not at all; refused as in `prepare`.

    Two writers at once cannot both win.
    """
    prepared = prepare(path, data, overwrite=overwrite, private=private)
    try:
        prepared.put()
    except (OSError, Refused):
        prepared.discard()
        raise
    return path


def write_text(path: Path, text: str, *, overwrite: bool = False, private: bool = False) -> Path:
    """Write text as UTF-8 with LF line ends; as `write_bytes` otherwise."""
    return write_bytes(path, text.encode("utf-8"), overwrite=overwrite, private=private)


def write_all(
    contents: Mapping[Path, bytes], *, overwrite: bool = False, private: Collection[Path] = ()
) -> None:
    """Write files, all of them or none, those of `private` for the owner alone.

    As `prepare` writes one; what was there before is not taken away.
    """
    new = {path for path in contents if not path.exists()}
    prepared: list[Prepared] = []
    put: list[Path] = []
    try:
        for path, data in contents.items():
            prepared.append(prepare(path, data, overwrite=overwrite, private=path in private))
        for file in prepared:
            file.put()
            put.append(file.path)
    except (OSError, Refused):
        for path in new.intersection(put):
            remove(path)
        discard(prepared)
        raise


def append(path: Path, data: bytes) -> None:
    """Add to the end of a file, for the owner alone; what fails leaves it as it was."""
    with naming(path):
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY, _PRIVATE_FILE)
        try:
            length = os.fstat(handle).st_size
            try:
                _write(handle, data)
                os.fsync(handle)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(handle, length)
                raise
        finally:
            os.close(handle)


@contextmanager
def new_folder(path: Path, *, overwrite: bool = False, private: bool = False) -> Iterator[Path]:
    """Give a temporary folder to fill; when the block ends well it becomes `path`.

    A block that fails leaves nothing behind. An existing folder is refused and nothing is changed; with
    `overwrite` it goes when the new one has its name.
    """
    if path.exists() and not overwrite:
        raise _exists(path)
    with naming(path):
        folders = make_folder(path.parent, private=private)
        temporary = _temporary(path.parent)
        try:
            temporary.mkdir(_PRIVATE_FOLDER if private else _SHARED_FOLDER)
            yield temporary
            for place in sorted(temporary.rglob("*")):
                _settle(place, _PRIVATE_FOLDER if private else _SHARED_FOLDER)
            _flush_folder(temporary)
            with _out_of_the_way(path, overwrite):
                _rename_new(temporary, path)
        except BaseException:
            remove(temporary)
            remove_empty(*folders)
            raise
    _flush_folder(path.parent)


@contextmanager
def _out_of_the_way(path: Path, overwrite: bool) -> Iterator[None]:
    """Give an existing folder another name, and remove it where the block ends well; else it comes back."""
    earlier = _temporary(path.parent)
    if overwrite and path.exists():
        path.rename(earlier)
    try:
        yield
    except (OSError, Refused):
        if earlier.exists():
            earlier.rename(path)
        raise
    remove(earlier)


def take_away(path: Path) -> None:
    """Remove a folder at once: first its name, then what is in it; the one around it where it was alone."""
    temporary = _temporary(path.parent)
    with suppress(OSError):
        path.rename(temporary)
        remove(temporary)
        remove_empty(path.parent)


def strangers(folder: Path, own: Collection[str]) -> list[Path]:
    """Return the files in a folder that are not one's own, by name; an operating system's litter is none."""
    there = sorted(path for path in folder.rglob("*") if path.is_file())
    litter = {path for path in there if any(path.match(pattern) for pattern in _LITTER)}
    return [path for path in there if path not in litter and path.relative_to(folder).as_posix() not in own]


def make_folder(path: Path, *, private: bool = False) -> tuple[Path, ...]:
    """Make a folder and those above it, and return the ones that were missing, the deepest first."""
    missing = [place for place in (path, *path.parents) if not place.exists()]
    made: list[Path] = []
    try:
        for place in reversed(missing):
            place.mkdir(_PRIVATE_FOLDER if private else _SHARED_FOLDER, exist_ok=True)
            made.insert(0, place)
    except OSError:
        remove_empty(*made)
        raise
    return tuple(made)


def is_temporary(name: str) -> bool:
    """Tell whether a name is a temporary one of ours."""
    return _TEMPORARY.fullmatch(name) is not None


def remove(path: Path) -> None:
    """Remove a temporary file or folder; one that cannot be removed is left for the next who writes."""
    # A share that is gone does not even say what the path is.
    with suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def remove_empty(*folders: Path) -> None:
    """Remove folders, the deepest first; one that holds something stays."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _temporary(folder: Path, key: str = "") -> Path:
    return folder / f".tilsyn.{key or secrets.token_hex(6)}.tmp"


def _exists(path: Path) -> Refused:
    return Refused(say("settings.exists", path=path.name), say("settings.exists_remedy", path=path))


def _create(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)
    try:
        _write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def _settle(path: Path, mode: int) -> None:
    """Flush to the disk what a library wrote, and let nobody read it who may not."""
    # A share may not know the modes of files.
    with suppress(OSError):
        path.chmod(path.stat().st_mode & mode)
    if path.is_dir():
        _flush_folder(path)
        return
    # Windows flushes only what is open for writing.
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folder(path: Path) -> None:
    """Flush a folder's names, so that a power cut cannot undo a rename.

    Windows and many shares have no such thing, and refuse each in its own way; the names are there all the
    same.
    """
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _place(temporary: Path, path: Path) -> None:
    """Give a file its name unless it is taken: a link fails there, while renaming would replace."""
    link = getattr(os, "link", None)
    try:
        if link is not None:
            link(temporary, path)
            remove(temporary)
            return
    except FileExistsError:
        raise _exists(path) from None
    except OSError:
        # No hard links here.
        pass
    claim = _temporary(
        path.parent, hashlib.sha256(path.name.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    )
    try:
        _create(claim, b"", _PRIVATE_FILE)
    except FileExistsError:
        raise _exists(path) from None
    try:
        _rename_new(temporary, path)
    finally:
        remove(claim)


def _rename_new(temporary: Path, path: Path) -> None:
    """Rename to a name that is free; refused where it is not."""
    if path.is_file():
        raise _exists(path)
    try:
        temporary.rename(path)
    except OSError:
        # A folder that came in the meantime: renaming onto one with content fails, which is the lock.
        if path.exists():
            raise _exists(path) from None
        raise
