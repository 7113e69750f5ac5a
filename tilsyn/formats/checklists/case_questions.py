"""The questions of a case sheet, by case step, each with the formulas that follow what is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tilsyn.base.language import say
from tilsyn.formats.checklists.case_head import register_text
from tilsyn.formats.checklists.sheet_writer import WIDTHS, SheetWriter
from tilsyn.questions.answers import answer_text
from tilsyn.questions.question import Question, row_dates
from tilsyn.questions.wording import Wording
from tilsyn.reviews import formulas, layout
from tilsyn.reviews.formulas import Cells


@dataclass(frozen=True)
class Names:
    """The cells that conditions can name: answers that count, facts, and the law's number."""

    answers: Mapping[str, str]
    facts: Mapping[str, tuple[str, str]]
    regime: str


def write_questions(writer: SheetWriter) -> list[int]:
    """Write all questions and return their rows."""
    places = _places(writer)
    facts = {
        field.key.removeprefix(layout.FACT_PREFIX): (
            _fixed(writer, "answer", writer.head_rows[field.key]),
            field.number,
        )
        for field in writer.context.checklist.head
        if field.key.startswith(layout.FACT_PREFIX)
    }
    answers = {name: _fixed(writer, "effective", row) for name, row in places.items()}
    regime = _fixed(writer, "effective", writer.head_rows["regime"]) if "regime" in writer.head_rows else ""
    names = Names(answers, facts, regime)
    theme = ("", "")
    for question in writer.context.checklist.questions:
        if (question.step, question.kind) != theme:
            theme = (question.step, question.kind)
            title = question.step_title
            graded = question.kind == "grade"
            writer.section(say("checklist.section_graded", title=title) if graded else title)
        _question(writer, question, names)
    return list(places.values())


def _places(writer: SheetWriter) -> dict[str, int]:
    """Return each question's row before any is written: a condition may name one further down."""
    row, theme, places = writer.row, ("", ""), {}
    for question in writer.context.checklist.questions:
        if (question.step, question.kind) != theme:
            theme = (question.step, question.kind)
            row += 1
        places[question.question_id] = row
        row += 1
    return places


def _fixed(writer: SheetWriter, role: str, row: int) -> str:
    return f"${writer.letter(role)}${row}"


def _question(writer: SheetWriter, question: Question, names: Names) -> None:
    wording = question.text
    if question.critical:
        wording += f" [{say('checklist.critical')}]"
    when = _when(writer, question)
    writer.put("key", layout.QUESTION_KEY, "helper")
    writer.put("question", question.question_id, "strong")
    writer.put("text", wording, "text")
    law = _law(writer, question, names)
    writer.put("when", when, "text")
    if writer.context.earlier:
        earlier = writer.case.earlier.get(question.question_id)
        writer.put("earlier", answer_text(earlier) if earlier else "", "text")
    _dates(writer, question)
    writer.put("answer", None, "answer")
    writer.choose("answer", tuple(map(answer_text, question.answers)))
    writer.put("remark", None, "answer")
    told = _formulas(writer, question, names)
    columns = ("question", "text", "law", "when", "status")
    texts = (question.question_id, wording, law, when, told)
    writer.finish([(text, WIDTHS[role]) for role, text in zip(columns, texts, strict=True)])


def _when(writer: SheetWriter, question: Question) -> str:
    lines = [question.applies_when]
    if question.deadline is not None:
        told = {
            "text": question.deadline.text,
            "start": question.deadline.start,
            "end": question.deadline.end,
        }
        lines.append(say("checklist.deadline_dates" if question.computed else "checklist.deadline", **told))
    if question.limit is not None:
        lines.append(Wording(writer.context.checklist.question_set).limit(question.limit))
    lines.append(register_text(writer, question.register))
    return "\n".join(line[0].upper() + line[1:] for line in lines if line)


def _law(writer: SheetWriter, question: Question, names: Names) -> str:
    """Write the paragraph, which follows the act's date where it must, and return its longest wording."""
    regimes = writer.context.checklist.regimes
    laws = [question.law.get(regime.name, "") for regime in regimes]
    if len(set(laws)) <= 1:
        law = laws[0] if laws else ""
        writer.put("law", law, "text")
        return law
    known = [(law, regime.title) for law, regime in zip(laws, regimes, strict=True) if law]
    both = "\n".join(say("checklist.law_of", law=law, title=title) for law, title in known)
    shown = "&CHAR(10)&".join(formulas.text(line) for line in both.split("\n"))
    chosen = ",".join([shown, *(formulas.text(law) for law in laws)])
    writer.formula("law", f"=CHOOSE({names.regime}+1,{chosen})", "calculated")
    return both


def _dates(writer: SheetWriter, question: Question) -> None:
    deadline = question.deadline
    question_set = writer.context.checklist.question_set
    named = {asked.name: asked for asked in question_set.dates}
    names = row_dates(question, {fact.name for fact in question_set.facts}) if question_set.rules > 1 else ()
    if any(names):
        for role, name in zip(("start", "end"), names, strict=True):
            asked = named.get(name)
            moment = asked is not None and asked.kind == "datetime"
            writer.put(role, None, "text" if asked is None else "moment" if moment else "date")
            if asked is not None:
                writer.ask_date(role, asked.text, moment=moment)
        return
    if deadline is None or not deadline.computed:
        for role in ("start", "end"):
            writer.put(role, None, "text")
        return
    moment = deadline.unit == "hours"
    for role, what in (("start", deadline.start), ("end", deadline.end)):
        writer.put(role, None, "moment" if moment else "date")
        writer.ask_date(role, what, moment=moment)


def _formulas(writer: SheetWriter, question: Question, names: Names) -> str:
    """Write the row's formulas and return the longest text that the status can come to."""
    # Every case sheet of a workbook has the same rows, and so the same formulas.
    made = writer.context.formulas
    if question.question_id not in made:
        made[question.question_id] = _make_formulas(writer, question, names)
    written, longest = made[question.question_id]
    for role, formula in written.items():
        writer.formula(role, formula, "state" if role == "status" else "helper")
    return longest


def _make_formulas(writer: SheetWriter, question: Question, names: Names) -> tuple[dict[str, str], str]:
    roles = ("start", "end", "answer", "remark", "derived", "skipped", "effective")
    cells = Cells(*(writer.cell(role) for role in roles))
    regimes = writer.context.checklist.regimes
    law = (names.regime, [regime.name for regime in regimes]) if len(regimes) > 1 else None
    titles = [regime.title for regime in regimes]
    # What the head and other answers rule out by the rules of 2 is reckoned when the sheet is loaded.
    asked = replace(question, condition=None) if writer.context.checklist.question_set.rules > 1 else question
    skip = formulas.skipped(asked, names.answers, names.facts, law, titles)
    written = {} if skip is None else {"skipped": skip}
    if question.computed and question.deadline is not None:
        written["derived"] = formulas.derived(question.deadline, cells, writer.context.free_days)
    skippable = skip is not None
    written["effective"] = formulas.effective(question, cells, skippable=skippable)
    written["missing"] = formulas.missing(question, cells, skippable=skippable)
    written["status"] = formulas.state(question, cells, skippable=skippable)
    longest = [say("checklist.state_contradiction")] if question.computed else []
    if asked.condition is not None:
        condition = formulas.condition_text(asked.condition, names.facts)
        longest.append(say("checklist.skipped_condition", condition=condition))
    return written, max(longest, key=len, default="")
