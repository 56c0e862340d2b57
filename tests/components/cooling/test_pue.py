import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.base import Floats
from components.catalog.loader import changed, load_family
from components.cooling.parameters import Cooling
from components.cooling.pue import compressor_share, outdoor_c, pue
from components.cooling.water import water_l_per_kwh

KINDS = ("air_chiller", "air_tower", "liquid_dry")

DULLES_HOURS = {
    -16: 6, -14: 18, -12: 69, -10: 63, -8: 121, -6: 99, -4: 205, -2: 300, 0: 363, 2: 565,
    4: 615, 6: 384, 8: 572, 10: 499, 12: 584, 14: 324, 16: 484, 18: 628, 20: 571, 22: 710,
    24: 577, 26: 315, 28: 312, 30: 198, 32: 112, 34: 48, 36: 16, 38: 2,
}  # fmt: skip
"""Hours of a year by dry bulb, in bins of 2 K: Washington Dulles, TMY3 724030 (NREL)."""

DULLES_WET_BULB = {
    -16: (9, -15.1), -14: (46, -12.5), -12: (85, -10.6), -10: (123, -8.3), -8: (153, -5.7),
    -6: (190, -3.7), -4: (277, -1.5), -2: (406, 0.4), 0: (461, 2.1), 2: (610, 4.1),
    4: (704, 6.7), 6: (527, 9.4), 8: (547, 10.9), 10: (545, 13.1), 12: (512, 15.8),
    14: (450, 18.1), 16: (627, 19.5), 18: (629, 21.6), 20: (827, 23.2), 22: (658, 25.6),
    24: (339, 29.3), 26: (35, 33.7),
}  # fmt: skip
"""The same by wet bulb: hours, and the mean dry bulb of the bin [degC]."""


def cooling(name: str, **changes: object) -> Cooling:
    found = changed(load_family("cooling")[name], changes).parameters
    assert isinstance(found, Cooling)
    return found


def at(*drybulb_c: float) -> tuple[Floats, Floats]:
    """Return dry bulbs, and wet bulbs 5 K below."""
    return np.array(drybulb_c), np.array(drybulb_c) - 5


def test_cool_air_needs_no_compressor() -> None:
    """Air returns at 32 and is supplied at 20: below 20 - 6 = 14 degC the economizer does all.

    1 + losses 0.055 + 0.01 + fans 0.045 + pumps 0.018 = 1.128
    """
    assert pue(cooling("air_chiller"), *at(-10, 14)) == pytest.approx([1.128, 1.128])


def test_chiller_on_a_hot_day() -> None:
    """35 degC: above 32 - 6 = 26 the economizer is closed.

    COP = 0.50 * (18 + 273.15) / (35 + 12 - 18) = 145.575 / 29 = 5.0198
    PUE = 1.128 + 1 / 5.0198 = 1.32721
    """
    assert pue(cooling("air_chiller"), *at(35)) == pytest.approx([1.32721], abs=1e-5)


def test_economizer_helps_in_between() -> None:
    """20 degC: f = (32 - 26) / 12 = 0.5; COP = 145.575 / (32 - 18) = 10.398.

    PUE = 1.128 + 0.5 / 10.398 = 1.17609
    """
    assert pue(cooling("air_chiller"), *at(20)) == pytest.approx([1.17609], abs=1e-5)


def test_liquid_and_residual_air_on_a_hot_day() -> None:
    """40 degC, 85 % of the heat in liquid at 40/50 degC, the rest in air at 22/34.

    liquid f = (50 - 47) / 10 = 0.3; COP = 0.5 * 311.15 / (52 - 38) = 11.1125;
           0.7 / 11.1125 = 0.062992; fans 0.022 at full speed; pumps 0.012: 0.096992
    air    f = 0; COP = 0.5 * 293.15 / (52 - 20) = 4.58047; 0.218318; fans 0.042; pumps 0.018
    PUE  = 1.065 + 0.85 * 0.096992 + 0.15 * 0.278318 = 1.189191
    """
    assert pue(cooling("liquid_dry"), *at(40)) == pytest.approx([1.189191], abs=1e-6)


def test_tower_follows_the_wet_bulb() -> None:
    """Wet bulb 24 degC: f = (32 - 30) / 12 = 1/6; COP = 0.55 * 291.15 / (33 - 18) = 10.6755.

    PUE = 1 + 0.065 + 0.062 + (5/6) / 10.6755 = 1.205060, at any dry bulb
    """
    found = pue(cooling("air_tower"), np.array([24.0, 38.0]), np.array([24.0, 24.0]))

    assert found == pytest.approx([1.205060, 1.205060], abs=1e-6)


@pytest.mark.parametrize(
    ("kind", "changes", "published"),
    [("air_chiller", {}, 1.164), ("liquid_dry", {"liquid_share": 0.8}, 1.104)],
)
def test_mean_of_a_year_at_dulles(kind: str, changes: dict[str, object], published: float) -> None:
    """Means over the TMY3 hours of Washington Dulles, computed independently hour by hour.

    The liquid case had wet pads in place of a trim chiller, which matters above 33 degC only.
    """
    hours = np.repeat(list(DULLES_HOURS), list(DULLES_HOURS.values())).astype(float)

    assert len(hours) == 8760
    assert pue(cooling(kind, **changes), hours, hours).mean() == pytest.approx(published, abs=0.002)


def test_mean_of_a_year_at_dulles_with_a_tower() -> None:
    """PUE 1.140 and 1.43 L/kWh, computed independently over the same TMY3 hours."""
    count = [hours for hours, _ in DULLES_WET_BULB.values()]
    wetbulb_c = np.repeat(list(DULLES_WET_BULB), count).astype(float)
    drybulb_c = np.repeat([dry for _, dry in DULLES_WET_BULB.values()], count)
    tower = cooling("air_tower")

    assert len(wetbulb_c) == 8760
    assert pue(tower, drybulb_c, wetbulb_c).mean() == pytest.approx(1.140, abs=0.002)
    assert water_l_per_kwh(tower, drybulb_c, wetbulb_c).mean() == pytest.approx(1.43, abs=0.01)


@pytest.mark.parametrize(
    ("kind", "cool", "hot"),
    [
        ("air_chiller", (1.10, 1.30), (1.30, 1.55)),
        ("air_tower", (1.10, 1.25), (1.15, 1.45)),
        ("liquid_dry", (1.06, 1.10), (1.10, 1.25)),
    ],
)
def test_pue_lies_in_the_ranges_seen(
    kind: str, cool: tuple[float, float], hot: tuple[float, float]
) -> None:
    """Cool and hot climates, after the cooling guides of datacentres.com and NVIDIA, 2026."""
    cold, warm = pue(cooling(kind), np.array([5.0, 38.0]), np.array([3.0, 24.0]))

    assert cool[0] <= cold <= cool[1]
    assert hot[0] <= warm <= hot[1]


@pytest.mark.parametrize("kind", KINDS)
@given(
    drybulb_c=st.floats(-50, 50),
    depression_k=st.floats(0, 20),
    hotter_k=st.floats(0, 20),
)
def test_hotter_is_never_better(
    kind: str, drybulb_c: float, depression_k: float, hotter_k: float
) -> None:
    dry = np.array([drybulb_c, drybulb_c + hotter_k])

    cool, hot = pue(cooling(kind), dry, dry - depression_k)

    assert hot >= cool - 1e-12


@pytest.mark.parametrize("kind", KINDS)
@given(drybulb_c=st.floats(-60, 60), depression_k=st.floats(0, 30))
def test_losses_are_always_there(kind: str, drybulb_c: float, depression_k: float) -> None:
    p = cooling(kind)
    dry = np.array([drybulb_c])

    (found,) = pue(p, dry, dry - depression_k)

    assert 1 + p.electrical_loss_share + p.misc_share <= found <= 2


@given(drybulb_c=st.floats(-60, 60))
def test_compressors_never_give_power_back(drybulb_c: float) -> None:
    (found,) = compressor_share(cooling("air_chiller"), np.array([drybulb_c]), 20, 32, 6)

    assert 0 <= found <= 1 / 2.5


def test_dry_types_use_no_water() -> None:
    assert water_l_per_kwh(cooling("liquid_dry"), *at(10, 40)).tolist() == [0, 0]


def test_water_of_a_tower_without_compressor() -> None:
    """20 degC dry, 10 wet: latent share 0.60 + 0.26 = 0.86; 3.6 / 2.45 * 1.25 * 0.86 = 1.5796."""
    found = water_l_per_kwh(cooling("air_tower"), np.array([20.0]), np.array([10.0]))

    assert found == pytest.approx([1.5796], abs=1e-4)


def test_the_series_must_fit() -> None:
    with pytest.raises(ValueError, match="must have one shape"):
        outdoor_c(cooling("liquid_dry"), np.zeros(3), np.zeros(2))


def test_a_wet_bulb_over_its_dry_bulb_is_refused() -> None:
    with pytest.raises(ValueError, match=r"wet bulb 12.0 over dry bulb 10.0 degC in hour 1"):
        pue(cooling("liquid_dry"), np.array([20.0, 10.0]), np.array([15.0, 12.0]))
