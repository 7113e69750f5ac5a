"""Registers that are a database: one query, read through SQLAlchemy into the table `register`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tilsyn.formats.registers.database_failures import not_connected, not_read, shown_url
from tilsyn.formats.registers.table import ROWS_AT_A_TIME, add_rows, match_headings, new_table, refuse
from tilsyn.formats.registers.typed_cells import Found, as_text, is_number
from tilsyn.settings.schema import Register

if TYPE_CHECKING:
    import sqlalchemy

# What a url under [register] begins with when it is the name of a file that holds the address.
IN_FILE = "file:"
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
# Seconds; without it a server behind a firewall is waited for some minutes.
_PATIENCE = 15


def read_database(
    connection: duckdb.DuckDBPyConnection, settings: Register, folder: Path
) -> tuple[str, Found]:
    """Make the table `register` of a database query, and also return the address as it may be shown.

    Its rows are counted from 1 as the query returns them. The query is sent as it stands and changes nothing.
    """
    import sqlalchemy

    assert settings.url is not None
    assert settings.query is not None
    url = address(settings.url, folder)
    shown = shown_url(url)
    engine = _engine(_found_from(folder, url))
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


def address(text: str, folder: Path = Path()) -> sqlalchemy.URL:
    """Return the address that a url under [register] says: itself, an environment variable's, or a file's.

    A variable that stands for a part of it, such as the password, is filled in after the parts are told
    apart: no sign in a password can then be taken for one of the address's own.
    """
    if text.startswith(IN_FILE):
        text = _in_file(folder / text.removeprefix(IN_FILE))
    url = _parsed(_filled_in(text))
    return url.set(
        username=_part(url.username),
        password=_part(url.password),
        host=_part(url.host),
        database=_part(url.database),
    )


def _found_from(folder: Path, url: sqlalchemy.URL) -> sqlalchemy.URL:
    """Return the address of SQLite's file as it is found from a folder; that of a server is what it was."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        return url
    return url.set(database=str(folder / url.database))


def _part(text: str | None) -> str | None:
    return None if text is None else _filled_in(text)


def _in_file(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise refuse("no_url_file", "tilsyn.toml", path=path, reason=reason) from None


def _filled_in(text: str) -> str:
    """Return an environment variable's value where the text is the name of one; refused where it is unset."""
    if (variable := _VARIABLE.fullmatch(text)) is None:
        return text
    if variable[1] not in os.environ:
        raise refuse("no_variable", "tilsyn.toml", name=variable[1])
    return os.environ[variable[1]].strip()


def _parsed(text: str) -> sqlalchemy.URL:
    import sqlalchemy

    try:
        url = sqlalchemy.make_url(text)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise refuse("bad_url", "tilsyn.toml") from None
    # What providers write; psycopg is the driver that tilsyn is installed with.
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url


def _engine(url: sqlalchemy.URL) -> sqlalchemy.Engine:
    import sqlalchemy

    patience = {"connect_timeout": _PATIENCE} if url.drivername == "postgresql+psycopg" else {}
    if "connect_timeout" in url.query:
        patience = {}
    try:
        engine = sqlalchemy.create_engine(url, connect_args=patience)
    except sqlalchemy.exc.NoSuchModuleError:
        raise refuse("no_driver", "tilsyn.toml", reason=url.drivername) from None
    except sqlalchemy.exc.ArgumentError:
        raise refuse("bad_url", "tilsyn.toml") from None
    except ImportError as error:
        raise refuse("no_driver", "tilsyn.toml", reason=f"{url.drivername} ({error})") from None
    # SQLite would make an empty database of a misspelt name.
    if (
        url.get_backend_name() == "sqlite"
        and (path := url.database)
        and path != ":memory:"
        and not Path(path).exists()
    ):
        raise refuse("no_database", "tilsyn.toml", path=path)
    return engine


def _numbered(partitions: Iterator[Sequence[Any]]) -> Iterator[list[tuple[int, Any]]]:
    before = 0
    for rows in partitions:
        yield list(enumerate(rows, start=before + 1))
        before += len(rows)
