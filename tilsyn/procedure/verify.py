"""Verify draws on disk: recomputed from their own folder, held against the log and, on demand, a register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem, Refused
from tilsyn.formats.files import file_hash
from tilsyn.procedure.draw_attempts import RANDOM
from tilsyn.procedure.draw_sources import source_of
from tilsyn.sampling.frame_cells import quoted
from tilsyn.sampling.recomputing import Difference, first_difference, first_frame_difference
from tilsyn.workspace import ledger, log
from tilsyn.workspace.draws import FRAME, MANIFEST, Draw, draw_folders, read_draw
from tilsyn.workspace.workspace import Workspace

__all__ = ["Verdict", "first_difference_of", "log_difference", "verify_all", "verify_draw", "workspace_of"]


@dataclass(frozen=True)
class Verdict:
    """What verifying a draw came to.

    Parameters
    ----------
    name : str
        The draw's id, or the log's name.
    difference : Difference or None
        The first; None when everything is as it must be.
    checked : list of str
        What was looked at: frame or commitment, sample, files, log, reviews, parent, register.
    notes : list of Problem
        What is no difference but worth knowing, such as a file that was never loaded and counts for nothing.
    """

    name: str
    difference: Difference | None
    checked: list[str]
    notes: list[Problem] = field(default_factory=list)


def workspace_of(path: Path) -> Workspace | None:
    """Return the workspace that a draw's folder is in; None for a copy elsewhere, whose log is not there."""
    try:
        return Workspace.find(path)
    except Refused:
        return None


def verify_draw(workspace: Workspace | None, draw: Draw, register: Path | None = None) -> Verdict:
    """Verify a draw, from its own folder outwards.

    Parameters
    ----------
    workspace : Workspace or None
        Without it, the log is not looked at.
    draw : Draw
    register : Path, optional
        A register file to hold the frame against; needs a workspace, which says how registers are read.

    Returns
    -------
    Verdict
    """
    difference = first_difference_of(workspace, draw, register=register)
    kept = draw.frame_path.exists() or FRAME in draw.manifest.get("files", {})
    checked = ["frame" if kept else "commitment", "sample", "files"]
    notes: list[Problem] = []
    if workspace is not None:
        checked += [
            "log",
            "reviews",
            *(["parent"] if draw.level > 2 else []),
            *(["register"] if register else []),
        ]
        if difference is None:
            notes = [problem for problem in ledger.check(workspace, draw) if problem.kind == "note"]
    return Verdict(draw.draw_id, difference, checked, notes)


def verify_all(workspace: Workspace, register: Path | None = None) -> list[Verdict]:
    """Verify the log and every draw of a workspace, the replaced ones too.

    Parameters
    ----------
    workspace : Workspace
    register : Path, optional
        See `verify_draw`.

    Returns
    -------
    list of Verdict
        The log's first; then one for each folder, also where `draw.json` can no longer be read.
    """
    draws, broken = _readable(workspace)
    unread = [
        Verdict(path.relative_to(workspace.root).as_posix(), Difference("manifest", said), ["files"])
        for path, said in broken.items()
    ]
    verdicts = [verify_draw(workspace, draw, register) for draw in draws]
    return [Verdict(say("verify.log_name"), log_difference(workspace), ["log"]), *unread, *verdicts]


def _readable(workspace: Workspace) -> tuple[list[Draw], dict[Path, str]]:
    """Return the draws, and the folders whose `draw.json` cannot be read with what is wrong there."""
    draws: list[Draw] = []
    broken = {}
    for folder in draw_folders(workspace, replaced=True):
        try:
            draws.append(read_draw(folder))
        except InputError as error:
            broken[folder] = f"{MANIFEST}: {error.problems[0].found}"
    return draws, broken


def first_difference_of(
    workspace: Workspace | None, draw: Draw, *, register: Path | None = None, drawn: bool = True
) -> Difference | None:
    """Return the first difference of a draw; `drawn` is whether its last event must be in the log."""
    return next(_differences(workspace, draw, register, drawn), None)


def _differences(
    workspace: Workspace | None, draw: Draw, register: Path | None, drawn: bool
) -> Iterator[Difference]:
    yield from _own_folder(draw)
    if workspace is None:
        return
    place = workspace.samples_dir(draw.period, draw.level, draw.attempt)
    if draw.path.resolve() != place.resolve() and draw.path.resolve().is_relative_to(
        workspace.root / "samples"
    ):
        yield Difference(
            "files", say("verify.other_folder", path=place.relative_to(workspace.root).as_posix())
        )
    yield from _in_log(workspace, draw, drawn)
    for problem in ledger.check(workspace, draw):
        if problem.kind == "error":
            yield Difference("files", f"{problem.place}: {problem.found}")
    if draw.level > 2:
        yield from _parent(workspace, draw)
    if register is not None:
        yield from _register(workspace, draw, register)


def _own_folder(draw: Draw) -> Iterator[Difference]:
    frame = None
    if draw.frame_path.exists():
        try:
            frame = duckdb.connect().read_parquet(str(draw.frame_path)).project("case_id, stratum, unit")
            frame.fetchone()
        except duckdb.Error:
            yield Difference("files", say("verify.unreadable", file=FRAME))
            return
    elif FRAME in draw.manifest.get("files", {}):
        yield Difference("files", say("verify.file_missing", file=FRAME))
        return
    if (found := first_difference(draw.manifest, frame)) is not None:
        yield found
    for name, digest in draw.manifest.get("files", {}).items():
        if not (draw.path / name).exists():
            yield Difference("files", say("verify.file_missing", file=name))
        elif file_hash(draw.path / name) != digest:
            yield Difference("files", say("verify.file_edited", file=name))


def log_difference(workspace: Workspace) -> Difference | None:
    """Return the first sign that the log was tampered with, or that a draw it knows is gone.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Difference or None
    """
    state = log.check(workspace)
    if state.problems:
        first = state.problems[0]
        where = say("verify.log_row", row=first.row) if first.row else "samples/log.jsonl"
        return Difference("log", f"{where}: {first.found}")
    draws, broken = _readable(workspace)
    there = {draw.draw_id for draw in draws}
    for event in state.events if not broken else []:
        if event["event"] == log.DRAWN and event["draw_id"] not in there:
            return Difference("log", say("verify.draw_gone", draw_id=event["draw_id"]))
    return None


def _in_log(workspace: Workspace, draw: Draw, drawn: bool) -> Iterator[Difference]:
    """The log must have the commitment before the seed, the seed before the draw, and all as in draw.json."""
    state = log.check(workspace)
    if state.problems:
        yield Difference("log", state.problems[0].found)
        return
    manifest = draw.manifest
    digest = manifest["frame"]["commitment"]
    places: dict[str, int] = {}
    checked = len(state.events)
    for place, event in enumerate(state.events):
        if event.get("commitment") != digest:
            continue
        if event["event"] == log.FRAME_CHECKED:
            checked = min(checked, place)
        elif event.get("draw_id") == draw.draw_id:
            places.setdefault(event["event"], place)
    for kind in (log.FRAME_COMMITTED, log.SEED_MADE, *([log.DRAWN] if drawn else [])):
        if kind not in places:
            yield Difference("log", say(f"verify.no_{kind}"))
            return
    if places[log.SEED_MADE] < places[log.FRAME_COMMITTED]:
        yield Difference("log", say("verify.seed_first"))
    seeded = state.events[places[log.SEED_MADE]]
    for name in ("seed", "seed_origin", "seed_before_frame"):
        if seeded[name] != manifest.get(name):
            values = {"name": name, "expected": seeded[name], "found": manifest.get(name)}
            yield Difference("log", say("verify.other_in_log", **values))
    before = seeded["seed_origin"] != RANDOM and checked > places[log.SEED_MADE]
    if seeded["seed_before_frame"] is not before:
        yield Difference(
            "log", say("verify.other_in_log", name="seed_before_frame", expected=before, found=not before)
        )
    if drawn and state.events[places[log.DRAWN]]["manifest"] != file_hash(draw.path / MANIFEST):
        yield Difference("manifest", say("verify.manifest_edited"))


def _ancestor(workspace: Workspace, draw: Draw) -> Draw | None:
    """Return the draw that this one was drawn from."""
    wanted: Any = draw.manifest["source"]["name"]
    return next((d for d in _readable(workspace)[0] if d.draw_id == wanted), None)


def _parent(workspace: Workspace, draw: Draw) -> Iterator[Difference]:
    parent = _ancestor(workspace, draw)
    if parent is None:
        yield Difference("frame", say("verify.parent_gone", draw_id=draw.manifest["source"]["name"]))
        return
    if file_hash(parent.path / MANIFEST) != draw.manifest["source"]["sha256"]:
        yield Difference("frame", say("verify.parent_edited", draw_id=parent.draw_id))
    known = dict(zip(parent.cases["case_id"], parent.cases["stratum"], strict=True))
    known |= dict(zip(parent.reserve["case_id"], parent.reserve["stratum"], strict=True))
    if draw.frame_path.exists():
        rows = duckdb.connect().read_parquet(str(draw.frame_path)).project("case_id, stratum").fetchall()
        for case_id, stratum in sorted(rows):
            if known.get(case_id) != stratum:
                yield Difference(
                    "frame", say("verify.not_of_parent", case_id=case_id, draw_id=parent.draw_id)
                )
    for row in draw.manifest["strata"]:
        for above in parent.manifest["strata"]:
            if above["stratum"] == row["stratum"] and above["population_size"] != row["population_size"]:
                name = f"strata.{row['stratum']}.population_size"
                values = {"expected": above["population_size"], "found": row["population_size"]}
                yield Difference("strata", say("verify.other_value", name=name, **values))


def _register(workspace: Workspace, draw: Draw, register: Path) -> Iterator[Difference]:
    """Hold the frame against a register; at levels 3 and 4 that of the draw where the register was read."""
    below: Draw | None = draw
    while below is not None and below.level > 2:
        below = _ancestor(workspace, below)
    if below is None:
        yield Difference("register", say("verify.parent_gone", draw_id=draw.manifest["source"]["name"]))
        return
    source = source_of(
        workspace, below.level, below.period, register=register, leave_out_errors=True, made=below.manifest
    )
    if (found := first_frame_difference(below.manifest, source.cases, "register")) is not None:
        yield _named(below, source.cases) or found
    if (found := first_difference(below.manifest, source.cases)) is not None:
        yield found


def _named(draw: Draw, register: duckdb.DuckDBPyRelation) -> Difference | None:
    """Return the first case that stands in only one of frame and register, or in another stratum."""
    if not draw.frame_path.exists():
        return None
    both = register.query(
        "register",
        f"""SELECT coalesce(f.case_id, r.case_id) AS case_id, f.stratum, r.stratum
            FROM read_parquet({quoted(str(draw.frame_path))}) f FULL JOIN register r ON f.case_id =
            r.case_id WHERE f.stratum IS DISTINCT FROM r.stratum ORDER BY 1 LIMIT 1""",
    ).fetchone()
    if both is None:
        return None
    case_id, ours, theirs = both
    kind = "register_lacks" if theirs is None else "register_has" if ours is None else "register_moved"
    return Difference("register", say(f"verify.{kind}", case_id=case_id, stratum=ours, other=theirs))
