"""From what reviewers typed to the reviews in force."""

from tilsyn.reviews.in_force import (
    Reviews,
    current,
    latest,
    regime_of,
    resolve,
    urgency,
)

__all__ = [
    "Reviews",
    "current",
    "latest",
    "regime_of",
    "resolve",
    "urgency",
]
