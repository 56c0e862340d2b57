"""Distributions that an axis may be drawn from: all bounded, so that no draw leaves the schema."""

from collections.abc import Iterator
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from planner.scenario.base import Complaint, Section, complain

Floats = NDArray[np.float64]


class _Bounded(Section):
    low: float = Field(alias="from", description="Nothing below; in the key's own unit")
    high: float = Field(alias="to", description="Nothing above; in the key's own unit")

    @model_validator(mode="after")
    def _check(self) -> Self:
        complain(self._complaints())
        return self

    def _complaints(self) -> Iterator[Complaint]:
        if self.high <= self.low:
            yield Complaint(("to",), "must lie above from", f"{self.high:g}", f"over {self.low:g}")

    def at(self, share: Floats) -> Floats:
        """Return the quantiles; ``share`` lies in 0..1, both ends in it."""
        raise NotImplementedError


class Uniform(_Bounded):
    """Every value between the bounds is as likely."""

    def at(self, share: Floats) -> Floats:
        """Return the quantiles of shares of the probability."""
        return self.low + share * (self.high - self.low)


class Triangular(_Bounded):
    """Most likely at one value, falling to nothing at both bounds."""

    mode: float = Field(description="Where it is most likely; in the key's own unit")

    def _complaints(self) -> Iterator[Complaint]:
        yield from super()._complaints()
        if self.low < self.high and not self.low <= self.mode <= self.high:
            hint = f"{self.low:g} to {self.high:g}"
            yield Complaint(("mode",), "must lie between the bounds", f"{self.mode:g}", hint)

    def at(self, share: Floats) -> Floats:
        """Return the quantiles of shares of the probability."""
        from scipy.stats import triang

        width = self.high - self.low
        peak = (self.mode - self.low) / width
        return np.asarray(triang.ppf(share, peak, loc=self.low, scale=width), dtype=float)


class Normal(_Bounded):
    """Normal, cut off at the bounds."""

    mean: float = Field(description="Before it is cut off; in the key's own unit")
    sd: float = Field(gt=0, description="Standard deviation before; in the key's own unit")

    def at(self, share: Floats) -> Floats:
        """Return the quantiles of shares of the probability."""
        from scipy.stats import truncnorm

        low, high = ((bound - self.mean) / self.sd for bound in (self.low, self.high))
        found = truncnorm.ppf(share, low, high, loc=self.mean, scale=self.sd)
        clipped: Floats = np.clip(np.asarray(found, dtype=float), self.low, self.high)
        return clipped


class Lognormal(_Bounded):
    """Its logarithm is normal; cut off at the bounds."""

    median: float = Field(gt=0, description="Before it is cut off; in the key's own unit")
    sigma: float = Field(gt=0, description="Standard deviation of the natural logarithm [1]")

    def _complaints(self) -> Iterator[Complaint]:
        yield from super()._complaints()
        if self.low <= 0:
            yield Complaint(("from",), "must be over 0", f"{self.low:g}", f"{self.median / 10:g}")

    def at(self, share: Floats) -> Floats:
        """Return the quantiles of shares of the probability."""
        from scipy.stats import truncnorm

        middle = np.log(self.median)
        low, high = ((np.log(bound) - middle) / self.sigma for bound in (self.low, self.high))
        found = np.exp(truncnorm.ppf(share, low, high, loc=middle, scale=self.sigma))
        clipped: Floats = np.clip(np.asarray(found, dtype=float), self.low, self.high)
        return clipped


class Distribution(Section):
    """One of the kinds below."""

    uniform: Uniform | None = Field(default=None, description="Between two bounds")
    triangular: Triangular | None = Field(default=None, description="With a mode")
    normal: Normal | None = Field(default=None, description="With mean and sd, cut off")
    lognormal: Lognormal | None = Field(default=None, description="With median and sigma, cut off")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(given := self._given()) != 1:
            what = "needs one of uniform, triangular, normal and lognormal"
            got = " and ".join(given) or "none"
            complain([Complaint((), what, got, "uniform: {from: 1, to: 2}")])
        return self

    def _given(self) -> list[str]:
        return [name for name in type(self).model_fields if getattr(self, name) is not None]

    def at(self, share: Floats) -> Floats:
        """Return the quantiles of shares of the probability, 0 and 1 being the bounds."""
        kind: _Bounded = getattr(self, self._given()[0])
        return kind.at(share)
