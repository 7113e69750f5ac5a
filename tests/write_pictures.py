"""Make the pictures of docs/vejledning from the demonstration and the example (`make pictures`).

With LibreOffice and poppler-utils; the web page with Chromium.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.builders import browser
from tests.builders.guides import FOLDER
from tests.builders.libreoffice import resaved
from tilsyn.cli.app import run

# Pixels to an inch: what can be read, and takes little room.
_RESOLUTION = 75
_WEB_PAGE = Path(__file__).parent.parent / "reports" / "example" / "level-2-public.html"


@dataclass(frozen=True)
class Picture:
    """A part of a page of a workbook, in pixels from the page's upper left corner."""

    name: str
    workbook: str
    page: int
    width: int
    height: int


PICTURES = (
    Picture("oversigt", "checklists/2017-Q4/level-2/doegnvagten.xlsx", 1, 877, 330),
    Picture("sag", "checklists/2017-Q4/level-2/doegnvagten.xlsx", 8, 620, 410),
    Picture("rapport", "reports/2018-Q2/level-2-public.xlsx", 1, 620, 877),
)


def write(demonstration: Path) -> None:
    """Write the pictures of a demonstration that was made."""
    with tempfile.TemporaryDirectory() as folder:
        for picture in PICTURES:
            page = resaved(demonstration / picture.workbook, Path(folder), "pdf")
            command = ["pdftoppm", "-png", "-singlefile", "-r", str(_RESOLUTION), "-f", str(picture.page)]
            size = ["-x", "0", "-y", "0", "-W", str(picture.width), "-H", str(picture.height)]
            subprocess.run([*command, *size, str(page), str(FOLDER / picture.name)], check=True)


def write_web_page() -> None:
    """Write the picture of the example's page on the web: its first window."""
    with tempfile.TemporaryDirectory() as folder, browser.running(Path(folder)) as tab:
        tab.see_as(1000, "light")
        tab.open(_WEB_PAGE)
        tab.screenshot(FOLDER / "webside.png", height=800)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run(["demo", f"{folder}/demo", "--quiet"])
        write(Path(folder) / "demo")
    write_web_page()
