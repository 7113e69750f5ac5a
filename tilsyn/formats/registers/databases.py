"""Registers that are a database: one query, read through SQLAlchemy into the table `register`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tilsyn.formats.registers.database_addresses import address
from tilsyn.formats.registers.database_failures import not_connected, not_read, shown_url
from tilsyn.formats.registers.table import ROWS_AT_A_TIME, add_rows, match_headings, new_table, refuse
from tilsyn.formats.registers.typed_cells import Found, as_text, is_number
from tilsyn.settings.schema import Register

if TYPE_CHECKING:
    import sqlalchemy

# How libpq goes about its connection unless the address says otherwise. Without patience a server behind a
# firewall is waited for some minutes, and one that is gone in the middle of an answer for hours. A database
# that keeps no account of its characters (SQL_ASCII) gives bytes where no encoding is asked for.
_CONNECTING = {
    "client_encoding": "utf8",
    "connect_timeout": "15",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}


def read_database(
    connection: duckdb.DuckDBPyConnection, settings: Register, folder: Path
) -> tuple[str, Found]:
    """Make the table `register` of a database query, and also return the address as it may be shown.

    Paths in the address count from the folder. The rows are counted from 1 as the query returns them. The
    query is sent as it stands and changes nothing.
    """
    import sqlalchemy

    assert settings.url is not None
    assert settings.query is not None
    url = address(settings.url, folder)
    shown = shown_url(url)
    engine = engine_of(url, folder)
    try:
        database = engine.connect()
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise not_connected(error, url) from None
    counted: set[str] = set()
    try:
        with database:
            result = database.execution_options(
                stream_results=True, no_parameters=True, postgresql_readonly=True
            ).exec_driver_sql(settings.query)
            with closing(result):
                if not result.returns_rows:
                    raise refuse("query_no_rows", shown)
                headings = [str(name) for name in result.keys()]  # noqa: SIM118  a result is no mapping
                places = match_headings(headings, settings.columns, shown, row=None)
                new_table(connection, list(places))
                for rows in _numbered(result.partitions(ROWS_AT_A_TIME)):
                    picked = [(number, *(row[place] for place in places.values())) for number, row in rows]
                    for _, *values in picked:
                        counted.update(c for c, value in zip(places, values, strict=True) if is_number(value))
                    add_rows(connection, list(places), [(n, *map(as_text, values)) for n, *values in picked])
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise not_read(error, url) from None
    finally:
        engine.dispose()
    return shown, ({column: headings[place] for column, place in places.items()}, tuple(sorted(counted)))


def engine_of(url: sqlalchemy.URL, folder: Path) -> sqlalchemy.Engine:
    import sqlalchemy

    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith((":", "file:")):
        path = folder / url.database
        # SQLite would make an empty database of a misspelt name.
        if not path.exists():
            raise refuse("no_database", "tilsyn.toml", path=path)
        url = url.set(database=str(path))
    asked = {name: value for name, value in _CONNECTING.items() if name not in url.query}
    try:
        return sqlalchemy.create_engine(
            url, connect_args=asked if url.drivername == "postgresql+psycopg" else {}
        )
    except sqlalchemy.exc.NoSuchModuleError:
        raise refuse("no_driver", "tilsyn.toml", reason=url.drivername) from None
    except sqlalchemy.exc.ArgumentError:
        raise refuse("bad_url", "tilsyn.toml") from None
    except ImportError as error:
        raise refuse("no_driver", "tilsyn.toml", reason=f"{url.drivername} ({error})") from None


def _numbered(partitions: Iterator[Sequence[Any]]) -> Iterator[list[tuple[int, Any]]]:
    before = 0
    for rows in partitions:
        yield list(enumerate(rows, start=before + 1))
        before += len(rows)
