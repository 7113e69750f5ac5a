"""What a reviewer wrote about one case, as raw data: the unit that is loaded, kept and corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self

from tilsyn.base.danish_time import danish_day


def moment_text(moment: date | datetime | None) -> str | None:
    """Return a date or a moment as ISO text."""
    return None if moment is None else moment.isoformat()


def moment_of(text: str | None) -> date | datetime | None:
    """Return the date or moment of an ISO text, the inverse of `moment_text`."""
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


@dataclass(frozen=True)
class Given:
    """What stands at one question: the canonical answer, None when there is none, a remark, and its dates.

    `start` and `end` are a deadline question's two dates as given: the answer is recomputed from them.
    `reason` is the name of the lawful reason chosen.
    """

    answer: str | None = None
    remark: str = ""
    start: date | datetime | None = None
    end: date | datetime | None = None
    reason: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing at all is given."""
        return self.answer is None and not self.remark and self.start is None and self.end is None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, without what is not given."""
        data = {
            "answer": self.answer,
            "remark": self.remark,
            "start": moment_text(self.start),
            "end": moment_text(self.end),
            "reason": self.reason,
        }
        return {key: value for key, value in data.items() if value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_dict` made plain."""
        start, end = moment_of(data.get("start")), moment_of(data.get("end"))
        return cls(data.get("answer"), data.get("remark", ""), start, end, data.get("reason", ""))


@dataclass(frozen=True)
class CaseReview:
    """All that one workbook or file says of one case.

    `answers` are by question id; `facts` those of the case head, as codes, by name; `dates` those of the head
    and beside questions that limits name; `act_date` decides the law regime; `reviewer` is a code or a role,
    `criticism` a step of the scale, by its name; `head` is what else stands in the case head, by its key
    (`act_event`, `look_back`, `note`); `urgent` is *akut*: a child may be in danger now.
    """

    case_id: str
    answers: Mapping[str, Given] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    act_date: date | None = None
    reviewed_on: date | None = None
    reviewer: str = ""
    criticism: str = ""
    head: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False
    simulated: bool = False
    dates: Mapping[str, date | datetime] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        """Whether no question is answered: such a sheet says nothing that could correct an earlier one."""
        return (
            not self.urgent
            and not self.facts
            and not self.dates
            and all(given.blank for given in self.answers.values())
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, without what is not given."""
        answers = {name: given.to_dict() for name, given in sorted(self.answers.items()) if not given.blank}
        data = {
            "case_id": self.case_id,
            "act_date": moment_text(self.act_date),
            "reviewed_on": moment_text(self.reviewed_on),
            "reviewer": self.reviewer,
            "criticism": self.criticism,
            "head": dict(sorted(self.head.items())),
            "urgent": self.urgent,
            "simulated": self.simulated,
            "facts": dict(sorted(self.facts.items())),
            "dates": {name: moment_text(at) for name, at in sorted(self.dates.items())},
            "answers": answers,
        }
        return {key: value for key, value in data.items() if value or key == "answers"}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_dict` made plain."""
        values = {key: value for key, value in data.items() if key in cls.__dataclass_fields__}
        values["answers"] = {name: Given.from_dict(given) for name, given in data["answers"].items()}
        dates = {name: moment_of(text) for name, text in data.get("dates", {}).items()}
        values["dates"] = {name: at for name, at in dates.items() if at is not None}
        for name in ("act_date", "reviewed_on"):
            values[name] = date.fromisoformat(data[name]) if data.get(name) else None
        return cls(**values)


@dataclass(frozen=True)
class Load:
    """One entry of a draw's ledger, the `sequence`th from 1: what its `kind` says.

    `answers` holds whole the `cases` whose content changed; with `partial`, some of the file's cases were
    left to wait. `replacement` holds a case, the next in the reserve, and the reason: its name, and what it
    said in both languages and meant for the population when the case was replaced. `urgent` holds a case that
    was marked so in a file whose answers could not be loaded; `handled` a case and a note.

    `loaded_at` is UTC in ISO; `workbook` the workbook's id, `tidy:<name>` for a tidy file, the stem of its
    file for a stand-in; `source` and `sha256` the loaded file's name and content; `file` the entry's own
    name once it is saved.
    """

    draw_id: str
    kind: str
    loaded_at: str = ""
    sequence: int = 0
    workbook: str = ""
    source: str = ""
    sha256: str = ""
    partial: bool = False
    cases: tuple[CaseReview, ...] = ()
    case_id: str = ""
    replacement: str = ""
    reason: str = ""
    reason_da: str = ""
    reason_en: str = ""
    outside_population: bool = False
    note: str = ""
    file: str = ""

    @property
    def loaded_on(self) -> date | None:
        """The day of it in Denmark; None before it is saved."""
        return danish_day(self.loaded_at) if self.loaded_at else None

    @property
    def urgent_marks(self) -> dict[str, bool]:
        """Each of its cases, and whether it is marked *akut* there."""
        marks = {case.case_id: case.urgent for case in self.cases}
        return marks | ({self.case_id: True} if self.kind == "urgent" else {})

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, without what is not given and without its file name."""
        names = [name for name in self.__dataclass_fields__ if name not in ("cases", "file")]
        data = {name: value for name in names if (value := getattr(self, name))}
        return data | ({"cases": [case.to_dict() for case in self.cases]} if self.cases else {})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], file: str = "") -> Self:
        """Return what `to_dict` made plain."""
        values = {key: value for key, value in data.items() if key in cls.__dataclass_fields__}
        values["cases"] = tuple(CaseReview.from_dict(case) for case in data.get("cases", ()))
        return cls(**values | {"file": file})


def overlaid(older: CaseReview, newer: CaseReview) -> CaseReview:
    """Return two workbooks' word on one case as one: what the newer gives, the rest from the older."""
    answers = {**older.answers, **{name: given for name, given in newer.answers.items() if not given.blank}}
    values: dict[str, Any] = {
        name: getattr(newer, name) or getattr(older, name)
        for name in ("act_date", "reviewed_on", "reviewer", "criticism", "urgent", "simulated")
    }
    values |= {name: {**getattr(older, name), **getattr(newer, name)} for name in ("facts", "dates", "head")}
    return replace(newer, answers=answers, **values)
