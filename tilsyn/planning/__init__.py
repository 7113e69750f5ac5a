"""What a sample of a given size can show, and how large it must be."""

from tilsyn.planning.detection import Detection, power_of_change, size_to_detect, smallest_change
from tilsyn.planning.sizes import (
    NEGLIGIBLE,
    allocate,
    binomial,
    check_shares,
    expected_half_width,
    sample_size,
    stratified_size,
)

__all__ = [
    "NEGLIGIBLE",
    "Detection",
    "allocate",
    "binomial",
    "check_shares",
    "expected_half_width",
    "power_of_change",
    "sample_size",
    "size_to_detect",
    "smallest_change",
    "stratified_size",
]
