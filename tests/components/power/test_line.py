"""Losses, surge loading and cost of lines, against published tables and on paper."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.loader import load_family
from components.power.line import (
    Line,
    LossCurve,
    loss_share,
    sil_mw,
    steady_share,
    usd_per_mw,
)


def line(name: str) -> Line:
    found = load_family("line")[name].parameters
    assert isinstance(found, Line)
    return found


LINES = [pytest.param(line(name), id=name) for name in load_family("line")]

LOSS_PERCENT_OF_100_MILES = [
    ("ac_138kv", 300, 22.8),
    ("ac_230kv", 300, 5.1),
    ("ac_230kv", 500, 8.5),
    ("ac_345kv", 300, 1.4),
    ("ac_345kv", 500, 2.4),
    ("ac_345kv", 1000, 4.8),
    ("ac_500kv", 300, 0.5),
    ("ac_500kv", 500, 0.8),
    ("ac_500kv", 1000, 1.5),
    ("ac_500kv", 2000, 3.1),
    ("ac_765kv", 300, 0.1),
    ("ac_765kv", 500, 0.2),
    ("ac_765kv", 1000, 0.4),
    ("ac_765kv", 2000, 0.8),
]
"""One circuit, power factor 0.98, conductors as in the catalog; to a tenth of a percent."""


@pytest.mark.parametrize(("name", "mw", "percent"), LOSS_PERCENT_OF_100_MILES)
def test_loss_of_100_miles(name: str, mw: float, percent: float) -> None:
    assert 100 * loss_share(mw, line(name), 100) == pytest.approx(percent, abs=0.05)


@pytest.mark.parametrize(
    ("name", "mw", "percent"),
    [
        ("ac_138kv", 50, 3.8),
        ("ac_230kv", 140, 2.4),
        ("ac_345kv", 390, 1.9),
        ("ac_500kv", 950, 1.5),
        ("ac_765kv", 2380, 1.0),
    ],
)
def test_surge_loading_and_its_loss_on_100_miles(name: str, mw: float, percent: float) -> None:
    one = line(name)

    assert sil_mw(one) == pytest.approx(mw, abs=5)
    assert 100 * loss_share(sil_mw(one), one, 100) == pytest.approx(percent, abs=0.05)


def test_300_mw_over_100_miles_of_345_kv() -> None:
    """300 x 0.055 x 100 / (345 x 0.98)^2 = 1650 / 114,311 = 1.443 %; published: about 1.45 %."""
    share = 100 * loss_share(300, line("ac_345kv"), 100)

    assert share == pytest.approx(1.4434, abs=1e-4)
    assert share == pytest.approx(1.45, abs=0.01)


def test_the_formula_is_three_currents_through_three_resistances() -> None:
    """1,000 MW at 345 kV and 0.98: 1,707.7 A; 3 I^2 R L on 50 miles of 0.055 ohm: 24.06 MW."""
    amperes = 1e6 * 1000 / (3**0.5 * 345e3 * 0.98)
    lost_mw = 3 * amperes**2 * 0.055 * 50 / 1e6

    assert 1000 * loss_share(1000, line("ac_345kv"), 50) == pytest.approx(lost_mw, rel=1e-12)


def test_new_765_kv_lines_lose_less_than_a_percent_where_345_kv_loses_several() -> None:
    """As AEP says of its designs, on the same job: 1,000 MW over 100 miles."""
    at_765 = loss_share(1000, line("ac_765kv"), 100) + steady_share(line("ac_765kv"), 100)

    assert at_765 < 0.01
    assert loss_share(1000, line("ac_345kv"), 100) > 4 * at_765


def test_direct_current_loses_in_its_converters_and_little_by_the_mile() -> None:
    """Two converters at 0.7 %; 0.4 % per 100 miles at full load."""
    dc = line("hvdc_1000kv")

    assert steady_share(dc, 500) == pytest.approx(0.014)
    assert loss_share(dc.rating_mw, dc, 100) == pytest.approx(0.004, abs=5e-5)
    with pytest.raises(ValueError, match="no surge impedance"):
        sil_mw(dc)


def test_a_line_costs_its_miles_and_its_ends() -> None:
    """345 kV, 50 miles: 3,600 x 50 + 200,000 = 380,000 USD/MW; in a region at half: 290,000."""
    assert usd_per_mw(line("ac_345kv"), 50) == pytest.approx(380_000)
    assert usd_per_mw(line("ac_345kv"), 50, 0.5) == pytest.approx(290_000)


def test_higher_voltage_costs_less_and_loses_less_for_the_same_power() -> None:
    by_voltage = [line(f"ac_{kv}kv") for kv in (138, 230, 345, 500, 765)]

    for low, high in pairwise(by_voltage):
        assert high.usd_per_mw_mile < low.usd_per_mw_mile
        assert loss_share(200, high, 100) < loss_share(200, low, 100)


@pytest.mark.parametrize("one", LINES)
@pytest.mark.parametrize("count", [1, 3, 4, 5])
@pytest.mark.parametrize("miles", [10, 100, 300])
def test_chords_are_off_by_no_more_than_stated(one: Line, count: int, miles: float) -> None:
    """full / (4 count^2) of the rating, in the middle of a piece, and never below the loss."""
    curve = LossCurve.of(one, miles)
    loading = np.linspace(0, curve.best, 24 * count + 1)
    most = curve.full * curve.best**2 / (4 * count**2)
    off = curve.arrived(loading) - curve.segments(count).arrived(loading)

    assert off.min() >= -1e-12
    assert off.max() == pytest.approx(most, rel=1e-9)
    assert most <= curve.full / (4 * count**2) + 1e-15


@pytest.mark.parametrize("one", LINES)
@given(miles=st.floats(0, 800), loading=st.floats(0, 1))
def test_sending_and_arriving_are_inverse(one: Line, miles: float, loading: float) -> None:
    curve = LossCurve.of(one, miles)
    sent = np.array([min(loading, curve.best)])

    np.testing.assert_allclose(curve.sent(curve.arrived(sent)), sent, atol=1e-7)
    pieces = curve.segments()
    np.testing.assert_allclose(pieces.sent(pieces.arrived(sent)), sent, atol=1e-9)


@pytest.mark.parametrize("one", LINES)
@given(miles=st.floats(0, 800), loading=st.floats(0, 1), more=st.floats(0, 1))
def test_more_sent_is_never_less_that_arrives(
    one: Line, miles: float, loading: float, more: float
) -> None:
    curve = LossCurve.of(one, miles)
    little, much = sorted((loading, more))

    assert curve.arrived(little) <= curve.arrived(much) + 1e-15
    assert curve.arrived(much) <= much


def test_an_overlong_line_is_loaded_only_while_more_arrives() -> None:
    """138 kV over 600 miles loses 91 % at 200 MW: most arrives at 1 / (2 x 0.912) of the rating."""
    curve = LossCurve.of(line("ac_138kv"), 600)

    assert curve.full == pytest.approx(200 * 0.139 * 600 / (138 * 0.98) ** 2)
    assert curve.best == pytest.approx(1 / (2 * curve.full))
    assert curve.arrived(1.0) == pytest.approx(1 / (4 * curve.full))


def test_a_loss_has_at_least_one_piece() -> None:
    with pytest.raises(ValueError, match="at least one segment, got 0"):
        LossCurve(0.0, 0.05).segments(0)
