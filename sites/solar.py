"""What a photovoltaic field on trackers makes of the weather."""

import numpy as np
import pvlib

from sites.ranges import check_ranges
from sites.sun import Sun, sun_at
from sites.weather import Weather
from sites.year import Floats


def tracker_capacity_factor(
    weather: Weather,
    *,
    dc_ac_ratio: float = 1.3,
    losses: float = 0.14,
    resource_scale: float = 1.0,
    max_angle_deg: float = 60.0,
    ground_cover: float = 0.4,
    temperature_coefficient_per_k: float = -0.0035,
    inverter_efficiency: float = 0.96,
    albedo: float = 0.2,
) -> Floats:
    """Output of a field on horizontal north-south trackers over its inverter rating.

    PVWatts [1]_: trackers that turn back so as not to shade each other [2]_, the sky of Hay and
    Davies [3]_, module temperature by Faiman [4]_. No bifacial gain, ageing or curtailment.

    Parameters
    ----------
    weather
        A year of weather.
    dc_ac_ratio
        Module rating over inverter rating.
    losses
        Share of direct current lost to soiling, wiring, mismatch and outages, 0..1.
    resource_scale
        Factor on the irradiance in the plane of the modules. TMY3 (1991-2005) lies 3 to 9 %
        below satellite years, so 1.04 is a fair choice for weather derived from it.
    max_angle_deg
        Farthest turn from the horizontal [deg].
    ground_cover
        Module width over row spacing, above 0 and below 1.
    temperature_coefficient_per_k
        Change of module power per kelvin above 25 °C [1/K].
    inverter_efficiency
        At rated power, above 0 and at most 1.
    albedo
        Share of light that the ground returns, 0..1.

    Returns
    -------
    array, shape (8760,)
        Alternating current over rating, 0..1.

    Raises
    ------
    ValueError
        If a share lies outside its range, or a ratio is not positive.

    References
    ----------
    .. [1] A. P. Dobos, "PVWatts version 5 manual," NREL/TP-6A20-62641 (2014), equations 8-11.
       doi:10.2172/1158421
    .. [2] K. Anderson and M. Mikofski, "Slope-aware backtracking for single-axis trackers,"
       NREL/TP-5K00-76626 (2020). doi:10.2172/1660126
    .. [3] J. E. Hay and J. A. Davies, "Calculations of the solar radiation incident on an
       inclined surface," Proc. First Canadian Solar Radiation Data Workshop (1980) 59-72.
    .. [4] D. Faiman, "Assessing the outdoor operating temperature of photovoltaic modules,"
       Progress in Photovoltaics 16 (2008) 307-315. doi:10.1002/pip.813
    """
    check_ranges(
        {
            "dc_ac_ratio": (dc_ac_ratio, 0.1, 5.0),
            "losses": (losses, 0.0, 0.99),
            "resource_scale": (resource_scale, 0.1, 5.0),
            "max_angle_deg": (max_angle_deg, 0.0, 90.0),
            "ground_cover": (ground_cover, 0.01, 0.99),
            "temperature_coefficient_per_k": (temperature_coefficient_per_k, -0.01, 0.0),
            "inverter_efficiency": (inverter_efficiency, 0.5, 1.0),
            "albedo": (albedo, 0.0, 1.0),
        }
    )
    place = (weather.latitude_deg, weather.longitude_deg, weather.elevation_m)
    sun = sun_at(*place, weather.utc_offset_h)
    plane = resource_scale * _in_plane(weather, sun, max_angle_deg, ground_cover, albedo)
    cell = pvlib.temperature.faiman(
        plane, weather.values("drybulb_c"), weather.values("wind_m_per_s")
    )
    warmth = 1 + temperature_coefficient_per_k * (cell - 25.0)
    direct = np.maximum(dc_ac_ratio * (1 - losses) * plane / 1000 * warmth, 0.0)
    output = pvlib.inverter.pvwatts(
        direct, pdc0=1 / inverter_efficiency, eta_inv_nom=inverter_efficiency
    )
    return np.clip(np.asarray(output, dtype=np.float64), 0.0, 1.0)


def _in_plane(
    weather: Weather, sun: Sun, max_angle_deg: float, ground_cover: float, albedo: float
) -> Floats:
    turn = pvlib.tracking.singleaxis(
        sun.apparent_zenith_deg,
        sun.azimuth_deg,
        axis_tilt=0,
        axis_azimuth=180,
        max_angle=max_angle_deg,
        gcr=ground_cover,
    )
    # At night the trackers' angles are undefined; any will do, for the light is 0.
    plane = pvlib.irradiance.get_total_irradiance(
        np.nan_to_num(turn["surface_tilt"], nan=0.0),
        np.nan_to_num(turn["surface_azimuth"], nan=180.0),
        sun.apparent_zenith_deg,
        sun.azimuth_deg,
        weather.values("dni_w_per_m2"),
        weather.values("ghi_w_per_m2"),
        weather.values("dhi_w_per_m2"),
        dni_extra=sun.extraterrestrial_w_per_m2,
        model="haydavies",
        albedo=albedo,
    )["poa_global"]
    return np.maximum(np.nan_to_num(np.asarray(plane, dtype=np.float64)), 0.0)
