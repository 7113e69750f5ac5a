"""Actions: what is to be done about the errors that reviews found, until nothing more is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal, Self, get_type_hints

from tilsyn.base.which import Which, as_keys, from_keys

State = Literal["open", "overdue", "done"]
STATES: tuple[State, ...] = ("overdue", "open", "done")
# What people say of an action, in the order of the workbook's columns; the rest never changes.
FIELDS = ("what", "cause", "deadline", "role", "done_on", "learnt", "learning_on", "discussed_on")


@dataclass(frozen=True)
class Action:
    """What is to be done about an error of a case, or about a question whose errors repeat.

    It follows from a level or a single draw. `unit` is "" where it is for all units together; it was taken up
    on `since`. `wrong` of the `relevant` cases read had a *nej* then. `cause` and `role` are codes of the
    settings. What was learnt is talked about at a meeting by `learning_on`, and was on `discussed_on`.
    """

    action_id: str
    level: Which
    period: str
    question: str
    unit: str = ""
    case_id: str = ""
    since: date | None = None
    wrong: int = 0
    relevant: int = 0
    what: str = ""
    cause: str = ""
    deadline: date | None = None
    role: str = ""
    done_on: date | None = None
    learnt: str = ""
    learning_on: date | None = None
    discussed_on: date | None = None

    @property
    def about(self) -> tuple[Which, str, str, str, str]:
        """What it is about: level, period, question, unit and case. There is one action of each."""
        return self.level, self.period, self.question, self.unit, self.case_id

    def state(self, today: date) -> State:
        """Return whether it is done, and else whether its deadline has passed."""
        if self.done_on is not None:
            return "done"
        return "overdue" if self.deadline is not None and self.deadline < today else "open"

    def to_learn_from(self, today: date) -> bool:
        """Tell whether the meeting about what was learnt should have been by now, and is not said to be."""
        return self.discussed_on is None and self.learning_on is not None and self.learning_on <= today

    @property
    def closed(self) -> bool:
        """Whether nothing is to be done or said any more."""
        return self.done_on is not None and self.discussed_on is not None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, without what is not said."""
        said = {name: value for name, value in vars(self).items() if value not in ("", None)}
        return plain(said | as_keys(self.level))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_dict` made plain."""
        return cls(**typed(data) | {"level": from_keys(data)})


_DAYS = {name for name, kind in get_type_hints(Action).items() if kind == date | None}
_KNOWN = {field.name for field in fields(Action)}


def plain(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields of an action as plain data."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}


def typed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields of an action from plain data; what a later version writes beside them is passed over."""
    known = {name: value for name, value in data.items() if name in _KNOWN}
    return {
        name: date.fromisoformat(value) if name in _DAYS and value else value for name, value in known.items()
    }


@dataclass(frozen=True)
class ActionRecord:
    """One entry: actions that were `added`, or what a workbook `said` of some, by their ids.

    `source` is the file, `workbook` the id it was exported with. `said` holds
    plain data, `action_id` in each.
    """

    kind: Literal["added", "said"]
    said: tuple[Mapping[str, Any], ...]
    source: str = ""
    sha256: str = ""
    workbook: str = ""
    recorded_at: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, without what is not given."""
        given = {name: value for name in self.__dataclass_fields__ if (value := getattr(self, name))}
        return given | {"said": [dict(one) for one in self.said]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_dict` made plain."""
        known = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        return cls(**known | {"said": tuple(data["said"])})


def actions_after(records: Iterable[ActionRecord]) -> dict[str, Action]:
    """Return the actions by id as the records leave them, in the order in which they were taken up."""
    found: dict[str, Action] = {}
    for record in records:
        for said in record.said:
            action_id = str(said["action_id"])
            if record.kind == "added":
                found[action_id] = Action.from_dict(said)
            else:
                found[action_id] = replace(found[action_id], **typed(said))
    return found


def counted(actions: Sequence[Action], today: date) -> dict[State, int]:
    """Return how many actions are overdue, open and done."""
    states = [action.state(today) for action in actions]
    return {state: states.count(state) for state in STATES}
