"""The heads of the demonstration's cases: what their reviewers find out before they answer anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tilsyn.base.periods import Period
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.limits import Before, Either, Limit, Within
from tilsyn.questions.reckoning import Reckoner

# A chance in [0, 1) that depends on its parts alone.
Chance = Callable[..., float]
Moment = date | datetime
# The chance that a case of a type has a thing.
_NOTIFIED = {"Underretning": 0.97, "Børnefaglig undersøgelse": 0.6, "Anbringelse": 0.35}
_ASSESSED = {"Underretning": 0.35, "Børnefaglig undersøgelse": 1.0, "Efterværn": 0.3}
_DECIDED = {"Underretning": 0.1, "Børnefaglig undersøgelse": 0.5}
_SHARES: Mapping[str, Mapping[str, float]] = {
    "underretning": {"anden": 0.75, "overgreb_foraelder": 0.15, "overgreb_anden": 0.10},
    "underretter": {"fagperson": 0.70, "privat": 0.20, "anonym": 0.10},
    "stoette_foer": {"ingen": 0.5, "tidligere": 0.2, "nu": 0.3},
    "screening": {"undersoegelse": 0.4, "afdaekning": 0.2, "intet_mere": 0.3, "ingen_anledning": 0.1},
    "aeresrelateret": {"nej": 0.97, "ja": 0.03},
    "undersoegelse": {"afsluttet": 0.75, "i_gang": 0.25},
    "soeskende": {"ingen": 0.3, "andre": 0.2, "under_15_hjemme": 0.5},
    "support": {"stoette": 0.85, "andet": 0.15},
    "placement": {"anb_samtykke": 0.65, "anb_uden": 0.22, "formand": 0.13},
    "medhold": {"ja": 0.55, "nej_skriftlig": 0.35, "nej_mundtlig": 0.10},
    "anbragt": {"under_1_aar": 0.4, "mindst_1_aar": 0.6},
    "plan": {"ja": 0.7, "besluttet": 0.1, "nej": 0.2},
    "opfoelgning": {"foerste": 0.35, "flere": 0.5, "ikke_endnu": 0.15},
    "sikkerhedsplan": {"hjemme": 0.7, "flytter": 0.3},
}


def pick(shares: Mapping[str, float], at: float) -> str:
    """Return the code that a chance falls on."""
    for code, share in shares.items():
        at -= share
        if at < 0:
            return code
    return code


@dataclass
class SimulatedHead:
    """A case's facts and dates; the dates that limits name are added as its questions are answered."""

    facts: dict[str, str]
    dates: dict[str, Moment]
    last: date
    chance: Chance
    reckoner: Reckoner = field(default_factory=lambda: Reckoner(WorkingDays(), None))

    @classmethod
    def of(cls, known: Mapping[str, object], quarter: Period, chance: Chance) -> SimulatedHead:
        """Return the head of a case of the register; `chance` is the case's own."""
        kind = str(known.get("case_type", ""))

        def has(name: str, odds: Mapping[str, float], usual: float) -> bool:
            return chance("fact", name) < odds.get(kind, usual)

        def one(name: str, shares: str = "") -> str:
            return pick(_SHARES[shares or name], chance("fact", name))

        placed = kind == "Anbringelse"
        assessed = has("undersoegelse?", _ASSESSED, 0.9)
        names = ("underretter", "stoette_foer", "screening", "aeresrelateret", "soeskende", "medhold", "plan")
        facts = {name: one(name) for name in (*names, "opfoelgning")}
        facts |= {
            "underretning": one("underretning") if has("underretning?", _NOTIFIED, 0.3) else "ingen",
            "barn_alder": str(int(chance("fact", "barn_alder") * 18)),
            "undersoegelse_pligt": "ja" if assessed or chance("fact", "pligt") < 0.05 else "nej",
            "undersoegelse": one("undersoegelse") if assessed else "ingen",
            "afgoerelse": "ingen",
            "anbragt": one("anbragt") if placed else "nej",
            "sikkerhedsplan": "nej",
        }
        if has("afgoerelse?", _DECIDED, 1.0):
            facts["afgoerelse"] = one("afgoerelse", "placement" if placed else "support")
        if str(known.get("safety_plan", "")).strip().lower() == "ja":
            facts["sikkerhedsplan"] = one("sikkerhedsplan")
        begins = quarter.start - timedelta(days=20 + int(chance("start") * 60))
        hour = timedelta(hours=8, minutes=int(chance("hour") * 480))
        arrived = datetime(begins.year, begins.month, begins.day) + hour
        dates: dict[str, Moment] = {
            "underretning_modtaget": arrived,
            "afgoerelse_dato": min(begins + timedelta(days=125), quarter.end - timedelta(days=5)),
            "indsats_start": begins - timedelta(days=60 + int(chance("measure") * 40)),
        }
        return cls(facts, dates, quarter.end, chance)

    def answered_by_dates(self, limit: Limit, kept: bool, part: float) -> bool:
        """Put the dates of a limit, kept or broken, and tell whether they alone decide the answer."""
        if isinstance(limit, Either):
            condition = limit.condition.terms[0]
            limit = limit.then if self.facts.get(condition.name) in condition.values else limit.otherwise
        if isinstance(limit, Before):
            return self._before(limit, kept, part)
        return self._within(limit, kept, part)

    def _before(self, limit: Before, kept: bool, part: float) -> bool:
        reference = self.dates.setdefault(limit.reference, self._some_day(limit.reference))
        days = 1 + int(part * 20)
        moved = reference + timedelta(days=-days if kept else days)
        at = moved.date() if isinstance(moved, datetime) else moved
        # An assessment does not end before anybody knew of a need.
        known = self.dates.get("behov_kendt")
        if known is None or at >= (known.date() if isinstance(known, datetime) else known):
            self.dates.setdefault(limit.event, at)
        return False

    def _within(self, limit: Within, kept: bool, part: float) -> bool:
        span = limit.spans[0]
        begins = self.dates.get("underretning_modtaget") if span.start == "behov_kendt" else None
        start = self.dates.setdefault(span.start, begins or self._some_day(span.start))
        if isinstance(start, datetime) and span.unit != "hours":
            start = self.dates[span.start] = start if span.start == "underretning_modtaget" else start.date()
        last = self.reckoner.verdict(Within((span,), limit.end), {span.start: start}).last
        assert last is not None
        if span.unit == "hours" and isinstance(start, datetime):
            hours = 1 + part * (span.amount - 2) if kept else span.amount + 2 + part * 60
            end = start + timedelta(minutes=round(hours * 60))
            # In a cell midnight is a date without a time.
            self.dates[limit.end] = end if (end.hour, end.minute) != (0, 0) else end + timedelta(minutes=1)
            return True
        first = start.date() if isinstance(start, datetime) else start
        days = int(part * ((last - first).days + 1)) if kept else (last - first).days + 1 + int(part * 30)
        # What has not happened when the case is read is an end that is left open.
        if (at := first + timedelta(days=days)) <= self.last:
            self.dates.setdefault(limit.end, at)
        return True

    def _some_day(self, name: str) -> date:
        return self.last - timedelta(days=100 + int(self.chance("date", name) * 40))
