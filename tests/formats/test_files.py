"""Files and folders appear whole or not at all, also where a system or a share offers less than a disk does."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tilsyn.base.problems import Refused
from tilsyn.formats import files
from tilsyn.formats.files import (
    append,
    new_folder,
    prepare,
    read_bytes,
    strangers,
    write_all,
    write_bytes,
    write_text,
)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_is_written_and_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.txt"
    assert write_text(path, "én\n") == path
    assert path.read_bytes() == "én\n".encode()
    with pytest.raises(Refused) as caught:
        write_bytes(path, b"two")
    assert caught.value.exit_code == 4
    assert path.read_text("utf-8") == "én\n"
    write_bytes(path, b"two", overwrite=True)
    assert path.read_bytes() == b"two"
    assert names(path.parent) == ["a.txt"]


def test_a_prepared_file_is_not_there_until_it_is_put(tmp_path: Path) -> None:
    prepared = prepare(tmp_path / "deep" / "a.txt", b"one")
    assert not prepared.path.exists()
    assert [files.is_temporary(name) for name in names(tmp_path / "deep")] == [True]
    prepared.put()
    assert names(tmp_path / "deep") == ["a.txt"]
    prepare(tmp_path / "new" / "b.txt", b"two").discard()
    assert names(tmp_path) == ["deep"]


def test_several_files_are_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "deep"
    write_all({folder / "a.txt": b"one", folder / "b.txt": b"one"})
    with pytest.raises(Refused):
        write_all({folder / "new.txt": b"two", folder / "b.txt": b"two"})
    assert (names(folder), read_bytes(folder / "b.txt")) == (["a.txt", "b.txt"], b"one")

    def refuse(self: files.Prepared, put: Callable[[files.Prepared], None] = files.Prepared.put) -> None:
        if self.path.name == "d.txt":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self.path))
        put(self)

    monkeypatch.setattr(files.Prepared, "put", refuse)
    with pytest.raises(PermissionError):
        write_all(
            dict.fromkeys((folder / "a.txt", folder / "c.txt", folder / "d.txt"), b"two"), overwrite=True
        )
    # What had its name before keeps it.
    assert (names(folder), read_bytes(folder / "a.txt")) == (["a.txt", "b.txt"], b"two")


# Each is a share or a system with no hard links: the word it refuses them with, None where Python has none.
WITHOUT_LINKS = [errno.EOPNOTSUPP, errno.EPERM, errno.ENOSYS, errno.EINVAL, None]


def without_links(monkeypatch: pytest.MonkeyPatch, number: int | None) -> None:
    if number is None:
        monkeypatch.delattr(os, "link")
        return

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.parametrize("number", [0, *WITHOUT_LINKS])
def test_of_two_writers_at_once_the_second_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int | None
) -> None:
    if number != 0:
        without_links(monkeypatch, number)
    path = tmp_path / "a.txt"
    slow = prepare(path, b"slow")
    write_text(path, "fast")
    with pytest.raises(Refused):
        slow.put()
    slow.discard()
    assert path.read_text() == "fast"
    assert names(tmp_path) == ["a.txt"]


def test_without_hard_links_two_that_put_at_once_cannot_both_win(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_links(monkeypatch, errno.EOPNOTSUPP)
    path = tmp_path / "a.txt"
    first, second = prepare(path, b"first"), prepare(path, b"second")
    rename = Path.rename

    def late(self: Path, target: Path) -> Path:
        if self == first.temporary:
            with pytest.raises(Refused):
                second.put()
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    first.put()
    second.discard()
    assert (path.read_bytes(), names(tmp_path)) == (b"first", ["a.txt"])


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "samples" / "level-2"
    with new_folder(target) as temporary:
        (temporary / "reviews").mkdir()
        (temporary / "draw.json").write_text("{}")
        assert not target.exists()
    assert names(target) == ["draw.json", "reviews"]
    assert names(target.parent) == ["level-2"]


def test_a_folder_that_is_there_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "level-2"
    with new_folder(target) as temporary:
        (temporary / "draw.json").write_text("first")
    with pytest.raises(Refused), new_folder(target):
        pass
    other = tmp_path / "level-3"
    slow = ExitStack()
    (slow.enter_context(new_folder(other)) / "draw.json").write_text("slow")
    with new_folder(other) as temporary:
        (temporary / "draw.json").write_text("fast")
    with pytest.raises(Refused):
        slow.close()
    assert (other / "draw.json").read_text() == "fast"
    with pytest.raises(ZeroDivisionError), new_folder(tmp_path / "level-4"):
        raise ZeroDivisionError
    assert names(tmp_path) == ["level-2", "level-3"]


def test_a_folder_makes_way_for_a_new_one_or_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "feedback"
    for name in ("first.xlsx", "second.xlsx"):
        with new_folder(target, overwrite=True) as temporary:
            (temporary / name).write_text(name)
        assert (names(target), names(tmp_path)) == ([name], ["feedback"])
    rename = Path.rename

    def refuse(self: Path, to: Path) -> Path:
        if to == target and names(self) == ["third.xlsx"]:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(to))
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises((OSError, Refused)), new_folder(target, overwrite=True) as temporary:
        (temporary / "third.xlsx").write_text("third")
    assert (names(target), names(tmp_path)) == (["second.xlsx"], ["feedback"])


@pytest.mark.parametrize(
    ("name", "strange"),
    [
        ("own.xlsx", False),
        ("noter.docx", True),
        ("under/own.xlsx", True),
        ("Thumbs.db", False),
        (".x", False),
    ],
)
def test_what_others_put_in_a_folder_is_told_from_ones_own(tmp_path: Path, name: str, strange: bool) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("")
    assert strangers(tmp_path, {"own.xlsx"}) == [tmp_path / name] * strange


def test_an_addition_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.jsonl"
    append(path, b"one\n")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"log\.jsonl") as caught:
        append(path, b"two\n")
    assert (caught.value.errno, path.read_bytes()) == (errno.ENOSPC, b"one\n")


def test_an_error_names_the_file_that_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "write", broken)
    with pytest.raises(OSError, match=r"deep/a\.txt"):
        write_bytes(tmp_path / "deep" / "a.txt", b"one")
    assert names(tmp_path) == []
    with pytest.raises(OSError, match=r"nothing\.txt"):
        read_bytes(tmp_path / "nothing.txt")


def test_new_files_are_for_owner_and_group_and_private_ones_for_the_owner(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_bytes(tmp_path / "reports" / "public.xlsx", b"x")
        write_bytes(tmp_path / "samples" / "log.head", b"x", private=True)
        append(tmp_path / "samples" / "log.jsonl", b"x")
        with new_folder(tmp_path / "samples" / "level-2", private=True) as temporary:
            (temporary / "draw.json").write_text("{}")
    finally:
        os.umask(before)
    modes = {
        path.relative_to(tmp_path).as_posix(): oct(stat.S_IMODE(path.stat().st_mode))
        for path in tmp_path.rglob("*")
    }
    assert modes == {
        "reports": "0o770",
        "reports/public.xlsx": "0o660",
        "samples": "0o700",
        "samples/log.head": "0o600",
        "samples/log.jsonl": "0o600",
        "samples/level-2": "0o700",
        "samples/level-2/draw.json": "0o600",
    }


@pytest.mark.parametrize("number", [errno.EACCES, errno.EBADF, errno.EINVAL, errno.EIO])
def test_a_folder_that_cannot_be_flushed_stops_no_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Windows opens no folder, and flushes only what is open for writing; shares refuse in their own ways."""
    opened, flushed = os.open, os.fsync
    reading: set[int] = set()

    def no_folder(path: str, flags: int, *more: int, **named: int) -> int:
        if Path(path).is_dir():
            raise OSError(number, os.strerror(number), path)
        handle = opened(path, flags, *more, **named)
        reading.discard(handle)
        if flags & (os.O_WRONLY | os.O_RDWR) == 0:
            reading.add(handle)
        return handle

    def no_reader(handle: int) -> None:
        if handle in reading:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        flushed(handle)

    monkeypatch.setattr(os, "open", no_folder)
    monkeypatch.setattr(os, "fsync", no_reader)
    write_bytes(tmp_path / "a.txt", b"one")
    append(tmp_path / "a.txt", b"two")
    with new_folder(tmp_path / "level-2") as temporary:
        (temporary / "draw.json").write_text("{}")
    assert (names(tmp_path), (tmp_path / "a.txt").read_bytes()) == (["a.txt", "level-2"], b"onetwo")


@pytest.mark.parametrize(
    ("name", "temporary"),
    [
        (".tilsyn.0123456789ab.tmp", True),
        (".log.head.0123456789ab.tmp", True),
        ("tilsyn.0123456789ab.tmp", False),
        (".~lock.nord.xlsx#", False),
        (".tilsyn.tmp", False),
    ],
)
def test_only_our_own_temporary_files_are_known_as_such(name: str, temporary: bool) -> None:
    assert files.is_temporary(name) is temporary
