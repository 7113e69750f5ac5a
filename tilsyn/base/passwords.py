"""Passwords in the addresses of databases: found where they stand in the open, and never shown."""

from __future__ import annotations

import re

# A password that is the name of an environment variable is none.
_VARIABLE = r"\$(?:\w+|\{\w+\})"
_USER = r"[A-Za-z][\w+.-]*:/+[^\s/:]*:"
_OPTION = r"(?:password|passwd|pwd)\s*(?:=|%3D)\s*"
_WRITTEN = re.compile(
    rf"{_USER}(?!{_VARIABLE}@)[^@]+@|{_OPTION}(?!{_VARIABLE}(?:[&;\s]|$))[^&;\s]", re.IGNORECASE
)
_OPTION_SHOWN = re.compile(rf"({_OPTION})[^&;\s]+", re.IGNORECASE)
# To the last @: one in a password may stand there unquoted. A variable's name is no secret.
_USER_SHOWN = re.compile(rf"([A-Za-z][\w+.-]*:/+)[^\s/:]*:(?!{_VARIABLE}@[^\s@]*(?:\s|$))\S*@")


def has_password(address: str) -> bool:
    """Tell whether a password stands in an address itself, and not the name of a variable that holds it.

    >>> [has_password(f"postgresql://reader:{word}@host/cases") for word in ("secret", "$REGISTER_PASSWORD")]
    [True, False]
    """
    return _WRITTEN.search(address) is not None


def without_passwords(text: str) -> str:
    """Return a text without who logs in with what, wherever an address stands in it.

    >>> without_passwords("no file postgresql://reader:s3cr@t@host/cases?password=x&port=1")
    'no file postgresql://…@host/cases?password=…&port=1'
    >>> without_passwords("write postgresql://reader:$REGISTER_PASSWORD@host/cases")
    'write postgresql://reader:$REGISTER_PASSWORD@host/cases'
    """
    return _USER_SHOWN.sub(r"\1…@", _OPTION_SHOWN.sub(r"\1…", text))
