"""The dictionary: what is said never shows a placeholder."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tilsyn.base import language
from tilsyn.base.language import say
from tilsyn.base.which import Single, Which

FOLDER = Path(language.__file__).parent / "dictionary"


@pytest.mark.parametrize("area", language.areas())
def test_an_area_is_toml_and_read_as_toml_is(area: str) -> None:
    text = (FOLDER / f"{area}.toml").read_text("utf-8")
    assert list(language.dictionary(area).items()) == list(tomllib.loads(text).items())


def test_a_placeholder_without_a_value_is_a_fault_and_never_shown() -> None:
    with pytest.raises(KeyError):
        say("load.file_text")
    assert say("load.file_text", suffix=".xlsx").endswith("selv om den hedder .xlsx")


def test_what_is_to_be_written_in_braces_is_shown_in_braces() -> None:
    assert say("init.example_path") == "register/sagsliste-{period}.csv"
    with language.using("en"):
        assert say("init.example_path") == "register/cases-{period}.csv"


def test_texts_can_be_given_by_their_place_too() -> None:
    with language.using("en"):
        assert say("usage.too_large", "", "--level", "4") == "--level must be at most 4."


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (1, "1 udtrukket sag er udskiftet"),
        ("1", "1 udtrukket sag er udskiftet"),
        (0, "0 udtrukne sager er udskiftet"),
        (11, "11 udtrukne sager er udskiftet"),
    ],
)
def test_one_has_words_of_its_own(n: int | str, text: str) -> None:
    assert say("compliance.replaced", n=n, missing=0).startswith(text)


@pytest.mark.parametrize("area", language.areas())
def test_what_is_drawn_is_called_by_its_placeholder_alone(area: str) -> None:
    # `{level}` is itself `niveau 2`, or `enkeltudtræk »ombud«`.
    texts = [text for entry in language.dictionary(area).values() for text in entry.values()]
    assert not [text for text in texts if re.search(r"(?i)\b(niveau|level|draw|checklists) \{level\}", text)]


@pytest.mark.parametrize(
    ("level", "da", "en"),
    [
        (2, "Niveau 2 er ikke trukket for juni", "Level 2 is not drawn for juni"),
        (
            Single("ombud"),
            "Enkeltudtræk »ombud« er ikke trukket for juni",
            "Single draw “ombud” is not drawn for juni",
        ),
    ],
)
def test_a_level_and_a_single_draw_are_called_by_their_names(level: Which, da: str, en: str) -> None:
    assert say("draw.not_drawn", level=level, period="juni") == da
    with language.using("en"):
        assert say("draw.not_drawn", level=level, period="juni") == en


# Words that are said of more than one of what stands before them.
SEVERAL = (
    "answers|cases|caseworkers|days|draws|events|files|groups|letters|months|periods|questions|quarters|rows|"
    "strata|units|workbooks"
)
# Of these there are never one: what is counted is a limit, a choice of several, or the demonstration's.
NEVER_ONE = {
    "check.caseworkers",
    "compliance.frame_too_small",
    "deadlines.col_days",
    "demo.few_cases",
    "demo.where_workbooks",
    "demo.where_deadlines",
    "demo.where_single",
    "demo.verified",
    "followup.recheck_size",
    "inside.counted",
    "inside.drawn",
    "planning.detect_needs_never",
    "planning.show_groups",
    "year.quarters",
}


@pytest.mark.parametrize("area", sorted(set(language.areas()) - {"page"}))
def test_what_is_counted_has_words_for_one(area: str) -> None:
    # The page's words are said by its own script.
    counted = re.compile(rf"(?<!of )\{{n\}} (?:[a-z-]+ )?(?:{SEVERAL})\b(?! of\b)")
    found = {
        f"{area}.{name}"
        for name, texts in language.dictionary(area).items()
        if counted.search(texts.get("en", "")) and "en_one" not in texts
    }
    assert found <= NEVER_ONE
