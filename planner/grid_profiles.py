"""What a site meets of the grid hour by hour: the price of energy, and which hours are hard."""

from pathlib import Path

from components.base import Floats
from planner.errors import Problem, ScenarioError
from planner.scenario import Scenario
from sites.errors import PriceFileError
from sites.grid import price_shape
from sites.peaks import stress, stress_rank
from sites.price_file import read_prices
from sites.site import Site


def grid_profiles(scenario: Scenario, site: Site, drybulb_c: Floats) -> dict[str, Floats]:
    """Return the hours of the grid at a site.

    Parameters
    ----------
    scenario, site
        What is asked; the place, with the scenario's changes.
    drybulb_c : shape (8760,)
        Of the site [degC].

    Returns
    -------
    dict
        ``grid_price_usd_per_mwh`` in dollars of the base year, which may be below zero, and
        ``grid_stress_rank``, 0 for the hardest hour of the grid area (`sites.peaks.stress_rank`),
        which a file of prices does not change.

    Raises
    ------
    ScenarioError
        If a file of prices cannot be used.
    """
    shape = price_shape(site.grid_area, site.utc_offset_h)
    rank = stress_rank(stress(shape, drybulb_c), scenario.grid.peak_event_h)
    return {
        "grid_price_usd_per_mwh": _price_usd_per_mwh(scenario, site, shape),
        "grid_stress_rank": rank.astype(float),
    }


def demand_charge_share(scenario: Scenario) -> float:
    """Return what of the demand charge is paid besides the price of energy [1]."""
    return 1.0 if scenario.grid.tariff == "energy_and_demand" else 0.0


def _price_usd_per_mwh(scenario: Scenario, site: Site, shape: Floats) -> Floats:
    grid = scenario.grid
    mean = grid.price_usd_per_mwh.get(site.id)
    if mean is not None:
        return mean * shape
    for name in (site.id, site.grid_area):
        if name in grid.price_files:
            return _from_file(name, grid.price_files[name])
    if grid.tariff == "energy_and_demand":
        return grid.energy_usd_per_mwh * shape
    return site.grid_price_usd_per_mwh * shape


def _from_file(name: str, file: str) -> Floats:
    """Return the prices of a file."""
    try:
        return read_prices(Path(file))
    except (PriceFileError, OSError) as error:
        problem = Problem(
            "scenario", 0, 0, f"grid.price_files.{name}", str(error), file, "another file, or none"
        )
        raise ScenarioError([problem]) from error
