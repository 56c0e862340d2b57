"""Water of cooling, wet media and pads: answers by hand, and laws over all types."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.catalog.loader import load_family
from components.cooling.parameters import Cooling
from components.cooling.pue import compressors, outdoor_c, pue
from components.cooling.water import water_l_per_kwh
from tests.components.cooling.test_pue import cooling

KINDS = tuple(load_family("cooling"))


def rejecting(kind: str, name: str = "air_evaporative") -> Cooling:
    """Return a type with nothing changed but what its heat is rejected to."""
    effect = 0.8 if kind == "adiabatic" else 0.0
    return cooling(name, heat_rejection=kind, wetting_effectiveness=effect)


def test_wet_media_cool_the_air_by_a_share_of_the_depression() -> None:
    """30 degC dry, 20 wet, effectiveness 0.8: 30 - 0.8 * 10 = 22 degC."""
    found = outdoor_c(cooling("air_evaporative"), np.array([30.0]), np.array([20.0]))

    assert found == pytest.approx([22.0])


def test_water_of_wet_media() -> None:
    """Air at 24/36 with 6 K of approach is free up to 18 degC, dry.

    16 degC: no water. 22 degC, wet bulb 12: 4 K are missing of 8 that the media can do;
    4 / 12 * 3.6 / 2.45 * 1.25 = 0.6122 L/kWh. 40 degC, wet bulb 20: 16 K of the 22 missing, more
    than the range, so a tower's latent share, at most 0.98: 1.8 L/kWh.
    """
    dry, wet = np.array([16.0, 22.0, 40.0]), np.array([10.0, 12.0, 20.0])

    found = water_l_per_kwh(cooling("air_evaporative"), dry, wet)

    assert found == pytest.approx([0, 0.612245, 1.8], abs=1e-6)


def test_pads_take_the_place_of_a_chiller() -> None:
    """40 degC dry, 22 wet: pads make 40 - 0.8 * 18 = 25.6 degC, and the liquid needs 33.

    PUE of the liquid's share 0.8: fans 0.030, pumps 0.012; water 0.8 * (40 - 33) / 12 = 0.46667.
    """
    p = cooling("liquid_pads")
    dry, wet = np.array([40.0]), np.array([22.0])

    liquid, air = compressors(p, dry, wet)

    assert liquid == 0
    assert pue(p, dry, wet) == pytest.approx(1.065 + 0.8 * 0.042 + 0.2 * (air + 0.060))
    assert water_l_per_kwh(p, dry, wet) == pytest.approx([0.466667], abs=1e-6)


def test_pads_leave_a_rest_in_hot_and_wet_air() -> None:
    """40 degC dry, 36 wet: 36.8 degC behind the pads, 3.8 K too warm of the liquid's 10."""
    p = cooling("liquid_pads")

    (liquid,), _ = compressors(p, np.array([40.0]), np.array([36.0]))

    assert liquid == pytest.approx(0.38 / (0.5 * 311.15 / (36.8 + 12 - 38)))


@pytest.mark.parametrize("kind", KINDS)
@given(drybulb_c=st.floats(-50, 50), depression_k=st.floats(0, 20), hotter_k=st.floats(0, 20))
def test_hotter_is_never_better(
    kind: str, drybulb_c: float, depression_k: float, hotter_k: float
) -> None:
    dry = np.array([drybulb_c, drybulb_c + hotter_k])

    cool, hot = pue(cooling(kind), dry, dry - depression_k)
    less, more = water_l_per_kwh(cooling(kind), dry, dry - depression_k)

    assert hot >= cool - 1e-12
    assert more >= less - 1e-12


@given(drybulb_c=st.floats(-40, 50), depression_k=st.floats(0, 25))
def test_wet_media_lie_between_dry_air_and_a_tower(drybulb_c: float, depression_k: float) -> None:
    dry = np.array([drybulb_c])
    wet = dry - depression_k
    kinds = [rejecting(kind) for kind in ("dry", "adiabatic", "tower")]

    worst, middle, best = (pue(p, dry, wet)[0] for p in kinds)
    none, some, most = (water_l_per_kwh(p, dry, wet)[0] for p in kinds)

    assert best - 1e-12 <= middle <= worst + 1e-12
    assert none == 0 <= some <= most + 1e-12


@given(drybulb_c=st.floats(-40, 50), depression_k=st.floats(0, 25))
def test_pads_never_use_less_water_than_none(drybulb_c: float, depression_k: float) -> None:
    dry = np.array([drybulb_c])
    wet = dry - depression_k
    none = {"wetting_effectiveness": 0, "pad_fan_share": 0, "pad_water_l_per_mwh": 0}

    with_pads = cooling("liquid_pads")
    without = cooling("liquid_pads", **none)

    assert water_l_per_kwh(with_pads, dry, wet) >= water_l_per_kwh(without, dry, wet)
    assert compressors(with_pads, dry, wet)[0] <= compressors(without, dry, wet)[0] + 1e-12


@pytest.mark.parametrize(
    ("name", "changes", "says"),
    [
        ("air_evaporative", {"wetting_effectiveness": 0}, "must be above 0 for adiabatic"),
        ("air_evaporative", {"wetting_effectiveness": 1.2}, "wetting_effectiveness"),
        ("liquid_dry", {"wetting_effectiveness": 0.8}, "and 0 elsewhere, got 0.8"),
        ("liquid_pads", {"pad_water_l_per_mwh": 0}, "both pad_fan_share and pad_water_l_per_mwh"),
        ("liquid_pads", {"pad_fan_share": 0.01}, "must not be below liquid_fan_share, 0.022"),
        ("liquid_pads", {"heat_rejection": "tower"}, "pads belong to dry coolers"),
    ],
)
def test_wet_parts_that_do_not_go_together_are_refused(
    name: str, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        cooling(name, **changes)
