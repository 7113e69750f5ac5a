"""Where the machine is moves nothing: a day is a day in Denmark."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders.workspaces import Q2, SMALL_HEADINGS, SMALL_ROWS, SMALL_SETTINGS, make_workspace, review
from tilsyn.base import clock
from tilsyn.workspace.workspace import Workspace

ZONES = ("Europe/Copenhagen", "Pacific/Auckland", "America/Los_Angeles")
SEED = "terninger 3. juli 2018: 6 2 5 1"
# It is July in Denmark, June in UTC, and noon of 1 July in Auckland.
JULY_IN_DENMARK = datetime(2018, 6, 30, 22, 30, tzinfo=UTC)
JUNE_IN_DENMARK = datetime(2018, 6, 30, 21, 30, tzinfo=UTC)


def life(tilsyn, root, monkeypatch):
    """Draw, record a review and report, half an hour past midnight; return what was written and shown."""
    workspace = make_workspace(root, SMALL_SETTINGS, SMALL_ROWS, SMALL_HEADINGS)
    monkeypatch.chdir(root)
    tilsyn("draw 2 --period 2018-Q2", "--seed", SEED, "--seed-origin", "terninger")
    review(workspace, Workspace.open(root).draws.get(2, Q2))
    tilsyn("report --level 2 --period 2018-Q2 --as html")
    written = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("samples", "reports")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }
    return written, tilsyn("log").out, tilsyn("status --files --format json").out


def test_the_same_is_written_wherever_the_machine_is(tilsyn, monkeypatch, machine_in):
    monkeypatch.setattr(clock, "now", lambda: JULY_IN_DENMARK)
    lives = []
    for zone in ZONES:
        machine_in(zone)
        lives.append(life(tilsyn, tilsyn.root / zone.replace("/", "-"), monkeypatch))
    written, log, _ = lives[0]
    assert lives[1:] == lives[:1] * 2
    assert "reports/2018-Q2/level-2-internal.html" in written
    assert "2018-07-01 00:30:00" in log


@pytest.mark.parametrize("zone", ZONES)
def test_a_period_ends_at_midnight_in_denmark(tilsyn, monkeypatch, machine_in, zone):
    make_workspace(tilsyn.root, SMALL_SETTINGS, SMALL_ROWS, SMALL_HEADINGS)
    machine_in(zone)
    monkeypatch.setattr(clock, "now", lambda: JUNE_IN_DENMARK)
    assert "30. juni 2018" in tilsyn("draw 2 --period 2018-Q2", code=4).told
    monkeypatch.setattr(clock, "now", lambda: JULY_IN_DENMARK)
    tilsyn("draw 2 --period 2018-Q2")
    draw = Workspace.open(tilsyn.root).draws.get(2, Q2)
    assert draw.made_on.isoformat() == "2018-07-01"
    assert draw.record.made_on == "2018-07-01T00:30:00+02:00"
    assert draw.record.made_at == "2018-06-30T22:30:00+00:00"


def test_a_given_day_stands_before_the_time(tilsyn, monkeypatch):
    make_workspace(tilsyn.root, SMALL_SETTINGS, SMALL_ROWS, SMALL_HEADINGS)
    monkeypatch.setattr(clock, "now", lambda: datetime(2018, 12, 31, 23, 30, tzinfo=UTC))
    tilsyn("draw 2 --period 2018-Q2 --today 2018-07-03")
    assert Workspace.open(tilsyn.root).draws.get(2, Q2).record.made_on == "2018-07-03T00:30:00+01:00"
