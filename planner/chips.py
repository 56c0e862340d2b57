"""What a buyer can get of each ingredient of racks, in the periods in which racks enter service."""

from collections.abc import Iterable, Mapping

import numpy as np

from components.base import Floats, Periods
from components.catalog.loader import load_family
from components.compute.chips import ChipSupply
from components.compute.rack import Rack
from planner.scenario import ByYear, Scenario

FAMILY = "chip_supply"
"""Key of ``supply.buyer_share`` for all ingredients that are not named."""

MONTHS = 12


def ingredients_in(racks: Iterable[object]) -> dict[str, ChipSupply]:
    """Return the supply of each ingredient that any of the racks is made of.

    Parameters
    ----------
    racks
        Parameters of what may be bought; what is no rack has no ingredients.
    """
    named = {name for rack in racks if isinstance(rack, Rack) for name in rack.ingredients}
    found = ((name, entry.parameters) for name, entry in load_family(FAMILY).items())
    return {name: p for name, p in found if name in named and isinstance(p, ChipSupply)}


def buyer_supply(
    scenario: Scenario, periods: Periods, supplies: Mapping[str, ChipSupply]
) -> dict[str, Floats]:
    """Return what this buyer can get of each ingredient for racks of each period [its unit].

    It is the buyer's share of what the world makes for AI racks, less what does not end in racks
    that run, unless the scenario gives the amounts, which then are taken as they are.

    Parameters
    ----------
    scenario
        With the shares, the outlooks and amounts of its own.
    periods
        The investment steps.
    supplies
        The ingredients, from `ingredients_in`.
    """
    asked = scenario.supply
    of_family = asked.buyer_share.get(FAMILY, 1.0)
    found: dict[str, Floats] = {}
    for name, supply in supplies.items():
        outlook = asked.chip_outlook_for(name, supply.moves_with)
        world = asked.chips.get(name) or ByYear.of(supply.usable_by_year(outlook))
        share = asked.buyer_share.get(name, of_family)
        found[name] = share * made_for(world, periods, supply.lead_months)
    return found


def made_for(yearly: ByYear, periods: Periods, lead_months: float) -> Floats:
    """Return what is made for the racks of each period.

    Racks that enter service in a period, from month a to month b, are made of what was made
    from a - lead to b - lead; the model lets what is left over wait for later racks. A share is
    what makers hold for the buyer, whenever he orders: how soon racks come is their own lead
    time. Nothing is hoarded from before the first period's own months, as the buyer's racks of
    that time are not in the plan.

    Parameters
    ----------
    yearly
        What is made by calendar year, even over the year [units/a]. A year outside of those
        given takes the nearest.
    periods
        The investment steps.
    lead_months
        From when it is made to when its rack enters service [months].

    Returns
    -------
    (n,)
        Amount of each period [units].

    Examples
    --------
    One year, 2028, and 4 months before: September 2027 to August 2028, so a third of 2027's and
    two thirds of 2028's.

    >>> periods = Periods(
    ...     ("2028",), np.array([2028]), np.ones(1), np.array([6.0]), 12 * 2027 + 6, np.ones(1)
    ... )
    >>> made_for(ByYear.of({2027: 300.0, 2028: 600.0}), periods, 4.0).tolist()
    [500.0]
    """
    start = periods.first_order_month + periods.start_months - lead_months
    end = start + MONTHS * periods.length_years
    years = np.arange(int(start.min() // MONTHS), int(end.max() // MONTHS) + 1)
    rate = np.array([_nearest(yearly, int(year)) for year in years]) / MONTHS
    first_month = MONTHS * years[:, None]
    months = np.minimum(end, first_month + MONTHS) - np.maximum(start, first_month)
    made: Floats = rate @ np.clip(months, 0, None)
    return made


def _nearest(yearly: ByYear, year: int) -> float:
    """Return the figure of a year, or of the nearest that has one."""
    if not yearly.years:
        return yearly.at(year)
    return yearly.at(min(max(year, yearly.years[0]), yearly.years[-1]))
