"""Tables of `tilsyn catalogue`: a question as it reads in each law, and those that a lawyer must look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.procedure.catalogue import Asked
    from tilsyn.procedure.catalogue_update import CatalogueDifference
    from tilsyn.questions.question import Question
    from tilsyn.questions.question_set import Catalogue

SCHEMA = "tilsyn/question/1"


def shown(listed: Sequence[Asked]) -> Result:
    """Show every version of a question, a table each."""
    rows = [_record(one) for one in listed]
    tables = []
    for one, row in zip(listed, rows, strict=True):
        title = say("catalogue.show_title", question=one.question.question_id, catalogue=one.catalogue)
        lines = [[say(f"catalogue.show_{key}"), _told(value)] for key, value in row.items() if value]
        tables.append(Table([say("catalogue.show_field"), say("catalogue.show_value")], lines, title))
    return Result(data={"schema": SCHEMA, "versions": rows}, rows=rows, tables=tables)


def approved(made: Asked) -> Result:
    """Tell what was approved, and where it stands."""
    told = say("catalogue.approved", question=made.question.question_id, file=made.path.name)
    row = _record(made)
    return Result(data={"schema": SCHEMA, "versions": [row]}, rows=[row], tables=[told])


def updated(differences: Sequence[CatalogueDifference]) -> Result:
    """Tell where a workspace's own catalogues and the shipped ones differ."""
    parts = ("added", "retired", "changed")
    rows = [
        {"name": one.name, "own": one.own, "shipped": one.shipped, "file": one.beside.name}
        | {part: list(getattr(one, part)) for part in parts}
        for one in differences
    ]
    lines = [
        [one.name, one.own, one.shipped, *(", ".join(getattr(one, part)) for part in parts)]
        for one in differences
    ]
    headings = [say(f"catalogue.update_{name}") for name in ("name", "own", "shipped", *parts)]
    table = Table(headings, lines, say("catalogue.update_title"))
    told = say("catalogue.update_beside") if rows else say("catalogue.update_none")
    data = {"schema": "tilsyn/catalogue-update/1", "catalogues": rows}
    return Result(data=data, rows=rows, tables=[table, told] if rows else [told], nothing=not rows)


def to_check(catalogues: Sequence[Catalogue]) -> Result:
    """List the questions whose paragraph nobody has read whole or approved."""
    from tilsyn.questions.approval import needs_lawyer

    rows = [
        {"catalogue": catalogue.name, "question": q.question_id, "valid_from": _day(q), "law": law,
         "law_text": q.law_text, "law_source": q.law_source, "critical": q.critical}
        for catalogue in catalogues
        for q in catalogue.questions
        for law in ["; ".join(q.law.values())]
        if needs_lawyer(q)
    ]  # fmt: skip
    columns = ("catalogue", "question", "valid_from", "law", "law_text", "law_source")
    lines = [[_told(row[name]) for name in columns] for row in rows]
    headings = [say(f"catalogue.show_{name}") for name in columns]
    table = Table(headings, lines, say("catalogue.to_check_title", n=number(len(rows))))
    return Result(
        data={"schema": "tilsyn/questions-to-check/1", "questions": rows}, rows=rows, tables=[table]
    )


def _day(question: Question) -> str | None:
    return question.valid_from.isoformat() if question.valid_from else None


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return say("catalogue.show_yes") if value else ""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _record(one: Asked) -> dict[str, Any]:
    question = one.question
    return {
        "catalogue": one.catalogue,
        "file": one.path.name,
        "question": question.question_id,
        "valid_from": _day(question),
        "valid_to": question.valid_to.isoformat() if question.valid_to else None,
        "text": question.text,
        "kind": question.kind,
        "critical": question.critical,
        "law": "; ".join(question.law.values()),
        "law_text": question.law_text,
        "law_source": question.law_source,
        "applies_when": question.applies_when,
        "condition": str(question.condition) if question.condition else "",
        "limit": str(question.limit) if question.limit else "",
        "lawful_reasons": list(question.lawful_reasons),
        "links": [str(link) for link in question.links],
        "note": question.note,
        "approved": question.approved,
    }
