"""A dossier on disk: all that anybody outside needs to check a period's draws, in one folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from tilsyn.base.cpr import looks_like_cpr, sql_pattern
from tilsyn.base.database import memory_database
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Refused
from tilsyn.base.steps import counted
from tilsyn.base.which import Single, folder_name, in_folder
from tilsyn.formats import files
from tilsyn.formats.dossier_page import dossier_page
from tilsyn.procedure.verify import log_difference, verify_draw
from tilsyn.reports import dossier
from tilsyn.reports.dossier import DossierPart
from tilsyn.sampling.commitment import Commitment, commitment
from tilsyn.sampling.sql import quoted
from tilsyn.sampling.tickets import tickets_sql
from tilsyn.settings.complaints import COMPLAINED
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.draws import Draw, manifest_bytes
from tilsyn.workspace.log import GENESIS
from tilsyn.workspace.workspace import Workspace

NAME = "dossier"
# Texts that somebody typed, each with its place before it.
Typed = Sequence[tuple[str, str]]
_PUNCTUATION = ".,;:!?()[]«»“”\"'"


@dataclass(frozen=True)
class Dossier:
    """A dossier that was written: its folder and draws, the hashes of its files by name, the reports."""

    folder: Path
    parts: list[DossierPart]
    sha256: dict[str, str]
    reports: list[dict[str, str]]


def dossier_name(single: Single | None) -> str:
    """Return the name of the folder: the levels of a period have one, and each single draw has its own."""
    return NAME if single is None else f"{NAME}-{folder_name(single)}"


def make_dossier(
    workspace: Workspace, period: Period, *, single: Single | None = None, without_ids: bool = False
) -> Dossier:
    """Write the dossier of a period's levels, or of a single draw, in place of an earlier one.

    Refused where one of the draws does not verify.
    """
    folder = workspace.reports_dir(period) / dossier_name(single)
    _refuse_strange_files(folder)
    draws = _draws(workspace, period, single)
    if not without_ids:
        _refuse_complainants(draws)
    parts = [_part(workspace, period, draw) for draw in draws]
    state = workspace.log.trusted()
    typed = list(dossier.typed(parts, state.events))
    for place, text in typed:
        if looks_like_cpr(text):
            raise _cpr(place)
    reports = dossier.report_rows(state.events, [part.record.draw_id for part in parts])
    content: dict[str, bytes] = {}
    known = {}
    for draw, part in zip(draws, parts, strict=True):
        own = _files_of(draw, part, typed, workspace.settings.privacy.not_cpr, without_ids)
        known[part.record.draw_id] = [part.sha256, _sha256(own[dossier.MANIFEST])]
        content |= {f"{part.folder}/{name}": data for name, data in own.items()}
    head = state.events[-1]["hash"] if state.events else GENESIS
    text = dossier.cover(parts, period, reports, (len(state.events), head), without_ids)
    content |= {name: (workspace.root / "samples" / name).read_bytes() for name in dossier.LOG_FILES}
    content[dossier.REPORTS] = _csv(pd.DataFrame(reports, columns=["file", "sha256", "at"]))
    content[dossier.PAGE] = dossier_page(known).encode("utf-8")
    # With a byte order mark, so that an old Windows editor shows the letters too.
    content[dossier.COVER] = text.encode("utf-8-sig")
    sums = {name: _sha256(data) for name, data in sorted(content.items())}
    listed = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    _write(folder, content | {dossier.SUMS: listed.encode("utf-8")})
    return Dossier(folder, parts, sums, reports)


def _draws(workspace: Workspace, period: Period, single: Single | None) -> list[Draw]:
    """Return every draw of the period or a part of it, those replaced too; refused unless all verify.

    Those of the levels, or of a single draw alone: what one asked for is not shown to another.
    """
    workspace.log.trusted()
    found = []
    for folder in counted(list(workspace.draws.folders(replaced=True)), "steps.draws"):
        covered, (which, _) = Period.parse(folder.parent.name), in_folder(folder.name) or (0, 1)
        of_level = single is None and not isinstance(which, Single)
        if not covered.within(period) or not (of_level or which == single):
            continue
        try:
            draw = workspace.draws.at(folder)
        except InputError as error:
            raise _not_verified(
                folder.relative_to(workspace.root).as_posix(), error.problems[0].found
            ) from None
        if (difference := verify_draw(workspace, draw).difference) is not None:
            raise _not_verified(draw.draw_id, difference.found)
        found.append(draw)
    if (gone := log_difference(workspace)) is not None:
        raise _not_verified("samples/log.jsonl", gone.found)
    if not found:
        raise Refused(say("dossier.no_draws", period=period.label()), say("dossier.no_draws_remedy"))
    return found


def _refuse_complainants(draws: Sequence[Draw]) -> None:
    """Refuse to hand out the numbers of cases that were asked for because somebody complained of them."""
    for draw in draws:
        plan = draw.record.plan
        if isinstance(plan, SinglePlan) and any(rule.column == COMPLAINED for rule in plan.where):
            raise Refused(say("single.of_complaints"), say("single.of_complaints_remedy"))


def _not_verified(name: str, found: str) -> Refused:
    return Refused(say("dossier.not_verified", draw=name, found=found), say("dossier.not_verified_remedy"))


def _part(workspace: Workspace, period: Period, draw: Draw) -> DossierPart:
    same = draw.period.canonical == period.canonical
    folder = draw.path.name if same else f"{draw.period.canonical}-{draw.path.name}"
    sample = workspace.ledger(draw).reviews
    return DossierPart(folder, draw.record, draw.sha256, sample, draw.frame_path.exists())


def _files_of(
    draw: Draw, part: DossierPart, typed: Typed, not_cpr: Sequence[str], without_ids: bool
) -> dict[str, bytes]:
    """Return the files of one draw: manifest, frame, replacements and nonresponse."""
    names = dossier.group_names(part.record, without_ids)
    own: dict[str, bytes] = {}
    tickets: Commitment | None = None
    with memory_database() as connection:
        if part.has_frame:
            frame = connection.read_parquet(str(draw.frame_path))
            if without_ids:
                _refuse_named(frame, typed)
                frame = _tickets(frame, part, names)
                tickets = commitment(frame.project("stratum, ticket AS case_id"))
            elif "case_id" not in (*part.record.not_cpr, *not_cpr):
                _refuse_cpr(frame, part)
            own[dossier.FRAME] = _csv(frame.df())
    if without_ids and tickets is None:
        tickets = Commitment("", ())
    copy = dossier.manifest_copy(draw.manifest, part, names, tickets)
    own[dossier.MANIFEST] = manifest_bytes(copy)
    own[dossier.REPLACEMENTS] = _csv(dossier.replacements(part, names, without_ids))
    own[dossier.NONRESPONSE] = _csv(dossier.nonresponse(part, names))
    return own


def _refuse_cpr(frame: duckdb.DuckDBPyRelation, part: DossierPart) -> None:
    """Refuse a frame whose case numbers look like CPR numbers."""
    if frame.filter(f"regexp_matches(case_id, {quoted(sql_pattern())})").limit(1).fetchone() is not None:
        raise _cpr(f"{part.folder}/{dossier.FRAME}")


def _cpr(place: str) -> Refused:
    return Refused(say("dossier.cpr", place=place), say("dossier.cpr_remedy"))


def _refuse_named(frame: duckdb.DuckDBPyRelation, typed: Typed) -> None:
    """Refuse a dossier without case numbers where somebody typed one of them, in a reason perhaps."""
    words = {word.strip(_PUNCTUATION): place for place, text in typed for word in text.split()}
    listed = ", ".join(map(quoted, words))
    named = frame.filter(f"case_id IN ({listed})").limit(1).fetchone() if words else None
    if named is not None:
        told = say("dossier.named_case", place=words[named[0]], word=named[0])
        raise Refused(told, say("dossier.named_case_remedy"))


def _tickets(
    frame: duckdb.DuckDBPyRelation, part: DossierPart, names: Mapping[str, str]
) -> duckdb.DuckDBPyRelation:
    """Return the stratum, by its name in the dossier, and the ticket of every case of a frame."""
    record = part.record
    query = tickets_sql(record.seed, record.draw_id, record.frame.n)
    whens = " ".join(f"WHEN {quoted(own)} THEN {quoted(name)}" for own, name in names.items())
    lots = frame.query("frame", query).project(f"CASE stratum {whens} END AS stratum, ticket")
    return lots.order("stratum, ticket")


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refuse_strange_files(folder: Path) -> None:
    """Refuse to replace a folder in which somebody put files of their own."""
    try:
        listed = (folder / dossier.SUMS).read_text("utf-8").splitlines()
    except OSError:
        listed = []
    own = {dossier.SUMS, *(line.partition("  ")[2] for line in listed)}
    for path in files.strangers(folder, own):
        raise Refused(say("dossier.strange_file", file=path), say("dossier.strange_file_remedy"))


def _write(folder: Path, content: Mapping[str, bytes]) -> None:
    with files.new_folder(folder, overwrite=True) as new:
        for name, data in content.items():
            (new / name).parent.mkdir(exist_ok=True)
            (new / name).write_bytes(data)
