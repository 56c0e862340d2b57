"""What the decomposed engine hands out is true: hour by hour, window by window, cap by cap."""

import numpy as np
import pytest

from components.base import USES, Floats
from components.power.battery import Battery
from components.power.dispatchable import DispatchableParameters
from planner.case import Case
from planner.engines.outcome import SiteDispatch
from planner.engines.seasons import windows_of
from planner.plan.audit import audit
from planner.plan.plan import Plan
from planner.plan.values import number
from tests.planner.engines.both import by_cuts
from tests.planner.engines.drawn import drawn_case

HALF_YEAR = {"start": "2028-01", "periods": 1, "step": "half_year", "hours": "all", "weeks": None}
WEEKS = {**HALF_YEAR, "step": "year", "periods": 1, "hours": "weeks", "weeks": 2}
GRID_GWH, CO2_T = 20.0, 3.0e4
"""Caps of a year; both are reached."""


def _case(horizon) -> Case:
    use = {
        "power": ["wartsila_18v50sg", "firm_grid", "pv_tracker", "li_ion_4h"],
        "racks": ["gb200_nvl72"],
        "blocks": ["vertiv_onecore"],
    }
    limits = {
        "tokens_per_day": 8.64e11,
        "grid_gwh": GRID_GWH,
        "co2_t": CO2_T,
        "budget": None,
        "slots_mw": 1e5,
        "must_serve": True,
        "must_open": True,
        "spare_units": 1,
        "whole_units_from_mw": 10.0,
        "gas_usd_per_mmbtu": 6.0,
    }
    return drawn_case(horizon, ["abilene_tx", "ashburn_va"], use, limits)


@pytest.fixture(
    scope="module",
    params=[pytest.param(HALF_YEAR, marks=pytest.mark.slow), WEEKS],
    ids=["half years", "weeks"],
)
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    found = by_cuts(_case(request.param), tmp_path_factory.mktemp("cones"), gap=2e-3)
    assert found.outcome.status == "solved"
    return found


def test_the_plan_adds_up(plan: Plan) -> None:
    assert max(balance.relative for balance in audit(plan)) <= 1e-6


def test_every_hour_of_every_site_is_there(plan: Plan) -> None:
    case = plan.formulation.case
    assert set(plan.outcome.dispatch) == set(plan.formulation.operated)
    for (_, t), run in plan.outcome.dispatch.items():
        wanted = np.concatenate([w.hours.of_year for w in windows_of(case, t)])
        np.testing.assert_array_equal(run.hours.of_year, wanted)
        assert run.hours.weight.sum() == pytest.approx(8760 * case.periods.length_years[t])


def test_each_window_uses_what_its_hours_say(plan: Plan) -> None:
    case, model = plan.formulation.case, plan.formulation.model
    for (s, t), run in plan.outcome.dispatch.items():
        first = 0
        for g, window in enumerate(windows_of(case, t)):
            hours = slice(first, first + len(window.hours))
            first = hours.stop
            wanted = _uses(case, s, run, hours)
            for use in USES:
                booked = number(model.window_use[s, use, t, g])
                assert booked == pytest.approx(wanted[use], rel=1e-6, abs=1e-6), (s, use, t, g)


def _uses(case: Case, site: str, run: SiteDispatch, hours: slice) -> dict[str, float]:
    """Add up, from the power of every component alone, what some hours take."""
    weight, of_year = run.hours.weight[hours], run.hours.of_year[hours]
    prices = case.sites[site].profiles["grid_price_usd_per_mwh"][of_year]
    found = dict.fromkeys(USES, 0.0)
    found["curtailed_gwh"] = float(weight @ run.power_mw["curtailed"][hours]) / 1000
    for name, product in case.power.items():
        power, p = run.power_mw[name][hours], product.figures
        gwh = float(weight @ power) / 1000
        if product.family == "grid":
            found["grid_gwh"] += gwh
            found["grid_energy_kusd"] += float((weight * prices) @ power) / 1000
        elif isinstance(p, DispatchableParameters):
            fuel = gwh * p.net_heat_rate_mmbtu_per_mwh
            found["fuel_gbtu"] += fuel
            found["co2_kt"] += fuel * p.co2_t_per_mmbtu
            found["variable_kusd"] += gwh * p.variable_om_usd_per_mwh
        elif isinstance(p, Battery):
            # Nothing charges and discharges in one hour: that would lose energy for nothing.
            discharged = float(weight @ np.maximum(power, 0.0)) / 1000
            found["variable_kusd"] += discharged * p.wear_usd_per_mwh
    return found


def test_the_caps_hold_with_the_energies_of_the_hours(plan: Plan) -> None:
    case = plan.formulation.case
    for t in case.periods.index:
        grid = co2 = 0.0
        for s, here in case.sites.items():
            run = plan.outcome.dispatch[s, t]
            uses = _uses(case, s, run, slice(None))
            grid += uses["grid_gwh"]
            co2 += uses["co2_kt"] + here.site.co2_grid_t_per_mwh * uses["grid_gwh"]
        length = float(case.periods.length_years[t])
        assert grid <= GRID_GWH * length * (1 + 1e-6)
        assert co2 <= CO2_T / 1000 * length * (1 + 1e-6)
        assert grid / GRID_GWH > 0.9 * length or co2 / CO2_T * 1000 > 0.9 * length


def test_storage_is_never_fuller_than_it_can_be_and_ends_as_it_began(plan: Plan) -> None:
    """Levels are reconstructed from charging and discharging alone."""
    case, model = plan.formulation.case, plan.formulation.model
    battery = case.power["li_ion_4h"].figures
    assert isinstance(battery, Battery)
    seen = 0.0
    for (s, t), run in plan.outcome.dispatch.items():
        mw = number(model.site[s].power["li_ion_4h"].mw[t])
        most = battery.usable_mwh_per_mw * mw
        one_way = battery.round_trip_efficiency**0.5
        power = run.power_mw["li_ion_4h"]
        moved = np.where(power < 0, -one_way * power, -power / one_way)
        assert np.abs(power).max() <= mw * (1 + 1e-6) + 1e-6
        for part in _closed(case, t, moved):
            level = np.cumsum(part)
            assert level.max() - level.min() <= most * (1 + 1e-6) + 1e-5
            assert level[-1] >= -1e-5
        seen = max(seen, mw)
    assert seen > 0.1, "without storage this tests nothing"


def _closed(case: Case, t: int, moved: Floats) -> list[Floats]:
    """Cut a period where storage has to come back to its level: weeks, or nowhere."""
    if case.scenario.horizon.hours == "all":
        return [moved]
    return np.split(moved, len(moved) // 168)


def test_levels_at_the_seams_are_those_of_the_hours(plan: Plan) -> None:
    case, model = plan.formulation.case, plan.formulation.model
    if case.scenario.horizon.hours == "weeks":
        assert not len(model.level)
        return
    battery = case.power["li_ion_4h"].figures
    one_way = battery.round_trip_efficiency**0.5
    for (s, t), run in plan.outcome.dispatch.items():
        power = run.power_mw["li_ion_4h"]
        moved = np.where(power < 0, -one_way * power, -power / one_way)
        seams = [number(model.level[s, "li_ion_4h", t, g]) for g in range(2)]
        for g, of_season in enumerate(np.split(moved, 2)):
            level = seams[g] + np.cumsum(of_season)
            most = battery.usable_mwh_per_mw * number(model.site[s].power["li_ion_4h"].mw[t])
            assert level.min() >= -1e-5
            assert level.max() <= most * (1 + 1e-6) + 1e-5
            assert level[-1] >= seams[1 - g] - 1e-5
