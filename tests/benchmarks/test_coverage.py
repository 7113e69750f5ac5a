"""A small coverage study, in every test run, and the arithmetic of the large one."""

from dataclasses import replace

import numpy as np
import pytest

from tests.benchmarks import coverage
from tests.benchmarks.designs import (
    N7,
    OVERALL,
    PATTERNS,
    TRUTHS,
    UNITS,
    compliant_cases,
    relevant_cases,
    sample,
)
from tests.benchmarks.everything import Study
from tests.benchmarks.pooled_populations import FAMILIES, SKEWED, population, sample_cases
from tests.benchmarks.pooled_study import (
    DESIGNS,
    PooledCell,
    drawn,
    held,
    limit_tasks,
    pooled_changes,
    rows_of,
    run_all,
    tasks,
)
from tests.benchmarks.practice_study import (
    RARE,
    ClusterRow,
    MonotoneRow,
    SeriesRow,
    cluster_rows,
    monotone_rows,
    series_rows,
)
from tests.benchmarks.studies import CHOSEN, OTHERS, Cell, change_cells, level_cells, verdict_rows
from tilsyn.statistics.weighted_gamma import pooled_interval


@pytest.fixture(scope="module")
def cells():
    random = np.random.default_rng(7)
    return list(
        level_cells(random, 800, OVERALL + UNITS[:1], truths=(0.6, 0.9, 0.98, 1.0), relevances=(1.0, 0.2))
    )


def test_the_chosen_interval_holds_what_it_promises_in_every_cell(cells):
    assert len([cell for cell in cells if cell.method == CHOSEN]) > 80
    assert coverage.short(cells) == []


def test_wald_does_not_so_the_study_can_fail(cells):
    as_chosen = [
        Cell(c.design, c.pattern, c.wanted, c.relevance, CHOSEN, c.coverage, c.width, c.runs)
        for c in cells
        if c.method == OTHERS[-1]
    ]
    assert len(coverage.short(as_chosen)) > 20


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("truth", TRUTHS)
def test_the_population_has_the_truth_asked_for(pattern, truth):
    relevant = relevant_cases(N7, 0.4)
    compliant = compliant_cases(relevant, truth, pattern)
    assert np.all((compliant >= 0) & (compliant <= relevant))
    assert relevant.sum() - compliant.sum() == np.rint(relevant.sum() * (1 - truth))


def test_failures_in_one_unit_are_in_one_unit():
    relevant = relevant_cases(N7, 1.0)
    fallen = relevant - compliant_cases(relevant, 0.9, "one large unit first")
    assert fallen.tolist() == [0, 0, 0, 0, 0, 456, 0]


def test_phases_sample_without_replacement():
    design = OVERALL[2]
    relevant = relevant_cases(N7, 0.4)
    m, x = sample(
        np.random.default_rng(3), design, relevant, compliant_cases(relevant, 0.8, PATTERNS[0]), 4000
    )
    assert m.shape == (4000, 7)
    assert np.all((x <= m) & (m <= design.sizes))
    # Each case of a unit has the chance n_h / N_h after all phases: the means say so.
    assert m.mean(axis=0) == pytest.approx(design.sizes * relevant / N7, abs=0.12)


def test_change_cells_are_about_practice():
    found = list(
        change_cells(
            np.random.default_rng(5), 300, OVERALL[:1], ((0.9, 0.9), (0.9, 0.7)), (1.0,), PATTERNS[:1]
        )
    )
    assert [cell.method for cell in found] == ["0.9 to 0.9", "0.9 to 0.7"]
    assert all(cell.coverage > 0.9 for cell in found)


def test_adjusted_verdicts_cry_wolf_less_often():
    rows = {
        (row.fall, row.rule): row
        for row in verdict_rows(np.random.default_rng(9), 300, OVERALL[:1], (0.0, 0.25))
    }
    assert rows[0.0, "none"].any_false > 0.2
    assert rows[0.0, "benjamini-hochberg"].any_false < 0.06
    assert rows[0.0, "holm"].any_false <= rows[0.0, "benjamini-hochberg"].any_false
    assert rows[0.25, "benjamini-hochberg"].found > 0.7


def test_the_command_writes_its_documents_and_tells_a_failure(tmp_path, monkeypatch, capsys):
    short = PooledCell("level 3 (60)", "3 % fail wholly", 3, 0.97, 0.88, 0.2, 0.91, 0.25, 10**6)
    monkeypatch.setattr(
        coverage,
        "everything",
        lambda seed, runs, tables, workers: Study(
            levels=[
                Cell("level 2 (125)", PATTERNS[0], 0.9, 1.0, method, 0.9, 0.1, 10**6)
                for method in (CHOSEN, *OTHERS)
            ],
            hardly_read=[Cell("level 2, 2 read", PATTERNS[2], 0.9, 1.0, CHOSEN, 0.6, 0.1, 10**6)],
            pooled=[short],
            pooled_limit=[short],
            pooled_changes=[short],
            monotone=[MonotoneRow("two units", 4, 1, 0.005)],
            changes=[],
            clusters=[ClusterRow(0.1, 20, 0.9, 0.052, 0.97)],
            verdicts=[],
            series=[SeriesRow("level 2 (125)", 0.0, 0.021, 0.002, 0.178, 0.009)],
        ),
    )
    assert coverage.main(["--folder", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "below 0.945: 0.9000 level 2 (125)" in told
    assert "below 0.945: 0.9100 level 3 (60), 3 % fail wholly, 3 questions" in told
    text = (tmp_path / "coverage.md").read_text("utf-8")
    assert "lowest 0.900" in text
    assert "| 17.8 % | 0.9 % |" in text
    assert (tmp_path / "coverage.svg").read_text("utf-8").startswith("<svg")


def small(cells, **changes):
    """Some of the cells of the study of rows over several questions, in a few samples each."""
    return [replace(task, **changes) for task in cells]


def test_rows_over_several_questions_hold_in_mild_and_harsh_populations():
    cells = run_all(small(tasks(3, 0)[::7], runs=150), workers=1)
    assert {cell.design for cell in cells} == {design.name for design in DESIGNS}
    assert coverage.pooled_short(cells) == []
    assert all(0 < cell.width < 1 for cell in cells)


def test_few_cases_with_most_of_the_answers_are_its_limit():
    cells = run_all(small(limit_tasks(3, 0)[:2], runs=300), workers=1)
    assert coverage.pooled_short(cells)


@pytest.mark.parametrize("task", small((*tasks(4, 0)[1::9], *limit_tasks(4, 0)[1::9]), runs=25))
def test_asking_the_equation_is_the_same_as_solving_it(task):
    people, read = drawn(task)
    solved = np.array([pooled_interval(row) for row in rows_of(people, task.design.sizes, read)])
    inside = (solved[:, 0] <= people.truth + 1e-9) & (people.truth - 1e-9 <= solved[:, 1])
    assert held(people, task.design.sizes, read).tolist() == inside.tolist()


def test_a_sample_of_cases_has_as_many_of_each_unit_and_none_twice():
    people = population(np.random.default_rng(1), N7, "cases spread, 92 %", 10)
    read = sample_cases(np.random.default_rng(2), people, OVERALL[0].sizes, 1_200)
    assert read.shape == (1_200, 125)
    assert all(len(set(cases)) == 125 for cases in read[::100].tolist())
    assert np.bincount(people.unit[read[7]]).tolist() == OVERALL[0].sizes.tolist()
    chance = np.bincount(read.ravel(), minlength=len(people.unit)) / 1_200
    assert chance[people.unit == 6].mean() == pytest.approx(5 / 60)


@pytest.mark.parametrize("family", [*FAMILIES, *SKEWED])
@pytest.mark.parametrize("questions", [2, 36])
def test_a_population_has_at_most_as_many_answers_as_questions(family, questions):
    people = population(np.random.default_rng(1), N7, family, questions, 0.5)
    assert np.all((people.compliant >= 0) & (people.compliant <= people.relevant))
    assert people.relevant.max() == questions
    assert 0.4 < np.mean(people.relevant == 0) < 0.6


def test_an_interval_of_changes_of_several_questions_holds_nothing_changed():
    for cell in pooled_changes(3, 600):
        assert cell.now > 0.85
        assert cell.width > 0


def test_a_confirmed_verdict_is_seldom_false():
    stable, fell = series_rows(np.random.default_rng(4), 250, OVERALL[:1])
    assert stable.one < 0.06
    assert stable.any > stable.one
    assert stable.any_confirmed < stable.any / 3
    assert fell.one_confirmed > 0.4


def test_alike_cases_touch_the_test_and_not_the_level():
    rows = {(row.icc, row.cases_each): row for row in cluster_rows(np.random.default_rng(4), 1_500, (0.8,))}
    assert rows[0.0, 20].error < 0.07
    assert rows[0.5, 60].error > 0.09
    assert all(row.coverage > 0.94 for row in rows.values())


def test_pairs_that_differ_by_one_failure_are_counted():
    two, _, _, mixed, *_ = monotone_rows(RARE[:4])
    assert (two.pairs, two.raised) == (4, 0)
    assert (mixed.pairs, mixed.raised) == (84, 3)
    assert 0.005 < mixed.most < 0.01
