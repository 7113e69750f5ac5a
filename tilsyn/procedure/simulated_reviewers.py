"""Reviewers who do not exist: they fill in the real workbooks, and do not always agree.

Each case has a truth per question, which depends on the seed, the case and the round alone; a reviewer sees
it and now and then answers something else. Nothing but the input cells is changed, so the workbooks come back
as they would from people.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.sheets import cell_name
from tilsyn.procedure.simulated_heads import SimulatedHead
from tilsyn.procedure.simulation import LATER, chance
from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT, YES, answer_text
from tilsyn.questions.criticism import step_kept
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.head import Head
from tilsyn.questions.question import Question, row_dates
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews import layout
from tilsyn.reviews.records import CaseReview, Given
from tilsyn.reviews.resolving import resolve
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

# How often the law was followed at the baseline and later, where something really changed.
CHANGED = {
    "UND-01": (0.60, 0.95),
    "BFU-02": (0.55, 0.90),
    "INV-01": (0.55, 0.92),
    "INV-05": (0.68, 0.95),
    "DOK-01": (0.72, 0.96),
    "AFG-04": (0.98, 0.62),
}
# How often a reader of each level answers otherwise than the truth.
ERRORS = {1: 0.04, 2: 0.03, 3: 0.015, 4: 0.01}

_NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Value = str | date | datetime


@dataclass(frozen=True)
class Reviewers:
    """The reviewers of one draw.

    Parameters
    ----------
    seed : str
    level : int
    role : str
        Who they are.
    quarter : Period
        The round: `BASELINE` or `LATER`.
    question_set : QuestionSet
    regime : str or None
        The law of all acts.
    cases : mapping of str to mapping
        The cases to review: id to what the register knows. A replaced case is not among them.
    first, last : datetime.date
        When they reviewed.
    """

    seed: str
    level: int
    role: str
    quarter: Period
    question_set: QuestionSet
    regime: str | None
    cases: Mapping[str, Mapping[Any, Any]]
    first: date
    last: date

    def review(self, case: str) -> CaseReview:
        """Return what they answer in a case: only what a person would fill in."""
        head = SimulatedHead.of(self.cases.get(case, {}), self.quarter, partial(self._chance, case))
        answers = {q.question_id: self._answer(case, q, head) for q in self.question_set.questions}
        days = (self.last - self.first).days
        review = CaseReview(
            case,
            answers,
            head.facts,
            dates=head.dates,
            reviewed_on=self.first + timedelta(days=int(self._chance(case, "day") * (days + 1))),
            urgent=self._chance(case, "akut", self.level) < 0.006,
        )
        resolved = resolve(self.question_set, review, self.regime, WorkingDays())
        # What the head, the law or a link decides, nobody types.
        typed = {r.question for r in resolved if r.why in ("", "link", "dates")}
        wrong = sum(r.answer == NO for r in resolved)
        criticism = ""
        scale = self.question_set.criticism_scale
        if scale and wrong >= 3 and self._chance(case, "criticism") < 0.35:
            criticism = scale[min(wrong - 3, len(scale) - 1)].name
        asked = Head(self.question_set, head.facts, head.dates, self.regime)
        return replace(
            review,
            answers={name: given for name, given in answers.items() if name in typed},
            facts={name: code for name, code in head.facts.items() if asked.asked(name)},
            dates={name: at for name, at in asked.dates.items() if name in head.dates},
            criticism=criticism,
        )

    def _chance(self, *parts: object) -> float:
        return chance(self.seed, self.quarter, *parts)

    def _errs(self, case: str, question: str, how: str) -> bool:
        rate = ERRORS[self.level] * (0.2 if how == "relevance" else 1)
        return self._chance(case, question, how, self.level) < rate

    def _answer(self, case: str, question: Question, head: SimulatedHead) -> Given:
        name = question.question_id
        row = question.at(self.regime, None) or question
        if self._errs(case, name, "relevance"):
            return Given(NOT_RELEVANT)
        if question.graded:
            return Given(row.scale[int(self._chance(case, name, "grade") ** 0.7 * len(row.scale))].name)
        usual = 0.91 + 0.085 * chance(self.seed, name, "rate")
        rate = CHANGED.get(name, (usual, usual))[self.quarter == LATER]
        followed = self._chance(case, name, "followed") < rate
        if self._errs(case, name, "answer"):
            followed = not followed
        if not followed and row.lawful_reasons and self._chance(case, name, "lawful") < 0.5:
            at = int(self._chance(case, name, "reason") * len(row.lawful_reasons))
            return Given(LAWFUL_NO, reason=row.lawful_reasons[at])
        answer, remark = (YES, "") if followed else (NO, say("demo.remark"))
        if row.limit is not None:
            part = self._chance(case, name, "span")
            if head.answered_by_dates(row.limit, followed, part):
                return Given(None, remark)
        return Given(answer, remark)


def reviewers_of(
    workspace: Workspace, seed: str, quarter: Period, draw: Draw, days: tuple[date, date]
) -> Reviewers:
    """Return the reviewers of a draw of a round, who review from the one day to the other."""
    cases = workspace.ledger(draw).reviews.cases
    known = {str(row["case_id"]): row for row in cases.astype(object).to_dict("records")}
    questions, plan = draw.question_set, draw.record.plan
    # A single draw is read with the care of the last level.
    level = draw.level if isinstance(draw.level, int) else max(ERRORS)
    role = plan.roles[-1] if plan.roles else say("demo.reader")
    return Reviewers(
        seed, level, role, quarter, questions, questions.regime_at(draw.period.end), known, *days
    )


def fill_in(path: Path, reviewers: Reviewers) -> int:
    """Fill in a checklist workbook.

    Parameters
    ----------
    path : Path
        Changed in place.
    reviewers : Reviewers

    Returns
    -------
    int
        The cases filled in.
    """
    data = path.read_bytes()
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    edits: dict[str, dict[str, Value]] = {}
    # What is hidden is no case's.
    for name in (meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible):
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if rows and rows[0] and rows[0][0] == layout.CASE_MARK:
            edits[name] = _edits(rows, reviewers)
    # As a person saves it: a temporary name of ours would be cleared away by whoever writes meanwhile.
    path.write_bytes(edited(data, edits))
    return sum(bool(values) for values in edits.values())


def _edits(rows: Sequence[Sequence[Any]], reviewers: Reviewers) -> dict[str, Value]:
    """What to write in a case's sheet, by cell."""
    heading = next(cells for cells in rows if cells[0] == layout.COLUMNS_KEY)
    column = {"key": 0} | {str(role): at for at, role in enumerate(heading) if at}
    head = {
        str(cells[column[key]]): (row, role)
        for key, role in (("key", "head_left"), ("key_right", "remark"))
        for row, cells in enumerate(rows)
        if cells[column[key]] not in ("", layout.QUESTION_KEY)
    }
    asked = {
        str(cells[column["question"]]): row
        for row, cells in enumerate(rows)
        if cells[0] == layout.QUESTION_KEY
    }
    case = str(rows[head["case_id"][0]][column["head_left"]])
    edits: dict[str, Value] = {}
    if case not in reviewers.cases:
        return edits
    review = reviewers.review(case)

    def put(row: int, role: str, value: Value | None) -> None:
        if value:
            edits[cell_name(row, column[role])] = value

    put(*head["reviewer"], reviewers.role)
    put(*head["reviewed_on"], review.reviewed_on)
    if review.criticism:
        step = step_kept(reviewers.question_set.criticism_scale, review.criticism)
        put(*head["criticism"], step.text)
    put(*head["akut"], answer_text(YES) if review.urgent else None)
    facts = {fact.name: fact for fact in reviewers.question_set.facts}
    told: dict[str, Value] = {**review.facts, **review.dates}
    for name, value in told.items():
        key = layout.FACT_PREFIX + name
        if key in head:
            letters = {choice.code: sign for sign, choice in facts[name].letters.items()}
            typed = letters.get(value, value) if isinstance(value, str) else value
            put(*head[key], typed)
    for question in reviewers.question_set.questions:
        name = question.question_id
        if name in asked:
            for role, when in zip(("start", "end"), row_dates(question, facts), strict=True):
                put(asked[name], role, review.dates.get(when))
    for name, given in review.answers.items():
        if name in asked:
            put(asked[name], "answer", _typed(reviewers.question_set.question(name), given))
            put(asked[name], "remark", given.remark)
    return edits


def _typed(question: Question, given: Given) -> str | None:
    """Return what stands in an answer's cell: the letter of a lawful reason, or the answer's word."""
    if not given.reason:
        return question.called(given.answer) if given.answer else None
    listed = (row.lawful_reasons for row in (question, *question.versions))
    reasons = next(reasons for reasons in listed if given.reason in reasons)
    return f"L{reasons.index(given.reason) + 1}" if len(reasons) > 1 else "L"


def edited(data: bytes, edits: Mapping[str, Mapping[str, Value]]) -> bytes:
    """Write values into the cells of an .xlsx file, by sheet and cell; nothing else in it changes."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        # Packed for speed: they are read once.
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        parts = {part: edits[name] for name, part in _parts(source).items() if name in edits}
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename in parts:
                content = _written(content.decode("utf-8"), parts[entry.filename]).encode("utf-8")
            target.writestr(entry, content, zipfile.ZIP_DEFLATED, 1)
    return made.getvalue()


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name to the part of the file it stands in."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {r.attrib["Id"]: r.attrib["Target"].removeprefix("/xl/") for r in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return {
        s.attrib["name"]: f"xl/{targets[s.attrib[_RELATION]]}"
        for s in book.iterfind("m:sheets/m:sheet", _NAMES)
    }


def _as_written(moment: date | datetime) -> str:
    """Return a date as people write it."""
    return f"{moment:%d-%m-%Y kl. %H.%M}" if isinstance(moment, datetime) else f"{moment:%d-%m-%Y}"


def _written(xml: str, values: Mapping[str, Value]) -> str:
    left = dict(values)

    def cell(match: re.Match[str]) -> str:
        name = match[1]
        attributes = re.sub(r'\st="\w+"', "", match[2])
        value = left.pop(name)
        shown = value if isinstance(value, str) else _as_written(value)
        return f'<c r="{name}"{attributes} t="inlineStr"><is><t>{escape(shown)}</t></is></c>'

    names = "|".join(values)
    written = re.sub(rf'<c r="({names})"([^>]*?)\s*(?:/>|>.*?</c>)', cell, xml, flags=re.DOTALL)
    if left:
        raise ValueError(f"no such input cells: {sorted(left)}")
    return written
