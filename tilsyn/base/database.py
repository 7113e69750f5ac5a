"""A database in memory that writes nothing to the disk."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache

import duckdb

from tilsyn.base.language import say
from tilsyn.base.problems import Refused

# A million cases with all their columns need under one gigabyte.
MEMORY_LIMIT = "4GB"
# What does not fit in the memory ends in an error, never in a file on the disk.
# A file is read anew each time: it may have been changed since.
SETTINGS = {"temp_directory": "''", "enable_external_file_cache": "false"}

PACKED = "packed"
_packed = itertools.count(1)


def memory_database(*, small: bool = False) -> duckdb.DuckDBPyConnection:
    """Return a database in memory for temporary tables, which no other that has been returned sees.

    What is `small` one thread does at once: others would wait for it, and waiting costs, too.
    """
    connection = _database().cursor()
    connection.execute("SET threads = 1" if small else "RESET threads")
    return connection


@cache
def _database() -> duckdb.DuckDBPyConnection:
    # The one that importing DuckDB opens: opening another takes as long as reading a small register.
    connection = duckdb.default_connection()
    for name, value in {**SETTINGS, "memory_limit": f"'{MEMORY_LIMIT}'"}.items():
        connection.execute(f"SET {name} = {value}")
    connection.execute(f"ATTACH ':memory:' AS {PACKED} (COMPRESS)")
    return connection


class PackedTable:
    """A table that can be packed, to a tenth of a temporary one: it is there for as long as this is held.

    `run` runs a statement in a database as `memory_database` returns it.
    """

    def __init__(self, run: Callable[[str], duckdb.DuckDBPyConnection | duckdb.DuckDBPyRelation]) -> None:
        # All of a process see it.
        self.name = f"{PACKED}.table_{next(_packed)}"
        self._run = run
        weakref.finalize(self, run, f"DROP TABLE IF EXISTS {self.name}").atexit = False

    def pack(self) -> None:
        """Make it small; it can be asked as before."""
        ((threads,),) = self._run("SELECT current_setting('threads')").fetchall()
        # Other threads would spin for as long as one packs, and it would not be done sooner.
        self._run("SET threads = 1")
        # Where another register is being written at the same moment, both stay as they are.
        with suppress(duckdb.TransactionException):
            self._run(f"CHECKPOINT {PACKED}")
        self._run(f"SET threads = {threads}")


@contextmanager
def within_memory() -> Iterator[None]:
    """Refuse what does not fit in the memory."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        found = say("register.too_large", limit=MEMORY_LIMIT)
        raise Refused(found, say("register.too_large_remedy")) from None
