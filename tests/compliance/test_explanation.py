"""The explanation: every step recomputed from the numbers it shows, as one would with a calculator."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaincinv

from tests.compliance.test_table import BAD, BIG, GOOD, round_
from tilsyn.compliance import explanation
from tilsyn.compliance.explained_level import reckon
from tilsyn.compliance.explained_step import plain
from tilsyn.compliance.method import Method
from tilsyn.compliance.table import compliance_table
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.change import adjust
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.gamma_sums import probability_below_zero

N7 = [500, 600, 700, 800, 900, 1000, 60]
n7 = [20, 20, 20, 20, 20, 20, 5]


def steps_of(side):
    return {step.symbol: step.value for step in side.steps}


def test_the_steps_follow_from_the_strata_by_hand():
    side = reckon(Counts.of_question(N7, n7, n7, [18, 17, 20, 16, 19, 15, 4]), [f"u{i}" for i in range(7)])
    rows, value = side.strata.to_dict("records"), steps_of(side)
    R = sum(row["w"] * row["m"] for row in rows)
    P = sum(row["w"] * row["x"] for row in rows) / R
    V = 0.0
    for row in rows:
        s1 = row["x"] - row["m"] * P
        s2 = row["x"] * (1 - P) ** 2 + (row["m"] - row["x"]) * P**2
        S2 = (s2 - s1**2 / row["n"]) / (row["n"] - 1)
        assert (row["s1"], row["s2"], row["S2"]) == pytest.approx((s1, s2, S2))
        V += row["N"] ** 2 * (1 - row["f"]) * S2 / row["n"] / R**2
    n_K = R**2 / sum((1 - row["f"]) * row["w"] ** 2 * row["m"] for row in rows)
    n_W = min(n_K, R / max((1 - row["f"] / 2) * row["w"] for row in rows))
    a = P * (1 - P) / V * 125 / 124
    assert a <= n_K
    x, y = a * P, a * (1 - P)
    low = min(betaincinv(x, y + 1, 0.025), 0.025 ** (1 / n_W))
    high = max(betaincinv(x + 1, y, 0.975), 1 - 0.025 ** (1 / n_W))
    by_hand = {
        "R̂": R,
        "P": P,
        "V": V,
        "SE": math.sqrt(V),
        "n_K": n_K,
        "n_W": n_W,
        "a": a,
        "n_eff": a,
        "l": low,
        "u": high,
    }
    for symbol, expected in by_hand.items():
        assert value[symbol] == pytest.approx(expected, rel=1e-12), symbol


@pytest.mark.parametrize(
    ("counts", "notes"),
    [
        (([500], [20], [0], [0]), {"none"}),
        (([40], [40], [40], [36]), {"heaviest", "census", "pure"}),
        (([30, 500], [30, 20], [30, 0], [27, 0]), {"census_only", "heaviest"}),
        (([750], [20], [20], [20]), {"heaviest", "pure"}),
        (([22, 31], [1, 1], [1, 1], [1, 0]), {"kappa", "heaviest"}),
        ((N7, [*n7[:5], 4, 5], [*n7[:5], 4, 5], [*n7[:5], 4, 4]), {"heaviest", "beyond"}),
    ],
)
def test_special_cases_say_why(counts, notes):
    side = reckon(Counts.of_question(*counts), ["a"] * len(counts[0]))
    found = {step.note for step in side.steps if step.note}
    assert notes <= found


def test_the_last_steps_are_the_row_of_the_table():
    now, before = round_(BAD, BIG), round_(GOOD, BIG)
    rows = compliance_table(now, baseline=before)
    for question in ("Q1", "Q2", "*", "uden_fejl"):
        found = explanation.explain(now, question, rows, baseline=before)
        row = rows[(rows["question"] == question) & (rows["domain"] == "all")].iloc[0]
        level, difference = steps_of(found.now), {step.symbol: step.value for step in found.change}
        assert (level["P"], level["SE"]) == (row["estimate"], row["standard_error"])
        assert (level["l"], level["u"]) == (row["low"], row["high"])
        assert (difference["d"], difference["L"], difference["U"]) == (
            row["change"],
            row["change_low"],
            row["change_high"],
        )
        if question == "*":
            assert not {"p", "z", "q"} & set(difference)
            continue
        assert difference["p"] == row["p_value"]
        assert difference["z"] == pytest.approx(difference["d"] / math.sqrt(difference["Var(0)"]), rel=1e-9)
        assert difference.get("q") == (row["p_adjusted"] if row["verdict"] else None)


def test_a_domain_and_a_published_baseline_can_be_explained():
    now = round_(BAD, BIG)
    published = pd.DataFrame({"question": ["Q1"], "n_relevant": [40], "n_compliant": [38]})
    rows = compliance_table(now, by=["unit"], baseline=published)
    found = explanation.explain(now, "Q1", rows, baseline=published)
    assert found.before is None
    assert {step.symbol: step.value for step in found.change}["e0"] == 40
    unit = explanation.explain(now, "Q1", rows, domain="unit=A", by=["unit"])
    assert unit.now.strata["stratum"].tolist() == ["A"]
    assert unit.change == ()


def people(*kinds):
    """Counts of persons: for each kind, how many of them, N, and what was read, relevant and compliant."""
    each = [(N, n, m, x) for k, N, n, m, x in kinds for _ in range(k)]
    return Counts.of_question(*zip(*each, strict=True))


def test_people_are_put_together_and_not_named():
    names = [f"JUR{i}" for i in range(13)]
    counts = people((5, 20, 1, 1, 1), (4, 31, 1, 1, 1), (3, 30, 1, 1, 0), (1, 47, 2, 1, 1))
    side = reckon(counts, names, name_strata=False)
    # Nine read alike; the three and the one of a kind are too few to leave the one alone, so they stand together.
    assert side.strata["strata"].tolist() == [9, 4]
    assert side.strata["x"].isna().tolist() == [False, True]
    assert not {"stratum", "N", "w"} & set(side.strata.columns)
    assert 47 not in side.strata.to_numpy()
    named = reckon(counts, names)
    assert steps_of(side) == pytest.approx(steps_of(named))


def test_the_steps_follow_from_the_groups_of_people():
    counts = people((5, 20, 1, 1, 1), (4, 31, 1, 1, 0), (3, 30, 2, 2, 1), (2, 12, 1, 0, 0))
    side = reckon(counts, [f"JUR{i}" for i in range(14)], name_strata=False)
    total, value = side.strata.sum(), steps_of(side)
    assert total["strata"] == 14
    assert value["P"] == pytest.approx(total["wx"] / total["wm"])
    assert value["V"] == pytest.approx(total["part"] / total["wm"] ** 2)
    assert value["n_K"] == pytest.approx(total["wm"] ** 2 / total["w2m_finite"])
    assert float(side.level.practice.variance) == pytest.approx(total["V_parts"] / total["wm"] ** 2)
    assert float(side.level.practice.n_kish) == pytest.approx(total["wm"] ** 2 / total["w2m"])


@pytest.mark.parametrize("frame", [BIG, {"A": 10, "B": 60}])
def test_a_pooled_row_follows_from_its_cases(frame):
    now = round_({"A": {"Q1": "jjjnjjjj-j", "Q2": "jjnnjjj--j"}, "B": {"Q1": "nnjnj", "Q2": "jjnnj"}}, frame)
    found = explanation.explain(now, "*", compliance_table(now)).now
    value, cases = steps_of(found), found.cases
    w = cases["stratum"].map(found.strata.set_index("stratum")["w"])
    r, c, count = cases["relevant"], cases["compliant"], cases["cases"]
    assert count.sum() == value["M"]
    assert value["r̄"] == pytest.approx((w * count * r**2).sum() / (w * count * r).sum())
    sampled = cases["shape"] < math.inf
    assert value.get("o_r", 0) == pytest.approx((w * count * r)[~sampled].sum())
    assert value.get("o_c", 0) == pytest.approx((w * count * c)[~sampled].sum())
    for limit, part, offset in (
        (value["l"], "a_low", value.get("o_c", 0) - value["l"] * value.get("o_r", 0)),
        (
            1 - value["u"],
            "a_high",
            value.get("o_r", 0) - value.get("o_c", 0) - (1 - value["u"]) * value.get("o_r", 0),
        ),
    ):
        a = [*cases.loc[sampled, part], -limit * value["g"] * value["r̄"]]
        chance = probability_below_zero(np.array(a), np.array([*cases.loc[sampled, "shape"], 1.0]), offset)
        assert chance == pytest.approx(0.025, abs=1e-8)


def test_a_change_of_a_pooled_row_follows_from_the_limits_printed():
    now, before = round_(BAD, BIG), round_(GOOD, BIG)
    steps = explanation.explain(now, "*", compliance_table(now, baseline=before), baseline=before).change
    numbers = {step.symbol: step for step in steps}
    for symbol in "LU":
        code = numbers[symbol].numbers.replace("√", "sqrt").replace("−", "-").replace("²", "**2")
        assert eval(code, {"sqrt": math.sqrt}) == pytest.approx(numbers[symbol].value, rel=1e-7)


def test_an_unknown_row_is_a_key_error():
    now = round_(GOOD, BIG)
    with pytest.raises(KeyError):
        explanation.explain(now, "Q9", compliance_table(now))


def test_a_round_without_the_question_has_no_change():
    now, before = round_(GOOD, BIG), round_({"A": {"Q2": "j" * 20}, "B": {"Q2": "j" * 20}}, BIG)
    rows = compliance_table(now, baseline=before)
    assert isinstance(before, ReviewedSample)
    assert explanation.explain(now, "Q1", rows, baseline=before).change == ()


def test_plain_numbers_can_be_typed_into_a_calculator():
    assert [plain(v) for v in (0.0, 4000.0, 0.5, float("nan"))] == ["0", "4000", "0.5", "-"]


def typed(numbers):
    """What a calculator makes of a step's numbers, as they are printed."""
    normal = {"Φ": lambda z: (1 + math.erf(z / math.sqrt(2))) / 2, "min": min, "sqrt": math.sqrt}
    code = re.sub(r"√([0-9.e+-]+)", r"sqrt(\1)", numbers.split(";")[0])
    for sign, operator in (("·", "*"), ("−", "-"), ("²", "**2"), ("^", "**")):
        code = code.replace(sign, operator)
    return eval(code, {"__builtins__": {}}, normal)


def beta_typed(numbers):
    quantile, x, y = (float(part) for part in re.findall(r"[0-9.e+-]+", numbers.split("(", 1)[1]))
    return betaincinv(x, y, quantile)


@pytest.mark.parametrize("adjustment", ["benjamini-hochberg", "holm"])
@pytest.mark.parametrize("question", ["Q1", "Q2", "*", "uden_fejl"])
def test_a_calculator_gets_what_is_printed(question, adjustment):
    now = round_({"A": {"Q1": "jjjnjjjj-j", "Q2": "jjnnjjj--j"}, "B": {"Q1": "nnjnj", "Q2": "jjnnj"}})
    before = round_({"A": {"Q1": "jjjnjjnn-n", "Q2": "jnjjjjj-jj"}, "B": {"Q1": "jjjjj", "Q2": "jjjjj"}})
    method = Method(adjustment=adjustment)
    rows = compliance_table(now, (), method, baseline=before)
    found = explanation.explain(now, question, rows, method, baseline=before)
    tried = 0
    for step in (*found.now.steps, *found.before.steps, *found.change):
        if (
            step.symbol in ("e1", "e0", "κ", "L", "U")
            or not re.search(r"\d.*[ √(]", step.numbers)
            or "≤" in step.numbers
            or "Pr" in step.numbers
        ):
            continue
        again = beta_typed(step.numbers) if "Beta" in step.numbers else typed(step.numbers)
        assert plain(again, 7) == plain(step.value, 7), step
        tried += 1
    assert tried >= (8 if question == "*" else 24)


def test_the_limits_of_a_change_solve_the_equation_with_the_numbers_printed():
    now, before = round_(GOOD, BIG), round_(BAD, BIG)
    rows = compliance_table(now, baseline=before)
    found = explanation.explain(now, "Q1", rows, baseline=before)
    value = {step.symbol: step for step in found.change}
    c, e1, e0 = (value[symbol].value for symbol in ("c", "e1", "e0"))
    for symbol in "LU":
        squared, rest = value[symbol].numbers.split(" ≤ ")
        product, p1, p0 = rest.split("; ")
        assert typed(squared) == pytest.approx(typed(product), rel=1e-6)
        p1, p0 = float(p1.split(" = ")[1]), float(p0.split(" = ")[1])
        assert p1 - p0 == pytest.approx(value[symbol].value, abs=1e-8)
        spread = c * (p1 * (1 - p1) / e1 + p0 * (1 - p0) / e0)
        assert typed(product.split(" · ")[1]) == pytest.approx(spread, rel=1e-6)


@pytest.mark.parametrize(
    ("adjustment", "at"),
    [
        ("benjamini-hochberg", 3),
        ("holm", 1),
    ],
)
def test_the_p_value_that_decides_is_named(adjustment, at):
    p = [0.02, 0.019, 0.021]
    rows = pd.DataFrame({"p_value": p, "p_adjusted": adjust(p, adjustment)})
    step = explanation._adjusted_step(rows, rows.iloc[1], Method(adjustment=adjustment))
    assert f"j = {at}" in step.numbers
    assert typed(step.numbers) == pytest.approx(step.value)


def test_the_same_share_is_no_difference():
    now = round_({"A": {"Q1": "j" * 20}}, {"A": 500})
    rows = compliance_table(now, baseline=now)
    z = next(step for step in explanation.explain(now, "Q1", rows, baseline=now).change if step.symbol == "z")
    assert (z.value, z.numbers, z.note) == (0, "", "same")
