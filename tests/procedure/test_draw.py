import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.builders.workspaces import SETTINGS, make_workspace, register_rows, review, write_register
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Refused, UsageError
from tilsyn.procedure import draw as drawing
from tilsyn.procedure import draw_attempts
from tilsyn.procedure.check_commit import commit_frame
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.procedure.verify import verify_draw
from tilsyn.sampling.tickets import ticket
from tilsyn.workspace import log
from tilsyn.workspace.draws import Draws
from tilsyn.workspace.workspace import Workspace

Q2 = Period.parse("2018-Q2")
MAY, JUNE = Period.parse("2018-05"), Period.parse("2018-06")
SEED = "6 2 5 1 1 4 3 2 6 5 5 1"
ORIGIN = "terningkast, personalemøde 3. juli"


@pytest.fixture
def workspace(tmp_path):
    clock.set_today(date(2018, 7, 3))
    return make_workspace(tmp_path)


def kinds(workspace) -> list[str]:
    return [event["event"] for event in workspace.log.events]


def files_of(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
    }


def test_a_draw_is_logged_in_the_order_that_makes_it_fair(workspace):
    made = make_draw(workspace, 2, Q2).draw
    committed, seeded, drawn = workspace.log.events
    assert kinds(workspace) == [log.FRAME_COMMITTED, log.SEED_MADE, log.DRAWN]
    assert committed["commitment"] == seeded["commitment"] == made.manifest["frame"]["commitment"]
    assert committed["source"]["name"] == "sagsliste.csv"
    assert seeded["seed"] == made.manifest["seed"]
    assert len(seeded["seed"]) >= 20
    assert (made.manifest["seed_origin"], made.manifest["seed_before_frame"]) == ("system", False)
    assert drawn["draw_id"] == "bbu/2018-Q2/level-2"


def test_the_sizes_weights_and_counts_of_a_quarter(workspace):
    made = make_draw(workspace, 2, Q2).draw
    strata = made.strata.set_index("stratum")
    assert strata["stratum_size"].to_dict() == {
        "Amager": 36,
        "Døgnvagten": 11,
        "Nørrebro": 27,
        "Østerbro": 23,
    }
    assert strata["sample_size"].to_dict() == {"Amager": 6, "Døgnvagten": 3, "Nørrebro": 6, "Østerbro": 6}
    assert made.manifest["frame"]["left_out"] == [{"reason": "closed_before_period", "n": 10}]
    assert made.manifest["frame"]["as_of"] == "2018-07-02"
    assert (
        made.cases.groupby("stratum")["design_weight"].sum().round(9).to_dict()
        == strata["stratum_size"].to_dict()
    )
    assert len(made.reserve) == 8
    assert made.reserve["design_weight"].isna().all()
    facts = made.manifest["cases"][0]["facts"]
    assert facts == {"opened": "2018-01-03", "closed": None, "complaint": facts["complaint"]}


def test_every_ticket_is_the_contracts(workspace):
    manifest = make_draw(workspace, 2, Q2).draw.manifest
    for case in [*manifest["cases"], *manifest["reserve"]]:
        assert case["ticket"] == ticket(manifest["seed"], "bbu/2018-Q2/level-2", case["case_id"])


def test_level_one_is_one_per_caseworker_and_leaves_out_the_months_before(workspace):
    may = make_draw(workspace, 1, MAY).draw
    june = make_draw(workspace, 1, JUNE).draw
    assert len(may.cases) == len(june.cases) == 12
    assert set(june.strata["stratum"]) == {
        f"{unit}{n}" for unit in ("AMA", "NØR", "ØST", "DØG") for n in range(3)
    }
    assert not set(may.cases["case_id"]) & set(june.cases["case_id"])
    assert {"reason": "drawn_earlier", "n": 12} in june.manifest["frame"]["left_out"]
    assert june.manifest["frame"]["earlier_draws"] == ["bbu/2018-05/level-1"]
    assert set(june.cases["unit"]) == {"Amager", "Nørrebro", "Østerbro", "Døgnvagten"}
    for draw in (may, june):
        assert verify_draw(workspace, draw, workspace.root / "sagsliste.csv").difference is None


def test_a_code_in_two_units_is_one_stratum_and_each_case_keeps_its_unit(tmp_path):
    clock.set_today(date(2018, 7, 3))
    rows = [f"A{n};Amager;SB1;03-01-2018;;Nej" for n in range(2)] + [
        f"N{n};Nørrebro;SB1;03-01-2018;;Nej" for n in range(9)
    ]
    made = make_draw(make_workspace(tmp_path, SETTINGS, rows), 1, JUNE).draw
    assert made.strata[["stratum", "unit", "stratum_size", "sample_size"]].values.tolist() == [
        ["SB1", "Nørrebro", 11, 1]
    ]
    listed = [*made.manifest["cases"], *made.manifest["reserve"]]
    assert {case["unit"] for case in listed if case["case_id"][0] == "A"} <= {"Amager"}
    assert {case["unit"] for case in listed if case["case_id"][0] == "N"} <= {"Nørrebro"}


def test_a_case_drawn_in_another_quarter_can_be_drawn_again(workspace):
    make_draw(workspace, 1, Period.parse("2018-03"), DrawRequest(as_of=date(2018, 3, 31)))
    assert make_draw(workspace, 1, MAY).draw.manifest["frame"]["earlier_draws"] == []


def test_levels_three_and_four_weigh_up_to_the_register(workspace):
    two = make_draw(workspace, 2, Q2).draw
    review(workspace, two)
    three = make_draw(workspace, 3, Q2).draw
    review(workspace, three)
    four = make_draw(workspace, 4, Q2).draw
    assert three.manifest["frame"]["n"] == 21
    # Quotas 9/21 of 6, 3, 6, 6: 2.57, 1.29, 2.57, 2.57.
    assert three.strata.set_index("stratum")["sample_size"].to_dict() == {
        "Amager": 3,
        "Døgnvagten": 1,
        "Nørrebro": 3,
        "Østerbro": 2,
    }
    assert three.strata["stratum_size"].tolist() == [6, 3, 6, 6]
    assert three.strata["population_size"].tolist() == [36, 11, 27, 23]
    assert three.cases.groupby("stratum")["design_weight"].first().to_dict() == {
        "Amager": 12.0,
        "Døgnvagten": 11.0,
        "Nørrebro": 9.0,
        "Østerbro": 11.5,
    }
    assert set(three.cases["case_id"]) <= set(two.cases["case_id"])
    assert set(four.cases["case_id"]) <= set(three.cases["case_id"])
    assert four.strata["population_size"].tolist() == [36, 11, 27, 23]
    assert len(four.cases) == 4
    assert three.manifest["incomplete"] == 0
    assert all(
        verify_draw(workspace, draw, workspace.root / "sagsliste.csv").difference is None
        for draw in (two, three, four)
    )


def test_level_three_waits_for_level_two(workspace):
    with pytest.raises(Refused, match="Niveau 3 trækkes fra de gennemgåede sager på niveau 2"):
        make_draw(workspace, 3, Q2)
    two = make_draw(workspace, 2, Q2).draw
    with pytest.raises(Refused, match="21 af 21 sager mangler"):
        make_draw(workspace, 3, Q2, DrawRequest(allow_incomplete=True))
    amager = two.cases.loc[two.cases["unit"] == "Amager", "case_id"].tolist()
    review(workspace, two, [*amager, two.cases.loc[two.cases["unit"] == "Nørrebro", "case_id"].iloc[0]])
    before = kinds(workspace)
    with pytest.raises(Refused, match="14 af 21 sager mangler"):
        make_draw(workspace, 3, Q2)
    assert kinds(workspace) == before
    three = make_draw(workspace, 3, Q2, DrawRequest(allow_incomplete=True)).draw
    assert three.manifest["incomplete"] == 14
    assert three.manifest["frame"]["left_out"] == [{"reason": "not_reviewed", "n": 14}]
    # The units nobody reviewed stay in the list, so that an estimate can say what it does not cover.
    assert three.strata.set_index("stratum")["sample_size"].to_dict() == {
        "Amager": 6,
        "Døgnvagten": 0,
        "Nørrebro": 1,
        "Østerbro": 0,
    }
    assert verify_draw(workspace, three).difference is None


def test_a_second_draw_is_refused_and_for_cron_no_error(workspace):
    first = make_draw(workspace, 2, Q2).draw
    before = files_of(workspace.root)
    with pytest.raises(Refused, match="allerede trukket"):
        make_draw(workspace, 2, Q2)
    again = make_draw(workspace, 2, Q2, DrawRequest(if_missing=True))
    assert (again.made, again.draw.draw_id) == (False, first.draw_id)
    assert files_of(workspace.root) == before


def test_a_replacing_draw_has_its_own_id_and_the_old_one_stays(workspace):
    first = make_draw(workspace, 2, Q2).draw
    second = make_draw(workspace, 2, Q2, DrawRequest(replace=True, reason="forkert sagsliste")).draw
    third = make_draw(workspace, 2, Q2, DrawRequest(replace=True, reason="igen")).draw
    assert [d.draw_id for d in (second, third)] == ["bbu/2018-Q2/level-2/2", "bbu/2018-Q2/level-2/3"]
    assert second.path.name == "level-2.2"
    assert (second.manifest["replaces"], second.manifest["replace_reason"]) == (
        first.draw_id,
        "forkert sagsliste",
    )
    assert workspace.draws.get(2, Q2).draw_id == third.draw_id
    assert [d.draw_id for d in workspace.draws.in_force()] == [third.draw_id]
    assert [d.attempt for d in workspace.draws.every()] == [1, 2, 3]
    assert len({tuple(d.cases["case_id"]) for d in (first, second, third)}) == 3
    assert all(verify_draw(workspace, d).difference is None for d in (first, second, third))


def test_there_must_be_something_to_replace(workspace):
    with pytest.raises(Refused, match="intet at erstatte"):
        make_draw(workspace, 2, Q2, DrawRequest(replace=True, reason="x"))


class Killed(BaseException):
    """The process ends here."""


def killed(workspace, monkeypatch, place=Draws, name="save", request=None) -> None:
    """Begin a draw in a process that ends when a function is called."""

    def kill(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(place, name, kill)
        with pytest.raises(Killed):
            make_draw(workspace, 2, Q2, request)


STAGES = {
    "after the commitment": (drawing, "seed_of"),
    "after the seed": (Draws, "save"),
    "after the folder": (drawing, "log_drawn"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_run_is_finished_with_the_logged_seed(workspace, monkeypatch, stage):
    killed(workspace, monkeypatch, *STAGES[stage])
    seeds = [event["seed"] for event in workspace.log.events if event["event"] == log.SEED_MADE]
    outcome = make_draw(workspace, 2, Q2, DrawRequest(if_missing=True))
    if seeds:
        assert outcome.draw.manifest["seed"] == seeds[0]
    assert kinds(workspace).count(log.SEED_MADE) == kinds(workspace).count(log.FRAME_COMMITTED) == 1
    assert kinds(workspace)[-1] == log.DRAWN
    assert verify_draw(workspace, outcome.draw).difference is None
    assert [path.name for path in (workspace.root / "samples" / "2018-Q2").iterdir()] == ["level-2"]


def test_another_frame_after_a_seed_needs_a_reason_and_is_an_attempt_of_its_own(workspace, monkeypatch):
    killed(workspace, monkeypatch)
    write_register(workspace.root / "sagsliste.csv", register_rows()[1:])
    before = workspace.log.events
    with pytest.raises(Refused, match="hører til en anden population"):
        make_draw(workspace, 2, Q2)
    assert workspace.log.events == before
    made = make_draw(workspace, 2, Q2, DrawRequest(reason="sag oprettet for sent")).draw
    seeds = [event for event in workspace.log.events if event["event"] == log.SEED_MADE]
    assert (made.draw_id, made.path.name) == ("bbu/2018-Q2/level-2/2", "level-2.2")
    assert made.record.seed == seeds[1]["seed"] != seeds[0]["seed"]
    assert (made.record.tries, made.record.replaces, made.record.departures) == (2, None, ["other_frame"])
    assert made.record.reason == "sag oprettet for sent"
    assert list(made.record.frame.earlier_commitments) == [seeds[0]["commitment"]]
    assert verify_draw(workspace, made).difference is None
    assert workspace.draws.get(2, Q2).draw_id == made.draw_id


def test_an_attempt_that_was_given_a_reason_and_killed_keeps_it(workspace, monkeypatch):
    killed(workspace, monkeypatch)
    write_register(workspace.root / "sagsliste.csv", register_rows()[1:])
    killed(workspace, monkeypatch, request=DrawRequest(reason="den første"))
    made = make_draw(workspace, 2, Q2, DrawRequest(reason="den anden")).draw
    assert (made.record.reason, made.record.tries, made.attempt) == ("den første", 2, 2)
    assert verify_draw(workspace, made).difference is None


@pytest.mark.parametrize(
    ("setting", "other", "told"),
    [
        # Other sizes are another attempt too, and another name of the organisation gives no new seed.
        ("per_unit = 6", "per_unit = 7", "andre antal"),
        ('"bbu"', '"bby"', "hører til en anden population"),
    ],
)
def test_other_settings_after_a_seed_are_refused(tmp_path, monkeypatch, setting, other, told):
    workspace = make_workspace(tmp_path)
    killed(workspace, monkeypatch)
    (tmp_path / "tilsyn.toml").write_text(SETTINGS.replace(setting, other), "utf-8")
    with pytest.raises(Refused, match=told):
        make_draw(Workspace.open(tmp_path), 2, Q2)


def test_a_draw_of_an_interrupted_run_of_an_earlier_version_is_finished(workspace, monkeypatch):
    """Its events have no `sizes`, and two frames may have a seed under one id: the last one counts."""
    events = [
        {"event": log.FRAME_COMMITTED, "commitment": "0" * 64, "try": 1, "n": 1, "as_of": None, "source": {}},
        {"event": log.SEED_MADE, "commitment": "0" * 64, "seed": "y" * 40},
    ]
    frame = commit_frame(workspace, 2, Q2)["commitment"]
    events += [
        events[0] | {"commitment": frame, "try": 2},
        events[1] | {"commitment": frame, "seed": "x" * 40},
    ]
    for event in events:
        known = {"draw_id": "bbu/2018-Q2/level-2", "seed_origin": "system", "seed_before_frame": False}
        workspace.log.append_if(lambda _, event=event, known=known: known | event)
    made = make_draw(workspace, 2, Q2).draw
    assert (made.record.seed, made.record.tries, made.draw_id) == ("x" * 40, 2, "bbu/2018-Q2/level-2")
    assert verify_draw(workspace, made).difference is None


def test_nobody_can_choose_among_the_seeds_by_going_back_to_an_earlier_frame(workspace, monkeypatch):
    for rows in (register_rows(), register_rows()[1:]):
        write_register(workspace.root / "sagsliste.csv", rows)
        killed(workspace, monkeypatch, request=DrawRequest(reason="prøver"))
    write_register(workspace.root / "sagsliste.csv", list(reversed(register_rows())))
    with pytest.raises(Refused, match="hører til en anden population"):
        make_draw(workspace, 2, Q2)
    made = make_draw(workspace, 2, Q2, DrawRequest(reason="tilbage igen")).draw
    seeds = [event["seed"] for event in workspace.log.events if event["event"] == log.SEED_MADE]
    assert (made.record.seed, made.record.tries, made.attempt) == (seeds[2], 3, 3)
    assert len(set(seeds)) == 3


def test_the_same_frame_in_another_order_is_the_same_draw(workspace, monkeypatch):
    killed(workspace, monkeypatch)
    write_register(workspace.root / "sagsliste.csv", list(reversed(register_rows())))
    outcome = make_draw(workspace, 2, Q2)
    (seed,) = [event["seed"] for event in workspace.log.events if event["event"] == log.SEED_MADE]
    assert (outcome.draw.record.seed, outcome.draw.record.tries, outcome.resumed) == (seed, 1, True)


def test_a_given_seed_is_recorded_with_its_origin(workspace):
    manifest = make_draw(workspace, 2, Q2, DrawRequest(seed=SEED, seed_origin=ORIGIN)).draw.manifest
    assert (manifest["seed"], manifest["seed_origin"], manifest["seed_before_frame"]) == (SEED, ORIGIN, True)


def test_a_plan_that_draws_nothing_is_refused_before_anything_is_logged(tmp_path):
    clock.set_today(date(2018, 7, 3))
    none = SETTINGS.replace("per_unit = 6", "per_unit = 0").replace('"Døgnvagten" = 3', '"Døgnvagten" = 0')
    workspace = make_workspace(tmp_path, none)
    with pytest.raises(Refused, match="ingen sager"):
        make_draw(workspace, 2, Q2)
    assert workspace.log.events == []


def test_checking_the_same_frame_again_adds_nothing_to_the_log(workspace):
    first = commit_frame(workspace, 2, Q2)
    assert commit_frame(workspace, 2, Q2) == first
    assert len(workspace.log.events) == 1
    commit_frame(workspace, 2, Period.parse("2018-Q1"))
    assert len(workspace.log.events) == 2


def test_a_frame_committed_by_check_comes_before_the_seed(workspace):
    commit_frame(workspace, 2, Q2)
    made = make_draw(workspace, 2, Q2, DrawRequest(seed=SEED, seed_origin=ORIGIN)).draw
    assert made.manifest["seed_before_frame"] is False
    assert verify_draw(workspace, made).difference is None


def test_a_frame_that_was_checked_binds_the_next_draw(workspace):
    checked = commit_frame(workspace, 2, Q2)["commitment"]
    write_register(workspace.root / "sagsliste.csv", register_rows()[1:])
    other = commit_frame(workspace, 2, Q2)["commitment"]
    before = workspace.log.events
    with pytest.raises(Refused, match="bundet til en anden population"):
        make_draw(workspace, 2, Q2)
    assert workspace.log.events == before
    request = DrawRequest(seed=SEED, seed_origin=ORIGIN, reason="en sag manglede")
    record = make_draw(workspace, 2, Q2, request).draw.record
    assert (record.frame.commitment, list(record.frame.earlier_commitments)) == (other, [checked])
    assert (record.reason, record.departures) == ("en sag manglede", ["frame_not_committed"])
    assert (record.attempt, record.tries, record.seed_before_frame) == (1, 1, False)
    # The next one is bound by what was checked after this draw.
    assert make_draw(workspace, 2, Q2, DrawRequest(replace=True, reason="igen")).draw.record.departures == []


@pytest.mark.parametrize(
    ("origin", "rows", "kept"),
    [
        (None, register_rows(), True),
        ("Drand, ROUND 5123456", register_rows(), True),
        ("terninger", register_rows(), False),
        (None, register_rows()[1:], False),
    ],
)
def test_a_seed_announced_before_it_existed_is_told_apart(workspace, origin, rows, kept):
    commit_frame(workspace, 2, Q2, seed_from="drand, round 5123456")
    write_register(workspace.root / "sagsliste.csv", rows)
    made = make_draw(workspace, 2, Q2, DrawRequest(seed=SEED, seed_origin=origin, reason="x")).draw
    record = made.record
    assert (record.seed_announced, record.seed_as_announced) == ("drand, round 5123456", kept)
    assert verify_draw(workspace, made).difference is None


def test_a_second_announcement_does_not_make_the_first_undone(workspace):
    for round in (1, 2):
        commit_frame(workspace, 2, Q2, seed_from=f"drand, round {round}")
    request = DrawRequest(seed=SEED, seed_origin="drand, round 2")
    record = make_draw(workspace, 2, Q2, request).draw.record
    assert (record.seed_announced, record.seed_as_announced) == ("drand, round 1", False)


def test_an_announced_seed_that_was_never_given_is_told(workspace):
    commit_frame(workspace, 2, Q2, seed_from="drand, round 5123456")
    assert make_draw(workspace, 2, Q2).draw.record.seed_as_announced is False


def test_an_interrupted_draw_takes_no_other_seed(workspace, monkeypatch):
    killed(workspace, monkeypatch)
    with pytest.raises(Refused, match="har allerede en startværdi i loggen"):
        make_draw(workspace, 2, Q2, DrawRequest(seed=SEED, seed_origin=ORIGIN))


@pytest.mark.parametrize(
    "seed", ["kort", "x" * 19, "  " + "x" * 20, "x" * 20 + "\n", "x" * 10 + "\t" + "x" * 10]
)
def test_a_seed_that_will_not_do_changes_nothing(workspace, seed):
    before = files_of(workspace.root)
    with pytest.raises(Refused, match="kan ikke bruges"):
        make_draw(workspace, 2, Q2, DrawRequest(seed=seed, seed_origin=ORIGIN))
    assert files_of(workspace.root) == before


def test_a_seed_needs_its_origin(workspace):
    with pytest.raises(UsageError):
        make_draw(workspace, 2, Q2, DrawRequest(seed=SEED))
    with pytest.raises(Refused, match="oprindelse"):
        make_draw(workspace, 2, Q2, DrawRequest(seed=SEED, seed_origin="System"))


def test_a_register_with_errors_is_refused_before_anything_is_logged(workspace):
    rows = register_rows()
    write_register(
        workspace.root / "sagsliste.csv",
        [*rows, ";Amager;AMA0;03-01-2018;;Nej", "X-1;Amagre;AMA0;03-01-2018;;Nej"],
    )
    before = files_of(workspace.root)
    with pytest.raises(InputError) as caught:
        make_draw(workspace, 2, Q2)
    assert {problem.row for problem in caught.value.problems if problem.kind == "error"} == {109, 110}
    assert files_of(workspace.root) == before
    with pytest.raises(Refused, match=r"2 af 109 sager har fejl \(1,8 %\), og højst 1,0 %"):
        make_draw(workspace, 2, Q2, DrawRequest(leave_out_errors=True))
    assert files_of(workspace.root) == before
    made = make_draw(workspace, 2, Q2, DrawRequest(leave_out_errors=True, at_most=0.02)).draw
    assert {row["reason"]: row["n"] for row in made.manifest["frame"]["left_out"]} == {
        "closed_before_period": 10,
        "misspelt_unit": 1,
        "missing_id": 1,
    }
    assert made.manifest["frame"]["register"]["at_most"] == workspace.log.events[0]["at_most"] == 0.02
    assert verify_draw(workspace, made, workspace.root / "sagsliste.csv").difference is None


def test_a_tampered_log_stops_a_draw(workspace):
    make_draw(workspace, 1, MAY)
    path = workspace.root / "samples" / "log.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"n":97', b'"n":98'))
    with pytest.raises(Refused, match="rettet"):
        make_draw(workspace, 2, Q2)
    assert workspace.draws.find(2, Q2) is None


def test_risk_areas_are_strata_that_the_later_levels_keep(tmp_path):
    risk = '[[plan.risk]]\nname = "klage"\ncolumn = "complaint"\nvalues = ["ja"]\nsize = 2\n'
    workspace = make_workspace(tmp_path, SETTINGS + risk)
    two = make_draw(workspace, 2, Q2).draw
    sizes = two.strata.set_index("stratum")["sample_size"].to_dict()
    assert sizes == {
        "Amager": 4,
        "Amager|klage": 2,
        "Døgnvagten": 1,
        "Døgnvagten|klage": 2,
        "Nørrebro": 4,
        "Nørrebro|klage": 2,
        "Østerbro": 4,
        "Østerbro|klage": 2,
    }
    assert two.strata.set_index("stratum")["stratum_size"].to_dict()["Amager|klage"] == 8
    complaints = {case["case_id"] for case in two.manifest["cases"] if case["facts"]["complaint"] == "Ja"}
    assert complaints == set(two.cases.loc[two.cases["stratum"].str.endswith("|klage"), "case_id"])
    review(workspace, two)
    three = make_draw(workspace, 3, Q2).draw
    assert dict(zip(three.strata["stratum"], three.strata["population_size"], strict=True)) == dict(
        zip(two.strata["stratum"], two.strata["population_size"], strict=True)
    )
    assert verify_draw(workspace, two, workspace.root / "sagsliste.csv").difference is None


def test_the_round_is_counted_or_given(workspace):
    def round_of(level: int, period: str, **options) -> int:
        covered = Period.parse(period)
        request = DrawRequest(as_of=covered.end, **options)
        return make_draw(workspace, level, covered, request).draw.manifest["round"]

    clock.set_today(date(2019, 1, 2))
    assert round_of(2, "2018-Q1") == 1
    assert round_of(2, "2018-Q2") == round_of(1, "2018-05") == 2
    assert round_of(2, "2018-Q3", round=7) == 7
    assert round_of(2, "2018-Q4") == 8


def test_the_manifest_keeps_questions_plan_and_privacy(tmp_path):
    workspace = make_workspace(tmp_path, SETTINGS + '\n[privacy]\nnot_cpr = ["case_id"]\n')
    manifest = make_draw(workspace, 2, Q2).draw.manifest
    assert manifest["not_cpr"] == ["case_id"]
    assert manifest["question_set"]["name"] == "serviceloven"
    assert manifest["question_set"]["questions"]
    assert manifest["plan"]["blind"] is True
    assert manifest["plan"]["units"] == {"Døgnvagten": 3}
    assert set(manifest["versions"]) == {"tilsyn", "python", "duckdb"}
    assert "caseworker" not in json.dumps(manifest["cases"])


def test_two_draws_at_once_make_one(workspace):
    code = (
        "import sys; from pathlib import Path\n"
        "from tilsyn.base.periods import Period; from tilsyn.base.problems import Refused\n"
        "from tilsyn.procedure.draw import make_draw; from tilsyn.workspace.workspace import Workspace\n"
        "try: print('made', make_draw(Workspace.open(Path(sys.argv[1])), 2, Period.parse('2018-Q2')).draw.manifest['seed'])\n"
        "except Refused as error: print('refused', error.message)\n"
    )
    call = [sys.executable, "-c", code, str(workspace.root)]
    running = [
        subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    ended = [process.communicate() for process in running]
    assert [error for _, error in ended if "Traceback" in error] == []
    assert sorted(out.split()[0] for out, _ in ended) == ["made", "refused", "refused"]
    assert kinds(workspace).count(log.SEED_MADE) == kinds(workspace).count(log.DRAWN) == 1
    assert verify_draw(workspace, workspace.draws.get(2, Q2)).difference is None
    assert [path.name for path in (workspace.root / "samples" / "2018-Q2").iterdir()] == ["level-2"]


def test_a_draw_needs_its_level_in_the_plan_and_cases(tmp_path):
    workspace = make_workspace(tmp_path, SETTINGS[: SETTINGS.index("[plan.levels.4]")])
    with pytest.raises(Refused, match="intet niveau 4"):
        make_draw(workspace, 4, Q2)
    with pytest.raises(Refused, match="ingen sager"):
        make_draw(workspace, 2, Period.parse("2017-Q4"))
    assert workspace.log.events == []


def test_the_origin_of_a_made_seed_is_not_a_word_that_can_be_given():
    assert draw_attempts.RANDOM == "system"
