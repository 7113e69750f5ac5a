"""`tilsyn run` from September 2017 to December 2019: a life in which much goes wrong ends as one without trouble.

`TILSYN_LIFE_SEEDS=1,2,3` lives other lives; `TILSYN_LIFE_MAILS=FILE` writes the mails of each to a file.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.builders.faults import Faults
from tests.builders.life_dice import Dice
from tests.builders.life_end import end_of, events_of
from tests.builders.life_nights import House, days, read_once
from tests.builders.life_people import BEGINS, ENDS, People, deadline_of
from tests.builders.life_trouble import Share, troubles
from tilsyn.cli.app import run

pytestmark = pytest.mark.slow
SEEDS = [int(seed) for seed in os.environ.get("TILSYN_LIFE_SEEDS", "7").split(",")]
# So many lines a person reads in the morning.
LONGEST = 40
# What was told at length before is told in a line.
TOLD_BEFORE = re.compile("som sidst; se de[mn] med|det samme er i vejen som den")
# For so many nights after a trouble a run may have something to make good.
AFTER = 3
# Of the nights on which nothing is to be done one in so many is tried.
QUIET = 1 / 30


@dataclass(frozen=True)
class Lives:
    """The same people in two houses: one in which nothing goes wrong, and one in which much does."""

    plain: House
    troubled: House
    people: People

    @property
    def both(self) -> tuple[House, House]:
        return self.plain, self.troubled


@pytest.fixture(scope="module", params=SEEDS)
def lives(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    seed = int(request.param)
    folder = tmp_path_factory.mktemp("lives")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(folder)
        Dice(seed).lie(monkeypatch.setattr)
        read_once(monkeypatch)
        share, faults = Share(monkeypatch), Faults(monkeypatch, folder)
        houses = [House(folder / name, seed, faults, share) for name in ("plain", "troubled")]
        lived = Lives(*houses, People(seed))
        try:
            live_plainly(lived.plain, lived.people)
            live_in_trouble(lived)
        finally:
            write_mails(lived)
        yield lived


def live_plainly(house: House, people: People) -> None:
    """Run on the days on which something is to be done, and on no other; people decide on what they see."""
    for day in days(BEGINS, ENDS):
        people.look(house.root, day)
        acts = people.on(day)
        house.by_day(acts)
        if acts or day.day == 1 or day in after_deadlines(house, people):
            house.night(day)


def live_in_trouble(lives: Lives) -> None:
    """Run every night while there is something to do or to make good, and on some others; let things go wrong."""
    house, rng = lives.troubled, random.Random(lives.troubled.seed)
    house.expected = lives.plain.points
    faults = troubles(house.seed, house.expected, BEGINS, ENDS)
    wakeful = BEGINS
    for day in days(BEGINS, ENDS):
        acts = lives.people.on(day)
        house.by_day(acts)
        if acts or day in faults or day in house.expected:
            wakeful = day + timedelta(1)
        if day <= wakeful or rng.random() < QUIET:
            house.night(day, faults.get(day))


def after_deadlines(house: House, people: People) -> set[date]:
    """Return the days on which the reviews of a draw are late for the first time."""
    return {deadline_of(house.root, name) + timedelta(1) for name in people.seen}


def write_mails(lives: Lives) -> None:
    """Write what the timers have sent, for somebody to read."""
    if name := os.environ.get("TILSYN_LIFE_MAILS"):
        for house in lives.both:
            path = Path(f"{name}-{house.seed}-{house.folder.name}.txt")
            path.write_text("\n".join(map(str, house.mails)), "utf-8")


def test_both_lives_end_alike(lives: Lives) -> None:
    plain, troubled = (end_of(house.root, ENDS) for house in lives.both)
    assert list(troubled) == list(plain)
    for name, value in plain.items():
        assert troubled[name] == value, name


def test_every_result_is_in_the_log_once(lives: Lives) -> None:
    plain, troubled = (events_of(house.root) for house in lives.both)
    for events in (plain, troubled):
        assert set(events.drawn.values()) == {1}
        assert set(events.loaded.values()) == {1}
        assert set(events.tries.values()) == {1}
    assert troubled.loads == plain.loads
    assert set(troubled.reported) == set(plain.reported)


def test_the_log_says_what_happened(lives: Lives) -> None:
    plain, troubled = (events_of(house.root) for house in lives.both)
    assert (plain.resumed, troubled.resumed > 0) == (0, True)
    assert troubled.problems == plain.problems
    assert plain.problems


def test_all_draws_of_both_lives_can_be_verified(lives: Lives, monkeypatch: pytest.MonkeyPatch) -> None:
    for house in lives.both:
        monkeypatch.chdir(house.root)
        assert run(["verify", "--all", "--today", str(ENDS)]) == 0


def test_a_night_without_anything_to_do_tells_only_what_waits_still(lives: Lives) -> None:
    house = lives.troubled
    busy = {mail.day for mail in lives.plain.mails if mail.text}
    busy |= {mail.day for mail in house.mails if mail.fault} | after_deadlines(house, lives.people)
    busy |= {day + timedelta(later) for day in busy for later in range(1, AFTER + 1)}
    idle = [mail for mail in house.mails if mail.day not in busy]
    lines = [line for mail in idle for line in mail.text.splitlines()]
    assert {mail.code for mail in idle} == {0}
    assert any(not mail.text for mail in idle)
    assert [line for line in lines if not TOLD_BEFORE.search(line)] == []


def test_a_mail_can_be_read_in_the_morning(lives: Lives) -> None:
    for mail in [mail for house in lives.both for mail in house.mails]:
        assert "Traceback" not in mail.text
        assert len(mail.text.splitlines()) <= LONGEST, mail
        # A run that ends with anything but 0 says why.
        assert mail.text or not mail.code, mail


def test_what_is_wrong_is_told_at_length_once(lives: Lives) -> None:
    for house in lives.both:
        told = Counter(
            line for mail in house.mails for line in mail.text.splitlines() if line.startswith("Fejl: ")
        )
        at_length = {line: n for line, n in told.items() if not TOLD_BEFORE.search(line)}
        # A share that is gone is told each time; that it is gone is all that there is to tell.
        assert {line: n for line, n in at_length.items() if n > 1 and str(house.folder) not in line} == {}
