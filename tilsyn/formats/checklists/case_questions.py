"""The questions of a case sheet: a row each, the case step first, with formulas that follow the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from tilsyn.base.language import say
from tilsyn.formats.checklists.case_names import Names, dates_in_hours
from tilsyn.formats.checklists.sheet_writer import LONGEST_PROMPT, SheetWriter, shortened
from tilsyn.formats.checklists.styles import CRITICAL, SIZE
from tilsyn.formats.checklists.text_size import cut, height
from tilsyn.questions.answers import LAWFUL_NO
from tilsyn.questions.evaluation import limit_of
from tilsyn.questions.facts import REVIEWED_ON
from tilsyn.questions.question import Question, row_dates
from tilsyn.questions.scales import legend
from tilsyn.reviews import layout
from tilsyn.reviews.answer_formulas import RowCells, RowFormulas, letters, words_of
from tilsyn.reviews.date_formulas import LimitFormulas
from tilsyn.reviews.formulas import Seen, Versions, holds, text

_ROLES = (
    "answer", "remark", "typed", "reason", "last", "derived", "applies", "own", "effective", "missing",
    "skipped",
)  # fmt: skip


def date_inputs(writer: SheetWriter, rows: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the cells in which a date is typed beside a question, by the date's name."""
    found: dict[str, list[str]] = {}
    for question in writer.context.checklist.questions:
        for role, name in dates_beside(writer, question).items():
            found.setdefault(name, []).append(writer.at(role, rows[question.question_id]))
    return found


def dates_beside(writer: SheetWriter, question: Question) -> dict[str, str]:
    """Return the dates that are asked beside a question, by the column."""
    deadline = question.deadline
    if deadline is not None and deadline.computed:
        return {role: f"{question.question_id}.{role}" for role in ("start", "end")}
    facts = [fact.name for fact in writer.context.checklist.question_set.facts]
    beside = zip(("start", "end"), row_dates(question, facts), strict=True)
    return {role: name for role, name in beside if name}


class Questions:
    """The question rows of one sheet."""

    def __init__(self, writer: SheetWriter, rows: Mapping[str, int], names: Names) -> None:
        self.writer, self.rows, self.names = writer, rows, names
        checklist = writer.context.checklist
        self.versions = Versions(checklist.question_set, names.act, writer.context.latest_act)
        self.limits = LimitFormulas(
            names.dates,
            names.value(REVIEWED_ON),
            writer.context.hverdage,
            lambda condition: holds(condition, self.look),
            checklist.question_set.rules == 1,
        )
        self.cells = {
            name: RowCells(**{role: writer.at(role, row) for role in _ROLES}) for name, row in rows.items()
        }
        self.asked_in_hours = dates_in_hours(
            [limit for q in checklist.questions for row in (q.versions or (q,)) if (limit := limit_of(row))]
        )

    def look(self, name: str) -> Seen | None:
        """Return where what a condition names is known."""
        if name in self.names.known:
            return self.names.known[name]
        cells = self.cells.get(name)
        if cells is None:
            return None
        question = self.writer.context.checklist.question_set.question(name)
        words = text(cut(question.short, 140, SIZE) + " ")
        return Seen(cells.own, cells.applies, cells.reason, f"{words}&{cells.own}", cells.skipped)

    def write(self) -> None:
        """Write the questions, a block for each case step."""
        asked = self.writer.context.checklist.questions
        for _, listed in groupby(asked, key=lambda question: (question.step, question.graded)):
            self._step(list(listed))

    def fill(self, writer: SheetWriter) -> None:
        """Write what was answered earlier, on this sheet or another."""
        for question in self.writer.context.checklist.questions if writer.context.earlier else ():
            earlier = writer.case.earlier.get(question.question_id)
            told = question.called(earlier) if earlier else ""
            writer.put(self.rows[question.question_id], "earlier", told, "case_text")

    def _step(self, listed: Sequence[Question]) -> None:
        writer, first = self.writer, self.rows[listed[0].question_id]
        writer.across(first, "step", "step", "step", rows=len(listed))
        title = listed[0].step_title
        if listed[0].graded:
            title = say("checklist.section_graded", title=title)
        writer.put(first, "step", title, "step")
        heights = [self._row(question) for question in listed]
        room = writer.width("step", "step")
        one_line = height("x", room, SIZE)
        # The last row of a step makes up what its title needs.
        lack = height(title, room, SIZE, bold=True) - sum(heights)
        for number, points in enumerate(heights, start=first):
            if number == first + len(heights) - 1:
                points += max(0.0, lack)
            if points > one_line:
                writer.tall(number, points)
        applies = f"{self.cells[listed[0].question_id].applies}:{self.cells[listed[-1].question_id].applies}"
        why = f"{text(say('checklist.state_skipped'))}&{self.cells[listed[0].question_id].skipped}"
        short = text(_marked(listed[0]))
        writer.formula(first, "text", f"=IF(MAX({applies})=0,{why},{short})", "case_calculated")

    def _row(self, question: Question) -> float:
        """Write a question's row and return the height that it needs."""
        writer, row = self.writer, self.rows[question.question_id]
        writer.put(row, "key", layout.QUESTION_KEY, "helper")
        style = "case_strong" if question.critical else "case_text"
        writer.put(row, "question", question.question_id, style)
        room = writer.across(row, "text", "text_end", "case_text")
        writer.put(row, "text", _marked(question), "case_text")
        self._answer(question, row)
        for role in ("start", "end"):
            self._date(question, row, role)
        writer.put(row, "remark", None, "case_input")
        writer.prompt(row, "remark", say("checklist.column_remark"), _about(question))
        for role, formula in self._formulas(question).items():
            writer.formula(row, role, formula, "case_state" if role == "status" else "helper")
        return height(_marked(question), room, SIZE)

    def _answer(self, question: Question, row: int) -> None:
        words = words_of(question)
        writer = self.writer
        writer.put(row, "answer", None, "case_answer")
        laws = [question.law[r.name] for r in writer.context.checklist.regimes if r.name in question.law]
        title = " · ".join([question.question_id, *(laws or list(question.law.values()))[-1:]])
        listed = [said[0] for said in words.values()]
        listed += [word for said in words.values() for word in said[1:]]
        writer.words(row, "answer", title, _asked(question), _short_enough(listed))

    def _date(self, question: Question, row: int, role: str) -> None:
        name = dates_beside(self.writer, question).get(role)
        if name is None:
            self.writer.put(row, role, None, "case_blank")
            return
        self.writer.put(row, role, None, "case_date")
        asked = self.names.asked.get(name)
        deadline = question.deadline
        label = asked.text if asked is not None else getattr(deadline, role, name)
        exact = name in self.asked_in_hours
        prompt = say("checklist.prompt_moment" if exact else "checklist.prompt_date")
        self.writer.prompt(row, role, say(f"checklist.column_{role}"), f"{label}. {prompt}")

    def _formulas(self, question: Question) -> dict[str, str]:
        """Return a row's formulas; every case sheet of a workbook has the same."""
        made = self.writer.context.formulas
        if question.question_id not in made:
            questions = self.writer.context.checklist.question_set
            cells = self.cells[question.question_id]
            row = RowFormulas(questions, question, cells, self.versions, self.limits, self.look)
            made[question.question_id] = row.all() | {"status": row.state()}
        return made[question.question_id]


def _marked(question: Question) -> str:
    """Return a question's short text; the mark of a critical one stands first, where nothing cuts it off."""
    return f"{CRITICAL} {question.short}" if question.critical else question.short


def _short_enough(words: Sequence[str]) -> list[str]:
    """Return the words that a test of a cell has room for; the letters stand first."""
    kept: list[str] = []
    for word in dict.fromkeys(words):
        if sum(len(k) + 1 for k in kept) + len(word) < 150:
            kept.append(word)
    return kept


def _asked(question: Question) -> str:
    """Return the whole question with an example of each answer."""
    keys = [key for key in ("ja", "nej") if question.guides_da.get(key)]
    examples = [say(f"checklist.example_{key}", text=question.guides_da[key]) for key in keys]
    # Each gets its share of what the question leaves of the room.
    left = LONGEST_PROMPT - len(question.text) - len(examples)
    if sum(map(len, examples)) > left:
        examples = [shortened(example, max(12, left // len(examples))) for example in examples]
    return "\n".join([question.text, *examples])


def _about(question: Question) -> str:
    """Return when the question applies, where to look, and what an L needs."""
    lines = [say("checklist.applies", when=question.applies_when)] if question.applies_when else []
    if LAWFUL_NO in question.answers and question.guides_da.get("lovlig"):
        lines.append(say("checklist.example_lovlig", text=question.guides_da["lovlig"]))
    if question.guidance:
        lines.append(question.guidance)
    return "\n".join(lines)


def letters_line(questions: Sequence[Question]) -> str:
    """Return what the letters stand for, as it stands over the questions: ja and nej, and each scale's."""
    codes = {code: letters()[answer] for code, answer in _CODES.items()}
    scales = dict.fromkeys(question.scale for question in questions if question.graded)
    grades = [line for scale in scales for line in legend(scale)]
    if all(question.graded for question in questions):
        return "   ".join([*grades, say("checklist.letters_irrelevant", **codes)])
    return "   ".join([say("checklist.letters", **codes), *grades])


_CODES = {"yes": "ja", "no": "nej", "lawful": LAWFUL_NO, "irrelevant": "ikke relevant"}
