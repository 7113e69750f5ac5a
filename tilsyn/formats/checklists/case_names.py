"""The hidden rows of a case sheet, one for each fact and date: what it says, and whether it is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tilsyn.base.language import say
from tilsyn.formats.checklists.sheet_writer import SheetWriter
from tilsyn.formats.checklists.styles import SIZE
from tilsyn.formats.checklists.text_size import cut, width
from tilsyn.questions.facts import ACT_DATE, REGIME, REVIEWED_ON, YES_NO, Choice, Fact
from tilsyn.questions.head import MONTHS, MONTHS_FROM
from tilsyn.questions.limits import Limit
from tilsyn.reviews import date_formulas
from tilsyn.reviews.date_formulas import DateCells
from tilsyn.reviews.formulas import EMPTY, TRUE, Look, Seen, any_of, chosen, day, holds, text, why_not

# What stands in parentheses tells more than a line has room for.
_ASIDE = re.compile(r"(?<=\w) \([^)]*\)(?=$|,)")
# So wide is what a grey row says of the fact that rules it out.
_WHY_WIDTH = 170


class Names:
    """Where each fact and date of a sheet is known; `rows` are the rows of the hidden block."""

    def __init__(self, writer: SheetWriter, first_row: int, inputs: Mapping[str, Sequence[str]]) -> None:
        self.writer, self.inputs = writer, inputs
        questions = writer.context.checklist.question_set
        self.facts = {fact.name: fact for fact in questions.facts}
        self.asked = {asked.name: asked for asked in questions.dates}
        self.needed = writer.context.checklist.needed
        listed = dict.fromkeys((ACT_DATE, REVIEWED_ON, *self.facts, *self.asked, *inputs))
        self.rows = {name: row for row, name in enumerate(listed, start=first_row)}
        self.known: dict[str, Seen] = {}
        for name, row in self.rows.items():
            fact = self.facts.get(name)
            there = TRUE if fact is None or fact.asked_when is None else self.at("there", row)
            why = EMPTY if there == TRUE else self.at("why", row)
            self.known[name] = Seen(self.at("value", row), there, words=self.at("words", row), why=why)
        self.act = self.at("first", self.rows[ACT_DATE])

    def at(self, role: str, row: int) -> str:
        """Return a cell of the block."""
        return self.writer.at(role, row)

    def value(self, name: str) -> str:
        """Return the cell of a fact's code or a date."""
        return self.at("value", self.rows[name])

    def proposed(self, name: str) -> str:
        """Return the cell of what the register proposes."""
        return self.at("proposed", self.rows[name])

    @property
    def dates(self) -> dict[str, DateCells]:
        """Every date's cells."""
        return {
            name: DateCells(self.at("value", row), self.at("first", row), self.at("final", row))
            for name, row in self.rows.items()
            if self._dated(name)
        }

    def _dated(self, name: str) -> bool:
        fact = self.facts.get(name)
        return name in (ACT_DATE, REVIEWED_ON) or fact is None or fact.is_date

    def write(self, look: Look, hours: set[str]) -> None:
        """Write the block; `hours` are the dates that a limit in hours is reckoned with."""
        for name, row in self.rows.items():
            self.writer.put(row, "name", name, "helper")
            fact = self.facts.get(name)
            if self._dated(name):
                self._date(name, row, exact=name in hours)
            elif fact is not None:
                self._fact(fact, row)
            if fact is not None and fact.asked_when is not None:
                self.writer.formula(row, "there", f"={holds(fact.asked_when, look)}")
                self.writer.formula(row, "why", f"={why_not(fact.asked_when, look)}")
            if (needed := self.needed.get(name)) is not None:
                self.writer.formula(row, "needed", f"={holds(needed, look)}")
        act = self.value(ACT_DATE)
        self.writer.formula(self.rows[ACT_DATE], "first", f"=IF(ISNUMBER({act}),INT({act}),0)")

    def _date(self, name: str, row: int, *, exact: bool) -> None:
        write, cells = self.writer.formula, self.inputs.get(name, ())
        if not cells:
            return
        typed = cells[0]
        if len(cells) > 1:
            write(row, "given", "=" + chosen([(f"{cell}<>{EMPTY}", cell) for cell in cells], EMPTY))
            typed = self.at("given", row)
        write(row, "parts", date_formulas.fields(typed))
        value = date_formulas.value(typed, self.at("parts", row))[1:]
        known = self.known[name]
        fact = self.facts.get(name)
        if known.there != TRUE:
            value = f"IF({known.there}=0,{EMPTY},{value})"
        asked = self.asked.get(name)
        # As the loading does, where nobody says when the case was read.
        usual = "TODAY()" if name == REVIEWED_ON else ""
        if asked is not None and asked.default in self.rows:
            usual = self.value(asked.default)
        if usual:
            value = f"IF(TRIM({typed})={EMPTY},{usual},{value})"
        write(row, "value", f"={value}")
        if exact:
            write(row, "first", date_formulas.minutes(known.value, last=False))
            write(row, "final", date_formulas.minutes(known.value, last=True))
        label = fact.text if fact is not None else asked.text if asked is not None else name
        shown = f"IF(ISNUMBER({known.value}),{date_formulas.shown(known.value)},{EMPTY})"
        write(row, "words", f"={text(cut(label, _WHY_WIDTH, SIZE) + ' ')}&{shown}")

    def _fact(self, fact: Fact, row: int) -> None:
        write = self.writer.formula
        if fact.name == REGIME:
            write(row, "value", f"={self._regime()}")
            write(row, "words", f"={text(say('checklist.not_in_law'))}")
            return
        if fact.name == MONTHS and MONTHS_FROM in self.rows:
            months = date_formulas.whole_months(self.value(MONTHS_FROM), self.value(REVIEWED_ON))
            write(row, "value", f"={months}")
            write(row, "words", f"={text(fact.text + ' ')}&{self.at('value', row)}")
            return
        cell = self.inputs.get(fact.name, ("",))[0]
        if not cell:
            # Nothing asks it here, so it stays what is usual.
            write(row, "value", f"={text(fact.default)}")
            return
        if fact.kind == "number":
            number = f'VALUE(SUBSTITUTE(SUBSTITUTE(LOWER(TRIM({cell}))," ",""),"år",""))'
            write(row, "value", f"=IF(TRIM({cell})={EMPTY},{EMPTY},IFERROR({number},{EMPTY}))")
            label = text(cut(fact.text, _WHY_WIDTH, SIZE) + " ")
            write(row, "words", f"={label}&{self.at('value', row)}")
            return
        said = f"UPPER(TRIM({cell}))"
        cases = [(f"{said}={EMPTY}", text(fact.default if fact.default in fact.codes else ""))]
        for letter, choice in fact.letters.items():
            typed = any_of([f"{said}={text(word)}" for word in said_of(letter, choice)])
            cases.append((typed, text(choice.code)))
        write(row, "value", "=" + chosen(cases, EMPTY))
        value = self.at("value", row)
        words = [
            (f"{value}={text(c.code)}", text(told(fact.text, brief(c.text), _WHY_WIDTH)))
            for c in fact.choices
        ]
        write(row, "words", "=" + chosen(words, EMPTY))

    def _regime(self) -> str:
        regimes = self.writer.context.checklist.regimes
        if len(regimes) == 1:
            return text(regimes[0].name)
        cases = [(f"{self.act}=0", EMPTY)]
        for regime in regimes:
            bounds = [f"{self.act}>={day(regime.first)}"] if regime.first else []
            bounds += [f"{self.act}<={day(regime.last)}"] if regime.last else []
            cases.append((f"AND({','.join(bounds or ['TRUE'])})", text(regime.name)))
        return chosen(cases, EMPTY)


def said_of(letter: str, choice: Choice) -> tuple[str, ...]:
    """Return what may be typed for a choice, in capitals: its letter, its code, and its words."""
    words = {letter, choice.code, choice.text_da, choice.text_en}
    if choice in YES_NO:
        # A letter of either language.
        words |= {choice.text_da[0], choice.text_en[0]}
    return tuple(sorted({" ".join(word.split()).upper() for word in words if word}))


def brief(words: str) -> str:
    """Return a choice without what it says in parentheses.

    >>> brief("støttende indsats (barnets lov § 32)"), brief("ja (en del), eller nej")
    ('støttende indsats', 'ja, eller nej')
    """
    return _ASIDE.sub("", words)


def told(label: str, said: str, room: float) -> str:
    """Return a question and what was said to it on one line, the question cut where it must be."""
    left = room - width(f" {said}", SIZE)
    return f"{cut(label, left, SIZE)} {said}" if left > width("abcdefgh", SIZE) else cut(said, room, SIZE)


def dates_in_hours(limits: Sequence[Limit]) -> set[str]:
    """Return the dates that a limit in hours names."""
    found = set()
    for limit in limits:
        for part in (limit, getattr(limit, "then", None), getattr(limit, "otherwise", None)):
            if any(span.unit == "hours" for span in getattr(part, "spans", ())):
                found |= set(getattr(part, "dates", ()))
    return found
