"""What the clocks in a register's date columns say, as real minutes: a date alone can mean any of its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import duckdb

from tilsyn.questions.clock_time import HOUR, borders
from tilsyn.questions.dates import read_date
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_dates import AT_A_TIME
from tilsyn.sampling.sql import quoted

# A date as `frame_dates` takes it apart, and the time after it: hour, minute, second, morning or afternoon.
_DATE = r"(?:\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2})|\d{4}[-./]\d{1,2}[-./]\d{1,2})"
_TIMED = rf"^{_DATE}[ T](\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?[\d.:,]*(?: ?([AaPp])[Mm])?$"
_DAY = 24 * HOUR


def read_moments(tables: duckdb.DuckDBPyRelation, name: str) -> None:
    """Make `<name>_moments` of `<name>_dates`: each text with the minutes of UTC that it can mean.

    Between `low` and `high`, counted from day 0 as `clock_time.minutes` does; a time that is none is left
    out of a text, and one of 00:00 is a date alone.
    """
    run(
        tables,
        f"""CREATE TEMP TABLE {name}_seconds AS
        WITH parts AS (
            SELECT text, day, regexp_extract(text, '{_TIMED}', ['h', 'm', 's', 'half']) AS t
            FROM {name}_dates WHERE day IS NOT NULL),
        numbers AS (
            SELECT text, day, try_cast(t.h AS INT) AS told, try_cast(t.m AS INT) AS m,
                   coalesce(try_cast(t.s AS INT), 0) AS s, lower(t.half) AS half FROM parts),
        clocks AS (
            SELECT *, CASE half WHEN '' THEN told WHEN 'p' THEN told % 12 + 12 ELSE told % 12 END AS h
            FROM numbers)
        SELECT text, day, CASE WHEN h < 24 AND m < 60 AND s < 60 THEN h * 3600 + m * 60 + s ELSE 0 END AS s
        FROM clocks""",
    )
    _read_with_care(tables, name)
    _make_real(tables, name)


def _read_with_care(tables: duckdb.DuckDBPyRelation, name: str) -> None:
    """Read the time of texts that are no plain date as a checklist's cells are read."""
    texts = run(tables, f"SELECT text FROM {name}_dates WHERE form IN ('other', 'serial')").fetchall()
    rows = list(_seconds(text for (text,) in texts))
    for start in range(0, len(rows), AT_A_TIME):
        values = ", ".join(f"({quoted(text)}, {s})" for text, s in rows[start : start + AT_A_TIME])
        run(
            tables,
            f"""UPDATE {name}_seconds AS d SET s = v.s FROM (VALUES {values}) AS v(text, s)
                WHERE d.text = v.text""",
        )


def _seconds(texts: Iterator[str]) -> Iterator[tuple[str, int]]:
    for text in texts:
        moment = read_date(text)
        if isinstance(moment, datetime):
            yield text, moment.hour * 3600 + moment.minute * 60 + moment.second


def _make_real(tables: duckdb.DuckDBPyRelation, name: str) -> None:
    """Turn what the clock showed into minutes of UTC, as `clock_time` does value by value."""
    years = run(tables, f"SELECT DISTINCT year(day) FROM {name}_seconds").fetchall()
    values = ", ".join(f"({year}, {begins}, {ends})" for (year,) in years for begins, ends in [borders(year)])
    run(
        tables,
        f"""CREATE TEMP TABLE {name}_moments AS
        WITH clocks AS (
            SELECT text, year(day) AS year, {day_zero("day")} * {_DAY} AS midnight,
                   midnight + (s + 30) // 60 AS begins_at, CASE s WHEN 0 THEN midnight + {_DAY - 1}
                   ELSE begins_at END AS ends_at FROM {name}_seconds)
        SELECT text, {_real("begins_at", "min")} AS low, {_real("ends_at", "max")} AS high
        FROM clocks JOIN (VALUES {values or "(0, 0, 0)"}) AS b(year, spring, autumn) USING (year)""",
    )


def _real(clock: str, which: str) -> str:
    """Return the SQL of the first or the last minute of UTC that a clock can show as this."""
    summer, winter = f"({clock} - {2 * HOUR})", f"({clock} - {HOUR})"
    in_summer = f"({summer} >= spring AND {summer} < autumn)"
    in_winter = f"NOT ({winter} >= spring AND {winter} < autumn)"
    only_summer = in_summer if which == "min" else f"{in_summer} AND NOT {in_winter}"
    return f"CASE WHEN {only_summer} THEN {summer} ELSE {winter} END"


def day_zero(day: str) -> str:
    """Return the SQL of a day's number, as `date.toordinal` counts."""
    return f"(date_diff('day', DATE '0001-01-01', {day}) + 1)"
