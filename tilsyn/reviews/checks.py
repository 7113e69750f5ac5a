"""What cannot be true in a review: each contradiction named where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from tilsyn.base.cpr import likeness, looks_like_cpr, mask
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.problems import Problem
from tilsyn.questions.answers import NOT_RELEVANT, REMARK_REQUIRED, answer_text
from tilsyn.questions.deadlines import DatesSwapped, WorkingDays, contradicts, derive
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.cells import ReadCase
from tilsyn.reviews.checks_by_rules import check_by_rules
from tilsyn.reviews.records import CaseReview, Given
from tilsyn.reviews.resolving import Resolved, regime_of, resolve

# So many of the missing questions are named.
_NAMED = 8


def check(
    case: ReadCase,
    question_set: QuestionSet,
    resolved: Mapping[str, Resolved],
    latest_act: date,
    today: date,
    working_days: WorkingDays,
    known: Collection[str] = (),
) -> list[Problem]:
    """Return what is wrong with a case that was read, cell by cell; the problems of reading come first.

    `resolved` are its answers as they count; `known` are ids of cases, which are no CPR numbers whatever they
    look like.
    """
    found = [*case.problems, *_head(case, today), *_privacy(case, known)]
    found += _law(case, question_set, latest_act)
    if question_set.rules > 1:
        return [*found, *check_by_rules(case, question_set, resolved, today), *_idle(case, resolved)]
    for question in question_set.questions:
        given = case.review.answers.get(question.question_id)
        if given is not None:
            counted = resolved[question.question_id]
            found += _question(case, question, given, counted, today, working_days)
    return [*found, *_idle(case, resolved)]


def unfinished(case: ReadCase, names: Sequence[str], *, dated: bool = True) -> Problem:
    """Return a note that a case lacks answers to these questions, and where some stand outside their column.

    Unless `dated`, it also lacks the date that tells which law its act falls under.
    """
    astray = {row.question.text: row.astray for row in case.raw.rows if row.astray}
    told = [] if dated else [say("load.act_date_missing")]
    for name in names[:_NAMED]:
        cells = (f"»{cell.shown}« {cell.place}" for cell in astray.get(name, ()))
        found = ", ".join(cells)
        told.append(say("load.astray", question=name, cells=found) if found else name)
    questions = ", ".join(told)
    if len(names) > _NAMED:
        questions = say("load.more_questions", questions=questions, n=len(names) - _NAMED)
    return case.problem(names[0], "unfinished", kind="note", questions=questions)


def resolved_answers(
    review: CaseReview, question_set: QuestionSet, latest_act: date, working_days: WorkingDays, today: date
) -> dict[str, Resolved]:
    """Return the answer that counts at each question of a case that is read `today` unless it says when."""
    regime = regime_of(question_set, review.act_date, latest_act)
    review = replace(review, reviewed_on=review.reviewed_on or today)
    return {r.question: r for r in resolve(question_set, review, regime, working_days)}


def _head(case: ReadCase, today: date) -> Iterator[Problem]:
    act, reviewed = case.review.act_date, case.review.reviewed_on
    for part, day in (("act_date", act), ("reviewed_on", reviewed)):
        if day is not None and day > today:
            yield case.problem(part, f"{part}_future", date=date_text(day), today=date_text(today))
    if act is not None and reviewed is not None and reviewed < act:
        dates = {"date": date_text(reviewed), "act": date_text(act)}
        yield case.problem("reviewed_on", "reviewed_before_act", **dates)


def _law(case: ReadCase, question_set: QuestionSet, latest_act: date) -> Iterator[Problem]:
    """Refuse an act under a law that came after the period: no workbook of the draw asks its questions."""
    act = case.review.act_date
    later = [r for r in question_set.regimes if r.first is not None and r.first > latest_act]
    if act is not None and any(question_set.regime_at(act) == regime.name for regime in later):
        dates = {"date": date_text(act), "latest": date_text(latest_act)}
        yield case.problem("act_date", "act_after_period", **dates)


def _privacy(case: ReadCase, known: Collection[str]) -> Iterator[Problem]:
    """Name every text that seems to hold a CPR number, and show it masked only."""
    review = case.review
    texts = {"reviewer": review.reviewer, **review.head}
    texts |= {f"{name}.remark": given.remark for name, given in review.answers.items()}
    for part, text in texts.items():
        if looks_like_cpr(text, number_cell=True, known=known):
            shown = mask(" ".join(text.split()), known)[:60]
            yield case.problem(part, "cpr", text=shown, like=likeness(text, known))


def _idle(case: ReadCase, resolved: Mapping[str, Resolved]) -> Iterator[Problem]:
    """Tell of answers that do not count, in one note per reason: reviewers often answer what is grey too."""
    for why in ("skipped", "regime"):
        names = [
            name
            for name, given in case.review.answers.items()
            if resolved[name].why == why and given.answer not in (None, NOT_RELEVANT)
        ]
        if names:
            values = {"questions": ", ".join(names), "why": say(f"load.why_{why}")}
            yield case.problem(names[0], "does_not_apply", kind="note", **values)


def _question(
    case: ReadCase,
    question: Question,
    given: Given,
    counted: Resolved,
    today: date,
    working_days: WorkingDays,
) -> Iterator[Problem]:
    name = question.question_id
    for part in ("start", "end"):
        moment = getattr(given, part)
        day = moment.date() if isinstance(moment, datetime) else moment
        if day is not None and day > today:
            place = f"{name}.{part}"
            yield case.problem(
                place, "date_future", date=date_text(day), today=date_text(today), question=name
            )
    if counted.why in ("skipped", "regime"):
        return
    yield from _dates(case, question, given, working_days)
    if counted.answer in REMARK_REQUIRED and not given.remark:
        place = f"{name}.remark" if case.cells.get(f"{name}.remark") else name
        yield case.problem(place, "remark_missing", question=name, answer=answer_text(counted.answer))


def _dates(case: ReadCase, question: Question, given: Given, working_days: WorkingDays) -> Iterator[Problem]:
    """Name dates in the wrong order, and an answer that cannot be true with them."""
    name = question.question_id
    if question.deadline is None:
        return
    try:
        derived = derive(question.deadline, given.start, given.end, working_days)
    except DatesSwapped:
        yield case.problem(f"{name}.end", "dates_swapped", question=name)
        return
    if given.answer is not None and contradicts(given.answer, derived):
        answers = {"answer": answer_text(given.answer), "derived": answer_text(derived or given.answer)}
        yield case.problem(name, "contradicts_dates", question=name, limit=question.deadline.text, **answers)
