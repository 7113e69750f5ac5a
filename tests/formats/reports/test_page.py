"""The report's page: whole in itself, with every figure of the report, and nothing in it that is markup but its own."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.builders.colours import contrast, schemes
from tests.builders.report_pages import CONTROL, chart_sheet, full_report, points
from tests.builders.reports import material
from tilsyn.base.language import LANGUAGES, using
from tilsyn.base.problems import Refused
from tilsyn.formats.reports.page import page_bytes
from tilsyn.formats.reports.page_words import shown
from tilsyn.reports.edition import build
from tilsyn.reports.parts import ChartPoint, Column, Report, Sheet

HOSTILE = "</style></title></script><img src=x onerror=alert(1)> & \"A\" 'B' ${title} <!-- \u0007"
EMPTY = {"meta", "img", "line", "rect", "link", "input"}


class Read(HTMLParser):
    """The tags of a page with their attributes, its texts, and whether each tag is closed where it should be."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(data.decode("utf-8"))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"] and data.strip():
            self.texts.append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def report() -> Report:
    return full_report()


@pytest.fixture(scope="module")
def page(report: Report) -> Read:
    return Read(page_bytes(report, None))


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert page_bytes(report, None) == page_bytes(full_report(), None)


def test_it_fetches_nothing_and_runs_nothing(report: Report) -> None:
    text = page_bytes(report, CONTROL).decode()
    assert not re.search(r"<script|src=|url\(|@import|https?:|<form|\bon[a-z]+=", text)
    assert "default-src 'none'" in text


@pytest.mark.parametrize("public", [False, True])
def test_every_text_and_figure_of_the_report_stands_in_it(public: bool) -> None:
    report = full_report(public)
    told = Read(page_bytes(report, CONTROL if public else None)).texts
    texts = [report.summary.title, report.subtitle, report.preliminary]
    texts += [text for f in report.summary.figures for text in (f.label, f.value, f.range, f.before)]
    texts += [text for block in report.summary.blocks for text in (block.heading, *block.sentences)]
    for sheet in report.sheets:
        texts += [sheet.title, *sheet.lines, *(column.heading for column in sheet.columns)]
        for row in sheet.rows:
            kinds = zip(row, sheet.columns, strict=True)
            texts += [shown(value, column.kind, public) for value, column in kinds]
    assert {text.strip() for text in texts if text} - set(told) == set()


def test_tables_are_tables(report: Report, page: Read) -> None:
    assert len(page.all("table")) == len(page.all("caption")) == len(report.sheets)
    assert {cell.get("scope") for cell in page.all("th")} == {"col", "row"}
    regions = [tag for tag in page.all("div") if tag.get("role") == "region"]
    assert len(regions) == len(page.all("table"))
    assert {tag["tabindex"] for tag in regions} == {"0"}


def test_a_row_whose_first_cell_is_empty_has_no_heading() -> None:
    sheet = Sheet(
        "A", "A", (), [Column("Nr.", "id", 5), Column("Andel", "share", 5)], [["", 0.5], ["1", 1]], "a"
    )
    page = Read(page_bytes(replace(full_report(), sheets=[sheet]), None))
    assert [tag.get("scope") for tag in page.all("th")] == ["col", "col", "row"]
    assert len(page.all("td")) == 3


def test_every_link_leads_to_its_place_and_every_name_is_there_once(page: Read) -> None:
    names = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(names) == len(set(names))
    links = [str(tag["href"]) for tag in page.all("a")]
    assert {link.removeprefix("#") for link in links} <= set(names)
    labels = [str(tags["aria-labelledby"]).split() for _, tags in page.tags if "aria-labelledby" in tags]
    assert {name for label in labels for name in label} <= set(names)


def test_nothing_in_a_name_is_markup() -> None:
    data = page_bytes(full_report(name=HOSTILE), CONTROL)
    plain, named = Read(page_bytes(full_report(), CONTROL)), Read(data)
    assert [tag for tag, _ in named.tags] == [tag for tag, _ in plain.tags]
    assert HOSTILE.replace("\u0007", "").strip() in named.texts
    # The style sheet, where it stands too, is one.
    assert data.count(b"</style>") == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_in_its_language(lang: str) -> None:
    with using(lang):
        page = Read(page_bytes(build(material(), public=True), CONTROL))
    assert page.all("html") == [{"lang": lang}]
    assert ("Åbn kontrolsiden" in page.texts) == (lang == "da")


def test_the_internal_edition_is_confidential_and_the_public_one_is_not(page: Read) -> None:
    assert [text for text in page.texts if text.startswith("FORTROLIGT")]
    assert b"FORTROLIGT" not in page_bytes(full_report(public=True), CONTROL)


def test_a_preliminary_report_says_so_on_every_page(report: Report) -> None:
    said = report.preliminary
    page = Read(page_bytes(report, None))
    # Above all, and on paper with every sheet, in margins that repeat it, and where those are not printed.
    assert page.texts.count(said) == 1 + len(report.sheets)
    running = re.search(r"@top-center \{.*?\}", page_bytes(report, None).decode())
    assert running is not None
    assert "mangler" in running[0]
    assert said not in Read(page_bytes(replace(report, preliminary=""), None)).texts


def test_an_empty_block_is_a_field_to_fill_in(page: Read) -> None:
    place = page.texts.index("Det gør forvaltningen")
    assert page.texts[place + 1] == "Udfyldes i hånden."


def test_without_a_dossier_it_links_to_none_and_says_how_to_make_it() -> None:
    told = Read(page_bytes(full_report(public=True), replace(CONTROL, link="")))
    assert CONTROL.link not in {tag["href"] for tag in told.all("a")}
    assert any(CONTROL.command in text for text in told.texts)
    linked = Read(page_bytes(full_report(public=True), CONTROL))
    assert CONTROL.link in {tag["href"] for tag in linked.all("a")}
    for draw in CONTROL.draws:
        assert {draw.draw_id, draw.commitment, draw.sha256} <= set(linked.texts) & set(told.texts)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_its_colours_have_the_contrast_that_reading_takes(report: Report, scheme: int) -> None:
    colours = schemes(page_bytes(report, None).decode())[scheme]
    pairs = [*itertools.product(("ink", "soft", "link"), ("paper", "panel")), ("ink", "note-back")]
    assert {pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5} == set()


def test_something_like_a_cpr_number_is_never_written() -> None:
    with pytest.raises(Refused, match="99"):
        page_bytes(full_report(name="Sagen om 999999-9999 og 010199-0000"), None)


def charted(kind: str, drawn: list[ChartPoint]) -> Read:
    return Read(page_bytes(replace(full_report(), sheets=[chart_sheet(kind, drawn)]), None))


@pytest.mark.parametrize("count", [0, 1, 2, 6, 40])
def test_a_chart_over_time_has_its_points_and_a_gap_where_there_is_none(count: int) -> None:
    page = charted("rounds", points(count))
    known = [point for point in points(count) if point.value is not None]
    # And the one of the legend.
    assert len(page.all("rect")) == (len(known) + 1 if count else 0)
    lines = [tag for tag in page.all("line") if tag["class"] == "path"]
    assert len(lines) == max(0, count - 1 - (2 if count > 4 else 0))
    assert len([tag for tag in page.all("text") if tag.get("text-anchor") != "end"]) <= 4


def test_marks_stand_where_the_figures_are() -> None:
    page = charted("rows", [ChartPoint("A", 0.25, 0.1, 0.4, 0.9)])
    assert page.all("rect")[0]["x"] == "25.00%"
    interval = next(tag for tag in page.all("line") if tag["class"] == "range")
    assert (interval["x1"], interval["x2"]) == ("10.00%", "40.00%")
    assert "25,0 %, mellem 10,0 % og 40,0 %; Før: 90,0 %" in page.texts
    above = charted("rounds", [ChartPoint("A", 1.0, None, None), ChartPoint("B", 0.0, None, None)])
    heights = [float(str(tag["y"])) for tag in above.all("rect")[:2]]
    assert heights[0] < heights[1]
