"""The people of a life: what they do on which day, decided in the first life and done again in the others."""

from __future__ import annotations

import json
import os
import random
import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.life_cases import SLIPS, STOPS, LivedCase, cases, register_text
from tests.builders.life_rules import CADENCES, CATALOGUES, CHANGE, CHANGED_FROM, SETTINGS
from tilsyn.base.durations import add_months
from tilsyn.base.periods import Period
from tilsyn.procedure.simulated_reviewers import Reviewers, fill_in
from tilsyn.procedure.simulation import LATER, chance
from tilsyn.questions.answers import NO, NOT_RELEVANT, YES
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet, merged
from tilsyn.reviews.records import CaseReview, Given
from tilsyn.workspace.catalogues import read_catalogue

BEGINS, ENDS = date(2017, 9, 1), date(2019, 12, 31)
# People do something on every eighth day: what goes wrong in between is made good before they do more.
EVERY = 8
# So many days from a draw's deadline nobody returns anything: a life may be a few days late.
NEAR = 4
INBOX = "indbakke"
# What is wrong with a workbook the first time that it comes back.
WRONG = ("cell", "remark", "swapped", "not a workbook")


@dataclass(frozen=True)
class Write:
    """A file is put somewhere: a register, or the settings."""

    name: str
    text: str

    def done(self, root: Path, inbox: Path) -> None:
        path = root / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text, "utf-8")


@dataclass(frozen=True)
class Return:
    """A workbook comes back: where it lies, or as a file in the inbox."""

    seed: int
    workbook: str
    on: date
    to: str = ""
    version: int = 1
    wrong: str = ""

    def done(self, root: Path, inbox: Path) -> None:
        # They fill in their own copy of it.
        kept = inbox.parent / "kept" / self.workbook
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / self.workbook, kept)
        path = inbox / self.to if self.to else root / self.workbook
        shutil.copyfile(kept, path)
        if self.wrong == "not a workbook":
            path.write_bytes(b"%PDF-1.4 " + self.workbook.encode())
        else:
            fill_in(path, _reviewers(root, self))
            spoil(path, self.wrong)
        _saved(path, self.on)


@dataclass(frozen=True)
class Again:
    """The same file is left in the inbox once more, under another name."""

    source: str
    on: date
    to: str

    def done(self, root: Path, inbox: Path) -> None:
        source = inbox / self.source if "/" not in self.source else root / self.source
        shutil.copyfile(source, inbox / self.to)
        _saved(inbox / self.to, self.on)


Act = Write | Return | Again


def _saved(path: Path, on: date) -> None:
    at = datetime(on.year, on.month, on.day, 15).timestamp()
    os.utime(path, (at, at))


class LifeReviewers(Reviewers):
    """Reviewers who answer every question: by the case, the question and the level, and once more otherwise."""

    version = 1
    wrong = ""

    def review(self, case: str) -> CaseReview:
        """Return what they answer in a case."""
        answers = {q.question_id: self._given(case, q) for q in self.question_set.questions}
        return CaseReview(case, answers, {}, dates={}, reviewed_on=self.last)

    def _given(self, case: str, question: Question) -> Given:
        name = question.question_id
        at = chance(self.seed, case, name)
        if chance(self.seed, case, name, self.level, self.version) < (0.05 if self.version == 1 else 0.3):
            at = 1 - at
        if at < 0.72:
            return Given(YES)
        if at < 0.8:
            return Given(NOT_RELEVANT)
        return Given(NO, "" if self.wrong == "remark" else "mangler på sagen")


@cache
def _questions(path: Path) -> QuestionSet:
    return merged([read_catalogue(path)])


def _reviewers(root: Path, returned: Return) -> LifeReviewers:
    place = Path(returned.workbook)
    draw = json.loads((root / "samples" / Path(*place.parts[1:3]) / "draw.json").read_text("utf-8"))
    made = LifeReviewers(
        str(returned.seed),
        draw["level"],
        "",
        LATER,
        _questions(root / "checklists" / f"{draw['question_set']['name']}.toml"),
        None,
        {case["case_id"]: {} for case in [*draw["cases"], *draw["reserve"]]},
        returned.on,
        returned.on - timedelta(1),
    )
    object.__setattr__(made, "version", returned.version)
    object.__setattr__(made, "wrong", returned.wrong)
    return made


def spoil(path: Path, wrong: str) -> None:
    """Let somebody make a mess of a filled-in workbook."""
    if wrong not in ("cell", "swapped"):
        return
    book = load_workbook(path)
    sheet = case_sheets(book)[0]
    if wrong == "cell":
        sheet.put("BFU-02", "måske")
    else:
        sheet.put("case_id", "2016-0001")
    book.save(path)


class People:
    """What all do in a life: the registers and the plan beforehand, the workbooks as they see them come."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = random.Random(f"people {seed}")
        self.acts: dict[date, list[Act]] = {}
        self.seen: set[str] = set()
        self._settings()
        self._registers(cases(self.rng, BEGINS, ENDS))

    def on(self, day: date) -> list[Act]:
        """Return what they do on a day."""
        return self.acts.get(day, [])

    def look(self, root: Path, day: date) -> None:
        """Decide what becomes of the workbooks that were not there when they last looked."""
        if not acting(day):
            return
        for path in sorted(root.glob("checklists/*/level-*/*.xlsx")):
            name = path.relative_to(root).as_posix()
            if name not in self.seen:
                self.seen.add(name)
                self._plan(root, name, day)

    def _do(self, day: date, act: Act) -> None:
        self.acts.setdefault(day, []).append(act)

    def _settings(self) -> None:
        self._do(BEGINS, Write("tilsyn.toml", SETTINGS))
        self._do(BEGINS, Write("checklists/foer.toml", CATALOGUES["foer"]))
        day = _acting_day(CHANGED_FROM + timedelta(self.rng.randrange(0, 40)))
        self._do(day, Write("checklists/efter.toml", CATALOGUES["efter"]))
        change = CHANGE
        for level, cadence in zip((1, 3, 4), self.rng.choice(CADENCES), strict=True):
            change = change.replace(f"CADENCE {level}", cadence)
        self._do(day, Write("tilsyn.toml", SETTINGS + change))

    def _registers(self, known: list[LivedCase]) -> None:
        """Take out a register for each quarter: one too late, one that stops the draw, some with a slip."""
        rng, period = self.rng, Period.parse("2017-Q3")
        late, stopped = rng.sample(range(2, 8), 2)
        for number in range(9):
            days = 40 if number == late else rng.randrange(2, 12)
            day = _acting_day(period.end + timedelta(days))
            name = f"register/{period.canonical}-{day}.csv"
            slip = rng.choice(list(SLIPS.values())) if rng.random() < 0.3 else ""
            if number == stopped:
                broken = rng.choice(list(STOPS.values()))
                self._do(day, Write(name, register_text(known, day, broken)))
                mended = _acting_day(day + timedelta(rng.randrange(1, 10)))
                self._do(mended, Write(name, register_text(known, day, slip)))
            else:
                self._do(day, Write(name, register_text(known, day, slip)))
            if rng.random() < 0.3:
                more = _acting_day(day + timedelta(rng.randrange(8, 14)))
                text = register_text(known, more)
                self._do(more, Write(f"register/{period.canonical}-{more}.csv", text))
            period = period.next()

    def _plan(self, root: Path, name: str, day: date) -> None:
        rng, deadline = self.rng, deadline_of(root, name)
        stem = f"{name.replace('/', ' ').removeprefix('checklists ').removesuffix('.xlsx')}"
        if rng.random() < 0.06:
            return
        back = day + timedelta(rng.randrange(3, 22))
        if rng.random() < 0.15:
            back = deadline + timedelta(rng.randrange(5, 40))
        back = _calm_day(back, deadline)
        to = f"{stem}.xlsx" if rng.random() < 0.4 else ""
        if rng.random() < 0.2:
            wrong = rng.choice(WRONG)
            first = f"{stem} (fejl).xlsx" if to or wrong == "not a workbook" else ""
            self._do(back, Return(self.seed, name, back, first, wrong=wrong))
            back = _calm_day(back + timedelta(rng.randrange(3, 14)), deadline)
        self._do(back, Return(self.seed, name, back, to))
        if rng.random() < 0.15:
            back = _calm_day(back + timedelta(rng.randrange(3, 20)), deadline)
            self._do(back, Again(to or name, back, f"{stem} igen.xlsx"))
        if rng.random() < 0.15:
            back = _calm_day(back + timedelta(rng.randrange(3, 30)), deadline)
            self._do(back, Return(self.seed, name, back, f"{stem} rettet.xlsx" if to else "", 2))


def deadline_of(root: Path, name: str) -> date:
    """Return when the reviews of a workbook are due."""
    draw = json.loads((root / "samples" / Path(*Path(name).parts[1:3]) / "draw.json").read_text("utf-8"))
    return add_months(date.fromisoformat(draw["made_on"][:10]), 1)


def acting(day: date) -> bool:
    """Tell whether people do something on a day."""
    return (day - BEGINS).days % EVERY == 0


def _acting_day(day: date) -> date:
    """Return the first day from then on when people do something."""
    return day + timedelta(-(day - BEGINS).days % EVERY)


def _calm_day(day: date, deadline: date) -> date:
    """Return the first such day that is no turning point of a draw: its deadline, or the first of a month."""
    day = _acting_day(day)
    while abs((day - deadline).days) <= NEAR or not NEAR < day.day <= 28 - NEAR:
        day += timedelta(EVERY)
    return day
