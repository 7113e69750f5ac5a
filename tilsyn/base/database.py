"""A database in memory that writes nothing to the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from tilsyn.base.language import say
from tilsyn.base.problems import Refused

# A million cases with all their columns need under one gigabyte.
MEMORY_LIMIT = "4GB"
# What does not fit in the memory ends in an error, never in a file on the disk.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {"temp_directory": ""}


def memory_database() -> duckdb.DuckDBPyConnection:
    """Open a database in memory."""
    return duckdb.connect(config=SETTINGS | {"memory_limit": MEMORY_LIMIT})


@contextmanager
def within_memory() -> Iterator[None]:
    """Refuse what does not fit in the memory."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        found = say("register.too_large", limit=MEMORY_LIMIT)
        raise Refused(found, say("register.too_large_remedy")) from None
