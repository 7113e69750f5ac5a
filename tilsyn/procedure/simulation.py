"""A made-up municipality: its case register of two quarters, as an export from a real system looks.

Nobody living can be meant: every CPR-like number is of somebody born 1858 to 1899, and nobody has a name.
"""

from __future__ import annotations

import hashlib
import math
import random
from datetime import date, timedelta
from pathlib import Path

from tilsyn.base.periods import Period
from tilsyn.formats.files import write_bytes

BASELINE, LATER = Period.parse("2017-Q4"), Period.parse("2018-Q2")
# The month of level 1 in each quarter.
MONTHS = {BASELINE: Period.parse("2017-12"), LATER: Period.parse("2018-06")}
REGISTER = "sagsliste-{period}.csv"
FEWEST = 50

HEADINGS = (
    "Sagsnr", "CPR-nr", "Navn", "Enhed", "Afdeling", "Sagsbehandler", "Sagstype", "Paragraf", "Oprettet",
    "Afgørelsesdato", "Sidste aktivitet", "Lukket dato", "Status", "Sikkerhedsplan", "Klage",
)  # fmt: skip
# Unit, its code, and its share of the cases.
UNITS = (
    ("Amager", "AMA", 0.198),
    ("Bispebjerg", "BIS", 0.114),
    ("Brønshøj-Husum-Vanløse", "BRØ", 0.166),
    ("City-Østerbro", "CIT", 0.134),
    ("Døgnvagten", "DØG", 0.025),
    ("Nørrebro", "NØR", 0.190),
    ("Valby-Vesterbro-Kgs. Enghave", "VAL", 0.173),
)
# Case type, its paragraph, its share, and the chance that a decision has been made.
TYPES = (
    ("Forebyggende foranstaltning", "§ 52", 0.305, 0.97),
    ("Underretning", "§ 153", 0.243, 0.10),
    ("Børnefaglig undersøgelse", "§ 50", 0.204, 0.70),
    ("Anbringelse", "§ 52, stk. 3, nr. 7", 0.196, 1.0),
    ("Efterværn", "§ 76", 0.052, 1.0),
)
CASES_PER_CASEWORKER = 17
# Of the first quarter's cases, how many are still open two quarters later.
STAYS = 0.72


def chance(*parts: object) -> float:
    """Return a number in [0, 1) that depends on the parts alone: the same on every machine.

    Examples
    --------
    >>> chance("seed", 1) == chance("seed", 1), 0 <= chance("seed", 2) < 1
    (True, True)
    """
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
    return int(digest[:13], 16) / 16**13


def write_registers(folder: Path, seed: str, cases: int) -> dict[Period, Path]:
    """Write a register export for each of the two quarters.

    Parameters
    ----------
    folder : Path
    seed : str
        The same seed gives the same registers.
    cases : int
        Rows in each, at least `FEWEST`.

    Returns
    -------
    dict of Period to Path
        Windows-1252, semicolons, Danish headings, dd-mm-yyyy: as case systems export.
    """
    if cases < FEWEST:
        raise ValueError(f"at least {FEWEST} cases")
    rng = random.Random(f"{seed}\nregister")
    first = [_case(rng, number, BASELINE, cases, new=False) for number in range(cases)]
    stay = [row for row in first if not row["Lukket dato"] and rng.random() < STAYS]
    later = [_again(rng, row) for row in stay]
    later += [_case(rng, cases + n, LATER, cases, new=rng.random() < 0.8) for n in range(cases - len(later))]
    written = {}
    for period, rows in ((BASELINE, first), (LATER, later)):
        rng.shuffle(rows)
        # One unit typed by hand, as in every register: told of, and put right.
        rows[0]["Enhed"] = f" {rows[0]['Enhed'].lower()}"
        lines = [";".join(HEADINGS), *(";".join(row[name] for name in HEADINGS) for row in rows)]
        path = folder / REGISTER.format(period=period.canonical)
        text = "\r\n".join(lines) + "\r\n"
        written[period] = write_bytes(path, text.encode("cp1252"), overwrite=True)
    return written


def _pick(rng: random.Random, shares: list[float]) -> int:
    return rng.choices(range(len(shares)), weights=shares)[0]


def _case(rng: random.Random, number: int, period: Period, cases: int, *, new: bool) -> dict[str, str]:
    """A case as it stands in the register at the end of a quarter."""
    unit, code, share = UNITS[_pick(rng, [unit[2] for unit in UNITS])]
    kind, paragraph, _, decided_chance = TYPES[_pick(rng, [kind[2] for kind in TYPES])]
    worker = rng.randrange(max(1, math.ceil(share * cases / CASES_PER_CASEWORKER))) + 1
    span = 150 if new else 1100
    opened = period.end - timedelta(days=rng.randrange(3, span))
    quarter = (period.end - period.start).days
    activity = max(opened, period.end - timedelta(days=rng.randrange(quarter + 60)))
    closed = activity if rng.random() < 0.13 else None
    decided = ""
    if rng.random() < decided_chance and (activity - opened).days > 10:
        decided = _danish(opened + timedelta(days=rng.randrange(5, min(230, (activity - opened).days))))
    return {
        "Sagsnr": f"{opened.year}-{number + 1:07}",
        "CPR-nr": _impossible_cpr(rng),
        "Navn": f"Borger {number + 1:05}",
        "Enhed": unit,
        "Afdeling": f"Team {worker % 4 + 1}",
        "Sagsbehandler": f"{code}{worker:02}",
        "Sagstype": kind,
        "Paragraf": paragraph,
        "Oprettet": _danish(opened),
        "Afgørelsesdato": decided,
        "Sidste aktivitet": _danish(activity),
        "Lukket dato": _danish(closed) if closed else "",
        "Status": "Lukket" if closed else "Aktiv",
        "Sikkerhedsplan": "Ja" if rng.random() < 0.06 else "Nej",
        "Klage": "Ja" if rng.random() < 0.02 else "Nej",
    }


def _again(rng: random.Random, row: dict[str, str]) -> dict[str, str]:
    """An open case two quarters later."""
    activity = LATER.end - timedelta(days=rng.randrange((LATER.end - LATER.start).days + 60))
    closed = rng.random() < 0.12
    changed = {"Sidste aktivitet": _danish(activity), "Status": "Lukket" if closed else "Aktiv"}
    return row | changed | {"Lukket dato": _danish(activity) if closed else ""}


def _impossible_cpr(rng: random.Random) -> str:
    """A number like a CPR number: the seventh digit 5-8 with the years 58-99 means born 1858-1899."""
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(58, 99)
    return f"{day:02}{month:02}{year}-{rng.randint(5, 8)}{rng.randint(0, 999):03}"


def _danish(day: date) -> str:
    return day.strftime("%d-%m-%Y")
