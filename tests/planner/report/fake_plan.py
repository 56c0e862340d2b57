"""A made-up plan by rule: which sites, how large, and how they run hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

YEARS = ("2026", "2027", "2028", "2029", "2030")

PLACES = (
    ("abilene_tx", "Abilene", "TX", 32.5, -99.79, "ERCO-WEST", 2000.0),
    ("richland_la", "Holly Ridge (Richland Parish)", "LA", 32.48, -91.65, "MISO-LA", 2000.0),
    ("newalbany_oh", "New Albany", "OH", 40.08, -82.76, "PJM-AEP", 1000.0),
    ("pecos_tx", "Pecos / Permian Basin", "TX", 31.42, -103.49, "ERCO-FWES", 1500.0),
    ("cheyenne_wy", "Cheyenne", "WY", 41.12, -104.88, "WACM", 1200.0),
    ("ashburn_va", "Ashburn (Data Center Alley)", "VA", 39.02, -77.46, "PJM-DOM", 500.0),
    ("goodyear_az", "Goodyear / Buckeye", "AZ", 33.43, -112.43, "AZPS", 900.0),
    ("memphis_tn", "Memphis / Southaven", "TN", 35.06, -90.16, "TVA", 800.0),
    ("santaclara_ca", "Santa Clara", "CA", 37.37, -121.96, "CISO", 200.0),
    ("councilbluffs_ia", "Council Bluffs", "IA", 41.17, -95.8, "MISO-IA", 1000.0),
    ("ellendale_nd", "Ellendale", "ND", 46.0, -98.53, "SWPP", 700.0),
    ("quincy_wa", "Quincy", "WA", 47.23, -119.85, "GCPD", 400.0),
)
"""Id, name, state, latitude, longitude, grid area, most IT MW."""

FULL_GROWN_MW = (1250.0, 820.0, 560.0, 430.0, 240.0)
"""IT load of the sites that open, in the last of five years."""

MIX = {
    "firm_grid": ("grid", 0.80),
    "bloom_energy_server": ("fuel_cell", 0.15),
    "ge_7ha02": ("gas", 0.65),
    "wartsila_18v50sg": ("gas", 0.45),
    "pv_tracker": ("solar", 1.10),
    "li_ion_4h": ("battery", 0.50),
}
"""Product to its kind and its MW per MW of IT load."""

TECHNOLOGY = {"bloom_energy_server": "SOFC", "ge_7ha02": "FSC", "wartsila_18v50sg": "MSR"}

LATE_GRID = 3
"""Site that runs on its own plant in every year but the last."""

GRID_PART = (0.15, 0.28, 0.75, 0.0, 0.28)
"""Output of the grid connection over the IT load, by site."""

CAPEX_USD_PER_KW = {
    "firm_grid": 230.0,
    "bloom_energy_server": 3900.0,
    "ge_7ha02": 1400.0,
    "wartsila_18v50sg": 1700.0,
    "pv_tracker": 1400.0,
    "li_ion_4h": 1050.0,
    "vertiv_onecore": 11_350.0,
    "vr200_nvl72": 37_143.0,
    "gb300_nvl72": 28_571.0,
    "lpx_groq3": 23_077.0,
    "etl256_vera": 22_727.0,
    "stx_bluefield4": 24_000.0,
}
COMPONENTS = (*MIX, "ge_lm2500xpress")
NAMEPLATE_OVER_MEAN = 1 / 0.9
PUE = 1.16
TOKENS_PER_MW = {"chat": 1.6e6, "coding_agent": 1.0e5}
MW_SHARE = {"chat": 0.6, "coding_agent": 0.4}


@dataclass(frozen=True)
class Fake:
    """What a made-up plan is made of.

    Attributes
    ----------
    periods
        Labels, one a year.
    opened
        How many of the places open, one more each year.
    hours
        ``all`` hours of the largest site in every year, or sampled ``weeks`` everywhere.
    """

    periods: Sequence[str] = YEARS
    opened: int = 5
    places: Sequence[tuple[Any, ...]] = PLACES
    hours: str = "all"
    summary: dict[str, Any] = field(default_factory=dict)


def it_mw(fake: Fake, site: int, t: int) -> float:
    """IT load of a site: nothing before it opens, then up to its full size."""
    if site >= fake.opened or t < site - (0 if len(fake.periods) > 1 else site):
        return 0.0
    return FULL_GROWN_MW[site] * (t + 1) / len(fake.periods)


def _hours(fake: Fake, site: int) -> tuple[np.ndarray, float]:
    if fake.hours == "all" and site == 0:
        return np.arange(8760), 1.0
    week = np.arange(168)
    starts = np.arange(4) * 2190 + 1008
    return np.concatenate([start + week for start in starts]), 8760 / (4 * 168)


def make_dispatch(fake: Fake) -> pd.DataFrame:
    frames = [
        _site_hours(fake, s, t)
        for s in range(fake.opened)
        for t in range(len(fake.periods))
        if it_mw(fake, s, t) > 0
    ]
    columns = ["site", "period", "weather_year", "hour", "weight", *COMPONENTS, "curtailed", "load"]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True)[columns]


def _site_hours(fake: Fake, s: int, t: int) -> pd.DataFrame:
    """Sun by day, batteries into the evening, grid and fuel cells flat, gas for the rest."""
    hour, weight = _hours(fake, s)
    it = it_mw(fake, s, t)
    of_day, day = hour % 24, hour // 24
    heat = np.cos(2 * np.pi * (day - 200) / 365) + 0.4 * np.cos(2 * np.pi * (of_day - 15) / 24)
    load = PUE * it * (1 + 0.03 * heat)
    cloud = 0.35 + 0.65 * np.abs(np.sin(0.9 * day + s)) ** 0.5
    sun = np.clip(np.cos(2 * np.pi * (of_day - 12) / 24), 0, None) ** 0.6
    solar = 1.1 * it * 0.85 * sun * cloud * (0.8 + 0.2 * np.cos(2 * np.pi * (day - 172) / 365))
    grid, cells = GRID_PART[s] * it * np.ones(len(hour)), 0.14 * it * np.ones(len(hour))
    rest = load - grid - cells - solar
    charge = np.clip(-rest, 0, 0.5 * it)
    solar = np.minimum(solar, load - grid - cells + charge)
    evening = np.isin(of_day, (19, 20, 21))
    stored = pd.Series(charge).groupby(day).transform("sum").to_numpy()
    discharge = np.where(evening, np.minimum(0.88 * stored / 3, np.clip(rest, 0, 0.5 * it)), 0.0)
    gas = np.clip(load - grid - cells - solar - discharge + charge, 0, None)
    ge, wartsila = np.minimum(gas, 0.6 * it), np.clip(gas - 0.6 * it, 0, 0.4 * it)
    curtailed = np.clip(gas - 1.0 * it, 0, None)
    return pd.DataFrame(
        {
            "site": fake.places[s][0],
            "period": fake.periods[t],
            "weather_year": 1,
            "hour": hour,
            "weight": weight,
            "firm_grid": grid,
            "bloom_energy_server": cells,
            "ge_7ha02": ge,
            "wartsila_18v50sg": wartsila,
            "pv_tracker": solar,
            "li_ion_4h": discharge - charge,
            "ge_lm2500xpress": 0.0,
            "curtailed": curtailed,
            "load": -load,
        }
    )


def make_power_by_season(dispatch: pd.DataFrame) -> pd.DataFrame:
    long = dispatch.melt(
        ["site", "period", "weather_year", "hour", "weight"], var_name="component", value_name="mw"
    )
    long = long.assign(season="S" + (long["hour"].astype(int) // 2190 + 1).astype(str))
    both = pd.concat(
        [
            long.assign(direction="out", mwh=long["mw"].clip(lower=0) * long["weight"]),
            long.assign(direction="in", mwh=long["mw"].clip(upper=0) * long["weight"]),
        ]
    )
    keys = ["site", "period", "season", "component", "direction"]
    found = both.groupby(keys, as_index=False, sort=False)["mwh"].sum()
    return found[found["mwh"] != 0].reset_index(drop=True)
