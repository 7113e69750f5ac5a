"""How many cases are drawn from each stratum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.plan import Risk

# `|` is no character of a unit's name, so the unit of a split stratum can always be told.
SEPARATOR = "|"


def stratum_name(unit: str, area: str | None) -> str:
    """Return a stratum's name: the unit's own, or the unit split by a risk area.

    >>> stratum_name("Amager", None), stratum_name("Amager", "sikkerhedsplan")
    ('Amager', 'Amager|sikkerhedsplan')
    """
    return unit if area is None else f"{unit}{SEPARATOR}{area}"


def unit_of(stratum: str) -> str:
    """Return the unit that a stratum of levels 2 to 4 is in."""
    return stratum.split(SEPARATOR, 1)[0]


def largest_remainder(
    weights: Mapping[str, int | Fraction],
    total: int,
    floors: Mapping[str, int] | None = None,
    caps: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Split a number over strata in proportion to weights, in whole cases (Hare quota, largest remainder).

    Each stratum gets the whole part of its quota `total * weight / sum of weights`, and the cases left go
    one by one to the largest remainders; equal remainders to the first name by UTF-8 bytes. A stratum whose
    quota is outside its floor or cap is set there, and the rest is split over the others; what the caps
    cannot hold stays unallocated. Weights are exact numbers, so that ties are ties. ValueError where a number
    is negative, a floor is above its cap, or the floors are more than the total.

    References
    ----------
    Balinski, M. L. & Young, H. P. (1982), Fair Representation, ch. 3 (the method of Hamilton).

    Examples
    --------
    >>> largest_remainder({"A": 20, "B": 20, "C": 5}, 10)
    {'A': 5, 'B': 4, 'C': 1}
    >>> largest_remainder({"A": 20, "B": 20, "C": 5}, 10, caps={"A": 3})
    {'A': 3, 'B': 6, 'C': 1}
    """
    # Python orders texts as their UTF-8 bytes are.
    names = sorted(weights)
    low = {name: (floors or {}).get(name, 0) for name in names}
    high = {name: min((caps or {}).get(name, total), total) for name in names}
    if total < 0 or any(weights[name] < 0 or low[name] < 0 for name in names):
        raise ValueError("numbers to allocate are not negative")
    if any(low[name] > high[name] for name in names) or sum(low.values()) > total:
        raise ValueError("floors above what can be allocated")
    quota = _quotas({name: Fraction(weights[name]) for name in names}, total, low, high)
    result = {name: int(quota[name]) for name in names}
    left = int(sum(quota.values())) - sum(result.values())
    by_remainder = sorted(names, key=lambda name: (result[name] - quota[name], name))
    for name in by_remainder[:left]:
        result[name] += 1
    return result


def _quotas(
    weights: dict[str, Fraction], total: int, low: dict[str, int], high: dict[str, int]
) -> dict[str, Fraction]:
    """Return the exact quotas within floors and caps; what is outside is fixed in turn, larger side first."""
    quota = {name: Fraction(low[name]) for name in weights}
    free = {name for name in weights if weights[name] > 0}
    left = Fraction(total - sum(low[name] for name in weights if name not in free))
    while free:
        whole = sum((weights[name] for name in free), Fraction())
        for name in free:
            quota[name] = left * weights[name] / whole
        over = {name for name in free if quota[name] > high[name]}
        under = {name for name in free if quota[name] < low[name]}
        if not over and not under:
            break
        excess = sum((quota[name] - high[name] for name in over), Fraction())
        lack = sum((low[name] - quota[name] for name in under), Fraction())
        fixed, bound = (over, high) if excess >= lack else (under, low)
        for name in fixed:
            quota[name] = Fraction(bound[name])
            left -= bound[name]
        free -= fixed
    return quota


def allocate(
    stratum_sizes: Mapping[str, int],
    total: int,
    method: Literal["proportional", "equal"] = "proportional",
    floor: int = 0,
) -> dict[str, int]:
    """Split a total over strata, as levels 3 and 4 do, never more than the reviewed cases of a stratum.

    Each stratum has `floor` cases at least, or all that it has; where the total is less, the floors stand.

    References
    ----------
    Cochran, W. G. (1977), Sampling Techniques, 3rd ed., section 5.5 (proportional allocation).

    Examples
    --------
    >>> allocate({"A": 20, "B": 20, "C": 5}, 30)
    {'A': 14, 'B': 13, 'C': 3}
    >>> allocate({"A": 20, "B": 20, "C": 5}, 30, "equal")
    {'A': 13, 'B': 12, 'C': 5}
    >>> allocate({"A": 90, "B": 9, "C": 1}, 10, floor=2)
    {'A': 7, 'B': 2, 'C': 1}
    """
    weights = {
        name: size if method == "proportional" else min(size, 1) for name, size in stratum_sizes.items()
    }
    floors = {name: min(floor, size) for name, size in stratum_sizes.items()}
    wanted = max(min(total, sum(stratum_sizes.values())), sum(floors.values()))
    return largest_remainder(weights, wanted, floors, caps=stratum_sizes)


def plan_sizes(
    stratum_sizes: Mapping[str, int],
    sizes: Mapping[str, int],
    areas: Sequence[Risk] = (),
    units: Mapping[str, str] | None = None,
) -> dict[str, int]:
    """Give each stratum the number its unit's plan says (`sizes`), risk areas first, in their order.

    A risk area takes its number out of the unit's, or on top of it, or takes all its cases. What it cannot
    fill stays with the rest of the unit. `units` says which unit a stratum is in where its name does not.

    >>> rule = Risk(name="klage", column="complaint", values=["ja"], size=5)
    >>> plan_sizes({"Amager": 600, "Amager|klage": 3}, {"Amager": 20}, [rule])
    {'Amager': 17, 'Amager|klage': 3}
    """
    units = units or {name: unit_of(name) for name in stratum_sizes}
    result: dict[str, int] = {}
    for unit in set(units.values()):
        rest = {name: size for name, size in stratum_sizes.items() if units[name] == unit}
        left = sizes[unit]
        ruled = {stratum_name(unit, area.name): area for area in areas}
        # Every case of the frame must be able to be drawn (π_i > 0) for an estimate to speak for all of them.
        kept = min(sum(size for name, size in rest.items() if name not in ruled), 1, left)
        for name, area in ruled.items():
            if name in rest:
                there = rest.pop(name)
                taken = there if area.size == "all" else min(area.size, there)
                if not area.extra and area.size != "all":
                    taken = min(taken, left - kept)
                result[name] = taken
                left = left if area.extra else max(left - taken, kept)
        result |= allocate(rest, left)
    return dict(sorted(result.items()))


def level_sizes(
    plan: LevelPlan,
    stratum_sizes: Mapping[str, int],
    areas: Sequence[Risk] = (),
    units: Mapping[str, str] | None = None,
) -> dict[str, int]:
    """Give each stratum the number n_h <= N_h that a level's plan says, sorted by UTF-8 bytes.

    >>> plan = LevelPlan(level=2, cadence="quarter", per_unit=20, units={"Døgnvagten": 5})
    >>> level_sizes(plan, {"Døgnvagten": 310, "Amager": 612})
    {'Amager': 20, 'Døgnvagten': 5}
    >>> plan = LevelPlan(level=3, cadence="quarter", total=60)
    >>> level_sizes(plan, {"Amager": 20, "Døgnvagten": 5, "Valby": 20})
    {'Amager': 20, 'Døgnvagten': 5, 'Valby': 20}
    >>> plan = LevelPlan(level=2, cadence="quarter", per="case_type", share=0.05)
    >>> level_sizes(plan, {"Anbringelse": 130, "Underretning": 20})
    {'Anbringelse': 7, 'Underretning': 1}
    """
    if plan.split != "unit":
        found = {name: min(plan.number_of(name, size), size) for name, size in stratum_sizes.items()}
        return dict(sorted(found.items()))
    of = {name: (units or {}).get(name) or unit_of(name) for name in stratum_sizes}
    cases: dict[str, int] = {}
    for name, size in stratum_sizes.items():
        cases[of[name]] = cases.get(of[name], 0) + size
    if plan.drawn_per == "unit":
        wanted = {unit: plan.number_of(unit, size) for unit, size in cases.items()}
        return plan_sizes(stratum_sizes, wanted, areas, of)
    total = plan.total_of(sum(cases.values()))
    if areas:
        return plan_sizes(stratum_sizes, allocate(cases, total, plan.allocation, plan.floor), areas, of)
    return allocate(stratum_sizes, total, plan.allocation, plan.floor)
