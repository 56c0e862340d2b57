"""Present values agree with figures that the tests of REopt.jl assert.

``test/runtests.jl``, test set "Minimize Unserved Load", scenario ``nogridcost_multiscenario.json``:
10 kW of critical load, each kWh of it worth $1, outages of 1 h and 5 h of equal probability. REopt
adds up 25 years, in which the value rises by 1.9 % and is discounted at 5.64 % (its defaults).
"""

import pytest

from components.finance import annuity

ESCALATION, DISCOUNT, YEARS = 0.019, 0.0564, 25
CRITICAL_KW, USD_PER_KWH = 10.0, 1.0


@pytest.mark.validation
@pytest.mark.parametrize(
    ("outage_h", "published_usd"), [((1 + 5) / 2, 485.43270), (1, 161.8109)], ids=["mean", "1 h"]
)
def test_cost_of_an_outage(outage_h: float, published_usd: float) -> None:
    """Growth g and discount d are one real rate, (1 + d) / (1 + g) - 1.

    REopt rounds the factor of 25 years to 16.18109: 30 of them are known to 1.5e-4.
    """
    real_rate = (1 + DISCOUNT) / (1 + ESCALATION) - 1
    worth = 1 / annuity(real_rate, YEARS)

    assert outage_h * CRITICAL_KW * USD_PER_KWH * worth == pytest.approx(published_usd, abs=1.5e-4)
