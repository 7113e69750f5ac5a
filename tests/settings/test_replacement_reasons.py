"""Why a case can be replaced, as `tilsyn.toml` says it: the usual four, one's own, and every fault of them."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tilsyn.base.language import using
from tilsyn.base.problems import InputError
from tilsyn.settings.parsing import parse_settings
from tilsyn.settings.replacement_reasons import ReplacementReason, usual_reasons

PLAN = '[[plan]]\nvalid_from = 2018-01-01\nunits = ["Nord"]\n[plan.levels.2]\ncadence = "quarter"\nper_unit = 5\n'
OWN = """\
[[replacement_reason]]
name = "moved"
text_en = "Moved away"
outside_population = true

[[replacement_reason]]
name = "refused"
text_da = "Vil ikke"
text_en = "Refused"
outside_population = false

"""


def reasons(text: str) -> tuple[ReplacementReason, ...]:
    return parse_settings(text + PLAN).replacement_reason


def test_the_usual_four_hold_until_others_are_written() -> None:
    assert reasons("") == usual_reasons()
    assert [(reason.name, reason.outside_population) for reason in usual_reasons()] == [
        ("wrong_person", True),
        ("no_access", False),
        ("outside_target", True),
        ("conflict", False),
    ]
    assert [reason.name for reason in reasons(OWN)] == ["moved", "refused"]


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_init_writes_is_what_holds(language: str) -> None:
    template = (files("tilsyn.settings") / "templates" / f"tilsyn.{language}.toml").read_text("utf-8")
    tables = [block for block in template.split("\n\n") if "[[replacement_reason]]" in block]
    assert reasons("\n\n".join(tables) + "\n") == usual_reasons()


def test_words_of_one_language_stand_for_both() -> None:
    moved, refused = reasons(OWN)
    assert (moved.text, refused.text) == ("Moved away", "Vil ikke")
    with using("en"):
        assert (moved.text, refused.text) == ("Moved away", "Refused")


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ('name = "moved"', 'name = "Moved"', 2, "replacement_reason[1].name", "text_en"),
        ('name = "moved"', 'name = "1st"', 2, "replacement_reason[1].name", "begynd med"),
        ('name = "moved"', 'nam = "moved"', 2, "replacement_reason[1].nam", "»name«"),
        ('name = "moved"', 'name = "refused"', 1, "replacement_reason", "refused, refused"),
        ('"Moved away"', '"REFUSED"', 1, "replacement_reason", "moved, refused"),
        ('"Moved away"', '"vil-ikke"', 1, "replacement_reason", "»vil-ikke«"),
        ('text_en = "Moved away"\n', "", 1, "replacement_reason[1]", "text_da"),
        ('"Moved away"', '"a|b"', 3, "replacement_reason[1].text_en", "|"),
        ('"Moved away"', '" "', 3, "replacement_reason[1].text_en", "tomt"),
        ('"Moved away"', "7", 3, "replacement_reason[1].text_en", "Skriv en tekst"),
        ('"Moved away"', '"010160-5123"', 3, "replacement_reason[1].text_en", "CPR"),
        ("population = true", "population = 1", 4, "replacement_reason[1].outside_population", "true"),
        ("outside_population = true\n", "", 1, "replacement_reason[1].outside_population", "mangler"),
        (OWN, "replacement_reason = []\n", 1, "replacement_reason", "mindst én"),
        (OWN, 'replacement_reason = "moved"\n', 1, "replacement_reason", "liste"),
    ],
)
def test_each_fault_has_key_line_and_remedy(old: str, new: str, line: int, key: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        reasons(OWN.replace(old, new, 1))
    told = {(problem.row, problem.column) for problem in caught.value.problems}
    assert (line, key) in told, told
    assert any(words in problem.found + (problem.remedy or "") for problem in caught.value.problems)
