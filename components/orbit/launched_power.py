"""What a kilowatt of housed, cooled and powered IT costs a year in orbit, on paper."""

from components.orbit.satellite import Satellite


def launched_usd_per_kw_year(
    p: Satellite, kg_per_kw: float, launch_usd_per_kg: float, charge_rate: float
) -> float:
    r"""Return the yearly cost of a kW of IT in orbit without the racks themselves [USD/(kW a)].

    .. math:: r\,(c + m L) + o

    with the price c of the satellite, its mass m with racks, the launch price L, the yearly charge
    r on a dollar of overnight cost, and upkeep o.

    Parameters
    ----------
    p
        The satellite, at its price of 2025.
    kg_per_kw
        At launch, racks and all; `Satellite.mass` [kg/kW].
    launch_usd_per_kg
        Price of a launch [USD/kg].
    charge_rate
        Annuity over the satellite's life [1/a].

    References
    ----------
    .. [1] Google, "Towards a future space-based, highly scalable AI infrastructure system design,"
       arXiv:2511.19468, 2025: launched power price, launch alone and without interest, of about
       14,700 USD/(kW a) at 3,600 USD/kg and 810 at 200, for 20.4 kg/kW and five years.

    Examples
    --------
    The launched power price of [1]_:

    >>> from components.catalog.loader import load_family
    >>> free = load_family("satellite")["sat_28kw"].parameters.model_copy(
    ...     update={"capex_usd_per_kw": 0.0, "fixed_om_usd_per_kw_year": 0.0}
    ... )
    >>> [round(launched_usd_per_kw_year(free, 20.4, usd, 1 / 5)) for usd in (3600, 200)]
    [14688, 816]
    """
    overnight = p.capex_usd_per_kw + kg_per_kw * launch_usd_per_kg
    return charge_rate * overnight + p.fixed_om_usd_per_kw_year


def break_even_usd_per_kg(
    p: Satellite, kg_per_kw: float, other_usd_per_kw_year: float, charge_rate: float
) -> float:
    """Return the launch price at which a kW of IT in orbit costs what it may [USD/kg].

    Below zero where satellites alone, launched for nothing, cost more than that.

    Parameters
    ----------
    p, kg_per_kw, charge_rate
        As in `launched_usd_per_kw_year`.
    other_usd_per_kw_year
        What it may cost: such as power, hall and cooling plant of a kW on the ground, less what
        the racks in orbit cost more by failing and by standing idle.
    """
    left = other_usd_per_kw_year - launched_usd_per_kw_year(p, kg_per_kw, 0.0, charge_rate)
    return left / (charge_rate * kg_per_kw)
