"""When a question applies: the part of it that a machine can read.

A condition names other answers (`BFU-02 = nej`, `BFU-01 relevant`) and facts of the case head
(`anbringelse = ja`), joined by `og` and `eller`; `og` binds tighter, as in spoken Danish.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT

_OR = re.compile(r"\s+(?:eller|or)\s+", re.IGNORECASE)
_AND = re.compile(r"\s+(?:og|and)\s+", re.IGNORECASE)
_EQUALS = re.compile(r"^(?P<name>[\w-]+)\s*=\s*(?P<value>\S.*)$")
_RELEVANT = re.compile(r"^(?P<name>[\w-]+)\s+relevant$", re.IGNORECASE)
RELEVANT = "relevant"
# Both say that the thing was not done, and what follows from that is the same.
_COVERED = {NO: (NO, LAWFUL_NO)}


@dataclass(frozen=True)
class Term:
    """One comparison: a question or a fact of the case head, and its answer or `relevant`."""

    name: str
    value: str

    @property
    def values(self) -> tuple[str, ...]:
        """The answers that make the term true (`nej` covers *nej (lovlig grund)*)."""
        return _COVERED.get(self.value, (self.value,))

    def holds(self, known: Mapping[str, str]) -> bool | None:
        """Tell whether the term is true; None as long as the answer is not known."""
        answer = known.get(self.name)
        if not answer:
            return None
        return answer != NOT_RELEVANT if self.value == RELEVANT else answer in self.values

    def __str__(self) -> str:
        return f"{self.name} relevant" if self.value == RELEVANT else f"{self.name} = {self.value}"


@dataclass(frozen=True)
class Condition:
    """Alternatives of terms that must all hold: an OR of ANDs."""

    alternatives: tuple[tuple[Term, ...], ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for terms in self.alternatives for term in terms)

    @property
    def names(self) -> tuple[str, ...]:
        """Questions and facts it rests on, in order."""
        return tuple(dict.fromkeys(term.name for term in self.terms))

    def holds(self, known: Mapping[str, str]) -> bool | None:
        """Tell whether a question applies, from the canonical answers to questions and facts so far.

        None when it cannot be told yet: only False lets a question be skipped.

        >>> parse("BFU-02 = nej").holds({"BFU-02": "nej (lovlig grund)"})
        True
        >>> parse("INV-01 = nej eller BFU-06 = nej").holds({"INV-01": "ja"}) is None
        True
        """
        results = []
        for terms in self.alternatives:
            parts = [term.holds(known) for term in terms]
            results.append(False if False in parts else None if None in parts else True)
        return True if True in results else None if None in results else False

    def __str__(self) -> str:
        return " eller ".join(" og ".join(map(str, terms)) for terms in self.alternatives)


def parse(text: str) -> Condition:
    """Read a condition; a ValueError holds the part that cannot be read.

    >>> str(parse("BFU-01 relevant og undersoegelse = ja"))
    'BFU-01 relevant og undersoegelse = ja'
    """
    alternatives = []
    for alternative in _OR.split(text.strip()):
        terms = []
        for part in _AND.split(alternative):
            if found := _RELEVANT.match(part.strip()):
                terms.append(Term(found["name"], RELEVANT))
            elif found := _EQUALS.match(part.strip()):
                terms.append(Term(found["name"], found["value"].strip().lower()))
            else:
                raise ValueError(part.strip())
        alternatives.append(tuple(terms))
    return Condition(tuple(alternatives))
