"""What vendors offered to a made-up plan, what moves in it, and what co-location saves."""

from typing import Any

import pandas as pd

from tests.planner.report.fake_plan import LATE_GRID, Fake

OFFERS = (
    ("gas", "ge_7ha02", "GE Vernova", "7HA.02", "FSC", 384.0, 60.0, 1.25, 62.0),
    ("gas", "wartsila_18v50sg", "Wartsila", "18V50SG", "MSR", 18.8, 32.0, 4.0, 66.0),
    ("fuel_cell", "bloom_energy_server", "Bloom Energy", "Server", "SOFC", 0.325, 12.0, 1.0, 97.0),
)
"""Family, component, vendor, product, technology, unit MW, lead, MW open over MW bought, $/MWh."""

COLUMNS = (
    "family", "component", "vendor", "product", "technology", "unit_mw", "lead_months",
    "first_period", "open_mw", "bought_mw", "usd_per_mwh", "state", "reason",
)  # fmt: skip

NOT_ASKED = 27
"""Products that the made-up scenario does not name."""


def make_products(builds: pd.DataFrame) -> pd.DataFrame:
    """Three products that sell, one that costs too much, one too late, many not asked for."""
    mw = builds.groupby("component")["mw"].sum()
    rows: list[tuple[Any, ...]] = []
    for family, name, *of, open_per_mw, usd in OFFERS:
        much = float(mw.get(name, 0.0))
        state = "not bought" if not much else "bought" if open_per_mw > 1 else "all that was open"
        offer = (family, name, *of, "2026", open_per_mw * (much or 100.0), much, usd)
        rows.append((*offer, state, f"{much:,.0f} MW"))
    dear = ("gas", "ge_lm2500xpress", "GE Vernova", "LM2500XPRESS", "AERO", 34.0, 32.0, "2027")
    rows.append((*dear, float("inf"), 0.0, 72.9, "not bought", "cost: 11% lower"))
    blank = ("", 0.0, 0.0, float("nan"))
    late = ("gas", "slow_cc", "Slow Works", "CC-1", "CC", 600.0, 96.0)
    rows.append((*late, *blank, "too late", "96 months from order to power end after the horizon"))
    for i in range(NOT_ASKED):
        other = ("gas", f"other_{i}", f"Vendor {i}", f"Engine {i}", "HSR", 2.5, 18.0)
        rows.append((*other, *blank, "not asked for", "power.use does not name it"))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def make_moves(fake: Fake) -> pd.DataFrame:
    """In the last year the first site sells engines and a turbine goes to that with a late grid."""
    columns = ["site", "period", "kind", "component", "what", "units", "mw"]
    if fake.opened <= LATE_GRID:
        return pd.DataFrame(columns=columns)
    first, late, last = fake.places[0][0], fake.places[LATE_GRID][0], fake.periods[-1]
    rows = [
        (first, last, "gas", "wartsila_18v50sg", "sold", 2.0, 37.6),
        (first, last, "gas", "ge_7ha02", "shipped", 0.5, 192.0),
        (late, last, "gas", "ge_7ha02", "received", 0.5, 192.0),
    ]
    return pd.DataFrame(rows, columns=columns)


def make_colocation(fake: Fake) -> pd.DataFrame:
    """A far field of panels that is worth its line at one site, and not at another."""
    columns = ["site", "component", "source", "at", "period", "miles", "plant_usd_per_mwh"]
    columns += ["line_usd_per_mwh", "loss_usd_per_mwh", "arriving_usd_per_mwh"]
    columns += ["fence_usd_per_mwh", "saved_usd_per_mwh"]
    if fake.opened <= LATE_GRID:
        return pd.DataFrame(columns=columns)
    far = ("far_sun", "pv_tracker", fake.places[LATE_GRID][0], fake.periods[0])
    rows = [
        (fake.places[5][0], *far, 290.0, 40.0, 30.0, 4.0, 74.0, 55.0, 19.0),
        (fake.places[0][0], *far, 200.0, 40.0, 20.0, 2.0, 62.0, 45.0, 17.0),
        (fake.places[2][0], *far, 250.0, 40.0, 25.0, 3.0, 68.0, 70.5, -2.5),
    ]
    return pd.DataFrame(rows, columns=columns)
