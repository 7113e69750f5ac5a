"""What became of complaints: how many, how long they took, and their outcomes, over all and per unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tilsyn.base.canonical import same_name
from tilsyn.base.durations import Duration
from tilsyn.base.periods import Period
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.compliance.tally import UNKNOWN_DOMAIN
from tilsyn.sampling.complaints import Complaint
from tilsyn.statistics.survival import kaplan_meier


@dataclass(frozen=True)
class TimeTaken:
    """How long something took after a complaint was received, in days, and how it stands with its limit.

    What has not `ended` yet counts as open in `median` and `ninety` (the time within which 90 % ended), which
    are None where so many have not ended. Without a limit there is nothing within or over it.
    """

    ended: int
    open: int
    median: float | None
    ninety: float | None
    within: int | None = None
    over: int | None = None
    open_within: int | None = None
    open_over: int | None = None

    @property
    def decided(self) -> int:
        """Those that it can be said of whether they kept the limit."""
        return (self.within or 0) + (self.over or 0) + (self.open_over or 0)

    @property
    def share(self) -> float | None:
        """The share within the limit of those that it can be said of; None where there are none."""
        return (self.within or 0) / self.decided if self.decided else None


@dataclass(frozen=True)
class ComplaintFigures:
    """The complaints received in a period, of all or of a unit; `acknowledgement` where the list has it."""

    domain: str
    received: int
    answered: int
    reply: TimeTaken
    acknowledgement: TimeTaken | None

    @property
    def open(self) -> int:
        """Those that nobody has answered."""
        return self.received - self.answered


@dataclass(frozen=True)
class ComplaintFlow:
    """The stock of open complaints before and after a period, and what came and went in it."""

    open_before: int
    received: int
    answered: int
    open_after: int


@dataclass(frozen=True)
class ReplyLimits:
    """The limits that complaints are held against on a day; None where there is none."""

    today: date
    reply: Duration | None = None
    acknowledge: Duration | None = None
    acknowledged_known: bool = False


def as_they_stood(complaints: Iterable[Complaint], day: date) -> list[Complaint]:
    """Return complaints as they stood on a day: without those that came later, and what was done later."""

    def until(done: date | None) -> date | None:
        return None if done is None or done > day else done

    return [
        replace(one, acknowledged=until(one.acknowledged), answered=until(one.answered))
        for one in complaints
        if one.received <= day
    ]


def figures_of(
    complaints: Sequence[Complaint], units: Mapping[str, str], limits: ReplyLimits
) -> list[ComplaintFigures]:
    """Count over all complaints and per unit, by name; cases whose unit is not known come last.

    >>> one = Complaint(row=2, case_id="1", received=date(2018, 4, 1), answered=date(2018, 4, 11))
    >>> [(row.domain, row.reply.median) for row in figures_of([one], {}, ReplyLimits(date(2018, 7, 1)))]
    [('all', 10.0), ('unit=uoplyst', 10.0)]
    """
    of_unit: dict[str, list[Complaint]] = {}
    for one in complaints:
        of_unit.setdefault(units.get(one.case_id, UNKNOWN_DOMAIN), []).append(one)
    names = sorted(of_unit, key=lambda name: (name == UNKNOWN_DOMAIN, name))
    rows = [(ALL_CASES, complaints), *((f"unit={name}", of_unit[name]) for name in names)]
    return [_figures(domain, own, limits) for domain, own in rows]


def _figures(domain: str, complaints: Sequence[Complaint], limits: ReplyLimits) -> ComplaintFigures:
    acknowledgement = None
    if limits.acknowledged_known:
        acknowledgement = _time(complaints, acknowledged_on, limits.today, limits.acknowledge)
    return ComplaintFigures(
        domain=domain,
        received=len(complaints),
        answered=sum(one.answered is not None for one in complaints),
        reply=_time(complaints, lambda one: one.answered, limits.today, limits.reply),
        acknowledgement=acknowledgement,
    )


def acknowledged_on(one: Complaint) -> date | None:
    """Return the day on which a complaint was acknowledged: a reply is one, too."""
    return min((day for day in (one.acknowledged, one.answered) if day is not None), default=None)


def _time(
    complaints: Sequence[Complaint],
    end_of: Callable[[Complaint], date | None],
    today: date,
    limit: Duration | None,
) -> TimeTaken:
    ends = [end_of(one) for one in complaints]
    days = [((end or today) - one.received).days for one, end in zip(complaints, ends, strict=True)]
    over = [end is not None for end in ends]
    found = kaplan_meier(days, over) if days else None
    median, ninety = (found.quantile(share) if found else None for share in (0.5, 0.9))
    standing: dict[str, int] = {}
    if limit is not None:
        names = [_standing(one, end, today, limit) for one, end in zip(complaints, ends, strict=True)]
        standing = {name: names.count(name) for name in ("within", "over", "open_within", "open_over")}
    return TimeTaken(sum(over), len(over) - sum(over), median, ninety, **standing)


def _standing(one: Complaint, end: date | None, today: date, limit: Duration) -> str:
    late = (end or today) > limit.after(one.received)
    return ("over" if late else "within") if end is not None else ("open_over" if late else "open_within")


def flow_of(complaints: Iterable[Complaint], period: Period) -> ComplaintFlow:
    """Count what was open when a period began, what came and was answered in it, and what was open after."""
    there = [one for one in complaints if one.received <= period.end]
    before = sum(_open_on(one, period.start) for one in there if one.received < period.start)
    received = sum(one.received >= period.start for one in there)
    after = sum(one.answered is None or one.answered > period.end for one in there)
    return ComplaintFlow(before, received, before + received - after, after)


def _open_on(one: Complaint, day: date) -> bool:
    return one.answered is None or one.answered >= day


def words_of(texts: Iterable[str]) -> list[tuple[str, int]]:
    """Count what a list says in words of its own, whatever their case, the commonest first.

    >>> words_of(["Medhold", "medhold", "", "Afvist"])
    [('Medhold', 2), ('Afvist', 1), ('', 1)]
    """
    spelt: dict[str, Counter[str]] = {}
    for text in texts:
        spelt.setdefault(same_name(text), Counter())[text] += 1
    counted = [(min(texts, key=lambda text: (-texts[text], text)), texts.total()) for texts in spelt.values()]
    return sorted(counted, key=lambda entry: (not entry[0], -entry[1], entry[0]))


def overdue(complaints: Iterable[Complaint], limit: Duration, today: date) -> list[tuple[Complaint, date]]:
    """Return the open complaints whose last day for a reply has passed, with that day, the oldest first."""
    open_ones = [(one, limit.after(one.received)) for one in complaints if one.answered is None]
    late = [(one, last) for one, last in open_ones if last < today]
    return sorted(late, key=lambda entry: (entry[1], entry[0].case_id))
