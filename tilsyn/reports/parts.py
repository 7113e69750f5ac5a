"""What a report is made of, as plain data: a cover, sheets with one table each, charts of their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd

from tilsyn.base.language import language, say
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reports.disclosure import publish

Kind = Literal["id", "text", "long", "count", "share", "points", "number", "p"]
Value = str | float | int | None
Record = dict[str, Any]

# Statistics Denmark's signs: a figure that cannot be, and one that is too uncertain or too small to be shown.
NOTHING = "."
WITHHELD = ".."


@dataclass(frozen=True)
class Column:
    """A column of a sheet's table.

    Parameters
    ----------
    heading : str
    kind : str
        How its values are written: `share` is a number in [0, 1] shown as a percentage, `points` a difference
        in percentage points, `p` a probability; `long` is text that wraps.
    width : float
        In characters.
    """

    heading: str
    kind: Kind
    width: float


@dataclass(frozen=True)
class Chart:
    """A bar chart of a sheet's table, with intervals and the baseline beside it.

    Parameters
    ----------
    title, alt_text : str
    label, value, up, down, baseline : int
        The columns, from 0: `up` and `down` are the distances from the value to its limits; `baseline` may be
        None.
    """

    title: str
    alt_text: str
    label: int
    value: int
    up: int
    down: int
    baseline: int | None


@dataclass(frozen=True)
class Sheet:
    """A sheet: a heading, lines of text and one table.

    Parameters
    ----------
    name : str
        On the tab, at most 31 characters.
    title : str
    lines : sequence of str
        What a reader must know before the table.
    columns : sequence of Column
    rows : sequence of sequence
        Their values: text, numbers, or None for an empty cell.
    key : str
        The table's name inside the workbook.
    portrait : bool
        A sheet to print upright.
    fixed : int
        Columns that stay in view when the rest is scrolled.
    """

    name: str
    title: str
    lines: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    key: str
    chart: Chart | None = None
    portrait: bool = False
    fixed: int = 1


@dataclass(frozen=True)
class Report:
    """A whole report.

    Parameters
    ----------
    title, subtitle : str
    warnings : sequence of str
        What must be seen first: that the data are simulated, that the seed was known before the list.
    findings : sequence of str
        The results in sentences.
    facts : sequence of (str, str)
        What the report rests on.
    sheets : sequence of Sheet
    organisation, language : str
    public : bool
        Percentages are shown as whole numbers.
    day : datetime.date
        The date that the file carries: when it is published, else when the sample was drawn.
    """

    title: str
    subtitle: str
    warnings: Sequence[str]
    findings: Sequence[str]
    facts: Sequence[tuple[str, str]]
    sheets: Sequence[Sheet]
    organisation: str
    language: str
    public: bool
    day: date


@dataclass(frozen=True)
class Material:
    """All that a report is made from.

    Parameters
    ----------
    manifest : mapping
        The draw's (`tilsyn/draw/1`).
    question_set : QuestionSet
        The one the draw was made with.
    table : DataFrame
        Rows of `compliance.table` for `all` and for each unit.
    cases, answers, replacements : DataFrame
        As `Reviews` holds them.
    units, grades, corrected : DataFrame
        As `compliance.Analysis` holds them.
    nonresponse : sequence of str
        What the cases that were not read could change, in sentences.
    remarks : sequence of (str, str)
        Further rows for the method sheet.
    baseline, second : str or None
        What the baseline is called, and a second one: a published table beside it.
    recipients : sequence of str
    published : datetime.date or None
    limit : int
        Under how many relevant answers no percentage is shown.
    wide : float
        From which width an interval is marked as very uncertain.
    confidence : float
    """

    manifest: Mapping[str, Any]
    question_set: QuestionSet
    table: pd.DataFrame
    cases: pd.DataFrame
    answers: pd.DataFrame
    replacements: pd.DataFrame
    units: pd.DataFrame
    grades: pd.DataFrame
    corrected: pd.DataFrame
    nonresponse: Sequence[str] = ()
    remarks: Sequence[tuple[str, str]] = ()
    baseline: str | None = None
    second: str | None = None
    recipients: Sequence[str] = ()
    published: date | None = None
    limit: int = 5
    wide: float = 0.30
    confidence: float = 0.95


def records(table: pd.DataFrame) -> list[Record]:
    """Return a table's rows as dicts, for the loops that write them."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def known(value: Any) -> bool:
    """Tell whether a cell of a table holds anything.

    Examples
    --------
    >>> known(0.0), known(float("nan")), known(None), known(pd.NA)
    (True, False, False, False)
    """
    return not bool(pd.isna(value))


def figure(value: Any, sign: str) -> Value:
    """Return a number as it stands in a cell, or the sign for why there is none."""
    return float(value) if known(value) else sign


def count(value: Any, sign: str) -> Value:
    """Return a whole number as it stands in a cell, or the sign for why there is none."""
    return int(value) if known(value) else sign


def in_points(value: Any, sign: str) -> Value:
    """Return a difference of shares in percentage points, or the sign for why there is none."""
    return float(value) * 100 if known(value) else sign


def step_names(question_set: QuestionSet) -> dict[str, str]:
    """Return the themes in the order of the questions: slug to name in the language in use."""
    english = language() == "en"
    return {q.step: (q.step_en if english and q.step_en else q.step_da) for q in question_set.questions}


def name_of(question: str, question_set: QuestionSet) -> str:
    """Return what a row of the compliance table is about, in words."""
    if question == "*":
        return say("report.all_questions")
    if question == "uden_fejl":
        return say("report.without_errors")
    if question.startswith("theme:"):
        return step_names(question_set).get(question.removeprefix("theme:"), question.removeprefix("theme:"))
    return question_set.question(question).text


def editioned(material: Material, public: bool) -> pd.DataFrame:
    """Return the compliance rows of an edition, with the column `withheld`."""
    if public:
        strata = material.manifest.get("strata", ())
        sampled = {stratum["unit"] for stratum in strata if not stratum["taken_whole"]}
        whole = {stratum["unit"] for stratum in strata} - sampled
        return publish(material.table, material.question_set.themes, material.limit, whole)
    return material.table.assign(withheld=False)


def alphabetical(unit: str) -> str:
    """Return a key that sorts æ, ø, å last, as Danish does.

    Examples
    --------
    >>> sorted(["Østerbro", "Ærø", "Amager"], key=alphabetical)
    ['Amager', 'Ærø', 'Østerbro']
    """
    return unit.lower().translate(str.maketrans("æøå", "{|}"))


def of_another_law(material: Material) -> list[str]:
    """Return the questions that belong to no law that an act of this sample fell under."""
    regimes = set(material.cases["regime"].dropna().astype(str))
    legal = material.question_set.legal
    return [q.question_id for q in legal if regimes and q.regimes and not regimes.intersection(q.regimes)]
