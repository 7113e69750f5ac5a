"""Lists of complaints as people keep them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tilsyn.base.problems import InputError
from tilsyn.formats.complaints import read_complaints
from tilsyn.settings.parsing import parse_settings
from tilsyn.settings.schema import Settings

TODAY = date(2018, 7, 3)
PLAN = '[[plan]]\nvalid_from = 2018-01-01\nquestion_set = "serviceloven"\n[plan.levels.2]\ncadence = "quarter"\nper_unit = 2\n'
HEADINGS = "Sagsnr;Modtaget;Kvitteret;Besvaret;Klagetype;Udfald"


def settings(more: str = "") -> Settings:
    return parse_settings(more + PLAN)


def problems(tmp_path: Path, *rows: str) -> list[tuple[str, str, int | None]]:
    path = tmp_path / "klager.csv"
    path.write_bytes("\n".join([HEADINGS, *rows, ""]).encode("cp1252"))
    found = read_complaints(settings(), path, TODAY)
    return [(problem.kind, problem.what, problem.row) for problem in found.problems]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("1;01-05-2018;02-05-2018;01-06-2018;Afgørelse;Medhold", []),
        ("1;2018-05-01;;;;", []),
        (" 1 ;1. maj 2018;;;;", []),
        (";01-05-2018;;;;", ["no_case"]),
        ("a|b;01-05-2018;;;;", ["bad_case"]),
        ("120374-6598;01-05-2018;;;;", ["cpr"]),
        ("1;01-05-2018;;;klage fra 120374-6598;", ["cpr"]),
        ("1;;;01-06-2018;;", ["no_received"]),
        ("1;31-02-2018;;;;", ["not_a_date"]),
        ("1;01-05-1018;;;;", ["not_a_date"]),
        ("1;01-05-2018;;snart;;", ["not_a_date"]),
        ("1;04-07-2018;;;;", ["in_future"]),
        ("1;01-05-2018;;30-04-2018;;", ["answered_first"]),
        ("1;01-05-2018;30-04-2018;;;", ["acknowledged_first"]),
        ("1;x;y;z;;", ["not_a_date", "not_a_date", "not_a_date"]),
    ],
)
def test_what_is_wrong_in_a_row(tmp_path: Path, row: str, found: list[str]) -> None:
    assert problems(tmp_path, row) == [("error", what, 2) for what in found]


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ("1;01-05-2018;;01-06-2018;AFGØRELSE;medhold", [("note", "twice", 3)]),
        ("1;01-05-2018;;02-06-2018;Afgørelse;Medhold", [("error", "contradictory", 3)]),
        ("1;01-05-2018;;;Afgørelse;", [("error", "contradictory", 3)]),
        ("1;01-05-2018;;01-06-2018;Tid;Medhold", []),
        ("1;02-05-2018;;01-06-2018;Afgørelse;Medhold", []),
        ("2;01-05-2018;;01-06-2018;Afgørelse;Medhold", []),
    ],
)
def test_complaints_that_stand_there_twice(
    tmp_path: Path, other: str, found: list[tuple[str, str, int]]
) -> None:
    assert problems(tmp_path, "1;01-05-2018;;01-06-2018;Afgørelse;Medhold", other) == found


@pytest.mark.parametrize("rows", [(), (";;;;;",)])
def test_a_list_without_complaints(tmp_path: Path, rows: tuple[str, ...]) -> None:
    assert problems(tmp_path, *rows) == []


@pytest.mark.parametrize(
    "headings",
    [
        "Sagsnummer;Klagedato;Svardato;Art;Resultat",
        "case_id;received;answered;kind;outcome",
        "Sags-id;Modtaget dato;Dato besvaret;Klagekategori;Klagens udfald;",
    ],
)
def test_usual_headings_are_recognised(tmp_path: Path, headings: str) -> None:
    path = tmp_path / "klager.csv"
    path.write_text(f"{headings}\n1;01-05-2018;01-06-2018;Tid;Medhold\n", "utf-8")
    (one,) = read_complaints(settings(), path, TODAY).complaints
    assert (one.case_id, one.received, one.answered) == ("1", date(2018, 5, 1), date(2018, 6, 1))
    assert (one.acknowledged, one.kind, one.outcome) == (None, "Tid", "Medhold")


def test_a_spreadsheet_with_a_title_and_marks_of_text(tmp_path: Path) -> None:
    path = tmp_path / "klager.xlsx"
    rows = [
        ["Klager 2018", *[None] * 5],
        HEADINGS.split(";"),
        ["'0017", date(2018, 5, 1), None, None, "Tid", None],
    ]
    pd.DataFrame(rows).to_excel(path, header=False, index=False)
    (one,) = read_complaints(settings(), path, TODAY).complaints
    assert (one.row, one.case_id, one.received) == (3, "0017", date(2018, 5, 1))


@pytest.mark.parametrize(
    ("columns", "headings", "found"),
    [
        ("", "Sagsnr;Dag;Besvaret", ["ingen overskrift ligner received"]),
        ("", "Nummeret;Dag;Slut", ["case_id", "received", "answered"]),
        ('received = "Dag"', "Sagsnr;Dag;Besvaret", []),
        ('received = "Dato"', "Sagsnr;Dag;Besvaret", ["»Dato«"]),
    ],
)
def test_columns_that_are_missing(tmp_path: Path, columns: str, headings: str, found: list[str]) -> None:
    path = tmp_path / "klager.csv"
    path.write_text(f"{headings}\n1;01-05-2018;\n", "utf-8")
    given = settings(f"[complaints.columns]\n{columns}\n")
    if not found:
        assert len(read_complaints(given, path, TODAY).complaints) == 1
        return
    with pytest.raises(InputError) as error:
        read_complaints(given, path, TODAY)
    assert len(error.value.problems) == len(found)
    assert all(text in problem.found for text, problem in zip(found, error.value.problems, strict=True))
    assert all("Dag" in problem.remedy for problem in error.value.problems)
