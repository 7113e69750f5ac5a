"""The follow-up as `tilsyn.toml` says it: which errors become actions, and what their columns can hold."""

from __future__ import annotations

from functools import cache
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from tilsyn.base.durations import Duration
from tilsyn.base.language import dictionary
from tilsyn.base.toml_tables import TomlTable
from tilsyn.settings.codes import Coded, each_apart
from tilsyn.settings.levels import Span
from tilsyn.settings.names import Name, Names

# The usual causes; the dictionary has their words.
_USUAL = ("knowledge", "procedure", "resources", "system", "handover", "other")


class Cause(Coded):
    """A cause of errors that people can choose."""

    what: ClassVar[str] = "cause"


@cache
def usual_causes() -> tuple[Cause, ...]:
    """Return the causes that hold where the settings name none."""
    words = {name: dictionary("followup")[f"cause_{name}"] for name in _USUAL}
    return tuple(Cause(name=name, text_da=words[name]["da"], text_en=words[name]["en"]) for name in _USUAL)


class Followup(TomlTable):
    """When errors repeat, and what an action gets that nobody has said otherwise of.

    A question's errors repeat in a unit with *nej* in `at_least` cases, or with a share in order of those
    read under `share_under`, where that is given. With `roles` an action's role is one of them.
    """

    at_least: Annotated[int, Field(ge=1)] = 3
    share_under: Annotated[float, Field(gt=0, le=1)] | None = None
    deadline: Span = "3 months"
    learning: Span = "12 months"
    role: Name | None = None
    roles: Names = ()
    cause: Annotated[tuple[Cause, ...], Field(min_length=1), AfterValidator(each_apart)] = Field(
        default_factory=usual_causes
    )

    @property
    def time_to_act(self) -> Duration:
        """From when an action is taken up to its deadline."""
        return Duration.parse(self.deadline)

    @property
    def time_to_learn(self) -> Duration:
        """From a period's end to the meeting about what was learnt."""
        return Duration.parse(self.learning)
