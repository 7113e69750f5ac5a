"""What people type, and the date or moment it means."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from tilsyn.base.canonical import visible
from tilsyn.base.danish_time import in_denmark
from tilsyn.base.months import month_number
from tilsyn.questions.answers import is_blank

# Excel's day 1 is 1 January 1900, and it counts a 29 February 1900 that never was.
_EXCEL_EPOCH = datetime(1899, 12, 30)
_SERIAL_RANGE = (18264.0, 73415.0)  # 1950 to 2100
_YEARS = range(1950, 2101)

_TIME = (
    r"(?:[ t]+(?:kl\.? *)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?P<zone>z| ?[+-]\d{2}(?::?\d{2})?)?"
    r"| +kl\.? *(?P<full>\d{1,2}))?"
)
_DATE_FORMS = tuple(
    re.compile(form + _TIME)
    for form in (
        r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[-/. ]+(?P<month>\d{1,2})[-/. ]+(?P<year>\d{4}|\d{2})",
        r"(?:den )?(?P<day>\d{1,2})[. -]+(?P<name>[a-z]{3,9})[. -]+(?P<year>\d{4})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{2})",
    )
)


class UnknownDate(ValueError):
    """A cell holds something that is no date; `found` is what it holds."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def read_date(value: Any) -> date | datetime | None:
    """Return the date that a cell means, days before months; a moment when it has a time other than midnight.

    A number is Excel's serial, or six or eight digits in a row: 120718 is 12 July 2018. A blank cell means
    None; what is no date raises UnknownDate.

    >>> read_date("3. april 2018"), read_date("2018-04-03"), read_date(43193)
    (datetime.date(2018, 4, 3), datetime.date(2018, 4, 3), datetime.date(2018, 4, 3))

    A moment with a zone is turned into Danish time.

    >>> read_date("2018-04-02T22:00:00Z"), read_date("2018-04-03T00:00+02:00")
    (datetime.date(2018, 4, 3), datetime.date(2018, 4, 3))
    >>> read_date("03-04-2018 kl. 14.30"), read_date("3/4-18"), read_date("030418"), read_date(" ")
    (datetime.datetime(2018, 4, 3, 14, 30), datetime.date(2018, 4, 3), datetime.date(2018, 4, 3), None)
    """
    if is_blank(value):
        return None
    moment: date | datetime | None = None
    if isinstance(value, datetime):
        moment = value if value.tzinfo is None else None
    elif isinstance(value, date):
        moment = value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        moment = _from_number(value)
    elif isinstance(value, str):
        moment = _from_text(value)
    if moment is None or moment.year not in _YEARS:
        raise UnknownDate(str(value))
    if isinstance(moment, datetime) and moment.time() == time():
        return moment.date()
    return moment


def _from_number(value: float) -> datetime | None:
    """Return the moment of an Excel serial, to the second, or of six or eight digits in a row."""
    if _SERIAL_RANGE[0] <= value < _SERIAL_RANGE[1]:
        return _EXCEL_EPOCH + timedelta(seconds=round(value * 86400))
    return _from_text(f"{int(value):06d}") if float(value).is_integer() and 1e5 <= value < 1e8 else None


def _from_text(value: str) -> datetime | None:
    """Return the moment that a text means, or None."""
    text = " ".join(visible(value).casefold().split()).strip(" .")
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", text):
        return _from_number(float(text.replace(",", ".")))
    for form in _DATE_FORMS:
        match = form.fullmatch(text)
        if match is None:
            continue
        part = match.groupdict()
        month = month_number(part["name"]) if part.get("name") else int(part["month"])
        year = int(part["year"]) + (2000 if len(part["year"]) == 2 else 0)
        minute, second = (int(part[name] or 0) for name in ("minute", "second"))
        hour = int(part["hour"] or part["full"] or 0)
        try:
            moment = datetime(year, month, int(part["day"]), hour, minute, second)
            return _here(moment, part["zone"].strip()) if part["zone"] else moment
        except (ValueError, OverflowError):
            continue
    return None


def _here(moment: datetime, zone: str) -> datetime:
    """Return what the clock showed in Denmark."""
    return in_denmark(f"{moment.isoformat()}{'+00:00' if zone == 'z' else zone}").replace(tzinfo=None)
