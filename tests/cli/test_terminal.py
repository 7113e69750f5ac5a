"""Tables where there is little room, and characters that a code page lacks."""

from __future__ import annotations

import io
import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.builders.command_line import CommandLine
from tilsyn.cli.characters import replace_what_cannot_be_shown, showable
from tilsyn.cli.terminal import Table, fitted, heights, show_table, small_line
from tilsyn.workspace.workspace import Workspace

STATUS = Table(
    ["Periode", "Niveau", ">Udtrukket", ">Mangler", "Næste skridt"],
    [["2. kvartal 2018", "2", "125", "7", "tilsyn load"], ["2. kvartal 2018", "3", "", "", "tilsyn draw 3"]],
    important=["Periode", "Niveau", "Mangler"],
    own_line="Næste skridt",
)
TEXT = Table(["Felt", "Værdi"], [["Tekst", "ord " * 40]])
FIGURES = Table(["Enhed", ">Sager i alt", ">Andel"], [["Amager", "7", "90 %"]])


def drawn(table: Table, width: int, monkeypatch: pytest.MonkeyPatch, encoding: str = "utf-8") -> str:
    """Return what a table looks like on stdout of an encoding."""
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    monkeypatch.setattr(sys, "stdout", out)
    replace_what_cannot_be_shown()
    show_table(table, width)
    out.flush()
    return out.buffer.getvalue().decode(encoding)


# Code page 437 has two of the eight characters, which among digits would say something else.
@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "▁▅ ▇█"), ("cp437", "15 78"), ("cp1252", "15 78"), ("ascii", "15 78")],
)
def test_a_small_line_is_of_one_kind_of_characters(
    encoding: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert small_line([0, 0.5, None, 0.9, 1], heights()) == expected


@pytest.mark.parametrize(
    ("table", "width", "columns"),
    [
        (STATUS, 75, ["Periode", "Niveau", ">Udtrukket", ">Mangler", "Næste skridt"]),
        (STATUS, 60, ["Periode", "Niveau", ">Udtrukket", ">Mangler"]),
        (STATUS, 49, ["Periode", "Niveau", ">Mangler"]),
        (STATUS, 36, ["Periode", "Niveau", ">Mangler"]),
        (STATUS, 20, ["Periode", "Niveau"]),
        (TEXT, 60, ["Felt", "Værdi"]),
        (TEXT, 20, ["Felt", "Værdi"]),
        (FIGURES, 32, ["Enhed", ">Sager i alt", ">Andel"]),
        (FIGURES, 31, ["Enhed", ">Sager\ni alt", ">Andel"]),
        (FIGURES, 22, ["Enhed", ">Sager\ni alt"]),
    ],
)  # fmt: skip
def test_the_least_important_columns_go_first(table: Table, width: int, columns: list[str]) -> None:
    assert list(fitted(table, width).columns) == columns


def test_what_is_left_out_is_told_and_what_is_to_be_done_stands_on_its_own_line() -> None:
    assert fitted(STATUS, 49).notes == [
        "Ikke vist: Udtrukket; --width 66 eller --format json viser alt.",
        "Næste skridt",
        "2. kvartal 2018, 2:",
        "  tilsyn load",
        "2. kvartal 2018, 3:",
        "  tilsyn draw 3",
    ]


CELL = st.text("ab 1æ", max_size=30)


@settings(max_examples=50)
@given(
    st.integers(2, 7).flatmap(
        lambda n: st.tuples(
            st.lists(st.tuples(st.sampled_from(["", ">"]), CELL), min_size=n, max_size=n, unique_by=lambda c: c[1]),
            st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=4),
        )
    ),
    st.integers(20, 120),
)  # fmt: skip
def test_nothing_vanishes_unsaid(made: tuple[list[tuple[str, str]], list[list[str]]], width: int) -> None:
    headings, rows = made
    table = Table([side + text for side, text in headings], rows)
    narrow = fitted(table, width)
    assert len(narrow.columns) >= 2
    assert all(len(row) == len(narrow.columns) for row in narrow.rows)
    gone = len(table.columns) - len(narrow.columns)
    assert bool(narrow.notes) == bool(gone)
    if gone:
        told = re.search(r"--width (\d+)", narrow.notes[0])
        assert told is not None
        assert len(fitted(table, int(told[1])).columns) == len(table.columns)


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp850", "cp865", "cp1252", "iso8859-1"])
def test_a_table_is_drawn_in_what_the_code_page_has(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(["Spørgsmål", "0 – 100 %"], [["Hørt …", "··──●─·"], ["√", "☃"]], "»Tal«", ["x ≤ ½"])
    lines = drawn(table, 60, monkeypatch, encoding).splitlines()
    assert not set("".join(lines)) & set("━┃┏│└●")
    assert "".join(lines).count("?") == 1
    # Look-alikes are put in before the table is measured.
    assert len({len(line) for line in lines[1:-1]}) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("»Brønshøj« – Ældre, Ørsted", '"Broenshoej" - Aeldre, Oersted'),
        ("café naïve", "cafe naive"),
        ("··──●─·", "..--o-."),
        ("2 ≤ x ± ½ × √Σ", "2 <= x +/- 1/2 x sqrtsum"),
        ("S²_h R̂", "S2_h R?"),
        ("☃", "?"),
    ],
)
def test_what_cannot_be_shown_is_shown_by_what_is_like_it(text: str, shown: str) -> None:
    replace_what_cannot_be_shown()
    assert showable(text, "ascii") == shown
    assert showable(text, "utf-8") == text


@pytest.mark.parametrize(
    ("columns", "option", "widest"),
    [("", "", 200), ("90", "", 90), ("90", "--width 60", 60), ("", "--width 60", 60), ("x", "", 200), ("0", "", 200)],
)  # fmt: skip
def test_piped_output_is_as_wide_as_it_is_said_to_be(
    columns: str, option: str, widest: int, tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    out = tilsyn(f"catalogue show UND-01 {option}").out
    assert widest - 40 < max(map(cell_len, out.splitlines())) <= widest


def test_piped_output_has_every_column_where_nobody_says_how_wide(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table([f">Kolonne{n:02}" for n in range(30)], [["1"] * 30])
    show_table(table, None)
    shown = capsys.readouterr().out
    assert all(f"Kolonne{n:02}" in shown for n in range(30))
    assert "Ikke vist" not in shown


def test_too_narrow_a_width_is_refused(tilsyn: CommandLine) -> None:
    assert "--width skal være mindst 20" in tilsyn("plan --width 5", code=2).told


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize(
    "line",
    ["status", "check --period 2018-Q2", "draw 2 --period 2018-Q2 --if-missing", "verify --all", "plan", "log",
     "catalogue list", "catalogue show UND-01", "dossier --period 2018-Q2", "checklists 2 --period 2018-Q2"],
)  # fmt: skip
def test_no_table_is_wider_than_asked(
    line: str, width: int, workspace: Workspace, tilsyn: CommandLine
) -> None:
    shown = tilsyn(line, "--width", width).out.splitlines()
    assert max(map(cell_len, shown)) <= width
    # A table that was cut would end its lines with three dots, or without its edge.
    assert all(line.endswith("│") for line in shown if line.startswith("│"))


def test_status_says_what_to_do_on_a_line_of_its_own(workspace: Workspace, tilsyn: CommandLine) -> None:
    narrow = tilsyn("status --width 60").out.splitlines()
    assert any(line.strip() == "tilsyn load" for line in narrow), narrow
    heading = next(line for line in narrow if "Periode" in line)
    assert [w for w in ("Periode", "Niveau", "Mangler") if w in heading] == ["Periode", "Niveau", "Mangler"]
