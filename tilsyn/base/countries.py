"""The countries whose public holidays are known, their parts, and what they are called."""

from __future__ import annotations

from functools import cache

from tilsyn.base.language import language

DENMARK = "DK"
# The days of which it can be doubted there whether they are hverdage; Saturdays can be doubted anywhere.
DANISH_DAYS = ("grundlovsdag", "christmas_eve", "new_years_eve", "friday_after_ascension")


@cache
def countries() -> dict[str, list[str]]:
    """Return the codes of countries (ISO 3166), each with those of its parts."""
    # Here, because it is asked only where it is not the country that everybody has.
    from holidays import list_supported_countries

    return list_supported_countries(include_aliases=False)


def country_name(country: str, subdivision: str | None = None) -> str:
    """Return what a country is called in the language in use, and the code of the part.

    >>> country_name("DK"), country_name("GB", "SCT")
    ('Danmark', 'Storbritannien, SCT')
    """
    from babel import Locale

    name = Locale(language()).territories.get(country, country)
    return ", ".join(filter(None, (name, subdivision)))
