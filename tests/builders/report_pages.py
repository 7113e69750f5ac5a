"""A report with everything that a page can hold: both kinds of charts, a page in words, a field to fill in."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from tests.builders.reports import material
from tilsyn.formats.reports.page import DrawControl, DrawPrint
from tilsyn.reports.edition import build
from tilsyn.reports.parts import Block, Chart, ChartPoint, Column, HeadFigure, Report, Sheet, Summary

CONTROL = DrawControl(
    [DrawPrint("bbu/2018-Q2/level-2", "0f" * 32, "ab" * 32)],
    "dossier/kontrol.html",
    "tilsyn dossier --period 2018-Q2 --without-ids",
)
SHARES = [Column("Runde", "text", 20), *(Column(name, "share", 10) for name in ("Nu", "Fra", "Til", "Før"))]


def points(count: int) -> list[ChartPoint]:
    """Return so many points, one of them without a figure and one without an interval."""
    made = [
        ChartPoint(f"{1 + n % 4}. kvartal {2010 + n // 4}", n / count, n / count / 2, (n + 1) / count, 0.5)
        for n in range(count)
    ]
    if count > 4:
        made[1] = ChartPoint(made[1].name, None, None, None)
        made[3] = replace(made[3], low=None, high=None, before=None)
    return made


def chart_sheet(kind: str, drawn: list[ChartPoint], key: str = "") -> Sheet:
    """Return a sheet of figures with its chart."""
    chart = Chart(
        "Overholdt", "Fra 0 til 98 procent.", 0, 1, 4, drawn, "rounds" if kind == "rounds" else "rows"
    )
    rows = []
    for point in drawn:
        shares = (point.value, point.low, point.high, point.before)
        rows.append([point.name, *("." if share is None else share for share in shares)])
    title = f"Overholdt, {kind}"
    return Sheet(
        title, title, ["Fra 0 til 100."], SHARES, rows, key or kind, chart, kind == "rows", layer="figures"
    )


@cache
def _built(public: bool) -> Report:
    return build(material(), public)


def full_report(public: bool = False, name: str = "Afgørelsen") -> Report:
    """Return a report of a preliminary round, in which `name` stands wherever a text can."""
    report = _built(public)
    drawn = points(40)
    drawn[0] = replace(drawn[0], name=name)
    named = Sheet(name, name, [name], [Column(name, "long", 20)], [[name]], "named")
    figures = [
        HeadFigure(name, "92 af 100", "mellem 90 og 94", "90 af 100 i 4. kvartal 2017"),
        HeadFigure("Sager, hvor alt er overholdt", "54 af 100", "mellem 43 og 65"),
    ]
    blocks = [
        Block(
            "better", "Bedre end sidst", [f"{name} steg fra 61 til 92 %.", "Fristen steg fra 70 til 85 %."]
        ),
        Block("worse", name, ["Klagevejledning faldt fra 98 til 61 %."]),
        Block("actions", "Det gør forvaltningen"),
    ]
    sheets = [
        chart_sheet("rows", drawn[:6]),
        chart_sheet("rounds", drawn, "all_rounds"),
        *report.sheets,
        named,
    ]
    return replace(
        report,
        sheets=sheets,
        summary=Summary(f"Loven er overholdt i 92 af 100 tilfælde; {name}", figures, blocks),
        preliminary=f"FORELØBIG: {name} mangler.",
        anchor="12:0123456789abcdef",
    )
