"""The section of money: income tax is off unless asked for, and has to leave a cost of capital."""

import pytest
from pydantic import ValidationError

from planner.scenario import Scenario


def test_tax_and_domestic_content_are_off_by_default() -> None:
    finance = Scenario(title="x").finance

    assert finance.after_tax is None
    assert not finance.domestic_content


def test_an_empty_section_of_tax_takes_sourced_defaults() -> None:
    """0.6 x 8 % x 0.743 + 0.4 x 12 % = 8.3664 %; real 1.083664 / 1.025 - 1 = 5.7233 %."""
    scenario = Scenario.model_validate({"title": "x", "finance": {"after_tax": {}}})
    taxes = scenario.finance.after_tax.taxes()

    assert taxes.nominal_cost_of_capital == pytest.approx(0.083664)
    assert taxes.real_cost_of_capital == pytest.approx(0.057233, abs=1e-6)
    assert taxes.bonus_depreciation == 1


def test_inflation_may_not_eat_all_that_capital_asks_for() -> None:
    after_tax = {"debt_share": 1.0, "debt_rate": 0.04, "tax_rate": 0.25, "inflation": 0.05}

    with pytest.raises(ValidationError, match="takes away more than capital asks for after tax"):
        Scenario.model_validate({"title": "x", "finance": {"after_tax": after_tax}})


def test_a_cost_of_capital_that_after_tax_leaves_unused_is_refused() -> None:
    with pytest.raises(ValidationError, match="not used with after_tax"):
        Scenario(title="x", finance={"cost_of_capital": 0.05, "after_tax": {}})
