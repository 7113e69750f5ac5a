"""A CPR number in any spelling, tried at every door: it is refused or masked, and stands in no file."""

from __future__ import annotations

import csv
import io
import sqlite3
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook as Sheets
from openpyxl import load_workbook

from tests.builders.case_sheets import CaseSheet
from tests.builders.command_line import CommandLine
from tests.builders.cpr import SPELLINGS
from tests.builders.workspaces import (
    LOADED_ON,
    SMALL_HEADINGS,
    SMALL_ROWS,
    SMALL_SETTINGS,
    make_small_workspace,
)

# A text that cannot stand in a line of the command line or in the name of a file.
INLINE = [spelt for spelt in SPELLINGS if "\n" not in spelt and "\t" not in spelt]
FILE_NAMES = [spelt for spelt in INLINE if not set(spelt) & set("/\\")]


def digits(text: str) -> str:
    """Return a text's digits, whatever they look like."""
    found = (unicodedata.digit(char, None) for char in unicodedata.normalize("NFKC", text))
    return "".join(str(digit) for digit in found if digit is not None)


def everything_written(folder: Path, since: set[Path] = frozenset()) -> str:
    """Return all names and contents of a folder as one text, workbooks unpacked."""
    texts = []
    paths = {path for path in folder.rglob("*") if path.suffix != ".lock"}
    for path in sorted(paths - since):
        texts.append(path.name)
        if path.is_file():
            data = path.read_bytes()
            parts = [data]
            if zipfile.is_zipfile(io.BytesIO(data)):
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    parts = [archive.read(name) for name in archive.namelist()]
            texts += [part.decode("utf-8", "replace") for part in parts]
    return "\n".join(texts)


def assert_nowhere(spelt: str, *texts: str) -> None:
    number = digits(spelt)[:10]
    assert number.endswith("03746598")
    for text in texts:
        assert spelt not in text
        assert number not in text
        assert "120374-6598" not in text


@pytest.fixture
def drawn(tilsyn: CommandLine) -> CommandLine:
    """Return a folder with a draw and its workbooks."""
    make_small_workspace(tilsyn.root)
    tilsyn.today = LOADED_ON.isoformat()
    return tilsyn


def in_csv(path: Path, table: pd.DataFrame) -> None:
    table.to_csv(path.with_suffix(".csv"), sep=";", index=False, lineterminator="\r\n")


def in_xlsx(path: Path, table: pd.DataFrame) -> None:
    book = Sheets()
    for row in (list(table.columns), *table.itertuples(index=False)):
        book.worksheets[0].append(list(row))
    book.save(path.with_suffix(".xlsx"))


def in_parquet(path: Path, table: pd.DataFrame) -> None:
    import duckdb

    duckdb.from_df(table).write_parquet(str(path.with_suffix(".parquet")))


def in_database(path: Path, table: pd.DataFrame) -> None:
    with closing(sqlite3.connect(path.with_suffix(".db"))) as database:
        table.to_sql("cases", database, index=False)


KINDS = {".csv": in_csv, ".xlsx": in_xlsx, ".parquet": in_parquet, ".db": in_database}


@pytest.mark.parametrize("suffix", KINDS)
def test_no_register_brings_one_in(tilsyn: CommandLine, suffix: str) -> None:
    write: Callable[[Path, pd.DataFrame], None] = KINDS[suffix]
    # A line break in a cell is a door of its own in CSV, and told as such.
    rows = [*(row.split(";") for row in SMALL_ROWS), *([f"A {spelt}", "Nord", "x"] for spelt in INLINE)]
    rows += [[f"N{n}", "Nord", f"om {spelt}"] for n, spelt in enumerate(INLINE)]
    write(tilsyn.root / "sagsliste", pd.DataFrame(rows, columns=SMALL_HEADINGS.split(";"), dtype="str"))
    place = f'path = "sagsliste{suffix}"'
    if suffix == ".db":
        place = f'url = "sqlite:///{tilsyn.root}/sagsliste.db"\nquery = "SELECT * FROM cases"'
    tilsyn.write("tilsyn.toml", SMALL_SETTINGS.replace('path = "sagsliste.csv"', place))
    source = {tilsyn.root / f"sagsliste{suffix}"}
    ended = tilsyn("check --period 2018-Q2 --format csv", code=3)
    listed = csv.DictReader(io.StringIO(ended.out))
    refused = [row["row"] for row in listed if row["what"] == "error" and "xxxx-xxxx" in row["found"]]
    # A database has no row numbers, and its case numbers are masked until they are alike; a row may have two faults.
    assert len(refused if suffix == ".db" else set(refused)) >= 2 * len(INLINE)
    told = [ended.out, ended.err]
    for line in (
        "check --period 2018-Q2",
        "draw 2 --period 2018-Q2",
        "check --period 2018-Q2 --log-json told",
    ):
        ended = tilsyn(line, code=3)
        told += [ended.out, ended.err]
    for spelt in INLINE:
        assert_nowhere(spelt, *told, everything_written(tilsyn.root, source))


def test_no_reason_origin_note_or_setting_brings_one_in(drawn: CommandLine) -> None:
    before = everything_written(drawn.root)
    settings = (drawn.root / "tilsyn.toml").read_text("utf-8")
    doors = (
        ("draw 2 --period 2018-Q2 --replace --reason", 4),
        ("draw 2 --period 2018-Q1 --seed '62511 43265 11623 55142' --seed-origin", 4),
        ("load --handled 2018-0007 --note", 2),
        ("load --handled", 4),
        ("replace --reason no_access", 4),
        ("log --case", 4),
    )
    for number, spelt in enumerate(INLINE):
        line, code = doors[number % len(doors)]
        ended = drawn(line, f"om {spelt}", code=code)
        assert_nowhere(spelt, ended.out, ended.err)
    assert everything_written(drawn.root) == before
    for spelt in INLINE:
        text = spelt.replace("\\", "\\\\")
        (drawn.root / "tilsyn.toml").write_text(
            settings.replace('name = "Testby"', f'name = "om {text}"'), "utf-8"
        )
        ended = drawn("status", code=3)
        assert "organisation.name" in ended.told
        assert_nowhere(spelt, ended.out, ended.err)


def test_no_remark_reviewer_note_or_name_brings_one_in(drawn: CommandLine) -> None:
    path = drawn.root / "checklists" / "2018-Q2" / "level-2" / "nord.xlsx"
    untouched = path.read_bytes()
    before = {path, *drawn.root.rglob("*")}

    def told(*, spellings: Sequence[str], key: str = "", role: str = "answer", code: int = 3) -> None:
        """Write the spellings in the remarks, or the first of them in a place of its own, and load it."""
        path.write_bytes(untouched)
        book = load_workbook(path)
        sheet = next(sheet for sheet in book.worksheets if sheet.title.startswith("2018"))
        case = CaseSheet(sheet)
        case.fill()
        places = [(key, role)] if key else [(question, "remark") for question in case.questions]
        for (row, column), spelt in zip(places, spellings, strict=False):
            case.put(row, f"om {spelt}", column)
        sheet.title = "om 120374-6598"
        book.save(path)
        for line in ("load --log-json told", "load --format json"):
            ended = drawn(line, code=code)
            written = everything_written(drawn.root, before)
            for spelt in spellings:
                assert_nowhere(spelt, ended.out, ended.err, written)

    told(spellings=SPELLINGS[:30])
    told(spellings=SPELLINGS[30:])
    for number, key in enumerate(
        ("note", "reviewer", "act_event", "BFU-01", "case_id", "draw_id", "act_date")
    ):
        told(spellings=SPELLINGS[number * 6 :][:1], key=key)
    # A workbook's own id is no word of anybody's: it is kept, masked.
    told(spellings=SPELLINGS[:1], key="workbook_id", code=0)


def test_no_tidy_file_brings_one_in(drawn: CommandLine) -> None:
    for number, spelt in enumerate(FILE_NAMES):
        name = f"{spelt}.csv"
        drawn.write(
            name,
            "sagsnummer;spørgsmål;svar\n2018-0007;UND-02;ja\n"
            if number % 2
            else f"sagsnummer;spørgsmål;svar;bemærkning\n2018-0007;UND-02;ja;{spelt}\n",
        )
        ended = drawn("load --level 2 --period 2018-Q2 --format json", name, code=0 if number % 2 else 3)
        assert_nowhere(spelt, ended.out, ended.err, everything_written(drawn.root, {drawn.root / name}))
        (drawn.root / name).unlink()


def test_what_was_written_elsewhere_is_masked_on_the_terminal(tilsyn: CommandLine) -> None:
    # Units that differ where a table shows them.
    units = {spelt: f"E{n} {spelt}" for n, spelt in enumerate(INLINE) if "," not in spelt}
    tilsyn.write("units.csv", "unit;N\n" + "".join(f"{unit};30\n" for unit in units.values()))
    rows = [f"{n}-{m};{unit};UND-02;ja\n" for n, unit in enumerate(units.values()) for m in range(3)]
    tilsyn.write("answers.csv", "case_id;unit;question;answer\n" + "".join(rows))
    for format in ("table", "json", "csv"):
        ended = tilsyn(f"compliance --answers answers.csv --strata units.csv --by unit --format {format}")
        assert "xxxx-xxxx" in ended.out
        for spelt in units:
            assert_nowhere(spelt, ended.out, ended.err)


def test_a_register_named_after_one_is_recorded_masked(tilsyn: CommandLine) -> None:
    tilsyn.write("tilsyn.toml", SMALL_SETTINGS.replace("sagsliste.csv", "120374-6598.csv"))
    tilsyn.write("120374-6598.csv", "\n".join([SMALL_HEADINGS, *SMALL_ROWS]) + "\n")
    tilsyn.today = date(2018, 7, 2).isoformat()
    tilsyn("check --period 2018-Q2 --commit")
    tilsyn("draw 2 --period 2018-Q2")
    source = {tilsyn.root / "120374-6598.csv", tilsyn.root / "tilsyn.toml"}
    assert_nowhere("120374-6598", everything_written(tilsyn.root, source))
    tilsyn("init ny --register 120374-6598.csv", code=4)
    assert not (tilsyn.root / "ny").exists()


def test_case_numbers_that_look_like_one_can_be_declared_and_go_all_the_way(tilsyn: CommandLine) -> None:
    rows = [f"12037465{n:02};{'Nord' if n % 2 else 'Syd'};A" for n in range(20)]
    tilsyn.write("tilsyn.toml", SMALL_SETTINGS + '[privacy]\nnot_cpr = ["case_id"]\n')
    tilsyn.write("sagsliste.csv", "\n".join([SMALL_HEADINGS, *rows]) + "\n")
    tilsyn.today = date(2018, 7, 2).isoformat()
    drawn = tilsyn("draw 2 --period 2018-Q2 --format json").json
    case = drawn["cases"][0]["case_id"]
    assert case.startswith("12037465")
    tilsyn("checklists 2 --period 2018-Q2")
    tilsyn.write("svar.csv", f"sagsnummer;spørgsmål;svar;bemærkning\n{case};UND-02;ja;se sag {case}\n")
    tilsyn("load svar.csv --level 2 --period 2018-Q2")
    assert case in tilsyn(f"log --case {case}").out
    tilsyn.write("svar.csv", f"sagsnummer;spørgsmål;svar;bemærkning\n{case};UND-02;ja;om 120374-6598\n")
    tilsyn("load svar.csv --level 2 --period 2018-Q2", code=3)
    assert tilsyn(f"replace {case} --reason no_access --format json").json["case_id"] == case
    tilsyn("verify --all")
