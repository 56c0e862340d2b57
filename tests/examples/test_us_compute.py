"""The US example's racks, modes and chips, at three sites and in sampled weeks: its own demand."""

from pathlib import Path

import pytest

from planner.known import read_scenario
from planner.plan.plan import Plan
from planner.run import plan_scenario

US = Path(__file__).parents[2] / "examples" / "us_2028.yaml"
SMALL = (
    "sites.include=[abilene_tx, loslunas_nm, homercity_pa]",
    "sites.limit_it_mw=6000",
    "supply.craft_hours_per_site_year=5.0e7",
    "horizon.hours=weeks",
    "horizon.weeks=1",
    "solver.gap=0.01",
    "solver.threads=1",
    "solver.whole_units_from_mw=100000",
)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    store = tmp_path_factory.mktemp("cones")
    return plan_scenario(read_scenario(US, (*SMALL, f"solver.cone_store={store}")).scenario)


def test_racks_and_modes_shift_by_workload_and_year(plan: Plan) -> None:
    """Disaggregation pays for fast agents and not for chat; a new rack takes over where it pays."""
    use = plan.tables["rack_use"].groupby(["workload", "period", "mode"])["racks"].sum()
    by_rack = plan.tables["rack_use"].groupby(["workload", "period", "rack"])["racks"].sum()

    assert set(use["premium_agent", "2030"].index) == {"afd+kv_tier"}
    assert not any("afd" in mode for mode in use["chat", "2030"].index)
    assert "vr200_nvl72" in by_rack["coding_agent", "2028"].index
    assert "kyber_nvl144" not in by_rack["coding_agent", "2028"].index
    assert "kyber_nvl144" in by_rack["coding_agent", "2030"].index
    assert "kyber_nvl144" not in by_rack["chat", "2030"].index


def test_disaggregated_cpu_and_storage_racks_are_bought(plan: Plan) -> None:
    racks = plan.tables["racks"].groupby(["period", "rack"])["racks"].sum()

    for name in ("lpx_groq3", "etl256_vera", "stx_bluefield4"):
        assert racks["2030", name] > racks["2028", name] > 100


def test_chips_bind_and_have_a_price(plan: Plan) -> None:
    table = plan.tables["shadow_prices"]
    chips = table[table["limit"].str.startswith("chips") & (table["price"] > 1)]

    assert len(chips)
    assert (chips["used"] >= 0.99 * chips["bound"]).all()
    assert set(chips["unit"]) <= {"USD/wafers", "USD/stacks", "USD/racks", "USD/TB"}
