"""Reports in their files, and in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from tilsyn.base.language import language, say
from tilsyn.base.periods import Period
from tilsyn.base.problems import TilsynError
from tilsyn.formats import files
from tilsyn.formats.reports.page import page_bytes
from tilsyn.formats.reports.workbook import report_bytes
from tilsyn.procedure.report_control import draw_control
from tilsyn.reports.edition import build
from tilsyn.reports.parts import Material, Report
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


def report_path(workspace: Workspace, period: Period, level: int, edition: Edition, form: Form) -> Path:
    """Where a report stands: `reports/<period>/level-<n>-<edition>.xlsx`, and `.html`."""
    return workspace.reports_dir(period) / f"level-{level}-{edition}.{form}"


def write_reports(
    workspace: Workspace,
    material: Material,
    draws: Sequence[Draw],
    editions: Sequence[Edition],
    forms: Sequence[Form] = FORMS[:1],
) -> list[Written]:
    """Write a report's editions in these forms, and log them with the draws they rest on.

    Each file is whole on the disk before its event, and gets its name after it. A file with the same content
    is left alone, and one that is in the log already is not logged again.
    """
    period, level = material.record.period, material.record.level
    known = {text for draw in draws for text in (draw.record.seed, *draw.judged)}
    written: list[Written] = []
    prepared: list[files.Prepared] = []
    events: list[log.Event] = []
    # Laid out before anybody is kept waiting: that takes its seconds.
    ready = []
    for edition in editions:
        report = build(material, edition == "public")
        for form in forms:
            path = report_path(workspace, period, level, edition, form)
            name = path.relative_to(workspace.root).as_posix()
            lay_out, note = _layout(workspace, report, period, draws, form, known)
            anchor, data = _anchored(workspace, report, name, lay_out)
            ready.append((edition, path, name, anchor, data, note))
    with workspace.locked():
        try:
            for edition, path, name, anchor, data, note in ready:
                changed = not path.exists() or files.read_bytes(path) != data
                if changed:
                    private = edition == "internal"
                    prepared.append(files.prepare(path, data, overwrite=True, private=private))
                events.append(
                    {
                        "event": REPORTED,
                        "draws": [draw.draw_id for draw in draws],
                        "file": name,
                        "sha256": hashlib.sha256(data).hexdigest(),
                        "anchor": anchor,
                        "settings": _settings(material),
                    }
                )
                written.append(Written(edition, name, "written" if changed else "unchanged", note))
            workspace.log.append_all(lambda earlier: [_once(event, earlier) for event in events])
        except (OSError, TilsynError):
            files.discard(prepared)
            raise
        workspace.log.put_late(prepared, say("disk.late_next"))
    return written


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


def _anchored(
    workspace: Workspace, report: Report, name: str, lay_out: Callable[[Report], bytes]
) -> tuple[str, bytes]:
    """Return a report's file with the log's anchor: that of last time where nothing else has changed."""
    state = workspace.log.state
    before = _last(state.events, name)
    if before is not None and "anchor" in before:
        data = lay_out(replace(report, anchor=before["anchor"]))
        if hashlib.sha256(data).hexdigest() == before["sha256"]:
            return before["anchor"], data
    anchor = state.anchor()
    return anchor, lay_out(replace(report, anchor=anchor))


def _last(events: Sequence[log.Event], name: str) -> log.Event | None:
    """Return the last event of a report's file."""
    mine = (event for event in reversed(events) if event["event"] == REPORTED and event.get("file") == name)
    return next(mine, None)


def _settings(material: Material) -> dict[str, Any]:
    """Return what the figures rest on beside the draws and their reviews."""
    method, days = material.method, material.record.hverdage
    return {
        "confidence": method.confidence,
        "adjustment": method.adjustment,
        "min_relevant": method.few,
        "wide": method.wide,
        "withhold_up_to": material.withhold_up_to,
        "baseline": material.baseline,
        "second_baseline": material.second,
        "hverdage": days and days.model_dump(),
        "published": material.published and material.published.isoformat(),
        "language": language(),
    }


def _once(event: log.Event, earlier: Sequence[log.Event]) -> log.Event:
    """Return the event, or the last of its file where that says the same."""
    known = _last(earlier, event["file"])
    return known if known is not None and event.items() <= known.items() else event
