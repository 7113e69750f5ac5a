"""The formulas of a checklist: pure text, from conditions and the cells where what they name is known.

They give what `evaluation.evaluate` gives from the same cells, so that a reviewer sees while filling in what
the loading will find. True is 1, false 0, and what is not known yet a half: so AND is the least of its parts
and OR the greatest. Only functions that Excel 2007 and LibreOffice both know are used.

One ring is cut that `evaluate` goes round: a condition looks at an answer as it was before a link that
requires something turned it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tilsyn.base.language import say
from tilsyn.questions.conditions import Condition, Term
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.resolving import regime_of

TRUE, FALSE, UNKNOWN = "1", "0", "0.5"
EMPTY = '""'
# Excel takes no literal over 255 characters.
_LONGEST_TEXT = 250


@dataclass(frozen=True)
class Seen:
    """Where a formula finds what is known of a fact or an answer.

    `value` is the cell of its code, `there` whether it is asked or applies, `reason` the code of a lawful
    reason, `words` what it is in words, and `why` why it is not there.
    """

    value: str = EMPTY
    there: str = TRUE
    reason: str = EMPTY
    words: str = EMPTY
    why: str = EMPTY


Look = Callable[[str], Seen | None]


def text(value: str) -> str:
    """Return a text as it stands in a formula.

    >>> print(text('a "b" c'))
    "a ""b"" c"
    """
    parts = [value[n : n + _LONGEST_TEXT] for n in range(0, len(value), _LONGEST_TEXT)] or [""]
    return "&".join('"' + part.replace('"', '""') + '"' for part in parts)


def day(value: date) -> str:
    """Return a day as it stands in a formula."""
    return f"DATE({value.year},{value.month},{value.day})"


def any_of(tests: Sequence[str]) -> str:
    """Return the test that one of several holds."""
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def all_of(tests: Sequence[str]) -> str:
    """Return the test that all of several hold."""
    return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"


def greatest(parts: Sequence[str]) -> str:
    """Return the OR of three-valued parts."""
    return parts[0] if len(parts) == 1 else f"MAX({','.join(parts)})"


def least(parts: Sequence[str]) -> str:
    """Return the AND of three-valued parts."""
    return parts[0] if len(parts) == 1 else f"MIN({','.join(parts)})"


def chosen(cases: Sequence[tuple[str, str]], otherwise: str) -> str:
    """Return what belongs to the first test that holds.

    >>> chosen([("A1=1", "2"), ("A1=2", "3")], "4")
    'IF(A1=1,2,IF(A1=2,3,4))'
    """
    formula = otherwise
    for test, value in reversed(cases):
        formula = f"IF({test},{value},{formula})"
    return formula


def holds(condition: Condition, look: Look) -> str:
    """Return whether a condition holds: 1, 0, or a half."""
    return greatest(
        [least([_term(term, look(term.name)) for term in terms]) for terms in condition.alternatives]
    )


def _term(term: Term, known: Seen | None) -> str:
    if known is None:
        return FALSE
    if term.operator == "relevant":
        return known.there
    if term.operator == "given":
        given = [f"{known.value}<>{EMPTY}", *([] if known.there == TRUE else [f"{known.there}<>0"])]
        return f"IF({all_of(given)},1,0)"
    if term.operator in (">=", "<"):
        found = f"IF(ISNUMBER({known.value}),IF({known.value}{term.operator}{term.values[0]},1,0),0.5)"
    else:
        found = _is_one(term.values, known)
        if term.operator == "!=":
            found = f"1-{found}"
        found = f"IF({known.value}={EMPTY},0.5,{found})"
    return found if known.there == TRUE else f"IF({known.there}=0,0,{found})"


def _is_one(codes: Sequence[str], known: Seen) -> str:
    plain = [f"{known.value}={text(code)}" for code in codes if ":" not in code]
    parts = [f"IF({any_of(plain)},1,0)"] if plain else []
    for word, reason in (code.split(":") for code in codes if ":" in code):
        by_reason = f"IF({known.reason}={EMPTY},0.5,IF({known.reason}={text(reason)},1,0))"
        parts.append(f"IF({known.value}={text(word)},{by_reason},0)")
    return greatest(parts)


def why_not(condition: Condition, look: Look) -> str:
    """Return in words why a condition does not hold: the first part of its first alternative that fails."""
    cases = []
    for term in condition.alternatives[0]:
        known = look(term.name)
        told = text(say("checklist.not_asked")) if known is None else known.words
        if known is not None and known.why != EMPTY:
            told = f"IF({known.there}=0,{known.why},{known.words})"
        cases.append((f"{_term(term, known)}=0", told))
    return chosen(cases, EMPTY)


@dataclass(frozen=True)
class Versions:
    """Follows the questions of a set through the acts' days; `act` is the day's cell, 0 while unknown."""

    question_set: QuestionSet
    act: str
    latest_act: date

    def of(self, question: Question) -> list[tuple[date | None, Question | None]]:
        """Return the question as it reads from each day on, and first, at None, while no day is known."""
        rows = question.versions or (question,)
        days = {row.valid_from for row in rows} | {regime.first for regime in self.question_set.regimes}
        days |= {row.valid_to + timedelta(1) for row in rows if row.valid_to}
        days |= {r.last + timedelta(1) for r in self.question_set.regimes if r.last}
        borders = [date.min, *sorted(day for day in days if day and day <= self.latest_act)]
        unknown = question.at(regime_of(self.question_set, None, self.latest_act), None)
        found: list[tuple[date | None, Question | None]] = [(None, unknown)]
        found += [(d, question.at(self.question_set.regime_at(d), d)) for d in borders]
        return found

    def formula(self, question: Question, make: Callable[[Question | None], str]) -> str:
        """Return a formula that follows the act's day, from that of each wording."""
        made = [(day, make(row)) for day, row in self.of(question)]
        unknown, formula, later = made[0][1], made[1][1], made[2:]
        first, cases = formula, []
        for border, told in later:
            if told != formula:
                assert border is not None
                cases.append((f"{self.act}<{day(border)}", formula))
                formula = told
        formula = chosen(cases, formula)
        if not cases and unknown == first:
            return unknown
        return f"IF({self.act}=0,{unknown},{formula})"


def codes_in_words(value: str, words: Mapping[str, str], otherwise: str = EMPTY) -> str:
    """Return the words of the code in a cell."""
    return chosen([(f"{value}={text(code)}", text(word)) for code, word in words.items()], otherwise)
