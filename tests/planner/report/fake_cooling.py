"""The table ``cooling`` of a made-up run: its racks, by cooling type, in a climate by rule."""

import pandas as pd

COLUMNS = ("site", "period", "cooling", "racks", "rack_mw", "it_mw", "mean_pue", "peak_pue")
CLIMATE = ("water_m3", "water_l_per_kwh", "hot_drybulb_c", "hot_wetbulb_c", "water_stress")


def make_cooling(racks: pd.DataFrame) -> pd.DataFrame:
    """Sum up racks; every site is a degree cooler than the one before, the first uses water."""
    sites = list(racks["site"].unique())
    rows = []
    for (site, period, cooling), here in racks.groupby(["site", "period", "cooling"], sort=False):
        mw, at = float(here["it_mw"].sum()), sites.index(site)
        litres = 1.2 if at == 0 else 0.0
        climate = (8760 * mw * 0.9 * litres, litres, 40.0 - at, 22.0, "high" if at else "low")
        rows.append(
            (site, period, cooling, ", ".join(here["rack"]), mw, 0.9 * mw, 1.1, 1.2, *climate)
        )
    return pd.DataFrame(rows, columns=[*COLUMNS, *CLIMATE])
