"""Measured curves of speed and output, which stand above the performance model.

Between measured points output is interpolated so that it never rises with speed; beyond the ends
of a curve, and at other lengths of input and output, the model holds, times what was measured over
what it gives.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import exp, hypot, isfinite, log
from typing import Literal

import numpy as np
from scipy.interpolate import PchipInterpolator

from components.base import Floats
from components.compute.traffic import Traffic

Counted = Literal["all", "decode"]
"""GPUs that output is divided by: those of prefill and decode, or those that decode."""

SAME_LENGTH = 0.01
"""Lengths that differ by less are the same [1]."""

NO_LIMIT_S = 3600.0
"""Time to first token of measured runs, of which only the speed was held to a target [s]."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Most output that was measured at each speed of a user.

    Attributes
    ----------
    speeds : (n,)
        Interactivity, rising [tokens/s].
    outputs : (n,)
        Output tokens of one GPU, falling [tokens/s].
    input_tokens, output_tokens
        Of every request that was measured [tokens].
    gpus
        Which GPUs output was divided by.
    source
        What to call it in notes, such as ``InferenceX``.
    """

    speeds: Floats
    outputs: Floats
    input_tokens: float
    output_tokens: float
    gpus: Counted = "all"
    source: str = "a measured curve"

    @property
    def slowest(self) -> float:
        """Speed at its left end [tokens/s]."""
        return float(self.speeds[0])

    @property
    def fastest(self) -> float:
        """Speed at its right end [tokens/s]."""
        return float(self.speeds[-1])

    @cached_property
    def _spline(self) -> PchipInterpolator | None:
        if len(self.speeds) == 1:
            return None
        return PchipInterpolator(np.log(self.speeds), np.log(self.outputs))

    def output_at(self, speed: float) -> float:
        """Return the output of one GPU at a speed within the curve, by monotone interpolation.

        Piecewise cubic in the logarithms of both [1]_: between two points never above the
        higher or below the lower.

        Raises
        ------
        ValueError
            If the speed lies beyond its ends.

        References
        ----------
        .. [1] F. N. Fritsch and J. Butland, "A method for constructing local monotone piecewise
           cubic interpolants," SIAM J. Sci. Stat. Comput. 5, 300 (1984), doi:10.1137/0905021.

        Examples
        --------
        Half way between two points, in logarithms, lies their geometric mean.

        >>> curve = curve_of([(20, 800), (80, 200)], input_tokens=1000, output_tokens=1000)
        >>> round(curve.output_at(40), 6)
        400.0
        """
        if not self.slowest <= speed <= self.fastest:
            msg = f"{speed:g} tokens/s/user is beyond {self.slowest:g} to {self.fastest:g}"
            raise ValueError(msg)
        if self._spline is None:
            return float(self.outputs[0])
        return exp(float(self._spline(log(speed))))

    def has_lengths_of(self, traffic: Traffic) -> bool:
        """Tell whether it was measured at the lengths of some traffic, without cached input."""
        return (
            traffic.cached_share == 0
            and abs(self.input_tokens / traffic.input_tokens - 1) <= SAME_LENGTH
            and abs(self.output_tokens / traffic.output_tokens - 1) <= SAME_LENGTH
        )

    def traffic_at(self, speed: float) -> Traffic:
        """Return the requests that were measured, at a speed."""
        return Traffic(self.input_tokens, self.output_tokens, speed, first_token_s=NO_LIMIT_S)


def curve_of(
    points: Iterable[tuple[float, float]],
    *,
    input_tokens: float,
    output_tokens: float,
    gpus: Counted = "all",
    source: str = "a measured curve",
) -> Curve:
    """Return the curve through the best of some measured points.

    Parameters
    ----------
    points
        Speed of a user and output of one GPU [tokens/s], in any order. A point that another beats
        in both is left out.
    input_tokens, output_tokens, gpus, source
        As in `Curve`.

    Raises
    ------
    ValueError
        If there is no point, or a figure is not positive and finite.

    Examples
    --------
    >>> curve_of([(50, 90), (20, 80), (100, 30)], input_tokens=1000, output_tokens=1000).speeds
    array([ 50., 100.])
    """
    found = sorted((float(speed), float(output)) for speed, output in points)
    wrong = [each for pair in found for each in pair if not (isfinite(each) and each > 0)]
    if wrong or not found:
        got = f"{wrong[0]:g}" if wrong else "no point"
        msg = f"a curve needs points above 0 tokens/s, got {got}"
        raise ValueError(msg)
    kept: list[tuple[float, float]] = []
    for speed, output in reversed(found):
        if not kept or (output > kept[-1][1] and speed < kept[-1][0]):
            kept.append((speed, output))
    speeds, outputs = (np.array(each) for each in zip(*reversed(kept), strict=True))
    return Curve(speeds, outputs, input_tokens, output_tokens, gpus, source)


def nearest(curves: Iterable[Curve], traffic: Traffic) -> Curve | None:
    """Return the curve whose lengths are nearest in logarithms; None if there is none.

    Of curves that are as near as each other, the one over all GPUs, then that with most points.
    """

    def how_near(curve: Curve) -> tuple[float, bool, int]:
        apart = hypot(
            log(curve.input_tokens / traffic.input_tokens),
            log(curve.output_tokens / traffic.output_tokens),
        )
        return round(apart, 9), curve.gpus != "all", -len(curve.speeds)

    return min(curves, key=how_near, default=None)
