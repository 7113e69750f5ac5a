"""`tilsyn run`: the whole round unattended, on days that follow one another, in a workspace of two units."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.command_line import CommandLine, Ended
from tests.builders.faults import Killed
from tests.builders.workspaces import (
    SMALL_HEADINGS,
    SMALL_ROWS,
    SMALL_SETTINGS,
    make_workspace,
    write_register,
)
from tilsyn.workspace.lock import RunLock
from tilsyn.workspace.log import Log

REGISTER = "register/2018-Q2-2018-07-02.csv"
# A question set of three questions: a round of all levels takes its seconds else.
SETTINGS = (
    SMALL_SETTINGS.replace('path = "sagsliste.csv"\nas_of = 2018-07-02', 'path = "register/{period}-{as_of}.csv"')
    .replace("valid_from = 2017-01-01", "valid_from = 2018-04-01")
    .replace('["serviceloven"]', '["few"]')
    + '[plan.levels.3]\ncadence = "quarter"\ntotal = 2\n'
)  # fmt: skip


# When a file came that is not still on its way.
LONG_AGO = 1_530_000_000
ASKED = ("BFU-01", "BFU-02", "SAM-01")


def _asked(question: str) -> bool:
    return any(f'id = "{name}"' in question for name in ASKED)


@pytest.fixture
def town(tilsyn: CommandLine) -> CommandLine:
    """A workspace whose plan begins on 1 April 2018, and has not got its register yet."""
    make_workspace(tilsyn.root, SETTINGS, SMALL_ROWS, SMALL_HEADINGS)
    laws = (tilsyn.root / "checklists" / "serviceloven.toml").read_text("utf-8")
    head, *questions = laws.replace('name = "serviceloven"', 'name = "few"').split("[[question]]")
    (tilsyn.root / "checklists" / "few.toml").write_text(
        "[[question]]".join([head, *filter(_asked, questions)]), "utf-8"
    )
    (tilsyn.root / "register").mkdir()
    return tilsyn


def put_register(town: CommandLine, name: str = REGISTER) -> None:
    write_register(town.root / name, SMALL_ROWS, SMALL_HEADINGS)


def night(town: CommandLine, day: str, *more: str, code: int = 0) -> Ended:
    """Run at night, as cron does: the mail is what it printed."""
    town.today = day
    return town("run --quiet", *more, code=code)


def steps(ended: Ended) -> list[tuple[str, int | None]]:
    return [(done["step"], done["level"]) for done in ended.json["done"]]


def fill(path: Path, to: Path | None = None, *, first: str = "ja") -> None:
    """Fill in a checklist, and leave it where it is or elsewhere."""
    book = load_workbook(path)
    sheets = case_sheets(book)
    for sheet in sheets:
        for question in ASKED:
            sheet.put(question, "ja")
        sheet.put("act_date", date(2018, 4, 3))
        sheet.put("reviewed_on", date(2018, 7, 2))
        sheet.put("reviewer", "områdejurist")
    sheets[0].put("BFU-01", first)
    book.save(to or path)


def checklists(town: CommandLine, level: int) -> list[Path]:
    return sorted((town.root / "checklists" / "2018-Q2" / f"level-{level}").glob("*.xlsx"))


def test_a_round_from_register_to_report_with_silence_between(town: CommandLine) -> None:
    assert (waiting := night(town, "2018-07-01")) == Ended(0, "", "")
    assert waiting.err == ""
    assert (
        "venter på sagslisten register/2018-Q2-ÅÅÅÅ-MM-DD.csv, til og med 31. juli 2018" in town("run").told
    )
    put_register(town)
    first = night(town, "2018-07-02")
    assert first.out.splitlines()[0].startswith("Niveau 2, 2. kvartal 2018: trukket 6 sager af 20")
    # Every mail is an anchor.
    anchor = re.search(r"anker: (\S+)\.", first.out)
    assert anchor
    town(f"verify --anchor {anchor[1]}")
    assert "lavet 2 tjeklister i checklists/2018-Q2/level-2." in first.out
    assert "udkast til 2 breve i reports/2018-Q2/letters/level-2 (frist 2. august 2018)." in first.out
    assert night(town, "2018-07-03") == Ended(0, "", "")
    for path in checklists(town, 2):
        fill(path)
    loaded = town("run --today 2018-07-10 --format json")
    assert steps(loaded) == [("load", 2), ("load", 2), ("report", 2)]
    assert "FORELØBIG" not in loaded.out
    assert (town.root / "reports/2018-Q2/level-2-public.xlsx").exists()
    # Level 3 falls due a month after level 2, and is drawn when that is complete.
    assert night(town, "2018-07-31") == Ended(0, "", "")
    third = night(town, "2018-08-01")
    assert "Niveau 3, 2. kvartal 2018: trukket 2 sager af 6" in third.out
    assert "Niveauet før er færdigt." in third.out
    for path in checklists(town, 3):
        fill(path)
    # The report of level 2 says how alike the two levels judge.
    assert steps(town("run --today 2018-08-05 --format json")) == [("load", 3), ("report", 2), ("report", 3)]
    assert night(town, "2018-08-06") == Ended(0, "", "")
    town("verify --all")


def test_what_was_published_is_written_anew_for_its_own_answers_alone(town: CommandLine) -> None:
    put_register(town)
    night(town, "2018-07-02")
    for path in checklists(town, 2):
        fill(path)
    night(town, "2018-07-10")
    town("report --level 2 --period 2018-Q2 --published 2018-07-20 --today 2018-07-11")
    night(town, "2018-08-01")
    for path in checklists(town, 3):
        fill(path)
    assert steps(town("run --today 2018-08-05 --format json")) == [("load", 3), ("report", 3)]
    fill(checklists(town, 2)[0], first="nej")
    book = load_workbook(checklists(town, 2)[0])
    case_sheets(book)[0].put("BFU-01", "Mangler", "remark")
    book.save(checklists(town, 2)[0])
    anew = night(town, "2018-08-06").out
    assert "level-2-public.2.xlsx" in anew
    assert "reports/2018-Q2/level-2-public.xlsx" in anew


def test_a_deadline_that_passes_gives_reminders_a_preliminary_report_and_the_next_level(
    town: CommandLine,
) -> None:
    put_register(town)
    night(town, "2018-07-02")
    north, south = checklists(town, 2)
    fill(north)
    night(town, "2018-07-20")
    assert night(town, "2018-08-02").out.splitlines() == []
    late = night(town, "2018-08-03")
    assert (
        "fristen 2. august 2018 er passeret; udkast til 1 rykker i reports/2018-Q2/letters/level-2-reminders"
        in late.out
    )
    assert "FORELØBIG: Syd mangler: ingen af de 3 sager er gennemgået." in late.out
    assert (
        "Fristen for niveauet før er passeret. Ikke gennemgået på niveauet før, og derfor ikke med: 3."
        in late.out
    )
    assert night(town, "2018-08-04") == Ended(0, "", "")
    fill(south)
    final = night(town, "2018-08-20")
    assert "rapport skrevet" in final.out
    assert "FORELØBIG" not in final.out
    # The reminder that was not sent has made way.
    assert not (town.root / "reports/2018-Q2/letters/level-2-reminders").exists()
    assert night(town, "2018-08-21") == Ended(0, "", "")


def test_the_same_bad_file_is_told_in_full_once(town: CommandLine) -> None:
    put_register(town)
    night(town, "2018-07-02")
    fill(checklists(town, 2)[0], first="måske")
    bad = night(town, "2018-07-05", code=3)
    assert "måske" in bad.err
    assert "checklists/2018-Q2/level-2/retur/nord.xlsx" in bad.out
    again = night(town, "2018-07-06")
    assert again.out == ""
    assert len(again.err.splitlines()) == 1
    assert "nord.xlsx" in again.err
    fill(checklists(town, 2)[0], first="nej")
    assert "nord.xlsx" in night(town, "2018-07-07", code=3).err
    fill(checklists(town, 2)[0])
    assert "indlæst nord.xlsx" in night(town, "2018-07-08").out
    assert not (town.root / "checklists/2018-Q2/level-2/retur").exists()


def test_a_file_that_is_never_corrected_is_told_of_every_day_and_then_every_week(town: CommandLine) -> None:
    put_register(town)
    night(town, "2018-07-02")
    (town.root / "ind").mkdir()
    (town.root / "ind" / "nord.xlsx").write_bytes(b"%PDF-1.7 scanned")
    os.utime(town.root / "ind" / "nord.xlsx", (LONG_AGO, LONG_AGO))
    night(town, "2018-07-03", "--inbox", "ind", code=3)
    told = []
    for day in [f"2018-07-{n:02}" for n in (3, 3, 4, 4, 5, 9, 10, 11, 16, 17, 18, 24, 25)]:
        err = night(town, day, "--inbox", "ind").err
        assert len(err.splitlines()) <= 1
        told += [day] if "nord.xlsx" in err else []
    assert told == [f"2018-07-{n:02}" for n in (3, 4, 5, 9, 10, 17, 24)]
    # Without --quiet it is there every time.
    assert "nord.xlsx" in town("run --inbox ind --today 2018-07-26").err


def test_what_comes_to_the_inbox_is_loaded_and_stays(town: CommandLine) -> None:
    put_register(town)
    night(town, "2018-07-02")
    (town.root / "ind").mkdir()
    fill(checklists(town, 2)[0], town.root / "ind" / "Nord færdig.xlsx")
    assert "indlæst Nord færdig.xlsx: 3 sager, 3 færdige." in night(town, "2018-07-05", "--inbox", "ind").out
    assert night(town, "2018-07-06", "--inbox", "ind") == Ended(0, "", "")
    # The untouched checklist in the folder says nothing of the wrong one in the inbox.
    fill(checklists(town, 2)[1], town.root / "ind" / "Syd (fejl).xlsx", first="måske")
    assert "retur/syd.xlsx" in night(town, "2018-07-07", "--inbox", "ind", code=3).out
    again = night(town, "2018-07-08", "--inbox", "ind")
    assert (again.out, len(again.err.splitlines())) == ("", 1)
    assert 'tilsyn load "ind/Syd (fejl).xlsx" --dry-run' in again.err
    assert (town.root / "checklists/2018-Q2/level-2/retur/syd.xlsx").exists()
    assert "indbakken findes ikke" in night(town, "2018-07-06", "--inbox", "væk", code=3).told


@pytest.mark.parametrize(
    ("path", "name", "as_of", "day", "told"),
    [
        # A period whose time has passed without its register, and one whose register is of another time.
        ("register/{period}.csv", None, "", "2018-08-01", "er ikke trukket for 2018-Q2"),
        ("register/{period}.csv", "register/2018-Q2.csv", "as_of = 2018-09-01", "2018-09-02", "er ikke trukket for 2018-Q2"),
        ("register/{period}-{as_of}.csv", "register/2018-Q2-2018-08-01.csv", "", "2018-08-02", "er ikke trukket for 2018-Q2"),
        # Nobody said which day it is of.
        ("register/{period}.csv", "register/2018-Q2.csv", "", "2018-07-02", "tilsyn.toml siger ikke, hvilken dag sagslisten er fra"),
    ],
)  # fmt: skip
def test_a_rule_is_never_departed_from_and_told_once(
    town: CommandLine, path: str, name: str | None, as_of: str, day: str, told: str
) -> None:
    settings = SETTINGS.replace('path = "register/{period}-{as_of}.csv"', f'path = "{path}"\n{as_of}')
    town.write("tilsyn.toml", settings)
    if name:
        put_register(town, name)
    assert told in night(town, day, code=4).told
    assert not (town.root / "samples/2018-Q2").exists()
    again = night(town, day)
    assert again.out == ""
    assert len(again.err.splitlines()) <= 1


def test_a_missed_period_is_caught_up_when_its_register_comes(town: CommandLine) -> None:
    put_register(town, "register/2018-Q3-2018-10-02.csv")
    night(town, "2018-10-02", code=4)
    put_register(town)
    assert "Niveau 2, 2. kvartal 2018: trukket" in night(town, "2018-10-03").out


def test_faults_of_the_register_are_told_at_their_rows_once(town: CommandLine) -> None:
    write_register(town.root / REGISTER, [*SMALL_ROWS, "2018-0001;Syd;Anbringelse"], SMALL_HEADINGS)
    bad = night(town, "2018-07-02", code=3)
    assert "Niveau 2, 2. kvartal 2018" in bad.err
    assert "2018-0001" in bad.err
    assert len(night(town, "2018-07-03").err.splitlines()) == 1


def test_one_fault_in_the_way_of_several_draws_is_told_at_length_once(town: CommandLine) -> None:
    monthly = '[plan.levels.1]\ncadence = "month"\nper = "unit"\nsize = 1\n'
    town.write("tilsyn.toml", SETTINGS + monthly)
    write_register(town.root / REGISTER, [*SMALL_ROWS, "2018-0001;Syd;Anbringelse"], SMALL_HEADINGS)
    told = night(town, "2018-07-02", code=3).err
    assert told.count("2018-0001") == 1
    assert told.count("det samme er i vejen som for Niveau 1, april 2018") == 3
    assert len(night(town, "2018-07-03").err.splitlines()) == 1


def test_a_dry_run_changes_nothing(town: CommandLine) -> None:
    put_register(town)
    before = town.files()
    tried = town("run --dry-run --today 2018-07-02 --until 2018-11-30")
    assert town.files() == before
    assert "Prøve: intet er ændret." in tried.out
    assert "Niveau 2, 2. kvartal 2018: trækkes." in tried.out
    assert (
        "1. oktober 2018: Niveau 2, 3. kvartal 2018: trækkes, når sagslisten er der (fra senest 31. oktober 2018)"
        in tried.shown
    )


def test_days_to_come_are_lived_through_in_a_demonstration_only(town: CommandLine) -> None:
    put_register(town)
    assert "--dry-run" in town("run --today 2018-07-01 --until 2018-08-10", code=4).err
    town.write("tilsyn.toml", "simulated = true\n" + SETTINGS)
    lived = town("run --today 2018-07-01 --until 2018-08-10")
    assert "2. juli 2018: Niveau 2, 2. kvartal 2018: trukket" in lived.out
    assert "3. august 2018: Niveau 2, 2. kvartal 2018: fristen 2. august 2018 er passeret" in lived.out
    town("run --today 2018-07-01 --until 2018-06-01", code=2)


def test_a_run_that_finds_another_ends_at_once_and_names_it(town: CommandLine) -> None:
    put_register(town)
    with RunLock(town.root / "samples").held():
        other = night(town, "2018-07-02")
    assert len(other.out.splitlines()) == 1
    assert "er i gang med den samme kørsel" in other.out
    assert not (town.root / "samples/2018-Q2").exists()


def test_an_urgent_case_is_told_at_once_and_once(town: CommandLine) -> None:
    put_register(town)
    night(town, "2018-07-02")
    path = checklists(town, 2)[0]
    book = load_workbook(path)
    sheet = case_sheets(book)[0]
    sheet.put("BFU-01", "måske")
    sheet.cell("akut").value = "ja"
    book.save(path)
    assert "AKUT" in night(town, "2018-07-03", code=3).err.upper()
    assert "AKUT" not in night(town, "2018-07-04").err.upper()


def test_an_urgent_case_is_told_of_a_run_that_dies_after_reading_it(
    town: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_register(town)
    night(town, "2018-07-02")
    path = checklists(town, 2)[0]
    fill(path)
    book = load_workbook(path)
    case_sheets(book)[0].put("akut", "ja")
    book.save(path)

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as crash:
        crash.setattr("tilsyn.procedure.run.draw_all", dies)
        with pytest.raises(Killed):
            night(town, "2018-07-03")
    assert "AKUT" in town.printed().err.upper()


def test_a_checklist_that_nobody_has_written_in_is_read_once(
    town: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_register(town)
    night(town, "2018-07-02")
    night(town, "2018-07-03")
    read: list[bytes] = []
    monkeypatch.setattr("tilsyn.formats.spreadsheets.read_apart", lambda data, _: read.append(data) or [])
    assert night(town, "2018-07-04") == Ended(0, "", "")
    assert read == []
    monkeypatch.undo()
    monkeypatch.chdir(town.root)
    fill(checklists(town, 2)[0])
    assert "indlæst nord.xlsx" in night(town, "2018-07-05").out


def test_a_checklist_that_a_crash_left_out_is_made_and_one_that_came_is_not(town: CommandLine) -> None:
    put_register(town)
    night(town, "2018-07-02")
    north, south = checklists(town, 2)
    fill(north)
    night(town, "2018-07-03")
    north.unlink()
    south.unlink()
    assert "lavet 1 tjekliste" in night(town, "2018-07-04").out
    assert (north.exists(), south.exists()) == (False, True)


def test_what_was_done_is_told_when_it_is_done(town: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    put_register(town)

    def dies(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr("tilsyn.procedure.run_round.make_workbooks", dies)
    with pytest.raises(Killed):
        night(town, "2018-07-02", "--log-json", str(town.root / "messages.jsonl"))
    assert "trukket 6 sager af 20" in town.printed().out
    entries = [json.loads(line) for line in (town.root / "messages.jsonl").read_text("utf-8").splitlines()]
    assert [entry["level"] for entry in entries] == ["result", "end"]


def test_a_draw_that_a_crash_kept_out_of_the_log_is_finished(
    town: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_register(town)

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as crash:
        crash.setattr("tilsyn.procedure.draw.log_drawn", dies)
        with pytest.raises(Killed):
            night(town, "2018-07-02")
    drawn = (town.root / "samples/2018-Q2/level-2/draw.json").read_bytes()
    # Long after, when no register of its time is there any more.
    (town.root / REGISTER).unlink()
    assert "En afbrudt lodtrækning er gjort færdig" in night(town, "2018-08-20").out
    assert (town.root / "samples/2018-Q2/level-2/draw.json").read_bytes() == drawn
    assert night(town, "2018-08-21").out == ""
    town("verify --all")


def test_what_was_done_before_the_share_went_away_is_told(
    town: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_register(town)

    def gone(*_: object, **__: object) -> None:
        raise OSError(107, "Transport endpoint is not connected", "checklists/2018-Q2")

    with monkeypatch.context() as share:
        share.setattr("tilsyn.procedure.run_round.make_workbooks", gone)
        broken = night(town, "2018-07-02", code=4)
    assert "trukket 6 sager" in broken.out
    assert "checklists/2018-Q2" in broken.err
    assert "lavet 2 tjeklister" in night(town, "2018-07-03").out


def test_the_log_says_what_happened_and_still_holds(town: CommandLine) -> None:
    night(town, "2018-08-01", code=4)
    put_register(town)
    night(town, "2018-08-02")
    kinds = [event["event"] for event in Log(town.root).events]
    assert kinds == ["missed", "frame_committed", "seed_made", "drawn", "letters_written"]
    assert "perioder aldrig trukket" in town("log").out
    town("verify --all")


def test_a_program_reads_what_was_done(town: CommandLine) -> None:
    put_register(town)
    found = town("run --today 2018-07-02 --format json").json
    assert found["schema"] == "tilsyn/run/1"
    assert [done["step"] for done in found["done"]] == ["draw", "checklists", "letters"]
    assert town("run --today 2018-07-03 --format csv").out == "\n"
    shutil.rmtree(town.root / "samples")
    assert json.loads(town("run --dry-run --today 2018-07-02 --format json").out)["dry_run"] is True
