"""`tilsyn draw --single` as it is written and told."""

import json
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.builders.workspaces import make_workspace
from tilsyn.base import clock


@pytest.fixture(autouse=True)
def _workspace(tilsyn):
    clock.set_today(date(2018, 7, 3))
    make_workspace(tilsyn.root)
    tilsyn.today = "2018-07-03"


def test_it_is_drawn_and_told_by_its_name(tilsyn):
    ended = tilsyn("draw --single Ombudsmanden --period 2018-Q2 --n 30")
    assert "Stikprøve, enkeltudtræk »ombudsmanden«, 2. kvartal 2018" in ended.out
    assert "30 sager af 97" in ended.err
    data = tilsyn(
        "draw --enkelt task --periode 2018-Q2 --antal 4 --enheder unit --hvor complaint=ja --format json"
    ).json
    assert (data["level"], data["single"], data["draw_id"]) == (None, "task", "bbu/2018-Q2/single/task")
    assert {row["sample_size"] for row in data["strata"]} <= {3, 4}


def test_of_chosen_cases_and_of_all_it_is_said(tilsyn):
    (tilsyn.root / "liste.csv").write_text("2018-AM001\n2018-AM002\n", "utf-8")
    ended = tilsyn("draw --single dialog --period 2018-Q2 --list liste.csv")
    assert "Sagerne er udvalgt og ikke trukket tilfældigt" in ended.err
    tilsyn("checklists --single dialog --period 2018-Q2")
    book = load_workbook(tilsyn.root / "checklists" / "2018-Q2" / "single-dialog" / "gruppe-1.xlsx")
    texts = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
    assert any(text.startswith("Sagerne er udvalgt og ikke trukket tilfældigt") for text in texts)
    ended = tilsyn("draw --single klager --period 2018-W26 --all --where complaint=ja")
    assert "Alle sager er med: der er ingen stikprøveusikkerhed." in ended.err


@pytest.mark.parametrize(
    ("line", "code", "found"),
    [
        ("draw --period 2018-Q2", 2, "sig ét af de to"),
        ("draw 2 --single x --n 3 --period 2018-Q2", 2, "sig ét af de to"),
        ("draw 2 --n 3 --period 2018-Q2", 2, "--n hører til --single"),
        ("draw 2 --list l.csv --period 2018-Q2", 2, "--list hører til --single"),
        ("draw 2 --from-level 1 --period 2018-Q2", 2, "--from-level hører til --single"),
        ("draw --single … --n 3 --period 2018-Q2", 2, "kan ikke være navnet på et enkeltudtræk"),
        (f"draw --single {'x' * 41} --n 3 --period 2018-Q2", 2, "højst 40 tegn"),
        ("draw 2 --commit --period 2018-Q2", 2, "tilsyn check --commit"),
        ("draw --single x --n 3 --seed-from lod --period 2018-Q2", 2, "kræver --commit"),
        ("draw --single x --n 3 --commit --if-missing --period 2018-Q2", 2, "--commit trækker ingen sager"),
        ("draw --single x --commit --period 2018-Q2", 2, "ikke sagt, hvor mange sager"),
        ("draw --single x --n 3 --sql postgres --period 2018-Q2", 2, "kan ikke trækkes med --sql"),
        ("draw --single x --n 3 --from-level 2 --from-single y --period 2018-Q2", 2, "udelukker hinanden"),
        ("draw --single 010190-1234 --n 3 --period 2018-Q2", 4, "CPR"),
        ("checklists --single x --period 2018-Q2", 4, "Enkeltudtræk »x« er ikke trukket for 2. kvartal 2018"),
        ("checklists --period 2018-Q2", 2, "sig ét af de to"),
        ("load --single x", 2, "--level og --period hører sammen"),
    ],
)
def test_what_cannot_be_meant_is_refused(tilsyn, line, code, found):
    ended = tilsyn(line, code=code)
    assert found in ended.err
    assert not list(tilsyn.root.glob("samples/*/*/draw.json"))


def test_status_log_and_verify_have_it(tilsyn):
    tilsyn("draw --single ombud --period 2018-Q2 --n 5")
    (row,) = [row for row in tilsyn("status --format json").json["levels"] if row["level"] is None]
    assert (row["single"], row["next"]) == ("ombud", "tilsyn checklists --single ombud --period 2018-Q2")
    assert "bbu/2018-Q2/single/ombud" in tilsyn("log").out
    assert tilsyn("verify samples/2018-Q2/single-ombud --register sagsliste.csv --format json").json["ok"]


def test_its_cases_are_dealt_out_loaded_and_replaced(tilsyn):
    data = tilsyn("draw --single ombud --period 2018-Q2 --n 5 --format json").json
    ended = tilsyn("checklists --single ombud --period 2018-Q2")
    assert "checklists/2018-Q2/single-ombud/gruppe-1.xlsx" in ended.out
    case = data["cases"][0]["case_id"]
    tilsyn(f"replace {case} --reason no_access --single ombud --period 2018-Q2")
    ended = tilsyn("status --files")
    assert "Enkeltudtræk »ombud«, 2. kvartal 2018: tjeklister, frist 03-08-2018" in ended.out


SEED = ("--seed", "terninger 3. juli 2018: 6 2 5 1", "--seed-origin", "terninger")


def test_its_frame_can_be_committed_to_before_anybody_has_a_seed(tilsyn):
    line = "draw --single ombud --period 2018-Q2 --n 5 --where complaint=ja"
    told = tilsyn(f"{line} --commit --seed-from terninger")
    assert "Intet er trukket" in told.out
    assert "startværdien vil komme fra terninger" in told.out
    assert not list(tilsyn.root.glob("samples/*/*/draw.json"))
    again = tilsyn(f"{line} --commit --seed-from terninger --format json").json
    tilsyn(line, *SEED)
    (path,) = tilsyn.root.glob("samples/*/*/draw.json")
    made = json.loads(path.read_text("utf-8"))
    assert made["frame"]["commitment"] == again["commitment"]
    assert (made["seed_before_frame"], made["seed_as_announced"]) == (False, True)
    events = [event["event"] for event in tilsyn("log --format json").json["events"]]
    assert events == ["frame_checked", "frame_committed", "seed_made", "drawn"]
    tilsyn("verify --all")


def test_a_given_seed_without_it_and_other_cases_after_it_are_told(tilsyn):
    line = "draw --single ombud --period 2018-Q2 --n 5"
    assert "startværdien" in tilsyn(f"{line} --where complaint=ja", *SEED).err.lower()
    tilsyn("draw --single task --period 2018-Q2 --n 5 --commit")
    ended = tilsyn("draw --single task --period 2018-Q2 --n 5 --where complaint=ja", *SEED, code=4)
    assert "--reason" in ended.err
