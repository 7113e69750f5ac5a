"""What rows and verdicts are called: the ids of the JSON contract, and their words in a table or a report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

from tilsyn.base.aliases import program_word
from tilsyn.base.language import dictionary, language, named, say
from tilsyn.base.which import Which
from tilsyn.questions.answers import answer_text
from tilsyn.questions.question_set import QuestionSet
from tilsyn.statistics.change import BETTER, NO_SURE_CHANGE, WORSE

# The domain of all cases, and the rows that are no question.
ALL_CASES = "all"
ALL_QUESTIONS = "*"
WITHOUT_FAULT = "uden_fejl"
THEME = "theme:"

# Which dictionary words a row: a table's are short, a report's say more.
Wording = Literal["compliance", "report"]

_VERDICTS = {BETTER: "better", WORSE: "worse", NO_SURE_CHANGE: "no_sure_change"}
# A table shows so much of a question's text.
_SHORT = 44


def titles_of(questions: QuestionSet | Mapping[str, str] | None) -> dict[str, str]:
    """The texts of questions, themes and outcomes, by row id; a mapping of themes only names none."""
    if not isinstance(questions, QuestionSet):
        return {}
    english = language() == "en"
    themes = {THEME + q.step: q.step_en if english and q.step_en else q.step_da for q in questions.questions}
    outcomes = {outcome.name: outcome.text for outcome in questions.outcomes}
    return {q.question_id: q.text for q in questions.questions} | themes | outcomes


def grade_title(row: str, grade: str, questions: QuestionSet | Mapping[str, str] | None) -> str:
    """What a grade of a question, or the outcome of a case, is called; its name where no more is known."""
    return questions.called(row, grade) if isinstance(questions, QuestionSet) else answer_text(grade)


def row_title(row: str, titles: Mapping[str, str], wording: Wording = "compliance") -> str:
    """What a row is about; its own id where nothing more is known.

    >>> row_title("*", {}), row_title("*", {}, "report"), row_title("theme:plan", {})
    ('Alle spørgsmål', 'Alle spørgsmål samlet', 'plan')
    """
    if row == ALL_QUESTIONS:
        return say(f"{wording}.all_questions")
    if row == WITHOUT_FAULT:
        return say(f"{wording}.without_fault")
    return titles.get(row) or row.removeprefix(THEME)


def row_label(row: str, titles: Mapping[str, str]) -> str:
    """How a row is named in a table: a question by its id and the beginning of its text."""
    if row in (ALL_QUESTIONS, WITHOUT_FAULT):
        return row_title(row, titles)
    if row.startswith(THEME):
        return say("compliance.theme", name=row_title(row, titles))
    text = titles.get(row, "")
    short = text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"
    return f"{row} {short}".rstrip()


def row_meant(text: str, rows: Iterable[str]) -> str | None:
    """The row that is asked for, by its id or by words for it; None when there is none.

    >>> row_meant("tema:PLAN", ["UND-01", "theme:plan"]), row_meant("uden fejl", ["uden_fejl"])
    ('theme:plan', 'uden_fejl')
    """
    kind, mark, name = text.strip().partition(":")
    wanted = (text.strip().lower(), (program_word(kind) + mark + name).lower())
    return next((row for row in rows if row.lower() in wanted), None)


def row_id(row: str) -> str:
    """How a row is named in a sentence: a question by its id alone."""
    return row_title(row, {})


def verdict_name(verdict: str | None, wording: Wording = "compliance") -> str:
    """A verdict, which is Danish in the JSON contract, in the language in use; empty where there is none.

    >>> verdict_name("fremgang"), verdict_name("fremgang", "report"), verdict_name(None)
    ('fremgang', 'Fremgang', '')
    """
    return "" if verdict is None else say(f"{wording}.verdict_{_VERDICTS[verdict]}")


def verdict_words(row: Mapping[str, Any], wording: Wording = "compliance") -> str:
    """A row's verdict with what belongs to it: that it is confirmed, or why there is none.

    >>> verdict_words({"verdict": "fremgang", "verdict_reason": None, "confirmed": True})
    'fremgang, bekræftet'
    >>> verdict_words({"verdict": None, "verdict_reason": "too_few", "confirmed": None})
    'for få sager til en vurdering'
    """
    if row["verdict_reason"] is not None:
        return say(f"{wording}.verdict_{row['verdict_reason']}")
    name = verdict_name(row["verdict"], wording)
    return say(f"{wording}.verdict_confirmed", verdict=name) if row["confirmed"] is True else name


def column_name(column: str) -> str:
    """A column of the register in the user's words; a flag of the workspace's own as it stands."""
    key = f"column_{column}"
    return say(f"init.{key}").lower() if key in dictionary("init") else column


def domain_name(domain: str) -> str:
    """All cases, or the value of a column that a row is of, in the user's words.

    >>> domain_name("all"), domain_name("unit=Nord"), domain_name("case_type=")
    ('alle', 'enhed: Nord', 'sagstype: –')
    """
    if domain == ALL_CASES:
        return say("compliance.all")
    column, _, value = domain.partition("=")
    return f"{column_name(column)}: {value or '–'}"


def first_reading_name(first: Which | None) -> dict[str, str]:
    """What the level that was re-read is called: within a sentence, at its beginning, in a command."""
    # Readings in no workspace are of no level: a second one is of level 2, as ever.
    names = named(2 if first is None else first)
    return {"first": names["level"], "First": names["Level"], "first_option": names["level_option"]}


def failed_conditions(failed: Collection[str], relevance_differs: int, first: Which | None) -> str:
    """Why a corrected percentage is not shown, empty when it is; `first` is the level that was re-read."""
    names = first_reading_name(first)
    return "; ".join(say(f"compliance.failed_{name}", n=relevance_differs, **names) for name in failed)
