"""The steps of the corrected percentage of levels 3 and 4, from the re-read cases to its limits."""

from __future__ import annotations

import numpy as np

from tilsyn.compliance.corrections import Reread
from tilsyn.compliance.explained_step import ExplainedStep, plain
from tilsyn.questions.answers import NO, YES, answer_text
from tilsyn.statistics.intervals import jeffreys_interval


def correction_steps(found: Reread, confidence: float = 0.95) -> tuple[ExplainedStep, ...]:
    """Steps of one question's corrected percentage; none when a condition fails, for then there is no figure.

    >>> import pandas as pd
    >>> from tilsyn.statistics.two_phase import corrected_share
    >>> cells = pd.DataFrame([[30, 1, 2, 7]], columns=["yes_yes", "no_yes", "yes_no", "no_no"])
    >>> reread = Reread(
    ...     cells.assign(stratum="A", population_size=750, reread=40),
    ...     0, corrected_share([[30, 1, 2, 7]], [750], [40], 0.80, 100))
    >>> [(step.symbol, round(step.value, 6)) for step in correction_steps(reread)][-2:]
    [('low', 0.652013), ('high', 0.870074)]
    """
    whole = found.corrected
    if whole.of_yes is None or whole.of_no is None:
        return ()
    yes, no = answer_text(YES), answer_text(NO)
    parts = []
    e = {"π": whole.first_n_eff}
    for name, answer, note, of in (
        ("PPV", yes, "of_yes_yes", whole.of_yes),
        ("FOM", no, "of_no_yes", whole.of_no),
    ):
        e[name] = of.n_eff
        ratio = f"Σ v_h ({answer}, {yes}) / Σ v_h ({answer})"
        total, kish = plain(of.total), f"{plain(of.total)}² / {plain(of.squares)}"
        parts += [
            ExplainedStep(name, ratio, f"{plain(of.found)} / {total}", of.share, note),
            ExplainedStep(f"e_{name}", "(Σ v_h)² / Σ v_h²", kish, of.n_eff),
        ]
    share = {"π": whole.first_estimate, "PPV": whole.ppv, "FOM": whole.omission}
    pi, D = share["π"], whole.ppv - whole.omission
    limits = {name: _limits(name, P, e[name], confidence) for name, P in share.items()}
    weighted = f"{plain(whole.omission)} + {plain(pi)} · {_signed(D)}"
    steps = [
        ExplainedStep("π", "P", "", pi, "first_estimate"),
        ExplainedStep("e_π", "n_eff", "", e["π"], "first_n_eff"),
        *parts,
        ExplainedStep("D", "PPV − FOM", f"{plain(whole.ppv)} − {plain(whole.omission)}", D),
        ExplainedStep("P̂", "FOM + π D", weighted, whole.estimate),
        *(step for pair in limits.values() for step in pair),
    ]
    effect = {"π": D, "PPV": pi, "FOM": 1 - pi}
    factor = {"π": "D", "PPV": "π", "FOM": "(1 − π)"}
    for at, symbol, end in ((0, "low", whole.low), (1, "high", whole.high)):
        squares, names = [], []
        for name, P in share.items():
            side = 1 - at if name == "π" and D < 0 else at
            limit = limits[name][side]
            near, far = (limit.value, P) if side == 0 else (P, limit.value)
            squares.append(f"({_signed(effect[name])} · ({plain(far)} − {plain(near)}))²")
            ends = f"{name} − {limit.symbol}" if side == 0 else f"{limit.symbol} − {name}"
            names.append(f"({factor[name]} ({ends}))²")
        sign = "+" if at else "−"
        formula = f"P̂ {sign} √[{' + '.join(names)}]"
        numbers = f"{plain(whole.estimate)} {sign} √[{' + '.join(squares)}]"
        steps.append(ExplainedStep(symbol, formula, numbers, end, "clipped"))
    return tuple(steps)


def _limits(name: str, P: float, e: float, confidence: float) -> tuple[ExplainedStep, ExplainedStep]:
    tail = (1 - confidence) / 2
    low, high = (float(limit) for limit in jeffreys_interval(P, e, confidence))
    a, b = e * P + 0.5, e * (1 - P) + 0.5
    steps = []
    for symbol, value, quantile, alpha, end in (
        (f"l_{name}", low, tail, "α/2", P <= 0),
        (f"u_{name}", high, 1 - tail, "1 − α/2", P >= 1),
    ):
        if end or not np.isfinite(e):
            steps.append(ExplainedStep(symbol, name, "", value, "closed"))
            continue
        numbers = f"Beta⁻¹({plain(quantile)}; {plain(a)}, {plain(b)})"
        formula = f"Beta⁻¹({alpha}; e P + ½, e (1 − P) + ½)"
        steps.append(ExplainedStep(symbol, formula, numbers, value))
    return steps[0], steps[1]


def _signed(value: float) -> str:
    return plain(value) if value >= 0 else f"({plain(value)})"
