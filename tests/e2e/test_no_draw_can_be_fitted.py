"""What was tried to fit a draw, a log or a figure, through the command line as anybody would."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.builders.case_sheets import fill_first
from tests.builders.command_line import CommandLine
from tests.builders.workspaces import (
    SMALL_HEADINGS,
    SMALL_ROWS,
    SMALL_SETTINGS,
    draw,
    make_workspace,
    review,
    write_register,
)
from tilsyn.base import clock
from tilsyn.reviews.records import CaseReview, Given, Load
from tilsyn.workspace.log import GENESIS, Log, event_hash
from tilsyn.workspace.workspace import Workspace

DRAW = "draw 2 --period 2018-Q2"
FOLDER = "samples/2018-Q2/level-2"
ANCHOR = re.compile(r"\b\d+:[0-9a-f]{16}\b")


@pytest.fixture(autouse=True)
def small(tilsyn: CommandLine) -> Workspace:
    """Make the workspace that is attacked: two units, level 2, nothing drawn."""
    tilsyn.today = "2018-07-03"
    return make_workspace(tilsyn.root, SMALL_SETTINGS, SMALL_ROWS, SMALL_HEADINGS)


def events(tilsyn: CommandLine) -> list[dict[str, object]]:
    return Log(tilsyn.root).events


def set_line(tilsyn: CommandLine, text: str) -> None:
    """Put a line at the end of tilsyn.toml."""
    path = tilsyn.root / "tilsyn.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


# Times


def test_the_log_has_the_clocks_own_time_and_the_given_day_beside_it(tilsyn: CommandLine) -> None:
    before = clock.now()
    tilsyn(DRAW)
    for event in events(tilsyn):
        assert datetime.fromisoformat(str(event["at"])) >= before - timedelta(seconds=1)
        assert event["today"] == "2018-07-03"
    manifest = json.loads((tilsyn.root / FOLDER / "draw.json").read_text("utf-8"))
    assert (manifest["made_on"][:10], manifest["made_at"]) == ("2018-07-03", events(tilsyn)[1]["at"])


def test_without_a_given_day_the_log_names_none(tilsyn: CommandLine) -> None:
    tilsyn.today = None
    tilsyn("check --period 2018-Q2 --commit")
    assert "today" not in events(tilsyn)[0]


def test_a_day_that_has_not_come_is_refused_but_in_a_demonstration(tilsyn: CommandLine) -> None:
    tomorrow = (clock.clock_day() + timedelta(days=1)).isoformat()
    tilsyn("status --today", tomorrow, code=2)
    tilsyn("status --today", clock.clock_day().isoformat())
    tilsyn.write("tilsyn.toml", "simulated = true\n" + SMALL_SETTINGS)
    tilsyn("status --today", tomorrow)


# What results rest on


def percent(tilsyn: CommandLine) -> dict[str, float | None]:
    rows = tilsyn("compliance --level 2 --period 2018-Q2 --format json").json["rows"]
    return {f"{row['question']} {row['domain']}": row["estimate"] for row in rows}


def test_one_line_in_the_settings_moves_no_past_figure(tilsyn: CommandLine) -> None:
    """Six working days end on a Saturday or not: read live, every case of the quarter turned over."""
    clock.set_today(date(2018, 7, 20))
    made = draw(Workspace.open(tilsyn.root), 2)
    (question,) = [
        q
        for q in made.question_set.questions
        if q.deadline and q.deadline.unit == "weekdays" and q.deadline.computed
    ][:1]
    assert question.deadline is not None
    days = int(question.deadline.amount or 0)
    late = datetime(2018, 4, 9) + timedelta(days=7 * (days // 5) + days % 5)
    given = {q.question_id: Given("ja") for q in made.question_set.questions}
    given[question.question_id] = Given("", start=datetime(2018, 4, 9), end=late)
    cases = [
        CaseReview(case, given, act_date=date(2018, 5, 2), reviewed_on=date(2018, 7, 20))
        for case in made.cases["case_id"]
    ]
    workspace = Workspace.open(tilsyn.root)
    workspace.ledger(made).save([Load(made.draw_id, "answers", "test.csv", cases=tuple(cases))])
    before = percent(tilsyn)
    assert before[f"{question.question_id} all"] == 1
    set_line(tilsyn, "\n[hverdage]\nsaturdays = true\n[limits]\nconfidence = 0.6\nmin_relevant = 1\n")
    assert percent(tilsyn) == before
    report = tilsyn("report --level 2 --period 2018-Q2 --internal --format json").json["files"][0]["file"]
    book = openpyxl.load_workbook(io.BytesIO((tilsyn.root / report).read_bytes()))
    text = " ".join(str(c.value) for sheet in book.worksheets for row in sheet for c in row if c.value)
    assert "95 %" in text
    assert "60 %" not in text


def test_a_draw_that_says_nothing_of_its_settings_is_read_by_those_of_today(tilsyn: CommandLine) -> None:
    """Draws of earlier versions have no `hverdage` and `limits`."""
    tilsyn(DRAW)
    path = tilsyn.root / FOLDER / "draw.json"
    old = {k: v for k, v in json.loads(path.read_text("utf-8")).items() if k not in ("hverdage", "limits")}
    path.write_text(json.dumps(old), "utf-8")
    set_line(tilsyn, "\n[hverdage]\nsaturdays = true\n[limits]\nmin_relevant = 1\n")
    workspace = Workspace.open(tilsyn.root)
    made = workspace.draws.at(path.parent)
    assert workspace.working_days(made).saturdays
    assert workspace.limits(made).min_relevant == 1


def test_a_reports_event_holds_its_hash_and_its_settings(tilsyn: CommandLine) -> None:
    made = draw(Workspace.open(tilsyn.root), 2)
    review(Workspace.open(tilsyn.root), made)
    tilsyn("report --level 2 --period 2018-Q2 --public --published 2018-09-01")
    event = events(tilsyn)[-1]
    assert event["event"] == "reported"
    assert event["settings"] == {
        "confidence": 0.95,
        "adjustment": "benjamini-hochberg",
        "min_relevant": 5,
        "wide": 0.3,
        "baseline": None,
        "baseline_period": None,
        "withhold_up_to": 2,
        "second_baseline": None,
        "hverdage": {
            "saturdays": False,
            "grundlovsdag": False,
            "christmas_eve": False,
            "new_years_eve": False,
            "friday_after_ascension": True,
            "country": "DK",
            "subdivision": None,
        },
        "published": "2018-09-01",
        "language": "da",
    }


# Anchors


def texts(path) -> str:
    """Return all that can be read in a workbook, the foot of its pages too."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    feet = [str(sheet.oddFooter.center.text) for sheet in book.worksheets]
    return " ".join([*feet, *(str(c.value) for sheet in book.worksheets for row in sheet for c in row)])


def test_every_paper_carries_the_logs_anchor_before_its_own_event(tilsyn: CommandLine) -> None:
    printed = tilsyn(DRAW).out
    manifest = json.loads((tilsyn.root / FOLDER / "draw.json").read_text("utf-8"))
    log = events(tilsyn)
    assert manifest["anchor"] == f"2:{str(log[1]['hash'])[:16]}"
    assert ANCHOR.findall(printed) == [f"3:{str(log[2]['hash'])[:16]}"]
    assert not ANCHOR.search((tilsyn.root / FOLDER / "sample.csv").read_text("utf-8-sig"))
    tilsyn("checklists 2 --period 2018-Q2")
    assert set(ANCHOR.findall(texts(tilsyn.root / "checklists/2018-Q2/level-2/nord.xlsx"))) == {
        f"3:{str(log[2]['hash'])[:16]}"
    }
    assert tilsyn("load --format json").json["anchor"] == f"3:{str(log[2]['hash'])[:16]}"
    workspace = Workspace.open(tilsyn.root)
    review(workspace, workspace.draws.in_force()[0])
    tilsyn("report --level 2 --period 2018-Q2 --internal")
    log = events(tilsyn)
    assert [event["event"] for event in log[-2:]] == ["reviews_recorded", "reported"]
    assert set(ANCHOR.findall(texts(tilsyn.root / "reports/2018-Q2/level-2-internal.xlsx"))) == {
        f"4:{str(log[3]['hash'])[:16]}"
    }


# Seeds


def in_the_way(tilsyn: CommandLine) -> None:
    """Put a file where the draw's folder must be, so that the draw fails once its seed is logged."""
    tilsyn.write("samples/2018-Q2/level-2", "")


def write_rows(tilsyn: CommandLine, rows: list[str]) -> None:
    write_register(tilsyn.root / "sagsliste.csv", rows, SMALL_HEADINGS)


def seeds(tilsyn: CommandLine) -> list[str]:
    return [str(event["seed"]) for event in events(tilsyn) if event["event"] == "seed_made"]


def test_making_the_save_fail_and_changing_a_dummy_row_gives_no_other_seed(tilsyn: CommandLine) -> None:
    in_the_way(tilsyn)
    assert "kør samme kommando igen" in tilsyn(DRAW, code=4).told
    for number in range(4):
        write_rows(tilsyn, [*SMALL_ROWS, f"9999-{number:04};Nord;Anbringelse"])
        ended = tilsyn(DRAW, code=4)
        assert "hører til en anden population" in ended.told
        assert "--reason" in ended.told
    assert len(seeds(tilsyn)) == 1
    (tilsyn.root / FOLDER).unlink()
    write_rows(tilsyn, SMALL_ROWS)
    assert "gjort færdig" in tilsyn(DRAW).err
    assert json.loads((tilsyn.root / FOLDER / "draw.json").read_text("utf-8"))["seed"] == seeds(tilsyn)[0]
    assert tilsyn("verify --all --format json").json["draws"][1]["tries"] == 1


def test_with_a_reason_every_seed_is_counted_and_said_everywhere(tilsyn: CommandLine) -> None:
    in_the_way(tilsyn)
    tilsyn(DRAW, code=4)
    assert "startværdier lavet: 1" in tilsyn("status").told
    write_rows(tilsyn, [*SMALL_ROWS, "9999-0001;Nord;Anbringelse"])
    assert "Der er lavet 2 startværdier" in tilsyn(f"{DRAW} --reason 'en sag manglede'").told
    (tilsyn.root / FOLDER).unlink()
    manifest = json.loads((tilsyn.root / f"{FOLDER}.2/draw.json").read_text("utf-8"))
    assert (manifest["draw_id"], manifest["tries"], manifest["replaces"]) == (
        "testby/2018-Q2/level-2/2",
        2,
        None,
    )
    assert manifest["frame"]["earlier_commitments"] == [events(tilsyn)[0]["commitment"]]
    assert "der er lavet 2 startværdier" in tilsyn("verify --all").shown
    assert "startværdier lavet: 2" in tilsyn("status").told
    workspace = Workspace.open(tilsyn.root)
    review(workspace, workspace.draws.in_force()[0])
    tilsyn("report --level 2 --period 2018-Q2")
    for edition in ("internal", "public"):
        text = texts(tilsyn.root / f"reports/2018-Q2/level-2-{edition}.xlsx")
        assert "Der er lavet 2 startværdier" in text
        assert "en sag manglede" in text


def test_committing_one_frame_and_drawing_another_is_refused_and_with_a_reason_told(
    tilsyn: CommandLine,
) -> None:
    tilsyn("check --period 2018-Q2 --commit")
    write_rows(tilsyn, SMALL_ROWS[1:])
    before = events(tilsyn)
    assert "bundet til en anden population" in tilsyn(DRAW, code=4).told
    assert events(tilsyn) == before
    tilsyn("check --period 2018-Q2 --commit")
    assert "bundet til en anden population" in tilsyn(DRAW, code=4).told
    tilsyn(f"{DRAW} --reason 'sagen var lukket'")
    frame = json.loads((tilsyn.root / FOLDER / "draw.json").read_text("utf-8"))["frame"]
    first, second = [e["commitment"] for e in events(tilsyn) if e["event"] == "frame_checked"]
    assert (frame["commitment"], frame["earlier_commitments"]) == (second, [first])


def test_a_seed_is_announced_with_the_commitment_and_the_draw_says_whether_it_is_the_one(
    tilsyn: CommandLine,
) -> None:
    tilsyn("check --period 2018-Q2 --seed-from 'drand, round 5123456'", code=2)
    told = tilsyn("check --period 2018-Q2 --commit --seed-from 'drand, round 5123456'").told
    assert "Varslet: startværdien vil komme fra drand, round 5123456" in told
    drawn = tilsyn(f"{DRAW} --seed 8f3a77c1e0b2459d8f3a77c1e0b2459d")
    assert "er den, der blev varslet: drand, round 5123456" in drawn.told
    manifest = json.loads((tilsyn.root / FOLDER / "draw.json").read_text("utf-8"))
    assert (manifest["seed_origin"], manifest["seed_as_announced"]) == ("drand, round 5123456", True)
    assert manifest["seed_before_frame"] is False


def test_another_seed_than_the_announced_one_is_said_in_the_report(tilsyn: CommandLine) -> None:
    tilsyn("check --period 2018-Q2 --commit --seed-from 'drand, round 5123456'")
    assert "IKKE den, der blev varslet" in tilsyn(DRAW).told
    workspace = Workspace.open(tilsyn.root)
    review(workspace, workspace.draws.in_force()[0])
    tilsyn("report --level 2 --period 2018-Q2 --public")
    text = texts(tilsyn.root / "reports/2018-Q2/level-2-public.xlsx")
    assert "ikke den, der blev varslet" in text


# A log that is written again


def rewrite(tilsyn: CommandLine, folder: str) -> None:
    """Turn every yes in the loaded answers to no, and write the whole log again with a sound chain."""
    log, head = (tilsyn.root / "samples" / name for name in ("log.jsonl", "log.head"))
    lines, last = [], GENESIS
    for line in log.read_text("utf-8").splitlines():
        event = json.loads(line)
        for file in event.get("files", []):
            path = tilsyn.root / folder / "reviews" / file["file"]
            path.write_text(path.read_text("utf-8").replace('"ja"', '"nej"'), "utf-8")
            file["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        event["prev"] = last
        event["hash"] = last = event_hash(event)
        lines.append(json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")
    log.write_text("".join(lines), "utf-8")
    head.write_text(json.dumps({"count": len(lines), "hash": last}) + "\n", "utf-8")


def load_a_workbook(tilsyn: CommandLine) -> None:
    tilsyn("draw 2 --period 2018-Q2")
    tilsyn("checklists 2 --period 2018-Q2")
    fill_first(tilsyn.root / "checklists/2018-Q2/level-2/nord.xlsx")
    tilsyn("load --today 2018-07-20")


def test_answers_rewritten_and_the_log_rechained_are_found_by_an_anchor_outside(tilsyn: CommandLine) -> None:
    load_a_workbook(tilsyn)
    (kept,) = ANCHOR.findall(tilsyn(f"{DRAW} --if-missing").out)
    tilsyn("verify --all --anchor", kept)
    rewrite(tilsyn, FOLDER)
    # The chain is sound, so nothing inside the folder tells it; what left the house does.
    tilsyn("verify --all")
    assert "loggen er skrevet om" in tilsyn("verify --anchor", kept, code=5).shown


def test_answers_rewritten_and_the_log_rechained_are_found_by_the_returned_workbooks(
    tilsyn: CommandLine,
) -> None:
    load_a_workbook(tilsyn)
    tilsyn("verify --all --workbooks --today 2018-07-21")
    rewrite(tilsyn, FOLDER)
    ended = tilsyn("verify --all --workbooks --today 2018-07-21 --format json", code=5)
    (found,) = [row for row in ended.json["draws"] if not row["ok"]]
    assert found["where"] == "workbooks"
    assert "nord.xlsx, sag 2018-" in found["found"]
    assert "siger »ja«, men det indlæste siger »nej«" in found["found"]


def test_workbooks_that_were_never_loaded_are_only_told(tilsyn: CommandLine) -> None:
    tilsyn(DRAW)
    tilsyn("checklists 2 --period 2018-Q2")
    fill_first(tilsyn.root / "checklists/2018-Q2/level-2/nord.xlsx")
    assert "1 sag i tjeklisten er ikke indlæst" in tilsyn("verify --all --workbooks").told


def test_workbooks_that_cannot_be_read_are_only_told(tilsyn: CommandLine) -> None:
    load_a_workbook(tilsyn)
    (tilsyn.root / "checklists/2018-Q2/level-2/syd.xlsx").write_bytes(b"PK no workbook")
    ended = tilsyn("verify --all --workbooks --today 2018-07-21")
    assert "syd.xlsx" in ended.told


def test_a_draw_and_its_seed_rewritten_are_found_by_the_anchor_on_a_checklist(tilsyn: CommandLine) -> None:
    tilsyn(DRAW)
    tilsyn("checklists 2 --period 2018-Q2")
    (kept,) = set(ANCHOR.findall(texts(tilsyn.root / "checklists/2018-Q2/level-2/nord.xlsx")))
    # Everything anew, by one who has the whole folder: nothing inside can tell.
    for name in ("samples", "checklists"):
        shutil.rmtree(tilsyn.root / name)
    tilsyn(DRAW)
    tilsyn("verify --all")
    tilsyn("verify --anchor", kept, code=5)


# Signing the head


def block(language: str) -> str:
    """Return the only block of a language in docs/verify.md."""
    document = (Path(__file__).parents[2] / "docs" / "verify.md").read_text("utf-8")
    (found,) = re.findall(rf"```{language}\n(.*?)```", document, re.DOTALL)
    return str(found)


@pytest.mark.openssh
def test_the_head_can_be_signed_as_the_document_says(tilsyn: CommandLine) -> None:
    tilsyn(DRAW)
    keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "jurist@example.dk", "-f", "key"]
    subprocess.run(keygen, cwd=tilsyn.root, check=True)
    shown = ["bash", "-euc", block("bash")]
    signed = subprocess.run(shown, cwd=tilsyn.root, capture_output=True, text=True, check=False)
    assert signed.returncode == 0, signed.stderr
    assert "Good" in signed.stdout
    head = tilsyn.root / "2018-07-03.head"
    kept = json.loads(head.read_text("utf-8"))
    tilsyn("verify --anchor", f"{kept['count']}:{kept['hash']}")
    head.write_text(head.read_text("utf-8").replace('"count": 3', '"count": 2'), "utf-8")
    check = ["bash", "-euc", block("bash").splitlines()[-1]]
    again = subprocess.run(check, cwd=tilsyn.root, capture_output=True, text=True, check=False)
    assert again.returncode != 0
