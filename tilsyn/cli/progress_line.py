"""A line on the terminal that says what a command is doing, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Timer
from time import monotonic
from typing import TextIO

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tilsyn.base.language import say
from tilsyn.base.steps import Step

# Work that is done so soon, in seconds, is not told of.
SOON = 0.5
# The bar, and the narrowest terminal that has room for it.
_BAR, _ROOM = 20, 60


class ProgressLine:
    """The line, drawn beside the command's work; gone while anything else is printed, and at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._step: Step | None = None
        self._since = 0.0
        self._console = Console(file=stream)
        self._live = Live(
            console=self._console,
            get_renderable=self._shown,
            refresh_per_second=10,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        # It begins in a thread of its own.
        self._lock = Lock()
        self._ended = False
        self._timer = Timer(SOON, self._begin)
        self._timer.daemon = True

    def watch(self, step: Step | None) -> None:
        """Show another step, or none."""
        self._step, self._since = step, monotonic()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Make room for what the block prints."""
        with self._lock:
            begun = self._live.is_started
            self._stop()
            yield
            if begun:
                self._start()

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        """Draw nothing any more."""
        self._timer.cancel()
        with self._lock:
            self._ended = True
            self._stop()

    def _begin(self) -> None:
        with self._lock:
            if not self._ended:
                self._start()

    def _start(self) -> None:
        # A terminal that is gone ends no command.
        with suppress(OSError, ValueError):
            self._live.start()

    def _stop(self) -> None:
        with suppress(OSError, ValueError):
            self._live.stop()

    def _shown(self) -> RenderableType:
        if self._step is None:
            return ""
        return line_of(self._step, int(monotonic() - self._since), self._console.width)


def line_of(step: Step, seconds: int, columns: int) -> RenderableType:
    """Return what is shown of a step that has lasted so long, where there are so many columns."""
    what, line = say(step.key, **step.values), Table.grid(padding=(0, 1))
    if step.total is None:
        line.add_row(_text(say("steps.lasting", what=what, seconds=seconds)))
        return line
    told = _text(say("steps.counted", what=what, done=step.done, total=step.total))
    bar = ProgressBar(total=max(step.total, 1), completed=step.done, width=_BAR)
    line.add_row(*[bar] * (columns >= _ROOM), told)
    return line


def _text(told: str) -> Text:
    return Text(told, no_wrap=True, overflow="ellipsis")
