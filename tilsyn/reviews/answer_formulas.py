"""The formulas of a question's row: what was typed, whether it applies, what counts, and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tilsyn.base.language import language, say, spellings
from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT, YES, code_of, names_of
from tilsyn.questions.conditions import Condition
from tilsyn.questions.evaluation import limit_of
from tilsyn.questions.facts import LawfulReason
from tilsyn.questions.links import AnsweredWhen, Requires
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.scales import spelt
from tilsyn.reviews.date_formulas import RUNNING, SWAPPED, LimitFormulas, shown
from tilsyn.reviews.formulas import (
    EMPTY,
    FALSE,
    TRUE,
    Look,
    Versions,
    any_of,
    chosen,
    codes_in_words,
    holds,
    text,
    why_not,
)

UNKNOWN_WORD = "?"
# What is typed for an answer, by language; those of the other are read too.
_LETTERS = {
    "da": {YES: "J", NO: "N", LAWFUL_NO: "L", NOT_RELEVANT: "I"},
    "en": {YES: "Y", NO: "N", LAWFUL_NO: "L", NOT_RELEVANT: "I"},
}
_RELEVANT, _NOT, _LAWFUL = code_of(YES), code_of(NO), code_of(LAWFUL_NO)
_IRRELEVANT = code_of(NOT_RELEVANT)
# What is typed to be let through; the loader asks for a letter or a figure.
_NO_WORDS = (".", "-", "–", "…", "/", "?", "!")


@dataclass(frozen=True)
class RowCells:
    """The cells of one question's row, by role."""

    answer: str
    remark: str
    typed: str
    reason: str
    last: str
    derived: str
    applies: str
    own: str
    effective: str
    missing: str
    skipped: str


def letters() -> dict[str, str]:
    """Return the letter of each answer in the language in use."""
    return _LETTERS[language()]


def words_of(question: Question) -> dict[str, tuple[str, ...]]:
    """Return what can be typed for each answer of a question, in capitals; the letter first."""
    found = {}
    scale = spelt(question.scale) if question.graded else {}
    for answer in question.answers:
        if answer in scale:
            found[answer] = tuple(dict.fromkeys(word.upper() for word in scale[answer]))
            continue
        words = [letters()[answer], *(word.upper() for word in (*names_of(answer), answer))]
        words += [letter[answer] for letter in _LETTERS.values()]
        if answer == LAWFUL_NO:
            words += [word.upper() for word in spellings("answers.lawful_no_written")]
            words += [f"L{n}" for n in range(1, max(1, question.most_reasons) + 1)]
        found[answer] = tuple(dict.fromkeys(words))
    return found


class RowFormulas:
    """Makes the formulas of one question from where everything is."""

    def __init__(
        self,
        question_set: QuestionSet,
        question: Question,
        cells: RowCells,
        versions: Versions,
        limits: LimitFormulas,
        look: Look,
    ) -> None:
        self.set, self.question, self.cells = question_set, question, cells
        self.versions, self.limits, self.look = versions, limits, look
        self.first = question_set.rules == 1
        rows = [row for _, row in versions.of(question) if row is not None]
        self.limited = any(row.limit or row.deadline for row in rows)
        self.lawful = LAWFUL_NO in question.answers
        self.requiring = any(isinstance(link, Requires) for row in rows for link in row.links)

    def all(self) -> dict[str, str]:
        """Return the formulas of the hidden columns, by role."""
        made = {
            "typed": self._typed(),
            "reason": self._reason(),
            "applies": self._by_version(lambda row: self._applies(row)),
            "skipped": self._skipped(),
            "own": self._by_version(lambda row: self._own(row)),
            "effective": self._by_version(lambda row: self._effective(row)),
            "missing": self._missing(),
        }
        if self.limited:
            made["last"] = self._by_version(self._last)
            made["derived"] = self._by_version(self._derived)
        return {role: f"={formula}" for role, formula in made.items()}

    def _by_version(self, make: Callable[[Question | None], str]) -> str:
        return self.versions.formula(self.question, make)

    def _typed(self) -> str:
        said = f"UPPER(TRIM({self.cells.answer}))"
        cases = [(f"{said}={EMPTY}", EMPTY)]
        for answer, words in words_of(self.question).items():
            cases.append((any_of([f"{said}={text(word)}" for word in words]), text(code_of(answer))))
        return chosen(cases, text(UNKNOWN_WORD))

    def _reason(self) -> str:
        if not self.lawful:
            return EMPTY

        def reason(row: Question | None) -> str:
            codes = row.lawful_reasons if row else ()
            if len(codes) <= 1:
                return text(codes[0]) if codes else EMPTY
            said = f"UPPER(TRIM({self.cells.answer}))"
            return chosen([(f'{said}="L{n}"', text(code)) for n, code in enumerate(codes, start=1)], EMPTY)

        return f"IF({self.cells.typed}={text(_LAWFUL)},{self._by_version(reason)},{EMPTY})"

    def _applies(self, row: Question | None) -> str:
        if row is None:
            return FALSE
        return TRUE if row.condition is None else holds(row.condition, self.look)

    def _skipped(self) -> str:
        """Why the question does not apply, in words."""

        def why(row: Question | None) -> str:
            if row is None:
                return text(say("checklist.not_in_law"))
            return EMPTY if row.condition is None else why_not(row.condition, self.look)

        told = self._by_version(why)
        return EMPTY if told == EMPTY else f"IF({self.cells.applies}=0,{told},{EMPTY})"

    def _last(self, row: Question | None) -> str:
        limit = limit_of(row) if row is not None else None
        return EMPTY if limit is None else self.limits.last_day(limit)

    def _derived(self, row: Question | None) -> str:
        limit = limit_of(row) if row is not None else None
        return EMPTY if limit is None else self.limits.answer(limit, self.cells.last)

    def _own(self, row: Question | None) -> str:
        """The answer before what a lawful reason requires has its say."""
        cells = self.cells
        if row is None:
            return text(_IRRELEVANT)
        given = f"IF({cells.typed}={text(UNKNOWN_WORD)},{EMPTY},{cells.typed})"
        formula = given if limit_of(row) is None else self._by_dates(row, given)
        for link in reversed([link for link in row.links if isinstance(link, AnsweredWhen)]):
            formula = f"IF({holds(link.condition, self.look)}=1,{text(link.value)},{formula})"
        return formula if row.condition is None else f"IF({cells.applies}=0,{text(_IRRELEVANT)},{formula})"

    def _by_dates(self, row: Question, given: str) -> str:
        cells, typed = self.cells, self.cells.typed
        decided = f'OR({cells.derived}="ja",{cells.derived}="nej")'
        if self.first:
            stands = f'OR({typed}={text(_IRRELEVANT)},AND({cells.derived}="nej",{typed}={text(_LAWFUL)}))'
            return f"IF(AND({decided},NOT({stands})),{cells.derived},{given})"
        limit = limit_of(row) if row is not None else None
        binding = "TRUE" if limit is None else self.limits.binding(limit)
        decides = cells.derived
        if binding != "TRUE":
            decides = f'IF(AND({typed}="ja",{cells.derived}="nej"),IF({binding},"nej","ja"),{cells.derived})'
        own_word = f"OR({typed}={text(_LAWFUL)},{typed}={text(_IRRELEVANT)})"
        cases = [
            (own_word, typed),
            (f"{cells.derived}={text(RUNNING)}", text(_IRRELEVANT)),
            (decided, decides),
        ]
        return chosen(cases, given)

    def _effective(self, row: Question | None) -> str:
        formula = self.cells.own
        for link in row.links if row is not None else ():
            if isinstance(link, Requires):
                formula = f"IF({self._broken(link)},{text(_NOT)},{formula})"
        return formula

    def _broken(self, link: Requires) -> str:
        word, _, reason = link.value.partition(":")
        tests = [f"{self.cells.own}={text(word)}"]
        if reason:
            tests.append(f"{self.cells.reason}={text(reason)}")
        if isinstance(link.required, Condition):
            tests.append(f"{holds(link.required, self.look)}=0")
        else:
            last = f"({self.limits.last_day(link.required)})"
            tests.append(f'{self.limits.answer(link.required, last)}="nej"')
        return f"AND({','.join(tests)})"

    def _contradiction(self) -> str:
        """What a draw of 0.1 refuses: an answer that cannot be true with its dates."""
        typed, derived = self.cells.typed, self.cells.derived
        other = f'OR({typed}="nej",{typed}={text(_LAWFUL)})'
        return f'OR(AND({derived}="nej",{typed}="ja"),AND({derived}="ja",{other}))'

    def _remark(self) -> str:
        """Whether a remark is needed and not there; dots and dashes alone are none."""
        noes = [_NOT, *([_LAWFUL] if self.first else [])]
        said = any_of([f"{self.cells.effective}={text(code)}" for code in noes])
        words = self.cells.remark
        for sign in _NO_WORDS:
            words = f"SUBSTITUTE({words},{text(sign)},{EMPTY})"
        return f"AND({said},TRIM({words})={EMPTY})"

    def _no_reason(self) -> str:
        return f"AND({self.cells.effective}={text(_LAWFUL)},{self.cells.reason}={EMPTY})"

    def _missing(self) -> str:
        cells = self.cells
        tests = [f"{cells.effective}={EMPTY}", f"{cells.typed}={text(UNKNOWN_WORD)}"]
        if self.limited:
            tests.append(f"{cells.derived}={text(SWAPPED)}")
            tests += [self._contradiction()] if self.first else []
        if not self.question.graded:
            tests.append(self._remark())
        if self.question.most_reasons:
            tests.append(self._no_reason())
        return f"IF({cells.applies}=0,0,IF({any_of(tests)},1,0))"

    def state(self) -> str:
        """Return the formula of what the reviewer is told beside a row; "" where all is well and said."""
        cells = self.cells
        tell = {key: text(say(f"checklist.state_{key}")) for key in _STATES}
        words = {code_of(answer): self.question.called(answer) for answer in self.question.answers}
        counted = codes_in_words(cells.effective, words)
        done = counted
        if self.lawful and self.question.most_reasons:
            reasons = {reason.name: reason.text for reason in self._reasons()}
            done = f"IF({cells.reason}<>{EMPTY},{codes_in_words(cells.reason, reasons)},{counted})"
        cases = [
            (f"{cells.applies}=0", f"{tell['skipped']}&{cells.skipped}"),
            (f"{cells.typed}={text(UNKNOWN_WORD)}", tell["unknown"]),
        ]
        if self.limited:
            cases.append((f"{cells.derived}={text(SWAPPED)}", tell["swapped"]))
            if self.first:
                other = f"{tell['contradiction']}&{codes_in_words(cells.derived, words)}"
                cases.append((self._contradiction(), other))
        head = [k for _, row in self.versions.of(self.question) if row for k in row.links]
        cases.append((f"{cells.effective}={EMPTY}", tell["answer_missing"]))
        if self.requiring:
            cases.append((f"{cells.own}<>{cells.effective}", tell["link"]))
        if self.question.most_reasons:
            cases.append((self._no_reason(), tell["reason"]))
        if not self.question.graded:
            cases.append((self._remark(), f"{counted}&{text('. ')}&{tell['remark']}"))
        if any(isinstance(link, AnsweredWhen) for link in head):
            cases.append((f"{cells.typed}<>{cells.own}", f"{tell['head']}&{counted}"))
        formula = chosen(cases, done)
        return f"={formula}&{self._limit_told()}" if self.limited else f"={formula}"

    def _limit_told(self) -> str:
        """The last lawful day, and that a limit still runs."""
        cells = self.cells
        running = f"IF({cells.derived}={text(RUNNING)},{text(say('checklist.state_running'))},{EMPTY})"
        last = f"{text(say('checklist.state_last'))}&{shown(cells.last)}"
        hverdag = f"ISNUMBER(MATCH({cells.last},{self.limits.hverdage},0))"
        free = f"IF({hverdag},{EMPTY},{text(say('checklist.state_free'))})"
        return f"IF(OR({cells.applies}=0,NOT(ISNUMBER({cells.last}))),{EMPTY},{running}&{last}&{free})"

    def _reasons(self) -> list[LawfulReason]:
        rows = [row for _, row in self.versions.of(self.question) if row is not None]
        return [reason for row in rows for reason in self.set.reasons_of(row)]


_STATES = (
    "answer_missing",
    "unknown",
    "swapped",
    "contradiction",
    "remark",
    "reason",
    "link",
    "head",
    "skipped",
)
