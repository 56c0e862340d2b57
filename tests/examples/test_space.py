"""Where chips, not power, bind: what the text of ``examples/what_ifs`` says of space."""

import pytest

from examples.what_ifs.space import SCENARIO, break_even, orbit_mw
from planner.known import read_scenario
from planner.plan.plan import Plan
from planner.plan.prices import binding
from planner.run import plan_scenario


def plan_with(*sets: str) -> Plan:
    return plan_scenario(read_scenario(SCENARIO, sets).scenario)


def limits(plan: Plan) -> list[str]:
    return binding(plan.tables["shadow_prices"])["limit"].tolist()


def test_power_and_launches_bind_where_chips_are_plenty() -> None:
    plan = plan_with()
    racks = plan.tables["racks"].set_index("site")["rack"]

    assert limits(plan) == ["grid site: grid connections", "launch: mass to orbit"]
    assert orbit_mw(200.0) == pytest.approx(140, abs=2)
    assert racks["dawn_dusk"] == "tpu_v7_ironwood_in_dawn_dusk"
    said = plan.tables["recipes"].query("mode == 'orbit'")["left_out"].tolist()
    assert said == [
        "dawn_dusk: has 140 kW in one scale-up domain of 72 chips; a satellite gives 100 kW"
    ]


def test_where_chips_bind_nothing_is_launched_for_nothing() -> None:
    scarce = "supply.buyer_share.chip_supply=0.03"

    assert limits(plan_with(scarce)) == ["chips: hbm3e"]
    assert break_even([scarce]) is None


def test_orbit_enters_between_what_launches_cost_and_what_they_may() -> None:
    assert break_even(within_usd_per_kg=50.0) == pytest.approx(425, abs=50)


def test_with_power_to_be_had_orbit_is_no_match() -> None:
    assert break_even(["grid.site_limit_mw={}"]) is None
