"""The one-site problem written a second time, in arrays, for another solver's algebra.

Nothing of the formulation is used but catalog figures: hours, capacities and racks are columns of
a matrix built here, and `scipy.optimize.linprog` solves it.
"""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import coo_array

from components.cooling.pue import pue
from components.finance import annuity
from components.power.dispatchable import availability
from planner.case import Case
from planner.run import plan_case
from sites.solar import tracker_capacity_factor
from sites.synthetic import synthetic_weather
from sites.table import builtin_sites
from tests.planner.hand import flat_place, hand_case, hand_scenario

TOKENS_KTOK_S = 10_000.0
RATE = 0.07
POWER = ["wartsila_18v50sg", "pv_tracker", "li_ion_4h"]


def _case(hours: str) -> Case:
    chat = {"tokens_per_day": TOKENS_KTOK_S * 86.4e6, "value_usd_per_mtok": 4.0}
    change = {name: {"lead_months": 0} for name in [*POWER, "gas_lateral"]}
    cheap = {"capex_usd_per_kw": 700, "capex_2030_usd_per_kw": 700}
    change["pv_tracker"] |= cheap
    change["li_ion_4h"] |= cheap
    horizon = {"start": "2028-01", "periods": 1, "hours": hours}
    horizon["weeks"] = 2 if hours == "weeks" else None
    scenario = hand_scenario(
        horizon=horizon,
        finance={"discount_rate": 0.05, "cost_of_capital": RATE},
        demand={"workloads": {"chat": chat}},
        power={"use": POWER, "gas_usd_per_mmbtu": 6.0, "change": change},
        policy={"must_open": ["abilene_tx"]},
    )
    site = builtin_sites()["abilene_tx"]
    weather = synthetic_weather(site)
    profiles = {
        "drybulb_c": weather.frame["drybulb_c"].to_numpy(float),
        "wetbulb_c": weather.frame["wetbulb_c"].to_numpy(float),
        "solar_capacity_factor": tracker_capacity_factor(weather),
    }
    return hand_case(scenario, abilene_tx=flat_place(scenario, site, profiles=profiles))


def _by_hand(case: Case) -> float:  # noqa: PLR0915 - one matrix, written out on purpose
    """Least cost [USD], discounted, of the unbroken year with linprog's HiGHS on our own matrix."""
    place = case.sites["abilene_tx"]
    engine = case.power["wartsila_18v50sg"].figures
    sun, battery = case.power["pv_tracker"].figures, case.power["li_ion_4h"].figures
    rack, block = case.racks["gb200_nvl72"].figures, case.blocks["vertiv_onecore"].figures
    cooling = case.cooling["liquid_dry"]
    n = 8760
    able = availability(engine, place.profiles["drybulb_c"], 0.0)
    factor = place.profiles["solar_capacity_factor"] * (
        1 - sun.degradation_per_year * sun.life_years / 2
    )
    draw = pue(cooling, place.profiles["drybulb_c"], place.profiles["wetbulb_c"])

    # Columns: gas MW, sun MW, battery MW, racks MW, then hours of G, S, C, D, L, U; unmet last.
    hour = {name: 4 + k * n + np.arange(n) for k, name in enumerate("GSCDLU")}
    unmet = 4 + 6 * n
    width = unmet + 1
    kusd = np.zeros(width)

    def yearly(p, credit=1.0):
        return (
            p.capex_usd_per_kw * credit * annuity(RATE, p.life_years) + p.fixed_om_usd_per_kw_year
        )

    kusd[0] = yearly(engine)
    kusd[1] = yearly(sun, sun.net_of_credit(2028))
    kusd[2] = yearly(battery, battery.net_of_credit(2028))
    block_kw = block.capex_usd_per_kw + cooling.capex_usd_per_kw
    kusd[3] = yearly(rack) + block_kw * annuity(RATE, block.life_years)
    kusd[3] += block.fixed_om_usd_per_kw_year
    fuel = engine.heat_rate_mmbtu_per_mwh * (1 + engine.heat_rate_margin) * 6.0
    kusd[hour["G"]] = (fuel + engine.variable_om_usd_per_mwh) / 1000
    kusd[hour["D"]] = battery.wear_usd_per_mwh / 1000
    kusd[hour["U"]] = case.scenario.power.curtailed_load_usd_per_mwh / 1000
    kusd[unmet] = 4.0 * 31_536.0 / 1000

    rows, cols, data = [], [], []

    def put(r, c, v):
        r, c, v = np.broadcast_arrays(r, c, v)
        rows.append(r), cols.append(c), data.append(np.asarray(v, float))

    h = np.arange(n)
    one_way = battery.round_trip_efficiency**0.5
    for name, sign in (("G", 1), ("S", 1), ("D", 1), ("C", -1), ("U", 1)):
        put(h, hour[name], sign)
    put(h, 3, -0.9 * draw)
    put(n + h, hour["L"], 1)
    put(n + h, np.roll(hour["L"], 1), -1)
    put(n + h, hour["C"], -one_way)
    put(n + h, hour["D"], 1 / one_way)
    equal = coo_array((np.concatenate(data), (np.concatenate(rows), np.concatenate(cols))))
    equal = equal.tocsr()
    equal.resize((2 * n, width))

    rows, cols, data = [], [], []
    energy_h = battery.duration_h * battery.usable_share
    for k, (name, capacity, amount) in enumerate(
        [("G", 0, able), ("S", 1, factor), ("C", 2, 1.0), ("D", 2, 1.0), ("L", 2, energy_h)]
    ):
        put(k * n + h, hour[name], 1)
        put(k * n + h, capacity, -amount * np.ones(n))
    # Tokens: what the racks cannot serve, for want of racks or of energy, is unmet.
    per_mw = 0.97 * 165.0 / rack.unit_mw / (1.3 / 0.8)
    put(np.array([5 * n, 5 * n]), np.array([3, unmet]), np.array([-per_mw, -1.0]))
    put(np.full(n, 5 * n), hour["U"], per_mw / n / 0.9)
    upper = coo_array((np.concatenate(data), (np.concatenate(rows), np.concatenate(cols)))).tocsr()
    upper.resize((5 * n + 1, width))
    most = np.zeros(5 * n + 1)
    most[-1] = -TOKENS_KTOK_S

    found = linprog(
        kusd, A_ub=upper, b_ub=most, A_eq=equal, b_eq=np.zeros(2 * n), method="highs-ipm"
    )
    assert found.status == 0
    works, lateral = case.works, case.laterals["gas_lateral"]
    once = 0.0
    for thing, usd in (
        (works, works.works_usd + works.land_acres * 10_000),
        (lateral, lateral.tap_usd + lateral.usd_per_mile * 5),
    ):
        once += usd * (annuity(RATE, thing.life_years) + thing.fixed_om_share)
    return (1000 * found.fun + once) * 1.05**-0.5


@pytest.mark.slow
def test_every_hour_of_a_year_agrees_with_a_second_formulation() -> None:
    """Gas, sun, battery and racks over 8,760 hours, to 1e-6."""
    case = _case("all")

    plan = plan_case(case)

    assert plan.tables["capacity"].set_index("component").loc["li_ion_4h", "mw"] > 0.1
    assert 1000 * plan.outcome.objective_kusd == pytest.approx(_by_hand(case), rel=1e-6)
