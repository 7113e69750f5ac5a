"""`tilsyn compliance` on files: JSON contract, tables, explanation, usage."""

import json

import pytest

from tests.builders.workspaces import DRAWN_ON, LOADED_ON, draw, make_workspace, review
from tilsyn.base import clock
from tilsyn.cli.app import run
from tilsyn.compliance.table import ROW_KEYS


@pytest.fixture
def files(tmp_path):
    """Two units and two questions, one of them with few relevant answers, and a worse baseline."""
    strata = "unit,N\nAmager,500\nValby,600\n"
    names = {"answers": (18, "høj grad"), "baseline-answers": (8, "lav grad")}
    for name, (good, grade) in names.items():
        rows = ["case_id,unit,question,answer,case_type"]
        for unit in ("Amager", "Valby"):
            for i in range(20):
                kind = "anbringelse" if i % 2 else ""
                rows.append(f"{unit}{i},{unit},UND-01,{'ja' if i < good else 'nej'},{kind}")
                rows.append(f"{unit}{i},{unit},UND-02,{'ja' if i < 2 else 'ikke relevant'},{kind}")
                rows.append(f"{unit}{i},{unit},TEMA,{grade},{kind}")
        (tmp_path / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
        (tmp_path / f"{name.replace('answers', 'strata')}.csv").write_text(strata, encoding="utf-8")
    (tmp_path / "counts.csv").write_text("question,n_relevant,n_compliant\nUND-01,50,30\nX,1,1\n")
    return tmp_path


def call(files, *more, baseline=False):
    names = ["answers", "strata"] + (["baseline-answers", "baseline-strata"] if baseline else [])
    given = [part for name in names for part in (f"--{name}", str(files / f"{name}.csv"))]
    return run(["compliance", *given, *map(str, more)])


def test_json_is_the_contract(files, capsys):
    assert call(files, "--by", "unit", "--format", "json", baseline=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "tilsyn/compliance/1"
    assert list(found)[:7] == ["schema", "level", "period", "baseline", "confidence_level", "method", "rows"]
    assert (found["level"], found["period"], found["confidence_level"]) == (None, None, 0.95)
    assert found["baseline"] == "baseline-answers.csv"
    assert all(tuple(row) == ROW_KEYS for row in found["rows"])
    rows = {(row["question"], row["domain"]): row for row in found["rows"]}
    assert rows[("UND-01", "all")]["verdict"] == "fremgang"
    assert rows[("UND-01", "unit=Valby")]["verdict"] is None
    assert rows[("UND-01", "unit=Valby")]["p_value"] is not None
    assert rows[("UND-02", "all")]["p_adjusted"] is None
    assert ("theme:underretning", "all") in rows
    assert not any(question == "TEMA" for question, _ in rows)
    assert {row["grade"]: row["share"] for row in found["grades"] if row["domain"] == "all"}["høj grad"] == 1


def test_level_and_period_are_told_on(files, capsys):
    assert call(files, "--level", 2, "--period", "2. kvartal 2018", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["level"], found["period"], found["baseline"]) == (2, "2018-Q2", None)
    assert {row["verdict"] for row in found["rows"]} == {None}
    assert {row["comparable"] for row in found["rows"]} == {None}


def test_the_table_shows_counts_and_no_percentage_under_five(files, capsys):
    assert call(files, "--by", "case_type", baseline=True) == 0
    shown = capsys.readouterr().out
    line = next(line for line in shown.splitlines() if "UND-02" in line)
    assert "4 af 4" in line
    assert "100,0 %" not in line.split("baseline")[0].split("│")[3]
    first = next(line for line in shown.splitlines() if "UND-01" in line)
    assert "90,0 %" in first
    assert "●" in first
    assert "fremgang" in first
    assert "+50,0" in first
    assert "uoplyst" in shown
    assert "Temaspørgsmål" in shown


def test_english_has_english_words_but_the_verdict_of_the_contract(files, capsys):
    assert call(files, "--lang", "en", baseline=True) == 0
    shown = capsys.readouterr().out
    assert "improved" in shown
    assert "Legal compliance" in shown
    assert call(files, "--lang", "en", "--format", "json", baseline=True) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["verdict"] == "fremgang"


def test_two_baselines_have_two_columns_and_the_verdict_of_the_first(files, capsys):
    assert call(files, "--baseline-counts", files / "counts.csv", "--format", "json", baseline=True) == 0
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert (found["baseline"], found["second_baseline"]) == ("baseline-answers.csv", "counts.csv")
    assert found["rows"][0]["baseline_estimate"] == pytest.approx(0.4)
    assert found["second_rows"][0]["second_estimate"] == pytest.approx(0.6)
    assert "X" in told.err
    assert call(files, "--baseline-counts", files / "counts.csv") == 0
    assert "counts.csv" in capsys.readouterr().out


def test_csv_has_the_rows_of_the_contract(files, capsys):
    assert call(files, "--format", "csv") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == ",".join([*ROW_KEYS, "benchmarks"])
    assert lines[1].startswith("UND-01,all,40,40,36,0,0.9,0.9,")


@pytest.mark.parametrize("question", ["und-01", "*", "uden_fejl"])
def test_explain_shows_strata_and_steps(files, capsys, question):
    assert call(files, "--explain", question, baseline=True) == 0
    shown = capsys.readouterr().out
    words = ["N_h", "Amager", "Trin for trin", "ændring siden baseline"]
    pooled = ["Sagerne, ens sager samlet", "form", "r̄", "Γ_0"]
    for word in words + (pooled if question == "*" else ["n_K", "n_W", "n_eff", "Var(0)"]):
        assert word in shown, word
    assert call(files, "--explain", question, "--format", "json", baseline=True) == 0
    found = json.loads(capsys.readouterr().out)["explanation"]
    assert [row["N"] for row in found["now"]["strata"]] == [500, 600]
    symbols = {step["symbol"] for step in found["now"]["steps"]}
    assert {"P", "V", "l", "u", *(("g", "r̄") if question == "*" else ("n_eff",))} <= symbols
    assert sum(row["cases"] for row in found["now"].get("cases", [])) == (40 if question == "*" else 0)


@pytest.mark.parametrize(("language", "reckoned"), [("da", "0,6111111111"), ("en", "0.6111111111")])
def test_what_is_reckoned_with_is_shown_whole_though_it_looks_like_a_cpr_number(
    files, capsys, language, reckoned
):
    rows = [f"A{n},Amager,UND-01,{'ja' if n < 7 else 'nej'}" for n in range(18)]
    (files / "answers.csv").write_text("\n".join(["case_id,unit,question,answer", *rows]), "utf-8")
    (files / "strata.csv").write_text("unit,N\nAmager,180\n", "utf-8")
    for more in ([], ["--format", "json"]):
        assert call(files, "--explain", "UND-01", "--lang", language, "--width", 200, *more) == 0
        shown = capsys.readouterr().out
        assert "xxxx" not in shown
        assert more or reckoned in shown


def test_holm_and_confidence(files, capsys):
    assert call(files, "--holm", "--confidence", 0.9, "--format", "json", baseline=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["confidence_level"] == 0.9
    assert "holm" in found["method"]
    narrow = found["rows"][0]
    assert call(files, "--format", "json", baseline=True) == 0
    wide = json.loads(capsys.readouterr().out)["rows"][0]
    assert wide["low"] < narrow["low"]
    assert wide["p_value"] == narrow["p_value"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--level", "2"],
        ["--answers", "a.csv"],
        ["--answers", "no.csv", "--strata", "no.csv"],
        ["--answers", "a.csv", "--strata", "s.csv", "--baseline-answers", "b.csv"],
        ["--answers", "a.csv", "--strata", "s.csv", "--baseline", "2017-Q4"],
        ["--level", "2", "--period", "2018-Q2", "--by", "sagsbehandler"],
        ["--answers", "a.csv", "--strata", "s.csv", "--confidence", "95"],
        ["--baseline-answers", "b.csv", "--baseline-strata", "s.csv"],
        ["--answers", "a.csv", "--strata", "s.csv", "--by", "caseworker"],
        ["--level", "10", "--period", "2018-Q2"],
        ["--level", "2", "--period", "sommer"],
    ],
)
def test_wrong_usage_is_2_and_says_what_to_do(arguments, capsys):
    assert run(["compliance", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err


def test_an_unknown_question_or_column_is_refused(files, capsys):
    assert call(files, "--explain", "BFU-99") == 2
    assert "UND-01" in capsys.readouterr().err
    assert call(files, "--by", "kommune") == 3
    assert "kommune" in capsys.readouterr().err


def test_no_published_baseline_row_matches_nothing(files, capsys):
    (files / "empty.csv").write_text("question,n_relevant,n_compliant\n")
    assert call(files, "--baseline-counts", files / "empty.csv") == 3


def test_all_cases_unfinished_gives_a_table_of_nothing(files, capsys):
    text = (files / "answers.csv").read_text("utf-8").replace(",ja,", ",,").replace(",nej,", ",,")
    (files / "answers.csv").write_text(text, encoding="utf-8")
    assert call(files, "--by", "unit", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert all(row["n_reviewed"] == 0 and row["estimate"] is None for row in rows)


def test_tables_are_worded_for_people(files, capsys):
    rows = ["case_id,unit,question,answer", *(f"{i},Amager,UND-01,ja" for i in range(1200))]
    (files / "answers.csv").write_text("\n".join(rows), encoding="utf-8")
    (files / "strata.csv").write_text("unit,N\nAmager,5000\n", encoding="utf-8")
    assert call(files, "--by", "unit") == 0
    out = capsys.readouterr().out
    assert "pr. enhed" in out
    assert "1.200 af 1.200" in out
    assert call(files, "--by", "unit", "--lang", "en") == 0
    out = capsys.readouterr().out
    assert "per unit" in out
    assert "1,200 of 1,200" in out


def test_documentation_stands_in_a_table_of_its_own(tilsyn):
    clock.set_today(DRAWN_ON)
    workspace = make_workspace(tilsyn.root, first_rules=False)
    made = draw(workspace, 2)
    clock.set_today(LOADED_ON)
    review(workspace, made, no={made.cases["case_id"].iloc[0]: "AFG-01"})
    clock.set_today(None)
    line = "compliance --level 2 --period 2018-Q2 --baseline ingen"
    found = tilsyn(f"{line} --format json").json
    others = {row["question"]: row for row in found["other_questions"]}
    assert {row["kind"] for row in others.values()} == {"documentation"}
    assert (others["AFG-01"]["n_yes"], others["AFG-01"]["n_relevant"]) == (20, 21)
    assert not set(others) & {row["question"] for row in found["rows"]}
    assert {row["n_relevant"] - row["n_compliant"] for row in found["rows"]} == {0}
    assert tilsyn(f"{line} --pr enhed --format csv").out == tilsyn(f"{line} --by unit --format csv").out
    assert "Dokumentation og lokale spørgsmål: andel ja" in tilsyn(line).shown
    assert "Documentation and local questions: share of yes" in tilsyn(f"{line} --lang en").shown


def test_without_such_questions_there_is_no_such_table(files, capsys):
    assert call(files, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["other_questions"] == []
    assert call(files) == 0
    assert "Dokumentation" not in capsys.readouterr().out
