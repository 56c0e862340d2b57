"""Costs at the busbar and flows of gas against figures worked out on paper."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.finance import annuity
from components.power import busbar
from components.power.busbar import busbar_usd_per_mwh, gas_mmcf_per_day

CLASSES = {
    "H-class CC": (2500, 20, 2.5, 6.3),
    "frame SC": (1400, 12, 1.5, 9.0),
    "aero": (1700, 20, 5, 9.6),
    "industrial GT": (1600, 20, 5, 10.2),
    "medium-speed engine": (1700, 18, 6, 7.6),
    "high-speed engine": (1450, 15, 12, 8.6),
    "SOFC": (3900, 0, 26, 6.9),
}
"""Middle of each class: capital, fixed and variable cost, heat rate."""

TABLE = {
    1.5: (48.8, 35.8, 45.3, 44.9, 43.1, 46.7, 89.7),
    3.5: (61.4, 53.8, 64.5, 65.3, 58.3, 63.9, 103.5),
    5.0: (70.9, 67.3, 78.9, 80.6, 69.7, 76.8, 113.8),
    7.0: (83.5, 85.3, 98.1, 101.0, 84.9, 94.0, 127.6),
}
"""Price of gas to the cost of each class at 8 %, 20 years and a capacity factor of 0.85."""

CELLS = [
    (name, gas, usd) for gas, row in TABLE.items() for name, usd in zip(CLASSES, row, strict=True)
]


def cost(name: str, gas: float, capacity_factor: float = 0.85) -> float:
    return busbar_usd_per_mwh(
        *CLASSES[name],
        gas,
        capital_recovery=annuity(0.08, 20),
        capacity_factor=capacity_factor,
    )


def test_examples_run() -> None:
    found = doctest.testmod(busbar)

    assert found.attempted >= 4
    assert found.failed == 0


@pytest.mark.parametrize(("name", "gas", "usd"), CELLS)
def test_every_class_at_every_price(name: str, gas: float, usd: float) -> None:
    assert cost(name, gas) == pytest.approx(usd, abs=0.1)


def test_one_cell_by_hand() -> None:
    """(0.101852 * 1400 + 12) / 7.446 MWh = 20.76; + 1.5 + 9.0 * 5 = 67.26 USD/MWh."""
    assert cost("frame SC", 5.0) == pytest.approx(67.26, abs=0.01)


@pytest.mark.parametrize(("gas", "hours"), [(3.5, 2996), (5.0, 2588)])
def test_the_dearer_engine_pays_from_so_many_hours(gas: float, hours: float) -> None:
    """(0.101852 * 250 + 3) USD/kW a over 6 + 1.0 * gas USD/MWh: 28,463 / 9.5 and / 11."""
    share = hours / 8760

    high = cost("high-speed engine", gas, share)
    medium = cost("medium-speed engine", gas, share)

    assert high == pytest.approx(medium, abs=0.01)


def test_a_combined_cycle_does_not_pay_at_five_dollars() -> None:
    """Even at 8,760 h; at 7 USD it does."""
    assert cost("frame SC", 5.0, 1.0) < cost("H-class CC", 5.0, 1.0)
    assert cost("frame SC", 7.0, 1.0) > cost("H-class CC", 7.0, 1.0)


def test_a_gigawatt_of_engines() -> None:
    """8.76 TWh * 7.6 = 66.6 million MMBtu; / 365 / 1.037 = 176 MMcf/d; * 0.05306 = 3.53 Mt."""
    mmbtu = 1000 * 8760 * 7.6

    assert mmbtu == pytest.approx(66.6e6, rel=1e-3)
    assert gas_mmcf_per_day(1000, 7.6) == pytest.approx(mmbtu / 365 / 1037)
    assert gas_mmcf_per_day(1000, 7.6) == pytest.approx(176, abs=0.5)
    assert mmbtu * 0.05306 / 1e6 == pytest.approx(3.53, abs=0.005)


@pytest.mark.parametrize("capacity_factor", [0.0, -0.1, 1.01])
def test_a_capacity_factor_is_a_share(capacity_factor: float) -> None:
    with pytest.raises(ValueError, match="capacity factor"):
        cost("aero", 5.0, capacity_factor)


@given(gas=st.floats(0, 20), more=st.floats(0, 20), name=st.sampled_from(sorted(CLASSES)))
def test_cost_rises_by_heat_rate_times_the_price_of_gas(gas: float, more: float, name: str) -> None:
    rise = cost(name, gas + more) - cost(name, gas)

    assert rise == pytest.approx(CLASSES[name][3] * more, abs=1e-9)
