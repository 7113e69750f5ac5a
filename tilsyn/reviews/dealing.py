"""Which cases go into which workbook: a unit's, a department's, or that of those who read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tilsyn.base.canonical import file_stems
from tilsyn.base.language import say
from tilsyn.reviews.checklist import Case, Part


def group_name(number: int) -> str:
    """Return the file's stem of the workbook of a group of reviewers.

    >>> group_name(2)
    'gruppe-2'
    """
    return f"gruppe-{number}"


def readers_of(groups: int, readers: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return the file's stem and the title of the workbook of each group, or of each that is named.

    >>> readers_of(1), readers_of(1, ["Hold Ø"])
    ([('gruppe-1', 'Gruppe 1')], [('hold-oe', 'Hold Ø')])
    """
    if readers:
        return list(zip(file_stems((reader,) for reader in readers), readers, strict=True))
    return [(group_name(n), say("checklist.group", number=n)) for n in range(1, groups + 1)]


def dealt_round(cases: Sequence[Case], groups: int, readers: Sequence[str] = ()) -> list[Part]:
    """Deal the cases out to so many groups of reviewers, or to those named, so that each reads all units."""
    names = readers_of(groups, readers)
    return [
        Part(stem, title, tuple(cases[n :: len(names)]), (title,) if readers else (stem, title))
        for n, (stem, title) in enumerate(names)
    ]


def by_unit(
    cases: Sequence[Case], departments: Sequence[str] = (), read_by: Mapping[str, str] | None = None
) -> list[Part]:
    """Give each unit a workbook, in the order of their names; each department its own where they are given.

    `read_by` says which unit reads another's cases.
    """
    found: dict[tuple[str, str], list[Case]] = {}
    for case, department in zip(cases, departments or [""] * len(cases), strict=True):
        found.setdefault((case.unit, department), []).append(case)
    names = sorted(found)
    parts = []
    for (unit, department), stem in zip(names, file_stems(names), strict=True):
        whose = ", ".join(text for text in (unit, department) if text)
        cases_here = tuple(found[unit, department])
        reader = (read_by or {}).get(unit, unit)
        if reader == unit:
            parts.append(Part(stem, whose, cases_here, (whose, unit)))
        else:
            title = say("checklist.read_by", whose=whose, reader=reader)
            parts.append(Part(stem, title, cases_here, (reader,)))
    return parts


def reading_units(units: Sequence[str], round: int) -> dict[str, str]:
    """Return which unit reads each unit's cases: another one, and in the next round the one after that.

    A unit alone reads its own.

    >>> reading_units(["Nord", "Syd", "Vest"], 1), reading_units(["Nord", "Syd", "Vest"], 2)
    ({'Nord': 'Syd', 'Syd': 'Vest', 'Vest': 'Nord'}, {'Nord': 'Vest', 'Syd': 'Nord', 'Vest': 'Syd'})
    """
    in_order = sorted(set(units), key=lambda unit: unit.encode("utf-8"))
    others = len(in_order) - 1
    step = 1 + (round - 1) % others if others else 0
    return {unit: in_order[(n + step) % (others + 1)] for n, unit in enumerate(in_order)}
