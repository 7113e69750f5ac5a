"""The worked cases of the question list: their heads, as the facts' codes."""

from __future__ import annotations

from datetime import date

# The heads of the worked cases, as they are filled in.
A = """
underretning anden, underretter fagperson, barn_alder 7, stoette_foer ingen, screening intet_mere,
aeresrelateret nej, undersoegelse_pligt nej, undersoegelse ingen, afgoerelse ingen, anbragt nej,
sikkerhedsplan nej
"""
B = """
underretning anden, underretter fagperson, barn_alder 11, stoette_foer ingen, screening afdaekning,
aeresrelateret nej, undersoegelse_pligt nej, undersoegelse ingen, afgoerelse stoette, medhold ja, anbragt nej,
plan nej, opfoelgning foerste, sikkerhedsplan nej
"""
C = """
underretning overgreb_foraelder, underretter fagperson, barn_alder 12, stoette_foer ingen,
screening undersoegelse, aeresrelateret nej, undersoegelse_pligt ja, undersoegelse i_gang,
soeskende under_15_hjemme, afgoerelse formand, medhold nej_skriftlig, anbragt under_1_aar, plan nej,
opfoelgning ikke_endnu, sikkerhedsplan nej
"""
D = """
underretning ingen, barn_alder 16, stoette_foer nu, screening ingen_anledning, undersoegelse_pligt nej,
undersoegelse ingen, afgoerelse ingen, anbragt mindst_1_aar, plan ja, opfoelgning flere, sikkerhedsplan nej
"""
B_BEFORE_2024 = """
underretning anden, underretter fagperson, barn_alder 11, stoette_foer ingen, undersoegelse_pligt ja,
undersoegelse afsluttet, soeskende andre, afgoerelse stoette, medhold ja, anbragt nej, plan ja,
opfoelgning foerste, sikkerhedsplan nej
"""
STARTED = {"A": None, "B": date(2026, 3, 2), "C": date(2026, 6, 1), "D": date(2024, 5, 1)}


def head(text: str) -> dict[str, str]:
    """Return a head's facts by name."""
    words = text.replace(",", " ").split()
    return dict(zip(words[::2], words[1::2], strict=True))
