"""Income tax on an investment: what depreciation, credits and the mix of capital make of its cost.

The revenue that an asset needs each year is its overnight cost times a fixed charge rate; income
tax makes that rate differ from the annuity. Operating costs are deducted in the year they are paid
and are not changed by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

HALF_YEAR_PERCENT: Mapping[int, tuple[float, ...]] = MappingProxyType(
    {
        5: (20.0, 32.0, 19.2, 11.52, 11.52, 5.76),
        7: (14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46),
        15: (5.0, 9.5, 8.55, 7.7, 6.93, 6.23, 5.9, *(5.9, 5.91) * 4, 2.95),
        20: (3.75, 7.219, 6.677, 6.177, 5.713, 5.285, 4.888, 4.522, *(4.462, 4.461) * 6, 2.231),
        39: (1.177, *(2.564,) * 38, 1.391),
    }
)
"""Share of the basis that is depreciated in each year of service, by recovery period [%].

IRS Publication 946 (2024), tables A-1 (5 to 20 years, half-year convention) and A-7a (39 years,
mid-month convention, placed in service in July); the same as Rev. Proc. 87-57, 1987-2 C.B. 687.
"""

CLEAN_POWER_YEARS = 5
"""Plants that emit nothing, fuel cells and storage: 26 USC 168(e)(3)(B)(vi) and (viii)."""

COMPUTER_YEARS = 5
"""Computers and their peripheral equipment: Rev. Proc. 87-56, asset class 00.12."""

COMBUSTION_YEARS = 15
"""Combustion turbines and engines with their generators: Rev. Proc. 87-56, asset class 49.15."""

COMBINED_CYCLE_YEARS = 20
"""Steam plant, and turbines in a combined cycle with it: Rev. Proc. 87-56, asset class 49.13."""

TRANSMISSION_YEARS = 15
"""Transmission of electricity at 69 kV or more, as of a campus: 26 USC 168(e)(3)(E)(vii)."""

PIPELINE_YEARS = 15
"""Trunk pipelines and related storage: Rev. Proc. 87-56, asset class 49.24."""

LAND_IMPROVEMENT_YEARS = 15
"""Roads, sewers, grading and fences: Rev. Proc. 87-56, asset class 00.3."""

BUILDING_YEARS = 39
"""Buildings other than dwellings: 26 USC 168(c). Machinery in them may be split off, to 15."""

LONGEST_BONUS_YEARS = 20
"""Longest recovery period with bonus depreciation: 26 USC 168(k)(2)(A)(i)(I)."""


@dataclass(frozen=True, slots=True)
class Taxes:
    """Mix of capital and income tax of whoever invests. All rates are nominal, before tax.

    Attributes
    ----------
    debt_share
        Debt over all capital [1].
    debt_rate, equity_rate
        What lenders and owners ask for, a share per year [1].
    tax_rate
        Of income, federal and state together [1].
    bonus_depreciation
        Share of the basis that is depreciated in the first year; 1 since P.L. 119-21 [1].
    inflation
        Per year; only depreciation and interest are fixed in nominal dollars [1].
    """

    debt_share: float
    debt_rate: float
    equity_rate: float
    tax_rate: float
    bonus_depreciation: float = 1.0
    inflation: float = 0.0

    @property
    def nominal_cost_of_capital(self) -> float:
        """Weighted cost of capital after tax: interest is deducted [1]."""
        debt = self.debt_share * self.debt_rate * (1 - self.tax_rate)
        return debt + (1 - self.debt_share) * self.equity_rate

    @property
    def real_cost_of_capital(self) -> float:
        """Weighted cost of capital after tax and inflation [1]."""
        return (1 + self.nominal_cost_of_capital) / (1 + self.inflation) - 1

    def worth_of_depreciation(self, recovery_years: int) -> float:
        """Return what a dollar of basis is worth as depreciation: discounted at the nominal cost.

        Parameters
        ----------
        recovery_years
            A key of `HALF_YEAR_PERCENT` [a].

        Returns
        -------
        float
            Present value of all depreciation over the basis, 0 to 1 [1].

        Raises
        ------
        ValueError
            If there is no table for the recovery period.
        """
        return sum(
            share / (1 + self.nominal_cost_of_capital) ** year
            for year, share in enumerate(self._depreciation(recovery_years), start=1)
        )

    def _depreciation(self, recovery_years: int) -> tuple[float, ...]:
        table = depreciation(recovery_years)
        if recovery_years > LONGEST_BONUS_YEARS:
            return table
        left = 1 - self.bonus_depreciation
        return (self.bonus_depreciation + left * table[0], *(left * share for share in table[1:]))


def depreciation(recovery_years: int) -> tuple[float, ...]:
    """Return the share of the basis that is depreciated in each year of service; they sum to 1.

    Raises
    ------
    ValueError
        If there is no table for the recovery period.

    Examples
    --------
    >>> depreciation(5)
    (0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576)
    """
    if recovery_years not in HALF_YEAR_PERCENT:
        known = ", ".join(map(str, HALF_YEAR_PERCENT))
        msg = f"no depreciation table for {recovery_years} years; there are {known}"
        raise ValueError(msg)
    return tuple(round(percent / 100, 5) for percent in HALF_YEAR_PERCENT[recovery_years])


def finance_factor(tax_rate: float, worth_of_depreciation: float, credit_share: float) -> float:
    r"""Return the income before tax that recovers a dollar of overnight cost.

    .. math:: \frac{1 - c - \tau\,(1 - c/2)\,d}{1 - \tau}

    with the investment credit c, which takes half of itself off the basis (26 USC 50(c)(3)), the
    tax rate tau, and the worth d of depreciating a dollar.

    Parameters
    ----------
    tax_rate
        Of income, below 1 [1].
    worth_of_depreciation
        From `Taxes.worth_of_depreciation` [1].
    credit_share
        Investment tax credit over overnight cost [1].

    Returns
    -------
    float
        Over overnight cost, all at present value [1].

    References
    ----------
    .. [1] NREL, Annual Technology Baseline 2024, "Equations and Variables", ProFinFactor.

    Examples
    --------
    >>> finance_factor(0.0, 0.9, 0.3)
    0.7
    """
    basis = 1 - credit_share / 2
    return (1 - credit_share - tax_rate * basis * worth_of_depreciation) / (1 - tax_rate)
