"""One spelling for ids and file names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

# What a case id is trimmed of: a fixed set, so that every language can do the same.
OUTER_SPACE = " \t\r\n\u00a0"
_FORBIDDEN = re.compile(r"[|\x00-\x1f\x7f-\x9f]")
# Which characters an id of a draw may hold: 1 all but the forbidden; 2 also none that is deceptive.
ID_RULES = 2
# What programs show as nothing, and what turns the direction of writing.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_RESERVED = re.compile("con|prn|aux|nul|(com|lpt)[0-9]")
_LONGEST_STEM = 100
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def canonical_id(text: str) -> str:
    r"""Return the text as Unicode NFC without outer space: what tickets and commitments are computed from.

    >>> canonical_id(" 2018-001\u00a0")
    '2018-001'
    """
    return unicodedata.normalize("NFC", text).strip(OUTER_SPACE)


def visible(text: str) -> str:
    """Return the text in Unicode NFKC without characters that cannot be seen."""
    if text.isascii():
        return text
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def deceptive(text: str) -> list[str]:
    """Return the code points of a canonical id that nobody sees, or that are told from another by no eye.

    >>> deceptive("2018\u200b-\uff11"), deceptive("2018-001 Ærø")
    (['U+200B', 'U+FF11'], [])
    """
    if text.isascii():
        return []
    return [f"U+{ord(char):04X}" for char in dict.fromkeys(text) if _deceives(char)]


def _deceives(char: str) -> bool:
    # What no version of Unicode knows may be anything in the next.
    unknown = unicodedata.category(char) in ("Cn", "Co", "Cs")
    changed = unicodedata.normalize("NFKC", char) != unicodedata.normalize("NFC", char)
    return unknown or changed or _INVISIBLE.match(char) is not None


def by_sight(ids: Iterable[str]) -> dict[str, str]:
    """Return what ids look like, and the id, where no two look alike."""
    found: dict[str, list[str]] = {}
    for text in ids:
        found.setdefault(canonical_id(visible(text)), []).append(text)
    return {look: alike[0] for look, alike in found.items() if len(alike) == 1}


def known_id(text: str, ids: Collection[str], looks: Mapping[str, str] | None = None) -> str:
    """Return the id that a text means: the same, or the one that looks like it; else its canonical form.

    Programs put characters that nobody sees into what people copy. `looks` is `by_sight` of the ids.

    >>> known_id("2018-001\u200b", ["2018-001"]), known_id("2018-\uff12", ["2018-001"])
    ('2018-001', '2018-２')
    """
    text = canonical_id(text)
    if text in ids:
        return text
    return (by_sight(ids) if looks is None else looks).get(canonical_id(visible(text)), text)


def same_name(text: str) -> str:
    """Return what two spellings of a unit are compared by: no outer space, no case.

    >>> same_name(" amager") == same_name("Amager")
    True
    """
    return canonical_id(text).lower()


def has_forbidden(text: str) -> bool:
    """Tell whether an id or unit holds `|`, a tab or a control character.

    >>> has_forbidden("A|1"), has_forbidden("A-1")
    (True, False)
    """
    return _FORBIDDEN.search(text) is not None


def slug(text: str) -> str:
    """Return the text as it stands in a file name: a-z, 0-9 and `-`, with æ as ae, ø as oe and å as aa.

    >>> slug("Brønshøj-Husum-Vanløse"), slug("Valby-Vesterbro-Kgs. Enghave")
    ('broenshoej-husum-vanloese', 'valby-vesterbro-kgs-enghave')
    """
    plain = unicodedata.normalize("NFC", text).lower().translate(_DANISH)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"


def file_stem(*names: str) -> str:
    """Return the stem of a file that is named after a unit, and a department of it.

    Windows keeps some names for itself, and has room for 260 characters of path.

    >>> file_stem("Brønshøj", "Team 1"), file_stem("CON")
    ('broenshoej-team-1', 'con-x')
    """
    stem = "-".join(slug(name) for name in names if name)[:_LONGEST_STEM].rstrip("-")
    return f"{stem}-x" if _RESERVED.fullmatch(stem) else stem


def file_stems(names: Iterable[tuple[str, ...]]) -> list[str]:
    """Return a stem for each, none twice: the names of two units can give the same one.

    >>> file_stems([("Nord A", ""), ("Nord", "A"), ("Syd", "")])
    ['nord-a', 'nord-a-2', 'syd']
    """
    taken: list[str] = []
    for parts in names:
        stem = name = file_stem(*parts)
        number = 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.append(name)
    return taken
