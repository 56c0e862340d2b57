"""What a buyer can get of the ingredients of racks, worked out by hand."""

import numpy as np
import pytest

from components.base import Periods
from components.catalog.loader import load_family
from components.compute.chips import ChipSupply
from planner.chips import buyer_supply, ingredients_in, made_for
from planner.gather import make_periods
from planner.scenario import ByYear, Scenario
from tests.planner.hand import hand_scenario

WAFERS = ByYear.of({2027: 1200.0, 2028: 2400.0, 2029: 3600.0})


def periods(start: str, count: int, step: str = "year", orders_from: str | None = None) -> Periods:
    horizon = {"start": start, "periods": count, "step": step, "orders_from": orders_from}
    return make_periods(hand_scenario(horizon=horizon))


def test_racks_of_a_year_are_made_of_what_was_made_before() -> None:
    """2028 and 2029, five months earlier: 5 x 100 + 7 x 200, then 5 x 200 + 7 x 300."""
    both = periods("2028-01", 2, orders_from="2027-01")

    assert made_for(WAFERS, both, 5.0).tolist() == pytest.approx([1900, 3100])


def test_when_orders_begin_does_not_matter() -> None:
    """Shares are held for the buyer: 2028 has 5 months of 2027 and 7 of 2028 in any case."""
    for month in ("2028-01", "2027-11", "2026-01"):
        of_years = made_for(WAFERS, periods("2028-01", 2, orders_from=month), 5.0)

        assert of_years.tolist() == pytest.approx([1900, 3100])


def test_quarters_shorter_than_the_lead_take_what_was_made_the_year_before() -> None:
    """Quarters of 2028: from -5 to -2 months, -2 to 1, 1 to 4 and 4 to 7."""
    quarters = periods("2028-01", 4, "quarter")

    assert made_for(WAFERS, quarters, 5.0).tolist() == pytest.approx([300, 400, 600, 600])


def test_shifted_periods_leave_out_nothing_and_count_nothing_twice() -> None:
    """Two years by quarters, half years and years add up to the same, 2.5 months before."""
    found = [
        made_for(WAFERS, periods("2028-01", n, step, "2027-01"), 2.5).sum()
        for n, step in ((8, "quarter"), (4, "half_year"), (2, "year"))
    ]

    assert found == pytest.approx([2.5 * 100 + 12 * 200 + 9.5 * 300] * 3)


def test_years_without_a_figure_take_the_nearest() -> None:
    """2026 as 2027, a year before the racks of 2027; 2029 and 2030 as 2028."""
    four = periods("2027-01", 4, orders_from="2026-01")
    two_years = ByYear.of({2027: 1200.0, 2028: 2400.0})

    assert made_for(WAFERS, four, 12.0).tolist() == pytest.approx([1200, 1200, 2400, 3600])
    assert made_for(two_years, four, 0.0).tolist() == pytest.approx([1200, 2400, 2400, 2400])


HBM4 = ChipSupply.model_validate(
    {
        "unit": "stacks",
        "moves_with": "memory",
        "lead_months": 0,
        "usable_share": 0.9,
        "units_per_year": {2028: 1000},
        "low_units_per_year": {2028: 600},
        "high_units_per_year": {2028: 1500},
    }
)


def of_hbm4(**supply: object) -> float:
    scenario = hand_scenario(supply=supply)
    return float(buyer_supply(scenario, make_periods(scenario), {"hbm4": HBM4})["hbm4"][0])


@pytest.mark.parametrize(
    ("supply", "stacks"),
    [
        ({}, 900),
        ({"chip_outlook": "low"}, 540),
        ({"chip_outlook": "low", "chip_outlook_of": {"tsmc": "high"}}, 540),
        ({"chip_outlook": "low", "chip_outlook_of": {"memory": "high"}}, 1350),
        ({"chip_outlook_of": {"memory": "high", "hbm4": "low"}}, 540),
        ({"buyer_share": {"hbm4": 0.1}}, 90),
        ({"buyer_share": {"chip_supply": 0.2}}, 180),
        ({"buyer_share": {"chip_supply": 0.2, "hbm4": 0.1}}, 90),
        ({"chips": {"hbm4": 500.0}, "chip_outlook": "low"}, 500),
        ({"chips": {"hbm4": 500.0}, "buyer_share": {"hbm4": 0.5}}, 250),
    ],
)
def test_shares_and_outlooks_of_nine_tenths_of_a_thousand(
    supply: dict[str, object], stacks: float
) -> None:
    assert of_hbm4(**supply) == pytest.approx(stacks)


def test_only_what_racks_in_use_are_made_of_is_limited() -> None:
    racks = load_family("rack")
    blackwell = [racks["gb300_nvl72"].parameters]
    lpx = [racks["lpx_groq3"].parameters]

    assert set(ingredients_in(blackwell)) == {
        "n4", "cowos", "hbm3e", "lpddr", "nand", "nvl72_racks",
    }  # fmt: skip
    assert set(ingredients_in(lpx)) == {"sf4", "lpddr", "lpx_racks"}
    assert ingredients_in([object()]) == {}


def test_the_catalog_s_wafers_for_racks_of_2028() -> None:
    """CoWoS, three months before: a quarter of 1.75 million, three of 2.25; 5 % of it is lost."""
    scenario = Scenario.model_validate(
        {
            "title": "x",
            "horizon": {"start": "2028-01", "periods": 1, "orders_from": "2026-01"},
            "supply": {"buyer_share": {"cowos": 0.1}},
        }
    )
    drawn = ingredients_in([load_family("rack")["vr200_nvl72"].parameters])

    found = buyer_supply(scenario, make_periods(scenario), drawn)["cowos"]

    assert found == pytest.approx(np.array([0.1 * 0.95 * (0.25 * 1.75e6 + 0.75 * 2.25e6)]))
