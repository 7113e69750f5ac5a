"""Checklist workbooks, made for Excel and LibreOffice: index, guide, a sheet per case, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import language, say
from tilsyn.formats.checklists.about import About
from tilsyn.formats.checklists.case_sheet import write_case
from tilsyn.formats.checklists.guide_sheet import write_guide
from tilsyn.formats.checklists.index_sheet import write_index
from tilsyn.formats.checklists.saving import checklist_bytes
from tilsyn.formats.checklists.sheet_writer import SheetContext, quoted
from tilsyn.formats.checklists.styles import Styles
from tilsyn.reviews import layout
from tilsyn.reviews.checklist import Part

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# A notification of an old case may lie years back.
_YEARS_BACK, _YEARS_ON = 15, 4


def workbook_bytes(about: About, part: Part) -> bytes:
    """Return one workbook to fill in, as .xlsx."""
    # What the register says of the cases was looked through when they were drawn.
    judged = [
        text
        for case in part.cases
        for text in (case.case_id, case.unit, *case.facts.values(), *case.proposed.values())
    ]
    return checklist_bytes(build(about, part), {about.anchor, *judged})


def build(about: About, part: Part) -> Workbook:
    """Build one workbook in memory."""
    workbook = Workbook()
    index = workbook.worksheets[0]
    index.title = say("checklist.sheet_index")
    styles = Styles(workbook)
    guide = workbook.create_sheet(say("checklist.sheet_guide"))
    hverdage = _hverdage(about)
    identity = layout.workbook_id(about.draw_id, part.name)
    names = sheet_names([case.case_id for case in part.cases], [index.title, guide.title])
    context = SheetContext(
        checklist=about.checklist,
        subject=say("checklist.subject", level=about.level, period=about.period.label()),
        draw_id=about.draw_id,
        workbook_id=identity,
        latest_act=about.period.end,
        hverdage=f"{quoted(say('checklist.sheet_free_days'))}!$B$2:$B${len(hverdage) + 1}",
        simulated=about.simulated,
        earlier=not about.blind,
        index=index.title,
        cases=len(part.cases),
    )
    figures = [
        write_case(workbook.create_sheet(name), styles, context, case, number, following)
        for number, (case, name, following) in enumerate(
            zip(part.cases, names, [*names[1:], None], strict=True), start=1
        )
    ]
    write_index(index, styles, about, part, figures)
    write_guide(guide, styles, about)
    _write_hverdage(workbook.create_sheet(say("checklist.sheet_free_days")), styles, hverdage)
    _write_metadata(workbook.create_sheet(layout.METADATA_SHEET), styles, _metadata(about, part, identity))
    _describe(workbook, about, part, identity)
    for sheet in workbook.worksheets:
        foot = sheet.oddFooter
        assert foot is not None
        foot.center.text = say("checklist.footer_anchor", anchor=about.anchor)
    return workbook


def sheet_names(case_ids: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Return a sheet name per case: at most 31 characters, none twice whatever the case of its letters.

    >>> sheet_names(["2018/1", "2018-1", "oversigt"], ["Oversigt"])
    ['2018-1', '2018-1 (2)', 'oversigt (2)']
    """
    used = {
        name.lower() for name in (*taken, layout.METADATA_SHEET, say("checklist.sheet_free_days"), "history")
    }
    names = []
    for case_id in case_ids:
        stem = name = _FORBIDDEN.sub("-", case_id).strip("' ")[:31] or "-"
        number = 1
        while name.lower() in used:
            number += 1
            name = f"{stem[:25]} ({number})"
        used.add(name.lower())
        names.append(name)
    return names


def _hverdage(about: About) -> tuple[date, ...]:
    """The days that limits are counted with, and by which a last day is said to be none of them."""
    first = date(about.period.start.year - _YEARS_BACK, 1, 1)
    return about.working_days.listed(first, date(about.period.end.year + _YEARS_ON, 12, 31))


def _metadata(about: About, part: Part, identity: str) -> dict[str, str]:
    values = {
        "schema": layout.WORKBOOK_SCHEMA,
        "workbook_id": identity,
        "draw_id": about.draw_id,
        "organisation": about.organisation,
        "period": about.period.canonical,
        "level": about.level,
        "name": part.name,
        "question_set": about.checklist.question_set.name,
        "question_set_version": about.checklist.question_set.version,
        "made_on": about.made_on.isoformat(),
        "language": language(),
        "simulated": "true" if about.simulated else "false",
        "cases": len(part.cases),
        "groups": about.groups,
    }
    return {key: str(values[key]) for key in layout.METADATA_KEYS}


def _write_metadata(sheet: Worksheet, styles: Styles, values: Mapping[str, str]) -> None:
    sheet.sheet_state = "veryHidden"
    styles.put(sheet, 1, 1, layout.METADATA_MARK, "helper")
    for row, (key, value) in enumerate(values.items(), start=2):
        styles.put(sheet, row, 1, key, "helper")
        styles.put(sheet, row, 2, value, "helper")
    sheet.protection.sheet = True


def _write_hverdage(sheet: Worksheet, styles: Styles, days: Sequence[date]) -> None:
    sheet.sheet_state = "hidden"
    styles.put(sheet, 1, 1, layout.FREE_DAYS_MARK, "helper")
    styles.put(sheet, 1, 2, say("checklist.free_days_title"), "helper")
    for row, day in enumerate(days, start=2):
        styles.put(sheet, row, 2, day, "day")
    sheet.protection.sheet = True


def _describe(workbook: Workbook, about: About, part: Part, identity: str) -> None:
    properties = workbook.properties
    properties.title = say("checklist.title", name=part.title)
    properties.subject = say("checklist.subject", level=about.level, period=about.period.label())
    properties.creator = about.organisation
    properties.identifier = identity
    properties.keywords = f"tilsyn {identity} {about.draw_id}"
    properties.language = "da-DK" if language() == "da" else "en-GB"
    properties.created = properties.modified = datetime(
        about.made_on.year, about.made_on.month, about.made_on.day
    )
