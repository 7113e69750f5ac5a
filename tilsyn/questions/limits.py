"""Time limits as the law has them: what a catalogue can say, between dates that have names.

`4 months from behov_kendt to undersoegelse_afsluttet`; `barnet_hoert before afgoerelse_dato`; the earliest of
two, `earliest of (3 months from indsats_start, day of parallel) to opfoelgning`; and one that depends on the
case, `if afgoerelse = anb_uden: plan_dato before afgoerelse_dato; else: 3 months from …`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tilsyn.questions.conditions import Condition, parse

UNITS = ("hours", "weekdays", "days", "weeks", "months", "years")
_NAME = r"[a-z][a-z0-9_]*"
_SPAN = re.compile(
    rf"(?:(?P<amount>[1-9]\d{{0,2}})\s+(?P<unit>{'|'.join(unit + '?' for unit in UNITS)})\s+from"
    rf"|day\s+of)\s+(?P<start>{_NAME})"
)
_WITHIN = re.compile(rf"(?P<span>.+?)\s+to\s+(?P<end>{_NAME})")
_EARLIEST = re.compile(rf"earliest\s+of\s+\((?P<spans>[^()]+)\)\s+to\s+(?P<end>{_NAME})")
_BEFORE = re.compile(rf"(?P<event>{_NAME})\s+before\s+(?P<reference>{_NAME})")
_EITHER = re.compile(
    r"if\s+(?P<condition>[^:]+(?::[^\s:][^:]*)*?):\s+(?P<then>.+);\s*else:\s+(?P<otherwise>.+)"
)


@dataclass(frozen=True)
class Span:
    """So long from a date on; the day itself where the amount is 0."""

    start: str
    amount: int = 0
    unit: str = "days"

    def __str__(self) -> str:
        return f"{self.amount} {self.unit} from {self.start}" if self.amount else f"day of {self.start}"


@dataclass(frozen=True)
class Within:
    """A date is to come within a span, or within the earliest that ends of two."""

    spans: tuple[Span, ...]
    end: str

    @property
    def dates(self) -> tuple[str, ...]:
        """The dates it names, in order."""
        return (*(span.start for span in self.spans), self.end)

    @property
    def condition(self) -> Condition | None:
        """What it depends on beside dates."""
        return None

    def __str__(self) -> str:
        listed = ", ".join(map(str, self.spans))
        return f"earliest of ({listed}) to {self.end}" if len(self.spans) > 1 else f"{listed} to {self.end}"


@dataclass(frozen=True)
class Before:
    """A date is to come before another; two dates can prove that it did not."""

    event: str
    reference: str

    @property
    def dates(self) -> tuple[str, ...]:
        """The dates it names."""
        return (self.event, self.reference)

    @property
    def condition(self) -> Condition | None:
        """What it depends on beside dates."""
        return None

    def __str__(self) -> str:
        return f"{self.event} before {self.reference}"


@dataclass(frozen=True)
class Either:
    """One limit where a condition holds, another where it does not."""

    condition: Condition
    then: Within | Before
    otherwise: Within | Before

    @property
    def dates(self) -> tuple[str, ...]:
        """The dates that both name, each once."""
        return tuple(dict.fromkeys((*self.then.dates, *self.otherwise.dates)))

    def __str__(self) -> str:
        return f"if {self.condition}: {self.then}; else: {self.otherwise}"


Limit = Within | Before | Either


def parse_limit(text: str) -> Limit:
    """Read a limit; a ValueError holds the part that cannot be read.

    >>> str(parse_limit("if a = b: x before y; else: 3 months from y to x"))
    'if a = b: x before y; else: 3 months from y to x'
    >>> parse_limit("6 weekdays from modtaget to sendt").spans
    (Span(start='modtaget', amount=6, unit='weekdays'),)
    """
    if found := _EITHER.fullmatch(text.strip()):
        return Either(parse(found["condition"]), _simple(found["then"]), _simple(found["otherwise"]))
    return _simple(text)


def _simple(text: str) -> Within | Before:
    text = text.strip()
    if found := _BEFORE.fullmatch(text):
        return Before(found["event"], found["reference"])
    if found := _EARLIEST.fullmatch(text):
        spans = tuple(map(_span, found["spans"].split(",")))
        if len(spans) > 1:
            return Within(spans, found["end"])
    elif found := _WITHIN.fullmatch(text):
        span = _span(found["span"])
        if span.amount:
            return Within((span,), found["end"])
    raise ValueError(text)


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError(text.strip())
    if not found["amount"]:
        return Span(found["start"])
    unit = next(unit for unit in UNITS if unit.startswith(found["unit"]))
    return Span(found["start"], int(found["amount"]), unit)


def references(limit: Limit) -> tuple[str, ...]:
    """Return the dates that a limit is reckoned from: what stands in the column *Frist fra*.

    >>> references(parse_limit("earliest of (3 months from a, day of b) to c"))
    ('a', 'b')
    """
    if isinstance(limit, Either):
        return tuple(dict.fromkeys((*references(limit.then), *references(limit.otherwise))))
    return limit.dates[:-1] if isinstance(limit, Within) else (limit.reference,)


def event(limit: Limit) -> str:
    """Return the date that is to come in time: what stands in the column *Sket*."""
    if isinstance(limit, Either):
        return event(limit.then)
    return limit.end if isinstance(limit, Within) else limit.event
