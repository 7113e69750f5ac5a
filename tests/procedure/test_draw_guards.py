"""What cannot be undone is refused until a reason is given, and the reason stands in the manifest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.builders.workspaces import SETTINGS, draw, make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.procedure.draw_source import frame_of
from tilsyn.procedure.verify import verify_draw
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

Q2 = "2018-Q2"
AS_OF = "as_of = 2018-07-02\n"
NO_NAME = SETTINGS.replace('[organisation]\nname = "Borgercenter Børn og Unge"\nslug = "bbu"\n', "")
# The register's newest date is 14 February 2018; no column says when a case was opened or closed.
NO_DATES = SETTINGS.replace(', opened = "Oprettet", closed = "Lukket"', "")


def place(root: Path, settings: str = SETTINGS, today: date = date(2018, 7, 3)) -> Workspace:
    clock.set_today(today)
    return make_workspace(root, settings)


@pytest.mark.parametrize(
    ("today", "ended"),
    [
        (date(2018, 4, 2), False),
        (date(2018, 6, 30), False),
        (date(2018, 7, 1), True),
    ],
)
def test_a_period_must_have_ended(tmp_path: Path, today: date, ended: bool) -> None:
    workspace = place(tmp_path, SETTINGS.replace("2018-07-02", "2018-06-30"), today)
    if ended:
        assert draw(workspace, 2).manifest["departures"] == []
        return
    with pytest.raises(Refused, match="ikke slut endnu") as refused:
        draw(workspace, 2)
    assert "--reason" in refused.value.remedy
    assert not (tmp_path / "samples").exists()
    manifest = draw(workspace, 2, reason="enheden nedlægges").manifest
    assert (manifest["departures"], manifest["reason"]) == (["period_not_ended"], "enheden nedlægges")


# `as_of` given: within 31 days of the period's end on either side, and for a month of its quarter's end after.
@pytest.mark.parametrize(
    ("level", "period", "as_of", "of_period"),
    [
        (2, "2018-Q2", "2018-05-29", False),
        (2, "2018-Q2", "2018-05-30", True),
        (2, "2018-Q2", "2018-07-31", True),
        (2, "2018-Q2", "2018-08-01", False),
        (1, "2018-04", "2018-03-31", False),
        (1, "2018-04", "2018-04-01", True),
        (1, "2018-04", "2018-07-31", True),
        (1, "2018-04", "2018-08-01", False),
    ],
)
def test_a_given_day_is_held_to_the_periods_end(
    tmp_path: Path, level: int, period: str, as_of: str, of_period: bool
) -> None:
    workspace = place(tmp_path, SETTINGS.replace("2018-07-02", as_of), date(2018, 9, 1))
    if of_period:
        made = draw(workspace, level, period)
    else:
        with pytest.raises(Refused, match="hører ikke til"):
            draw(workspace, level, period)
        assert not (tmp_path / "samples").exists()
        made = draw(workspace, level, period, reason="den rigtige findes ikke mere")
    manifest = made.manifest
    assert manifest["departures"] == ([] if of_period else ["other_time"])
    assert manifest["reason"] == (None if of_period else "den rigtige findes ikke mere")
    assert (manifest["frame"]["as_of"], manifest["frame"]["as_of_given"]) == (as_of, True)
    event = workspace.log.events[0]
    assert (event["departures"], event["reason"]) == (manifest["departures"], manifest["reason"])


# The newest date of the register is 14 February 2018.
@pytest.mark.parametrize(
    ("period", "of_period"),
    [("2018-Q1", True), ("2018-01", True), ("2018-Q2", False), ("2018-H1", True)],
)
def test_the_newest_date_must_lie_in_the_period_or_soon_after(
    tmp_path: Path, period: str, of_period: bool
) -> None:
    workspace = place(tmp_path, SETTINGS.replace(AS_OF, ""))
    if not of_period:
        with pytest.raises(Refused, match=r"14\. februar 2018"):
            draw(workspace, 2, period)
        return
    made = draw(workspace, 2, period)
    assert (made.record.frame.as_of, made.record.frame.as_of_given) == (date(2018, 2, 14), False)


def test_a_register_without_dates_is_of_no_known_day(tmp_path: Path) -> None:
    made = draw(place(tmp_path, NO_DATES.replace(AS_OF, "")), 2)
    assert made.manifest["frame"]["as_of"] is None
    assert made.manifest["departures"] == []


def test_the_day_can_be_given_with_the_draw_and_in_a_path_of_periods(tmp_path: Path) -> None:
    workspace = place(tmp_path / "option")
    with pytest.raises(Refused, match=r"1\. januar 2018"):
        draw(workspace, 2, as_of=date(2018, 1, 1))
    assert draw(workspace, 2, as_of=date(2018, 6, 20)).record.frame.as_of == date(2018, 6, 20)
    settings = SETTINGS.replace(AS_OF, "").replace("sagsliste.csv", "{period}/sager-2018-07-01.csv")
    workspace = place(tmp_path / "path", settings)
    (workspace.root / Q2).mkdir()
    (workspace.root / "sagsliste.csv").rename(workspace.root / Q2 / "sager-2018-07-01.csv")
    frame = draw(workspace, 2).record.frame
    assert (frame.as_of, frame.as_of_given) == (date(2018, 7, 1), True)


def test_a_register_of_today_has_the_day_of_its_draw_for_ever(tmp_path: Path) -> None:
    workspace = place(tmp_path, SETTINGS.replace("2018-07-02", '"today"'), date(2018, 7, 5))
    made = draw(workspace, 2)
    assert (made.record.frame.as_of, made.record.frame.as_of_given) == (date(2018, 7, 5), True)
    clock.set_today(date(2018, 9, 1))
    again = frame_of(workspace, made.record.plan, made.period, made=made.record)
    assert again.as_of == date(2018, 7, 5)
    assert verify_draw(workspace, made, tmp_path / "sagsliste.csv").difference is None
    with pytest.raises(Refused, match=r"1\. september 2018"):
        draw(workspace, 1, "2018-05")


def test_levels_three_and_four_have_the_day_of_level_two(tmp_path: Path) -> None:
    workspace = place(tmp_path, SETTINGS.replace("2018-07-02", "2018-01-01"))
    two = draw(workspace, 2, reason="kun den findes")
    review(workspace, two)
    three = draw(workspace, 3)
    assert three.record.frame.as_of == date(2018, 1, 1)
    assert (three.manifest["departures"], three.manifest["reason"]) == ([], None)


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        (NO_NAME, "name, slug"),
        (SETTINGS.replace('slug = "bbu"\n', ""), "slug"),
        (SETTINGS.replace('name = "Borgercenter Børn og Unge"\n', ""), "name"),
    ],
)
def test_an_organisation_that_was_never_named_draws_nothing(
    tmp_path: Path, settings: str, missing: str
) -> None:
    workspace = place(tmp_path, settings)
    with pytest.raises(Refused, match=f": {missing} mangler") as refused:
        draw(workspace, 2, reason="en grund hjælper ikke")
    assert "[organisation]" in str(refused.value)
    assert not (tmp_path / "samples").exists()


def test_a_workspace_with_a_draw_is_never_refused_for_its_name(tmp_path: Path) -> None:
    draw(place(tmp_path), 1, "2018-06")
    (tmp_path / "tilsyn.toml").write_text(NO_NAME, "utf-8")
    assert draw(Workspace.open(tmp_path), 2).draw_id == "min-kommune/2018-Q2/level-2"


def test_a_manifest_of_earlier_versions_has_no_departures(tmp_path: Path) -> None:
    made = draw(place(tmp_path), 2)
    older = {key: value for key, value in made.manifest.items() if key not in ("departures", "reason")}
    older["frame"] = {key: value for key, value in older["frame"].items() if key != "as_of_given"}
    record = DrawRecord.from_dict(older)
    assert (list(record.departures), record.reason, record.frame.as_of_given) == ([], None, False)


def test_a_second_draw_has_one_reason_for_all(tmp_path: Path) -> None:
    workspace = place(tmp_path)
    draw(workspace, 2)
    request = DrawRequest(replace=True, reason="forkert sagsliste", as_of=date(2018, 1, 1))
    again: Draw = make_draw(workspace, 2, Period.parse(Q2), request).draw
    assert again.manifest["replace_reason"] == again.manifest["reason"] == "forkert sagsliste"
