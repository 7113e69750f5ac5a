"""Which workbooks of a draw have come back, and how far the cases in them are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.reviews.checklist import Part
from tilsyn.reviews.records import Load


@dataclass(frozen=True)
class FileStatus:
    """A workbook of a draw, and how many of its cases are reviewed, begun, or not touched.

    `came` is when something of it was loaded last; `faulty` says that it came since with what has to be
    corrected; `readers` are the names of those who read it.
    """

    name: str
    title: str
    readers: tuple[str, ...]
    came: date | None
    faulty: bool
    finished: int
    begun: int
    untouched: int

    @property
    def cases(self) -> int:
        """How many cases it holds that are in force."""
        return self.finished + self.begun + self.untouched

    @property
    def state(self) -> str:
        """What it is: finished, faulty, unfinished or missing."""
        if self.finished == self.cases:
            return "finished"
        if self.faulty:
            return "faulty"
        return "unfinished" if self.came else "missing"


def file_statuses(
    planned: Mapping[str, Part],
    loads: Sequence[Load],
    complete: Mapping[str, bool],
    faulty: Collection[str],
) -> list[FileStatus]:
    """Return what is known of each workbook, those that lack something first.

    `planned` is by workbook id, `loads` are a draw's, oldest first, `complete` says of each case
    in force whether it is reviewed, and `faulty` the ids of the workbooks that have to be corrected.
    """
    said = {review.case_id for load in loads for review in load.cases}
    found = []
    for identity, part in planned.items():
        # A case that was replaced is waited for no more.
        own = [case.case_id for case in part.cases if case.case_id in complete]
        if not own:
            continue
        finished = sum(complete[case_id] for case_id in own)
        begun = sum(case_id in said and not complete[case_id] for case_id in own)
        status = FileStatus(
            name=part.name,
            title=part.title,
            readers=part.readers,
            came=_came(identity, own, loads),
            faulty=identity in faulty,
            finished=finished,
            begun=begun,
            untouched=len(own) - finished - begun,
        )
        found.append(status)
    return sorted(found, key=lambda status: (status.state == "finished", status.name))


def _came(identity: str, own: Collection[str], loads: Sequence[Load]) -> date | None:
    """Return when a workbook was loaded last; one that lost its id is known by its cases."""
    days = [
        load.loaded_on
        for load in loads
        if load.kind == "answers"
        and (
            load.workbook == identity
            or (not load.workbook and any(review.case_id in own for review in load.cases))
        )
    ]
    return days[-1] if days else None
