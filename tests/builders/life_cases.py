"""The cases of a life, and the registers that are taken out of them: a file for each quarter."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

UNITS = {"Nord": ("NO1", "NO2"), "Syd": ("SY1", "SY2"), "Døgnvagten": ("DV1", "DV2")}
# How many of a hundred cases are a unit's.
_SHARES = (45, 45, 10)
HEADINGS = "Sagsnr;Enhed;Sagsbehandler;Sagstype;Oprettet;Lukket"
_TYPES = ("Underretning", "Børnefaglig undersøgelse", "Anbringelse")
# A row that is a note, and one that stops the draw until somebody has taken the register out again.
SLIPS = {
    "misspelt": "2017-9001;Nrod;NO1;Anbringelse;{opened};",
    "two units": "2017-9003;Syd;NO1;Anbringelse;{opened};",
}
STOPS = {
    "twice": "{first}",
    "no unit": "2017-9002;;SY1;Anbringelse;{opened};",
    "no date": "2017-9003;Syd;SY1;Anbringelse;ukendt;",
    "direction": "2017-90\u200e04;Nord;NO1;Anbringelse;{opened};",
}


@dataclass(frozen=True)
class LivedCase:
    """A case: whose it is, and when it was opened and closed."""

    number: str
    unit: str
    caseworker: str
    case_type: str
    opened: date
    closed: date

    def row(self, as_of: date) -> str:
        """Return it as the register has it on a day."""
        closed = f"{self.closed:%d-%m-%Y}" if self.closed <= as_of else ""
        parts = (self.number, self.unit, self.caseworker, self.case_type, f"{self.opened:%d-%m-%Y}", closed)
        return ";".join(parts)


def cases(rng: random.Random, first: date, last: date) -> list[LivedCase]:
    """Return the cases of a life: some sixty open at a time."""
    return list(_cases(rng, first, last))


def _cases(rng: random.Random, first: date, last: date) -> Iterator[LivedCase]:
    opened = first - timedelta(400)
    numbers: dict[int, int] = {}
    while opened < last:
        unit = rng.choices(list(UNITS), _SHARES)[0]
        numbers[opened.year] = numbers.get(opened.year, 0) + 1
        yield LivedCase(
            f"{opened.year}-{numbers[opened.year]:04}",
            unit,
            rng.choice(UNITS[unit]),
            rng.choice(_TYPES),
            opened,
            opened + timedelta(rng.randrange(60, 600)),
        )
        opened += timedelta(rng.randrange(3, 9))


def register_text(known: list[LivedCase], as_of: date, extra: str = "") -> str:
    """Return the register as it is taken out on a day, with a row that somebody has made a mess of."""
    listed = [case for case in known if case.opened <= as_of and case.closed > as_of - timedelta(200)]
    rows = [case.row(as_of) for case in listed]
    if extra:
        rows.insert(len(rows) // 2, extra.format(first=rows[0], opened=f"{as_of - timedelta(90):%d-%m-%Y}"))
    return "\n".join([HEADINGS, *rows]) + "\n"
