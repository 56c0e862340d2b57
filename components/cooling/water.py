"""Water that cooling uses up, hour by hour, from dry- and wet-bulb temperature."""

import numpy as np

from components.base import Floats
from components.cooling.parameters import Cooling
from components.cooling.pue import compressors, outdoor_c

LITRES_PER_KWH = 3.6 / 2.45
"""Water that takes up 1 kWh by evaporating; 2.45 MJ/kg at 20 degC [L/kWh]."""
BLOWDOWN = 1.25
"""Make-up over evaporation at five cycles of concentration [1]."""
PAD_SPAN_K = 12.0
"""Excess of the dry bulb at which the pads of a dry cooler are wet all over [K]."""


def water_l_per_kwh(p: Cooling, drybulb_c: Floats, wetbulb_c: Floats) -> Floats:
    r"""Return water use over IT energy in each hour (WUE).

    - **dry**: none in its closed circuits, but for wet pads.
    - **tower**: evaporates for the latent part of all heat it rejects, that of compressors too:
      ``latent = clip(0.60 + 0.013 T_db, 0.55, 0.98)``.
    - **adiabatic**: cools air by :math:`d = clip(T_{db} + a - T_{supply}, 0, e (T_{db} - T_{wb}))`,
      no further than is needed. Air that takes up heat over ``return - supply`` needs evaporation
      for d over that range of the heat, and never more than a tower's latent part.
    - **pads** of a dry cooler: ``pad_water_l_per_mwh * clip((T_db + a - T_supply) / 12, 0, 1)`` of
      the heat in liquid.

    A tower and adiabatic coolers blow down a fifth of what they take in; the figure of pads is
    with it. Equations after [1]_.

    Parameters
    ----------
    p
        The cooling type.
    drybulb_c, wetbulb_c : (H,)
        Outdoor temperatures [degC].

    Returns
    -------
    (H,)
        Make-up water per kWh of IT [L/kWh].

    Raises
    ------
    ValueError
        If the two series differ in shape, or a wet bulb lies above its dry bulb.

    References
    ----------
    .. [1] N. Lei, E. Masanet, "Climate- and technology-specific PUE and WUE estimations for U.S.
       data centers using a hybrid statistical and thermodynamics-based approach," Resources,
       Conservation and Recycling 182 (2022) 106323, doi:10.1016/j.resconrec.2022.106323.

    Examples
    --------
    >>> from components.catalog.loader import load_family
    >>> wet = load_family("cooling")["liquid_pads"].parameters
    >>> water_l_per_kwh(wet, np.array([30.0, 39.0]), np.array([20.0, 22.0])).round(3).tolist()
    [0.0, 0.4]
    """
    outdoor_c(p, drybulb_c, wetbulb_c)
    latent = np.clip(0.60 + 0.013 * drybulb_c, 0.55, 0.98)
    evaporated = np.zeros_like(latent)
    if p.heat_rejection == "tower":
        liquid, air = compressors(p, drybulb_c, wetbulb_c)
        evaporated = latent * (1 + p.liquid_share * liquid + (1 - p.liquid_share) * air)
    elif p.heat_rejection == "adiabatic":
        circuits = (
            (p.liquid_share, p.liquid_supply_c, p.liquid_return_c, p.liquid_approach_k),
            (1 - p.liquid_share, p.air_supply_c, p.air_return_c, p.air_approach_k),
        )
        most_k = p.wetting_effectiveness * np.maximum(drybulb_c - wetbulb_c, 0)
        for share, supply_c, return_c, approach_k in circuits:
            drop_k = np.clip(drybulb_c + approach_k - supply_c, 0, most_k)
            evaporated += share * np.minimum(drop_k / (return_c - supply_c), latent)
    pads = np.clip((drybulb_c + p.liquid_approach_k - p.liquid_supply_c) / PAD_SPAN_K, 0, 1)
    made_up = LITRES_PER_KWH * BLOWDOWN * evaporated
    return np.asarray(made_up + 1e-3 * p.liquid_share * p.pad_water_l_per_mwh * pads, dtype=float)
