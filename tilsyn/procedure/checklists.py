"""The workbooks of a draw on disk: made when missing, never overwritten."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tilsyn.base import clock
from tilsyn.base.canonical import slug
from tilsyn.base.language import say
from tilsyn.base.problems import Refused, UsageError
from tilsyn.formats.checklists.writer import About, write_workbook
from tilsyn.formats.spreadsheets import read_sheets
from tilsyn.reviews import layout
from tilsyn.reviews.checklist import Case, Part, checklist, parts
from tilsyn.workspace.draws import Draw, fact_heading, find_draw
from tilsyn.workspace.ledger import load_reviews, working_days
from tilsyn.workspace.workspace import Workspace

__all__ = ["Made", "make_workbooks", "write_replacement"]


@dataclass(frozen=True)
class Made:
    """A workbook of a draw: where, how many cases, and whether it was made now."""

    path: Path
    cases: int
    new: bool


def make_workbooks(workspace: Workspace, draw: Draw, groups: int | None = None) -> list[Made]:
    """Make the workbooks of a draw that are missing.

    Parameters
    ----------
    workspace : Workspace
    draw : Draw
    groups : int, optional
        Groups of reviewers at levels 3 and 4; the plan's number unless given.

    Returns
    -------
    list of Made
        All of the draw's workbooks, by name.

    Raises
    ------
    UsageError
        Groups at levels 1 and 2, or more of them than cases.
    Refused
        There are workbooks for another number of groups.
    """
    rows = draw.manifest["cases"]
    grouped = draw.level in (3, 4)
    if groups is not None and not grouped:
        raise UsageError(say("checklist.groups_level"), say("checklist.groups_level_remedy"))
    folder = workspace.checklists_dir(draw.period, draw.level, draw.attempt)
    chosen = groups if groups is not None else int(draw.manifest["plan"].get("groups", 1)) if grouped else 1
    if grouped:
        if not 1 <= chosen <= max(1, len(rows)):
            values = {"groups": chosen, "cases": len(rows)}
            raise UsageError(
                say("checklist.bad_groups", **values), say("checklist.bad_groups_remedy", **values)
            )
        _refuse_other_groups(folder, chosen)
    about = _about(workspace, draw, chosen)
    departments = [str(row.get("facts", {}).get("department") or "") for row in rows]
    made = []
    for part in parts(draw.level, _cases(workspace, draw, rows), departments, chosen):
        path = folder / f"{part.name}.xlsx"
        new = not path.exists()
        if new:
            write_workbook(path, about, part)
        made.append(Made(path, len(part.cases), new))
    return made


def write_replacement(workspace: Workspace, draw: Draw, case_id: str) -> Path:
    """Make the workbook of a case that stands in for one that cannot be reviewed.

    Parameters
    ----------
    workspace : Workspace
    draw : Draw
    case_id : str
        A case of the reserve.

    Returns
    -------
    Path
        `<unit>-erstatning-<k>.xlsx`, k the first free number: no file is touched that may be open.

    Raises
    ------
    Refused
        When the case is not in the reserve.
    """
    rows = [row for row in draw.manifest["reserve"] if row["case_id"] == case_id]
    if not rows:
        message = say("checklist.not_reserve", case=case_id)
        raise Refused(message, say("checklist.not_reserve_remedy"))
    folder = workspace.checklists_dir(draw.period, draw.level, draw.attempt)
    stem = f"{slug(rows[0]['unit'])}-erstatning"
    pattern = re.compile(rf"{re.escape(stem)}-(\d+)")
    names = (pattern.fullmatch(path.stem) for path in folder.glob(f"{stem}-*.xlsx"))
    number = 1 + max((int(name[1]) for name in names if name), default=0)
    title = say("checklist.replacement", unit=rows[0]["unit"], number=number)
    part = Part(f"{stem}-{number}", title, tuple(_cases(workspace, draw, rows)))
    path = folder / f"{part.name}.xlsx"
    write_workbook(path, _about(workspace, draw, 1), part)
    return path


def _about(workspace: Workspace, draw: Draw, groups: int) -> About:
    return About(
        checklist=checklist(draw.question_set, draw.level, draw.period.end),
        draw_id=draw.draw_id,
        organisation=draw.manifest["organisation"]["name"],
        period=draw.period,
        level=draw.level,
        working_days=working_days(workspace),
        made_on=clock.today(),
        simulated=bool(draw.manifest.get("simulated")),
        blind=_blind(draw),
        groups=groups,
    )


def _blind(draw: Draw) -> bool:
    return draw.level not in (3, 4) or bool(draw.manifest["plan"].get("blind", True))


def _cases(workspace: Workspace, draw: Draw, rows: Sequence[Mapping[str, Any]]) -> list[Case]:
    earlier = {} if _blind(draw) else _earlier(workspace, draw)
    return [
        Case(row["case_id"], row["unit"], _facts(row.get("facts", {})), earlier.get(row["case_id"], {}))
        for row in rows
    ]


def _facts(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what the register knows as `heading: value`; never the caseworker, who is not under review."""
    known = {
        name: str(value) for name, value in facts.items() if value not in (None, "") and name != "caseworker"
    }
    return {name: f"{fact_heading(name)}: {_people(value)}" for name, value in known.items()}


def _people(value: str) -> str:
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value)
    return f"{match[3]}-{match[2]}-{match[1]}" if match else value


def _earlier(workspace: Workspace, draw: Draw) -> dict[str, dict[str, str]]:
    """Return what the level before answered, by case and question."""
    before = find_draw(workspace, draw.level - 1, draw.period)
    if before is None:
        return {}
    found: dict[str, dict[str, str]] = {}
    answers = load_reviews(workspace, before).complete_answers
    for case_id, question, answer in zip(
        answers["case_id"], answers["question"], answers["answer"], strict=True
    ):
        found.setdefault(case_id, {})[question] = answer
    return found


def _refuse_other_groups(folder: Path, groups: int) -> None:
    """Refuse to deal the cases out anew: a case would stand in two workbooks."""
    others = [path for path in sorted(folder.glob("gruppe-*.xlsx")) if _groups_of(path) not in (None, groups)]
    if others:
        message = say("checklist.groups_changed", files=", ".join(path.name for path in others))
        raise Refused(message, say("checklist.groups_changed_remedy"))


def _groups_of(path: Path) -> int | None:
    """Return for how many groups a workbook was made; None when it does not say."""
    for sheet in read_sheets(path, path.read_bytes()):
        if sheet.cells.get((0, 0)) == layout.METADATA_MARK:
            said = {row.get(0): str(row.get(1, "")) for row in sheet.rows().values()}
            number = said.get("groups", "")
            return int(number) if number.isdigit() else None
    return None
