"""A draw by rules on the kinds of register there are, and verified against it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.builders.workspaces import Q2, SETTINGS, draw, make_workspace
from tilsyn.base import clock
from tilsyn.procedure.draw_frame import frame_rules
from tilsyn.procedure.verify import verify_draw
from tilsyn.sampling.draw_record import FrameRecord
from tilsyn.workspace.registers import open_register
from tilsyn.workspace.workspace import Workspace

RISK = '[[plan.risk]]\nname = "klage"\ncolumn = "complaint"\nvalues = ["true"]\nsize = 2\n'
COLUMNS = ["Sagsnr", "Enhed", "Sagsbehandler", "Oprettet", "Lukket", "Klage"]
# 40 cases in two units, every fifth with a complaint; the first 20 have a second measure, in the other unit.
CASES = [(f"S{n}", "Nord" if n % 2 else "Syd", "A1", "2018-04-03", None, n % 5 == 0) for n in range(40)]
MEASURES = [
    (case, "Syd" if unit == "Nord" else "Nord", worker, "2018-05-01", None, False)
    for case, unit, worker, *_ in CASES[:20]
]


def as_csv(folder: Path, table: pd.DataFrame) -> str:
    table.assign(Klage=table["Klage"].map({True: "Ja", False: "Nej"})).to_csv(
        folder / "r.csv", sep=";", index=False
    )
    return 'path = "r.csv"'


def as_spreadsheet(folder: Path, table: pd.DataFrame) -> str:
    table.to_excel(folder / "r.xlsx", index=False)
    return 'path = "r.xlsx"'


def as_parquet(folder: Path, table: pd.DataFrame) -> str:
    duckdb.from_df(table).write_parquet(str(folder / "r.parquet"))
    return 'path = "r.parquet"'


def as_database(folder: Path, table: pd.DataFrame) -> str:
    with closing(sqlite3.connect(folder / "r.db")) as database:
        table.to_sql("cases", database, index=False)
    return f'url = "sqlite:///{folder}/r.db"\nquery = "SELECT * FROM cases"'


Kind = Callable[[Path, pd.DataFrame], str]
KINDS = [as_csv, as_spreadsheet, as_parquet, as_database]


def place(root: Path, kind: Kind, rows: list[tuple[object, ...]], more: str = "") -> Workspace:
    """Make a workspace whose register is of a kind."""
    clock.set_today(date(2018, 7, 3))
    root.mkdir()
    source = kind(root, pd.DataFrame(rows, columns=COLUMNS))
    return make_workspace(root, SETTINGS.replace('path = "sagsliste.csv"', source + more) + RISK, rows=[])


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_for_true_fits_the_truth_of_every_kind(tmp_path: Path, kind: Kind) -> None:
    workspace = place(tmp_path / "w", kind, CASES)
    made = draw(workspace, 2)
    sizes = made.strata.set_index("stratum")["stratum_size"].to_dict()
    assert sizes == {"Nord": 16, "Nord|klage": 4, "Syd": 16, "Syd|klage": 4}
    register = made.manifest["frame"]["register"]
    assert (register["n_rows"], register["n_cases"], register["one_row_per"]) == (40, 40, "case")
    assert register["booleans"] == ["complaint"]
    assert register["matched"][-1] == {
        "rule": "risk",
        "name": "klage",
        "column": "complaint",
        "values": ["true"],
        "n": 8,
    }
    if kind is not as_database:
        path = next(workspace.root.glob("r.*"))
        assert verify_draw(workspace, made, path).difference is None


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_measures_are_one_case_in_every_kind(tmp_path: Path, kind: Kind) -> None:
    workspace = place(tmp_path / "w", kind, CASES + MEASURES, '\none_row_per = "measure"')
    made = draw(workspace, 2)
    register = made.manifest["frame"]["register"]
    assert (register["n_rows"], register["n_cases"], made.manifest["frame"]["n"]) == (60, 40, 40)
    assert (register["one_row_per"], register["per_case"]["unit"]) == ("measure", "latest")
    assert register["per_case"]["complaint"] == ["ja", "nej"]
    # The first twenty changed unit, ten each way; a complaint stays one.
    sizes = made.strata.set_index("stratum")["stratum_size"].to_dict()
    assert sizes == {"Nord": 16, "Nord|klage": 4, "Syd": 16, "Syd|klage": 4}
    if kind is not as_database:
        path = next(workspace.root.glob("r.*"))
        settings = workspace.root / "tilsyn.toml"
        settings.write_text(settings.read_text("utf-8").replace('one_row_per = "measure"', ""), "utf-8")
        # The draw's own rules are in its manifest.
        assert verify_draw(Workspace.open(workspace.root), made, path).difference is None


def test_a_rule_that_matches_nothing_stands_in_the_manifest_and_is_told(tmp_path: Path) -> None:
    rows = [(*case[:5], False) for case in CASES]
    workspace = place(tmp_path / "w", as_csv, rows)
    assert draw(workspace, 2).manifest["frame"]["register"]["matched"][-1]["n"] == 0


def test_what_a_register_lacks_stands_in_the_manifest(tmp_path: Path) -> None:
    clock.set_today(date(2018, 7, 3))
    workspace = make_workspace(tmp_path, SETTINGS.replace(', closed = "Lukket"', ""))
    assert draw(workspace, 2).manifest["frame"]["register"]["remarks"] == ["no_closing_date"]


def test_a_draw_of_0_1_is_read_again_by_the_rules_of_then(tmp_path: Path) -> None:
    workspace = place(tmp_path / "w", as_spreadsheet, CASES, '\none_row_per = "measure"')
    record = draw(workspace, 2).record
    older = {name: value for name, value in record.frame.to_dict().items() if name != "register"}
    then = replace(record, frame=FrameRecord.from_dict(older))
    rules = frame_rules(workspace, open_register(workspace, Q2), Q2, None, 2, then)
    assert (rules.per_case, rules.booleans) == ({}, ())
