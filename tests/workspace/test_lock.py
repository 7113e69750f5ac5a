"""One writer at a time, on disks with locks and shares without, and a message that says who it is."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tilsyn.base.problems import Refused
from tilsyn.workspace import lock
from tilsyn.workspace.lock import Held, RunLock, WriterLock


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "WAIT", 0.0)


def without_locks(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)


# 0 is a disk with locks; the others are what shares say that have none.
SHARES = [0, errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP]


@pytest.mark.parametrize("number", SHARES)
def test_a_second_writer_is_told_who_writes_and_since_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    if number:
        without_locks(monkeypatch, number)
    with WriterLock(tmp_path).held() as first:
        assert first
        with pytest.raises(Refused) as caught, WriterLock(tmp_path).held():
            pass
        assert WriterLock(tmp_path).is_free() is False
    assert caught.value.exit_code == 4
    assert f"(proces {os.getpid()}) er ved at skrive i arbejdsmappen siden 20" in caught.value.message
    assert ("slet" in caught.value.remedy) is bool(number)
    with WriterLock(tmp_path).held() as first:
        assert first
    assert {path.name for path in tmp_path.iterdir()} <= {".log.lock"}


def test_a_writer_who_wrote_nothing_leaves_no_folder(tmp_path: Path) -> None:
    with WriterLock(tmp_path / "samples").held():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_writer_who_wrote_nothing_leaves_the_lock_of_a_run_that_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    writer, running = WriterLock(folder).held(), RunLock(folder).held()
    writer.__enter__()
    running.__enter__()
    writer.__exit__(None, None, None)
    with pytest.raises(Held), RunLock(folder).held():
        pass
    running.__exit__(None, None, None)


def test_who_holds_the_lock_takes_it_again(tmp_path: Path) -> None:
    writers = WriterLock(tmp_path)
    with writers.held() as first, writers.held() as second:
        assert (first, second) == (True, False)
        assert not writers.is_free()
    assert writers.is_free()


@pytest.mark.parametrize("number", SHARES)
def test_a_writer_that_died_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    code = (
        "import errno, fcntl, os, sys; from pathlib import Path; from tilsyn.workspace.lock import WriterLock\n"
        "def refuse(*_): raise OSError(int(sys.argv[2]), 'no locks')\n"
        "if sys.argv[2] != '0': fcntl.flock = refuse\n"
        "held = WriterLock(Path(sys.argv[1])).held(); held.__enter__(); os._exit(9)\n"
    )
    assert (
        subprocess.run([sys.executable, "-c", code, str(tmp_path), str(number)], check=False).returncode == 9
    )
    assert (tmp_path / ".holder.lock").exists()
    if number:
        without_locks(monkeypatch, number)
    with WriterLock(tmp_path).held() as first:
        assert json.loads((tmp_path / ".holder.lock").read_text())["pid"] == os.getpid()
    assert first


def test_a_share_that_goes_away_under_a_writer_hides_nothing_of_what_came_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    def written() -> None:
        with WriterLock(tmp_path).held():
            monkeypatch.setattr(os, "stat", gone)
            raise Refused("what the writer found", "")

    with pytest.raises(Refused, match="what the writer found"):
        written()


def test_a_holder_that_cannot_be_read_is_another_command(tmp_path: Path) -> None:
    with WriterLock(tmp_path).held():
        (tmp_path / ".holder.lock").write_text("{")
        with pytest.raises(Refused, match="en anden kommando"), WriterLock(tmp_path).held():
            pass


def test_a_disk_that_refuses_the_lock_is_told_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_locks(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)), WriterLock(tmp_path).held():
        pass
