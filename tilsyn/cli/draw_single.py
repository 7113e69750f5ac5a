"""The options of `tilsyn draw` that say which cases a single draw is of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tilsyn.base.language import say
from tilsyn.base.problems import UsageError
from tilsyn.base.which import Single, Which
from tilsyn.cli.command import check_level, single_of

if TYPE_CHECKING:
    from tilsyn.procedure.draw_single import SingleRequest


@dataclass(frozen=True)
class AskedFor:
    """What was written of a single draw."""

    n: int | None
    strata: str | None
    every: bool
    where: list[str] | None
    case_list: Path | None
    from_level: int | None
    from_single: str | None
    questions: list[str] | None

    def refuse_for(self, which: Which, by_hand: object) -> None:
        """Refuse what a level cannot be asked: that stands in the plan."""
        if isinstance(which, Single):
            if by_hand:
                raise UsageError(say("single.by_hand"), say("single.by_hand_remedy"))
            return
        names = {"every": "all", "case_list": "list"}
        for name, value in vars(self).items():
            if value:
                option = f"--{names.get(name, name).replace('_', '-')}"
                raise UsageError(say("single.only_single", option=option), say("single.only_single_remedy"))

    @property
    def request(self) -> SingleRequest:
        """What the draw is asked."""
        from tilsyn.procedure.draw_single import SingleRequest, asked_of

        if self.from_level is not None:
            check_level(self.from_level)
        if self.from_level and self.from_single:
            raise UsageError(say("single.one_source"), say("single.one_source_remedy"))
        return SingleRequest(
            n=self.n,
            every=self.every,
            per_unit=self.strata is not None,
            where=tuple(map(asked_of, self.where or ())),
            case_list=self.case_list,
            above=single_of(self.from_single) if self.from_single else self.from_level,
            questions=tuple(self.questions or ()),
        )
