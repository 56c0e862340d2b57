"""Racks aboard satellites: which fit, and how many of those launched still run."""

import math

import pyomo.environ as pyo
from pydantic import Field

from components.base import Investment, Periods, Setting
from components.compute import rack
from components.compute.rack import Rack
from components.orbit.satellite import Satellite

COOLING = "radiator"
"""Cooling type of all that flies; no block on the ground has it."""


class OrbitalRack(Rack):
    """A rack of the catalog as it flies aboard one kind of satellite."""

    source: str = Field(min_length=1, description="The rack of the catalog that it is")
    racks_per_satellite: float = Field(
        gt=0, description="Racks, or scale-up domains as parts of one, aboard [racks]"
    )
    failure_per_year: float = Field(
        ge=0, lt=1, description="Of what runs, what fails for good in a year [1/a]"
    )


def why_not_aboard(p: Rack, satellite: Satellite) -> str:
    """Say why a rack cannot fly aboard a satellite; empty: it can.

    What computes as one over the scale-up network has to be aboard one satellite: a rack, or one
    of its scale-up domains where these are smaller, such as a node of eight.
    """
    if not set(p.cooling) & set(satellite.cooling):
        needs = " or ".join(satellite.cooling)
        return f"is cooled by {' or '.join(p.cooling)}; a satellite's loop serves {needs}"
    domain_kw, kw = _domain_kw(p), 1000 * satellite.unit_mw
    if domain_kw > kw * (1 + 1e-9):
        split = p.kind == "accelerator"
        piece = f"scale-up domain of {_domain_chips(p)} chips" if split else "rack"
        what = f"{domain_kw:g} kW in one {piece}"
        return f"has {what}; a satellite gives {kw:g} kW"
    return ""


def aboard(
    name: str, p: Rack, satellite: Satellite, *, failure_per_year: float, more_months: float
) -> OrbitalRack:
    """Return a rack as it flies: whole scale-up domains only, no upkeep, the satellite's life.

    A domain that spans several racks on the ground spans those of one satellite; between
    satellites there is their optical link, shared by the chips aboard.

    Parameters
    ----------
    name, p
        The rack, which fits (`why_not_aboard`).
    satellite
        What carries it.
    failure_per_year
        Of what runs [1/a].
    more_months
        From the rack's own lead time to its service in orbit: integration, tests and launch.
    """
    domains = math.floor(1000 * satellite.unit_mw / _domain_kw(p) * (1 + 1e-9))
    racks = domains * _domain_kw(p) / (1000 * p.unit_mw)
    chips = racks * p.chips
    changed = {
        "cooling": (COOLING,),
        "life_years": min(p.life_years, satellite.life_years),
        "fixed_om_usd_per_kw_year": 0.0,
        "lead_months": p.lead_months + more_months,
        "domain_chips": min(p.domain_chips, max(int(chips + 1e-9), 1)),
        "nic_gb_s": min(p.nic_gb_s, satellite.link_gb_s / chips),
        "source": name,
        "racks_per_satellite": racks,
        "failure_per_year": failure_per_year,
    }
    return OrbitalRack.model_validate(p.model_dump() | changed)


def _domain_chips(p: Rack) -> int:
    return min(p.domain_chips, p.chips) if p.kind == "accelerator" else p.chips


def _domain_kw(p: Rack) -> float:
    return 1000 * p.unit_mw * _domain_chips(p) / p.chips


def still_running(periods: Periods, v: int, t: int, failure_per_year: float) -> float:
    r"""Return the share of what was launched in period v that runs in period t, in the mean [1].

    Nobody repairs. With the age a of the vintage at the start of t and the length L of t,

    .. math:: \frac{1}{L} \int_a^{a+L} (1 - f)^x\, dx
              = \frac{(1-f)^a - (1-f)^{a+L}}{-L \ln(1-f)}

    Examples
    --------
    >>> import numpy as np
    >>> one = Periods(
    ...     ("2028", "2029"),
    ...     np.array([2028, 2029]),
    ...     np.ones(2),
    ...     np.array([0.0, 12.0]),
    ...     12 * 2028,
    ...     np.ones(2),
    ... )
    >>> [round(still_running(one, 0, t, 0.05), 4) for t in (0, 1)]
    [0.9748, 0.926]
    """
    if failure_per_year == 0:
        return 1.0
    age = float(periods.start_months[t] - periods.start_months[v]) / 12
    length = float(periods.length_years[t])
    kept, rate = 1 - failure_per_year, -math.log1p(-failure_per_year)
    return float((kept**age - kept ** (age + length)) / (rate * length))


def invest(block: pyo.Block, p: OrbitalRack, setting: Setting) -> Investment:
    """Add racks that nobody repairs.

    As of any rack, and the row ``left_in_orbit[t]``: ``mw[t] <= unit_mw * (sum over vintages alive
    of units * share that still runs)``, with `still_running`.
    """
    found = rack.invest(block, p, setting)
    periods = setting.periods

    @block.Constraint(periods.index)
    def left_in_orbit(b, t):  # type: ignore[no-untyped-def]
        left = sum(
            still_running(periods, v, t, p.failure_per_year) * b.units_added[v]
            for v in periods.alive(t, p.life_years)
        )
        return b.mw[t] <= p.unit_mw * left

    return found
