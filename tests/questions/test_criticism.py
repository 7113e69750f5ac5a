"""The scale of criticism: which catalogue's holds, and how a draw keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.builders.reports import question_set
from tilsyn.base.language import using
from tilsyn.questions.criticism import (
    LONGEST_LIST,
    USUAL_CRITICISM,
    CriticismScale,
    CriticismStep,
    is_usual,
    mild,
)
from tilsyn.questions.question import Regime
from tilsyn.questions.question_set import Catalogue, QuestionSet, merged
from tilsyn.workspace.catalogues import packaged, read_catalogue

OWN = (CriticismStep("vink", "vink", "advice", criticism=False), CriticismStep("mangel", "mangel"))


def law(name: str, first: int, criticism: CriticismScale | None) -> Catalogue:
    regime = Regime(name, name, name, first=date(first, 1, 1))
    return Catalogue(name, "1", name, name, "legal", (), (), regime=regime, criticism=criticism)


@pytest.mark.parametrize(
    ("older", "newer", "holds"),
    [
        (None, None, USUAL_CRITICISM),
        (OWN, None, OWN),
        (None, OWN, OWN),
        (USUAL_CRITICISM, OWN, OWN),
        (OWN, (), ()),
        ((), OWN, OWN),
    ],
)
def test_the_newest_catalogue_that_says_any_decides(
    older: CriticismScale | None, newer: CriticismScale | None, holds: CriticismScale
) -> None:
    catalogues = [law("old", 2010, older), law("new", 2024, newer)]
    for order in (catalogues, catalogues[::-1]):
        assert merged(order).criticism_scale == holds


@pytest.mark.parametrize("scale", [None, (), OWN, USUAL_CRITICISM])
def test_a_draw_keeps_it(scale: CriticismScale | None) -> None:
    kept = replace(question_set(), criticism=scale)
    data = kept.to_dict()
    assert QuestionSet.from_dict(data).criticism == scale
    assert ("criticism" in data) is (scale is not None)
    assert kept.of_scope("core").criticism == scale


def test_the_shipped_laws_hold_the_usual_as_data() -> None:
    shipped = {path.stem: read_catalogue(path).criticism for path in packaged()}
    usual = {name for name, scale in shipped.items() if scale is not None and is_usual(scale)}
    assert usual == {"serviceloven", "barnets-lov"}
    assert usual == {name for name, scale in shipped.items() if scale is not None}


def test_the_usual_scale() -> None:
    assert [step.name for step in USUAL_CRITICISM] == [
        "uheldigt", "fejl", "beklageligt", "meget beklageligt", "kritisabelt", "meget kritisabelt",
        "stærkt kritisabelt",
    ]  # fmt: skip
    for language in ("da", "en"):
        with using(language):
            assert len(",".join(step.text for step in USUAL_CRITICISM)) <= LONGEST_LIST
            assert len(mild(USUAL_CRITICISM)) == 1
