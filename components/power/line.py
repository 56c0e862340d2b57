"""Transmission lines: what they carry, lose and cost."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field

from components.base import Floats, Parameters

SEGMENTS = 4
"""Pieces of the quadratic loss: off by at most 1/64 of the loss at full load."""


class Line(Parameters):
    """Parameters of one circuit of a line of one voltage, alternating or direct current."""

    current: Literal["AC", "DC"] = Field(description="Alternating or direct current")
    voltage_kv: float = Field(gt=0, description="Between phases; of DC between poles [kV]")
    conductor: str = Field(min_length=1, description="What the resistance is of")
    rating_mw: float = Field(gt=0, description="Most that a circuit carries [MW]")
    ohm_per_mile: float = Field(
        gt=0, description="Resistance of a phase; of DC of both poles together [ohm/mile]"
    )
    power_factor: float = Field(
        default=0.98, gt=0, le=1, description="Of what is carried; of DC 1 [1]"
    )
    surge_ohm: float | None = Field(
        default=None, gt=0, description="Surge impedance; none for DC [ohm]"
    )
    corona_per_mile: float = Field(
        default=0.0, ge=0, description="Corona, mean of the year, over what is carried [1/mile]"
    )
    ends_loss_share: float = Field(
        default=0.0, ge=0, lt=0.2, description="Lost at both ends together [1]"
    )
    usd_per_mw_mile: float = Field(
        ge=0, description="Overnight cost in open terrain, by rating [USD/(MW mile)]"
    )
    ends_usd_per_kw: float = Field(
        ge=0, description="Substation at the campus; of DC both converters [USD/kW]"
    )
    fixed_om_share: float = Field(ge=0, description="Yearly upkeep over overnight cost [1/a]")
    lead_months: float = Field(ge=0, description="From order to service [months]")
    life_years: float = Field(gt=0, description="Economic life [a]")


def loss_share(power_mw: float | Floats, line: Line, miles: float) -> float | Floats:
    r"""Return what is lost by resistance, over what is sent on one circuit.

    .. math:: P R L / (V \cos\varphi)^2

    from a current of P / (sqrt(3) V cos phi) in each of three phases. With P in MW and V in kV
    the unit is 1. The charging current of the line itself is left out, which long lines at low
    load would feel.

    Parameters
    ----------
    power_mw
        Sent on one circuit [MW].
    line
        Its voltage, resistance and power factor.
    miles
        Length [mile].

    Returns
    -------
    float or array
        Loss over power sent [1].

    References
    ----------
    .. [1] J. J. Grainger, W. D. Stevenson, "Power System Analysis," McGraw-Hill, 1994, chapter 6.

    Examples
    --------
    >>> line = Line(
    ...     current="AC",
    ...     voltage_kv=345,
    ...     conductor="2 x 954 ACSR",
    ...     rating_mw=900,
    ...     ohm_per_mile=0.055,
    ...     usd_per_mw_mile=3600,
    ...     ends_usd_per_kw=200,
    ...     fixed_om_share=0.01,
    ...     lead_months=36,
    ...     life_years=40,
    ... )
    >>> round(float(loss_share(300.0, line, 100.0)), 4)
    0.0144
    """
    return power_mw * line.ohm_per_mile * miles / (line.voltage_kv * line.power_factor) ** 2


def steady_share(line: Line, miles: float) -> float:
    """Return what is lost at any load, over what is sent: corona, and both ends [1]."""
    return line.corona_per_mile * miles + line.ends_loss_share


def sil_mw(line: Line) -> float:
    """Return the surge impedance loading of an AC circuit: V^2 / Z [MW].

    At this load a line neither makes nor takes reactive power; long lines carry about as much.

    Raises
    ------
    ValueError
        If the line has no surge impedance.

    References
    ----------
    .. [1] H. P. St. Clair, "Practical concepts in capability and performance of transmission
       lines," AIEE Transactions 72 (1953) 1152-1157, doi:10.1109/AIEEPAS.1953.4498751.
    """
    if line.surge_ohm is None:
        msg = f"a {line.current} line of {line.voltage_kv:g} kV has no surge impedance"
        raise ValueError(msg)
    return line.voltage_kv**2 / line.surge_ohm


def usd_per_mw(line: Line, miles: float, cost_ratio: float = 1.0) -> float:
    """Return the overnight cost of a line of so many miles, with its ends [USD/MW].

    Parameters
    ----------
    line
        One circuit; a MW costs its share of it.
    miles
        Length [mile].
    cost_ratio
        Cost of a mile in the region over that in open terrain [1].
    """
    return line.usd_per_mw_mile * miles * cost_ratio + 1000 * line.ends_usd_per_kw


@dataclass(frozen=True, slots=True, eq=False)
class LossCurve:
    """What arrives of what is sent, over the rating of the line: concave, as losses grow.

    Attributes
    ----------
    steady
        Share lost at any load [1].
    full
        Further share lost at full load, by resistance [1].
    """

    steady: float
    full: float

    @classmethod
    def of(cls, line: Line, miles: float) -> "LossCurve":
        """Return the curve of a line of so many miles."""
        return cls(steady_share(line, miles), float(loss_share(line.rating_mw, line, miles)))

    @property
    def best(self) -> float:
        """Loading beyond which less arrives: a long line is not loaded further [1]."""
        most = max(1 - self.steady, 0.0)
        return min(1.0, most / (2 * self.full)) if self.full > 0 else 1.0

    def arrived(self, loading: Floats | float) -> Floats:
        """Return what arrives at a loading: u - steady u - full u^2, of `best` at most [1]."""
        sent = np.minimum(loading, self.best)
        return np.asarray(np.maximum((1 - self.steady) * sent - self.full * sent**2, 0.0))

    def sent(self, arrived: Floats | float) -> Floats:
        """Return the least loading of which so much arrives; the inverse of `arrived` [1]."""
        wanted = np.minimum(arrived, self.arrived(1.0))
        # The smaller root, written so that nothing cancels where losses are small.
        straight = 1 - self.steady
        root = np.sqrt(np.maximum(straight**2 - 4 * self.full * wanted, 0.0))
        return np.asarray(np.minimum(2 * wanted / np.maximum(straight + root, 1e-12), self.best))

    def segments(self, count: int = SEGMENTS) -> "LossSegments":
        """Cut the loading into equal pieces with the slope of the chord of each.

        The loss of the chords is never below the true one, and off by at most
        ``full / (4 count^2)`` of the rating, in the middle of a piece.

        Raises
        ------
        ValueError
            If there is no piece.
        """
        if count < 1:
            msg = f"a loss needs at least one segment, got {count}"
            raise ValueError(msg)
        cuts = np.linspace(0.0, self.best, count + 1)
        return LossSegments(np.diff(cuts), self.steady + self.full * (cuts[1:] + cuts[:-1]))


@dataclass(frozen=True, slots=True, eq=False)
class LossSegments:
    """A loss in straight pieces, filled in order: arrived = sum of (1 - slope) x sent.

    Attributes
    ----------
    width : (K,)
        Most that is sent in each, over the rating [1].
    slope : (K,)
        Share of it that is lost, rising [1].
    """

    width: Floats
    slope: Floats

    def filled(self, loading: Floats) -> Floats:
        """Share a loading (H,) among the pieces in order: (K, H), over the rating [1]."""
        return _fill(np.asarray(loading, dtype=float), self.width)

    def arrived(self, loading: Floats) -> Floats:
        """Return what arrives of what is sent, (H,), over the rating [1]."""
        return np.asarray((1 - self.slope) @ self.filled(loading))

    def sent(self, arrived: Floats) -> Floats:
        """Return what has to be sent so that so much arrives, (H,), over the rating [1]."""
        kept = 1 - self.slope
        return np.asarray((1 / kept) @ _fill(np.asarray(arrived, dtype=float), kept * self.width))


def _fill(amount: Floats, width: Floats) -> Floats:
    before = np.cumsum(width) - width
    return np.clip(amount[None, :] - before[:, None], 0.0, width[:, None])
