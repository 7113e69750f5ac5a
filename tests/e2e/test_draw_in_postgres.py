"""A register in PostgreSQL counts and draws itself: the draw that reading it gives, and hardly anything crosses the wire."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given

from tests.builders.command_line import CommandLine
from tests.builders.database_registers import SETTINGS, make_register
from tests.builders.workspaces import make_workspace
from tests.e2e.test_draw_by_hand import SEED
from tests.sampling.test_frame import HEADINGS, many, relation
from tests.sampling.test_inside import PER_CASEWORKER, PER_TYPE, ROWS, WHOLE, question
from tilsyn.formats.registers import databases_inside
from tilsyn.sampling import inside
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.inside_answer import answer_of
from tilsyn.sampling.inside_dialects import POSTGRES

pytestmark = pytest.mark.postgres
CASES = 100_000


@contextmanager
def counting_proxy(host: str, port: int) -> Iterator[tuple[int, list[int]]]:
    """Pass on to a server what comes to a port, and count the bytes that the server sends back."""
    sent: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def pump(source: socket.socket, target: socket.socket, counted: bool) -> None:
            try:
                while part := source.recv(65536):
                    if counted:
                        sent.append(len(part))
                    target.sendall(part)
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        def serve() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                server = socket.create_connection((host, port))
                ways = [(client, server, False), (server, client, True)]
                threads = [threading.Thread(target=pump, args=way) for way in ways]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                client.close()
                server.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], sent
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.fixture(scope="module")
def base() -> Iterator[Any]:
    import psycopg

    with psycopg.connect(os.environ["TILSYN_POSTGRES"], autocommit=True) as connection:
        # The other process that runs tests may have got some of these: it waits its turn, or both make one register.
        connection.execute("SELECT pg_advisory_lock(1)")
        make_register(connection, "stor", CASES)
        yield connection
        connection.execute("DROP SCHEMA stor CASCADE")


def workspace(
    tilsyn: CommandLine, url: str, query: str = "SELECT * FROM stor.sager", name: str = "."
) -> None:
    tilsyn.today = "2018-07-03"
    source = f'url = "$REGISTER_URL"\nquery = "{query}"'
    make_workspace(tilsyn.root / name, SETTINGS.format(source=source), [], first_rules=False)
    os.environ["REGISTER_URL"] = url


@pytest.fixture(autouse=True)
def _no_url_left() -> Iterator[None]:
    yield
    os.environ.pop("REGISTER_URL", None)


def manifest(tilsyn: CommandLine, folder: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tilsyn.root / folder / "draw.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize(("level", "period"), [(2, "2018-Q2"), (1, "2018-06")])
def test_a_register_draws_itself_as_it_is_drawn_when_it_is_read(
    level: int, period: str, base: Any, tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy

    url = sqlalchemy.make_url(os.environ["TILSYN_POSTGRES"])
    folder, line = f"samples/{period}/level-{level}", f"draw {level} --period {period} {SEED}"
    with counting_proxy(url.host or "", url.port or 5432) as (port, sent):
        through = url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        workspace(tilsyn, through)
        ended = tilsyn(line)
        inside_bytes = sum(sent)
        ours = manifest(tilsyn, folder)
        assert "100.000" in ended.told
        workspace(tilsyn, through, name="over")
        monkeypatch.setattr(databases_inside, "POSTGRES_DRIVER", "none")
        sent.clear()
        tilsyn(f"{line} --workspace over")
        read_bytes = sum(sent)
        theirs = manifest(tilsyn, f"over/{folder}")
        for name in ("seed", "draw_id", "strata", "cases", "reserve", "plan", "frame"):
            assert ours[name] == theirs[name], name
        assert ours["source"] == theirs["source"] | {"drawn_in": "server"}
        # Another way round: what the server drew is recomputed from its rows, read.
        assert tilsyn(f"verify {folder} --register tilsyn.toml --format json").json["draws"][0]["ok"]
    assert inside_bytes < 200_000 < 4_000_000 < read_bytes


def test_a_commitment_is_counted_inside_and_is_that_of_reading(
    base: Any, tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy

    url = sqlalchemy.make_url(os.environ["TILSYN_POSTGRES"])
    with counting_proxy(url.host or "", url.port or 5432) as (port, sent):
        workspace(tilsyn, url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False))
        # The day of the register says which period is meant.
        assert "100.000" in tilsyn("check --commit --seed-from terninger").told
        assert sum(sent) < 100_000
        ours = tilsyn("check --commit --period 2018-Q2 --leave-out-errors --format json").json
        with monkeypatch.context() as patched:
            patched.setattr(databases_inside, "POSTGRES_DRIVER", "none")
            theirs = tilsyn("check --commit --period 2018-Q2 --leave-out-errors --format json").json
        # It binds the draw, which is of the same frame.
        tilsyn(f"draw 2 --period 2018-Q2 --leave-out-errors {SEED}")
    assert ours["source"] == theirs["source"] | {"drawn_in": "server"}
    for name in ("period", "as_of", "n_rows", "n_cases", "n", "left_out", "units", "rules", "commitment"):
        assert ours[name] == theirs[name], name
    lines = (tilsyn.root / "samples/log.jsonl").read_text("utf-8").splitlines()
    asked, inside_, read = (json.loads(line) for line in lines[:3])
    assert (asked["period"], asked["seed_from"], asked["at_most"]) == ("2018-Q3", "terninger", None)
    for event in (inside_, read):
        assert (event["commitment"], event["at_most"], event["n"]) == (ours["commitment"], 0.01, ours["n"])


def test_a_commitment_to_odd_rows_is_read(base: Any, tilsyn: CommandLine) -> None:
    query = "SELECT * FROM (SELECT * FROM stor.sager LIMIT 500) AS a"
    odd = f"{query} UNION ALL SELECT NULL, 'Amager', 'M1', NULL, NULL, true"
    workspace(tilsyn, os.environ["TILSYN_POSTGRES"], odd)
    assert "sagsnummer" in tilsyn("check --commit --period 2018-Q2", code=3).told
    found = tilsyn("check --commit --period 2018-Q2 --leave-out-errors --format json").json
    assert found["columns"]
    assert found["commitment"]


def test_a_list_of_complaints_is_read_with_its_register(base: Any, tilsyn: CommandLine) -> None:
    workspace(tilsyn, os.environ["TILSYN_POSTGRES"], "SELECT * FROM stor.sager LIMIT 500")
    settings = tilsyn.root / "tilsyn.toml"
    settings.write_text(settings.read_text("utf-8") + '[complaints]\npath = "klager.csv"\n', "utf-8")
    assert "klager.csv" in tilsyn("check --commit --period 2018-Q2", code=3).told


def test_a_case_on_several_rows_is_drawn_once(
    base: Any, tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT * FROM stor.sager WHERE sagsnr < '2018-0000{n}'"
    twice = f"{query.format(n=300)} UNION ALL {query.format(n=200)}"
    found = []
    for name in ("", "over"):
        workspace(tilsyn, os.environ["TILSYN_POSTGRES"], twice, *([name] if name else []))
        tilsyn(f"draw 2 --period 2018-Q2 {SEED}" + (f" --workspace {name}" if name else ""))
        found.append(manifest(tilsyn, f"{name}/samples/2018-Q2/level-2".strip("/")))
        monkeypatch.setattr(databases_inside, "POSTGRES_DRIVER", "none")
    ours, theirs = found
    assert ours["source"] == theirs["source"] | {"drawn_in": "server"}
    assert {"reason": "duplicate", "n": 199} in ours["frame"]["left_out"]
    for name in ("strata", "cases", "reserve", "frame"):
        assert ours[name] == theirs[name], name


def test_a_bound_that_was_too_low_is_asked_without(
    base: Any, tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask = databases_inside.Snapshot.ask
    monkeypatch.setattr(
        databases_inside.Snapshot, "ask", lambda held, sql: asked.append(sql) or ask(held, sql)
    )
    monkeypatch.setattr(inside, "bound", lambda size, tickets: "0")
    query = "SELECT * FROM stor.sager LIMIT 500"
    for name in ("", "over"):
        workspace(tilsyn, os.environ["TILSYN_POSTGRES"], query, *([name] if name else []))
        tilsyn(f"draw 2 --period 2018-Q2 {SEED}" + (f" --workspace {name}" if name else ""))
        monkeypatch.setattr(databases_inside, "POSTGRES_DRIVER", "none")
    assert len(asked) == 3
    ours, theirs = (manifest(tilsyn, f"{name}samples/2018-Q2/level-2") for name in ("", "over/"))
    assert (ours["cases"], ours["reserve"]) == (theirs["cases"], theirs["reserve"])
    assert ours["source"]["drawn_in"] == "server"


@pytest.mark.parametrize(
    ("query", "because"),
    [
        ("SELECT * FROM stor.sager WHERE sagsnr < '2018-0002' UNION ALL SELECT 'ǻ-1', 'Amager', 'M1', '2018-01-01', NULL, true", "bad_character: 1"),
        ("SELECT sagsnr, enhed, sagsbehandler, oprettet::timestamptz, lukket, klage FROM stor.sager LIMIT 500", "not_a_date: 500, type: 1"),
        ("SELECT sagsnr, enhed, sagsbehandler, to_char(oprettet, 'DD.FMMM.YYYY') AS oprettet, lukket, klage FROM stor.sager LIMIT 500", "not_a_date: "),
    ],
)  # fmt: skip
def test_a_register_with_odd_rows_is_read_and_the_draw_says_why(
    query: str, because: str, base: Any, tilsyn: CommandLine
) -> None:
    workspace(tilsyn, os.environ["TILSYN_POSTGRES"], query)
    tilsyn(f"draw 2 --period 2018-Q2 {SEED}")
    source = manifest(tilsyn, "samples/2018-Q2/level-2")["source"]
    assert source["drawn_in"] == "memory"
    assert source["because"].startswith(because)


def test_a_register_with_errors_is_told_of_as_ever(base: Any, tilsyn: CommandLine) -> None:
    query = "SELECT * FROM stor.sager LIMIT 500"
    workspace(
        tilsyn,
        os.environ["TILSYN_POSTGRES"],
        f"SELECT * FROM ({query}) AS a UNION ALL SELECT NULL, 'Amager', 'M1', NULL, NULL, true",
    )
    assert "sagsnummer" in tilsyn("draw 2 --period 2018-Q2", code=3).told
    tilsyn("draw 2 --period 2018-Q2 --leave-out-errors")
    assert manifest(tilsyn, "samples/2018-Q2/level-2")["source"]["because"] == "missing_id: 1"


def test_what_the_server_will_not_do_is_read(base: Any, tilsyn: CommandLine) -> None:
    # What ends in a remark, and what takes longer than the server allows.
    workspace(tilsyn, os.environ["TILSYN_POSTGRES"], "SELECT * FROM stor.sager LIMIT 500 -- alle")
    tilsyn("draw 2 --period 2018-Q2")
    assert manifest(tilsyn, "samples/2018-Q2/level-2")["source"]["drawn_in"] == "server"
    slow = f"{os.environ['TILSYN_POSTGRES']}?options=-c%20statement_timeout%3D150"
    workspace(tilsyn, slow, name="langsom")
    tilsyn("draw 2 --period 2018-Q2 --workspace langsom")
    assert manifest(tilsyn, "langsom/samples/2018-Q2/level-2")["source"]["because"] == "query"


@pytest.mark.parametrize("asked", [WHOLE, PER_CASEWORKER, PER_TYPE], ids=["whole", "caseworker", "type"])
@given(rows=ROWS)
@example(rows=[("a\u030a9", " AMAGER ", "A1", "TRUE", "2018-02-01", "", "2018-05-01 10:30:00")])
def test_both_dialects_answer_the_same(asked: FrameRules, rows: list[tuple[str, ...]], base: Any) -> None:
    lines = [*many(30), *many(20, "Amager", 3000), *(";".join(row) for row in rows)]
    mine = question(asked)
    theirs = replace(mine, dialect=POSTGRES, query="SELECT * FROM pg_temp.register")
    base.execute(f"CREATE TEMP TABLE register ({', '.join(f'{name} text' for name in HEADINGS)})")
    try:
        register = relation(*lines)
        cells = [row[1:] for row in register.fetchall()]
        base.cursor().executemany(f"INSERT INTO register VALUES ({', '.join(['%s'] * len(HEADINGS))})", cells)
        found = base.execute(inside.count_sql(theirs).encode()).fetchall()
    finally:
        base.execute("DROP TABLE register")
    expected = register.query("register", inside.count_sql(mine)).fetchall()
    told = [sorted(map(str, rows)) for rows in (_plain(found), _plain(expected))]
    assert told[0] == told[1]
    # Each is sealed as we seal it.
    assert answer_of(theirs, found).rows["seal"]
    assert answer_of(mine, expected).rows["seal"]


def _plain(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [
        (what, name, unit, None if n is None else int(n), digest)
        for what, name, unit, n, digest in rows
        if what not in ("query", "seal", "server", "type")
    ]
