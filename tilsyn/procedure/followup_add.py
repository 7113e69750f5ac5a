"""The follow-up of a level and period: which errors should become actions, and taking them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tilsyn.base.canonical import canonical_id, same_name
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.spelling import nearest
from tilsyn.base.which import Single, Which
from tilsyn.procedure.drawn_periods import none_reviewed
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.action_fields import BadField, read_field
from tilsyn.reviews.action_proposals import ProposedAction, count_of, proposed
from tilsyn.reviews.actions import Action, ActionRecord
from tilsyn.reviews.in_force import CaseInForce
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class ActedOn:
    """What is followed up: the reviewed cases of a level and period, and their questions, newest.

    `catalogues` are those that the questions come from.
    """

    level: Which
    period: Period
    cases: Sequence[CaseInForce]
    question_set: QuestionSet
    catalogues: tuple[str, ...]

    def question(self, name: str) -> str:
        """Return the id of a question, however its letters are written; a UsageError where there is none."""
        known = {question.casefold(): question for question in self.question_set.ids}
        if name.strip().casefold() not in known:
            found = say("followup.no_question", name=name)
            raise UsageError(
                found, say("followup.no_question_remedy", nearest=nearest(name, self.question_set.ids) or "")
            )
        return known[name.strip().casefold()]

    def unit(self, name: str) -> str:
        """Return a unit as the draw spells it; a UsageError where it has none."""
        units = sorted({case.drawn.unit for case in self.cases})
        found = next((unit for unit in units if same_name(unit) == same_name(name)), None)
        if found is None:
            remedy = say("followup.no_unit_remedy", known=", ".join(units))
            raise UsageError(say("followup.no_unit", name=name), remedy)
        return found

    def case(self, case_id: str) -> CaseInForce:
        """Return a reviewed case; refused where it is none."""
        wanted = canonical_id(case_id)
        case = next((case for case in self.cases if case.drawn.case_id == wanted), None)
        if case is None:
            values = {"case": wanted, "level": self.level, "period": self.period.label()}
            raise Refused(say("followup.no_case", **values), say("followup.no_case_remedy"))
        return case


def acted_on(workspace: Workspace, level: Which, period: Period) -> ActedOn:
    """Return what is followed up of a level and period; refused where nothing is drawn or reviewed."""
    draws = workspace.draws.within(level, period) or [workspace.draws.get(level, period)]
    cases = [case for draw in draws for case in workspace.ledger(draw).reviewed]
    if not cases:
        raise none_reviewed(level, period)
    newest = draws[-1]
    return ActedOn(level, period, cases, newest.question_set, newest.record.plan.question_set)


def proposals(workspace: Workspace, on: ActedOn) -> list[ProposedAction]:
    """Return the errors that should become actions and are none yet."""
    rules = workspace.settings.followup
    taken_up = {action.about for action in workspace.followup.actions.values()}
    found = proposed(on.cases, on.question_set, rules.at_least, rules.share_under)
    return [one for one in found if _about(on, one) not in taken_up]


def _about(on: ActedOn, one: ProposedAction) -> tuple[Which, str, str, str, str]:
    return on.level, on.period.canonical, one.question, one.unit, one.case_id


def take_up(
    workspace: Workspace,
    level: Which,
    period: Period,
    given: Mapping[str, str | None],
    today: date,
    *,
    question: str | None = None,
    unit: str | None = None,
    case_id: str | None = None,
) -> list[Action]:
    """Record the proposed actions, or the one of a question (and unit or case), and return them.

    `given` are fields of `actions.FIELDS` as they are typed, for each of them.
    """
    fields = _fields(workspace, given, today)
    with workspace.locked():
        on = acted_on(workspace, level, period)
        chosen = proposals(workspace, on)
        if question is not None:
            chosen = [_own(workspace, on, question, unit, case_id)]
        elif unit is not None:
            chosen = [one for one in chosen if one.unit == on.unit(unit)]
        made = _numbered(workspace, on, chosen, fields, today)
        workspace.followup.save([ActionRecord("added", tuple(a.to_dict() for a in made))] if made else [])
    return made


def _fields(workspace: Workspace, given: Mapping[str, str | None], today: date) -> dict[str, Any]:
    """Return what the options of a command give, read."""
    found: dict[str, Any] = {}
    for name, text in given.items():
        if text is None:
            continue
        try:
            found[name] = read_field(name, text, workspace.settings.followup, today, workspace.followup.known)
        except BadField as bad:
            raise UsageError(f"--{name}: {bad.found}", bad.remedy) from None
    return found


def _own(
    workspace: Workspace, on: ActedOn, question: str, unit: str | None, case_id: str | None
) -> ProposedAction:
    """Return the action that somebody asks for, proposed or not; refused where there is one."""
    asked = on.question(question)
    if case_id is not None:
        case = on.case(case_id)
        one = ProposedAction(asked, case.drawn.unit, case.drawn.case_id, *count_of([case], asked, ""))
    else:
        of = on.unit(unit) if unit is not None else ""
        one = ProposedAction(asked, of, "", *count_of(on.cases, asked, of))
    for action in workspace.followup.actions.values():
        if action.about == _about(on, one):
            found = say("followup.taken_up", id=action.action_id, question=asked)
            raise Refused(found, say("followup.taken_up_remedy"))
    return one


def _numbered(
    workspace: Workspace,
    on: ActedOn,
    chosen: Sequence[ProposedAction],
    fields: Mapping[str, Any],
    today: date,
) -> list[Action]:
    rules = workspace.settings.followup
    named = on.level.name if isinstance(on.level, Single) else f"n{on.level}"
    start = f"{on.period.canonical}-{named}-"
    # By their ids: a single draw may be called n2.
    there = [action_id for action_id in workspace.followup.actions if action_id.startswith(start)]
    usual: dict[str, Any] = {
        "deadline": rules.time_to_act.after(today),
        "learning_on": rules.time_to_learn.after(on.period.end),
        "role": rules.usual_role,
    }
    return [
        replace(
            Action(f"{start}{number:02}", *_about(on, one)),
            since=today,
            wrong=one.wrong,
            relevant=one.relevant,
            **{**usual, **fields},
        )
        for number, one in enumerate(chosen, start=len(there) + 1)
    ]
