"""What a report rests on: organisation, draw, case list and seed, each in words."""

from __future__ import annotations

from collections.abc import Mapping

from tilsyn.base.danish_time import danish_day
from tilsyn.base.language import dictionary, say
from tilsyn.base.numbers import date_text, number
from tilsyn.compliance.scope import scope_notes
from tilsyn.reports.missing import missing_total
from tilsyn.reports.parts import Column, Material, Publication, Sheet, Value, of_another_law, regimes_of
from tilsyn.sampling.draw_record import DrawRecord


def facts_sheet(material: Material, publication: Publication) -> Sheet:
    """What the report rests on."""
    columns = [
        Column(say("report.column_fact"), "long", 34),
        Column(say("report.column_content"), "long", 74),
    ]
    title = say("report.facts_heading")
    values: list[list[Value]] = [[name, text] for name, text in facts(material, publication)]
    return Sheet(say("report.facts_tab"), title, [], columns, values, "facts", portrait=True)


def attempts_sheet(material: Material) -> Sheet:
    """Every seed that was made for the level and period, where there is more than the one in use."""
    columns = [
        Column(say("report.attempt_day"), "text", 18),
        Column(say("report.fact_draw_id"), "text", 28),
        Column(say("report.fact_seed"), "long", 36),
        Column(say("report.attempt_outcome"), "text", 16),
        Column(say("report.reason"), "long", 34),
    ]
    values: list[list[Value]] = []
    for made in material.attempts:
        outcome = say("report.attempt_in_force" if made.in_force else "report.attempt_given_up")
        values.append([made.day, made.draw_id, made.seed, outcome, made.reason])
    lines = [say("report.attempts_intro")]
    title = say("report.attempts_title")
    rows = values if len(values) > 1 else []
    return Sheet(say("report.attempts_tab"), title, lines, columns, rows, "attempts")


def facts(material: Material, publication: Publication) -> list[tuple[str, str]]:
    """A row for each that is known."""
    record = material.record
    frame = record.frame
    drawn, reviewed = missing_total(material.analysis.units)
    told: list[tuple[str, str | None]] = [
        ("organisation", record.organisation.name),
        ("period", record.period.label()),
        ("supervision", material.level.label),
        ("round", None if record.round is None else str(record.round)),
        ("recipients", ", ".join(material.recipients) or None),
        ("published", date_text(publication.day) if publication.day else say("report.not_published")),
        ("replaces_report", _replaces_report(publication)),
        ("judged", material.level.judged_by or None),
        ("baseline", material.baseline or say("report.no_baseline")),
        ("question_set", _asked(material)),
        ("drawn_reviewed", say("report.drawn_of", drawn=number(drawn), reviewed=number(reviewed))),
        ("frame_n", number(frame.n)),
        ("as_of", date_text(frame.as_of) if frame.as_of else None),
        ("left_out", _left_out(frame.left_out)),
        ("scope", " ".join(scope_notes(material.sample)) or None),
        ("made_on", _made_on_text(record)),
        ("draw_id", record.draw_id),
        ("seed", record.seed),
        ("seed_origin", _origin(record)),
        ("seed_before_frame", say("report.yes" if record.seed_before_frame else "report.no")),
        ("seed_announced", record.seed_announced if record.seed_as_announced else None),
        ("commitment", frame.commitment),
        ("earlier_commitments", "; ".join(frame.earlier_commitments) or None),
        ("reason", record.reason),
        ("replaces", _replaces(record)),
    ]
    return [(say(f"report.fact_{name}"), text) for name, text in told if text]


def _origin(record: DrawRecord) -> str:
    origin = record.seed_origin
    return say("report.seed_from_system") if origin in ("", "system") else origin


def _left_out(reasons: Mapping[str, int]) -> str | None:
    names = dictionary("report")
    texts = []
    for reason, n in reasons.items():
        key = f"left_out_{reason}"
        texts.append(f"{say(f'report.{key}') if key in names else reason}: {number(n)}")
    return "; ".join(texts) or None


def _replaces(record: DrawRecord) -> str | None:
    if not record.replaces:
        return None
    return say("report.replaces", draw=record.replaces, reason=record.replace_reason or "")


def _replaces_report(publication: Publication) -> str | None:
    before = publication.replaces
    if before is None:
        return None
    return say("report.replaces_report", file=before.file, day=date_text(before.published))


def _asked(material: Material) -> str:
    """How many questions, by which laws, and the catalogues' versions."""
    questions = material.question_set
    n = len(questions.questions) - len(of_another_law(material))
    regimes = regimes_of(material)
    laws = [law.title for law in questions.regimes if law.name in regimes]
    key = "report.asked_by_law" if laws else "report.asked"
    return say(key, n=n, laws=", ".join(laws), version=questions.version)


def _made_on_text(record: DrawRecord) -> str:
    """The day that was reckoned from, and the clock's where it is another; a demonstration is of no day."""
    told = date_text(record.day)
    clock = date_text(danish_day(record.made_at)) if record.made_at else told
    return told if record.simulated or clock == told else say("report.made_by_clock", day=told, clock=clock)
