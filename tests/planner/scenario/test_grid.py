"""Section ``grid``: what contradicts itself is told at its key."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from planner.errors import Problem
from planner.scenario import Scenario

Refuse = Callable[..., tuple[Problem, ...]]


def test_steps_that_rise_are_taken() -> None:
    steps = [{"to_mw": 300, "usd_per_kw": 0}, {"to_mw": 600, "usd_per_kw": 80}, {"usd_per_kw": 80}]
    grid = Scenario.model_validate({"title": "x", "grid": {"upgrades": steps}}).grid

    assert [step.usd_per_kw for step in grid.upgrades] == [0, 80, 80]
    assert grid.upgrades[-1].to_mw is None


@pytest.mark.parametrize("where", ["upgrades: ", "site_upgrades: {abilene_tx: "])
@pytest.mark.parametrize(
    ("steps", "key", "what"),
    [
        (
            "[{to_mw: 300, usd_per_kw: 90}, {usd_per_kw: 40}]",
            "[1].usd_per_kw",
            "costs less than the step before, 90 USD/kW, so that a plan would take it first",
        ),
        (
            "[{to_mw: 300, usd_per_kw: 40}, {to_mw: 300, usd_per_kw: 90}]",
            "[1].to_mw",
            "must reach further than the step before, 300 MW",
        ),
        (
            "[{usd_per_kw: 40}, {to_mw: 300, usd_per_kw: 90}]",
            "[0]",
            "has no end, and a step follows",
        ),
    ],
)
def test_steps_that_cannot_be_planned_are_refused(
    refuse: Refuse, where: str, steps: str, key: str, what: str
) -> None:
    end = "}" if "{" in where else ""
    (problem,) = refuse(f"title: x\ngrid:\n  {where}{steps}{end}\n")

    assert problem.what == what
    assert problem.key.endswith(key)
    assert problem.line == 3


def test_a_site_has_one_price(refuse: Refuse, write: Callable[..., object]) -> None:
    write("usd_per_mwh\n", "prices.csv")
    text = (
        "title: x\ngrid:\n  price_usd_per_mwh: {abilene_tx: 40}\n"
        "  price_files: {abilene_tx: prices.csv}\n"
    )
    (problem,) = refuse(text)

    assert problem.what == "has a mean price and a file of prices"
    assert problem.key == "grid.price_usd_per_mwh.abilene_tx"


def test_a_file_of_prices_has_to_be_there(refuse: Refuse) -> None:
    (problem,) = refuse("title: x\ngrid: {price_files: {abilene_tx: nowhere.csv}}\n")

    assert problem.what == "names no file"


def test_a_demand_charge_that_nobody_pays_is_refused(refuse: Refuse) -> None:
    change = "power: {change: {firm_grid: {demand_charge_usd_per_kw_month: 12}}}\n"
    (problem,) = refuse(f"title: x\n{change}")

    assert "is not paid under grid.tariff: all_in" in problem.what
    assert Scenario.model_validate(
        {
            "title": "x",
            "power": {"change": {"firm_grid": {"demand_charge_usd_per_kw_month": 12}}},
            "grid": {"tariff": "energy_and_demand"},
        }
    )


@pytest.mark.parametrize(
    "key", ["flexible_wait_months: {abilene: 3}", "site_limit_mw: {abilene: 3}"]
)
def test_sites_are_known_by_name(refuse: Refuse, key: str) -> None:
    from planner.known import known
    from sites.table import builtin_sites

    (problem,) = refuse(f"title: x\ngrid: {{{key}}}\n", known=known(builtin_sites()))

    assert problem.what == "is no site that is known"
    assert "abilene_tx" in problem.try_


def test_an_energy_price_that_the_tariff_leaves_unused_is_refused() -> None:
    with pytest.raises(ValidationError, match="not used with the tariff all_in"):
        Scenario(title="x", grid={"energy_usd_per_mwh": 41})
