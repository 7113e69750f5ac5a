"""`tilsyn agreement`: how far two levels agree on the cases both have read."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.which import as_keys
from tilsyn.cli.command import command, which_of
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.procedure.agreement import TwoReadings

SCHEMA = "tilsyn/agreement/1"
# Agreement on *nej* is shown from this many *nej*.
FEW_NO = 5
_DASH = "–"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "agreement")
    def agreement(
        period: Annotated[str | None, typer.Option(help=say("agreement.period_help"))] = None,
        levels: Annotated[str | None, typer.Option(help=say("agreement.levels_help"))] = None,
        level: Annotated[int | None, typer.Option(help=say("agreement.opt_level"))] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
        outside: Annotated[
            Path | None, typer.Option(metavar="FILE", help=say("agreement.opt_outside"))
        ] = None,
        cases: Annotated[bool, typer.Option("--cases", help=say("agreement.cases_help"))] = False,
        answers: Annotated[Path | None, typer.Option(help=say("agreement.answers_help"))] = None,
        answers_2: Annotated[
            Path | None, typer.Option("--answers-2", help=say("agreement.answers_2_help"))
        ] = None,
        confidence: Annotated[float | None, typer.Option(help=say("agreement.confidence_help"))] = None,
    ) -> Result:
        if confidence is not None and not 0.5 < confidence < 1:
            raise UsageError(
                say("agreement.bad_confidence", value=confidence), say("agreement.bad_confidence_remedy")
            )
        ways = [answers is not None or answers_2 is not None, levels is not None, outside is not None]
        alone = None in (answers, answers_2) if ways[0] else period is None
        if sum(ways) != 1 or alone or (outside is None and (level is not None or single is not None)):
            raise UsageError(say("agreement.which"), say("agreement.which_remedy"))
        from tilsyn.procedure.agreement import from_files, from_levels, from_outside

        if answers is not None and answers_2 is not None:
            return _compare(from_files(answers, answers_2), None, None, cases, confidence or 0.95)
        from tilsyn.base.periods import Period
        from tilsyn.procedure.drawn_periods import limits_of
        from tilsyn.workspace.workspace import Workspace

        when = Period.parse(period or "")
        if outside is not None:
            which = which_of(level, single)
            workspace = Workspace.open()
            settled = limits_of(workspace, which, when).confidence
            compared = from_outside(workspace, which, when, outside)
            result = _compare(compared, when, None, cases, confidence or settled)
            return replace(result, data={**result.data, **as_keys(which)})
        pair = _levels(levels or "")
        workspace = Workspace.open()
        readings = from_levels(workspace, when, pair)
        settled = limits_of(workspace, pair[1], when).confidence
        return _compare(readings, when, pair, cases, confidence or settled)


def _levels(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"\s*([1-9])\s*[,;-]\s*([1-9])\s*", text)
    if match is None or match[1] >= match[2]:
        raise UsageError(say("agreement.bad_levels", value=text), say("agreement.bad_levels_remedy"))
    return int(match[1]), int(match[2])


def _compare(
    readings: TwoReadings, period: Any, levels: tuple[int, int] | None, cases: bool, confidence: float
) -> Result:
    import pandas as pd

    from tilsyn.compliance.chosen import without_limits
    from tilsyn.compliance.rereading import agreement_table, disagreements, not_relevant_shares, pairs
    from tilsyn.compliance.table import records

    first, second = readings.first, readings.second
    paired = pairs(first.answers, second.answers)
    if paired.empty:
        key = "agreement.nothing_shared" + ("_files" if period is None else "")
        message = say("agreement.nothing_shared", first=first.name, second=second.name)
        raise Refused(message, say(f"{key}_remedy"))
    apart = readings.lawful_apart
    found = agreement_table(
        paired,
        readings.questions,
        confidence,
        lawful_apart=apart,
        beside=readings.beside,
        scales=readings.scales,
    )
    shares = pd.concat(
        [not_relevant_shares(side.answers, confidence).assign(reader=side.name) for side in (first, second)],
        ignore_index=True,
    )
    differ = disagreements(paired, readings.critical, lawful_apart=apart)
    found, shares = without_limits(found, first), without_limits(shares, first)
    rows = records(found, list(found.columns))
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "period": None if period is None else period.canonical,
        "levels": None if levels is None else list(levels),
        "readings": [first.name, second.name],
        "confidence_level": confidence,
        "n_cases": int(paired["case_id"].nunique()),
        "simulated": readings.simulated,
        "lawful_apart": apart,
        "rows": rows,
        "not_relevant": records(shares, list(shares.columns)),
    }
    tables: list[Table | str] = [say("compliance.simulated")] if readings.simulated else []
    tables += [say("single.chosen")] if first.chosen else []
    names = {"first": first.name, "second": second.name}
    title = say("agreement.title", **names, n=number(data["n_cases"]))
    title = title if period is None else f"{period.label()}: {title}"
    tables += [_agreement(rows, title, names), _not_relevant(data["not_relevant"])]
    if cases:
        data["disagreements"] = records(differ, list(differ.columns))
        tables.append(_disagreements(data["disagreements"], names))
    shown = data["disagreements"] if cases else rows
    return Result(data, shown, tables, problems=readings.problems)


def _share(value: float | None, digits: int = 0) -> str:
    return _DASH if value is None else percent(value, digits)


def _interval(row: dict[str, Any], name: str) -> str:
    if row[name] is None or row[f"{name}_low"] is None:
        return _DASH
    return f"{percent(row[f'{name}_low'], 0)} {_DASH} {percent(row[f'{name}_high'], 0)}"


def _coefficient(row: dict[str, Any], name: str) -> str:
    if row.get(name) is None:
        return _DASH
    if row[f"{name}_low"] is None:
        return number(row[name], 2)
    low, high = (number(row[f"{name}_{end}"], 2) for end in ("low", "high"))
    return f"{number(row[name], 2)} ({low} {_DASH} {high})"


def _stricter(row: dict[str, Any], names: dict[str, str]) -> str:
    if row.get("net_shift") is None:
        return _DASH
    if row["stricter"] is None:
        return say("agreement.even")
    moved = (row["yes_no"] + (row.get("lawful_no") or 0), row["no_yes"] + (row.get("no_lawful") or 0))
    more, less = max(moved), min(moved)
    values = {"who": names[row["stricter"]], "more": more, "less": less}
    if row["mcnemar_p"] is None:
        return say("agreement.stricter_all", **values)
    return say("agreement.stricter_says", **values, p=number(row["mcnemar_p"], 3))


def _agreement(rows: list[dict[str, Any]], title: str, names: dict[str, str]) -> Table:
    from tilsyn.compliance.naming import ALL_QUESTIONS, row_id

    lawful = ("yes_lawful", "lawful_yes", "lawful_lawful") if "yes_lawful" in rows[0] else ()
    cells = ("yes_yes", "yes_no", "no_yes", "no_no", *lawful)
    headings = (
        "question", "pairs", "agreement", "interval", *cells, "relevance", "ac1", "no_agreement", "stricter",
    )  # fmt: skip
    lines = []
    for row in rows:
        counts = [_DASH if row.get(cell) is None else number(row[cell]) for cell in cells]
        few = row.get("n_no") is not None and row["n_no"] < FEW_NO
        on_no = say("agreement.few_no") if few else _share(row.get("no_agreement"))
        lines.append(
            [
                row_id(row["question"]),
                number(row["n_pairs"]),
                _share(row["agreement"]),
                _interval(row, "agreement"),
                *counts,
                _share(row["relevance_agreement"]),
                _coefficient(row, "ac1"),
                on_no,
                _stricter(row, names),
            ]
        )
    told = say("agreement.note_cells_apart" if lawful else "agreement.note_cells", **names)
    notes = [told, say("agreement.note_measures")]
    pooled = [row for row in rows if row["question"] == ALL_QUESTIONS]
    notes += [say("agreement.note_pooled", n=number(row["n_cases"])) for row in pooled]
    with_kappa = [row for row in rows if row.get("kappa") is not None]
    if with_kappa:
        kappas = [f"{row_id(row['question'])} {_coefficient(row, 'kappa')}" for row in with_kappa]
        notes.append(say("agreement.note_kappa", values="; ".join(kappas)))
    if any(row.get("kappa_misleads") for row in rows):
        notes.append(say("agreement.note_kappa_misleads"))
    first = [say(f"agreement.col_{name}") for name in ("question", "pairs", "agreement", "ac1", "interval")]
    return Table([say(f"agreement.col_{name}") for name in headings], lines, title, notes, first)


def _not_relevant(rows: list[dict[str, Any]]) -> Table:
    columns = ("reader", "group", "cases", "pairs", "not_relevant", "share", "interval")
    lines = [
        [
            row["reader"],
            say("agreement.all_groups") if row["group"] is None else (row["group"] or _DASH),
            number(row["n_cases"]),
            number(row["n_answers"]),
            number(row["n_not_relevant"]),
            _share(row["share"]),
            _DASH if row["low"] is None else f"{percent(row['low'], 0)} {_DASH} {percent(row['high'], 0)}",
        ]
        for row in rows
    ]
    title, note = say("agreement.not_relevant_title"), say("agreement.not_relevant_note")
    return Table([say(f"agreement.col_{name}") for name in columns], lines, title, [note])


def _disagreements(rows: list[dict[str, Any]], names: dict[str, str]) -> Table | str:
    if not rows:
        return say("agreement.no_disagreements")
    columns = [say("agreement.col_case"), say("agreement.col_question"), names["first"], names["second"]]
    columns.append(say("agreement.col_critical"))
    columns += [say("agreement.col_remark_first", name=name) for name in names.values()]
    lines = [
        [
            row["case_id"],
            row["question"],
            row["first"],
            row["second"],
            say("agreement.critical") if row["critical"] else "",
            row["first_remark"],
            row["second_remark"],
        ]
        for row in rows
    ]
    return Table(columns, lines, say("agreement.disagreements_title"))
