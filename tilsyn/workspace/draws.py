"""The draws on disk: each a folder that appears whole, and is never changed after."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tilsyn.base.durations import add_months
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused, TilsynError, UsageError
from tilsyn.base.which import Which, in_folder, in_id, in_order
from tilsyn.formats import files
from tilsyn.questions.question_set import QuestionSet
from tilsyn.sampling.draw_record import SCHEMA, DrawRecord, NotADraw
from tilsyn.workspace.draw_guard import judged, refuse_numbers
from tilsyn.workspace.log import Log

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

MANIFEST, FRAME, SAMPLE, REVIEWS = "draw.json", "frame.parquet", "sample.csv", "reviews"


@dataclass(frozen=True)
class Draw:
    """One draw as it stands in its folder: what its `draw.json` holds, and that file's SHA-256."""

    path: Path
    manifest: Mapping[str, Any]
    sha256: str

    @cached_property
    def as_read(self) -> DrawRecord:
        """What `draw.json` says, with its types; `NotADraw` where it says something else."""
        return DrawRecord.from_dict(self.manifest)

    @property
    def record(self) -> DrawRecord:
        """The same; `InputError` where it is no draw."""
        try:
            return self.as_read
        except NotADraw:
            raise _no_manifest(self.path) from None

    @property
    def draw_id(self) -> str:
        """`<organisation>/<period>/level-<n>` or `…/single/<name>`; `/2`, `/3`, … where it replaces one."""
        return str(self.manifest.get("draw_id"))

    @property
    def level(self) -> Which:
        """Its number in the plan, or the single draw's name."""
        return self.record.level

    @property
    def attempt(self) -> int:
        """1, and 2, 3, … for a draw that replaces one; its folder says it, whatever the manifest does."""
        number = self.path.name.partition(".")[2]
        return int(number) if number.isdecimal() else 1

    @property
    def period(self) -> Period:
        """The months covered."""
        return self.record.period

    @property
    def made_on(self) -> date:
        """The day it was made."""
        return self.record.day

    @property
    def reviews_due(self) -> date:
        """The last day of the time its reviews have."""
        return add_months(self.made_on, self.record.plan.review_months)

    @property
    def reviews_dir(self) -> Path:
        """The folder of its loads, one file each."""
        return self.path / REVIEWS

    @property
    def frame_path(self) -> Path:
        """The frame it was drawn from; missing where the register is a database."""
        return self.path / FRAME

    @cached_property
    def cases(self) -> pd.DataFrame:
        """The sample: the contract's columns and unit, then a column per fact; by stratum and order."""
        from tilsyn.reviews.in_force_tables import case_table

        return case_table(self.record.cases)

    @cached_property
    def reserve(self) -> pd.DataFrame:
        """The next in line, as `cases`."""
        from tilsyn.reviews.in_force_tables import case_table

        return case_table(self.record.reserve)

    @cached_property
    def strata(self) -> pd.DataFrame:
        """Columns stratum, unit, stratum_size, population_size, sample_size, taken_whole."""
        from tilsyn.reviews.in_force_tables import stratum_table

        return stratum_table(self.record.strata)

    @cached_property
    def judged(self) -> set[str]:
        """What the register says of its cases: no CPR numbers, by the rule of the day it was drawn."""
        return judged(self.record)

    @property
    def question_set(self) -> QuestionSet:
        """The questions it was made with."""
        return self.record.question_set


def _no_manifest(folder: Path) -> InputError:
    told = say("draw.no_manifest"), say("draw.no_manifest_remedy")
    return InputError([Problem(*told, file=str(folder / MANIFEST))])


def read_draw(path: Path) -> Draw:
    """Read a draw from its folder or its `draw.json`, whatever the log says of it."""
    folder = path.parent if path.name == MANIFEST else path
    try:
        content = files.read_bytes(folder / MANIFEST)
    except OSError:
        raise UsageError(say("draw.no_draw_at", path=path), say("draw.no_draw_at_remedy")) from None
    try:
        manifest = json.loads(content)
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise _no_manifest(folder)
    return Draw(folder, manifest, hashlib.sha256(content).hexdigest())


class Draws:
    """The draws of a workspace, each read once, and held against the log before it is used.

    Where only those `logged` are looked for, one that a crash kept out of the log is none.
    """

    def __init__(self, root: Path, log: Log, *, logged: bool = False) -> None:
        self._root = root
        self._log = log
        self._logged = logged
        self._read: dict[Path, Draw] = {}

    @cached_property
    def _folders(self) -> dict[tuple[str, Which], dict[int, Path]]:
        """The folder of each attempt, by period and level; the highest attempt is in force."""
        found: dict[tuple[str, Which], dict[int, Path]] = {}
        known = {in_id(draw_id) for draw_id in self._log.state.manifests} if self._logged else set()
        for manifest in self._root.glob(f"samples/*/*/{MANIFEST}"):
            folder = manifest.parent
            if named := in_folder(folder.name):
                level, attempt = named
                if self._logged and (folder.parent.name, level, attempt) not in known:
                    continue
                found.setdefault((folder.parent.name, level), {})[attempt] = folder
        return found

    @cached_property
    def _in_order(self) -> list[tuple[Which, list[Path]]]:
        """The level and the attempts of each draw, oldest first, by period and level."""
        keys = sorted(self._folders, key=lambda key: (Period.parse(key[0]), *in_order(key[1])))
        return [(key[1], [folder for _, folder in sorted(self._folders[key].items())]) for key in keys]

    def look_again(self) -> None:
        """See the draws that others have made meanwhile."""
        for name in ("_folders", "_in_order", "readable", "named"):
            self.__dict__.pop(name, None)

    def folders(self, *, replaced: bool = False, level: Which | None = None) -> list[Path]:
        """Return where the draws are, all or of a level, by period; with `replaced`, every attempt."""
        return [
            folder
            for number, attempts in self._in_order
            if level in (None, number)
            for folder in (attempts if replaced else attempts[-1:])
        ]

    def at(self, folder: Path) -> Draw:
        """Return the draw of a folder as it stands there, whatever the log says of it."""
        if folder not in self._read:
            self._read[folder] = read_draw(folder)
        return self._read[folder]

    @cached_property
    def readable(self) -> tuple[list[Draw], dict[Path, Problem]]:
        """All draws, whatever the log says of them, and what is wrong in the folders that hold none."""
        draws, broken = [], {}
        for folder in self.folders(replaced=True):
            try:
                draws.append(self.at(folder))
            except InputError as error:
                broken[folder] = error.problems[0]
        return draws, broken

    @cached_property
    def named(self) -> dict[str, Draw]:
        """The same draws by id."""
        return {draw.draw_id: draw for draw in reversed(self.readable[0])}

    def in_force(self, level: Which | None = None) -> list[Draw]:
        """Return the draws that no other replaced, by period and level; refused where one was changed.

        With a level, its own: no other is read.
        """
        return [self._as_logged(self.at(folder)) for folder in self.folders(level=level)]

    def every(self) -> list[Draw]:
        """Return all draws, also those replaced; refused where one in force was changed."""
        self.in_force()
        return [self.at(folder) for folder in self.folders(replaced=True)]

    def find(self, level: Which, period: Period, *, even_changed: bool = False) -> Draw | None:
        """Return the draw in force of a level and period; with `even_changed`, also one to be replaced."""
        attempts = self._folders.get((period.canonical, level))
        if attempts is None:
            return None
        draw = self.at(attempts[max(attempts)])
        return draw if even_changed else self._as_logged(draw)

    def within(self, level: Which, period: Period) -> list[Draw]:
        """Return the draw in force of a level and period, or else those of the shorter periods within it."""
        same = self.find(level, period)
        if same is not None:
            return [same]
        return [draw for draw in self.in_force(level) if draw.period.within(period)]

    def get(self, level: Which, period: Period) -> Draw:
        """Return the draw in force of a level and period; refused when nothing is drawn."""
        draw = self.find(level, period)
        if draw is None:
            remedy = say("draw.not_drawn_remedy", level=level, period=period.canonical)
            raise Refused(say("draw.not_drawn", level=level, period=period.label()), remedy)
        return draw

    def round_of(self, period: Period) -> int:
        """Return the running number: one more than the latest level-2 round that began before."""
        # A draw that was tampered with can be replaced, so it must not stop the counting.
        draws = [self.at(folder) for folder in self.folders(level=2)]
        rounds = [draw for draw in draws if draw.period.start < period.quarter().start]
        return (max(rounds, key=lambda draw: draw.period).record.round or 0) + 1 if rounds else 1

    def _as_logged(self, draw: Draw) -> Draw:
        """Return the draw; refused when its manifest was changed: no swapped case is ever reviewed.

        Refused, too, where it stands in the folder of another level or period.
        """
        own = self._folders.get((draw.period.canonical, draw.level), {})
        if draw.path not in own.values():
            values = {"level": draw.level, "period": draw.period.label(), "folder": draw.path.name}
            raise Refused(say("draw.displaced", **values), say("draw.displaced_remedy"))
        # A draw that a crash kept out of the log is logged when it is drawn again.
        if self._log.state.manifests.get(draw.draw_id) not in (None, draw.sha256):
            message = say("draw.changed", level=draw.level, period=draw.period.label())
            raise Refused(message, say("draw.changed_remedy"))
        return draw

    def save(self, folder: Path, record: DrawRecord, frame: duckdb.DuckDBPyRelation | None) -> Draw:
        """Write a draw's folder, which appears whole or not at all; refused when another run made it first.

        `frame` has the columns case_id, stratum, unit; None where the register is a database. The hashes of
        the files are added to the record.
        """
        import duckdb

        from tilsyn.formats.sample_csv import sample_csv

        refuse_numbers(record)
        with files.new_folder(folder, private=True) as new:
            (new / REVIEWS).mkdir()
            if frame is not None:
                try:
                    frame.write_parquet(str(new / FRAME), compression="zstd")
                except duckdb.IOException as error:
                    raise OSError(errno.EIO, str(error), str(folder / FRAME)) from error
            (new / SAMPLE).write_bytes(sample_csv(record).encode("utf-8-sig"))
            made = [name for name in (FRAME, SAMPLE) if (new / name).exists()]
            record = replace(record, files={name: files.file_hash(new / name) for name in made})
            (new / MANIFEST).write_bytes(manifest_bytes(record.to_dict()))
        self.look_again()
        return self.at(folder)

    @contextmanager
    def unless_refused(self, made: Draw) -> Iterator[None]:
        """Take a new draw's folder away again where its event cannot be logged: it is not in force."""
        try:
            yield
        except (OSError, TilsynError):
            files.take_away(made.path)
            self.look_again()
            self._read.pop(made.path, None)
            raise


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest as it stands in `draw.json`."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")
