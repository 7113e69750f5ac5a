"""`tilsyn compliance`: the compliance table of a level and period, or of reviews made elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.aliases import program_word
from tilsyn.base.language import say
from tilsyn.base.problems import UsageError
from tilsyn.base.which import as_keys
from tilsyn.cli.command import command, which_if_any
from tilsyn.cli.console import Result

if TYPE_CHECKING:
    import pandas as pd

    from tilsyn.compliance.table import Analysis
    from tilsyn.procedure.compliance import Gathered, Wanted
    from tilsyn.statistics.change import Adjustment

SCHEMA = "tilsyn/compliance/1"
# What is told of each row beside the contract's keys.
DETAILS = (
    "question", "domain", "n_eff", "n_eff_practice", "baseline_n_eff", "few", "very_uncertain", "n_cases",
    "many_answers", "note",
)  # fmt: skip

# Columns of a second baseline that the contract has not.
_KEPT = ("second_note", "second_n_cases")


def _option(name: str, flag: str, **settings: Any) -> Any:
    return typer.Option(flag, help=say(f"compliance.opt_{name}"), **settings)


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""

    @command(app, "compliance")
    def compliance(
        level: Annotated[int | None, _option("level", "--level")] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
        period: Annotated[str | None, _option("period", "--period")] = None,
        baseline: Annotated[str | None, _option("baseline", "--baseline")] = None,
        baseline_counts: Annotated[Path | None, _option("counts", "--baseline-counts")] = None,
        by: Annotated[list[str] | None, _option("by", "--by")] = None,
        explain: Annotated[str | None, _option("explain", "--explain")] = None,
        holm: Annotated[bool, _option("holm", "--holm")] = False,
        confidence: Annotated[float | None, _option("confidence", "--confidence")] = None,
        answers: Annotated[Path | None, _option("answers", "--answers")] = None,
        strata: Annotated[Path | None, _option("strata", "--strata")] = None,
        baseline_answers: Annotated[Path | None, _option("baseline_answers", "--baseline-answers")] = None,
        baseline_strata: Annotated[Path | None, _option("baseline_strata", "--baseline-strata")] = None,
    ) -> Result:
        """Load, compute and show."""
        files = (answers, strata, baseline_answers, baseline_strata)
        _check_usage(files, baseline, confidence)
        from tilsyn.procedure.compliance import Wanted

        adjustment: Adjustment = "holm" if holm else "benjamini-hochberg"
        which = which_if_any(level, single)
        wanted = Wanted(which, period, baseline, baseline_counts, confidence, *files, adjustment=adjustment)
        return _run(wanted, by or [], explain)


def _check_usage(files: tuple[Path | None, ...], baseline: str | None, confidence: float | None) -> None:
    answers, strata, baseline_answers, baseline_strata = files
    if (answers is None) != (strata is None) or (answers is None and any(files)):
        raise UsageError(say("compliance.two_files"), say("compliance.two_files_remedy"))
    if (baseline_answers is None) != (baseline_strata is None):
        raise UsageError(say("compliance.two_baseline_files"), say("compliance.two_files_remedy"))
    if answers is not None and baseline and program_word(baseline) != "none":
        raise UsageError(say("compliance.outside_baseline"), say("compliance.outside_baseline_remedy"))
    if confidence is not None and not 0.5 < confidence < 1:
        raise UsageError(say("compliance.bad_confidence"), say("compliance.bad_confidence_remedy"))


def _run(wanted: Wanted, by: list[str], explain: str | None) -> Result:
    from tilsyn.cli import compliance_tables as tables
    from tilsyn.cli.benchmark_tables import benchmark_data, with_benchmarks
    from tilsyn.compliance.table import records
    from tilsyn.compliance.year import YEAR_KEYS
    from tilsyn.procedure.compliance import gather
    from tilsyn.reports.missing import preliminary

    given = gather(wanted, by, year=True)
    found = given.analysis()
    rows = records(found.rows)
    year = given.year()
    period = given.now.period
    names = _names(given, wanted.counts)
    document: dict[str, Any] = {
        "schema": SCHEMA,
        **as_keys(given.now.level),
        "period": period.canonical if period else None,
        "baseline": names[0] if names else None,
        "confidence_level": given.method.confidence,
        "method": given.method.description,
        "rows": rows,
        "year": records(year, [*YEAR_KEYS, "few", "very_uncertain", "note"]),
        **_beside(found, given, names),
        "benchmarks": benchmark_data(given.benchmarks),
    }
    if explain is not None and given.now.chosen:
        raise UsageError(say("single.not_explained"), say("single.not_explained_remedy"))
    known: Collection[str] = ()
    if explain is None:
        shown = tables.result_tables(found, given, names, year)
    else:
        from tilsyn.cli.explanation_tables import (
            explanation_data,
            explanation_of,
            explanation_tables,
            reckoned,
        )
        from tilsyn.cli.year_tables import year_of_question

        explanation = explanation_of(explain, given, found.rows)
        document["explanation"] = explanation_data(explanation, given)
        known = reckoned(document["explanation"])
        shown = [
            *explanation_tables(explanation, given),
            *year_of_question(year, given, explanation.question),
        ]
    unfinished = preliminary(found.units)
    messages = [*filter(None, [unfinished]), *given.messages, *_unmatched(given, found.rows)]
    lines = with_benchmarks(rows, given.benchmarks)
    return Result(document, lines, shown, problems=given.problems, messages=messages, known=known)


def _names(given: Gathered, counts: Path | None) -> list[str]:
    """What the baselines are called in a table: a period or a file."""
    names = [] if given.before is None else [given.before.name]
    return names if counts is None else [*names, counts.name]


def _beside(found: Analysis, given: Gathered, names: list[str]) -> dict[str, Any]:
    """What stands beside the contract's rows."""
    from tilsyn.compliance.scope import scope_of
    from tilsyn.compliance.table import records
    from tilsyn.reviews.replacement_reasons import by_reason

    replaced = by_reason(given.now.replacements)
    second = [name for name in found.rows.columns if name.startswith("second_") and name not in _KEPT]
    return {
        "simulated": given.now.simulated,
        "scope": scope_of(given.now),
        "details": records(found.rows, DETAILS),
        "second_baseline": names[1] if len(names) > 1 else None,
        "second_rows": records(found.rows, ["question", "domain", *second]) if second else [],
        "grades": records(found.grades, list(found.grades.columns)),
        "other_questions": records(found.others, list(found.others.columns)),
        "outcomes": records(found.outcomes, list(found.outcomes.columns)),
        "nonresponse": {
            "drawn": int(found.units["drawn"].sum()),
            "reviewed": int(found.units["reviewed"].sum()),
            "units": records(found.units, list(found.units.columns)),
            "questions": records(found.missing, list(found.missing.columns)),
            "sentences": found.sentences,
            "replaced": records(replaced, list(replaced.columns)),
        },
        "corrected": [
            row | {"failed": list(row["failed"])}
            for row in records(found.corrected, list(found.corrected.columns))
        ],
    }


def _unmatched(given: Gathered, rows: pd.DataFrame) -> list[str]:
    if given.published is None:
        return []
    there = set(rows["question"])
    unknown = [question for question in given.published["question"] if question not in there]
    return [say("compliance.unmatched", questions=", ".join(unknown))] if unknown else []
