"""`tilsyn agreement`: two levels of a workspace, and two files from elsewhere."""

from datetime import date

import pytest

from tests.builders.workspaces import make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.draw import make_draw
from tilsyn.reviews.layout import workbook_id
from tilsyn.reviews.records import Load

Q2 = Period.parse("2018-Q2")
FIRST = "case_id,unit,question,answer\n1,Amager,UND-01,ja\n2,Amager,UND-01,ja\n3,Valby,UND-01,nej\n1,Amager,DOK-01,ja\n2,Amager,DOK-01,ir\n"
SECOND = "case_id;question;answer\n1;UND-01;ja\n2;UND-01;nej\n3;UND-01;nej\n1;DOK-01;nej\n2;DOK-01;ikke relevant\n9;UND-01;ja\n"


@pytest.fixture
def files(tilsyn):
    tilsyn.write("level2.csv", FIRST)
    tilsyn.write("level3.csv", SECOND)
    return "--answers level2.csv --answers-2 level3.csv"


def agreement(tilsyn, options, code=0):
    ended = tilsyn(f"agreement --format json {options}", code=code)
    return ended.json if code == 0 else ended.err


def test_two_files(tilsyn, files):
    data = agreement(tilsyn, f"{files} --cases")
    assert data["schema"] == "tilsyn/agreement/1"
    assert data["n_cases"] == 3
    rows = {row["question"]: row for row in data["rows"]}
    assert (rows["UND-01"]["yes_yes"], rows["UND-01"]["yes_no"], rows["UND-01"]["no_no"]) == (1, 1, 1)
    assert rows["UND-01"]["stricter"] == "second"
    assert rows["*"]["mcnemar_p"] is None
    found = [(row["case_id"], row["question"], row["critical"]) for row in data["disagreements"]]
    assert found == [("2", "UND-01", True), ("1", "DOK-01", False)]
    groups = [(row["reader"], row["group"], row["share"]) for row in data["not_relevant"]]
    assert groups[0] == ("level2.csv", None, 0.2)
    assert ("level2.csv", "Valby", 0.0) in groups


def test_the_table_says_who_is_stricter(tilsyn, files):
    out = tilsyn(f"agreement {files} --cases").out
    assert "level3.csv (1 mod 0; p = 1,000)" in out
    assert "kritisk" in out
    assert "Cohens kappa: Alle spørgsmål" in out
    assert "Stricter" in tilsyn(f"agreement {files} --lang en").out


def test_csv_holds_the_rows(tilsyn, files):
    assert tilsyn(f"agreement {files} --format csv").out.startswith("question,n_cases,n_pairs,yes_yes")


def test_all_faults_of_a_file_are_told(tilsyn, files):
    tilsyn.write("level3.csv", "case_id,question,answer\n1,UND-01,måske\n,UND-01,ja\n")
    err = agreement(tilsyn, files, code=3)
    assert "måske" in err
    assert err.count("Gør sådan") == 2


def test_files_without_a_case_in_common_are_refused(tilsyn, files):
    tilsyn.write("level3.csv", "case_id,question,answer\n77,UND-01,ja\n")
    assert "samme sagsnumre" in agreement(tilsyn, files, code=4)


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "--period 2018K2",
        "--period 2018K2 --levels 3,2",
        "--period 2018K2 --levels 2",
        "--answers a.csv",
        "--answers a.csv --answers-2 b.csv --period 2018K2 --levels 2,3",
        "--period 2018K2 --levels 2,3 --confidence 2",
    ],
)
def test_wrong_usage_is_told(tilsyn, arguments):
    assert "Gør sådan" in agreement(tilsyn, arguments, code=2)


@pytest.fixture
def workspace(tilsyn):
    clock.set_today(date(2018, 7, 3))
    workspace = make_workspace(tilsyn.root)
    two = make_draw(workspace, 2, Q2).draw
    review(workspace, two)
    clock.set_today(date(2018, 8, 3))
    three = make_draw(workspace, 3, Q2).draw
    first, second, *_ = three.cases["case_id"]
    review(workspace, three, no={first: "UND-01", second: "DOK-01"}, reviewer="Gruppe 1")
    return workspace


def test_two_levels_of_a_workspace(workspace, tilsyn):
    data = agreement(tilsyn, "--period '2. kvartal 2018' --levels 2,3 --cases --today 2018-08-10")
    assert (data["period"], data["levels"], data["n_cases"]) == ("2018-Q2", [2, 3], 9)
    rows = {row["question"]: row for row in data["rows"]}
    assert (rows["DOK-01"]["yes_yes"], rows["DOK-01"]["yes_no"]) == (8, 1)
    dok = next(row for row in data["disagreements"] if row["question"] == "DOK-01")
    assert dok["second_remark"] == "mangler"
    assert {row["group"] for row in data["not_relevant"] if row["reader"] == "niveau 3"} == {None, "Gruppe 1"}
    assert {row["group"] for row in data["not_relevant"] if row["reader"] == "niveau 2"} > {None, "Amager"}
    shown = tilsyn("agreement --period 2018K2 --levels 2,3 --today 2018-08-10").out
    assert "2. kvartal 2018: Enighed mellem niveau 2 og niveau 3" in shown


def test_a_level_that_is_not_drawn_is_refused(workspace, tilsyn):
    agreement(tilsyn, "--period 2018K2 --levels 3,4 --today 2018-08-10", code=4)


def test_groups_of_rereaders_are_told_apart_by_their_workbooks(workspace, tilsyn):
    three = workspace.draws.get(3, Q2)
    known = workspace.ledger(three).entries[0].cases
    loads = [
        Load(
            three.draw_id,
            "answers",
            workbook=workbook_id(three.draw_id, f"gruppe-{k}"),
            cases=known[k - 1 :: 2],
        )
        for k in (1, 2)
    ]
    workspace.ledger(three).save(loads)
    data = agreement(tilsyn, "--period 2018K2 --levels 2,3 --today 2018-08-10")
    groups = [row["group"] for row in data["not_relevant"] if row["reader"] == "niveau 3"]
    assert groups == [None, "Gruppe 1", "Gruppe 2"]
