"""A made-up level 2 round for the tests of the report: seven units, a baseline, every kind of row."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from tilsyn.base.periods import Period
from tilsyn.compliance.table import analyse
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reports.parts import Material
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.sampling.draw_record import DrawRecord, FrameRecord
from tilsyn.sampling.tickets import ALGORITHM
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.schema import Organisation

UNITS = {"Amager": 500, "Bispebjerg": 600, "Døgnvagten": 60, "Nørrebro": 700, "Ørestad": 800}
SIZES = {"Amager": 20, "Bispebjerg": 20, "Døgnvagten": 5, "Nørrebro": 20, "Ørestad": 20}
# Question to theme, chance of being relevant, chance of compliance at the baseline and now.
QUESTIONS = {
    "UND-01": ("underretning", 1.0, 0.60, 0.95),
    "UND-02": ("underretning", 0.6, 0.85, 0.85),
    "INV-01": ("inddragelse", 0.9, 0.95, 0.60),
    "RSK-01": ("risikoomraade", 0.02, 0.80, 0.80),
    "SCR-01": ("risikoomraade", 0.0, 0.80, 0.80),
}

LEVEL = LevelPlan(
    level=2,
    name="Lokalt ledelsestilsyn",
    judged_by="Områdechefen sammen med områdets jurist",
    cadence="quarter",
    due_months=0,
    per_unit=20,
)


def chance(*parts: object) -> float:
    """A number in [0, 1) that depends on the parts alone."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
    return int(digest[:12], 16) / 16**12


def question_set() -> QuestionSet:
    questions = [
        Question(
            name,
            f"Blev {theme} håndteret efter loven?",
            theme,
            text_en=f"Was {theme} handled lawfully?",
            step_da=theme.capitalize(),
            step_en=theme.capitalize(),
            law={"serviceloven": "SEL § 50, stk. 3"},
            comparable="yes",
            critical=name == "UND-01",
        )
        for name, (theme, *_) in QUESTIONS.items()
    ]
    graded = Question("GSB-01", "Svares der inden for fristen?", "svartid", step_da="Svartid", kind="grade")
    return QuestionSet("prøve", "prøve 1.0", (*questions, graded))


def tables(when: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Cases, strata and answers of a round: `before` or `now`."""
    cases, answers = [], []
    for unit, size in SIZES.items():
        for n in range(size):
            case = f"{when}-{unit}-{n:02}"
            cases.append({"case_id": case, "stratum": unit, "unit": unit})
            for name, (_, relevant, before, now) in QUESTIONS.items():
                answer = "ikke relevant"
                if chance("r", case, name) < relevant:
                    answer = (
                        "ja" if chance("c", case, name) < (before if when == "before" else now) else "nej"
                    )
                answers.append({"case_id": case, "question": name, "answer": answer})
            grade = ["lav grad", "nogen grad", "høj grad"][int(chance("g", case) * 3)]
            answers.append({"case_id": case, "question": "GSB-01", "answer": grade})
    strata = pd.DataFrame(
        {
            "stratum": list(UNITS),
            "unit": list(UNITS),
            "stratum_size": list(UNITS.values()),
            "population_size": list(UNITS.values()),
            "sample_size": list(SIZES.values()),
            "reviewed": list(SIZES.values()),
        }
    )
    return pd.DataFrame(cases), strata, pd.DataFrame(answers)


def record(**changes: Any) -> DrawRecord:
    """The record of the draw, without its cases and strata."""
    made = DrawRecord(
        draw_id="bbu/2018-Q2/level-2",
        level=2,
        period=Period.parse("2018-Q2"),
        organisation=Organisation(name="Prøve Kommune", slug="bbu"),
        made_on="2018-07-02",
        seed="a1" * 32,
        seed_origin="system",
        round=2,
        algorithm=ALGORITHM,
        frame=FrameRecord(
            commitment="0f" * 32,
            n=sum(UNITS.values()),
            as_of=date(2018, 6, 30),
            left_out={"closed_before_period": 12},
        ),
        plan=LevelPlan(level=2, cadence="quarter", per_unit=20, due_months=0),
        strata=(),
        question_set=question_set(),
    )
    return replace(made, **changes)


def material(baseline: bool = True, **changes: Any) -> Material:
    """The whole material, with replacements, criticism, an urgent case and two cases not reviewed."""
    cases, strata, answers = tables("now")
    before = tables("before")
    questions = question_set()
    by = ["unit"]
    sample_before = ReviewedSample(*before, questions) if baseline else None
    found = analyse(ReviewedSample(cases, strata, answers, questions), by, baseline=sample_before)
    all_cases = cases.assign(complete=True, akut=False, criticism="", regime="serviceloven")
    all_cases.loc[0, "akut"] = True
    all_cases.loc[1, "criticism"] = "kritisabelt"
    all_cases.loc[2:8, "criticism"] = "uheldigt"
    replacements = pd.DataFrame(
        {
            "case_id": ["now-Amager-90", "now-Amager-91"],
            "replacement": ["now-Amager-18", "now-Amager-19"],
            "reason": ["no_access", "conflict_of_interest"],
            "on": ["2018-07-10", "2018-07-11"],
            "text_da": ["ingen adgang", "conflict_of_interest"],
            "text_en": ["no access", ""],
            "outside_population": [False, False],
        }
    )
    values: dict[str, Any] = {
        "record": record(),
        "level": LEVEL,
        "question_set": questions,
        "sample": ReviewedSample(all_cases, strata, answers, questions, replacements),
        "analysis": found,
        "baseline": "4. kvartal 2017" if baseline else None,
        "recipients": ("Socialudvalget",),
        "published": date(2018, 9, 5),
    }
    return Material(**(values | changes))
