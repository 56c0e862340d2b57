"""Sites that run without gas: wind, nuclear and geothermal plants, and storage of many hours."""

from pathlib import Path

import numpy as np
import pytest

from planner.engines.seasons import windows_of
from planner.gather import make_periods
from planner.places import choose_sites
from planner.plan.plan import Plan
from planner.plan.values import number
from planner.run import plan_case
from planner.scenario import Scenario
from sites.table import builtin_sites
from tests.planner.engines.both import assert_they_agree
from tests.planner.hand import AT_ONCE, FLAT, flat_place, hand_case, hand_scenario

DATED = {**AT_ONCE, "available_from_year": 2028}


def _scenario(change: dict[str, dict], **more) -> Scenario:
    """10,000 thousand tokens a second on these products alone."""
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0}
    power = {"use": list(change), "gas_usd_per_mmbtu": 3.0}
    power["change"] = {**change, "gas_lateral": AT_ONCE}
    return hand_scenario(demand={"workloads": {"chat": chat}}, power=power, **more)


def _planned(scenario: Scenario, **profiles: np.ndarray) -> Plan:
    place = flat_place(scenario, builtin_sites()["abilene_tx"], profiles=profiles)
    return plan_case(hand_case(scenario, abilene_tx=place))


@pytest.mark.parametrize(
    ("product", "given", "change", "usd_per_mwh"),
    [
        ("bwrx_300", 0.98 * (1 - 440 / 8760), DATED, 14.7),
        ("enhanced_geothermal", 0.95 * (1 - 460 / 8760), DATED, 0.0),
        ("onshore_wind", 0.85 * 0.97, {**AT_ONCE, "credit_until_year": 2028}, 0.0),
    ],
)
def test_a_plant_alone_costs_what_paper_says(
    product: str, given: float, change: dict, usd_per_mwh: float
) -> None:
    """Flat load, wind that always blows: MW = load / what a MW gives.

    Of 2028, three fifths of the way from 2025 to 2030, and 30 % of it from the state; no cost of
    money. Every MWh takes its fuel and its variable cost.
    """
    plan = _planned(_scenario({product: change}))
    p = plan.formulation.case.power[product].figures
    load_mw = -plan.outcome.dispatch["abilene_tx", 0].power_mw["load"]
    capex = 0.4 * p.capex_usd_per_kw + 0.6 * p.capex_2030_usd_per_kw
    kw = 1000 * load_mw[0] / given

    built = plan.tables["capacity"].set_index("component")["mw"]
    costs = plan.tables["costs"]
    paid = costs.loc[costs["family"] == "power", "usd"].sum()

    assert 1000 * built[product] == pytest.approx(kw, rel=1e-6)
    assert paid == pytest.approx(
        kw * (0.7 * capex / p.life_years + p.fixed_om_usd_per_kw_year)
        + 8760 * load_mw[0] * usd_per_mwh,
        rel=1e-6,
    )


def test_a_reactor_is_not_there_before_its_year() -> None:
    """Two years without it: no power, no racks. In the third the tokens are served."""
    horizon = {"start": "2028-01", "periods": 3, "hours": "weeks", "weeks": 1}
    reactor = {**AT_ONCE, "available_from_year": 2030}
    plan = _planned(_scenario({"bwrx_300": reactor}, horizon=horizon))

    served = plan.tables["tokens"].query("kind == 'served'").groupby("period")["tokens_per_s"].sum()

    assert served.to_dict() == pytest.approx({"2030": 1e7})


def test_a_reactor_is_spared_by_another() -> None:
    """N+1 of whole units: one carries the load of 13 MW, a second of 300 MW is held back."""
    scenario = _scenario(
        {"bwrx_300": DATED},
        reliability={"spare_units": 1},
        solver={"whole_units_from_mw": 15, "gap": 1e-6},
    )
    reactors = _planned(scenario).tables["capacity"].set_index("component").loc["bwrx_300"]

    assert reactors["units"] == pytest.approx(2)
    assert reactors["usable_mw"] <= 300 + 1e-6


@pytest.mark.parametrize(
    ("states", "hot"),
    [(None, {"tric_nv": 1.0, "ashburn_va": 0.0}), (["VA"], {"tric_nv": 0.0, "ashburn_va": 1.0})],
)
def test_heat_is_in_the_states_that_are_named(states: list[str] | None, hot: dict) -> None:
    power = {"use": ["enhanced_geothermal"], "change": {"enhanced_geothermal": DATED}}
    power |= {} if states is None else {"geothermal_states": states}
    scenario = hand_scenario(power=power, sites={"include": list(hot)})
    places = choose_sites(scenario, builtin_sites(), make_periods(scenario))

    assert {name: here.figures["geothermal_resource"] for name, here in places.items()} == hot


def test_better_wind_is_more_output() -> None:
    means = []
    for scale in (0.9, 1.0, 1.1):
        power = {"wind_resource_scale": scale}
        scenario = hand_scenario(power=power, sites={"include": ["abilene_tx"]})
        (here,) = choose_sites(scenario, builtin_sites(), make_periods(scenario)).values()
        means.append(here.profiles["wind_capacity_factor"].mean())

    assert means == sorted(means)
    assert means[2] - means[0] > 0.05


def _cheap(usd_per_kw: float, **figures: float) -> dict[str, float]:
    prices = {"capex_usd_per_kw": usd_per_kw, "capex_2030_usd_per_kw": usd_per_kw}
    return {**AT_ONCE, **prices, **figures}


def test_wind_with_storage_is_built_where_it_is_cheap() -> None:
    """Wind blows by day only, so that half of the load comes out of eight hours of storage.

    What the battery takes over the week it gives back, less the round trip.
    """
    blows = np.where(np.arange(8760) % 24 < 12, 1.0, 0.0)
    change = {"onshore_wind": _cheap(300), "li_ion_8h": _cheap(300), "wartsila_18v50sg": AT_ONCE}
    plan = _planned(_scenario(change), wind_capacity_factor=blows)
    run = plan.outcome.dispatch["abilene_tx", 0].power_mw
    built = plan.tables["capacity"].set_index("component")["mw"]
    battery = run["li_ion_8h"]

    assert built["onshore_wind"] > 2 * -run["load"].mean()
    assert built["li_ion_8h"] * 8 * 0.85 * np.sqrt(0.88) >= 12 * -run["load"].mean() * (1 - 1e-6)
    assert -battery.clip(max=0).sum() * 0.88 == pytest.approx(battery.clip(min=0).sum())


@pytest.mark.slow
def test_iron_air_carries_energy_from_season_to_season(tmp_path: Path) -> None:
    """Six days of strong wind end the first season, as many of calm begin the second.

    What is in the battery at the seam is the calm's load and what leaks on the way: the two
    engines agree on it, the one that cuts the year at the seam and the one that does not.
    """
    wind = 0.9 * FLAT
    wind[2190 : 2190 + 144] = 0.0
    change = {"onshore_wind": _cheap(900), "iron_air_100h": _cheap(400, lead_months=0)}
    horizon = {"start": "2028-01", "periods": 1, "step": "half_year", "hours": "all"}
    scenario = _scenario(
        change, horizon={**horizon, "weeks": None}, solver={"gap": 1e-4, "engine": "decomposed"}
    )
    place = flat_place(
        scenario, builtin_sites()["abilene_tx"], profiles={"wind_capacity_factor": wind}
    )
    case = hand_case(scenario, abilene_tx=place)
    assert len(windows_of(case, 0)) == 2

    found = assert_they_agree(case, tmp_path)

    assert found is not None
    plan, _ = found
    run = plan.outcome.dispatch["abilene_tx", 0].power_mw
    battery = case.power["iron_air_100h"].figures
    model = plan.formulation.model
    level = number(model.level["abilene_tx", "iron_air_100h", 0, 1])
    load_mw = -run["load"][2190]
    needed = sum(
        load_mw / np.sqrt(battery.round_trip_efficiency) / battery.kept_per_hour ** (h + 1)
        for h in range(144)
    )
    calm = slice(2190, 2190 + 144)

    assert run["curtailed"].max() < 1e-3 * load_mw
    assert run["iron_air_100h"][calm] == pytest.approx(np.full(144, load_mw), rel=1e-6)
    assert level == pytest.approx(needed, rel=1e-6)
    assert run["onshore_wind"][:2190].sum() > 1.05 * 2190 * load_mw
