"""The share of a grid area that data centres may take, on paper and by both engines."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from planner.case import Case
from planner.errors import ScenarioError
from planner.formulate.build import build
from planner.grid_areas import area_limits_gwh
from planner.run import plan_case
from sites.grid_load import area_load
from tests.planner.engines.both import assert_they_agree, case_of
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

SITES = ["rockdale_tx", "medina_tx", "ashburn_va"]
"""Two of ERCO-SCEN, one of PJM-DOM."""

CHAT = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0, "peak_to_mean": 1.3}


def _scenario(grid: Mapping[str, Any], **more: Any) -> Any:
    power = {
        "use": ["wartsila_18v50sg", "firm_grid"],
        "gas_usd_per_mmbtu": 12.0,
        "change": {
            "wartsila_18v50sg": AT_ONCE,
            "gas_lateral": AT_ONCE,
            "firm_grid": AT_ONCE,
        },
    }
    grid = {"share_limit": None, "price_growth_per_year": 0.0, **grid}
    chat = {"workloads": {"chat": CHAT}}
    sites = {"include": SITES}
    return hand_scenario(**{"grid": grid, "power": power, "demand": chat, "sites": sites, **more})


def _grid_mwh(plan: Any, *sites: str) -> float:
    return sum(
        float(run.hours.weight @ run.power_mw["firm_grid"])
        for (site, _), run in plan.outcome.dispatch.items()
        if site in sites and "firm_grid" in run.power_mw
    )


def _limits(grid: Mapping[str, Any], **more: Any) -> dict[str, list[float]]:
    found = area_limits_gwh(hand_case(_scenario(grid, **more)))
    return {area: gwh.tolist() for area, gwh in found.items()}


def test_what_is_left_of_an_area_on_paper() -> None:
    """10 % of 50 TWh less 3 TWh of others is 2,000 GWh a year; of a quarter a fourth."""
    grid = {
        "area_share_limit": {"ERCO-SCEN": 0.1},
        "area_twh": {"ERCO-SCEN": 50.0},
        "area_other_data_centres_twh": {"ERCO-SCEN": 3.0},
    }
    quarter = {"start": "2028-01", "periods": 1, "step": "quarter", "hours": "weeks", "weeks": 1}

    assert _limits(grid) == {"ERCO-SCEN": [pytest.approx(2000.0)]}
    assert _limits(grid, horizon=quarter) == {"ERCO-SCEN": [pytest.approx(500.0)]}


def test_all_stands_for_the_areas_not_named_and_their_load_of_2024() -> None:
    limits = _limits({"area_share_limit": {"all": 0.02, "PJM-DOM": {2026: 0.01, 2030: 0.05}}})

    assert limits["ERCO-SCEN"] == [pytest.approx(20 * area_load("ERCO-SCEN").annual_twh)]
    assert limits["PJM-DOM"] == [pytest.approx(30 * area_load("PJM-DOM").annual_twh)]


def test_nothing_is_limited_unless_asked() -> None:
    assert _limits({}) == {}
    assert not build(hand_case(_scenario({}))).model.area_share


def test_others_beyond_the_limit_are_refused() -> None:
    grid = {
        "area_share_limit": {"ERCO-SCEN": 0.1},
        "area_twh": {"ERCO-SCEN": 50.0},
        "area_other_data_centres_twh": {"ERCO-SCEN": 6.0},
    }
    with pytest.raises(ScenarioError, match=r"12\.0% of ERCO-SCEN in 2028, got a limit of 10\.0%"):
        _limits(grid)


def _asked_for_8_gwh(hours: Mapping[str, Any]) -> Case:
    grid = {
        "area_share_limit": {"ERCO-SCEN": 0.2},
        "area_twh": {"ERCO-SCEN": 0.05},
        "area_other_data_centres_twh": {"ERCO-SCEN": 0.002},
        "firm_wait_months": dict.fromkeys(SITES, 0.0),
        "area_limit_mw": {"PJM-DOM": 0.0},
    }
    finance = {"discount_rate": 0.05, "cost_of_capital": 0.07}
    horizon = {"start": "2028-01", "periods": 1, **hours}
    return case_of(_scenario(grid, horizon=horizon, finance=finance, solver={"gap": 1e-4}))


def test_it_binds_on_the_sum_of_the_areas_sites_and_has_a_price() -> None:
    """20 % of 50 GWh less 2 GWh are 8; a MWh more saves gas at 12 USD/MMBtu and over 7 MMBtu."""
    plan = plan_case(_asked_for_8_gwh({"hours": "weeks", "weeks": 1}))
    row = plan.tables["shadow_prices"].set_index("limit").loc["grid area share: ERCO-SCEN"]

    assert _grid_mwh(plan, "rockdale_tx", "medina_tx") == pytest.approx(8_000, rel=1e-6)
    assert _grid_mwh(plan, "ashburn_va") == 0
    assert row["used"] == pytest.approx(row["bound"]) == pytest.approx(8.0)
    assert row["unit"] == "USD/GWh"
    # Fuel and upkeep of an engine less the price of the grid, and part of its capital.
    assert 10_000 < row["price"] < 100_000


def test_both_engines_agree(tmp_path: Path) -> None:
    """All that is allowed is taken, and nothing is curtailed for want of a budget."""
    found = assert_they_agree(_asked_for_8_gwh({"hours": "weeks", "weeks": 2}), tmp_path)
    assert found is not None
    plan, wanted = found

    assert plan.outcome.objective_kusd == pytest.approx(wanted.objective_kusd, rel=1e-4)
    assert _grid_mwh(plan, "rockdale_tx", "medina_tx") == pytest.approx(8_000, rel=1e-6)
    curtailed = sum(
        float(run.hours.weight @ run.power_mw["curtailed"])
        for run in plan.outcome.dispatch.values()
    )
    assert curtailed < 1.0
