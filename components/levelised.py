r"""What power has to cost over a plant's life so that its owners earn what they ask for.

The planner charges assets level real amounts (`components.finance`). Here the same plant is seen as
a project with loans: nominal dollars, year by year, with construction, debt service, depreciation
and tax. The answer is the constant price p at which the owners' cash flow is worth nothing today,

.. math:: \sum_y \frac{(p E_y - O_y)(1 - \tau) - S_y + \tau (D_y + I_y) + C_y - K_y}{(1 + e)^y} = 0

with energy E, operating cost O, debt service S, depreciation D, interest I, credit C, the owners'
share K of what is built, tax rate tau and return on equity e. It is linear in p, so p is found by
division. A loss in a year is worth its tax at once, set against other income of the owners.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from components.base import Floats
from components.finance import annuity


@dataclass(frozen=True, slots=True, kw_only=True)
class Loans:
    """How a plant is paid for. All rates are nominal.

    Attributes
    ----------
    debt_share
        Debt over overnight cost [1].
    debt_rate
        Interest, a share per year [1].
    debt_years
        Level payments from the first year of service on [a].
    equity_rate
        What owners ask for, a share per year [1].
    tax_rate
        Of income, below 1 [1].
    credit_share
        Investment tax credit over the cost of what has it, in the first year of service [1].
    construction_years
        Over which the cost is spread evenly, the last one before service [a].
    depreciation
        Share of the basis in each year of service [1].
    """

    debt_share: float
    debt_rate: float
    debt_years: int
    equity_rate: float
    tax_rate: float
    credit_share: float
    construction_years: int
    depreciation: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Project:
    """What a plant costs and serves in the n years of its life.

    Attributes
    ----------
    capex_usd : item to number
        Overnight cost, with its share of what is bought for all [USD].
    credited
        Items that have the investment tax credit.
    served_mwh : (n,)
        Load served [MWh].
    fuel_mmbtu : (n,)
        Heat of fuel, HHV [MMBtu].
    fuel_usd_per_mmbtu
        Price in the first year of service [USD/MMBtu].
    fixed_om_usd_per_year
        At prices of the first year of service [USD/a].
    variable_om_usd : (n,)
        At prices of the first year of service [USD].
    fuel_escalation, om_escalation
        Rise of prices, a share per year [1].
    """

    capex_usd: Mapping[str, float]
    credited: frozenset[str]
    served_mwh: Floats
    fuel_mmbtu: Floats
    fuel_usd_per_mmbtu: float
    fixed_om_usd_per_year: float
    variable_om_usd: Floats
    fuel_escalation: float = 0.0
    om_escalation: float = 0.0

    @property
    def total_usd(self) -> float:
        """Overnight cost of everything [USD]."""
        return sum(self.capex_usd.values())

    @property
    def credited_usd(self) -> float:
        """Overnight cost of what has the credit [USD]."""
        return sum(usd for item, usd in self.capex_usd.items() if item in self.credited)

    @property
    def operating_usd(self) -> Floats:
        """Nominal operating cost of each year, (n,) [USD]."""
        year = np.arange(len(self.served_mwh))
        fuel = self.fuel_mmbtu * self.fuel_usd_per_mmbtu * (1 + self.fuel_escalation) ** year
        upkeep = self.fixed_om_usd_per_year + self.variable_om_usd
        return np.asarray(fuel + upkeep * (1 + self.om_escalation) ** year, dtype=float)


def levelise(project: Project, loans: Loans) -> float:
    """Return the constant nominal price that gives owners what they ask for.

    Parameters
    ----------
    project
        The plant, with n years of service.
    loans
        How it is paid for.

    Returns
    -------
    float
        Price of every MWh served [USD/MWh].

    Raises
    ------
    ValueError
        If series differ in length, an item with the credit has no cost, nothing is served, or
        loans outlast the plant.

    Examples
    --------
    A plant for 1,000 USD, built in a year and paid by its owners at 10 %, serves 1 MWh in the year
    after: 1,100 USD.

    >>> owners = Loans(
    ...     debt_share=0,
    ...     debt_rate=0.08,
    ...     debt_years=1,
    ...     equity_rate=0.10,
    ...     tax_rate=0,
    ...     credit_share=0,
    ...     construction_years=1,
    ...     depreciation=(1.0,),
    ... )
    >>> plant = Project(
    ...     capex_usd={"plant": 1000.0},
    ...     credited=frozenset(),
    ...     served_mwh=np.ones(1),
    ...     fuel_mmbtu=np.zeros(1),
    ...     fuel_usd_per_mmbtu=0,
    ...     fixed_om_usd_per_year=0,
    ...     variable_om_usd=np.zeros(1),
    ... )
    >>> round(levelise(plant, owners), 6)
    1100.0
    """
    _check(project, loans)
    keep = 1 - loans.tax_rate
    worth = _discount(len(project.served_mwh), loans)
    earned = keep * worth @ project.served_mwh
    needed = (
        _owners_usd(project, loans)
        + keep * worth @ project.operating_usd
        + worth @ _debt_after_tax(project, loans)
        - worth @ _credit_and_depreciation(project, loans)
    )
    return float(needed / earned)


def _check(project: Project, loans: Loans) -> None:
    n = len(project.served_mwh)
    for name in ("fuel_mmbtu", "variable_om_usd"):
        if len(getattr(project, name)) != n:
            msg = f"{name} has {len(getattr(project, name))} years, served_mwh has {n}"
            raise ValueError(msg)
    if unknown := sorted(project.credited - set(project.capex_usd)):
        msg = f"the credit is for {', '.join(unknown)}, which capex_usd does not name"
        raise ValueError(msg)
    if not project.served_mwh.sum() > 0:
        msg = "a plant that serves nothing has no price"
        raise ValueError(msg)
    if loans.debt_years > n:
        msg = f"loans of {loans.debt_years} years outlast the plant's {n} years of service"
        raise ValueError(msg)


def _discount(n: int, loans: Loans) -> Floats:
    """Worth of a dollar in each year of service, at the end of the year before service."""
    return np.asarray((1 + loans.equity_rate) ** -np.arange(1.0, n + 1), dtype=float)


def _owners_usd(project: Project, loans: Loans) -> float:
    """Worth of what owners pay while the plant is built, at the end of the last such year."""
    each = (1 - loans.debt_share) * project.total_usd / loans.construction_years
    years = np.arange(loans.construction_years)
    return float((each * (1 + loans.equity_rate) ** years).sum())


def _debt_after_tax(project: Project, loans: Loans) -> Floats:
    """Level debt service of each year, less the tax that its interest saves, (n,) [USD]."""
    debt = loans.debt_share * project.total_usd
    service = debt * annuity(loans.debt_rate, loans.debt_years)
    paid = np.arange(loans.debt_years)
    growth = (1 + loans.debt_rate) ** paid
    repaid = (growth - 1) / loans.debt_rate if loans.debt_rate else paid
    interest = loans.debt_rate * (debt * growth - service * repaid)
    found = np.zeros(len(project.served_mwh))
    found[: loans.debt_years] = service - loans.tax_rate * interest
    return found


def _credit_and_depreciation(project: Project, loans: Loans) -> Floats:
    """Tax that credit and depreciation save in each year, (n,) [USD].

    The credit takes half of itself off the basis, 26 USC 50(c)(3). What is not depreciated when
    the plant's life ends is lost.
    """
    credit = loans.credit_share * project.credited_usd
    basis = project.total_usd - credit / 2
    saved = np.zeros(len(project.served_mwh))
    shares = np.array(loans.depreciation[: len(saved)])
    saved[: len(shares)] = loans.tax_rate * basis * shares
    saved[0] += credit
    return saved
