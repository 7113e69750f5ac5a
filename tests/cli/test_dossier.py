"""The folder that `tilsyn dossier` writes: what is in it, what is not, and when it is refused."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.builders.workspaces import SETTINGS, draw, make_workspace, register_rows, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.workspace.log import event_hash
from tilsyn.workspace.workspace import Workspace

FOLDER = "reports/2018-Q2/dossier"


@pytest.fixture
def workspace(tilsyn):
    clock.set_today(date(2018, 7, 3))
    made = make_workspace(tilsyn.root)
    review(made, draw(made, 2), no={"*": "UND-01"}, reviewer="kaj")
    draw(made, 3)
    draw(made, 1, "2018-05")
    return made


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everything(tilsyn) -> str:
    return "\n".join(data.decode() for name, data in tilsyn.files().items() if name.startswith(FOLDER))


def test_it_holds_what_anybody_needs(tilsyn, workspace):
    data = tilsyn("dossier --period 2018-Q2 --format json").json
    assert (data["schema"], data["folder"], data["without_ids"]) == ("tilsyn/dossier/1", FOLDER, False)
    assert [row["folder"] for row in data["draws"]] == [
        f"{FOLDER}/level-2",
        f"{FOLDER}/level-3",
        f"{FOLDER}/2018-05-level-1",
    ]
    folder = tilsyn.root / FOLDER
    parts = ("draw.json", "frame.csv", "nonresponse.csv", "replacements.csv")
    expected = {f"{row['folder']}/{name}" for row in data["draws"] for name in parts}
    expected |= {
        f"{FOLDER}/{name}"
        for name in ("README.txt", "kontrol.html", "log.head", "log.jsonl", "reports.csv", "SHA256SUMS")
    }
    assert {name for name in tilsyn.files() if name.startswith(FOLDER)} == expected
    for name in ("log.jsonl", "log.head"):
        assert (folder / name).read_bytes() == (tilsyn.root / "samples" / name).read_bytes()
    assert len(rows(folder / "level-2" / "frame.csv")) == data["draws"][0]["n"] == 97
    assert tilsyn("dossier --period 2018-Q2").out.count("2018-05-level-1") == 1


def test_its_sums_are_right_and_a_second_run_writes_the_same(tilsyn, workspace):
    tilsyn("dossier --period 2018-Q2")
    first = tilsyn.files()
    for line in (tilsyn.root / FOLDER / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(first[f"{FOLDER}/{name}"]).hexdigest() == digest
    tilsyn("dossier --period 2018-Q2")
    assert tilsyn.files() == first


def test_the_documented_python_checks_it_without_tilsyn(tilsyn, workspace):
    tilsyn("dossier --period 2018-Q2")
    document = (Path(__file__).parents[2] / "docs" / "verify.md").read_text("utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", document, re.DOTALL)
    for name in ("level-2", "level-3", "2018-05-level-1"):
        folder = tilsyn.root / FOLDER / name
        ended = subprocess.run(
            [sys.executable, "-I", "-c", script], cwd=folder, capture_output=True, text=True, check=False
        )
        assert (ended.returncode, ended.stderr) == (0, "")


def test_it_tells_nothing_of_a_case_but_its_number(tilsyn, workspace):
    tilsyn("dossier --period 2018-Q2")
    original = json.loads((tilsyn.root / "samples/2018-Q2/level-2/draw.json").read_text("utf-8"))
    assert {"opened", "complaint"} <= set(original["cases"][0]["facts"])
    copy = json.loads((tilsyn.root / FOLDER / "level-2/draw.json").read_text("utf-8"))
    assert {key for case in copy["cases"] + copy["reserve"] for key in case} == {
        "case_id", "stratum", "unit", "ticket", "order", "inclusion_probability", "design_weight",
    }  # fmt: skip
    assert {key: copy[key] for key in copy if key not in ("cases", "reserve", "dossier")} == {
        key: original[key] for key in original if key not in ("cases", "reserve")
    }
    # Neither remarks and reviewers, nor the codes of caseworkers in the draws of the units.
    assert "mangler" not in "".join(path.read_text("utf-8") for path in (tilsyn.root / FOLDER).rglob("*.csv"))
    said = "".join(
        (tilsyn.root / FOLDER / "level-2" / name).read_text("utf-8") for name in ("draw.json", "frame.csv")
    )
    assert "kaj" not in said
    assert "AMA0" not in said


def test_without_ids_no_case_number_and_no_caseworker_is_in_it(tilsyn, workspace):
    data = tilsyn("dossier --period 2018-Q2 --without-ids --format json").json
    assert data["without_ids"] is True
    said = everything(tilsyn)
    assert not re.search(r"2018-[A-ZÆØÅ]{2}\d{3}", said)
    assert not re.search(r"\b(AMA|NØR|ØST|DØG)[0-2]\b", said)
    for name in ("level-2", "level-3", "2018-05-level-1"):
        listed = rows(tilsyn.root / FOLDER / name / "frame.csv")
        assert set(listed[0]) == {"stratum", "ticket"}
        assert listed == sorted(listed, key=lambda row: (row["stratum"].encode(), row["ticket"]))
    cover = (tilsyn.root / FOLDER / "README.txt").read_text("utf-8-sig")
    assert "kan gættes, kan findes igen" in cover
    assert "ikke sagslistens fingeraftryk" in cover


def test_a_dossier_without_ids_takes_the_place_of_one_with(tilsyn, workspace):
    tilsyn("dossier --period 2018-Q2")
    tilsyn("dossier --period 2018-Q2 --without-ids")
    assert "case_id" not in (tilsyn.root / FOLDER / "level-2/frame.csv").read_text("utf-8")
    assert not [name for name in tilsyn.files() if ".tmp" in name]


def test_replacements_and_nonresponse_stand_in_it_and_no_figure_of_a_caseworker(tilsyn):
    clock.set_today(date(2018, 7, 3))
    made = make_workspace(tilsyn.root)
    drawn = draw(made, 2)
    first, *others = drawn.cases["case_id"]
    tilsyn("checklists 2 --period 2018-Q2 --today 2018-07-04 --quiet")
    tilsyn(f"replace {first} --reason no-access --today 2018-07-04 --quiet")
    review(made, drawn, others[:3])
    draw(made, 1, "2018-05")
    tilsyn("dossier --period 2018-Q2")
    folder = tilsyn.root / FOLDER
    (replaced,) = rows(folder / "level-2/replacements.csv")
    assert (replaced["case_id"], replaced["reason"]) == (first, "no_access")
    counted = rows(folder / "level-2/nonresponse.csv")
    assert counted[0] == {"stratum": "Amager", "drawn": "6", "reviewed": "3", "missing": "3", "replaced": "1"}
    assert [row["unit"] for row in rows(folder / "2018-05-level-1/nonresponse.csv")] == [
        "Amager",
        "Døgnvagten",
        "Nørrebro",
        "Østerbro",
    ]
    tilsyn("dossier --period 2018-Q2 --without-ids")
    (without,) = rows(folder / "level-2/replacements.csv")
    tickets = {case.case_id: case.ticket for case in (*drawn.record.cases, *drawn.record.reserve)}
    assert without["ticket"] == tickets[first]
    assert without["replacement_ticket"] == tickets[replaced["replacement"]]


def test_the_reports_hashes_stand_in_it(tilsyn, workspace):
    tilsyn("report --level 2 --period 2018-Q2 --quiet --today 2018-08-20")
    tilsyn("dossier --period 2018-Q2")
    listed = rows(tilsyn.root / FOLDER / "reports.csv")
    assert [row["file"] for row in listed] == [
        "reports/2018-Q2/level-2-internal.xlsx",
        "reports/2018-Q2/level-2-public.xlsx",
    ]
    for row in listed:
        assert hashlib.sha256((tilsyn.root / row["file"]).read_bytes()).hexdigest() == row["sha256"]
        assert row["sha256"] in (tilsyn.root / FOLDER / "README.txt").read_text("utf-8-sig")


def test_a_replaced_draw_stands_beside_the_one_in_force(tilsyn):
    clock.set_today(date(2018, 7, 3))
    made = make_workspace(tilsyn.root)
    draw(made, 2)
    draw(made, 2, replace=True, reason="forkert sagsliste")
    data = tilsyn("dossier --period 2018-Q2 --format json").json
    assert [row["folder"] for row in data["draws"]] == [f"{FOLDER}/level-2", f"{FOLDER}/level-2.2"]
    assert "forkert sagsliste" in (tilsyn.root / FOLDER / "README.txt").read_text("utf-8-sig")


def test_a_month_has_a_dossier_of_its_own(tilsyn, workspace):
    data = tilsyn("dossier --period 2018-05 --format json").json
    assert [row["draw_id"] for row in data["draws"]] == ["bbu/2018-05/level-1"]
    assert data["folder"] == "reports/2018-05/dossier"
    cover = (tilsyn.root / "reports/2018-05/dossier/README.txt").read_text("utf-8-sig")
    assert "gruppernes koder" in cover


def swapped(tilsyn):
    path = tilsyn.root / "samples/2018-Q2/level-2/draw.json"
    data = json.loads(path.read_text("utf-8"))
    first, other = data["cases"][0], data["reserve"][0]
    first["case_id"], other["case_id"] = other["case_id"], first["case_id"]
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def broken(tilsyn):
    (tilsyn.root / "samples/2018-Q2/level-2/draw.json").write_text("{", "utf-8")


def edited_frame(tilsyn):
    path = tilsyn.root / "samples/2018-Q2/level-2/frame.parquet"
    path.write_bytes(path.read_bytes()[:-8])


def edited_log(tilsyn):
    path = tilsyn.root / "samples/log.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"seed_origin":"system"', b'"seed_origin":"dice!!"'))


def draw_gone(tilsyn):
    folder = tilsyn.root / "samples/2018-05/level-1"
    folder.rename(tilsyn.root / "away")


@pytest.mark.parametrize("tamper", [swapped, broken, edited_frame, edited_log, draw_gone])
def test_it_is_refused_where_a_draw_does_not_verify_and_nothing_is_written(tilsyn, workspace, tamper):
    tamper(tilsyn)
    before = tilsyn.files()
    ended = tilsyn("dossier --period 2018-Q2", code=4)
    assert tilsyn.files() == before
    assert ended.out == ""


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("dossier --period 2019-Q1", 4, "Der er ingen lodtrækninger i 1. kvartal 2019"),
        ("dossier --period nonsens", 2, "nonsens"),
        ("dossier", 2, "--period"),
    ],
)
def test_what_cannot_be_written_is_said(tilsyn, workspace, line, code, told):
    assert told in tilsyn(line, code=code).told


def test_a_folder_with_files_of_somebody_else_is_left_alone(tilsyn, workspace):
    tilsyn("dossier --period 2018-Q2")
    tilsyn.write(f"{FOLDER}/underskrift.txt", "min")
    before = tilsyn.files()
    assert "underskrift.txt er ikke skrevet af tilsyn" in tilsyn("dossier --period 2018-Q2", code=4).told
    assert tilsyn.files() == before


def test_what_an_operating_system_leaves_in_it_is_no_hindrance(tilsyn, workspace):
    tilsyn("dossier --period 2018-Q2")
    for name in (".DS_Store", "level-2/Thumbs.db", "level-2/desktop.ini", "~$frame.csv"):
        tilsyn.write(f"{FOLDER}/{name}", "")
    tilsyn("dossier --period 2018-Q2")
    assert not [name for name in tilsyn.files() if "Thumbs" in name]


def test_without_ids_is_refused_where_a_reason_names_a_case(tilsyn, workspace):
    case = next(iter(rows_of(workspace)))
    draw(workspace, 2, replace=True, reason=f"Sagen {case}, som var dublet")
    ended = tilsyn("dossier --period 2018-Q2 --without-ids", code=4)
    assert f"nævner en sag ved dens nummer ({case})" in ended.told
    assert not (tilsyn.root / FOLDER).exists()
    tilsyn("dossier --period 2018-Q2")


def test_a_database_register_has_no_frame_and_the_cover_says_so(tilsyn):
    clock.set_today(date(2018, 7, 3))
    with closing(sqlite3.connect(tilsyn.root / "cases.db")) as database, database:
        database.execute("CREATE TABLE cases (Sagsnr, Enhed, Sagsbehandler, Oprettet, Lukket, Klage)")
        database.executemany(
            "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?)", [row.split(";") for row in register_rows()]
        )
    url = f'url = "sqlite:///{tilsyn.root}/cases.db"\nquery = "SELECT * FROM cases"'
    draw(make_workspace(tilsyn.root, SETTINGS.replace('path = "sagsliste.csv"', url)), 2)
    for option in ("", "--without-ids"):
        tilsyn(f"dossier --period 2018-Q2 {option}")
        assert not (tilsyn.root / FOLDER / "level-2/frame.csv").exists()
        cover = (tilsyn.root / FOLDER / "README.txt").read_text("utf-8-sig")
        assert "Sagslisten er en database" in cover
        assert "…/frame.csv" not in cover
        assert "databasens adresse uden kodeord" in cover


def rows_of(workspace):
    """Return the case numbers of the sample of level 2."""
    return workspace.draws.get(2, Period.parse("2018-Q2")).cases["case_id"]


def test_it_is_written_in_english_on_request(tilsyn, workspace):
    tilsyn("dossier --period 2018-Q2 --lang en")
    assert "CHECKING THE DRAWS" in (tilsyn.root / FOLDER / "README.txt").read_text("utf-8-sig")
    assert '<html lang="en">' in (tilsyn.root / FOLDER / "kontrol.html").read_text("utf-8")


def test_a_number_like_a_cpr_number_stays_in_the_house(tilsyn):
    clock.set_today(date(2018, 7, 3))
    made = make_workspace(tilsyn.root, SETTINGS + '\n[privacy]\nnot_cpr = ["complaint"]\n')
    draw(made, 2)
    # An earlier version let it into the log.
    made.log.append("noted", reason="se sagen")
    relogged(made.log.path, reason="se 010101-0001")
    ended = tilsyn("dossier --period 2018-Q2", code=4)
    assert "samples/log.jsonl, linje 4, rummer noget, der ligner et personnummer" in ended.told
    assert "010101-0001" not in ended.err
    assert not (tilsyn.root / FOLDER).exists()


def test_running_numbers_that_look_like_cpr_numbers_leave_the_house_only_where_they_are_named(tilsyn):
    clock.set_today(date(2018, 7, 3))
    listed = [f"01010100{n:02};{'Amager' if n % 2 else 'Valby'};A1;03-01-2018;;Nej" for n in range(20)]
    named = SETTINGS + '\n[privacy]\nnot_cpr = ["case_id"]\n'
    made = make_workspace(tilsyn.root, named, listed)
    drawn = draw(made, 2)
    tilsyn("dossier --period 2018-Q2 --quiet")
    # As where an earlier version, which knew fewer spellings, drew them.
    for text in (SETTINGS, named):
        tilsyn.write("tilsyn.toml", text)
        path = drawn.path / "draw.json"
        path.write_bytes(path.read_bytes().replace(b'"not_cpr": [\n  "case_id"\n ]', b'"not_cpr": []'))
        log = Workspace.open(tilsyn.root).log
        relogged(log.path, manifest=hashlib.sha256(path.read_bytes()).hexdigest())
        if text == named:
            tilsyn("dossier --period 2018-Q2")
        else:
            assert "level-2/frame.csv rummer noget" in tilsyn("dossier --period 2018-Q2", code=4).told
            tilsyn("dossier --period 2018-Q2 --without-ids")


def relogged(path: Path, **changed: str) -> None:
    """Let the log's last event hold something else, as an earlier version would have written it."""
    *lines, last = path.read_text("utf-8").splitlines()
    event = json.loads(last) | changed
    event["hash"] = event_hash(event)
    line = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text("\n".join([*lines, line]) + "\n", "utf-8")
    head = {"count": len(lines) + 1, "hash": event["hash"]}
    path.with_name("log.head").write_text(json.dumps(head) + "\n", "utf-8")


def test_it_tells_of_no_case_whether_it_was_complained_of(tilsyn):
    clock.set_today(date(2018, 7, 20))
    risk = '[[plan.risk]]\nname = "klage"\ncolumn = "complained"\nvalues = ["ja"]\nsize = 2\n'
    complaints = '[complaints]\npath = "klager.csv"\n'
    tilsyn.write("klager.csv", "Sagsnr;Modtaget;Besvaret\n2018-AM000;01-06-2018;\nX-1;01-06-2018;\n")
    made = draw(
        make_workspace(tilsyn.root, SETTINGS.replace("[[plan]]", complaints + "[[plan]]", 1) + risk), 2
    )
    assert list(made.record.frame.complaints.cases) == ["2018-AM000", "X-1"]
    tilsyn("dossier --period 2018-Q2")
    copy = json.loads((tilsyn.root / FOLDER / "level-2" / "draw.json").read_text("utf-8"))
    assert copy["frame"]["complaints"] == {
        "name": "klager.csv",
        "sha256": made.record.frame.complaints.sha256,
        "within": "12 months",
        "cases": [],
    }
    assert "X-1" not in everything(tilsyn)
