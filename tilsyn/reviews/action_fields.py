"""What people say of an action, as they type it, and why some of it cannot be taken."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from tilsyn.base.canonical import visible
from tilsyn.base.cpr import likeness, looks_like_cpr, mask
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.questions.answers import is_blank
from tilsyn.questions.dates import UnknownDate, read_date
from tilsyn.settings.codes import Coded, meant
from tilsyn.settings.followup import Followup

_DAYS = ("deadline", "done_on", "learning_on", "discussed_on")
# What has happened has happened by today.
_PAST = ("done_on", "discussed_on")


class BadField(ValueError):
    """What cannot be taken: what was found, and what to do."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.found, self.remedy = say(key, **values), say(f"{key}_remedy", **values)


def read_field(
    name: str, value: Any, rules: Followup, today: date, known: Collection[str] = ()
) -> str | date | None:
    """Return what a field of `actions.FIELDS` is given as; None where it is blank. Raises `BadField`.

    `known` are texts that are no CPR numbers whatever they look like.
    """
    if is_blank(value):
        return None
    if name in _DAYS:
        return _day(name, value, today)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(visible(str(value)).split())
    if looks_like_cpr(text, number_cell=True, known=known):
        raise BadField("followup.cpr", text=mask(text, known), like=likeness(text, known))
    if name == "cause":
        return _one_of(rules.cause, text)
    return _one_of(rules.role, text) if name == "role" else text


def _day(name: str, value: Any, today: date) -> date:
    try:
        day = read_date(value)
    except UnknownDate as unknown:
        raise BadField("followup.no_date", text=mask(unknown.found)) from None
    assert day is not None
    day = day.date() if isinstance(day, datetime) else day
    if name in _PAST and day > today:
        raise BadField("followup.not_yet", day=date_text(day), today=date_text(today))
    return day


def _one_of(listed: Sequence[Coded], text: str) -> str:
    """Return the code of the cause or role that a text means."""
    one = meant(listed, text)
    if one is None:
        raise BadField(
            f"followup.no_{listed[0].what}", text=text, known=", ".join(one.text for one in listed)
        )
    return one.name
