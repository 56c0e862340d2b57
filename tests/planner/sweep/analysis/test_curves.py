"""The price of a target, what theory says of the cost, and the front: hand-made, with answers."""

from typing import Any

import pandas as pd
import pytest

from planner.sweep.analysis.front import epsilon_constraint, front, limited
from planner.sweep.analysis.monotone import crossings
from planner.sweep.analysis.prices import target_prices
from planner.sweep.analysis.sensitivity import AnalysisError
from planner.sweep.analysis.studied import PeriodFacts
from tests.planner.sweep.analysis.made import asked, studied

US_MWH = 4e9
SHARES = {"share": {"key": "grid.share_limit.2028", "values": [0.06, 0.07, 0.08, 0.09]}}
STEEP = 20.0
"""USD saved by a MWh of grid energy below 8 %, in dollars of the period; half of it discounted."""


def convex(share: float, price_factor: float = 1.0) -> dict[str, Any]:
    short = max(0.08 - share, 0.0)
    price = 1000 * STEEP * (share < 0.08) * price_factor
    return {
        "objective_usd": 1e10 + 0.5 * STEEP * US_MWH * short,
        "bound_usd": 1e10 + 0.5 * STEEP * US_MWH * short - 1e5,
        "grid_share_limit.2028": share,
        "price.grid_share.2028": price,
    }


def test_the_price_of_the_target_is_the_slope_of_the_cost() -> None:
    (found,) = target_prices(studied(asked(SHARES), convex, US_MWH))

    assert list(found.points["usd_per_mwh"]) == [20, 20, 0, 0]
    # A point of 4e9 MWh is 4e7 MWh: 20 USD each, a half of it in present value.
    assert list(found.points["usd_per_point"]) == pytest.approx([4e8, 4e8, 0, 0])
    assert list(found.steps["slope"]) == pytest.approx([4e8, 4e8, 0])
    assert list(found.points["binds"]) == [True, True, False, False]
    assert found.steps["agrees"].all()


def test_a_price_that_is_not_the_slope_is_told() -> None:
    made = studied(asked(SHARES), lambda share: convex(share, price_factor=0.9), US_MWH)
    (found,) = target_prices(made)

    assert list(found.steps["agrees"]) == [False, False, True]


def test_gaps_leave_a_slope_open() -> None:
    def loose(share: float) -> dict[str, Any]:
        found = convex(share, price_factor=0.9)
        return found | {"bound_usd": found["objective_usd"] - 5e7}

    (found,) = target_prices(studied(asked(SHARES), loose, US_MWH))

    assert list(found.steps["uncertain"]) == pytest.approx([1e8] * 3)
    assert found.steps["agrees"].all()


def test_an_axis_that_moves_more_than_the_target_has_no_price() -> None:
    keys = {"keys": ["grid.share_limit.2028", "power.gas_usd_per_mmbtu"]}
    made = studied(asked({"share": keys | {"values": [[0.06, 1], [0.08, 2]]}}),
                   lambda share: convex(share[0]))  # fmt: skip

    assert target_prices(made) == []


def costs(*usd: float, gap: float = 0.0) -> Any:
    by_share = dict(zip(SHARES["share"]["values"], usd, strict=True))
    return lambda share: {
        "objective_usd": by_share[share],
        "bound_usd": (1 - gap) * by_share[share],
    }


def test_a_relaxed_limit_never_costs_more() -> None:
    assert crossings(studied(asked(SHARES), costs(4.0, 3.0, 2.0, 2.0))) == []
    (found,) = crossings(studied(asked(SHARES), costs(4.0, 3.0, 3.1, 2.0, gap=0.0)))
    assert (found.cheap, found.dear, found.proven) == (2, 1, True)
    assert found.usd == pytest.approx(0.1)
    (open_,) = crossings(studied(asked(SHARES), costs(4.0, 3.0, 3.1, 2.0, gap=0.05)))
    assert not open_.proven


def test_a_price_that_rises_never_costs_less_and_of_others_theory_is_silent() -> None:
    gas = {"gas": {"key": "power.gas_usd_per_mmbtu", "values": [2, 4]}}
    rate = {"rate": {"key": "finance.discount_rate", "values": [0.05, 0.08]}}

    def falling(**at: float) -> dict[str, float]:
        return {"objective_usd": 10 - 0.1 * next(iter(at.values()))}

    (found,) = crossings(studied(asked(gas), falling))
    assert (found.cheap, found.dear) == (0, 1)
    assert crossings(studied(asked(rate), falling)) == []


def test_lines_of_other_axes_are_not_compared_with_each_other() -> None:
    axes = SHARES | {"gas": {"key": "power.gas_usd_per_mmbtu", "values": [2, 4]}}

    def cost(share: float, gas: float) -> dict[str, float]:
        return {"objective_usd": 1000 * gas - share, "bound_usd": 1000 * gas - share}

    assert crossings(studied(asked(axes), cost)) == []


def test_the_front_is_what_no_point_beats() -> None:
    table = pd.DataFrame(
        {
            "co2_t": [1.0, 2.0, 2.0, 3.0, 4.0, 5.0, None],
            "objective_usd": [9.0, 7.0, 8.0, 7.0, 5.0, 6.0, 1.0],
            "name": list("abcdefg"),
        }
    )

    assert list(front(table, "co2_t")["name"]) == ["a", "b", "e"]


FACTS = {"2028": PeriodFacts(0.9, 4e9), "2029H1": PeriodFacts(0.8, 2e9, 0.5)}


def test_limits_of_a_front_go_evenly_from_what_is_free_to_what_is_least() -> None:
    asked_for: list[float | None] = []

    def evaluate(limit: float | None) -> dict[str, Any]:
        asked_for.append(limit)
        return {"status": "solved", "grid_share.2028": 0.05, "grid_mwh.2028": 4e7}

    points = epsilon_constraint(evaluate, limited("grid_share.2028", FACTS), 3)

    assert len(points) == 3
    assert asked_for[0] is None
    # Other data centres take 5 % less 4e7 of 4e9 MWh: 4 %.
    assert asked_for[1:] == pytest.approx([0.045, 0.04])


def test_what_limits_a_figure_is_found_by_its_name_and_period() -> None:
    free = {"co2_t.2028": 10.0, "co2_t.2029H1": 8.0}
    half = limited("co2_t.2029H1", FACTS)

    assert half.key == "policy.co2_limit_t.2029"
    assert half.most(free) == 16  # the cap is per year
    assert limited("co2_t", FACTS).most(free) == 16
    assert limited("co2_t", FACTS).key == "policy.co2_limit_t"
    for figure in ("mw.gas", "co2_t.2031", "grid_share"):
        with pytest.raises(AnalysisError, match=r"nothing limits .*, try co2_t, co2_t\.2028"):
            limited(figure, FACTS)


def test_a_front_without_a_first_plan_says_why() -> None:
    def evaluate(_: float | None) -> dict[str, Any]:
        return {"status": "infeasible", "reason": "nothing may open"}

    with pytest.raises(AnalysisError, match="nothing may open"):
        epsilon_constraint(evaluate, limited("co2_t", FACTS), 3)
