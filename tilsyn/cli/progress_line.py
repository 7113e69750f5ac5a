"""A line on the terminal that says what a command is doing, and how far it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from time import monotonic
from typing import TextIO

from tilsyn.base.language import say
from tilsyn.base.steps import Step

# Work that is done so soon, in seconds, is not told of; after that the line is drawn as often as this.
SOON, AGAIN = 0.5, 0.1
# The bar, and the narrowest terminal that has room for it.
_BAR, _ROOM = 20, 60


class ProgressLine:
    """The line, drawn beside the command's work; gone while anything else is printed, and at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = Lock()
        self._ended = Event()
        self._step: Step | None = None
        self._since = 0.0
        self._width = 0
        self._thread = Thread(target=self._draw_again, daemon=True)

    def watch(self, step: Step | None) -> None:
        """Show another step, or none."""
        with self._lock:
            self._step, self._since = step, monotonic()
            if step is None:
                self._erase()
        if step is not None and self._thread.ident is None:
            self._thread.start()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Make room for what the block prints."""
        with self._lock:
            self._erase()
            yield

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        """Draw nothing any more."""
        self._ended.set()
        with self._lock:
            self._erase()

    def _draw_again(self) -> None:
        wait = SOON
        while not self._ended.wait(wait):
            with self._lock:
                if self._step is not None and not self._ended.is_set():
                    self._draw(self._step)
            wait = AGAIN

    def _draw(self, step: Step) -> None:
        # A terminal that is gone ends no command.
        with suppress(OSError, ValueError):
            columns = os.get_terminal_size(self._stream.fileno()).columns or 80
            # In the last column some terminals begin a new line.
            text = line_of(step, int(monotonic() - self._since), columns)[: columns - 1]
            self._write("\r" + text.ljust(min(self._width, columns - 1)))
            self._width = len(text)

    def _erase(self) -> None:
        if self._width:
            with suppress(OSError, ValueError):
                self._write(f"\r{' ' * self._width}\r")
            self._width = 0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def line_of(step: Step, seconds: int, columns: int) -> str:
    """Return what is shown of a step that has lasted so long, where there are so many columns."""
    what = say(step.key, **step.values)
    if step.total is None:
        return say("steps.lasting", what=what, seconds=seconds)
    told = say("steps.counted", what=what, done=step.done, total=step.total)
    filled = _BAR * step.done // max(step.total, 1)
    return f"[{'=' * filled:{_BAR}}] {told}" if columns >= _ROOM else told
