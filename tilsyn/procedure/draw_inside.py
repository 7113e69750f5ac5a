"""A frame that its database counted, and that only its database has the cases of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.own_numbers import own_sql
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused
from tilsyn.procedure.draw_frame import Frame, settled_rules, sizes_of
from tilsyn.procedure.draw_left_out import drawn_earlier
from tilsyn.sampling.commitment import Commitment
from tilsyn.sampling.draw_record import DrawnCase, DrawRecord, RegisterRecord
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.inside import KnownRows, draw_sql
from tilsyn.sampling.inside_answer import (
    Answer,
    NotAnAnswer,
    cases_of,
    committed_of,
    matched_of,
    newest_of,
    truths_of,
    units_of,
)
from tilsyn.sampling.inside_dialects import Dialect
from tilsyn.sampling.inside_rows import FrameQuestion, in_sql, sql_column
from tilsyn.sampling.whole_register import remarks, whole_register
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.registers import Source, given_as_of
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Inquiry:
    """A question, the rules by our own names of columns, and the draws whose cases are left out."""

    question: FrameQuestion
    rules: FrameRules
    earlier: list[str]


@dataclass(frozen=True, kw_only=True)
class AnsweredFrame(Frame):
    """The frame of an answer that was `told_by` a file or a database; `draw` returns what is drawn of it.

    `unit_counts` are the cases of each unit.
    """

    inquiry: Inquiry
    told_by: str
    unit_counts: dict[str, int]
    commitment: Commitment
    draw: Callable[[DrawRecord, str], Answer]

    def committed(self) -> Commitment:
        """Return its commitment."""
        return self.commitment

    def drawn(self, record: DrawRecord, seed: str) -> list[DrawnCase]:
        """Draw what a record says of it: sample and reserve, with unit and facts."""
        try:
            found = self.draw(record, seed)
            if other := same_strata(self.commitment, committed_of(found)):
                raise Refused(say("inside.other_frame", stratum=other[0]), say("inside.other_frame_remedy"))
            return cases_of(self.inquiry.question, found, record, seed)
        except NotAnAnswer as error:
            raise not_an_answer(error, self.told_by) from None


def inquiry_of(
    workspace: Workspace,
    plan: LevelPlan,
    period: Period,
    dialect: Dialect,
    as_of: date | None = None,
    names: Mapping[str, str] | None = None,
    source: Source | None = None,
) -> Inquiry:
    """Return what a register's database is asked; refused where the answer might not be ours.

    `names` are our columns to those of the query, which are as in the settings where nobody has looked.
    """
    register = workspace.settings.register
    if register.query is None:
        raise Refused(say("register.no_query"), say("register.no_query_remedy"))
    named = names or register.columns
    headings = {column: named.get(column, column) for column in register.read_columns}
    day = as_of or given_as_of(workspace, period, source)
    rules = settled_rules(workspace, headings, period, day, plan)
    if cannot := undecidable(plan, rules):
        raise Refused(say(f"inside.cannot_{cannot}"), say("inside.cannot_remedy"))
    earlier = drawn_earlier(workspace, plan, period, None)
    question = FrameQuestion(
        dialect=dialect,
        title=f"tilsyn: level {plan.level}, {period.canonical}",
        query=register.query,
        names={sql_column(column): heading for column, heading in named.items()},
        rules=in_sql(rules),
        period=period,
        unit=register.unit,
        drawn_earlier=tuple(case.case_id for draw in earlier for case in draw.record.cases),
    )
    return Inquiry(question, rules, [draw.draw_id for draw in earlier])


def undecidable(plan: LevelPlan, rules: FrameRules) -> str | None:
    """Return which rule of the workspace no query of ours follows, or None."""
    found = {
        "reviews": plan.above is not None,
        "columns": not {"case_id", "unit"} <= set(rules.headings),
        "single": isinstance(plan, SinglePlan),
        "split": plan.split not in rules.headings,
        "measures": bool(rules.per_case),
        "own_numbers": bool(own_sql()),
        "list": plan.case_list is not None,
        "recent": plan.exclude_reviewed_within is not None,
        "complaints": rules.complaints is not None,
        "rule_of_dates": bool(rules.named_by_rules & set(rules.dates)),
    }
    return next((what for what, applies in found.items() if applies), None)


def query_of(
    frame: Frame, record: DrawRecord, seed: str, known: KnownRows | None = None, bounded: bool = True
) -> str:
    """Return the query that draws what a record says."""
    assert isinstance(frame, AnsweredFrame)
    wanted = {row.stratum: (row.stratum_size, row.sample_size + row.reserve_size) for row in record.strata}
    return draw_sql(frame.inquiry.question, seed, record.draw_id, wanted, known, bounded)


def answered_frame(
    inquiry: Inquiry,
    answer: Answer,
    told_by: str,
    origin: dict[str, str | None],
    draw: Callable[[DrawRecord, str], Answer],
) -> AnsweredFrame:
    """Return the frame that an answer counts; refused where no case is left."""
    question, rules = inquiry.question, inquiry.rules
    committed, counts = committed_of(answer), units_of(answer)
    sizes, units = sizes_of(counts)
    if sizes != {row.stratum: row.size for row in committed.strata}:
        raise NotAnAnswer("torn")
    if not sizes:
        period = question.period
        raise Refused(say("draw.no_cases", period=period.label()), say("draw.no_cases_remedy"))
    as_of = rules.as_of or newest_of(answer)
    matched = matched_of(rules, answer)
    return AnsweredFrame(
        inquiry=inquiry,
        told_by=told_by,
        commitment=committed,
        draw=draw,
        unit_counts=_by_unit(counts),
        sizes=sizes,
        units=units,
        left_out=left_out_of(answer),
        as_of=as_of,
        as_of_given=rules.as_of is not None,
        origin=origin,
        earlier=inquiry.earlier,
        notes=list(whole_register(rules, question.period, as_of, matched)),
        register=RegisterRecord(
            n_rows=answer.number("rows"),
            n_cases=answer.number("cases"),
            booleans=truths_of(answer),
            matched=[rule.to_dict() for rule in matched],
            remarks=remarks(rules),
        ),
    )


def _by_unit(counts: Sequence[tuple[str, str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for _, unit, n in counts:
        found[unit] = found.get(unit, 0) + n
    return found


def left_out_of(answer: Answer) -> dict[str, int]:
    """Return how many cases were left out by reason, those that stand there twice among them."""
    found = {reason: n for reason, n in answer.of("left_out").items() if n}
    if twice := answer.number("rows") - answer.number("cases"):
        found["duplicate"] = found.get("duplicate", 0) + twice
    return dict(sorted(found.items()))


def odd_problems(odd: dict[str, int]) -> list[Problem]:
    """Return what cannot be decided inside as problems, each with what to do."""
    return [
        Problem(say("inside.odd", n=number(n), what=say(f"inside.odd_{what}")), say("inside.odd_remedy"))
        for what, n in odd.items()
    ]


def not_an_answer(error: NotAnAnswer, file: str) -> InputError:
    """Return why a file holds no answer that can be used."""
    values = error.values
    return InputError(
        [Problem(say(f"inside.{error.what}", **values), say(f"inside.{error.what}_remedy"), file=file)]
    )


def same_strata(first: Commitment, second: Commitment) -> Sequence[str]:
    """Return the strata that are not the same in two commitments."""
    ours, theirs = ({row.stratum: row for row in one.strata} for one in (first, second))
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
