"""Laws that hold for any scenario."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.run import plan_case
from sites.table import builtin_sites
from tests.planner.hand import flat_place, hand_case, hand_scenario

POWER = ["wartsila_18v50sg", "pv_tracker", "li_ion_4h", "firm_grid"]
QUICK = settings(max_examples=12, deadline=None, derandomize=True)


def _plan(tokens_per_day=8.64e11, profiles=None, **more):
    chat = {"tokens_per_day": tokens_per_day, "value_usd_per_mtok": 4.0}
    change = {name: {"lead_months": 0} for name in [*POWER, "gas_lateral"]}
    scenario = hand_scenario(
        demand={"workloads": {"chat": chat}},
        power={"use": POWER, "gas_usd_per_mmbtu": 3.0, "change": change},
        **more,
    )
    place = flat_place(scenario, builtin_sites()["abilene_tx"], profiles=profiles)
    return plan_case(hand_case(scenario, abilene_tx=place))


def _sun(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    day = np.clip(np.sin(np.pi * (np.arange(24) - 6) / 12), 0, None)
    return np.clip(np.tile(day, 365) * rng.uniform(0.2, 1.0, 365).repeat(24), 0, 1)


@QUICK
@given(seed=st.integers(0, 1000), cheap=st.floats(100, 1500))
def test_no_energy_comes_from_nothing(seed: int, cheap: float) -> None:
    """Load served is at most what was generated, imported and let go; batteries only lose."""
    power = {"pv_tracker": {"capex_usd_per_kw": cheap, "capex_2030_usd_per_kw": cheap}}
    scenario_change = {name: {"lead_months": 0} for name in [*POWER, "gas_lateral"]}
    scenario_change["pv_tracker"] |= power["pv_tracker"]
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0}
    scenario = hand_scenario(
        demand={"workloads": {"chat": chat}},
        power={"use": POWER, "gas_usd_per_mmbtu": 8.0, "change": scenario_change},
    )
    place = flat_place(
        scenario, builtin_sites()["abilene_tx"], profiles={"solar_capacity_factor": _sun(seed)}
    )
    plan = plan_case(hand_case(scenario, abilene_tx=place))
    run = plan.outcome.dispatch["abilene_tx", 0]
    mwh = {name: float(run.hours.weight @ power) for name, power in run.power_mw.items()}

    assert mwh["li_ion_4h"] <= 1e-6
    sources = mwh["wartsila_18v50sg"] + mwh["firm_grid"] + mwh["pv_tracker"] + mwh["curtailed"]
    assert sources >= -mwh["load"] - 1e-6 * abs(mwh["load"])
    capacity = plan.tables["capacity"].set_index("component")["mw"].get("pv_tracker", 0.0)
    assert mwh["pv_tracker"] <= capacity * float(run.hours.weight @ _sun(seed)[run.hours.of_year])


@QUICK
@given(scale=st.floats(1.5, 3.0))
def test_twice_the_demand_is_twice_the_cost_of_what_grows(scale: float) -> None:
    """All but the site and its lateral, which are there once, doubles with the demand."""
    one, more = _plan(), _plan(scale * 8.64e11)
    grows = []
    for plan in (one, more):
        costs = plan.tables["costs"]
        grows.append(costs.loc[costs["family"] != "site", "discounted_usd"].sum())

    assert grows[1] / grows[0] == pytest.approx(scale, rel=1e-6)


@QUICK
@given(
    tight=st.floats(10, 400), looser=st.floats(1.0, 3.0), what=st.sampled_from(["chips", "share"])
)
def test_loosening_a_limit_never_costs_more(tight: float, looser: float, what: str) -> None:
    def cost(amount: float) -> float:
        if what == "chips":
            return _plan(supply={"chips": {"cowos": amount}}).outcome.objective_kusd
        grid = {"us_twh": 1000.0, "other_data_centres_twh": 0.0, "share_limit": amount / 1e6}
        return _plan(grid=grid).outcome.objective_kusd

    assert cost(tight * looser) <= cost(tight) * (1 + 1e-9)


MODES = ("colocated", "split", "afd")
RACKS = ("gb300_nvl72", "lpx_groq3", "stx_bluefield4")


def _agents(modes: frozenset[str], *, kv_tier: bool, supply: dict[str, float]) -> float:
    """What agents cost with some modes and some of each ingredient [1000 USD]."""
    agents = {"tokens_per_day": 1e11, "value_usd_per_mtok": 60.0}
    at_once = {"lead_months": 0, "release": "2026-03"}
    scenario = hand_scenario(
        demand={"workloads": {"coding_agent": agents}},
        racks={"use": list(RACKS), "change": dict.fromkeys(RACKS, at_once)},
        serving={
            "modes": [mode for mode in MODES if mode in modes],
            "kv_tier": kv_tier,
            "tokens_per_s_per_rack": {},
        },
        supply={"chips": supply},
    )
    return plan_case(hand_case(scenario)).outcome.objective_kusd


@QUICK
@given(
    modes=st.frozensets(st.sampled_from(MODES), min_size=1),
    another=st.sampled_from(MODES),
    kv_tier=st.booleans(),
    amount=st.fixed_dictionaries(
        {"hbm3e": st.floats(500, 20_000), "sf4": st.floats(0, 100), "nand": st.floats(3e3, 1e5)}
    ),
    more=st.sampled_from(["hbm3e", "sf4", "nand"]),
)
def test_more_of_an_ingredient_or_another_mode_never_costs_more(
    modes, another, kv_tier, amount, more
) -> None:
    cost = _agents(modes, kv_tier=kv_tier, supply=amount)
    larger = {**amount, more: 2 * amount[more]}

    assert _agents(modes, kv_tier=kv_tier, supply=larger) <= cost * (1 + 1e-9)
    assert _agents(modes | {another}, kv_tier=True, supply=amount) <= cost * (1 + 1e-9)
