"""The cost of money: annuities and credits."""

from collections.abc import Sequence

from components.base import Expr, Setting


def annuity(rate: float, life_years: float) -> float:
    """Return the yearly payment that repays one dollar with interest over a life.

    .. math:: r / (1 - (1 + r)^{-n})

    Parameters
    ----------
    rate
        Real cost of capital per year, not negative [1].
    life_years
        Years of payment, positive [a].

    Returns
    -------
    float
        Capital recovery factor [1/a].

    Raises
    ------
    ValueError
        If the rate is negative or the life not positive.

    References
    ----------
    .. [1] W. Short, D. J. Packey, T. Holt, "A Manual for the Economic Evaluation of Energy
       Efficiency and Renewable Energy Technologies," NREL/TP-462-5173, 1995, p. 18,
       doi:10.2172/35391.

    Examples
    --------
    >>> round(annuity(0.08, 20), 5)
    0.10185
    >>> annuity(0.0, 20)
    0.05
    """
    if rate < 0 or life_years <= 0:
        msg = f"annuity needs rate >= 0 and life > 0, got rate {rate} and life {life_years}"
        raise ValueError(msg)
    if rate == 0:
        return 1 / life_years
    return float(rate / (1 - (1 + rate) ** -life_years))


def price_path(year: int, price_2025: float, price_2030: float) -> float:
    """Return a price on the straight line from 2025 to 2030, flat outside.

    Examples
    --------
    >>> price_path(2027, 300.0, 200.0)
    260.0
    >>> price_path(2040, 300.0, 200.0)
    200.0
    """
    passed = min(max(year - 2025, 0), 5) / 5
    return price_2025 + passed * (price_2030 - price_2025)


def annual_charges(
    additions_usd: Sequence[Expr], life_years: float, setting: Setting
) -> tuple[Expr, ...]:
    """Spread overnight costs over the periods in which the additions serve.

    Parameters
    ----------
    additions_usd : n expressions
        Overnight cost, after credits, of what is added in each period [USD].
    life_years
        Economic life; payments stop with it [a].
    setting
        Periods and cost of capital.

    Returns
    -------
    n expressions
        Yearly capital charge in each period [USD/a].
    """
    rate = annuity(setting.cost_of_capital, life_years)
    periods = setting.periods
    return tuple(
        rate * sum(additions_usd[v] for v in periods.alive(t, life_years)) for t in periods.index
    )
