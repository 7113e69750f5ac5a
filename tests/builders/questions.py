"""The questions of both laws as the lawyers' list has them, and that list itself."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from tilsyn.questions.question_set import Catalogue, QuestionSet, merged
from tilsyn.workspace.catalogues import packaged_folder, read_catalogue

DATA = Path(__file__).parent.parent / "data"
LISTS = DATA / "questions"
LAWS = ("serviceloven", "barnets-lov")


@cache
def law_catalogue(name: str) -> Catalogue:
    """Return the catalogue of a law."""
    return read_catalogue(packaged_folder() / f"{name}.toml")


@cache
def law_questions(*names: str) -> QuestionSet:
    """Return the questions of both laws, core and extended, unless others are named."""
    return merged([law_catalogue(name) for name in names or LAWS])


def listed(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the lawyers' lists."""
    with (LISTS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
