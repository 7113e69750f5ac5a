"""Why a drawn case can be replaced: as `tilsyn.toml` says, or the four that hold without a word there."""

from __future__ import annotations

from functools import cache
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from tilsyn.base.language import dictionary
from tilsyn.settings.codes import Coded, each_apart
from tilsyn.settings.names import Flag

# The usual reasons, and whether each puts a case outside the population; the dictionary has their words.
_USUAL = {"wrong_person": True, "no_access": False, "outside_target": True, "conflict": False}


class ReplacementReason(Coded):
    """A reason; `outside_population` where the case should not have been on the list drawn from."""

    what: ClassVar[str] = "reason"
    outside_population: Flag


@cache
def usual_reasons() -> tuple[ReplacementReason, ...]:
    """Return the four reasons that hold where the settings name none."""
    words = {name: dictionary("replace")[f"reason_{name}"] for name in _USUAL}
    return tuple(
        ReplacementReason(
            name=name, text_da=words[name]["da"], text_en=words[name]["en"], outside_population=outside
        )
        for name, outside in _USUAL.items()
    )


ReplacementReasons = Annotated[tuple[ReplacementReason, ...], Field(min_length=1), AfterValidator(each_apart)]
