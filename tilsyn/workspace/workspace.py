"""The workspace: the folder with a `tilsyn.toml`, opened once for all that a command does in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tilsyn.base import clock, place
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.own_numbers import look_for
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused, UsageError
from tilsyn.base.which import Single, Which, folder_name
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.parsing import parse_settings
from tilsyn.settings.plan import PlanVersion
from tilsyn.settings.schema import Limits, Settings
from tilsyn.workspace.draws import Draw, Draws
from tilsyn.workspace.leftovers import clear
from tilsyn.workspace.log import Log

if TYPE_CHECKING:
    from tilsyn.workspace.followup import ActionLedger
    from tilsyn.workspace.ledger import Ledger

SETTINGS_NAME = "tilsyn.toml"


class Workspace:
    """A workspace: settings, log, draws and their ledgers, each read once and when it is asked for."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root
        self.settings = settings
        self._ledgers: dict[Path, Ledger] = {}
        # The events when the lock was last taken.
        self._events_then = -1

    @classmethod
    def open(cls, start: Path | None = None) -> Workspace:
        """Open the workspace that a folder is in; without one, that of `--workspace` or of where we are."""
        given = place.given_workspace() if start is None else None
        root = _found(start or Path.cwd()) if given is None else _named(given)
        settings = read_settings(root / SETTINGS_NAME)
        _refuse_day_ahead(settings)
        look_for(settings.privacy.patterns)
        return cls(root, settings)

    def shown(self, name: str) -> str:
        """Return a file's name in the workspace as a path that can be used in the current folder."""
        return place.from_here(self.root / name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else write in the meantime; what others did before is seen, and finished or cleared."""
        with self.log.lock.held() as first:
            if first:
                self.log.look_again()
                self.draws.look_again()
                if len(self.log.events) != self._events_then:
                    self._ledgers.clear()
                    self.__dict__.pop("followup", None)
                self._events_then = len(self.log.events)
                if not self.log.state.problems:
                    clear(self.root, self.log.events)
            yield

    def then(self, count: int) -> Workspace:
        """Return the workspace as it stood after the first events of its log, to be read alone."""
        before = Workspace(self.root, self.settings)
        before.log = self.log.first(count)
        before.draws = Draws(self.root, before.log, logged=True)
        return before

    @property
    def late(self) -> list[Problem]:
        """What failed after the result was in force."""
        return self.log.late

    @cached_property
    def log(self) -> Log:
        """The event log."""
        return Log(self.root)

    @cached_property
    def draws(self) -> Draws:
        """The draws, in force and replaced."""
        return Draws(self.root, self.log)

    @cached_property
    def followup(self) -> ActionLedger:
        """What was ever said of the actions that follow from reviews."""
        from tilsyn.workspace.followup import ActionLedger

        return ActionLedger(self.root, self.log, self.draws)

    def ledger(self, draw: Draw) -> Ledger:
        """Return the ledger of a draw."""
        from tilsyn.workspace.ledger import Ledger

        if draw.path not in self._ledgers:
            self._ledgers[draw.path] = Ledger(draw, self.log, self.working_days(draw))
        return self._ledgers[draw.path]

    def working_days(self, draw: Draw) -> WorkingDays:
        """Return which doubtful days count as hverdage: those of when the draw was made, if it says."""
        record = draw.record
        if record.hverdage is not None:
            return WorkingDays(**record.hverdage.model_dump(), chosen=frozenset(record.hverdage_chosen))
        settled = self.settings.hverdage
        return WorkingDays(**settled.model_dump(), chosen=settled.chosen)

    def limits(self, draw: Draw) -> Limits:
        """Return the limits of a draw's figures: those of when it was made, if it says."""
        return draw.record.limits or self.settings.limits

    def level_words(self, draw: Draw) -> LevelPlan:
        """Return the plan of a draw's level for its words; one drawn before there were any has today's."""
        drawn = draw.record.plan
        version = self.settings.plan_on(draw.period.start)
        if version is None or isinstance(draw.level, Single):
            return drawn
        named = version.levels.get(draw.level, drawn)
        words = {
            name: getattr(drawn, name) or getattr(named, name) for name in ("name", "judged_by", "roles")
        }
        return drawn.model_copy(update=words)

    def plan_for(self, period: Period) -> PlanVersion:
        """Return the plan version in force on a period's first day."""
        version = self.settings.plan_on(period.start)
        if version is None:
            first = min(version.valid_from for version in self.settings.plan).isoformat()
            message = say("settings.plan_none_for", period=period.label(), first=first)
            raise UsageError(message, say("settings.plan_none_for_remedy"))
        return version

    @property
    def catalogues_dir(self) -> Path:
        """The folder of question catalogues."""
        return self.root / "checklists"

    def checklists_dir(self, period: Period, level: Which, attempt: int = 1) -> Path:
        """The folder of a draw's workbooks; a replacing draw has its own, as in `samples_dir`."""
        return self.root / "checklists" / period.canonical / folder_name(level, attempt)

    def samples_dir(self, period: Period, level: Which, attempt: int = 1) -> Path:
        """The folder of a draw; a replacing draw (`attempt` 2, 3, …) has its own."""
        return self.root / "samples" / period.canonical / folder_name(level, attempt)

    def reports_dir(self, period: Period) -> Path:
        """The folder of a period's reports."""
        return self.root / "reports" / period.canonical


def _found(folder: Path) -> Path:
    """Return the workspace that a folder is in: its own, or the nearest above it."""
    folder = folder.resolve()
    for root in (folder, *folder.parents):
        if (root / SETTINGS_NAME).is_file():
            return root
    raise Refused(say("settings.no_workspace", folder=folder), say("settings.no_workspace_remedy"))


def _named(folder: Path) -> Path:
    """Return the workspace that `--workspace` names: itself, and none above it."""
    root = folder.resolve()
    if not (root / SETTINGS_NAME).is_file():
        raise UsageError(say("settings.not_a_workspace", folder=root), say("settings.not_a_workspace_remedy"))
    return root


def _refuse_day_ahead(settings: Settings) -> None:
    """Refuse to reckon from a day that has not come, but in a demonstration."""
    given, now = clock.given_day(), clock.clock_day()
    if given is not None and given > now and not settings.simulated:
        found = say("app.today_ahead", given=date_text(given), now=date_text(now))
        raise UsageError(found, say("app.today_ahead_remedy"))


def read_settings(path: Path) -> Settings:
    """Read a `tilsyn.toml`; `InputError` with every fault found."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        problem = Problem(
            say("settings.unreadable", reason=reason), say("settings.unreadable_remedy"), file=path.name
        )
        raise InputError([problem]) from None
    except UnicodeDecodeError:
        problem = Problem(say("settings.not_utf8"), say("settings.not_utf8_remedy"), file=path.name)
        raise InputError([problem]) from None
    return parse_settings(text, path.name)
