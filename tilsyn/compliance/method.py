"""How percentages, changes and verdicts are reckoned, and when they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from tilsyn.statistics.change import Adjustment


@dataclass(frozen=True)
class Method:
    """What may differ from one table to the next; all else is fixed.

    `confidence` is the level of the intervals, in (0, 1): verdicts do not depend on it. `adjustment` is of
    the family's p-values. Under `few` relevant answers a table shows counts and no percentage; an interval
    wider than `wide` (a share) is marked.
    """

    confidence: float = 0.95
    adjustment: Adjustment = "benjamini-hochberg"
    few: int = 5
    wide: float = 0.30

    @property
    def description(self) -> str:
        """The method in the words of the JSON contract, which are never translated."""
        return (
            "weighted ratio in a domain of a stratified sample; Korn-Graubard beta interval on n_eff; "
            "several questions together: weighted-gamma interval over cases; "
            "change by Miettinen-Nurminen on n_eff without the finite population, by MOVER over cases; "
            f"verdict by {self.adjustment}"
        )


USUAL = Method()
