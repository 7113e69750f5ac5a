"""Complaints that nobody made: one on each case that the made-up register says has had one."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from tilsyn.base.periods import Period
from tilsyn.formats.files import write_bytes
from tilsyn.procedure.simulated_heads import Chance, pick
from tilsyn.procedure.simulation import BASELINE, LATER, chance

COMPLAINTS = "klager-{period}.csv"
_HEADINGS = ("Sagsnr", "Modtaget", "Kvitteret", "Besvaret", "Klagens art", "Udfald")
_KINDS = {"Afgørelse": 0.35, "Sagsbehandlingstid": 0.35, "Samvær": 0.30}
_OUTCOMES = {"Stadfæstet": 0.50, "Hjemvist": 0.25, "Medhold": 0.25}
# In days: how long before the register the first one came, and the last acknowledgement and reply after it.
_SPAN, _ACKNOWLEDGED, _ANSWERED = 200, 14, 60
_DAY = "%d-%m-%Y"


def write_complaints(register: Path, seed: str, period: Period) -> Path:
    """Write the list of complaints beside a made-up register, and return its path.

    Parameters
    ----------
    register : Path
        What `write_registers` wrote for the period.
    seed : str
        The same seed gives the same complaints; one on a case in two registers is the same in both.
    period : Period
    """
    with register.open(encoding="cp1252", newline="") as lines:
        complained = [row for row in csv.DictReader(lines, delimiter=";") if row["Klage"] == "Ja"]
    rows = [_complaint(row, period, partial(chance, seed, "complaint", row["Sagsnr"])) for row in complained]
    text = "".join(";".join(row) + "\r\n" for row in (_HEADINGS, *sorted(rows)))
    path = register.with_name(COMPLAINTS.format(period=period.canonical))
    return write_bytes(path, text.encode("cp1252"), overwrite=True)


def _complaint(row: Mapping[str, str], period: Period, drawn: Chance) -> tuple[str, ...]:
    """A complaint as it is known at the end of a quarter: what has not happened by then is empty."""
    opened = datetime.strptime(row["Oprettet"], _DAY).date()
    end = (BASELINE if opened <= BASELINE.end else LATER).end
    first = max(opened, end - timedelta(days=_SPAN))
    received = first + timedelta(days=int(drawn("received") * ((end - first).days + 1)))
    answered = received + timedelta(days=3 + int(drawn("answered") * _ANSWERED))
    acknowledged = min(answered, received + timedelta(days=int(drawn("acknowledged") * _ACKNOWLEDGED)))

    def known(day: date) -> str:
        return day.strftime(_DAY) if day <= period.end else ""

    outcome = pick(_OUTCOMES, drawn("outcome")) if known(answered) else ""
    kind = pick(_KINDS, drawn("kind"))
    return row["Sagsnr"], known(received), known(acknowledged), known(answered), kind, outcome
