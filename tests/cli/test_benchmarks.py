"""Published figures of others: listed, shown beside one's own, added to, and kept by an update."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import Q2, review
from tilsyn.workspace.workspace import Workspace

OWN = "checklists/benchmarks-own.csv"
ROWS = "navn;spørgsmål;år;procent;sammenlignelig;kilde\nnabobyen;UND-01;2017;88,5;ja;nabobyens tilsyn\n"


@pytest.fixture
def reviewed(workspace: Workspace, tilsyn: CommandLine) -> CommandLine:
    """Return a folder with a reviewed draw of serviceloven."""
    review(workspace, workspace.draws.get(2, Q2))
    return tilsyn


def test_published_figures_stand_beside_ones_own_with_their_source(reviewed: CommandLine) -> None:
    reviewed.write(OWN, ROWS)
    line = "compliance --level 2 --period 2018-Q2"
    shown = reviewed(line).shown
    assert "│ 100,0 % │ landet 2023: 96 %" in shown
    assert "nabobyen 2017: 88,5 %" in shown
    assert "nabobyens tilsyn" in shown
    assert "landet 2024: 65 % (delvist sammenlignelig)" in shown
    assert "landet 2024: 75 %" not in shown
    told = reviewed(f"{line} --format json").json["benchmarks"]
    assert {(b["name"], b["period"]) for b in told if b["question"] == "UND-01" and b["shown"]} == {
        ("landet", "2023"),
        ("nabobyen", "2017"),
    }
    left_out = [(b["question"], b["period"], b["comparable"]) for b in told if not b["shown"]]
    assert left_out == [("PLN-01", "2019", "no"), ("OPF-01", "2024", "no")]
    rows = list(csv.DictReader(io.StringIO(reviewed(f"{line} --by unit --format csv").out)))
    beside = {row["domain"]: row["benchmarks"] for row in rows if row["question"] == "UND-01"}
    assert beside == {
        "all": "landet 2023: 96 %; nabobyen 2017: 88,5 %",
        "unit=Nord": "",
        "unit=Syd": "",
    }


def test_they_stand_in_the_report_and_one_that_cannot_be_compared_on_its_sheet_alone(
    reviewed: CommandLine,
) -> None:
    reviewed("report --level 2 --period 2018-Q2")
    for edition in ("internal", "public"):
        book = openpyxl.load_workbook(reviewed.root / f"reports/2018-Q2/level-2-{edition}.xlsx")
        texts = {
            sheet.title: [
                " | ".join(map(str, row)) for row in sheet.iter_rows(values_only=True) if row[0] is not None
            ]
            for sheet in book
        }
        (asked,) = [row for row in texts["Spørgsmål"] if "(OPF-01) |" in row]
        assert "landet 2020–2022: 50 % (delvist sammenlignelig)" in asked
        assert "75 %" not in asked
        listed = [row for row in texts["Sammenligningstal"] if row.startswith("OPF-01 |")]
        assert [("ikke sammenlignelig; kan efter" in row, "0.75" in row) for row in listed] == [
            (False, False),
            (True, True),
        ]
        assert "Borgerrådgiverens 77 anbringelsessager 2017: 0 %" in str(texts["Sagsskridt"])


def test_a_faulty_row_stops_the_report_and_says_what_to_do(reviewed: CommandLine) -> None:
    reviewed.write(OWN, ROWS.replace("88,5", "885"))
    for line in ("report --level 2 --period 2018-Q2", "catalogue benchmarks"):
        ended = reviewed(line, code=3)
        assert "benchmarks-own.csv, række 2, kolonne percent: »885« er ikke en procent" in ended.told
        assert "Skriv procenten som et tal" in ended.told
    assert reviewed.files("reports/**/*") == {}


def test_a_file_that_is_meant_to_be_one_is_never_passed_over(reviewed: CommandLine) -> None:
    reviewed.write("checklists/Benchmarks egne.csv", ROWS)
    told = reviewed("catalogue benchmarks --format json").json["benchmarks"]
    assert (len(told), told[-1]["file"]) == (25, "Benchmarks egne.csv")
    (reviewed.root / "checklists/benchmarks-own.xlsx").write_bytes(b"PK\x03\x04")
    ended = reviewed("catalogue benchmarks", code=3)
    assert "benchmarks-own.xlsx: filen er ikke en CSV-fil" in ended.told
    assert "gem den som CSV" in ended.told


def test_all_that_are_known_are_listed_also_without_a_workspace(tilsyn: CommandLine) -> None:
    told = tilsyn("catalogue benchmarks --format json").json["benchmarks"]
    assert (len(told), {one["file"] for one in told}) == (24, {"benchmarks.csv"})
    assert [one["period"] for one in told if one["comparable"] == "no"] == ["2019", "2024"]
    assert "Offentliggjorte tal (24)" in tilsyn("catalogue benchmarks").shown
    assert "the country 2024: 75%" in tilsyn("catalogue benchmarks --lang en").shown


def test_an_update_lays_the_shipped_figures_beside_and_keeps_own_rows(reviewed: CommandLine) -> None:
    reviewed("init other --name Testby --slug testby")
    shipped = (reviewed.root / "other/checklists/benchmarks.csv").read_text("utf-8")
    assert reviewed("catalogue update --format json").json["catalogues"][-1]["name"] != "benchmarks"
    newest = "OPF-01;serviceloven barnets-lov;opfølgning efter 3 måneder;follow-up after 3 months;2024;75"
    own = shipped.replace(newest, newest.replace("2024", "2029")).replace(";88;", ";89;")
    reviewed.write("checklists/benchmarks.csv", own + "nabobyen;;UND-01;;;;2017;88;yes;;;;;tilsyn\n")
    reviewed.write(OWN, ROWS.replace("2017", "2016"))
    before = reviewed.files("checklists/*.csv")
    (found,) = [
        one
        for one in reviewed("catalogue update --format json").json["catalogues"]
        if one["name"] == "benchmarks"
    ]
    assert (found["added"], found["changed"], found["retired"]) == (
        ["OPF-01 landet 2024"],
        ["UND-01 landet 2021"],
        [],
    )
    assert reviewed.files("checklists/*.csv") == before
    assert (reviewed.root / "checklists/shipped/benchmarks.csv").read_text("utf-8") == shipped
