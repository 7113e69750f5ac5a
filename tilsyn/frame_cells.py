"""The steps from a register's text to judged rows, each a temporary table in the register's connection."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import duckdb
from rapidfuzz.distance import Levenshtein

from tilsyn.base.canonical import same_name
from tilsyn.base.cpr import NUMBER_PATTERN, PATTERN
from tilsyn.base.periods import Period

if TYPE_CHECKING:
    from tilsyn.frame import FrameRules

__all__ = ["judge", "one_of", "quoted", "read_cells", "read_dates", "read_units", "run", "sha256_text"]

# A unit in fewer of the rows than this, this near a commoner one, is a misspelling (DESIGN section 4).
RARE, NEAR = 0.01, 2
# Only the commonest spellings are compared with: a wrongly mapped column has one per row.
COMMON = 500
OUTER_SPACE = r"' ' || chr(9) || chr(13) || chr(10) || chr(160)"
CONTROL = r"[\x00-\x1f\x7f-\x{9f}]"
# Outer space, an empty cell, or a character that NFC might change: all but the letters of western Europe.
UNTIDY = r"(?:^|\x1f)(?:[ \x1f]|$)| (?:\x1f|$)|[^\x1f -~\x{a1}-\x{17f}\x{2010}-\x{2027}\x{20ac}]"
BAD_CHARACTER = rf"[|]|{CONTROL}"
DAY_FIRST = r"^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})(?:[ T]\d{1,2}[:.]\d{2}.*)?$"
YEAR_FIRST = r"^(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[ T]\d{1,2}[:.]\d{2}.*)?$"
COMPACT = r"^((?:19|20)\d{2})(\d{2})(\d{2})$"


def run(relation: duckdb.DuckDBPyRelation, sql: str) -> duckdb.DuckDBPyRelation:
    """Run SQL in a relation's connection, where the relation is `source`."""
    return relation.query("frame_source", sql)


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def one_of(column: str, values: Iterable[str]) -> str:
    """Return the SQL condition that a column holds one of the values, without case and outer space."""
    listed = ", ".join(quoted(same_name(value)) for value in values)
    return f'coalesce(lower(trim(CAST("{column}" AS VARCHAR), {OUTER_SPACE})) IN ({listed}), false)'


def sha256_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_cells(register: duckdb.DuckDBPyRelation, name: str, rules: FrameRules) -> None:
    """Make `<name>_cells`: `row`, each column as NFC text without outer space or NULL, and whether `cpr`.

    Only the rows that need it are tidied: trimming a million clean rows would cost as much as all the rest.
    """
    joined = ", ".join(f'"{column}"' for column in rules.headings)
    tidy = ", ".join(
        f"CASE WHEN untidy THEN nullif(trim(nfc_normalize(\"{column}\"), {OUTER_SPACE}), '') "
        f'ELSE "{column}" END AS "{column}"'
        for column in rules.headings
    )
    run(
        register,
        f"""CREATE TEMP TABLE {name}_cells AS SELECT "row", {tidy}, cpr FROM (
            SELECT "row", {joined}, {has_cpr(rules)} AS cpr,
                   regexp_matches({whole_row(rules.headings)}, '{UNTIDY}') AS untidy FROM frame_source)""",
    )


def has_cpr(rules: FrameRules) -> str:
    """Return the SQL condition that a row holds something like a CPR number in a column that is kept."""
    checked = [column for column in rules.headings if column not in rules.not_cpr]
    numbers = [column for column in rules.number_columns if column in checked]
    number = rf"(?:^|\x1f) *{NUMBER_PATTERN.strip('^$')} *(?:\x1f|$)"
    tests = [
        f"regexp_matches({whole_row(columns)}, '{pattern}')"
        for columns, pattern in ((checked, PATTERN), (numbers, number))
        if columns
    ]
    return f"coalesce({' OR '.join(tests) or 'false'}, false)"


def whole_row(columns: Iterable[str]) -> str:
    """Return the SQL of a row's cells as one text, with no digit between them."""
    return "concat_ws(chr(31), " + ", ".join(f'"{column}"' for column in columns) + ")"


def read_dates(cells: duckdb.DuckDBPyRelation, name: str, dates: Sequence[str], month_first: bool) -> None:
    """Make `<name>_dates`: each different text of the date columns, with its `day` (or NULL) and `form`.

    A register has few different dates, so that reading them with care costs nothing. (A condition on `text`
    would be moved down to every row, and cost a second per million.)
    """
    distinct = [f'SELECT DISTINCT "{column}" AS cell FROM frame_source' for column in dates]
    cells_sql = " UNION ".join(distinct) or "SELECT NULL AS cell"
    first, second = ("m", "d") if month_first else ("d", "m")

    def day(month: str, of_month: str) -> str:
        return f"try_cast(y || '-' || lpad({month}, 2, '0') || '-' || lpad({of_month}, 2, '0') AS DATE)"

    run(
        cells,
        f"""CREATE TEMP TABLE {name}_dates AS
        WITH texts AS MATERIALIZED (SELECT DISTINCT trim(cell, {OUTER_SPACE}) AS text FROM ({cells_sql})),
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


def read_units(cells: duckdb.DuckDBPyRelation, name: str, plan_units: Sequence[str]) -> None:
    """Make `<name>_units`: each unit's `key` (lower case), commonest spelling `unit`, `n`, `bad`, `nearest`.

    `n` is its rows; `nearest` is the unit that a misspelt one was probably meant to be, else NULL.
    """
    run(
        cells,
        f"""CREATE TEMP TABLE {name}_units AS
        WITH spelt AS (SELECT lower(unit) AS key, unit, count(*) AS n FROM frame_source
                       WHERE unit IS NOT NULL GROUP BY ALL)
        SELECT key, first(unit ORDER BY n DESC, unit) AS unit, CAST(sum(n) AS BIGINT) AS n,
               regexp_matches(key, '{BAD_CHARACTER}') AS bad, CAST(NULL AS VARCHAR) AS nearest
        FROM spelt GROUP BY key""",
    )
    found = run(cells, f"SELECT key, unit, n FROM {name}_units ORDER BY n DESC, key").fetchall()
    total = sum(n for _, _, n in found)
    planned = {same_name(unit) for unit in plan_units}
    common = found[:COMMON]
    for key, _, n in found:
        if n >= RARE * total or key in planned:
            continue
        near = [
            (Levenshtein.distance(key, other), -many, unit)
            for other, unit, many in common
            if many > n and abs(len(other) - len(key)) <= NEAR
        ]
        nearest = min(near, default=(NEAR + 1, 0, ""))
        if nearest[0] <= NEAR:
            run(cells, f"UPDATE {name}_units SET nearest = {quoted(nearest[2])} WHERE key = {quoted(key)}")


def judge(
    cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, period: Period | None, level: int | None
) -> None:
    """Make `<name>_rows`: the canonical columns, what is wrong in each row, and the `reason` it is left out.

    Errors go before duplicates, duplicates before the rules of the frame.
    """
    columns = tuple(rules.headings)
    days = {column: f"d{number}.day" for number, column in enumerate(rules.dates)}
    joins = " ".join(
        f'LEFT JOIN {name}_dates AS d{number} ON d{number}.text = c."{column}"'
        for number, column in enumerate(rules.dates)
    )
    texts = {column: f'c."{column}"' for column in columns} | days | {"unit": "u.unit"}
    picked = ", ".join(f'{text} AS "{column}"' for column, text in texts.items())
    no_date = " OR ".join(f'(c."{column}" IS NOT NULL AND {day} IS NULL)' for column, day in days.items())
    ids = [f"coalesce(regexp_matches(c.{column}, '{BAD_CHARACTER}'), false)" for column in _ids(columns)]
    signature = ", ".join(f"coalesce(CAST(\"{column}\" AS VARCHAR), '')" for column in columns)
    no_worker = "caseworker IS NULL" if level == 1 and "caseworker" in columns else "false"
    reversed_dates = "closed < opened" if {"opened", "closed"} <= set(days) else "false"
    run(
        cells,
        f"""CREATE TEMP TABLE {name}_judged AS
            SELECT c."row", {picked}, c.cpr, ({" OR ".join([*ids, "coalesce(u.bad, false)"])}) AS bad,
                   u.nearest, ({no_date or "false"}) AS no_date, coalesce(c.unit <> u.unit, false) AS respelt
            FROM {name}_cells AS c LEFT JOIN {name}_units AS u ON u.key = lower(c.unit) {joins}""",
    )
    run(
        cells,
        f"""CREATE TEMP TABLE {name}_twice AS
            SELECT case_id, min("row") AS first_row,
                   count(DISTINCT concat_ws(chr(31), {signature})) > 1 AS differ
            FROM {name}_judged
            WHERE case_id IN (SELECT case_id FROM {name}_cells GROUP BY case_id HAVING count(*) > 1)
            GROUP BY case_id""",
    )
    run(
        cells,
        f"""CREATE TEMP VIEW {name}_rows AS
        SELECT j.*, t.first_row, coalesce(t.differ, false) AS differ,
            CASE WHEN j.case_id IS NULL THEN 'missing_id'
                 WHEN bad THEN 'bad_character'
                 WHEN cpr THEN 'cpr'
                 WHEN unit IS NULL THEN 'missing_unit'
                 WHEN nearest IS NOT NULL THEN 'misspelt_unit'
                 WHEN {no_worker} THEN 'missing_caseworker'
                 WHEN no_date THEN 'not_a_date'
                 WHEN {reversed_dates} THEN 'closed_before_opened'
                 WHEN t.differ THEN 'contradictory_duplicate'
                 WHEN j."row" <> t.first_row THEN 'duplicate'
                 {_out_rules(rules, days, period)}
            END AS reason
        FROM {name}_judged AS j LEFT JOIN {name}_twice AS t ON t.case_id = j.case_id""",
    )


def _ids(columns: Sequence[str]) -> list[str]:
    return [column for column in ("case_id", "caseworker") if column in columns]


def _out_rules(rules: FrameRules, days: Mapping[str, str], period: Period | None) -> str:
    """Return the frame's own rules as WHEN clauses, in the order they are counted."""
    whens = []
    if period and rules.closed_before_period and "closed" in days:
        whens.append(f"WHEN closed < DATE '{period.start}' THEN 'closed_before_period'")
    if period and rules.opened_after_period and "opened" in days:
        whens.append(f"WHEN opened > DATE '{period.end}' THEN 'opened_after_period'")
    whens += [
        f"WHEN {one_of(rule.column, rule.values)} THEN {quoted(rule.reason)}" for rule in rules.leave_out
    ]
    return " ".join(whens)
