"""A dossier for those who check draws from outside: what of a draw leaves the house, and how it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number
from tilsyn.base.periods import Period
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.sampling import departures
from tilsyn.sampling.commitment import Commitment
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.settings.single import is_chosen

PAGE, COVER, SUMS = "kontrol.html", "README.txt", "SHA256SUMS"
MANIFEST, FRAME = "draw.json", "frame.csv"
REPLACEMENTS, NONRESPONSE, REPORTS = "replacements.csv", "nonresponse.csv", "reports.csv"
LOG_FILES = ("log.jsonl", "log.head")
# Fields of an event that hold nothing which somebody typed; nor does a hash.
_OWN = ("at", "event", "draw_id", "draws", "seed", "anchor", "today", "period", "kind")
_HASH = re.compile(r"[0-9a-f]{16,}")


@dataclass(frozen=True)
class DossierPart:
    """One draw of a dossier: the folder of its files, its record, the SHA-256 of its own `draw.json`."""

    folder: str
    record: DrawRecord
    sha256: str
    sample: ReviewedSample
    has_frame: bool = True


def group_names(record: DrawRecord, without_ids: bool) -> dict[str, str]:
    """Return what each stratum is called: by its own name, or by a number where its name is a person's code.

    The numbers follow the strata's digests, for the codes' own order would tell whose they are.
    """
    if not without_ids or record.plan.names_strata:
        return {row.stratum: row.stratum for row in record.strata}
    rows = sorted(record.strata, key=lambda row: (row.digest or "", row.stratum))
    return {row.stratum: say("dossier.group", n=n) for n, row in enumerate(rows, start=1)}


def manifest_copy(
    manifest: Mapping[str, Any],
    part: DossierPart,
    names: Mapping[str, str],
    tickets: Commitment | None = None,
) -> dict[str, Any]:
    """Return a `draw.json` to hand out: without what the register says of a case, all else as it stands.

    With the commitment to the `tickets` it is without case numbers, and each stratum has its tickets' digest.
    """
    without = ("facts",) if tickets is None else ("facts", "case_id")
    digests = {} if tickets is None else {row.stratum: row.digest for row in tickets.strata}
    copy = dict(manifest)
    for name in ("cases", "reserve"):
        kept = [{key: value for key, value in row.items() if key not in without} for row in manifest[name]]
        copy[name] = [row | {"stratum": names[row["stratum"]]} for row in kept]
    copy["plan"] = dict(manifest["plan"])
    copy["plan"]["sizes"] = {names.get(name, name): n for name, n in copy["plan"].get("sizes", {}).items()}
    copy["frame"] = dict(manifest["frame"])
    if tickets is not None:
        copy["frame"]["reviewed_recently"] = []
        copy["plan"] |= {"listed": []} if "listed" in copy["plan"] else {}
    if complaints := copy["frame"].get("complaints"):
        # Who complained is told of no case, also where its number is.
        copy["frame"]["complaints"] = complaints | {"cases": []}
    copy["strata"] = [dict(row) | {"stratum": names[row["stratum"]]} for row in manifest["strata"]]
    if tickets is not None:
        for row in copy["strata"]:
            row["tickets_digest"] = digests.get(row["stratum"])
    copy["dossier"] = {
        "manifest": part.sha256,
        "left_out": list(without),
        "without_ids": tickets is not None,
        "groups_renamed": any(own != name for own, name in names.items()),
    }
    return copy


def nonresponse(part: DossierPart, names: Mapping[str, str]) -> pd.DataFrame:
    """Count the cases drawn, reviewed, missing and replaced: by stratum where that is the unit, else by unit.

    What a caseworker's cases came to is nobody's business outside.
    """
    by = "stratum" if part.record.plan.names_strata else "unit"
    counted = part.sample.strata.rename(columns={"sample_size": "drawn"})
    table = counted.groupby(by, sort=False)[["drawn", "reviewed", "missing", "replaced"]].sum().reset_index()
    return table.replace({by: dict(names)}) if by == "stratum" else table


def replacements(part: DossierPart, names: Mapping[str, str], without_ids: bool) -> pd.DataFrame:
    """Return each replaced case with its stand-in, reason and day; without ids the tickets in their place."""
    table = part.sample.replacements[["stratum", "case_id", "replacement", "reason", "on"]]
    table = table.assign(stratum=table["stratum"].map(names))
    if not without_ids:
        return table
    tickets = {case.case_id: case.ticket for case in (*part.record.cases, *part.record.reserve)}
    columns = {name: table[name].map(tickets) for name in ("case_id", "replacement")}
    return table.assign(**columns).rename(columns={"case_id": "ticket", "replacement": "replacement_ticket"})


def report_rows(events: Sequence[Mapping[str, Any]], draw_ids: Sequence[str]) -> list[dict[str, str]]:
    """Return the reports that rest on some of these draws, each as it was logged last: file, sha256, at."""
    own = [
        event
        for event in events
        if event["event"] == "reported" and set(event.get("draws", ())) & set(draw_ids)
    ]
    latest = {event["file"]: event for event in own}
    return [{name: event[name] for name in ("file", "sha256", "at")} for event in latest.values()]


def typed(parts: Sequence[DossierPart], events: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield every text of log and manifests that came from people, with its place: all but our own fields."""
    for row, event in enumerate(events, start=1):
        for text in _texts(event):
            yield say("dossier.place_log", row=row), text
    for part in parts:
        record = part.record
        written = [record.seed_origin, record.replace_reason, record.reason, record.organisation.name]
        written += [*record.source.values(), *(row.stratum for row in record.strata)]
        for said in written:
            if said and not _HASH.fullmatch(said):
                yield f"{part.folder}/{MANIFEST}", said


def _texts(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, key)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, name)
    elif isinstance(value, str) and name not in _OWN and not _HASH.fullmatch(value):
        yield value


def cover(
    parts: Sequence[DossierPart],
    period: Period,
    reports: Sequence[Mapping[str, str]],
    log: tuple[int, str],
    without_ids: bool,
) -> str:
    """Return the text that explains the folder: what to do, what is in it, and who may have it."""
    count, head = log
    first = parts[0].record
    lines = [say("dossier.cover_title").upper(), f"{first.organisation.name} · {period.label()}", ""]
    if any(part.record.simulated for part in parts):
        lines += [say("dossier.cover_simulated"), ""]
    lines += [say("dossier.cover_purpose"), ""]
    lines += _section("how", *(say(f"dossier.cover_how_{n}", page=PAGE) for n in (1, 2, 3)))
    lines += _heading("draws")
    for part in parts:
        lines += [*_draw_lines(part), ""]
    lines += _section("files", *_file_lines(parts, without_ids))
    warned = ["cover_no_ids", "cover_guess"] if without_ids else ["cover_ids"]
    if not without_ids and any(not part.record.plan.names_strata for part in parts):
        warned.append("cover_caseworkers")
    lines += _section("who", *(say(f"dossier.{key}") for key in (*warned, "cover_left_out", "cover_typed")))
    lines += _section(
        "log", say("dossier.cover_log_state", n=number(count), hash=head), say("dossier.cover_anchor")
    )
    told = [f"{row['file']}\n    SHA-256 {row['sha256']}" for row in reports]
    lines += _section("reports", *(told or [say("dossier.cover_no_reports")]))
    return "\n".join(lines).rstrip() + "\n"


def _heading(key: str) -> list[str]:
    text = say(f"dossier.cover_{key}")
    return [text, "-" * len(text)]


def _section(key: str, *points: str) -> list[str]:
    return [*_heading(key), *(f"  {point}" for point in points), ""]


def _draw_lines(part: DossierPart) -> list[str]:
    record = part.record
    origin = say("dossier.system") if record.seed_origin == "system" else record.seed_origin
    counted = {"drawn": len(record.cases), "n": record.frame.n, "reserve": len(record.reserve)}
    made = date_text(record.day)
    strata = part.sample.strata
    reviewed = {name: number(int(strata[name].sum())) for name in ("reviewed", "replaced")}
    told = [
        say("dossier.draw_made", on=made, **{name: number(value) for name, value in counted.items()}),
        say("dossier.draw_reviewed", drawn=number(len(record.cases)), **reviewed),
        say("dossier.draw_commitment", digest=record.frame.commitment),
        say("dossier.draw_seed", seed=record.seed, origin=origin),
        *_remarks(record),
        say("dossier.draw_sha256", digest=part.sha256),
        *([] if part.has_frame else [say("dossier.draw_no_frame")]),
    ]
    title = say("dossier.draw_title", level=record.level, period=record.period.label(), draw=record.draw_id)
    return [f"  {part.folder}/ · {title}", *(f"    {text}" for text in told)]


def _remarks(record: DrawRecord) -> Iterator[str]:
    """Yield what is not as usual with a draw."""
    if is_chosen(record.plan):
        yield say("single.chosen")
    if record.seed_before_frame:
        yield say("dossier.draw_seed_first")
    if record.tries is not None:
        yield say("dossier.draw_tries", n=record.tries)
    if record.replaces:
        yield say("dossier.draw_replaces", draw=record.replaces, reason=record.replace_reason)
    if record.departures:
        yield say("dossier.draw_departs", names=departures.in_words(record.departures), reason=record.reason)


def _file_lines(parts: Sequence[DossierPart], without_ids: bool) -> list[str]:
    frame = say("dossier.file_frame_tickets" if without_ids else "dossier.file_frame")
    listed = {
        PAGE: say("dossier.file_page"),
        f"…/{MANIFEST}": say("dossier.file_manifest"),
        f"…/{FRAME}": frame,
        f"…/{REPLACEMENTS}": say("dossier.file_replacements"),
        f"…/{NONRESPONSE}": say("dossier.file_nonresponse"),
        ", ".join(LOG_FILES): say("dossier.file_log"),
        REPORTS: say("dossier.file_reports"),
        SUMS: say("dossier.file_sums"),
    }
    if not any(part.has_frame for part in parts):
        del listed[f"…/{FRAME}"]
    return [f"{name:<24}{text}" for name, text in listed.items()]
