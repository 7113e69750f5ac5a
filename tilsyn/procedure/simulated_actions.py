"""Units that do not exist: they fill in their workbooks of actions, and do not get everything done."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from tilsyn.base.language import say
from tilsyn.base.sheets import cell_name
from tilsyn.procedure.simulated_heads import Chance, pick
from tilsyn.procedure.simulated_reviewers import Value, edited
from tilsyn.procedure.simulation import chance
from tilsyn.reviews import layout
from tilsyn.reviews.action_sheet import HEADINGS_KEY
from tilsyn.settings.followup import usual_causes, usual_roles

# What became of an action: done, given more time, or neither.
_ENDS = {"done": 0.60, "later": 0.15, "nothing": 0.25}


def act(path: Path, seed: str, begun: date, ended: date) -> int:
    """Fill in a workbook of actions, in place, and return how many of them were done.

    Those are done on a day from `begun` to `ended`; some others get time until twice as late.
    """
    data = path.read_bytes()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False)
    said = {
        row: _said(partial(chance, seed, cells[0]), begun, ended)
        for row, cells in enumerate(rows)
        if cells[0] and row > _headings(rows)
    }
    columns = _columns(rows)
    values = {
        cell_name(row, columns[field]): value
        for row, fields in said.items()
        for field, value in fields.items()
    }
    path.write_bytes(edited(data, {sheet.name: values}))
    return sum("done_on" in fields for fields in said.values())


def _headings(rows: Sequence[Sequence[Any]]) -> int:
    return next(row for row, cells in enumerate(rows) if cells[0] == HEADINGS_KEY)


def _columns(rows: Sequence[Sequence[Any]]) -> dict[str, int]:
    """Return field to column."""
    heads = next(cells for cells in rows if cells[0] == layout.COLUMNS_KEY)
    return {str(field): column for column, field in enumerate(heads)}


def _said(drawn: Chance, begun: date, ended: date) -> dict[str, Value]:
    """Return what a unit says of one action."""
    causes, roles = ([one.text for one in usual] for usual in (usual_causes(), usual_roles()))
    said: dict[str, Value] = {
        "what": say("demo.action"),
        "cause": causes[int(drawn("cause") * len(causes))],
        "role": roles[int(drawn("role") * len(roles))],
    }
    days = (ended - begun).days
    end = pick(_ENDS, drawn("end"))
    if end == "done":
        said |= {"done_on": begun + timedelta(days=int(drawn("day") * days)), "learnt": say("demo.learnt")}
    if end == "later":
        said["deadline"] = ended + timedelta(days=days)
    return said
