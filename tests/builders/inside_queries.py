"""Queries for a register's own database, as people read them: of one with every rule, and of two that have few or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from tilsyn.base.periods import Period
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.inside import KnownRows, count_sql, draw_sql
from tilsyn.sampling.inside_dialects import DUCKDB, POSTGRES, Dialect
from tilsyn.sampling.inside_rows import FrameQuestion, in_sql, sql_column
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings, LeaveOut

HEADINGS = {
    "case_id": "Sags nr",
    "unit": "Enhed",
    "caseworker": "Sagsbehandler",
    "case_type": "Sagstype",
    "opened": "Oprettet",
    "closed": "Lukket",
    "flag": 'Er "ny"',
    "group": "Gruppe",
    "arrived": "Modtaget",
}
SEED, DRAW = "terninger: 6 2 5 1, 'kastet' 3. juli", "testby/2018-Q2/level-2"
LEFT_OUT = (
    LeaveOut(column="case_type", values=("Efterværn", "O'Hara"), reason="too_old"),
    LeaveOut(column="not_there", values=("x",)),
)
RISK = (
    Risk(name="klage", column="flag", values=("Ja",), size=3),
    Risk(name="akut", column="case_type", values=("akut",), size="all"),
)


def question(
    dialect: Dialect, query: str, names: dict[str, str], unit: str | None = None, **rules: object
) -> FrameQuestion:
    """Ask for the frame of a register with these columns, by rules."""
    headings = {**names, "unit": names.get("unit", "unit")}
    given = FrameRules(headings=headings, today=date(2018, 7, 3), **rules)  # type: ignore[arg-type]
    return FrameQuestion(
        dialect=dialect,
        title="tilsyn: level 2, 2018-Q2",
        query=query,
        names={sql_column(column): heading for column, heading in names.items()},
        rules=in_sql(given),
        period=Period.parse("2018-Q2"),
        unit=unit,
    )


def some(*columns: str) -> dict[str, str]:
    return {column: HEADINGS[column] for column in columns}


def with_every_rule() -> FrameQuestion:
    asked = question(
        DUCKDB,
        "SELECT * FROM sager;\n",
        some("case_id", "unit", "caseworker", "case_type", "opened", "closed", "flag"),
        dates=("opened", "closed"),
        frame=FrameSettings(leave_out=LEFT_OUT),
        risk=RISK,
        not_cpr=("flag",),
        empty=("NULL", "31-12-9999"),
    )
    return replace(asked, drawn_earlier=("2018-1", "2018-2"))


def per_caseworker() -> FrameQuestion:
    return question(
        DUCKDB,
        "SELECT * FROM sager ;",
        some("case_id", "unit", "caseworker", "closed", "arrived"),
        dates=("closed", "arrived"),
        month_first=True,
        split="caseworker",
        not_cpr=("case_id", "unit", "caseworker"),
    )


def of_one_unit(*left_out: LeaveOut) -> FrameQuestion:
    return question(
        POSTGRES,
        "SELECT * FROM INDEX;",
        some("case_id", "group"),
        unit="Familieafdelingen",
        dates=(),
        split="group",
        frame=FrameSettings(leave_out=left_out),
    )


# One that small letters of ASCII tell from the others, and one that they do not.
OF_GROUPS = (LeaveOut(column="group", values=("akut",)), LeaveOut(column="group", values=("Øst",)))
WANTED = {"Amager": (612, 25), "Amager|klage": (3, 8)}
QUERIES: dict[str, Callable[[], str]] = {
    "query-counts.sql": lambda: count_sql(with_every_rule()),
    "query-counts-of-one-unit.sql": lambda: count_sql(of_one_unit(*OF_GROUPS)),
    "query-draw.sql": lambda: draw_sql(per_caseworker(), SEED, DRAW, WANTED),
    "query-draw-of-plain-rows.sql": lambda: draw_sql(
        of_one_unit(), SEED, DRAW, WANTED, KnownRows(single=True), False
    ),
}
