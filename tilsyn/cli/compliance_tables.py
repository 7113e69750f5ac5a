"""The compliance table and its explanation as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from tilsyn.base.language import dictionary, language, say
from tilsyn.base.numbers import number, percent, points
from tilsyn.base.problems import UsageError
from tilsyn.cli.console import Table
from tilsyn.comparison import Adjustment
from tilsyn.compliance import Analysis, records
from tilsyn.compliance.corrections import CELLS, Reread
from tilsyn.compliance.tally import ALL, INDEX, WITHOUT_FAULT
from tilsyn.explanation import Explanation, explain
from tilsyn.explanation.reckoning import Reckoning, Step, plain
from tilsyn.shell.compliance_request import Given

_BAR = 20
_TITLE = 44


def result_tables(found: Analysis, given: Given) -> list[Table | str]:
    """Tables of all rows, grades, corrected percentages and nonresponse."""
    now = given.now
    where = now.period.label() if now.period else now.name
    title = say("compliance.title", where=where)
    if now.level is not None:
        title = say("compliance.title_level", level=now.level, where=where)
    tables: list[Table | str] = [say("compliance.simulated")] if now.simulated else []
    percentage = number(given.confidence * 100, 1).removesuffix(",0").removesuffix(".0")
    method = say("compliance.method", confidence=percentage, few=given.few)
    for part, rows in found.rows.groupby(found.rows["domain"].str.split("=").str[0], sort=False):
        domain = str(part)
        heading = title if domain == ALL else say("compliance.title_by", title=title, by=_column(domain))
        notes = [method] if domain == ALL else []
        tables.append(_rows_table(heading, rows, domain, now.titles, given.names, notes))
    if len(found.grades):
        tables.append(_grades_table(found.grades, now.titles))
    if len(found.corrected):
        tables.append(_corrected_table(found.corrected))
    tables += found.sentences
    return tables


def _rows_table(
    title: str,
    rows: pd.DataFrame,
    domain: str,
    titles: Mapping[str, str],
    names: Sequence[str],
    notes: Sequence[str],
) -> Table:
    columns = [say("compliance.col_question")]
    if domain != ALL:
        columns.append(say("compliance.col_domain"))
    columns += [
        ">" + say("compliance.col_counts"),
        ">" + say("compliance.col_percent"),
        ">" + say("compliance.col_interval"),
        say("compliance.col_bar"),
    ]
    judged = domain == ALL and bool(rows["verdict"].notna().any())
    if names:
        columns += [">" + name for name in names[:1]]
        columns.append(">" + say("compliance.col_change"))
        columns += [say("compliance.col_verdict")] if judged else []
        columns += [">" + name for name in names[1:]]
    columns.append(say("compliance.col_note"))
    lines = []
    for row in records(rows, list(rows.columns)):
        line = [label(row["question"], titles)]
        if domain != ALL:
            line.append(row["domain"].split("=", 1)[1])
        line += _figures(row)
        if names:
            line += [_share(row["baseline_estimate"]), _change(row, "")]
            line += [_verdict(row["verdict"])] if judged else []
            line += [_second(row)] if len(names) > 1 else []
        line.append(row["note"])
        lines.append(line)
    return Table(columns, lines, title, notes)


def _figures(row: Mapping[str, Any]) -> list[str]:
    # Under `few` relevant answers a table shows counts and no percentage; JSON always has the figures.
    counts = _counts(row["n_compliant"], row["n_relevant"])
    if row["few"] or row["estimate"] is None:
        return [counts, "", "", ""]
    interval = f"{number(row['low'] * 100, 1)}–{number(row['high'] * 100, 1)}"
    return [counts, percent(row["estimate"]), interval, bar(row["low"], row["estimate"], row["high"])]


def bar(low: float, estimate: float, high: float, width: int = _BAR) -> str:
    """An interval between 0 and 100 % as a small drawing.

    Examples
    --------
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


def _second(row: Mapping[str, Any]) -> str:
    change = _change(row, "second_")
    return _share(row["second_estimate"]) + (f"; {change}" if change else "")


def _column(name: str) -> str:
    """Return a column of the register in the user's words; a flag of the workspace's own as it stands."""
    key = f"column_{name}"
    return say(f"init.{key}").lower() if key in dictionary("init") else name


def _counts(part: int, whole: int) -> str:
    return say("compliance.counts", compliant=number(part), relevant=number(whole))


def _share(value: float | None) -> str:
    return "" if value is None else percent(value)


def _verdict(verdict: str | None) -> str:
    shown = {None: "", "fremgang": "better", "tilbagegang": "worse", "ingen sikker ændring": "no_sure_change"}
    return (verdict and say(f"compliance.verdict_{shown[verdict]}")) or ""


def label(question: str, titles: Mapping[str, str]) -> str:
    """Return how a question, theme or total is named in a table."""
    if question == INDEX:
        return say("compliance.all_questions")
    if question == WITHOUT_FAULT:
        return say("compliance.without_fault")
    name = titles.get(question, "")
    if question.startswith("theme:"):
        return say("compliance.theme", name=name or question.removeprefix("theme:"))
    short = name if len(name) <= _TITLE else name[: _TITLE - 1].rstrip() + "…"
    return f"{question} {short}".rstrip()


def _grades_table(grades: pd.DataFrame, titles: Mapping[str, str]) -> Table:
    columns = [
        say("compliance.col_question"), say("compliance.col_domain"), say("compliance.col_grade"),
        ">" + say("compliance.col_counts"), ">" + say("compliance.col_percent"),
        ">" + say("compliance.col_interval"),
    ]  # fmt: skip
    lines = []
    for row in records(grades, list(grades.columns)):
        domain = say("compliance.all") if row["domain"] == ALL else row["domain"]
        counts = _counts(row["n"], row["n_relevant"])
        known = row["share"] is not None
        interval = f"{number(row['low'] * 100, 1)}–{number(row['high'] * 100, 1)}" if known else ""
        lines.append(
            [label(row["question"], titles), domain, row["grade"], counts, _share(row["share"]), interval]
        )
    return Table(columns, lines, say("compliance.grades"))


def _corrected_table(corrected: pd.DataFrame) -> Table:
    columns = [
        say("compliance.col_question"), ">" + say("compliance.col_corrected"),
        ">" + say("compliance.col_interval"), ">PPV", ">FOM", say("compliance.col_note"),
    ]  # fmt: skip
    lines = []
    for row in records(corrected, list(corrected.columns)):
        n = row["relevance_differs"]
        reasons = "; ".join(say(f"compliance.failed_{name}", n=n) for name in row["failed"])
        why = say("compliance.not_shown", why=reasons) if reasons else ""
        figures = ["", "", "", ""]
        if row["estimate"] is not None:
            interval = f"{number(row['low'] * 100, 1)}–{number(row['high'] * 100, 1)}"
            figures = [percent(row["estimate"]), interval, percent(row["ppv"]), percent(row["omission"])]
        lines.append([row["question"], *figures, why])
    return Table(columns, lines, say("compliance.corrected"), [say("compliance.corrected_note")])


def explanation_of(question: str, given: Given, rows: pd.DataFrame, adjustment: Adjustment) -> Explanation:
    """The explanation of a question over all cases; a question that is not there is a usage error."""
    known = rows.loc[rows["domain"] == ALL, "question"].tolist()
    wanted = next((name for name in known if name.lower() == question.strip().lower()), None)
    if wanted is None:
        remedy = say("compliance.no_question_remedy", known=", ".join(known))
        raise UsageError(say("compliance.no_question", question=question), remedy)
    return explain(
        given.now.round,
        wanted,
        rows,
        by=given.columns,
        baseline=given.baselines[0] if given.baselines else None,
        confidence=given.confidence,
        adjustment=adjustment,
        name_strata=given.now.name_strata,
        first_reading=given.first_reading,
        blind=given.now.blind,
    )


def explanation_data(found: Explanation) -> dict[str, Any]:
    """An explanation as plain data."""

    def side(part: Reckoning | None) -> dict[str, Any] | None:
        if part is None:
            return None
        strata = records(part.strata, list(part.strata.columns))
        return {"strata": strata, "steps": [_step(step) for step in part.steps]}

    return {
        "question": found.question,
        "domain": found.domain,
        "now": side(found.now),
        "baseline": side(found.before),
        "change": [_step(step) for step in found.change],
        "corrected": None if found.reread is None else {
            "strata": records(found.reread.strata, list(found.reread.strata.columns)),
            "relevance_differs": found.reread.relevance_differs,
            "failed": list(found.reread.corrected.failed),
            "steps": [_step(step) for step in found.corrected],
        },
    }  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    # JSON has no infinity: a census has no n_eff there, and the note says why.
    finite = abs(step.value) != float("inf") and step.value == step.value
    return {
        "symbol": step.symbol,
        "formula": step.formula,
        "numbers": step.numbers,
        "value": step.value if finite else None,
        "note": say(f"explanation.{step.note}") if step.note else "",
    }


def explanation_tables(found: Explanation, given: Given) -> list[Table | str]:
    """An explanation for people: strata, steps, and the change's steps."""
    title = label(found.question, given.now.titles)
    tables = _side_tables(say("explanation.now", question=title), found.now)
    if found.before is not None:
        tables += _side_tables(say("explanation.before", question=title), found.before)
    if found.change:
        tables.append(_steps_table(say("explanation.change", question=title), found.change))
    if found.reread is not None:
        tables += _corrected_tables(label, found.reread, found.corrected)
    alpha = plain(round(1 - given.confidence, 10))
    return [*tables, say("explanation.where", alpha=_comma(alpha))]


# Columns of the strata of an explanation, by their names in it; where strata are people, groups and sums.
_STRATA = {
    "N": "N_h", "n": "n_h", "m": "m_h", "x": "x_h", "w": "w_h", "f": "f_h", "s1": "s1_h", "s2": "s2_h",
    "S2": "S²_h", "part": "N_h²(1−f_h)S²_h/n_h",
}  # fmt: skip
_PEOPLE = {
    "n": "n_h", "m": "m_h", "x": "x_h", "S2": "S²_h", "wm": "Σ w_h m_h", "wx": "Σ w_h x_h",
    "w2m": "Σ w_h² m_h", "w2m_finite": "Σ (1−f_h)w_h² m_h", "V_parts": "Σ N_h²S²_h/n_h",
    "part": "Σ N_h²(1−f_h)S²_h/n_h",
}  # fmt: skip
_SEVERAL_ANSWERS = {"cases": "m*_h", "rr": "Σr²", "rc": "Σrc", "cc": "Σc²"}


def _side_tables(title: str, side: Reckoning) -> list[Table | str]:
    people = "stratum" not in side.strata
    heads = _PEOPLE if people else _STRATA
    if "rr" in side.strata:
        heads = heads | _SEVERAL_ANSWERS
        heads |= {name: heads[name].replace("m_h", "m*_h") for name in ("w2m", "w2m_finite") if name in heads}
    lines = []
    for row in side.strata.to_dict("records"):
        first = say("explanation.people", n=row["strata"]) if people else str(row["stratum"])
        lines.append([first, *(_comma(plain(float(row[head]), 8)) for head in heads)])
    strata = Table([say("explanation.stratum"), *(f">{name}" for name in heads.values())], lines, title)
    return [strata, _steps_table(say("explanation.steps"), side.steps)]


def _corrected_tables(label: str, reread: Reread, steps: Sequence[Step]) -> list[Table | str]:
    title = say("explanation.corrected", question=label)
    if not steps:
        n = reread.relevance_differs
        reasons = "; ".join(say(f"compliance.failed_{name}", n=n) for name in reread.corrected.failed)
        return [f"{title} {say('compliance.not_shown', why=reasons)}"]
    heads = ["N_h", "k_h", "v_h", *(say(f"explanation.cell_{cell}") for cell in CELLS)]
    lines = []
    for row in reread.strata[reread.strata["reread"] > 0].to_dict("records"):
        v = _comma(plain(row["population_size"] / row["reread"], 8))
        cells = [str(row[name]) for name in ("population_size", "reread")]
        lines.append([str(row["stratum"]), *cells, v, *(str(row[cell]) for cell in CELLS)])
    strata = Table([say("explanation.stratum"), *(f">{name}" for name in heads)], lines, title)
    return [strata, _steps_table(say("explanation.steps"), steps)]


def _steps_table(title: str, steps: Sequence[Step]) -> Table:
    columns = [say(f"explanation.col_{name}") for name in ("symbol", "formula", "numbers", "value", "note")]
    columns[3] = ">" + columns[3]
    lines = [
        [
            step.symbol,
            step.formula,
            _comma(step.numbers),
            _comma(plain(step.value, 8)),
            say(f"explanation.{step.note}") if step.note else "",
        ]
        for step in steps
    ]
    return Table(columns, lines, title)


def _comma(text: str) -> str:
    """Numbers with the language's decimal sign; in a list of numbers commas become semicolons."""
    return text.replace(", ", "; ").replace(".", ",") if language() == "da" else text
