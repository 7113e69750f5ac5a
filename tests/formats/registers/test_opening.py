"""Registers of every kind: CSV as people export it, spreadsheets, Parquet, databases, and files that are none."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from tilsyn.base.problems import InputError, Problem
from tilsyn.formats.registers import opening, sheet_rows, typed_cells
from tilsyn.formats.registers.opening import RegisterTable, read_register
from tilsyn.settings.schema import Register

COLUMNS = {"case_id": "Sagsnr", "unit": "Enhed", "opened": "Oprettet"}
TEXT = "Sagsnr;CPR-nr;Enhed;Oprettet\n1;010160-5123;Nørrebro;01-02-2018\n2;020260-5123;Østerbro;\n"
ROWS = [
    (2, "1", "Nørrebro", "01-02-2018"),
    (3, "2", "Østerbro", None),
]


def settings(**changed: Any) -> Register:
    return Register(**({"columns": COLUMNS} | changed))


def typed(url: str, query: str, **changed: Any) -> Register:
    """Return settings with an address that was typed, which may hold a password."""
    return settings(query=query, **changed).model_copy(update={"url": url})


def write(folder: Path, content: str | bytes, name: str = "sager.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def rows(table: RegisterTable) -> list[tuple[Any, ...]]:
    return table.relation.order('"row"').fetchall()


def problems(path: Path | None, given: Register | None = None) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_register(given or settings(), path)
    assert caught.value.exit_code == 3
    assert all(problem.remedy and problem.file for problem in caught.value.problems)
    return caught.value.problems


def workbook(folder: Path, sheets: dict[str, list[list[Any]]], name: str = "sager.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(folder / name)
    return folder / name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    assert rows(read_register(settings(), write(tmp_path, TEXT, encoding=encoding))) == ROWS


@pytest.mark.parametrize("encoding", ["cp850", "mac-roman", "windows-1252"])
def test_another_encoding_is_configured(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, TEXT, encoding=encoding)
    assert rows(read_register(settings(encoding=encoding), path)) == ROWS


def _parquet(path: Path, unit: str) -> None:
    duckdb.sql(f"""COPY (SELECT '1' AS "Sagsnr", '{unit}' AS "Enhed", '' AS "Oprettet")
        TO '{path}' (FORMAT parquet)""")


def _xlsx(path: Path, unit: str) -> None:
    workbook(path.parent, {"Sager": [["Sagsnr", "Enhed", "Oprettet"], ["1", unit, ""]]}, path.name)


def _csv(path: Path, unit: str, encoding: str) -> None:
    write(path.parent, TEXT.replace("Nørrebro", unit), path.name, encoding)


@pytest.mark.parametrize(
    ("name", "make", "reader"),
    [
        pytest.param("sager.csv", partial(_csv, encoding="utf-8"), "read_csv", id="utf-8"),
        pytest.param("sager.csv", partial(_csv, encoding="cp1252"), "read_csv", id="cp1252"),
        pytest.param("sager.csv", partial(_csv, encoding="utf-16"), "read_csv", id="utf-16"),
        pytest.param("sager.xlsx", _xlsx, "read_spreadsheet", id="xlsx"),
        pytest.param("sager.parquet", _parquet, "read_parquet", id="parquet"),
    ],
)
@pytest.mark.parametrize("after", ["hash", "reading"])
@pytest.mark.parametrize("how", ["replaced", "written", "removed"])
def test_a_file_that_is_changed_while_it_is_read_is_refused(
    name: str,
    make: Callable[[Path, str], None],
    reader: str,
    after: str,
    how: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, other = tmp_path / name, tmp_path / f"anden-{name}"
    make(path, "Nørrebro")
    make(other, "Vesterbro")
    # Written a second ago: the disk's clock may be a coarse one.
    os.utime(path, (path.stat().st_mtime - 1,) * 2)
    # What reads other kinds of files is imported when one is read.
    read_in = {"read_spreadsheet": sheet_rows, "read_parquet": typed_cells}
    there, changed = (opening, "file_hash") if after == "hash" else (read_in.get(reader, opening), reader)
    begun = getattr(there, changed)

    def meanwhile(*given: Any) -> Any:
        found = begun(*given)
        if how == "replaced":
            os.utime(other, (path.stat().st_mtime,) * 2)
            other.replace(path)
        elif how == "written":
            path.write_bytes(other.read_bytes())
        else:
            path.unlink()
        return found

    monkeypatch.setattr(there, changed, meanwhile)
    (told,) = problems(path)
    assert told.found == "filen blev ændret, mens den blev læst"
    assert "igen" in told.remedy
    assert told.file == name


def test_windows_quotes_are_not_latin_1(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.replace("Nørrebro", "Nørrebro – “ny” €"), encoding="cp1252")
    assert rows(read_register(settings(), path))[0][2] == "Nørrebro – “ny” €"


def test_bytes_that_are_no_text_in_the_configured_encoding(tmp_path: Path) -> None:
    found = problems(write(tmp_path, TEXT, encoding="cp1252"), settings(encoding="utf-8"))
    assert "utf-8" in found[0].found


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    assert rows(read_register(settings(), write(tmp_path, TEXT.replace(";", delimiter)))) == ROWS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    assert rows(read_register(settings(), write(tmp_path, TEXT.replace("\n", end)))) == ROWS


def test_line_ends_of_two_kinds(tmp_path: Path) -> None:
    text = "Sagsnr;Enhed;Oprettet\r\n1;A;\n2;B;\r\n3;C;\n"
    assert [row[:2] for row in rows(read_register(settings(), write(tmp_path, text)))] == [
        (2, "1"),
        (3, "2"),
        (4, "3"),
    ]


def test_only_mapped_columns_are_kept_and_headings_are_matched_without_case_and_space(tmp_path: Path) -> None:
    table = read_register(settings(), write(tmp_path, TEXT.replace("Sagsnr", " SAGSNR ")))
    assert table.relation.columns == ["row", "case_id", "unit", "opened"]
    assert table.headings["case_id"] == " SAGSNR "
    names = [
        row[0] for row in table.connection.execute("SELECT column_name FROM duckdb_columns()").fetchall()
    ]
    assert "CPR-nr" not in names


def test_rows_are_counted_as_a_person_sees_them(tmp_path: Path) -> None:
    text = 'Udtræk pr. 30-06-2018\n\nSagsnr;Enhed;Oprettet\n1;A;\n\n\n2;B;\n;;\n3;"C\n\nD";\n\n4;E;\n\n'
    found = rows(read_register(settings(), write(tmp_path, text)))
    assert [(row, case) for row, case, *_ in found] == [(4, "1"), (7, "2"), (9, "3"), (11, "4")]


def test_quotes(tmp_path: Path) -> None:
    text = 'Sagsnr;Enhed;Oprettet\n1;"Valby; Vesterbro";\n2;"Kgs. ""Enghave""";\n'
    assert [row[2] for row in rows(read_register(settings(), write(tmp_path, text)))] == [
        "Valby; Vesterbro",
        'Kgs. "Enghave"',
    ]


def test_ragged_rows_are_all_named(tmp_path: Path) -> None:
    text = "Sagsnr;Enhed;Oprettet\n1;A;\n2\n3;C;;x\n4;D;\n"
    assert [problem.row for problem in problems(write(tmp_path, text))] == [3, 4]


def test_an_open_quote_is_an_error_and_shows_no_data(tmp_path: Path) -> None:
    found = problems(write(tmp_path, 'Sagsnr;Enhed;Oprettet\n1;"Borger Hemmelig;\n2;B;\n'))
    assert "Hemmelig" not in "".join(problem.found + problem.remedy for problem in found)


def test_missing_headings_are_all_named_with_the_nearest(tmp_path: Path) -> None:
    found = problems(write(tmp_path, TEXT.replace("Sagsnr", "Sags nr").replace("Enhed", "Distrikt")))
    assert [problem.column for problem in found] == ["Sagsnr", "Enhed"]
    assert "»Sags nr«" in found[0].remedy


def test_headings_that_stand_twice(tmp_path: Path) -> None:
    assert "flere gange" in problems(write(tmp_path, TEXT.replace("CPR-nr", "enhed")))[0].found


def test_a_wrong_delimiter(tmp_path: Path) -> None:
    assert "skilletegn" in problems(write(tmp_path, TEXT), settings(delimiter="|"))[0].found


def test_a_path_with_signs_that_mean_something_to_a_database(tmp_path: Path) -> None:
    for name in ("sager[1]*.csv", "sa'ger?.csv"):
        assert rows(read_register(settings(), write(tmp_path, TEXT, name))) == ROWS


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sager.csv", b""),
        ("sager.csv", b"\xef\xbb\xbf\r\n \r\n"),
        ("sager.csv", b"Sagsnr;Enhed;Oprettet\r\n"),
        ("sager.csv", b"PK\x03\x04 a workbook by another name"),
        ("sager.csv", b"PAR1 a parquet file by another name"),
        ("sager.csv", b"%PDF-1.4"),
        ("sager.csv", b"a\x00b;c"),
        ("sager.xlsx", b"Sagsnr;Enhed;Oprettet\n1;A;\n"),
        ("sager.xlsx", b""),
        ("sager.xlsx", b"PK\x03\x04 damaged"),
        ("sager.xlsx", b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")),
        ("sager.ods", b"nothing"),
        ("sager.parquet", b"PAR1 damaged"),
        ("~$sager.xlsx", b"lock"),
    ],
)
def test_files_that_are_no_register(tmp_path: Path, name: str, content: bytes) -> None:
    assert len(problems(write(tmp_path, content, name))) == 1


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert "findes ikke" in problems(tmp_path / "sager.csv")[0].found
    assert "mappe" in problems(tmp_path)[0].found
    assert "kolonner" in problems(write(tmp_path, TEXT), Register())[0].found


def test_the_source_is_hashed(tmp_path: Path) -> None:
    table = read_register(settings(), write(tmp_path, TEXT))
    assert table.origin.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (table.origin.name, table.origin.kind) == ("sager.csv", "csv")


def test_a_workbook_is_read_as_a_person_sees_it(tmp_path: Path) -> None:
    lines: list[list[Any]] = [
        [],
        [None, "Udtræk"],
        [],
        [None, "Sagsnr", "CPR", "Enhed", "Oprettet"],
        [None, 101605123, None, "Nørrebro", date(2018, 2, 1)],
        [None, "00123", None, True, datetime(2018, 2, 1, 13, 45)],
        [],
        [None, 123.0, None, 1.5, "01-02-2018"],
    ]
    table = read_register(settings(), workbook(tmp_path, {"Forside": [["Læs mig"]], "Data": lines}))
    assert rows(table) == [
        (5, "101605123", "Nørrebro", "2018-02-01"),
        (6, "00123", "ja", "2018-02-01 13:45:00"),
        (8, "123", "1.5", "01-02-2018"),
    ]
    assert table.number_columns == ("case_id", "unit")
    assert table.origin.kind == "spreadsheet"


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    one, two = [["Sagsnr", "Enhed", "Oprettet"], ["1", "A"]], [["Sagsnr", "Enhed", "Oprettet"], ["2", "B"]]
    path = workbook(tmp_path, {"Januar": one, "Februar": two})
    assert rows(read_register(settings(sheet="februar"), path))[0][1] == "2"
    assert "»Februar«" in problems(path, settings(sheet="Febuar"))[0].remedy


def test_cells_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    lines: list[list[Any]] = [
        ["Sagsnr", "Enhed", "Oprettet"],
        ["=1+1", "A"],
        [2018000000000012345, "B"],
        ["3", "C"],
    ]
    found = problems(workbook(tmp_path, {"Data": lines}))
    assert {(problem.cell, problem.row, problem.sheet) for problem in found} == {
        ("A2", 2, "Data"),
        ("A3", 3, "Data"),
    }


def test_a_workbook_without_the_headings(tmp_path: Path) -> None:
    found = problems(workbook(tmp_path, {"Data": [["Nr", "Enhed", "Oprettet"], ["1", "A"]]}))
    assert (found[0].column, found[0].row, found[0].sheet) == ("Sagsnr", 1, "Data")
    assert len(problems(workbook(tmp_path, {"Data": []}))) == 1


@pytest.mark.libreoffice
def test_a_workbook_saved_by_libreoffice(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, {"Data": [["Sagsnr", "Enhed", "Oprettet"], ["007", "Nørrebro", date(2018, 2, 1)], [8, "B"]]}
    )
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for suffix in ("ods", "xls"):
        command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", str(tmp_path)]
        subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=120)
    assert rows(read_register(settings(), path.with_suffix(".ods"))) == [
        (2, "007", "Nørrebro", "2018-02-01"),
        (3, "8", "B", None),
    ]
    (refused,) = problems(path.with_suffix(".xls"))
    assert "gem som .xlsx" in refused.remedy


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "sager.parquet"
    duckdb.sql(
        """SELECT 101605123.0::DOUBLE AS "Sagsnr", 'A' AS "Enhed", DATE '2018-02-01' AS "Oprettet", 'x' AS "CPR"
           UNION ALL SELECT 2, 'B', NULL, 'y'"""
    ).write_parquet(str(path))
    table = read_register(settings(), path)
    assert rows(table) == [(2, "101605123", "A", "2018-02-01"), (3, "2", "B", None)]
    assert table.number_columns == ("case_id",)
    assert problems(path, settings(columns=COLUMNS | {"law": "Paragraf"}))[0].column == "Paragraf"


def test_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(tmp_path / "sager.db") as base:
        base.execute("CREATE TABLE sager (Sagsnr INTEGER, Enhed TEXT, Oprettet TEXT, Navn TEXT)")
        base.executemany(
            "INSERT INTO sager VALUES (?, ?, ?, ?)", [(1, "A", "2018-02-01", "x"), (2, "B", None, "y")]
        )
    base.close()
    monkeypatch.setenv("REGISTER_URL", f"sqlite:///{tmp_path / 'sager.db'}")
    table = read_register(settings(url="$REGISTER_URL", query="SELECT * FROM sager ORDER BY Sagsnr"))
    assert rows(table) == [(1, "1", "A", "2018-02-01"), (2, "2", "B", None)]
    assert (table.origin.kind, table.origin.sha256, table.number_columns) == ("database", None, ("case_id",))


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("sqlite://", "SELECT * FROM nowhere"),
        ("sqlite://", "SELECT 1 AS Sagsnr"),
        ("sqlite://", "SELECT 1 AS Sagsnr, 'A' AS Enhed, 'x' AS Oprettet WHERE false"),
        ("no url", "SELECT 1"),
        ("nosuchbase://u:hemmelig@host/base", "SELECT 1"),
    ],
)
def test_databases_that_do_not_answer(url: str, query: str) -> None:
    found = problems(None, typed(url, query))
    assert "hemmelig" not in "".join(f"{problem.file}{problem.found}{problem.remedy}" for problem in found)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (found,) = problems(None, settings(url="sqlite:///saager.db", query="SELECT 1"))
    assert "saager.db findes ikke" in found.found
    assert list(tmp_path.iterdir()) == []
    monkeypatch.delenv("REGISTER_URL", raising=False)
    (found,) = problems(None, settings(url="$REGISTER_URL", query="SELECT 1"))
    assert "miljøvariablen REGISTER_URL" in found.found


def test_the_example_register(example_register: Path) -> None:
    table = read_register(settings(), example_register)
    assert table.relation.shape == (4000, 4)
    assert rows(table)[2] == (4, "2016-0011088", "Nørrebro", "21-10-2016")
