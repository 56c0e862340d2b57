"""How fast new racks ramp up: at most a multiple of the year before, and a seed beside it."""

import pyomo.environ as pyo
import pytest

from planner.formulate.build import build
from planner.formulate.formulation import Formulation, Limit
from planner.run import plan_case
from planner.scenario import Scenario
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

RACK = "gb200_nvl72"
CHAT = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0, "peak_to_mean": 1.3}
"""What 101.5 racks serve."""


def ramped(ramp: float | None, seed: float, *, step: str = "year", **sections: object) -> Scenario:
    change = {**AT_ONCE, "ramp_per_year": ramp, "ramp_seed_racks": seed}
    return hand_scenario(
        horizon={"start": "2028-01", "periods": 3, "step": step},
        demand={"workloads": {"chat": CHAT}},
        racks={"use": [RACK], "change": {RACK: change}},
        supply={"buyer_share": sections.pop("buyer_share", {}), "craft_hours_per_site_year": 1e9},
        **sections,
    )


def ramps(found: Formulation) -> list[Limit]:
    return [limit for limit in found.limits if limit.kind == "ramp"]


def racks_there(scenario: Scenario) -> list[float]:
    plan = plan_case(hand_case(scenario))
    return plan.tables["racks"].groupby("period")["racks"].sum().tolist()


def test_a_rack_ramps_up_from_its_seed() -> None:
    """Seed 10 a year, doubling beside it: 10, then 2 x 10 + 10 = 30, then the rest of 101.5."""
    plan = plan_case(hand_case(ramped(2, 10)))
    there = plan.tables["racks"].groupby("period")["racks"].sum().tolist()
    table = plan.tables["supply"].set_index(["kind", "period"]).sort_index()
    price = plan.tables["shadow_prices"].set_index(["limit", "period"])["price"]

    needed = 1e7 * 1.3 / 0.8 / 0.97 / 165_000
    assert there == pytest.approx([10, 40, needed], rel=1e-6)
    assert table.loc["ramp", "used"].tolist() == pytest.approx([10, 30, needed - 40], rel=1e-6)
    assert table.loc["ramp", "limit"].tolist() == pytest.approx([10, 30, 70], rel=1e-6)
    assert set(table.loc["ramp", "unit"]) == {"racks"}
    assert price[f"ramp: {RACK}", "2028"] > price[f"ramp: {RACK}", "2029"] > 1e5
    assert price[f"ramp: {RACK}", "2030"] == pytest.approx(0, abs=1)


def test_half_years_ramp_by_the_root_and_have_half_of_the_seed() -> None:
    """Fourfold a year is twofold a half year; 10 a year are 5: 5, 15 and 35 more."""
    assert racks_there(ramped(4, 10, step="half_year")) == pytest.approx([5, 20, 55], rel=1e-6)


@pytest.mark.parametrize(
    ("share", "there"),
    [
        ({"rack": 0.5}, [5, 20, 55]),
        ({"rack": 0.5, RACK: 0.2}, [2, 8, 22]),
        ({RACK: 0.0}, [0, 0, 0]),
    ],
)
def test_a_buyer_gets_his_share_of_the_seed(share: dict[str, float], there: list[float]) -> None:
    """The rack's own share comes before its family's; who buys none ramps up to none."""
    limits = ramps(build(hand_case(ramped(2, 10, buyer_share=share))))
    added = []
    for limit in limits:
        (variable,) = [v for v in _racks(limit) if v.index() == limit.period]
        variable.set_value(pyo.value(limit.bound))
        added.append(variable.value)

    assert [sum(added[: t + 1]) for t in range(3)] == pytest.approx(there)


def _racks(limit: Limit) -> list:  # type: ignore[type-arg]
    from pyomo.core.expr.visitor import identify_variables

    return list(identify_variables(limit.row.body))


def test_racks_of_all_sites_count_together() -> None:
    """3 racks at one site and 4 at the other are 7; twice that and 10 may follow."""
    found = build(hand_case(ramped(2, 10, sites={"include": ["abilene_tx", "pecos_tx"]})))
    for site, racks in (("abilene_tx", 3), ("pecos_tx", 4)):
        found.model.site[site].rack[RACK, "liquid_dry"].units_added[0].set_value(racks)
        found.model.site[site].rack[RACK, "liquid_dry"].units_added[1].set_value(1)

    first, second, _ = ramps(found)

    assert (pyo.value(first.used), pyo.value(first.bound)) == (7, 10)
    assert (pyo.value(second.used), pyo.value(second.bound)) == (2, 24)
    assert pyo.value(second.row.body) == 2 - 14
    assert pyo.value(second.row.upper) == 10


def test_without_a_ramp_there_is_no_row() -> None:
    assert ramps(build(hand_case(ramped(None, 10)))) == []


def test_there_is_no_row_before_a_rack_can_come() -> None:
    """Released in October 2028 and six months of lead: from 2030 on, and 10 in its first year."""
    scenario = ramped(2, 10)
    change = {"release": "2028-10", "lead_months": 6, "ramp_per_year": 2, "ramp_seed_racks": 10}
    late = scenario.model_copy(
        update={"racks": scenario.racks.model_copy(update={"change": {RACK: change}})}
    )

    (limit,) = ramps(build(hand_case(late)))

    assert limit.period == 2
    assert limit.row.has_ub()
