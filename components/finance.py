"""The cost of money: annuities, and the yearly charge on what is built."""

from collections.abc import Sequence

from components.base import Expr, Setting
from components.taxes import finance_factor


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


def charge_rate(
    setting: Setting,
    life_years: float,
    *,
    credit_share: float = 0.0,
    recovery_years: int | None = None,
    depreciable_share: float = 1.0,
) -> float:
    r"""Return the yearly real charge on a dollar of overnight cost: the fixed charge rate.

    Without taxes, ``annuity(cost_of_capital) * (1 - credit)``. With taxes,

    .. math:: \mathrm{CRF}(w, n) \cdot \mathrm{ProFinFactor}

    with the real weighted cost of capital after tax w [1]_ [2]_. Charges are level in real dollars;
    depreciation and interest are nominal, so inflation lowers what they save. The credit comes with
    service entry.

    Parameters
    ----------
    setting
        Cost of capital, or taxes.
    life_years
        Years of payment [a].
    credit_share
        Investment tax credit over overnight cost [1].
    recovery_years
        Recovery period of depreciation, a key of `components.taxes.HALF_YEAR_PERCENT`; has to be
        given where there are taxes [a].
    depreciable_share
        Overnight cost that can be depreciated; land cannot [1].

    Returns
    -------
    float
        Fixed charge rate [1/a].

    Raises
    ------
    ValueError
        If there are taxes and no recovery period.

    References
    ----------
    .. [1] W. Short, D. J. Packey, T. Holt, "A Manual for the Economic Evaluation of Energy
       Efficiency and Renewable Energy Technologies," NREL/TP-462-5173, 1995, section
       "Total Life-Cycle Cost / Revenue Requirements", doi:10.2172/35391.
    .. [2] NREL, Annual Technology Baseline 2024, "Equations and Variables",
       https://atb.nrel.gov/electricity/2024/equations_&_variables.
    """
    taxes = setting.taxes
    if taxes is None:
        return annuity(setting.cost_of_capital, life_years) * (1 - credit_share)
    if recovery_years is None:
        msg = "with taxes, a charge needs the recovery period of its depreciation; see taxes.py"
        raise ValueError(msg)
    worth = depreciable_share * taxes.worth_of_depreciation(recovery_years)
    factor = finance_factor(taxes.tax_rate, worth, credit_share)
    return annuity(taxes.real_cost_of_capital, life_years) * factor


def annual_charges(
    additions_usd: Sequence[Expr],
    life_years: float,
    setting: Setting,
    *,
    credit_shares: Sequence[float] | None = None,
    recovery_years: int | None = None,
    depreciable_share: float = 1.0,
) -> tuple[Expr, ...]:
    """Spread overnight costs over the periods in which the additions serve.

    Parameters
    ----------
    additions_usd : n expressions
        Overnight cost, before credits, of what is added in each period [USD].
    life_years
        Economic life; payments stop with it [a].
    setting
        Periods, cost of capital and taxes.
    credit_shares : n numbers
        Investment tax credit in force when each period's additions enter service; none: no credit
        [1].
    recovery_years, depreciable_share
        As in `charge_rate`.

    Returns
    -------
    n expressions
        Yearly capital charge in each period [USD/a].
    """
    periods = setting.periods
    rates = [
        charge_rate(
            setting,
            life_years,
            credit_share=credit,
            recovery_years=recovery_years,
            depreciable_share=depreciable_share,
        )
        for credit in credit_shares or (0.0,) * len(periods)
    ]
    return tuple(
        sum(rates[v] * additions_usd[v] for v in periods.alive(t, life_years))
        for t in periods.index
    )
