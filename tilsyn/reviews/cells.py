"""The cells of one case as they stand in a workbook or a tidy file, before anybody has read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tilsyn.base.canonical import canonical_id, visible
from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.problems import Problem
from tilsyn.base.totals import TOTAL_WORDS
from tilsyn.questions.answers import is_blank
from tilsyn.reviews.records import CaseReview

_TOTAL = re.compile(rf"{TOTAL_WORDS}\b.*")
# Spreadsheets keep 15 digits of a number.
_MOST_EXACT = 10**15


class Cell(NamedTuple):
    """One cell: its value, the place it stands in (`C7`, or the row in a tidy file), and what it hides.

    With a `fault` it reads as empty, but holds an error value or a formula that was never calculated.
    """

    value: Any = None
    place: str = ""
    fault: str = ""

    @property
    def blank(self) -> bool:
        """Whether it holds nothing at all."""
        return not self.fault and is_blank(self.value)

    @property
    def text(self) -> str:
        """What it shows: a whole number without decimals, as in its sheet."""
        value = self.value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return visible(str(value)).strip()

    @property
    def shown(self) -> str:
        """What it holds, as told to people: CPR-like numbers masked, long texts cut."""
        text = mask(" ".join(self.text.split()))
        return text if len(text) <= 60 else f"{text[:57]}…"


class RawRow(NamedTuple):
    """The cells at one question.

    `ticks` are the answers of ticked columns of people's own; `astray` the cells outside the answer column
    that hold just an answer, which are told, not read.
    """

    question: Cell
    answer: Cell = Cell()
    remark: Cell = Cell()
    start: Cell = Cell()
    end: Cell = Cell()
    reason: Cell = Cell()
    ticks: tuple[tuple[str, Cell], ...] = ()
    astray: tuple[Cell, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing is given at the question."""
        cells = (self.answer, self.remark, self.start, self.end, self.reason)
        return all(cell.blank for cell in cells) and not self.ticks


@dataclass(frozen=True)
class RawCase:
    """The cells of one case, unread; its head is by key, facts as `fact:<name>`. A tidy file has no sheet."""

    case_id: str
    draw_id: str
    workbook: str
    file: str
    sheet: str = ""
    head: Mapping[str, Cell] = field(default_factory=dict)
    rows: tuple[RawRow, ...] = ()
    simulated: bool = False
    case_cell: Cell = field(default_factory=Cell)


@dataclass(frozen=True)
class ReadCase:
    """A case that was read: the review, where each part of it stands, and what could not be read.

    `lacking` are the questions without an answer: with none the case, as its file has it, is reviewed.
    """

    raw: RawCase
    review: CaseReview
    cells: Mapping[str, str]
    problems: tuple[Problem, ...]
    lacking: tuple[str, ...] = ()

    def problem(self, part: str, key: str, *, kind: str = "error", **values: Any) -> Problem:
        """Return a problem at a part: `act_date`, `BFU-02` (its answer), `BFU-02.remark`, …."""
        return problem_at(self.raw, self.cells.get(part) or None, key, kind, values)


def problem_at(raw: RawCase, place: str | None, key: str, kind: str, values: Mapping[str, Any]) -> Problem:
    """Return a problem of a case: the dictionary's `load.<key>`, at a cell or, in a tidy file, a row."""
    texts = {name: mask(value) if isinstance(value, str) else value for name, value in values.items()}
    texts["case"] = mask(raw.case_id)
    found, remedy = say(f"load.{key}", **texts), say(f"load.{key}_remedy", **texts)
    where: dict[str, Any] = {"file": raw.file, "sheet": raw.sheet or None}
    if place and place.isdigit():
        where["row"] = int(place)
    else:
        where["cell"] = place
    return Problem(found, remedy, **where, kind="note" if kind == "note" else "error")


def looks_like_total(text: Any) -> bool:
    """Tell whether a cell that should hold an id names a total instead.

    Examples
    --------
    >>> looks_like_total("I alt"), looks_like_total("Total 20"), looks_like_total("2018-001")
    (True, True, False)
    """
    return isinstance(text, str) and _TOTAL.fullmatch(visible(text).casefold().strip(" .:")) is not None


def id_text(value: Any) -> str | None:
    """Return the canonical form of an id that may stand in a number or date cell.

    None when a number has lost digits.

    Examples
    --------
    >>> id_text(" 2018-1 "), id_text(2018001.0), id_text(1.2345678901234568e17)
    ('2018-1', '2018001', None)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if abs(value) < _MOST_EXACT and float(value).is_integer() else None
    return canonical_id(str(value))
