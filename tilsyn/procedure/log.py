"""The whole history of a case: when it was drawn, and all that was ever recorded of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tilsyn.base.which import as_keys
from tilsyn.procedure.log_actions import acted_on
from tilsyn.questions.answers import YES
from tilsyn.reviews.records import CaseReview, Given, Load
from tilsyn.reviews.replacement_reasons import reason_of
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

Row = dict[str, Any]


def history(workspace: Workspace, case_id: str) -> list[Row]:
    """Return what is known of a case, oldest first.

    `at`, `draw_id`, `level`, `period`, `kind` (drawn, in reserve, as in `Load`, or of an action), `source`,
    `question` (or the part of the case head, such as `act_date`; None for events), `before`, `after`
    (answers, what an action says, or the other case of a replacement), `remark`; for a replacement `reason`,
    what its remark says in words.
    """
    rows: list[Row] = []
    for draw in workspace.draws.every():
        rows += _drawn(draw, case_id)
    for draw in workspace.draws.every():
        rows += _recorded(draw, workspace.ledger(draw).entries, case_id)
    rows += acted_on(workspace, case_id)
    return sorted(rows, key=lambda row: row["at"])


def _drawn(draw: Draw, case_id: str) -> Iterator[Row]:
    for kind, cases in (("case_drawn", draw.record.cases), ("case_reserve", draw.record.reserve)):
        if any(case.case_id == case_id for case in cases):
            yield {
                "at": draw.record.made_at or draw.record.made_on,
                "draw_id": draw.draw_id,
                "kind": kind,
                **as_keys(draw.level),
                "period": draw.period.canonical,
                "source": "draw.json",
                "question": None,
                "before": None,
                "after": None,
                "remark": "",
            }


def _recorded(draw: Draw, loads: list[Load], case_id: str) -> Iterator[Row]:
    said: dict[str, dict[str, tuple[str, str]]] = {}
    for load in loads:
        common = {
            "at": load.loaded_at,
            "draw_id": draw.draw_id,
            **as_keys(draw.level),
            "period": draw.period.canonical,
            "kind": load.kind,
            "source": load.source,
        }
        if load.kind != "answers":
            if case_id in (load.case_id, load.replacement):
                event = {"question": None, "before": load.case_id, "after": load.replacement or None}
                words = {"reason": reason_of(load).text} if load.kind == "replacement" else {}
                yield common | event | {"remark": load.reason or load.note} | words
            continue
        for review in load.cases:
            if review.case_id != case_id:
                continue
            before, now = said.get(load.workbook, {}), review_parts(review)
            for name in dict.fromkeys((*before, *now)):
                (old, old_remark), (new, remark) = before.get(name, ("", "")), now.get(name, ("", ""))
                if (old, old_remark) != (new, remark):
                    texts = {"before": old or None, "after": new or None, "remark": remark}
                    yield common | {"question": name} | texts
            said[load.workbook] = now


def review_parts(review: CaseReview) -> dict[str, tuple[str, str]]:
    """Return all that a review says: the parts of the case head, then each question with its remark."""
    days = {"act_date": review.act_date, "reviewed_on": review.reviewed_on}
    head = {name: day.isoformat() for name, day in days.items() if day is not None}
    head |= {"reviewer": review.reviewer, "criticism": review.criticism, "akut": YES if review.urgent else ""}
    head |= {**{f"fact:{name}": answer for name, answer in review.facts.items()}, **review.head}
    parts = {name: (text, "") for name, text in head.items() if text}
    return parts | {name: (_told(given), given.remark) for name, given in review.answers.items()}


def _told(given: Given) -> str:
    """Return what was given at a question: the answer, or the two dates it follows from."""
    dates = [moment.isoformat() for moment in (given.start, given.end) if moment is not None]
    return given.answer or " – ".join(dates)
