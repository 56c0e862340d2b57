"""What a MWh of a gas plant costs at the busbar, on paper: to check catalog and plan by hand."""

HOURS_PER_YEAR = 8760

MMBTU_PER_MCF = 1.037
"""Heat of natural gas as delivered in the US, HHV; EIA, approximate heat content [MMBtu/Mcf]."""


def busbar_usd_per_mwh(
    capex_usd_per_kw: float,
    fixed_om_usd_per_kw_year: float,
    variable_om_usd_per_mwh: float,
    heat_rate_mmbtu_per_mwh: float,
    gas_usd_per_mmbtu: float,
    *,
    capital_recovery: float,
    capacity_factor: float,
) -> float:
    r"""Return the levelised cost of a MWh from a plant that burns gas.

    .. math:: \frac{1000\,(r I + F)}{8760\,\phi} + V + h g

    with overnight cost I, fixed cost F, variable cost V, heat rate h, price of gas g, capital
    recovery factor r and capacity factor phi; no taxes, no growth of prices.

    Parameters
    ----------
    capex_usd_per_kw
        Overnight, installed [USD/kW].
    fixed_om_usd_per_kw_year
        Fixed operation and maintenance [USD/(kW a)].
    variable_om_usd_per_mwh
        Variable operation and maintenance [USD/MWh].
    heat_rate_mmbtu_per_mwh
        As operated, HHV [MMBtu/MWh].
    gas_usd_per_mmbtu
        Delivered [USD/MMBtu].
    capital_recovery
        Yearly payment for a dollar, such as `components.finance.annuity` gives [1/a].
    capacity_factor
        Mean output over the rating, above 0 and at most 1 [1].

    Returns
    -------
    float
        [USD/MWh].

    Raises
    ------
    ValueError
        If the capacity factor is out of range.

    References
    ----------
    .. [1] W. Short, D. J. Packey, T. Holt, "A Manual for the Economic Evaluation of Energy
       Efficiency and Renewable Energy Technologies," NREL/TP-462-5173, 1995, p. 47,
       doi:10.2172/35391.

    Examples
    --------
    >>> from components.finance import annuity
    >>> r = annuity(0.08, 20)
    >>> round(busbar_usd_per_mwh(1700, 18, 6, 7.6, 5, capital_recovery=r, capacity_factor=0.85), 1)
    69.7
    """
    if not 0 < capacity_factor <= 1:
        msg = f"capacity factor must be above 0 and at most 1, got {capacity_factor}"
        raise ValueError(msg)
    per_year = capital_recovery * capex_usd_per_kw + fixed_om_usd_per_kw_year
    fixed = 1000 * per_year / (HOURS_PER_YEAR * capacity_factor)
    return fixed + variable_om_usd_per_mwh + heat_rate_mmbtu_per_mwh * gas_usd_per_mmbtu


def gas_mmcf_per_day(mw: float, heat_rate_mmbtu_per_mwh: float) -> float:
    """Return the flow of gas that a plant takes at a steady output.

    Parameters
    ----------
    mw
        Mean output [MW].
    heat_rate_mmbtu_per_mwh
        As operated, HHV [MMBtu/MWh].

    Returns
    -------
    float
        Million cubic feet a day [MMcf/d].

    Examples
    --------
    >>> round(gas_mmcf_per_day(100, 9), 1)
    20.8
    """
    return mw * heat_rate_mmbtu_per_mwh * 24 / MMBTU_PER_MCF / 1000
