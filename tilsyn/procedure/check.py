"""A workspace's register, examined: what `tilsyn check` tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from tilsyn.base.cpr import mask
from tilsyn.base.database import within_memory
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.base.steps import step
from tilsyn.formats.registers.table import RegisterTable
from tilsyn.procedure.check_deadlines import deadline_notes
from tilsyn.procedure.draw_frame import frame_rules, plain_rules
from tilsyn.sampling.frame import FrameReport, examine, newest_date
from tilsyn.sampling.frame_columns import ColumnReport
from tilsyn.sampling.frame_rules import FrameRules, Reading
from tilsyn.sampling.row_problems import RowProblem, grouped
from tilsyn.workspace.complaints import complaints_file, open_complaints
from tilsyn.workspace.periods import period_of_day
from tilsyn.workspace.registers import Source, given_as_of, open_register
from tilsyn.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tilsyn.formats.complaints import ComplaintList

# Case numbers that look unlike the others are odd when they are so few; else the register has two kinds.
ODD_SHARE = 0.05


@dataclass(frozen=True)
class CheckedComplaints:
    """The list of complaints, and what is wrong in it, held against the register too."""

    found: ComplaintList
    problems: list[RowProblem]


@dataclass(frozen=True)
class Examined:
    """A register and what its frame is for a period; None where none was given and it holds no date.

    `asked` is the period that was given, `problems` are those of the report as they are told.
    """

    register: RegisterTable
    report: FrameReport
    asked: Period | None
    period: Period | None
    rules: FrameRules
    columns: list[ColumnReport]
    problems: list[Problem]
    complaints: CheckedComplaints | None = None

    def every_problem(self) -> list[Problem]:
        """Return the problems one by one, as many as there are."""
        report = self.report
        of_list = [] if self.complaints is None else self.complaints.problems
        return [*_named(self.register, [*report.examination.problems(listed=None), *report.about]), *of_list]


@step("steps.examining")
@within_memory()
def examine_register(
    workspace: Workspace,
    period: Period | None,
    level: int | None = None,
    path: Source | None = None,
    as_of: date | None = None,
) -> Examined:
    """Read the register of a workspace, or another file, and examine its frame.

    Without a period, it is the one that holds the register's `as_of`, by the level's cadence (level 2's by
    default).
    """

    def read_by(headings: Mapping[str, str]) -> Reading:
        return Reading(plain_rules(workspace, headings, period, as_of, level), tuple(headings))

    register = open_register(workspace, period, path, read_by)
    day = as_of or given_as_of(workspace, period, path)
    asked = period
    if period is None:
        newest = newest_date(register.relation, frame_rules(workspace, register, None, day))
        period = None if newest is None else period_of_day(workspace, newest, level or 2)
    rules = frame_rules(workspace, register, period, day, level)
    report = examine(register.relation, rules, period, register.whole)
    columns = report.examination.columns()
    problems = [*report.problems, *_odd_looks(columns)]
    told = [*_named(register, grouped(problems)), *deadline_notes(workspace, report)]
    complaints = check_complaints(workspace, period, report)
    return Examined(register, report, asked, period, rules, columns, told, complaints)


def check_complaints(
    workspace: Workspace, period: Period | None, report: FrameReport
) -> CheckedComplaints | None:
    """Read the list of complaints of a period, and hold it against the register; None where there is none."""
    if period is None or complaints_file(workspace, period) is None:
        return None
    found = open_complaints(workspace, period)
    known = report.examination.units_of({row.case_id for row in found.complaints})
    strange = [
        found.problem(row.row, "not_in_register", "case_id", {"value": mask(row.case_id)}, "note")
        for row in found.complaints
        if row.case_id not in known
    ]
    return CheckedComplaints(found, sorted([*found.problems, *strange], key=lambda row: row.kind != "error"))


def _named(register: RegisterTable, problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems of the rows and of how they were read, with the register's name."""
    there = [*problems, *register.notes]
    named = [replace(problem, file=register.origin.name) for problem in there]
    return sorted(named, key=lambda problem: problem.kind != "error")


def _odd_looks(columns: Sequence[ColumnReport]) -> Iterator[Problem]:
    """Tell of case numbers that look unlike nearly all others."""
    for column in columns:
        if column.column == "case_id" and column.different and column.different <= ODD_SHARE * column.n:
            values = {"n": number(column.different), "example": column.example}
            found, remedy = say("register.odd_look", **values), say("register.odd_look_remedy")
            yield Problem(found, remedy, column=column.heading, kind="note")
