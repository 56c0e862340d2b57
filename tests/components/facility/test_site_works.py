from collections.abc import Callable

import pyomo.environ as pyo
import pytest

from components.base import Setting
from components.facility import site_works

GREENFIELD = site_works.SiteWorks(
    land_acres=500, works_usd=60e6, lead_months=6, life_years=30, fixed_om_share=0.02
)


def test_site_works_rows(
    make_setting: Callable[..., Setting],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    found = site_works.invest(model.part, GREENFIELD, make_setting(land_usd_per_acre=20_000))

    check_golden("site_works", model.part, found)


def test_opening_pays_land_and_works_once(
    make_setting: Callable[..., Setting], model: pyo.ConcreteModel
) -> None:
    """60 MUSD + 500 acres * 20,000 USD = 70 MUSD, when the site is opened."""
    setting = make_setting(years=(2026, 2027, 2028), land_usd_per_acre=20_000)
    found = site_works.invest(model.part, GREENFIELD, setting)
    for t, built in enumerate((0, 1, 1)):
        model.part.built[t].set_value(built)

    assert [pyo.value(usd) for usd in found.capex_usd] == pytest.approx([0, 70e6, 0])
