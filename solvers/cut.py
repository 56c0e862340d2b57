"""Planes under an operation cone, one or many."""

from dataclasses import dataclass

import numpy as np

from solvers.program import Floats


@dataclass(frozen=True, slots=True, eq=False)
class CutSet:
    """N cuts ``prices[i] · uses >= slopes[i] · links`` of one cone; there is no constant term.

    Attributes
    ----------
    prices : (N, U)
        What a unit of each use costs in the cut.
    slopes : (N, K)
        What a unit of each linking quantity adds to that cost at least.
    """

    prices: Floats
    slopes: Floats

    def __len__(self) -> int:
        return len(self.prices)

    def slack(self, uses: Floats, links: Floats) -> Floats:
        """Return (N,) by how much each cut holds at a point; negative where it is violated."""
        return np.asarray(self.prices @ uses - self.slopes @ links)

    def with_cuts(self, other: "CutSet", digits: int = 10) -> "CutSet":
        """Return the cuts of both, without repetitions, in order of arrival.

        Two cuts are the same when, scaled to a largest coefficient of 1, they agree to ``digits``
        decimal places.
        """
        prices = np.vstack([self.prices, other.prices])
        slopes = np.vstack([self.slopes, other.slopes])
        both = np.hstack([prices, slopes])
        scale = np.abs(both).max(axis=1, keepdims=True, initial=0.0)
        alike = np.round(both / np.where(scale > 0, scale, 1.0), digits) + 0.0
        first = np.sort(np.unique(alike, axis=0, return_index=True)[1])
        return CutSet(prices[first], slopes[first])


def no_cuts(uses: int, links: int) -> CutSet:
    """Return an empty set for U uses and K linking quantities."""
    return CutSet(np.zeros((0, uses)), np.zeros((0, links)))
