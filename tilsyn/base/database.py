"""A database in memory that writes nothing to the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb

from tilsyn.base.language import say
from tilsyn.base.problems import Refused

# A million cases with all their columns need under one gigabyte.
MEMORY_LIMIT = "4GB"
# What does not fit in the memory ends in an error, never in a file on the disk.
# A file is read anew each time: it may have been changed since.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "temp_directory": "",
    "enable_external_file_cache": False,
}


def memory_database() -> duckdb.DuckDBPyConnection:
    """Return a database in memory for temporary tables, which nothing else of this process sees."""
    return _database(MEMORY_LIMIT).cursor()


@cache
def _database(limit: str) -> duckdb.DuckDBPyConnection:
    # One for all of a process: opening another takes as long as reading a small register.
    return duckdb.connect(config=SETTINGS | {"memory_limit": limit})


@contextmanager
def within_memory() -> Iterator[None]:
    """Refuse what does not fit in the memory."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        found = say("register.too_large", limit=MEMORY_LIMIT)
        raise Refused(found, say("register.too_large_remedy")) from None
