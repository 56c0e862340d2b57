"""Capacity outage tables: by hand, by published table, and by law."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.power.reliability import (
    Units,
    capacity_distribution,
    loss_of_load,
    units_needed,
)

TITAN_250, TITAN_130, SGT_400, G3520 = 23.1, 16.5, 14.3, 2.5

HUNDRED_FIRM_MW = {
    "LM2500XPRESS": (34, 0.04, (5, 6, 7)),
    "LM6000": (50, 0.04, (4, 5, 6)),
    "SGT-800": (60, 0.04, (4, 5, 6)),
    "Titan 130": (TITAN_130, 0.04, (10, 11, 12)),
    "Titan 250": (TITAN_250, 0.04, (8, 9, 10)),
    "Titan 350": (38, 0.04, (5, 6, 7)),
    "18V50SG": (18.8, 0.04, (9, 10, 11)),
    "J620": (3.36, 0.05, (37, 38, 40)),
    "G3520K": (2.5, 0.05, (48, 50, 51)),
    "SOFC": (0.325, 0.02, (323, 326, 328)),
}
"""Units for 100 MW firm at a loss-of-load probability of 1e-3, 1e-4 and 1e-5."""


@pytest.mark.parametrize("product", HUNDRED_FIRM_MW)
def test_units_for_a_hundred_firm_mw(product: str) -> None:
    unit_mw, outage_share, expected = HUNDRED_FIRM_MW[product]

    found = tuple(units_needed(unit_mw, outage_share, 100, p) for p in (1e-3, 1e-4, 1e-5))

    assert found == expected


@pytest.mark.parametrize(
    ("outage_share", "twelve", "fourteen"), [(0.03, 0.026, 0.0048), (0.05, 0.36, 0.169)]
)
def test_frontier_with_thirteen_spare_of_210_engines(
    outage_share: float, twelve: float, fourteen: float
) -> None:
    """210 engines: 2.6 % and 36 % are the chances of twelve or more out, 198 or fewer in order.

    That fewer than 197 are in order (14 or more out) has 0.48 % and 17 %.
    """
    engines = capacity_distribution([Units(210, 1.0, outage_share)])

    assert float(engines.lolp(199)) == pytest.approx(twelve, rel=0.02)
    assert float(engines.lolp(197)) == pytest.approx(fourteen, rel=0.01)


def _socrates(of_turbines: float, of_engines: float = 1.0) -> list[Units]:
    return [
        Units(3, TITAN_250 * of_turbines, 0.04),
        Units(9, TITAN_130 * of_turbines, 0.04),
        Units(3, SGT_400 * of_turbines, 0.04),
        Units(15, G3520 * of_engines, 0.05),
    ]


def test_socrates_carries_200_mw_of_298() -> None:
    """2.5e-5 at ISO.

    Published with 8.9e-4 on a day that costs 12 %: between turbines alone and all units derated,
    as engines keep their output to about 38 degC.
    """
    assert sum(u.mw for u in _socrates(1)) == pytest.approx(298.2)
    assert float(capacity_distribution(_socrates(1)).lolp(200)) == pytest.approx(2.5e-5, rel=0.01)

    hot = float(capacity_distribution(_socrates(0.88)).lolp(200))
    hotter = float(capacity_distribution(_socrates(0.88, 0.88)).lolp(200))

    assert hot < 8.9e-4 < hotter
    assert (hot, hotter) == pytest.approx((7.24e-4, 1.36e-3), rel=0.01)


def test_three_units_by_hand() -> None:
    """Two of 10 MW out 10 % of the time, one of 5 MW out 20 %.

    0: .01*.2 = .002   5: .01*.8 = .008   10: .18*.2 = .036   15: .18*.8 = .144
    20: .81*.2 = .162  25: .81*.8 = .648
    """
    found = capacity_distribution([Units(2, 10, 0.1), Units(1, 5, 0.2)])

    assert found.mw == pytest.approx([0, 5, 10, 15, 20, 25])
    assert found.probability == pytest.approx([0.002, 0.008, 0.036, 0.144, 0.162, 0.648])
    assert found.lolp(np.array([0, 5, 10, 12, 25, 30])) == pytest.approx(
        [0, 0.002, 0.01, 0.046, 0.352, 1]
    )
    assert float(found.eue_mw(12)) == pytest.approx(0.002 * 12 + 0.008 * 7 + 0.036 * 2)


def test_hours_by_hand() -> None:
    """One unit of 10 MW, out 10 %, that heat takes down to 8: 100 h at 8 MW, 10 h at 9 MW, hot.

    Cool: lost 0.1 x 100 h, 8 MW each. Hot: 8 < 9 always, 1 MW missing, or all 9 with 10 %.
    """
    found = loss_of_load(
        [Units(1, 10, 0.1)], np.array([[1.0, 0.8, 1.0]]), np.array([8.0, 9.0, 0.0]),
        np.array([100.0, 10.0, 5.0]),
    )  # fmt: skip

    assert found.lole_h == pytest.approx(0.1 * 100 + 10)
    assert found.eue_mwh == pytest.approx(0.1 * 8 * 100 + 10 * (0.9 * 1 + 0.1 * 9))
    assert found.availability == pytest.approx(1 - 20 / 110)
    assert found.worst_lolp == pytest.approx(1)


def test_without_load_nothing_is_lost_and_without_units_all_is() -> None:
    none = loss_of_load([], np.zeros((0, 2)), np.zeros(2), np.ones(2))
    bare = loss_of_load([], np.zeros((0, 2)), np.array([3.0, 0.0]), np.ones(2))

    assert (none.availability, none.lole_h, none.eue_mwh) == (1.0, 0.0, 0.0)
    assert (bare.availability, bare.lole_h, bare.eue_mwh) == (0.0, 1.0, 3.0)


UNITS = st.builds(Units, st.integers(0, 6), st.floats(0.1, 60), st.floats(0, 0.5))


@given(kinds=st.lists(UNITS, max_size=4), load=st.floats(0, 500))
def test_chances_sum_to_one_and_every_state_is_counted(kinds: list[Units], load: float) -> None:
    found = capacity_distribution(kinds)
    by_hand = _enumerated(kinds)

    assert found.probability.sum() == pytest.approx(1, abs=1e-12)
    assert (np.diff(found.mw) >= 0).all()
    assert float(found.eue_mw(load)) == pytest.approx(
        sum(p * max(load - mw, 0) for mw, p in by_hand), abs=1e-9
    )
    assert float(found.mw @ found.probability) == pytest.approx(
        sum(k.mw * (1 - k.outage_share) for k in kinds)
    )


def _enumerated(kinds: list[Units]) -> list[tuple[float, float]]:
    """Every combination of numbers in order, by the definition of the binomial."""
    from math import comb

    found = []
    for numbers in itertools.product(*(range(k.count + 1) for k in kinds)):
        p, mw = 1.0, 0.0
        for k, n in zip(kinds, numbers, strict=True):
            p *= comb(k.count, n) * (1 - k.outage_share) ** n * k.outage_share ** (k.count - n)
            mw += n * k.unit_mw
        found.append((mw, p))
    return found


@given(kinds=st.lists(UNITS, min_size=1, max_size=4), load=st.floats(0, 300))
def test_one_unit_more_is_never_less_reliable(kinds: list[Units], load: float) -> None:
    more = [Units(kinds[0].count + 1, kinds[0].unit_mw, kinds[0].outage_share), *kinds[1:]]
    before, after = capacity_distribution(kinds), capacity_distribution(more)

    assert float(after.lolp(load)) <= float(before.lolp(load)) + 1e-12
    assert 0 <= float(after.eue_mw(load)) <= float(before.eue_mw(load)) + 1e-9


@given(kinds=st.lists(UNITS, min_size=1, max_size=4), share=st.floats(0, 1.2))
def test_the_grid_is_never_more_reliable_than_all_states_and_close(
    kinds: list[Units], share: float
) -> None:
    total = sum(k.mw for k in kinds)
    load, step = share * total, max(total, 1) / 5000
    exact, grid = capacity_distribution(kinds), capacity_distribution(kinds, step_mw=step)

    assert grid.probability.sum() == pytest.approx(1, abs=1e-9)
    assert float(grid.lolp(load)) >= float(exact.lolp(load)) - 1e-12
    assert float(grid.eue_mw(load)) <= float(exact.eue_mw(load)) + len(kinds) * step
    assert float(grid.lolp(load)) <= float(exact.lolp(load + len(kinds) * step * 1.01)) + 1e-12


@given(st.integers(1, 80), st.floats(0.001, 0.3), st.sampled_from([1e-1, 1e-3, 1e-6]))
def test_units_needed_is_the_fewest(needed: int, outage_share: float, lolp: float) -> None:
    found = units_needed(1.0, outage_share, float(needed), lolp)

    assert _lolp(found, outage_share, needed) <= lolp * (1 + 1e-9)
    if found > needed:
        assert _lolp(found - 1, outage_share, needed) > lolp * (1 - 1e-9)


def _lolp(count: int, outage_share: float, load: float) -> float:
    return float(capacity_distribution([Units(count, 1.0, outage_share)]).lolp(load))


def test_kinds_that_heat_takes_down_unlike_agree_with_every_hour_on_its_own() -> None:
    rng = np.random.default_rng(1)
    kinds = [Units(4, 34, 0.04), Units(8, 18.8, 0.04)]
    heat = np.maximum(rng.normal(20, 10, 300) - 15, 0)
    derate = np.array([1 - 0.01 * heat, np.ones(300)])
    load = np.full(300, 200.0)

    found = loss_of_load(kinds, derate, load, np.ones(300))
    alone = [
        float(capacity_distribution([Units(k.count, k.unit_mw * d, k.outage_share)
                                     for k, d in zip(kinds, column, strict=True)]).lolp(200.0))
        for column in derate.T
    ]  # fmt: skip

    assert found.lole_h == pytest.approx(sum(alone), rel=0.03)


def test_a_site_of_ten_products_and_500_units_takes_a_moment() -> None:
    rng = np.random.default_rng(0)
    sizes = (34, 57, 62, 16.5, 23.1, 38, 18.8, 3.36, 2.5, 0.325)
    kinds = [Units(50, size, 0.04) for size in sizes]
    heat = np.maximum(rng.normal(18, 10, 8760) - 15, 0)
    derate = 1 - np.outer(np.linspace(0, 0.01, 10), heat)
    load = np.full(8760, 0.85 * sum(k.mw for k in kinds))
    took = []
    for _ in range(3):
        started = time.process_time()
        loss_of_load(kinds, derate, load, np.ones(8760))
        took.append(time.process_time() - started)

    assert min(took) < 0.05


@pytest.mark.parametrize("bad", [(-1, 1.0, 0.1), (1, -1.0, 0.1), (1, 1.0, 1.1)])
def test_what_is_no_set_of_units_is_refused(bad: tuple[int, float, float]) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        Units(*bad)


def test_no_number_of_units_that_are_always_out_is_enough() -> None:
    with pytest.raises(ValueError, match="below 1"):
        units_needed(1.0, 1.0, 5.0, 0.1)
