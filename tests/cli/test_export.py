"""`tilsyn export`: the files and their page, the figures of `tilsyn compliance`, and what it leaves alone."""

from __future__ import annotations

import errno
import os
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import DRAWN_ON, LOADED_ON, Q2, draw, make_workspace, review
from tests.reports.test_export import TABLES, joins
from tilsyn.base import clock
from tilsyn.formats.export import file_names
from tilsyn.reports.export import STAR
from tilsyn.workspace.workspace import Workspace

_READ_AS = {"integer": "Int64", "number": "float64", "share": "float64", "text": "str", "boolean": "boolean"}


class Page(HTMLParser):
    """What a schema page says: the columns of each table, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[str]] = {}
        self.heading = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        if tag == "h2":
            self.tables[str(dict(attrs)["id"])] = []

    def handle_data(self, data: str) -> None:
        if self._inside == "code":
            self.tables[list(self.tables)[-1]].append(data)
        self.heading += data if self._inside == "h1" else ""
        self._inside = ""


@pytest.fixture
def reviewed(workspace: Workspace, tilsyn: CommandLine) -> CommandLine:
    """Return a folder with a draw of which a case was replaced, one is unfinished, and the rest are reviewed."""
    made = workspace.draws.get(2, Q2)
    tilsyn("replace", made.cases["case_id"][0], "--reason", "no_access")
    again = Workspace.open()
    cases = again.ledger(made).reviews.cases["case_id"].tolist()
    review(again, made, cases[:-1], no={cases[0]: "UND-01"})
    return tilsyn


def from_csv(folder: Path, name: str) -> pd.DataFrame:
    """Read a table as a program does that goes by the page."""
    kinds = {column.name: column.kind for column in TABLES[name].columns}
    return pd.read_csv(
        folder / "csv" / f"{name}.csv",
        sep=";",
        decimal=",",
        encoding="utf-8-sig",
        dtype={column: _READ_AS[kind] for column, kind in kinds.items() if kind != "date"},
        parse_dates=[column for column, kind in kinds.items() if kind == "date"],
        true_values=["true"],
        false_values=["false"],
        keep_default_na=False,
        na_values=[""],
    )


def from_parquet(folder: Path, name: str) -> pd.DataFrame:
    with duckdb.connect() as database:
        return database.read_parquet(str(folder / "parquet" / f"{name}.parquet")).df()


def test_every_file_has_the_columns_that_the_page_says_and_both_forms_say_the_same(
    reviewed: CommandLine,
) -> None:
    folder = reviewed.root / "out"
    told = reviewed("export out --format json").json
    assert sorted(reviewed.files("out/**/*")) == sorted(f"out/{name}" for name in file_names())
    text = (folder / "schema.html").read_text("utf-8")
    page = Page(text)
    assert page.heading == "Tabeller fra tilsyn"
    assert "$" not in text
    assert page.tables == {table.name: table.names for table in STAR}
    found = {name: from_parquet(folder, name) for name in page.tables}
    joins(found)
    assert {row["table"]: row["rows"] for row in told["tables"]} == {n: len(t) for n, t in found.items()}
    for name, table in found.items():
        read = from_csv(folder, name)
        assert read.columns.tolist() == page.tables[name]
        pd.testing.assert_frame_equal(read, table, check_dtype=False, check_exact=True)
    assert found["cases"]["status"].value_counts().to_dict() == {"reviewed": 5, "replaced": 1, "not_begun": 1}
    kinds = [(c.name, c.kind) for c in TABLES["cases"].columns]
    with duckdb.connect() as database:
        types = database.read_parquet(str(folder / "parquet" / "cases.parquet")).types
    words = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}
    assert [str(one) for one in types] == [words[kind] for _, kind in kinds]


def test_the_figures_are_those_of_compliance(reviewed: CommandLine) -> None:
    reviewed("export out")
    told = reviewed("compliance --level 2 --period 2018-Q2 --by unit --format json").json
    rows = told["rows"]
    found = from_parquet(reviewed.root / "out", "estimates")
    assert len(found) == len(rows) > 0
    assert set(found["speaks_of"]) == {told["scope"]["of"]}
    assert set(found["reviewed_recently"]) == {told["scope"]["reviewed_recently"]}
    same = [name for name in rows[0] if name in found.columns]
    assert {"estimate", "low", "high", "n_relevant", "n_compliant", "verdict"} <= set(same)
    for row, (_, exported) in zip(rows, found.iterrows(), strict=True):
        assert row["domain"] == ("all" if pd.isna(exported["unit"]) else f"unit={exported['unit']}")
        for name in same:
            figure = None if pd.isna(exported[name]) else exported[name]
            assert figure == row[name], (row["question"], name)


def test_published_figures_go_along_and_say_which_may_be_shown(reviewed: CommandLine) -> None:
    reviewed("export out")
    found = from_parquet(reviewed.root / "out", "benchmarks")
    told = reviewed("compliance --level 2 --period 2018-Q2 --format json").json["benchmarks"]
    columns = ["question", "benchmark", "benchmark_share", "benchmark_comparable", "benchmark_shown"]
    assert found[columns].values.tolist() == [
        [row[name] for name in ("question", "name", "share", "comparable", "shown")] for row in told
    ]


def test_in_english_delimiter_and_decimal_sign_fit_each_other(reviewed: CommandLine) -> None:
    reviewed("export out --lang en")
    first = (reviewed.root / "out/csv/estimates.csv").read_text("utf-8-sig").splitlines()[0]
    assert first.startswith("level,period,question,unit,")
    assert "0.95" in (reviewed.root / "out/csv/estimates.csv").read_text("utf-8-sig")
    assert "A column that refers" not in (reviewed.root / "out/schema.html").read_text("utf-8")
    assert "Tables from tilsyn" in (reviewed.root / "out/schema.html").read_text("utf-8")


def test_a_second_run_replaces_its_own_files_and_no_others(reviewed: CommandLine) -> None:
    reviewed("export out")
    reviewed("export out")
    reviewed.write("out/mit.pbix", "mine")
    before = reviewed.files("out/**/*")
    ended = reviewed("export out", code=4)
    assert "mit.pbix" in ended.told
    assert "flyt filen ud" in ended.told
    assert reviewed.files("out/**/*") == before
    # A file of the same name in a folder that is none of ours.
    reviewed.write("other/csv/cases.csv", "mine")
    assert "cases.csv" in reviewed("export other", code=4).told
    assert reviewed.files("other/**/*") == {"other/csv/cases.csv": b"mine"}
    assert "er en fil" in reviewed("export other/csv/cases.csv", code=4).told
    everything = reviewed.files("**/*")
    reviewed("export .", code=4)
    assert reviewed.files("**/*") == everything


def test_a_disk_that_refuses_leaves_the_earlier_export(
    reviewed: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed("export out")
    before = reviewed.files("out/**/*")
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "estimates.csv":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        assert reviewed("export out", code=4).out == ""
        reviewed("export new", code=4)
    assert reviewed.files("out/**/*") == before
    assert not (reviewed.root / "new").exists()
    assert [path.name for path in reviewed.root.iterdir() if path.name.startswith(".tilsyn")] == []


def test_no_remark_reviewer_or_caseworker_leaves_and_a_month_is_reckoned_as_its_quarter(
    tilsyn: CommandLine,
) -> None:
    clock.set_today(DRAWN_ON)
    workspace = make_workspace(tilsyn.root)
    made = draw(workspace, 1, "2018-06")
    clock.set_today(LOADED_ON)
    review(workspace, made, no={"*": "UND-01"}, reviewer="faglig leder Q", head={"note": "fortroligt notat"})
    tilsyn("export out")
    text = "\n".join(data.decode("utf-8", "replace") for data in tilsyn.files("out/**/*").values())
    for caseworker in sorted(set(made.cases["stratum"])):
        assert f"|{caseworker}" not in text
        assert f";{caseworker};" not in text
    for inside in ("mangler;", "faglig leder Q", "fortroligt notat"):
        assert inside not in text
    found = {name: from_parquet(tilsyn.root / "out", name) for name in ("draws", "estimates", "periods")}
    assert (found["draws"]["period"].unique(), found["estimates"]["period"].unique()) == (
        ["2018-06"],
        ["2018-Q2"],
    )
    assert found["periods"]["period"].tolist() == ["2018-06", "2018-Q2"]


def test_without_a_draw_there_is_nothing_to_export_and_without_reviews_no_figure(
    workspace: Workspace, tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tilsyn("export out")
    found = {name: from_parquet(tilsyn.root / "out", name) for name in ("cases", "answers", "estimates")}
    assert {name: len(table) for name, table in found.items()} == {"cases": 6, "answers": 0, "estimates": 0}
    tilsyn("init other --name Testby --slug testby")
    monkeypatch.chdir(tilsyn.root / "other")
    assert "tilsyn draw" in tilsyn("export out", code=4).told
    assert not (tilsyn.root / "other" / "out").exists()
