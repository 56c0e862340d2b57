"""Plant that leaves before its life ends, on paper."""

from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Investment, Setting
from components.catalog.loader import load_family
from components.power import gas
from components.power.additions import UnitParameters, add_units
from components.power.leaving import Leaving

YEARS = (2026, 2027, 2028, 2029, 2030)
PLANT = UnitParameters(
    unit_mw=20,
    capex_usd_per_kw=1000,
    fixed_om_usd_per_kw_year=15,
    lead_months=0,
    life_years=4,
    slots_mw_per_year=100,
)
TERMS = Leaving(technology="HSR", salvage_share=0.6, relocation_usd_per_kw=200)


@pytest.fixture
def add(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> Callable[..., Investment]:
    """Add the plant without interest, and set what happens to it; all else is nothing."""

    def make(added: tuple[float, ...], **moves: float) -> Investment:
        setting = make_setting(years=YEARS, cost_of_capital=0.0, **TERMS.figures())
        found = add_units(model.part, PLANT, setting)
        for name in ("units_sold", "units_shipped", "units_received"):
            for key in model.part.component(name):
                model.part.component(name)[key].set_value(0)
        for t, n in enumerate(added):
            model.part.units_added[t].set_value(n)
        for move, n in moves.items():
            name, v, t = move.rsplit("_", 2)
            model.part.component(f"units_{name}")[int(v), int(t)].set_value(n)
        return found

    return make


def values(found: Investment, item: str) -> list[float]:
    return [pyo.value(usd) for usd in found.annual_usd[item]]


def test_what_nobody_moves_costs_what_it_always_did(
    add: Callable[..., Investment], make_setting: Callable[..., Setting]
) -> None:
    """Two units of 2026 serve four years: 40 MUSD / 4 = 10 MUSD/a."""
    found = add((2, 0, 0, 0, 0))
    other = pyo.ConcreteModel()
    plain = add_units(other, PLANT, make_setting(years=YEARS, cost_of_capital=0.0))
    for t, n in enumerate((2, 0, 0, 0, 0)):
        other.units_added[t].set_value(n)

    for item in ("capital", "fixed_om"):
        assert values(found, item) == pytest.approx(values(plain, item))
    assert values(found, "capital") == pytest.approx([10e6] * 4 + [0])
    assert [pyo.value(n) for n in found.units] == [2, 2, 2, 2, 0]


def test_what_is_sold_owes_what_the_buyer_does_not_pay(add: Callable[..., Investment]) -> None:
    """One of two units of 2026 is sold in 2028 at 0.6 of what is owed: 0.4 of 5 MUSD/a is left.

    capital   2026, 2027: 10; 2028, 2029: 5 + 0.4 x 5 = 7 MUSD/a; fixed O&M of one unit from 2028.
    At no interest that is 0.4 x 10 MUSD still owed, as if it had been paid at the sale.
    """
    found = add((2, 0, 0, 0, 0), sold_0_2=1)

    assert [pyo.value(n) for n in found.units] == [2, 2, 1, 1, 0]
    assert values(found, "capital") == pytest.approx([10e6, 10e6, 7e6, 7e6, 0])
    assert values(found, "fixed_om") == pytest.approx([0.6e6, 0.6e6, 0.3e6, 0.3e6, 0])
    assert [pyo.value(n) for n in found.moved["sold"]] == [0, 0, 1, 0, 0]


def test_what_is_shipped_is_paid_where_it_goes(add: Callable[..., Investment]) -> None:
    """Both units leave in 2027: nothing is paid here any more."""
    found = add((2, 0, 0, 0, 0), shipped_0_1=2)

    assert values(found, "capital") == pytest.approx([10e6, 0, 0, 0, 0])
    assert [pyo.value(n) for n in found.units] == [2, 0, 0, 0, 0]


def test_what_arrives_keeps_its_age_and_pays_its_move(add: Callable[..., Investment]) -> None:
    """One unit of 2026 arrives in 2028 and serves its last two years.

    capital      20 MUSD / 4 = 5 MUSD/a in 2028 and 2029
    relocation   200 USD/kW x 20,000 kW = 4 MUSD, over two years
    slots        none: nobody builds it anew
    """
    found = add((0, 0, 0, 0, 0), received_0_2=1)

    assert [pyo.value(n) for n in found.units] == [0, 0, 1, 1, 0]
    assert values(found, "capital") == pytest.approx([0, 0, 5e6, 5e6, 0])
    assert values(found, "relocation") == pytest.approx([0, 0, 2e6, 2e6, 0])
    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([0, 0, 4e6, 0, 0])
    assert [pyo.value(mw) for mw in found.draws["slots_mw"]] == [0, 0, 0, 0, 0]


def test_no_more_leaves_than_is_there(
    add: Callable[..., Investment], model: pyo.ConcreteModel
) -> None:
    """Two of 2026; one sold in 2027 and two shipped in 2028 are one too many."""
    add((2, 0, 0, 0, 0), sold_0_1=1, shipped_0_2=2)
    rows = model.part.leaves_what_is_there

    assert pyo.value(rows[0, 1].body) <= pyo.value(rows[0, 1].upper)
    assert pyo.value(rows[0, 2].body) == pytest.approx(pyo.value(rows[0, 2].upper) + 1)


def test_usable_capacity_falls_with_what_has_left(
    add: Callable[..., Investment], model: pyo.ConcreteModel
) -> None:
    add((2, 0, 0, 0, 0), sold_0_2=1)
    model.part.mw[2].set_value(25)
    row = model.part.capacity_in_service[2]

    assert pyo.value(row.body) - pyo.value(row.upper) == pytest.approx(5)


def test_where_nothing_may_leave_there_is_nothing_to_decide(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    found = add_units(model.part, PLANT, make_setting(years=YEARS))

    assert not found.moved
    assert model.part.component("units_sold") is None


def test_combined_cycles_stay_where_they_are_and_engines_may_leave() -> None:
    terms = {e.parameters.model_dump()["technology"] for e in load_family("leaving").values()}
    known = set(gas.Gas.model_fields["technology"].annotation.__args__)

    assert known - terms == {"CC"}
