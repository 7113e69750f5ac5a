"""The case head in two columns: what the reviewer says of the case once, and what the register proposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tilsyn.base.language import say
from tilsyn.formats.checklists.case_names import Names, brief, said_of, told
from tilsyn.formats.checklists.sheet_writer import LONGEST_PROMPT, LONGEST_TITLE, SheetWriter
from tilsyn.formats.checklists.styles import SIZE
from tilsyn.formats.checklists.text_size import cut, width
from tilsyn.questions.facts import ACT_DATE, REVIEWED_ON, Fact
from tilsyn.reviews import layout
from tilsyn.reviews.checklist import HeadField
from tilsyn.reviews.date_formulas import UNREADABLE, shown
from tilsyn.reviews.formulas import EMPTY, TRUE, any_of, chosen, text

_LEFT, _RIGHT = ("step", "text", "head_left"), ("text_end", "end", "remark")
# Stand for any date where a label must leave room for one.
_A_DAY, _A_MOMENT = "12-12-2012", "12-12-2012 kl. 12.12"


@dataclass(frozen=True)
class Place:
    """Where a field of the head stands: its label's columns, and its cell's."""

    field: HeadField
    row: int
    first: str
    last: str
    cell: str

    @property
    def key_role(self) -> str:
        """The column that says which field it is."""
        return "key" if self.cell == "head_left" else "key_right"


def places(fields: Sequence[HeadField], row: int) -> list[Place]:
    """Deal the fields out to two columns, a row at a time."""
    listed = [field for field in fields if field.kind not in ("hidden", "line")]
    return [Place(field, row + n // 2, *(_RIGHT if n % 2 else _LEFT)) for n, field in enumerate(listed)]


def fact_name(field: HeadField) -> str:
    """Return the fact or date that a field gives, or "" where it gives none."""
    names = {"act_date": ACT_DATE, "reviewed_on": REVIEWED_ON}
    return names.get(field.key, field.key.removeprefix(layout.FACT_PREFIX) if field.fact else "")


def typed(field: HeadField, proposed: Any) -> str:
    """Return what the register proposes as somebody would type it: a letter, or a date as all are shown."""
    if isinstance(proposed, date):
        clock = f" kl. {proposed:%H.%M}" if isinstance(proposed, datetime) else ""
        return f"{proposed:%d-%m-%Y}{clock}"
    lettered = {choice.code: letter for letter, choice in field.fact.letters.items()} if field.fact else {}
    return lettered.get(proposed, str(proposed))


def write_hidden(writer: SheetWriter, row: int) -> None:
    """Make room for what tells the sheet's reader whose it is."""
    for number, key in enumerate(("case_id", "draw_id", "workbook_id"), start=row):
        writer.put(number, "key", key, "helper")
        writer.tall(number, 11, hidden=True)


def fill_hidden(writer: SheetWriter, row: int) -> None:
    """Write whose the sheet is."""
    context = writer.context
    for number, value in enumerate((writer.case.case_id, context.draw_id, context.workbook_id), start=row):
        writer.put(number, "head_left", value, "case_text")


def write_head(writer: SheetWriter, head: Sequence[Place], names: Names) -> None:
    """Write the fields, each with its letters."""
    for place in head:
        _field(writer, place, names)


def fill_head(writer: SheetWriter, head: Sequence[Place], names: Names) -> None:
    """Write what the register proposes in the fields."""
    for place in head:
        field = place.field
        name = fact_name(field)
        proposed = typed(field, writer.case.proposed.get(name, ""))
        if name in names.rows:
            writer.put(names.rows[name], "proposed", proposed or None, "helper")
        style = "case_date" if field.dated else "case_answer" if field.fact is not None else "case_input"
        writer.put(place.row, place.cell, proposed or None, style)


def _field(writer: SheetWriter, place: Place, names: Names) -> None:
    field, row = place.field, place.row
    room = writer.along(row, place.first, place.last, "case_label")
    writer.put(row, place.key_role, field.key, "helper")
    name = fact_name(field)
    if field.kind == "list":
        writer.put(row, place.first, cut(field.label, room, SIZE), "case_label")
        if field.choices:
            writer.choose(row, place.cell, field.label, field.help, field.choices)
        else:
            writer.prompt(row, place.cell, field.label, _asked(field, field.help))
    elif field.dated:
        told_why = f"{field.help} {say('checklist.prompt_date')}".strip()
        writer.prompt(row, place.cell, field.label, _asked(field, told_why))
        writer.formula(row, place.first, "=" + _dated_label(writer, place, names, name, room), "case_label")
    elif field.fact is not None:
        _fact(writer, place, names, room)


def _asked(field: HeadField, told_why: str) -> str:
    """Return what is told when a field is chosen: the question too where the title cannot hold all of it."""
    return told_why if len(field.label) <= LONGEST_TITLE else f"{field.label}\n{told_why}"


def _fact(writer: SheetWriter, place: Place, names: Names, room: float) -> None:
    field, row = place.field, place.row
    fact = field.fact
    assert fact is not None
    cell = writer.at(place.cell, row)
    if fact.kind == "number":
        writer.prompt(row, place.cell, field.label, _asked(field, field.help))
        value = names.value(fact.name)
        shown_value = f"{text(cut(field.label, room - 40, SIZE) + ' ')}&{value}"
        given = _from_register(names, fact.name, cell, shown_value)
        empty = text(cut(field.label, room, SIZE))
        writer.formula(row, place.first, f"=IF({value}={EMPTY},{empty},{given})", "case_label")
        return
    by_letter = fact.letters
    legend = letters_told(fact)
    if len(_asked(field, legend)) > LONGEST_PROMPT:
        legend = "; ".join(f"{letter} = {brief(choice.text)}" for letter, choice in by_letter.items())
    told_why = f"{legend}. {field.help}" if field.help else legend
    words = [word for letter, choice in by_letter.items() for word in said_of(letter, choice)]
    listed = [*by_letter, *(word for word in words if word not in by_letter)]
    writer.words(row, place.cell, field.label, _asked(field, told_why), _that_fit(listed))
    empty = text(_with_letters(field.label, list(by_letter), room))
    said = f"UPPER(TRIM({cell}))"
    cases = []
    for letter, choice in by_letter.items():
        typed = [f"{said}={text(word)}" for word in said_of(letter, choice)]
        plain = text(told(field.label, brief(choice.text), room))
        marked = text(told(field.label, f"{brief(choice.text)} {say('checklist.from_register')}", room))
        test = f"OR({','.join(typed)})" if len(typed) > 1 else typed[0]
        cases.append((test, _marked(names, fact.name, cell, marked, plain)))
    writer.formula(row, place.first, "=" + chosen(cases, empty), "case_label")


def _marked(names: Names, name: str, cell: str, marked: str, plain: str) -> str:
    """Return what is told where a cell stands as the register proposed it, and where not."""
    if name not in names.rows:
        return plain
    proposed = names.proposed(name)
    return f"IF(AND({proposed}<>{EMPTY},{cell}={proposed}),{marked},{plain})"


def _that_fit(words: Sequence[str]) -> list[str]:
    """Return the words that a test of at most 255 signs has room for; the letters stand first."""
    kept: list[str] = []
    for word in words:
        if sum(len(k) + 1 for k in kept) + len(word) < 150:
            kept.append(word)
    return kept


def _with_letters(label: str, by_letter: Sequence[str], room: float) -> str:
    """Return a question with its letters, cut where it must be."""
    letters = f" ({', '.join(by_letter)})"
    return cut(label, room - width(letters, SIZE), SIZE) + letters


def _dated_label(writer: SheetWriter, place: Place, names: Names, name: str, room: float) -> str:
    label, value = place.field.label, names.value(name)
    fact = place.field.fact
    any_date = _A_MOMENT if fact is not None and fact.kind == "datetime" else _A_DAY
    beside = cut(label, room - width(f" {any_date} {say('checklist.from_register')}", SIZE), SIZE)
    told_date = f"{text(beside + ' ')}&{shown(value)}"
    cell = writer.at(place.cell, place.row)
    dated = _from_register(names, name, cell, told_date)
    unreadable = text(cut(say("checklist.unreadable_date"), room, SIZE))
    cases = [(f"{value}={EMPTY}", text(cut(label, room, SIZE))), (f"{value}={text(UNREADABLE)}", unreadable)]
    return chosen(cases, dated)


def _from_register(names: Names, name: str, cell: str, told_value: str) -> str:
    """Return what is told, marked where it stands as the register proposed it."""
    proposed = names.proposed(name)
    mark = text(" " + say("checklist.from_register"))
    return f"{told_value}&IF(AND({proposed}<>{EMPTY},{cell}={proposed}),{mark},{EMPTY})"


def unasked(head: Sequence[Place], names: Names) -> list[tuple[Place, str]]:
    """Return the fields that can be passed over, each with the test that it is so: not asked, or idle."""
    found = []
    for place in head:
        name = fact_name(place.field)
        tests = []
        if name in names.known and names.known[name].there != TRUE:
            tests.append(f"{names.known[name].there}=0")
        if name in names.needed:
            tests.append(f"{names.at('needed', names.rows[name])}=0")
        if tests:
            found.append((place, any_of(tests)))
    return found


def first_empty(writer: SheetWriter, head: Sequence[Place]) -> str:
    """Return the first field that somebody has to fill in."""
    wanted = [
        place for place in head if place.field.required or place.field.key.startswith(layout.FACT_PREFIX)
    ]
    empty = [place for place in wanted if not writer.case.proposed.get(fact_name(place.field))]
    place = (empty or wanted or list(head))[0]
    return f"{writer.letter(place.cell)}{place.row}"


def letters_told(fact: Fact) -> str:
    """Return the letters of a fact with their words, for the guide."""
    return "; ".join(f"{letter} = {choice.text}" for letter, choice in fact.letters.items())
