import pytest

from components.compute.rack import Rack
from components.compute.token_cost import kw_per_ktoken_s, token_cost


def _rack(kw: float, usd_per_kw: float) -> Rack:
    return Rack(
        vendor="a",
        chips=1,
        cooling=("air",),
        release="2026-01",
        unit_mw=kw / 1000,
        capex_usd_per_kw=usd_per_kw,
        fixed_om_usd_per_kw_year=100,
        lead_months=6,
        life_years=5,
    )


RACKS = {"gpu": _rack(100, 10_000), "ffn": _rack(50, 20_000)}


def test_power_counts_racks_of_every_kind() -> None:
    assert kw_per_ktoken_s({"gpu": 0.5, "ffn": 2}, RACKS) == pytest.approx(150)


def test_cost_of_two_kinds_of_racks() -> None:
    """Half a rack at 1 M USD and two at 1 M: 2.5 M over 5 years at 8 %, CRF 0.25046.

    150 kW: 15,000 USD of upkeep, and 1,314 MWh x 1.2 at 60 USD/MWh, over 31,536 Mtok.
    """
    found = token_cost({"gpu": 0.5, "ffn": 2}, RACKS, cost_of_capital=0.08, usd_per_mwh=60, pue=1.2)

    assert found.capital_usd_per_mtok == pytest.approx(2.5e6 * 0.250456 / 31_536, rel=1e-5)
    assert found.upkeep_usd_per_mtok == pytest.approx(15_000 / 31_536)
    assert found.power_usd_per_mtok == pytest.approx(1314 * 1.2 * 60 / 31_536)
    assert found.usd_per_mtok == pytest.approx(
        found.capital_usd_per_mtok + found.upkeep_usd_per_mtok + found.power_usd_per_mtok
    )
