"""Who is missing: the units whose drawn cases have not all been reviewed, in words."""

from __future__ import annotations

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.reports.parts import alphabetical, records


def missing_total(units: pd.DataFrame) -> tuple[int, int]:
    """The cases drawn and the cases reviewed.

    >>> missing_total(pd.DataFrame({"drawn": [20, 5], "reviewed": [19, 5]}))
    (25, 24)
    """
    return int(units["drawn"].sum()), int(units["reviewed"].sum())


def missing_sentences(units: pd.DataFrame, most: int) -> list[str]:
    """Whether all drawn cases were reviewed; of at most so many units, what is missing, whole units first.

    `units` is as `nonresponse.reviewed_table`.
    """
    drawn, reviewed = missing_total(units)
    if drawn == reviewed:
        return [say("summary.all_reviewed", drawn=number(drawn))]
    lacking = [row for row in records(units) if row["missing"] > 0]
    lacking.sort(key=lambda row: (row["reviewed"] > 0, alphabetical(str(row["unit"]))))
    sentences = [say("summary.some_missing", drawn=number(drawn), reviewed=number(reviewed))]
    for row in lacking[:most]:
        key = "unit_part" if row["reviewed"] else "unit_missing"
        n, of = number(row["missing"]), number(row["drawn"])
        sentences.append(say(f"summary.{key}", unit=row["unit"], n=n, drawn=of))
    if len(lacking) > most:
        sheet = say("report.reviewing_tab")
        sentences.append(say("summary.units_more", n=len(lacking) - most, sheet=sheet))
    return sentences
