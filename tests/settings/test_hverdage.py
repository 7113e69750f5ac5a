"""Which country's holidays count: what the settings may say."""

from __future__ import annotations

import pytest

from tilsyn.base.problems import InputError
from tilsyn.settings.hverdage import Hverdage
from tilsyn.settings.parsing import parse_settings

PLAN = """
[[plan]]
valid_from = 2017-01-01
question_set = ["serviceloven"]
units = ["Nord"]
[plan.levels.2]
cadence = "quarter"
per_unit = 2
[hverdage]
"""


def test_denmark_unless_another_is_named() -> None:
    assert parse_settings(PLAN).hverdage == Hverdage(country="DK", subdivision=None)
    named = parse_settings(f'{PLAN}country = "GB"\nsubdivision = "ENG"\nsaturdays = false').hverdage
    assert (named.country, named.subdivision, named.chosen) == ("GB", "ENG", {"saturdays"})


@pytest.mark.parametrize(
    ("lines", "found", "remedy"),
    [
        ('country = "UK"', "landet »UK« er ukendt", "DK, NO, SE, FI, IS, DE, GB eller US"),
        ('country = "dk"', "landet »dk« er ukendt", "to store bogstaver"),
        ('country = "GB"\nsubdivision = "LON"', "»LON« er ingen kendt del af GB", "ENG, NIR, SCT, WLS"),
        ('subdivision = "84"', "»84« er ingen kendt del af DK: der er ingen", "Slet linjen"),
        (
            'country = "NO"\ngrundlovsdag = true',
            "grundlovsdag er dage i Danmark, men landet er NO",
            "Slet dem",
        ),
    ],
)
def test_what_cannot_be_is_one_problem(lines: str, found: str, remedy: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_settings(PLAN + lines)
    (problem,) = raised.value.problems
    assert found in problem.found
    assert remedy in problem.remedy
    assert (problem.column or "").startswith("hverdage")
