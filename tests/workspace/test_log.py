import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tilsyn.base.problems import Refused
from tilsyn.workspace import log


@dataclass(frozen=True)
class Folder:
    root: Path


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    log.append(folder, log.FRAME_COMMITTED, draw_id="bbu/2018-Q2/level-2", commitment="ab")
    log.append(folder, log.SEED_MADE, draw_id="bbu/2018-Q2/level-2", seed="æ" * 20)
    log.append(folder, log.DRAWN, draw_id="bbu/2018-Q2/level-2")
    return folder


def log_file(place: Folder) -> Path:
    return place.root / "samples" / "log.jsonl"


def head_file(place: Folder) -> Path:
    return place.root / "samples" / "log.head"


def test_events_are_chained_and_counted_by_the_head(place):
    events = [json.loads(line) for line in log_file(place).read_text("utf-8").splitlines()]
    assert [event["event"] for event in events] == [log.FRAME_COMMITTED, log.SEED_MADE, log.DRAWN]
    assert [event["prev"] for event in events] == [log.GENESIS, events[0]["hash"], events[1]["hash"]]
    assert json.loads(head_file(place).read_text()) == {"count": 3, "hash": events[2]["hash"]}
    assert log.read(place) == events
    assert not log.check(place).problems


def rewrite(place: Folder, change) -> None:
    lines = log_file(place).read_text("utf-8").splitlines(keepends=True)
    log_file(place).write_text("".join(change(lines)), "utf-8")


def edit_seed(lines):
    return [lines[0], lines[1].replace("æ", "ø"), lines[2]]


def forge_seed(lines):
    event = json.loads(lines[1]) | {"seed": "ø" * 20}
    event["hash"] = log.event_hash(event)
    return [
        lines[0],
        json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n",
        lines[2],
    ]


@pytest.mark.parametrize(
    ("change", "row", "found"),
    [
        (edit_seed, 2, "Linjen er rettet"),
        (forge_seed, 3, "Kæden er brudt"),
        (lambda lines: [lines[0], lines[2]], 2, "Kæden er brudt"),
        (lambda lines: [lines[1], lines[0], lines[2]], 1, "Kæden er brudt"),
        (lambda lines: [lines[0], "{}\n", *lines[1:]], 2, "Kæden er brudt"),
        (lambda lines: [lines[0], "vrøvl\n", *lines[1:]], 2, "ikke en hændelse"),
        (lambda lines: lines[:2], None, "kender 3 hændelser, men loggen har kun 2"),
        (lambda lines: [], None, "kender 3 hændelser, men loggen har kun 0"),
    ],
)
def test_tampering_is_found_and_nothing_more_is_written(place, change, row, found):
    rewrite(place, change)
    before = log_file(place).read_bytes()
    (problem,) = log.check(place).problems
    assert found in problem.found
    assert problem.row == row
    with pytest.raises(Refused):
        log.append(place, log.DRAWN)
    assert log_file(place).read_bytes() == before


def test_a_rewritten_log_does_not_fit_the_head(place):
    """Someone who rewrites the whole chain must rewrite the head too, and every copy of it that was sent out."""
    other = Folder(place.root / "other")
    for n in range(3):
        log.append(other, log.DRAWN, n=n)
    log_file(place).write_bytes(log_file(other).read_bytes())
    assert "skrevet om" in log.check(place).problems[0].found


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"count": "x", "hash": ""}'])
def test_a_head_that_cannot_be_read_is_told(place, content):
    head_file(place).write_text(content)
    assert "kan ikke læses" in log.check(place).problems[0].found


def test_a_head_that_was_taken_away_is_told(place):
    head_file(place).unlink()
    assert "log.head mangler" in log.check(place).problems[0].found
    with pytest.raises(Refused):
        log.append(place, log.DRAWN)


def test_a_crash_at_the_very_first_event_leaves_no_head(place):
    rewrite(place, lambda lines: lines[:1])
    head_file(place).unlink()
    log.append(place, log.DRAWN)
    assert (log.check(place).problems, len(log.read(place))) == ([], 2)


def test_a_crash_between_event_and_head_is_repaired_and_said(place):
    head = head_file(place).read_bytes()
    log.append(place, log.DRAWN, draw_id="bbu/2018-Q2/level-3")
    head_file(place).write_bytes(head)
    assert log.check(place).behind == 1
    assert "afbrudt" in log.crash_told(place)[0]
    log.append(place, log.DRAWN, draw_id="bbu/2018-Q2/level-4")
    assert (log.check(place).behind, len(log.read(place)), log.crash_told(place)) == (0, 5, [])


def test_a_half_written_line_is_no_event(place):
    with log_file(place).open("a") as file:
        file.write('{"event":"dra')
    assert log.check(place).torn
    assert "halve linje" in log.crash_told(place)[0]
    log.append(place, log.DRAWN, draw_id="bbu/2018-Q2/level-4")
    assert len(log.read(place)) == 4
    assert not log.check(place).problems


def test_append_if_adds_nothing_when_it_is_given_an_old_event(place):
    first = log.read(place)[0]
    assert log.append_if(place, lambda events: events[0]) == first
    assert len(log.read(place)) == 3


def test_many_processes_at_once_lose_no_event(tmp_path):
    code = (
        "import sys; from pathlib import Path; from types import SimpleNamespace; from tilsyn.workspace import log\n"
        "for n in range(15): log.append(SimpleNamespace(root=Path(sys.argv[1])), 'drawn', n=n)"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    state = log.check(Folder(tmp_path))
    assert (len(state.events), state.problems, state.behind) == (45, [], 0)
