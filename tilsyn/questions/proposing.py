"""What the register proposes for a fact of the case head; it proposes, and the reader decides.

A rule is `copy decided`, `copy opened when case_type = Underretning`, `i_gang when case_type = …`, or with
`has` for a part of a text: `anb_uden when law has § 47`. An empty column proposes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tilsyn.questions.facts import Fact

_RULE = re.compile(
    r"(?:copy\s+(?P<copied>[a-z][a-z0-9_]*)|(?P<code>[\w-]+))"
    r"(?:\s+when\s+(?P<column>[a-z][a-z0-9_]*)\s+(?P<how>=|has)\s+(?P<text>\S.*))?"
)


@dataclass(frozen=True)
class Proposal:
    """A value, or the column to copy it from, and what a column must say for it."""

    value: str = ""
    copied: str = ""
    column: str = ""
    how: str = ""
    text: str = ""

    def of(self, known: Mapping[str, str]) -> str:
        """Return what it proposes from the register's columns, or ""."""
        if self.column:
            found, wanted = _plain(known.get(self.column, "")), _plain(self.text)
            # A paragraph's number ends where the next sign is no digit: § 5 is not § 52.
            inside = re.search(rf"{re.escape(wanted)}(?![\w])", found) is not None
            if not (found == wanted if self.how == "=" else inside):
                return ""
        return known.get(self.copied, "") if self.copied else self.value


def parse_proposal(text: str) -> Proposal:
    """Read a rule; a ValueError holds what cannot be read."""
    found = _RULE.fullmatch(text.strip())
    if found is None or (found["code"] and not found["column"]):
        raise ValueError(text.strip())
    parts = (found[key] or "" for key in ("code", "copied", "column", "how", "text"))
    return Proposal(*parts)


def proposed(fact: Fact, known: Mapping[str, str]) -> str:
    """Return the first value that the rules of a fact propose, or "".

    >>> fact = Fact("afgoerelse", "?", proposals=("stoette when law has § 32", "anb_uden when law has § 47"))
    >>> proposed(fact, {"law": "Barnets lov § 47"}), proposed(fact, {"law": "§ 320"})
    ('anb_uden', '')
    """
    return next((value for rule in fact.proposals if (value := parse_proposal(rule).of(known))), "")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
