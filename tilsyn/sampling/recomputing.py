"""Recompute a draw from its manifest and frame, and name the first difference."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import duckdb
import pandas as pd

from tilsyn.base.language import say
from tilsyn.sampling.frame import commitment
from tilsyn.sampling.sizes import RiskArea, level_sizes
from tilsyn.sampling.tickets import ALGORITHM, as_relation, draw, ticket

__all__ = ["Difference", "first_difference", "first_frame_difference", "risk_areas"]

Where = Literal["manifest", "frame", "strata", "sample", "reserve", "register", "files", "log"]

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
_CASE_KEYS = ("case_id", "stratum", "ticket", "order", "inclusion_probability", "design_weight")


@dataclass(frozen=True)
class Difference:
    """The first thing in a draw that is not as it must be.

    Parameters
    ----------
    where : {"manifest", "frame", "strata", "sample", "reserve", "register", "files", "log"}
    found : str
        What differs, in the user's language.
    """

    where: Where
    found: str


def risk_areas(plan: Mapping[str, Any]) -> list[RiskArea]:
    """Return the risk areas of a plan as it stands in a manifest."""
    return [
        RiskArea(rule["name"], None if rule["size"] == "all" else rule["size"], rule["extra"])
        for rule in plan.get("risk", ())
    ]


def first_difference(
    manifest: Mapping[str, Any], frame: pd.DataFrame | duckdb.DuckDBPyRelation | None = None
) -> Difference | None:
    """Recompute a draw.

    Parameters
    ----------
    manifest : mapping
        A draw's manifest, of schema `tilsyn/draw/1`.
    frame : pandas.DataFrame or DuckDB relation, optional
        Columns `case_id` and `stratum`. Without it the draw is checked against the commitment alone: every
        ticket and number that stands in the manifest, but not that no case with a smaller ticket was passed
        over.

    Returns
    -------
    Difference or None
        None when everything is as it must be.
    """
    try:
        return next(_differences(manifest, frame), None)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # Only a manifest or frame that no draw ever made ends here; its fault is named as far as it can be.
        return Difference("manifest", say("verify.not_a_draw", error=f"{type(error).__name__}: {error}"))


def _differences(
    manifest: Mapping[str, Any], frame: pd.DataFrame | duckdb.DuckDBPyRelation | None
) -> Iterator[Difference]:
    yield from _shape(manifest)
    yield from _identity(manifest)
    if frame is not None and (found := first_frame_difference(manifest, frame)) is not None:
        yield found
    yield from _strata(manifest)
    if frame is None:
        yield from _listed(manifest)
        return
    strata = manifest["strata"]
    lots = draw(
        frame,
        {row["stratum"]: row["sample_size"] for row in strata},
        manifest["seed"],
        manifest["draw_id"],
        reserve=manifest["plan"]["reserve"],
        population={row["stratum"]: row["population_size"] for row in strata},
    )
    sampled = lots["design_weight"].notna()
    yield from _cases("sample", lots[sampled].to_dict("records"), manifest["cases"])
    yield from _cases("reserve", lots[~sampled].to_dict("records"), manifest["reserve"])


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
        keys = (
            _CASE_KEYS[:4]
            if place != "strata"
            else ("stratum", "stratum_size", "population_size", "sample_size")
        )
        for row, entry in enumerate(manifest[place] if isinstance(manifest[place], list) else [], start=1):
            kinds = {key: int if key.endswith("size") or key == "order" else str for key in keys}
            wanted.append((f"{place}[{row}]", entry, dict))
            values = entry if isinstance(entry, dict) else {}
            wanted += [(f"{place}[{row}].{key}", values.get(key), kind) for key, kind in kinds.items()]
    for key, value, kind in wanted:
        if not isinstance(value, kind) or isinstance(value, bool):
            yield Difference("manifest", say("verify.bad_value", name=key, value=value))


def _identity(manifest: Mapping[str, Any]) -> Iterator[Difference]:
    attempt = manifest.get("attempt", 1)
    expected = f"{manifest['organisation'].get('slug')}/{manifest['period']}/level-{manifest['level']}"
    expected += "" if attempt == 1 else f"/{attempt}"
    if manifest["draw_id"] != expected:
        yield _other("manifest", "draw_id", expected, manifest["draw_id"])
    if manifest["algorithm"] != ALGORITHM:
        yield _other("manifest", "algorithm", ALGORITHM, manifest["algorithm"])


def _other(where: Where, key: str, expected: object, found: object) -> Difference:
    return Difference(where, say("verify.other_value", name=key, expected=expected, found=found))


def first_frame_difference(
    manifest: Mapping[str, Any],
    frame: pd.DataFrame | duckdb.DuckDBPyRelation,
    where: Literal["frame", "register"] = "frame",
) -> Difference | None:
    """Hold a frame against the commitment in a manifest, stratum by stratum.

    Parameters
    ----------
    manifest : mapping
    frame : pandas.DataFrame or DuckDB relation
        Columns `case_id` and `stratum`.
    where : {"frame", "register"}
        What the frame is called in the difference.

    Returns
    -------
    Difference or None
    """
    committed = commitment(as_relation(frame))
    there = {row.stratum: (row.stratum_size, row.digest) for row in committed.strata.itertuples()}
    for row in manifest["strata"]:
        size, digest = there.pop(row["stratum"], (0, None))
        if size != row["stratum_size"]:
            values = {"stratum": row["stratum"], "expected": row["stratum_size"], "found": size}
            return Difference(where, say("verify.other_size", **values))
        if digest != row.get("digest"):
            return Difference(where, say("verify.other_ids", stratum=row["stratum"]))
    if there:
        stratum, (size, _) = next(iter(there.items()))
        return Difference(where, say("verify.other_size", stratum=stratum, expected=0, found=size))
    if committed.digest != manifest["frame"].get("commitment"):
        return Difference(where, say("verify.other_commitment"))
    return None


def _strata(manifest: Mapping[str, Any]) -> Iterator[Difference]:
    """Check the counts and sizes against the commitment and the plan, which need no frame."""
    strata, frame, plan = manifest["strata"], manifest["frame"], manifest["plan"]
    filled = [row for row in strata if row["stratum_size"]]
    lines = "".join(f"{row['stratum']}\t{row['stratum_size']}\t{row.get('digest')}\n" for row in filled)
    if hashlib.sha256(lines.encode()).hexdigest() != frame.get("commitment"):
        yield Difference("strata", say("verify.other_commitment"))
    if sum(row["stratum_size"] for row in strata) != frame.get("n"):
        yield _other("frame", "n", sum(row["stratum_size"] for row in strata), frame.get("n"))
    expected = level_sizes(plan, {row["stratum"]: row["stratum_size"] for row in strata}, risk_areas(plan))
    for row in strata:
        place = f"strata.{row['stratum']}"
        if row["sample_size"] != expected[row["stratum"]]:
            yield _other("strata", f"{place}.sample_size", expected[row["stratum"]], row["sample_size"])
        if row.get("taken_whole") is not (row["sample_size"] == row["stratum_size"]):
            yield _other("strata", f"{place}.taken_whole", not row.get("taken_whole"), row.get("taken_whole"))
        if manifest["level"] in (1, 2) and row["population_size"] != row["stratum_size"]:
            yield _other("strata", f"{place}.population_size", row["stratum_size"], row["population_size"])


def _cases(
    where: Literal["sample", "reserve"], expected: Iterable[Mapping[Any, Any]], found: list[dict[str, Any]]
) -> Iterator[Difference]:
    rows = list(expected)
    for wanted, row in zip(rows, found, strict=False):
        place = {"order": wanted["order"], "stratum": wanted["stratum"]}
        if (row["case_id"], row["stratum"]) != (wanted["case_id"], wanted["stratum"]):
            values = {"expected": wanted["case_id"], "found": row["case_id"]}
            yield Difference(where, say(f"verify.other_case_{where}", **place, **values))
        for key in _CASE_KEYS[2:]:
            number = wanted[key]
            right = None if isinstance(number, float) and math.isnan(number) else number
            if row.get(key) != right:
                yield _other(where, f"{row['case_id']}.{key}", right, row.get(key))
    if len(rows) != len(found):
        yield Difference(where, say(f"verify.other_count_{where}", expected=len(rows), found=len(found)))


def _listed(manifest: Mapping[str, Any]) -> Iterator[Difference]:
    """Check every number of the cases listed, where there is no frame to recompute them from."""
    reserve = manifest["plan"]["reserve"]
    sizes = {row["stratum"]: row for row in manifest["strata"]}
    places = {
        "sample": [(name, rank + 1) for name, row in sizes.items() for rank in range(row["sample_size"])],
        "reserve": [
            (name, row["sample_size"] + rank + 1)
            for name, row in sizes.items()
            for rank in range(min(reserve, row["stratum_size"] - row["sample_size"]))
        ],
    }
    wanted: dict[str, list[dict[str, Any]]] = {"sample": [], "reserve": []}
    before: dict[str, str] = {}
    for where, key in (("sample", "cases"), ("reserve", "reserve")):
        for (stratum, order), row in zip(places[where], manifest[key], strict=False):
            lot = ticket(manifest["seed"], manifest["draw_id"], row["case_id"])
            size, whole = sizes[stratum]["sample_size"], sizes[stratum]["population_size"]
            probability = size / whole if where == "sample" else math.nan
            weight = whole / size if where == "sample" else math.nan
            values = (row["case_id"], stratum, lot, order, probability, weight)
            wanted[where].append(dict(zip(_CASE_KEYS, values, strict=True)))
            if row["ticket"] != lot:
                yield _other("sample", f"{row['case_id']}.ticket", lot, row["ticket"])
            if lot <= before.get(stratum, ""):
                yield Difference(
                    "sample", say("verify.not_in_order", case_id=row["case_id"], stratum=stratum)
                )
            before[stratum] = lot
        if len(places[where]) != len(manifest[key]):
            counts = {"expected": len(places[where]), "found": len(manifest[key])}
            yield Difference("sample", say(f"verify.other_count_{where}", **counts))
    yield from _cases("sample", wanted["sample"], manifest["cases"])
    yield from _cases("reserve", wanted["reserve"], manifest["reserve"])
