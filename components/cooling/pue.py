"""Power usage effectiveness, hour by hour, from dry- and wet-bulb temperature."""

import numpy as np
from numpy.typing import NDArray

from components.base import Floats
from components.cooling.parameters import Cooling

EVAPORATOR_APPROACH_K = 2.0
"""Evaporator under the supply temperature [K]."""
LEAST_LIFT_K = 6.0
"""Compressors do not run at a smaller temperature lift [K]."""
COP_BOUNDS = (2.5, 16.0)
"""Coefficients of performance seen in practice [1]."""

SLOWEST_FAN = 0.55
"""Fan power of a dry cooler in cold weather over that at full speed [1]."""
FAN_RAMP_C = (5.0, 35.0)
"""Outdoor temperatures between which dry-cooler fans speed up [degC]."""


def pue(p: Cooling, drybulb_c: Floats, wetbulb_c: Floats) -> Floats:
    r"""Return facility power over IT power in each hour.

    Linear in the load once the temperature is fixed, so it does not depend on how full the site
    is [1]_. With the share s of heat in liquid, and for each circuit its compressors c, fans and
    pumps per unit of heat,

    .. math:: 1 + l_{el} + l_{misc} + s\,(c_l + fans_l + pumps_l)
              + (1-s)\,(c_a + fans_a + pumps_a)

    Compressors carry what the outdoors at T (`outdoor_c`), with the circuit's approach a, cannot:

    .. math:: c = (1-f) / COP, \quad
              f = clip\left(\frac{T_{return} - T - a}{T_{return} - T_{supply}}, 0, 1\right)

    A dry cooler with wet pads has its liquid meet air of the pads' temperature, and fans at
    ``pad_fan_share``, while dry air alone is too warm. Full-load figures; part-load effects and
    humidity control are left out.

    Parameters
    ----------
    p
        The cooling type.
    drybulb_c, wetbulb_c : (H,)
        Outdoor temperatures [degC].

    Returns
    -------
    (H,)
        PUE, at least one plus the electrical and miscellaneous losses [1].

    Raises
    ------
    ValueError
        If the two series differ in shape, or a wet bulb lies above its dry bulb.

    References
    ----------
    .. [1] N. Lei, E. Masanet, "Statistical analysis for predicting location-specific data center
       PUE and its improvement potential," Energy 201 (2020) 117556,
       doi:10.1016/j.energy.2020.117556.

    Examples
    --------
    Liquid at 40 degC in cool air needs no compressor: fans and pumps only.

    >>> from components.catalog.loader import load_family
    >>> liquid = load_family("cooling")["liquid_dry"].parameters
    >>> pue(liquid, np.array([10.0, 40.0]), np.array([8.0, 22.0])).round(3).tolist()
    [1.096, 1.189]
    """
    liquid, air = compressors(p, drybulb_c, wetbulb_c)
    cold, hot = FAN_RAMP_C
    fan_speed = np.clip((drybulb_c - cold) / (hot - cold), 0, 1)
    liquid_fans = p.liquid_fan_share * (SLOWEST_FAN + (1 - SLOWEST_FAN) * fan_speed)
    if p.has_pads:
        liquid_fans = np.where(pads_are_wet(p, drybulb_c), p.pad_fan_share, liquid_fans)
    per_heat = p.liquid_share * (liquid + liquid_fans + p.liquid_pump_share)
    per_heat += (1 - p.liquid_share) * (air + p.air_fan_share + p.air_pump_share)
    return np.asarray(1 + p.electrical_loss_share + p.misc_share + per_heat, dtype=float)


def outdoor_c(p: Cooling, drybulb_c: Floats, wetbulb_c: Floats) -> Floats:
    """Return the temperature that heat is rejected to [degC].

    Dry bulb; wet bulb with a tower; with adiabatic coolers ``T_db - e (T_db - T_wb)``, which air
    reaches that passes wet media of effectiveness e.

    Raises
    ------
    ValueError
        If the two series differ in shape, or a wet bulb lies above its dry bulb.
    """
    if drybulb_c.shape != wetbulb_c.shape:
        msg = f"dry and wet bulb must have one shape, got {drybulb_c.shape} and {wetbulb_c.shape}"
        raise ValueError(msg)
    # Weather files round each to 0.1 K.
    if (above := wetbulb_c - drybulb_c > 0.1).any():
        hour = int(np.argmax(above))
        msg = f"wet bulb {wetbulb_c[hour]} over dry bulb {drybulb_c[hour]} degC in hour {hour}"
        raise ValueError(msg)
    if p.heat_rejection == "tower":
        return wetbulb_c
    return drybulb_c if p.heat_rejection == "dry" else _wetted_c(p, drybulb_c, wetbulb_c)


def _wetted_c(p: Cooling, drybulb_c: Floats, wetbulb_c: Floats) -> Floats:
    depression_k = np.maximum(drybulb_c - wetbulb_c, 0)
    return np.asarray(drybulb_c - p.wetting_effectiveness * depression_k, dtype=float)


def pads_are_wet(p: Cooling, drybulb_c: Floats) -> NDArray[np.bool_]:
    """Tell in which hours dry air alone would not cool the liquid to its supply temperature."""
    return np.asarray(drybulb_c + p.liquid_approach_k > p.liquid_supply_c)


def compressors(p: Cooling, drybulb_c: Floats, wetbulb_c: Floats) -> tuple[Floats, Floats]:
    """Return compressor power per unit of heat of the liquid and of the air circuit [1].

    Raises
    ------
    ValueError
        As `outdoor_c`.
    """
    outdoor = outdoor_c(p, drybulb_c, wetbulb_c)
    at_liquid = outdoor
    if p.has_pads:
        wetted = _wetted_c(p, drybulb_c, wetbulb_c)
        at_liquid = np.where(pads_are_wet(p, drybulb_c), wetted, drybulb_c)
    liquid = p.liquid_supply_c, p.liquid_return_c, p.liquid_approach_k
    air = p.air_supply_c, p.air_return_c, p.air_approach_k
    return compressor_share(p, at_liquid, *liquid), compressor_share(p, outdoor, *air)


def compressor_share(
    p: Cooling, outdoor_c: Floats, supply_c: float, return_c: float, approach_k: float
) -> Floats:
    """Return compressor power per unit of heat of one circuit.

    The outdoors cools the circuit from its return temperature as far as it can; a chiller with a
    fixed share of Carnot's coefficient of performance does the rest, and its condenser gives the
    heat to the same place.

    Parameters
    ----------
    p
        The cooling type; gives the chiller's efficiency and its condenser's approach.
    outdoor_c : (H,)
        What heat is rejected to [degC].
    supply_c, return_c
        Of the circuit [degC].
    approach_k
        Circuit over the outdoors without compressor [K].

    Returns
    -------
    (H,)
        Compressor power over heat, not negative [1].
    """
    free = np.clip((return_c - outdoor_c - approach_k) / (return_c - supply_c), 0, 1)
    evaporator_c = supply_c - EVAPORATOR_APPROACH_K
    lift_k = np.maximum(outdoor_c + p.condenser_approach_k - evaporator_c, LEAST_LIFT_K)
    cop = np.clip(p.chiller_efficiency * (evaporator_c + 273.15) / lift_k, *COP_BOUNDS)
    return np.asarray((1 - free) / cop, dtype=float)
