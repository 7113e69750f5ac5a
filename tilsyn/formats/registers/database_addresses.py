"""Where a register's database is: what `url` says itself, an environment variable, or a file."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from tilsyn.base.language import say
from tilsyn.base.passwords import has_password
from tilsyn.base.problems import Problem
from tilsyn.formats.registers.table import refuse

if TYPE_CHECKING:
    import sqlalchemy

# What a url under [register] begins with when it is the name of a file that holds the address.
IN_FILE = "file:"
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")


def address(text: str, folder: Path) -> sqlalchemy.URL:
    """Return the address that a url under [register] says: itself, an environment variable's, or a file's.

    A variable that stands for a part of it, such as the password, is filled in after the parts are told
    apart: no sign in a password can then be taken for one of the address's own. A file's path counts from
    the folder.
    """
    if text.startswith(IN_FILE):
        text = _in_file(text, folder)
    url = _parsed(_filled_in(text))
    return url.set(
        username=_part(url.username),
        password=_part(url.password),
        host=_part(url.host),
        database=_part(url.database),
        query={
            name: _filled_in(value) if isinstance(value, str) else tuple(map(_filled_in, value))
            for name, value in url.query.items()
        },
    )


def open_to_others(text: str, folder: Path) -> list[Problem]:
    """Return a note where others than its owner can read a file with a password, as `psql` tells."""
    # Windows keeps who may read a file elsewhere.
    if not text.startswith(IN_FILE) or os.name == "nt" or not has_password(_in_file(text, folder)):
        return []
    path = _path(text, folder)
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & 0o077:
        return []
    found = say("register.open_url_file", mode=f"{mode:04o}")
    return [Problem(found, say("register.open_url_file_remedy", path=path), file=path.name, kind="note")]


def _path(text: str, folder: Path) -> Path:
    return folder / text.removeprefix(IN_FILE)


def _part(text: str | None) -> str | None:
    return None if text is None else _filled_in(text)


def _in_file(text: str, folder: Path) -> str:
    path = _path(text, folder)
    try:
        return path.read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise refuse("no_url_file", "tilsyn.toml", path=path, reason=reason) from None


def _filled_in(text: str) -> str:
    """Return an environment variable's value where the text is the name of one; refused where it is unset."""
    if (variable := _VARIABLE.fullmatch(text)) is None:
        return text
    name = variable[1] or variable[2]
    if not os.environ.get(name):
        raise refuse("no_variable", "tilsyn.toml", name=name)
    return os.environ[name].strip()


def _parsed(text: str) -> sqlalchemy.URL:
    import sqlalchemy

    try:
        url = sqlalchemy.make_url(text)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise refuse("bad_url", "tilsyn.toml") from None
    # What providers write; psycopg is the driver that tilsyn is installed with.
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url
