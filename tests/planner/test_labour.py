"""Modular or stick-built: worked out on paper, with craft hours scarce, plentiful, and for money.

One site and one year without cost of money, so that a dollar of overnight cost is 1/20 a year. Both
blocks come at once, live 20 years and cost 170 USD/(kW a) to keep:

    stick-built   8,000 USD/kW   20,000 h/MW
    modular       9,000 USD/kW    5,000 h/MW

The demand needs 101.53 racks of 0.132 MW, that is W = 13.402 MW of blocks. All of it stick-built
takes 268,040 h, all modular 67,010 h. A MW of modular instead of stick-built costs
1,000 x 1,000 / 20 = 50,000 USD a year more and saves 15,000 h, so that an hour is worth
50,000 / 15,000 = 3.333 USD as long as both are built.
"""

from typing import Any

import pytest

from planner.errors import InfeasibleError, ScenarioError
from planner.plan.plan import Plan
from planner.run import plan_case
from planner.scenario import Scenario
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

IT_MW = 1e7 * 1.3 / 0.8 / 0.97 / 165_000 * 0.132
STICK_H, MODULAR_H = 20_000.0, 5_000.0
HOUR_USD = 50_000 / 15_000
STICK, MODULAR = "stick_built_hall", "vertiv_onecore"


def _scenario(hours: float | dict[int, float], more: Any = None, **labour: Any) -> Scenario:
    chat = {
        "tokens_per_day": 8.64e11,
        "value_usd_per_mtok": 4.0,
        "peak_to_mean": 1.3,
        "must_serve": True,
    }
    both = {"lead_months": 0, "fixed_om_usd_per_kw_year": 170, "life_years": 20}
    change = {
        STICK: {**both, "capex_usd_per_kw": 8000, "craft_hours_per_mw": STICK_H},
        MODULAR: {**both, "capex_usd_per_kw": 9000, "craft_hours_per_mw": MODULAR_H},
        "greenfield": AT_ONCE,
    }
    usual = {"most_travelling_share": 0.0, "craft_learning_per_year": 0.0}
    return hand_scenario(
        demand={"workloads": {"chat": chat}},
        blocks={"use": [STICK, MODULAR], "change": change},
        supply={"labour": {"craft_h_per_year": {"TX": hours}, **usual, **labour}},
        **(more or {}),
    )


def _plan(hours: float, more: Any = None, **labour: Any) -> Plan:
    return plan_case(hand_case(_scenario(hours, more, **labour)))


def _mw(plan: Plan) -> dict[str, float]:
    builds = plan.tables["builds"]
    blocks = builds[builds["kind"] == "block"].groupby("component")["mw"].sum()
    return {name: float(blocks.get(name, 0.0)) for name in (STICK, MODULAR)}


def _price(plan: Plan, crews: str = "local crews TX") -> float:
    table = plan.tables["shadow_prices"].set_index("limit")
    return float(table.loc[f"labour: {crews}", "price"])


@pytest.mark.parametrize("over", [1.001, 2.0, 10.0])
def test_with_hours_plentiful_stick_built_wins(over: float) -> None:
    """From W x 20,000 h on, the cheaper block is built alone and an hour is worth nothing."""
    plan = _plan(over * IT_MW * STICK_H)

    assert _mw(plan)[STICK] == pytest.approx(IT_MW, rel=1e-6)
    assert _mw(plan)[MODULAR] == pytest.approx(0, abs=1e-6)
    assert _price(plan) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("of", [0.999, 0.7, 0.4, 0.251])
def test_with_hours_scarce_modular_wins_though_dearer(of: float) -> None:
    """Below, x MW of modular save what is missing: 15,000 x = W x 20,000 - hours there."""
    hours = of * IT_MW * STICK_H
    plan = _plan(hours)
    modular = (IT_MW * STICK_H - hours) / (STICK_H - MODULAR_H)

    assert _mw(plan)[MODULAR] == pytest.approx(modular, rel=1e-5)
    assert _mw(plan)[STICK] == pytest.approx(IT_MW - modular, rel=1e-5)
    assert _price(plan) == pytest.approx(HOUR_USD, rel=1e-5)


def test_the_engine_by_cuts_finds_the_same_crews() -> None:
    """A fifth of the local hours may travel; both engines see the same rows and the same money."""
    hours = 0.5 * IT_MW * STICK_H
    by_cuts = {"solver": {"engine": "decomposed", "gap": 1e-6, "cold": True}}
    whole = _plan(hours, most_travelling_share=0.2)
    found = _plan(hours, by_cuts, most_travelling_share=0.2)

    assert found.outcome.objective_kusd == pytest.approx(whole.outcome.objective_kusd, rel=1e-5)
    assert _mw(found)[MODULAR] == pytest.approx(_mw(whole)[MODULAR], rel=1e-3)


def test_what_scarcity_costs_is_the_hours_at_their_price() -> None:
    """Half the hours cost 134,020 h x 3.333 USD more than plenty of them."""
    missing = 0.5 * IT_MW * STICK_H
    scarce, plenty = _plan(missing), _plan(1e9)
    more = 1000 * (scarce.outcome.objective_kusd - plenty.outcome.objective_kusd)

    assert more == pytest.approx(missing * HOUR_USD, rel=1e-4)


def test_without_hours_for_the_modules_nothing_can_be_served() -> None:
    """All modular takes W x 5,000 h; less than that cannot serve what has to be served."""
    with pytest.raises(InfeasibleError, match=r"supply.labour: craft hours of TX in 2028"):
        _plan(0.99 * IT_MW * MODULAR_H)


def test_crews_that_travel_come_at_their_premium() -> None:
    """135 USD / 10 h + 12 USD = 25.5 USD/h, 1.275 a year: less than the 3.333 of modules.

    So all is stick-built, the 134,020 h that are missing travel, and an hour of a local crew is
    worth what it saves, the premium.
    """
    missing = 0.5 * IT_MW * STICK_H
    plan = _plan(missing, most_travelling_share=2.0)
    supply = plan.tables["supply"].set_index("name")
    costs = plan.tables["costs"].set_index("item")["usd"]

    assert _mw(plan)[STICK] == pytest.approx(IT_MW, rel=1e-6)
    assert supply.loc["local crews TX", "used"] == pytest.approx(missing, rel=1e-6)
    assert supply.loc["travelling crews TX", "used"] == pytest.approx(missing, rel=1e-6)
    assert costs["travelling_crews"] == pytest.approx(missing * 25.5 / 20, rel=1e-6)
    assert _price(plan) == pytest.approx(25.5 / 20, rel=1e-5)


@pytest.mark.parametrize(("premium", "wins"), [(66.0, STICK), (67.0, MODULAR)])
def test_the_switch_to_modules_is_where_paper_says(premium: float, wins: str) -> None:
    """Crews at p USD/h cost p/20 a year: as much as modules save at p = 20 x 3.333 = 66.67."""
    hours = IT_MW * MODULAR_H * 1.0001
    plan = _plan(
        hours,
        most_travelling_share=10.0,
        per_diem_usd_per_day=0.0,
        wage_premium_usd_per_h=premium,
    )

    assert _mw(plan)[wins] == pytest.approx(IT_MW, rel=1e-3)


def test_when_few_can_travel_modules_do_the_rest() -> None:
    """A fifth more than the local hours at most: the price is again that of the modules.

    An hour that may travel is worth 3.333 - 1.275 USD.
    """
    hours = 0.5 * IT_MW * STICK_H
    plan = _plan(hours, most_travelling_share=0.2)
    modular = (IT_MW * STICK_H - 1.2 * hours) / (STICK_H - MODULAR_H)

    assert _mw(plan)[MODULAR] == pytest.approx(modular, rel=1e-5)
    # One local hour lets a fifth of an hour travel; that is the price of the other row.
    assert _price(plan) == pytest.approx(HOUR_USD, rel=1e-5)
    assert _price(plan, "travelling crews TX") == pytest.approx(HOUR_USD - 25.5 / 20, rel=1e-5)


def test_hours_fall_as_crews_learn() -> None:
    """10 % a year from 2026 to 2028: 0.81 of 20,000 h/MW; so 0.811 of the hours are plenty."""
    plan = _plan(0.811 * IT_MW * STICK_H, craft_learning_per_year=0.1)
    used = plan.tables["supply"].set_index("name").loc["local crews TX", "used"]

    assert _mw(plan)[STICK] == pytest.approx(IT_MW, rel=1e-6)
    assert used == pytest.approx(0.81 * IT_MW * STICK_H, rel=1e-6)


def test_racks_take_hours_of_the_same_crews() -> None:
    """64 h for each of 101.53 racks, beside the blocks."""
    plan = _plan(1e9, rack_install_h={"gb200_nvl72": 64.0})
    used = plan.tables["supply"].set_index("name").loc["local crews TX", "used"]

    assert used == pytest.approx(IT_MW * STICK_H + IT_MW / 0.132 * 64, rel=1e-6)


def test_sites_of_a_state_share_its_crews() -> None:
    """Two sites in Texas have the hours once: what both take is one row."""
    two = {"sites": {"include": ["abilene_tx", "amarillo_tx"]}}
    plan = _plan(0.5 * IT_MW * STICK_H, two)
    modular = 0.5 * IT_MW * STICK_H / (STICK_H - MODULAR_H)

    assert _mw(plan)[MODULAR] == pytest.approx(modular, rel=1e-5)


def test_a_site_may_draw_on_crews_of_its_own_region() -> None:
    """With a region of its own, Amarillo has what Texas lacks."""
    two = {"sites": {"include": ["abilene_tx", "amarillo_tx"]}}
    hours = {"TX": 0.0, "panhandle": 2 * IT_MW * STICK_H}
    plan = _plan(0.0, two, craft_h_per_year=hours, regions={"amarillo_tx": "panhandle"})

    assert _mw(plan)[STICK] == pytest.approx(IT_MW, rel=1e-6)
    assert set(plan.tables["builds"]["site"]) == {"amarillo_tx"}


def test_the_catalog_has_the_hours_of_a_state_and_they_grow() -> None:
    """Texas: 32.4 million hours in 2026, 3 % a year more, half of it this buyer's."""
    scenario = hand_scenario(supply={"labour": {}, "buyer_share": {"labour_market": 0.5}})
    labour = hand_case(scenario).labour

    assert labour is not None
    assert labour.local_h["TX"] == pytest.approx([0.5 * 32.4e6 * 1.03**2])


def test_a_region_without_hours_is_refused() -> None:
    with pytest.raises(ValueError, match="region without craft hours"):
        _scenario(1e6, regions={"abilene_tx": "panhandle"})
    with pytest.raises(ScenarioError, match="without craft hours"):
        hand_case(_scenario(1e6, regions={"abilene_tx": "ZZ"}))


def test_hours_are_counted_in_one_way() -> None:
    with pytest.raises(ValueError, match="has no meaning beside"):
        hand_scenario(supply={"labour": {}, "craft_hours_per_site_year": 1e6})
