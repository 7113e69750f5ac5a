"""Verify draws on disk: recomputed from their own folder, held against the log and, on demand, a register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tilsyn.base.database import memory_database
from tilsyn.base.language import say
from tilsyn.base.problems import Problem, Refused
from tilsyn.base.steps import counted
from tilsyn.formats.files import file_hash
from tilsyn.procedure.draw_attempts import RANDOM, announcement, sizes_digest
from tilsyn.procedure.draw_complaints import complaint_differences, complaint_notes, has_its_list
from tilsyn.procedure.draw_left_out import recent_draws
from tilsyn.procedure.draw_reviews import keeps_strata
from tilsyn.procedure.verify_workspace import (
    anchor_difference,
    followup_difference,
    report_differences,
    settings_notes,
    strange_files,
)
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.sampling.recomputing import Difference, first_difference, first_frame_difference
from tilsyn.sampling.sql import quoted
from tilsyn.settings.levels import WHOLE_FRAME
from tilsyn.workspace.draws import FRAME, MANIFEST, Draw
from tilsyn.workspace.log import DRAWN, FRAME_COMMITTED, SEED_MADE, Event, LogState
from tilsyn.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tilsyn.workspace.registers import Source


@dataclass(frozen=True)
class Verification:
    """What verifying a draw, or the log, came to.

    `difference` is the first, None when everything is as it must be. `checked` names what was looked at:
    frame or commitment, sample, files, log, reviews, parent, register, complaints. `notes` tell what is no
    difference but worth knowing. `tries` counts the seeds ever made for the draw's level and period.
    """

    name: str
    difference: Difference | None
    checked: list[str]
    notes: list[Problem] = field(default_factory=list)
    tries: int | None = None


def workspace_of(path: Path) -> Workspace | None:
    """Return the workspace that a draw's folder is in; None for a copy elsewhere, whose log is not there."""
    try:
        return Workspace.open(path)
    except Refused:
        return None


def verify_draw(workspace: Workspace | None, draw: Draw, register: Source | None = None) -> Verification:
    """Verify a draw, from its own folder outwards; without a workspace, the log is not looked at."""
    difference = first_difference_of(workspace, draw, register=register)
    kept = draw.frame_path.exists() or FRAME in _files(draw)
    checked = ["frame" if kept else "commitment", "sample", "files"]
    tries = draw.manifest.get("tries")
    if workspace is not None:
        checked += ["log", "reviews"]
        source = draw.manifest.get("source")
        checked += ["parent"] if isinstance(source, dict) and source.get("kind") == "reviews" else []
        checked += ["register"] if register else []
        if difference is None:
            checked += ["complaints"] if has_its_list(workspace, draw) else []
            tries = len(workspace.log.state.seeds(draw.level, draw.period))
    return Verification(draw.draw_id, difference, checked, tries=tries)


def verify_anchor(workspace: Workspace, anchor: str) -> Verification:
    """Verify the log against an anchor that somebody kept outside."""
    difference = anchor_difference(workspace.log.state, anchor) or log_difference(workspace)
    return Verification(say("verify.anchor_name", anchor=anchor.strip()), difference, ["log"])


def verify_all(
    workspace: Workspace, register: Source | None = None, workbooks: bool = False
) -> list[Verification]:
    """Verify the log, every draw (also replaced ones, and those that cannot be read), reports, workbooks."""
    draws, broken = workspace.draws.readable
    unread = [
        Verification(
            path.relative_to(workspace.root).as_posix(),
            Difference("manifest", f"{MANIFEST}: {problem.found}"),
            ["files"],
        )
        for path, problem in broken.items()
    ]
    found = [verify_draw(workspace, draw, register) for draw in counted(draws, "steps.draws")]
    sound = [draw for draw, one in zip(draws, found, strict=True) if not one.difference]
    notes = [*settings_notes(workspace, sound), *complaint_notes(workspace, sound)]
    log = Verification(say("verify.log_name"), log_difference(workspace), ["log"], notes)
    reports, edited, told = report_differences(workspace)
    beside = [Verification(say("verify.reports_name"), edited, ["reports"], told)] if reports else []
    if workspace.followup.there:
        actions = followup_difference(workspace)
        beside.append(Verification(say("verify.followup_name"), actions, ["files"]))
    if workbooks and not any(one.difference for one in found):
        from tilsyn.procedure.verify_workbooks import workbook_differences

        # Only draws that are as they must be say what a workbook can be held against.
        other, told = workbook_differences(workspace)
        beside.append(Verification(say("verify.workbooks_name"), other, ["workbooks"], told))
    return [log, *unread, *found, *beside]


def first_difference_of(
    workspace: Workspace | None, draw: Draw, *, register: Source | None = None, drawn: bool = True
) -> Difference | None:
    """Return the first difference of a draw; `drawn` is whether its last event must be in the log."""
    return next(_differences(workspace, draw, register, drawn), None)


def _differences(
    workspace: Workspace | None, draw: Draw, register: Source | None, drawn: bool
) -> Iterator[Difference]:
    frame = None
    if draw.frame_path.exists():
        try:
            frame = _frame(draw.frame_path)
        except duckdb.Error:
            yield Difference("files", say("verify.unreadable", file=FRAME))
            return
    yield from _own_folder(draw, frame)
    if workspace is None:
        return
    place = workspace.samples_dir(draw.period, draw.level, draw.record.attempt)
    if draw.path.resolve() != place.resolve() and draw.path.resolve().is_relative_to(
        workspace.root / "samples"
    ):
        yield Difference(
            "files", say("verify.other_folder", path=place.relative_to(workspace.root).as_posix())
        )
    yield from _in_log(workspace, draw, drawn)
    for problem in workspace.ledger(draw).problems():
        yield Difference("files", f"{problem.place}: {problem.found}")
    yield from strange_files(draw)
    yield from _parents(workspace, draw, frame)
    yield from _recent(workspace, draw)
    yield from complaint_differences(workspace, draw, frame)
    if register is not None:
        yield from _register(workspace, draw, register)


def _frame(path: Path) -> duckdb.DuckDBPyRelation:
    """Return a frame as a table in memory: it is read once."""
    database = memory_database()
    rows = f"SELECT case_id, stratum, unit FROM read_parquet({quoted(str(path))})"
    database.execute(f"CREATE TEMP TABLE frame_on_disk AS {rows}")
    return database.table("frame_on_disk")


def _own_folder(draw: Draw, frame: duckdb.DuckDBPyRelation | None) -> Iterator[Difference]:
    if frame is None and FRAME in _files(draw):
        yield Difference("files", say("verify.file_missing", file=FRAME))
        return
    if (found := first_difference(draw.manifest, frame, lambda _: draw.as_read)) is not None:
        yield found
    for name, digest in _files(draw).items():
        if not (draw.path / name).exists():
            yield Difference("files", say("verify.file_missing", file=name))
        elif file_hash(draw.path / name) != digest:
            yield Difference("files", say("verify.file_edited", file=name))


def _files(draw: Draw) -> Mapping[str, str]:
    """Return the hashes of the files beside `draw.json`; none where the manifest has something else there."""
    listed = draw.manifest.get("files")
    return listed if isinstance(listed, dict) else {}


def log_difference(workspace: Workspace) -> Difference | None:
    """Return the first sign that the log was tampered with, or that a draw it knows is gone."""
    state = workspace.log.state
    if state.problems:
        first = state.problems[0]
        where = say("verify.log_row", row=first.row) if first.row else "samples/log.jsonl"
        return Difference("log", f"{where}: {first.found}")
    gone = [draw_id for draw_id in state.manifests if draw_id not in workspace.draws.named]
    broken = workspace.draws.readable[1]
    return Difference("log", say("verify.draw_gone", draw_id=gone[0])) if gone and not broken else None


def _in_log(workspace: Workspace, draw: Draw, drawn: bool) -> Iterator[Difference]:
    """The log must have the commitment before the seed, the seed before the draw, and all as in draw.json."""
    state = workspace.log.state
    if state.problems:
        yield Difference("log", state.problems[0].found)
        return
    digest = draw.record.frame.commitment
    found: dict[str, tuple[int, Event]] = {}
    for place, event in state.of_draw.get(draw.draw_id, []):
        if event.get("commitment") == digest:
            found.setdefault(event["event"], (place, event))
    for kind in (FRAME_COMMITTED, SEED_MADE, *([DRAWN] if drawn else [])):
        if kind not in found:
            yield Difference("log", say(f"verify.no_{kind}"))
            return
    place, seeded = _of_sizes(state, draw.record) or found[SEED_MADE]
    if place < found[FRAME_COMMITTED][0]:
        yield Difference("log", say("verify.seed_first"))
    for name in ("seed", "seed_origin", "seed_before_frame"):
        if seeded[name] != (there := draw.manifest.get(name)):
            values = {"name": name, "expected": seeded[name], "found": there}
            yield Difference("log", say("verify.other_in_log", **values))
    before = seeded["seed_origin"] != RANDOM and state.checked.get(digest, place + 1) > place
    if seeded["seed_before_frame"] is not before:
        yield Difference(
            "log", say("verify.other_in_log", name="seed_before_frame", expected=before, found=not before)
        )
    for name, value in _logged(state, draw.record, place, seeded).items():
        # What an earlier version did not write is not there to be compared.
        if (there := draw.manifest.get(name)) not in (None, value):
            yield Difference("log", say("verify.other_in_log", name=name, expected=value, found=there))
    if drawn and found[DRAWN][1]["manifest"] != draw.sha256:
        yield Difference("manifest", say("verify.manifest_edited"))


def _of_sizes(state: LogState, record: DrawRecord) -> tuple[int, Event] | None:
    """Return the seed that was made for this frame and these sizes, with its place."""
    wanted = {"commitment": record.frame.commitment, "sizes": sizes_digest(record)}
    events = state.of_draw.get(record.draw_id, [])
    return next(((n, e) for n, e in events if e["event"] == SEED_MADE and wanted.items() <= e.items()), None)


def _logged(state: LogState, record: DrawRecord, place: int, seeded: Event) -> dict[str, Any]:
    """Return what the log says of a draw, by the names that it has in `draw.json`."""
    seeds = [at for at, _ in state.seeds(record.level, record.period) if at <= place]
    before = [event for at, event in state.concerning(record.level, record.period) if at < place]
    return {
        "made_at": seeded["at"],
        "tries": len(seeds),
        "anchor": state.anchor(place + 1),
        **announcement(before, record, seeded["seed_origin"]),
    }


def _parents(workspace: Workspace, draw: Draw, frame: duckdb.DuckDBPyRelation | None) -> Iterator[Difference]:
    """Every case must be one of the draws that it was drawn from, in its stratum and with its N_h."""
    parents: list[Draw] = []
    for draw_id, digest in draw.record.parents.items():
        parent = workspace.draws.named.get(draw_id)
        if parent is None:
            yield Difference("frame", say("verify.parent_gone", draw_id=draw_id))
            return
        if digest is not None and parent.sha256 != digest:
            yield Difference("frame", say("verify.parent_edited", draw_id=draw_id))
        parents.append(parent)
    if not parents:
        return
    own = keeps_strata(parents, draw.record.plan)
    drawn = [case for parent in parents for case in (*parent.record.cases, *parent.record.reserve)]
    whole = draw.record.plan.split == WHOLE_FRAME
    of = {case.case_id: case.stratum if own else WHOLE_FRAME if whole else case.unit for case in drawn}
    if frame is not None:
        for case_id, stratum in sorted(frame.project("case_id, stratum").fetchall()):
            if of.get(case_id) != stratum:
                named = {"case_id": case_id, "draw_id": ", ".join(draw.record.parents)}
                yield Difference("frame", say("verify.not_of_parent", **named))
    above = {row.stratum: row.population_size for row in parents[0].record.strata}
    for row in draw.record.strata:
        expected = above.get(row.stratum, row.population_size) if own else row.stratum_size
        if expected != row.population_size:
            name = f"strata.{row.stratum}.population_size"
            values = {"expected": expected, "found": row.population_size}
            yield Difference("strata", say("verify.other_value", name=name, **values))


def _recent(workspace: Workspace, draw: Draw) -> Iterator[Difference]:
    """Every case left out as reviewed recently must have been: nobody can keep a case out by saying so."""
    told = draw.record.frame.reviewed_recently
    if not told:
        return
    draws = recent_draws(workspace.draws.readable[0], draw.record.plan, draw.period)
    ledgers = [workspace.ledger(one) for one in draws]
    if any(ledger.problems() for ledger in ledgers):
        # That is told of the draw whose reviews they are.
        return
    reviewed = {case.drawn.case_id for ledger in ledgers for case in ledger.reviewed}
    for case_id in told:
        if case_id not in reviewed:
            yield Difference("frame", say("verify.not_reviewed_recently", case_id=case_id))


def _register(workspace: Workspace, draw: Draw, register: Source) -> Iterator[Difference]:
    """Hold the frame against a register; of what is drawn from reviews, the frames of their draws."""
    if draw.record.plan.above is not None:
        for draw_id in draw.record.parents:
            parent = workspace.draws.named.get(draw_id)
            if parent is None:
                yield Difference("register", say("verify.parent_gone", draw_id=draw_id))
                return
            yield from _register(workspace, parent, register)
        return
    from tilsyn.procedure.draw_source import frame_of

    frame = frame_of(
        workspace, draw.record.plan, draw.period, register=register, leave_out_errors=True, made=draw.record
    )
    if (found := first_frame_difference(draw.record, frame.cases, "register")) is not None:
        yield _named(draw, frame.cases) or found
    if (found := first_difference(draw.manifest, frame.cases)) is not None:
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
