"""Firm and flexible connections are told apart, and what belongs to them is counted with them."""

import pandas as pd

from planner.report.figures.costs import PLANT, power_cost_parts
from planner.report.labels import limit_label, sources_of

CAPACITY = pd.DataFrame(
    [("power", "grid", "firm_grid", "", 300.0), ("power", "grid", "flexible_grid", "", 500.0)],
    columns=["family", "kind", "component", "technology", "mw"],
)


def test_each_connection_has_its_own_name_and_shade() -> None:
    found = sources_of(CAPACITY)

    assert set(found.kinds.values()) == {"grid"}
    assert found.colours["Firm grid"] != found.colours["Flexible grid"]


def test_network_upgrades_are_part_of_the_connection() -> None:
    costs = pd.DataFrame(
        [
            ("2028", "power", "flexible_grid", "capital", 5.0),
            ("2028", "power", "network_upgrades", "capital", 7.0),
        ],
        columns=["period", "family", "component", "item", "usd"],
    )
    found = power_cost_parts(costs, CAPACITY).set_index("series")["usd"]

    assert found.to_dict() == {PLANT["grid"]: 12.0}


def test_a_limit_of_a_site_says_where() -> None:
    said = limit_label("grid site", "grid connections", "a", {"a": "Abilene, TX"})

    assert said == "Grid connections at Abilene, TX"
