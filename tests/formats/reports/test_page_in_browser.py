"""The report's page as it is read: by those who see little, in a narrow window, with the keyboard, on paper."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import browser
from tests.builders.browser import Browser
from tests.builders.report_pages import CONTROL, full_report
from tilsyn.formats.reports.page import page_bytes

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Run the browser once for all tests, with the public page open."""
    folder = tmp_path_factory.mktemp("page")
    file = folder / "level-2-public.html"
    file.write_bytes(
        page_bytes(full_report(public=True, name="Børne- og ungdomsforvaltningens<br>Enhed"), CONTROL)
    )
    with browser.running(folder / "profile") as running:
        running.open(file)
        yield running


@pytest.mark.parametrize(
    ("width", "scheme"), [(320, "light"), (320, "dark"), (1200, "light"), (1200, "dark")]
)
def test_axe_finds_nothing_and_the_page_is_no_wider_than_the_window(
    tab: Browser, width: int, scheme: str
) -> None:
    tab.see_as(width, scheme)
    assert tab.violations() == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_reaches_the_content_first_and_every_wide_table(tab: Browser) -> None:
    tab.see_as(320, "light")
    tab.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    tab.press("Tab", 9)
    assert tab.evaluate("document.activeElement.hash") == "#main"
    cannot = "[...document.querySelectorAll('.wide')].filter((place) => (place.focus(), document.activeElement !== place)).length"
    assert tab.evaluate(cannot) == 0


def test_every_page_on_paper_says_what_it_is(tab: Browser, tmp_path: Path) -> None:
    printed = tab.call("Page.printToPDF", preferCSSPageSize=True)["data"]
    (tmp_path / "page.pdf").write_bytes(base64.b64decode(printed))
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    *pages, _ = text.split("\f")
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert "FORELØBIG" in page
        assert f"Side {number} / {len(pages)}" in page
        assert "12:0123456789abcdef" in page
