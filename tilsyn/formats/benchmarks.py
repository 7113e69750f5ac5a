"""Published figures in CSV files that people write, each row with all its problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tilsyn.base.cpr import looks_like_cpr, mask
from tilsyn.base.language import say, spellings
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, UsageError
from tilsyn.compliance.benchmarks import Benchmark
from tilsyn.compliance.comparability import Comparable
from tilsyn.formats.csv_rows import Row, read_rows

_REQUIRED = ("name_da", "question", "year", "percent", "comparable", "source")
_OTHERS = (
    "name_en", "catalogues", "item_da", "item_en", "cases", "municipalities", "note_da", "note_en",
)  # fmt: skip
COLUMNS = (*_REQUIRED, *_OTHERS)
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?) ?%?")
_WHOLE = re.compile(r"\d{1,3}(?:[. ]\d{3})+|\d+")
_YEARS = re.compile(r"(\d{4})\s*[-–]\s*(\d{4})")
_COMPARABLE: tuple[Comparable, ...] = ("yes", "partly", "no")


@dataclass(frozen=True)
class ReadBenchmark:
    """A benchmark and the file and row that it stands in."""

    benchmark: Benchmark
    path: Path
    row: int


def read_benchmarks(paths: Sequence[Path]) -> list[ReadBenchmark]:
    """Read files of published figures; every problem of all of them is told at once.

    The headings are `COLUMNS` or their Danish names, in any order. A figure that stands in two rows is one
    where they say the same.
    """
    found: list[ReadBenchmark] = []
    problems: list[Problem] = []
    for path in paths:
        _, rows, told = read_rows(path, _REQUIRED, _aliases())
        problems += told
        for row in rows:
            made, wrong = _read(path, row)
            problems += wrong
            found += [] if made is None else [ReadBenchmark(made, path, row.number)]
    problems += _twice(found)
    if problems:
        raise InputError(problems)
    once: dict[Benchmark, ReadBenchmark] = {}
    for one in found:
        once.setdefault(one.benchmark, one)
    return list(once.values())


def _aliases() -> dict[str, str]:
    return {
        word: name
        for name in COLUMNS
        for words in spellings(f"benchmark.heading_{name}")
        for word in words.split("|")
    }


def _read(path: Path, row: Row) -> tuple[Benchmark | None, list[Problem]]:
    """Return the benchmark of a row, or what is wrong with it."""
    problems: list[Problem] = []

    def wrong(column: str, key: str, **values: Any) -> None:
        problems.append(_problem(path, row.number, column, key, **values))

    def whole(column: str) -> int | None:
        if row[column] and not _WHOLE.fullmatch(row[column]):
            wrong(column, "not_whole", value=mask(row[column]))
            return None
        return int(re.sub(r"\D", "", row[column])) if row[column] else None

    for column in _REQUIRED:
        if not row[column]:
            wrong(column, "empty", name=column)
    for column, text in row.cells.items():
        if looks_like_cpr(text):
            wrong(column, "cpr")
    years, share, comparable = _years(row["year"]), _share(row["percent"]), _comparable(row["comparable"])
    if row["year"] and years is None:
        wrong("year", "not_year", value=mask(row["year"]))
    if row["percent"] and share is None:
        wrong("percent", "not_percent", value=mask(row["percent"]))
    if row["comparable"] and comparable is None:
        wrong("comparable", "not_comparable", value=mask(row["comparable"]))
    if comparable == "no" and not row["note_da"]:
        wrong("note_da", "no_without_note")
    cases, municipalities = whole("cases"), whole("municipalities")
    if problems or years is None or share is None or comparable is None:
        return None, problems
    texts = {name: row[name] for name in ("name_en", "item_da", "item_en", "note_da", "note_en")}
    return Benchmark(
        name_da=row["name_da"],
        question=row["question"],
        first=years[0],
        last=years[1],
        share=share,
        comparable=comparable,
        source=row["source"],
        catalogues=tuple(re.split(r"[\s,+]+", row["catalogues"])) if row["catalogues"] else (),
        cases=cases,
        municipalities=municipalities,
        **texts,
    ), []


def _years(text: str) -> tuple[Period, Period] | None:
    """Return the first and the last year of a span, or one period twice."""
    span = _YEARS.fullmatch(text)
    try:
        first, last = (Period.parse(part) for part in (span.groups() if span else (text, text)))
    except UsageError:
        return None
    return (first, last) if first <= last else None


def _share(text: str) -> float | None:
    match = _PERCENT.fullmatch(text)
    value = float(match[1].replace(",", ".")) if match else 101
    return value / 100 if value <= 100 else None


def _comparable(text: str) -> Comparable | None:
    return next((one for one in _COMPARABLE if text.lower() in spellings(f"benchmark.word_{one}")), None)


def _twice(found: Iterable[ReadBenchmark]) -> list[Problem]:
    """Return a problem for each row that says otherwise than an earlier one of the same figure."""
    first: dict[tuple[str, str, Period, Period], ReadBenchmark] = {}
    problems = []
    for one in found:
        known = first.setdefault(one.benchmark.figure, one)
        if known.benchmark != one.benchmark:
            told = {"file": known.path.name, "line": known.row}
            problems.append(_problem(one.path, one.row, "name_da", "twice", **told))
    return problems


def _problem(path: Path, row: int, column: str, key: str, **values: Any) -> Problem:
    found, remedy = say(f"benchmark.{key}", **values), say(f"benchmark.{key}_remedy", **values)
    return Problem(found, remedy, file=path.name, row=row, column=column)
