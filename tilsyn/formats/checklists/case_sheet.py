"""One case's sheet: its head and all its questions on one upright A4 page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.formats.checklists import case_head
from tilsyn.formats.checklists.case_names import Names
from tilsyn.formats.checklists.case_questions import Questions, date_inputs, letters_line
from tilsyn.formats.checklists.saving import Stamp
from tilsyn.formats.checklists.sheet_writer import (
    POINTS_A_UNIT,
    PRINTED,
    WIDTHS,
    SheetWriter,
    link,
)
from tilsyn.formats.checklists.styles import ALERT, GREY, GREY_TEXT, REQUIRED, SIZE, UNUSED
from tilsyn.formats.checklists.text_size import fitted, height
from tilsyn.reviews import layout
from tilsyn.reviews.formulas import chosen, codes_in_words, text

_TITLE, _FACTS, _LETTERS, _BANNER, _COLUMNS, _HIDDEN = 1, 2, 3, 4, 5, 6
_HEAD = _HIDDEN + 3
_ONE_LINE = height("x", 100, SIZE)
# So much of the width is used in any font: some have letters that are wider beside their digits.
_SURE = 0.93
# More would take the page from the questions.
_FACT_LINES = 3
_ROOM = sum(WIDTHS[role] for role in PRINTED) * _SURE
_EDGE = Side(style="thin", color=ALERT)
_GREY = DifferentialStyle(
    font=Font(color=GREY_TEXT, italic=True), fill=PatternFill(bgColor=GREY, fill_type="solid")
)
# What the head or the dates answer asks for nothing.
_SETTLED = DifferentialStyle(fill=PatternFill(bgColor=UNUSED, fill_type="solid"))
_REQUIRED = DifferentialStyle(
    fill=PatternFill(bgColor=REQUIRED, fill_type="solid"), border=Border(_EDGE, _EDGE, _EDGE, _EDGE)
)


@dataclass(frozen=True)
class Figures:
    """Where the index finds a case's figures: the sheet and its cells.

    `next_row` is the row of the first question that lacks something, 0 where none does, in the column
    `answers`; `questions` is the column of the questions' numbers.
    """

    sheet: str
    missing: str
    asked: str
    begun: str
    next_row: str
    akut: str
    answers: str
    questions: str


class CaseForm:
    """What the sheets of all cases have in common, written on one of them.

    `fill` writes what is one case's own, on this sheet or on another that is stamped from it.
    """

    def __init__(self, writer: SheetWriter) -> None:
        self.stamp = Stamp(writer.sheet)
        self.head = case_head.places(writer.context.checklist.head, _HEAD)
        heading = max((place.row for place in self.head), default=_HEAD) + 1
        questions = writer.context.checklist.questions
        rows = {question.question_id: heading + n for n, question in enumerate(questions, start=1)}
        self.first, self.last = heading + 1, heading + len(rows)
        self.names = Names(writer, _HEAD, self._inputs(writer, rows))
        self.questions = Questions(writer, rows, self.names)
        self._write(writer, heading)

    def _inputs(self, writer: SheetWriter, rows: Mapping[str, int]) -> dict[str, list[str]]:
        inputs = date_inputs(writer, rows)
        for place in self.head:
            name = case_head.fact_name(place.field)
            if name and name != "akut":
                inputs.setdefault(name, []).insert(0, writer.at(place.cell, place.row))
        return inputs

    def _write(self, writer: SheetWriter, heading: int) -> None:
        _top(writer, self.names)
        case_head.write_hidden(writer, _HIDDEN)
        case_head.write_head(writer, self.head, self.names)
        self.names.write(self.questions.look, self.questions.asked_in_hours)
        _headings(writer, heading)
        self.questions.write()
        self.foot = _foot(writer, self.last + 1)
        self.figures = _counters(writer, self.first, self.last, self.names, self.head)
        writer.validate()
        _conditional(writer, self.first, self.last, self.head, self.names)
        _page(writer)

    def fill(self, writer: SheetWriter, number: int, next_sheet: str | None) -> Figures:
        """Write what is one case's own, with a link to the next one's sheet where there is one."""
        _own_top(writer, number, next_sheet)
        case_head.fill_hidden(writer, _HIDDEN)
        case_head.fill_head(writer, self.head, self.names)
        self.questions.fill(writer)
        writer.formula(_TITLE, "effective", f"={_filled_in(writer, self.first, self.last, self.head)}")
        print_from(writer.sheet, f"{writer.letter(PRINTED[0])}1:{writer.letter(PRINTED[-1])}{self.foot}")
        selection = writer.sheet.sheet_view.selection[-1]
        selection.activeCell = selection.sqref = case_head.first_empty(writer, self.head)
        if writer.sheet is self.stamp.sheet:
            # The last case has no link to a next one.
            self.stamp.own = {*writer.filled, (_FACTS, writer.column["status"])}
        return replace(self.figures, sheet=writer.sheet.title)


def _top(writer: SheetWriter, names: Names) -> None:
    writer.put(_TITLE, "key", layout.CASE_MARK, "helper")
    writer.across(_FACTS, PRINTED[0], PRINTED[-1], "case_facts")
    _whole_line(writer, _LETTERS, letters_line(writer.context.checklist.questions), "case_letters")
    _link(writer, _TITLE, say("checklist.link_index"), writer.context.index)
    regimes = {regime.name: regime.title for regime in writer.context.checklist.regimes}
    if regimes and "regime" in names.rows:
        unknown = text(say("checklist.regime_unknown"))
        law = codes_in_words(names.value("regime"), regimes, unknown)
        writer.formula(_LETTERS, "status", f"={law}", "case_state")
    writer.put(_BANNER, "key", None, "helper")
    if writer.context.simulated:
        writer.across(_BANNER, PRINTED[0], PRINTED[-1], "banner")
        writer.put(_BANNER, PRINTED[0], say("checklist.simulated"), "banner")
    for role in writer.column:
        writer.put(_COLUMNS, role, layout.COLUMNS_KEY if role == "key" else role, "helper")
    writer.tall(_TITLE, 17)
    writer.tall(_BANNER, 13, hidden=not writer.context.simulated)
    writer.tall(_COLUMNS, 11, hidden=True)


def _own_top(writer: SheetWriter, number: int, next_sheet: str | None) -> None:
    case = writer.case
    title = say("checklist.case_title", case=case.case_id, number=number, n=writer.context.cases)
    writer.put(_TITLE, "step", title, "case_title")
    facts = [value.partition(": ")[2] if name == "case_type" else value for name, value in case.facts.items()]
    told = fitted(" · ".join([case.unit, *facts]), _ROOM, SIZE, _FACT_LINES)
    writer.put(_FACTS, PRINTED[0], told, "case_facts")
    writer.tall(_FACTS, height(told, _ROOM, SIZE))
    if next_sheet is not None:
        _link(writer, _FACTS, say("checklist.link_next"), next_sheet)


def _link(writer: SheetWriter, row: int, label: str, target: str) -> None:
    writer.put(row, "status", label, "link")
    writer.sheet.cell(row, writer.column["status"]).hyperlink = link(target, "A1", label)


def _whole_line(writer: SheetWriter, row: int, told: str, style: str) -> None:
    """Write a text over the whole width of the page, as high as it needs."""
    writer.across(row, PRINTED[0], PRINTED[-1], style)
    writer.put(row, PRINTED[0], told, style)
    writer.tall(row, height(told, _ROOM, SIZE))


def _headings(writer: SheetWriter, row: int) -> None:
    labels = {"text": "text", "status": "row_state"} | {
        role: role for role in ("step", "question", "answer", "start", "end", "remark")
    }
    if writer.context.earlier:
        labels["earlier"] = "earlier"
    for role in (*PRINTED, *(["earlier"] if writer.context.earlier else []), "status"):
        name = labels.get(role)
        writer.put(row, role, say(f"checklist.column_{name}") if name else None, "case_heading")
    writer.put(row, "key", layout.SECTION_KEY, "helper")
    writer.tall(row, 2 * _ONE_LINE)


def _foot(writer: SheetWriter, row: int) -> int:
    """Write the lines below the questions and return the last row."""
    for field in writer.context.checklist.head:
        if field.kind == "line":
            writer.put(row, "key", field.key, "helper")
            writer.across(row, "step", "text", "case_text")
            writer.put(row, "step", field.label, "case_text")
            writer.across(row, "head_left", "remark", "case_input")
            writer.prompt(row, "head_left", field.label, field.help)
            writer.tall(row, _ONE_LINE)
            row += 1
    _whole_line(writer, row, say("checklist.foot"), "case_facts")
    return row


def _counters(
    writer: SheetWriter, first: int, last: int, names: Names, head: list[case_head.Place]
) -> Figures:
    """Count what is missing, and what is begun, in the sheet's first row."""
    area = {
        role: f"{writer.at(role, first)}:{writer.at(role, last)}"
        for role in ("missing", "skipped", "applies")
    }
    dated = f"+IF({names.act}=0,1,0)" if writer.context.checklist.asks_act_date else ""
    not_in_law = text(say("checklist.not_in_law"))
    writer.formula(_TITLE, "missing", f"=SUM({area['missing']}){dated}")
    writer.formula(_TITLE, "applies", f"={last - first + 1}-COUNTIF({area['skipped']},{not_in_law})")
    writer.formula(_TITLE, "own", f"=IFERROR(MATCH(1,{area['missing']},0)+{first - 1},0)")
    missing, asked = writer.at("missing", _TITLE), writer.at("applies", _TITLE)
    told = say("checklist.missing_of", missing="|", n="|").split("|")
    counted = "&".join([text(told[0]), missing, text(told[1]), asked])
    if dated:
        no_date = text(say("checklist.and_the_date"))
        counted = f'{counted}&IF({names.act}=0,{no_date},"")'
    finished = text(say("checklist.case_done"))
    writer.formula(_TITLE, "remark", "=" + chosen([(f"{missing}=0", finished)], counted), "case_missing")
    akut = next((place for place in head if place.field.key == "akut"), head[0])
    return Figures(
        sheet=writer.sheet.title,
        missing=missing,
        asked=asked,
        begun=writer.at("effective", _TITLE),
        next_row=writer.at("own", _TITLE),
        akut=writer.at(akut.cell, akut.row),
        answers=writer.letter("answer"),
        questions=writer.letter("question"),
    )


def _filled_in(writer: SheetWriter, first: int, last: int, head: list[case_head.Place]) -> str:
    """Return how many cells hold something that the register did not put there."""
    areas = [f"{writer.at('answer', first)}:{writer.at('end', last)}"]
    for role in ("head_left", "remark"):
        rows = [place.row for place in head if place.cell == role]
        areas += [f"{writer.at(role, min(rows))}:{writer.at(role, max(rows))}"] if rows else []
    proposed = sum(bool(writer.case.proposed.get(case_head.fact_name(place.field))) for place in head)
    return f"COUNTA({','.join(areas)})-{proposed}"


def _conditional(
    writer: SheetWriter, first: int, last: int, head: list[case_head.Place], names: Names
) -> None:
    sheet = writer.sheet
    for place, test in case_head.unasked(head, names):
        cells = f"{writer.letter(place.first)}{place.row}:{writer.letter(place.cell)}{place.row}"
        _shade(sheet, cells, test, _GREY)
    # The row moves with the cells that the rule is for.
    applies, typed, effective, missing = (
        f"${writer.letter(role)}{first}" for role in ("applies", "typed", "effective", "missing")
    )
    questions = f"{writer.letter('question')}{first}:{writer.letter('status')}{last}"
    _shade(sheet, questions, f"{applies}=0", _GREY)
    answers = f"{writer.letter('answer')}{first}:{writer.letter('answer')}{last}"
    _shade(sheet, answers, f'AND({typed}="",{effective}<>"")', _SETTLED)
    remarks = f"{writer.letter('remark')}{first}:{writer.letter('remark')}{last}"
    _shade(sheet, remarks, f'AND({effective}<>"",{missing}=1)', _REQUIRED)


def _shade(sheet: Worksheet, cells: str, test: str, style: DifferentialStyle) -> None:
    # Nothing is asked for in a skipped row, so no other colour follows on the grey.
    rule = Rule(type="expression", dxf=style, formula=[test], stopIfTrue=style is _GREY)
    sheet.conditional_formatting.add(cells, rule)


def _page(writer: SheetWriter) -> None:
    """Set columns, frozen heads, protection and print."""
    sheet = writer.sheet
    for role in writer.column:
        dimension = sheet.column_dimensions[writer.letter(role)]
        dimension.width = WIDTHS.get(role, 50) / POINTS_A_UNIT
        dimension.hidden = role not in WIDTHS
    # A row of one line has this height, and grows with what is typed in it.
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = _ONE_LINE, True
    sheet.freeze_panes = f"A{_COLUMNS}"
    set_page(sheet, one_page=True)


def set_page(sheet: Worksheet, *, one_page: bool = False) -> None:
    """Protect a sheet without a password, and let it print on A4, one page wide; a case on one."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100 if one_page else 90
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.page_setup.orientation = "portrait" if one_page else "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1 if one_page else 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.19 if one_page else 0.35
    margins.top, margins.bottom, margins.header, margins.footer = (
        (0.17, 0.32, 0.1, 0.14) if one_page else (0.4, 0.6, 0.2, 0.3)
    )


def print_from(sheet: Worksheet, area: str, titles: str = "") -> None:
    """Print an area, with these rows on every page, and the sheet's name at its foot."""
    sheet.print_area = area
    if titles:
        sheet.print_title_rows = titles
    left, right = _HeaderFooterPart(sheet.title.replace("&", "&&")), _HeaderFooterPart(say("checklist.page"))
    sheet.HeaderFooter = HeaderFooter(oddFooter=HeaderFooterItem(left=left, right=right))
