"""The chance that a weighted sum of gamma variables lies at or below 0, from its characteristic function.

References
----------
Imhof, J. P. (1961). Computing the distribution of quadratic forms in normal variables. Biometrika 48:419-426.
Rice, S. O. (1980). SIAM Journal on Scientific and Statistical Computing 1:438-448 (turning the path).
"""

from __future__ import annotations

import numpy as np

from tilsyn.statistics.intervals import Floats

# Logarithms of t, in units of the sum's standard deviation: the lower end, and where the upper is looked for.
_LOWEST = np.log(1e-6)
# So many of them from 0 the mean times that end is still small; a mean further off needs an end further down.
_FAR = 10.0
_LOOKED = np.linspace(-4.0, 34.0, 77)
_LONGEST_STEP = 0.1
# Below this (as a logarithm) the integrand adds nothing; the step follows the phase down to a tenth of it.
_NOTHING = np.log(1e-12)
_FOLLOWED = np.log(1e-13)
# A phase that turns faster is followed on a turned ray, where what oscillated dies away; the integrand may
# grow there by this much (as a logarithm) before too many digits are lost.
_FAST = 60.0
_TURN = np.pi / 4
_MOST_GROWTH = np.log(1e4)
_OUTSIDE = 1e-9


def probability_below_zero(coefficients: Floats, shapes: Floats, offset: float = 0.0) -> float:
    """Pr(Σ a_j Γ_j + o <= 0), Γ_j independent gamma variables of scale 1.

    Parameters
    ----------
    coefficients, shapes : ndarray
        a_j, and k_j above 0; zero coefficients are dropped.
    offset : float
        o.

    Returns
    -------
    float
        The probability, by the trapezoid rule on a logarithmic grid; as it comes out, in [0, 1] but for 1e-9.

    Raises
    ------
    ArithmeticError
        When it comes out further outside.

    References
    ----------
    Imhof (1961), formula 3.2; Rice (1980).

    Examples
    --------
    >>> round(probability_below_zero(np.array([1.0, -1.0]), np.array([1.0, 1.0])), 12)
    0.5
    >>> round(probability_below_zero(np.array([-1.0]), np.array([1.0]), 2.0), 9)        # exp(-2)
    0.135335283
    """
    there = coefficients != 0
    a, k = coefficients[there], shapes[there]
    scale = float(np.sqrt(k @ a**2))
    a, o = a / scale, offset / scale
    mean = float(k @ a) + o
    turn, upper, fastest = _ray(a, k, o)
    step = min(_LONGEST_STEP, 1 / fastest)
    lowest = _LOWEST - np.log(max(1.0, abs(mean) / _FAR))
    points = int(np.ceil((upper - lowest) / step))
    t = np.exp(lowest + step * np.arange(points + 1))
    modulus, phase = _integrand(a, k, o, t, turn)
    values = np.exp(modulus) * np.sin(phase)
    # Below the lower end the integrand is a multiple of t: the rule's remaining terms are a geometric series.
    below = mean * t[0] * np.cos(turn) / np.expm1(step)
    probability = 0.5 - (turn + step * (float(values.sum()) + below)) / np.pi
    if not -_OUTSIDE <= probability <= 1 + _OUTSIDE:
        raise ArithmeticError(f"a probability of {probability}")
    return float(probability)


def _integrand(a: Floats, k: Floats, o: float, t: Floats, turn: float) -> tuple[Floats, Floats]:
    # Logarithm of the modulus, and the phase, of the characteristic function at t exp(i turn).
    at = np.multiply.outer(t, a)
    sine, cosine = float(np.sin(turn)), float(np.cos(turn))
    modulus = np.log1p(at * (2 * sine + at)) @ (-k / 2) - o * sine * t
    # The real part stays above 0 on the real line, where arctan does; on a turned ray it may not.
    angle = np.arctan(at) if turn == 0 else np.arctan2(cosine * at, 1 + sine * at)
    return modulus, angle @ k + o * cosine * t


def _ray(a: Floats, k: Floats, o: float) -> tuple[float, float, float]:
    # The ray's angle, the upper end of ln t on it, and how fast the phase turns there at most.
    straight = _course(a, k, o, 0.0)
    if straight[1] <= _FAST:
        return 0.0, straight[0], straight[1]
    # exp(i o t) dies away above the real line when o > 0, else below it; many shapes act like an offset.
    turn = _TURN if (o or float(k @ a)) > 0 else -_TURN
    turned = _course(a, k, o, turn)
    if turned[2] <= _MOST_GROWTH and turned[1] < straight[1]:
        return turn, turned[0], turned[1]
    return 0.0, straight[0], straight[1]


def _course(a: Floats, k: Floats, o: float, turn: float) -> tuple[float, float, float]:
    t = np.exp(_LOOKED)
    at = np.multiply.outer(t, a)
    sine, cosine = float(np.sin(turn)), float(np.cos(turn))
    size = 1 + at * (2 * sine + at)
    modulus = np.log(size) @ (-k / 2) - o * sine * t
    speed = np.abs((at / size) @ k * cosine + o * cosine * t)
    heard = np.flatnonzero(modulus > _NOTHING)
    upper = _LOOKED[min(heard[-1] + 1, _LOOKED.size - 1)] if heard.size else _LOOKED[0]
    followed = modulus > _FOLLOWED
    return float(upper), float(speed[followed].max(initial=1.0)), float(modulus.max())
