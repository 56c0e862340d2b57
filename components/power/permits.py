"""Air permits of power plant: emission factors, potential to emit, and where a source is major.

A site of few tons a year needs a minor permit of months; a major source waits for review. What
counts is the potential to emit: every unit at full output all year, with the controls that the
permit makes binding (40 CFR 52.21(b)(4)).
"""

import math
from collections.abc import Mapping
from types import MappingProxyType

HOURS_PER_YEAR = 8760
LB_PER_SHORT_TON = 2000

NOX_LB_PER_SCF_PPM = 1.194e-7
"""Mass of a ppm of NOx, counted as NO2, in a standard cubic foot [lb/(scf ppm)] [1]_.

.. [1] 40 CFR 60 appendix A-7, Method 19, table 19-1.
"""

GAS_F_FACTOR_DSCF_PER_MMBTU = 8710.0
"""Dry flue gas of natural gas without excess air, HHV; Method 19, table 19-2 [dscf/MMBtu]."""

AIR_O2_PERCENT = 20.9
"""Oxygen of dry air as Method 19 counts it [%]."""

BHP_PER_MW = 1341.02
"""Mechanical horsepower in a megawatt [bhp/MW]."""

G_PER_LB = 453.592

PSD_TONS = 250.0
"""Major source of one pollutant, prevention of significant deterioration [short ton/a].

40 CFR 52.21(b)(1)(i)(b). Simple-cycle turbines, engines and fuel cells fall under it.
"""

PSD_LISTED_TONS = 100.0
"""The same for the 28 listed categories, 40 CFR 52.21(b)(1)(i)(a) [short ton/a].

Fossil-fuel-fired steam electric plants above 250 MMBtu/h are listed: a combined cycle with its
steam turbine is one.
"""

PSD_LISTED_STEAM_MMBTU_PER_H = 250.0
"""Heat input above which a steam electric plant is listed, 40 CFR 52.21(b)(1)(i)(a) [MMBtu/h]."""

PSD_CO2E_TONS = 75_000.0
"""Greenhouse gases that count once a source is major anyway [short ton/a].

40 CFR 52.21(b)(49)(iv), as CO2 equivalent.
"""

SIGNIFICANT_NOX_TONS = 40.0
"""NOx that makes a change of a major source a major one, 40 CFR 52.21(b)(23)(i) [short ton/a]."""

TITLE_V_TONS = 100.0
"""Operating permit: major source of any air pollutant, 40 CFR 70.2 [short ton/a]."""

TITLE_V_HAP_TONS = (10.0, 25.0)
"""The same for one hazardous air pollutant, and for all together, 40 CFR 70.2 [short ton/a]."""

OZONE_MAJOR_TONS: Mapping[str, float] = MappingProxyType(
    {"marginal": 100.0, "moderate": 100.0, "serious": 50.0, "severe": 25.0, "extreme": 10.0}
)
"""Class of an ozone nonattainment area to the NOx or VOC that makes a source major [short ton/a].

40 CFR 70.2 for the operating permit, 40 CFR 51.165(a)(1)(iv)(A) for nonattainment new source
review.
"""


def nox_lb_per_mmbtu(ppm: float, o2_percent: float = 15.0) -> float:
    r"""Return the NOx of a stack that burns natural gas, from its concentration.

    .. math:: E = c \, k \, F_d \, \frac{20.9}{20.9 - O_2}

    Parameters
    ----------
    ppm
        NOx in dry flue gas, by volume [ppm].
    o2_percent
        Oxygen that the concentration refers to; 15 for turbines [%].

    Returns
    -------
    float
        As NO2, over fuel HHV [lb/MMBtu].

    Raises
    ------
    ValueError
        If the concentration is negative, or the oxygen not in 0 to 20.9 %.

    References
    ----------
    .. [1] 40 CFR 60 appendix A-7, Method 19, equation 19-1.

    Examples
    --------
    >>> round(nox_lb_per_mmbtu(1.0), 6)
    0.003684
    """
    if ppm < 0 or not 0 <= o2_percent < AIR_O2_PERCENT:
        msg = f"needs ppm >= 0 and 0 <= O2 < 20.9 %, got {ppm} ppm at {o2_percent} %"
        raise ValueError(msg)
    dilution = AIR_O2_PERCENT / (AIR_O2_PERCENT - o2_percent)
    return ppm * NOX_LB_PER_SCF_PPM * GAS_F_FACTOR_DSCF_PER_MMBTU * dilution


def nox_lb_per_mwh(ppm: float, heat_rate_mmbtu_per_mwh: float, o2_percent: float = 15.0) -> float:
    """Return the NOx of a MWh from a stack's concentration and a heat rate, HHV [lb/MWh].

    Examples
    --------
    >>> round(nox_lb_per_mwh(2.5, 9.57), 3)
    0.088
    """
    return nox_lb_per_mmbtu(ppm, o2_percent) * heat_rate_mmbtu_per_mwh


def engine_lb_per_mwh(g_per_bhp_h: float, generator_efficiency: float = 0.97) -> float:
    """Return the emission of a MWh from an engine's limit at the shaft.

    Parameters
    ----------
    g_per_bhp_h
        As permits of engines say it, per brake horsepower-hour [g/(bhp h)].
    generator_efficiency
        Electric output over shaft power [1].

    Returns
    -------
    float
        [lb/MWh].

    Raises
    ------
    ValueError
        If the emission is negative, or the efficiency not above 0 and at most 1.

    Examples
    --------
    >>> round(engine_lb_per_mwh(1.0), 2)
    3.05
    """
    if g_per_bhp_h < 0 or not 0 < generator_efficiency <= 1:
        msg = f"needs g >= 0 and 0 < efficiency <= 1, got {g_per_bhp_h} and {generator_efficiency}"
        raise ValueError(msg)
    return g_per_bhp_h * BHP_PER_MW / G_PER_LB / generator_efficiency


def potential_to_emit(
    mw: float, lb_per_mwh: float, hours_per_year: float = HOURS_PER_YEAR
) -> float:
    """Return what a plant may emit in a year at full output.

    Parameters
    ----------
    mw
        Rating of all units [MW].
    lb_per_mwh
        With controls that the permit makes binding [lb/MWh].
    hours_per_year
        Fewer than 8,760 only where the permit limits them [h/a].

    Returns
    -------
    float
        [short ton/a].

    Examples
    --------
    >>> round(potential_to_emit(100.0, 0.088), 1)
    38.5
    """
    return mw * lb_per_mwh * hours_per_year / LB_PER_SHORT_TON


def minor_source_mw(
    tons_per_year: float, lb_per_mwh: float, hours_per_year: float = HOURS_PER_YEAR
) -> float:
    """Return the rating whose potential to emit just reaches a threshold.

    Parameters
    ----------
    tons_per_year
        Such as `PSD_TONS` [short ton/a].
    lb_per_mwh
        With controls [lb/MWh]; 0 gives no ceiling.
    hours_per_year
        As in `potential_to_emit` [h/a].

    Returns
    -------
    float
        A source of less is minor [MW]; infinite where nothing is emitted.

    Raises
    ------
    ValueError
        If a figure is negative, or the hours not positive.

    Examples
    --------
    >>> round(minor_source_mw(250.0, 0.15))
    381
    """
    if tons_per_year < 0 or lb_per_mwh < 0 or hours_per_year <= 0:
        got = (tons_per_year, lb_per_mwh, hours_per_year)
        msg = f"needs tons >= 0, lb/MWh >= 0 and hours > 0, got {got}"
        raise ValueError(msg)
    if lb_per_mwh == 0:
        return math.inf
    return tons_per_year * LB_PER_SHORT_TON / (hours_per_year * lb_per_mwh)


def minor_source_mw_at_ppm(
    tons_per_year: float,
    heat_rate_mmbtu_per_mwh: float,
    ppm: float,
    hours_per_year: float = HOURS_PER_YEAR,
) -> float:
    """Return the ceiling of `minor_source_mw` for NOx in ppm at 15 % oxygen [MW].

    Examples
    --------
    >>> round(minor_source_mw_at_ppm(250.0, 9.6, 25.0))
    65
    """
    rate = nox_lb_per_mwh(ppm, heat_rate_mmbtu_per_mwh)
    return minor_source_mw(tons_per_year, rate, hours_per_year)


def psd_tons(technology: str, heat_input_mmbtu_per_h: float = math.inf) -> float:
    """Return the tons of one pollutant that make a plant a major source under PSD.

    Parameters
    ----------
    technology
        As in the catalog; ``CC`` makes steam, nothing else does.
    heat_input_mmbtu_per_h
        Of all its steam-making units [MMBtu/h]; a small combined cycle is not listed.

    Returns
    -------
    float
        [short ton/a].

    Examples
    --------
    >>> psd_tons("CC"), psd_tons("AERO")
    (100.0, 250.0)
    """
    listed = technology == "CC" and heat_input_mmbtu_per_h > PSD_LISTED_STEAM_MMBTU_PER_H
    return PSD_LISTED_TONS if listed else PSD_TONS
