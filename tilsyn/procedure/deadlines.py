"""Time limits measured on every case of the register: what `tilsyn deadlines` tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.base import clock
from tilsyn.base.aliases import column_word
from tilsyn.base.database import within_memory
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.steps import step
from tilsyn.compliance.deadline_cases import DeadlineCases, reading_rules, unanswerable
from tilsyn.compliance.deadline_figures import LateCase, MeasuredRule, late_cases, measured
from tilsyn.compliance.deadline_measurement import DeadlineMeasurement
from tilsyn.compliance.deadline_readings import LimitReading, limit_reading
from tilsyn.compliance.deadline_states import judged
from tilsyn.compliance.quiet_periods import quiet_periods
from tilsyn.formats.registers.table import RegisterOrigin
from tilsyn.procedure.draw_frame import frame_rules, plain_rules
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.sampling.frame import examine
from tilsyn.sampling.frame_rules import Reading
from tilsyn.settings.deadline_rules import DeadlineRule
from tilsyn.settings.schema import Register
from tilsyn.workspace.registers import Source, given_as_of, is_own, open_register
from tilsyn.workspace.workspace import Workspace

# The yearly measurement is of the cases of May.
MONTH = 5
USUAL_BY = ("unit", "case_type")


@dataclass(frozen=True)
class DeadlineRequest:
    """What to measure: the limits that begin in a period (the newest whole May unless given), of a register.

    `by` are columns that the figures are broken down by, as they are given. No case over its limit, or long
    quiet, leaves the register unless they are `named`.
    """

    period: Period | None = None
    register: Source | None = None
    as_of: date | None = None
    by: Sequence[str] = ()
    named: bool = False


@dataclass(frozen=True)
class MeasuredRegister:
    """What was measured of a register, where it came from, and whether its day was given."""

    found: DeadlineMeasurement
    origin: RegisterOrigin
    as_of_given: bool


@step("steps.measuring")
@within_memory()
def measure_deadlines(workspace: Workspace, wanted: DeadlineRequest) -> MeasuredRegister:
    """Measure the time limits of the settings; refused where they name none."""
    deadlines = workspace.settings.deadline
    if not deadlines:
        raise Refused(say("deadlines.no_rules"), say("deadlines.no_rules_remedy"))
    by = _columns(workspace.settings.register, wanted.by)
    asked = wanted.period or _period_of_files(workspace, wanted)

    def read_by(headings: Mapping[str, str]) -> Reading:
        read = reading_rules(plain_rules(workspace, headings, None, wanted.as_of), deadlines, by)
        return Reading(read, read.judged)

    register = open_register(workspace, asked, wanted.register, read_by)
    day = wanted.as_of or given_as_of(workspace, asked, wanted.register)
    rules = reading_rules(frame_rules(workspace, register, None, day), deadlines, by)
    report = examine(register.relation, rules, None, register.whole)
    if report.as_of is None:
        raise Refused(say("deadlines.no_dates"), say("deadlines.no_dates_remedy"))
    settled = workspace.settings.hverdage
    working_days = WorkingDays(**settled.model_dump(), chosen=settled.chosen)
    cases = DeadlineCases(report, report.as_of, working_days)
    period = asked or yearly_period(report.as_of)
    tables = {
        rule.name: judged(cases, place, rule, period)
        for place, rule in enumerate(deadlines)
        if not unanswerable(rule, rules)
    }
    answered = [rule for rule in deadlines if rule.name in tables]
    late = [case for rule in answered if wanted.named for case in late_cases(cases, rule, tables[rule.name])]
    quiet, quiet_cases = quiet_periods(cases, period)
    found = DeadlineMeasurement(
        period=period,
        as_of=report.as_of,
        file=register.origin.name,
        by=by,
        few=workspace.settings.limits.min_relevant,
        n_cases=cases.n,
        left_out=cases.left_out,
        rules=[
            measured(cases, rule, tables[rule.name], by)
            if rule.name in tables
            else MeasuredRule(rule, lacking=unanswerable(rule, rules))
            for rule in deadlines
        ],
        quiet=quiet,
        late=_gravest_first(late),
        quiet_cases=quiet_cases if wanted.named else [],
        readings=[one for rule in answered for one in _readings(workspace, cases, rule, period)],
        simulated=workspace.settings.simulated,
        saturdays_chosen="saturdays" in settled.chosen,
    )
    return MeasuredRegister(found, register.origin, rules.as_of is not None)


def _gravest_first(late: Iterable[LateCase]) -> list[LateCase]:
    """Return the cases over a limit, those still open first and the latest of them first."""
    return sorted(late, key=lambda case: (not case.open, -case.days_over, case.case_id))


def _readings(
    workspace: Workspace, cases: DeadlineCases, rule: DeadlineRule, period: Period
) -> Iterator[LimitReading]:
    """Yield the register beside what readers answered to a rule's question, for each draw of the period."""
    if rule.question is None:
        return
    for draw in workspace.draws.in_force():
        if draw.period.within(period) or period.within(draw.period):
            answers = {
                case.drawn.case_id: told.answer
                for case in workspace.ledger(draw).in_force
                for told in case.resolved
                if told.question == rule.question and told.answer is not None
            }
            if answers:
                values = {"level": workspace.level_words(draw).title, "period": draw.period.label()}
                reader = say("deadlines.reading_of", **values)
                yield limit_reading(cases, rule, draw.draw_id, reader, answers)


def _period_of_files(workspace: Workspace, wanted: DeadlineRequest) -> Period | None:
    """Return the newest whole May where the register has a file for each period; else its day decides."""
    if not is_own(wanted.register) or "{period}" not in (workspace.settings.register.path or ""):
        return None
    return yearly_period(wanted.as_of or clock.today())


def yearly_period(as_of: date) -> Period:
    """Return the newest May that had passed on a day.

    >>> yearly_period(date(2018, 6, 30)).canonical, yearly_period(date(2018, 5, 30)).canonical
    ('2018-05', '2017-05')
    """
    may = Period.parse(f"{as_of.year}-{MONTH:02}")
    return may if may.end <= as_of else Period.parse(f"{as_of.year - 1}-{MONTH:02}")


def _columns(register: Register, by: Sequence[str]) -> tuple[str, ...]:
    """Return the columns asked for; the name of a person is a UsageError, and one that is not there."""
    dates = register.date_columns
    known = [name for name in register.read_columns if name not in ("case_id", "caseworker", *dates)]
    if not by:
        return tuple(name for name in USUAL_BY if name in known)
    # Here, because it knows of samples, which figures of a register do without.
    from tilsyn.procedure.samples import checked_names

    names = [name if name in known else column_word(name) for name in checked_names(by)]
    for name in names:
        if name not in known:
            remedy = say("compliance.by_unknown_remedy", known=", ".join(known))
            raise UsageError(say("compliance.by_unknown", name=name), remedy)
    return tuple(names)
