"""The compliance table as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent, points
from tilsyn.base.which import Which
from tilsyn.cli.benchmark_tables import beside_tables
from tilsyn.cli.console import Table
from tilsyn.cli.year_tables import year_cells, year_columns
from tilsyn.compliance.naming import (
    ALL_CASES,
    column_name,
    domain_name,
    failed_conditions,
    first_reading_name,
    grade_title,
    row_label,
    row_title,
    titles_of,
    verdict_words,
)
from tilsyn.compliance.scope import scope_notes
from tilsyn.compliance.table import Analysis, records
from tilsyn.procedure.compliance import Gathered
from tilsyn.questions.question_set import QuestionSet

_BAR = 20


def result_tables(
    found: Analysis, given: Gathered, names: Sequence[str], year: pd.DataFrame
) -> list[Table | str]:
    """Tables of all rows, grades, corrected percentages and nonresponse; `names` are the baselines'.

    `year` has the units over a year, which stand beside their quarter.
    """
    years = {(row["question"], row["domain"]): row for row in records(year, list(year.columns))}
    now, titles = given.now, titles_of(given.now.questions)
    where = now.period.label() if now.period else now.name
    title = say("compliance.title", where=where)
    if now.level is not None:
        title = say("compliance.title_level", level=now.level, where=where)
    tables: list[Table | str] = [say("compliance.simulated")] if now.simulated else []
    tables += scope_notes(now)
    percentage = number(given.method.confidence * 100, 1).removesuffix(",0").removesuffix(".0")
    method = say("compliance.method", confidence=percentage, few=given.method.few)
    for part, rows in found.rows.groupby(found.rows["domain"].str.split("=").str[0], sort=False):
        domain = str(part)
        if domain == ALL_CASES:
            heading, notes = title, [method]
        else:
            heading, notes = say("compliance.title_by", title=title, by=column_name(domain)), []
        of_year = years if domain == "unit" else {}
        tables.append(_rows_table(heading, rows, domain, titles, names, notes, of_year))
    if found.rows.empty:
        tables += [title, say("compliance.no_percentages", few=given.method.few)]
    if len(found.grades):
        tables.append(_grades_table("grades", found.grades, now.questions, given.method.few))
    if len(found.outcomes):
        tables.append(_grades_table("outcomes", found.outcomes, now.questions, given.method.few))
    if len(found.others):
        tables.append(_others_table(found.others, titles))
    if len(found.corrected):
        tables.append(_corrected_table(found.corrected, found.reread_level))
    tables += beside_tables(given, found.rows)
    tables += found.sentences
    return tables


def _rows_table(
    title: str,
    rows: pd.DataFrame,
    domain: str,
    titles: Mapping[str, str],
    names: Sequence[str],
    notes: Sequence[str],
    years: Mapping[tuple[str, str], Mapping[str, Any]],
) -> Table:
    columns = [say("compliance.col_question")]
    if domain != ALL_CASES:
        columns.append(say("compliance.col_domain"))
    lawful = [">" + say("compliance.col_lawful")] if rows["n_lawful"].any() else []
    columns += [
        ">" + say("compliance.col_counts"),
        *lawful,
        ">" + say("compliance.col_percent"),
        ">" + say("compliance.col_interval"),
        say("compliance.col_bar"),
    ]
    if years:
        columns += year_columns()
        notes = [*notes, say("year.note")]
    judged = domain == ALL_CASES and bool(rows["p_adjusted"].notna().any())
    if names:
        columns += [">" + name for name in names[:1]]
        columns.append(">" + say("compliance.col_change"))
        columns += [say("compliance.col_verdict"), ">" + say("compliance.col_detectable")] if judged else []
        columns += [">" + name for name in names[1:]]
    columns.append(say("compliance.col_note"))
    notes = [*notes, say("compliance.detectable_note")] if names and judged else notes
    lines = []
    for row in records(rows, list(rows.columns)):
        line = [row_label(row["question"], titles)]
        if domain != ALL_CASES:
            line.append(row["domain"].split("=", 1)[1])
        counted, *figures = figure_cells(row)
        line += [counted, *([number(row["n_lawful"])] if lawful else []), *figures]
        line += year_cells(years.get((row["question"], row["domain"]))) if years else []
        if names:
            line += [_share(row["baseline_estimate"]), _change(row, "")]
            line += [verdict_words(row), _detectable(row)] if judged else []
            line += [_second(row)] if len(names) > 1 else []
        line.append(row["note"])
        lines.append(line)
    first = ("question", "domain", "percent", "counts", "interval", "change")
    return Table(columns, lines, title, notes, [say(f"compliance.col_{name}") for name in first])


def figure_cells(row: Mapping[str, Any]) -> list[str]:
    """A row's counts, percentage, interval and the small drawing of it; counts alone where they are few."""
    # Under `few` relevant answers a table shows counts and no percentage; JSON always has the figures.
    counts = _counts(row["n_compliant"], row["n_relevant"])
    if row["few"] or row["estimate"] is None:
        return [counts, "", "", ""]
    if row["low"] is None:
        return [counts, percent(row["estimate"]), "", ""]
    interval = f"{number(row['low'] * 100, 1)}–{number(row['high'] * 100, 1)}"
    return [counts, percent(row["estimate"]), interval, bar(row["low"], row["estimate"], row["high"])]


def bar(low: float, estimate: float, high: float, width: int = _BAR) -> str:
    """An interval between 0 and 100 % as a small drawing.

    >>> bar(0.5, 0.75, 1.0, 8)
    '····──●──'
    """

    def at(share: float) -> int:
        return min(int(share * width + 0.5), width)

    cells = ["·"] * (width + 1)
    for i in range(at(low), at(high) + 1):
        cells[i] = "─"
    cells[at(estimate)] = "●"
    return "".join(cells)


def _change(row: Mapping[str, Any], prefix: str) -> str:
    if row[f"{prefix}change"] is None or row["few"]:
        return ""
    low, high = points(row[f"{prefix}change_low"]), points(row[f"{prefix}change_high"])
    return say("compliance.change", change=points(row[f"{prefix}change"]), low=low, high=high)


def _detectable(row: Mapping[str, Any]) -> str:
    if row["p_adjusted"] is None:
        return ""
    return "–" if row["detectable"] is None else number(row["detectable"] * 100, 1)


def _second(row: Mapping[str, Any]) -> str:
    change = _change(row, "second_")
    return _share(row["second_estimate"]) + (f"; {change}" if change else "")


def _counts(part: int, whole: int) -> str:
    return say("compliance.counts", compliant=number(part), relevant=number(whole))


def _share(value: float | None) -> str:
    return "" if value is None else percent(value)


def _grades_table(
    kind: str, grades: pd.DataFrame, questions: QuestionSet | Mapping[str, str] | None, few: int
) -> Table:
    """The shares per grade of questions, or per outcome of cases; counts alone where they are `few`."""
    titles = titles_of(questions)
    columns = [
        say(f"compliance.col_{kind}"), say("compliance.col_domain"), say(f"compliance.col_of_{kind}"),
        ">" + say(f"compliance.col_n_{kind}"), ">" + say("compliance.col_percent"),
        ">" + say("compliance.col_interval"),
    ]  # fmt: skip
    lines = []
    for row in records(grades, list(grades.columns)):
        counts = _counts(row["n"], row["n_relevant"])
        known = row["share"] is not None and row["n_relevant"] >= few
        limits = known and row["low"] is not None
        interval = f"{number(row['low'] * 100, 1)}–{number(row['high'] * 100, 1)}" if limits else ""
        name = row_label(row["question"], titles)
        if kind == "outcomes":
            name = row_title(row["question"], titles)
        grade = grade_title(row["question"], row["grade"], questions)
        lines.append(
            [
                name,
                domain_name(row["domain"]),
                grade,
                counts,
                _share(row["share"] if known else None),
                interval,
            ]
        )
    return Table(columns, lines, say(f"compliance.{kind}"))


def _others_table(others: pd.DataFrame, titles: Mapping[str, str]) -> Table:
    columns = [
        say("compliance.col_question"), say("compliance.col_kind"), say("compliance.col_domain"),
        ">" + say("compliance.col_yes"), ">" + say("compliance.col_percent"),
        ">" + say("compliance.col_interval"), say("compliance.col_bar"),
    ]  # fmt: skip
    lines = []
    for row in records(others, list(others.columns)):
        kind = say(f"compliance.kind_{row['kind']}") if row["kind"] else ""
        figures = figure_cells(row | {"n_compliant": row["n_yes"]})
        lines.append([row_label(row["question"], titles), kind, domain_name(row["domain"]), *figures])
    first = [say(f"compliance.col_{name}") for name in ("question", "percent", "yes")]
    return Table(columns, lines, say("compliance.others"), important=first)


def _corrected_table(corrected: pd.DataFrame, reread: Which | None) -> Table:
    names = first_reading_name(reread)
    columns = [
        say("compliance.col_question"), ">" + say("compliance.col_corrected"),
        ">" + say("compliance.col_interval"), ">PPV", ">FOM", say("compliance.col_note"),
    ]  # fmt: skip
    lines = []
    for row in records(corrected, list(corrected.columns)):
        reasons = failed_conditions(row["failed"], row["relevance_differs"], reread)
        why = say("compliance.not_shown", why=reasons) if reasons else ""
        figures = ["", "", "", ""]
        if row["estimate"] is not None:
            interval = f"{number(row['low'] * 100, 1)}–{number(row['high'] * 100, 1)}"
            figures = [percent(row["estimate"]), interval, percent(row["ppv"]), percent(row["omission"])]
        lines.append([row["question"], *figures, why])
    title, note = (say(f"compliance.corrected{part}", **names) for part in ("", "_note"))
    return Table(columns, lines, title, [note])
