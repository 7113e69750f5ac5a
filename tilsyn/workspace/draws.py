"""The draws on disk: each a folder that appears whole, and is never changed after."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused, UsageError
from tilsyn.formats import files
from tilsyn.questions.question_set import QuestionSet
from tilsyn.workspace import log
from tilsyn.workspace.workspace import Workspace

__all__ = ["SCHEMA", "Draw", "find_draw", "list_draws", "load_draw", "read_draw", "save_draw"]

SCHEMA = "tilsyn/draw/1"
MANIFEST, FRAME, SAMPLE, REVIEWS = "draw.json", "frame.parquet", "sample.csv", "reviews"
_CASE_COLUMNS = ["case_id", "stratum", "unit", "ticket", "order", "inclusion_probability", "design_weight"]
_STRATUM_COLUMNS = ["stratum", "unit", "stratum_size", "population_size", "sample_size", "taken_whole"]


@dataclass(frozen=True)
class Draw:
    """One draw as it stands in its folder.

    Parameters
    ----------
    path : Path
        The folder.
    manifest : dict
        What `draw.json` holds, of schema `tilsyn/draw/1`.
    """

    path: Path
    manifest: dict[str, Any]

    @property
    def draw_id(self) -> str:
        """`<organisation>/<period>/level-<n>`, and `/2`, `/3`, … where it replaces one."""
        return str(self.manifest["draw_id"])

    @property
    def level(self) -> int:
        """1 to 4."""
        return int(self.manifest["level"])

    @property
    def attempt(self) -> int:
        """1, and 2, 3, … for a draw that replaces one."""
        return int(self.manifest["attempt"])

    @cached_property
    def period(self) -> Period:
        """The months covered."""
        return Period.parse(self.manifest["period"])

    @cached_property
    def made_on(self) -> date:
        """The day it was made."""
        return date.fromisoformat(self.manifest["made_on"][:10])

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
        """The sample: the manifest's case columns, then a column per fact; sorted by stratum and order."""
        return _case_table(self.manifest["cases"])

    @cached_property
    def reserve(self) -> pd.DataFrame:
        """The next in line, as `cases`."""
        return _case_table(self.manifest["reserve"])

    @cached_property
    def strata(self) -> pd.DataFrame:
        """Columns stratum, unit, stratum_size, population_size, sample_size, taken_whole."""
        return pd.DataFrame(self.manifest["strata"]).reindex(columns=_STRATUM_COLUMNS)

    @cached_property
    def question_set(self) -> QuestionSet:
        """The questions it was made with."""
        return QuestionSet.from_dict(self.manifest["question_set"])


def _case_table(cases: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    rows = [{**{name: case.get(name) for name in _CASE_COLUMNS}, **case.get("facts", {})} for case in cases]
    facts = list(dict.fromkeys(name for row in rows for name in row if name not in _CASE_COLUMNS))
    table = pd.DataFrame(rows, columns=[*_CASE_COLUMNS, *facts])
    weights = dict.fromkeys(("inclusion_probability", "design_weight"), "float64")
    texts = dict.fromkeys(("case_id", "stratum", "unit", "ticket"), "str")
    return table.astype({**texts, **weights, "order": "int64"})


def read_draw(path: Path) -> Draw:
    """Read a draw from its folder, or from its `draw.json`.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Draw

    Raises
    ------
    UsageError
        When no draw is there.
    InputError
        When `draw.json` holds something else.
    """
    folder = path.parent if path.name == MANIFEST else path
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError:
        raise UsageError(say("draw.no_draw_at", path=path), say("draw.no_draw_at_remedy")) from None
    try:
        manifest = json.loads(content)
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        problem = Problem(
            say("draw.no_manifest"), say("draw.no_manifest_remedy"), file=str(folder / MANIFEST)
        )
        raise InputError([problem])
    return Draw(folder, manifest)


def list_draws(workspace: Workspace, *, replaced: bool = False) -> list[Draw]:
    """Return the draws of a workspace, by period and level.

    Parameters
    ----------
    workspace : Workspace
    replaced : bool
        Whether the draws that another one replaced are there too; only those in force otherwise.

    Returns
    -------
    list of Draw

    Raises
    ------
    Refused
        When the `draw.json` of a draw in force is not the one that the log recorded.
    """
    logged, in_force = _logged_manifests(workspace), set(draw_folders(workspace))
    draws = [read_draw(folder) for folder in draw_folders(workspace, replaced=replaced)]
    return [_as_logged(draw, logged) if draw.path in in_force else draw for draw in draws]


def _logged_manifests(workspace: Workspace) -> dict[str, str]:
    events = (event for event in log.read(workspace) if event["event"] == log.DRAWN)
    return {event["draw_id"]: event["manifest"] for event in events}


def _as_logged(draw: Draw, logged: Mapping[str, str]) -> Draw:
    """Return the draw; refused when its manifest was changed, so that no swapped case is ever reviewed."""
    # A draw that a crash kept out of the log is logged when it is drawn again.
    if logged.get(draw.draw_id) not in (None, files.file_hash(draw.path / MANIFEST)):
        message = say("draw.changed", level=draw.level, period=draw.period.label())
        raise Refused(message, say("draw.changed_remedy"))
    return draw


def draw_folders(workspace: Workspace, *, replaced: bool = False) -> list[Path]:
    """Return where the draws of a workspace are, by period and level; see `list_draws`."""
    found: dict[tuple[str, int], list[tuple[int, Path]]] = {}
    for (period, level, attempt), folder in _folders(workspace.root).items():
        found.setdefault((period, level), []).append((attempt, folder))
    chosen = [
        (Period.parse(period), level, attempt, folder)
        for (period, level), all_attempts in found.items()
        for attempt, folder in (sorted(all_attempts) if replaced else [max(all_attempts)])
    ]
    return [folder for *_, folder in sorted(chosen)]


def _folders(root: Path) -> dict[tuple[str, int, int], Path]:
    """Return the draw folders by period, level and attempt."""
    result = {}
    for manifest in root.glob(f"samples/*/level-*/{MANIFEST}"):
        match = re.fullmatch(r"level-([1-4])(?:\.(\d+))?", manifest.parent.name)
        if match:
            key = (manifest.parent.parent.name, int(match[1]), int(match[2] or 1))
            result[key] = manifest.parent
    return result


def find_draw(workspace: Workspace, level: int, period: Period, *, even_changed: bool = False) -> Draw | None:
    """Return the draw in force of a level and period, or None; `even_changed`: also one to be replaced."""
    attempts = [a for p, n, a in _folders(workspace.root) if (p, n) == (period.canonical, level)]
    if not attempts:
        return None
    draw = read_draw(workspace.samples_dir(period, level, max(attempts)))
    return draw if even_changed else _as_logged(draw, _logged_manifests(workspace))


def load_draw(workspace: Workspace, level: int, period: Period) -> Draw:
    """Return the draw in force of a level and period.

    Parameters
    ----------
    workspace : Workspace
    level : int
        1 to 4.
    period : Period

    Returns
    -------
    Draw

    Raises
    ------
    Refused
        When nothing is drawn, or `draw.json` is not the one that the log recorded.
    """
    draw = find_draw(workspace, level, period)
    if draw is None:
        remedy = say("draw.not_drawn_remedy", level=level, period=period.canonical)
        raise Refused(say("draw.not_drawn", level=level, period=period.label()), remedy)
    return draw


def save_draw(folder: Path, manifest: dict[str, Any], frame: duckdb.DuckDBPyRelation | None) -> Draw:
    """Write a draw's folder, which appears whole or not at all.

    Parameters
    ----------
    folder : Path
    manifest : dict
        All but `files`, which is added: the hashes of the other two files.
    frame : DuckDB relation or None
        Columns case_id, stratum, unit; None where the register is a database.

    Returns
    -------
    Draw

    Raises
    ------
    Refused
        When the folder is there: another run made the draw first.
    """
    with files.new_folder(folder) as new:
        (new / REVIEWS).mkdir()
        if frame is not None:
            rows = frame.query("frame", "SELECT case_id, stratum, unit FROM frame ORDER BY stratum, case_id")
            rows.write_parquet(str(new / FRAME), compression="zstd")
        (new / SAMPLE).write_bytes(sample_csv(manifest).encode("utf-8-sig"))
        made = [name for name in (FRAME, SAMPLE) if (new / name).exists()]
        manifest = {**manifest, "files": {name: files.file_hash(new / name) for name in made}}
        (new / MANIFEST).write_bytes(manifest_bytes(manifest))
    return Draw(folder, manifest)


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest as it stands in `draw.json`."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")


def sample_csv(manifest: Mapping[str, Any]) -> str:
    """Return the list for people: headings in their language, semicolons, the reserve last in each stratum.

    Parameters
    ----------
    manifest : mapping
        Of schema `tilsyn/draw/1`.

    Returns
    -------
    str
        CSV that Danish Excel opens as it is, once it has a byte order mark.
    """
    cases = [(case, False) for case in manifest["cases"]] + [(case, True) for case in manifest["reserve"]]
    cases.sort(key=lambda entry: (entry[0]["stratum"].encode(), entry[0]["order"]))
    facts = list(dict.fromkeys(name for case, _ in cases for name in case.get("facts", {})))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    own = [say(f"draw.csv_{name}") for name in ("unit", "stratum", "order", "role", "case_id")]
    writer.writerow([*own, *(fact_heading(name) for name in facts), say("draw.csv_ticket")])
    for case, reserve in cases:
        role = say("draw.csv_reserve" if reserve else "draw.csv_sample")
        values = [_people(case.get("facts", {}).get(name)) for name in facts]
        head = [
            excel_text(case["unit"]),
            excel_text(case["stratum"]),
            case["order"],
            role,
            excel_text(case["case_id"]),
        ]
        writer.writerow([*head, *values, case["ticket"][:12]])
    return text.getvalue()


_FACTS = ("department", "case_type", "law", "opened", "decided", "last_activity", "closed", "status",
"safety_plan", "complaint")  # fmt: skip


def fact_heading(name: str) -> str:
    """Return the heading of a mapped column in the user's language; an own column's name as it is."""
    return say(f"draw.fact_{name}") if name in _FACTS else name


def _people(value: Any) -> str:
    """Return a fact as people write it: a date as dd-mm-yyyy, nothing for none."""
    text = "" if value is None else str(value)
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    return f"{match[3]}-{match[2]}-{match[1]}" if match else excel_text(text)


def excel_text(text: str) -> str:
    """Return a text so that Excel shows it as it is: no formula, no date, no number that loses digits.

    Examples
    --------
    >>> excel_text("2015-0022778"), excel_text("0012"), excel_text("2018-05"), excel_text("=1+1")
    ('2015-0022778', '="0012"', '="2018-05"', '="=1+1"')
    """
    number_lost = re.fullmatch(r"0\d+|\d{12,}|\d+[eE]\d+", text)
    date_like = re.fullmatch(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?", text)
    if number_lost or date_like or text[:1] in ("=", "+", "-", "@"):
        return '="' + text.replace('"', '""') + '"'
    return text
