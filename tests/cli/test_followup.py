"""`tilsyn followup`: proposing, taking up, listing, and the errors of each."""

from __future__ import annotations

import csv
import errno
import io
import json
from datetime import date

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import Q2, review
from tilsyn.base import clock
from tilsyn.base.which import Single
from tilsyn.procedure.draw_single import SingleRequest, draw_single
from tilsyn.workspace.workspace import Workspace

LEVEL = "--level 2 --period 2018-Q2"


@pytest.fixture
def read(workspace: Workspace, tilsyn: CommandLine) -> Workspace:
    """Return the small workspace: three cases of Nord and Syd, each with an error at BFU-02 but the last."""
    draw = workspace.draws.get(2, Q2)
    ids = list(draw.cases["case_id"])
    review(workspace, draw, no=dict.fromkeys(ids[:5], "BFU-02"))
    return workspace


def test_repeated_errors_are_proposed_and_taken_up_once(read: Workspace, tilsyn: CommandLine) -> None:
    before = tilsyn.files()
    ended = tilsyn(f"followup propose {LEVEL}")
    assert "│ │ Nord │ 3 af 3 │" in ended.shown
    assert "BFU-02 " in ended.shown
    assert "tilsyn followup add --level 2 --period 2018-Q2" in ended.told
    assert tilsyn.files() == before
    (made,) = tilsyn(f"followup add {LEVEL} --format json").json["actions"]
    assert made == {
        "action_id": "2018-Q2-n2-01", "level": 2, "period": "2018-Q2", "question": "BFU-02", "unit": "Nord",
        "case_id": "", "wrong": 3, "relevant": 3, "what": "", "cause": "", "deadline": "2018-10-20", "role": "",
        "done_on": None, "learnt": "", "learning_on": "2019-06-30", "discussed_on": None, "state": "open",
        "since": "2018-07-20",
    }  # fmt: skip
    before = tilsyn.files()
    assert "Intet nyt at følge op på" in tilsyn(f"followup add {LEVEL}").out
    assert tilsyn(f"followup add {LEVEL} --quiet").out == ""
    assert tilsyn.files() == before


def test_the_settings_say_what_repeats_and_what_is_usual(read: Workspace, tilsyn: CommandLine) -> None:
    own = '[followup]\nshare_under = 0.5\ndeadline = "6 uger"\nlearning = "6 months"\nresponsible = "leder"\n'
    settings = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    tilsyn.write("tilsyn.toml", settings.replace("[[plan]]", f"{own}[[plan]]", 1))
    made = tilsyn(f"followup add {LEVEL} --format json").json["actions"]
    assert [(one["unit"], one["wrong"]) for one in made] == [("Nord", 3), ("Syd", 2)]
    assert {(one["deadline"], one["learning_on"], one["role"]) for one in made} == {
        ("2018-08-31", "2018-12-30", "manager")
    }


def test_one_can_be_added_that_nobody_proposed(read: Workspace, tilsyn: CommandLine) -> None:
    case = read.draws.get(2, Q2).cases["case_id"].iloc[0]
    fields = "--what 'Ny skabelon' --årsag it-system --frist 2018-09-01 --rolle leder"
    (made,) = tilsyn(f"followup add {LEVEL} --question bfu-02 --unit syd {fields} --format json").json[
        "actions"
    ]
    assert [made[name] for name in ("unit", "wrong", "what", "cause", "deadline", "role")] == [
        "Syd", 2, "Ny skabelon", "system", "2018-09-01", "manager",
    ]  # fmt: skip
    tilsyn(f"followup add {LEVEL} --question BFU-02 --case {case}")
    tilsyn(f"followup add {LEVEL} --question BFU-01")
    rows = tilsyn("followup --format json").json["actions"]
    assert [(one["action_id"][-2:], one["unit"], one["case_id"], one["wrong"]) for one in rows] == [
        ("01", "Syd", "", 2), ("02", "Nord", case, 1), ("03", "", "", 0),
    ]  # fmt: skip
    assert "01" in tilsyn(f"followup add {LEVEL} --question BFU-02 --unit Syd", code=4).told


def test_a_single_draw_called_as_a_level_takes_no_level_s_action(
    read: Workspace, tilsyn: CommandLine
) -> None:
    made = draw_single(read, Single("n2"), Q2, SingleRequest(every=True)).draw
    review(read, made, no=dict.fromkeys(made.cases["case_id"], "BFU-02"))
    tilsyn(f"followup add {LEVEL}")
    first = tilsyn("followup --format json").json["actions"]
    tilsyn("followup add --single n2 --period 2018-Q2")
    now = tilsyn("followup --format json").json["actions"]
    assert len({one["action_id"] for one in now}) == len(now) > len(first)
    assert [one for one in now if one["level"] == 2] == first


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("propose --level 2 --period 2018-Q1", 4, "ikke trukket"),
        ("propose --level 12 --period 2018-Q2", 2, "niveau 12"),
        (f"add {LEVEL} --question BFU-99", 2, "Nærmest: BFU-0"),
        (f"add {LEVEL} --unit Øst", 2, "Nord, Syd"),
        (f"add {LEVEL} --question BFU-01 --case 2018-9999", 4, "2018-9999"),
        (f"add {LEVEL} --case 2018-0001", 2, "--question"),
        (f"add {LEVEL} --what 120374-6598", 2, "12xxxx-xxxx"),
        (f"add {LEVEL} --role 'Mor Hansen'", 2, "aldrig en person"),
        (f"add {LEVEL} --cause uheld", 2, "manglende viden"),
        (f"add {LEVEL} --deadline snart", 2, "2018-11-01"),
        ("--unit Vest", 2, "Vest"),
        ("--level 0", 2, "niveau"),
        ("export --single ''", 2, "enkelt"),
    ],
)
def test_what_is_refused_says_what_to_do_and_changes_nothing(
    read: Workspace, tilsyn: CommandLine, line: str, code: int, told: str
) -> None:
    before = tilsyn.files()
    assert told in tilsyn(f"followup {line}", code=code).told
    assert tilsyn.files() == before


def test_nothing_can_be_followed_up_before_anything_is_read(
    workspace: Workspace, tilsyn: CommandLine
) -> None:
    assert "ingen" in tilsyn(f"followup propose {LEVEL}", code=4).told
    assert "Ingen handlinger" in tilsyn("followup").out


def test_what_is_late_is_told_by_followup_and_status(read: Workspace, tilsyn: CommandLine) -> None:
    tilsyn(f"followup add {LEVEL} --question BFU-02 --unit Nord --deadline 2018-09-01")
    tilsyn(f"followup add {LEVEL} --question BFU-02 --unit Syd --deadline 2018-10-01")
    review(read, read.draws.get(2, Q2))
    tilsyn.today = "2018-09-02"
    tilsyn("status --fail-overdue --today 2018-09-01")
    ended = tilsyn("status --fail-overdue", code=5)
    assert "handlinger over fristen" in ended.out
    assert "│ Nord │ 1 │ 01-09-2018 │" in ended.shown
    assert "n2-01" not in ended.out
    found = tilsyn("followup --format json").json
    assert found["all"] == {"overdue": 1, "open": 1, "done": 0}
    assert [unit["overdue"] for unit in found["units"]] == [1, 0]
    assert "I alt" in tilsyn("followup").out
    rows = list(csv.DictReader(io.StringIO(tilsyn("followup --unit nord --format csv").out)))
    assert [row["action_id"] for row in rows] == ["2018-Q2-n2-01"]
    assert tilsyn("followup --period 2018 --level 2 --format json").json["all"]["open"] == 1
    assert tilsyn("followup --period 2017 --format json").json["actions"] == []
    late = tilsyn("status --today 2019-06-30 --format json").json
    assert late["meetings"] == [{"level": 2, "period": "2018-Q2", "due": "2019-06-30", "actions": 2}]
    assert "30. juni 2019" in tilsyn("status --today 2019-06-30").told


def test_what_is_recorded_stands_in_the_log_and_cannot_be_changed_unseen(
    read: Workspace, tilsyn: CommandLine
) -> None:
    clock.set_today(date(2018, 7, 20))
    tilsyn(f"followup add {LEVEL}")
    (name,) = tilsyn.files("samples/followup/*.json")
    assert "opfølgning" in tilsyn("verify --all").out
    assert "opfølgning skrevet" in tilsyn("log").out
    path = tilsyn.root / name
    text = path.read_text("utf-8")
    path.write_text(text.replace("Nord", "Syd"), "utf-8")
    assert "ændret" in tilsyn("verify --all", code=5).shown
    assert "sikkerhedskopien" in tilsyn("followup", code=3).told
    path.unlink()
    assert "mangler" in tilsyn("verify --all", code=5).shown
    path.write_text(text, "utf-8")
    tilsyn.write("samples/followup/fremmed.json", json.dumps({}))
    assert "fremmed.json" in tilsyn("verify --all", code=5).shown
    assert tilsyn("followup --format json").json["all"]["open"] == 1


def test_what_a_single_draw_found_is_followed_up_as_well(read: Workspace, tilsyn: CommandLine) -> None:
    tilsyn("draw --single taskforce --period 2018-Q2 --n 8")
    workspace = Workspace.open(tilsyn.root)
    drawn = workspace.draws.get(Single("taskforce"), Q2)
    review(workspace, drawn, no=dict.fromkeys(list(drawn.cases["case_id"])[:6], "BFU-02"))
    single = "--single taskforce --period 2018-Q2"
    assert "enkeltudtræk »taskforce«" in tilsyn(f"followup propose {single}").shown
    made = tilsyn(f"followup add {single} --format json").json["actions"]
    assert {(one["level"], one["single"], one["question"]) for one in made} == {(None, "taskforce", "BFU-02")}
    assert made[0]["action_id"] == "2018-Q2-taskforce-01"
    tilsyn(f"followup add {LEVEL}")
    found = tilsyn("followup --single taskforce --format json").json["actions"]
    assert [one["action_id"] for one in found] == [one["action_id"] for one in made]
    assert tilsyn("followup --level 2 --format json").json["all"]["open"] == 1
    late = tilsyn("status --today 2019-07-01 --format json").json["meetings"]
    assert [(one["level"], one.get("single")) for one in late] == [(2, None), (None, "taskforce")]
    tilsyn("followup --single taskforce --level 2", code=2)
    tilsyn("verify --all")


def test_what_a_crash_kept_from_its_name_counts_and_gets_it_from_the_next_who_writes(
    read: Workspace, tilsyn: CommandLine
) -> None:
    tilsyn(f"followup add {LEVEL}")
    (name,) = tilsyn.files("samples/followup/*.json")
    path = tilsyn.root / name
    path.rename(path.with_name(".tilsyn.0123456789ab.tmp"))
    assert tilsyn("followup --format json").json["all"]["open"] == 1
    tilsyn(f"followup add {LEVEL} --question BFU-01")
    assert len(tilsyn.files("samples/followup/*.json")) == 2
    assert not list(path.parent.glob(".tilsyn*"))
    tilsyn("verify --all")


def test_where_the_log_cannot_be_written_nothing_is_recorded(
    read: Workspace, tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: object, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    before = tilsyn.files("samples/*")
    monkeypatch.setattr("tilsyn.formats.files.append", full)
    tilsyn(f"followup add {LEVEL}", code=4)
    assert tilsyn.files("samples/*") == before
    assert not (tilsyn.root / "samples/followup").exists()
