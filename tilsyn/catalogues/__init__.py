"""The questions: catalogues, and the question set that a draw keeps."""

from tilsyn.catalogues.question_set import (
    Catalogue,
    Deadline,
    Fact,
    Question,
    QuestionSet,
    Regime,
    Step,
    merged,
)

__all__ = [
    "Catalogue",
    "Deadline",
    "Fact",
    "Question",
    "QuestionSet",
    "Regime",
    "Step",
    "merged",
]
