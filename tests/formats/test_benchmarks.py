"""Files of published figures: as they are shipped, as people write them, and what is wrong with a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tilsyn.base.problems import InputError
from tilsyn.formats.benchmarks import read_benchmarks
from tilsyn.workspace.benchmarks import packaged_benchmarks
from tilsyn.workspace.catalogues import packaged, read_catalogue

HEADINGS = "name_da;question;year;percent;comparable;source;note_da;cases;municipalities;catalogues"


def written(folder: Path, *rows: str, headings: str = HEADINGS, name: str = "benchmarks-own.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([headings, *rows]) + "\n", "utf-8")
    return path


def test_the_shipped_file_can_be_read_and_is_about_questions_of_the_shipped_catalogues() -> None:
    found = [one.benchmark for one in read_benchmarks([packaged_benchmarks()])]
    asked = {question.question_id for path in packaged() for question in read_catalogue(path).questions}
    assert {one.question for one in found} - asked == {"uden_fejl"}
    assert {one.comparable: 0 for one in found}.keys() == {"yes", "partly", "no"}
    assert {(one.question, one.years, one.share) for one in found if one.cases == 708} == {
        ("BFU-01", "2021", 0.73),
        ("BFU-02", "2021", 0.6),
        ("INV-01", "2021", 0.61),
        ("UND-01", "2021", 0.88),
    }
    assert all(one.name_en and one.item_en and bool(one.note_da) == bool(one.note_en) for one in found)


def test_the_wheel_takes_every_file_of_the_folder_along() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    for path in (*packaged(), packaged_benchmarks()):
        assert f'"checklists/{path.name}" = "tilsyn/_checklists/{path.name}"' in project


@pytest.mark.parametrize(
    ("year", "percent", "comparable", "label", "shown"),
    [
        ("2024", "65", "yes", "2024", "65 %"),
        ("2020-2022", "65,5", "delvist", "2020–2022", "65,5 %"),
        ("2020 – 2022", "65.5 %", "Partly", "2020–2022", "65,5 %"),
        ("2017-Q4", "100", "JA", "4. kvartal 2017", "100 %"),
        ("4. kvartal 2017", "0%", "ja", "4. kvartal 2017", "0 %"),
    ],
)
def test_a_row_is_read_as_people_write_it(
    tmp_path: Path, year: str, percent: str, comparable: str, label: str, shown: str
) -> None:
    path = written(tmp_path, f"nabobyen;UND-01;{year};{percent};{comparable};årsrapport;;2.140;1;")
    ((one,),) = ([found.benchmark for found in read_benchmarks([path])],)
    assert (one.years, one.percentage, one.cases, one.municipalities) == (label, shown, 2140, 1)


def test_danish_headings_in_windows_letters_are_read(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks-own.csv"
    path.write_bytes("Navn;Spørgsmål;År;Procent;Sammenlignelig;Kilde\nÆrø;A-1;2024;7;ja;Ø\n".encode("cp1252"))
    (found,) = read_benchmarks([path])
    assert (found.benchmark.name, found.benchmark.source, found.row) == ("Ærø", "Ø", 2)


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("nabobyen;UND-01;2024;65;ja;;;;;", "source", "»source« er tom"),
        (";UND-01;2024;65;ja;rapport;;;;", "name_da", "»name_da« er tom"),
        ("nabobyen;UND-01;24;65;ja;rapport;;;;", "year", "»24« er hverken et år"),
        ("nabobyen;UND-01;2022-2020;65;ja;rapport;;;;", "year", "»2022-2020« er hverken et år"),
        ("nabobyen;UND-01;2024;101;ja;rapport;;;;", "percent", "ikke en procent"),
        ("nabobyen;UND-01;2024;-5;ja;rapport;;;;", "percent", "ikke en procent"),
        ("nabobyen;UND-01;2024;mange;ja;rapport;;;;", "percent", "»mange« er ikke en procent"),
        ("nabobyen;UND-01;2024;65;måske;rapport;;;;", "comparable", "siger ikke, om tallet kan"),
        ("nabobyen;UND-01;2024;65;nej;rapport;;;;", "note_da", "mangler en begrundelse"),
        ("nabobyen;UND-01;2024;65;ja;rapport;;12,5;;", "cases", "»12,5« er ikke et helt tal"),
        ("nabobyen;UND-01;2024;65;ja;rapport;;;få;", "municipalities", "»få« er ikke et helt tal"),
        ("nabobyen;UND-01;2024;65;ja;sag 010160-5123;;;;", "source", "ligner et CPR-nummer"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, row: str, column: str, said: str) -> None:
    path = written(tmp_path, "landet;A-1;2024;7;ja;rapport;;;;", row)
    with pytest.raises(InputError) as caught:
        read_benchmarks([path])
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == ("benchmarks-own.csv", 3, column)
    assert said in problem.found
    assert problem.remedy


def test_a_figure_in_two_files_is_one_where_they_say_the_same(tmp_path: Path) -> None:
    row = "landet;A-1;2024;7;ja;rapport;;;;"
    first = written(tmp_path, row)
    same = written(tmp_path, row, name="benchmarks-same.csv")
    assert [one.path for one in read_benchmarks([first, same])] == [first]
    other = written(tmp_path, row.replace(";7;", ";8;"), name="benchmarks-other.csv")
    with pytest.raises(InputError, match=r"står anderledes i benchmarks-own.csv, række 2"):
        read_benchmarks([first, other])
