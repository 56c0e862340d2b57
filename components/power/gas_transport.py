"""Firm transport of gas: pipeline capacity that is reserved and paid for, used or not."""

from dataclasses import replace

from components.base import Investment
from components.power.dispatchable import DispatchableParameters

HOURS_PER_DAY = 24
DAYS_PER_YEAR = 365


def reservation_usd_per_mw_year(p: DispatchableParameters, usd_per_mmbtu: float) -> float:
    """Return what the pipeline capacity costs that a MW of a plant takes at full output.

    ``usd_per_mmbtu * 365 * 24 * net heat rate``. Tariffs say a reservation per month and MMBtu/d
    of capacity; 12/365 of that is its cost over what it carries when it is always full, which is
    what is given here.

    Parameters
    ----------
    p
        The plant.
    usd_per_mmbtu
        Cost of the reservation at a load factor of 100 % [USD/MMBtu].

    Returns
    -------
    float
        [USD/(MW a)].
    """
    mmbtu_per_day = HOURS_PER_DAY * p.net_heat_rate_mmbtu_per_mwh
    return DAYS_PER_YEAR * usd_per_mmbtu * mmbtu_per_day


def with_reservation(
    found: Investment, p: DispatchableParameters, usd_per_mmbtu: float
) -> Investment:
    """Charge a plant for the pipeline capacity of its usable MW, as item ``gas_reservation``.

    Units that are spare, or kept but not used, are not in the link ``mw`` and reserve nothing.

    Parameters
    ----------
    found
        The plant's units.
    p, usd_per_mmbtu
        As in `reservation_usd_per_mw_year`.

    Returns
    -------
    Investment
        The same with one more yearly cost.
    """
    usd_per_mw = reservation_usd_per_mw_year(p, usd_per_mmbtu)
    paid = tuple(usd_per_mw * mw for mw in found.links["mw"])
    return replace(found, annual_usd={**found.annual_usd, "gas_reservation": paid})
