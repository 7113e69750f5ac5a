"""A frame's commitment: what it is bound by before anybody has a seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class CommittedStratum:
    """A stratum of a frame: how many cases it has (N_h), and its part of the commitment."""

    stratum: str
    size: int
    digest: str


@dataclass(frozen=True)
class Commitment:
    """A frame's commitment: SHA-256 over all strata, 64 hexadecimal digits, and over each, by UTF-8 bytes."""

    digest: str
    strata: tuple[CommittedStratum, ...]


def commitment(frame: duckdb.DuckDBPyRelation) -> Commitment:
    r"""Commit to a frame: anyone who has it can compute the same digest, whatever the order of its rows.

    Per stratum it is SHA-256 over the canonical case ids, each followed by LF, sorted by UTF-8 bytes; over
    all, SHA-256 over the lines stratum, tab, N_h, tab, stratum digest, LF.

    >>> values = "VALUES ('2', 'A'), ('1', 'A'), ('3', 'B')"
    >>> rows = duckdb.connect().sql(f"SELECT * FROM ({values}) AS t(case_id, stratum)")
    >>> [(row.stratum, row.size) for row in commitment(rows).strata]
    [('A', 2), ('B', 1)]
    >>> commitment(rows).strata[0].digest == hashlib.sha256(b"1\n2\n").hexdigest()
    True
    """
    rows = frame.query(
        "committed",
        """SELECT stratum, count(*), sha256(string_agg(case_id, chr(10) ORDER BY case_id) || chr(10))
           FROM committed GROUP BY stratum ORDER BY stratum""",
    ).fetchall()
    strata = tuple(CommittedStratum(*row) for row in rows)
    return Commitment(digest_of((row.stratum, row.size, row.digest) for row in strata), strata)


def digest_of(strata: Iterable[tuple[str, int, str | None]]) -> str:
    """Return the commitment over strata: name, size and digest of each, by UTF-8 bytes."""
    lines = "".join(f"{stratum}\t{size}\t{digest}\n" for stratum, size, digest in strata)
    return hashlib.sha256(lines.encode()).hexdigest()
