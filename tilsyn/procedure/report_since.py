"""What is new since an earlier report of a level, with the figures of then recomputed from the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tilsyn.base.aliases import program_word
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused
from tilsyn.base.which import Which, in_id
from tilsyn.compliance.method import Method
from tilsyn.compliance.table import compliance_table
from tilsyn.procedure.drawn_periods import covered_period
from tilsyn.procedure.log_since import LAST_REPORT, DrawNews, day_meant, is_of, news_since, since_count
from tilsyn.procedure.samples import known_sample
from tilsyn.reports.disclosure import NOTHING_WITHHELD
from tilsyn.reports.news import PeriodNews, SinceReport
from tilsyn.reports.parts import DOMAINS
from tilsyn.reports.suppression import Restraint, restraint
from tilsyn.reports.worlds import Rule
from tilsyn.reviews.changes import AnswerChanges
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.workspace.log import DRAWN, REPORTED, REVIEWS_RECORDED, Event, LogState, day_of
from tilsyn.workspace.workspace import Workspace


def what_is_new(workspace: Workspace, which: Which, until: Period, text: str, method: Method) -> SinceReport:
    """Return what is new of a level up to a period, since a day, an anchor or the last report."""
    state = workspace.log.trusted()
    last = program_word(text.strip()) == LAST_REPORT
    count = _before_the_news(state, which, until) if last else since_count(state, text, which)
    then = workspace.then(count)
    found: dict[Period, list[DrawNews]] = {}
    in_force = {draw.draw_id for draw in workspace.draws.in_force(which)}
    for one in news_since(workspace, count, which, then).draws:
        if one.draw.draw_id in in_force and one.draw.period.start <= until.end:
            found.setdefault(covered_period(one.draw), []).append(one)
    rule = Rule(method.few, workspace.settings.privacy.withhold_up_to, method.confidence)
    periods = [
        _period([known_sample(one, which, period) for one in (then, workspace)], period, draws, rule)
        for period, draws in sorted(found.items())
    ]
    return SinceReport(day_meant(text) or _day(state, count), last, state.anchor(count), periods)


def _before_the_news(state: LogState, which: Which, until: Period) -> int:
    """Return the place after the newest report that came before something new of the level up to a period.

    So that a report says the same when it is written again, whatever reports were written after the news.
    """
    own = [(n, e) for n, e in enumerate(state.events, start=1) if is_of(e, which)]
    news = max((n for n, e in own if _is_news(e, until)), default=0)
    reports = [n for n, e in own if e["event"] == REPORTED and n < news]
    if not reports:
        raise Refused(say("report.since_first"), say("report.since_first_remedy"))
    return reports[-1]


def _is_news(event: Event, until: Period) -> bool:
    named = in_id(event.get("draw_id", "")) if event["event"] in (DRAWN, REVIEWS_RECORDED) else None
    return named is not None and Period.parse(named[0]).start <= until.end


def _day(state: LogState, count: int) -> date:
    """Return the day of the last of the first events; there are some where there is a report."""
    return day_of(state.events[max(count - 1, 0)])


def _period(
    samples: Sequence[ReviewedSample | None], period: Period, draws: Sequence[DrawNews], rule: Rule
) -> PeriodNews:
    """Compare the samples of a period, then and now."""
    method = Method(rule.confidence, few=rule.few)
    rows = [None if sample is None else compliance_table(sample, (), method) for sample in samples]
    held = [_held_back(sample, rule) for sample in samples]
    each = [vars(one.answers) for one in draws]
    changes = AnswerChanges(**{name: sum(counts[name] for counts in each) for name in each[0]})
    # Also where another draw was in force then.
    then, now = (0 if sample is None else sample.n_reviewed for sample in samples)
    changes = replace(changes, reviewed_then=then, reviewed_now=now)
    return PeriodNews(period, changes, rows[0], rows[1], (held[0], held[1]))


def _held_back(sample: ReviewedSample | None, rule: Rule) -> Restraint:
    if sample is None:
        return NOTHING_WITHHELD
    return restraint(sample, [name for name in DOMAINS if name in sample.cases], rule)
