"""The frame inside its database: which cases are in it, their strata, and what is counted of them."""

from __future__ import annotations

from collections.abc import Sequence

from tilsyn.base.canonical import same_name
from tilsyn.sampling.inside_rows import ODD_NUMBER, FrameQuestion, Steps
from tilsyn.sampling.rule_columns import TRUTH, listed, meanings
from tilsyn.sampling.sql import quoted

# What is returned: the values of a row, and where it comes from.
Told = tuple[str, str]
_LINES = (
    """string_agg(stratum || chr(9) || n || chr(9) || digest || chr(10), '' ORDER BY stratum COLLATE "C")"""
)
_IDS = """string_agg(case_id || chr(10), '' ORDER BY case_id COLLATE "C")"""


def told(
    what: str, source: str, name: str = "NULL", unit: str = "NULL", n: str = "NULL", digest: str = "NULL"
) -> Told:
    """Return rows of the answer."""
    return f"'{what}', {name}, {unit}, {n}, {digest}", source


def truth_columns(asked: FrameQuestion) -> list[str]:
    """Return the columns of rules, any of which may hold truth values and nothing else."""
    return sorted(asked.rules.named_by_rules & set(asked.columns))


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
    cell = asked.dialect.small(f"cases.{column}")
    names = [same_name(value) for value in values]
    meant = [word for value in values for word in meanings(value)]
    more = f" OR (truths.{column} AND {cell} IN ({listed(meant)}))" if set(meant) > set(names) else ""
    return f"coalesce({cell} IN ({listed(names)}){more}, false)"


def frame_steps(asked: FrameQuestion) -> Steps:
    """Return the steps from the cases to the commitment."""
    steps = {}
    if named := truth_columns(asked):
        steps["truths"] = ("Which columns hold yes and no, however it is written.", _truths(asked, named))
    steps["fitted"] = ("Which rules each case fits.", _fitted(asked))
    steps["reasoned"] = ("Why a case is left out, if it is.", _reasoned(asked))
    stratified = "The frame: each case with its stratum.", _stratified(asked)
    if asked.drawn_earlier:
        earlier = ", ".join(f"({quoted(case)})" for case in asked.drawn_earlier)
        steps["stratified"] = stratified
        steps["earlier"] = ("Cases drawn earlier.", f"SELECT * FROM (VALUES {earlier}) AS listed(case_id)")
        rest = "SELECT * FROM stratified WHERE case_id NOT IN (SELECT case_id FROM earlier)"
        steps["frame"] = ("The frame without them.", rest)
    else:
        steps["frame"] = stratified
    return steps | {
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


def _truths(asked: FrameQuestion, columns: Sequence[str]) -> str:
    words = listed(word for words in TRUTH for word in words)
    tests = (f"coalesce(bool_and({asked.dialect.small(c)} IN ({words})), false) AS {c}" for c in columns)
    return f"SELECT {', '.join(tests)} FROM cases"


def _fitted(asked: FrameQuestion) -> str:
    fits = [f"{test} AS rule_{place}" for place, (_, test) in enumerate(conditions(asked)) if test]
    source = "cases CROSS JOIN truths" if truth_columns(asked) else "cases"
    between = ",\n        "
    return f"SELECT {between.join(['cases.*', *fits])}\n    FROM {source}"


def _reasoned(asked: FrameQuestion) -> str:
    tests = conditions(asked)
    out = enumerate(tests[: len(tests) - len(asked.rules.risk)])
    whens = [f"WHEN rule_{place} THEN {quoted(name)}" for place, (name, test) in out if test]
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
    return f"SELECT *, {stratum} AS stratum\n    FROM reasoned WHERE reason IS NULL"


def _by_other(asked: FrameQuestion, split: str) -> str:
    """Return the SQL of strata by another column, compared without case; the commonest spelling is kept."""
    small = asked.dialect.small
    return f"""SELECT reasoned.*, stratum
    FROM reasoned JOIN (
        SELECT {split} AS stratum, {small(split)} AS named, row_number() OVER
            (PARTITION BY {small(split)} ORDER BY count(*) DESC, {split} COLLATE "C") AS place
        FROM reasoned WHERE reason IS NULL GROUP BY {split}
    ) AS written ON named = {small(f"reasoned.{split}")} AND place = 1
    WHERE reason IS NULL"""


def of_rows(asked: FrameQuestion) -> list[Told]:
    """Return what is told of the register: its columns, rows, units, rules and newest date."""
    fits, dates = asked.dialect.matches, asked.rules.dates
    numbers = [column for column in asked.names if column not in dates]
    days = " UNION ALL ".join(f"SELECT {column} AS day FROM cases" for column in dates)
    twice = "(SELECT case_id FROM cases GROUP BY case_id HAVING count(*) > 1) AS twice"
    rows = [told("server", f"({asked.dialect.server}) AS server", "name", "setting")] * bool(
        asked.dialect.server
    )
    rows += [told("type", "kinds", quoted(column), column) for column in asked.names]
    rows += [
        told("number", "judged", quoted(c), n=f"count(*) FILTER (WHERE {fits(c, ODD_NUMBER)})")
        for c in numbers
    ]
    rows += [
        told("odd", "judged WHERE odd IS NOT NULL GROUP BY odd", "odd", n="count(*)"),
        told("odd", twice, "'contradictory_duplicate'", n="count(*)"),
        told("rows", "judged", n="count(*)"),
        told("cases", "cases", n="count(*)"),
        told("unit", "units WHERE unit IS NOT NULL", "unit", n="n_rows"),
        told("left_out", "reasoned WHERE reason IS NOT NULL GROUP BY reason", "reason", n="count(*)"),
    ]
    if asked.drawn_earlier:
        rows.append(
            told("left_out", "stratified", "'drawn_earlier'", n="count(*) - (SELECT count(*) FROM frame)")
        )
    if dates:
        rows.append(told("newest", f"({days}) AS days WHERE day <= '{asked.rules.today}'", "max(day)"))
    for place, (_, test) in enumerate(conditions(asked)):
        if test:
            fitted = f"coalesce(sum(n) FILTER (WHERE rule_{place}), 0)"
            rows.append(told("rule", "reasoned", f"'{place}'", n=fitted))
    for column in truth_columns(asked):
        rows.append(told("truth", "truths", quoted(column), n=f"CASE WHEN {column} THEN 1 ELSE 0 END"))
    return rows


def of_strata() -> list[Told]:
    """Return what is told of the frame: each stratum, its units, and the commitment."""
    return [
        told("stratum", "strata", "stratum", n="n", digest="digest"),
        told("unit_of", "frame GROUP BY stratum, unit", "stratum", "unit", "count(*)"),
        told("commitment", "whole", n="n", digest="digest"),
    ]
