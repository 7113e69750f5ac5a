"""Checklist workbooks, made for Excel and LibreOffice: index, guide, a sheet per case, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import language, say
from tilsyn.formats.checklists.about import About
from tilsyn.formats.checklists.case_sheet import CaseForm, Figures
from tilsyn.formats.checklists.guide_sheet import write_guide
from tilsyn.formats.checklists.index_sheet import write_index
from tilsyn.formats.checklists.saving import Stamp, checklist_bytes
from tilsyn.formats.checklists.sheet_writer import SheetContext, SheetWriter, quoted
from tilsyn.formats.checklists.styles import Styles
from tilsyn.reviews import layout
from tilsyn.reviews.checklist import Case, Part

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# A notification of an old case may lie years back.
_YEARS_BACK, _YEARS_ON = 15, 4


@dataclass
class Press:
    """What the workbooks of one draw have in common: made with the first, and stamped on the others.

    `stamps` are those of the workbook in the making, by the names of its sheets.
    """

    styles: Styles | None = None
    form: CaseForm | None = None
    plain: dict[str, Stamp] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)

    def begin(self, workbook: Workbook) -> Styles:
        """Return the styles of a workbook that is still empty."""
        self.stamps = {}
        if self.styles is None:
            self.styles = Styles(workbook)
        else:
            self.styles.lend(workbook)
        return self.styles

    def case_form(self, sheet: Worksheet, context: SheetContext, case: Case) -> CaseForm:
        """Return the form that a case's sheet is filled in on."""
        assert self.styles is not None
        if self.form is None:
            self.form = CaseForm(SheetWriter(sheet, self.styles, context, case))
        self.stamps[sheet.title] = self.form.stamp
        return self.form

    def same(self, sheet: Worksheet, write: Callable[[], None]) -> None:
        """Write a sheet that is the same in every workbook, where it is the first of its name."""
        stamp = self.stamps[sheet.title] = self.plain.setdefault(sheet.title, Stamp(sheet))
        if stamp.sheet is sheet:
            write()
        first: Any = stamp.sheet
        sheet.sheet_state = first.sheet_state
        sheet.print_area, sheet.print_title_rows = first.print_area, first.print_title_rows


class _Whole(Press):
    """Writes every sheet of a workbook in full, as openpyxl saves it."""

    def case_form(self, sheet: Worksheet, context: SheetContext, case: Case) -> CaseForm:
        self.form = None
        return super().case_form(sheet, context, case)


def workbook_bytes(about: About, part: Part, press: Press) -> bytes:
    """Return one workbook to fill in, as .xlsx."""
    # What the register says of the cases was looked through when they were drawn.
    judged = [
        text
        for case in part.cases
        for text in (case.case_id, case.unit, *case.facts.values(), *case.proposed.values())
    ]
    return checklist_bytes(build(about, part, press), {about.anchor, *judged}, press.stamps)


def build(about: About, part: Part, press: Press | None = None) -> Workbook:
    """Build one workbook in memory; with a press, without what is stamped from others."""
    press = press or _Whole()
    workbook = Workbook()
    styles = press.begin(workbook)
    index = workbook.worksheets[0]
    index.title = say("checklist.sheet_index")
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
    figures: list[Figures] = []
    for number, (case, name) in enumerate(zip(part.cases, names, strict=True), start=1):
        sheet = workbook.create_sheet(name)
        form = press.case_form(sheet, context, case)
        following = names[number] if number < len(names) else None
        figures.append(form.fill(SheetWriter(sheet, styles, context, case), number, following))
    write_index(index, styles, about, part, figures)
    press.same(guide, lambda: write_guide(guide, styles, about))
    free_days = workbook.create_sheet(say("checklist.sheet_free_days"))
    press.same(free_days, lambda: _write_hverdage(free_days, styles, hverdage))
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
