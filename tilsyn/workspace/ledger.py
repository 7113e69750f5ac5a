"""The ledger of a draw: what was loaded, replaced and handled, one immutable file each.

An entry is in force from the moment its hash stands in the event log: a file without an event (a crash, or
one put there by hand) counts for nothing; an edited or missing one stops all that would count without it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pandas as pd
from filelock import FileLock

from tilsyn.base import clock
from tilsyn.base.canonical import canonical_id
from tilsyn.base.cpr import looks_like_cpr, mask
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem, Refused, UsageError
from tilsyn.formats import files
from tilsyn.questions.answers import YES
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.reviews.in_force import Reviews, current, urgency
from tilsyn.reviews.records import CaseReview, Given, Load
from tilsyn.workspace import log
from tilsyn.workspace.draws import Draw, list_draws
from tilsyn.workspace.workspace import Workspace

__all__ = [
    "EVENT",
    "SCHEMA",
    "check",
    "entries",
    "history",
    "load_reviews",
    "locked",
    "mark_handled",
    "save",
    "urgent_cases",
    "working_days",
]

SCHEMA = "tilsyn/review-record/1"
# What the event log says of new entries: draw_id and files, each with its name and SHA-256.
EVENT = "reviews_recorded"


@contextmanager
def locked(workspace: Workspace) -> Iterator[None]:
    """Let nobody else add entries in the meantime."""
    folder = workspace.root / "samples"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / ".reviews.lock"):
        yield


def working_days(workspace: Workspace) -> WorkingDays:
    """Return which doubtful days the municipality counts as hverdage."""
    return WorkingDays(**workspace.settings.hverdage.model_dump())


def _recorded(workspace: Workspace) -> dict[str, dict[str, str]]:
    """Return what the event log says was recorded: draw id to file name to SHA-256, oldest first."""
    state = log.check(workspace)
    if state.problems:
        raise Refused(state.problems[0].found, state.problems[0].remedy)
    found: dict[str, dict[str, str]] = {}
    for event in state.events:
        if event["event"] == EVENT:
            found.setdefault(event["draw_id"], {}).update({f["file"]: f["sha256"] for f in event["files"]})
    return found


def _read(draw: Draw, recorded: dict[str, str]) -> tuple[list[Load], list[Problem]]:
    loads, problems = [], []
    for name, digest in recorded.items():
        path = draw.reviews_dir / name
        place = f"samples/{draw.period.canonical}/{draw.path.name}/{draw.reviews_dir.name}/{name}"
        if not path.is_file():
            problems.append(Problem(say("load.entry_missing"), say("load.entry_missing_remedy"), file=place))
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            problems.append(Problem(say("load.entry_edited"), say("load.entry_edited_remedy"), file=place))
            continue
        loads.append(Load.from_dict(json.loads(data), name))
    return loads, problems


def entries(workspace: Workspace, draw: Draw) -> list[Load]:
    """Return a draw's entries, oldest first.

    Parameters
    ----------
    workspace : Workspace
    draw : Draw

    Returns
    -------
    list of Load

    Raises
    ------
    InputError
        When an entry is missing, or was edited since it was recorded.
    Refused
        When the event log has been tampered with.
    """
    loads, problems = _read(draw, _recorded(workspace).get(draw.draw_id, {}))
    if problems:
        raise InputError(problems)
    return loads


def check(workspace: Workspace, draw: Draw) -> list[Problem]:
    """Return what is wrong with a draw's ledger: entries missing, edited, or never recorded (a note).

    Parameters
    ----------
    workspace : Workspace
    draw : Draw

    Returns
    -------
    list of Problem
        Empty when every entry is as it was recorded.
    """
    recorded = _recorded(workspace).get(draw.draw_id, {})
    problems = _read(draw, recorded)[1]
    for path in sorted(draw.reviews_dir.glob("*.json")):
        if path.name not in recorded:
            found, remedy = say("load.entry_unknown"), say("load.entry_unknown_remedy")
            problems.append(Problem(found, remedy, file=path.name, kind="note"))
    return problems


def save(workspace: Workspace, draw: Draw, loads: Sequence[Load]) -> list[Load]:
    """Record entries: their files first, then one event that puts all of them in force at once.

    Parameters
    ----------
    workspace : Workspace
    draw : Draw
    loads : sequence of Load
        Moment and sequence are filled in here.

    Returns
    -------
    list of Load
        As recorded, with their file names.

    Raises
    ------
    Refused
        When the event log has been tampered with.
    """
    if not loads:
        return []
    now = clock.now()
    known = len(_recorded(workspace).get(draw.draw_id, {}))
    saved = []
    for number, load in enumerate(loads, start=known + 1):
        load = replace(load, loaded_at=now.isoformat(), sequence=number)
        data = json.dumps({"schema": SCHEMA} | load.to_dict(), ensure_ascii=False, indent=1).encode("utf-8")
        digest = hashlib.sha256(data).hexdigest()
        name = f"{now:%Y%m%dT%H%M%SZ}-{digest[:12]}.json"
        files.write_bytes(draw.reviews_dir / name, data, overwrite=True)
        saved.append((replace(load, file=name), digest))
    recorded = [{"file": load.file, "sha256": digest} for load, digest in saved]
    log.append(workspace, EVENT, draw_id=draw.draw_id, kind=loads[0].kind, files=recorded)
    return [load for load, _ in saved]


def load_reviews(workspace: Workspace, draw: Draw) -> Reviews:
    """Return the reviews of a draw in force.

    Parameters
    ----------
    workspace : Workspace
    draw : Draw

    Returns
    -------
    Reviews

    Raises
    ------
    InputError, Refused
        See `entries`.
    """
    return reviews_of(workspace, draw, entries(workspace, draw))


def reviews_of(workspace: Workspace, draw: Draw, loads: Sequence[Load]) -> Reviews:
    """Return the reviews that a draw's entries amount to."""
    days = working_days(workspace)
    return current(loads, draw.cases, draw.reserve, draw.strata, draw.question_set, draw.period.end, days)


def history(workspace: Workspace, case_id: str) -> list[dict[str, Any]]:
    """Return all that was ever recorded of a case, oldest first.

    Parameters
    ----------
    workspace : Workspace
    case_id : str

    Returns
    -------
    list of dict
        `at`, `draw_id`, `level`, `period`, `kind` (see `Load`), `source`, `question` (or the part of the case
        head, such as `act_date`; None for events), `before`, `after` (answers, or the other case of a
        replacement), `remark`.
    """
    case_id = canonical_id(case_id)
    rows: list[dict[str, Any]] = []
    for draw in list_draws(workspace, replaced=True):
        said: dict[str, Mapping[str, tuple[str, str]]] = {}
        for load in entries(workspace, draw):
            common = {
                "at": load.loaded_at,
                "draw_id": draw.draw_id,
                "level": draw.level,
                "period": draw.period.canonical,
                "kind": load.kind,
                "source": load.source,
            }
            if load.kind != "answers":
                if case_id in (load.case_id, load.replacement):
                    event = {"question": None, "before": load.case_id, "after": load.replacement or None}
                    rows.append(common | event | {"remark": load.reason or load.note})
                continue
            for review in load.cases:
                if review.case_id != case_id:
                    continue
                before, now = said.get(load.workbook, {}), _parts(review)
                for name in dict.fromkeys((*before, *now)):
                    (old, old_remark), (new, remark) = before.get(name, ("", "")), now.get(name, ("", ""))
                    if (old, old_remark) != (new, remark):
                        texts = {"before": old or None, "after": new or None, "remark": remark}
                        rows.append(common | {"question": name} | texts)
                said[load.workbook] = now
    return sorted(rows, key=lambda row: row["at"])


def _parts(review: CaseReview) -> dict[str, tuple[str, str]]:
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


def urgent_cases(workspace: Workspace, *, handled: bool = False) -> pd.DataFrame:
    """Return the cases marked *akut* that nobody has marked handled yet.

    Parameters
    ----------
    workspace : Workspace
    handled : bool, default False
        Whether the handled ones are there too.

    Returns
    -------
    pandas.DataFrame
        case_id, draw_id, level, period, unit, since (ISO date), source, open (bool); oldest first.
    """
    rows = []
    for draw in list_draws(workspace, replaced=True):
        loads = entries(workspace, draw)
        unit_of = dict(zip(draw.cases["case_id"], draw.cases["unit"], strict=True))
        unit_of |= dict(zip(draw.reserve["case_id"], draw.reserve["unit"], strict=True))
        for case_id, waits in urgency(loads).items():
            first = next(load for load in loads if load.urgent_marks.get(case_id))
            if waits or handled:
                row = (case_id, draw.draw_id, draw.level, draw.period.canonical, unit_of.get(case_id, ""))
                rows.append((*row, first.loaded_at[:10], first.source, waits))
    columns = ["case_id", "draw_id", "level", "period", "unit", "since", "source", "open"]
    return pd.DataFrame(rows, columns=columns).sort_values(["since", "case_id"], ignore_index=True)


def mark_handled(workspace: Workspace, case_id: str, note: str = "") -> list[Draw]:
    """Record that someone has acted on an urgent case, in every draw where it waits.

    Parameters
    ----------
    workspace : Workspace
    case_id : str
    note : str
        What was done, or who has it; no personal data.

    Returns
    -------
    list of Draw
        Where it was marked; empty when it was handled before.

    Raises
    ------
    Refused
        When no load ever marked the case urgent.
    UsageError
        When the note holds something like a CPR number.
    """
    case_id = canonical_id(case_id)
    if looks_like_cpr(note, number_cell=note.isdigit()):
        raise UsageError(say("load.note_cpr", text=mask(note)), say("load.note_cpr_remedy"))
    with locked(workspace):
        known = urgent_cases(workspace, handled=True)
        mine = known[known["case_id"] == case_id]
        if mine.empty:
            raise Refused(say("load.not_urgent", case=case_id), say("load.not_urgent_remedy"))
        waiting = set(mine.loc[mine["open"], "draw_id"])
        draws = [draw for draw in list_draws(workspace, replaced=True) if draw.draw_id in waiting]
        for draw in draws:
            save(workspace, draw, [Load(draw.draw_id, "handled", case_id=case_id, note=note)])
    return draws
