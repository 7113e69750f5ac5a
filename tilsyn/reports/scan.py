"""What must not stand in a public report, looked for in all that one says before it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from tilsyn.base.language import say
from tilsyn.reports.parts import Material, Report

Kind = Literal["case", "person"]
# A running number of fewer figures is a count as well as it is a case.
_LONG = 5


@dataclass(frozen=True)
class Betrayal:
    """A case number, or a person's code, in a public report: the place, and which of the two it is."""

    place: str
    kind: Kind


def betrayals(report: Report, material: Material) -> list[Betrayal]:
    """Every place of a public report that names one of its cases, a caseworker or a reader."""
    patterns: dict[Kind, re.Pattern[str]] = {
        "case": _pattern(_cases(material)),
        "person": _pattern(_people(material)),
    }
    return [
        Betrayal(place, kind)
        for place, text in _texts(report)
        for kind, pattern in patterns.items()
        if pattern.search(text)
    ]


def _cases(material: Material) -> set[str]:
    """The case numbers of the sample, those replaced and those they were replaced by."""
    replaced = material.sample.replacements
    return set(
        chain(
            material.sample.cases["case_id"].astype(str),
            replaced["case_id"].astype(str),
            replaced["replacement"].astype(str),
        )
    )


def _people(material: Material) -> set[str]:
    """The codes of caseworkers and readers; what the plan calls a reader is a role, and no person."""
    cases, level = material.sample.cases, material.level
    found: set[str] = set()
    for column in ("caseworker", "reviewer"):
        if column in cases:
            found |= set(cases[column].dropna().astype(str).str.strip())
    if not material.sample.name_strata:
        found |= set(material.sample.strata["stratum"].astype(str))
    found -= set(cases["unit"].astype(str)) | set(level.roles)
    # A single letter is a word as well as it is somebody's initial.
    return {name for name in found if len(name) > 1 and name not in level.judged_by}


def _pattern(words: set[str]) -> re.Pattern[str]:
    """A pattern of the words that cannot be mistaken for a count, each whole."""
    told = sorted(word for word in words if len(word) >= _LONG or not word.isdigit())
    return (
        re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, told))})(?![\w-])")
        if told
        else re.compile(r"(?!)")
    )


def _texts(report: Report) -> Iterator[tuple[str, str]]:
    """Every text that a reader of the report sees, with its place."""
    first = say("summary.tab")
    spoken = [report.title, report.subtitle, report.preliminary, *report.warnings, report.summary.title]
    spoken += [
        text for one in report.summary.figures for text in (one.label, one.value, one.range, one.before)
    ]
    spoken += [text for block in report.summary.blocks for text in (block.heading, *block.sentences)]
    yield from ((first, text) for text in spoken)
    for sheet in report.sheets:
        above = (sheet.name, sheet.title, *sheet.lines, *(column.heading for column in sheet.columns))
        yield from ((sheet.name, text) for text in above)
        for number, row in enumerate(sheet.rows, start=1):
            for value, column in zip(row, sheet.columns, strict=True):
                if isinstance(value, str):
                    yield say("report.cell_place", sheet=sheet.name, row=number, column=column.heading), value
        if sheet.chart is not None:
            yield sheet.name, sheet.chart.alt_text
            yield from ((sheet.name, point.name) for point in sheet.chart.points)
