"""Recognising a register's headings: which of theirs is which of our columns.

By a word first, then by nearness to one; what a column holds can speak against it, and proposes what no word
told. Only what is sure is mapped: the rest is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from tilsyn.base.canonical import canonical_id, same_name
from tilsyn.base.cpr import mask
from tilsyn.formats.registers.column_profiles import Profile, looks_like, verdict
from tilsyn.formats.registers.heading_words import (
    BESIDES,
    PERSONAL,
    PERSONAL_PARTS,
    SOMEBODY_ELSE,
    WEAK_WORDS,
    WORDS,
)
from tilsyn.settings.schema import COLUMNS

# So much of 100 alike, and so long, is a word misspelt.
NEAR, LONG = 90, 6
# What a register cannot do without, and what level 1 is drawn for: proposed also by content alone.
BY_CONTENT = ("case_id", "unit", "caseworker")
MOST_PROPOSED = 4
# The same words are met again in each way that a file may be written.
_REMEMBERED = 4096
_EVERY_WORD = frozenset().union(*WORDS.values())


@dataclass(frozen=True)
class Recognised:
    """What was recognised among a register's headings: our columns, in our order, to theirs.

    What is `unsure` are our columns to the headings that may be theirs. The headings in no column are
    `left_out`: CPR numbers, names and what is not known are never kept.
    """

    columns: dict[str, str]
    left_out: list[str]
    unsure: dict[str, list[str]] = field(default_factory=dict)


def named(headings: Sequence[str]) -> dict[str, str]:
    """Return our columns to the headings that a word tells, each used once, the surer word first.

    >>> named(["Sagsnr", "CPR-nr", "Enhed", "Lukket dato"])
    {'case_id': 'Sagsnr', 'unit': 'Enhed', 'closed': 'Lukket dato'}
    """
    return recognise(headings).columns


def worded(headings: Sequence[str], words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return columns to the headings that one of their words fits, each used once, the surer word first.

    >>> worded(["Klagetype", "Sags nr.", "Type"], {"case_id": ("sagsnr",), "kind": ("klagetype", "type")})
    {'case_id': 'Sags nr.', 'kind': 'Klagetype'}
    """
    found: dict[str, str] = {}
    for column, known in words.items():
        free = {_plain(heading): heading for heading in headings if heading not in found.values()}
        if there := [free[word] for word in known if word in free]:
            found[column] = there[0]
    return found


def personal(heading: str) -> bool:
    """Tell whether a heading that no word of ours fits says who the case is about.

    >>> personal("Barnets navn"), personal("Team Name"), personal("CPR-nr"), personal("Journalnr")
    (True, False, True, False)
    """
    plain = _plain(heading)
    if any(plain in words for words in (*WORDS.values(), *WEAK_WORDS.values())):
        return False
    return bool(set(_parts(heading)) & PERSONAL) or any(part in plain for part in PERSONAL_PARTS)


def recognise(
    headings: Sequence[str],
    held: Mapping[str, Profile] | None = None,
    given: Mapping[str, str] | None = None,
    without: Collection[str] = (),
) -> Recognised:
    """Recognise headings by words and content; what is `given` is so, what is `without` is not looked for."""
    return _Recognition(headings, held or {}, given or {}, without).found()


class _Recognition:
    """One register's headings, and which of them are still free."""

    def __init__(
        self,
        headings: Sequence[str],
        held: Mapping[str, Profile],
        given: Mapping[str, str],
        without: Collection[str],
    ) -> None:
        self.headings = [canonical_id(heading) for heading in headings if heading.strip()]
        self.held = held
        self.given = given
        self.columns = dict(given)
        self.unsure: dict[str, list[str]] = {}
        self.open = [column for column in COLUMNS if column not in given and column not in without]
        taken = {same_name(heading) for heading in given.values()}
        self.usable = [
            heading
            for heading in dict.fromkeys(self.headings)
            if same_name(heading) not in taken and not personal(heading) and not self._holds_cpr(heading)
        ]

    def found(self) -> Recognised:
        for column in self.open:
            self._by_word(column)
        for column in self._missing():
            self._by_nearness(column)
        for column in self._missing():
            self._by_weak_word(column)
        for column in self._missing():
            self._propose(column)
        used = set(self.columns.values())
        # A file without headings has a person's data in their place.
        left_out = [mask(heading) for heading in self.headings if heading not in used]
        columns = {column: self.columns[column] for column in COLUMNS if column in self.columns}
        unsure = {column: found[:MOST_PROPOSED] for column, found in self.unsure.items() if found}
        return Recognised(columns | self.columns, left_out, unsure)

    def _missing(self) -> list[str]:
        return [column for column in self.open if column not in self.columns]

    @property
    def _free(self) -> list[str]:
        used = set(self.columns.values())
        return [heading for heading in self.usable if heading not in used]

    def _holds_cpr(self, heading: str) -> bool:
        return heading in self.held and self.held[heading].personal

    def _speaks(self, column: str, heading: str) -> bool | None:
        return verdict(column, self.held.get(heading))

    def _by_word(self, column: str) -> None:
        """Take the heading with the surest word whose column does not hold something else."""
        words = (*WORDS[column], _plain(column))
        for spelt in (_plain, _bare):
            fitting = [heading for heading in self._free if spelt(heading) in words]
            for heading in sorted(fitting, key=lambda heading: words.index(spelt(heading))):
                if self._speaks(column, heading) is not False:
                    self.columns[column] = heading
                    return

    def _by_nearness(self, column: str) -> None:
        """Take a heading that is a word misspelt, where its column holds what it should."""
        for heading in self._free:
            if not _fits_any(heading) and self._speaks(column, heading) and _is_near(heading, column):
                self.columns[column] = heading
                return

    def _by_weak_word(self, column: str) -> None:
        """Take the only heading that may be the column; where several may, propose them."""
        words = WEAK_WORDS.get(column, ())
        pool = [*self._free, *self._lent(column)]
        weak = [heading for heading in pool if {_plain(heading), _bare(heading)} & set(words)]
        weak = [heading for heading in weak if self._speaks(column, heading) is not False]
        if not weak:
            return
        if self.columns.get("department") in weak:
            del self.columns["department"]
        if len(weak) == 1 and (column != "case_id" or self._speaks(column, weak[0])):
            self.columns[column] = weak[0]
        else:
            self.unsure[column] = weak

    def _lent(self, column: str) -> list[str]:
        """Return the department's heading for the unit: with one division alone, that is the unit."""
        lent = self.columns.get("department") if column == "unit" and "department" not in self.given else None
        return [lent] if lent else []

    def _propose(self, column: str) -> None:
        """Propose the headings with a word of the column in them, else those whose content is like it."""
        proposed = self.unsure.setdefault(column, [])
        elsewhere = {heading for headings in self.unsure.values() for heading in headings}
        free = [heading for heading in self._free if heading not in elsewhere]
        words = WORDS[column]
        for heading in free:
            whole = {_plain(heading), _bare(heading)} & set(words)
            part = set(_parts(heading)) & set(words) and not set(_parts(heading)) & SOMEBODY_ELSE
            likely = (part or _is_near(heading, column)) and self._speaks(column, heading) is not False
            if likely or (whole and column in BY_CONTENT):
                proposed.append(heading)
        if column in BY_CONTENT and not proposed:
            proposed += [
                heading
                for heading in free
                if heading in self.held and looks_like(column, self.held[heading]) and not _fits_any(heading)
            ]


@lru_cache(maxsize=_REMEMBERED)
def _plain(heading: str) -> str:
    """Return a heading without case, space and punctuation.

    >>> _plain(" Sags-nr. ")
    'sagsnr'
    """
    return re.sub(r"[\W_]+", "", canonical_id(heading).lower())


@lru_cache(maxsize=_REMEMBERED)
def _parts(heading: str) -> tuple[str, ...]:
    """Return the words of a heading, also those that capital letters part.

    >>> _parts("ClosedBy (kode)")
    ('closed', 'by', 'kode')
    """
    apart = re.sub(r"(?<=[a-zæøåäö])(?=[A-ZÆØÅÄÖ])", " ", canonical_id(heading))
    return tuple(part.lower() for part in re.split(r"[\W_]+", apart) if part)


@lru_cache(maxsize=_REMEMBERED)
def _bare(heading: str) -> str:
    """Return a heading without the words that say the same besides.

    >>> _bare("Primær rådgiver"), _bare("Sag oprettet dato")
    ('rådgiver', 'oprettet')
    """
    return "".join(part for part in _parts(heading) if part not in BESIDES)


def _fits_any(heading: str) -> bool:
    return not _EVERY_WORD.isdisjoint((_plain(heading), _bare(heading)))


@lru_cache(maxsize=_REMEMBERED)
def _is_near(heading: str, column: str) -> bool:
    plain = _plain(heading)
    if set(_parts(heading)) & SOMEBODY_ELSE:
        return False
    return any(len(word) >= LONG and fuzz.ratio(plain, word) >= NEAR for word in WORDS[column])
