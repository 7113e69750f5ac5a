"""Single draws: asked for outside the plan, drawn, logged and verified as a level's are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.builders.workspaces import Q2, draw, make_workspace, review
from tilsyn.base import clock
from tilsyn.base.cpr import mask
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Refused, UsageError
from tilsyn.base.which import Single
from tilsyn.procedure.dossier import make_dossier
from tilsyn.procedure.draw import DrawRequest
from tilsyn.procedure.draw_single import SingleRequest, asked_of, draw_single
from tilsyn.procedure.run import run
from tilsyn.procedure.status import progress
from tilsyn.procedure.verify import verify_all
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.sampling.tickets import ticket
from tilsyn.settings.single import SinglePlan, Wish
from tilsyn.workspace.draws import Draw, Draws
from tilsyn.workspace.workspace import Workspace

OMBUD = Single("ombud")
COMPLAINTS = (Wish(column="complaint", values=("ja",)),)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    clock.set_today(date(2018, 7, 3))
    return make_workspace(tmp_path)


def single(workspace: Workspace, name: str = "ombud", period: Period = Q2, **asked: Any) -> Draw:
    return draw_single(workspace, Single(name), period, SingleRequest(**asked)).draw


def listed(workspace: Workspace, *lines: str) -> Path:
    path = workspace.root / "liste.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def sound(workspace: Workspace) -> bool:
    register = workspace.root / "sagsliste.csv"
    return all(one.difference is None for one in verify_all(workspace, register))


def test_cases_of_the_whole_frame_are_drawn_by_their_tickets(workspace: Workspace) -> None:
    made = single(workspace, n=10)
    assert made.draw_id == "bbu/2018-Q2/single/ombud"
    assert made.path == workspace.root / "samples" / "2018-Q2" / "single-ombud"
    (stratum,) = made.record.strata
    assert (stratum.stratum_size, stratum.sample_size, stratum.reserve_size) == (97, 10, 5)
    seed = made.record.seed
    assert [case.ticket for case in made.record.cases] == sorted(
        ticket(seed, made.draw_id, case.case_id) for case in made.record.cases
    )
    assert {case.design_weight for case in made.record.cases} == {9.7}
    assert sound(workspace)


def test_the_record_says_that_it_is_no_level_and_is_read_again(workspace: Workspace) -> None:
    made = single(workspace, n=10, where=COMPLAINTS)
    assert (made.manifest["level"], made.manifest["single"]) == (None, "ombud")
    assert made.record.level == OMBUD
    assert DrawRecord.from_dict(made.manifest) == made.record
    assert isinstance(made.record.plan, SinglePlan)
    assert "single" not in draw(workspace, 2).manifest


@pytest.mark.parametrize(
    ("asked", "sizes"),
    [
        ({"n": 4, "per_unit": True}, [4, 4, 4, 4]),
        ({"n": 11, "per_unit": True}, [11, 11, 11, 11]),
        ({"every": True}, [97]),
        ({"every": True, "per_unit": True}, [36, 11, 27, 23]),
        ({"every": True, "where": COMPLAINTS}, [22]),
        ({"n": 500}, [97]),
    ],
)
def test_so_many_are_drawn(workspace: Workspace, asked: dict[str, Any], sizes: list[int]) -> None:
    made = single(workspace, **asked)
    assert [row.sample_size for row in made.record.strata] == sizes
    assert sound(workspace)


def test_what_was_not_asked_for_is_counted(workspace: Workspace) -> None:
    assert single(workspace, n=5, where=COMPLAINTS).record.frame.left_out == {
        "closed_before_period": 10,
        "not_asked_for": 75,
    }


def test_cases_can_be_asked_for_by_their_numbers(workspace: Workspace) -> None:
    wanted = ("2018-AM001", "2018-AM002", "2018-NØ001")
    made = single(workspace, every=True, where=(Wish(column="case_id", values=wanted),))
    assert sorted(case.case_id for case in made.record.cases) == sorted(wanted)
    assert sound(workspace)


def test_a_value_that_no_reviewed_case_has_is_told(workspace: Workspace) -> None:
    review(workspace, draw(workspace, 2))
    with pytest.raises(Refused, match="ingen sag har Amagr i"):
        single(workspace, n=3, above=2, where=(Wish(column="unit", values=("Amager", "Amagr")),))


def test_a_week_is_a_period(workspace: Workspace) -> None:
    week = Period.parse("2018-W26")
    assert single(workspace, period=week, every=True).draw_id == "bbu/2018-W26/single/ombud"
    assert sound(workspace)


def test_a_list_is_chosen_and_taken_whole_whatever_the_frame_leaves_out(workspace: Workspace) -> None:
    # The tenth case of Amager was closed before the quarter.
    made = single(workspace, case_list=listed(workspace, "2018-AM001", "2018-AM009", "2018-AM001"))
    assert isinstance(made.record.plan, SinglePlan)
    assert made.record.plan.chosen
    assert sorted(case.case_id for case in made.record.cases) == ["2018-AM001", "2018-AM009"]
    assert made.record.frame.n == 2
    (workspace.root / "liste.csv").unlink()
    assert sound(workspace)


@pytest.mark.parametrize(
    "text",
    [
        b"2018-AM001\n",
        b"2018-AM001",
        b"\xef\xbb\xbf 2018-AM001 \r\n\r\n",
        "Sagsnr;Bemærkning\n2018-AM001;på listen\n;\n".encode("cp1252"),
        "Sagsnummer\n2018-AM001\n2018-AM001\n".encode("utf-16"),
        b"navn,CASE_ID\nx,2018-AM001\n",
        b"2018-AM001;\n;;\n",
    ],
)
def test_a_list_is_read_as_people_save_it(workspace: Workspace, text: bytes) -> None:
    path = workspace.root / "liste.csv"
    path.write_bytes(text)
    made = single(workspace, case_list=path)
    assert [case.case_id for case in made.record.cases] == ["2018-AM001"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", "liste.csv"),
        (b"Sagsnr\n", "liste.csv"),
        (b"Enhed;Klage\nAmager;Ja\n", "case_id"),
        (b"PK\x03\x04", "liste.csv"),
        (b"Sagsnr;Navn\n120190-1234;x\n", "12xxxx-xxxx"),
    ],
)
def test_a_list_that_cannot_be_used_is_told(workspace: Workspace, text: bytes, found: str) -> None:
    path = workspace.root / "liste.csv"
    path.write_bytes(text)
    with pytest.raises(InputError) as refused:
        single(workspace, case_list=path)
    (problem,) = refused.value.problems
    assert found in mask(f"{problem.file}: {problem.found}")
    assert workspace.log.events == []


def test_some_of_a_list_are_drawn_at_random(workspace: Workspace) -> None:
    ids = [f"2018-NØ{n:03};x" for n in range(20)]
    made = single(workspace, case_list=listed(workspace, "Sagsnr;Note", *ids), n=7)
    assert isinstance(made.record.plan, SinglePlan)
    assert not made.record.plan.chosen
    assert (made.record.frame.n, len(made.record.cases)) == (20, 7)
    assert sound(workspace)


def test_reviewed_cases_of_a_level_and_of_a_single_draw_are_a_frame(workspace: Workspace) -> None:
    level = draw(workspace, 2)
    review(workspace, level)
    again = single(workspace, "igen", n=5, above=2)
    assert set(again.record.parents) == {level.draw_id}
    assert (again.record.frame.n, again.record.frame.speaks_of) == (21, "reviews")
    review(workspace, again)
    third = single(workspace, "tredje", n=2, above=Single("igen"))
    assert set(third.record.parents) == {again.draw_id}
    of_units = single(workspace, "enheder", n=2, per_unit=True, above=2, where=COMPLAINTS)
    assert of_units.record.frame.speaks_of == "register"
    assert {row.population_size for row in of_units.record.strata} == {36, 27, 23, 11}
    assert all(case.facts["complaint"] == "Ja" for case in of_units.record.cases)
    assert sound(workspace)


def test_a_level_is_drawn_as_if_there_were_no_single_draw(workspace: Workspace) -> None:
    seed = DrawRequest(seed="terninger 3. juli 2018: 6 2 5 1", seed_origin="terninger")
    draw_single(workspace, Single("level-2"), Q2, SingleRequest(every=True), seed)
    review(workspace, single(workspace, "læst", every=True))
    made = draw(workspace, 2, seed="terninger 3. juli 2018: 6 2 5 1", seed_origin="terninger")
    assert (made.record.frame.n, made.record.round, made.record.tries) == (97, 1, 1)
    assert draw(workspace, 1, "2018-06").record.frame.left_out == {"closed_before_period": 10}


def test_it_is_drawn_again_for_a_reason_alone(workspace: Workspace) -> None:
    single(workspace, n=5)
    with pytest.raises(Refused, match=r"Enkeltudtræk »ombud« er allerede trukket for 2\. kvartal 2018"):
        single(workspace, n=5)
    request = DrawRequest(replace=True, reason="for få")
    made = draw_single(workspace, OMBUD, Q2, SingleRequest(n=8), request).draw
    assert (made.draw_id, made.path.name) == ("bbu/2018-Q2/single/ombud/2", "single-ombud.2")
    assert (made.record.replaces, made.record.tries) == ("bbu/2018-Q2/single/ombud", 2)
    assert workspace.draws.get(OMBUD, Q2).draw_id == made.draw_id
    assert sound(workspace)


def test_an_interrupted_one_is_finished_with_its_seed_and_no_other_is_drawn_in_its_place(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Draw:
        raise Refused("strømmen gik", "")

    with monkeypatch.context() as patched:
        patched.setattr(Draws, "save", refuse)
        with pytest.raises(Refused, match="kunne ikke gemmes"):
            single(workspace, n=5)
    (seeded,) = [event for event in workspace.log.events if event["event"] == "seed_made"]
    with pytest.raises(Refused, match=r"enkeltudtræk »ombud«, 2\. kvartal 2018"):
        single(workspace, n=6)
    made = draw_single(workspace, OMBUD, Q2, SingleRequest(n=5))
    assert made.resumed
    assert (made.draw.record.seed, made.draw.record.attempt) == (seeded["seed"], 1)
    assert sound(workspace)


def test_status_has_it_with_its_next_step(workspace: Workspace) -> None:
    single(workspace, n=5)
    (row,) = [row for row in progress(workspace, date(2018, 7, 3)) if row.level == OMBUD]
    assert row.next_step == "tilsyn checklists --single ombud --period 2018-Q2"


def test_a_night_makes_its_checklists_and_letters_and_leaves_the_report_to_who_asked(
    workspace: Workspace,
) -> None:
    made = single(workspace, n=5)
    workspace.log.look_again()
    done = run(workspace, date(2018, 7, 3)).done
    ours = [(one.step, one.text) for one in done if one.level == OMBUD]
    assert [step for step, _ in ours] == ["checklists", "letters"]
    assert ours[0][1].startswith("Enkeltudtræk »ombud«, 2. kvartal 2018: ")
    review(workspace, made)
    night = run(workspace, date(2018, 7, 4)).done
    assert [one.step for one in night if one.level == OMBUD] == []
    assert any(one.level == 2 for one in done)


@pytest.mark.parametrize(
    ("asked", "error", "found"),
    [
        ({}, UsageError, "hvor mange sager"),
        ({"n": 3, "every": True}, UsageError, "hvor mange sager"),
        ({"case_list": Path("liste.csv"), "every": True}, UsageError, "--list kan ikke bruges"),
        ({"case_list": Path("findes-ikke.csv")}, UsageError, "findes-ikke.csv findes ikke"),
        ({"n": 3, "where": (Wish(column="bopæl", values=("x",)),)}, UsageError, "ingen kolonne »bopæl«"),
        ({"n": 3, "where": (Wish(column="unit", values=("Valby",)),)}, Refused, "ingen sag har Valby"),
        ({"n": 3, "where": (Wish(column="unit", values=("Amager", "Nørebro")),)}, Refused, "har Nørebro i"),
        ({"n": 3, "above": 2}, Refused, "fra de gennemgåede sager på niveau 2"),
        ({"n": 3, "above": Single("x")}, Refused, "fra de gennemgåede sager i enkeltudtræk »x«"),
        ({"n": 3, "questions": ("intet",)}, InputError, "intet"),
    ],
)
def test_what_is_unclear_or_not_there_is_refused_before_anything_is_logged(
    workspace: Workspace, asked: dict[str, Any], error: type[Exception], found: str
) -> None:
    with pytest.raises(error, match=found):
        single(workspace, **asked)
    assert workspace.log.events == []


def test_a_case_of_a_list_that_the_register_has_not_is_an_error(workspace: Workspace) -> None:
    with pytest.raises(InputError) as refused:
        single(workspace, case_list=listed(workspace, "2018-AM001", "2018-AM999"))
    (problem,) = refused.value.problems
    assert (problem.file, problem.found) == (
        "liste.csv",
        "1 sag på listen står ikke i sagslisten: 2018-AM999",
    )


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("complaint=ja", Wish(column="complaint", values=("ja",))),
        (
            " Sagstype = Anbringelse, Underretning ",
            Wish(column="case_type", values=("Anbringelse", "Underretning")),
        ),
        (
            'law="§ 52, stk. 3, nr. 7", § 50',
            Wish(column="law", values=("§ 52, stk. 3, nr. 7", "§ 50")),
        ),
    ],
)
def test_a_rule_is_written_as_column_and_values(text: str, asked: Wish) -> None:
    assert asked_of(text) == asked


@pytest.mark.parametrize("text", ["complaint", "=ja", "complaint=", "complaint= , "])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="er ingen regel"):
        asked_of(text)


def test_a_dossier_tells_of_no_case_that_it_was_complained_of(workspace: Workspace) -> None:
    settings = workspace.root / "tilsyn.toml"
    listed(workspace, "case_id;received;answered", "2018-AM001;2018-05-02;", "2018-AM002;2018-05-02;")
    settings.write_text(settings.read_text("utf-8") + '[complaints]\npath = "liste.csv"\n', "utf-8")
    workspace = Workspace.open(workspace.root)
    made = single(workspace, "klager", every=True, where=(Wish(column="complained", values=("ja",)),))
    assert [case.case_id for case in made.cases.sort_values("case_id").itertuples()] == [
        "2018-AM001",
        "2018-AM002",
    ]
    assert sound(workspace)
    with pytest.raises(Refused, match="i hvilke sager der er klaget"):
        make_dossier(workspace, Q2, single=Single("klager"))
    folder = make_dossier(workspace, Q2, single=Single("klager"), without_ids=True).folder
    assert not [path for path in folder.rglob("*.*") if b"2018-AM00" in path.read_bytes()]
