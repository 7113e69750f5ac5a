"""The star that is exported for spreadsheets and dashboards: its tables, their columns, and what each is.

The one definition: files, the schema page and the tests are made from it. A name in it is a contract: tables
and columns are added, and never renamed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tilsyn.base.language import say

ExportKind = Literal["text", "integer", "number", "share", "boolean", "date"]


@dataclass(frozen=True)
class ExportColumn:
    """A column: its name and kind, and the table whose key it holds, where it is one (empty: none).

    A share is a number in [0, 1].
    """

    name: str
    kind: ExportKind
    refers_to: str = ""

    @property
    def text(self) -> str:
        return say(f"export.col_{self.name}")


@dataclass(frozen=True)
class ExportTable:
    """A table of the star; `key` is the column that other tables refer to, empty where none does."""

    name: str
    columns: tuple[ExportColumn, ...]
    key: str = ""

    @property
    def text(self) -> str:
        return say(f"export.table_{self.name}")

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def _columns(kinds: Iterable[tuple[ExportKind, str]]) -> tuple[ExportColumn, ...]:
    """Columns of a kind each, written as names with spaces between; `name>table` refers to a table's key."""
    found = []
    for kind, names in kinds:
        for written in names.split():
            name, _, table = written.partition(">")
            found.append(ExportColumn(name, kind, table))
    return tuple(found)


_OF_DRAW: tuple[ExportKind, str] = ("text", "draw_id>draws")
_OF_FIGURE: list[tuple[ExportKind, str]] = [
    ("integer", "level>levels"),
    ("text", "period>periods question>questions unit>units"),
]

STAR = (
    ExportTable(
        "periods",
        _columns([("text", "period label kind"), ("date", "first_day last_day"), ("integer", "year")]),
        "period",
    ),
    ExportTable("levels", _columns([("integer", "level"), ("text", "level_name")]), "level"),
    ExportTable("units", _columns([("text", "unit")]), "unit"),
    ExportTable("case_types", _columns([("text", "case_type")]), "case_type"),
    ExportTable(
        "questions",
        _columns(
            [
                ("text", "question row_kind question_kind text_da text_en step step_da step_en law"),
                ("boolean", "core critical"),
            ]
        ),
        "question",
    ),
    ExportTable(
        "draws",
        _columns(
            [
                ("text", "draw_id"),
                ("integer", "level>levels"),
                ("text", "period>periods"),
                ("integer", "round"),
                ("date", "made_on as_of"),
                ("integer", "frame_size cases_drawn cases_reviewed"),
                ("text", "question_set commitment"),
                ("boolean", "simulated"),
            ]
        ),
        "draw_id",
    ),
    ExportTable(
        "strata",
        _columns(
            [
                ("text", "stratum_key"),
                _OF_DRAW,
                ("text", "unit>units stratum"),
                ("integer", "population_size stratum_size sample_size reviewed missing replaced"),
                ("boolean", "taken_whole"),
            ]
        ),
        "stratum_key",
    ),
    ExportTable(
        "cases",
        _columns(
            [
                ("text", "case_key"),
                _OF_DRAW,
                ("text", "case_id stratum_key>strata unit>units case_type>case_types status"),
                ("integer", "draw_order"),
                ("number", "inclusion_probability design_weight"),
                ("text", "act_law"),
                ("date", "act_date reviewed_on"),
                ("text", "criticism"),
            ]
        ),
        "case_key",
    ),
    ExportTable(
        "answers",
        _columns(
            [
                ("text", "case_key>cases"),
                _OF_DRAW,
                ("text", "question>questions answer"),
                ("boolean", "relevant compliant legal derived"),
                ("text", "lawful_reason"),
            ]
        ),
    ),
    ExportTable(
        "replacements",
        _columns(
            [
                ("text", "case_key>cases stand_in_key>cases"),
                _OF_DRAW,
                ("text", "reason reason_text"),
                ("date", "replaced_on"),
                ("boolean", "outside_population"),
            ]
        ),
    ),
    ExportTable(
        "estimates",
        _columns(
            [
                *_OF_FIGURE,
                ("integer", "n_reviewed n_relevant n_compliant n_lawful"),
                ("share", "estimate unweighted low high"),
                ("number", "confidence"),
                ("text", "method baseline_period>periods"),
                ("share", "baseline_estimate"),
                ("number", "change change_low change_high"),
                ("text", "verdict verdict_reason comparable"),
                ("boolean", "confirmed few very_uncertain"),
                ("text", "speaks_of"),
                ("integer", "reviewed_recently"),
            ]
        ),
    ),
    ExportTable(
        "grade_shares",
        _columns([*_OF_FIGURE, ("text", "grade"), ("integer", "n n_relevant"), ("share", "share low high")]),
    ),
    ExportTable(
        "yes_shares",
        _columns(
            [*_OF_FIGURE, ("integer", "n_yes n_relevant"), ("share", "estimate low high"), ("boolean", "few")]
        ),
    ),
    ExportTable(
        "benchmarks",
        _columns(
            [
                ("integer", "level>levels"),
                ("text", "period>periods question>questions benchmark benchmark_years"),
                ("share", "benchmark_share"),
                ("text", "benchmark_comparable benchmark_why"),
                ("boolean", "benchmark_shown"),
                ("integer", "survey_cases survey_municipalities"),
                ("text", "source"),
            ]
        ),
    ),
)
