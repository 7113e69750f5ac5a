"""The record of a draw: what stands in `draw.json` is read, and written again as it stood."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tilsyn.base.periods import Period
from tilsyn.base.which import Single
from tilsyn.questions.question_set import QuestionSet
from tilsyn.sampling.draw_record import (
    SCHEMA,
    DrawnStratum,
    DrawRecord,
    FrameRecord,
    NotADraw,
    RegisterRecord,
    draw_id,
)
from tilsyn.settings.hverdage import Hverdage
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.schema import FrameSettings
from tilsyn.settings.single import SinglePlan

SNAPSHOT = Path(__file__).parent.parent / "snapshots" / "draw.json"


def written() -> dict:
    """A draw as the program wrote it, and with something in every place that it had nothing for."""
    data = json.loads(SNAPSHOT.read_text("utf-8"))
    data["frame"] |= {
        "left_out": [{"reason": "closed_before_period", "n": 3}, {"reason": "other_scope", "n": 1}],
        "earlier_draws": ["testby/2018-05/level-1"],
        "earlier_commitments": ["ab12"],
        "as_of_given": True,
        "rules": data["frame"]["rules"] | {"opened_after_period": False},
        "parents": [{"draw_id": "testby/2018-Q2/level-1", "sha256": "cd34"}],
        "speaks_of": "reviews",
        "reviewed_recently": ["2018-7"],
        "case_list": {"name": "liste.csv", "sha256": "ef56"},
        "complaints": {"name": "klager.csv", "sha256": "0a1b", "within": "3 months", "cases": ["2018-7"]},
    }
    data["plan"]["risk"] = [
        {
            "name": "akut",
            "column": "case_type",
            "values": ["Akut"],
            "size": "all",
            "extra": False,
            "levels": [2],
        }
    ]
    # What questions are written as is their own matter: tests/questions.
    questions = QuestionSet.from_dict(data["question_set"]).to_dict()
    return data | {
        "question_set": questions,
        "not_cpr": ["case_type"],
        "departures": ["seed_before_frame"],
        "reason": "terningerne lå klar",
        "seed_announced": "terninger",
        "seed_as_announced": True,
        "versions": {"tilsyn": "0.3.0"},
    }


def test_what_is_read_is_written_as_it_stood_and_in_its_order():
    data = written()
    assert json.dumps(DrawRecord.from_dict(data).to_dict()) == json.dumps(data)


def test_a_single_draw_is_known_by_its_name_and_has_a_plan_of_its_own():
    plan = SinglePlan(
        level=Single("ombud"),
        cadence="quarter",
        source="register",
        total=3,
        chosen=True,
        question_set=("proeve",),
    )
    data = written()
    record = replace(DrawRecord.from_dict(data), level=Single("ombud"), plan=plan, risk=())
    single = record.to_dict()
    assert (single["level"], single["single"]) == (None, "ombud")
    assert single["plan"]["chosen"] is True
    assert DrawRecord.from_dict(single) == record
    assert list(single) == [*list(data)[:4], "single", *list(data)[4:]]


def test_a_record_has_types_where_the_file_has_words():
    record = DrawRecord.from_dict(written())
    assert record.period == Period.parse("2018-Q2")
    assert record.frame.as_of is not None
    assert record.frame.as_of.isoformat() == "2018-07-02"
    assert record.frame.left_out == {"closed_before_period": 3, "other_scope": 1}
    assert [rule.name for rule in record.risk] == ["akut"]
    assert record.strata[0].population_size == 5
    assert record.cases[0].facts == {"case_type": "Anbringelse"}
    assert record.reserve[0].design_weight is None


def test_a_record_without_what_may_be_left_out_is_written_with_nothing_there():
    data = written()
    data["frame"] |= {"as_of": None}
    data |= {"hverdage": None, "limits": None, "seed_announced": None}
    assert DrawRecord.from_dict(data).to_dict() == data
    assert data["schema"] == SCHEMA


def test_what_an_earlier_version_did_not_write_is_nothing():
    data = written()
    kept = ("draw_id", "organisation", "level", "period", "algorithm", "question_set", "cases", "reserve")
    sizes = {"stratum": "Nord", "stratum_size": 5, "population_size": 5, "sample_size": 2}
    older = {name: data[name] for name in kept} | {
        "frame": {"commitment": "ab12", "n": 10},
        "plan": {"level": 2, "cadence": "quarter", "per_unit": 2, "question_set": "proeve", "due_months": 0},
        "strata": [sizes],
    }
    record = DrawRecord.from_dict(older)
    assert record.frame == FrameRecord(
        commitment="ab12", n=10, as_of_given=False, left_out={}, earlier_draws=(), earlier_commitments=(),
        rules=FrameSettings(), id_rules=1,
    )  # fmt: skip
    assert record.strata == (DrawnStratum(**sizes, unit="", reserve_size=0, taken_whole=None, digest=None),)
    assert (record.risk, record.hverdage, record.limits, record.round) == ((), None, None, None)


def test_a_column_of_a_case_has_a_word_or_its_values_in_their_order():
    data = written()
    rules = {"unit": "latest", "complaint": ["ja", "nej"]}
    data["frame"]["register"] |= {"one_row_per": "measure", "per_case": rules, "at_most": 0.05}
    register = DrawRecord.from_dict(data).frame.register
    assert register is not None
    assert register.per_case == {"unit": "latest", "complaint": ("ja", "nej")}
    assert (register.one_row_per, register.n_rows, register.at_most) == ("measure", 10, 0.05)


def test_a_record_of_before_columns_had_rules_has_none():
    data = written()
    data["frame"]["register"] = {"n_rows": 10, "n_cases": 10}
    assert DrawRecord.from_dict(data).frame.register == RegisterRecord(n_rows=10, n_cases=10)


@pytest.mark.parametrize(
    ("reviews", "parents", "source", "expected"),
    [
        (False, {"a": "12"}, {}, {}),
        (True, {"a": "12", "b": "34"}, {"name": "a", "sha256": "12"}, {"a": "12", "b": "34"}),
        # An earlier version drew from one alone.
        (True, {}, {"name": "a", "kind": "draw", "sha256": "12"}, {"a": "12"}),
    ],
)
def test_the_draws_that_it_was_drawn_from(reviews, parents, source, expected):
    record = DrawRecord.from_dict(written())
    plan = LevelPlan(level=3, cadence="quarter", total=2) if reviews else record.plan
    drawn = replace(record, plan=plan, frame=replace(record.frame, parents=parents), source=source)
    assert drawn.parents == expected


def test_a_draw_of_before_there_were_countries_counts_the_days_of_denmark():
    data = written()
    data["hverdage"] = {"saturdays": True}
    record = DrawRecord.from_dict(data)
    assert record.hverdage == Hverdage(saturdays=True, country="DK")


def test_what_a_later_version_writes_besides_is_passed_over():
    data = written()
    data["strata"][0]["later"] = data["cases"][0]["later"] = data["later"] = 1
    assert DrawRecord.from_dict(data) == DrawRecord.from_dict(written())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"plan": None}, "TypeError: "),
        ({"plan": {}}, "ValidationError: "),
        ({"frame": {"n": 1}}, "KeyError: 'commitment'"),
        ({"period": "2018-Q5"}, "UsageError: "),
        ({"cases": [{"case_id": "1"}]}, "TypeError: "),
        ({"question_set": []}, "TypeError: "),
    ],
)
def test_something_else_is_no_draw(changes, said):
    with pytest.raises(NotADraw, match=f"^{said}"):
        DrawRecord.from_dict(written() | changes)


def test_the_second_draw_of_a_level_and_period_has_its_number_in_its_id():
    quarter = Period.parse("2. kvartal 2018")
    assert draw_id("bbu", quarter, 2) == draw_id("bbu", quarter, 2, 1) == "bbu/2018-Q2/level-2"
    assert draw_id("bbu", quarter, 2, 2) == "bbu/2018-Q2/level-2/2"
