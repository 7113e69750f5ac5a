"""The index of a workbook: how far it is, what comes next, and where it goes; acute cases first, live."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.formats.checklists.about import About
from tilsyn.formats.checklists.case_sheet import Figures, print_from, set_page
from tilsyn.formats.checklists.sheet_writer import link, quoted
from tilsyn.formats.checklists.styles import Styles
from tilsyn.reviews import layout
from tilsyn.reviews.checklist import Part
from tilsyn.reviews.formulas import EMPTY, any_of, text

_HEADING = 11
_BAR = 20
_SHOWN = ("number", "case_link", "unit", "case_type", "case_missing", "bar", "state", "next")
_WIDTHS = (2, 5, 22, 26, 28, 10, 24, 14, 20)
# Hidden: a row for each case as the workbook has them, from which the shown rows are put in order.
_KEPT = (
    "case",
    "sheet",
    "unit",
    "case_type",
    "missing",
    "asked",
    "begun",
    "next_row",
    "akut",
    "key",
    "next_id",
    "wanted",
)
_FIRST_KEPT = len(_WIDTHS) + 1


def write_index(
    sheet: Worksheet, styles: Styles, about: About, part: Part, figures: Sequence[Figures]
) -> None:
    """Write the index: what is missing in all and per case, live, with a link to each case."""
    _Index(sheet, styles, about, part, figures).write()


class _Index:
    """The sheet, and where its hidden columns are."""

    def __init__(
        self, sheet: Worksheet, styles: Styles, about: About, part: Part, figures: Sequence[Figures]
    ) -> None:
        self.sheet, self.styles, self.about, self.part, self.figures = sheet, styles, about, part, figures
        self.first, self.last = _HEADING + 1, _HEADING + len(figures)
        self.column = {name: get_column_letter(_FIRST_KEPT + n) for n, name in enumerate(_KEPT)}

    def put(self, row: int, column: int, value: str | int | None, style: str) -> None:
        self.styles.put(self.sheet, row, column, value, style)

    def formula(self, row: int, column: int, formula: str, style: str) -> None:
        self.styles.formula(self.sheet, row, column, f"={formula}", style)

    def area(self, name: str) -> str:
        """Return a hidden column's cells."""
        letter = self.column[name]
        return f"${letter}${self.first}:${letter}${self.last}"

    def write(self) -> None:
        """Write all of it."""
        self._head()
        self._totals()
        for column, key in enumerate(_SHOWN, start=2):
            self.put(_HEADING, column, say(f"checklist.index_{key}"), "heading")
        for n, name in enumerate(_KEPT):
            heading = say("checklist.index_case") if name == "case" else name
            self.put(_HEADING, _FIRST_KEPT + n, heading, "helper")
        for number in range(1, len(self.figures) + 1):
            self._keep(number)
            self._show(number)
        self._foot()
        self._page()

    def _head(self) -> None:
        about, put = self.about, self.put
        put(1, 1, layout.INDEX_MARK, "helper")
        put(1, 2, say("checklist.title", name=self.part.title), "title")
        put(2, 2, f"{about.level_label} · {about.period.label()} · {about.organisation}", "subtitle")
        put(3, 2, say("checklist.link_guide"), "link")
        self.sheet.cell(3, 2).hyperlink = link(
            say("checklist.sheet_guide"), "B1", say("checklist.link_guide")
        )
        if about.simulated:
            for column in range(2, len(_WIDTHS) + 1):
                put(4, column, None, "banner")
            put(4, 2, say("checklist.simulated"), "banner")
        due = date_text(about.due) if about.due else ""
        where = [say("checklist.index_due", date=due)] if due else []
        where += [say("checklist.index_send", where=about.send_to)] if about.send_to else []
        put(5, 2, " ".join(where), "due")

    def _totals(self) -> None:
        missing, asked = self.area("missing"), self.area("asked")
        done = f"COUNTIF({missing},0)"
        told = say("checklist.index_done_of", done="|", n=len(self.figures)).split("|")
        self.put(7, 2, say("checklist.index_progress"), "subtitle")
        self.formula(7, 4, f"{text(told[0])}&{done}&{text(told[1])}", "total")
        self.put(7, 5, say("checklist.index_missing"), "subtitle")
        self.formula(7, 6, f"SUM({missing})", "total")
        self.put(7, 7, say("checklist.index_akut"), "subtitle")
        self.formula(7, 8, f"SUM({self.area('akut')})", "total")
        self.formula(8, 2, _bar(f"(SUM({asked})-SUM({missing}))", f"SUM({asked})", 3 * _BAR), "bar")
        # The first that lacks something as the cases are shown: acute ones first.
        place = f"MATCH(MIN({self.area('wanted')}),{self.area('wanted')},0)"
        following = f"INDEX({self.area('sheet')},{place})"
        row, name = (f"INDEX({self.area(key)},{place})" for key in ("next_row", "next_id"))
        answers = self.figures[0].answers if self.figures else "A"
        target = f'"#"&{following}&"!{answers}"&MAX(1,{row})'
        label = f'{text(say("checklist.index_go") + " ")}&INDEX({self.area("case")},{place})&", "&{name}'
        finished = text(say("checklist.index_all_done"))
        self.formula(9, 2, f"IFERROR(HYPERLINK({target},{label}),{finished})", "linked_free")

    def _keep(self, number: int) -> None:
        """Keep a case's figures where the workbook has the case."""
        case, at = self.part.cases[number - 1], self.figures[number - 1]
        row, place = _HEADING + number, quoted(at.sheet)
        texts = (case.case_id, place, case.unit, case.facts.get("case_type", "").partition(": ")[2])
        for n, value in enumerate(texts):
            self.put(row, _FIRST_KEPT + n, value, "helper")
        said = f"UPPER(TRIM({place}!{at.akut}))"
        yes = any_of([f"{said}={text(word)}" for word in ("J", "JA", "Y", "YES")])
        next_row = f"{place}!{at.next_row}"
        keys = {name: f"${self.column[name]}{row}" for name in _KEPT}
        order = f"IF({keys['akut']}=1,0,1000)+{number}"
        following = f"INDEX({place}!${at.questions}:${at.questions},{next_row})"
        formulas = (
            f"{place}!{at.missing}",
            f"{place}!{at.asked}",
            f"{place}!{at.begun}",
            next_row,
            f"IF({yes},1,0)",
            order,
            f"IF({next_row}=0,{EMPTY},{following})",
            f"IF({keys['missing']}>0,{keys['key']},{EMPTY})",
        )
        for n, formula in enumerate(formulas, start=_FIRST_KEPT + len(texts)):
            self.formula(row, n, formula, "helper")

    def _show(self, number: int) -> None:
        """Show the case that is so manieth: acute ones first, else in the workbook's order."""
        row = _HEADING + number
        place = f"MATCH(SMALL({self.area('key')},{number}),{self.area('key')},0)"

        def of(name: str) -> str:
            return f"INDEX({self.area(name)},{place})"

        answers = self.figures[0].answers
        self.put(row, 2, number, "figure")
        self.formula(row, 3, f'HYPERLINK("#"&{of("sheet")}&"!A1",{of("case")})', "linked")
        self.formula(row, 4, of("unit"), "calculated")
        self.formula(row, 5, f"{of('case_type')}&{EMPTY}", "calculated")
        of_all = f"{text(' ' + say('checklist.index_of') + ' ')}&{of('asked')}"
        self.formula(row, 6, f"{of('missing')}&{of_all}", "figure")
        self.formula(row, 7, _bar(f"({of('asked')}-{of('missing')})", of("asked"), _BAR), "bar")
        states = {
            key: text(say(f"checklist.index_{key}")) for key in ("done", "not_begun", "begun", "urgent")
        }
        begun = f"IF({of('begun')}=0,{states['not_begun']},{states['begun']})"
        state = f"IF({of('missing')}=0,{states['done']},{begun})"
        urgent = f"IF({of('akut')}=1,{text(say('checklist.index_urgent') + ' ')},{EMPTY})"
        self.formula(row, 8, f"{urgent}&{state}", "calculated")
        target = f'"#"&{of("sheet")}&"!{answers}"&{of("next_row")}'
        self.formula(row, 9, f"IF({of('next_row')}=0,{EMPTY},HYPERLINK({target},{of('next_id')}))", "linked")

    def _foot(self) -> None:
        row = self.last + 2
        self.put(row, 2, say("checklist.index_how"), "subtitle")
        self.put(row + 1, 2, say("checklist.draw_line", draw=self.about.draw_id), "subtitle")
        self.put(row + 2, 2, say("checklist.anchor", anchor=self.about.anchor), "subtitle")
        if self.about.chosen:
            self.put(row + 3, 2, say("single.chosen"), "subtitle")

    def _page(self) -> None:
        sheet = self.sheet
        for number, width in enumerate(_WIDTHS, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        for letter in ("A", *self.column.values()):
            sheet.column_dimensions[letter].hidden = True
        for row, points in ((1, 27), (4, 18), (5, 20), (7, 22), (8, 16), (9, 22), (_HEADING, 20)):
            sheet.row_dimensions[row].height = points
        sheet.freeze_panes = f"A{_HEADING + 1}"
        last = get_column_letter(len(_WIDTHS))
        set_page(sheet)
        print_from(sheet, f"B1:{last}{self.last + 4 + self.about.chosen}", f"{_HEADING}:{_HEADING}")


def _bar(done: str, of: str, length: int) -> str:
    """Return the formula of a bar that grows with what is done."""
    full = f"IF({of}=0,{length},INT({length}*{done}/{of}))"
    return f'REPT("█",{full})&REPT("░",{length}-{full})'
