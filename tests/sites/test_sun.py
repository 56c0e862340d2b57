"""The sun stands where astronomy says."""

import numpy as np
import pytest

from sites.sun import sun_at

SUMMER = 24 * (172 - 1)  # 21 June
EQUINOX = 24 * (80 - 1)  # 21 March


def test_noon_height_at_the_solstice() -> None:
    """At 40 degrees north the sun passes 40 - 23.44 = 16.56 degrees from the vertical.

    At longitude -105 and UTC-7 clock noon is solar noon less the equation of time, 2 minutes on
    21 June; the two hours about noon lie 7.5 degrees of hour angle to either side, so
    cos z = sin 40 sin 23.44 + cos 40 cos 23.44 cos 7.5 = 0.9526, z = 17.7.
    """
    sun = sun_at(40.0, -105.0, 0.0, -7)

    noon = sun.zenith_deg[SUMMER + 11 : SUMMER + 13]

    assert noon == pytest.approx(17.7, abs=0.3)


def test_half_the_day_is_light_at_the_equinox() -> None:
    """The sun is up 12 h; its centre rises and sets due east and west."""
    sun = sun_at(40.0, -105.0, 0.0, -7)
    day = slice(EQUINOX, EQUINOX + 24)

    assert (sun.cos_zenith[day] > 0).sum() == 12
    assert sun.azimuth_deg[EQUINOX + 6] == pytest.approx(90 + 5, abs=3)


def test_irradiance_above_the_air_swings_about_the_solar_constant() -> None:
    """1,361 to 1,367 W/m2, 3.3 % more in January and less in July (eccentricity 0.0167)."""
    above = sun_at(40.0, -105.0, 0.0, -7).extraterrestrial_w_per_m2

    assert above.mean() == pytest.approx(1365, abs=4)
    assert above.max() / above.min() == pytest.approx((1.0167 / 0.9833) ** 2, abs=0.003)


def test_one_place_is_computed_once_and_cannot_be_written() -> None:
    sun = sun_at(41.0, -105.0, 0.0, -7)

    assert sun_at(41.0, -105.0, 0.0, -7) is sun
    with pytest.raises(ValueError, match="read-only"):
        sun.cos_zenith[0] = 1.0


def test_an_hour_of_clock_is_fifteen_degrees_of_longitude() -> None:
    east, west = sun_at(35.0, -90.0, 0.0, -6), sun_at(35.0, -105.0, 0.0, -7)

    np.testing.assert_allclose(east.zenith_deg, west.zenith_deg, atol=0.05)
