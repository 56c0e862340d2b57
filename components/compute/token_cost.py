"""What a million tokens cost and how much power they take, from racks alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.compute.rack import Rack
from components.finance import annuity

MTOK_PER_YEAR = 1000 * 8760 * 3600 / 1e6
"""What 1000 tokens/s are in a year of full use [Mtok/a]."""


@dataclass(frozen=True, slots=True)
class TokenCost:
    """Cost of output at full use: racks and power, without buildings and people.

    Attributes
    ----------
    capital_usd_per_mtok
        Price of the racks over their lives, with interest [USD/Mtok].
    upkeep_usd_per_mtok
        Their fixed yearly cost [USD/Mtok].
    power_usd_per_mtok
        Energy at the meter [USD/Mtok].
    """

    capital_usd_per_mtok: float
    upkeep_usd_per_mtok: float
    power_usd_per_mtok: float

    @property
    def usd_per_mtok(self) -> float:
        """All of it [USD/Mtok]."""
        return self.capital_usd_per_mtok + self.upkeep_usd_per_mtok + self.power_usd_per_mtok


def kw_per_ktoken_s(racks_per_ktoken_s: Mapping[str, float], racks: Mapping[str, Rack]) -> float:
    """Return the rated power of racks that give 1000 output tokens/s [kW s/1000 tokens]."""
    return sum(1000 * racks[name].unit_mw * n for name, n in racks_per_ktoken_s.items())


def token_cost(
    racks_per_ktoken_s: Mapping[str, float],
    racks: Mapping[str, Rack],
    *,
    cost_of_capital: float,
    usd_per_mwh: float,
    pue: float,
) -> TokenCost:
    """Return what a million output tokens cost where racks run at rated power all year.

    Parameters
    ----------
    racks_per_ktoken_s : rack to number
        As in `Performance`.
    racks : name to Rack
        With a price: the catalog's today, not what it may fall to.
    cost_of_capital
        Real, per year [1].
    usd_per_mwh
        Price of energy at the meter [USD/MWh].
    pue
        Power at the meter over that of the racks [1].

    Examples
    --------
    A rack of 100 kW at 1 M USD that is repaid without interest in 5 years gives 1000 tokens/s:
    200,000 USD and 8.76e5 kWh x 0.05 USD in a year of 31,536 Mtok.

    >>> rack = Rack.model_construct(
    ...     unit_mw=0.1, capex_usd_per_kw=10_000, life_years=5, fixed_om_usd_per_kw_year=0
    ... )
    >>> found = token_cost({"a": 1}, {"a": rack}, cost_of_capital=0, usd_per_mwh=50, pue=1)
    >>> round(found.capital_usd_per_mtok, 2), round(found.power_usd_per_mtok, 2)
    (6.34, 1.39)
    """
    capital, upkeep = 0.0, 0.0
    for name, number in racks_per_ktoken_s.items():
        rack = racks[name]
        kw = 1000 * rack.unit_mw * number
        capital += kw * rack.capex_usd_per_kw * annuity(cost_of_capital, rack.life_years)
        upkeep += kw * rack.fixed_om_usd_per_kw_year
    mwh = 8.76 * kw_per_ktoken_s(racks_per_ktoken_s, racks) * pue
    return TokenCost(
        capital / MTOK_PER_YEAR, upkeep / MTOK_PER_YEAR, mwh * usd_per_mwh / MTOK_PER_YEAR
    )
