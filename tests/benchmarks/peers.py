"""The same jobs with other tools: `python peers.py JOB ARGUMENT …`; each imports only what it needs."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

DATES = ("Oprettet", "Afgørelsesdato", "Sidste aktivitet", "Lukket dato")
# Closed before the period.
BEFORE = (2018, 4, 1)
PER_UNIT = 20


def pandas_sample(register: str, encoding: str) -> None:
    """Read a register, its dates as dates, leave out what is closed, and draw 20 per unit; pyarrow is installed."""
    import pandas as pd

    table = pd.read_csv(register, sep=";", encoding=encoding)
    for column in DATES:
        table[column] = pd.to_datetime(table[column], format="%d-%m-%Y")
    table = table[~(table["Lukket dato"] < pd.Timestamp(*BEFORE))]
    table.groupby("Enhed").sample(PER_UNIT, random_state=1, replace=True).to_csv("sample.csv")


def polars_sample(register: str, encoding: str) -> None:
    """Do the same in polars, the encoding by Python."""
    table = _polars_frame(register, encoding)
    drawn = table.group_by("Enhed").map_groups(lambda unit: unit.sample(min(PER_UNIT, len(unit)), seed=1))
    drawn.write_csv("sample.csv")


def svy_sample(register: str, encoding: str) -> None:
    """Do the same with svy's stratified simple random sample, on polars."""
    import svy

    table = _polars_frame(register, encoding)
    sizes = dict(table["Enhed"].value_counts().iter_rows())
    asked = {unit: min(PER_UNIT, n) for unit, n in sizes.items()}
    drawn = svy.Selection(svy.Sample(table, svy.Design(stratum="Enhed"))).srs(asked, rstate=1)
    drawn.data.write_csv("sample.csv")


def _polars_frame(register: str, encoding: str):  # type: ignore[no-untyped-def]  # polars is only there when this runs
    import polars as pl

    table = pl.read_csv(Path(register).read_bytes(), separator=";", encoding=encoding, infer_schema=False)
    table = table.with_columns(pl.col(DATES).str.to_date("%d-%m-%Y"))
    closed = pl.col("Lukket dato")
    return table.filter(closed.is_null() | (closed >= pl.date(*BEFORE)))


def duckdb_sample(register: str, encoding: str) -> None:
    """Do the same as one query of DuckDB, which reads Windows-1252 as Latin-1."""
    import duckdb

    read_as = {"cp1252": "latin-1"}.get(encoding, encoding)
    dates = ", ".join(f'strptime("{column}", \'%d-%m-%Y\')::DATE AS "{column}"' for column in DATES)
    duckdb.execute(
        f"""COPY (
            WITH cases AS (SELECT * REPLACE ({dates}) FROM read_csv(
                '{register}', delim = ';', all_varchar = true, encoding = '{read_as}'))
            SELECT * FROM cases WHERE "Lukket dato" IS NULL OR "Lukket dato" >= make_date{BEFORE}
            QUALIFY row_number() OVER (PARTITION BY "Enhed" ORDER BY random()) <= {PER_UNIT}
        ) TO 'sample.csv'"""
    )


def pandas_database() -> None:
    """Read a register from PostgreSQL, leave out what is closed, and draw 20 per unit."""
    import pandas as pd
    import sqlalchemy

    address = sqlalchemy.make_url(os.environ["TILSYN_POSTGRES"]).set(drivername="postgresql+psycopg")
    with sqlalchemy.create_engine(address).connect() as connection:
        table = pd.read_sql_query(
            "SELECT * FROM maaling.sager", connection, parse_dates=["oprettet", "lukket"]
        )
    table = table[~(table["lukket"] < pd.Timestamp(*BEFORE))]
    table.groupby("enhed").sample(PER_UNIT, random_state=1, replace=True).to_csv("sample.csv")


def openpyxl_read(folder: str) -> None:
    """Read every cell of a folder's workbooks."""
    import openpyxl

    for path in sorted(Path(folder).glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
            for row in sheet.iter_rows(values_only=True):
                assert len(row)


def openpyxl_write(folder: str) -> None:
    """Open each of a folder's workbooks and save it again."""
    import openpyxl

    for path in sorted(Path(folder).glob("**/*.xlsx")):
        openpyxl.load_workbook(path).save(path)


def plain_reading(folder: str) -> None:
    """Read and hash every file of a workspace's samples, and parse what is JSON: nothing is checked."""
    for path in sorted(Path(folder).glob("samples/**/*")):
        if path.is_file():
            data = path.read_bytes()
            hashlib.sha256(data).hexdigest()
            for line in data.splitlines() if path.suffix == ".jsonl" else []:
                json.loads(line)
            if path.suffix == ".json":
                json.loads(data)


JOBS = {
    job.__name__: job
    for job in (
        pandas_sample,
        polars_sample,
        svy_sample,
        duckdb_sample,
        pandas_database,
        openpyxl_read,
        openpyxl_write,
        plain_reading,
    )
}

if __name__ == "__main__":
    JOBS[sys.argv[1]](*sys.argv[2:])
