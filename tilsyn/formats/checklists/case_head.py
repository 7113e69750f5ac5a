"""The case head: what the reviewer says of the case once, and what the register knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tilsyn.base.language import say
from tilsyn.formats.checklists.sheet_writer import WIDTHS, SheetWriter
from tilsyn.questions.facts import ACT_DATE
from tilsyn.reviews import formulas, layout
from tilsyn.reviews.checklist import HeadField


def write_head(writer: SheetWriter) -> None:
    """Write the section *Om sagen*."""
    writer.section(say("checklist.section_head"))
    facts = "; ".join(writer.case.facts.values())
    told = say("checklist.register_long", facts=facts) if facts else say("checklist.register_none")
    writer.put("key", layout.TEXT_KEY, "helper")
    writer.finish([(told, writer.merge("question", "status", told, "text"))])
    for field in writer.context.checklist.head:
        _field(writer, field)


def register_text(writer: SheetWriter, columns: Sequence[str]) -> str:
    """Return what the register knows in these columns, or ""."""
    known = [writer.case.facts[name] for name in columns if writer.case.facts.get(name)]
    return say("checklist.register", facts="; ".join(known)) if known else ""


def _field(writer: SheetWriter, field: HeadField) -> None:
    writer.head_rows[field.key] = writer.row
    beside = _beside(writer, field)
    writer.put("key", field.key, "helper")
    writer.put("question", field.number, "strong")
    writer.put("text", field.label, "strong" if field.required or field.key == "akut" else "text")
    width = writer.merge("law", "when" if field.kind == "span" else "end", field.help, "text")
    for role in ("remark", "status"):
        writer.put(role, beside if role == "remark" else None, "text")
    _answer(writer, field)
    if field.required:
        # A date pasted as a text decides no law here, so it is asked for again.
        empty = f"NOT(ISNUMBER({writer.cell('answer')}))"
        missing, done = (formulas.text(say(f"checklist.state_{key}")) for key in ("date_missing", "done"))
        writer.formula("missing", f"=IF({empty},1,0)")
        writer.formula("status", f"=IF({empty},{missing},{done})", "state")
    texts = [(field.label, WIDTHS["text"]), (field.help, width), (beside, WIDTHS["remark"])]
    writer.finish(texts, hidden=field.kind == "hidden")


def _answer(writer: SheetWriter, field: HeadField) -> None:
    context = writer.context
    value = proposed_value(writer, field)
    if field.kind == "choice":
        writer.put("answer", value, "answer")
        writer.choose("answer", field.choices)
    elif field.kind == "date":
        writer.put("answer", value, "date")
        last = context.checklist.latest_act if field.key == "act_date" else None
        writer.ask_date("answer", field.label, last=last)
    elif field.kind == "span":
        if context.earlier:
            writer.put("earlier", None, "text")
        for role, day in zip(("start", "end"), context.look_back, strict=True):
            writer.put(role, day, "date")
            writer.ask_date(role, field.label)
        writer.put("answer", None, "text")
    elif field.kind == "text":
        writer.merge("answer", "remark", value or "", "answer")
    elif field.key == "regime":
        _regime(writer)
    else:
        values = {
            "case_id": writer.case.case_id,
            "draw_id": context.draw_id,
            "workbook_id": context.workbook_id,
            "case_type": writer.case.facts.get("case_type", "").partition(": ")[2],
        }
        writer.merge("answer", "remark", values[field.key], "text")


def proposed_value(writer: SheetWriter, field: HeadField) -> Any:
    """Return what the register proposes in a field: a date, or a choice's letter."""
    name = ACT_DATE if field.key == "act_date" else field.key.removeprefix(layout.FACT_PREFIX)
    value = writer.case.proposed.get(name)
    fact = writer.context.checklist.question_set.fact(name)
    if value is None or fact is None or not field.choices:
        return value
    return next((letter for letter, choice in fact.letters.items() if choice.code == value), None)


def _beside(writer: SheetWriter, field: HeadField) -> str:
    if not field.key.startswith(layout.FACT_PREFIX):
        return ""
    name = field.key.removeprefix(layout.FACT_PREFIX)
    fact = writer.context.checklist.question_set.fact(name)
    shown = register_text(writer, fact.register) if fact is not None else ""
    return say("checklist.proposed") if name in writer.case.proposed else shown


def _regime(writer: SheetWriter) -> None:
    """Name the law by the act's date; its number in a hidden cell is what the questions ask for."""
    regimes = writer.context.checklist.regimes
    if len(regimes) == 1:
        writer.merge("answer", "remark", regimes[0].title, "text")
        return
    writer.merge("answer", "remark", "", "text")
    act, number = writer.cell("answer", writer.head_rows["act_date"]), "0"
    for place, regime in reversed(list(enumerate(regimes, start=1))):
        bounds = [f"INT({act})>={formulas.day(regime.first)}"] if regime.first else []
        bounds += [f"INT({act})<={formulas.day(regime.last)}"] if regime.last else []
        number = f"IF({formulas.all_of(bounds)},{place},{number})" if bounds else str(place)
    writer.formula("effective", f"=IF(ISNUMBER({act}),{number},0)")
    titles = [say("checklist.regime_unknown"), *(regime.title for regime in regimes)]
    chosen = ",".join(formulas.text(title) for title in titles)
    writer.formula("answer", f"=CHOOSE({writer.cell('effective')}+1,{chosen})", "calculated")
