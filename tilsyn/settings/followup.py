"""The follow-up as `tilsyn.toml` says it: which errors become actions, and what their columns can hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, model_validator

from tilsyn.base.durations import Duration
from tilsyn.base.language import dictionary
from tilsyn.base.toml_tables import TomlTable, fault
from tilsyn.settings.codes import AnyCoded, Coded, each_apart, meant
from tilsyn.settings.levels import Span
from tilsyn.settings.names import Name

# The usual causes and roles; the dictionary has their words.
_CAUSES = ("knowledge", "procedure", "resources", "system", "handover", "other")
_ROLES = ("manager", "professional", "lawyer", "staff", "leadership")


class Cause(Coded):
    """A cause of errors that people can choose."""

    what: ClassVar[str] = "cause"


class Role(Coded):
    """Who can be responsible for an action: what somebody is, never who."""

    what: ClassVar[str] = "role"


def _usual(kind: type[AnyCoded], names: Sequence[str]) -> tuple[AnyCoded, ...]:
    words = {name: dictionary("followup")[f"{kind.what}_{name}"] for name in names}
    return tuple(kind(name=name, text_da=words[name]["da"], text_en=words[name]["en"]) for name in names)


@cache
def usual_causes() -> tuple[Cause, ...]:
    """Return the causes that hold where the settings name none."""
    return _usual(Cause, _CAUSES)


@cache
def usual_roles() -> tuple[Role, ...]:
    """Return the roles that hold where the settings name none."""
    return _usual(Role, _ROLES)


class Followup(TomlTable):
    """When errors repeat, and what an action gets that nobody has said otherwise of.

    A question's errors repeat in a unit with *nej* in `at_least` cases, or with a share in order of those
    read under `share_under`, where that is given. `responsible` is one of the roles.
    """

    at_least: Annotated[int, Field(ge=1)] = 3
    share_under: Annotated[float, Field(gt=0, le=1)] | None = None
    deadline: Span = "3 months"
    learning: Span = "12 months"
    responsible: Name | None = None
    cause: Annotated[tuple[Cause, ...], Field(min_length=1), AfterValidator(each_apart)] = Field(
        default_factory=usual_causes
    )
    role: Annotated[tuple[Role, ...], Field(min_length=1), AfterValidator(each_apart)] = Field(
        default_factory=usual_roles
    )

    @model_validator(mode="after")
    def _is_a_role(self) -> Followup:
        if self.responsible is not None and meant(self.role, self.responsible) is None:
            known = ", ".join(role.name for role in self.role)
            raise fault("settings.no_role", value=self.responsible, known=known)
        return self

    @property
    def usual_role(self) -> str:
        """The code of the role that is responsible unless another is said; "" where none is."""
        role = meant(self.role, self.responsible or "")
        return role.name if role is not None else ""

    @property
    def time_to_act(self) -> Duration:
        """From when an action is taken up to its deadline."""
        return Duration.parse(self.deadline)

    @property
    def time_to_learn(self) -> Duration:
        """From a period's end to the meeting about what was learnt."""
        return Duration.parse(self.learning)
