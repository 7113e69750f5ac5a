"""Checklist workbooks, made for Excel and LibreOffice: index, guide, a sheet per case, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import language, say
from tilsyn.base.periods import Period
from tilsyn.formats.checklists.case_sheet import Figures, set_page, write_case
from tilsyn.formats.checklists.guide_sheet import write_guide
from tilsyn.formats.checklists.saving import checklist_bytes
from tilsyn.formats.checklists.sheet_writer import SheetContext, link, quoted
from tilsyn.formats.checklists.styles import Styles
from tilsyn.questions.answers import YES, answer_text
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.reviews import formulas, layout
from tilsyn.reviews.checklist import Checklist, Part, look_back

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_YEARS_BACK, _YEARS_ON = 15, 4
_INDEX_HEADING = 8


@dataclass(frozen=True)
class About:
    """What all workbooks of a draw have in common.

    A blind one does not hold earlier answers, not even hidden. `groups` are those of reviewers at levels 3
    and 4, else 1. At the foot of every sheet stands `anchor`, the event log's.
    """

    checklist: Checklist
    draw_id: str
    organisation: str
    period: Period
    level: int
    working_days: WorkingDays
    made_on: date
    simulated: bool
    blind: bool
    groups: int = 1
    anchor: str = ""


def workbook_bytes(about: About, part: Part) -> bytes:
    """Return one workbook to fill in, as .xlsx."""
    # What the register says of the cases was looked through when they were drawn.
    judged = [text for case in part.cases for text in (case.case_id, case.unit, *case.facts.values())]
    return checklist_bytes(build(about, part), {about.anchor, *judged})


def build(about: About, part: Part) -> Workbook:
    """Build one workbook in memory."""
    workbook = Workbook()
    index = workbook.worksheets[0]
    index.title = say("checklist.sheet_index")
    styles = Styles(workbook)
    guide = workbook.create_sheet(say("checklist.sheet_guide"))
    free_days = _free_days(about)
    identity = layout.workbook_id(about.draw_id, part.name)
    names = sheet_names([case.case_id for case in part.cases], [index.title, guide.title])
    context = SheetContext(
        checklist=about.checklist,
        subject=say("checklist.subject", level=about.level, period=about.period.label()),
        draw_id=about.draw_id,
        workbook_id=identity,
        look_back=look_back(about.period),
        days=_day_range(about.period),
        free_days=f"{quoted(say('checklist.sheet_free_days'))}!$B$2:$B${len(free_days) + 1}",
        simulated=about.simulated,
        earlier=not about.blind,
        index=index.title,
    )
    figures = [
        write_case(workbook.create_sheet(name), styles, context, case, following)
        for case, name, following in zip(part.cases, names, [*names[1:], None], strict=True)
    ]
    _write_index(index, styles, about, part, figures)
    write_guide(guide, styles, about.checklist, about.working_days, blind=about.blind, level=about.level)
    _write_free_days(workbook.create_sheet(say("checklist.sheet_free_days")), styles, free_days)
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


def _day_range(period: Period) -> tuple[date, date]:
    return date(period.start.year - _YEARS_BACK, 1, 1), date(period.end.year + _YEARS_ON, 12, 31)


def _free_days(about: About) -> list[date]:
    """The days that the sheet's formulas count with; none where no question counts hverdage."""
    if not any(question.counts_weekdays for question in about.checklist.questions):
        return []
    return about.working_days.free_days(*_day_range(about.period))


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


def _write_free_days(sheet: Worksheet, styles: Styles, days: Sequence[date]) -> None:
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


def _write_index(
    sheet: Worksheet, styles: Styles, about: About, part: Part, figures: Sequence[Figures]
) -> None:
    """Write the index: what is missing in all and per case, live, with a link to each case."""
    put, formula = styles.put, styles.formula
    put(sheet, 1, 1, layout.INDEX_MARK, "helper")
    put(sheet, 1, 2, say("checklist.title", name=part.title), "title")
    put(sheet, 2, 2, f"{say(f'checklist.level_{about.level}')} · {about.period.label()}", "subtitle")
    put(sheet, 3, 2, say("checklist.draw_line", draw=about.draw_id), "subtitle")
    put(sheet, 3, 5, say("checklist.link_guide"), "link").hyperlink = link(
        say("checklist.sheet_guide"), "B1", say("checklist.link_guide")
    )
    if about.simulated:
        for column in range(2, 9):
            put(sheet, 4, column, None, "banner")
        put(sheet, 4, 2, say("checklist.simulated"), "banner")
    first, last = _INDEX_HEADING + 1, _INDEX_HEADING + len(figures)
    counted = f"F{first}:F{last}"
    of = say("checklist.index_of", done="|", n=len(figures)).split("|")
    totals = (
        ("index_progress", f"={formulas.text(of[0])}&COUNTIF({counted},0)&{formulas.text(of[1])}"),
        ("index_missing", f"=SUM({counted})"),
        ("index_akut", f'=COUNTIF(H{first}:H{last},"?*")'),
    )
    for column, (key, total) in zip((3, 5, 7), totals, strict=True):
        put(sheet, 5, column, say(f"checklist.{key}"), "subtitle")
        formula(sheet, 6, column, total, "total")
    put(sheet, 7, 2, say("checklist.index_how"), "subtitle")
    headings = ("number", "case", "unit", "case_type", "case_missing", "state", "akut_case")
    for column, key in enumerate(headings, start=2):
        put(sheet, _INDEX_HEADING, column, say(f"checklist.index_{key}"), "heading")
    for number, (case, at) in enumerate(zip(part.cases, figures, strict=True), start=1):
        row, place = _INDEX_HEADING + number, quoted(at.sheet)
        put(sheet, row, 2, number, "figure")
        put(sheet, row, 3, case.case_id, "linked").hyperlink = link(
            at.sheet, "B1", say("checklist.link_case", case=case.case_id)
        )
        put(sheet, row, 4, case.unit, "text")
        put(sheet, row, 5, case.facts.get("case_type", "").partition(": ")[2], "text")
        formula(sheet, row, 6, f"={place}!{at.missing}", "figure")
        states = [formulas.text(say(f"checklist.index_{key}")) for key in ("done", "not_begun", "begun")]
        begun = f"IF({place}!{at.begun}=0,{states[1]},{states[2]})"
        formula(sheet, row, 7, f"=IF(F{row}=0,{states[0]},{begun})", "calculated")
        urgent, yes = formulas.text(say("checklist.index_urgent")), formulas.text(answer_text(YES))
        formula(sheet, row, 8, f'=IF(TRIM({place}!{at.akut})={yes},{urgent},"")', "urgent")
    put(sheet, last + 2, 2, say("checklist.anchor", anchor=about.anchor), "subtitle")
    for letter, width in zip("ABCDEFGH", (2, 6, 24, 32, 34, 12, 18, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["A"].hidden = True
    for row, points in ((1, 27), (4, 18), (5, 16), (6, 20), (7, 20), (_INDEX_HEADING, 20)):
        sheet.row_dimensions[row].height = points
    sheet.freeze_panes = f"A{_INDEX_HEADING + 1}"
    set_page(sheet, f"B1:H{last + 2}", f"{_INDEX_HEADING}:{_INDEX_HEADING}")
