"""A draw of today, from the shipped questions to the percentages: heads, lawful reasons, limits and links."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import make_workspace

SETTINGS = """
language = "da"
[organisation]
name = "Testby"
slug = "testby"
[register]
path = "sagsliste.csv"
as_of = 2026-06-30
[register.columns]
case_id = "Sagsnr"
unit = "Enhed"
case_type = "Sagstype"
decided = "Afgjort"
[[plan]]
valid_from = 2017-01-01
[plan.levels.2]
cadence = "quarter"
per_unit = 3
[plan.levels.3]
cadence = "quarter"
total = 3
"""
ROWS = [f"S-{n};Nord;{'Anbringelse' if n == 1 else 'Andet'};2026-05-{n + 10}" for n in range(1, 4)]
SEED = "terninger 3. juli 2026: 6 2 5 1"
# What the head of a placement by consent says, and of a case without decision or notification.
PLACED = {
    "underretning": "A",
    "underretter": "F",
    "barn_alder": "12",
    "stoette_foer": "I",
    "screening": "U",
    "aeresrelateret": "nej",
    "undersoegelse_pligt": "ja",
    "undersoegelse": "A",
    "soeskende": "I",
    "afgoerelse": "A",
    "medhold": "J",
    "anbragt": "U",
    "plan": "J",
    "opfoelgning": "I",
    "sikkerhedsplan": "N",
    "underretning_modtaget": "2026-01-05 09:30",
    "afgoerelse_dato": "2026-05-20",
    "indsats_start": "2026-05-25",
}
QUIET = {
    "underretning": "I",
    "barn_alder": "7",
    "stoette_foer": "I",
    "screening": "N",
    "undersoegelse_pligt": "nej",
    "undersoegelse": "I",
    "afgoerelse": "I",
    "anbragt": "N",
    "sikkerhedsplan": "N",
}


class Reviewed:
    """The draw of a small workspace, and answers that are loaded as a tidy file."""

    def __init__(self, tilsyn: CommandLine) -> None:
        self.tilsyn = tilsyn
        tilsyn.today = "2026-07-20"
        make_workspace(tilsyn.root, SETTINGS, ROWS, "Sagsnr;Enhed;Sagstype;Afgjort", first_rules=False)
        tilsyn(f"draw 2 --period 2026-Q2 --seed '{SEED}' --seed-origin terninger")

    def load(self, *cases: str, level: int = 2, code: int = 0, **answers: str) -> str:
        """Load cases: S-1 is placed, the others are quiet; `UND_01="end=2026-01-06 08:00"` gives a date."""
        rows = [row for case in cases or ("S-1", "S-2", "S-3") for row in self.rows(case, answers)]
        names = list(dict.fromkeys(name for row in rows for name in row))
        text = io.StringIO()
        table = csv.DictWriter(text, names, restval="")
        table.writeheader()
        table.writerows(rows)
        self.tilsyn.write("svar.csv", text.getvalue())
        return self.tilsyn(f"load svar.csv --level {level} --period 2026-Q2", code=code).told

    def rows(self, case: str, answers: dict[str, str]) -> list[dict[str, str]]:
        """Return the rows of a case; what is not given is answered ja, and dates are kept."""
        head = PLACED if case == "S-1" else QUIET
        dated = {
            "UND-01": {"end": "2026-01-05 15:00"},
            "UND-02": {"end": "2026-01-09"},
            "BFU-02": {"end": "2026-04-01"},
        }
        ids = self.ids()
        rows = []
        for name in ids:
            row = {"case_id": case, "question": name, "answer": "ja"}
            given = answers.get(name.replace("-", "_")) if case == "S-1" else None
            if case == "S-1" and name in dated:
                row |= dated[name] | {"answer": ""}
            for part in (given or "").split("; "):
                key, _, value = part.partition("=")
                row |= {key: value} if value or key == "end" else {"answer": key} if key else {}
            if name == "ANB-01" and case == "S-1" and not given:
                row["answer"] = "ja"
            row |= {f"fact:{fact}": value for fact, value in head.items()}
            rows.append(row | {"act_date": "2026-05-20", "reviewed_on": "2026-07-15"})
        return rows

    def ids(self) -> list[str]:
        """Return the ids of the draw's questions."""
        import json

        manifest = self.tilsyn.root / "samples" / "2026-Q2" / "level-2" / "draw.json"
        data = json.loads(manifest.read_text("utf-8"))["question_set"]
        assert data["rules"] == 2
        return [question["question_id"] for question in data["questions"]]

    def row(self, question: str) -> dict[str, object]:
        """Return a question's row of the compliance table."""
        rows = self.tilsyn("compliance --level 2 --period 2026-Q2 --format json").json["rows"]
        return next(row for row in rows if (row["question"], row["domain"]) == (question, "all"))


@pytest.fixture
def reviewed(tilsyn: CommandLine) -> Reviewed:
    return Reviewed(tilsyn)


def test_the_core_is_drawn_and_the_head_rules_out_what_does_not_apply(reviewed: Reviewed) -> None:
    assert len(reviewed.ids()) == 45
    told = reviewed.load()
    assert "svar tæller ikke" in told
    assert reviewed.row("UND-01")["n_relevant"] == 1
    assert reviewed.row("DOK-01")["n_relevant"] == 3
    # Only legal questions have a percentage.
    assert "AFG-01" not in {
        row["question"]
        for row in reviewed.tilsyn("compliance --level 2 --period 2026-Q2 --format json").json["rows"]
    }


@pytest.mark.parametrize(
    ("answers", "question", "compliant", "lawful"),
    [
        ({"ANB_03": "L"}, "ANB-03", 1, 1),
        ({"INV_01": "L", "INV_03": "ja"}, "INV-01", 1, 1),
        ({"INV_01": "L", "INV_03": "nej; remark=mangler"}, "INV-01", 0, 0),
        ({"ANB_01": "l"}, "ANB-01", 1, 1),
        ({"UND_01": "end=2026-01-06 09:31"}, "UND-01", 0, 0),
        ({"UND_01": "end=2026-01-06 09:30"}, "UND-01", 1, 0),
        ({"UND_01": "start=2026-01-05 09:30; end=2026-01-06 09:30"}, "UND-01", 1, 0),
        ({"UND_01": "end="}, "UND-01", 0, 0),
        ({"BFU_02": "end=2026-05-06", "BFU_03": "ja"}, "BFU-02", 0, 0),
        ({"ANB_03": "reason=stoetteperson_ikke_muligt; answer=nej, lovlig grund"}, "ANB-03", 1, 1),
    ],
)
def test_what_counts(
    reviewed: Reviewed, answers: dict[str, str], question: str, compliant: int, lawful: int
) -> None:
    reviewed.load(**answers)
    row = reviewed.row(question)
    assert (row["n_relevant"], row["n_compliant"], row["n_lawful"]) == (1, compliant, lawful)


def test_a_lawful_reason_is_offered_only_where_the_law_knows_one(reviewed: Reviewed) -> None:
    told = reviewed.load(UND_02="L", code=3)
    assert "»L« kan ikke vælges ved UND-02: loven har ingen lovlig grund" in told
    assert "remark" not in told


def test_the_loader_says_what_turned_an_answer(reviewed: Reviewed) -> None:
    told = reviewed.load(INV_01="L", INV_03="nej; remark=mangler", UND_01="ja; end=")
    assert "svaret »nej (lovlig grund)« på INV-01 tæller som »nej«: den lovlige grund er ikke i orden" in told
    assert (
        "svaret »ja« på UND-01 tæller som »nej«: intet er sket, og sidste lovlige dag 6. januar 2026" in told
    )


def test_one_date_in_two_places_must_be_one(reviewed: Reviewed) -> None:
    told = reviewed.load(UND_01="start=2026-01-05 09:31; end=2026-01-06 09:30", code=3)
    assert "Hvornår kom den ind (dato og kl.) står med en anden dato ved UND-01" in told


def test_a_value_that_is_none_of_the_choices_is_told_with_the_choices(reviewed: Reviewed) -> None:
    PLACED_BEFORE = PLACED["medhold"]
    try:
        PLACED["medhold"] = "måske"
        told = reviewed.load("S-1", code=3)
    finally:
        PLACED["medhold"] = PLACED_BEFORE
    assert "»måske« er ingen af mulighederne" in told
    assert "J = ja, N = nej, afgørelsen er skriftlig" in told


def test_a_no_needs_a_remark_and_a_lawful_reason_does_not(reviewed: Reviewed) -> None:
    assert "svaret »nej« på ANB-02 mangler en bemærkning" in reviewed.load(ANB_02="nej", code=3)
    reviewed.load(ANB_03="L")


def test_levels_that_say_done_and_lawfully_not_done_do_not_agree(reviewed: Reviewed) -> None:
    reviewed.load(ANB_03="L")
    tilsyn = reviewed.tilsyn
    tilsyn(f"draw 3 --period 2026-Q2 --seed '{SEED}' --seed-origin terninger --reason test")
    reviewed.load(level=3)
    data = tilsyn("agreement --levels 2,3 --period 2026-Q2 --format json").json
    assert data["lawful_apart"] is True
    row = data["rows"][0]
    assert row["lawful_yes"] == 1
    assert row["agreement"] < 1


def test_a_workbook_of_today_is_filled_in_with_letters(reviewed: Reviewed) -> None:
    from openpyxl import load_workbook

    from tests.builders.case_sheets import case_sheets

    tilsyn = reviewed.tilsyn
    tilsyn("checklists 2 --period 2026-Q2")
    path = next(Path(tilsyn.root / "checklists").rglob("nord.xlsx"))
    book = load_workbook(path)
    sheets = {sheet.cell("case_id").value: sheet for sheet in case_sheets(book)}
    sheet = sheets["S-2"]
    # What the register knows stands there, and is nobody's word yet.
    assert sheet.cell("fact:afgoerelse_dato").value == "12-05-2026"
    assert "Intet nyt" in tilsyn("load").out
    for name, value in QUIET.items():
        sheet.put(f"fact:{name}", value)
    for question in sheet.questions:
        sheet.put(question, "J")
    book.save(path)
    data = tilsyn("load --format json").json
    assert (data["loaded"][0]["cases"], data["loaded"][0]["complete"]) == (1, 1)
