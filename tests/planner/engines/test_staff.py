"""Workers that stay from one solve to the next, and those that do not."""

from pathlib import Path

import pytest

from planner.engines.site_operations import SiteOperations, operations_of
from planner.engines.staff import Staff, dismiss, physics_of, staying
from planner.errors import InfeasibleError
from planner.gather import make_case
from planner.known import known_sites, read_scenario
from planner.plan.plan import Plan
from planner.run import choose_sites, make_periods, plan_scenario
from tests.planner.sweep.toys import TINY


@pytest.fixture
def base(tmp_path: Path) -> Path:
    file = tmp_path / "a.yaml"
    file.write_text(TINY)
    return file


def _operations(base: Path, *sets: str) -> SiteOperations:
    loaded = read_scenario(base, list(sets))
    scenario = loaded.scenario
    places = choose_sites(scenario, known_sites(loaded), make_periods(scenario))
    return operations_of(make_case(scenario, places))


def _plan(base: Path, *sets: str) -> Plan:
    store = f"solver.cone_store={base.parent}/cones"
    return plan_scenario(read_scenario(base, [store, *sets]).scenario)


def test_limits_and_prices_of_fuel_leave_the_hours_as_they_are(base: Path) -> None:
    asked = physics_of(_operations(base))

    assert physics_of(_operations(base, "grid.share_limit.2028=0.1001")) == asked
    assert physics_of(_operations(base, "power.gas_usd_per_mmbtu=9")) == asked


@pytest.mark.parametrize(
    "changed",
    [
        "sites.weather.seed=1",
        "power.pv_resource_scale=1.01",
        "cooling.change.liquid_dry.misc_share=0.02",
    ],
)
def test_weather_and_cooling_do_not(base: Path, changed: str) -> None:
    assert physics_of(_operations(base, changed)) != physics_of(_operations(base))


def test_a_staff_stays_while_the_hours_do_and_finds_the_same(base: Path) -> None:
    staffs: dict[str, Staff] = {}
    share = "grid.share_limit.2028=0.1"
    alone = _plan(base, share)
    with staying(staffs):
        _plan(base, "grid.share_limit.2028=0.1001")
        (first,) = staffs.values()
        workers = first.workers
        again = _plan(base, share)
        (second,) = staffs.values()
        assert second.workers is workers
        assert second.digests
        assert again.outcome.objective_kusd == pytest.approx(alone.outcome.objective_kusd, rel=2e-6)

        _plan(base, "sites.weather.seed=1")
        (third,) = staffs.values()
        assert third.workers is not workers
    dismiss(staffs)
    assert not staffs


def test_a_solve_that_fails_ends_its_staff(base: Path) -> None:
    staffs: dict[str, Staff] = {}
    with staying(staffs), pytest.raises(InfeasibleError):
        _plan(
            base,
            "solver.time_limit_s=1",
            "policy.budget_usd_per_year=1",
            "demand.workloads.chat.must_serve=true",
        )

    assert not staffs


def test_nobody_is_kept_unasked(base: Path) -> None:
    staffs: dict[str, Staff] = {}
    _plan(base)

    assert not staffs
