"""No draw is written that says something like a CPR number."""

from __future__ import annotations

from collections.abc import Collection

from tilsyn.base.privacy import refuse_cpr
from tilsyn.sampling.draw_record import DrawRecord


def judged(record: DrawRecord, columns: Collection[str] | None = None) -> set[str]:
    """Return what the register says in a draw: of all its columns, or of some.

    It was looked through when it was drawn, by the rule of then, and is no CPR number whatever it looks like.
    """
    said = [
        (name, text)
        for case in (*record.cases, *record.reserve)
        for name, text in {**case.facts, "case_id": case.case_id}.items()
    ]
    said += [pair for row in record.strata for pair in (("unit", row.unit), (record.plan.split, row.stratum))]
    return {text for name, text in said if text and (columns is None or name in columns)}


def refuse_numbers(record: DrawRecord) -> None:
    """Refuse a draw with something like a CPR number, but in the columns that are said to hold none.

    What is drawn from reviews takes its cases from an earlier draw.
    """
    columns = record.not_cpr if record.plan.above is None else None
    refuse_cpr(record.to_dict(), "draw.json", judged(record, columns))
