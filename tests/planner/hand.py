"""Cases small enough for paper: flat weather, flat prices, one site or a few."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from components.base import Floats
from planner.case import Case, SiteCase
from planner.gather import make_case, make_periods
from planner.scenario import Scenario
from sites.site import Site
from sites.table import builtin_sites

FLAT = np.ones(8760)
AT_ONCE = {"lead_months": 0}
RACK_ALONE = {"network_share": 0.0, "storage_share": 0.0}


def hand_scenario(**sections: Any) -> Scenario:
    """One year, 2028, with nothing to wait for and no cost of money, unless told otherwise."""
    data: dict[str, Any] = {
        "title": "hand",
        "horizon": {"start": "2028-01", "periods": 1, "hours": "weeks", "weeks": 1},
        "finance": {"discount_rate": 0.0, "cost_of_capital": 0.0},
        "grid": {"share_limit": None, "price_growth_per_year": 0.0},
        "power": {
            "use": ["wartsila_18v50sg"],
            "gas_usd_per_mmbtu": 3.0,
            "change": {"wartsila_18v50sg": AT_ONCE, "gas_lateral": AT_ONCE},
        },
        "cooling": {"use": ["liquid_dry"]},
        "blocks": {
            "use": ["vertiv_onecore"],
            "change": {"vertiv_onecore": AT_ONCE, "greenfield": AT_ONCE},
        },
        "racks": {"use": ["gb200_nvl72"], "change": {"gb200_nvl72": AT_ONCE}, **RACK_ALONE},
        "reliability": {"spare_units": 0},
        "sites": {"include": ["abilene_tx"]},
        "solver": {"engine": "monolithic", "gap": 1e-9, "whole_units_from_mw": 1e5},
    }
    for key, value in sections.items():
        both = isinstance(value, dict) and isinstance(data.get(key), dict)
        data[key] = {**data[key], **value} if both else value
    _serve_by_hand(data)
    return Scenario.model_validate(data)


RACK_SERVES = {
    "gb200_nvl72": {"chat": 165_000.0, "coding_agent": 8_080.0},
    "gb300_nvl72": {"chat": 217_000.0, "coding_agent": 12_300.0},
    "vr200_nvl72": {"chat": 441_000.0, "coding_agent": 26_000.0},
    "hgx_b200_air": {"chat": 49_000.0, "coding_agent": 1_870.0},
}
"""Output of one rack, so that no answer on paper hangs on the serving model [tokens/s]."""


def _serve_by_hand(data: dict[str, Any]) -> None:
    asked = data.get("demand", {}).get("workloads", {"chat": None})
    given = {
        rack: {w: output for w, output in RACK_SERVES[rack].items() if w in asked}
        for rack in data["racks"].get("use", ())
        if rack in RACK_SERVES
    }
    serving = data.get("serving", {})
    if all(given.values()) and given and "tokens_per_s_per_rack" not in serving:
        data["serving"] = {**serving, "tokens_per_s_per_rack": given}


def flat_place(
    scenario: Scenario, site: Site, *, profiles: Mapping[str, Floats] | None = None
) -> SiteCase:
    """A site at sea level with 15 degC all year, a sun that always shines, 40 USD/MWh.

    Profiles that are given have all weather years, one after the other.
    """
    years = scenario.sites.weather_years
    flat = np.tile(FLAT, years)
    periods = make_periods(scenario)
    n = len(periods)
    return SiteCase(
        site=site,
        limit_it_mw=scenario.sites.limit_it_mw,
        profiles={
            "drybulb_c": 15.0 * flat,
            "wetbulb_c": 10.0 * flat,
            "solar_capacity_factor": flat,
            "wind_capacity_factor": flat,
            "grid_price_usd_per_mwh": 40.0 * flat,
            "grid_stress_rank": np.tile(np.arange(8760.0), years),
            **(profiles or {}),
        },
        figures={
            "elevation_m": 0.0,
            "line_miles": 2.0,
            "gas_pipeline_miles": 5.0,
            "grid_wait_months": 0.0,
            "flexible_wait_months": 0.0,
            "demand_charge_share": 0.0,
            "land_usd_per_acre": 10_000.0,
            "geothermal_resource": 1.0,
        },
        gas_usd_per_mmbtu=np.full(n, scenario.power.gas_usd_per_mmbtu.at(int(periods.year[0]))),
        grid_price_ratio=np.ones(n),
        weather_source="flat",
        weather_synthetic=False,
    )


def hand_case(scenario: Scenario, **places: SiteCase) -> Case:
    """The case of a scenario at flat places, or at those given."""
    sites = builtin_sites()
    names = list(sites) if scenario.sites.include == "all" else scenario.sites.include
    found = {name: places.get(name) or flat_place(scenario, sites[name]) for name in names}
    return make_case(scenario, found)
