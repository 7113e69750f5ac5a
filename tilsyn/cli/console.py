"""Where results and messages are shown: the result on stdout, everything else on stderr."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tilsyn.base import clock, steps
from tilsyn.base.cpr import mask
from tilsyn.base.file_names import readable
from tilsyn.base.language import say
from tilsyn.base.passwords import without_passwords
from tilsyn.base.privacy import masked, no_numbers
from tilsyn.base.problems import Problem, UsageError
from tilsyn.cli.common_options import Format as Format
from tilsyn.cli.terminal import Table as Table
from tilsyn.cli.terminal import show_table

if TYPE_CHECKING:
    from tilsyn.cli.progress_line import ProgressLine

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Result:
    """What a command found out, before it is shown.

    `data` is the whole result as plain data with its `schema`, for `--format json`; `rows` are for csv (made
    when they are asked for, where they are many),
    `tables` for people. `problems` and `messages` are told on stderr, the messages not with `--quiet`. With
    `nothing` there was nothing to do, or a check found all as it should be: no tables with `--quiet` then.
    A `text` is for another program, such as a query: it stands on stdout alone, as it is in every format.
    `known` are texts of its tables that are no CPR numbers whatever they look like.
    """

    data: Mapping[str, Any]
    rows: Rows | Callable[[], Rows] = ()
    tables: Sequence[Table | str] = ()
    exit_code: int = 0
    problems: Sequence[Problem] = ()
    messages: Sequence[str] = ()
    nothing: bool = False
    text: str | None = None
    known: Collection[str] = ()


@dataclass
class Console:
    """How loud, how wide and where to: set once per command from its common options.

    `known` are texts that are no CPR numbers whatever they look like: seeds, hashes, ids of cases drawn.
    """

    verbose: bool = False
    quiet: bool = False
    log_json: Path | None = None
    width: int | None = None
    command: str = ""
    format: Format = "table"
    known: Collection[str] = ()
    line: ProgressLine | None = None

    def begin(self) -> None:
        """See that the file for messages can be written, before anything is done."""
        if self.log_json is None:
            return
        try:
            self.log_json.open("a", encoding="utf-8").close()
        except OSError:
            file, self.log_json = self.log_json, None
            raise UsageError(say("app.no_log", file=file), say("app.no_log_remedy")) from None

    def error(self, message: str, remedy: str = "") -> None:
        """Say what is the matter, and what to do."""
        self._tell("error", f"{say('common.error')}: {message}", remedy)

    def alarm(self, message: str, remedy: str = "") -> None:
        """Say what nobody may miss, also with `--quiet`: an urgent case."""
        self._tell("error", message, remedy)

    def tell(self, result: Result) -> None:
        """Say what a result has to tell, and know from it what is no CPR number."""
        self.known = no_numbers(result.data)
        for problem in result.problems:
            self.problem(problem)
        for message in result.messages:
            self.note(message)
        for line in result.tables:
            if isinstance(line, str) and not result.nothing:
                self._log({"level": "result", "message": self._shown(line)})

    def note(self, message: str) -> None:
        """Say something worth knowing; silent with `--quiet`."""
        self._tell("note", message)

    def detail(self, message: str) -> None:
        """Say something for those who asked with `-v`."""
        if self.verbose:
            self._tell("detail", message)

    def problem(self, problem: Problem) -> None:
        """Say one problem of an input in a line, with its place and remedy."""
        kind = "error" if problem.kind == "error" else "note"
        # A settings file has lines and settings where a table has rows and columns.
        words = {"row": "line", "column": "setting"} if str(problem.file).endswith(".toml") else {}
        places = [
            str(value) if name == "file" else f"{say(f'common.{words.get(name, name)}')} {value}"
            for name in ("file", "sheet", "cell", "row", "column")
            if (value := getattr(problem, name)) not in (None, "")
        ]
        place = ", ".join(places) + ": " if places else ""
        self._tell(
            kind, f"{say(f'common.{kind}')}: {place}{problem.found}", problem.remedy, problem.as_dict()
        )

    def _tell(
        self, level: str, message: str, remedy: str = "", data: Mapping[str, Any] | None = None
    ) -> None:
        message, remedy = map(self._shown, (message, remedy))
        if level == "error" or not self.quiet:
            with self._aside():
                print(message + (f"\n  {say('common.remedy')}: {remedy}" if remedy else ""), file=sys.stderr)
        entry: dict[str, Any] = {"level": level, "message": message, "remedy": remedy}
        if data is not None:
            shown = {key: without_passwords(v) if isinstance(v, str) else v for key, v in data.items()}
            entry["problem"] = masked(shown, self.known)
        self._log(entry)

    def _shown(self, text: str) -> str:
        """The last line of defence: no text shows a CPR-like number or a password, whatever made it."""
        return mask(readable(without_passwords(text)), self.known)

    def done(self, text: str) -> None:
        """Say at once what was done, as a line of the result: a command may be killed before its end."""
        text = self._shown(text)
        self._log({"level": "result", "message": text})
        if self.format == "table":
            with self._aside(), _as_long_as_somebody_reads():
                print(text, flush=True)

    def end(self, exit_code: int) -> None:
        """Write in the file for messages that the command has ended, and how."""
        self._log({"level": "end", "exit_code": exit_code})

    def _log(self, entry: Mapping[str, Any]) -> None:
        if self.log_json is None:
            return
        told = {"time": clock.now().isoformat(), "command": self.command, **entry}
        line = json.dumps(told, ensure_ascii=False) + "\n"
        try:
            # In one write: lines of commands that run at the same time stay whole.
            with self.log_json.open("ab", buffering=0) as file:
                file.write(line.encode("utf-8", "replace"))
        except OSError:
            # What was done is done, and the command ends as it would have.
            lost, self.log_json = self.log_json, None
            self.error(say("app.no_log", file=lost), say("app.no_log_remedy"))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Show what is done while it takes its time, where stderr is a terminal that can take a line back."""
        if self.quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            yield
            return
        from tilsyn.cli.progress_line import ProgressLine

        self.line = ProgressLine(sys.stderr)
        with steps.watched(self.line.watch), self.line:
            yield

    def _aside(self) -> AbstractContextManager[None]:
        """Make room on the terminal for what is printed."""
        return nullcontext() if self.line is None else self.line.aside()


_console = Console()


def console() -> Console:
    """Return the console of the command that is running."""
    return _console


@contextmanager
def use(new: Console) -> Iterator[None]:
    """Let a command run with its own console."""
    global _console
    before, _console = _console, new
    try:
        yield
    finally:
        _console = before


def show(result: Result, format: Format) -> None:
    """Print a result on stdout in the format asked for, as much of it as is read there."""
    with _as_long_as_somebody_reads():
        _print(result, format)
        sys.stdout.flush()


@contextmanager
def _as_long_as_somebody_reads() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # Whoever reads, such as `head`, has seen enough: the command is done, and ends as it would have.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print(result: Result, format: Format) -> None:
    known = no_numbers(result.data).union(result.known)
    if result.text is not None:
        known.add(result.text)
    if format == "json":
        data = masked(result.data, known)
        _write_utf8(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    elif format == "csv":
        rows = result.rows() if callable(result.rows) else result.rows
        _write_utf8(as_csv(masked(rows, known)))
    elif result.text is not None:
        _write_utf8(result.text)
    elif not (result.nothing and console().quiet):
        for table in result.tables:
            show_table(_masked_table(table, known), console().width)


def _write_utf8(text: str) -> None:
    """Write what a program reads: in UTF-8, whatever the terminal shows."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    else:
        # Caught by a caller in this process, such as the demonstration.
        sys.stdout.write(text)


def _masked_table(table: Table | str, known: Collection[str]) -> Table | str:
    if isinstance(table, str):
        return mask(table, known)
    parts = masked([table.columns, table.rows, table.title, table.notes], known)
    return replace(table, columns=parts[0], rows=parts[1], title=parts[2], notes=parts[3])


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    r"""Return rows as CSV with a heading: comma, decimal point, empty for null.

    >>> as_csv([{"a": 1, "b": None}, {"a": 0.5, "b": "x,y"}])
    'a,b\n1,\n0.5,"x,y"\n'
    """
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
