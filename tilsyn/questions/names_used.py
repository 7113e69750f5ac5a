"""What conditions, limits and links name: each name must be there, and no question rest on itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tilsyn.base.toml_tables import Fault, told
from tilsyn.questions.answers import ANSWERS, LAWFUL, NOT_RELEVANT, code_of
from tilsyn.questions.conditions import ALWAYS, Condition, Term, parse, parse_first
from tilsyn.questions.limits import Either, Limit, parse_limit, references
from tilsyn.questions.links import AnsweredWhen, Link, Requires, link_condition, parse_link

Record = Mapping[str, Any]
Read = TypeVar("Read")


@dataclass(frozen=True)
class _Names:
    """The names of a catalogue: facts by kind and codes, dates, reasons, question ids and their answers."""

    facts: Mapping[str, tuple[str, tuple[str, ...]]]
    dates: frozenset[str]
    reasons: frozenset[str]
    questions: frozenset[str]
    answers: tuple[str, ...]

    def wrong(self, term: Term) -> tuple[str, dict[str, Any]] | None:
        """Return what is wrong with a comparison: the dictionary's entry and its values."""
        if term.name in self.facts:
            kind, codes = self.facts[term.name]
            if term.operator == "given" or (kind == "number" and all(v.isdigit() for v in term.values)):
                possible = term.operator != "relevant"
            else:
                possible = term.operator in ("=", "!=") and set(term.values) <= set(codes)
            allowed = codes or ("given",)
        elif term.name in self.questions:
            listed = {*self.answers, *(f"{LAWFUL}:{reason}" for reason in self.reasons)}
            possible = term.operator == "relevant" or (term.operator == "=" and set(term.values) <= listed)
            allowed = (*self.answers, "relevant")
        else:
            return "unknown_name", {"value": term.name, "facts": ", ".join(sorted(self.facts))}
        return None if possible else ("impossible", {"term": term, "allowed": ", ".join(allowed)})


def contradicting_names(
    data: Record,
    facts: Sequence[Record],
    dates: Sequence[Record],
    reasons: Sequence[Record],
    grades: Sequence[Record],
    questions: Sequence[Record],
) -> Iterator[Fault]:
    """Yield the names that are not there, values that cannot be, and circles."""
    first = data.get("rules", 1) == 1
    # A catalogue's own grades, or the usual ones.
    usual = ANSWERS["grade" if data.get("kind") == "grade" else "legal"]
    own = tuple(_text(grade, "id") for grade in grades)
    known = _Names(
        facts={_text(fact, "id"): (_text(fact, "kind") or "yes-no", _codes(fact)) for fact in facts},
        dates=frozenset(
            [_text(date, "id") for date in dates]
            + [_text(fact, "id") for fact in facts if _text(fact, "kind") in ("date", "datetime")]
        ),
        reasons=frozenset(_text(reason, "id") for reason in reasons),
        questions=frozenset(_text(question, "id") for question in questions) - {""},
        answers=tuple(map(code_of, (*own, NOT_RELEVANT) if own else usual)),
    )
    read = parse_first if first else parse
    rests_on: dict[str, set[str]] = {}
    for number, fact in enumerate(facts):
        condition = _read(parse, _text(fact, "asked_when"))
        yield from _of_terms(("fact", number, "asked_when"), condition, known)
        rests_on.setdefault(_text(fact, "id"), set()).update(condition.names if condition else ())
    for number, date in enumerate(dates):
        if (name := _text(date, "default")) and name not in known.dates:
            yield _fault(("date", number, "default"), "unknown_date", value=name)
    for number, question in enumerate(questions):
        yield from _of_question(number, question, known, read, rests_on)
    for section, records, key in (("fact", facts, "asked_when"), ("question", questions, "condition")):
        for number, record in enumerate(records):
            if _rests_on_itself(name := _text(record, "id"), rests_on):
                yield _fault((section, number, key), "circle", value=name)


def _of_question(
    number: int,
    question: Record,
    known: _Names,
    read: Callable[[str], Condition],
    rests_on: dict[str, set[str]],
) -> Iterator[Fault]:
    own = _text(question, "id")
    condition = _read(read, _text(question, "condition"))
    limit = _read(parse_limit, _text(question, "limit"))
    links = [link for text in _texts(question, "links") if (link := _read(parse_link, text))]
    yield from _of_terms(("question", number, "condition"), condition, known)
    yield from _of_limit(("question", number, "limit"), limit, known)
    beside = [name for name in references(limit) if name not in known.facts] if limit else []
    if len(beside) > 1:
        yield _fault(("question", number, "limit"), "two_dates", names=", ".join(beside))
    for link in links:
        yield from _of_link(("question", number, "links"), link, own, known)
    for reason in _texts(question, "lawful_reasons"):
        if reason not in known.reasons:
            place = ("question", number, "lawful_reasons")
            yield _fault(place, "unknown_reason", value=reason, known=", ".join(sorted(known.reasons)))
    deciding = [condition, limit.condition if isinstance(limit, Either) else None]
    # What is required is looked at after all is answered, so it makes no circle.
    deciding += [link.condition for link in links if isinstance(link, AnsweredWhen)]
    rests_on.setdefault(own, set()).update(name for part in deciding if part for name in part.names)


def _of_terms(place: tuple[str | int, ...], condition: Condition | None, known: _Names) -> Iterator[Fault]:
    for term in condition.terms if condition else ():
        if wrong := known.wrong(term):
            yield _fault(place, wrong[0], **wrong[1])


def _of_limit(place: tuple[str | int, ...], limit: Limit | None, known: _Names) -> Iterator[Fault]:
    if limit is None:
        return
    yield from _of_terms(place, limit.condition, known)
    for name in limit.dates:
        if name not in known.dates:
            yield _fault(place, "unknown_date", value=name)


def _of_link(place: tuple[str | int, ...], link: Link, own: str, known: _Names) -> Iterator[Fault]:
    if isinstance(link, Requires | AnsweredWhen):
        if link.question != own:
            yield _fault(place, "link_of_another", value=link.question, question=own)
        elif wrong := known.wrong(Term(link.question, "=", (link.value,))):
            yield _fault(place, wrong[0], **wrong[1])
    if isinstance(link, Requires) and not isinstance(link.required, Condition):
        yield from _of_limit(place, link.required, known)
    yield from _of_terms(place, link_condition(link), known)


def _fault(place: tuple[str | int, ...], entry: str, **values: Any) -> Fault:
    return Fault(place, *told(f"catalogue.{entry}", **values))


def _read(read: Callable[[str], Read], text: str) -> Read | None:
    """Read what can be read; the rest is told where its field is read."""
    try:
        return read(text) if text and text != ALWAYS else None
    except ValueError:
        return None


def _text(record: Record, key: str) -> str:
    value = record.get(key)
    return value.strip() if isinstance(value, str) else ""


def _texts(record: Record, key: str) -> list[str]:
    value = record.get(key, ())
    listed = [value] if isinstance(value, str) else value
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list | tuple) else []


def _codes(fact: Record) -> tuple[str, ...]:
    if (_text(fact, "kind") or "yes-no") == "yes-no":
        return ("ja", "nej")
    return tuple(text.split("=", 1)[0].strip() for text in _texts(fact, "choices"))


def _rests_on_itself(start: str, rests_on: Mapping[str, set[str]]) -> bool:
    waiting, seen = list(rests_on.get(start, ())), set[str]()
    while waiting:
        name = waiting.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            waiting += rests_on.get(name, ())
    return False
