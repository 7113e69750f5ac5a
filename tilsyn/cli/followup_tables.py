"""Actions as tables and as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number
from tilsyn.base.periods import Period
from tilsyn.base.which import Which, as_keys
from tilsyn.cli.console import Table
from tilsyn.procedure.followup import LearningMeeting
from tilsyn.reviews.action_proposals import ProposedAction
from tilsyn.reviews.actions import STATES, Action, counted
from tilsyn.settings.followup import Followup


def plain_action(action: Action, today: date) -> dict[str, Any]:
    """Return an action as plain data, with its state."""
    days = {name: value.isoformat() for name, value in vars(action).items() if isinstance(value, date)}
    return vars(action) | days | as_keys(action.level) | {"state": action.state(today)}


def plain_counts(actions: Sequence[Action], today: date) -> dict[str, Any]:
    """Return the counts in all and per unit, as plain data."""
    units = [{"unit": unit, **counted(listed, today)} for unit, listed in _by_unit(actions).items()]
    return {"all": counted(actions, today), "units": units}


def _by_unit(actions: Sequence[Action]) -> dict[str, list[Action]]:
    units = sorted({action.unit for action in actions})
    return {unit: [action for action in actions if action.unit == unit] for unit in units}


def counts_table(actions: Sequence[Action], today: date) -> Table:
    """Return how many are overdue, open and done, per unit and in all."""
    parts = {unit or say("followup.all_units"): listed for unit, listed in _by_unit(actions).items()}
    rows = [
        [name, *map(number, counted(listed, today).values())]
        for name, listed in [*parts.items(), (say("followup.in_all"), list(actions))]
    ]
    columns = [say("followup.col_unit"), *(f">{say(f'followup.col_{state}')}" for state in STATES)]
    return Table(columns, rows, say("followup.title", today=date_text(today)))


def overdue_table(actions: Sequence[Action]) -> Table:
    """Return how many actions are overdue in each unit, and since when."""
    rows = [
        [unit or say("followup.all_units"), number(len(listed)), _oldest(listed).strftime("%d-%m-%Y")]
        for unit, listed in _by_unit(actions).items()
    ]
    columns = [say("followup.col_unit"), f">{say('followup.col_overdue')}", say("followup.col_oldest")]
    return Table(columns, rows, say("followup.title_overdue"))


def _oldest(actions: Sequence[Action]) -> date:
    return min(action.deadline for action in actions if action.deadline is not None)


def proposed_table(
    found: Sequence[ProposedAction], titles: Mapping[str, str], level: Which, period: Period
) -> Table:
    """Return what should become actions; `titles` are the questions' texts, by id."""
    from tilsyn.compliance.naming import row_label

    columns = [say(f"followup.col_{name}") for name in ("question", "case_id", "unit")]
    rows = [[row_label(one.question, titles), one.case_id, *_where_and_found(one)] for one in found]
    title = say("followup.title_proposed", level=level, period=period.label())
    return Table([*columns, f">{say('followup.col_found')}"], rows, title)


def actions_table(actions: Sequence[Action], rules: Followup, today: date, title: str) -> Table:
    """Return actions, a row each; a column that nobody has said anything in is left out."""
    names = ("action_id", "state", "deadline", "question", "case_id", "unit")
    columns = [*(say(f"followup.col_{name}") for name in names), f">{say('followup.col_found')}"]
    columns += [say(f"followup.col_{name}") for name in ("cause", "role", "what")]
    words = {one.name: one.text for one in (*rules.cause, *rules.role)}
    rows = [
        [
            action.action_id,
            say(f"followup.state_{action.state(today)}"),
            action.deadline.strftime("%d-%m-%Y") if action.deadline else "",
            action.question,
            action.case_id,
            *_where_and_found(action),
            words.get(action.cause, action.cause),
            words.get(action.role, action.role),
            action.what,
        ]
        for action in actions
    ]
    kept = ("action_id", "state", "deadline", "question", "unit")
    important = [say(f"followup.col_{name}") for name in kept]
    said = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    return Table(
        [columns[place] for place in said],
        [[row[place] for place in said] for row in rows],
        title,
        important=important,
        own_line=say("followup.col_what"),
    )


def _where_and_found(one: Action | ProposedAction) -> list[str]:
    values = {"wrong": number(one.wrong), "relevant": number(one.relevant)}
    return [one.unit or say("followup.all_units"), say("followup.of_cases", **values)]


def plain_meeting(meeting: LearningMeeting) -> dict[str, Any]:
    """Return a meeting as plain data."""
    return vars(meeting) | as_keys(meeting.level) | {"due": meeting.due.isoformat()}


def meeting_told(meeting: LearningMeeting) -> str:
    """Return a sentence on a meeting that should have been."""
    period = Period.parse(meeting.period).label()
    return say(
        "followup.meeting", level=meeting.level, period=period, due=date_text(meeting.due), n=meeting.actions
    )
