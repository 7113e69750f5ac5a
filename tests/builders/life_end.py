"""What a life has come to: draws, answers in force, reports as their cells, workbooks; no times in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from tilsyn.base import clock
from tilsyn.workspace.leftovers import leftovers
from tilsyn.workspace.log import (
    DRAW_RESUMED,
    DRAWN,
    PROBLEMS_FOUND,
    REPORTED,
    REVIEWS_RECORDED,
    SEED_MADE,
    Log,
)
from tilsyn.workspace.workspace import Workspace

_ANCHOR = re.compile(r"\b\d+:[0-9a-f]{16}\b")
_DAY = re.compile(r"\b\d{1,2}\. [a-zæøå]+ 20\d\d\b|\b\d\d-\d\d-20\d\d\b|\b20\d\d-\d\d-\d\d\b")
_VERSION = re.compile(r"\.\d+(?=\.xlsx$)")


def end_of(root: Path, day: date) -> dict[str, Any]:
    """Return what stands in a workspace on a day."""
    clock.set_today(day)
    workspace = Workspace.open(root)
    found: dict[str, Any] = {
        "leftovers": leftovers(root),
        "log": [str(p) for p in workspace.log.state.problems],
    }
    for draw in workspace.draws.every():
        made = json.loads((draw.path / "draw.json").read_text("utf-8"))
        kept = (
            "seed",
            "tries",
            "attempt",
            "strata",
            "cases",
            "reserve",
            "plan",
            "question_set",
            "incomplete",
        )
        found[draw.draw_id] = {key: made[key] for key in kept}
        reviews = workspace.ledger(draw).reviews
        found[f"{draw.draw_id} answers"] = reviews.answers.astype(str).to_dict("records")
        columns = ["case_id", "complete", "reviewed_on", "reviewer", "replaces"]
        found[f"{draw.draw_id} reviewed"] = reviews.cases[columns].astype(str).to_dict("records")
    found["workbooks"] = _names(root, "checklists/*/*/*.xlsx")
    reports = {_VERSION.sub("", name): name for name in _names(root, "reports/*/*.xlsx")}
    for name, newest in reports.items():
        found[name] = cells(root / newest)
    clock.set_today(None)
    return found


def cells(path: Path) -> dict[str, list[str]]:
    """Return the words of each sheet, without anchors and days; how they fall on lines rests on these."""
    book = CalamineWorkbook.from_path(path)
    found = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        text = " ".join(str(value) for row in rows for value in row)
        found[name] = _DAY.sub("DAY", _ANCHOR.sub("ANCHOR", text)).split()
    return found


@dataclass
class Events:
    """What the log of a life has: how often each draw, seed, entry of a ledger and report.

    `loads` are the answers as they came in, by draw, file and cases; `problems` how many each file was told.
    """

    drawn: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    loaded: Counter[str] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)
    loads: list[tuple[str, str, int]] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)
    resumed: int = 0


def events_of(root: Path) -> Events:
    """Return what the log of a workspace has, and the entries of its ledgers."""
    found = Events()
    for event in Log(root).events:
        kind = event["event"]
        if kind == DRAWN:
            found.drawn[event["draw_id"]] += 1
        elif kind == SEED_MADE:
            found.tries[event["draw_id"]] += 1
        elif kind == REPORTED:
            found.reported[_VERSION.sub("", event["file"])] += 1
        elif kind == PROBLEMS_FOUND:
            found.problems[", ".join(event["workbooks"])] += 1
        elif kind == REVIEWS_RECORDED:
            found.loaded.update(file["file"] for file in event["files"])
        found.resumed += kind == DRAW_RESUMED
    workspace = Workspace.open(root)
    for draw in workspace.draws.every():
        for load in workspace.ledger(draw).entries:
            found.loads.append((load.draw_id, load.source, len(load.cases)))
    return found


def _names(root: Path, pattern: str) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.glob(pattern))
