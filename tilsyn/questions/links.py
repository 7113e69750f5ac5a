"""Linked answers: an exception that must be reasoned, an answer that the head gives, and what looks odd."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tilsyn.questions.answers import LAWFUL, NO, YES
from tilsyn.questions.conditions import Condition, Known, parse
from tilsyn.questions.limits import Limit, parse_limit

_REQUIRES = re.compile(rf"(?P<name>[\w-]+)\s*=\s*(?P<value>{LAWFUL}(?::\w+)?)\s+requires\s+(?P<rest>.+)")
_ANSWERS = re.compile(rf"(?P<name>[\w-]+)\s*=\s*(?P<value>{YES}|{NO})\s+when\s+(?P<rest>.+)")
_WARNS = re.compile(r"warn\s+when\s+(?P<rest>.+)")


@dataclass(frozen=True)
class Requires:
    """Where a lawful reason is given, something must hold, or the answer is *nej*."""

    question: str
    value: str
    required: Condition | Limit

    def concerns(self, answer: Known) -> bool:
        """Tell whether an answer is the one that it speaks of."""
        return answer.is_one(self.value) is True

    def __str__(self) -> str:
        return f"{self.question} = {self.value} requires {self.required}"


@dataclass(frozen=True)
class AnsweredWhen:
    """An answer that follows from the head or from other answers."""

    question: str
    value: str
    condition: Condition

    def __str__(self) -> str:
        return f"{self.question} = {self.value} when {self.condition}"


@dataclass(frozen=True)
class WarnWhen:
    """What a reader should look at again; it changes no answer."""

    condition: Condition

    def __str__(self) -> str:
        return f"warn when {self.condition}"


Link = Requires | AnsweredWhen | WarnWhen


def parse_link(text: str) -> Link:
    """Read a link; a ValueError holds the part that cannot be read.

    >>> print(parse_link("INV-01 = lovlig requires INV-03 = ja"))
    INV-01 = lovlig requires INV-03 = ja
    >>> print(parse_link("PLN-01 = lovlig requires 4 months from afgoerelse_dato to plan_dato").required)
    4 months from afgoerelse_dato to plan_dato
    """
    text = text.strip()
    if found := _REQUIRES.fullmatch(text):
        return Requires(found["name"], found["value"], _required(found["rest"]))
    if found := _ANSWERS.fullmatch(text):
        return AnsweredWhen(found["name"], found["value"], parse(found["rest"]))
    if found := _WARNS.fullmatch(text):
        return WarnWhen(parse(found["rest"]))
    raise ValueError(text)


def _required(text: str) -> Condition | Limit:
    try:
        return parse_limit(text)
    except ValueError:
        return parse(text)


def link_condition(link: Link) -> Condition | None:
    """Return the condition that a link rests on, if it is one."""
    if isinstance(link, Requires):
        return link.required if isinstance(link.required, Condition) else None
    return link.condition
