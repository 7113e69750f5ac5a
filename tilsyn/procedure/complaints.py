"""What became of the complaints of a period, and the compliance of the cases that they were about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tilsyn.base import clock
from tilsyn.base.database import within_memory
from tilsyn.base.durations import Duration
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.which import Which
from tilsyn.compliance.complaints import (
    ComplaintFigures,
    ComplaintFlow,
    ReplyLimits,
    as_they_stood,
    figures_of,
    flow_of,
    overdue,
    words_of,
)
from tilsyn.compliance.method import Method
from tilsyn.compliance.naming import ALL_QUESTIONS, WITHOUT_FAULT, row_meant, titles_of
from tilsyn.procedure.draw_frame import frame_rules
from tilsyn.procedure.drawn_periods import limits_of
from tilsyn.procedure.samples import from_workspace
from tilsyn.reports.complaints import PublicComplaints, published
from tilsyn.reports.worlds import Rule
from tilsyn.sampling.complaints import COMPLAINED_NO, COMPLAINED_YES, Complaint, complained
from tilsyn.sampling.frame import examine
from tilsyn.settings.complaints import COMPLAINED
from tilsyn.workspace.complaints import open_complaints
from tilsyn.workspace.registers import Source, given_as_of, open_register
from tilsyn.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from tilsyn.compliance.tally import Scheme


@dataclass(frozen=True)
class ComplaintsReviewed:
    """Rows of the compliance table of a level: all cases, those complained of, and the others."""

    level: Which
    rows: pd.DataFrame
    titles: dict[str, str]


@dataclass(frozen=True)
class ComplaintsMeasured:
    """The complaints received in a period, what became of them, and what was found where they were about.

    `units` names the unit of each case that the register has. `reviewed` is None where nothing is reviewed,
    which a message says.
    """

    period: Period
    limits: ReplyLimits
    received_within: str
    few: int
    withhold_up_to: int
    complaints: Sequence[Complaint]
    units: dict[str, str]
    figures: list[ComplaintFigures]
    flow: ComplaintFlow
    late: list[tuple[Complaint, date]]
    reviewed: ComplaintsReviewed | None
    messages: list[str]

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """How many complaints are of each kind, by the words of the list."""
        return words_of(one.kind for one in self.complaints)

    @property
    def outcomes(self) -> list[tuple[str, int]]:
        """What the answered complaints came to, by the words of the list."""
        return words_of(one.outcome for one in self.complaints if one.answered is not None)

    def public(self) -> PublicComplaints:
        """Return what of it everybody may see."""
        return published(self.figures, self.outcomes, self.kinds, Rule(self.few, self.withhold_up_to))

    def late_rows(self) -> list[dict[str, Any]]:
        """Return the open complaints over their limit, also of earlier periods, by case number."""
        return [
            {
                "case_id": one.case_id,
                "unit": self.units.get(one.case_id),
                "received": one.received.isoformat(),
                "last_day": last.isoformat(),
                "days_over": (self.limits.today - last).days,
            }
            for one, last in self.late
        ]


def measure_complaints(
    workspace: Workspace,
    period: Period,
    level: Which | None = None,
    register: Source | None = None,
    as_of: date | None = None,
) -> ComplaintsMeasured:
    """Measure the complaints of a period; `InputError` where the list has errors, refused where is none.

    They are counted as they stood on the day `as_of`: unless it is given, that of the list.
    `level` is level 2, or the plan's first, unless it is given.
    """
    settings = workspace.settings.complaints
    found = open_complaints(workspace, period)
    day = as_of or _day(workspace, period, found.without_errors())
    every = as_they_stood(found.complaints, day)
    limits = ReplyLimits(
        day,
        _duration(settings.reply_within),
        _duration(settings.acknowledge_within),
        "acknowledged" in found.headings,
    )
    own = [one for one in every if period.start <= one.received <= period.end]
    units = _units(workspace, period, {one.case_id for one in every}, register)
    messages: list[str] = []
    try:
        reviewed = _reviewed(
            workspace,
            period,
            _usual_level(workspace, period) if level is None else level,
            complained(every, period.end, settings.received_within),
        )
    except Refused as refused:
        reviewed = None
        messages.append(refused.message)
    return ComplaintsMeasured(
        period=period,
        limits=limits,
        received_within=settings.received_within,
        few=workspace.settings.limits.min_relevant,
        withhold_up_to=workspace.settings.privacy.withhold_up_to,
        complaints=own,
        units=units,
        figures=figures_of(own, units, limits),
        flow=flow_of(every, period),
        late=[] if limits.reply is None else overdue(every, limits.reply, limits.today),
        reviewed=reviewed,
        messages=messages,
    )


def _usual_level(workspace: Workspace, period: Period) -> int:
    """Return level 2, or the first of a plan that has none."""
    levels = workspace.plan_for(period).levels
    return 2 if 2 in levels else min(levels)


def _day(workspace: Workspace, period: Period, complaints: Sequence[Complaint]) -> date:
    """Return the day that a list is of: today, but of a period's own list the last that it tells of."""
    if "{period}" not in str(workspace.settings.complaints.path):
        return clock.today()
    told = [day for one in complaints for day in (one.received, one.acknowledged, one.answered) if day]
    return min(clock.today(), max([period.end, *told]))


def _duration(text: str | None) -> Duration | None:
    return None if text is None else Duration.parse(text)


@within_memory()
def _units(
    workspace: Workspace, period: Period, cases: Collection[str], register: Source | None
) -> dict[str, str]:
    """Return the unit of each of the cases that the register has, whether or not it can be drawn."""
    opened = open_register(workspace, period, register)
    rules = frame_rules(workspace, opened, period, given_as_of(workspace, period, register))
    known = examine(opened.relation, rules, period).examination.units_of(cases)
    return {case_id: unit for case_id, unit in known.items() if unit is not None}


def _reviewed(workspace: Workspace, period: Period, level: Which, cases: Sequence[str]) -> ComplaintsReviewed:
    """Return the questions of the settings over the reviewed cases; all together where none is named."""
    from tilsyn.compliance.table import compliance_table
    from tilsyn.compliance.tally import Scheme

    sample = from_workspace(workspace, level, period)
    limits = limits_of(workspace, level, period)
    column = sample.cases["case_id"].isin(cases).map({True: COMPLAINED_YES, False: COMPLAINED_NO})
    marked = replace(sample, cases=sample.cases.assign(**{COMPLAINED: column}))
    wanted = _questions(workspace, Scheme.of(sample))
    method = Method(limits.confidence, few=limits.min_relevant, wide=limits.wide)
    rows = compliance_table(marked, [COMPLAINED], method)
    rows = rows[rows["question"].isin(wanted)]
    rows = rows.sort_values("question", key=lambda names: names.map(wanted.index), kind="stable")
    return ComplaintsReviewed(level, rows.reset_index(drop=True), titles_of(sample.questions))


def _questions(workspace: Workspace, scheme: Scheme) -> list[str]:
    named = workspace.settings.complaints.questions
    if not named:
        return [ALL_QUESTIONS, WITHOUT_FAULT]
    found = [(text, row_meant(text, scheme.rows)) for text in named]
    if unknown := [text for text, row in found if row is None]:
        message = say("complaints.no_question", questions=", ".join(unknown))
        raise UsageError(message, say("complaints.no_question_remedy", known=", ".join(scheme.legal)))
    return [row for _, row in found if row is not None]
