"""Gas within the pipes that are laid, transport that is reserved, and water, on paper."""

from dataclasses import replace
from typing import Any

import pytest

from components.catalog.loader import load_family
from planner.case import Case
from planner.formulate.gas import laterals_at
from planner.gather import make_periods
from planner.places import choose_sites
from planner.plan.plan import Plan
from planner.plan.summary import summarise
from planner.run import plan_case
from sites.table import builtin_sites
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

MMCF_PER_MW = 7.53 * 1.03 * 24 / 1037
"""Of the engine at full output, a day."""


def case_of(
    small: dict[str, Any] | None = None,
    large: dict[str, Any] | None = None,
    engine: dict[str, Any] | None = None,
    **sections: Any,
) -> Case:
    """A campus that wants about 13.5 MW of engines."""
    power = {
        "change": {
            "wartsila_18v50sg": {**AT_ONCE, **(engine or {})},
            "gas_lateral": {**AT_ONCE, **(small or {})},
            "gas_lateral_24in": {**AT_ONCE, **(large or {})},
        },
        **sections.pop("power", {}),
    }
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 40.0, "peak_to_mean": 1.3}
    return hand_case(hand_scenario(demand={"workloads": {"chat": chat}}, power=power, **sections))


def mw(plan: Plan) -> float:
    return float(plan.tables["capacity"].set_index("component")["mw"].get("wartsila_18v50sg", 0))


def pipes(plan: Plan) -> set[str]:
    built = plan.tables["builds"]
    return set(built.loc[built["kind"] == "gas_lateral", "component"])


TOO_DEAR = {"tap_usd": 1e12}


def test_engines_burn_what_the_pipe_carries() -> None:
    """2 MMcf/d x 1,037 Btu/scf / 24 h / (7.53 x 1.03 MMBtu/MWh) = 11.14 MW."""
    plan = plan_case(case_of({"capacity_mmcf_per_day": 2.0}, TOO_DEAR))

    assert mw(plan) == pytest.approx(2 / MMCF_PER_MW, rel=1e-6)
    assert pipes(plan) == {"gas_lateral"}


def test_the_large_pipe_is_laid_where_the_small_one_is_too_small() -> None:
    plan = plan_case(case_of({"capacity_mmcf_per_day": 2.0}, {"capacity_mmcf_per_day": 6.0}))

    assert mw(plan) > 12
    assert pipes(plan) == {"gas_lateral_24in"}


def test_the_small_pipe_is_laid_where_it_is_enough() -> None:
    plan = plan_case(case_of({"capacity_mmcf_per_day": 4.0}, {"capacity_mmcf_per_day": 6.0}))

    assert mw(plan) > 12
    assert pipes(plan) == {"gas_lateral"}


def test_both_pipes_are_laid_where_neither_is_enough() -> None:
    """13.5 MW take 2.4 MMcf/d; 1.1 and 1.6 are 2.7 together."""
    plan = plan_case(case_of({"capacity_mmcf_per_day": 1.1}, {"capacity_mmcf_per_day": 1.6}))

    assert mw(plan) > 12
    assert pipes(plan) == {"gas_lateral", "gas_lateral_24in"}


@pytest.mark.parametrize(
    ("limit_it_mw", "sizes"), [(400.0, 1), (420.0, 2)], ids=["fits the small", "does not"]
)
def test_a_pipe_that_no_site_can_want_is_not_offered(limit_it_mw: float, sizes: int) -> None:
    """220 MMcf/d carry 1,226 MW; three times the IT limit is 1,200 or 1,260 MW."""
    case = case_of(sites={"limit_it_mw": limit_it_mw})

    assert len(laterals_at(case, case.sites["abilene_tx"])) == sizes


def test_a_pipe_that_comes_earlier_is_offered() -> None:
    case = case_of({"lead_months": 12}, sites={"limit_it_mw": 100.0})

    assert len(laterals_at(case, case.sites["abilene_tx"])) == 2


def test_reserved_transport_is_paid_on_capacity() -> None:
    """0.5 USD/MMBtu x 365 x 24 x 7.7559 MMBtu/MWh = 33,971 USD for each usable MW and year."""
    case = case_of(power={"firm_transport": True})
    here = case.sites["abilene_tx"]
    site = here.site.model_copy(update={"gas_transport_usd_per_mmbtu": 0.5})
    plan = plan_case(replace(case, sites={"abilene_tx": replace(here, site=site)}))
    costs = plan.tables["costs"].set_index("item")["usd"]
    usable = plan.tables["capacity"].set_index("component").loc["wartsila_18v50sg", "usable_mw"]

    assert costs["gas_reservation"] == pytest.approx(0.5 * 8760 * 7.53 * 1.03 * usable)


def test_transport_is_paid_once() -> None:
    """By use it is in the price of gas; reserved, it is not."""
    prices = {}
    for firm in (False, True):
        scenario = hand_scenario(power={"firm_transport": firm})
        places = choose_sites(scenario, builtin_sites(), make_periods(scenario))
        prices[firm] = float(places["abilene_tx"].gas_usd_per_mmbtu[0])
    adder = builtin_sites()["abilene_tx"].gas_transport_usd_per_mmbtu

    assert adder > 0
    assert prices[False] - prices[True] == pytest.approx(adder)
    assert "gas_reservation" not in set(plan_case(case_of()).tables["costs"]["item"])


def test_water_is_counted_by_what_runs() -> None:
    """700 litres for each MWh of the engine: 0.7 m3."""
    plan = plan_case(case_of(engine={"water_l_per_mwh": 700.0}))
    power = plan.tables["power_by_season"]
    mwh = power.loc[power["component"] == "wartsila_18v50sg", "mwh"].sum()

    assert mwh > 1e5
    assert summarise(plan, 0.0)["power_water_m3"] == {"2028": pytest.approx(0.7 * mwh)}


def test_water_of_combined_cycles_and_intercoolers_only() -> None:
    """198 gal/MWh x 3.785 l = 750; engines, simple cycles and fuel cells take none."""
    entries = {**load_family("gas"), **load_family("fuel_cell"), **load_family("rental")}
    water = {name: e.parameters.model_dump()["water_l_per_mwh"] for name, e in entries.items()}
    cycles = {n for n, e in entries.items() if e.parameters.model_dump()["technology"] == "CC"}

    assert cycles
    assert all(water[name] == pytest.approx(198 * 3.785, rel=0.01) for name in cycles)
    assert {name for name, litres in water.items() if litres} - cycles == {"ge_lms100pb_plus"}
