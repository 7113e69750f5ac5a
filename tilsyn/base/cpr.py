"""Danish personal identification numbers: found however they are spelt, and never shown in full.

So are the numbers of other countries that a workspace describes (`own_numbers`).

No modulus check: it has not held for all numbers since 2007 (CPR-kontoret, Personnumre uden kontrolciffer).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache

from tilsyn.base.language import say
from tilsyn.base.names import name_before
from tilsyn.base.own_numbers import MASKED, own_places, own_sql

# What may stand between the groups: a space or any mark; a comma or a colon only where it touches both.
_COMMON_MARKS = "§«»·–—‘’“”„"
_MARK = rf"[\t\n\r !-+\--/<-@\[-`{{-~{_COMMON_MARKS}]"
_GAP = rf"{_MARK}{{0,8}}"
_PARTED = rf"{_MARK}{{1,8}}"


def _day(gap: str) -> str:
    """Return the pattern of a day of the month, plus 60 in administrative numbers."""
    return f"(?:0{gap}[1-9]|[12]{gap}[0-9]|3{gap}[01]|6{gap}[1-9]|[78]{gap}[0-9]|9{gap}[01])"


def _month(gap: str) -> str:
    return f"(?:0{gap}[1-9]|1{gap}[0-2])"


# Day, month and year, together or apart, then four digits, which may be two pairs; every digit by itself;
# with the dots of a thousand. For DuckDB and Python alike.
_DATE = rf"{_day('')}{_GAP}{_month('')}{_GAP}[0-9]{{2}}"
# Four digits that are a year may end a date: "10.-12.05.2018" is none, so before them the gaps must be alike.
_EVEN_DATE = "|".join(
    rf"{_day('')}{first}{_month('')}{second}[0-9]{{2}}"
    for first, second in (("", _GAP), (_GAP, ""), *((mark, mark) for mark in ("-", "[.]", "/", " {1,8}")))
)
_NO_YEAR = r"(?:[03-9][0-9]|1[0-8]|2[1-9])[0-9]{2}"
_SPELLINGS = (
    rf"{_DATE}(?:(?:{_GAP}|[,:;]){_NO_YEAR}|{_PARTED}[0-9]{{2}} [0-9]{{2}})",
    rf"(?:{_EVEN_DATE})(?:{_GAP}|[,:;])[0-9]{{4}}",
    _PARTED.join([_day(_PARTED), _month(_PARTED), *["[0-9]"] * 6]),
    rf"{_day('[. ]')}{_month('')}[. ][0-9]{{3}}[. ][0-9]{{3}}",
)
_NUMBER = f"(?:{'|'.join(_SPELLINGS)})"
PATTERN = rf"(?:^|[^0-9]){_NUMBER}(?:$|[^0-9])"
_FIND = re.compile(rf"(?<![0-9]){_NUMBER}(?![0-9])")
# What every spelling has: most texts have not so many digits, and are looked through in a tenth of the time.
_TEN_DIGITS = re.compile(r"[0-9](?:[^0-9]{0,8}[0-9]){9}")
# A number cell loses its leading zero: day 1-9 is one digit there.
NUMBER_PATTERN = rf"^[1-9]{_month('')}[0-9]{{6}}$"
_SHORTENED = re.compile(NUMBER_PATTERN)
# What a name is shown as; without a capital letter, so that it is none itself.
_NAME = "xxxx"
# Characters that are just what they look like: in a text of these alone the pattern finds all there is.
PLAIN = f" -~À-ÖØ-öø-ÿ{_COMMON_MARKS}"
_ALL_PLAIN = re.compile(f"[{PLAIN}]*")
# The program's own hashes, seeds, ids of workbooks, files of loaded answers, and what an approval is of:
# nobody writes a number so.
_HASH = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|tilsyn-[0-9a-f]{16}|[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}\.json"
    r"|(?<=[0-9]{4}-[0-9]{2}-[0-9]{2}, )[0-9a-f]{12})(?![0-9A-Za-z])"
)
# An anchor, and a hash by its beginning, as they are shown; a text that comes from outside may look so too.
_PART_OF_HASH = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]+:[0-9a-f]{16}|(?:[0-9a-f]{12}|[0-9a-f]{16})(?=…))(?![0-9A-Za-z])"
)


def sql_pattern() -> str:
    """Return the pattern, for DuckDB, of CPR numbers and of the workspace's own numbers."""
    return "|".join(filter(None, (PATTERN, own_sql())))


def looks_like_cpr(text: str, number_cell: bool = False, known: Collection[str] = ()) -> bool:
    """Tell whether a text holds something that looks like a CPR number.

    What is part of a `known` text or of a hash is none.

    In a number cell, nine digits may be one without its leading zero.

    >>> looks_like_cpr("see 120374-6598"), looks_like_cpr("991374-6598"), looks_like_cpr("1203746598123")
    (True, False, False)
    >>> looks_like_cpr("203746598", number_cell=True), looks_like_cpr("see 1203746598", known=["1203746598"])
    (True, False)
    """
    if number_cell and _SHORTENED.match("".join(map(_plain, text)).strip()) and text not in known:
        return True
    return next(_numbers(text, known), None) is not None


def likeness(text: str, known: Collection[str] = ()) -> str:
    """Return in words what kind of number a text seems to hold.

    >>> likeness("see 120374-6598")
    'et CPR-nummer'
    """
    kinds = [kind for *_, kind in _numbers(text, known)]
    own = "" if "" in kinds else next(iter(kinds), "")
    return say("privacy.own_number", name=own) if own else say("privacy.cpr_number")


def mask(text: str, known: Collection[str] = ()) -> str:
    """Return the text with every CPR-like number shown as its first two digits only, and no name before it.

    What is part of a `known` text or of a hash is none.

    >>> mask("see 120374-6598 and 1203746598")
    'see 12xxxx-xxxx and 12xxxx-xxxx'
    >>> mask("Moderen Ole Hansen, CPR-nr. 120374-6598, var der")
    'Moderen xxxx, CPR-nr. 12xxxx-xxxx, var der'
    >>> mask("203746598")
    '02xxxx-xxxx'
    """
    if _SHORTENED.match(text) and text not in known:
        return f"0{text[0]}xxxx-xxxx"
    # What is left may be a number that one of these overlapped.
    while (shown := _masked_once(text, known)) != text:
        text = shown
    return text


def _masked_once(text: str, known: Collection[str]) -> str:
    parts = [match[0] for match in _PART_OF_HASH.finditer(text)]
    for start, end, kind in reversed(list(_numbers(text, [*known, *parts]))):
        day = [digit for char in text[start:end] if (digit := _plain(char)).isdigit()]
        before = text[:start]
        name = name_before(before, start)
        if name is not None and not _within(text, name, known):
            before = f"{before[: name[0]]}{_NAME}{before[name[1] :]}"
        shown = MASKED if kind else f"{''.join(day)[:2]}xxxx-xxxx"
        text = f"{before}{shown}{text[end:]}"
    return text


def _numbers(text: str, known: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Yield where in a text a number stands that is part of nothing else, and its kind: '' is CPR."""
    hashes: list[str] | None = None
    end = 0
    for place in sorted(_places(text)):
        if hashes is None:
            hashes = [match[0] for match in _HASH.finditer(text)]
        if place[0] >= end and not _within(text, place[:2], known) and not _within(text, place[:2], hashes):
            end = place[1]
            yield place


def _places(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where in a text something looks like a number of a kind; they may overlap."""
    if _ALL_PLAIN.fullmatch(text):
        yield from _kinds(text)
        return
    plain, origin = [], []
    for place, char in enumerate(text):
        plain.append(_plain(char))
        origin += [place] * len(plain[-1])
    for start, end, kind in _kinds("".join(plain)):
        yield origin[start], origin[end - 1] + 1, kind


def _kinds(plain: str) -> Iterator[tuple[int, int, str]]:
    if _TEN_DIGITS.search(plain):
        for match in _FIND.finditer(plain):
            yield match.start(), match.end(), ""
    yield from own_places(plain)


def _within(text: str, place: tuple[int, int], known: Collection[str]) -> bool:
    """Tell whether a place in a text is part of a known text."""
    start, end = place
    for whole in known:
        if text[start:end] in whole:
            first = text.find(whole, max(0, end - len(whole)))
            if 0 <= first <= start:
                return True
    return False


@cache
def _plain(char: str) -> str:
    """Return a character as the pattern knows it: a digit, a mark, a letter, or nothing if it is unseen."""
    if char.isascii():
        return char if char.isprintable() or char in "\t\n\r" else " " * char.isspace()
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    kind = unicodedata.category(char)
    # Signs that combine with a digit, and what a program may show as nothing.
    if kind in ("Mn", "Me", "Cf", "Cc", "Cn", "Co", "Cs") or char in "\u115f\u1160\u3164\uffa0":
        return ""
    compatible = unicodedata.normalize("NFKC", char)
    if compatible != char:
        return "".join(_plain(part) for part in compatible)
    return {"L": "x", "N": "x", "M": "x", "Z": " "}.get(kind[0], "-")
