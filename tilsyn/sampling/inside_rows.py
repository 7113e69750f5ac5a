"""A register's rows judged inside its database: as plain as a row must be for the answer to be ours.

A row that holds anything that tilsyn would tidy, refuse or read with care, beyond what these few steps do,
is odd, and there is then no answer from inside. Where no row is, the frame is the one that `frame.py` finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from tilsyn.base.canonical import same_name
from tilsyn.base.cpr import PLAIN
from tilsyn.base.periods import Period
from tilsyn.base.totals import TOTAL_WORDS
from tilsyn.sampling.frame_odd import NEWEST, OLDEST, empty_texts
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.inside_dialects import Dialect
from tilsyn.sampling.rule_columns import listed
from tilsyn.sampling.sql import OUTER_SPACE, quoted
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import COLUMNS, LeaveOut

# Between the digits of a number there may be marks, never a letter: `x` parts the cells of a row.
_GAP = "[^0-9A-Za-z]{0,8}"
# Whatever may be a CPR number however it is written: ten digits by themselves, of which two can be a month.
MAYBE_CPR = rf"(^|[^0-9])[0-36-9]{_GAP}[0-9]{_GAP}(0{_GAP}[1-9]|1{_GAP}[0-2])({_GAP}[0-9]){{6}}([^0-9]|$)"
# In a column of numbers: a CPR number without its zero, or a fraction, which databases write differently.
ODD_NUMBER = "^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]"
# What NFC leaves alone, everybody sees and no encoding broke.
NOT_PLAIN = f"[^{PLAIN}]|[ÂÃâ]"
_MONTH = "(jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*"
# An id, in small letters, that a spreadsheet may have made of another.
SPOILT_ID = (
    "^[0-9]([.,][0-9]+)?e[+][0-9]+$|^[0-9]+[.,]0+$"
    "|^[0-9]{1,2}[-./][0-9]{1,2}[-./]([0-9]{2}|[0-9]{4})$|^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:.]+)?$"
    rf"|^([0-9]{{1,2}}[-. ]+)?{_MONTH}[-. ]+[0-9]{{2,4}}$|^[0-9]{{1,2}}[-. ]+{_MONTH}$"
)
TOTAL = f"^{TOTAL_WORDS}($|[ .:=;])"
DAY_FIRST = "^([0-9]{2})[-./]([0-9]{2})[-./]([0-9]{4})$"
# With a clock of 2001 to 2012, year, month, day and hour are ten digits that may be a CPR number.
WITH_CLOCK = (
    "^((19[0-9]{2}|2000|201[3-9]|20[2-9][0-9])-[0-9]{2}-[0-9]{2})"
    " [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?$"
)
# The days that there are, one after the other.
CALENDAR = (
    "^(([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
    "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)( |$))*$"
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
    small = asked.dialect.small
    return {
        "source": ("The register, by its own query.", asked.query.strip().rstrip(";").rstrip() + "\n"),
        "kinds": ("What kind of value each column holds.", _kinds(asked)),
        "texts": ("Every value as text, as a person would type it.", _texts(asked)),
        "tidied": (
            "In Unicode NFC, without outer space, and nothing where it means nothing.",
            _tidied(asked),
        ),
        "dated": ("Days as year-month-day.", _dated(asked)),
        "judged": ("Why a row needs a closer look than a query can take, if it does.", _judged(asked)),
        "spelt": (
            "How units are written.",
            f"SELECT unit, {small('unit')} AS named, count(*) AS n FROM judged GROUP BY unit",
        ),
        "units": (
            "Each unit by its commonest spelling.",
            """SELECT named, (array_agg(unit ORDER BY n DESC, unit COLLATE "C"))[1] AS unit, sum(n) AS n_rows
    FROM spelt GROUP BY named""",
        ),
        "cases": ("Rows that are the same throughout are one case.", _cases(asked)),
    }


def _lines(parts: list[str], end: str = ",") -> str:
    return f"{end}\n        ".join(parts)


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _kinds(asked: FrameQuestion) -> str:
    kinds = [f"CAST(pg_typeof({_name(name)}) AS text) AS {column}" for column, name in asked.names.items()]
    return f"SELECT {_lines(kinds)}\n    FROM source LIMIT 1"


def _texts(asked: FrameQuestion) -> str:
    def text(column: str) -> str:
        if column not in asked.names:
            return f"{quoted(asked.unit or '')} AS {column}"
        cell = f"CAST(source.{_name(asked.names[column])} AS text)"
        # A day that is kept as a moment; a whole number that is kept with decimals, and no number.
        moment = f"WHEN kinds.{column} LIKE 'timestamp%' THEN regexp_replace({cell}, ' 00:00:00$', '')"
        truth = f"WHEN 'boolean' THEN replace(replace({cell}, 'true', 'ja'), 'false', 'nej')"
        whole = f"WHEN 'numeric' THEN regexp_replace({cell}, '[.]0+$|^-?[A-Z].*', '')"
        other = f"kinds.{column} {truth}\n            {whole}"
        whens = moment if column in asked.rules.dates else other
        return f"CASE {whens}\n            ELSE {cell} END AS {column}"

    return f"SELECT {_lines([text(column) for column in asked.columns])}\n    FROM source CROSS JOIN kinds"


def _tidied(asked: FrameQuestion) -> str:
    empty = empty_texts(asked.rules.empty)

    def tidy(column: str) -> str:
        text = f"nullif(trim({asked.dialect.canonical(column)}, {OUTER_SPACE}), '')"
        if not empty:
            return f"{text} AS {column}"
        there = f"{asked.dialect.small(text)} NOT IN ({listed(empty)})"
        return f"CASE WHEN {there}\n            THEN {text} END AS {column}"

    return f"SELECT {_lines([tidy(column) for column in asked.columns])}\n    FROM texts"


def _dated(asked: FrameQuestion) -> str:
    order = r"\3-\1-\2" if asked.rules.month_first else r"\3-\2-\1"

    def day(column: str) -> str:
        iso = f"regexp_replace({column}, {quoted(DAY_FIRST)}, '{order}')"
        return f"regexp_replace({iso},\n            {quoted(WITH_CLOCK)}, '\\1') AS {column}"

    cells = [day(column) if column in asked.rules.dates else column for column in asked.columns]
    return f"SELECT {_lines(cells)}\n    FROM tidied"


def _judged(asked: FrameQuestion) -> str:
    rules, fits, small = asked.rules, asked.dialect.matches, asked.dialect.small

    def row(columns: tuple[str, ...], between: str) -> str:
        return f"concat_ws('{between}', {', '.join(columns)})"

    heads = [same_name(rules.headings[column]) for column in ("case_id", "unit")]
    whens = [
        ("missing_id", "case_id IS NULL"),
        ("bad_character", fits(row(asked.columns, " "), NOT_PLAIN)),
        ("bad_character", fits(row(rules.split_columns, " "), "[|]")),
        ("cpr", fits(row(asked.checked, "x"), MAYBE_CPR) if asked.checked else "false"),
        ("wrapped", fits(row(asked.columns, "~"), """(^|~)(="|')""")),
        ("spoilt_id", fits(small("case_id"), SPOILT_ID)),
        ("total_row", fits(small("case_id"), TOTAL)),
        ("heading_row", f"{small('case_id')} = {quoted(heads[0])} AND {small('unit')} = {quoted(heads[1])}"),
        ("missing_unit", "unit IS NULL"),
    ]
    if rules.split_by_other:
        what = "missing_caseworker" if rules.split == "caseworker" else "missing_stratum"
        whens.append((what, f"{rules.split} IS NULL"))
    if rules.dates:
        whens.append(("not_a_date", f"NOT {fits(row(rules.dates, ' '), CALENDAR)}"))
    whens += [("impossible_date", f"{column} < '{OLDEST}'") for column in rules.dates]
    whens += [("impossible_date", f"{c} >= '{NEWEST}'") for c in rules.dates if c != "closed"]
    if {"opened", "closed"} <= set(rules.dates):
        whens.append(("closed_before_opened", "closed < opened"))
    told = [f"WHEN {condition} THEN '{what}'" for what, condition in whens]
    return f"SELECT *, CASE\n        {_lines(told, '')} END AS odd\n    FROM dated"


def _cases(asked: FrameQuestion) -> str:
    picked = ", ".join(f"{'u' if column == 'unit' else 'j'}.{column}" for column in asked.columns)
    places = ", ".join(str(place) for place, _ in enumerate(asked.columns, start=1))
    return f"""SELECT {picked}, count(*) AS n
    FROM judged AS j JOIN units AS u ON u.named = {asked.dialect.small("j.unit")}
    WHERE odd IS NULL GROUP BY {places}"""
