"""Moratoria by site, state and grid area, and by date: what is open stays open."""

from typing import Any

import pytest

from planner.run import plan_case
from tests.planner.hand import hand_case, hand_scenario

TEXAS, VIRGINIA = "abilene_tx", "ashburn_va"
MANY = 8.0e11
"""Tokens a day that both sites are wanted for."""


def opened(
    moratoria: dict[str, str], tokens: float | dict[int, float] = MANY, works_months: float = 0
) -> dict[str, Any]:
    """In which of 2028 and 2029 each site is open, where a site holds half of what is asked."""
    chat = {"tokens_per_day": tokens, "value_usd_per_mtok": 40.0, "peak_to_mean": 1.3}
    works = {"greenfield": {"lead_months": works_months}, "vertiv_onecore": {"lead_months": 0}}
    scenario = hand_scenario(
        horizon={"start": "2028-01", "periods": 2, "hours": "weeks", "weeks": 1},
        demand={"workloads": {"chat": chat}},
        sites={"include": [TEXAS, VIRGINIA], "limit_it_mw": 6.5},
        blocks={"change": works},
        policy={"moratoria": moratoria},
        solver={"gap": 1e-4},
    )
    sites = plan_case(hand_case(scenario)).tables["sites"]
    return {site: rows.loc[rows["open"], "period"].tolist() for site, rows in sites.groupby("site")}


BOTH = ["2028", "2029"]


def test_without_a_moratorium_both_open() -> None:
    assert opened({}) == {TEXAS: BOTH, VIRGINIA: BOTH}


@pytest.mark.parametrize("region", [TEXAS, "TX", "ERCO-WEST"])
def test_a_site_a_state_and_a_grid_area_can_be_closed(region: str) -> None:
    assert opened({region: "2028-01"}) == {TEXAS: [], VIRGINIA: BOTH}


@pytest.mark.parametrize("region", ["NY", "PJM-AEP", "pecos_tx"])
def test_a_moratorium_elsewhere_closes_nothing(region: str) -> None:
    assert opened({region: "2026-01"}) == {TEXAS: BOTH, VIRGINIA: BOTH}


def test_what_is_open_before_the_month_stays() -> None:
    assert opened({"TX": "2029-01"}) == {TEXAS: BOTH, VIRGINIA: BOTH}


def test_a_site_opens_early_where_it_could_not_later() -> None:
    """Nearly all tokens come in 2029, and both states close with it."""
    growing = {2028: 1e6, 2029: MANY}
    months = {"TX": "2029-01", "VA": "2029-01"}

    assert opened({}, growing) == {TEXAS: ["2029"], VIRGINIA: ["2029"]}
    assert opened(months, growing) == {TEXAS: BOTH, VIRGINIA: BOTH}


@pytest.mark.parametrize(
    ("month", "found"), [("2028-12", []), ("2029-01", []), ("2029-02", ["2029"])]
)
def test_no_site_opens_in_a_period_that_starts_in_the_month_or_later(
    month: str, found: list[str]
) -> None:
    """Works of a year let a site open in January 2029 at the earliest."""
    closed = opened({"TX": month}, works_months=12)

    assert closed == {TEXAS: found, VIRGINIA: ["2029"]}


def test_of_several_the_earliest_holds() -> None:
    moratoria = {"TX": "2030-01", "ERCO-WEST": "2028-01"}

    assert opened(moratoria)[TEXAS] == []
