"""Permits: EPA's formulas, ceilings worked out on paper, and plants that were permitted."""

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.loader import load_family
from components.power import permits
from components.power.dispatchable import DispatchableParameters
from components.power.permits import (
    engine_lb_per_mwh,
    minor_source_mw,
    minor_source_mw_at_ppm,
    nox_lb_per_mmbtu,
    nox_lb_per_mwh,
    potential_to_emit,
    psd_tons,
)


def test_examples_run() -> None:
    found = doctest.testmod(permits)

    assert found.attempted >= 7
    assert found.failed == 0


def test_ppm_at_15_percent_oxygen() -> None:
    """1.194e-7 * 8710 * 20.9 / 5.9 = 0.00103997 * 3.542373 = 0.00368397 lb/MMBtu."""
    assert nox_lb_per_mmbtu(1.0) == pytest.approx(0.00368397, rel=1e-5)
    assert nox_lb_per_mmbtu(25.0) == pytest.approx(25 * 0.003684, rel=1e-4)


def test_without_excess_air_the_flue_gas_is_the_f_factor() -> None:
    assert nox_lb_per_mmbtu(100.0, o2_percent=0.0) == pytest.approx(100 * 1.194e-7 * 8710)


def test_gram_per_horsepower_hour() -> None:
    """1341.02 / 453.592 = 2.95645 lb/MWh at the shaft; / 0.97 = 3.0479 at the terminals."""
    assert engine_lb_per_mwh(1.0, generator_efficiency=1.0) == pytest.approx(2.95645, rel=1e-5)
    assert engine_lb_per_mwh(0.05) == pytest.approx(0.152, abs=5e-4)
    assert engine_lb_per_mwh(0.06) == pytest.approx(0.183, abs=5e-4)
    assert engine_lb_per_mwh(0.1) == pytest.approx(0.305, abs=5e-4)


@pytest.mark.parametrize(("ppm", "mw"), [(25.0, 65), (2.5, 646)])
def test_largest_minor_source_of_aeroderivatives(ppm: float, mw: int) -> None:
    """250 * 2000 / (8760 * 9.6 * ppm * 0.003684)."""
    assert round(minor_source_mw_at_ppm(250.0, 9.6, ppm)) == mw


@pytest.mark.parametrize(("lb_per_mwh", "mw"), [(0.15, 380.5), (1.5, 38.05), (0.0017, 33_575)])
def test_largest_minor_source_of_engines_and_fuel_cells(lb_per_mwh: float, mw: float) -> None:
    """250 * 2000 / 8760 = 57.08 over the rate: 0.05 g, 0.5 g, and no limit to speak of."""
    assert minor_source_mw(250.0, lb_per_mwh) == pytest.approx(mw, rel=1e-3)


def test_what_emits_nothing_has_no_ceiling() -> None:
    assert minor_source_mw(250.0, 0.0) == math.inf


def test_colossus_was_permitted_at_two_ppm() -> None:
    """15 Titan 130, 247 MW, 10.68 MMBtu/MWh, 2 ppm: 85 short tons; the permit says 87."""
    tons = potential_to_emit(247.0, nox_lb_per_mwh(2.0, 10.68))

    assert tons == pytest.approx(85.1, abs=0.1)
    assert tons == pytest.approx(87.0, rel=0.03)


def test_both_plants_at_memphis_have_the_same_nox_to_the_megawatt() -> None:
    """87 tons over 247 MW, and 423 over 1,200: 0.352 each; the catalog's Titan makes 0.346."""
    titan = load_family("gas")["solar_titan_130"].parameters
    assert isinstance(titan, DispatchableParameters)
    catalog = potential_to_emit(1.0, titan.nox_lb_per_mwh)

    first, second = 87 / 247, 423 / 1200

    assert round(first, 3) == 0.352
    assert second == pytest.approx(first, rel=1e-3)
    assert round(catalog, 3) == 0.346
    assert catalog == pytest.approx(first, rel=0.03)


def test_only_plants_with_steam_are_listed() -> None:
    assert psd_tons("CC") == 100.0
    assert psd_tons("CC", heat_input_mmbtu_per_h=250.0) == 250.0
    assert {psd_tons(t) for t in ("FSC", "AERO", "IGT", "MSR", "HSR", "SOFC")} == {250.0}


@given(tons=st.floats(0.1, 1e4), rate=st.floats(1e-4, 10.0), hours=st.floats(1, 8760))
def test_the_ceiling_emits_the_threshold(tons: float, rate: float, hours: float) -> None:
    mw = minor_source_mw(tons, rate, hours)

    assert potential_to_emit(mw, rate, hours) == pytest.approx(tons)


@pytest.mark.parametrize(
    "given_figures", [(-1.0, 0.1, 8760.0), (1.0, -0.1, 8760.0), (1.0, 0.1, 0.0)]
)
def test_ceiling_refuses_what_has_no_meaning(given_figures: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="needs tons"):
        minor_source_mw(*given_figures)


def test_factors_refuse_what_has_no_meaning() -> None:
    with pytest.raises(ValueError, match="needs ppm"):
        nox_lb_per_mmbtu(-1.0)
    with pytest.raises(ValueError, match="needs ppm"):
        nox_lb_per_mmbtu(1.0, o2_percent=20.9)
    with pytest.raises(ValueError, match="needs g"):
        engine_lb_per_mwh(0.1, generator_efficiency=0.0)
