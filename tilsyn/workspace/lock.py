"""One writer at a time, and one unattended run: locks that say who holds them."""

from __future__ import annotations

import errno
import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

from tilsyn.base import clock
from tilsyn.base.danish_time import danish_clock
from tilsyn.base.language import say
from tilsyn.base.problems import Refused
from tilsyn.formats import files

WAIT = 10.0
# How a share says that it has no locks.
_NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}


class Held(Refused):
    """Another process holds the lock."""


class WriterLock:
    """The lock of a workspace's writers; that exactly one draw exists does not rest on it.

    Where a share has no locks, a file that one writer alone can make takes their place.
    """

    names = ".log.lock", ".holder.lock", ".claim.lock"
    words = "held"

    def __init__(self, folder: Path) -> None:
        lock, holder, claim = self.names
        self._folder = folder
        self._path = folder / lock
        self._holder = folder / holder
        self._claim = folder / claim
        self._lock: BaseFileLock = FileLock(
            self._path, timeout=self.wait, poll_interval=0.1, mode=0o600, fallback_to_soft=False
        )

    @property
    def wait(self) -> float:
        """For how many seconds the lock is waited for."""
        return WAIT

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the lock, and tell whether it was taken now or held already; refused while another has it."""
        if self._lock.is_locked:
            yield False
            return
        folders = files.make_folder(self._folder, private=True)
        self._acquire()
        try:
            self._sign()
            yield True
        finally:
            files.remove(self._holder)
            self._lock.release()
            if folders and {path.name for path in self._folder.iterdir()} <= {self._path.name}:
                # Nothing was written after all.
                files.remove(self._path)
                files.remove_empty(*folders)

    def is_free(self) -> bool:
        """Tell whether nobody is writing, without waiting for it."""
        if self._lock.is_locked or not self._folder.is_dir():
            return not self._lock.is_locked
        try:
            self._lock.acquire(timeout=0)
        except (Timeout, OSError):
            return False
        self._lock.release()
        return True

    def _acquire(self) -> None:
        try:
            try:
                self._lock.acquire()
            except OSError as error:
                if isinstance(error, Timeout) or error.errno not in _NO_LOCKS:
                    raise
                self._lock = SoftFileLock(self._claim, timeout=self.wait, poll_interval=0.1, mode=0o600)
                self._lock.acquire()
        except Timeout:
            raise self._taken() from None

    def _sign(self) -> None:
        """Say who holds the lock; it holds without that too."""
        who = {"user": _user(), "host": socket.gethostname(), "pid": os.getpid()}
        signed = json.dumps(who | {"since": clock.now().isoformat()})
        files.remove(self._holder)
        with suppress(OSError):
            files.append(self._holder, signed.encode("utf-8"))

    def _taken(self) -> Held:
        remedy = say(f"disk.{self.words}_remedy")
        if isinstance(self._lock, SoftFileLock):
            remedy = say(f"disk.{self.words}_remedy_claim", file=self._claim)
        try:
            who = json.loads(self._holder.read_bytes())
            since = danish_clock(who["since"])
            told = say(f"disk.{self.words}", who=say("disk.held_by", **who), since=since)
        except (OSError, ValueError, KeyError, TypeError):
            told = say(f"disk.{self.words}_unknown")
        return Held(told, remedy)


class RunLock(WriterLock):
    """The lock of an unattended run: a second one does not wait, for the first does all there is to do."""

    names = ".run.lock", ".run-holder.lock", ".run-claim.lock"
    words = "running"

    @property
    def wait(self) -> float:
        """A run waits for no other."""
        return 0.0


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return "?"
