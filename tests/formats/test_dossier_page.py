"""The dossier's page as a file: nothing is left to fill in, nothing is fetched, and its colours can be read."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from tests.builders.colours import contrast, schemes
from tilsyn.base.language import LANGUAGES, dictionary, using
from tilsyn.formats.dossier_page import dossier_page


def data_of(page: str, name: str) -> dict[str, object]:
    """Return the data that stands in the page under a name."""
    (found,) = re.findall(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    data: dict[str, object] = json.loads(found)
    return data


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_filled_in_and_stands_alone(lang: str) -> None:
    with using(lang):
        page = dossier_page({"bbu/2018-Q2/level-2": ["a" * 64]})
    assert f'<html lang="{lang}">' in page
    assert data_of(page, "words") == {f"page.{key}": entry for key, entry in dictionary("page").items()}
    assert data_of(page, "known") == {"bbu/2018-Q2/level-2": ["a" * 64]}
    assert not re.search(r"@[A-Z]+@", page)
    assert not re.search(r"(src|href)=|url\(|@import|https?:", page)
    assert "default-src 'none'" in page


def test_a_name_cannot_end_the_data_it_stands_in() -> None:
    name = "</script><script>alert(1)</script>"
    page = dossier_page({name: []})
    assert name not in page
    assert data_of(page, "known") == {name: []}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_its_colours_have_the_contrast_that_reading_takes(scheme: int) -> None:
    colours = schemes(dossier_page({}))[scheme]
    pairs = [*itertools.product(("ink", "soft", "link", "ok", "bad", "note"), ("paper", "panel"))]
    pairs += [(name, f"{back}-back") for back in ("ok", "bad", "note") for name in ("ink", back)]
    for name, back in pairs:
        assert contrast(colours[name], colours[back]) >= 4.5, (name, back)


@pytest.mark.parametrize(
    "name",
    [
        "period_not_ended",
        "other_time",
        "frame_not_committed",
        "other_frame",
    ],
)
def test_a_departure_has_words_on_the_page(name):
    assert set(dictionary("page")[f"departure_{name}"]) == {"da", "en"}
