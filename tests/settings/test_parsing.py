"""`tilsyn.toml`: what it means, and every fault of it named with key, line and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tilsyn.base.language import using
from tilsyn.base.problems import InputError, Problem
from tilsyn.settings.parsing import parse_settings
from tilsyn.settings.schema import Settings
from tilsyn.workspace.workspace import read_settings

GOOD = """\
language = "da"
recipients = "Udvalget"

[organisation]
name = "Borgercenter Børn og Unge"
slug = "bbu"

[register]
path = "sager-{period}.csv"
as_of = 2018-06-30
encoding = "windows-1252"

[register.columns]
case_id = "Sagsnr"
unit = "Enhed"
opened = "Oprettet"
anbragt = "Anbragt den"

[[frame.leave_out]]
column = "anbragt"
values = ["nej"]

[[plan]]
valid_from = 2017-09-01
baseline = "2017K4"
units = ["Amager", "Døgnvagten"]

[plan.levels.1]
cadence = "month"
per_caseworker = 1

[plan.levels.2]
cadence = "quarter"
per_unit = 20
units = { "døgnvagten" = 5 }

[plan.levels.3]
cadence = "quarter"
total = 60
question_set = "barnets-lov"
baseline = "none"

[[plan.risk]]
name = "anbragt"
column = "anbragt"
values = ["ja"]
size = "all"

[[plan]]
valid_from = 2018-10-01
[plan.levels.2]
cadence = "half"
total = 15
"""


def faults(text: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        parse_settings(text)
    assert all(problem.remedy and problem.file == "tilsyn.toml" for problem in caught.value.problems)
    return caught.value.problems


def fault(old: str, new: str) -> Problem:
    assert old in GOOD
    found = faults(GOOD.replace(old, new, 1))
    assert len(found) == 1, found
    return found[0]


def test_what_a_file_says() -> None:
    settings = parse_settings(GOOD)
    assert settings.recipients == ("Udvalget",)
    assert (settings.register.as_of, settings.register.encoding) == (date(2018, 6, 30), "cp1252")
    assert settings.register.date_columns == ("opened",)
    first, second = settings.plan
    assert first.levels[1].per_caseworker == 1
    assert (first.levels[2].level, first.levels[2].per_unit, first.levels[2].units) == (
        2,
        20,
        {"døgnvagten": 5},
    )
    assert [level.due_months for level in first.levels.values()] == [0, 0, 1]
    assert [level.baseline for level in first.levels.values()] == ["2017-Q4", "2017-Q4", None]
    assert first.levels[3].question_set == ("barnets-lov",)
    assert first.levels[2].question_set == ("serviceloven", "barnets-lov")
    assert (first.levels[2].reserve, first.levels[2].blind) == (5, True)
    assert (first.risk[0].size, first.risk[0].extra, first.risk[0].levels) == ("all", False, (2,))
    assert (second.valid_from, second.units, second.levels[2].total) == (date(2018, 10, 1), (), 15)
    assert (settings.limits.min_relevant, settings.limits.wide) == (5, 0.30)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ('slug = "bbu"', 'slug = "B B"', 6, "organisation.slug", "bindestreg"),
        ('slug = "bbu"', 'slugg = "bbu"', 6, "organisation.slugg", "»slug«"),
        ('name = "Borger', 'name = "|Borger', 5, "organisation.name", "|"),
        ('language = "da"', 'language = "de"', 1, "language", "da, en"),
        ('language = "da"', 'languages = "da"', 1, "languages", "»language«"),
        ("as_of = 2018-06-30", 'as_of = "30-06-2018"', 10, "register.as_of", "2018-06-30"),
        ("as_of = 2018-06-30", 'as_of = "yesterday"', 10, "register.as_of", '"today"'),
        ("as_of = 2018-06-30", "as_of = 20180630.5", 10, "register.as_of", "2018-06-30"),
        ("as_of = 2018-06-30", 'as_of = "today"', 8, "register", "{period}"),
        ('encoding = "windows-1252"', 'encoding = "utf9"', 11, "register.encoding", "utf-8"),
        ('encoding = "windows-1252"', 'delimiter = ";;"', 11, "register.delimiter", "ét tegn"),
        ('path = "sager-{period}.csv"', 'path = "sager-{month}.csv"', 9, "register.path", "{period}"),
        ('path = "sager-{period}.csv"', 'path = "sager-{.csv"', 9, "register.path", "{period}"),
        ('path = "sager-{period}.csv"', 'url = "sqlite://"', 8, "register", "query"),
        ('path = "sager-{period}.csv"', 'path = "a"\nurl = "b"\nquery = "c"', 8, "register", "én"),
        ('case_id = "Sagsnr"', 'casse_id = "Sagsnr"', 14, "register.columns.casse_id", "»case_id«"),
        ('case_id = "Sagsnr"', 'case_id = "Enhed"', 13, "register.columns", "Enhed"),
        ('anbragt = "Anbragt den"', 'Anbragt = "Anbragt den"', 17, "register.columns.Anbragt", "a-z"),
        ('anbragt = "Anbragt den"', 'ticket = "Anbragt den"', 17, "register.columns.ticket", "ticket"),
        ('column = "anbragt"', 'column = "anbrag"', None, None, "anbrag"),
        ('values = ["nej"]', "values = []", 21, "frame.leave_out[1].values", "mindst én"),
        ("valid_from = 2017-09-01", "valid_from = 2018-10-01", None, None, "2018-10-01"),
        ('baseline = "2017K4"', 'baseline = "før"', 25, "plan[1].baseline", "2017-Q4"),
        ('units = ["Amager", "Døgnvagten"]', 'units = ["Amager", "Døgnvagt"]', 23, "plan[1]", "Amager"),
        ('units = ["Amager", "Døgnvagten"]', 'units = ["amager", "Amager"]', 23, "plan[1]", "én gang"),
        ('cadence = "month"', 'cadence = "måned"', 29, "plan[1].levels.1.cadence", "quarter"),
        ("per_caseworker = 1", "per_caseworker = -1", 30, "plan[1].levels.1.per_caseworker", "mindst 0"),
        ("per_caseworker = 1", "per_caseworker = 1.5", 30, "plan[1].levels.1.per_caseworker", "helt tal"),
        ("per_caseworker = 1", "per_caseworker = 1\nper_unit = 1", 28, "plan[1].levels.1", "per_caseworker"),
        ("per_caseworker = 1", "per = 'case_type'", 28, "plan[1].levels.1", "share"),
        ("per_caseworker = 1", "per = 'unit'\nsize = 1\nshare = 0.1", 28, "plan[1].levels.1", "share"),
        ("per_caseworker = 1", "per_unit = 1\nshare = 0.1", 28, "plan[1].levels.1", "share"),
        ("per_caseworker = 1", "per = 'unit'\nshare = 1.5", 31, "plan[1].levels.1.share", "højst 1"),
        ("per_caseworker = 1", "per_unit = 1\nsource = 'database'", 31, "plan[1].levels.1.source", "list"),
        ("per_unit = 20", "per_unit = 20\nsource = 3", 23, "plan[1]", "registret"),
        ("per_caseworker = 1", "per_unit = 1\nsource = 7", 23, "plan[1]", "niveauet"),
        ("per_caseworker = 1", "per_caseworker = 1\nsource = 2", 28, "plan[1].levels.1", "unit"),
        ("per_caseworker = 1", "per_unit = 1\nsource = 'list'", 28, "plan[1].levels.1", "case_list"),
        ("per_caseworker = 1", "per_unit = 1\ncase_list = 'x.csv'", 28, "plan[1].levels.1", "case_list"),
        (
            "per_caseworker = 1",
            "per_unit = 1\nsource = 'list'\ncase_list = 'x-{unit}.csv'",
            32,
            "plan[1].levels.1.case_list",
            "period",
        ),
        ("per_caseworker = 1", "per_unit = 1\ndue = 'soon'", 31, "plan[1].levels.1.due", "6 weeks"),
        ("per_caseworker = 1", "per_unit = 1\ndue = '1 week'\ndue_months = 1", 23, "plan[1].levels", "due"),
        (
            "per_caseworker = 1",
            "per_unit = 1\nreviewers = 'hold'",
            31,
            "plan[1].levels.1.reviewers",
            "Hold A",
        ),
        ('cadence = "month"', 'cadence = "5 weeks"', 29, "plan[1].levels.1.cadence", "13 eller 26"),
        ("per_unit = 20", "per_unit = 20\ntotal = 3", 32, "plan[1].levels.2", "per_unit"),
        ("total = 60", "total = 60\nblind = 1", None, "plan[1].levels.3.blind", "true"),
        ('size = "all"', 'size = "alle"', 47, "plan[1].risk[1].size", "all"),
        ("[plan.levels.1]", "[plan.levels.10]", 23, "plan[1].levels", "1 til 9"),
    ],
)
def test_each_fault_has_key_line_and_remedy(
    old: str, new: str, line: int | None, key: str | None, words: str
) -> None:
    found = fault(old, new)
    if key is not None:
        assert found.column == key
    if line is not None:
        assert found.row == line
    assert words in found.found + found.remedy


def test_all_faults_are_told_at_once() -> None:
    text = (
        GOOD.replace('slug = "bbu"', 'slug = "B B"')
        .replace('"month"', '"uge"')
        .replace("per_unit = 20", 'per_unit = "x"')
    )
    assert [problem.column for problem in faults(text)] == [
        "organisation.slug",
        "plan[1].levels.1.cadence",
        "plan[1].levels.2.per_unit",
    ]


def test_a_file_that_is_no_toml_is_named_with_its_line() -> None:
    assert faults('a = 1\nb = "x\nc = 2\n')[0].row == 2
    assert faults("a = 1\na = 2\n")[0].row == 2


def test_a_file_without_plan_or_levels() -> None:
    assert "[[plan]]" in faults("")[0].found
    assert "[[plan]]" in faults("plan = []")[0].found
    assert "niveauer" in faults("[[plan]]\nvalid_from = 2018-01-01\nlevels = {}\n")[0].found


def test_faults_are_told_in_english_too() -> None:
    with using("en"):
        assert "unknown setting" in fault('slug = "bbu"', 'slugg = "bbu"').found


def test_reading_a_file(tmp_path: Path) -> None:
    path = tmp_path / "tilsyn.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert isinstance(read_settings(path), Settings)
    path.write_bytes(GOOD.encode("cp1252"))
    with pytest.raises(InputError, match="UTF-8"):
        read_settings(path)
    with pytest.raises(InputError):
        read_settings(tmp_path / "none.toml")


# As people on Windows write it, and what the message shows; a lawful escape that no path holds is a fault too.
WINDOWS_PATHS = [
    (r'path = "C:\data\x.csv"', r"path = 'C:\data\x.csv'"),
    (r'path = "C:\temp\new.csv"', r"path = 'C:\temp\new.csv'"),
    (r'path = "C:\Users\x.csv"', r"path = 'C:\Users\x.csv'"),
    (r'path = "\\server\del\x.csv"', r"path = '\\server\del\x.csv'"),
    (r'path = "..\data\x.csv"', r"path = '..\data\x.csv'"),
    (r'path = "data\{period}.csv"', r"path = 'data\{period}.csv'"),
    (r'path = "C:\data\"', r"path = 'C:\data\'"),
    (r'path="D:\bbu\frit.csv"', r"path = 'D:\bbu\frit.csv'"),
]


@pytest.mark.parametrize(("line", "shown"), WINDOWS_PATHS)
def test_a_windows_path_is_shown_as_it_should_be_written(line: str, shown: str) -> None:
    text = GOOD.replace('path = "sager-{period}.csv"', line)
    with pytest.raises(InputError) as caught:
        parse_settings(text)
    (problem,) = caught.value.problems
    assert problem.row == 9
    assert shown in problem.remedy
    assert parse_settings(text.replace(line, shown)).register.path == shown[8:-1]


def test_windows_paths_that_are_written_as_toml_has_them_are_read() -> None:
    for line, path in ((r"path = 'C:\data\x.csv'", r"C:\data\x.csv"), ('path = "C:/x.csv"', "C:/x.csv")):
        assert parse_settings(GOOD.replace('path = "sager-{period}.csv"', line)).register.path == path


MEASURE = GOOD.replace("[register]", '[register]\none_row_per = "measure"', 1)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ('unit = "newest"', "'newest' er ikke en regel for en sag med flere rækker"),
        ("unit = 3", "3 er ikke en regel"),
        ("unit = []", "[] er ikke en regel"),
        ('unit = "all"', "en sag skal have netop én »unit«"),
        ('unit = ["Nord"]', "en sag skal have netop én »unit«"),
        ('unit = "latest_or_open"', "»unit« er ikke en dato"),
        ('case_id = "latest"', "»case_id« er ikke en af kolonnerne"),
        ('nowhere = "latest"', "»nowhere« er ikke en af kolonnerne"),
    ],
)
def test_a_rule_that_a_column_cannot_have_is_refused_in_words(rules: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_settings(f"{MEASURE}\n[register.per_case]\n{rules}\n")
    assert said in caught.value.problems[0].found
    assert caught.value.problems[0].remedy


def test_rules_of_cases_need_rows_of_measures() -> None:
    with pytest.raises(InputError) as caught:
        parse_settings(f'{GOOD}\n[register.per_case]\nunit = "latest"\n')
    assert 'one_row_per = "measure"' in caught.value.problems[0].remedy
    assert parse_settings(GOOD).register.case_rules == {}
    assert parse_settings(MEASURE).register.case_rules["unit"] == "latest"


@pytest.mark.parametrize(("value", "good"), [(1, False), (2, True), (4, True), (5, False)])
def test_what_the_public_report_withholds_is_from_2_to_4(value: int, good: bool) -> None:
    text = GOOD.replace("[[plan]]", f"[privacy]\nwithhold_up_to = {value}\n\n[[plan]]", 1)
    if good:
        assert parse_settings(text).privacy.withhold_up_to == value
        return
    with pytest.raises(InputError) as caught:
        parse_settings(text)
    assert caught.value.problems[0].column == "privacy.withhold_up_to"
