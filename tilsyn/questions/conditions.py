"""When a question applies: the part of it that a machine can read, in three-valued logic.

A condition is an OR of ANDs over facts of the case head and answers: `afgoerelse = ja and barn_alder >= 10`.
A fact that the head does not ask makes its comparison false; one that is asked and not answered is unknown,
and only a condition that is false lets a question be skipped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tilsyn.questions.answers import ANSWERS, LAWFUL, LAWFUL_NO, NO, NOT_RELEVANT, YES, code_of

Operator = Literal["=", "!=", ">=", "<", "given", "relevant"]

ALWAYS = "always"
# What a question of a catalogue of 0.1 is answered with where it is relevant.
ANSWERED = (YES, NO, LAWFUL)
_OR = re.compile(r"\s+(?:eller|or)\s+", re.IGNORECASE)
_AND = re.compile(r"\s+(?:og|and)\s+", re.IGNORECASE)
_VALUE = r"[\w:-]+"
_TERM = re.compile(
    rf"(?P<name>[\w-]+)\s*(?:(?P<sign>=|!=|>=|<)\s*(?P<value>{_VALUE})"
    rf"|\s(?:in)\s*\((?P<values>{_VALUE}(?:\s*,\s*{_VALUE})*)\)"
    r"|\s(?P<word>given|relevant))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Known:
    """What is known of a fact or an answer.

    `there` tells whether the head asks it, or the question applies; None while that is not known. `value` is
    its code (`ja`, `lovlig`, `12`), None while there is none; `reason` the code of a lawful reason.
    """

    value: str | None = None
    there: bool | None = True
    reason: str = ""

    def is_one(self, code: str) -> bool | None:
        """Tell whether it is a code; `lovlig:<reason>` needs the reason too."""
        word, _, reason = code.partition(":")
        if self.value != word:
            return False
        if not reason:
            return True
        return self.reason == reason if self.reason else None


# From a name to what is known of it.
Look = Callable[[str], Known]


@dataclass(frozen=True)
class Term:
    """One comparison of a fact or an answer."""

    name: str
    operator: Operator
    values: tuple[str, ...] = ()

    def holds(self, known: Known) -> bool | None:
        """Tell whether it is true; None as long as that is not known.

        >>> Term("a", "!=", ("ingen",)).holds(Known("ingen")), Term("a", "=", ("ja",)).holds(Known())
        (False, None)
        >>> Term("a", "!=", ("ingen",)).holds(Known("anden", there=False))
        False
        """
        if self.operator == "relevant":
            return known.there
        if self.operator == "given":
            return known.there is not False and bool(known.value)
        if known.there is False:
            return False
        if not known.value:
            return None
        if self.operator in (">=", "<"):
            return _compared(known.value, self.operator, float(self.values[0]))
        found = any_true([known.is_one(code) for code in self.values])
        return found if self.operator == "=" or found is None else not found

    def __str__(self) -> str:
        if self.operator in ("given", "relevant"):
            return f"{self.name} {self.operator}"
        if len(self.values) > 1:
            return f"{self.name} in ({', '.join(self.values)})"
        return f"{self.name} {self.operator} {self.values[0]}"


@dataclass(frozen=True)
class Condition:
    """Alternatives of terms that must all hold."""

    alternatives: tuple[tuple[Term, ...], ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for terms in self.alternatives for term in terms)

    @property
    def names(self) -> tuple[str, ...]:
        """Questions and facts it rests on, in order."""
        return tuple(dict.fromkeys(term.name for term in self.terms))

    def holds(self, look: Look) -> bool | None:
        """Tell whether it is true; None when that cannot be told yet.

        >>> known = {"INV-01": Known("ja")}
        >>> parse("INV-01 = nej or BFU-06 = nej").holds(lambda name: known.get(name, Known())) is None
        True
        """
        return any_true(
            [all_true([term.holds(look(term.name)) for term in terms]) for terms in self.alternatives]
        )

    def failing(self, look: Look) -> tuple[Term, ...]:
        """Return the terms that make it false: the first such of each alternative."""
        failing = [
            next((term for term in terms if term.holds(look(term.name)) is False), None)
            for terms in self.alternatives
        ]
        return tuple(dict.fromkeys(term for term in failing if term is not None))

    def __str__(self) -> str:
        return " or ".join(" and ".join(map(str, terms)) for terms in self.alternatives)


def any_true(parts: Collection[bool | None]) -> bool | None:
    """Return the OR of three-valued parts."""
    return True if True in parts else None if None in parts else False


def all_true(parts: Collection[bool | None]) -> bool | None:
    """Return the AND of three-valued parts."""
    return False if False in parts else None if None in parts else True


@cache
def parse(text: str) -> Condition:
    """Read a condition; a ValueError holds the part that cannot be read.

    >>> str(parse("BFU-01 relevant og undersoegelse != ingen"))
    'BFU-01 relevant and undersoegelse != ingen'
    """
    return Condition(
        tuple(tuple(map(_term, _AND.split(alternative))) for alternative in _OR.split(text.strip()))
    )


def parse_first(text: str) -> Condition:
    """Read a condition of a catalogue of 0.1, in which `nej` covers *nej (lovlig grund)* too.

    There a question is `relevant` when it is answered with anything but *ikke relevant*.

    >>> str(parse_first("INV-01 = nej eller BFU-01 relevant"))
    'INV-01 in (nej, lovlig) or BFU-01 in (ja, nej, lovlig)'
    """
    written = text
    for answer in (LAWFUL_NO, NOT_RELEVANT, *ANSWERS["grade"]):
        written = written.replace(answer, code_of(answer))
    alternatives = parse(written).alternatives
    return Condition(tuple(tuple(map(_as_first, terms)) for terms in alternatives))


def _as_first(term: Term) -> Term:
    if term.operator == "relevant":
        return Term(term.name, "=", ANSWERED)
    return Term(term.name, "=", (NO, LAWFUL)) if (term.operator, term.values) == ("=", (NO,)) else term


def _term(text: str) -> Term:
    found = _TERM.fullmatch(text.strip())
    if found is None:
        raise ValueError(text.strip())
    name = found["name"]
    if found["word"]:
        return Term(name, "given" if found["word"].lower() == "given" else "relevant")
    if found["values"]:
        return Term(name, "=", tuple(value.strip() for value in found["values"].split(",")))
    sign, value = found["sign"], found["value"]
    if sign in (">=", "<") and not re.fullmatch(r"\d+", value):
        raise ValueError(text.strip())
    operators: dict[str, Operator] = {"=": "=", "!=": "!=", ">=": ">=", "<": "<"}
    return Term(name, operators[sign], (value,))


def _compared(value: str, operator: Operator, border: float) -> bool | None:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return None
    return number >= border if operator == ">=" else number < border
