"""One spelling for ids and file names."""

from __future__ import annotations

import re
import unicodedata

# What a case id is trimmed of: a fixed set, so that every language can do the same.
OUTER_SPACE = " \t\r\n\u00a0"
_FORBIDDEN = re.compile(r"[|\x00-\x1f\x7f-\x9f]")
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def canonical_id(text: str) -> str:
    r"""Return the text as Unicode NFC without outer space: what tickets and commitments are computed from.

    >>> canonical_id(" 2018-001\u00a0")
    '2018-001'
    """
    return unicodedata.normalize("NFC", text).strip(OUTER_SPACE)


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
