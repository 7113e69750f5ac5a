"""The report as one web page, whole in itself and without scripts: page one in words, figures, annex."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from string import Template

from tilsyn.base.language import say
from tilsyn.base.privacy import refuse_cpr
from tilsyn.formats.reports.page_chart import chart_markup
from tilsyn.formats.reports.page_words import NUMERIC, shown, style_text, text
from tilsyn.reports.parts import Block, Column, Report, Sheet, Value

LAYERS = ("figures", "annex")
# A table with more columns than this is printed small.
_FITS = 9
# A table with more rows than this scrolls by itself, under its headings.
_LONG = 60


@dataclass(frozen=True)
class DrawPrint:
    """What a draw is known by: its id, the fingerprints of its case list and of its `draw.json`."""

    draw_id: str
    commitment: str
    sha256: str


@dataclass(frozen=True)
class DrawControl:
    """How to check the draws: by the dossier's page at `link`, else by the one that `command` makes."""

    draws: Sequence[DrawPrint]
    link: str
    command: str


def page_bytes(report: Report, control: DrawControl | None, known: Collection[str] = ()) -> bytes:
    """Return the report as HTML; the same report and control give the same bytes.

    `known` are texts that are no CPR numbers whatever they look like.
    """
    refuse_cpr(asdict(report), f"{report.title}.html", {report.anchor, *known})
    template = (files("tilsyn.formats.reports") / "page.html").read_text("utf-8")
    layers = {layer: [sheet for sheet in report.sheets if sheet.layer == layer] for layer in LAYERS}
    layers = {layer: sheets for layer, sheets in layers.items() if sheets}
    named = [("summary", say("web.summary")), *((layer, say(f"web.{layer}")) for layer in layers)]
    if control is not None:
        named.append(("control", say("web.control")))
    filled = {
        "lang": text(report.language),
        "title": text(report.title),
        "organisation": text(report.organisation),
        "running": _running(report),
        "skip": text(say("web.skip")),
        "layers_label": text(say("web.layers")),
        "layers": "".join(f"<li>{_link(key, name)}</li>" for key, name in named),
        "banners": _lines("p", _banners(report), "banner"),
        "summary": _summary(report),
        "contents": _contents(report.sheets),
        "sheets": "\n".join(_layer(layer, sheets, report) for layer, sheets in layers.items()),
        "control": "" if control is None else _control(control),
        "anchor": report.anchor and f"<p>{text(say('report.anchor', anchor=report.anchor))}</p>",
    }
    return Template(template).substitute(filled).encode("utf-8")


def _banners(report: Report) -> list[str]:
    """What must be seen first."""
    confidential = "" if report.public else say("web.confidential")
    return [line for line in (report.preliminary, confidential, *report.warnings) if line]


def _running(report: Report) -> str:
    """What stands in the margins of every page on paper."""
    head = " · ".join(
        filter(None, ["" if report.public else say("web.confidential_short"), report.preliminary])
    )
    pages = f'{style_text(say("web.page") + " ")} counter(page) " / " counter(pages)'
    boxes = {
        "top-center": f"{style_text(head)}; font-weight: bold" if head else '""',
        "bottom-left": style_text(f"{report.organisation}. {report.title}"),
        "bottom-center": style_text(report.anchor and say("report.footer_anchor", anchor=report.anchor)),
        "bottom-right": pages,
    }
    return " ".join(f"@{box} {{ font-size: 8pt; content: {content}; }}" for box, content in boxes.items())


def _summary(report: Report) -> str:
    """The page for the committee."""
    summary = report.summary
    parts = [f"<h1>{text(summary.title)}</h1>", f'<p class="soft">{text(report.subtitle)}</p>']
    if summary.figures:
        parts.append('<ul class="figures">')
        for figure in summary.figures:
            before = f'<span class="soft">{text(figure.before)}</span>' if figure.before else ""
            parts.append(
                f"<li><span>{text(figure.label)}</span><strong>{text(figure.value)}</strong>"
                f"<span>{text(figure.range)}</span>{before}</li>"
            )
        parts.append("</ul>")
    parts += map(_block, summary.blocks)
    return _section("summary", parts)


def _block(block: Block) -> str:
    heading = f"<h2>{text(block.heading)}</h2>"
    if not block.sentences:
        return f'{heading}\n<p class="by-hand soft">{text(say("web.by_hand"))}</p>'
    if len(block.sentences) == 1:
        return f"{heading}\n<p>{text(block.sentences[0])}</p>"
    return f"{heading}\n<ul>{_lines('li', block.sentences)}</ul>"


def _contents(sheets: Sequence[Sheet]) -> str:
    heading = text(say("report.contents_heading"))
    links = (_link(f"sheet-{sheet.key}", sheet.title) for sheet in sheets)
    items = "".join(f"<li>{link}</li>" for link in links)
    return (
        '<nav class="contents" aria-labelledby="contents">\n'
        f'<h2 id="contents">{heading}</h2>\n<ol>{items}</ol></nav>'
    )


def _layer(layer: str, sheets: Sequence[Sheet], report: Report) -> str:
    # The heading goes with the first sheet: paper of another kind would be a page of its own.
    heading = f'<h2 class="{_paper(sheets[0])}">{text(say(f"web.{layer}"))}</h2>'
    parts = [heading, *(_sheet(sheet, report) for sheet in sheets)]
    return _section(layer, parts, f"layer {layer}-layer")


def _sheet(sheet: Sheet, report: Report) -> str:
    parts = [
        # Not every browser prints what is to stand in the margins.
        _lines("p", filter(None, [report.preliminary]), "on-paper"),
        f'<h3 id="sheet-{text(sheet.key)}">{text(sheet.title)}</h3>',
        _lines("p", sheet.lines),
    ]
    if sheet.chart is not None:
        parts.append(chart_markup(sheet, sheet.chart, report.public))
    parts.append(_table(sheet, report.public) if sheet.rows else f"<p>{text(say('web.no_rows'))}</p>")
    crowded = " crowded" if len(sheet.columns) > _FITS else ""
    crowded += " on-screen" if sheet.named else ""
    return (
        f'<section class="sheet {_paper(sheet)}{crowded}">\n'
        + "\n".join(filter(None, parts))
        + "\n</section>"
    )


def _paper(sheet: Sheet) -> str:
    """Return how the sheet lies on paper."""
    return "upright" if sheet.portrait else "across"


def _table(sheet: Sheet, public: bool) -> str:
    """A table that scrolls by itself where it is too wide, with the keyboard too."""
    name = f"table-{sheet.key}"
    head = "".join(
        f'<th scope="col" class="{_kind(column)}">{text(column.heading)}</th>' for column in sheet.columns
    )
    rows = [f"<tr>{_cells(row, sheet.columns, public)}</tr>" for row in sheet.rows]
    caption = text(say("web.table", name=sheet.name))
    kind = "wide tall" if len(rows) > _LONG else "wide"
    return (
        f'<div class="{kind}" role="region" tabindex="0" aria-labelledby="{name}">\n'
        f'<table><caption id="{name}">{caption}</caption>\n<thead><tr>{head}</tr></thead>\n'
        "<tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>"
    )


def _cells(row: Sequence[Value], columns: Sequence[Column], public: bool) -> str:
    """A row's cells; the first is the row's heading, where there is anything in it."""
    cells = []
    for place, (value, column) in enumerate(zip(row, columns, strict=True)):
        told = text(shown(value, column.kind, public))
        heading = place == 0 and told
        start, end = ('<th scope="row"', "</th>") if heading else ("<td", "</td>")
        cells.append(f'{start} class="{_kind(column)}">{told}{end}')
    return "".join(cells)


def _kind(column: Column) -> str:
    return "number" if column.kind in NUMERIC else column.kind


def _control(control: DrawControl) -> str:
    """How anybody may check the draws, and what they are known by."""
    if control.link:
        opened = f'<p><a href="{text(control.link)}">{text(say("web.control_open"))}</a></p>'
        parts = [f"<p>{text(say('web.control_text'))}</p>", opened]
    else:
        parts = [f"<p>{text(say('web.control_none', command=control.command))}</p>"]
    parts.append(f"<p>{text(say('web.control_prints'))}</p>")
    columns = [Column(say(f"web.control_{name}"), "text", 40) for name in ("draw", "commitment", "sha256")]
    rows = [(draw.draw_id, draw.commitment, draw.sha256) for draw in control.draws]
    parts.append(_table(Sheet(say("web.control_draws"), "", (), columns, rows, "draws"), public=True))
    return _section("control", [f"<h2>{text(say('web.control'))}</h2>", *parts], "layer")


def _section(key: str, parts: Iterable[str], kind: str = "") -> str:
    return f'<section id="{key}" class="{kind}">\n' + "\n".join(filter(None, parts)) + "\n</section>"


def _link(key: str, name: str) -> str:
    return f'<a href="#{text(key)}">{text(name)}</a>'


def _lines(tag: str, texts: Iterable[str], kind: str = "") -> str:
    """Return a text per element."""
    start = f'<{tag} class="{kind}">' if kind else f"<{tag}>"
    return "\n".join(f"{start}{text(line)}</{tag}>" for line in texts)
