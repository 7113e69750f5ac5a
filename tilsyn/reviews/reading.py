"""From cells to a review: each field and question read, or named as a problem with its cell."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from tilsyn.base.problems import Problem
from tilsyn.base.spelling import nearest
from tilsyn.questions.answers import NO, YES, UnknownAnswer, answer_text, is_tick, read_answer
from tilsyn.questions.dates import UnknownDate, read_date
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.cells import Cell, RawCase, RawRow, ReadCase, looks_like_total, problem_at
from tilsyn.reviews.records import CRITICISM, CaseReview, Given

_TEXT_KEYS = ("act_event", "look_back", "note")


class _Reader:
    """Reads one case's cells and gathers what is wrong with them."""

    def __init__(self, raw: RawCase, question_set: QuestionSet) -> None:
        self.raw = raw
        self.set = question_set
        self.problems: list[Problem] = []
        self.cells: dict[str, str] = {}

    def told(self, cell: Cell, key: str, *, kind: str = "error", **values: Any) -> None:
        self.problems.append(problem_at(self.raw, cell.place or None, key, kind, values))

    def usable(self, cell: Cell) -> bool:
        """Tell whether a cell holds something that can be read; one that hides something is a problem."""
        if cell.fault:
            self.told(cell, f"cell_{cell.fault}")
        return not cell.fault and not cell.blank

    def text(self, cell: Cell) -> str:
        return cell.text if self.usable(cell) else ""

    def moment(self, cell: Cell) -> date | datetime | None:
        if not self.usable(cell):
            return None
        try:
            return read_date(cell.value)
        except UnknownDate:
            self.told(cell, "no_date", text=cell.shown)
            return None

    def day(self, cell: Cell) -> date | None:
        moment = self.moment(cell)
        return moment.date() if isinstance(moment, datetime) else moment

    def head(self, key: str) -> Cell:
        cell = self.raw.head.get(key, Cell())
        self.cells[key] = cell.place
        return cell

    def answer(self, row: RawRow, question: Question) -> str | None:
        """Return the answer at a question, from its cell and from ticked columns."""
        found: dict[str, Cell] = {answer: cell for answer, cell in row.ticks if answer in question.answers}
        if self.usable(row.answer):
            try:
                answer = read_answer(row.answer.value, question.kind)
            except UnknownAnswer as unknown:
                self._unknown(row.answer, question, unknown)
                return None
            if answer is not None:
                found[answer] = row.answer
        if len(found) > 1:
            cells = " / ".join(cell.place for cell in found.values())
            self.told(row.answer, "two_answers", question=question.question_id, cells=cells)
            return None
        return next(iter(found), None)

    def _unknown(self, cell: Cell, question: Question, unknown: UnknownAnswer) -> None:
        known = ", ".join(answer_text(answer) for answer in question.answers)
        values = {"text": cell.shown, "question": question.question_id, "known": known}
        if unknown.nearest is None:
            self.told(cell, "unknown_answer", **values)
        else:
            self.told(cell, "unknown_answer_near", **values, nearest=answer_text(unknown.nearest))

    def given(self, row: RawRow, question: Question) -> Given:
        name = question.question_id
        places = {
            name: row.answer,
            f"{name}.remark": row.remark,
            f"{name}.start": row.start,
            f"{name}.end": row.end,
        }
        self.cells |= {part: cell.place for part, cell in places.items()}
        answer = self.answer(row, question)
        return Given(answer, self.text(row.remark), self.moment(row.start), self.moment(row.end))

    def question(self, cell: Cell) -> Question | None:
        """Return the question a row is about; None, with a problem, when the set has none such."""
        name = cell.text
        if looks_like_total(name):
            self.told(cell, "total_row", kind="note", text=cell.shown)
            return None
        try:
            return self.set.question(name)
        except KeyError:
            pass
        exact = {known.casefold(): known for known in self.set.ids}
        if (known := exact.get(re.sub(r"[\s_–—]+", "-", name.casefold()))) is not None:
            return self.set.question(known)
        near = nearest(name, self.set.ids)
        if near is None:
            self.told(cell, "unknown_question", text=cell.shown)
        else:
            self.told(cell, "unknown_question_near", text=cell.shown, nearest=near)
        return None

    def answers(self) -> dict[str, Given]:
        found: dict[str, Given] = {}
        for row in self.raw.rows:
            if row.question.fault or row.question.blank:
                if not all(cell.blank for cell in (row.answer, row.start, row.end)):
                    self.told(row.answer, "answer_without_question", text=row.answer.shown)
                continue
            question = self.question(row.question)
            if question is None or (row.blank and question.question_id in found):
                continue
            name = question.question_id
            before, first_cell = found.get(name), self.cells.get(name, "")
            given = self.given(row, question)
            if before is not None and not before.blank and before != given:
                self.told(row.answer, "question_twice", question=name, other=first_cell)
            found[name] = given
        return found

    def yes_or_no(self, cell: Cell) -> str | None:
        if not self.usable(cell):
            return None
        if is_tick(cell.value):
            return YES
        try:
            answer = read_answer(cell.value)
        except UnknownAnswer:
            answer = None
        if answer not in (YES, NO):
            self.told(cell, "not_yes_or_no", text=cell.shown)
            return None
        return answer

    def facts(self) -> dict[str, str]:
        found = {}
        for fact in self.set.facts:
            answer = self.yes_or_no(self.head(f"fact:{fact.name}"))
            if answer is not None:
                found[fact.name] = answer
        return found

    def criticism(self) -> str:
        cell = self.head("criticism")
        text = self.text(cell).casefold()
        if not text or text in ("ingen", "none", "-", "nej"):
            return ""
        if text not in CRITICISM:
            near = nearest(text, CRITICISM, alike=0)
            self.told(cell, "unknown_criticism", text=cell.shown, nearest=near, known=", ".join(CRITICISM))
            return ""
        return text


def urgency(raw: RawCase) -> tuple[bool, str]:
    """Return whether a case is marked urgent, and what was written there."""
    cell = raw.head.get("akut", Cell())
    # In doubt it is: a child may be in danger.
    if cell.fault or cell.blank:
        return bool(cell.fault), ""
    try:
        answer = YES if is_tick(cell.value) else read_answer(cell.value)
    except UnknownAnswer:
        return True, cell.text
    return answer == YES, ""


def read_case(raw: RawCase, question_set: QuestionSet) -> ReadCase:
    """Read the cells of one case; each that holds something which cannot be read is a problem."""
    reader = _Reader(raw, question_set)
    urgent, written = urgency(raw)
    reader.usable(reader.head("akut"))
    texts = {key: reader.text(reader.head(key)) for key in _TEXT_KEYS}
    head = {key: text for key, text in (texts | {"akut": written}).items() if text}
    review = CaseReview(
        case_id=raw.case_id,
        answers={name: given for name, given in reader.answers().items() if not given.blank},
        facts=reader.facts(),
        act_date=reader.day(reader.head("act_date")),
        reviewed_on=reader.day(reader.head("reviewed_on")),
        reviewer=reader.text(reader.head("reviewer")),
        criticism=reader.criticism(),
        head=head,
        urgent=urgent,
        simulated=raw.simulated,
    )
    return ReadCase(raw, review, reader.cells, tuple(reader.problems))
