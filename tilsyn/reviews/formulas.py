"""The formulas of a checklist: pure text, from a question and the cells it stands in.

They give what `resolving.resolve` gives from the same raw cells, so that a reviewer sees while filling in
what the loading will find. Only functions that Excel 2007 and LibreOffice both know are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.base.language import say
from tilsyn.questions.answers import ANSWERS, LAWFUL_NO, NO, NOT_RELEVANT, YES, answer_text, code_of
from tilsyn.questions.conditions import ANSWERED, Condition, Term
from tilsyn.questions.question import Deadline, Question

SWAPPED = "?"
_ANSWERS = {code_of(answer): answer for answers in ANSWERS.values() for answer in answers}
# Excel takes no literal over 255 characters.
_LONGEST_TEXT = 250


@dataclass(frozen=True)
class Cells:
    """One question row's cells, as `$H12`."""

    start: str
    end: str
    answer: str
    remark: str
    derived: str
    skipped: str
    effective: str


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


def derived(deadline: Deadline, cells: Cells, free_days: str) -> str:
    """Return the formula of the answer that a computed deadline's two dates decide.

    It gives "" while they decide none and `?` when they are swapped; `free_days` is the range of the days
    that are no hverdage.
    """
    first, last, amount = f"INT({cells.start})", f"INT({cells.end})", deadline.amount
    yes, no = text(answer_text(YES)), text(answer_text(NO))
    if deadline.unit == "hours":
        begin, done = f"ROUND({cells.start}*1440,0)", f"ROUND({cells.end}*1440,0)"
        # A date alone may be any minute of its day.
        latest_begin = f"{begin}+IF(MOD({begin},1440)=0,1439,0)"
        latest_done = f"{done}+IF(MOD({done},1440)=0,1439,0)"
        limit = (amount or 0) * 60
        swapped = f"{latest_done}<{begin}"
        verdict = f'IF({latest_done}-{begin}<={limit},{yes},IF({done}-({latest_begin})>{limit},{no},""))'
    else:
        swapped = f"{last}<{first}"
        if deadline.unit == "weekdays":
            free = f'COUNTIFS({free_days},">"&{first},{free_days},"<="&{last})'
            kept = f"{last}-{first}-{free}<={amount}"
        else:
            kept = f"{last}<=EDATE({first},{amount})"
        verdict = f"IF({kept},{yes},{no})"
    return f'=IF(COUNT({cells.start},{cells.end})<2,"",IF({swapped},"{SWAPPED}",{verdict}))'


def skipped(
    question: Question,
    answers: Mapping[str, str],
    facts: Mapping[str, tuple[str, str]],
    regime: tuple[str, Sequence[str]] | None,
    titles: Sequence[str],
) -> str | None:
    """Return the formula of why a question is skipped ("" when it is not), or None when it never is.

    `answers` are question id to the cell with the answer that counts; `facts` a fact to its cell and the
    number people see beside it; `regime` the cell with the law's number (0 while it is unknown) and the laws'
    names in that order, whose `titles` follow it, or None when only one is possible.
    """
    formula = '""'
    if question.condition is not None:
        test = _fails(question.condition, answers, lambda name: facts[name][0] if name in facts else None)
        reason = say("checklist.skipped_condition", condition=condition_text(question.condition, facts))
        formula = f'IF({test},{text(reason)},"")'
    if regime is not None and question.regimes:
        cell, names = regime
        for number, (name, title) in enumerate(zip(names, titles, strict=True), start=1):
            if name not in question.regimes:
                formula = f"IF({cell}={number},{text(say('checklist.skipped_regime', law=title))},{formula})"
    return None if formula == '""' else f"={formula}"


def _fails(condition: Condition, answers: Mapping[str, str], fact_cell: Callable[[str], str | None]) -> str:
    """The test that a condition is false: every alternative has a term that is known and false."""
    return all_of(
        [
            any_of([_term_fails(term, answers, fact_cell) for term in terms])
            for terms in condition.alternatives
        ]
    )


def _term_fails(term: Term, answers: Mapping[str, str], fact_cell: Callable[[str], str | None]) -> str:
    cell = fact_cell(term.name)
    # A question that is not asked here falls outside the law in force, and so is not relevant.
    known = f"TRIM({cell})" if cell else answers.get(term.name, text(answer_text(NOT_RELEVANT)))
    if term.values == ANSWERED:
        return f"{known}={text(answer_text(NOT_RELEVANT))}"
    tests = [f'{known}<>""', *(f"{known}<>{text(answer_text(_ANSWERS[code]))}" for code in term.values)]
    return all_of(tests)


def condition_text(condition: Condition, facts: Mapping[str, tuple[str, str]]) -> str:
    """Return a condition as people read it; a fact is called by its number in the case head."""

    def term_text(term: Term) -> str:
        name = facts[term.name][1] if term.name in facts else term.name
        if term.values == ANSWERED:
            return say("checklist.term_relevant", name=name)
        # *nej* stands first, and covers the lawful one.
        return say("checklist.term_equals", name=name, value=answer_text(_ANSWERS[term.values[0]]))

    alternatives = [say("checklist.and").join(map(term_text, terms)) for terms in condition.alternatives]
    return say("checklist.or").join(alternatives)


def effective(question: Question, cells: Cells, *, skippable: bool) -> str:
    """Return the formula of the answer that counts: "" while there is none."""
    typed, not_relevant = f"TRIM({cells.answer})", text(answer_text(NOT_RELEVANT))
    formula = typed
    if question.computed:
        yes, no, lawful = (text(answer_text(answer)) for answer in (YES, NO, LAWFUL_NO))
        decided = f"OR({cells.derived}={yes},{cells.derived}={no})"
        own_word = f"OR({typed}={not_relevant},AND({cells.derived}={no},{typed}={lawful}))"
        formula = f"IF(AND({decided},NOT({own_word})),{cells.derived},{typed})"
    return f'=IF({cells.skipped}<>"",{not_relevant},{formula})' if skippable else f"={formula}"


def _contradiction(cells: Cells) -> str:
    yes, no, lawful = (text(answer_text(answer)) for answer in (YES, NO, LAWFUL_NO))
    typed = f"TRIM({cells.answer})"
    return (
        f"OR(AND({cells.derived}={no},{typed}={yes}),"
        f"AND({cells.derived}={yes},OR({typed}={no},{typed}={lawful})))"
    )


def _remark_missing(cells: Cells) -> str:
    no, lawful = text(answer_text(NO)), text(answer_text(LAWFUL_NO))
    return f'AND(OR({cells.effective}={no},{cells.effective}={lawful}),TRIM({cells.remark})="")'


def missing(question: Question, cells: Cells, *, skippable: bool) -> str:
    """Return the formula of what is missing in a row: 1 or 0."""
    tests = [f'{cells.effective}=""']
    if question.computed:
        tests += [f'{cells.derived}="{SWAPPED}"', _contradiction(cells)]
    if question.kind == "legal":
        tests.append(_remark_missing(cells))
    formula = f"IF({any_of(tests)},1,0)"
    return f'=IF({cells.skipped}<>"",0,{formula})' if skippable else f"={formula}"


def state(question: Question, cells: Cells, *, skippable: bool) -> str:
    """Return the formula of what the reviewer is told about a row."""
    tell = {key: text(say(f"checklist.state_{key}")) for key in _STATES}
    formula = tell["done"]
    if question.computed:
        formula = f'IF(TRIM({cells.answer})="",{tell["computed"]}&{cells.derived},{formula})'
    if question.kind == "legal":
        remark = tell["remark"]
        if question.computed:
            remark = f'IF(TRIM({cells.answer})="",{tell["computed"]}&{cells.derived}&". ","")&{remark}'
        formula = f"IF({_remark_missing(cells)},{remark},{formula})"
    nothing = tell["answer_missing"]
    if question.computed:
        nothing = f"IF(COUNT({cells.start},{cells.end})=2,{tell['undecided']},{nothing})"
    formula = f'IF({cells.effective}="",{nothing},{formula})'
    if question.computed:
        formula = f"IF({_contradiction(cells)},{tell['contradiction']}&{cells.derived},{formula})"
        formula = f'IF({cells.derived}="{SWAPPED}",{tell["swapped"]},{formula})'
    if skippable:
        typed, ignored = f"TRIM({cells.answer})", text(". " + say("checklist.skipped_answer"))
        given = f'AND({typed}<>"",{typed}<>{text(answer_text(NOT_RELEVANT))})'
        told = f'{cells.skipped}&IF({given},{ignored},"")'
        formula = f'IF({cells.skipped}<>"",{told},{formula})'
    return f"={formula}"


_STATES = ("answer_missing", "undecided", "swapped", "contradiction", "remark", "computed", "done")
