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

    @property
    def log(self) -> log.Log:
        """The log as the next command opens it."""
        return log.Log(self.root)


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.log.append(log.FRAME_COMMITTED, draw_id="bbu/2018-Q2/level-2", commitment="ab")
    folder.log.append(log.SEED_MADE, draw_id="bbu/2018-Q2/level-2", seed="æ" * 20)
    folder.log.append(log.DRAWN, draw_id="bbu/2018-Q2/level-2")
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
    assert place.log.events == events
    assert not place.log.state.problems


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
    (problem,) = place.log.state.problems
    assert found in problem.found
    assert problem.row == row
    with pytest.raises(Refused):
        place.log.append(log.DRAWN)
    assert log_file(place).read_bytes() == before


def test_a_rewritten_log_does_not_fit_the_head(place):
    """Someone who rewrites the whole chain must rewrite the head too, and every copy of it that was sent out."""
    other = Folder(place.root / "other")
    for n in range(3):
        other.log.append(log.DRAWN, n=n)
    log_file(place).write_bytes(log_file(other).read_bytes())
    assert "skrevet om" in place.log.state.problems[0].found


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"count": "x", "hash": ""}'])
def test_a_head_that_cannot_be_read_is_told(place, content):
    head_file(place).write_text(content)
    assert "kan ikke læses" in place.log.state.problems[0].found


def test_a_head_that_was_taken_away_is_told(place):
    head_file(place).unlink()
    assert "log.head mangler" in place.log.state.problems[0].found
    with pytest.raises(Refused):
        place.log.append(log.DRAWN)


def test_a_crash_at_the_very_first_event_leaves_no_head(place):
    rewrite(place, lambda lines: lines[:1])
    head_file(place).unlink()
    place.log.append(log.DRAWN)
    assert (place.log.state.problems, len(place.log.events)) == ([], 2)


def test_a_crash_between_event_and_head_is_repaired_and_said(place):
    head = head_file(place).read_bytes()
    place.log.append(log.DRAWN, draw_id="bbu/2018-Q2/level-3")
    head_file(place).write_bytes(head)
    assert place.log.state.behind == 1
    assert "afbrudt" in place.log.crash_told()[0]
    place.log.append(log.DRAWN, draw_id="bbu/2018-Q2/level-4")
    assert (place.log.state.behind, len(place.log.events), place.log.crash_told()) == (0, 5, [])


def test_a_half_written_line_is_no_event(place):
    with log_file(place).open("a") as file:
        file.write('{"event":"dra')
    assert place.log.state.torn
    assert "halve linje" in place.log.crash_told()[0]
    place.log.append(log.DRAWN, draw_id="bbu/2018-Q2/level-4")
    assert len(place.log.events) == 4
    assert not place.log.state.problems


def test_append_if_adds_nothing_when_it_is_given_an_old_event(place):
    first = place.log.events[0]
    assert place.log.append_if(lambda events: events[0]) == first
    assert len(place.log.events) == 3


def test_many_processes_at_once_lose_no_event(tmp_path):
    code = (
        "import sys; from pathlib import Path; from tilsyn.workspace.log import Log\n"
        "log = Log(Path(sys.argv[1]))\n"
        "for n in range(15): log.append('drawn', n=n)"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    state = Folder(tmp_path).log.state
    assert (len(state.events), state.problems, state.behind) == (45, [], 0)
