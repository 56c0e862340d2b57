"""Dispatch classes: who is with whom, what a MW is worth, and how output is shared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.loader import load_family
from components.power.battery import Battery
from components.power.dispatch_class import dispatch_classes, shares_by_merit
from components.power.dispatchable import availability
from components.power.gas import Gas
from components.power.plant import in_order


def engine(**changes: object) -> Gas:
    base = load_family("gas")["wartsila_18v50sg"].parameters
    return Gas.model_validate(base.model_dump() | changes)


def test_heat_rates_within_three_percent_are_one_class_and_further_ones_are_not() -> None:
    products = {
        "a": engine(heat_rate_mmbtu_per_mwh=8.0),
        "b": engine(heat_rate_mmbtu_per_mwh=8.24),
        "c": engine(heat_rate_mmbtu_per_mwh=8.25),
    }

    found = dispatch_classes(products)

    assert [set(one.members) for one in found.values()] == [{"a", "b"}, {"c"}]
    first = next(iter(found.values()))
    assert first.figures.heat_rate_mmbtu_per_mwh == pytest.approx(8.12)
    assert next(iter(found)) == f"MSR-{8.12 * 1.03:.3f}"


@pytest.mark.parametrize(
    "other",
    [
        {"derate_per_c": 0.001},
        {"derate_per_km": 0.5},
        {"minimum_load_share": 0.9},
        {"technology": "HSR"},
        {"co2_t_per_mmbtu": 0.01},
    ],
)
def test_what_moves_otherwise_with_the_hour_is_a_class_of_its_own(other: dict[str, object]) -> None:
    found = dispatch_classes({"a": engine(), "b": engine(**other)})

    assert [one.is_single for one in found.values()] == [True, True]


def test_classes_of_one_technology_and_heat_rate_are_told_apart() -> None:
    products = {n: engine(derate_per_km=0.02 if n in "ab" else 0.03) for n in "abcd"}

    found = dispatch_classes(products)

    assert [sorted(one.members) for one in found.values()] == [["a", "b"], ["c", "d"]]
    assert [name.partition(" ")[2] for name in found] == ["", "(2)"]


def test_without_tolerance_only_equals_are_one_class() -> None:
    products = {"a": engine(), "b": engine(heat_rate_mmbtu_per_mwh=7.54), "c": engine()}

    found = dispatch_classes(products, 0.0)

    assert sorted(map(sorted, (one.members for one in found.values()))) == [["a", "c"], ["b"]]


def test_products_that_are_not_dispatched_at_will_keep_their_names() -> None:
    battery = load_family("battery")["li_ion_4h"].parameters
    assert isinstance(battery, Battery)

    found = dispatch_classes({"one": battery, "two": battery})

    assert {name: dict(one.members) for name, one in found.items()} == {
        "one": {"one": 1.0},
        "two": {"two": 1.0},
    }


def test_a_mw_of_a_class_gives_what_its_products_give() -> None:
    """9 % of outages against 4 %: 0.91 / 0.96 of a MW of the class."""
    products = {"a": engine(), "b": engine(forced_outage_share=0.09, variable_om_usd_per_mwh=9.0)}

    (one,) = dispatch_classes(products).values()

    assert one.members["a"] == 1.0
    assert one.members["b"] == pytest.approx(0.91 / 0.96)
    assert one.figures.variable_om_usd_per_mwh == pytest.approx((6 + 9) / 2)
    heat = np.array([0.0, 20.0, 40.0])
    of_class = one.members["b"] * availability(one.figures, heat, 500.0)
    np.testing.assert_allclose(of_class, availability(products["b"], heat, 500.0), rtol=1e-12)
    assert in_order(products["b"]) < in_order(products["a"])


def test_the_cheapest_product_runs_first() -> None:
    found = shares_by_merit(
        np.array([0.0, 30.0, 80.0, 100.0]),
        {"dear": np.full(4, 50.0), "cheap": np.full(4, 60.0)},
        {"dear": 40.0, "cheap": 30.0},
    )

    np.testing.assert_allclose(found["cheap"], [0, 30, 60, 60])
    np.testing.assert_allclose(found["dear"], [0, 0, 20, 40])


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=5),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
)
def test_outputs_add_up_and_stay_within_what_is_able(
    able: list[float], wanted: list[float]
) -> None:
    each = {str(i): np.full(3, mw) for i, mw in enumerate(able)}
    output = sum(able) * np.array(wanted)

    found = shares_by_merit(output, each, {name: float(name) for name in each})

    np.testing.assert_allclose(sum(found.values()), output, atol=1e-9)
    for name, mw in found.items():
        assert (mw >= -1e-9).all()
        assert (mw <= each[name] + 1e-9).all()
