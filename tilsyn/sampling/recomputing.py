"""Recompute a draw from its manifest and frame, and name the first difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from tilsyn.base.language import say
from tilsyn.sampling.commitment import commitment, digest_of
from tilsyn.sampling.draw_record import DrawnCase, DrawnStratum, DrawRecord, NotADraw, draw_id
from tilsyn.sampling.sizes import level_sizes
from tilsyn.sampling.tickets import ALGORITHM, as_relation, draw, ticket

if TYPE_CHECKING:
    import pandas as pd

Where = Literal[
    "manifest", "frame", "strata", "sample", "reserve", "register", "files", "log", "reports", "workbooks"
]

_KEYS = (
    "draw_id",
    "level",
    "period",
    "seed",
    "algorithm",
    "frame",
    "strata",
    "cases",
    "reserve",
    "plan",
    "organisation",
)
_CASE_KEYS = ("case_id", "stratum", "ticket", "order")
_STRATUM_KEYS = ("stratum", "stratum_size", "population_size", "sample_size")
_NUMBERS = ("ticket", "order", "inclusion_probability", "design_weight")


@dataclass(frozen=True)
class Difference:
    """The first thing in a draw that is not as it must be."""

    where: Where
    found: str


def first_difference(
    data: Mapping[str, Any],
    frame: pd.DataFrame | duckdb.DuckDBPyRelation | None = None,
    read: Callable[[Mapping[str, Any]], DrawRecord] = DrawRecord.from_dict,
) -> Difference | None:
    """Recompute a draw from its `draw.json` and its frame (`case_id`, `stratum`); None when all agree.

    Without the frame the draw is checked against the commitment alone: every ticket and number that stands in
    the manifest, but not that no case with a smaller ticket was passed over. Who has the
    record of it already says so with `read`.
    """
    try:
        return next(_differences(data, frame, read), None)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        # Only a manifest or frame that no draw ever made ends here; its fault is named as far as it can be.
        fault = str(error) if isinstance(error, NotADraw) else f"{type(error).__name__}: {error}"
        return Difference("manifest", say("verify.not_a_draw", error=fault))


def _differences(
    data: Mapping[str, Any],
    frame: pd.DataFrame | duckdb.DuckDBPyRelation | None,
    read: Callable[[Mapping[str, Any]], DrawRecord],
) -> Iterator[Difference]:
    yield from _shape(data)
    record = read(data)
    yield from _identity(record)
    if frame is not None and (found := first_frame_difference(record, frame)) is not None:
        yield found
    yield from _strata(record)
    if frame is None:
        yield from _listed(record)
        return
    lots = draw(
        frame,
        {row.stratum: row.sample_size for row in record.strata},
        record.seed,
        record.draw_id,
        reserve=record.plan.reserve,
        population={row.stratum: row.population_size for row in record.strata},
    )
    yield from _cases("sample", [case for case in lots if case.design_weight is not None], record.cases)
    yield from _cases("reserve", [case for case in lots if case.design_weight is None], record.reserve)


def _shape(manifest: Mapping[str, Any]) -> Iterator[Difference]:
    """A manifest that lacks a key, or has something else where a number must be, cannot be recomputed."""
    for key in _KEYS:
        if key not in manifest:
            yield Difference("manifest", say("verify.key_missing", name=key))
            return
    wanted: list[tuple[str, object, type]] = [
        ("frame", manifest["frame"], dict),
        ("plan", manifest["plan"], dict),
        ("organisation", manifest["organisation"], dict),
        ("seed", manifest["seed"], str),
    ]
    for place in ("strata", "cases", "reserve"):
        wanted.append((place, manifest[place], list))
        keys = _STRATUM_KEYS if place == "strata" else _CASE_KEYS
        for row, entry in enumerate(manifest[place] if isinstance(manifest[place], list) else [], start=1):
            kinds = {key: int if key.endswith("size") or key == "order" else str for key in keys}
            wanted.append((f"{place}[{row}]", entry, dict))
            values = entry if isinstance(entry, dict) else {}
            wanted += [(f"{place}[{row}].{key}", values.get(key), kind) for key, kind in kinds.items()]
    for key, value, kind in wanted:
        if not isinstance(value, kind) or isinstance(value, bool):
            yield Difference("manifest", say("verify.bad_value", name=key, value=value))


def _identity(record: DrawRecord) -> Iterator[Difference]:
    expected = draw_id(record.organisation.slug, record.period, record.level, record.attempt)
    if record.draw_id != expected:
        yield _other("manifest", "draw_id", expected, record.draw_id)
    if record.algorithm != ALGORITHM:
        yield _other("manifest", "algorithm", ALGORITHM, record.algorithm)


def _other(where: Where, key: str, expected: object, found: object) -> Difference:
    return Difference(where, say("verify.other_value", name=key, expected=expected, found=found))


def first_frame_difference(
    record: DrawRecord,
    frame: pd.DataFrame | duckdb.DuckDBPyRelation,
    where: Literal["frame", "register"] = "frame",
) -> Difference | None:
    """Hold a frame (`case_id`, `stratum`) against the commitment of a draw, stratum by stratum."""
    committed = commitment(as_relation(frame))
    there = {row.stratum: (row.size, row.digest) for row in committed.strata}
    for row in record.strata:
        size, digest = there.pop(row.stratum, (0, None))
        if size != row.stratum_size:
            values = {"stratum": row.stratum, "expected": row.stratum_size, "found": size}
            return Difference(where, say("verify.other_size", **values))
        if digest != row.digest:
            return Difference(where, say("verify.other_ids", stratum=row.stratum))
    if there:
        stratum, (size, _) = next(iter(there.items()))
        return Difference(where, say("verify.other_size", stratum=stratum, expected=0, found=size))
    if committed.digest != record.frame.commitment:
        return Difference(where, say("verify.other_commitment"))
    return None


def _strata(record: DrawRecord) -> Iterator[Difference]:
    """Check the counts and sizes against the commitment and the plan, which need no frame."""
    sizes = {row.stratum: row.stratum_size for row in record.strata}
    filled = [(row.stratum, row.stratum_size, row.digest) for row in record.strata if row.stratum_size]
    if digest_of(filled) != record.frame.commitment:
        yield Difference("strata", say("verify.other_commitment"))
    if sum(sizes.values()) != record.frame.n:
        yield _other("frame", "n", sum(sizes.values()), record.frame.n)
    units = {row.stratum: row.unit for row in record.strata}
    expected = level_sizes(record.plan, sizes, record.risk, units)
    # What is drawn from one draw may have its N_h, which that draw tells.
    from_several = record.frame.speaks_of == "reviews" and len(record.parents) != 1
    whole = record.plan.above is None or from_several
    for row in record.strata:
        place = f"strata.{row.stratum}"
        if row.sample_size != expected[row.stratum]:
            yield _other("strata", f"{place}.sample_size", expected[row.stratum], row.sample_size)
        if row.taken_whole is not (row.sample_size == row.stratum_size):
            yield _other("strata", f"{place}.taken_whole", not row.taken_whole, row.taken_whole)
        if whole and row.population_size != row.stratum_size:
            yield _other("strata", f"{place}.population_size", row.stratum_size, row.population_size)


def _cases(
    where: Literal["sample", "reserve"], expected: Sequence[DrawnCase], found: Sequence[DrawnCase]
) -> Iterator[Difference]:
    for wanted, case in zip(expected, found, strict=False):
        place = {"order": wanted.order, "stratum": wanted.stratum}
        if case.case_id != wanted.case_id:
            values = {"expected": wanted.case_id, "found": case.case_id}
            yield Difference(where, say(f"verify.other_case_{where}", **place, **values))
        for key in ("stratum", *_NUMBERS):
            right, there = getattr(wanted, key), getattr(case, key)
            if there != right:
                yield _other(where, f"{case.case_id}.{key}", right, there)
    if len(expected) != len(found):
        yield Difference(where, say(f"verify.other_count_{where}", expected=len(expected), found=len(found)))


def _listed(record: DrawRecord) -> Iterator[Difference]:
    """Check every number of the cases listed, where there is no frame to recompute them from."""
    strata = {row.stratum: row for row in record.strata}
    places = {
        "sample": [(name, rank + 1) for name, row in strata.items() for rank in range(row.sample_size)],
        "reserve": [
            (name, row.sample_size + rank + 1)
            for name, row in strata.items()
            for rank in range(min(record.plan.reserve, row.stratum_size - row.sample_size))
        ],
    }
    wanted: dict[str, list[DrawnCase]] = {"sample": [], "reserve": []}
    before: dict[str, str] = {}
    for where, listed in (("sample", record.cases), ("reserve", record.reserve)):
        for (stratum, order), case in zip(places[where], listed, strict=False):
            lot = ticket(record.seed, record.draw_id, case.case_id)
            chances = _chances(strata[stratum]) if where == "sample" else (None, None)
            numbers = dict(zip(_NUMBERS, (lot, order, *chances), strict=True))
            wanted[where].append(replace(case, stratum=stratum, **numbers))
            if case.ticket != lot:
                yield _other("sample", f"{case.case_id}.ticket", lot, case.ticket)
            if lot <= before.get(stratum, ""):
                yield Difference("sample", say("verify.not_in_order", case_id=case.case_id, stratum=stratum))
            before[stratum] = lot
        if len(places[where]) != len(listed):
            counts = {"expected": len(places[where]), "found": len(listed)}
            yield Difference("sample", say(f"verify.other_count_{where}", **counts))
    yield from _cases("sample", wanted["sample"], record.cases)
    yield from _cases("reserve", wanted["reserve"], record.reserve)


def _chances(stratum: DrawnStratum) -> tuple[float, float]:
    """Return the probability n_h / N_h of a case in the sample, and its weight."""
    size, whole = stratum.sample_size, stratum.population_size
    return size / whole, whole / size
