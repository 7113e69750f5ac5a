"""A made-up register in PostgreSQL, and the settings of a workspace that draws from one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

# Its `source` is a query, with an address or without one, or a file.
SETTINGS = """
[organisation]
name = "Testby"
slug = "testby"
[register]
{source}
as_of = 2018-07-02
[register.columns]
case_id = "sagsnr"
unit = "enhed"
caseworker = "sagsbehandler"
opened = "oprettet"
closed = "lukket"
complaint = "klage"
[[plan]]
valid_from = 2017-01-01
question_set = ["serviceloven"]
[[plan.risk]]
name = "klage"
column = "complaint"
values = ["true"]
size = 2
[plan.levels.1]
cadence = "month"
per_caseworker = 1
[plan.levels.2]
cadence = "quarter"
per_unit = 6
reserve = 2
[frame]
leave_out = [{{ reason = "other_scope", column = "caseworker", values = ["ama1"] }}]
"""
COLUMNS = "sagsnr text, enhed text, sagsbehandler text, oprettet date, lukket date, klage boolean"


def make_register(server: psycopg.Connection, schema: str, cases: int) -> None:
    """Make the table `sager` in a schema of its own, anew: every third case has a day on which it was closed."""
    server.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())
    server.execute(f"CREATE SCHEMA {schema}".encode())
    server.execute(f"CREATE TABLE {schema}.sager ({COLUMNS})".encode())
    server.execute(
        f"""INSERT INTO {schema}.sager
        SELECT '2018-' || lpad(i::text, 7, '0'), (ARRAY['Amager', 'Nørrebro', 'nørrebro ', 'Østerbro'])[1 + i % 4],
               'M' || i % 50, date '2016-01-01' + i % 700,
               CASE WHEN i % 3 = 0 THEN date '2018-03-01' + i % 200 END, i % 5 = 0
        FROM generate_series(1, {cases}) AS i""".encode()
    )
