"""File names as people read them: a disk's bytes need not be UTF-8."""

from __future__ import annotations

import re

# How Python keeps bytes of a name that are no UTF-8, and halves of a letter that Windows lets pass.
_BYTE = re.compile("[\udc80-\udcff]")
_HALF = re.compile("[\ud800-\udfff]")


def readable(name: str) -> str:
    r"""Return a name with the bytes that are no UTF-8 as letters of Windows-1252, where they are any.

    >>> readable("sager-\udcf8st.csv")
    'sager-øst.csv'
    """
    if name.isascii():
        return name
    text = _BYTE.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace"), name)
    return _HALF.sub("\ufffd", text)
