"""Registers that are a database: PostgreSQL where a server is there, SQLite as one of the others, and failures."""

from __future__ import annotations

import gc
import os
import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from tests.formats.registers.test_opening import problems, rows, typed
from tilsyn.base.language import using
from tilsyn.formats.registers import database_failures, databases
from tilsyn.formats.registers.database_addresses import address, open_to_others
from tilsyn.formats.registers.opening import read_register

SECRET = "s3cr@t/w:rd"
QUOTED = "s3cr%40t%2Fw%3Ard"
ORIGINAL = "postgresql+psycopg://skriver:{password}@127.0.0.1:1/sager"
ALL = "SELECT * FROM sager ORDER BY 1"


def told(found: Any) -> str:
    return "".join(f"{problem.file}{problem.found}{problem.remedy}" for problem in found)


@pytest.mark.parametrize(
    ("text", "password", "host", "database"),
    [
        ("postgresql+psycopg://u:$PG_PASSWORD@vært/base", SECRET, "vært", "base"),
        ("postgresql://u:${PG_PASSWORD}@$PG_HOST:5433/base", SECRET, "db.example", "base"),
        ("postgres://u:p$x@h/base", "p$x", "h", "base"),
        ("postgresql://h/base?user=u&password=$PG_PASSWORD", None, "h", "base"),
        ("$REGISTER_URL", SECRET, "h", "sager"),
        ("${REGISTER_URL}", SECRET, "h", "sager"),
        ("file:url", SECRET, "h", "sager"),
        ("file:variable", SECRET, "h", "sager"),
    ],
)
def test_the_address_is_in_the_settings_the_environment_or_a_file(
    text: str, password: str | None, host: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = f"postgresql+psycopg://u:{QUOTED}@h/sager"
    (tmp_path / "url").write_text(f"\ufeff{whole}\r\n", "utf-8")
    (tmp_path / "variable").write_text("$REGISTER_URL\n", "utf-8")
    for name, value in (("PG_PASSWORD", SECRET), ("PG_HOST", "db.example"), ("REGISTER_URL", f"{whole}\n")):
        monkeypatch.setenv(name, value)
    found = address(text, tmp_path)
    assert (found.drivername, found.username or found.query["user"]) == ("postgresql+psycopg", "u")
    assert (found.password, found.host, found.database) == (password, host, database)
    assert (found.password or found.query["password"]) == (password or SECRET)


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        (f"postgresql://u:{QUOTED}@h/sager", 0o600, False),
        (f"postgresql://u:{QUOTED}@h/sager", 0o640, True),
        (f"postgresql://u:{QUOTED}@h/sager", 0o604, True),
        (f"postgresql://h/sager?password={QUOTED}", 0o644, True),
        ("postgresql://u@h/sager", 0o644, False),
        ("postgresql://u:$PG_PASSWORD@h/sager", 0o644, False),
    ],
)
def test_a_file_with_a_password_that_others_can_read_is_told(
    text: str, mode: int, told: bool, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text(text)
    (tmp_path / "url").chmod(mode)
    notes = open_to_others("file:url", tmp_path)
    assert [(note.kind, f"{mode:04o}" in note.found) for note in notes] == [("note", True)] * told
    assert not [note for note in notes if QUOTED in note.found + note.remedy]
    assert not open_to_others(text, tmp_path)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@h.example:5433/sager", "postgresql://h.example:5433/sager"),
        ("postgresql://u:p@[::1]/sager", "postgresql://::1/sager"),
        ("postgresql://h/sager?password=p&user=u", "postgresql://h/sager"),
        # What follows an unquoted @ is read as the host.
        ("postgresql://u:p@ss@h/sager", "postgresql://…"),
        ("mssql+pyodbc:///?odbc_connect=UID%3Du%3BPWD%3Dp", "mssql:///"),
        ("sqlite:////srv/sager.db", "sqlite:////srv/sager.db"),
    ],
)
def test_an_address_is_shown_without_who_logs_in(url: str, shown: str) -> None:
    assert database_failures.shown_url(address(url, Path())) == shown


class _Failing:
    """A driver's error, as SQLAlchemy hands it on."""

    def __init__(self, said: str, sqlstate: str | None) -> None:
        kind = type("OperationalError", (Exception,), {"sqlstate": sqlstate})
        self.error = sqlalchemy.exc.OperationalError("SELECT", {}, kind(said))


CONNECTING = [
    ('connection failed: FATAL:  password authentication failed for user "skriver"', "afviste brugernavnet"),
    ('connection failed: FATAL:  role "skriver" does not exist', "afviste brugernavnet"),
    ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "skriver"', "afviste brugernavnet"),
    ("(1045, \"Access denied for user 'skriver'@'h' (using password: YES)\")", "afviste brugernavnet"),
    ("Login failed for user 'skriver'.", "afviste brugernavnet"),
    ('connection failed: FATAL:  database "sager" does not exist', "ingen database med det navn"),
    ("failed to resolve host 't/w:rd@h': [Errno -2] Name or service not known", "vært kendes ikke"),
    ("connection to server at \"h\", port 1 failed: Connection refused\n\tIs the server", "ingen database tager imod"),
    ("connection failed: FATAL:  the database system is starting up", "tager ikke imod lige nu"),
    ("connection failed: FATAL:  the database system is in recovery mode", "tager ikke imod lige nu"),
    ('FATAL:  too many connections for role "skriver"', "tager ikke imod lige nu"),
    ("connection failed: fe_sendauth: no password supplied", "vil have en adgangskode"),
    ("connection timeout expired", "svarede ikke i tide"),
    ("timeout expired", "svarede ikke i tide"),
    (f"strange for skriver with {SECRET}", "der er ingen forbindelse"),
]  # fmt: skip
QUERYING = [
    ('relation "sager" does not exist', "42P01", "tabel, der ikke findes"),
    ("no such table: sager", None, "tabel, der ikke findes"),
    ("permission denied for table sager", "42501", "må ikke læse"),
    ("canceling statement due to statement timeout", "57014", "svarede ikke i tide"),
    ("canceling statement due to conflict with recovery", "40001", "svarede ikke i tide"),
    ("terminating connection due to administrator command", "57P01", "blev afbrudt"),
    ("consuming input failed: server closed the connection unexpectedly", None, "blev afbrudt"),
    ('column "x" does not exist', "42703", "kunne ikke udføres: column"),
    ('invalid byte sequence for encoding "UTF8": 0xf8', "22021", "client_encoding=latin1"),
    (f"odd {SECRET}", "22P02", "kunne ikke udføres: odd …"),
]


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize(("said", "words"), CONNECTING, ids=[words for _, words in CONNECTING])
def test_a_connection_that_fails_says_why(
    said: str, words: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(engine: sqlalchemy.Engine) -> None:
        raise _Failing(said, None).error

    monkeypatch.setattr(sqlalchemy.Engine, "connect", connect)
    with using(lang):
        found = problems(None, typed(ORIGINAL.format(password=QUOTED), ALL))
    assert (words in told(found)) is (lang == "da")
    assert not {SECRET, "skriver", "t/w:rd"} & {
        word for word in (SECRET, "skriver", "t/w:rd") if word in told(found)
    }
    assert found[0].file == "postgresql://127.0.0.1:1/sager"
    assert len(found) == 1


@pytest.mark.parametrize(("said", "code", "words"), QUERYING)
def test_a_query_that_fails_says_why(
    said: str, code: str | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(connection: sqlalchemy.Connection, query: str) -> None:
        raise _Failing(said, code).error

    monkeypatch.setattr(sqlalchemy.Connection, "exec_driver_sql", send)
    shown = address(ORIGINAL.format(password=QUOTED), Path())
    monkeypatch.setattr(databases, "address", lambda text, folder: shown)
    monkeypatch.setattr(databases, "engine_of", lambda url, folder: sqlalchemy.create_engine("sqlite://"))
    found = problems(None, typed("x", ALL))
    assert words in told(found)
    assert SECRET not in told(found)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"postgresql://skriver:{QUOTED}@127.0.0.1:ikke-tal/sager", "kan ikke læses"),
        (f"nosuchbase://skriver:{QUOTED}@h/sager", "driver er ikke installeret: nosuchbase"),
        (f"oracle+nosuch://skriver:{QUOTED}@h/sager", "driver er ikke installeret: oracle+nosuch"),
        (f"mysql://skriver:{QUOTED}@h/sager", "driver er ikke installeret: mysql"),
        (f"postgresql://skriver:{QUOTED}@127.0.0.1:1/sager", "ingen database tager imod"),
        (f"postgresql://skriver:{QUOTED}@no.such.invalid/sager", "vært kendes ikke"),
        (f"postgresql://skriver:{SECRET}@no.such.invalid/sager", "vært kendes ikke"),
        (f"postgresql://127.0.0.1:1/sager?password={QUOTED}&nosuch=1", "der er ingen forbindelse"),
        ("$NO_SUCH_VARIABLE", "miljøvariablen NO_SUCH_VARIABLE"),
        ("postgresql://u:$NO_SUCH_VARIABLE@h/sager", "miljøvariablen NO_SUCH_VARIABLE"),
        ("file:no-such-file", "filen no-such-file"),
        ("file:.", "kan ikke læses: "),
    ],
)
def test_an_address_that_leads_nowhere_says_why(
    url: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = problems(None, typed(url, ALL))
    assert words in told(found)
    assert not [word for word in (SECRET, QUOTED, "skriver", "w:rd") if word in told(found)]


def test_a_query_that_changes_something_is_no_register(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "sager.db") as base:
        base.execute("CREATE TABLE sager (Sagsnr INTEGER)")
        base.execute("INSERT INTO sager VALUES (1)")
    base.close()
    url = f"sqlite:///{tmp_path / 'sager.db'}"
    assert "ingen rækker at læse" in told(problems(None, typed(url, "DELETE FROM sager")))
    with sqlite3.connect(tmp_path / "sager.db") as base:
        assert base.execute("SELECT count(*) FROM sager").fetchone() == (1,)
    base.close()


def test_a_query_is_sent_as_it_stands(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'sager.db'}"
    sqlite3.connect(tmp_path / "sager.db").close()
    query = "SELECT ':kl' AS Sagsnr, '10 %' AS Enhed, '12:30' AS Oprettet WHERE 'Nord%' LIKE 'N%'"
    assert rows(read_register(typed(url, query))) == [(1, ":kl", "10 %", "12:30")]


@pytest.fixture(scope="module")
def server() -> Iterator[sqlalchemy.URL]:
    """Return the address of a database with a register, and a user who may read one table of it."""
    import psycopg

    with psycopg.connect(os.environ["TILSYN_POSTGRES"], autocommit=True) as base:
        base.execute("DROP SCHEMA IF EXISTS sagssystem CASCADE")
        base.execute("DROP ROLE IF EXISTS laeser")
        base.execute(f"CREATE ROLE laeser LOGIN PASSWORD '{SECRET}'")
        base.execute("CREATE SCHEMA sagssystem")
        base.execute(
            """CREATE TABLE sagssystem.sager (nr bigint, enhed text, oprettet date, aendret timestamp, akut boolean,
                   andel numeric(9, 2), cpr text)"""
        )
        base.execute(
            """INSERT INTO sagssystem.sager VALUES
               (1, 'Nord', '2018-02-01', '2018-02-01', true, 7.00, '0101011234'),
               (2, 'Søndre – Øst', NULL, '2018-02-01 10:30', false, 7.25, NULL),
               (3, NULL, '2018-03-04', NULL, NULL, NULL, NULL)"""
        )
        base.execute("CREATE TABLE sagssystem.hemmelig (nr bigint)")
        base.execute("GRANT USAGE ON SCHEMA sagssystem TO laeser")
        base.execute("GRANT SELECT ON sagssystem.sager TO laeser")
        url = sqlalchemy.make_url(os.environ["TILSYN_POSTGRES"]).set(username="laeser", password=SECRET)
        yield url
        base.execute("DROP SCHEMA sagssystem CASCADE")
        base.execute("DROP ROLE laeser")


TYPED = {"case_id": "nr", "unit": "enhed", "opened": "oprettet", "last_activity": "aendret", "law": "akut", "status": "andel"}  # fmt: skip


def of_server(url: sqlalchemy.URL, query: str, columns: dict[str, str] = TYPED) -> Any:
    return typed(url.render_as_string(hide_password=False), query, columns=columns)


@pytest.mark.postgres
def test_postgresql_gives_what_a_person_would_type(server: sqlalchemy.URL) -> None:
    table = read_register(of_server(server, "SELECT * FROM sagssystem.sager ORDER BY nr;"))
    assert rows(table) == [
        (1, "1", "Nord", "2018-02-01", "2018-02-01", "ja", "7"),
        (2, "2", "Søndre – Øst", None, "2018-02-01 10:30:00", "nej", "7.25"),
        (3, "3", None, "2018-03-04", None, None, None),
    ]
    assert table.number_columns == ("case_id", "status")
    assert table.origin.name == database_failures.shown_url(server)
    assert not {SECRET, "laeser"} & {word for word in (SECRET, "laeser") if word in table.origin.name}


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["PGPASSWORD", "PGPASSFILE", "PGSERVICEFILE"])
def test_postgresql_is_given_the_password_as_its_own_programs_are(
    way: str, server: sqlalchemy.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "given"
    url = server._replace(password=None)
    if way == "PGPASSWORD":
        monkeypatch.setenv(way, SECRET)
    elif way == "PGPASSFILE":
        path.write_text(f"{url.host}:{url.port}:*:laeser:{SECRET.replace(':', chr(92) + ':')}\n")
    else:
        lines = f"host={url.host}\nport={url.port}\ndbname={url.database}\nuser=laeser\npassword={SECRET}\n"
        path.write_text(f"[register]\n{lines}")
        url = sqlalchemy.make_url("postgresql://?service=register")
    if path.exists():
        path.chmod(0o600)
        monkeypatch.setenv(way, str(path))
    table = read_register(of_server(url, "SELECT * FROM sagssystem.sager"))
    assert len(rows(table)) == 3


@pytest.mark.postgres
def test_postgresql_that_keeps_no_account_of_its_characters_is_asked_for_some(server: sqlalchemy.URL) -> None:
    import psycopg

    base = server.set(database=f"ascii_{os.getpid()}")
    made = (
        f"CREATE DATABASE {base.database} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    query = "SELECT '1' AS nr, convert_from(decode('4ef872', 'hex'), 'SQL_ASCII') AS enhed -- æ"
    columns = {"case_id": "nr", "unit": "enhed"}
    with psycopg.connect(os.environ["TILSYN_POSTGRES"], autocommit=True) as owner:
        owner.execute(made)
        try:
            found = told(problems(None, of_server(base, query, columns)))
            latin = base.set(query={"client_encoding": "latin1"})
            read = rows(read_register(of_server(latin, query, columns)))
        finally:
            owner.execute(f"DROP DATABASE {base.database}")
    assert "client_encoding=latin1" in found
    assert read == [(1, "1", "Nør")]


@pytest.mark.postgres
def test_postgresql_streams_more_rows_than_are_held_at_a_time(
    server: sqlalchemy.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "ROWS_AT_A_TIME", 100)
    query = "SELECT n AS nr, 'Enhed ' || n % 7 AS enhed, date '2018-01-01' AS oprettet FROM generate_series(1, 350) n"
    columns = {"case_id": "nr", "unit": "enhed", "opened": "oprettet"}
    found = rows(read_register(of_server(server, query, columns)))
    assert [row[0] for row in found] == list(range(1, 351))
    assert found[-1] == (350, "350", "Enhed 0", "2018-01-01")


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT * FROM sagssystem.sagerne", "tabel, der ikke findes"),
        ("SELECT * FROM nowhere.sager", "tabel, der ikke findes"),
        ("SELECT * FROM sagssystem.hemmelig", "må ikke læse"),
        ("SELECT nummer FROM sagssystem.sager", "kunne ikke udføres: column"),
        ("SELEC 1", "kunne ikke udføres: syntax"),
        ("SELECT nr FROM sagssystem.sager", "ingen kolonne »enhed«"),
        ("SELECT pg_terminate_backend(pg_backend_pid())", "blev afbrudt"),
        ("SELECT 1 / (nr - 1) AS nr, enhed, oprettet, aendret, akut, andel FROM sagssystem.sager", "division by zero"),
        ("DELETE FROM sagssystem.sager", "kunne ikke udføres: syntax"),
    ],
)  # fmt: skip
def test_postgresql_says_what_is_wrong_with_a_query(query: str, words: str, server: sqlalchemy.URL) -> None:
    found = told(problems(None, of_server(server, query)))
    with warnings.catch_warnings():
        # SQLAlchemy leaves the cursor of a query that failed to be collected.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    assert words in found
    assert SECRET not in found


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "nobody"}, "afviste brugernavnet"),
        ({"password": "forkert"}, "afviste brugernavnet"),
        ({"password": None}, "vil have en adgangskode"),
        ({"database": "nowhere"}, "ingen database med det navn"),
        ({"port": 1}, "ingen database tager imod"),
        ({"host": "no.such.invalid"}, "vært kendes ikke"),
        ({"query": {"options": "-c statement_timeout=1"}}, "svarede ikke i tide"),
    ],
)
def test_postgresql_says_why_nobody_can_log_in(
    change: dict[str, Any], words: str, server: sqlalchemy.URL
) -> None:
    query = "SELECT pg_sleep(1)::text AS nr, enhed FROM sagssystem.sager"
    found = told(
        problems(None, of_server(server._replace(**change), query, {"case_id": "nr", "unit": "enhed"}))
    )
    assert words in found
    assert not [word for word in (SECRET, QUOTED, "laeser", "nobody") if word in found]
