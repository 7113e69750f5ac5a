"""A register's rows judged inside its database: as plain as a row must be for the answer to be ours.

A row that holds anything that tilsyn would tidy, refuse or read with care, beyond what these few steps do,
is odd, and there is then no answer from inside. Where no row is, the frame is the one that `frame.py` finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tilsyn.base.canonical import same_name
from tilsyn.base.cpr import PLAIN
from tilsyn.base.periods import Period
from tilsyn.base.totals import TOTAL_WORDS
from tilsyn.sampling.frame_odd import NEWEST, OLDEST, empty_texts
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.inside_dialects import Dialect
from tilsyn.sampling.rule_columns import TRUTH, listed
from tilsyn.sampling.sql import OUTER_SPACE, quoted
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import COLUMNS, LeaveOut

# What parts the cells of a row: a letter, which no number has between its digits, and a mark.
_BETWEEN = "x~"
_QUOTE, _WRAPPED = "[\"']", rf"""(^|{_BETWEEN})(="|')"""
_GAP = "[^0-9A-Za-z]*"
# Whatever may be a CPR number however it is written: ten digits by themselves, of which two can be a month.
MAYBE_CPR = rf"(^|[^0-9])[0-36-9]{_GAP}[0-9]{_GAP}(0{_GAP}[1-9]|1{_GAP}[0-2])({_GAP}[0-9]){{6}}([^0-9]|$)"
# In a column of numbers: a CPR number without its zero, or a fraction, which databases write differently.
ODD_NUMBER = "^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]"
# What NFC leaves alone, everybody sees and no encoding broke.
NOT_PLAIN = f"[^{PLAIN}]|[ÂÃâ]"
_MONTH = "(jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*"
# An id that a spreadsheet may have made of another: small patterns are sooner looked for than one large one.
SPOILT_NUMBER = "^[0-9]+[.,]0+$|^[0-9]{1,2}[-./][0-9]{1,2}[-./]([0-9]{2}|[0-9]{4})$"
SPOILT_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:.]+)?$"
# The same in small letters.
SPOILT_WORDS = (
    "^[0-9]([.,][0-9]+)?e[+][0-9]+$",
    rf"^([0-9]{{1,2}}[-. ]+)?{_MONTH}[-. ]+[0-9]{{2,4}}$|^[0-9]{{1,2}}[-. ]+{_MONTH}$",
)
TOTAL = f"^{TOTAL_WORDS}($|[ .:=;])"
DAY_FIRST = "^[0-9]{2}[-./][0-9]{2}[-./][0-9]{4}$"
# With a clock of 2001 to 2012, year, month, day and hour are ten digits that may be a CPR number.
WITH_CLOCK = (
    "^(19[0-9]{2}|2000|201[3-9]|20[2-9][0-9])-[0-9]{2}-[0-9]{2}"
    " [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?$"
)
# A text that looks like a day written year-month-day, for LIKE.
_ISO = "____-__-__"
# The days that there are: those of every month, and the others.
CALENDAR = (
    "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$",
    "^([0-9]{4}-((0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
    "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$",
)
# Types whose values have one text, by their names in PostgreSQL and DuckDB.
NUMBERS = "^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$"
TEXTS = "^(text|character varying|character|varchar|uuid|boolean|date)$"
MOMENTS = "^timestamp( without time zone)?$"
_OWN = "own_"


@dataclass(frozen=True)
class FrameQuestion:
    """What a database is asked: the frame, for a level and a period, of the rows that `query` returns.

    `names` are our columns to those of the query; a unit that the settings give stands in `unit`. The cases
    `drawn_earlier` are not in the frame. `title` says what is asked, in the text's first line.
    """

    dialect: Dialect
    title: str
    query: str
    names: Mapping[str, str]
    rules: FrameRules
    period: Period
    unit: str | None = None
    drawn_earlier: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Our columns, in the order of the mapping."""
        return tuple(self.rules.headings)

    @property
    def checked(self) -> tuple[str, ...]:
        """The columns in which a CPR number is looked for; dates are of forms that hold none."""
        aside = (*self.rules.not_cpr, *self.rules.dates)
        return tuple(column for column in self.columns if column not in aside)


def sql_column(column: str) -> str:
    """Return a column's name in the query; one of the workspace's own may mean something to the database."""
    return column if column in COLUMNS else f"{_OWN}{column}"


def own_column(name: str) -> str:
    """Return the column that has a name in the query."""
    return name.removeprefix(_OWN)


def in_sql(rules: FrameRules) -> FrameRules:
    """Return rules with their columns by their names in the query."""
    left_out = tuple(_renamed(rule) for rule in rules.frame.leave_out)
    return replace(
        rules,
        headings={sql_column(column): heading for column, heading in rules.headings.items()},
        dates=tuple(map(sql_column, rules.dates)),
        split=sql_column(rules.split),
        not_cpr=tuple(map(sql_column, rules.not_cpr)),
        frame=rules.frame.model_copy(update={"leave_out": left_out}),
        risk=tuple(_renamed(rule) for rule in rules.risk),
    )


Rule = TypeVar("Rule", LeaveOut, Risk)


def _renamed(rule: Rule) -> Rule:
    return rule.model_copy(update={"column": sql_column(rule.column)})


# Name of a step to what it says of itself and its SQL.
Steps = dict[str, tuple[str, str]]


def row_steps(asked: FrameQuestion) -> Steps:
    """Return the steps from the register's own query to its cases, each with how many rows it has."""
    written = {"tidied": ("Without outer space, compared by their bytes.", _each(asked, "texts", _tidy))}
    if empty := listed(empty_texts(asked.rules.empty)):
        there = f"CASE WHEN {asked.dialect.small('{0}')} NOT IN ({empty}) THEN {{0}} END"
        written["filled"] = ("Nothing where it means nothing.", _each(asked, "tidied", there.format))
    return {
        "source": ("The register, by its own query.", asked.query.strip().rstrip(";").rstrip() + "\n"),
        "kinds": ("What kind of value each column holds.", _kinds(asked)),
        "texts": ("Every value as text in Unicode NFC, as a person would type it.", _texts(asked)),
        **written,
        "dated": (
            "Days as year-month-day; and the cells of a row as one line.",
            _dated(asked, [*written][-1]),
        ),
        "judged": ("Why a row needs a closer look than a query can take, if it does.", _judged(asked)),
        "spelt": ("How units are written, in which rows, and whether those hold yes and no.", _spelt(asked)),
        "units": ("Each spelling of a unit, and the commonest of the same.", _units(asked)),
        "again": (
            "The cases that have several rows.",
            "SELECT case_id FROM judged GROUP BY case_id HAVING count(*) > 1",
        ),
        "listed": ("The rows, each unit as it is commonest written.", _listed(asked)),
        "cases": ("Rows that are the same throughout are one case.", _cases(asked)),
    }


def _lines(parts: Iterable[str], end: str = ",") -> str:
    return f"{end}\n        ".join(parts)


def _each(asked: FrameQuestion, source: str, cell: Callable[[str], str]) -> str:
    # OFFSET 0: what a step makes is made once, not for each use in the next.
    return f"SELECT {_lines(f'{cell(c)} AS {c}' for c in asked.columns)}\n    FROM {source} OFFSET 0"


def _tidy(column: str) -> str:
    return f"nullif(trim({column}, {OUTER_SPACE}), '') COLLATE \"C\""


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _kinds(asked: FrameQuestion) -> str:
    def kind(column: str, name: str) -> str:
        found = f"CAST(pg_typeof({_name(name)}) AS text)"
        return f"{found} AS kind_of_{column}, {asked.dialect.matches(found, NUMBERS)} AS number_in_{column}"

    kinds = (kind(column, name) for column, name in asked.names.items())
    return f"SELECT {_lines(kinds)}\n    FROM source LIMIT 1"


def _of_kinds(column: str) -> str:
    # No join: PostgreSQL may then judge rows in several processes at once.
    return f"(SELECT {column} FROM kinds)"


def _texts(asked: FrameQuestion) -> str:
    def text(column: str) -> str:
        if column not in asked.names:
            return f"{quoted(asked.unit or '')} AS {column}"
        cell = f"CAST({_name(asked.names[column])} AS text)"
        kind = _of_kinds(f"kind_of_{column}")
        # A day that is kept as a moment; a whole number that is kept with decimals, and no number.
        moment = f"WHEN {kind} LIKE 'timestamp%' THEN regexp_replace({cell}, ' 00:00:00$', '')"
        day = f"WHEN {kind} = 'date' THEN {cell}"
        truth = f"WHEN 'boolean' THEN CASE {cell} WHEN 'true' THEN 'ja' WHEN 'false' THEN 'nej' END"
        whole = f"WHEN 'numeric' THEN regexp_replace({cell}, '[.]0+$|^-?[A-Z].*', '')"
        first, then = (moment, day) if column in asked.rules.dates else (f"{kind} {truth}", whole)
        other = f"ELSE {asked.dialect.canonical(cell)} END AS {column}"
        return f"CASE {first}\n            {then}\n            {other}"

    return f"SELECT {_lines(map(text, asked.columns))}\n    FROM source"


def _dated(asked: FrameQuestion, source: str) -> str:
    parts, fits = (7, 1, 4) if asked.rules.month_first else (7, 4, 1), asked.dialect.matches

    def day(column: str) -> str:
        # Taking the parts by their places: a pattern that returns them takes a hundred times as long.
        year, month, of_month = (f"substr({column}, {start}, {4 if start == 7 else 2})" for start in parts)
        turned = f"WHEN {fits(column, DAY_FIRST)} THEN {year} || '-' || {month} || '-' || {of_month}"
        cut = f"WHEN {fits(column, WITH_CLOCK)}\n            THEN substr({column}, 1, 10)"
        same = f"CASE WHEN {column} LIKE '{_ISO}' THEN {column}"
        return f"{same}\n            {turned}\n            {cut} ELSE {column} END AS {column}"

    cells = [day(column) if column in asked.rules.dates else column for column in asked.columns]
    lines = [f"{_line(_undated(asked))} AS line", f"{_line(asked.checked)} AS checked"]
    return f"SELECT {_lines([*cells, *lines])}\n    FROM {source} OFFSET 0"


def _undated(asked: FrameQuestion) -> list[str]:
    return [column for column in asked.columns if column not in asked.rules.dates]


def _line(columns: Sequence[str]) -> str:
    return f"concat_ws('{_BETWEEN}', {', '.join(columns)})" if columns else "NULL"


def _judged(asked: FrameQuestion) -> str:
    told = _lines((f"WHEN {condition} THEN '{what}'" for what, condition in _judgements(asked)), "")
    return f"SELECT {', '.join(asked.columns)}, CASE\n        {told} END AS odd\n    FROM dated"


def _judgements(asked: FrameQuestion) -> Iterator[tuple[str, str]]:
    """Yield what may be odd in a row, its name and the SQL of its condition."""
    rules, fits = asked.rules, asked.dialect.matches
    case_id, wordy = asked.dialect.small_ascii("case_id"), fits("case_id", "[A-Za-z]")
    yield "missing_id", "case_id IS NULL"
    yield "bad_character", fits("line", NOT_PLAIN)
    yield "wrapped", f"{fits('line', _QUOTE)} AND {fits('line', _WRAPPED)}"
    yield "bad_character", f"concat_ws('', {', '.join(rules.split_columns)}) LIKE '%|%'"
    yield "cpr", fits("checked", MAYBE_CPR)
    yield "spoilt_id", fits("case_id", SPOILT_NUMBER)
    yield "spoilt_id", f"case_id LIKE '{_ISO}%' AND {fits('case_id', SPOILT_DAY)}"
    yield from (("spoilt_id", f"{wordy} AND {fits(case_id, words)}") for words in SPOILT_WORDS)
    yield "total_row", f"{wordy} AND {fits(case_id, TOTAL)}"
    yield "heading_row", " AND ".join(_is_heading(asked, column) for column in ("case_id", "unit"))
    yield "missing_unit", "unit IS NULL"
    if rules.split_by_other:
        what = "missing_caseworker" if rules.split == "caseworker" else "missing_stratum"
        yield what, f"{rules.split} IS NULL"
    yield from (("not_a_date", _no_day(asked, column)) for column in rules.dates)
    yield from (("impossible_date", f"{column} < '{OLDEST}'") for column in rules.dates)
    yield from (("impossible_date", f"{c} >= '{NEWEST}'") for c in rules.dates if c != "closed")
    if {"opened", "closed"} <= set(rules.dates):
        yield "closed_before_opened", "closed < opened"
    for column in _undated(asked):
        if column in asked.names:
            yield "number", f"{_of_kinds(f'number_in_{column}')} AND {fits(column, ODD_NUMBER)}"


def _is_heading(asked: FrameQuestion, column: str) -> str:
    # Most texts are of another length, which is sooner seen.
    name = same_name(asked.rules.headings[column])
    return f"length({column}) = {len(name)} AND {asked.dialect.small(column)} = {quoted(name)}"


def _no_day(asked: FrameQuestion, column: str) -> str:
    tests = [asked.dialect.matches(column, days) for days in CALENDAR]
    if column in asked.names:
        # A date's own text is one, but for its end of time and for years of more or fewer figures.
        kind = _of_kinds(f"kind_of_{column}")
        tests.insert(0, f"({kind} = 'date' AND length({column}) = 10)")
    return f"NOT ({' OR '.join(tests)})"


def truth_columns(asked: FrameQuestion) -> list[str]:
    """Return the columns of rules, any of which may hold truth values and nothing else."""
    return sorted(asked.rules.named_by_rules & set(asked.columns))


def _spelt(asked: FrameQuestion) -> str:
    small, words = asked.dialect.small_ascii, listed(word for words in TRUTH for word in words)
    truths = [f",\n        bool_and({small(c)} IN ({words})) AS truth_of_{c}" for c in truth_columns(asked)]
    return f"""SELECT odd, unit, count(*) AS n{"".join(truths)}
    FROM judged GROUP BY odd, unit"""


def _units(asked: FrameQuestion) -> str:
    named = asked.dialect.small("unit")
    return f"""SELECT unit AS written, sum(n) AS n,
        first_value(unit) OVER (PARTITION BY {named} ORDER BY sum(n) DESC, unit) AS unit
    FROM spelt WHERE unit IS NOT NULL GROUP BY unit"""


def _listed(asked: FrameQuestion) -> str:
    picked = ", ".join(f"{'u' if column == 'unit' else 'j'}.{column}" for column in asked.columns)
    return f"SELECT {picked}, odd FROM judged AS j JOIN units AS u ON written = j.unit"


def _cases(asked: FrameQuestion) -> str:
    columns = ", ".join(f"listed.{column}" for column in asked.columns)
    several = "EXISTS (SELECT 1 FROM again WHERE again.case_id = listed.case_id)"
    return f"""SELECT {columns}, CAST(1 AS bigint) AS n FROM listed WHERE NOT {several}
    UNION ALL SELECT {columns}, count(*) FROM listed WHERE odd IS NULL AND {several} GROUP BY {columns}"""
