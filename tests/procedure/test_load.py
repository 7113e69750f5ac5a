"""Loading: round trip, corrections, conflicts, partial and dry runs, urgent cases, tidy files, replaced cases."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import CaseSheet, case_sheets, fill_first
from tests.builders.workspaces import (
    LOADED_ON,
    Q2,
    SMALL_SETTINGS,
    copy_small_workspace,
    make_small_workspace,
    workbook_of,
)
from tilsyn.base import language
from tilsyn.base.danish_time import danish_day
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Refused, UsageError
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.procedure.load import LoadOutcome, load_files
from tilsyn.procedure.log import history
from tilsyn.procedure.replace import replace_case
from tilsyn.procedure.urgency import mark_handled, urgent_cases
from tilsyn.workspace import ledger, log
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.leftovers import leftovers
from tilsyn.workspace.workspace import Workspace

Place = tuple[Workspace, Draw, Path]


@pytest.fixture
def place(small_made: Path, tmp_path: Path) -> Place:
    workspace, draw = copy_small_workspace(small_made, tmp_path / "workspace")
    return workspace, draw, workbook_of(workspace)


def ledger_of(place: Place) -> ledger.Ledger:
    """Return the ledger as the next command reads it."""
    return Workspace.open(place[0].root).ledger(place[1])


def edit(path: Path, change: Callable[[list[CaseSheet]], None]) -> None:
    book = load_workbook(path)
    change(case_sheets(book))
    book.save(path)


def cell_of(path: Path, key: str) -> str:
    """Return where the first case has a field or an answer."""
    return str(case_sheets(load_workbook(path))[0].cell(key).coordinate)


def fill_all(sheets: list[CaseSheet]) -> None:
    for form in sheets:
        form.fill()


def load(place: Place, *paths: Path, **options: bool) -> LoadOutcome:
    return load_files(place[0], list(paths) or None, today=LOADED_ON, **options)  # type: ignore[arg-type]


def answer(place: Place, question: str, case: str | None = None) -> str | None:
    table = ledger_of(place).reviews.answers
    case = case or case_ids(place)[0]
    found = table[(table["case_id"] == case) & (table["question"] == question)]["answer"]
    return None if found.empty else str(found.iloc[0])


def case_ids(place: Place) -> list[str]:
    cases = place[1].cases
    return list(cases[cases["unit"] == "Nord"]["case_id"])


def everything(root: Path) -> dict[str, str]:
    return {
        str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(root.rglob("*"))
        if p.is_file() and p.suffix != ".lock"
    }


def errors(outcome: LoadOutcome) -> list[str]:
    return [problem.found for problem in outcome.problems if problem.kind == "error"]


def test_written_filled_and_loaded_is_what_was_written(place: Place) -> None:
    edit(place[2], fill_all)
    outcome = load(place)
    assert [vars(f) for f in outcome.loaded] == [
        {"file": "nord.xlsx", "draw_id": place[1].draw_id, "cases": 3, "answers": 102, "complete": 3}
    ]
    assert (outcome.unchanged, outcome.problems, outcome.urgent) == (["syd.xlsx"], [], [])
    reviews = ledger_of(place).reviews
    assert reviews.strata["reviewed"].tolist() == [3, 0]
    row = reviews.cases.iloc[0]
    assert (row["act_date"], row["reviewed_on"], row["reviewer"], row["regime"]) == (
        date(2018, 4, 3),
        date(2018, 7, 10),
        "områdejurist",
        "serviceloven",
    )
    remarks = reviews.answers.set_index(["case_id", "question"])["remark"]
    assert remarks[row["case_id"], "DOK-02"] == "To breve mangler"
    derived = reviews.answers.set_index(["case_id", "question"])["derived"]
    assert bool(derived[row["case_id"], "UND-01"])


def test_loading_twice_changes_nothing(place: Place) -> None:
    fill_first(place[2])
    load(place)
    before = everything(place[0].root)
    assert load(place).loaded == []
    assert load(place, place[2]).unchanged == ["nord.xlsx"]
    assert everything(place[0].root) == before


def test_saved_again_without_a_change_is_unchanged(place: Place) -> None:
    fill_first(place[2])
    load(place)
    book = load_workbook(place[2])
    book.properties.title = "gemt igen"
    book.save(place[2])
    before = everything(place[0].root / "samples")
    assert load(place).unchanged == ["nord.xlsx", "syd.xlsx"]
    assert everything(place[0].root / "samples") == before


def test_a_dry_run_changes_nothing_on_disk(place: Place) -> None:
    fill_first(place[2])
    before = everything(place[0].root)
    assert load(place, dry_run=True).loaded[0].complete == 1
    assert everything(place[0].root) == before


def test_a_correction_wins_and_the_history_is_kept(place: Place) -> None:
    fill_first(place[2])
    load(place)
    edit(place[2], lambda sheets: sheets[0].put("UND-02", "ikke relevant"))
    assert load(place).loaded[0].cases == 1
    assert answer(place, "UND-02") == "ikke relevant"
    changes = [row for row in history(place[0], case_ids(place)[0]) if row["question"] == "UND-02"]
    assert [(row["before"], row["after"]) for row in changes] == [(None, "ja"), ("ja", "ikke relevant")]


def test_an_unfinished_workbook_is_loaded_as_unfinished(place: Place) -> None:
    edit(place[2], lambda sheets: sheets[0].put("UND-02", "ja"))
    outcome = load(place)
    assert (outcome.loaded[0].cases, outcome.loaded[0].complete) == (1, 0)
    (note,) = outcome.problems
    assert (note.kind, note.cell) == ("note", cell_of(place[2], "UND-01"))
    assert "der mangler svar på UND-01, UND-04" in note.found
    assert note.found.endswith("og 27 til")
    assert ledger_of(place).reviews.n_reviewed == 0
    assert answer(place, "UND-02") == "ja"


def test_an_answer_taken_away_is_told_and_stays_in_the_history(place: Place) -> None:
    fill_first(place[2])
    load(place)
    edit(place[2], lambda sheets: sheets[0].put("UND-02", None))
    taken, missing = load(place).problems
    assert (taken.kind, "UND-02" in taken.found, missing.found[-6:]) == ("note", True, "UND-02")
    assert answer(place, "UND-02") is None
    assert any(row["before"] == "ja" for row in history(place[0], case_ids(place)[0]))


def test_an_empty_copy_takes_no_answer_away(place: Place, tmp_path: Path) -> None:
    blank = tmp_path / "nord.xlsx"
    shutil.copy(place[2], blank)
    fill_first(place[2])
    load(place)
    (note,) = load(place, blank).problems
    assert note.kind == "note"
    assert "gælder stadig" in note.found
    assert answer(place, "UND-02") == "ja"


def test_a_sheet_taken_out_takes_no_answer_away(place: Place) -> None:
    edit(place[2], fill_all)
    load(place)
    book = load_workbook(place[2])
    book.remove(case_sheets(book)[0].sheet)
    book.save(place[2])
    load(place)
    assert ledger_of(place).reviews.n_reviewed == 3


def test_two_files_of_one_call_that_disagree_are_both_refused(place: Place, tmp_path: Path) -> None:
    fill_first(place[2])
    copy = tmp_path / "nord - Kopi.xlsx"
    shutil.copy(place[2], copy)
    edit(copy, lambda sheets: sheets[0].put("UND-02", "ikke relevant"))
    outcome = load(place, place[2], copy)
    assert outcome.loaded == []
    assert {p.file for p in outcome.problems} == {"nord.xlsx", "nord - Kopi.xlsx"}
    assert all(p.cell and "men »" in p.found for p in outcome.problems)
    assert answer(place, "UND-02") is None


def test_two_copies_that_each_hold_a_part_add_up(place: Place, tmp_path: Path) -> None:
    copy = tmp_path / "nord - Kopi.xlsx"
    shutil.copy(place[2], copy)
    edit(place[2], lambda sheets: sheets[0].put("UND-02", "ja"))
    edit(copy, lambda sheets: sheets[0].put("BFU-01", "ja"))
    (missing,) = load(place, place[2], copy).problems
    assert "UND-01, UND-04, UND-05, SCR-02, BFU-02" in missing.found
    assert (answer(place, "UND-02"), answer(place, "BFU-01")) == ("ja", "ja")


def test_another_workbook_that_disagrees_with_what_was_loaded_is_refused(place: Place) -> None:
    fill_first(place[2])
    load(place)
    other = place[2].with_name("samlet.xlsx")
    shutil.copy(place[2], other)

    def change(sheets: list[CaseSheet]) -> None:
        sheets[0].put("workbook_id", "tilsyn-en-anden")
        sheets[0].put("UND-02", "ikke relevant")

    edit(other, change)
    (told,) = errors(load(place, other))
    # The day is the clock's own, whatever --today says.
    loaded_on = date_text(danish_day(ledger_of(place).entries[0].loaded_at))
    assert f"»ikke relevant« her, men »ja« i nord.xlsx ({loaded_on})" in told
    assert answer(place, "UND-02") == "ja"
    edit(place[2], lambda sheets: sheets[0].put("UND-02", "ikke relevant"))
    assert errors(load(place, place[2], other)) == []
    assert answer(place, "UND-02") == "ikke relevant"


def test_a_file_with_a_problem_is_not_loaded_in_part(place: Place) -> None:
    def change(sheets: list[CaseSheet]) -> None:
        for form in sheets[:2]:
            form.fill()
        sheets[1].put("UND-02", "måske")
        sheets[2].put("UND-02", "ja")

    edit(place[2], change)
    assert load(place).loaded == []
    assert ledger_of(place).reviews.answers.empty


def test_partial_loads_the_finished_cases_and_lets_the_rest_wait(place: Place) -> None:
    def change(sheets: list[CaseSheet]) -> None:
        for form in sheets[:2]:
            form.fill()
        sheets[1].put("UND-02", "måske")
        sheets[2].put("UND-02", "ja")

    edit(place[2], change)
    outcome = load(place, partial=True)
    assert len(errors(outcome)) == 1
    assert (outcome.loaded[0].cases, outcome.loaded[0].complete) == (1, 1)
    assert set(ledger_of(place).reviews.answers["case_id"]) == {case_ids(place)[0]}
    assert len(errors(load(place))) == 1, "what waits is told again"
    edit(place[2], lambda sheets: sheets[1].put("UND-02", "ja"))
    assert errors(load(place)) == []
    assert ledger_of(place).reviews.n_reviewed == 2


def test_all_problems_of_all_files_come_in_one_list(place: Place) -> None:
    south = workbook_of(place[0], "syd")
    edit(
        place[2], lambda sheets: (sheets[0].put("UND-02", "måske"), sheets[1].put("BFU-01", "x"))[:0] or None
    )
    edit(south, lambda sheets: sheets[2].put("DOK-01", "nej"))
    missing = place[0].root / "væk.xlsx"
    found = load(place, place[2], south, missing).problems
    assert [Path(str(p.file)).name for p in found] == ["væk.xlsx", "nord.xlsx", "nord.xlsx", "syd.xlsx"]


def test_urgent_cases_wait_until_handled_also_when_the_file_is_refused(place: Place) -> None:
    def change(sheets: list[CaseSheet]) -> None:
        sheets[0].put("akut", "ja")
        sheets[1].put("akut", "vold i hjemmet")
        sheets[2].put("UND-02", "måske")

    edit(place[2], change)
    outcome = load(place)
    first, second, _ = case_ids(place)
    assert [(u.case_id, u.unit) for u in outcome.urgent] == [(first, "Nord"), (second, "Nord")]
    assert outcome.loaded == []
    edit(place[2], lambda sheets: sheets[2].put("UND-02", None))
    load(place)
    waiting = urgent_cases(place[0])
    assert [case.case_id for case in waiting] == sorted([first, second])
    assert mark_handled(place[0], first, "vagten har sagen")[0].draw_id == place[1].draw_id
    assert mark_handled(place[0], first) == []
    assert [case.case_id for case in urgent_cases(place[0])] == [second]
    cases = ledger_of(place).reviews.cases.set_index("case_id")
    assert (bool(cases.loc[first, "akut"]), bool(cases.loc[first, "handled"])) == (True, True)
    with pytest.raises(Refused):
        mark_handled(place[0], "2018-0001")


def test_a_workbook_of_a_replaced_draw_is_refused(place: Place) -> None:
    fill_first(place[2])
    request = DrawRequest(
        seed="terninger 5. juli 2018: 1 1 2 4", seed_origin="terninger", replace=True, reason="fejl"
    )
    make_draw(place[0], 2, Q2, request)
    (told,) = errors(load(place, place[2]))
    assert "erstattet af en ny" in told
    assert errors(load(place, workbook_of(place[0], "syd"))) == [], "an empty one says nothing"


def test_an_edited_or_missing_entry_stops_everything_that_would_count_without_it(place: Place) -> None:
    fill_first(place[2])
    load(place)
    (entry,) = place[1].reviews_dir.glob("*.json")
    kept = entry.read_bytes()
    entry.write_bytes(kept.replace(b'"nej"', b'"ja"'))
    (problem,) = ledger_of(place).problems()
    assert "ændret" in problem.found
    with pytest.raises(InputError):
        assert ledger_of(place).reviews
    entry.unlink()
    with pytest.raises(InputError):
        load(place)
    entry.write_bytes(kept)
    assert ledger_of(place).problems() == []
    assert answer(place, "UND-02") == "ja"


class Killed(BaseException):
    """The process ends here."""


def killed(*_: object, **__: object) -> None:
    raise Killed


def test_an_entry_without_its_event_counts_for_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_first(place[2])
    with monkeypatch.context() as patched:
        patched.setattr(log.Log, "append_all", killed)
        with pytest.raises(Killed):
            load(place)
    assert ledger_of(place).reviews.n_reviewed == 0
    assert [path.parent for path in leftovers(place[0].root)] == [place[1].reviews_dir]
    assert load(place).loaded[0].complete == 1
    assert ledger_of(place).reviews.n_reviewed == 1
    assert leftovers(place[0].root) == []


def test_an_entry_with_its_event_counts_before_it_has_its_name(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_first(place[2])
    with monkeypatch.context() as patched:
        patched.setattr(log.Log, "put_late", killed)
        with pytest.raises(Killed):
            load(place)
    assert list(place[1].reviews_dir.glob("*.json")) == []
    assert ledger_of(place).reviews.n_reviewed == 1
    assert load(place).loaded == []
    assert len(list(place[1].reviews_dir.glob("*.json"))) == 1
    assert leftovers(place[0].root) == []


def test_a_file_of_the_ledger_that_no_event_names_is_a_finding(place: Place) -> None:
    (place[1].reviews_dir / "fremmed.json").write_text("{}")
    assert [p.kind for p in ledger_of(place).problems()] == ["error"]


def test_the_record_says_what_it_came_from(place: Place) -> None:
    fill_first(place[2])
    load(place)
    (entry,) = place[1].reviews_dir.glob("*.json")
    data = json.loads(entry.read_bytes())
    assert data["schema"] == ledger.SCHEMA
    assert data["sha256"] == hashlib.sha256(place[2].read_bytes()).hexdigest()
    assert (data["source"], data["workbook"][:7], data["draw_id"]) == (
        "nord.xlsx",
        "tilsyn-",
        place[1].draw_id,
    )
    event = place[0].log.events[-1]
    assert event["event"] == log.REVIEWS_RECORDED
    assert event["files"] == [{"file": entry.name, "sha256": hashlib.sha256(entry.read_bytes()).hexdigest()}]


def test_replacing_takes_the_next_in_the_reserve_until_it_is_used_up(place: Place) -> None:
    workspace, draw, _ = place
    first = case_ids(place)[0]
    reserve = list(draw.reserve[draw.reserve["unit"] == "Nord"]["case_id"])
    made = replace_case(workspace, first, "no_access")
    assert (made.replacement, made.reserve_left, made.workbook.name) == (
        reserve[0],
        1,
        "nord-erstatning-1.xlsx",
    )
    with pytest.raises(Refused, match="allerede erstattet"):
        replace_case(workspace, first, "conflict")
    again = replace_case(workspace, reserve[0], "conflict")
    assert (again.replacement, again.workbook.name) == (reserve[1], "nord-erstatning-2.xlsx")
    before = everything(workspace.root)
    with pytest.raises(Refused, match="bortfald") as told:
        replace_case(workspace, reserve[1], "wrong_person")
    assert told.value.exit_code == 4
    assert everything(workspace.root) == before
    table = workspace.ledger(draw).reviews.replacements
    assert table["reason"].tolist() == ["no_access", "conflict"]


def test_answers_for_a_replaced_case_are_refused_and_for_its_stand_in_counted(place: Place) -> None:
    workspace, draw, path = place
    made = replace_case(workspace, case_ids(place)[0], "no_access")
    assert load(place).problems == [], "the blank sheet of the replaced case says nothing"
    fill_first(made.workbook)
    assert load(place).loaded[0].complete == 1
    reviews = workspace.ledger(draw).reviews
    row = reviews.cases.set_index("case_id").loc[made.replacement]
    assert row["inclusion_probability"] == pytest.approx(0.3)
    assert reviews.strata.set_index("stratum").loc[
        "Nord", ["sample_size", "reviewed", "replaced"]
    ].tolist() == [3, 1, 1]
    fill_first(path)
    (told,) = errors(load(place))
    assert f"er erstattet af {made.replacement}" in told


def test_what_was_answered_before_the_replacement_may_stand(place: Place) -> None:
    edit(place[2], lambda sheets: sheets[0].put("UND-02", "ja"))
    load(place)
    replace_case(place[0], case_ids(place)[0], "outside_target")
    edit(place[2], lambda sheets: sheets[1].put("UND-02", "ja"))
    outcome = load(place)
    assert ([p.kind for p in outcome.problems], outcome.loaded[0].cases) == (["note"], 1)


def test_a_reviewed_case_or_one_not_drawn_cannot_be_replaced(place: Place) -> None:
    fill_first(place[2])
    load(place)
    before = everything(place[0].root)
    with pytest.raises(Refused, match="allerede gennemgået"):
        replace_case(place[0], case_ids(place)[0], "no_access")
    with pytest.raises(Refused, match="ikke i nogen stikprøve"):
        replace_case(place[0], "9999", "no_access")
    with pytest.raises(UsageError, match="dovenskab"):
        replace_case(place[0], case_ids(place)[0], "dovenskab")
    assert everything(place[0].root) == before


def tidy(place: Place, lines: str, encoding: str = "utf-8", name: str = "svar.csv") -> Path:
    path = place[0].root / name
    path.write_bytes(lines.format(*case_ids(place)).encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("case_id,question,answer,remark\n{0},UND-02,ja,\n{0},DOK-02,nej,Brev væk\n", "utf-8"),
        ("Sagsnummer;Spørgsmål;Svar;Bemærkning\r\n{0};UND-02;Ja;\r\n{0};DOK-02;NEJ;Brev væk\r\n", "cp1252"),
        ("case_id\tquestion\tanswer\tremark\n{0}\tUND-02\tj\t\n{0}\tDOK-02\tnej\tBrev væk\n", "utf-16"),
        (
            '\ufeffremark;answer;question;case_id\n;yes;und-02;{0}\n\n"Brev væk";no;DOK-02;{0}\nI alt;;;\n',
            "utf-8",
        ),
        (
            "sep=;\ncase_id;question;answer;remark\n{0};UND-02;ja;\n{0};DOK-02;nej;Brev\u2028v\x0bæk\n",
            "utf-8-sig",
        ),
        ("case_id;question;answer;remark\r{0};UND-02;ja;\r{0};DOK-02;nej;Brev væk\r", "utf-8"),
    ],
)
def test_tidy_files_as_people_save_them(text: str, encoding: str, place: Place) -> None:
    path = tidy(place, text.replace("I alt;;;\n", ";;;I alt\n"), encoding)
    outcome = load_files(place[0], [path], today=LOADED_ON, draw=place[1])
    assert errors(outcome) == []
    assert (answer(place, "UND-02"), answer(place, "DOK-02")) == ("ja", "nej")


def test_every_problem_of_a_tidy_file_has_its_row(place: Place) -> None:
    path = tidy(
        place,
        "case_id;question;answer;remark;act_date\n{0};UND-02;måske;;\n{0};XXX-99;ja;;\n;UND-02;ja;;\n{1};DOK-02;nej;;\n"
        "{2};UND-02;ja;;03-04-2018\n{2};DOK-01;ja;;04-04-2018\n9999;UND-02;ja;;\n{1};DOK-01;nej;010158-5123;\n",
    )
    outcome = load_files(place[0], [path], today=LOADED_ON, draw=place[1])
    assert outcome.loaded == []
    assert sorted(p.row for p in outcome.problems if p.row is not None) == [2, 3, 4, 5, 7, 8, 9]
    assert "010158" not in str(outcome.problems)


def test_a_tidy_file_needs_its_draw_and_its_columns(place: Place) -> None:
    path = tidy(place, "case_id;question;answer\n{0};UND-02;ja\n")
    (told,) = errors(load(place, path))
    assert "hvilken stikprøve" in told
    own = tidy(
        place, "draw_id;case_id;question;answer\ntestby/2018-Q2/level-2;{0};UND-02;ja\n", name="egen.csv"
    )
    assert errors(load(place, own)) == []
    assert answer(place, "UND-02") == "ja"
    bad = tidy(place, "sag;svar\n{0};ja\n", name="dårlig.csv")
    assert "question" in errors(load(place, bad))[0]


def test_a_tidy_file_corrected_under_its_name_wins(place: Place) -> None:
    for value in ("ja", "ikke relevant"):
        path = tidy(place, f"case_id;question;answer\n{{0}};UND-02;{value}\n")
        assert errors(load_files(place[0], [path], today=LOADED_ON, draw=place[1])) == []
        assert answer(place, "UND-02") == value


def test_a_folder_stands_for_its_files(place: Place) -> None:
    fill_first(place[2])
    assert load(place, place[2].parent).loaded[0].file == "nord.xlsx"


def test_a_folder_without_files_says_so(place: Place, tmp_path: Path) -> None:
    (tmp_path / "retur").mkdir()
    (problem,) = load(place, tmp_path / "retur").problems
    assert (problem.kind, "ingen arbejdsbøger" in problem.found) == ("error", True)


def test_one_workbook_holds_acts_of_both_laws(tmp_path: Path) -> None:
    settings = SMALL_SETTINGS.replace('["serviceloven"]', '["serviceloven", "barnets-lov"]').replace(
        "2018-07-02", "2024-04-02"
    )
    period = Period.parse("2024-Q1")
    workspace, draw = make_small_workspace(tmp_path / "workspace", settings, period, date(2024, 4, 2))
    path = workspace.checklists_dir(period, 2) / "nord.xlsx"
    dates = (date(2023, 12, 31), date(2024, 1, 1), None)

    def change(sheets: list[CaseSheet]) -> None:
        for form, day in zip(sheets, dates, strict=True):
            form.fill()
            form.put("act_date", day)
            form.put("reviewed_on", date(2024, 4, 10))

    edit(path, change)
    outcome = load_files(workspace, None, today=date(2024, 4, 20))
    assert errors(outcome) == []
    assert {p.kind for p in outcome.problems} == {"note"}, "answers outside the act's law are told"
    told = outcome.problems[-1]
    assert (told.cell, "begge loves" in told.found) == (cell_of(path, "act_date"), True)
    edit(path, lambda sheets: sheets[2].put("UND-02", None))
    missing = load_files(workspace, None, today=date(2024, 4, 20)).problems[-1]
    assert missing.found.endswith("der mangler svar på handlingens dato, UND-02")
    reviews = workspace.ledger(draw).reviews
    cases = reviews.cases[reviews.cases["unit"] == "Nord"]
    assert cases["regime"].tolist() == ["serviceloven", "barnets-lov", None]
    answers = reviews.answers.set_index(["case_id", "question"])
    old, new, unknown = cases["case_id"]
    assert answers.loc[(old, "SCR-01"), "answer"] == "ikke relevant"
    assert answers.loc[(new, "SCR-01"), "answer"] == "ja"
    assert (answers.loc[(old, "OPF-02"), "answer"], answers.loc[(new, "OPF-02"), "answer"]) == (
        "ja",
        "ikke relevant",
    )
    assert bool(answers.loc[(new, "OPF-02"), "derived"])
    assert not answers.loc[(unknown, "SCR-01"), "derived"]


def test_an_english_workbook_is_read_by_a_danish_program(tmp_path: Path) -> None:
    with language.using("en"):
        workspace, draw = make_small_workspace(tmp_path / "workspace")
    words = {
        "ja": "yes",
        "nej": "no",
        "nej (lovlig grund)": "no (lawful reason)",
        "ikke relevant": "not relevant",
    }

    def change(sheets: list[CaseSheet]) -> None:
        sheets[0].fill()
        for key in sheets[0].rows:
            value = str(sheets[0].cell(key).value)
            if value in words:
                sheets[0].put(key, words[value])

    edit(workbook_of(workspace), change)
    outcome = load_files(workspace, None, today=LOADED_ON)
    assert (errors(outcome), outcome.loaded[0].complete) == ([], 1)
    assert set(workspace.ledger(draw).reviews.answers["answer"]) == set(words)


def test_an_act_under_a_law_after_the_period_is_refused(tmp_path: Path) -> None:
    period = Period.parse("2023-Q4")
    settings = SMALL_SETTINGS.replace('["serviceloven"]', '["serviceloven", "barnets-lov"]')
    workspace, _draw = make_small_workspace(
        tmp_path / "w", settings.replace("2018-07-02", "2023-12-31"), period, date(2024, 1, 2)
    )
    path = workspace.checklists_dir(period, 2) / "nord.xlsx"
    edit(path, lambda sheets: sheets[0].put("act_date", date(2024, 1, 15)))
    edit(path, lambda sheets: sheets[0].put("UND-02", "ja"))
    (problem,) = load_files(workspace, [path], today=date(2024, 2, 1)).problems
    assert (problem.kind, problem.cell) == ("error", cell_of(path, "act_date"))
    assert "nyere lov" in problem.found
