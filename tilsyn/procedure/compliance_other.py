"""What a single draw is compared with: another draw, where both speak of the same cases and questions."""

from __future__ import annotations

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.which import Which, in_id
from tilsyn.compliance.scope import rules_text
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.settings.single import SinglePlan, is_chosen


def named_draw(text: str) -> tuple[Which, Period] | None:
    """Return which draw a baseline names by its id, with or without the organisation; None for a period.

    >>> level, period = named_draw("2018-Q1/level-2") or (0, None)
    >>> level, str(period)
    (2, '2018-Q1')
    """
    named = in_id(text.strip()) or in_id(f"/{text.strip()}")
    return None if named is None else (named[1], Period.parse(named[0]))


def why_not(ours: DrawRecord, theirs: DrawRecord) -> str | None:
    """Return why two draws cannot be compared, in words; None where they can."""
    if any(is_chosen(one.plan) for one in (ours, theirs)):
        return say("single.why_chosen")
    first, second = spoken_of(ours), spoken_of(theirs)
    if first != second:
        return say("single.why_population", first=first, second=second)
    shared = set(ours.question_set.ids).intersection(theirs.question_set.ids)
    return None if shared else say("single.why_questions")


def of_the_register(record: DrawRecord) -> bool:
    """Tell whether the figures of a draw speak of all cases of the register that could be drawn."""
    return spoken_of(record) == say("single.from_all")


def spoken_of(record: DrawRecord) -> str:
    """Return which cases the figures of a draw speak of, in words."""
    plan = record.plan
    of = say("single.from_all")
    if isinstance(plan, SinglePlan) and plan.of_lists:
        of = say("single.from_list", file=plan.of_lists)
    elif record.frame.speaks_of == "reviews":
        of = say("single.from_reviews", level=plan.above)
    rules = rules_text(plan) if isinstance(plan, SinglePlan) else ""
    return f"{of}, {rules}" if rules else of
