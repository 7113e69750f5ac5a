"""Who is missing: the units whose drawn cases have not all been reviewed, in words."""

from __future__ import annotations

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.reports.parts import Record, alphabetical, records


def missing_total(units: pd.DataFrame) -> tuple[int, int]:
    """The cases drawn and the cases reviewed.

    >>> missing_total(pd.DataFrame({"drawn": [20, 5], "reviewed": [19, 5]}))
    (25, 24)
    """
    return int(units["drawn"].sum()), int(units["reviewed"].sum())


def preliminary(units: pd.DataFrame, most: int = 3) -> str:
    """One sentence on whose cases have not been reviewed, whole units first; empty where all have.

    >>> units = pd.DataFrame({"unit": ["A", "B"], "drawn": 20, "reviewed": [18, 0], "missing": [2, 20]})
    >>> preliminary(units)
    'FORELØBIG: B mangler: ingen af de 20 sager er gennemgået; i A mangler 2 af 20 sager.'
    """
    lacking = _lacking(units)
    if not lacking:
        return ""
    said = [
        say(
            "report.preliminary_part" if row["reviewed"] else "report.preliminary_whole",
            unit=row["unit"],
            n=number(row["missing"]),
            drawn=number(row["drawn"]),
        )
        for row in lacking[:most]
    ]
    more = len(lacking) - most
    said += [say("report.preliminary_more", n=more)] if more > 0 else []
    return say("report.preliminary", missing="; ".join(said))


def _lacking(units: pd.DataFrame) -> list[Record]:
    """The units with cases missing, those that miss all first."""
    lacking = [row for row in records(units) if row["missing"] > 0]
    return sorted(lacking, key=lambda row: (row["reviewed"] > 0, alphabetical(str(row["unit"]))))


def missing_sentences(units: pd.DataFrame, most: int) -> list[str]:
    """Whether all drawn cases were reviewed; of at most so many units, what is missing, whole units first.

    `units` is as `nonresponse.reviewed_table`.
    """
    drawn, reviewed = missing_total(units)
    if drawn == reviewed:
        return [say("summary.all_reviewed", n=number(drawn))]
    lacking = _lacking(units)
    sentences = [say("summary.some_missing", drawn=number(drawn), reviewed=number(reviewed))]
    for row in lacking[:most]:
        key = "unit_part" if row["reviewed"] else "unit_missing"
        n, of = number(row["missing"]), number(row["drawn"])
        sentences.append(say(f"summary.{key}", unit=row["unit"], n=n, drawn=of))
    if len(lacking) > most:
        sheet = say("report.reviewing_tab")
        sentences.append(say("summary.units_more", n=len(lacking) - most, sheet=sheet))
    return sentences
