"""Quarter after quarter: signals, slope and runs."""

from tilsyn.trend.signals import (
    RUN_POINTS,
    SIGNAL_ALPHA,
    SLOPE_QUARTERS,
    Runs,
    Setting,
    Slope,
    breaks,
    centre,
    outside,
    runs,
    slope,
)

__all__ = [
    "RUN_POINTS",
    "SIGNAL_ALPHA",
    "SLOPE_QUARTERS",
    "Runs",
    "Setting",
    "Slope",
    "breaks",
    "centre",
    "outside",
    "runs",
    "slope",
]
