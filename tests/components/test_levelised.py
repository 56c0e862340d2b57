from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.finance import annuity
from components.levelised import Loans, Project, levelise
from components.taxes import HALF_YEAR_PERCENT, Taxes, depreciation, finance_factor

LOANS = Loans(
    debt_share=0.7,
    debt_rate=0.075,
    debt_years=20,
    equity_rate=0.11,
    tax_rate=0.21,
    credit_share=0.3,
    construction_years=2,
    depreciation=depreciation(5),
)
PLANT = Project(
    capex_usd={"solar": 3e8, "gas": 1e8},
    credited=frozenset({"solar"}),
    served_mwh=np.full(20, 8.76e5),
    fuel_mmbtu=np.full(20, 4e6),
    fuel_usd_per_mmbtu=5.0,
    fixed_om_usd_per_year=6e6,
    variable_om_usd=np.linspace(1e6, 2e6, 20),
    fuel_escalation=0.03,
    om_escalation=0.025,
)


def owners_worth(project: Project, loans: Loans, price: float) -> float:
    """Worth of the owners' cash flow, written out year by year as an accountant would [USD]."""
    total = project.total_usd
    owed = loans.debt_share * total
    level = owed * annuity(loans.debt_rate, loans.debt_years)
    credit = loans.credit_share * project.credited_usd
    worth = 0.0
    for year in range(1 - loans.construction_years, 1):
        paid = (1 - loans.debt_share) * total / loans.construction_years
        worth -= paid / (1 + loans.equity_rate) ** year
    for year in range(1, len(project.served_mwh) + 1):
        fuel = project.fuel_usd_per_mmbtu * (1 + project.fuel_escalation) ** (year - 1)
        upkeep = project.fixed_om_usd_per_year + project.variable_om_usd[year - 1]
        earned = price * project.served_mwh[year - 1] - fuel * project.fuel_mmbtu[year - 1]
        earned -= upkeep * (1 + project.om_escalation) ** (year - 1)
        interest = loans.debt_rate * owed
        service = level if year <= loans.debt_years else 0.0
        owed -= service - interest
        shares = loans.depreciation
        written_off = shares[year - 1] * (total - credit / 2) if year <= len(shares) else 0.0
        tax = loans.tax_rate * (earned - interest - written_off)
        cash = earned - service - tax + (credit if year == 1 else 0.0)
        worth += cash / (1 + loans.equity_rate) ** year
    return worth


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"debt_share": 0.0},
        {"debt_share": 1.0},
        {"debt_rate": 0.0},
        {"debt_years": 12},
        {"tax_rate": 0.0},
        {"credit_share": 0.0},
        {"construction_years": 1},
        {"construction_years": 4},
        {"depreciation": depreciation(20)},
    ],
    ids=str,
)
def test_at_the_price_owners_earn_just_what_they_ask_for(change: dict[str, float]) -> None:
    loans = replace(LOANS, **change)

    price = levelise(PLANT, loans)

    assert owners_worth(PLANT, loans, price) == pytest.approx(0, abs=1e-3)
    assert owners_worth(PLANT, loans, price + 1) > 1e5


@given(years=st.sampled_from(sorted(set(HALF_YEAR_PERCENT) - {39})), credit=st.floats(0, 0.5))
def test_level_cost_of_owners_alone_is_the_fixed_charge_rate(years: int, credit: float) -> None:
    """One owner, no debt, no inflation, built at once: the charge of `components.finance`.

    The credit comes a year after the money here, and at once there; it is put at par by 1 + e.
    """
    loans = replace(
        LOANS,
        debt_share=0.0,
        construction_years=1,
        credit_share=credit,
        depreciation=depreciation(years),
    )
    bare = replace(
        PLANT,
        served_mwh=np.ones(25),
        fuel_mmbtu=np.zeros(25),
        variable_om_usd=np.zeros(25),
        fixed_om_usd_per_year=0.0,
        credited=frozenset({"solar", "gas"}),
    )
    owner = Taxes(0.0, 0.0, 0.11, 0.21, bonus_depreciation=0.0)
    factor = finance_factor(0.21, owner.worth_of_depreciation(years), credit)
    late = credit * (1 - 1 / 1.11) / 0.79
    expected = annuity(0.11, 25) * (factor + late) * bare.total_usd

    assert levelise(bare, loans) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fuel_mmbtu": np.ones(3)}, "fuel_mmbtu has 3 years, served_mwh has 20"),
        ({"variable_om_usd": np.ones(21)}, "variable_om_usd has 21 years"),
        ({"credited": frozenset({"wind"})}, "credit is for wind, which capex_usd does not name"),
        ({"served_mwh": np.zeros(20)}, "serves nothing"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        levelise(replace(PLANT, **change), LOANS)


def test_loans_may_not_outlast_the_plant() -> None:
    with pytest.raises(ValueError, match="21 years outlast the plant's 20 years"):
        levelise(PLANT, replace(LOANS, debt_years=21))
