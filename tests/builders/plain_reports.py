"""A made-up report in the shape that the workbook and the page are written from: every layer, every chart."""

from __future__ import annotations

from datetime import date
from typing import Any

from tilsyn.reports.parts import (
    Block,
    Chart,
    ChartPoint,
    Column,
    HeadFigure,
    Report,
    Sheet,
    Summary,
    Value,
)

QUESTIONS = (
    ("Blev underretningen vurderet inden for 24 timer?", 41, 0.87, 0.79, 0.93, 0.90, "uændret"),
    ("Fik barnet tilbudt en samtale?", 38, 0.61, 0.50, 0.71, 0.98, "klart dårligere"),
    ("Står der klagevejledning i afgørelsen, og er den rigtig efter reglerne, der gælder fra 1. juli?", 40, 1.0, 0.93, 1.0, 0.95, "for få sager til en vurdering"),
    ("Blev handleplanen lavet, før foranstaltningen begyndte?", 3, None, None, None, None, "for få sager til en vurdering"),
    ("Er der fulgt op senest efter tre måneder?", 22, 0.0, 0.0, 0.09, 0.02, "uændret"),
)  # fmt: skip


def plain_report(**changes: Any) -> Report:
    """Return the whole report, with changes of its own fields."""
    values: dict[str, Any] = {
        "title": "Ledelsestilsyn, 2. kvartal 2018. Niveau 2",
        "subtitle": "Prøve Kommune. 85 af 100 trukne sager er gennemgået af områdecheferne sammen med områdets jurist.",
        "warnings": [],
        "sheets": [steps(), units(), rounds(), annex(), data()],
        "organisation": "Prøve Kommune",
        "language": "da",
        "public": False,
        "day": date(2018, 9, 5),
        "anchor": "12:0123456789abcdef",
        "preliminary": "FORELØBIG: Amager mangler; tallene siger intet om sagerne derfra.",
        "summary": summary(),
    }
    return Report(**(values | changes))


def summary(**changes: Any) -> Summary:
    """Return the page for the committee."""
    values: dict[str, Any] = {
        "title": "Loven er overholdt i 92 af 100 tilfælde; klagevejledning er blevet klart dårligere",
        "figures": [
            HeadFigure("Loven er overholdt", "92 af 100", "mellem 89 og 95 af 100", "4. kvartal 2017: 90 af 100"),
            HeadFigure("Sager, hvor alt er overholdt", "41 af 100", "mellem 32 og 51 af 100", "4. kvartal 2017: 44 af 100"),
            HeadFigure("Børnene er hørt", "61 af 100", "mellem 50 og 71 af 100", "4. kvartal 2017: 98 af 100"),
        ],
        "blocks": [
            Block("better", "Det er blevet bedre", [f"Vurderingen inden for 24 timer steg fra {n} til 95 %, og det er mere, end tilfældigheder kan forklare." for n in (60, 70, 80, 84)]),
            Block("attention", "Det kræver opmærksomhed", [f"Klagevejledning faldt fra 98 til {n} %; i 15 af de 38 gennemgåede afgørelser stod der ingen eller en forkert." for n in (61, 65, 70, 71)]),
            Block("critical", "Kritiske fejl", ["I 2 sager var barnets sikkerhed ikke vurderet; begge er rettet op samme dag."]),
            Block("missing", "Hvem mangler", ["Amager har ikke afleveret; tallene siger intet om sagerne derfra, og de kan flytte det samlede tal til mellem 84 og 96 af 100."]),
            Block("levels", "Er læserne enige", ["De to niveauer er enige om 93 af 100 svar i de samme sager."]),
            Block("answer", "Det gør forvaltningen"),
            Block("next", "Næste rapport", ["Den kommer i december 2018 og handler om 3. kvartal."]),
        ],
    }  # fmt: skip
    return Summary(**(values | changes))


def steps() -> Sheet:
    """Return a sheet of figures as wide as they get, its chart below the table."""
    columns = [
        Column("Spørgsmål", "long", 34),
        Column("Overholdt", "text", 11),
        Column("Procent", "share", 9),
        Column("Mellem", "text", 13),
        Column("Sidst", "share", 8),
        Column("Ændring", "points", 9),
        Column("Vurdering", "text", 17),
        Column("Lovlig grund", "count", 8),
        Column("Bemærkning", "text", 16),
    ]
    rows: list[list[Value]] = []
    for text, n, value, low, high, before, verdict in QUESTIONS:
        shown = value is not None
        rows.append([
            text,
            f"{round(n * (value or 0))} af {n}" if shown else "..",
            value if shown else "..",
            f"{low:.0%}–{high:.0%}" if shown else "..",
            before if shown else ".",
            (value - before) * 100 if value is not None and before is not None else ".",
            verdict,
            0,
            "" if shown else "ingen sager fra Døgnvagten",
        ])  # fmt: skip
    points = [
        ChartPoint(text, value, low, high, before) for text, _, value, low, high, before, _ in QUESTIONS
    ]
    chart = Chart(
        "Overholdt pr. spørgsmål", "Punkter med intervaller: Overholdt pr. spørgsmål.", 0, 2, 4, points
    )
    lines = [
        "Tallene er vejet, så hver enhed fylder, hvad dens sager fylder. To punktummer (..): for få sager til et tal."
    ]
    return Sheet(
        "Sagsskridt", "Underretning og undersøgelse", lines, columns, rows, "steps", chart, layer="figures"
    )


def units(names: tuple[str, ...] = ("Amager", "Bispebjerg", "Døgnvagten", "Nørrebro", "Ørestad")) -> Sheet:
    """Return a narrow sheet of figures, its chart beside the table, a row without any figure."""
    columns = [
        Column("Enhed", "text", 22),
        Column("Sager", "count", 8),
        Column("Overholdt", "share", 11),
        Column("Mellem", "text", 13),
        Column("Sidst", "share", 9),
    ]
    points = [
        ChartPoint(name, None if n == 2 else 0.95 - n % 7 * 0.06, 0.88 - n % 7 * 0.06, min(1.0, 0.99 - n % 7 * 0.05), 0.9 - n % 5 * 0.1)
        for n, name in enumerate(names)
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [p.name, 20, ".." if p.value is None else p.value, ".." if p.value is None else f"{p.low:.0%}–{p.high:.0%}", ".." if p.before is None else p.before]
        for p in points
    ]  # fmt: skip
    chart = Chart("Overholdt pr. enhed", "Punkter med intervaller: Overholdt pr. enhed.", 0, 2, 4, points)
    return Sheet(
        "Enheder",
        "Enhederne, i alfabetisk orden",
        ["Enhederne er ikke rangordnet."],
        columns,
        rows,
        "units",
        chart,
        layer="figures",
    )


def rounds(count: int = 8) -> Sheet:
    """Return a sheet of figures with a chart over time; the third round has no figure."""
    columns = [
        Column("Periode", "text", 18),
        Column("Sager", "count", 8),
        Column("Overholdt", "share", 11),
        Column("Mellem", "text", 13),
        Column("Bemærkning", "long", 40),
    ]
    points = []
    for n in range(count):
        value = None if n == 2 else 0.7 + n % 9 * 0.03
        points.append(
            ChartPoint(
                f"{n % 4 + 1}. kvt. {2010 + n // 4}",
                value,
                (value or 0) - 0.06,
                min(1.0, (value or 0) + 0.05),
            )
        )
    rows: list[list[Value]] = [
        [p.name, 100, ".." if p.value is None else p.value, ".." if p.value is None else f"{p.low:.0%}–{p.high:.0%}", "nye spørgsmål" if n == 4 else ""]
        for n, p in enumerate(points)
    ]  # fmt: skip
    chart = Chart("Overholdt over tid", "Kurve over tid: Overholdt.", 0, 2, None, points, "rounds")
    return Sheet(
        "Udvikling", "Udviklingen over alle runder", [], columns, rows, "rounds", chart, layer="figures"
    )


def annex() -> Sheet:
    """Return an upright sheet of the annex, with a number of every kind."""
    columns = [
        Column("Spørgsmål", "long", 40),
        Column("p-værdi", "p", 9),
        Column("Effektivt antal", "number", 10),
        Column("Ændring", "points", 10),
        Column("Andel", "share", 9),
    ]
    rows: list[list[Value]] = [
        ["=HYPERLINK(1)", 0.0000004, 12.3000000000002, -0.0400001, 0.1 + 0.2],
        ["@SUM(A1)", 0.04, 7.0, 3.25, "."],
        ["+1", ".", None, ".", 1.0],
    ]
    return Sheet(
        "Alle spørgsmål",
        "Alle spørgsmål",
        ["Metoden står i et ark for sig."],
        columns,
        rows,
        "questions",
        portrait=True,
    )


def data(count: int = 12) -> Sheet:
    """Return the tidy table with names for its columns."""
    columns = [
        Column("maal", "id", 14),
        Column("enhed", "id", 18),
        Column("periode", "id", 12),
        Column("n", "count", 8),
        Column("andel", "share", 9),
    ]
    rows: list[list[Value]] = [
        ["lov_fulgt", f"Enhed {n}", "2018-Q2", 20, 0.5 + n / 100] for n in range(count)
    ]
    named = {"data_maal": 0, "data_andel": 4}
    return Sheet("Data", "Data", ["Hver række er ét tal."], columns, rows, "data", named=named)
