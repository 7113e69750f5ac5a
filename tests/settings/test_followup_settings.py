"""The follow-up in `tilsyn.toml`: causes and roles of one's own, and every fault of them."""

from __future__ import annotations

import pytest

from tilsyn.base.problems import InputError
from tilsyn.settings.followup import Followup, usual_causes, usual_roles
from tilsyn.settings.parsing import parse_settings

PLAN = '[[plan]]\nvalid_from = 2018-01-01\nunits = ["Nord"]\n[plan.levels.2]\ncadence = "quarter"\nper_unit = 5\n'
OWN = """\
[followup]
at_least = 2
deadline = "6 uger"
responsible = "Teamleder"
[[followup.role]]
name = "team_lead"
text_da = "teamleder"
[[followup.cause]]
name = "doubt"
text_en = "doubt"

"""


def followup(text: str) -> Followup:
    return parse_settings(text + PLAN).followup


def test_the_usual_ones_hold_until_others_are_written() -> None:
    usual = followup("")
    assert (usual.cause, usual.role, usual.usual_role) == (usual_causes(), usual_roles(), "")
    own = followup(OWN)
    assert [role.name for role in own.role] == ["team_lead"]
    assert [cause.text for cause in own.cause] == ["doubt"]
    assert own.usual_role == "team_lead"


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("at_least = 2", "at_least = 0", "followup.at_least", "mindst"),
        ("at_least = 2", "share_under = 1.5", "followup.share_under", "højst"),
        ('"6 uger"', '"snart"', "followup.deadline", "»snart«"),
        ('"Teamleder"', '"chef"', "followup", "team_lead"),
        ('name = "team_lead"', 'name = "Team"', "followup.role[1].name", "text_en"),
        ('text_da = "teamleder"\n', "", "followup.role[1]", "text_da"),
        ('name = "doubt"', 'name = "1"', "followup.cause[1].name", "begynd med"),
        ("at_least = 2", "atleast = 2", "followup.atleast", "at_least"),
        ('"teamleder"', '"120374-6598"', "followup.role[1].text_da", "CPR"),
    ],
)
def test_each_fault_has_its_key_and_remedy(old: str, new: str, key: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        followup(OWN.replace(old, new, 1))
    told = {problem.column for problem in caught.value.problems}
    assert key in told, told
    assert any(words in problem.found + (problem.remedy or "") for problem in caught.value.problems)


def test_two_roles_or_causes_that_are_spelt_alike_are_refused() -> None:
    twice = OWN.replace(
        'name = "doubt"\n', 'name = "doubt"\ntext_da = "tvivl"\n[[followup.cause]]\nname = "tvivl"\n'
    )
    with pytest.raises(InputError, match="doubt, tvivl"):
        followup(twice)
