"""A small coverage study, in every test run, and the arithmetic of the large one."""

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
from tests.benchmarks.studies import CHOSEN, OTHERS, Cell, Study, change_cells, level_cells, verdict_rows


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
    monkeypatch.setattr(
        coverage,
        "everything",
        lambda seed, runs, tables: Study(
            levels=[
                Cell("level 2 (125)", PATTERNS[0], 0.9, 1.0, method, 0.9, 0.1, 10**6)
                for method in (CHOSEN, *OTHERS)
            ],
            hardly_read=[Cell("level 2, 2 read", PATTERNS[2], 0.9, 1.0, CHOSEN, 0.6, 0.1, 10**6)],
            changes=[],
            verdicts=[],
        ),
    )
    assert coverage.main(["--folder", str(tmp_path)]) == 1
    assert "below 0.945: 0.9000 level 2 (125)" in capsys.readouterr().err
    assert "lowest 0.900" in (tmp_path / "coverage.md").read_text("utf-8")
    assert (tmp_path / "coverage.svg").read_text("utf-8").startswith("<svg")
