"""Bytes in memory that DuckDB reads as a file: personal data goes through no temporary one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb

_NAME = "/tilsyn-register.csv"


@contextmanager
def memory_file(connection: duckdb.DuckDBPyConnection, parts: Iterable[bytes]) -> Iterator[str]:
    """Put the parts one after the other, and yield the address of the file that they are."""
    from fsspec.implementations.memory import MemoryFileSystem

    memory = MemoryFileSystem()
    with memory.open(_NAME, "wb") as file:
        for part in parts:
            file.write(part)
    connection.register_filesystem(memory)
    try:
        yield f"memory://{_NAME}"
    finally:
        connection.unregister_filesystem("memory")
        memory.store.pop(_NAME, None)
