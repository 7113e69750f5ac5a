"""Problems of a register's rows, and many of one kind told as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import Problem

# So many places of a group are named.
PLACES = 3


@dataclass(frozen=True)
class RowProblem(Problem):
    """A problem of one row, or of `n` rows of which the first `places` are named.

    `what` is the kind of problem, by its word in the dictionary. In a database, whose rows have no order, the
    `case_id` says where it is.
    """

    what: str = ""
    case_id: str | None = None
    n: int = 1
    places: tuple[str, ...] = ()

    @property
    def where(self) -> str | None:
        """The row or the case, in words."""
        if self.case_id is not None:
            return say("register.place_case", case_id=self.case_id)
        if self.row is None:
            return None
        key = "register.place_row" if self.sheet is None else "register.place_sheet"
        return say(key, row=self.row, sheet=self.sheet)


def grouped(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems with those of one kind in one column as one, in the order of their first."""
    groups: dict[tuple[str, str, str | None], list[RowProblem]] = {}
    out: list[Problem | list[RowProblem]] = []
    for problem in problems:
        if not isinstance(problem, RowProblem):
            out.append(problem)
            continue
        key = (problem.kind, problem.what, problem.column)
        if key not in groups:
            groups[key] = []
            out.append(groups[key])
        groups[key].append(problem)
    return [_as_one(entry) if isinstance(entry, list) else entry for entry in out]


def _as_one(group: Sequence[RowProblem]) -> RowProblem:
    """Return one problem for all of a kind: how many, the first places and findings, the first remedy."""
    first = group[0]
    named = [problem for problem in group if problem.n == 1][:PLACES]
    places = tuple(problem.where for problem in named if problem.where)
    total = sum(problem.n for problem in group)
    if total == 1:
        found_there = f"{first.found} ({first.where})" if first.case_id is not None else first.found
        return replace(first, found=found_there, places=places)
    found = list(dict.fromkeys(problem.found for problem in named))
    if len(found) == 1:
        key = "register.group_alike" if places else "register.group_nowhere"
        text = say(key, found=found[0], n=number(total), places=", ".join(places))
    else:
        told = [f"{problem.found} ({problem.where})" if problem.where else problem.found for problem in named]
        text = say("register.group", n=number(total), found="; ".join(told))
    return replace(first, found=text, n=total, places=places)
