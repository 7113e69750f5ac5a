"""The frame: which rows of a register are cases, what is left out and why, and its commitment."""

from tilsyn.frame.examination import (
    ERROR_REASONS,
    Commitment,
    FrameReport,
    FrameRules,
    OutRule,
    StratumRule,
    commitment,
    examine,
    newest_date,
    stratified,
)

__all__ = [
    "ERROR_REASONS",
    "Commitment",
    "FrameReport",
    "FrameRules",
    "OutRule",
    "StratumRule",
    "commitment",
    "examine",
    "newest_date",
    "stratified",
]
