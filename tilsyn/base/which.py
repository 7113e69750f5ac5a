"""Which draw of a period is meant: a level's, by its number, or a single draw, by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tilsyn.base.canonical import slug

_IN_ID = re.compile(r"[^/]*/([^/]*)/(?:level-(\d+)|single/([^/]+))(?:/(\d+))?")
_FOLDER = re.compile(r"(?:level-([1-9])|single-([a-z0-9-]+))(?:\.(\d+))?")


@dataclass(frozen=True)
class Single:
    """A draw that was asked for outside the plan, by its name: letters, digits and hyphens."""

    name: str

    @classmethod
    def named(cls, text: str) -> Single | None:
        """Return the single draw of a name as people write it; None where nothing of it is left.

        >>> Single.named("Folketingets Ombudsmand"), Single.named("…")
        (Single(name='folketingets-ombudsmand'), None)
        """
        return cls(slug(text)) if re.search("[^\\W_]", text) else None

    def __str__(self) -> str:
        return self.name


Which = int | Single


def id_part(which: Which) -> str:
    """Return how a draw stands in its id, after organisation and period.

    >>> id_part(2), id_part(Single("ombud"))
    ('level-2', 'single/ombud')
    """
    return f"single/{which}" if isinstance(which, Single) else f"level-{which}"


def read_part(text: str) -> Which | None:
    """Return which draw is meant by the part of its id, or None.

    >>> read_part("single/ombud"), read_part("level-2"), read_part("register")
    (Single(name='ombud'), 2, None)
    """
    match = _IN_ID.fullmatch(f"//{text}")
    return _which(match[2], match[3]) if match and not match[4] else None


def in_id(draw_id: str) -> tuple[str, Which, int] | None:
    """Return the period, which draw and which attempt an id names; None where it is no draw's.

    >>> in_id("bbu/2018-Q2/single/ombud/2")
    ('2018-Q2', Single(name='ombud'), 2)
    """
    match = _IN_ID.fullmatch(draw_id)
    return (match[1], _which(match[2], match[3]), int(match[4] or 1)) if match else None


def folder_name(which: Which, attempt: int = 1) -> str:
    """Return the name of a draw's folder; a replacing draw (`attempt` 2, 3, …) has its own.

    >>> folder_name(2), folder_name(Single("ombud"), 2)
    ('level-2', 'single-ombud.2')
    """
    name = id_part(which).replace("/", "-")
    return name if attempt == 1 else f"{name}.{attempt}"


def in_folder(name: str) -> tuple[Which, int] | None:
    """Return which draw and which attempt a folder is of; None where it is no draw's."""
    match = _FOLDER.fullmatch(name)
    return (_which(match[1], match[2]), int(match[3] or 1)) if match else None


def in_order(which: Which) -> tuple[int, str]:
    """Return what draws of a period are sorted by: levels by their number, then single draws by name."""
    return (10, which.name) if isinstance(which, Single) else (which, "")


def as_keys(which: Which | None) -> dict[str, Any]:
    """Return which draw is meant as plain data: `level`, null for a single draw, which has `single`."""
    return {"level": None, "single": which.name} if isinstance(which, Single) else {"level": which}


def from_keys(data: Any) -> Which:
    """Return what `as_keys` made plain."""
    single = data.get("single")
    return data.get("level") if single is None else Single(single)


def _which(level: str | None, single: str | None) -> Which:
    return Single(single) if single is not None else int(level or 0)
