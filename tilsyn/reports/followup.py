"""The sheets of a report that say what was done about errors, and what became of questions read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.compliance.rechecks import QuestionReading, Rechecked
from tilsyn.reports.parts import NOTHING, WITHHELD, Column, Material, Sheet, Value, in_points
from tilsyn.reports.worlds import Rule
from tilsyn.reviews.actions import STATES, Action, counted


def followup_sheets(material: Material, public: bool, published: date | None) -> list[Sheet]:
    """The sheets, as of the day of publication or else of today; without rows where there is nothing."""
    day = published or material.acted_by
    actions = [] if day is None else [known for one in material.actions if (known := _by(one, day))]
    return [_actions(material, actions, day, public), _rechecks(material, public)]


def _by(action: Action, day: date) -> Action | None:
    """Return an action as it was on a day; None before it was taken up."""
    if action.since is not None and action.since > day:
        return None
    return replace(action, done_on=None) if action.done_on and action.done_on > day else action


def _actions(material: Material, actions: Sequence[Action], day: date | None, public: bool) -> Sheet:
    """How many actions are open, done and overdue: per question in the internal edition, in all in both."""
    values: list[list[Value]] = []
    if day is not None and actions:
        values = [] if public else [_of_question(material, name, actions, day) for name in _asked(actions)]
        values.append(_total(material, actions, day, public))
    columns = [Column(say("report.about"), "long", 56)]
    columns += [Column(say(f"followup.col_{state}"), "count", 14) for state in STATES]
    columns.append(Column(say("followup.in_all"), "count", 14))
    lines = [say("report.actions_intro", day=date_text(day) if day else "")]
    title = say("report.actions_title")
    return Sheet(say("report.actions_tab"), title, lines, columns, values, "actions", portrait=True)


def _asked(actions: Sequence[Action]) -> list[str]:
    return sorted({action.question for action in actions})


def _of_question(material: Material, question: str, actions: Sequence[Action], day: date) -> list[Value]:
    counts = counted([action for action in actions if action.question == question], day)
    known = question in material.question_set.ids
    about = f"{question} {material.title(question)}" if known else question
    return [about, *counts.values(), sum(counts.values())]


def _total(material: Material, actions: Sequence[Action], day: date, public: bool) -> list[Value]:
    counts: list[Value] = [*counted(actions, day).values(), len(actions)]
    if public and len(actions) < material.method.few:
        counts = [WITHHELD] * len(counts)
    return [say("report.total"), *counts]


def _rechecks(material: Material, public: bool) -> Sheet:
    """What was read again: before, after, and the difference with its interval; never why."""
    shown = [one for one in material.rechecks if not public or _may_be_public(one, material.rule)]
    columns = [
        Column(say("report.about"), "long", 40),
        Column(say("report.unit"), "text", 20),
        Column(say("report.recheck_before"), "share", 10),
        Column(say("report.recheck_n_before"), "count", 10),
        Column(say("report.recheck_after"), "share", 10),
        Column(say("report.recheck_n_after"), "count", 10),
        Column(say("report.recheck_difference"), "points", 12),
        Column(say("report.low"), "points", 10),
        Column(say("report.high"), "points", 10),
        Column(say("report.remarks"), "long", 40),
    ]
    values: list[list[Value]] = []
    for one in shown:
        line: list[Value] = [f"{one.question} {one.text}", one.unit or say("report.all_units")]
        few = [reading.n_relevant < material.method.few for reading in (one.before, one.after)]
        for reading, hidden in zip((one.before, one.after), few, strict=True):
            line += [WITHHELD if hidden else reading.share, reading.n_relevant]
        figures = (one.difference, one.low, one.high)
        line += [WITHHELD if any(few) else in_points(figure, NOTHING) for figure in figures]
        values.append([*line, _remark(one)])
    lines = [say("report.rechecks_intro", few=material.method.few)]
    return Sheet(say("report.rechecks_tab"), say("report.rechecks_title"), lines, columns, values, "rechecks")


def _remark(one: Rechecked) -> str:
    periods = say("report.recheck_periods", before=one.before.period.label(), after=one.after.period.label())
    alike = "" if one.comparable == "yes" else say(f"report.comparability_{one.comparable}")
    return "; ".join(filter(None, (periods, alike)))


def _may_be_public(one: Rechecked, rule: Rule) -> bool:
    """Whether neither reading tells of a few cases; a unit's readings stay in the house."""
    return not one.unit and not any(_tells(reading, rule) for reading in (one.before, one.after))


def _tells(reading: QuestionReading, rule: Rule) -> bool:
    cases, good = np.array([float(reading.n_relevant)]), np.array([float(reading.n_compliant)])
    return bool(rule.withholds(cases, good, np.array([reading.whole]))[0])
