"""The guide sheet: how the workbook is filled in, what the answers mean, and each question's guidance."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.countries import country_name
from tilsyn.base.language import say
from tilsyn.formats.checklists.about import About
from tilsyn.formats.checklists.case_head import letters_told
from tilsyn.formats.checklists.case_sheet import print_from, set_page
from tilsyn.formats.checklists.sheet_writer import POINTS_A_UNIT
from tilsyn.formats.checklists.styles import CRITICAL, Styles
from tilsyn.formats.checklists.text_size import height
from tilsyn.questions.answers import ANSWERS, LAWFUL_NO, NO, NOT_RELEVANT, YES, answer_text
from tilsyn.questions.question import Question
from tilsyn.questions.scales import legend
from tilsyn.reviews import layout
from tilsyn.reviews.answer_formulas import letters
from tilsyn.reviews.checklist import Checklist

_WIDTHS = (2, 20, 62, 68)
_ANSWERS = {YES: "yes", NO: "no", LAWFUL_NO: "lawful_no", NOT_RELEVANT: "not_relevant"}
_SIZE = 10


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
        self._grow((text,), (sum(_WIDTHS[1:]),))

    def entry(self, *texts: str, style: str = "text") -> None:
        for column, text in enumerate(texts, start=2):
            self.styles.put(
                self.sheet, self.row, column, text, "strong" if column == 2 and style == "text" else style
            )
        self._grow(texts, _WIDTHS[1:])

    def _grow(self, texts: Sequence[str], widths: Sequence[float]) -> None:
        rooms = zip(texts, widths, strict=False)
        needed = max(height(text, wide * POINTS_A_UNIT, _SIZE) for text, wide in rooms)
        self.sheet.row_dimensions[self.row].height = needed + 3
        self.row += 1


def write_guide(sheet: Worksheet, styles: Styles, about: About) -> None:
    """Write the guide; it names the days that are no hverdage, and says whether a second reading is blind."""
    styles.put(sheet, 1, 1, layout.GUIDE_MARK, "helper")
    guide = _Guide(sheet, styles)
    guide.title(say("checklist.guide_title"), "title")
    for line in say("checklist.guide_steps").splitlines():
        guide.line(line)
    if about.second_reading:
        guide.line(say("checklist.guide_blind" if about.blind else "checklist.guide_earlier"))
    guide.row += 1
    _answers(guide, about)
    _facts(guide, about.checklist)
    guide.title(say("checklist.guide_questions"))
    headings = ("column_question", "column_text", "guide_column_guidance")
    guide.entry(*(say(f"checklist.{key}") for key in headings), style="heading")
    for question in about.checklist.questions:
        guide.entry(question.question_id, _question(question), _guidance(question))
    for letter, wide in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = wide
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = "A2"
    set_page(sheet)
    print_from(sheet, f"B1:D{guide.row - 1}", "1:1")


def _answers(guide: _Guide, about: About) -> None:
    guide.title(say("checklist.guide_answers"))
    questions = about.checklist.questions
    kinds = {question.kind for question in questions}
    if kinds - {"grade"}:
        for answer in ANSWERS["legal"]:
            told = say(f"checklist.guide_{_ANSWERS[answer]}")
            guide.entry(f"{letters()[answer]} = {answer_text(answer)}", told)
    for scale in dict.fromkeys(question.scale for question in questions if question.graded):
        typed = [*legend(scale), f"{letters()[NOT_RELEVANT]} = {answer_text(NOT_RELEVANT)}"]
        guide.entry("\n".join(typed), say("checklist.guide_grades"))
    if any(question.limited for question in questions):
        days = about.working_days
        country = country_name(days.country, days.subdivision)
        excluded = ", ".join(say(f"checklist.free_{name}") for name in days.left_out)
        key = "guide_working_days" if excluded else "guide_working_days_plain"
        guide.line(say(f"checklist.{key}", country=country, excluded=excluded))
    guide.row += 1


def _facts(guide: _Guide, checklist: Checklist) -> None:
    """Write the letters of the case head, for those who fill in on paper."""
    asked = [field for field in checklist.head if field.fact is not None and field.key != "akut"]
    if not asked:
        return
    guide.title(say("checklist.guide_head"))
    for field in asked:
        assert field.fact is not None
        lettered = field.fact.kind in ("choice", "yes-no")
        guide.entry("", field.label, letters_told(field.fact) if lettered else field.help)
    guide.row += 1


def _question(question: Question) -> str:
    """Return the short and the whole text, the law, and when the question applies."""
    lines = [question.short] if question.short != question.text else []
    lines += [question.text, "; ".join(question.law.values())]
    lines.append(say("checklist.applies", when=question.applies_when) if question.applies_when else "")
    if question.critical:
        lines.append(say("checklist.critical_told", mark=CRITICAL))
    return "\n".join(line for line in lines if line)


def _guidance(question: Question) -> str:
    """Return where to look, and an example of each answer."""
    lines = [question.guidance]
    for key in ("ja", "nej", "lovlig"):
        text = question.guides_da.get(key, "")
        lines.append(say(f"checklist.example_{key}", text=text) if text else "")
    return "\n".join(line for line in lines if line)
