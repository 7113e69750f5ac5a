"""`tilsyn deadlines`: what people and scripts see of time limits that were measured."""

from __future__ import annotations

import calendar
import csv
import errno
import io
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import SETTINGS, draw, make_workspace, register_rows, review
from tilsyn.base import clock
from tilsyn.formats.files import Prepared

EXAMPLE = Path(__file__).parent.parent / "data" / "sagsliste-2018K2.csv"
UTF_8 = {**os.environ, "PYTHONIOENCODING": "utf-8"}
HEAD = "Sagsnr;Enhed;Sagsbehandler;Sagstype;Oprettet;Afgørelsesdato;Lukket"
ROWS = [
    "S-10001;Nord;N1;Underretning;02-05-2018;10-05-2018;",
    "S-10002;Nord;N1;Underretning;02-05-2018;30-05-2018;",
    "S-10003;Syd;S1;Anbringelse;02-05-2018;;",
    "S-10004;Syd;S1;Anbringelse;30-05-2018;;",
    "S-10005;Syd;S1;Anbringelse;30-05-2018;29-05-2018;",
    "S-10006;Syd;S1;Anbringelse;30-05-2018;xx;",
    "S-10007;Syd;S1;Anbringelse;30-04-2018;01-05-2018;10-06-2018",
]
RULES = """
[[deadline]]
name = "Svar"
from = "opened"
to = "decided"
limit = "14 dage"
area = "Svar"
"""
QUESTIONED = """
[[deadline]]
name = "Svar"
from = "opened"
to = "svaret"
limit = "6 months"
question = "UND-02"
"""
UNKNOWN = """
[[deadline]]
name = "Anke"
from = "opened"
to = "anket"
limit = "24 hours"
where = { column = "klagetype", values = ["ja"] }
"""


@pytest.fixture
def workspace(tilsyn: CommandLine) -> CommandLine:
    tilsyn.today = "2018-07-02"
    tilsyn.write("sager.csv", "\n".join([HEAD, *ROWS, ""]))
    tilsyn("init --register sager.csv")
    add(tilsyn, RULES)
    return tilsyn


def add(tilsyn: CommandLine, rules: str) -> None:
    text = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    tilsyn.write("tilsyn.toml", text.replace("[[replacement_reason]]", f"{rules}\n[[replacement_reason]]", 1))


def test_the_figures_of_may(workspace: CommandLine) -> None:
    data = workspace("deadlines --format json --as-of 2018-06-10").json
    assert (data["schema"], data["period"], data["as_of"]) == ("tilsyn/deadlines/1", "2018-05", "2018-06-10")
    (rule,) = data["rules"]
    assert (rule["limit"], rule["kind"], rule["area"], rule["lacking"]) == ("14 days", "legal", "Svar", [])
    figures = {row.pop("domain"): row for row in rule["figures"]}
    assert figures["all"] == {
        "measured": 4, "within": 1, "over": 1, "open_within": 1, "open_over": 1, "undecided": 0, "decided": 3,
        "share": 1 / 3, "share_least": 0.25, "share_most": 0.5, "median": 28, "p90": None,
        "no_start": 0, "no_end": 0, "reversed": 1, "future": 0, "unreadable": 1,
    }  # fmt: skip
    assert [(name, row["measured"]) for name, row in figures.items()] == [
        ("all", 4),
        ("unit=Nord", 2),
        ("unit=Syd", 2),
        ("case_type=Anbringelse", 2),
        ("case_type=Underretning", 2),
    ]
    assert "cases" not in data
    assert data["quiet"]["columns"] == ["opened", "decided", "closed"]


def test_no_case_is_named_but_to_the_house(workspace: CommandLine) -> None:
    for form in ("table", "json", "csv"):
        assert "S-1000" not in workspace(f"deadlines --as-of 2018-06-10 --format {form}").out
    shown = workspace("deadlines --as-of 2018-06-10 --internal").shown
    assert "S-10003" in shown
    assert "Kun til intern brug" in shown
    rows = list(csv.DictReader(io.StringIO(workspace("deadlines --internal --format csv").out)))
    assert [(row["case_id"], row["last_day"], row["end"]) for row in rows] == [
        ("S-10003", "2018-05-16", ""),
        ("S-10002", "2018-05-16", "2018-05-30"),
    ]


def test_what_people_read(workspace: CommandLine) -> None:
    shown = workspace("deadlines --as-of 2018-06-10").shown
    assert "Frister, der begyndte i maj 2018, målt på 7 sager i sager.csv pr. 10. juni 2018" in shown
    assert "│ Svar │ 14 dage │ lov │ 4 │ 1 │ 1 │ 1 │ 1 │ 1 af 3 │ 28 dage │ – │" in shown
    assert "»Svar«: 1 sag er ikke afgjort endnu; når den er, ligger andelen mellem 25,0 % og 50,0 %." in shown
    assert "│ Svar │ 0 │ 0 │ 0 │ 1 │ 0 │ 1 │" in shown


def test_a_rule_that_the_register_cannot_answer_is_told_and_measured_as_nothing(
    workspace: CommandLine,
) -> None:
    add(workspace, UNKNOWN)
    ended = workspace("deadlines --format json")
    assert [rule["lacking"] for rule in ended.json["rules"]] == [[], ["anket", "klagetype"]]
    assert ended.json["rules"][1]["figures"] == []
    assert "»Anke« kan ikke måles: anket, klagetype er ikke en tilknyttet kolonne" in ended.told
    told = workspace("check --period 2018K2", code=3).told
    assert "indstilling deadline[2]: fristen »Anke« kan ikke måles: kolonnen anket er ikke tilknyttet" in told
    assert "fristen »Svar«: 1 dato i Afgørelsesdato kan ikke læses" in told


def test_what_nobody_has_chosen_of_saturdays_is_told(workspace: CommandLine) -> None:
    told = "Lørdage er ikke regnet som hverdage (Hurtig)"
    assert told not in workspace("deadlines").shown
    add(workspace, RULES.replace("Svar", "Hurtig").replace("14 dage", "6 hverdage"))
    assert told in workspace("deadlines").shown
    text = (workspace.root / "tilsyn.toml").read_text("utf-8")
    workspace.write("tilsyn.toml", text.replace("# saturdays = false", "saturdays = false"))
    assert told not in workspace("deadlines").shown


def test_a_rule_about_no_case_is_told(workspace: CommandLine) -> None:
    about = """where = { column = "case_type", values = ["anbringelser"] }"""
    add(workspace, RULES.replace('"Svar"', '"Ingen"') + about + "\n")
    add(workspace, RULES.replace('"Svar"', '"Alle"') + about.replace("anbringelser", " ANBRINGELSE") + "\n")
    told = workspace("check --period 2018K2", code=3).told
    assert "fristen »Ingen« gælder ingen sag: ingen række har anbringelser i Sagstype" in told
    assert "fristen »Alle« gælder" not in told


def test_it_is_refused_without_rules_and_dates_and_for_persons(tilsyn: CommandLine) -> None:
    tilsyn.write("sager.csv", "\n".join([HEAD, *ROWS, ""]))
    tilsyn("init --register sager.csv")
    assert "Der står ingen frister i tilsyn.toml" in tilsyn("deadlines", code=4).told
    add(tilsyn, RULES)
    assert "sagsbehandler" in tilsyn("deadlines --by sagsbehandler", code=2).told
    assert "decided" in tilsyn("deadlines --by decided", code=2).told
    tilsyn.write("sager.csv", "\n".join([HEAD, "1;Nord;N1;Anbringelse;;;", ""]))
    assert "ingen frist kan måles" in tilsyn("deadlines", code=4).told


def test_an_early_register_is_told(workspace: CommandLine) -> None:
    ended = workspace("deadlines --period 2018-06 --as-of 2018-06-10")
    assert "Sagslisten er fra 10. juni 2018, før juni 2018 var gået" in ended.told


FAULTS = [
    ('limit = "14 dage"', 'limit = "snart"', "snart er ingen længde på en frist"),
    ('limit = "14 dage"', 'limit = "0 days"', "0 days er ingen længde på en frist"),
    ('\nto = "decided"', '\nto = "opened"', "fristen »Svar« går fra opened til den selv"),
    ('area = "Svar"', f'area = "Svar"\n{RULES}', "to frister hedder »Svar«"),
    ('area = "Svar"', 'kind = "lov"', "'lov'"),
    ('area = "Svar"', 'where = { column = "unit", values = [] }', "deadline[1].where.values"),
]


@pytest.mark.parametrize(("written", "instead", "found"), FAULTS)
def test_a_fault_in_a_rule_is_named(workspace: CommandLine, written: str, instead: str, found: str) -> None:
    text = (workspace.root / "tilsyn.toml").read_text("utf-8")
    workspace.write("tilsyn.toml", text.replace(written, instead, 1))
    assert found in workspace("deadlines", code=3).told


def test_the_workbooks_are_written_and_only_the_one_for_the_house_names_cases(
    workspace: CommandLine,
) -> None:
    ended = workspace("deadlines --as-of 2018-06-10 --mappe ud")
    assert "Den interne nævner sager og må ikke offentliggøres" in ended.told
    folder = workspace.root / "ud"
    internal, public = (folder / f"deadlines-2018-05-{edition}.xlsx" for edition in ("internal", "public"))
    assert sorted(folder.iterdir()) == [internal, public]
    assert internal.stat().st_mode & 0o077 == 0
    assert {"S-10003", "S-10002", "25 dage", "14 dage"} <= values(internal)
    assert not any(str(value).startswith("S-1000") or value in ("Nord", "Syd") for value in values(public))
    # Written anew, they are the same files.
    before = workspace.files("ud/*")
    workspace("deadlines --as-of 2018-06-10 --output ud")
    assert workspace.files("ud/*") == before


def test_both_workbooks_are_written_or_neither(
    workspace: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Prepared.put

    def full(prepared: Prepared) -> None:
        if "public" in prepared.path.name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(prepared.path))
        put(prepared)

    monkeypatch.setattr(Prepared, "put", full)
    assert (
        "deadlines-2018-05-public.xlsx" in workspace("deadlines --as-of 2018-06-10 --output ud", code=4).told
    )
    assert not (workspace.root / "ud").exists()


def test_a_long_list_is_told_in_a_terminal_and_whole_for_programs(workspace: CommandLine) -> None:
    rows = [f"T-{n:05d};Nord;N1;Underretning;02-05-2018;;" for n in range(130)]
    workspace.write("sager.csv", "\n".join([HEAD, *rows, ""]))
    shown = workspace("deadlines --as-of 2018-06-10 --internal").shown
    assert ("T-00099" in shown, "T-00100" in shown, "Desuden 30 sager" in shown) == (True, False, True)
    assert len(workspace("deadlines --as-of 2018-06-10 --internal --format json").json["cases"]) == 130


def test_a_register_of_a_file_for_each_period_is_that_of_may(workspace: CommandLine) -> None:
    text = (workspace.root / "tilsyn.toml").read_text("utf-8")
    workspace.write("tilsyn.toml", text.replace('path = "sager.csv"', 'path = "sager-{period}.csv"'))
    (workspace.root / "sager.csv").rename(workspace.root / "sager-2018-Q2.csv")
    data = workspace("deadlines --format json").json
    assert (data["period"], data["source"]["name"]) == ("2018-05", "sager-2018-Q2.csv")


def test_a_period_in_which_nothing_began_is_told(workspace: CommandLine) -> None:
    ended = workspace("deadlines --period 2015 --as-of 2018-06-10")
    assert "Ingen frist begyndte i 2015, som sagslisten står den 10. juni 2018" in ended.told


def test_the_example_is_as_it_is_counted_by_hand(tilsyn: CommandLine) -> None:
    shutil.copy(EXAMPLE, tilsyn.root / "sager.csv")
    tilsyn("init --register sager.csv")
    add(tilsyn, RULES.replace("14 dage", "4 months"))
    (rule,) = tilsyn("deadlines --period 2017 --format json").json["rules"]
    counted = Counter(
        state_of(row) for row in csv.DictReader(EXAMPLE.read_text("cp1252").splitlines(), delimiter=";")
    )
    assert sum(counted.values()) == 4000
    told = {name: rule["figures"][0][name] for name in counted if name != "other"}
    assert told == {name: n for name, n in counted.items() if name != "other"}
    assert sum(told.values()) > 900


def state_of(row: dict[str, str]) -> str:
    """A case of the example by four months from its opening to its decision, as of 30 June 2018."""
    opened, decided, closed = (day_of(row[name]) for name in ("Oprettet", "Afgørelsesdato", "Lukket dato"))
    as_of = date(2018, 6, 30)
    if opened is None or opened.year != 2017:
        return "other"
    month, year = (
        (opened.month + 4, opened.year) if opened.month <= 8 else (opened.month - 8, opened.year + 1)
    )
    last = date(year, month, min(opened.day, calendar.monthrange(year, month)[1]))
    if decided is None:
        return "no_end" if closed else "open_over" if as_of > last else "open_within"
    return "reversed" if decided < opened else "within" if decided <= last else "over"


def day_of(text: str) -> date | None:
    return datetime.strptime(text, "%d-%m-%Y").date() if text else None


def test_it_imports_neither_tables_nor_what_samples_need(workspace: CommandLine) -> None:
    code = (
        "import sys\nfrom tilsyn.cli.app import run\nassert run(['deadlines', '--today', '2018-07-02']) == 0\n"
        "print(' '.join(sys.modules))"
    )
    words = [sys.executable, "-c", code]
    ended = subprocess.run(words, cwd=workspace.root, capture_output=True, encoding="utf-8", env=UTF_8)
    assert ended.returncode == 0, ended.stderr
    assert not {"pandas", "scipy", "xlsxwriter"} & set(ended.stdout.splitlines()[-1].split())


def values(path: Path) -> set[object]:
    book = load_workbook(path)
    return {cell for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row}


@pytest.fixture
def read(tilsyn: CommandLine) -> CommandLine:
    """A workspace of two draws of the quarter with all answered *ja*, but one case at level 2."""
    tilsyn.today = "2018-08-20"
    clock.set_today(date(2018, 8, 20))
    rows = [row.replace(";Nej", ";").replace(";Ja", ";10-05-2018") for row in register_rows()]
    settings = SETTINGS.replace('complaint = "Klage"', 'svaret = "Klage"').replace(
        "[[plan]]", f"{QUESTIONED}\n[[plan]]", 1
    )
    settings = settings.replace("as_of = 2018-07-02", 'as_of = 2018-07-02\ndates = ["svaret"]')
    workspace = make_workspace(tilsyn.root, settings, rows)
    for level in (2, 3):
        drawn = draw(workspace, level, seed=f"terninger 3. juli 2018: 6 2 5 {level}", seed_origin="terninger")
        case = sorted(drawn.cases["case_id"])[0]
        review(workspace, drawn, no={case: "UND-02"} if level == 2 else None)
    return tilsyn


def test_the_register_stands_against_the_readers_of_the_period(read: CommandLine) -> None:
    data = read("deadlines --period 2018-06 --format json").json
    levels = [one["draw_id"].rpartition("/")[2] for one in data["readings"]]
    assert levels == ["level-2", "level-3"]
    for one in data["readings"]:
        counts = one["register_reader"]
        # Answered on 10 May: kept. Not answered by 3 July, as of 2 July: not settled.
        assert sum(n for sides, n in counts.items() if sides.startswith("yes")) == one["compared"] > 0
        assert one["agree"] == counts.get("yes_yes", 0)
        assert sum(counts.values()) == {"level-2": 21, "level-3": 9}[one["draw_id"].rpartition("/")[2]]
    assert "differing" not in data
    # Nothing was read of another quarter.
    assert read("deadlines --period 2018-09 --format json").json["readings"] == []


def test_the_cases_that_register_and_reader_judge_differently_are_for_the_house(read: CommandLine) -> None:
    register = (read.root / "sagsliste.csv").read_text("cp1252")
    read.write("sagsliste.csv", register.replace(";10-05-2018", ";10-07-2018"), "cp1252")
    line = "deadlines --period 2018-06 --as-of 2018-07-31"
    data = read(f"{line} --internal --format json").json
    level_2, level_3 = data["readings"]
    differing = [case["case_id"] for case in data["differing"]]
    assert level_3["agree"] == 0
    assert len(differing) == level_2["compared"] + level_3["compared"] - level_2["agree"]
    assert not any(case in read(line).out for case in differing)
    shown = read(f"{line} --internal").shown
    assert all(case in shown for case in differing)
    assert "sagslisten og læseren siger hver sit. Kun til intern brug." in shown


def test_a_register_without_any_date_is_told_of_and_measures_nothing(tilsyn: CommandLine) -> None:
    tilsyn.today = "2018-07-02"
    tilsyn.write("sager.csv", "Sagsnr;Enhed\nS-10001;Nord\nS-10002;Syd\n")
    tilsyn("init --register sager.csv")
    add(tilsyn, RULES)
    told = tilsyn("deadlines --period 2018-05 --as-of 2018-07-01 --format json").json
    assert (told["n_cases"], told["quiet"]["n"]) == (2, 0)
    assert [sorted(rule["lacking"]) for rule in told["rules"]] == [["decided", "opened"]]
