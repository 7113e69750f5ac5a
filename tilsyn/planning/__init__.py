"""What a sample of a given size can show, and how large it must be."""

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
    "allocate",
    "binomial",
    "check_shares",
    "expected_half_width",
    "sample_size",
    "stratified_size",
]
