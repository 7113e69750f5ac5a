"""`sample.csv`: the list of a draw's cases for people, as Excel in their language opens it."""

from __future__ import annotations

import csv
import io
import re

from tilsyn.base.language import language, say
from tilsyn.sampling.draw_record import DrawRecord

_FACTS = ("department", "case_type", "law", "opened", "decided", "last_activity", "closed", "status",
"safety_plan", "complaint", "complained")  # fmt: skip
# Where the comma stands in numbers, Excel parts cells with semicolons.
_DELIMITERS = {"da": ";", "en": ","}
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def sample_csv(record: DrawRecord) -> str:
    """Return the list: headings and delimiter of the user's language, the reserve last in each stratum."""
    cases = [(case, "sample") for case in record.cases] + [(case, "reserve") for case in record.reserve]
    cases.sort(key=lambda entry: (entry[0].stratum.encode(), entry[0].order))
    facts = list(dict.fromkeys(name for case, _ in cases for name in case.facts))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=_DELIMITERS[language()], lineterminator="\r\n")
    own = [say(f"draw.csv_{name}") for name in ("unit", "stratum", "order", "role", "case_id")]
    writer.writerow([*own, *(fact_heading(name) for name in facts), say("draw.csv_ticket")])
    for case, role in cases:
        place = [excel_text(case.unit), excel_text(case.stratum), case.order]
        values = [_cell(case.facts.get(name) or "") for name in facts]
        writer.writerow(
            [*place, say(f"draw.csv_{role}"), excel_text(case.case_id), *values, case.ticket[:12]]
        )
    return text.getvalue()


def fact_heading(name: str) -> str:
    """Return the heading of a mapped column in the user's language; an own column's name as it is."""
    return say(f"draw.fact_{name}") if name in _FACTS else name


def fact_text(text: str) -> str:
    """Return a fact as people write it: an ISO date as dd-mm-yyyy in Danish; in English it stays."""
    match = _ISO_DATE.fullmatch(text) if language() == "da" else None
    return f"{match[3]}-{match[2]}-{match[1]}" if match else text


def _cell(text: str) -> str:
    # A date is meant to be one for Excel too.
    return fact_text(text) if _ISO_DATE.fullmatch(text) else excel_text(text)


def excel_text(text: str) -> str:
    """Return a text so that Excel shows it as it is: no formula, no date, no number that loses digits.

    >>> excel_text("2015-0022778"), excel_text("0012"), excel_text("2018-05"), excel_text("=1+1")
    ('2015-0022778', '="0012"', '="2018-05"', '="=1+1"')
    """
    number_lost = re.fullmatch(r"0\d+|\d{12,}|\d+[eE]\d+", text)
    date_like = re.fullmatch(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?", text)
    if number_lost or date_like or text[:1] in ("=", "+", "-", "@"):
        return '="' + text.replace('"', '""') + '"'
    return text
