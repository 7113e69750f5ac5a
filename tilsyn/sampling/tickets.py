"""The draw itself: tickets, sample, reserve, inclusion probabilities and design weights.

A case's ticket is SHA-256 over the seed, the draw's id and the case's id, each on its own line. In each
stratum the sample is the cases with the smallest tickets: simple random sampling without replacement
(Cochran 1977, ch. 2), and the same sample whatever the order of the rows, the language or the library.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import duckdb
import pandas as pd

from tilsyn.base.database import memory_database
from tilsyn.sampling.sql import quoted

ALGORITHM = 'sha256(seed + "\\n" + draw_id + "\\n" + case_id), smallest per stratum'
COLUMNS = ["case_id", "stratum", "ticket", "order", "inclusion_probability", "design_weight"]


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
) -> pd.DataFrame:
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
    pandas.DataFrame
        `case_id`, `stratum`, `ticket` (64 hex digits), `order` (rank by ticket in the stratum from 1,
        continued into the reserve), `inclusion_probability` (n_h / N_h, in (0, 1]), `design_weight` (N_h /
        n_h, >= 1); the last two are NaN in the reserve. Sorted by stratum (UTF-8 bytes) and order.

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
    >>> frame = pd.DataFrame({"case_id": ["1", "2", "3"], "stratum": ["A", "A", "B"]})
    >>> draw(frame, {"A": 1, "B": 1}, "dice 3 July: 6 2 5 1 1 4", "bbu/2018-Q2/level-2")["case_id"].tolist()
    ['1', '2', '3']
    """
    relation = as_relation(frame[["case_id", "stratum"]] if isinstance(frame, pd.DataFrame) else frame)
    _refuse_twice(relation)
    limit = max(sizes.values(), default=0) + reserve
    lots = relation.query("frame", tickets_sql(seed, draw_id, limit)).df()
    drawn = lots["stratum"].map({name: sizes[name] for name in lots["stratum"].unique()})
    lots = lots[lots["order"] <= drawn + reserve].reset_index(drop=True)
    counts = relation.aggregate("stratum, count(*) AS n", "stratum").df().set_index("stratum")["n"]
    stratum_size = lots["stratum"].map(counts)
    sample_size = lots["stratum"].map(sizes).clip(upper=stratum_size)
    population_size = stratum_size if population is None else lots["stratum"].map(population)
    sampled = lots["order"] <= sample_size
    lots["inclusion_probability"] = (sample_size / population_size).where(sampled)
    lots["design_weight"] = (population_size / sample_size.where(sampled)).astype("float64")
    return lots[COLUMNS]


def as_relation(frame: pd.DataFrame | duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return a frame as a table that DuckDB can query."""
    if not isinstance(frame, pd.DataFrame):
        return frame
    # An empty data frame has no text columns for DuckDB to find.
    texts = ", ".join(f"{name}::VARCHAR AS {name}" for name in ("case_id", "stratum"))
    return memory_database().from_df(frame).project(f"* REPLACE ({texts})")


def _refuse_twice(relation: duckdb.DuckDBPyRelation) -> None:
    counts = relation.aggregate("count(*) = count(DISTINCT case_id)").fetchone()
    if counts is None or counts[0]:
        return
    twice = relation.query(
        "frame", "SELECT case_id FROM frame GROUP BY case_id HAVING count(*) > 1 ORDER BY case_id LIMIT 1"
    ).fetchone()
    raise ValueError(f"case {twice[0] if twice else ''} stands in the frame twice")
