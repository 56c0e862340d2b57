"""Constellations beside sites on the ground: cost, decay, launches and break-even on paper."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.orbit.launched_power import break_even_usd_per_kg
from planner.case import Case
from planner.errors import ScenarioError
from planner.formulate.build import build
from planner.known import read_scenario
from planner.orbit_case import OrbitCase
from planner.plan.plan import Plan
from planner.plan.prices import binding
from planner.run import plan_case
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

RACK = "gb200_nvl72"
UP = f"{RACK}_in_leo"
ONE_RACK = {  # a satellite for one GB200, whose figures are round
    "unit_mw": 0.132, "capex_usd_per_kw": 10_000.0, "capex_2030_usd_per_kw": 10_000.0,
    "fixed_om_usd_per_kw_year": 0.0, "lead_months": 0.0,
}  # fmt: skip
TOKENS_PER_DAY = 1.0e12


def case_of(orbit: dict[str, Any] | None = None, **sections: Any) -> Case:
    asked = dict(orbit or {})
    change = {**ONE_RACK, **asked.pop("change", {})}
    leo = {"change": change, "integration_months": 0.0, "launch_usd_per_kg": 100.0}
    sites = {"include": ["abilene_tx"], "orbit": {"leo": {**leo, **asked}}}
    demand = {
        "workloads": {"chat": {"tokens_per_day": TOKENS_PER_DAY, "value_usd_per_mtok": 1000.0}}
    }
    return hand_case(hand_scenario(sites=sites, demand=demand, **sections))


def up_only(case: Case) -> Case:
    """Leave nothing to build on the ground."""
    return replace(case, blocks={})


def crowded(case: Case, ground_mw: float) -> Case:
    """Leave little room on the ground."""
    sites = {n: replace(s, limit_it_mw=ground_mw) for n, s in case.sites.items()}
    return replace(case, sites=sites)


def racks_needed(case: Case) -> float:
    """Racks that run, were all of them in order all of the time, at the peak."""
    chat = case.workloads["chat"]
    return TOKENS_PER_DAY / 86_400 * chat.capacity_ratio / 165_000


def cost_of(plan: Plan) -> float:
    return 1000 * plan.outcome.objective_kusd


def leo(case: Case) -> OrbitCase:
    return case.orbits["leo"]


def test_a_year_in_orbit_costs_what_it_does_on_paper() -> None:
    """n racks, each a fifth of its own price, of its satellite's and of its launch.

    0.9 of the time on air, 0.99 in the light, and of racks that fail at 5 % a year the mean of
    the first: (1 - 0.95) / -ln 0.95 = 0.9748.
    """
    case = up_only(case_of())
    plan = plan_case(case)

    n = racks_needed(case) / (0.9 * 0.99 * (0.05 / -np.log(0.95)))
    kg = leo(case).mass.total
    per_kw = (26_515.2 + 10_000 + 100 * kg) / 5
    assert cost_of(plan) == pytest.approx(n * 132 * per_kw, rel=1e-6)
    builds = plan.tables["builds"].set_index("kind")
    assert builds.loc["satellite", "units"] == pytest.approx(n)
    assert set(plan.tables["costs"]["site"]) == {"leo"}
    orbit = plan.tables["sites"].set_index("site").loc["leo"]
    assert (orbit["state"], orbit["water_m3"]) == ("orbit", 0)
    assert orbit["mean_pue"] == pytest.approx(1.04)


def test_what_fails_is_launched_anew() -> None:
    """Two years, a fifth failing: racks of the second year make up for what the first lost."""
    horizon = {"start": "2028-01", "periods": 2, "hours": "weeks", "weeks": 1}
    case = up_only(case_of({"failure_per_year": 0.2}, horizon=horizon))
    added = plan_case(case).tables["racks"].set_index("period")["added"]

    runs = racks_needed(case) / (0.9 * 0.99)
    year_1, year_2 = (1 - 0.8) / -np.log(0.8), (0.8 - 0.64) / -np.log(0.8)
    first = runs / year_1
    assert added["2028"] == pytest.approx(first, rel=1e-6)
    assert added["2029"] == pytest.approx((runs - first * year_2) / year_1, rel=1e-6)


def test_a_battery_ends_what_the_shade_costs_in_output() -> None:
    dark = {"sunlit_share": 0.62}
    stop, ride = (case_of({**dark, "eclipse_battery": b}) for b in (False, True))

    assert leo(stop).in_order == pytest.approx(0.9 * 0.62)
    assert leo(ride).in_order == pytest.approx(0.9)
    assert leo(ride).mass.total > 1.3 * leo(stop).mass.total


def test_a_launch_limit_has_the_price_of_what_it_leaves_unserved() -> None:
    """A tonne more serves tokens of 1,000 USD/Mtok at the price of racks and satellites."""
    case = up_only(case_of({"launch_t_per_year": 10.0}))
    plan = plan_case(case)

    kg = leo(case).mass.total
    kw = 1000 / kg
    served = kw / 132 * 165_000 * 0.9 * 0.99 * (0.05 / -np.log(0.95))
    worth = served / case.workloads["chat"].capacity_ratio * 365 * 86_400 / 1e6 * 1000
    price = worth - kw * (26_515.2 + 10_000 + 100 * kg) / 5
    row = binding(plan.tables["shadow_prices"]).iloc[0]
    assert row["limit"] == "launch: mass to orbit"
    assert row["used"] == pytest.approx(10)
    assert row["price"] == pytest.approx(price, rel=1e-5)


def test_links_carry_prompts_and_answers() -> None:
    case = up_only(case_of({"link_gbit_s": 1.0, "bytes_per_token": 10.0}))
    plan = plan_case(case)

    traffic = case.scenario.demand.workloads["chat"]
    assert traffic is not None
    gbit = leo(case).gbit_per_mtoken["chat"][0]
    from components.catalog.loader import load_family

    chat = load_family("workload")["chat"].parameters.model_dump()
    assert gbit == pytest.approx(0.08 * (1 + chat["input_tokens"] / chat["output_tokens"]))
    served = plan.tables["tokens"].query("kind == 'served'")["tokens_per_s"].sum()
    peak = case.workloads["chat"].capacity_ratio
    assert served / 1e6 * peak * gbit == pytest.approx(1.0)


def test_chips_are_counted_wherever_racks_are() -> None:
    """Chips for 50 racks: orbit takes no more than the ground would, and they bind."""
    supply = {"chips": {"cowos": 4.6 * 50}}
    plan = plan_case(up_only(case_of(supply=supply)))

    assert plan.tables["racks"]["racks"].sum() == pytest.approx(50)
    assert binding(plan.tables["shadow_prices"]).iloc[0]["limit"] == "chips: cowos"


def test_orbit_enters_at_the_break_even_on_paper() -> None:
    """Launched kW-year = kW-year of power and facility, less what more racks cost."""
    case = case_of(CHEAP)
    below = {n: p for n, p in case.racks.items() if n != UP}
    low = {n: r for n, r in case.recipes.items() if UP not in r.racks}
    ground = plan_case(replace(case, orbits={}, racks=below, recipes=low))
    n = racks_needed(case)
    up = n / (leo(case).in_order * (0.05 / -np.log(0.95)))
    racks_up = up * 132 * 26_515.2 / 5
    left_per_kw = (cost_of(ground) - racks_up) / (up * 132)
    satellite = leo(case).satellite
    price = break_even_usd_per_kg(satellite, leo(case).mass.total, left_per_kw, 1 / 5)

    assert price > 20
    assert _launched(0.98 * price) > 0
    assert _launched(1.02 * price) == 0


CHEAP = {"change": {"capex_usd_per_kw": 3_000.0, "capex_2030_usd_per_kw": 3_000.0}}


def _launched(usd_per_kg: float) -> float:
    plan = plan_case(case_of({**CHEAP, "launch_usd_per_kg": usd_per_kg}))
    racks = plan.tables["racks"]
    return float(racks.loc[racks["site"] == "leo", "racks"].sum())


def test_both_engines_agree() -> None:
    orbit = {"launch_t_per_year": 100.0}
    one, other = (
        plan_case(crowded(case_of(orbit, solver={"engine": engine, "gap": 1e-6}), ground_mw=8.0))
        for engine in ("monolithic", "decomposed")
    )

    assert set(one.tables["racks"]["site"]) == {"abilene_tx", "leo"}
    assert cost_of(other) == pytest.approx(cost_of(one), rel=1e-5)


def test_a_rack_that_is_too_big_is_refused_with_the_reason() -> None:
    with pytest.raises(ScenarioError, match="132 kW in one scale-up domain of 72 chips"):
        case_of({"change": {"unit_mw": 0.1}})
    with pytest.raises(ScenarioError, match="132 kW in one"):
        case_of({"change": {"unit_mw": 0.1}, "racks": [RACK]})


def test_what_cannot_fly_is_told_beside_what_can() -> None:
    racks = {"use": [RACK, "hgx_b200_air"], "change": {RACK: AT_ONCE, "hgx_b200_air": AT_ONCE}}
    case = case_of(racks=racks)
    said = [out.why for out in case.left_out if out.mode == "orbit"]

    assert set(leo(case).racks) == {UP}
    assert any("cooled by air_chiller" in why for why in said)


def test_nothing_on_the_ground_belongs_to_orbit() -> None:
    formulation = build(case_of())
    above = [p for p in formulation.parts if p.site == "leo"]
    below = [p for p in formulation.parts if p.site != "leo"]

    assert {p.family for p in above} == {"satellite", "rack"}
    assert {p.cooling for p in above} == {"radiator"}
    assert "satellite" not in {p.family for p in below}
    assert not {p.name for p in below} & set(leo(formulation.case).racks)
    assert "leo" not in {site for site, _ in formulation.operated}


@pytest.mark.parametrize(("rtt_ms", "sites"), [(40.0, {"leo"}), (400.0, set())])
def test_users_in_a_hurry_are_served_from_orbit_if_it_is_near(
    rtt_ms: float, sites: set[str]
) -> None:
    orbit = {"rtt_ms": rtt_ms, "change": dict(ONE_RACK)}
    far = {"include": ["abilene_tx"], "orbit": {"leo": {**orbit, "integration_months": 0.0}}}
    workload = {
        "tokens_per_day": TOKENS_PER_DAY,
        "value_usd_per_mtok": 1000.0,
        "latency_limit_ms": 60,
    }
    metros = {"new_york": 1.0}
    demand = {"workloads": {"chat": {**workload, "metros": metros}}}
    case = hand_case(hand_scenario(sites=far, demand=demand))

    assert set(case.workloads["chat"].sites(case.orbits)) == sites


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("leo: {satellite: sat_29kw}", "is no satellite that is known"),
        ("leo: {change: {unit_kw: 3}}", "is no figure of a satellite"),
        ("leo: {racks: [gb400]}", "is no rack that is known"),
        ("leo: {change: {unit_mw: -1}}", "greater than 0"),
        ("abilene_tx: {}", "is a site on the ground already"),
        ("leo: {racks: [tpu_v6e, tpu_v6e]}", "twice"),
    ],
)
def test_bad_keys_are_told_with_their_place(tmp_path: Path, key: str, why: str) -> None:
    file = tmp_path / "space.yaml"
    file.write_text(f"title: bad\nsites:\n  orbit:\n    {key}\n")

    with pytest.raises(ScenarioError, match=why) as raised:
        read_scenario(file)
    assert raised.value.problems[0].line == 4
