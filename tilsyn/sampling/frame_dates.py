"""What the date columns of a register say, each different text read once."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from tilsyn.questions.dates import UnknownDate, read_date
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.sql import OUTER_SPACE, quoted

CLOCK = r"(?:[ T]\d{1,2}[:.]\d{2}[\d.:,]*(?: ?[AaPp][Mm])?)?$"
DAY_FIRST = rf"^(\d{{1,2}})[-./ ](\d{{1,2}})[-./ ](\d{{4}}|\d{{2}}){CLOCK}"
YEAR_FIRST = rf"^(\d{{4}})[-./](\d{{1,2}})[-./](\d{{1,2}}){CLOCK}"
COMPACT = r"^((?:19|20)\d{2})(\d{2})(\d{2})$"
# Two figures, whose order is the settings' to say: in 1. marts the day is told from the month.
FIGURES = re.compile(r"\d{1,2}[-./ ]+\d")
AT_A_TIME = 5000
# Excel's number of a day.
DAY_NUMBER = re.compile(r"\d{5}([.,]\d+)?")
# A person writes 120718 in a checklist, day first; a system that writes six figures may put the year first.
SIX_FIGURES = re.compile(r"\d{6}(?!\d)")


def read_dates(cells: duckdb.DuckDBPyRelation, name: str, dates: Sequence[str], month_first: bool) -> None:
    """Make `<name>_written` and `<name>_dates`: the different texts of the date columns, and what they mean.

    `<name>_written` has each `text` of each column (its `place` in `dates`), how many rows have it (`n`) and
    the first `row`; `<name>_dates` each text once, with its `day` (or NULL) and `form`. A register has few
    different dates, so that reading them with care costs nothing.
    """
    texts = [
        f'SELECT {place} AS place, "{column}" AS cell, count(*) AS n, min("row") AS "row" '
        f'FROM frame_source WHERE "{column}" IS NOT NULL GROUP BY cell'
        for place, column in enumerate(dates)
    ]
    nothing = 'SELECT 0 AS place, NULL::VARCHAR AS cell, 0 AS n, 0 AS "row" WHERE false'
    run(
        cells,
        f"""CREATE TEMP TABLE {name}_written AS SELECT place, trim(cell, {OUTER_SPACE}) AS text, n, "row"
            FROM ({" UNION ALL ".join(texts) or nothing})""",
    )
    first, second = ("m", "d") if month_first else ("d", "m")

    def day(month: str, of_month: str) -> str:
        return f"try_cast(y || '-' || lpad({month}, 2, '0') || '-' || lpad({of_month}, 2, '0') AS DATE)"

    run(
        cells,
        f"""CREATE TEMP TABLE {name}_dates AS
        WITH texts AS MATERIALIZED (SELECT DISTINCT text FROM {name}_written),
        parts AS MATERIALIZED (
            SELECT text,
                CASE WHEN regexp_matches(text, '{YEAR_FIRST}')
                     THEN regexp_extract(text, '{YEAR_FIRST}', ['y', 'm', 'd'])
                     WHEN regexp_matches(text, '{COMPACT}')
                     THEN regexp_extract(text, '{COMPACT}', ['y', 'm', 'd'])
                END AS iso,
                CASE WHEN regexp_matches(text, '{DAY_FIRST}')
                     THEN regexp_extract(text, '{DAY_FIRST}', ['{first}', '{second}', 'y']) END AS danish
            FROM texts
        ),
        fields AS MATERIALIZED (
            SELECT text, iso IS NOT NULL AS is_iso, length(danish.y) = 2 AS short_year,
                   coalesce(iso.y, CASE WHEN length(danish.y) = 2
                       THEN CASE WHEN danish.y < '70' THEN '20' ELSE '19' END || danish.y
                       ELSE danish.y END) AS y,
                   coalesce(iso.m, danish.m) AS m, coalesce(iso.d, danish.d) AS d
            FROM parts
        ),
        days AS MATERIALIZED (
            SELECT text, is_iso, short_year, {day("m", "d")} AS day,
                   CASE WHEN NOT is_iso THEN {day("d", "m")} END AS swapped
            FROM fields
        )
        SELECT text, coalesce(day, swapped) AS day,
               CASE WHEN coalesce(day, swapped) IS NULL THEN 'none' WHEN is_iso THEN 'iso'
                    WHEN day IS NULL THEN 'swapped' WHEN short_year THEN 'short' ELSE 'danish' END AS form
        FROM days""",
    )
    _read_with_care(cells, name, month_first)


def _read_with_care(cells: duckdb.DuckDBPyRelation, name: str, month_first: bool) -> None:
    """Read the texts that are no plain date as a checklist's cells are read: words, day numbers, zones."""
    found = []
    for (text,) in run(cells, f"SELECT text FROM {name}_dates WHERE form = 'none'").fetchall():
        # Beside a month's name a figure is the day; figures alone are the settings' to order.
        if (month_first and FIGURES.match(text)) or SIX_FIGURES.match(text):
            continue
        try:
            moment = read_date(text)
        except UnknownDate:
            continue
        if moment is not None:
            found.append((text, f"{moment:%Y-%m-%d}", "serial" if DAY_NUMBER.fullmatch(text) else "other"))
    for start in range(0, len(found), AT_A_TIME):
        values = ", ".join(
            f"({quoted(text)}, DATE '{day}', '{form}')"
            for text, day, form in found[start : start + AT_A_TIME]
        )
        run(
            cells,
            f"""UPDATE {name}_dates AS d SET day = v.day, form = v.form
                FROM (VALUES {values}) AS v(text, day, form) WHERE d.text = v.text""",
        )
