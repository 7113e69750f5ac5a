import re
from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.builders.workspaces import make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.draw import make_draw
from tilsyn.reviews.records import CaseReview, Given, Load


@pytest.fixture
def workspace(tilsyn):
    clock.set_today(date(2018, 7, 3))
    return make_workspace(tilsyn.root)


def test_an_empty_log_says_so(workspace, tilsyn):
    assert "Loggen er tom" in tilsyn("log").out


def test_the_events_and_the_head_to_send_out(workspace, tilsyn):
    make_draw(workspace, 2, Period.parse("2018-Q2"))
    data = tilsyn("log --format json").json
    assert (data["schema"], data["count"]) == ("tilsyn/log/1", 3)
    assert data["head"] == workspace.log.events[-1]["hash"]
    out = tilsyn("log").out
    assert "populationens fingeraftryk skrevet" in out
    assert f"3 hændelser; sidste hash er {data['head']}" in out
    told = " ".join(out.replace("│", " ").split())
    assert "kendt før fingeraftrykket: nej" in told
    english = ("seed", "commitment", "manifest", "source", "at_most", "False", "None", ": ,")
    assert not [word for word in english if word in told]
    assert tilsyn("log --format csv").out.splitlines()[0].startswith("as_of,at,at_most,commitment")


def test_the_history_of_a_case(workspace, tilsyn):
    draw = make_draw(workspace, 2, Period.parse("2018-Q2")).draw
    case, reserve = draw.cases["case_id"].iloc[0], draw.reserve["case_id"].iloc[0]
    review(workspace, draw, [case])
    data = tilsyn(f"log --case ' {case} ' --format json").json
    assert data["events"][0]["kind"] == "case_drawn"
    answers = [event for event in data["events"] if str(event["question"]).startswith("DOK")]
    assert [event["after"] for event in answers] == ["ja", "ja"]
    assert "i reserven" in tilsyn(f"log --case {reserve}").out
    assert "hverken udtrukket eller i reserve" in tilsyn("log --case 2018-XX", code=4).err


def test_what_a_crash_left_is_said(workspace, tilsyn):
    make_draw(workspace, 2, Period.parse("2018-Q2"))
    with (workspace.root / "samples/log.jsonl").open("a") as file:
        file.write('{"event":')
    assert "halve linje" in tilsyn("log").err


def test_the_history_tells_dates_facts_and_what_was_taken_away(workspace, tilsyn):
    draw = make_draw(workspace, 2, Period.parse("2018-Q2")).draw
    case, start = draw.cases["case_id"].iloc[0], datetime(2018, 5, 2, 10, 30)
    first = CaseReview(
        case,
        {"UND-01": Given(start=start, end=start), "DOK-01": Given("ja")},
        facts={"anbringelse": "nej"},
        act_date=date(2018, 5, 2),
        urgent=True,
    )
    for review_ in (first, replace(first, answers={"UND-01": first.answers["UND-01"]})):
        workspace.ledger(draw).save([Load(draw.draw_id, "answers", workbook="w", cases=(review_,))])
    events = tilsyn(f"log --case {case} --format json").json["events"][1:]
    assert {event["question"] for event in events} == {
        "act_date",
        "akut",
        "fact:anbringelse",
        "UND-01",
        "DOK-01",
    }
    assert (events[-1]["question"], events[-1]["before"], events[-1]["after"]) == ("DOK-01", "ja", None)
    told = tilsyn(f"log --case {case}").out
    for text in (
        "ja → (taget ud)",
        "02-05-2018 10:30 – 02-05-2018 10:30",
        "Datoen for sagsskridtet · 02-05-2018",
    ):
        assert text in told


def test_no_detail_is_empty_or_a_word_of_the_program(workspace, tilsyn):
    draw = make_draw(workspace, 2, Period.parse("2018-Q2")).draw
    review(workspace, draw)
    tilsyn("report --level 2 --period 2018-Q2 --today 2018-07-20")
    tilsyn("draw 2 --period 2018-Q3 --today 2018-07-20 --reason 'enheden nedlægges'")
    told = " ".join(tilsyn("log --width 900").out.split())
    assert not re.search(
        r"None|True|False|: ,|at_most|settings|indstillinger|benjamini|period_not_ended", told
    )
    assert "afvigelser: perioden var ikke slut" in told
    assert "begrundelse: enheden nedlægges" in told
    since = tilsyn("log --since 2018-01-01 --width 200").out
    assert "perioden var ikke slut" in since
    assert "period_not_ended" not in since


def test_the_history_says_answers_in_the_users_language(workspace, tilsyn):
    draw = make_draw(workspace, 2, Period.parse("2018-Q2")).draw
    case = draw.cases["case_id"].iloc[0]
    review(workspace, draw, [case], no={case: "DOK-01"})
    told = tilsyn(f"log --case {case} --lang en --width 200").out
    assert "DOK-01 · no · " in told
    assert " · yes " in told
    assert " ja " not in told
