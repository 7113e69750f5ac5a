"""Every step from the counts to a figure, for whoever wants to follow with a calculator."""

from tilsyn.explanation.steps import (
    Explanation,
    explain,
)

__all__ = [
    "Explanation",
    "explain",
]
