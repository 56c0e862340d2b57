from collections.abc import Callable

import pyomo.environ as pyo
import pytest
from pydantic import ValidationError

from components.base import Setting
from components.compute import rack

NVL = rack.Rack(
    vendor="NVIDIA",
    chips=72,
    cooling=("liquid",),
    release="2026-10",
    ingredients={"cowos": 8.0},
    unit_mw=0.2,
    capex_usd_per_kw=35_000,
    fixed_om_usd_per_kw_year=700,
    lead_months=6,
    life_years=5,
)


def test_rack_rows(
    make_setting: Callable[..., Setting],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    out = NVL.model_copy(update={"release": "2026-06"})
    found = rack.invest(model.part, out, make_setting())

    check_golden("rack", model.part, found)


def test_release_is_counted_in_months() -> None:
    """October 2026 is month 12 * 2026 + 9 from year 0."""
    assert NVL.release_month == 12 * 2026 + 9


@pytest.mark.parametrize(
    ("release", "first"),
    [("2025-01", 2027), ("2026-07", 2027), ("2026-08", 2028), ("2027-07", 2028), ("2027-08", 2029)],
)
def test_racks_come_after_release_and_lead_time(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel, release: str, first: int
) -> None:
    """Orders open in January 2026; a rack comes six months after the later of that and release.

    Long released: July 2026, so from 2027. July 2026 + 6 = January 2027. August 2026 + 6 =
    February 2027, after 2027 has begun, so from 2028.
    """
    years = (2026, 2027, 2028, 2029)
    later = NVL.model_copy(update={"release": release})
    rack.invest(model.part, later, make_setting(years=years))

    free = [years[t] for t, var in model.part.units_added.items() if not var.fixed]

    assert free[0] == first


def test_racks_draw_what_they_are_made_of(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """100 racks at 8 wafers each: 800 wafers in the period they are added in."""
    found = rack.invest(model.part, NVL, make_setting(years=(2026, 2027, 2028)))
    for t, n in enumerate((0, 0, 100)):
        model.part.units_added[t].set_value(n)

    assert [pyo.value(w) for w in found.draws["cowos"]] == [0, 0, 800]


def test_racks_are_gone_after_five_years(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """Ten racks of 2027 serve from 2027 to 2031."""
    years = tuple(range(2026, 2034))
    old = NVL.model_copy(update={"release": "2025-01"})
    found = rack.invest(model.part, old, make_setting(years=years))
    for t, year in enumerate(years):
        model.part.units_added[t].set_value(10 if year == 2027 else 0)

    assert [pyo.value(n) for n in found.units] == [0, 10, 10, 10, 10, 10, 0, 0]


@pytest.mark.parametrize("release", ["2026", "2026-13", "2026-00", "Oct 2026"])
def test_release_is_a_month(release: str) -> None:
    with pytest.raises(ValidationError, match="release"):
        rack.Rack.model_validate(NVL.model_dump() | {"release": release})


def test_ingredients_are_not_negative() -> None:
    with pytest.raises(ValidationError, match="ingredients"):
        rack.Rack.model_validate(NVL.model_dump() | {"ingredients": {"cowos": -1}})
