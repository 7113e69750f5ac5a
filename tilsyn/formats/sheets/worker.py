"""The process that reads spreadsheet files: one for all files of a command, begun anew when a file ends it.

It is a program of its own, not a fork or a `multiprocessing` child: the same on Windows, and without the
caller's threads.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import pickle
import subprocess
import sys
import threading
from typing import Any

from tilsyn.base.sheets import SheetCells, Unread, Unreadable

# A file of a megabyte takes a second or two.
_SECONDS, _SECONDS_PER_BYTE = 60.0, 20e-6
# A checklist has some 100 kB; a register is read once.
_SMALL = 500_000
# The same modules as here, wherever they were found.
_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from tilsyn.formats.sheets.serving import serve
serve()
"""


class Worker:
    """A process that reads spreadsheet files, begun when the first one comes."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, unread: Unread = Unread()) -> list[SheetCells]:
        """Return a file's sheets, without what is `unread`.

        `Unreadable` where it is refused, breaks the process or takes too long.
        """
        process = self._running()
        late = threading.Event()
        limit = threading.Timer(self._seconds + len(data) * _SECONDS_PER_BYTE, _stop, (process, late))
        limit.daemon = True
        limit.start()
        try:
            answer = self._ask(process, (data, unread))
        except (OSError, EOFError, pickle.UnpicklingError):
            self.close()
            raise Unreadable("slow" if late.is_set() else "breaking") from None
        finally:
            limit.cancel()
        if isinstance(answer, Unreadable):
            raise answer
        return list(answer)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command = [sys.executable, "-P", "-c", _PROGRAM, json.dumps(sys.path)]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        return self._process

    @staticmethod
    def _ask(process: subprocess.Popen[bytes], asked: tuple[bytes, Unread]) -> Any:
        assert process.stdin is not None
        assert process.stdout is not None
        pickle.dump(asked, process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        return pickle.load(process.stdout)

    def close(self) -> None:
        """End the process, if there is one; the next file begins another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            # What was not taken any more is of no use.
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


_worker = Worker()
atexit.register(_worker.close)


def read_apart(data: bytes, unread: Unread = Unread()) -> list[SheetCells]:
    """Return a file's sheets, read in the process that this one keeps for it."""
    return list(_read_small(data, unread)) if len(data) <= _SMALL else _worker.read(data, unread)


@functools.lru_cache(maxsize=32)
def _read_small(data: bytes, unread: Unread) -> tuple[SheetCells, ...]:
    """Keep what was read last: many days in one process meet the same untouched checklists every night."""
    return tuple(_worker.read(data, unread))
