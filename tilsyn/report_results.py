"""The sheets of a report that hold results: questions, themes, charts, units, grades.

Units stand in alphabetical order, never ranked.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import percent, round_half_up
from tilsyn.base.periods import Period
from tilsyn.disclosure import withheld
from tilsyn.report_parts import (
    NOTHING,
    WITHHELD,
    Chart,
    Column,
    Material,
    Record,
    Sheet,
    Value,
    alphabetical,
    count,
    editioned,
    figure,
    in_points,
    known,
    name_of,
    records,
    step_names,
)

# How much of a question's text stands at its bar.
_LABEL = 58


def result_sheets(material: Material, public: bool) -> list[Sheet]:
    """Return the sheets with results.

    Parameters
    ----------
    material : Material
    public : bool
        For the public edition: small counts withheld, shares in whole per cent.

    Returns
    -------
    list of Sheet
        Questions, themes, a chart of each, units, units by question, and grades when there are any.
    """
    table = editioned(material, public)
    themes = material.question_set.themes
    foreign = _of_another_law(material)
    table = table[~table["question"].isin(foreign)]
    overall = table[table["domain"] == "all"]
    units = table[table["domain"].str.startswith("unit=")].assign(unit=lambda t: t["domain"].str[5:])
    is_question = overall["question"].isin(themes)
    sheets = [
        _questions(material, overall[is_question], foreign, public),
        _themes(material, overall[~is_question], public),
        _chart(material, overall[~is_question], "theme", public),
        _chart(material, overall[is_question], "question", public),
        *_units(material, units, public),
    ]
    if len(material.grades):
        sheets.append(_grades(material, public))
    return [sheet for sheet in sheets if sheet.rows]


def _share(row: Record, name: str, material: Material) -> Value:
    """A share, or why there is none: no relevant case, or too few of them."""
    if row["withheld"]:
        return WITHHELD
    if row["n_relevant"] == 0:
        return NOTHING
    if known(row["n_relevant"]) and row["n_relevant"] < material.limit:
        return WITHHELD
    return figure(row[name], NOTHING)


def _change(row: Record, name: str, material: Material) -> Value:
    share = _share(row, "estimate", material)
    return share if isinstance(share, str) else in_points(row[name], NOTHING)


def _verdict(row: Record) -> str:
    verdicts = {
        "fremgang": say("report.better"),
        "tilbagegang": say("report.worse"),
        "ingen sikker ændring": say("report.no_sure_change"),
    }
    return verdicts.get(row["verdict"], "") if known(row["verdict"]) else ""


def _remarks(row: Record, material: Material) -> str:
    """What to bear in mind about a row."""
    if row["withheld"]:
        return say("report.row_withheld")
    few = known(row["n_relevant"]) and 0 < row["n_relevant"] < material.limit
    parts = [say("report.row_few", limit=material.limit)] if few else []
    return "; ".join([*parts, str(row["note"])] if known(row["note"]) and row["note"] else parts)


def _compliance_columns(material: Material, public: bool) -> list[Column]:
    columns = [Column(say("report.n_relevant"), "count", 10)]
    if not public:
        columns.append(Column(say("report.n_compliant"), "count", 10))
    columns += [
        Column(say("report.estimate"), "share", 11),
        Column(say("report.low"), "share", 10),
        Column(say("report.high"), "share", 10),
    ]
    if not public:
        columns.append(Column(say("report.unweighted"), "share", 10))
    if material.baseline:
        columns += [
            Column(say("report.baseline_share", baseline=material.baseline), "share", 11),
            Column(say("report.change"), "points", 11),
            Column(say("report.change_low"), "points", 10),
            Column(say("report.change_high"), "points", 10),
        ]
    if material.second:
        columns += [
            Column(say("report.baseline_share", baseline=material.second), "share", 11),
            Column(say("report.second_change", baseline=material.second), "points", 11),
        ]
    return columns


def _compliance_values(row: Record, material: Material, public: bool) -> list[Value]:
    values = [count(row["n_relevant"], WITHHELD)]
    if not public:
        values.append(count(row["n_compliant"], WITHHELD))
    values += [_share(row, name, material) for name in ("estimate", "low", "high")]
    if not public:
        values.append(_share(row, "unweighted", material))
    if material.baseline:
        values.append(figure(row["baseline_estimate"], NOTHING))
        values += [_change(row, name, material) for name in ("change", "change_low", "change_high")]
    if material.second:
        values += [figure(row["second_estimate"], NOTHING), _change(row, "second_change", material)]
    return values


def _intro(material: Material, public: bool) -> list[str]:
    shown = percent(material.confidence, 0)
    lines = [say("report.how_to_read", confidence=shown)]
    if material.baseline:
        lines.append(say("report.how_to_read_change", baseline=material.baseline))
    lines.append(say("report.signs_public" if public else "report.signs", limit=material.limit))
    return lines


def _heading(material: Material, key: str) -> str:
    period = Period.parse(str(material.manifest["period"])).label()
    return say(f"report.{key}_title", level=say(f"report.level_{material.manifest['level']}"), period=period)


def _of_another_law(material: Material) -> list[str]:
    """The questions that belong to no law that an act of this sample fell under."""
    regimes = set(material.cases["regime"].dropna().astype(str))
    legal = material.question_set.legal
    return [q.question_id for q in legal if regimes and q.regimes and not regimes.intersection(q.regimes)]


def _questions(material: Material, rows: pd.DataFrame, foreign: list[str], public: bool) -> Sheet:
    columns = [
        Column(say("report.question_id"), "id", 10),
        Column(say("report.question"), "long", 46),
        Column(say("report.law"), "long", 20),
        *_compliance_columns(material, public),
    ]
    if material.baseline:
        columns.append(Column(say("report.verdict"), "text", 14))
    columns.append(Column(say("report.remarks"), "long", 26))
    values = []
    for row in records(rows):
        question = material.question_set.question(str(row["question"]))
        line: list[Value] = [question.question_id, question.text, _law(material, question.law)]
        line += _compliance_values(row, material, public)
        line += [_verdict(row)] if material.baseline else []
        values.append([*line, _remarks(row, material)])
    lines = _intro(material, public)
    if material.baseline:
        lines.append(say("report.verdict_rule"))
    if foreign:
        lines.append(say("report.of_another_law", questions=", ".join(foreign)))
    title = _heading(material, "questions")
    return Sheet(say("report.questions_tab"), title, lines, columns, values, "questions")


def _law(material: Material, law: Any) -> str:
    """The paragraph in the regimes that the acts of this sample fell under."""
    regimes = set()
    if "regime" in material.cases:
        regimes = {str(regime) for regime in material.cases["regime"].dropna()}
    texts = [text for regime, text in law.items() if regime in regimes] or list(law.values())
    return " / ".join(dict.fromkeys(texts))


def _themes(material: Material, rows: pd.DataFrame, public: bool) -> Sheet:
    columns = [Column(say("report.about"), "long", 40), *_compliance_columns(material, public)]
    columns.append(Column(say("report.remarks"), "long", 30))
    values = [
        [
            name_of(str(row["question"]), material.question_set),
            *_compliance_values(row, material, public),
            _remarks(row, material),
        ]
        for row in records(rows)
    ]
    lines = [say("report.themes_intro"), *_intro(material, public)]
    return Sheet(say("report.themes_tab"), _heading(material, "themes"), lines, columns, values, "themes")


def _chart(material: Material, rows: pd.DataFrame, kind: str, public: bool) -> Sheet:
    """A chart and the figures it is drawn from: only rows that have a percentage."""
    values: list[list[Value]] = []
    for row in records(rows):
        share = _share(row, "estimate", material)
        if isinstance(share, str):
            continue
        name = name_of(str(row["question"]), material.question_set)
        if kind == "question":
            name = f"{row['question']} {name}"
        line: list[Value] = [textwrap.shorten(name, _LABEL, placeholder=" …"), share, row["low"], row["high"]]
        line += [row["high"] - row["estimate"], row["estimate"] - row["low"]]
        if material.baseline:
            # A chart reads text as 0: no baseline is an empty cell here.
            line.append(float(row["baseline_estimate"]) if known(row["baseline_estimate"]) else None)
        values.append([float(v) if isinstance(v, (int, float)) else v for v in line])
    columns = [
        Column(say("report.about"), "long", 50),
        Column(say("report.estimate"), "share", 11),
        Column(say("report.low"), "share", 10),
        Column(say("report.high"), "share", 10),
        Column(say("report.up"), "share", 10),
        Column(say("report.down"), "share", 10),
    ]
    if material.baseline:
        columns.append(Column(say("report.baseline_share", baseline=material.baseline), "share", 12))
    title = _heading(material, f"chart_{kind}")
    chart = Chart(title, _alt_text(material, values, title), 0, 1, 4, 5, 6 if material.baseline else None)
    lines = [say("report.chart_intro", confidence=percent(material.confidence, 0))]
    return Sheet(
        say(f"report.chart_{kind}_tab"), title, lines, columns, values, f"chart_{kind}", chart, portrait=True
    )


def _alt_text(material: Material, values: Iterable[Iterable[Value]], title: str) -> str:
    """The chart in words: the span of its bars, and where the figures stand."""
    rows = [list(line) for line in values]
    if not rows:
        return title
    lowest = min(rows, key=lambda line: float(line[1] or 0))
    highest = max(rows, key=lambda line: float(line[1] or 0))
    return say(
        "report.alt_text",
        title=title,
        n=len(rows),
        lowest=percent(float(lowest[1] or 0), 0),
        lowest_name=lowest[0],
        highest=percent(float(highest[1] or 0), 0),
        highest_name=highest[0],
    )


def _units(material: Material, rows: pd.DataFrame, public: bool) -> list[Sheet]:
    """Two sheets: a unit's figures over all questions, and question by question."""
    themes = material.question_set.themes
    rows = rows.sort_values("unit", kind="stable", key=lambda units: units.map(alphabetical))
    together = rows[rows["question"].isin(["*", "uden_fejl"])]
    single = rows[rows["question"].isin(themes)]
    figures = _compliance_columns(material, public)
    remarks = Column(say("report.remarks"), "long", 30)
    lines = [say("report.units_intro"), *_intro(material, public)]
    unit = Column(say("report.unit"), "text", 30)
    sheets = [
        Sheet(
            say("report.units_tab"),
            _heading(material, "units"),
            lines,
            [unit, Column(say("report.about"), "text", 24), *figures, remarks],
            [
                [
                    row["unit"],
                    name_of(str(row["question"]), material.question_set),
                    *_compliance_values(row, material, public),
                    _remarks(row, material),
                ]
                for row in records(together)
            ],
            "units",
            fixed=2,
        )
    ]
    columns = [unit, Column(say("report.question_id"), "id", 10), Column(say("report.question"), "long", 44)]
    sheets.append(
        Sheet(
            say("report.units_questions_tab"),
            _heading(material, "units_questions"),
            lines,
            [*columns, *figures, remarks],
            [
                [
                    row["unit"],
                    str(row["question"]),
                    name_of(str(row["question"]), material.question_set),
                    *_compliance_values(row, material, public),
                    _remarks(row, material),
                ]
                for row in records(single)
            ],
            "units_questions",
            fixed=2,
        )
    )
    return sheets


def _grades(material: Material, public: bool) -> Sheet:
    """Thematic questions: the share of each grade; never mixed into the compliance percentage."""
    grades = material.grades[material.grades["domain"] == "all"]
    names = step_names(material.question_set)
    columns = [
        Column(say("report.theme"), "long", 26),
        Column(say("report.question"), "long", 60),
        Column(say("report.grade"), "text", 14),
        Column(say("report.n_relevant"), "count", 11),
        Column(say("report.n_grade"), "count", 11),
        Column(say("report.share"), "share", 11),
    ]
    values: list[list[Value]] = []
    for name, same in grades.groupby("question", sort=False):
        question = material.question_set.question(str(name))
        relevant = int(same["n_relevant"].iloc[0])
        few = relevant < material.limit
        hidden = withheld(same["n"].to_numpy(float), material.limit) if public else [False] * len(same)
        for row, gone in zip(records(same), hidden, strict=True):
            gone = bool(gone) or (public and few)
            values.append(
                [
                    names[question.step],
                    question.text,
                    say(f"report.grade_{str(row['grade']).split()[0].replace('ø', 'oe')}"),
                    WITHHELD if public and few else relevant,
                    WITHHELD if gone else int(row["n"]),
                    WITHHELD if gone or few else _grade_share(row["share"], public),
                ]
            )
    signs = say("report.signs_public" if public else "report.signs", limit=material.limit)
    lines = [say("report.grades_intro"), signs]
    return Sheet(say("report.grades_tab"), _heading(material, "grades"), lines, columns, values, "grades")


def _grade_share(share: float, public: bool) -> Value:
    return round_half_up(float(share), 2) if public else float(share)
