import json
from datetime import date

import pytest

from tests.builders.workspaces import draw, make_workspace, review
from tilsyn.base import clock
from tilsyn.workspace.workspace import Workspace

FOLDER = "samples/2018-Q2/level-2"


@pytest.fixture(autouse=True)
def _drawn(tilsyn):
    clock.set_today(date(2018, 7, 3))
    draw(make_workspace(tilsyn.root), 2)


def test_a_draw_verifies_by_its_folder_its_manifest_and_with_all_others(tilsyn):
    for which in (FOLDER, f"{FOLDER}/draw.json", "--all"):
        assert "bbu/2018-Q2/level-2" in tilsyn(f"verify {which}").out
    data = tilsyn("verify --all --register sagsliste.csv --format json").json
    assert data["schema"] == "tilsyn/verify/1"
    assert [row["ok"] for row in data["draws"]] == [True, True]
    assert data["draws"][1]["checked"] == ["frame", "sample", "files", "log", "reviews", "register"]


def test_a_swapped_case_ends_with_five_and_is_named(tilsyn):
    path = tilsyn.root / FOLDER / "draw.json"
    manifest = json.loads(path.read_text("utf-8"))
    first, other = manifest["cases"][0], manifest["reserve"][0]
    first["case_id"], other["case_id"] = other["case_id"], first["case_id"]
    path.write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    found = tilsyn(f"verify {FOLDER}", code=5).shown
    assert f"skal være sag {other['case_id']}, men er {first['case_id']}" in found
    tilsyn("verify --all --format csv", code=5)


def test_a_tampered_log_is_named_by_its_line(tilsyn):
    path = tilsyn.root / "samples/log.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"seed_origin":"system"', b'"seed_origin":"dice!!"'))
    assert "samples/log.jsonl, linje 2: Linjen er rettet" in tilsyn("verify --all", code=5).shown
    tilsyn("log", code=5)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("verify", "Angiv én udtrækning, --all eller --anchor"),
        (f"verify --all {FOLDER}", "Angiv én udtrækning, --all eller --anchor"),
        ("verify --workbooks --anchor 0:0000000000000000", "--workbooks hører til --all"),
        ("verify --anchor 12", "er ikke et anker"),
        ("verify --anchor 3:0123", "er ikke et anker"),
        ("verify samples/2018-Q3/level-2", "Der er ingen udtrækning"),
    ],
)
def test_what_cannot_be_verified_is_said(tilsyn, line, said):
    assert said in tilsyn(line, code=2).err


def test_a_manifest_that_is_no_manifest_is_an_input_to_correct(tilsyn):
    ended = tilsyn(f"verify {FOLDER}", files={f"{FOLDER}/draw.json": "{"}, code=3)
    assert "ikke en udtrækning" in ended.err


def test_a_copy_elsewhere_says_what_was_not_checked(tilsyn, tmp_path_factory):
    place = tmp_path_factory.mktemp("copy") / "level-2"
    (tilsyn.root / FOLDER).rename(place)
    assert "loggen er ikke efterprøvet" in tilsyn("verify", place).err
    tilsyn("verify --register sagsliste.csv", place, code=2)
    assert "mappen er væk" in tilsyn("verify --all", code=5).out


def test_all_others_are_verified_beside_a_manifest_that_cannot_be_read(tilsyn):
    draw(Workspace.open(tilsyn.root), 2, "2018-Q1", as_of=date(2018, 3, 31))
    ended = tilsyn("verify --all --format json", files={f"{FOLDER}/draw.json": "{"}, code=5)
    verdicts = ended.json["draws"]
    assert [(row["draw_id"], row["ok"]) for row in verdicts] == [
        ("hændelseslog", True),
        (FOLDER, False),
        ("bbu/2018-Q1/level-2", True),
    ]
    assert "draw.json" in verdicts[1]["found"]


def test_a_frame_that_was_taken_away_is_not_a_register_in_a_database(tilsyn):
    (tilsyn.root / FOLDER / "frame.parquet").unlink()
    ended = tilsyn("verify --all", code=5)
    assert "frame.parquet mangler" in ended.shown
    assert "database" not in ended.err


def test_a_file_that_was_put_among_the_loads_by_hand_is_told(tilsyn):
    name = "20180710T080000Z-0123456789ab.json"
    ended = tilsyn("verify --all", files={f"{FOLDER}/reviews/{name}": "{}"}, code=5)
    assert f"{name}: filen står ikke i loggen" in ended.shown


@pytest.mark.parametrize("name", ["liste.xlsx", "frame.csv", "reviews/svar.txt", "kopi/draw.json"])
def test_a_strange_file_in_a_draws_folder_is_a_finding(tilsyn, name):
    ended = tilsyn("verify --all", files={f"{FOLDER}/{name}": "x"}, code=5)
    assert "hører ikke til i udtrækningens mappe" in ended.shown


@pytest.mark.parametrize(
    "name", ["samples/noter.txt", "checklists/x.pdf", "x.csv", f"{FOLDER}/Thumbs.db", f"{FOLDER}/._draw.json"]
)
def test_elsewhere_and_of_what_systems_leave_it_is_none(tilsyn, name):
    tilsyn("verify --all", files={name: "x"})


def test_other_settings_than_those_of_a_draw_are_a_note(tilsyn):
    with (tilsyn.root / "tilsyn.toml").open("a") as file:
        file.write("# rettet")
    ended = tilsyn("verify --all")
    assert "tilsyn.toml: Filen er en anden i dag, end da 1 udtrækning blev lavet" in ended.told


def test_a_report_is_held_against_its_logged_hash(tilsyn):
    workspace = Workspace.open(tilsyn.root)
    review(workspace, workspace.draws.in_force()[0])
    tilsyn("report --level 2 --period 2018-Q2 --internal")
    path = tilsyn.root / "reports/2018-Q2/level-2-internal.xlsx"
    assert tilsyn("verify --all --format json").json["draws"][-1]["checked"] == ["reports"]
    content = path.read_bytes()
    path.write_bytes(content + b"0")
    assert (
        "level-2-internal.xlsx er en anden end den, der blev skrevet" in tilsyn("verify --all", code=5).shown
    )
    path.unlink()
    assert "filen er væk" in tilsyn("verify --all").told
    tilsyn("report --level 2 --period 2018-Q2 --internal")
    assert path.read_bytes() == content


def test_an_anchor_is_found_in_the_log_or_not(tilsyn):
    tilsyn("check --period 2018-Q1 --commit")
    state = Workspace.open(tilsyn.root).log.state
    for count in range(len(state.events) + 1):
        tilsyn("verify --anchor", state.anchor(count))
    tilsyn("verify --anchor", f" {state.anchor().upper()} ")
    tilsyn("verify --anchor", f"2:{state.events[1]['hash']}")
    assert "loggen er skrevet om" in tilsyn("verify --anchor 2:0123456789abcdef", code=5).shown
    assert "loggen har kun 4" in tilsyn("verify --anchor 5:0123456789abcdef", code=5).shown
