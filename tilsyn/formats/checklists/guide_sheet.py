"""The guide sheet: how the workbook is filled in, what the answers mean, and each question's guidance."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.formats.checklists.case_sheet import set_page
from tilsyn.formats.checklists.styles import Styles, height
from tilsyn.questions.answers import ANSWERS, HIGH, LAWFUL_NO, LOW, NO, NOT_RELEVANT, SOME, YES, answer_text
from tilsyn.questions.deadlines import DOUBTFUL_DAYS, WorkingDays
from tilsyn.reviews import layout
from tilsyn.reviews.checklist import Checklist

_WIDTHS = (2, 20, 62, 68)
_ANSWERS = {YES: "yes", NO: "no", LAWFUL_NO: "lawful_no", NOT_RELEVANT: "not_relevant"}


class _Guide:
    """The sheet, filled downwards."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self.sheet, self.styles, self.row = sheet, styles, 1

    def title(self, text: str, style: str = "section") -> None:
        for column in (2, 3, 4):
            self.styles.put(self.sheet, self.row, column, None, style)
        self.styles.put(self.sheet, self.row, 2, text, style)
        self.sheet.row_dimensions[self.row].height = 27 if style == "title" else 20
        self.row += 1

    def line(self, text: str) -> None:
        self.styles.put(self.sheet, self.row, 2, text, "free")
        self.sheet.merge_cells(start_row=self.row, start_column=2, end_row=self.row, end_column=4)
        self._grow({0: text}, (sum(_WIDTHS[1:]),))

    def entry(self, *texts: str, style: str = "text") -> None:
        for column, text in enumerate(texts, start=2):
            self.styles.put(
                self.sheet, self.row, column, text, "strong" if column == 2 and style == "text" else style
            )
        self._grow(dict(enumerate(texts)), _WIDTHS[1:])

    def _grow(self, texts: dict[int, str], widths: tuple[float, ...]) -> None:
        self.sheet.row_dimensions[self.row].height = height(texts, widths)
        self.row += 1


def write_guide(
    sheet: Worksheet,
    styles: Styles,
    checklist: Checklist,
    working_days: WorkingDays,
    *,
    blind: bool,
    level: int,
) -> None:
    """Write the guide; it names the days that are no hverdage, and at levels 3 and 4 says if it is blind."""
    styles.put(sheet, 1, 1, layout.GUIDE_MARK, "helper")
    guide = _Guide(sheet, styles)
    guide.title(say("checklist.guide_title"), "title")
    for line in say("checklist.guide_steps").splitlines():
        guide.line(line)
    if level in (3, 4):
        guide.line(say("checklist.guide_blind" if blind else "checklist.guide_earlier"))
    guide.row += 1
    guide.title(say("checklist.guide_answers"))
    kinds = {question.kind for question in checklist.questions}
    if "legal" in kinds:
        for answer in ANSWERS["legal"]:
            guide.entry(answer_text(answer), say(f"checklist.guide_{_ANSWERS[answer]}"))
    if "grade" in kinds:
        grades = " / ".join(answer_text(answer) for answer in (LOW, SOME, HIGH, NOT_RELEVANT))
        guide.entry(grades, say("checklist.guide_grades"))
    excluded = [say(f"checklist.free_{name}") for name in DOUBTFUL_DAYS if not getattr(working_days, name)]
    if any(question.counts_weekdays for question in checklist.questions):
        guide.line(
            say("checklist.guide_working_days", excluded=", ".join(excluded))
            if excluded
            else say("checklist.guide_working_days_plain")
        )
    guide.row += 1
    guide.title(say("checklist.guide_questions"))
    headings = ("column_question", "column_text", "guide_column_guidance")
    guide.entry(*(say(f"checklist.{key}") for key in headings), style="heading")
    for question in checklist.questions:
        guide.entry(question.question_id, question.text, question.guidance or question.applies_when)
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = "A2"
    set_page(sheet, f"B1:D{guide.row - 1}", "1:1")
