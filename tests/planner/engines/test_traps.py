"""Two questions that mislead an engine by cuts: much storage off the grid, and a cap on energy."""

from pathlib import Path

import numpy as np
import pytest

from planner.case import Case
from planner.engines.seasons import windows_of
from planner.plan.values import number
from tests.planner.engines.both import assert_they_agree, case_of
from tests.planner.hand import AT_ONCE, hand_scenario

CLOSE = 5e-4
"""The two engines' plans may cost so much more or less, relative to each other."""


def _case(step: str, sites: list[str], power: dict[str, dict], **more) -> Case:
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0}
    change = {name: {**AT_ONCE, **figures} for name, figures in power.items()}
    scenario = hand_scenario(
        horizon={"start": "2028-01", "periods": 1, "step": step, "hours": "all", "weeks": None},
        finance={"discount_rate": 0.05, "cost_of_capital": 0.07},
        demand={"workloads": {"chat": chat}},
        power={
            "use": list(power),
            "gas_usd_per_mmbtu": 12.0,
            "change": {**change, "gas_lateral": AT_ONCE},
        },
        sites={"include": sites},
        solver={"gap": 1e-5},
        **more,
    )
    return case_of(scenario)


def _both(case: Case, store: Path):
    found = assert_they_agree(case, store)
    assert found is not None
    plan, wanted = found
    assert plan.outcome.objective_kusd == pytest.approx(wanted.objective_kusd, rel=CLOSE)
    return plan


@pytest.mark.slow
def test_off_the_grid_with_eighteen_hours_of_storage(tmp_path: Path) -> None:
    """Half of the load is served at night: what the battery holds at the seam is worth much."""
    cheap = {"capex_usd_per_kw": 700, "capex_2030_usd_per_kw": 700}
    power = {"pv_tracker": cheap, "li_ion_4h": {"duration_h": 18}}
    case = _case("half_year", ["abilene_tx"], power)
    assert len(windows_of(case, 0)) == 2

    plan = _both(case, tmp_path)

    here = plan.formulation.model.site["abilene_tx"].power["li_ion_4h"]
    battery = case.power["li_ion_4h"].figures
    level = number(plan.formulation.model.level["abilene_tx", "li_ion_4h", 0, 1])
    assert battery.duration_h == 18
    assert level > 0.1 * battery.usable_mwh_per_mw * number(here.mw[0]) > 0
    tokens = plan.tables["tokens"].groupby("kind")["tokens_per_s"].sum()
    assert tokens["served"] > 0.9 * tokens.sum()


@pytest.mark.parametrize("limit_gwh", [5.0, 40.0])
def test_a_cap_on_grid_energy(tmp_path: Path, limit_gwh: float) -> None:
    """Gas is dear, so that every MWh of the grid that is allowed is taken, where it saves most."""
    sites = ["abilene_tx", "ashburn_va"]
    grid = {
        "us_twh": 1000.0,
        "other_data_centres_twh": 0.0,
        "share_limit": limit_gwh / 1e6,
        "firm_wait_months": dict.fromkeys(sites, 0.0),
    }
    case = _case("quarter", sites, {"wartsila_18v50sg": {}, "firm_grid": {}}, grid=grid)

    plan = _both(case, tmp_path)

    taken_mwh = sum(
        float(run.hours.weight @ run.power_mw["firm_grid"])
        for run in plan.outcome.dispatch.values()
    )
    assert taken_mwh == pytest.approx(1000 * limit_gwh / 4, rel=1e-6)
    curtailed = [run.power_mw["curtailed"] for run in plan.outcome.dispatch.values()]
    assert np.max(curtailed) < 1e-3


@pytest.mark.slow
def test_a_least_share_without_fuel(tmp_path: Path) -> None:
    """Half of the load by the sun, though gas is cheap: the cap on what is fired binds."""
    power = {"wartsila_18v50sg": {}, "pv_tracker": {}, "li_ion_4h": {}}
    policy = {"carbon_free_share": 0.5}
    case = _case("quarter", ["abilene_tx"], power, policy=policy)

    plan = _both(case, tmp_path)

    season = plan.tables["power_by_season"].groupby("component")["mwh"].sum()
    load = -float(season["load"]) - float(season.get("curtailed", 0.0))
    assert float(season["wartsila_18v50sg"]) <= 0.5 * load * (1 + 1e-6)
    assert float(season["wartsila_18v50sg"]) >= 0.45 * load
