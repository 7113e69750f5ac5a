"""The made-up municipality: nobody living is meant, and the same seed gives the same."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.builders.workspaces import make_small_workspace, workbook_of
from tilsyn.base.cpr import looks_like_cpr
from tilsyn.base.periods import Period
from tilsyn.formats import files
from tilsyn.formats.action_reader import read_actions
from tilsyn.formats.action_workbook import ActionBook, action_bytes
from tilsyn.formats.checklists.reader import read_workbook
from tilsyn.procedure.simulated_actions import act
from tilsyn.procedure.simulated_complaints import write_complaints
from tilsyn.procedure.simulated_reviewers import CHANGED, Reviewers, fill_in
from tilsyn.procedure.simulation import BASELINE, LATER, UNITS, chance, write_registers
from tilsyn.questions.answers import NO, NOT_RELEVANT
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.question_set import merged
from tilsyn.reviews.actions import Action
from tilsyn.reviews.records import Given
from tilsyn.reviews.resolving import resolve
from tilsyn.workspace.catalogues import packaged_folder, read_catalogue


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    written = write_registers(tmp_path_factory.mktemp("register"), "seed", 1000)
    return {
        period.canonical: list(csv.DictReader(path.read_text("cp1252").splitlines(), delimiter=";"))
        for period, path in written.items()
    }


def test_registers_look_like_an_export(registers: dict[str, list[dict[str, str]]]) -> None:
    assert set(registers) == {"2017-Q4", "2018-Q2"}
    for rows in registers.values():
        assert len(rows) == 1000
        assert len({row["Sagsnr"] for row in rows}) == 1000
        units = Counter(row["Enhed"].strip().lower() for row in rows)
        assert set(units) == {name.lower() for name, *_ in UNITS}
        assert 10 <= units["døgnvagten"] <= 50
    shared = {row["Sagsnr"] for row in registers["2017-Q4"]} & {row["Sagsnr"] for row in registers["2018-Q2"]}
    assert 400 < len(shared) < 800


def test_dates_are_in_order_and_never_in_the_future(registers: dict[str, list[dict[str, str]]]) -> None:
    for name, end in (("2017-Q4", BASELINE.end), ("2018-Q2", LATER.end)):
        for row in registers[name]:
            days = [
                datetime.strptime(row[key], "%d-%m-%Y").date()
                for key in ("Oprettet", "Afgørelsesdato", "Sidste aktivitet", "Lukket dato")
                if row[key]
            ]
            assert max(days) <= end
            assert min(days) == days[0]


def test_cpr_like_numbers_belong_to_nobody_living(registers: dict[str, list[dict[str, str]]]) -> None:
    for row in registers["2017-Q4"]:
        number = row["CPR-nr"]
        assert looks_like_cpr(number)
        # The seventh digit 5-8 with the years 58-99 means born 1858 to 1899.
        assert re.fullmatch(r"\d{4}(5[89]|[6-9]\d)-[5-8]\d{3}", number)
        assert re.fullmatch(r"Borger \d{5}", row["Navn"])
        assert not looks_like_cpr(row["Sagsnr"])


def complaints_of(register: Path, seed: str, period: Period) -> list[dict[str, str]]:
    written = write_complaints(register, seed, period)
    return list(csv.DictReader(written.read_text("cp1252").splitlines(), delimiter=";"))


def test_each_case_that_the_register_has_a_complaint_on_is_on_its_list(tmp_path: Path) -> None:
    written = write_registers(tmp_path, "seed", 1000)
    lists = {period: complaints_of(path, "seed", period) for period, path in written.items()}
    for period, listed in lists.items():
        rows = list(csv.DictReader(written[period].read_text("cp1252").splitlines(), delimiter=";"))
        opened = {row["Sagsnr"]: row["Oprettet"] for row in rows if row["Klage"] == "Ja"}
        assert sorted(row["Sagsnr"] for row in listed) == sorted(opened) != []
        for row in listed:
            days = [opened[row["Sagsnr"]], row["Modtaget"], row["Kvitteret"], row["Besvaret"]]
            told = [datetime.strptime(day, "%d-%m-%Y").date() for day in days if day]
            assert told == sorted(told)
            assert told[-1] <= period.end
            assert bool(row["Udfald"]) == bool(row["Besvaret"])
    first, later = ({row["Sagsnr"]: row for row in lists[period]} for period in (BASELINE, LATER))
    shared = first.keys() & later.keys()
    assert shared
    assert all(first[case]["Modtaget"] == later[case]["Modtaget"] for case in shared)


def test_units_get_some_of_their_actions_done_and_the_rest_not(tmp_path: Path) -> None:
    actions = [
        Action(f"2018-Q2-n2-{n:02d}", 2, "2018-Q2", "SAM-01", "Nord", wrong=3, relevant=9) for n in range(40)
    ]
    words = {"cause": {"procedure": "arbejdsgang"}, "role": {"manager": "leder"}}
    book = ActionBook("Handlinger", "Testby", "", "id", LATER.end, "1:abc", {}, words, ())
    path = tmp_path / "nord.xlsx"
    path.write_bytes(action_bytes(book, actions))
    done = act(path, "seed", date(2018, 10, 1), date(2019, 1, 10))
    read = read_actions(path, path.read_bytes())
    said = [{name: cell.value for name, cell in row.cells.items()} for row in read.rows]
    assert not read.problems
    assert done == sum(bool(one["done_on"]) for one in said)
    assert 10 < done < 35
    assert all(one["what"] and one["cause"] for one in said)
    assert any(one["deadline"] and not one["done_on"] for one in said)


def test_the_same_seed_gives_the_same_register(tmp_path: Path) -> None:
    files = [
        write_registers(tmp_path / name, seed, 60)[LATER]
        for name, seed in (("a", "x"), ("b", "x"), ("c", "y"))
    ]
    first, again, other = (path.read_bytes() for path in files)
    assert first == again != other


def test_too_few_cases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least"):
        write_registers(tmp_path, "x", 3)


def reviewers(level: int, quarter: object = LATER) -> Reviewers:
    questions = merged([read_catalogue(packaged_folder() / "serviceloven.toml")])
    cases = {f"case-{n}": {"case_type": "Anbringelse", "safety_plan": "Nej"} for n in range(300)}
    assert quarter in (BASELINE, LATER)
    return Reviewers(
        "seed", level, "begge", quarter, questions, "serviceloven", cases, date(2018, 7, 3), date(2018, 7, 20)
    )  # type: ignore[arg-type]


def test_reviewers_answer_everything_that_can_apply_and_remark_every_no() -> None:
    who = reviewers(2)
    for case in list(who.cases)[:60]:
        review = who.review(case)
        resolved = resolve(who.question_set, review, "serviceloven", WorkingDays())
        assert all(r.answer is not None for r in resolved)
        assert all(r.remark for r in resolved if (r.answer, r.why) == (NO, ""))
        assert not [r for r in resolved if r.why in ("skipped", "regime") and r.question in review.answers]


def test_levels_disagree_a_little() -> None:
    two, three = reviewers(2), reviewers(3)
    pairs = [
        (first.answers[name].answer, second.answers[name].answer)
        for first, second in ((two.review(case), three.review(case)) for case in two.cases)
        for name in first.answers.keys() & second.answers.keys()
    ]
    same = sum(first == second for first, second in pairs) / len(pairs)
    assert 0.85 < same < 0.99


def test_what_changed_between_the_rounds_did_change() -> None:
    name = "AFG-04"
    assert name in CHANGED
    shares = []
    for quarter in (BASELINE, LATER):
        who = reviewers(4, quarter)
        answers = [who.review(case).answers.get(name, Given()).answer for case in who.cases]
        relevant = [answer for answer in answers if answer not in (None, NOT_RELEVANT)]
        shares.append(sum(answer != NO for answer in relevant) / len(relevant))
    assert shares[0] - shares[1] > 0.2


def test_chance_depends_on_its_parts_alone() -> None:
    assert chance("a", 1) == chance("a", 1) != chance("a", 2)
    assert 0.4 < sum(chance("x", n) for n in range(2000)) / 2000 < 0.6


def test_what_reviewers_save_has_no_temporary_name_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever holds the writers' lock meanwhile clears such names away; reviewers hold no lock.
    workspace, draw = make_small_workspace(tmp_path)
    path = workbook_of(workspace)
    cases = {case.case_id: case.facts for case in draw.record.cases}
    reviewers = Reviewers("seed", 2, "leder", LATER, draw.question_set, None, cases, LATER.start, LATER.end)
    monkeypatch.setattr(files, "_temporary", lambda *_: pytest.fail("a temporary name"))
    assert fill_in(path, reviewers) > 0
    assert len(read_workbook(path, path.read_bytes()).cases) == 3
