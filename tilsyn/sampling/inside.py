"""Counts, commitment and draw as one readable SQL query each, for the register's own database to answer.

A person can read such a query, and run it by hand: each step has a name and says what it does. It returns
rows of `what`, `name`, `unit`, `n` and `digest`, which `inside_answer.py` understands; the last says how many
the others are, and their SHA-256, so that an answer that was cut or changed is known.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tilsyn.sampling.inside_frame import Told, frame_steps, of_rows, of_strata, told
from tilsyn.sampling.inside_rows import FrameQuestion, Steps, row_steps
from tilsyn.sampling.sql import quoted

ANSWER = ("what", "name", "unit", "n", "digest")
# After every ticket, whose digits end with f.
NO_BOUND = "g"
_KEPT = ("kinds", "judged", "spelt", "units", "again", "truths", "stratified", "counted", "strata")
_NO_FACTS = ("case_id", "unit", "caseworker")


@dataclass(frozen=True)
class KnownRows:
    """Rows that were counted in the same snapshot, and are plain; `single` if each is a case of its own."""

    single: bool


def count_sql(asked: FrameQuestion) -> str:
    """Return the query of all counts and of the commitment."""
    rows = [_asked(asked), *of_rows(asked), *of_strata()]
    steps = row_steps(asked) | frame_steps(asked)
    return _text(asked, f"{asked.title}: counts and commitment.", steps, rows)


def draw_sql(
    asked: FrameQuestion,
    seed: str,
    draw_id: str,
    wanted: Mapping[str, tuple[int, int]],
    known: KnownRows | None = None,
    bounded: bool = True,
) -> str:
    """Return the query of the draw; `wanted` is each stratum's size and how many tickets are needed of it.

    The strata are counted and hashed again. What is `known` of the rows is not looked for again; without
    being `bounded`, every ticket is ranked.
    """
    rows = [_asked(asked), *of_strata()]
    facts = ("case_id", *fact_columns(asked))
    drawn = told("case", "ranked WHERE place <= tickets", "stratum", "unit", "place", "ticket")
    below = {
        name: (tickets, bound(size, tickets) if bounded else NO_BOUND)
        for name, (size, tickets) in wanted.items()
    }
    steps = row_steps(asked) | frame_steps(asked) | _draw_steps(asked, seed, draw_id, below)
    del steps["counted"]
    if known:
        steps |= _known_steps(asked, known)
    return _text(asked, f"{asked.title}: the draw {draw_id}.", steps, [*rows, drawn], facts)


def _known_steps(asked: FrameQuestion, known: KnownRows) -> Steps:
    columns = ", ".join(asked.columns)
    steps = {
        "judged": (
            "Every row is known to be plain.",
            f"SELECT {columns}, CAST(NULL AS text) AS odd FROM dated",
        )
    }
    if known.single:
        steps["again"] = "No case has several rows.", "SELECT case_id FROM judged LIMIT 0"
    return steps


def fingerprint(asked: FrameQuestion) -> str:
    """Return what an answer is known by: of the same query and the same rules, whatever the day."""
    steps = row_steps(asked) | frame_steps(asked)
    parts = [asked.dialect.name, asked.title, *(f"{name}\n{sql}" for name, (_, sql) in steps.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def fact_columns(asked: FrameQuestion) -> list[str]:
    """Return the columns that are kept of a drawn case, beside whose it is."""
    return [column for column in asked.columns if column not in _NO_FACTS]


def bound(size: int, tickets: int) -> str:
    """Return a text that the smallest `tickets` lie below, but in less than one of a million draws.

    Tickets are uniform, so that few others lie below it: what is above need not be sorted.

    >>> bound(1_000_000, 25), bound(60, 25)
    ('0004c8bc9cd3e0bd', 'g')
    """
    share = (tickets + 8 * math.sqrt(tickets) + 8) / size if size else 1.0
    return NO_BOUND if share >= 1 else f"{int(share * 16**16):016x}"


def _draw_steps(
    asked: FrameQuestion, seed: str, draw_id: str, wanted: Mapping[str, tuple[int, str]]
) -> Steps:
    rows = ",\n        ".join(
        f"({quoted(name)}, {tickets}, '{below}')" for name, (tickets, below) in wanted.items()
    )
    lot = asked.dialect.sha256(f"{quoted(seed)} || chr(10) || {quoted(draw_id)} || chr(10) || case_id")
    return {
        "sizes": (
            "How many tickets are needed of each stratum, and a bound that they lie below.",
            f"SELECT * FROM (VALUES\n        {rows}\n    ) AS listed(stratum, tickets, below)",
        ),
        "lots": (
            "A case's ticket: the SHA-256 of seed, draw and case.",
            f"SELECT *, {lot} AS ticket FROM frame",
        ),
        "ranked": (
            "The smallest tickets of each stratum. Should one get fewer than it needs, which happens in\n"
            "-- less than one of a million draws, leave out the line with WHERE and run the query again.",
            """SELECT lots.*, tickets,
        row_number() OVER (PARTITION BY stratum ORDER BY ticket COLLATE "C") AS place
    FROM lots JOIN sizes USING (stratum)
    WHERE ticket COLLATE "C" < below""",
        ),
    }


def _asked(asked: FrameQuestion) -> Told:
    # The first row says what all the others are.
    texts = f"CAST({quoted(fingerprint(asked))} AS text), CAST({quoted(asked.dialect.name)} AS text)"
    return f"'query', {texts}, CAST(NULL AS bigint), CAST(NULL AS text)", ""


def _text(
    asked: FrameQuestion, title: str, steps: Steps, rows: Iterable[Told], facts: tuple[str, ...] = ()
) -> str:
    columns = (*ANSWER, *facts)
    named = ",\n".join(f"-- {why}\n{_head(name)} (\n    {sql}\n)" for name, (why, sql) in steps.items())
    answers = "\n    UNION ALL ".join(_select(*row, facts) for row in rows)
    cells = ", ".join(f"coalesce(CAST({column} AS text), '')" for column in columns)
    nothing = ", NULL" * len(facts)
    sealed = asked.dialect.sha256('string_agg(line, chr(10) ORDER BY line COLLATE "C")')
    return f"""-- {title}
-- It only reads. Save what it returns as CSV, with its headings.
WITH
{named},
-- What is told of all this.
answer({", ".join(columns)}) AS MATERIALIZED (
    {answers}
),
-- Each row of it as one text.
lines AS (
    SELECT concat_ws(chr(31), {cells}) AS line FROM answer
)
SELECT * FROM answer
UNION ALL SELECT 'seal', NULL, NULL, count(*), {sealed}{nothing} FROM lines
ORDER BY 1, 2, 3, 4;
"""


def _select(values: str, source: str, facts: tuple[str, ...]) -> str:
    """Return one part of the answer: only a drawn case has facts, and the first row says what they are."""
    shown = [
        name if source.startswith("ranked") else "NULL" if source else "CAST(NULL AS text)" for name in facts
    ]
    return f"SELECT {', '.join([values, *shown])}{source and f' FROM {source}'}"


def _head(name: str) -> str:
    # The register is too large to be kept; what would be reckoned again for each look, or each row, is kept.
    kept = "MATERIALIZED" if name in _KEPT else "NOT MATERIALIZED"
    return f"{name} AS {kept}"
