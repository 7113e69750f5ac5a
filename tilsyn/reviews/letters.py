"""The letters about a draw's workbooks: whom each is for, and what it says. No case is named in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.reviews.status_files import FileStatus
from tilsyn.settings.levels import LevelPlan


@dataclass(frozen=True)
class Letter:
    """A letter about a workbook, named after it: to whom, its words, and whether the workbook goes along.

    `contact` is the name under which the settings have the address of those who read.
    """

    name: str
    title: str
    to: Sequence[str]
    contact: str
    subject: str
    body: str
    with_workbook: bool


@dataclass(frozen=True)
class LettersOn:
    """What the letters of a draw share."""

    level: LevelPlan
    period: Period
    due: date
    organisation: str
    send_to: str
    contacts: Mapping[str, Sequence[str]]
    simulated: bool = False

    def first(self, file: FileStatus) -> Letter:
        """Return the letter that a workbook goes out with."""
        return self._letter(file, "first", with_workbook=True)

    def reminder(self, file: FileStatus) -> Letter:
        """Return the letter that asks for what is missing; who has begun needs no empty workbook."""
        return self._letter(file, f"reminder_{file.state}", with_workbook=file.state == "missing")

    def _letter(self, file: FileStatus, kind: str, *, with_workbook: bool) -> Letter:
        values = {
            "level": self.level.label,
            "period": self.period.label(),
            "title": file.title,
            "due": date_text(self.due),
            "n": file.cases - file.finished,
        }
        said = [say("letters.simulated")] if self.simulated else []
        said.append(say(f"letters.{kind}", **values))
        if self.level.judged_by:
            said.append(say("letters.judged_by", who=self.level.judged_by))
        said.append(say("letters.send_to", where=self.send_to) if self.send_to else say("letters.send_back"))
        said += [say("letters.no_names"), self.organisation]
        subject = say("letters.subject" if kind == "first" else "letters.subject_reminder", **values)
        return Letter(
            file.name,
            file.title,
            self._to(file),
            file.readers[0],
            subject,
            "\n\n".join(said) + "\n",
            with_workbook,
        )

    def _to(self, file: FileStatus) -> Sequence[str]:
        """Return the addresses of the narrowest name that has some: the level's own is the widest."""
        names = [same_name(name) for name in (*file.readers, self.level.title)]
        return next((self.contacts[name] for name in names if name in self.contacts), ())
