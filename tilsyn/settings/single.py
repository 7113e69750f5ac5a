"""The plan of a single draw: a sample that was asked for outside the plan of the levels."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tilsyn.base.toml_tables import TomlTable
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.names import Flag, Names
from tilsyn.settings.schema import FrameSettings


class Wish(TomlTable):
    """Of the frame are the cases whose `column` holds one of `values` (without case and outer space)."""

    column: str
    values: Annotated[Names, Field(min_length=1)]


class SinglePlan(LevelPlan):
    """A single draw's own plan, which stands in its record alone.

    Only cases that all of `where` fit are of its frame. A list has its case ids in `listed`, and the hash of
    its file. One that is `chosen` is a list of cases that somebody picked: no random sample, and its figures
    speak of nothing but those cases. Drawn from another single draw it has that one's `where`, and the names
    of the `lists` that its cases stood on. With `only`, these questions are asked alone, and those that they
    rest on; `rereads` is the id of an earlier draw, of which the first of them is read anew.
    """

    where: tuple[Wish, ...] = ()
    chosen: Flag = False
    listed: Names = ()
    list_sha256: str | None = None
    lists: Names = ()
    only: Names = ()
    rereads: str | None = None

    @property
    def of_lists(self) -> str:
        """The names of the lists that all its cases stood on; "" where they are of the register."""
        return ", ".join([self.case_list] if self.case_list else self.lists)

    def frame_settings(self, usual: FrameSettings) -> FrameSettings:
        """Return by which rules its frame is read: who made a list has said which cases it is of."""
        return FrameSettings(closed_before_period=False, opened_after_period=False) if self.listed else usual


def is_chosen(plan: LevelPlan) -> bool:
    """Tell whether somebody picked the cases: no random sample."""
    return isinstance(plan, SinglePlan) and plan.chosen
