"""The complaints of a made-up municipality: a list beside the register of each quarter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from tilsyn.base.periods import Period
from tilsyn.formats.files import write_bytes
from tilsyn.procedure.simulation import chance

COMPLAINTS = "klager-{period}.csv"
COMPLAINT_HEADINGS = "Sagsnr;Modtaget;Kvitteret;Besvaret;Klagens art;Udfald"
# How many of the cases have a complaint, and in how many days before the list it was received.
SHARE, DAYS = 0.03, 300
# So many days a reply takes at most, and an acknowledgement.
REPLY, ACKNOWLEDGED = 70, 14
KINDS = ("Afgørelse", "Sagsbehandlingstid", "Samvær")
OUTCOMES = ("Stadfæstet", "Stadfæstet", "Hjemvist", "Medhold")


def write_complaints(folder: Path, seed: str, period: Period, cases: Iterable[str]) -> Path:
    """Write the complaints of a quarter's cases as they stood at its end; the same seed gives the same."""
    lines = [COMPLAINT_HEADINGS, *_rows(seed, period, sorted(cases))]
    path = folder / COMPLAINTS.format(period=period.canonical)
    return write_bytes(path, ("\r\n".join(lines) + "\r\n").encode("cp1252"), overwrite=True)


def _rows(seed: str, period: Period, cases: list[str]) -> Iterator[str]:
    for case in cases:

        def up_to(n: int, what: str, case: str = case) -> int:
            return int(chance(seed, "complaint", what, case) * n)

        if chance(seed, "complaint", case) < SHARE:
            received = period.end - timedelta(days=1 + up_to(DAYS, "received"))
            replied = received + timedelta(days=1 + up_to(REPLY, "replied"))
            acknowledged = received + timedelta(days=1 + up_to(ACKNOWLEDGED, "acknowledged"))
            outcome = OUTCOMES[up_to(len(OUTCOMES), "outcome")] if replied <= period.end else ""
            days = [received, acknowledged, replied]
            told = [_danish(day) if day <= period.end else "" for day in days]
            yield ";".join([case, *told, KINDS[up_to(len(KINDS), "kind")], outcome])


def _danish(day: date) -> str:
    return day.strftime("%d-%m-%Y")
