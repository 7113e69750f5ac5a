from hypothesis import given
from hypothesis import strategies as st

from tilsyn.formats.checklists.text_size import PADDING, fitted, lines, width

SIZE, ROOM = 8.5, 120.0
TEXTS = st.lists(st.text("abc mWÆ·,", max_size=40), max_size=12).map(" ".join)


@given(TEXTS, st.integers(1, 4))
def test_a_fitted_text_takes_no_more_lines_and_is_the_beginning(text: str, most: int) -> None:
    shown = fitted(text, ROOM, SIZE, most)
    whole = " ".join(text.split())
    assert lines(shown, ROOM, SIZE) <= most
    assert width(shown, SIZE) <= most * (ROOM - PADDING)
    assert whole.startswith(shown.removesuffix("…"))
    assert (shown == whole) is (lines(whole, ROOM, SIZE) <= most)
