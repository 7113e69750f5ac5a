"""Levels: how often the law was followed, and how well the sample knows it."""

from tilsyn.estimation.shares import (
    NO_VARIANCE,
    Counts,
    Effective,
    Levels,
    effective_sizes,
    levels,
    residual_variance,
    share,
    weights,
)

__all__ = [
    "NO_VARIANCE",
    "Counts",
    "Effective",
    "Levels",
    "effective_sizes",
    "levels",
    "residual_variance",
    "share",
    "weights",
]
