"""A register's PostgreSQL asked to count and draw itself, all in one snapshot that only reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tilsyn.formats.registers.database_addresses import address
from tilsyn.formats.registers.database_failures import not_connected, not_read, shown_url
from tilsyn.formats.registers.databases import engine_of
from tilsyn.formats.registers.table import match_headings
from tilsyn.settings.schema import Register

if TYPE_CHECKING:
    import sqlalchemy


POSTGRES_DRIVER = "postgresql+psycopg"


@dataclass(frozen=True)
class Snapshot:
    """A register as its server has it at one moment; its address is `shown` without its secrets."""

    shown: str
    _database: sqlalchemy.Connection
    _url: sqlalchemy.URL

    def columns(self, settings: Register) -> dict[str, str]:
        """Return our columns to those that the register's query returns."""
        query = (settings.query or "").strip().rstrip(";")
        headings = self._ask(f"SELECT * FROM (\n{query}\n) AS source LIMIT 0")[0]
        places = match_headings(headings, settings.columns, self.shown, row=None)
        return {column: headings[place] for column, place in places.items()}

    def without_jit(self) -> None:
        """Have queries run as they are: to compile ones so long takes longer than it saves."""
        self._ask("SELECT set_config('jit', 'off', true) FROM pg_settings WHERE name = 'jit'")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what a query returns, rows of this snapshot; InputError where the server gives no answer."""
        return self._ask(sql)[1]

    def _ask(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        import sqlalchemy

        try:
            result = self._database.exec_driver_sql(sql)
            return list(map(str, result.keys())), [tuple(row) for row in result]
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise not_read(error, self._url) from None


@contextmanager
def snapshot(settings: Register, folder: Path) -> Iterator[Snapshot | None]:
    """Hold a snapshot of a register; None where its database is no PostgreSQL."""
    import sqlalchemy

    url = address(settings.url or "", folder)
    if url.drivername != POSTGRES_DRIVER:
        yield None
        return
    engine = engine_of(url, folder)
    try:
        try:
            database = engine.connect()
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise not_connected(error, url) from None
        with database:
            options = {
                "isolation_level": "REPEATABLE READ",
                "postgresql_readonly": True,
                "no_parameters": True,
            }
            held = database.execution_options(**options)
            yield Snapshot(shown_url(url), held, url)
    finally:
        engine.dispose()
