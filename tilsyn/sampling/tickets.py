"""The draw itself: tickets, sample, reserve, inclusion probabilities and design weights.

A case's ticket is SHA-256 over the seed, the draw's id and the case's id, each on its own line. In each
stratum the sample is the cases with the smallest tickets: simple random sampling without replacement
(Cochran 1977, ch. 2), and the same sample whatever the order of the rows, the language or the library.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from tilsyn.base.database import memory_database
from tilsyn.sampling.draw_record import DrawnCase
from tilsyn.sampling.sql import quoted

if TYPE_CHECKING:
    import pandas as pd

ALGORITHM = 'sha256(seed + "\\n" + draw_id + "\\n" + case_id), smallest per stratum'


def ticket(seed: str, draw_id: str, case_id: str) -> str:
    """Return one case's ticket, 64 lower-case hexadecimal digits.

    >>> ticket("dice 3 July: 6 2 5 1 1 4", "bbu/2018-Q2/level-2", "2018-0001")[:16]
    'fd20e8abf57758d1'
    """
    return hashlib.sha256(f"{seed}\n{draw_id}\n{case_id}".encode()).hexdigest()


def tickets_sql(seed: str, draw_id: str, limit: int) -> str:
    """Return the draw as one SQL query over a table `frame(case_id, stratum)`.

    Its rows are case_id, stratum, ticket and order, at most `limit` per stratum: sample and reserve.
    """
    return f"""
        SELECT case_id, stratum,
               sha256({quoted(seed)} || chr(10) || {quoted(draw_id)} || chr(10) || case_id) AS ticket,
               row_number() OVER (PARTITION BY stratum ORDER BY ticket) AS "order"
        FROM frame
        QUALIFY "order" <= {limit:d}
        ORDER BY stratum, "order"
    """


def draw(
    frame: pd.DataFrame | duckdb.DuckDBPyRelation,
    sizes: Mapping[str, int],
    seed: str,
    draw_id: str,
    reserve: int = 5,
    population: Mapping[str, int] | None = None,
) -> list[DrawnCase]:
    """Draw the sample and the reserve of each stratum.

    Parameters
    ----------
    frame : pandas.DataFrame or DuckDB relation
        Columns `case_id` (text, unique) and `stratum` (text); others are not looked at.
    sizes : mapping of str to int
        Stratum to the number to draw, n_h; a stratum with no more cases than that is taken whole.
    seed, draw_id : str
        What the tickets are made of.
    reserve : int, default 5
        How many next in line are kept per stratum.
    population : mapping of str to int, optional
        Stratum to N_h, where the frame is itself the reviewed part of a sample (levels 3 and 4). The frame's
        own stratum sizes unless given.

    Returns
    -------
    list of DrawnCase
        Without unit and facts: `ticket` (64 hex digits), `order` (rank by ticket in the stratum from 1,
        continued into the reserve), `inclusion_probability` (n_h / N_h, in (0, 1]), `design_weight` (N_h /
        n_h, >= 1); the last two are None in the reserve. Sorted by stratum (UTF-8 bytes) and order.

    Raises
    ------
    ValueError
        When a case stands in the frame twice.
    KeyError
        When a stratum has no size.

    References
    ----------
    Särndal, C.-E., Swensson, B. & Wretman, J. (1992), Model Assisted Survey Sampling, section 3.7.2
    (stratified simple random sampling, π_i = n_h / N_h).

    Examples
    --------
    >>> values = "VALUES ('1', 'A'), ('2', 'A'), ('3', 'B')"
    >>> frame = duckdb.connect().sql(f"SELECT * FROM ({values}) AS t(case_id, stratum)")
    >>> lots = draw(frame, {"A": 1, "B": 1}, "dice 3 July: 6 2 5 1 1 4", "bbu/2018-Q2/level-2")
    >>> [(case.case_id, case.design_weight) for case in lots]
    [('1', 2.0), ('2', None), ('3', 1.0)]
    """
    relation = as_relation(frame)
    _refuse_twice(relation)
    limit = max(sizes.values(), default=0) + reserve
    lots = relation.query("frame", tickets_sql(seed, draw_id, limit)).fetchall()
    if population is None:
        population = dict(relation.aggregate("stratum, count(*)", "stratum").fetchall())
    # Of a stratum that is larger than its sample, so many are listed at least.
    listed = Counter(stratum for _, stratum, _, _ in lots)
    drawn = []
    for case_id, stratum, lot, order in lots:
        if order > sizes[stratum] + reserve:
            continue
        case = DrawnCase(case_id=case_id, stratum=stratum, ticket=lot, order=order)
        size, whole = min(sizes[stratum], listed[stratum]), population[stratum]
        if order <= size:
            case = replace(case, inclusion_probability=size / whole, design_weight=whole / size)
        drawn.append(case)
    return drawn


def as_relation(frame: pd.DataFrame | duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return a frame as a table that DuckDB can query."""
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return frame
    # An empty data frame has no text columns for DuckDB to find.
    texts = ", ".join(f"{name}::VARCHAR AS {name}" for name in ("case_id", "stratum"))
    return memory_database().from_df(frame).project(f"* REPLACE ({texts})")


def _refuse_twice(relation: duckdb.DuckDBPyRelation) -> None:
    # By numbers, in half the time; whether two cases only share one is seen below.
    counts = relation.aggregate("count(*) = count(DISTINCT hash(case_id))").fetchone()
    if counts is None or counts[0]:
        return
    twice = relation.query(
        "frame", "SELECT case_id FROM frame GROUP BY case_id HAVING count(*) > 1 ORDER BY case_id LIMIT 1"
    ).fetchone()
    if twice is not None:
        raise ValueError(f"case {twice[0]} stands in the frame twice")
