"""A database in memory that writes nothing to the disk."""

from __future__ import annotations

import duckdb

# A million cases with all their columns need under one gigabyte.
MEMORY_LIMIT = "4GB"


def memory_database() -> duckdb.DuckDBPyConnection:
    """Open a database in memory; what does not fit there ends in an error, never in a file on the disk."""
    return duckdb.connect(config={"temp_directory": "", "memory_limit": MEMORY_LIMIT})
