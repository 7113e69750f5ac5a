"""The one look at a row that says whether its cells need a closer one."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.sampling import frame_cells as frame_cells
from tilsyn.sampling.frame_odd import GARBLED, NEVER_CLEAN

CELL = st.text(alphabet=st.sampled_from(list("0158~ -|a\x1f\x07\n\u00a0é\u0301\u2009Ã§¿")), max_size=6) | (
    st.sampled_from(["0101585123", "010158-5123", "a 010158 5123", " 101585123 ", "101585123", "~101585123"])
)
CLOSER = ("PATTERN", "NUMBER_CELL", "HARD", "BAD_CHARACTER")


COMMONER = ("nørrebro", "Nørrebro", 150)


@pytest.mark.parametrize(
    ("units", "plan", "misspelt"),
    [
        ([COMMONER, ("nørebro", "Nørebro", 1)], (), [("nørebro", "Nørrebro")]),
        ([COMMONER, ("nørebro", "Nørebro", 1)], ("Nørebro",), []),
        ([COMMONER, ("nørebro", "Nørebro", 2)], (), []),
        ([("nørrebro", "Nørrebro", 99), ("nørebro", "Nørebro", 1)], (), []),
        ([COMMONER, ("østerbro", "Østerbro", 1)], (), []),
        # Of two that are as rare, neither is the other's misspelling; the first that is rare is not the last.
        ([("amager", "Amager", 300), ("nørebro", "Nørebro", 1), ("nørrebro", "Nørrebro", 1)], (), []),
        (
            [COMMONER, ("østerbro", "Østerbro", 1), ("nørebro", "Nørebro", 1), ("nørrebor", "Nørrebor", 1)],
            (),
            [("nørebro", "Nørrebro"), ("nørrebor", "Nørrebro")],
        ),
    ],
)
def test_a_rare_unit_near_a_commoner_one_is_a_misspelling(
    units: list[tuple[str, str, int]], plan: tuple[str, ...], misspelt: list[tuple[str, str]]
) -> None:
    assert list(frame_cells.misspellings(units, plan)) == misspelt


def tells(pattern: str, text: str) -> bool:
    found = duckdb.execute("SELECT regexp_matches($1, $2)", [text, pattern]).fetchone()
    assert found is not None
    return bool(found[0])


@given(st.lists(CELL, min_size=1, max_size=4))
def test_a_row_that_a_closer_look_would_find_is_suspected(cells: list[str]) -> None:
    row, printable = "\x1f".join(cells), "~".join(cells)
    found = [name for name in CLOSER[:2] if tells(getattr(frame_cells, name), row)]
    found += [name for name in CLOSER[2:] if any(tells(getattr(frame_cells, name), cell) for cell in cells)]
    if found:
        assert tells(frame_cells.SUSPECT, printable), found


@given(CELL | st.text(alphabet=st.sampled_from(list("aÆÂÃâŒ¯®¾¿†›\ufffd€‹§~ ")), max_size=4))
def test_no_clean_text_is_garbled(text: str) -> None:
    if tells(GARBLED, text):
        assert tells(NEVER_CLEAN, text)


def test_a_tidy_row_is_not_suspected() -> None:
    row = "~".join(["2015-0022778", "Nørrebro", "Team 2", "§ 52, stk. 3, nr. 7", "14-10-2015", "Nej"])
    assert not tells(frame_cells.SUSPECT, row)
