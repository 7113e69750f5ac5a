"""The rows of a register with all their columns, also those that were not kept of the plain rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import duckdb

# Makes a table of the columns that were not kept, as they stand in the register, of the rows whose `row`
# stands in another table; tells whether there are any such columns.
WholeRows = Callable[[str, str], bool]
# What is said of a row with nothing odd in it.
UNREMARKABLE = """false AS cpr, false AS bad, false AS garbled, false AS blurred,
    NULL::VARCHAR AS spoilt, false AS unwrapped, NULL::VARCHAR AS aside"""
_tables = itertools.count(1)


def whole_cells(tables: duckdb.DuckDBPyRelation, name: str, wanted: str, whole: WholeRows | None) -> str:
    """Return the SQL of an examination's cells, all columns of them, in the rows of a query.

    Where they were kept they are only looked up.
    """
    kept = f'SELECT * FROM {name}_cells SEMI JOIN ({wanted}) USING ("row")'
    if whole is None:
        return kept
    table = f"{name}_whole_{next(_tables)}"
    plain = f'SELECT "row" FROM ({wanted}) ANTI JOIN {name}_odd USING ("row")'
    # A table: by its size it is known that it is small.
    tables.query("frame_source", f"CREATE TEMP TABLE {table}_rows AS {plain}")
    odd = f'SELECT * FROM {name}_odd SEMI JOIN ({wanted}) USING ("row")'
    if tables.query("frame_source", f"FROM {table}_rows LIMIT 1").fetchone() is None:
        return odd
    if not whole(f"{table}_rows", table):
        return kept
    others = tables.query("frame_source", f'SELECT * EXCLUDE ("row") FROM {table}').columns
    read = ", ".join(f'w."{column}" AS "{column}"' for column in others)
    return f"""{odd} UNION ALL BY NAME
        SELECT c.* REPLACE ({read}) FROM {name}_cells AS c JOIN {table} AS w USING ("row")"""
