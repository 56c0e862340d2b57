"""What a radiator gives to space: heat by area, and its area and mass by heat."""

STEFAN_BOLTZMANN_W_M2_K4 = 5.670374419e-8
"""Stefan-Boltzmann constant, CODATA 2018 [W/(m2 K4)]."""

KELVIN = 273.15


def radiator_c(supply_c: float, return_c: float, drop_k: float) -> float:
    """Return the mean temperature of a radiator's surface that cools a loop [degC].

    .. math:: T = (T_{supply} + T_{return}) / 2 - d

    The mean of the ends stands for the panel: the fourth power makes less than 0.1 % of difference
    over the 10 K of a cold-plate loop.

    Parameters
    ----------
    supply_c, return_c
        Coolant to the cold plates, and back from them [degC].
    drop_k
        Coolant over surface: pipe wall, face sheet and fin [K].
    """
    return (supply_c + return_c) / 2 - drop_k


def flux_w_per_m2(
    surface_c: float, *, emissivity: float, sides: int, absorbed_w_per_m2: float
) -> float:
    r"""Return the heat that a square metre of panel gives away net [W/m2].

    .. math:: q = n\,\varepsilon\,\sigma\,T^4 - q_{absorbed}

    Space itself, at 3 K, gives nothing back that counts.

    Parameters
    ----------
    surface_c
        Temperature of the surface [degC].
    emissivity
        In the infrared [1].
    sides
        Faces of the panel that see space: 1 or 2.
    absorbed_w_per_m2
        Infrared and reflected sunlight of the Earth, and sunlight at the panel's edge, over all
        faces together [W/m2].

    Raises
    ------
    ValueError
        If the panel takes up at least what it gives away, so that no area is enough.

    References
    ----------
    .. [1] D. G. Gilmore (ed.), Spacecraft Thermal Control Handbook, vol. 1, 2nd ed., 2002, ch. 6.

    Examples
    --------
    Both faces at 40 degC, an emissivity of 0.9, and 150 W/m2 taken up:

    >>> round(flux_w_per_m2(40.0, emissivity=0.9, sides=2, absorbed_w_per_m2=150.0), 1)
    831.5
    """
    kelvin = surface_c + KELVIN
    emitted = sides * emissivity * STEFAN_BOLTZMANN_W_M2_K4 * kelvin**4
    if emitted <= absorbed_w_per_m2:
        msg = (
            f"a radiator at {surface_c:g} degC emits {emitted:.0f} W/m2 and takes up "
            f"{absorbed_w_per_m2:g}; try a warmer coolant"
        )
        raise ValueError(msg)
    return emitted - absorbed_w_per_m2
