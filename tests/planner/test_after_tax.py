"""Income tax and domestic content in a whole plan, against charges worked out on paper."""

import pytest

from components.finance import annuity
from planner.plan.plan import Plan
from planner.run import plan_case
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

TAXED = {
    "debt_share": 0.6,
    "debt_rate": 0.08,
    "equity_rate": 0.12,
    "tax_rate": 0.25,
    "bonus_depreciation": 0.0,
    "inflation": 0.02,
}
"""Nominal, after tax: 0.6 x 8 % x 0.75 + 0.4 x 12 % = 8.4 %; real 1.084 / 1.02 - 1 = 6.2745 %."""

WORTH = {5: 0.803465, 15: 0.566267, 39: 0.279858}
"""Worth of a dollar of depreciation at 8.4 %, from the tables of IRS Publication 946.

150 % declining balance, by rule and unrounded, gives 0.56626 for 15 years; see `test_taxes`.
"""


def plan_with(**finance: object) -> Plan:
    """Engines for 1e7 tokens/s, as in `test_hand`."""
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 40.0, "peak_to_mean": 1.3}
    money = {"cost_of_capital": 0.08} | finance
    return plan_case(hand_case(hand_scenario(demand={"workloads": {"chat": chat}}, finance=money)))


def charge(life_years: float, recovery_years: int, depreciable_share: float = 1.0) -> float:
    """CRF(6.2745 %, life) x (1 - 0.25 worth) / 0.75."""
    saved = 0.25 * depreciable_share * WORTH[recovery_years]
    return annuity(0.0627451, life_years) * (1 - saved) / 0.75


def test_capital_after_tax_is_what_paper_says() -> None:
    """Engines over 15 years of depreciation, racks over 5, blocks over 39, land over none."""
    plan = plan_with(after_tax=TAXED)
    costs = plan.tables["costs"]
    capital = costs[costs["item"] == "capital"].groupby("component")["usd"].sum()
    builds = plan.tables["builds"].set_index("component")
    case = plan.formulation.case
    kw = {
        name: 1000 * product.figures.unit_mw * builds.loc[name, "units"]
        for name, product in (*case.power.items(), *case.racks.items(), *case.blocks.items())
    }
    engine = case.power["wartsila_18v50sg"].figures
    rack = case.racks["gb200_nvl72"].figures
    hall = case.blocks["vertiv_onecore"].figures
    hall_usd_per_kw = hall.capex_usd_per_kw + case.cooling["liquid_dry"].capex_usd_per_kw
    works = case.works
    site_usd = works.works_usd + works.land_acres * 10_000
    expected = {
        "wartsila_18v50sg": 1700 * charge(engine.life_years, 15),
        "gb200_nvl72": rack.capex_usd_per_kw * charge(rack.life_years, 5),
        "vertiv_onecore": hall_usd_per_kw * charge(hall.life_years, 39),
    }

    for name, usd_per_kw in expected.items():
        assert capital[name] == pytest.approx(kw[name] * usd_per_kw, rel=1e-5), name
    assert capital["site_works"] == pytest.approx(
        site_usd * charge(works.life_years, 15, works.works_usd / site_usd), rel=1e-5
    )
    assert plan.outcome.objective_kusd == pytest.approx(costs["usd"].sum() / 1000)


def test_untaxed_owners_are_an_annuity() -> None:
    """Owners alone at 8 %, no tax and no inflation: the plan at a cost of capital of 8 %."""
    owners = {"debt_share": 0.0, "equity_rate": 0.08, "tax_rate": 0.0, "inflation": 0.0}

    taxed = plan_with(after_tax=owners)
    plain = plan_with(cost_of_capital=0.08)

    assert taxed.outcome.objective_kusd == pytest.approx(plain.outcome.objective_kusd)


def test_bonus_depreciation_makes_a_plan_cheaper() -> None:
    at_once = plan_with(after_tax=TAXED | {"bonus_depreciation": 1.0})
    by_table = plan_with(after_tax=TAXED)

    assert at_once.outcome.objective_kusd < by_table.outcome.objective_kusd


def test_domestic_content_is_dearer_and_has_more_credit() -> None:
    """Ten points more credit for solar and batteries, at the premium of the catalog."""
    names = ["pv_tracker", "li_ion_4h", "wartsila_18v50sg"]
    use = {"power": {"use": names, "change": dict.fromkeys(names, AT_ONCE)}}
    plain = hand_case(hand_scenario(**use)).power
    made_here = hand_case(hand_scenario(**use, finance={"domestic_content": True})).power

    for name in ("pv_tracker", "li_ion_4h"):
        was, now = plain[name].figures, made_here[name].figures
        dearer = 1 + was.domestic_content_premium
        assert dearer > 1
        assert now.credit_share == pytest.approx(0.4)
        assert now.capex_usd_per_kw == pytest.approx(dearer * was.capex_usd_per_kw)
        assert now.capex_2030_usd_per_kw == pytest.approx(dearer * was.capex_2030_usd_per_kw)
        assert now.net_of_credit(2027) == pytest.approx(0.6)
    assert made_here["wartsila_18v50sg"].figures == plain["wartsila_18v50sg"].figures
