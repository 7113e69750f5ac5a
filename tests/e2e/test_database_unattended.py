"""A register in PostgreSQL that fails as servers do: one message, nothing drawn or logged, and later a draw."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
import sqlalchemy

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import make_workspace
from tilsyn.formats.registers import databases

SECRET = "n4t-k0de"
# Of this process, since several may test at once.
NAME = f"natlig_{os.getpid()}"
QUERY = f"SELECT nr, enhed FROM {NAME}.sager"
SETTINGS = """
[organisation]
name = "Testby"
slug = "testby"
[register]
url = "{url}"
query = "{query}"
as_of = "today"
columns = {{ case_id = "nr", unit = "enhed" }}
[[plan]]
valid_from = 2017-01-01
question_set = ["serviceloven"]
[plan.levels.2]
cadence = "quarter"
per_unit = 3
"""


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    """Return host, port and database of a server with a register, which the role may read and nothing else."""
    import psycopg

    with psycopg.connect(os.environ["TILSYN_POSTGRES"], autocommit=True) as base:
        base.execute(f"CREATE ROLE {NAME} LOGIN PASSWORD '{SECRET}'")
        base.execute(f"CREATE SCHEMA {NAME}")
        base.execute(
            f"""CREATE TABLE {NAME}.sager AS
                SELECT n AS nr, CASE n % 2 WHEN 0 THEN 'Nord' ELSE 'Syd' END AS enhed FROM generate_series(1, 300) n"""
        )
        base.execute(f"CREATE TABLE {NAME}.lukket (nr bigint, enhed text)")
        base.execute(f"CREATE SEQUENCE {NAME}.taeller")
        base.execute(f"GRANT USAGE ON SCHEMA {NAME} TO {NAME}")
        base.execute(f"GRANT SELECT ON {NAME}.sager TO {NAME}")
        base.execute(f"GRANT ALL ON SEQUENCE {NAME}.taeller TO {NAME}")
        url = sqlalchemy.make_url(os.environ["TILSYN_POSTGRES"])
        yield f"{url.host}:{url.port}/{url.database}"
        base.execute(f"DROP SCHEMA {NAME} CASCADE")
        base.execute(f"DROP ROLE {NAME}")


@pytest.fixture
def nightly(tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Return a command line on a day after the quarter, with the password in its environment."""
    monkeypatch.setenv("REGISTER_PASSWORD", SECRET)
    monkeypatch.setattr(databases, "ROWS_AT_A_TIME", 100)
    tilsyn.today = "2018-07-03"
    return tilsyn


def set_up(tilsyn: CommandLine, url: str, query: str = QUERY) -> None:
    make_workspace(tilsyn.root, SETTINGS.format(url=url, query=query), [], first_rules=False)


def held(tilsyn: CommandLine, *secrets: str) -> list[str]:
    """Return which files of the folder hold a secret."""
    return [
        name
        for name, content in tilsyn.files().items()
        if any(secret.encode() in content for secret in secrets)
    ]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("password", "options", "query", "words"),
    [
        ("forkert", "", QUERY, "afviste brugernavnet eller adgangskoden"),
        ("", "", QUERY, "miljøvariablen REGISTER_PASSWORD"),
        (SECRET, "?options=-c%20statement_timeout%3D50", f"{QUERY}, pg_sleep(5)", "svarede ikke i tide"),
        # The server ends the connection when it comes to row 250, two hundred rows having been read.
        (
            SECRET,
            "",
            f"{QUERY} WHERE CASE nr WHEN 250 THEN pg_terminate_backend(pg_backend_pid()) ELSE true END",
            "blev afbrudt, før alle rækker var læst",
        ),
        (SECRET, "", f"SELECT * FROM {NAME}.lukket", "må ikke læse"),
        (SECRET, "", f"SELECT nextval('{NAME}.taeller') AS nr, 'Nord' AS enhed", "read-only transaction"),
    ],
    ids=["wrong password", "no password", "statement timeout", "dropped", "no right", "writing"],
)
def test_a_night_that_fails_leaves_nothing_and_the_next_draws(
    password: str, options: str, query: str, words: str,
    place: str, nightly: CommandLine, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    url = f"postgresql://{NAME}:$REGISTER_PASSWORD@{place}{options}"
    set_up(nightly, url, query)
    before = nightly.files()
    monkeypatch.setenv("REGISTER_PASSWORD", password)
    failed = nightly("draw 2 --period 2018-Q2 -v --log-json messages.jsonl", code=3)
    assert words in failed.told
    assert (failed.told.count("Fejl:"), "Traceback" in failed.err) == (1, False)
    assert {name for name in nightly.files() if name not in before} == {"messages.jsonl"}

    monkeypatch.setenv("REGISTER_PASSWORD", SECRET)
    set_up(nightly, url.removesuffix(options))
    drawn = nightly("draw 2 --period 2018-Q2 -v --log-json messages.jsonl --format json")
    log = nightly("log --format json").json
    assert [event["event"] for event in log["events"]] == ["frame_committed", "seed_made", "drawn"]
    manifest = nightly.files()["samples/2018-Q2/level-2/draw.json"].decode()
    assert f'"postgresql://{place}"' in manifest
    assert '"as_of": "2018-07-03"' in manifest
    assert not held(nightly, SECRET)
    assert SECRET not in failed.err + drawn.out + drawn.err


@pytest.mark.postgres
def test_an_address_that_is_typed_is_kept_nowhere(place: str, nightly: CommandLine) -> None:
    set_up(nightly, "$REGISTER_URL")
    typed = f"postgresql://{NAME}:{SECRET}@{place}"
    drawn = nightly("draw 2 --period 2018-Q2 -v --log-json messages.jsonl --format json --register", typed)
    checked = nightly("verify --all -v --log-json messages.jsonl --format json --register", typed)
    wrong = nightly("check -v --log-json messages.jsonl --register", typed.replace(SECRET, "f0rkert"), code=3)
    nowhere = nightly("check -v --log-json messages.jsonl --register", f"postgresql:/u:{SECRET}@h", code=3)
    shown = "".join(ended.out + ended.err for ended in (drawn, checked, wrong, nowhere))
    assert not [line for line in shown.splitlines() for secret in (SECRET, "f0rkert", NAME) if secret in line]
    assert not held(nightly, SECRET, "f0rkert", f"{NAME}:")


@pytest.mark.parametrize(
    ("line", "key", "at"),
    [
        (f'url = "postgresql://natlig:{SECRET}@h/sager"', "register.url", 6),
        (f'url = "postgresql://h/sager?user=natlig&password={SECRET}"', "register.url", 6),
        (f'url = "mssql+pyodbc:///?odbc_connect=UID%3Dnatlig%3BPWD%3D{SECRET}"', "register.url", 6),
        (f'url = "postgresql://natlig:{SECRET}@more@h/sager"', "register.url", 6),
        (f'path = "postgresql://natlig:{SECRET}@h/sager"', "register", 5),
        (f'url = ["postgresql://natlig:{SECRET}@h/sager"]', "register.url", 6),
        (f'url = "postgresql://natlig:{SECRET}\\@h/sager"', None, 6),
    ],
    ids=["in the address", "option", "odbc", "torn", "as a file", "as a list", "no TOML"],
)  # fmt: skip
def test_a_password_in_the_settings_is_refused_with_its_place(
    line: str, key: str | None, at: int, nightly: CommandLine
) -> None:
    settings = SETTINGS.replace('url = "{url}"', line).format(url="", query=QUERY)
    told = nightly("check --log-json messages.jsonl -v", code=3, files={"tilsyn.toml": settings})
    assert f"linje {at}" in told.told
    assert key is None or f"indstilling {key}:" in told.told
    assert told.told.count("Gør sådan:") == 1
    assert (SECRET in told.err, "natlig:" in told.err) == (False, False)
    assert held(nightly, SECRET) == ["tilsyn.toml"]


@pytest.mark.parametrize("url", ["sqlite:///cases.db", "file:secret/url"])
def test_what_an_address_names_counts_from_the_workspace(
    url: str, tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tilsyn.today = "2018-07-03"
    set_up(tilsyn, url, "SELECT * FROM cases")
    tilsyn.write("secret/url", "sqlite:///cases.db\n")
    with closing(sqlite3.connect(tilsyn.root / "cases.db")) as base, base:
        base.execute("CREATE TABLE cases (nr TEXT, enhed TEXT)")
        base.executemany("INSERT INTO cases VALUES (?, ?)", [(f"{n}", "Nord") for n in range(9)])
    monkeypatch.chdir(tilsyn.root / "secret")
    assert tilsyn("check --format json").json["n"] == 9
