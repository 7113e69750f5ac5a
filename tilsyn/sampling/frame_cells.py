"""The steps from a register's text to judged rows, each a temporary table in the register's connection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import duckdb

from tilsyn.base.canonical import canonical_id, deceptive, same_name
from tilsyn.base.cpr import NUMBER_PATTERN, PATTERN, PLAIN, looks_like_cpr
from tilsyn.base.database import PackedTable
from tilsyn.base.own_numbers import own_sql
from tilsyn.base.spelling import misspelt
from tilsyn.sampling import frame_odd
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.frame_whole import UNREMARKABLE, WholeRows, whole_cells
from tilsyn.sampling.sql import quoted
from tilsyn.settings.complaints import COMPLAINED

# A unit in fewer of the rows than this may be a misspelling of a commoner one.
RARE = 0.01
# So many judged rows are left as they are: packing them takes as long as judging them.
MANY = 2_000_000
# Only the commonest spellings are compared with: a wrongly mapped column has one per row.
COMMON = 500
# In a register that was read by its rules: the cells of a row that is suspected, else NULL.
SUSPECTED = "_suspected"
CONTROL = r"[\x00-\x1f\x7f-\x{9f}]"
# A character that a plain text has not: it may be changed by NFC, unseen, or told from another by no eye; or
# one without which no text is garbled.
HARD = f"[^{PLAIN}]|{frame_odd.NEVER_CLEAN}"
BAD_CHARACTER = rf"[|]|{CONTROL}"
# A nine-digit cell of a row's text that may be a CPR number without its zero.
NUMBER_CELL = rf"(?:^|\x1f) *{NUMBER_PATTERN.strip('^$')} *(?:\x1f|$)"
# Whatever a closer look at a row might find, its cells parted by a printable character: also outer space
# and an empty cell.
SUSPECT = rf"(?:^|~)(?:[ ~]|$)| (?:~|$)|{HARD}|{NUMBER_CELL}|[|]|{PATTERN}".replace(r"\x1f", "~")


def run(relation: duckdb.DuckDBPyRelation, sql: str) -> duckdb.DuckDBPyRelation:
    """Run SQL in a relation's connection, where the relation is `source`."""
    return relation.query("frame_source", sql)


def suspicious(cells: str, rules: FrameRules) -> str:
    """Return the SQL condition that a closer look at a row's cells might find something; or too often."""
    pattern = quoted(f"{SUSPECT}|{frame_odd.suspect(rules)}")
    condition = f"regexp_matches(concat_ws('~', {cells}), {pattern})"
    if own := own_sql():
        # A cell is a line of its own.
        lines = quoted(f"(?m:{own})")
        condition += f" OR regexp_matches(concat_ws(chr(10), {cells}), {lines})"
    return condition


def read_cells(register: duckdb.DuckDBPyRelation, name: str, rules: FrameRules) -> None:
    """Make `<name>_cells`: `row`, each column as NFC text without outer space or NULL, and what is odd in it.

    `cpr` and `bad` tell of what cannot be used, `garbled` of broken letters in an id or a unit and `blurred`
    in any cell, `spoilt` how an id was changed, `unwrapped` that a mark of text was taken off it, `aside` why
    a row is none of the list. It is a view: the few rows with anything to tidy, to refuse or to mask are a
    table of their own (`<name>_odd`), the others stand as they are in the register, whose columns they have.
    One look at each row suspects enough of them, or too many; where the register was read by these rules, it
    was taken then.
    """
    listed = ", ".join(f'"{column}"' for column in rules.columns)
    kept = [column for column in rules.columns if column in register.columns]
    cells, where = listed, suspicious(listed, rules)
    if SUSPECTED in register.columns:
        # What the register itself does not have, such as who complained, is the last.
        cells = ", ".join(
            f'"{column}"' if column == COMPLAINED else f'{SUSPECTED}[{place}] AS "{column}"'
            for place, column in enumerate(rules.columns, start=1)
        )
        where = f"{SUSPECTED} IS NOT NULL"
    register.query(
        f"{name}_register",
        f"""CREATE TEMP TABLE {name}_suspects AS SELECT "row", {cells} FROM {name}_register WHERE {where}""",
    )
    garbled = _read_hard_texts(register, name, listed)
    if run(register, f"SELECT 1 FROM {name}_suspects LIMIT 1").fetchone():
        _tidy(register, name, rules, garbled)
    else:
        run(register, f"CREATE TEMP TABLE {name}_odd AS SELECT *, {UNREMARKABLE} FROM {name}_suspects")
    plain = ", ".join(f'"{column}"' for column in kept)
    run(
        register,
        f"""CREATE TEMP VIEW {name}_cells AS
        SELECT "row", {plain}, {UNREMARKABLE} FROM {name}_register ANTI JOIN {name}_odd USING ("row")
        UNION ALL BY NAME SELECT * FROM {name}_odd""",
    )


def _tidy(register: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, garbled: bool) -> None:
    """Make `<name>_odd` of the suspects: those with anything to tidy, to refuse or to mask."""
    columns = rules.columns
    hard = {column: f"h{place}" for place, column in enumerate(columns)}
    joins = " ".join(f'LEFT JOIN {name}_hard AS {h} ON {h}.text = s."{column}"' for column, h in hard.items())
    texts = {column: f"coalesce({h}.tidy, trim(s.\"{column}\", ' '))" for column, h in hard.items()}
    tidy = ", ".join(f'{frame_odd.meant(text, rules)} AS "{column}"' for column, text in texts.items())
    names = list(rules.split_columns)
    signs = frame_odd.signs(rules, whole_row(names), whole_row(columns), f"{name}_register", garbled)
    deceptive = f"coalesce({hard['case_id']}.deceptive <> '', false)" if rules.id_rules > 1 else "false"
    run(
        register,
        f"""CREATE TEMP TABLE {name}_odd AS
        WITH tidied AS (SELECT "row", {tidy}, {has_cpr(rules, hard)} AS cpr, {deceptive} AS _bad_id,
                {whole_row(columns, "s.")} AS _before FROM {name}_suspects AS s {joins}),
            told AS (SELECT *, {signs},
                _bad_id OR regexp_matches(concat_ws('', {", ".join(names)}), '{BAD_CHARACTER}') AS bad
                FROM tidied)
        SELECT * EXCLUDE (_before, _bad_id) FROM told
        WHERE cpr OR bad OR blurred OR spoilt IS NOT NULL OR aside IS NOT NULL
            OR {whole_row(columns)} <> _before""",
    )


def _read_hard_texts(register: duckdb.DuckDBPyRelation, name: str, listed: str) -> bool:
    """Make `<name>_hard`: each text of the suspects that only Unicode's own tables can read, once.

    Tells whether any of them may be garbled: no other text is.

    It has the `text`, its canonical form `tidy`, whether it holds a CPR number in text (`cpr`) or in a number
    cell (`number`), and the code points that nobody sees or can tell from others (`deceptive`, or '').
    """
    texts = run(
        register,
        f"""SELECT DISTINCT text FROM (SELECT unnest([{listed}]) AS text FROM {name}_suspects)
            WHERE regexp_matches(text, '{HARD}')""",
    ).fetchall()
    rows = [
        (text, tidy, looks_like_cpr(text), looks_like_cpr(text, number_cell=True), ", ".join(deceptive(tidy)))
        for (text,) in texts
        for tidy in (canonical_id(text),)
    ]
    run(
        register,
        f"""CREATE TEMP TABLE {name}_hard
            (text VARCHAR, tidy VARCHAR, cpr BOOLEAN, number BOOLEAN, deceptive VARCHAR)""",
    )
    if rows:
        import pandas as pd

        found = pd.DataFrame(rows)  # noqa: F841
        # DuckDB finds `found` by its name, in the function that asks.
        register.query("frame_source", f"INSERT INTO {name}_hard SELECT * FROM found")
    return any(re.search(frame_odd.NEVER_CLEAN, tidy) for _, tidy, *_ in rows)


def has_cpr(rules: FrameRules, hard: Mapping[str, str]) -> str:
    """Return the SQL condition that a row holds something like a CPR number in a column that is kept.

    `hard` names the table that has the hard texts of each column.
    """
    checked = [column for column in rules.headings if column not in rules.not_cpr]
    numbers = [column for column in rules.number_columns if column in checked]
    own = own_sql()
    tests = [f'coalesce(regexp_matches(s."{column}", {quoted(own)}), false)' for column in checked if own]
    tests += [
        f"regexp_matches({whole_row(columns, 's.')}, '{pattern}')"
        for columns, pattern in ((checked, PATTERN), (numbers, NUMBER_CELL))
        if columns
    ]
    kinds = {column: "number" if column in numbers else "cpr" for column in checked}
    tests += [f"coalesce({hard[column]}.{kind}, false)" for column, kind in kinds.items()]
    return f"({' OR '.join(tests) or 'false'})"


def whole_row(columns: Iterable[str], table: str = "") -> str:
    """Return the SQL of a row's cells as one text, with no digit between them; `table` ends in a dot."""
    return "concat_ws(chr(31), " + ", ".join(f'{table}"{column}"' for column in columns) + ")"


def read_units(cells: duckdb.DuckDBPyRelation, name: str, plan_units: Sequence[str]) -> None:
    """Make `<name>_spelt` and `<name>_units`: the spellings of each unit, and the units.

    `<name>_spelt` has each `spelt` with its `key` (lower case) and rows `n`; `<name>_units` each `key` with
    its commonest spelling `unit`, its rows `n` and `nearest`, the unit that a misspelt one was probably meant
    to be, else NULL.
    """
    run(
        cells,
        f"""CREATE TEMP TABLE {name}_spelt AS SELECT unit AS spelt, lower(unit) AS key, n
            FROM (SELECT unit, count(*) AS n FROM frame_source WHERE unit IS NOT NULL GROUP BY unit)""",
    )
    run(
        cells,
        f"""CREATE TEMP TABLE {name}_units AS
            SELECT key, first(spelt ORDER BY n DESC, spelt) AS unit, CAST(sum(n) AS BIGINT) AS n,
                   CAST(NULL AS VARCHAR) AS nearest FROM {name}_spelt GROUP BY key""",
    )
    found = run(cells, f"SELECT key, unit, n FROM {name}_units ORDER BY n DESC, unit").fetchall()
    for key, nearest in misspellings(found, plan_units):
        run(cells, f"UPDATE {name}_units SET nearest = {quoted(nearest)} WHERE key = {quoted(key)}")


def misspellings(
    units: Sequence[tuple[str, str, int]], plan_units: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield the key of each misspelt unit, and the unit that was meant; `units` has the commonest first."""
    total = sum(n for _, _, n in units)
    planned = {same_name(unit) for unit in plan_units}
    common = {key: (unit, n) for key, unit, n in units[:COMMON]}
    for key, _, n in units:
        if n >= RARE * total or key in planned:
            continue
        if meant := misspelt(key, (other for other, (_, many) in common.items() if many > n)):
            yield key, common[meant][0]


def judge(
    cells: duckdb.DuckDBPyRelation,
    name: str,
    rules: FrameRules,
    out_rules: str,
    whole: WholeRows | None = None,
) -> PackedTable | None:
    """Make `<name>_rows`: the judged columns, what is wrong in each row, and the `reason` it is left out.

    Errors go before duplicates, duplicates before the rules of the frame (`out_rules`, as WHEN clauses).
    `<name>_alike` has the rows whose id stands there more than once, with all their columns. Where a case has
    a row per measure, no row is a duplicate of another. Returns what must be held for as long as the rows
    are asked.
    """
    columns = tuple(rules.headings)
    signature = ", ".join(f"coalesce(CAST(\"{column}\" AS VARCHAR), '')" for column in columns)
    no_stratum = f'"{rules.split}" IS NULL' if rules.split_by_other else "false"
    missing = "missing_caseworker" if rules.split == "caseworker" else "missing_stratum"
    impossible = " OR ".join(frame_odd.impossible(column, column) for column in rules.dates) or "false"
    reversed_dates = "closed < opened" if {"opened", "closed"} <= set(rules.dates) else "false"
    # A number is grouped by in half the time of a text; a case that shares another's is alike to none.
    again = f"(SELECT hash(case_id) FROM {name}_cells GROUP BY 1 HAVING count(*) > 1)"
    alike = "false" if rules.per_case else f"case_id IS NOT NULL AND hash(case_id) IN {again}"
    run(cells, f'CREATE TEMP TABLE {name}_again AS SELECT "row" FROM {name}_cells WHERE {alike}')
    repeated = f"({whole_cells(cells, name, f'FROM {name}_again', whole)})"
    run(cells, f"CREATE TEMP TABLE {name}_alike AS {_canonical(repeated, name, rules, columns)}")
    run(
        cells,
        f"""CREATE TEMP TABLE {name}_twice AS
            SELECT case_id AS again_id, min("row") AS first_row,
                   count(DISTINCT concat_ws(chr(31), {signature})) > 1 AS differ
            FROM {name}_alike GROUP BY case_id""",
    )
    # Of a register that was not kept as a whole, there may be very many.
    packed = None if whole is None else PackedTable(partial(run, cells))
    table = packed.name if packed else f"{name}_rows"
    run(
        cells,
        f"""CREATE {"" if packed else "TEMP"} TABLE {table} AS
        SELECT j.*, t.first_row, coalesce(t.differ, false) AS differ,
            CASE WHEN aside IS NOT NULL THEN aside
                 WHEN j.case_id IS NULL THEN 'missing_id'
                 WHEN bad THEN 'bad_character'
                 WHEN cpr THEN 'cpr'
                 WHEN garbled THEN 'garbled'
                 WHEN spoilt IS NOT NULL THEN 'spoilt_id'
                 WHEN unit IS NULL THEN 'missing_unit'
                 WHEN nearest IS NOT NULL THEN 'misspelt_unit'
                 WHEN {no_stratum} THEN '{missing}'
                 WHEN no_date THEN 'not_a_date'
                 WHEN {impossible} THEN 'impossible_date'
                 WHEN {reversed_dates} THEN 'closed_before_opened'
                 WHEN t.differ THEN 'contradictory_duplicate'
                 WHEN j."row" <> t.first_row THEN 'duplicate'
                 {out_rules}
            END AS reason
        FROM ({_canonical(f"{name}_cells", name, rules, rules.judged)}) AS j
        LEFT JOIN {name}_twice AS t ON t.again_id = j.case_id""",
    )
    if packed:
        ((n,),) = run(cells, f"SELECT count(*) FROM {table}").fetchall()
        if n > MANY:
            packed.pack()
        run(cells, f"CREATE TEMP VIEW {name}_rows AS FROM {table}")
    return packed


def _canonical(source: str, name: str, rules: FrameRules, columns: Sequence[str]) -> str:
    """Return the SQL of columns of a table's cells: each unit's common spelling, dates, and what is wrong."""
    days = {column: f"d{place}.day" for place, column in enumerate(rules.dates)}
    joins = " ".join(
        f'LEFT JOIN {name}_dates AS d{place} ON d{place}.text = c."{column}"'
        for place, column in enumerate(rules.dates)
    )
    texts = {column: f'c."{column}"' for column in rules.headings} | days | {"unit": "u.unit"}
    picked = ", ".join(f'{texts[column]} AS "{column}"' for column in columns)
    no_date = " OR ".join(f'(c."{column}" IS NOT NULL AND {day} IS NULL)' for column, day in days.items())
    return f"""SELECT c."row", {picked}, c.cpr, c.bad, c.garbled, c.blurred,
                      c.spoilt, c.unwrapped, c.aside, u.nearest, ({no_date or "false"}) AS no_date,
                      coalesce(u.spelt <> u.unit, false) AS respelt
               FROM {source} AS c
               LEFT JOIN (SELECT * FROM {name}_spelt JOIN {name}_units USING (key)) AS u ON u.spelt = c.unit
               {joins}"""
