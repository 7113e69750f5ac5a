"""What a checklist holds: case head, questions by step, what is skipped and what is missing."""

from tilsyn.checklists.contents import (
    Case,
    Checklist,
    FieldKind,
    HeadField,
    Part,
    checklist,
    group_name,
    look_back,
    parts,
)

__all__ = [
    "Case",
    "Checklist",
    "FieldKind",
    "HeadField",
    "Part",
    "checklist",
    "group_name",
    "look_back",
    "parts",
]
