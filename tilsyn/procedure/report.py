"""Reports in their files, and in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

from tilsyn.base.language import language, say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, TilsynError
from tilsyn.base.steps import counted
from tilsyn.base.which import Which, folder_name, id_part
from tilsyn.formats import files
from tilsyn.formats.reports.page import page_bytes
from tilsyn.formats.reports.workbook import report_bytes
from tilsyn.procedure.report_control import draw_control
from tilsyn.procedure.report_versions import ReportPlace, last_report, next_place, published_on, same_place
from tilsyn.reports.edition import build
from tilsyn.reports.missing import missing_total
from tilsyn.reports.parts import Material, Publication, Report
from tilsyn.reports.scan import betrayals
from tilsyn.workspace import log
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

# What is logged when a report is new or has changed; `status` reads it.
REPORTED = log.REPORTED

Edition = Literal["internal", "public"]
EDITIONS: tuple[Edition, ...] = ("internal", "public")
# A workbook or a web page, by how the file's name ends.
Form = Literal["xlsx", "html"]
FORMS: tuple[Form, ...] = ("xlsx", "html")


@dataclass(frozen=True)
class Written:
    """A report's file, named from the workspace's root, and whether it was written or stood there already.

    `note` is what is to be told of it.
    """

    edition: Edition
    name: str
    state: Literal["written", "unchanged"]
    note: str = ""


def report_path(workspace: Workspace, period: Period, level: Which, edition: Edition, form: Form) -> Path:
    """Where a report stands: `reports/<period>/level-<n>-<edition>.xlsx`, and `.html`; `single-<name>-…`."""
    return workspace.reports_dir(period) / f"{folder_name(level)}-{edition}.{form}"


def editions_of(material: Material, wanted: Edition | None) -> tuple[Edition, ...]:
    """Return which editions to write: of chosen cases, which tell of themselves alone, no public one."""
    if not material.sample.chosen:
        return EDITIONS if wanted is None else (wanted,)
    if wanted == "public":
        raise Refused(say("single.not_public"), say("single.not_public_remedy"))
    return ("internal",)


def write_reports(
    workspace: Workspace,
    material: Material,
    draws: Sequence[Draw],
    editions: Sequence[Edition],
    forms: Sequence[Form] = FORMS[:1],
) -> list[Written]:
    """Write a report's editions in these forms, and log them with the draws they rest on.

    Each file is whole on the disk before its event, and gets its name after it. A file with the same content
    is left alone, and one that is in the log already is not logged again. A report with a publication date is
    never overwritten: a new one stands beside it.
    """
    wanted = [(edition, form) for edition in editions for form in forms]
    known = {text for draw in draws for text in (draw.record.seed, *draw.judged)}

    def laid_out() -> list[_Ready]:
        return [
            _ready(workspace, material, draws, edition, form, known)
            for edition, form in counted(wanted, "steps.reports")
        ]

    written: list[Written] = []
    prepared: list[files.Prepared] = []
    # Laid out before anybody is kept waiting: that takes its seconds.
    ready = laid_out()
    with workspace.locked():
        if any(one.last != last_report(workspace.log.state.events, one.first_name) for one in ready):
            # Somebody else wrote one of these reports in the meantime.
            ready = laid_out()
        try:
            for one in ready:
                path = workspace.root / one.place.name
                changed = not path.exists() or files.read_bytes(path) != one.data
                if changed:
                    private = one.edition == "internal"
                    prepared.append(files.prepare(path, one.data, overwrite=True, private=private))
                state: Literal["written", "unchanged"] = "written" if changed else "unchanged"
                written.append(Written(one.edition, one.place.name, state, one.note))
            events = [_event(one, material, draws) for one in ready]
            workspace.log.append_all(lambda earlier: [_once(event, earlier) for event in events])
        except (OSError, TilsynError):
            files.discard(prepared)
            raise
        workspace.log.put_late(prepared, say("disk.late_next"))
    return written


@dataclass(frozen=True)
class _Ready:
    """A report as it is to be written; `last` is the event of the last one of its kind."""

    edition: Edition
    first_name: str
    place: ReportPlace
    published: date | None
    anchor: str
    data: bytes
    last: log.Event | None
    note: str


def _ready(
    workspace: Workspace,
    material: Material,
    draws: Sequence[Draw],
    edition: Edition,
    form: Form,
    known: Collection[str],
) -> _Ready:
    """Lay a report out: as the last one, where it says the same; else as a new one beside a published one."""
    period = material.record.period
    path = report_path(workspace, period, material.record.level, edition, form)
    name = path.relative_to(workspace.root).as_posix()
    state = workspace.log.state
    last = last_report(state.events, name)

    def laid_out(place: ReportPlace, published: date | None) -> tuple[Callable[[str], bytes], str]:
        report = build(material, edition == "public", Publication(published, place.replaces))
        if report.public:
            _refuse_betrayals(report, material)
        lay_out, note = _layout(workspace, report, period, draws, form, known)
        return lambda anchor: lay_out(replace(report, anchor=anchor)), note

    place, day = same_place(name, last), published_on(last)
    published = material.published or day
    write, note = laid_out(place, published)
    if last is not None and "anchor" in last:
        data = write(last["anchor"])
        if hashlib.sha256(data).hexdigest() == last["sha256"]:
            return _Ready(edition, name, place, published, last["anchor"], data, last, note)
    if last is not None and day is not None:
        place = next_place(last, day)
        published = material.published
        write, note = laid_out(place, published)
        kept = say("report.replaces_published", file=last["file"], new=place.name)
        note = " ".join(filter(None, [kept, note]))
    anchor = state.anchor()
    return _Ready(edition, name, place, published, anchor, write(anchor), last, note)


def _refuse_betrayals(report: Report, material: Material) -> None:
    """Refuse a public report in which a case number or a person's code stands."""
    found = betrayals(report, material)
    for kind in ("case", "person"):
        places = list(dict.fromkeys(one.place for one in found if one.kind == kind))
        if places:
            told = say(f"report.betrays_{kind}", places="; ".join(places[:3]))
            raise Refused(told, say("report.betrays_remedy"))


def _event(ready: _Ready, material: Material, draws: Sequence[Draw]) -> log.Event:
    before = ready.place.replaces
    drawn, reviewed = missing_total(material.analysis.units)
    replaces = {"file": before.file, "published": before.published.isoformat()} if before else None
    return {
        "event": REPORTED,
        "draws": [draw.draw_id for draw in draws],
        "file": ready.place.name,
        "sha256": hashlib.sha256(ready.data).hexdigest(),
        "anchor": ready.anchor,
        "settings": _settings(material, ready.published),
        "missing": drawn - reviewed,
    } | ({"replaces": replaces} if replaces else {})


def _layout(
    workspace: Workspace,
    report: Report,
    period: Period,
    draws: Sequence[Draw],
    form: Form,
    known: Collection[str],
) -> tuple[Callable[[Report], bytes], str]:
    """Return what makes a report's file of it, and what is to be told of that file."""
    if form == "xlsx":
        return partial(report_bytes, known=known), ""
    if not report.public:
        return partial(page_bytes, control=None, known=known), ""
    control = draw_control(workspace, period, draws)
    note = "" if control.link else say("web.without_control", command=control.command)
    return partial(page_bytes, control=control, known=known), note


def _settings(material: Material, published: date | None) -> dict[str, Any]:
    """Return what the figures rest on beside the draws and their reviews."""
    method, days = material.method, material.record.hverdage
    since = {} if material.since is None else {"since": {"anchor": material.since.anchor}}
    return {
        "confidence": method.confidence,
        "adjustment": method.adjustment,
        "min_relevant": method.few,
        "wide": method.wide,
        "withhold_up_to": material.withhold_up_to,
        "baseline": material.baseline,
        "baseline_period": material.baseline_period and material.baseline_period.canonical,
        **_other_baseline(material),
        "second_baseline": material.second,
        "hverdage": days and days.model_dump(),
        "published": published and published.isoformat(),
        "language": language(),
        **since,
    }


def _other_baseline(material: Material) -> dict[str, str]:
    """Return the draw that a single draw was compared with, as `--baseline` names it."""
    other = material.baseline_other
    if other is None or other.period is None or other.level is None:
        return {}
    return {"baseline_draw": f"{other.period.canonical}/{id_part(other.level)}"}


def _once(event: log.Event, earlier: Sequence[log.Event]) -> log.Event:
    """Return the event, or the last of its file where that says the same."""
    known = last_report(earlier, event["file"])
    return known if known is not None and event.items() <= known.items() else event
