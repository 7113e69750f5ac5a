"""Tables of published figures: all that are known, and those beside one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent
from tilsyn.cli.console import Result, Table
from tilsyn.compliance.naming import ALL_CASES, row_label, titles_of
from tilsyn.compliance.table import records

if TYPE_CHECKING:
    import pandas as pd

    from tilsyn.compliance.benchmarks import Benchmark, Benchmarks
    from tilsyn.formats.benchmarks import ReadBenchmark
    from tilsyn.procedure.compliance import Gathered


def listed(found: Sequence[ReadBenchmark]) -> Result:
    """List all published figures that are known, each with its file and row."""
    rows = [{**_data(one.benchmark), "file": one.path.name, "row": one.row} for one in found]
    columns = ("question", "figure", "item", "comparable", "survey", "source", "file")
    headings = [say(f"benchmark.col_{name}") for name in columns]
    lines = [
        [
            one.benchmark.question,
            f"{one.benchmark.name} {one.benchmark.years}: {one.benchmark.percentage}",
            one.benchmark.item,
            "; ".join(filter(None, (say(f"benchmark.{one.benchmark.comparable}"), one.benchmark.note))),
            survey(one.benchmark),
            one.benchmark.source,
            say("benchmark.place", file=one.path.name, row=one.row),
        ]
        for one in found
    ]
    title = say("benchmark.list_title", n=number(len(found)))
    table = Table(headings, lines, title, [say("benchmark.own_rows")])
    return Result(data={"schema": "tilsyn/benchmarks/1", "benchmarks": rows}, rows=rows, tables=[table])


def beside_tables(given: Gathered, rows: pd.DataFrame) -> list[Table | str]:
    """Show the published figures beside those of a table that have any; nothing where none has."""
    overall = rows[rows["domain"] == ALL_CASES]
    own = {row["question"]: row for row in records(overall, list(overall.columns))}
    titles = titles_of(given.now.questions)
    lines = [
        [
            row_label(one.row, titles),
            _own(own[one.row]),
            one.text,
            survey(one.benchmark),
            one.benchmark.source,
        ]
        for one in given.benchmarks.shown
        if own[one.row]["n_relevant"]
    ]
    if not lines:
        return []
    headings = [say("benchmark.col_question"), ">" + say("benchmark.col_own")]
    headings += [say(f"benchmark.col_{name}") for name in ("figure", "survey", "source")]
    return [Table(headings, lines, say("benchmark.beside_title"), [say("benchmark.beside_note")])]


def _own(row: Mapping[str, Any]) -> str:
    # Under `few` relevant answers a table shows counts and no percentage.
    if row["few"]:
        counts = {"compliant": number(row["n_compliant"]), "relevant": number(row["n_relevant"])}
        return say("compliance.counts", **counts)
    return percent(row["estimate"])


def survey(benchmark: Benchmark) -> str:
    """Tell how large the survey was, as far as it was published."""
    parts = []
    if benchmark.cases is not None:
        parts.append(say("benchmark.n_cases", n=number(benchmark.cases)))
    if benchmark.municipalities is not None:
        parts.append(say("benchmark.n_municipalities", n=number(benchmark.municipalities)))
    return ", ".join(parts)


def benchmark_data(found: Benchmarks) -> list[dict[str, Any]]:
    """Return the published figures of a table's rows as plain data; `shown`: it stands beside one's own."""
    return [
        {**_data(one.benchmark), "question": one.row, "comparable": one.comparable, "shown": shown}
        for part, shown in ((found.shown, True), (found.left_out, False))
        for one in part
    ]


def with_benchmarks(rows: Sequence[Mapping[str, Any]], found: Benchmarks) -> list[dict[str, Any]]:
    """Return rows of a table with what stands beside each, for CSV."""
    texts = found.texts
    return [
        {**row, "benchmarks": "; ".join(texts.get(row["question"], ())) if row["domain"] == ALL_CASES else ""}
        for row in rows
    ]


def _data(benchmark: Benchmark) -> dict[str, Any]:
    same = benchmark.first == benchmark.last
    years = benchmark.first.canonical
    return {
        "question": benchmark.question,
        "name": benchmark.name,
        "period": years if same else f"{years}-{benchmark.last.canonical}",
        "share": benchmark.share,
        "comparable": benchmark.comparable,
        "item": benchmark.item,
        "cases": benchmark.cases,
        "municipalities": benchmark.municipalities,
        "note": benchmark.note,
        "source": benchmark.source,
    }
