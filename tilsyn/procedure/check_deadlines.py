"""What `tilsyn check` tells of the rules for time limits: what of them the register cannot answer."""

from __future__ import annotations

from collections.abc import Iterator

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import Problem
from tilsyn.compliance.deadline_cases import unanswerable
from tilsyn.sampling.frame import FrameReport
from tilsyn.workspace.workspace import SETTINGS_NAME, Workspace


def deadline_notes(workspace: Workspace, report: FrameReport) -> Iterator[Problem]:
    """Yield a note for each column that a rule lacks, and for the dates of one that cannot be read."""
    examination = report.examination
    rules, known = examination.rules, ", ".join(examination.rules.headings)
    for place, rule in enumerate(workspace.settings.deadline, start=1):
        for column in unanswerable(rule, rules):
            yield _note(place, "lacking", name=rule.name, column=column, known=known)
        for column in (rule.from_, rule.to):
            if column in rules.dates and (n := examination.unreadable(column)):
                heading = rules.headings[column]
                yield _note(place, "unreadable", name=rule.name, n=number(n), column=heading)
        where = rule.where
        if where and where.column in rules.headings and not examination.holding(where.column, where.values):
            heading, values = rules.headings[where.column], ", ".join(where.values)
            yield _note(place, "unmatched", name=rule.name, column=heading, values=values)


def _note(place: int, what: str, **values: str) -> Problem:
    found, remedy = say(f"deadlines.{what}_note", **values), say(f"deadlines.{what}_note_remedy", **values)
    return Problem(found, remedy, SETTINGS_NAME, column=f"deadline[{place}]", kind="note")
