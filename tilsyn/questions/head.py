"""The case head as limits and conditions see it: what is asked, what is usual, what follows from others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from tilsyn.base.durations import add_months
from tilsyn.questions.conditions import Known
from tilsyn.questions.facts import REGIME, REVIEWED_ON
from tilsyn.questions.question_set import QuestionSet

Moment = date | datetime
# Whole months from one date of the head to another: what a computed fact is.
MONTHS = "indsats_maaneder"
MONTHS_FROM = "indsats_start"


class Head:
    """A case's head; `dates` are those that count, of the head and beside questions."""

    def __init__(
        self,
        question_set: QuestionSet,
        facts: Mapping[str, str],
        dates: Mapping[str, Moment],
        regime: str | None,
    ) -> None:
        self._facts = {fact.name: fact for fact in question_set.facts}
        self._values = {**facts, **({REGIME: regime} if regime else {})}
        self._given = dates
        self._asked: dict[str, bool | None] = {}
        self.dates = {name: at for name, at in dates.items() if self._counts(name)}
        for asked in question_set.dates:
            if asked.name not in self.dates and asked.default in self.dates:
                self.dates[asked.name] = self.dates[asked.default]

    def knows(self, name: str) -> bool:
        """Tell whether a name is a fact's."""
        return name in self._facts

    def asked(self, name: str) -> bool | None:
        """Tell whether a fact is asked; None while that is not known."""
        if name not in self._asked:
            fact = self._facts.get(name)
            condition = fact.asked_when if fact else None
            self._asked[name] = True if condition is None else condition.holds(self.look)
        return self._asked[name]

    def look(self, name: str) -> Known:
        """Return what is known of a fact: its code, or a date's ISO text."""
        return Known(self._value(name), self.asked(name))

    def _value(self, name: str) -> str | None:
        if name == REGIME:
            return self._values.get(REGIME)
        fact = self._facts[name]
        if name == MONTHS:
            return self._months()
        if fact.is_date:
            at = self._given.get(name)
            return at.isoformat() if at else None
        return self._values.get(name) or fact.usual

    def _months(self) -> str | None:
        """Return the whole months that a measure has run on the day of the reading."""
        start, now = _day(self._given.get(MONTHS_FROM)), _day(self._given.get(REVIEWED_ON))
        if start is None or now is None:
            return None
        months = (now.year - start.year) * 12 + now.month - start.month
        return str(months if add_months(start, months) <= now else months - 1)

    def _counts(self, name: str) -> bool:
        """Tell whether a date counts: one that the head does not ask any longer does not."""
        return name not in self._facts or self.asked(name) is not False


def _day(moment: Moment | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment
