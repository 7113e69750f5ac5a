"""The options of `tilsyn draw` that say which cases a single draw is of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.base.which import Single, Which, as_keys
from tilsyn.cli.check_by_hand import commitment_told
from tilsyn.cli.command import check_level, single_of
from tilsyn.cli.console import Result

if TYPE_CHECKING:
    from tilsyn.procedure.draw import DrawRequest
    from tilsyn.procedure.draw_single import SingleRequest
    from tilsyn.workspace.workspace import Workspace

SCHEMA = "tilsyn/commitment/1"


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
    commit: bool
    seed_from: str | None

    def refuse_for(self, which: Which, by_hand: object) -> None:
        """Refuse what a level cannot be asked: that stands in the plan."""
        if isinstance(which, Single):
            if self.seed_from and not self.commit:
                raise UsageError(say("check.seed_from_alone"), say("check.seed_from_alone_remedy"))
            if by_hand:
                raise UsageError(say("single.by_hand"), say("single.by_hand_remedy"))
            return
        names = {"every": "all", "case_list": "list"}
        for name, value in vars(self).items():
            if value:
                option = f"--{names.get(name, name).replace('_', '-')}"
                remedy = say("single.commit_level" if name == "commit" else "single.only_single_remedy")
                raise UsageError(say("single.only_single", option=option), remedy)

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


def committed(
    workspace: Workspace, single: Single, period: Period, wanted: AskedFor, request: DrawRequest
) -> Result:
    """Commit to a single draw's frame, and draw nothing: dice can be thrown then."""
    from tilsyn.procedure.check_commit import commit_single

    seed_from = (wanted.seed_from or "").strip() or None
    event = commit_single(workspace, single, period, wanted.request, request, seed_from)
    told = [say("single.committed", n=number(event["n"]), level=single)]
    told += commitment_told(event["commitment"], seed_from)
    kept = {name: event.get(name) for name in ("commitment", "n", "seed_from")}
    data = {"schema": SCHEMA, **as_keys(single), "period": period.canonical, **kept}
    return Result(data, [data], told, problems=workspace.late)
