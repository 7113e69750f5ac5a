"""From cells to a review: each field and question read, or named as a problem with its cell."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from tilsyn.base.problems import Problem
from tilsyn.base.spelling import nearest
from tilsyn.questions.answers import LAWFUL_NO, YES, UnknownAnswer, is_tick, read_answer
from tilsyn.questions.criticism import step_meant
from tilsyn.questions.dates import UnknownDate, read_date
from tilsyn.questions.facts import ACT_DATE, REVIEWED_ON
from tilsyn.questions.question import Question, row_dates
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.wording import Wording
from tilsyn.reviews.cells import Cell, RawCase, RawRow, ReadCase, looks_like_total, problem_at
from tilsyn.reviews.head_values import UnknownValue, fact_code
from tilsyn.reviews.records import CaseReview, Given

_TEXT_KEYS = ("act_event", "look_back", "note", "conclusion", "learning")
# L, L1, L2: the lawful reason by its place in the question's list.
_LAWFUL = re.compile(r"\s*L\s*(?P<place>[1-9])?\s*", re.IGNORECASE)
# Facts that are fields of every case head.
_OWN_FIELDS = (ACT_DATE, REVIEWED_ON)


class _Reader:
    """Reads one case's cells and gathers what is wrong with them."""

    def __init__(self, raw: RawCase, question_set: QuestionSet) -> None:
        self.raw = raw
        self.set = question_set
        self.problems: list[Problem] = []
        self.cells: dict[str, str] = {}
        self.dates: dict[str, date | datetime] = {}
        self.facts = {fact.name: fact for fact in question_set.facts if fact.name not in _OWN_FIELDS}
        self.act: date | None = None

    def told(self, cell: Cell, key: str, *, kind: str = "error", **values: Any) -> None:
        self.problems.append(problem_at(self.raw, cell.place or None, key, kind, values))

    def usable(self, cell: Cell) -> bool:
        """Tell whether a cell holds something that can be read; one that hides something is a problem."""
        if cell.fault:
            self.told(cell, f"cell_{cell.fault}")
        return not cell.fault and not cell.blank

    def text(self, cell: Cell) -> str:
        return cell.text if self.usable(cell) else ""

    def remark(self, cell: Cell) -> str:
        """Return a remark; a dot or a line, typed to be let through, is none."""
        text = self.text(cell)
        return text if any(sign.isalnum() for sign in text) else ""

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
        if isinstance(row.answer.value, str) and _LAWFUL.fullmatch(row.answer.value):
            row = row._replace(answer=row.answer._replace(value=LAWFUL_NO))
        if self.usable(row.answer):
            try:
                answer = read_answer(row.answer.value, question.known)
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
        known = ", ".join(map(question.called, question.answers))
        values = {"text": cell.shown, "question": question.question_id, "known": known}
        if unknown.nearest is None:
            self.told(cell, "unknown_answer", **values)
        else:
            self.told(cell, "unknown_answer_near", **values, nearest=question.called(unknown.nearest))

    def given(self, row: RawRow, question: Question) -> Given:
        name = question.question_id
        self.cells[name] = row.answer.place
        self.cells[f"{name}.remark"] = row.remark.place
        self.cells[f"{name}.start"] = row.start.place
        self.cells[f"{name}.end"] = row.end.place
        answer = self.answer(row, question)
        reason = self.reason(row, question) if answer == LAWFUL_NO else ""
        start, end = self.moment(row.start), self.moment(row.end)
        if question.computed or (start is None and end is None):
            return Given(answer, self.remark(row.remark), start, end, reason)
        # A date of the head that is written beside the question is that date all the same.
        own, named = row_dates(question, self.facts), row_dates(question, ())
        names = (own[0] or named[0], own[1] or named[1])
        for date_name, at, cell in zip(names, (start, end), (row.start, row.end), strict=True):
            if at is not None and self.set.rules > 1:
                self.date(date_name, at, cell, name)
                start, end = None, None
        return Given(answer, self.remark(row.remark), start, end, reason)

    def date(self, name: str, at: date | datetime, cell: Cell, question: str) -> None:
        """Take a date that a limit names; one that no limit of the question names counts for nothing."""
        if not name:
            self.told(cell, "date_not_asked", question=question)
        elif self.dates.setdefault(name, at) != at:
            self.told(cell, "date_twice", question=question, name=Wording(self.set).name(name))

    def reason(self, row: RawRow, question: Question) -> str:
        """Return the name of the lawful reason that is chosen; a problem where it cannot be told which."""
        asked = question.at(self.set.regime_at(self.act), self.act) or question
        reasons = self.set.reasons_of(asked)
        if asked.any_reason:
            return ""
        name, listed = (
            question.question_id,
            "; ".join(
                f"L{number} = {reason.text}" if len(reasons) > 1 else f"L = {reason.text}"
                for number, reason in enumerate(reasons, start=1)
            ),
        )
        chosen = row.reason.text if self.usable(row.reason) else ""
        place = _LAWFUL.fullmatch(chosen or str(row.answer.value))
        number = int(place["place"]) if place and place["place"] else 1 if len(reasons) == 1 else 0
        by_name = {reason.name: reason.name for reason in reasons} | {r.text: r.name for r in reasons}
        if not reasons:
            self.told(row.answer, "no_lawful_reason", question=name, text=row.answer.shown)
        elif chosen in by_name:
            return by_name[chosen]
        elif 1 <= number <= len(reasons):
            return reasons[number - 1].name
        else:
            self.told(row.answer, "which_reason", question=name, text=row.answer.shown, known=listed)
        return ""

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
            if question is None or (question.question_id in found and row.blank):
                continue
            name = question.question_id
            before, first_cell = found.get(name), self.cells.get(name, "")
            given = self.given(row, question)
            if before is not None and not before.blank and before != given:
                self.told(row.answer, "question_twice", question=name, other=first_cell)
            found[name] = given
        return found

    def head_facts(self) -> dict[str, str]:
        """Return the facts by name, as codes; those that are dates go to the dates."""
        found = {}
        for fact in self.facts.values():
            cell = self.head(f"fact:{fact.name}")
            if fact.computed or not self.usable(cell):
                continue
            if fact.is_date:
                if (at := self.moment(cell)) is not None:
                    self.dates[fact.name] = at
                continue
            try:
                found[fact.name] = fact_code(fact, cell.value)
            except UnknownValue as unknown:
                key = "not_yes_or_no" if fact.kind == "yes-no" else "unknown_value"
                self.told(cell, key, text=cell.shown, known=unknown.known)
        return found

    def criticism(self) -> str:
        cell = self.head("criticism")
        text = self.text(cell)
        scale = self.set.criticism_scale
        if step := step_meant(scale, text):
            return step.name
        if text.casefold() in ("", "ingen", "none", "-", "nej"):
            return ""
        known = [step.text for step in scale]
        if known:
            near = nearest(text, known, alike=0)
            self.told(cell, "unknown_criticism", text=cell.shown, nearest=near, known=", ".join(known))
        else:
            self.told(cell, "criticism_not_asked", text=cell.shown)
        return ""


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
    reader.act = reader.day(reader.head("act_date"))
    facts = reader.head_facts()
    review = CaseReview(
        case_id=raw.case_id,
        answers={name: given for name, given in reader.answers().items() if not given.blank},
        facts=facts,
        dates=reader.dates,
        act_date=reader.act,
        reviewed_on=reader.day(reader.head("reviewed_on")),
        reviewer=reader.text(reader.head("reviewer")),
        criticism=reader.criticism(),
        head=head,
        urgent=urgent,
        simulated=raw.simulated,
    )
    return ReadCase(raw, review, reader.cells, tuple(reader.problems))
