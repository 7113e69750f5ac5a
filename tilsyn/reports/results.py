"""The pages of figures: case steps, questions, case types, units, rounds, readings and critical errors."""

from __future__ import annotations

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import percent
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.reports.columns import (
    LAST,
    PERCENT,
    beside,
    chart_point,
    figure_columns,
    figure_values,
    heading,
    how_to_read,
    signs,
)
from tilsyn.reports.critical import critical_sheet
from tilsyn.reports.domains import domain_sheets
from tilsyn.reports.parts import (
    Chart,
    ChartPoint,
    Material,
    Sheet,
    editioned,
    of_another_law,
    records,
)
from tilsyn.reports.questions import every_question_sheet, questions_sheet
from tilsyn.reports.rereading import rereading_sheet
from tilsyn.reports.rounds import rounds_sheet
from tilsyn.reports.shares import grades_sheet, outcomes_sheet
from tilsyn.reports.since import since_sheet


def result_sheets(material: Material, public: bool) -> list[Sheet]:
    """The few pages of figures, and of the annex the questions, grades and outcomes."""
    table = editioned(material, public)
    table = table[~table["question"].isin(of_another_law(material))]
    overall = table[table["domain"] == ALL_CASES]
    is_question = overall["question"].isin(material.question_set.themes)
    asked = overall[is_question]
    sheets = [
        _steps(material, overall[~is_question], public),
        questions_sheet(material, asked, public),
        *domain_sheets(material, table, public),
    ]
    if material.rounds is not None:
        sheets.append(rounds_sheet(material, material.rounds, public))
    if material.reread is not None:
        sheets.append(rereading_sheet(material, material.reread, public))
    if material.since is not None:
        sheets.append(since_sheet(material, material.since, public))
    if not public:
        sheets.append(critical_sheet(material))
    sheets.append(every_question_sheet(material, asked, public))
    if len(material.analysis.grades):
        sheets.append(grades_sheet(material, public))
    if len(material.analysis.outcomes):
        sheets.append(outcomes_sheet(material, public))
    return [sheet for sheet in sheets if sheet.rows]


def _steps(material: Material, table: pd.DataFrame, public: bool) -> Sheet:
    """The case steps, all questions together and the cases without errors, with the chart beside."""
    rows = records(table)
    columns = figure_columns(say("report.step"), material, public)
    titles = [material.title(str(row["question"])) for row in rows]
    values = [figure_values(title, row, material, public) for title, row in zip(titles, rows, strict=True)]
    lines = [say("report.steps_intro"), *how_to_read(material), *signs(values, material, public)]
    unsure = [title for title, row in zip(titles, rows, strict=True) if row["very_uncertain"]]
    if unsure:
        lines.append(say("report.unsure_rows", names=", ".join(unsure)))
    for title, row in zip(titles, rows, strict=True):
        lines += [f"{title}: {text}." for text in beside(row, material)]
    title = heading(material, "steps")
    points = [chart_point(name, row, material) for name, row in zip(titles, rows, strict=True)]
    chart = interval_chart(title, points, bool(material.baseline))
    return Sheet(say("report.steps_tab"), title, lines, columns, values, "steps", chart, layer="figures")


def interval_chart(title: str, points: list[ChartPoint], compared: bool) -> Chart | None:
    """A chart of a table of `figure_columns`; None where no row has a figure."""
    drawn = [point for point in points if point.value is not None]
    if not drawn:
        return None
    lowest = min(drawn, key=lambda point: point.value or 0)
    highest = max(drawn, key=lambda point: point.value or 0)
    alt_text = say(
        "report.alt_text",
        title=title,
        n=len(drawn),
        lowest=percent(lowest.value or 0, 0),
        lowest_name=lowest.name,
        highest=percent(highest.value or 0, 0),
        highest_name=highest.name,
    )
    return Chart(title, alt_text, 0, PERCENT, LAST if compared else None, tuple(points))
