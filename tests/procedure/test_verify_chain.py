"""`tilsyn verify` of draws from draws that speak of reviews themselves."""

from __future__ import annotations

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import SETTINGS, draw, make_workspace, review

HALVES = SETTINGS.replace('cadence = "quarter"\ntotal', 'cadence = "half"\ntotal')


def test_a_draw_from_one_that_was_drawn_from_several_has_its_population(tilsyn: CommandLine) -> None:
    workspace = make_workspace(tilsyn.root, HALVES)
    for level, period in ((2, "2018-Q1"), (2, "2018-Q2"), (3, "2018-H1"), (4, "2018-H1")):
        made = draw(workspace, level, period, reason="efterslæb")
        review(workspace, made)
    assert {row.stratum: row.population_size for row in made.record.strata} == {
        row.stratum: row.population_size for row in workspace.draws.get(3, made.period).record.strata
    }
    tilsyn("verify --all --quiet")
