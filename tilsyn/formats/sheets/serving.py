"""The other end of `worker.py`: a process that reads one spreadsheet file after the other from its input.

Whatever breaks in here ends this process alone. It is kept from taking all of the machine's memory, and from
leaving an image of it on the disk.
"""

from __future__ import annotations

import contextlib
import pickle
import sys

from tilsyn.base.sheets import SheetCells, Unreadable
from tilsyn.formats.sheets.reading import read

MOST_MEMORY = 4_000_000_000


def serve() -> None:
    """Answer each file's bytes with its sheets, or with why it is refused, until there are no more."""
    _limit_memory()
    with contextlib.suppress(EOFError):
        while True:
            data, unread = pickle.load(sys.stdin.buffer)
            answer: list[SheetCells] | Unreadable
            try:
                answer = read(data, unread)
            except Unreadable as refused:
                answer = refused
            except MemoryError:
                answer = Unreadable("huge")
            pickle.dump(answer, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
            sys.stdout.buffer.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        # Windows has no such limits; what a file may hold is counted before it is read.
        return
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CORE, 0)):
        # A system may set a lower one, or know none.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))
