"""Workspaces of many years: a quarter after the other, drawn and reviewed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

from tests.builders.workspaces import Q2, SETTINGS, make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.check_commit import commit_frame
from tilsyn.procedure.draw import DrawRequest, make_draw

# One question: what a draw costs beside its questions.
SHORT = """
name = "kort"
version = "1.0"
title_da = "Kort"

[[step]]
id = "sagen"
title_da = "Sagen"

[[question]]
id = "SAG-01"
step = "sagen"
text_da = "Er sagen ført?"
law = "OFL § 13"
law_text = "seen"
comparable = "yes"
"""
# A day on which sixty quarters are over.
LATER = date(2033, 8, 20)
FOUR_LEVELS = (1, 2, 3, 4)


def make_years(root: Path, quarters: int, levels: Collection[int] = FOUR_LEVELS) -> Path:
    """Make a workspace in which every level of every quarter was drawn, and reviewed in three parts.

    Four levels over 60 quarters are 240 draws and 1,500 events.
    """
    clock.set_today(LATER)
    (root / "checklists").mkdir(parents=True)
    (root / "checklists" / "kort.toml").write_text(SHORT, "utf-8")
    # A demonstration: another workspace is not reckoned from a day that has not come.
    settings = SETTINGS.replace('"serviceloven"', '"kort"')
    workspace = make_workspace(root, "simulated = true\n" + settings, first_rules=False)
    period = Q2
    for _ in range(quarters):
        commit_frame(workspace, 2, period)
        for level in levels:
            covered = Period.containing(period.end, "month") if level == 1 else period
            draw = make_draw(workspace, level, covered, DrawRequest(as_of=period.end)).draw
            cases = list(draw.cases["case_id"])
            for part in (cases[:1], cases[1:2], cases[2:]):
                review(workspace, draw, part)
        period = Period.containing(period.end + timedelta(1), "quarter")
    return root
