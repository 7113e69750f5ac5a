"""From the plain records of a catalogue file to a catalogue, with every fault at once.

A TOML file and a spreadsheet hold the same records; a fault names the record and its field, and whoever
read the file knows the line or the cell of that.
"""

from __future__ import annotations

from pydantic import ValidationError

from tilsyn.base.toml_tables import BadValue, Fault, faults, keys, told
from tilsyn.questions.answers import LAWFUL_NO, YES, Kind
from tilsyn.questions.conditions import Condition, parse, parse_first
from tilsyn.questions.contradictions import contradictions
from tilsyn.questions.criticism import CriticismScale, CriticismStep
from tilsyn.questions.facts import YES_NO, AskedDate, Choice, Fact, HeadWords, LawfulReason
from tilsyn.questions.limits import parse_limit
from tilsyn.questions.links import parse_link
from tilsyn.questions.names_used import Record
from tilsyn.questions.outcomes import CaseOutcome, read_band
from tilsyn.questions.question import GUIDES, CaseStep, Deadline, Question, Regime, read_limit
from tilsyn.questions.question_set import Catalogue
from tilsyn.questions.record_tables import CatalogueRecord, FactRecord, OutcomeRecord, QuestionRecord
from tilsyn.questions.scales import USUAL, Grade, Scale

# The dictionary's entry for what pydantic found, by pydantic's own name of it.
_ENTRIES = {
    "missing": "missing",
    "string_too_short": "missing",
    "string_type": "not_text",
    "literal_error": "not_one_of",
    "bool_type": "not_flag",
    "date_type": "not_day",
    "extra_forbidden": "unknown_field",
    "tuple_type": "not_records",
    "model_type": "not_records",
}


def read(data: Record) -> tuple[Catalogue | None, list[Fault]]:
    """Make a catalogue of plain records, or tell everything that is wrong in them, in the order of the file.

    >>> catalogue, faults = read({"name": "x", "version": "1", "title_da": "X", "question": []})
    >>> catalogue, [fault.location for fault in faults]
    (None, [('step',), ('question',)])
    """
    contradicting = list(contradictions(data))
    try:
        record = CatalogueRecord.model_validate(data)
    except ValidationError as error:
        found = [*faults(CatalogueRecord, error, _wording), *contradicting]
    else:
        if not contradicting:
            return _catalogue(record), []
        found = contradicting
    order = keys(CatalogueRecord)

    def place(fault: Fault) -> tuple[int, tuple[int | str, ...]]:
        section = str(fault.location[0])
        return order.index(section) if section in order else -1, fault.location[1:2]

    return None, sorted(found, key=place)


def _wording(bad: BadValue) -> tuple[str, str]:
    allowed = ", ".join(bad.known)
    values = {"field": bad.key, "value": bad.value, "allowed": allowed, "section": bad.location[0]}
    return told(f"catalogue.{_ENTRIES[bad.kind]}", **values)


def _catalogue(record: CatalogueRecord) -> Catalogue:
    title = (record.name, record.title_da, record.title_en)
    regime = Regime(*title, record.acts_from, record.acts_until) if record.kind == "legal" else None
    steps = {step.id: CaseStep(step.id, step.title_da, step.title_en) for step in record.step}
    return Catalogue(
        name=record.name,
        version=record.version,
        title_da=record.title_da,
        title_en=record.title_en,
        kind=record.kind,
        questions=tuple(_question(entry, record, regime, steps[entry.step]) for entry in record.question),
        steps=tuple(steps.values()),
        facts=tuple(map(_fact, record.fact)),
        regime=regime,
        rules=record.rules,
        reasons=tuple(LawfulReason(r.id, r.text_da, r.text_en, r.law, r.law_text) for r in record.reason),
        words=HeadWords(record.urgent_da, record.urgent_en, record.events_da, record.events_en),
        outcomes=tuple(_outcome(entry, record) for entry in record.outcome),
        criticism=_criticism(record),
        dates=tuple(AskedDate(d.id, d.text_da, d.text_en, d.kind, d.default) for d in record.date_),
    )


def _fact(record: FactRecord) -> Fact:
    listed = (choice.split("=", 1) for choice in record.choices)
    choices = tuple(Choice(code.strip(), text.strip()) for code, text in listed)
    return Fact(
        name=record.id,
        text_da=record.text_da,
        text_en=record.text_en,
        register=record.register_,
        kind=record.kind,
        choices=YES_NO if record.kind == "yes-no" else choices,
        why_da=record.why_da,
        why_en=record.why_en,
        asked_when=parse(record.asked_when) if record.asked_when else None,
        default=record.default,
        computed=record.computed,
        scope=record.scope,
        proposals=record.proposals,
    )


def _outcome(record: OutcomeRecord, catalogue: CatalogueRecord) -> CaseOutcome:
    asked = (q.id for q in catalogue.question if (q.kind or "legal") == "legal")
    graded = catalogue.kind == "grade"
    return CaseOutcome(
        name=record.id,
        text_da=record.text_da,
        text_en=record.text_en,
        rule=record.rule,
        questions=record.questions or tuple(dict.fromkeys(asked)),
        good=record.good if graded else (YES, LAWFUL_NO),
        bands=tuple(band for text in record.bands if (band := read_band(text))),
        scale=(_grades(catalogue) or USUAL) if graded else (),
    )


def _criticism(catalogue: CatalogueRecord) -> CriticismScale | None:
    """Return the scale that the catalogue says, empty where none is asked for, None where it says nothing."""
    if catalogue.criticism is None:
        return None
    return tuple(
        CriticismStep(c.id, c.text_da, c.text_en, criticism=c.criticism) for c in catalogue.criticism
    )


def _grades(catalogue: CatalogueRecord) -> Scale:
    return tuple(Grade(grade.id, grade.text_da, grade.text_en, grade.letter) for grade in catalogue.grade)


def _question(
    record: QuestionRecord, catalogue: CatalogueRecord, regime: Regime | None, step: CaseStep
) -> Question:
    first = catalogue.rules == 1
    kind: Kind = (record.kind or "legal") if regime else "grade"
    return Question(
        question_id=record.id,
        text_da=record.text_da,
        text_en=record.text_en,
        short_da=record.short_da,
        short_en=record.short_en,
        topic_da=record.topic_da,
        topic_en=record.topic_en,
        step=step.name,
        step_da=step.title_da,
        step_en=step.title_en,
        guidance_da=record.guidance_da,
        guidance_en=record.guidance_en,
        guides_da={name: text for name in GUIDES if (text := getattr(record, f"guide_{name}_da"))},
        law={regime.name: record.law} if regime else {},
        applies_when_da=record.applies_when_da,
        applies_when_en=record.applies_when_en,
        condition=_condition(record.condition, first=first),
        deadline=_deadline(record),
        limit=parse_limit(record.limit) if record.limit and not read_limit(record.limit) else None,
        lawful_reasons=record.lawful_reasons,
        any_reason=first,
        links=tuple(map(parse_link, record.links)),
        link_da=record.link_da,
        comparable=record.comparable,
        law_text=record.law_text,
        law_source=record.law_source,
        approved=record.approved,
        note=record.note,
        critical=record.critical,
        kind=kind,
        grades=_grades(catalogue),
        scope=record.scope,
        regimes=(regime.name,) if regime else (),
        valid_from=record.valid_from,
        valid_to=record.valid_to,
        same_as=record.same_as,
        register=record.register_,
    )


def _condition(text: str, *, first: bool) -> Condition | None:
    """Read a condition by the rules of its catalogue."""
    if not text:
        return None
    return parse_first(text) if first else parse(text)


def _deadline(record: QuestionRecord) -> Deadline | None:
    if not record.deadline_da:
        return None
    amount, unit = read_limit(record.limit) or (None, None)
    wording = (record.deadline_da, record.deadline_en)
    return Deadline(*wording, amount, unit, record.start_da, record.start_en, record.end_da, record.end_en)
