"""Draws by a list of complaints: a risk area, a rule of the frame, and what verifying them finds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from tests.builders.workspaces import Q2, SETTINGS, draw, make_workspace, register_rows
from tilsyn.base import clock
from tilsyn.base.database import memory_database
from tilsyn.base.problems import InputError, Refused
from tilsyn.base.which import Single
from tilsyn.procedure.check_commit import commit_frame
from tilsyn.procedure.draw_complaints import complaint_differences, complaint_notes
from tilsyn.procedure.draw_single import SingleRequest, draw_single
from tilsyn.procedure.verify import first_difference_of, verify_all, verify_draw
from tilsyn.settings.single import Wish
from tilsyn.workspace.workspace import Workspace

LIST = '[complaints]\npath = "klager-{period}.csv"\n'
RISK = '[[plan.risk]]\nname = "klage"\ncolumn = "complained"\nvalues = ["Ja"]\nsize = 2\n'
OUT = '[[frame.leave_out]]\nreason = "klagesag"\ncolumn = "complained"\nvalues = ["true"]\n'
# Of Amager four; one too long ago, one after the period, one that the register has not.
ROWS = (
    "2018-AM000;01-06-2018;",
    " 2018-AM001\u00a0;01-07-2017;01-08-2017",
    "2018-AM002;30-06-2018;",
    "2018-AM003;30-06-2017;01-08-2017",
    "2018-AM004;01-07-2018;",
    "2018-AM005;02-06-2018;",
    "X;02-06-2018;",
)
CASES = ["2018-AM000", "2018-AM001", "2018-AM002", "2018-AM005", "X"]


@pytest.fixture(autouse=True)
def _today() -> None:
    clock.set_today(date(2018, 7, 20))


def made(root: Path, *more: str, rows: Sequence[str] = ROWS, register: Sequence[str] = ()) -> Workspace:
    tables, risk = [part for part in more if part != RISK], RISK if RISK in more else ""
    own = "\n".join([LIST, *tables, ""])
    settings = SETTINGS.replace("[[plan]]", f"{own}[[plan]]", 1) + risk
    workspace = make_workspace(root, settings, list(register) or register_rows())
    write_list(workspace, rows)
    return workspace


def write_list(workspace: Workspace, rows: Sequence[str]) -> None:
    text = "\n".join(["Sagsnr;Modtaget;Besvaret", *rows, ""])
    (workspace.root / "klager-2018-Q2.csv").write_bytes(text.encode("utf-8"))


def test_a_risk_area_of_cases_complained_of(tmp_path: Path) -> None:
    workspace = made(tmp_path, RISK)
    record = draw(workspace, 2).record
    sizes = {row.stratum: (row.stratum_size, row.sample_size) for row in record.strata}
    assert (sizes["Amager"], sizes["Amager|klage"]) == ((32, 4), (4, 2))
    known = record.frame.complaints
    assert known is not None
    assert (known.name, known.within, list(known.cases)) == ("klager-2018-Q2.csv", "12 months", CASES)
    drawn = {case.case_id: case.facts["complained"] for case in (*record.cases, *record.reserve)}
    assert {case for case, said in drawn.items() if said == "ja"} == set(CASES) & set(drawn)


@pytest.mark.parametrize(
    ("within", "cases"),
    [("3 months", [0, 2, 5]), ("1 day", [2]), ("2 years", [0, 1, 2, 3, 5])],
)
def test_the_time_before_the_end_of_the_period(tmp_path: Path, within: str, cases: list[int]) -> None:
    workspace = made(tmp_path, f'received_within = "{within}"', RISK)
    known = draw(workspace, 2).record.frame.complaints
    assert known is not None
    assert [case for case in known.cases if case != "X"] == [f"2018-AM{n:03}" for n in cases]


def test_cases_complained_of_can_be_left_out(tmp_path: Path) -> None:
    record = draw(made(tmp_path, OUT), 2).record
    assert record.frame.left_out["klagesag"] == 4
    assert not {case.case_id for case in (*record.cases, *record.reserve)} & set(CASES)


def test_a_list_that_no_rule_asks_for_is_not_read(tmp_path: Path) -> None:
    record = draw(made(tmp_path, rows=["?;?;?"]), 2).record
    assert "complaints" not in record.frame.to_dict()
    assert "complained" not in record.cases[0].facts


def test_a_row_per_measure(tmp_path: Path) -> None:
    rows = register_rows()
    more = [row.replace("03-01-2018", "03-02-2018") for row in rows[:20]]
    workspace = made(tmp_path, RISK, register=[*rows, *more])
    text = (tmp_path / "tilsyn.toml").read_text("utf-8")
    text = text.replace("as_of = 2018-07-02", 'as_of = 2018-07-02\none_row_per = "measure"', 1)
    (tmp_path / "tilsyn.toml").write_text(text, "utf-8")
    workspace = Workspace.open(tmp_path)
    made_now = draw(workspace, 2)
    assert {row.stratum: row.stratum_size for row in made_now.record.strata}["Amager|klage"] == 4
    assert first_difference_of(workspace, made_now, register=tmp_path / "sagsliste.csv") is None


def test_a_bad_list_is_refused_and_nothing_is_logged(tmp_path: Path) -> None:
    workspace = made(tmp_path, RISK, rows=[*ROWS, "2018-AM006;x;", ";01-06-2018;"])
    with pytest.raises(InputError) as error:
        draw(workspace, 2)
    assert [(problem.file, problem.row) for problem in error.value.problems] == [
        ("klager-2018-Q2.csv", 9),
        ("klager-2018-Q2.csv", 10),
    ]
    assert workspace.log.events == []


def test_a_commitment_binds_the_list_too(tmp_path: Path) -> None:
    workspace = made(tmp_path, RISK)
    commit_frame(workspace, 2, Q2)
    write_list(workspace, [*ROWS, "2018-AM006;01-06-2018;"])
    with pytest.raises(Refused):
        draw(Workspace.open(tmp_path), 2)


def test_verified_by_register_and_list(tmp_path: Path) -> None:
    workspace = made(tmp_path, RISK)
    one, register = draw(workspace, 2), tmp_path / "sagsliste.csv"
    assert first_difference_of(workspace, one, register=register) is None
    assert verify_draw(workspace, one).checked[-1] == "complaints"
    assert complaint_notes(workspace, [one]) == []
    write_list(workspace, [*ROWS, "2018-AM006;01-06-2018;"])
    assert first_difference_of(workspace, one, register=register) is None
    (log, *_) = verify_all(workspace)
    assert [(note.kind, note.file) for note in log.notes] == [("note", "klager-2018-Q2.csv")]
    (tmp_path / "klager-2018-Q2.csv").unlink()
    assert first_difference_of(workspace, one, register=register) is None
    assert "complaints" not in verify_draw(workspace, one).checked
    assert len(complaint_notes(workspace, [one, one])) == 1


def test_a_single_draw_of_cases_complained_of(tmp_path: Path) -> None:
    workspace = made(tmp_path)
    where = (Wish(column="complained", values=("yes",)),)
    request = SingleRequest(n=3, where=where)
    one = draw_single(workspace, Single("klager"), Q2, request).draw
    assert one.record.frame.n == 4
    assert {case.case_id for case in one.record.cases} <= set(CASES)
    write_list(workspace, [])
    assert first_difference_of(workspace, one, register=tmp_path / "sagsliste.csv") is None


@pytest.mark.parametrize(
    ("cases", "found"),
    [
        (CASES[1:], "sag 2018-AM000 er i Amager|klage"),
        ([*CASES, "2018-NØ001"], "sag 2018-NØ001 er i Nørrebro"),
        ([*CASES, "Y"], "er ikke enige om sag Y"),
        (CASES[:-1], "er ikke enige om sag X"),
    ],
)
def test_other_cases_than_the_frame_or_the_list_has(tmp_path: Path, cases: list[str], found: str) -> None:
    workspace = made(tmp_path, RISK)
    path = draw(workspace, 2).path / "draw.json"
    data = json.loads(path.read_text("utf-8"))
    data["frame"]["complaints"]["cases"] = cases
    path.chmod(0o644)
    path.write_text(json.dumps(data), "utf-8")
    workspace = Workspace.open(tmp_path)
    one = workspace.draws.find(2, Q2, even_changed=True)
    assert one is not None
    with memory_database() as database:
        frame = database.sql(f"SELECT case_id, unit, stratum FROM read_parquet('{one.frame_path}')")
        assert found in next(complaint_differences(workspace, one, frame)).found
