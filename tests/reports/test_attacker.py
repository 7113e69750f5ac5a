"""Nothing that a public report withholds can be worked out from all that is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.builders.attacker import Printed, Reader, worked_out
from tests.builders.reports import LEVEL, record
from tests.builders.small_rounds import small_round
from tilsyn.base.periods import Period
from tilsyn.compliance import series
from tilsyn.compliance.naming import ALL_CASES, WITHOUT_FAULT
from tilsyn.compliance.table import analyse
from tilsyn.compliance.tally import Scheme, tally
from tilsyn.compliance.year import year_rows
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reports import parts, suppression
from tilsyn.reports.disclosure import publish
from tilsyn.reports.edition import build
from tilsyn.reports.parts import Material, Rounds
from tilsyn.reports.worlds import Rule
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.levels import levels

QUARTERS = [Period.parse(f"2018-Q{n}") for n in (1, 2, 3, 4)]
QUESTIONS = QuestionSet(
    "prøve", "1", tuple(Question(f"Q{n}", "Blev loven fulgt?", f"trin{n}", comparable="yes") for n in (0, 1))
)
PLACES = 25


def place(number: int) -> dict[str, tuple[int, int, float]]:
    """The units of a made-up place: cases in the register, cases drawn, and the chance of no fault."""
    lot = np.random.default_rng(number)
    units = {}
    for n in range(2 + number % 7):
        size = int(lot.integers(150, 900))
        units[f"E{n}"] = (size, 20, float(lot.uniform(0.2, 1.0)))
    if number % 3 == 0:
        units["W"] = (18, 18, float(lot.choice([0.5, 1.0])))
    if number % 2:
        units["D"] = (60, 5, float(lot.uniform(0.3, 0.9)))
    if number % 11 == 5:
        units = {name: (size, drawn, 1.0) for name, (size, drawn, _) in units.items()}
    return {"A": (300, 1, 1.0)} if number == 7 else units


def rounds_of(number: int, level: int) -> dict[Period, ReviewedSample]:
    lot = np.random.default_rng([number, level])
    found = {}
    for period in QUARTERS:
        units = {
            name: (size, drawn, int(lot.binomial(drawn, chance)))
            for name, (size, drawn, chance) in place(number).items()
        }
        sample = small_round(units)
        cases = sample.cases.assign(complete=True, akut=False, criticism="", regime=None)
        found[period] = replace(sample, cases=cases, questions=QUESTIONS, level=level, period=period)
    return found


def public_reports(number: int, level: int) -> dict[str, Reader]:
    """Each quarter's public report, as it is made with the quarters before it."""
    samples = rounds_of(number, level)
    reports = {}
    for at, period in enumerate(QUARTERS):
        known = {one: samples[one] for one in QUARTERS[: at + 1]}
        points = series.points(known)
        material = Material(
            record=record(period=period, level=level, question_set=QUESTIONS),
            level=LEVEL,
            question_set=QUESTIONS,
            sample=samples[period],
            analysis=analyse(samples[period], ["unit"]),
            year=year_rows(known),
            rounds=Rounds(points, series.summaries(points)) if at else None,
            earlier={one: sample for one, sample in known.items() if one != period},
        )
        reports[period.label()] = Reader.of(build(material, public=True).sheets)
    return reports


def public_figures(number: int, level: int) -> dict[str, Reader]:
    """The same figures of each quarter without all else that a report has."""
    return {period.label(): figures(sample) for period, sample in rounds_of(number, level).items()}


def figures(sample: ReviewedSample) -> Reader:
    counted = tally(sample, Scheme.of(sample), ["unit"])
    alone = (counted.rows["question"] == WITHOUT_FAULT).to_numpy()
    found = levels(counted.counts.only(alone))
    table = counted.rows[alone].assign(n_relevant=found.n_relevant, estimate=found.estimate)
    table = table.assign(low=found.low, high=found.high, few=False)
    public = publish(table, suppression.restraint(sample, ["unit"], Rule()))
    shown = {
        str(row["domain"]): None
        if row["withheld"]
        else Printed(*(round(row[name] * 100) for name in ("estimate", "low", "high")))
        for row in public.to_dict("records")
    }
    strata = sample.strata
    sizes = zip(strata["population_size"].tolist(), strata["sample_size"].tolist(), strict=True)
    return Reader(
        sizes=dict(zip(strata["unit"], sizes, strict=True)),
        units={name.removeprefix("unit="): one for name, one in shown.items() if name != ALL_CASES},
        all_cases=shown[ALL_CASES],
    )


def found_in(
    numbers: Iterable[int], publish_them: Callable[[int, int], dict[str, Reader]]
) -> list[tuple[Any, ...]]:
    return [
        (number, level, *what)
        for number in numbers
        for level in (2, 3)
        for what in worked_out(publish_them(number, level))
    ]


def test_of_200_rounds_no_withheld_count_can_be_worked_out() -> None:
    assert PLACES * 2 * len(QUARTERS) == 200
    assert found_in(range(PLACES), public_figures) == []


def test_the_attacker_finds_counts_where_only_small_numbers_are_withheld(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suppression, "exposed", lambda *given: 0)
    assert len(found_in(range(2, 6), public_figures)) > 5


def test_nothing_can_be_worked_out_from_whole_reports_with_rounds_and_years() -> None:
    assert found_in((3,), public_reports) == []


@pytest.mark.slow
def test_nothing_can_be_worked_out_from_200_whole_reports() -> None:
    assert found_in(range(PLACES), public_reports) == []


def test_the_attacker_finds_a_quarter_in_a_year_that_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(year: pd.DataFrame, *given: object) -> pd.DataFrame:
        return year.assign(withheld=False)

    monkeypatch.setattr(parts, "publish_year", shown)
    assert [left for *_, left in found_in((3,), public_reports) if not left]
