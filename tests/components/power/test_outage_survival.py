"""Surviving an outage of the grid: REopt's own examples, by hand, and by law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.loader import load_family
from components.power.outage_survival import Generators, Storage, lumped, survival

LOAD = np.array([1.0, 2.0, 2.0, 1.0])
PAIR = Generators(2, 1.0, 1.0, 0.0, 5.0)
ONE = Generators(1, 1.0, 1.0, 0.0, 5.0)
BATTERY = Storage(mw=1.0, mwh=2.0, bins=3)


def test_generators_alone_as_in_reopt() -> None:
    """0.96 = 1 - 0.2^2; 0.4096 = 0.8^2 x 0.8^2; 0.8704 = 1 - (1 - 0.8^2)^2."""
    assert survival([PAIR], LOAD, 3) == pytest.approx(
        np.array([
            [0.96, 0.4096, 0.262144],
            [0.64, 0.4096, 0.393216],
            [0.64, 0.6144, 0.557056],
            [0.96, 0.8704, 0.262144],
        ]), abs=1e-6,
    )  # fmt: skip


@pytest.mark.parametrize("kinds", [[PAIR], [ONE, ONE]])
def test_with_a_battery_as_in_reopt(kinds: list[Generators]) -> None:
    """Two of a kind, and two kinds of one: the same."""
    found = survival(kinds, LOAD, 3, storage=BATTERY, level_mwh=np.ones(4))

    assert found == pytest.approx(
        np.array([
            [1.0, 0.8704, 0.557056],
            [0.96, 0.6144, 0.57344],
            [0.96, 0.896, 0.8192],
            [1.0, 0.96, 0.761856],
        ]), abs=1e-6,
    )  # fmt: skip


def test_a_battery_of_four_hours_carries_the_last_four() -> None:
    """The generator has to start, be in order, and run 20 hours: 0.99^20 x 0.9 x 0.98."""
    generator = Generators(1, 100.0, 0.98, 0.1, 100.0)

    found = survival([generator], np.full(48, 100.0), 24, storage=Storage(100.0, 400.0))

    assert found[:, -1] == pytest.approx(0.99**20 * 0.9 * 0.98, abs=1e-6)
    assert found[:, -1] == pytest.approx(0.72139, abs=5e-6)


def test_losses_of_the_battery_shorten_what_it_carries() -> None:
    """10 MWh at 80 % out carry 1 MW for 8 hours, not 9."""
    found = survival(
        [], np.ones(24), 9, storage=Storage(2.0, 10.0, 0.8, 0.8, bins=1001), starts=np.array([0])
    )

    assert found[0].tolist() == [1.0] * 8 + [0.0]


def test_heat_takes_output_down_by_the_hour() -> None:
    derate = np.array([[1.0, 0.9, 1.0]])

    found = survival([Generators(1, 1.0, 1.0, 0.0, 1e12)], np.full(3, 0.95), 2, derate=derate)

    assert found[:, -1] == pytest.approx([0, 0, 1], abs=1e-6)


def test_fuel_ends_what_generators_could_carry() -> None:
    """10 MWh of fuel and 2 of the battery carry 1 MW for 12 hours."""
    sure = Generators(1, 1.0, 1.0, 0.0, 1e12)

    found = survival(
        [sure], np.ones(24), 13, storage=Storage(1.0, 2.0), fuel_mwh=10.0, starts=np.array([5])
    )

    assert found[0] == pytest.approx([1.0] * 12 + [0.0], abs=1e-6)


def test_without_generators_or_battery_only_no_load_is_met() -> None:
    assert survival([], np.array([0.0, 1.0]), 1).ravel().tolist() == [1.0, 0.0]


GENERATORS = st.builds(
    Generators,
    st.integers(1, 4),
    st.floats(0.5, 3),
    st.floats(0.8, 1),
    st.floats(0, 0.2),
    st.floats(2, 200),
)


@given(
    kinds=st.lists(GENERATORS, max_size=2), load=st.lists(st.floats(0, 8), min_size=3, max_size=6)
)
def test_longer_is_never_likelier_and_one_more_never_hurts(
    kinds: list[Generators], load: list[float]
) -> None:
    found = survival(kinds, np.array(load), 4, storage=BATTERY)
    more = survival([*kinds, ONE], np.array(load), 4, storage=BATTERY)

    assert ((found >= 0) & (found <= 1 + 1e-9)).all()
    assert (np.diff(found, axis=1) <= 1e-12).all()
    assert (more >= found - 1e-6).all()


def test_kinds_put_together_make_whole_units_of_the_larger_with_the_worse_chances() -> None:
    """3 x 2 MW and 2 x 5 MW make 16 MW: three of 5 MW; the largest kind stays as it is."""
    small, middle = Generators(3, 2, 0.9, 0.01, 100), Generators(2, 5, 0.95, 0.02, 50)
    large = Generators(4, 20, 0.99, 0.0, 1000)
    derate = np.array([[1.0, 0.8], [0.9, 0.9], [0.7, 0.7]])

    fewer, shares = lumped([small, middle, large], derate, 3, most_states=20)

    assert fewer == (large, Generators(3, 5, 0.9, 0.02, 50))
    assert shares.tolist() == [[0.7, 0.7], [0.9, 0.8]]
    assert lumped([small, middle], derate[:2], 3, most_states=12)[0] == (small, middle)


def test_every_technology_of_the_catalog_knows_how_it_fails() -> None:
    rows = [entry.parameters for entry in load_family("unit_failure").values()]
    named = [t for row in rows for t in row.technologies]

    assert len(named) == len(set(named))
    assert sum(not row.technologies for row in rows) == 1
    technologies = {
        entry.parameters.technology
        for family in ("gas", "fuel_cell")
        for entry in load_family(family).values()
    }
    assert technologies <= set(named)
