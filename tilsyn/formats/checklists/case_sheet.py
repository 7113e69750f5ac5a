"""One case's sheet: its head and its questions in one table that prints on A4 across."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.formats.checklists.case_head import write_head
from tilsyn.formats.checklists.case_questions import write_questions
from tilsyn.formats.checklists.sheet_writer import HELPERS, WIDTHS, SheetContext, SheetWriter, link
from tilsyn.formats.checklists.styles import ALERT, GREY, GREY_TEXT, REQUIRED, Styles
from tilsyn.questions.answers import LAWFUL_NO, NO, answer_text
from tilsyn.reviews import formulas, layout
from tilsyn.reviews.checklist import Case

_FIRST_ROW = 5
_EDGE = Side(style="thin", color=ALERT)
_GREY = DifferentialStyle(
    font=Font(color=GREY_TEXT, italic=True), fill=PatternFill(bgColor=GREY, fill_type="solid")
)
_REQUIRED = DifferentialStyle(
    fill=PatternFill(bgColor=REQUIRED, fill_type="solid"), border=Border(_EDGE, _EDGE, _EDGE, _EDGE)
)
_BOLD = DifferentialStyle(font=Font(bold=True, color=ALERT))


@dataclass(frozen=True)
class Figures:
    """Where the index finds a case's figures: the sheet and its cells."""

    sheet: str
    missing: str
    begun: str
    akut: str


def write_case(
    sheet: Worksheet, styles: Styles, context: SheetContext, case: Case, next_sheet: str | None
) -> Figures:
    """Write a case's sheet, with a link to the next one's where there is one."""
    writer = SheetWriter(sheet, styles, context, case)
    _top(writer, next_sheet)
    writer.row = _FIRST_ROW
    write_head(writer)
    questions = write_questions(writer)
    last = writer.row - 1
    _counters(writer, questions, last)
    writer.validate()
    _conditional(writer, questions, last)
    _page(writer, last)
    cells = [f"${writer.letter(role)}$1" for role in ("missing", "effective")]
    akut = f"${writer.letter('answer')}${writer.head_rows['akut']}"
    return Figures(sheet.title, cells[0], cells[1], akut)


def _top(writer: SheetWriter, next_sheet: str | None) -> None:
    put, sheet, column = writer.styles.put, writer.sheet, writer.column
    put(sheet, 1, 1, layout.CASE_MARK, "helper")
    put(sheet, 1, 2, say("checklist.case_title", case=writer.case.case_id), "title")
    put(sheet, 1, column["when"], f"{writer.case.unit} · {writer.context.subject}", "subtitle")
    links = [(2, say("checklist.link_index"), writer.context.index)]
    if next_sheet is not None:
        links.append((column["law"], say("checklist.link_next"), next_sheet))
    for number, label, target in links:
        put(sheet, 2, number, label, "link").hyperlink = link(target, "B1", label)
    if writer.context.simulated:
        for number in range(column["when"], column["status"] + 1):
            put(sheet, 2, number, None, "banner")
        put(sheet, 2, column["when"], say("checklist.simulated"), "banner")
    for role, number in column.items():
        put(sheet, 3, number, layout.COLUMNS_KEY if role == "key" else role, "helper")
        if role != "key":
            name = "row_state" if role == "status" else role
            put(sheet, 4, number, say(f"checklist.column_{name}"), "heading")
    for row, points in ((1, 27), (2, 18), (4, 20)):
        sheet.row_dimensions[row].height = points
    sheet.row_dimensions[3].hidden = True


def _counters(writer: SheetWriter, questions: list[int], last: int) -> None:
    """Count what is missing, and what is begun, in the sheet's first row."""
    missing, answers = writer.letter("missing"), writer.letter("answer")
    first = questions[0] if questions else last
    writer.row = 1
    writer.formula("missing", f"=SUM({missing}{_FIRST_ROW}:{missing}{last})")
    writer.formula("effective", f"=COUNTA({answers}{first}:{answers}{last})")
    label = formulas.text(say("checklist.missing_count"))
    writer.formula("status", f"={label}&${missing}$1", "counter")


def _conditional(writer: SheetWriter, questions: list[int], last: int) -> None:
    sheet = writer.sheet
    if not questions:
        return
    first = questions[0]
    skipped, missing, effective, remark = (
        f"${writer.letter(role)}{first}" for role in ("skipped", "missing", "effective", "remark")
    )
    shown = f"{writer.letter('question')}{first}:{writer.letter('status')}{last}"
    _shade(sheet, shown, f'{skipped}<>""', _GREY)
    words = [formulas.text(answer_text(answer)) for answer in (NO, LAWFUL_NO)]
    noes = f"OR({','.join(f'{effective}={word}' for word in words)})"
    remarks = f"{writer.letter('remark')}{first}:{writer.letter('remark')}{last}"
    _shade(sheet, remarks, f'AND({noes},TRIM({remark})="",{missing}=1)', _REQUIRED)
    states = f"{writer.letter('status')}{_FIRST_ROW}:{writer.letter('status')}{last}"
    _shade(sheet, states, f"${writer.letter('missing')}{_FIRST_ROW}=1", _BOLD)


def _shade(sheet: Worksheet, cells: str, test: str, style: DifferentialStyle) -> None:
    # Nothing is asked for in a skipped row, so no other colour follows on the grey.
    rule = Rule(type="expression", dxf=style, formula=[test], stopIfTrue=style is _GREY)
    sheet.conditional_formatting.add(cells, rule)


def _page(writer: SheetWriter, last: int) -> None:
    """Set columns, frozen heads, protection and print."""
    sheet = writer.sheet
    for role in writer.column:
        dimension = sheet.column_dimensions[writer.letter(role)]
        dimension.width = WIDTHS[role]
        dimension.hidden = role in ("key", *HELPERS)
    sheet.freeze_panes = f"C{_FIRST_ROW}"
    area = f"B1:{writer.letter('status')}{last}"
    set_page(sheet, area, "1:4")
    act = writer.head_rows.get("akut", _FIRST_ROW)
    start = f"{writer.letter('answer')}{act}"
    for selection in sheet.sheet_view.selection:
        if selection.pane == "bottomRight":
            selection.activeCell, selection.sqref = start, start


def set_page(sheet: Worksheet, area: str, titles: str) -> None:
    """Protect a sheet without a password, and let it print on A4 across, one page wide."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.35
    margins.top, margins.bottom, margins.header, margins.footer = 0.4, 0.6, 0.2, 0.3
    sheet.print_area = area
    sheet.print_title_rows = titles
    left, right = _HeaderFooterPart(sheet.title.replace("&", "&&")), _HeaderFooterPart(say("checklist.page"))
    sheet.HeaderFooter = HeaderFooter(oddFooter=HeaderFooterItem(left=left, right=right))
