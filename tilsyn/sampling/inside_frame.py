"""The frame inside its database: which cases are in it, their strata, and what is counted of them."""

from __future__ import annotations

from collections.abc import Sequence

from tilsyn.base.canonical import same_name
from tilsyn.sampling.inside_rows import FrameQuestion, Steps, truth_columns
from tilsyn.sampling.rule_columns import listed, meanings
from tilsyn.sampling.sql import quoted

# What is returned: the values of a row, and where it comes from.
Told = tuple[str, str]
_LINES = (
    """string_agg(stratum || chr(9) || n || chr(9) || digest || chr(10), '' ORDER BY stratum COLLATE "C")"""
)
_EARLIER = "drawn_earlier"
_IDS = """string_agg(case_id || chr(10), '' ORDER BY case_id COLLATE "C")"""


def told(
    what: str, source: str, name: str = "NULL", unit: str = "NULL", n: str = "NULL", digest: str = "NULL"
) -> Told:
    """Return rows of the answer."""
    return f"'{what}', {name}, {unit}, {n}, {digest}", source


def conditions(asked: FrameQuestion) -> list[tuple[str, str | None]]:
    """Return each rule's name and condition, in the order of `matched`; None without its column."""
    rules, found = asked.rules, list[tuple[str, str | None]]()
    for name, column, test in (
        ("closed_before_period", "closed", f"closed < '{asked.period.start}'"),
        ("opened_after_period", "opened", f"opened > '{asked.period.end}'"),
    ):
        if getattr(rules.frame, name):
            found.append((name, f"coalesce({test}, false)" if column in rules.dates else None))
    found += [(rule.reason, _is_any(asked, rule.column, rule.values)) for rule in rules.frame.leave_out]
    return found + [(rule.name, _is_any(asked, rule.column, rule.values)) for rule in rules.risk]


def _is_any(asked: FrameQuestion, column: str, values: Sequence[str]) -> str:
    names = [same_name(value) for value in values]
    meant = [word for value in values for word in meanings(value)]
    small = asked.dialect.small_ascii if "".join(names).isascii() else asked.dialect.small
    cell = small(f"cases.{column}")
    more = f" OR (truths.{column} AND {cell} IN ({listed(meant)}))" if set(meant) > set(names) else ""
    return f"coalesce({cell} IN ({listed(names)}){more}, false)"


def frame_steps(asked: FrameQuestion) -> Steps:
    """Return the steps from the cases to the commitment."""
    steps = {}
    if named := truth_columns(asked):
        steps["truths"] = ("Which columns hold yes and no, however it is written.", _truths(named))
    steps["fitted"] = ("Which rules each case fits.", _fitted(asked))
    if asked.drawn_earlier:
        earlier = ", ".join(f"({quoted(case)})" for case in asked.drawn_earlier)
        steps["earlier"] = ("Cases drawn earlier.", f"SELECT * FROM (VALUES {earlier}) AS listed(case_id)")
    return steps | {
        "reasoned": ("Why a case is left out, if it is.", _reasoned(asked)),
        "stratified": ("Each case with its stratum.", _stratified(asked)),
        "counted": ("How many cases there are of each kind, and how many fit each rule.", _counted(asked)),
        "frame": ("The frame.", "SELECT * FROM stratified WHERE reason IS NULL"),
        "strata": (
            "Each stratum's cases, and the SHA-256 of their ids in order, each with a line feed after it.",
            f"SELECT stratum, count(*) AS n,\n        {asked.dialect.sha256(_IDS)} AS digest\n"
            "    FROM frame GROUP BY stratum",
        ),
        "whole": (
            "The commitment: the SHA-256 of a line per stratum with its name, its cases and its digest.",
            f"SELECT sum(n) AS n,\n        {asked.dialect.sha256(_LINES)} AS digest\n    FROM strata",
        ),
    }


def _truths(columns: Sequence[str]) -> str:
    tests = (f"coalesce(bool_and(truth_of_{column}), false) AS {column}" for column in columns)
    return f"SELECT {', '.join(tests)} FROM spelt WHERE odd IS NULL"


def _rules(asked: FrameQuestion) -> list[str]:
    """Return the columns that say whether a case fits a rule, of the rules whose columns are there."""
    return [f"rule_{place}" for place, (_, test) in enumerate(conditions(asked)) if test]


def _fitted(asked: FrameQuestion) -> str:
    fits = [f"{test} AS rule_{place}" for place, (_, test) in enumerate(conditions(asked)) if test]
    source = "cases CROSS JOIN truths" if truth_columns(asked) else "cases"
    between = ",\n        "
    return f"SELECT {between.join(['cases.*', *fits])}\n    FROM {source}"


def _reasons(asked: FrameQuestion) -> list[tuple[str, str]]:
    """Return why a case may be left out, each reason with its condition, in their order."""
    tests = conditions(asked)
    out = enumerate(tests[: len(tests) - len(asked.rules.risk)])
    found = [(name, f"rule_{place}") for place, (name, test) in out if test]
    if asked.drawn_earlier:
        found.append((_EARLIER, "case_id IN (SELECT case_id FROM earlier)"))
    return found


def _left_out(asked: FrameQuestion) -> dict[str, str]:
    """Return the column that counts what is left out for each reason."""
    names = dict.fromkeys(name for name, _ in _reasons(asked))
    return {name: f"out_{place}" for place, name in enumerate(names)}


def _reasoned(asked: FrameQuestion) -> str:
    whens = [f"WHEN {condition} THEN {quoted(reason)}" for reason, condition in _reasons(asked)]
    reason = f"CASE {' '.join(whens)} END" if whens else "CAST(NULL AS text)"
    return f"SELECT *, {reason} AS reason FROM fitted"


def _stratified(asked: FrameQuestion) -> str:
    split, areas = asked.rules.split, asked.rules.risk
    if split not in ("unit", "caseworker"):
        return _by_other(asked, split)
    first = len(conditions(asked)) - len(areas)
    whens = " ".join(
        f"WHEN rule_{place} THEN unit || {quoted('|' + area.name)}" for place, area in enumerate(areas, first)
    )
    stratum = f"CASE {whens} ELSE unit END" if whens else split
    return f"SELECT *, {stratum} AS stratum FROM reasoned"


def _by_other(asked: FrameQuestion, split: str) -> str:
    """Return the SQL of strata by another column, compared without case; the commonest spelling is kept."""
    small = asked.dialect.small
    return f"""SELECT reasoned.*, stratum
    FROM reasoned LEFT JOIN (
        SELECT {split} AS stratum, {small(split)} AS named, row_number() OVER
            (PARTITION BY {small(split)} ORDER BY count(*) DESC, {split} COLLATE "C") AS place
        FROM reasoned WHERE coalesce(reason, '{_EARLIER}') = '{_EARLIER}' GROUP BY {split}
    ) AS written ON named = {small(f"reasoned.{split}")} AND place = 1"""


def _counted(asked: FrameQuestion) -> str:
    told = [
        "count(*) AS cases",
        "count(*) FILTER (WHERE reason IS NULL) AS n",
        *(f"sum(n) FILTER (WHERE {rule}) AS {rule}" for rule in _rules(asked)),
        *(f"count(*) FILTER (WHERE reason = {quoted(name)}) AS {n}" for name, n in _left_out(asked).items()),
    ]
    between = ",\n        "
    return f"""SELECT {between.join(["stratum, unit", *told])}
    FROM stratified GROUP BY stratum, unit"""


def of_rows(asked: FrameQuestion) -> list[Told]:
    """Return what is told of the register: its columns, rows, units, rules and newest date."""
    twice = "(SELECT case_id FROM cases JOIN again USING (case_id) GROUP BY case_id HAVING count(*) > 1)"
    rows = [told("server", f"({asked.dialect.server}) AS server", "name", "setting")] * bool(
        asked.dialect.server
    )
    rows += [told("type", "kinds", quoted(column), f"kind_of_{column}") for column in asked.names]
    rows += [
        told("odd", "spelt WHERE odd IS NOT NULL GROUP BY odd", "odd", n="sum(n)"),
        told("odd", f"{twice} AS twice", "'contradictory_duplicate'", n="count(*)"),
        told("rows", "spelt", n="coalesce(sum(n), 0)"),
        told("cases", "counted", n="coalesce(sum(cases), 0)"),
        told("unit", "units GROUP BY unit", "unit", n="sum(n)"),
        told("unit_of", "counted WHERE n > 0", "stratum", "unit", "n"),
    ]
    for reason, n in _left_out(asked).items():
        rows.append(told("left_out", "counted", quoted(reason), n=f"coalesce(sum({n}), 0)"))
    if (dates := asked.rules.dates) and asked.rules.as_of is None:
        newest = (f"max({day}) FILTER (WHERE {day} <= '{asked.rules.today}')" for day in dates)
        rows.append(told("newest", "stratified", f"greatest({', '.join(newest)})"))
    for rule in _rules(asked):
        place = quoted(rule.removeprefix("rule_"))
        rows.append(told("rule", "counted", place, n=f"coalesce(sum({rule}), 0)"))
    for column in truth_columns(asked):
        rows.append(told("truth", "truths", quoted(column), n=f"CASE WHEN {column} THEN 1 ELSE 0 END"))
    return rows


def of_strata() -> list[Told]:
    """Return what is told of the frame: each stratum, and the commitment."""
    return [
        told("stratum", "strata", "stratum", n="n", digest="digest"),
        told("commitment", "whole", n="n", digest="digest"),
    ]
