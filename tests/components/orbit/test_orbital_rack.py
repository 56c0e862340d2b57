from collections.abc import Callable

import pyomo.environ as pyo
import pytest
from scipy.integrate import quad

from components.base import Setting
from components.catalog.loader import load_family
from components.compute.rack import Rack
from components.orbit import orbital_rack
from components.orbit.orbital_rack import aboard, still_running, why_not_aboard
from components.orbit.satellite import Satellite


def rack(name: str) -> Rack:
    found = load_family("rack")[name].parameters
    assert isinstance(found, Rack)
    return found


def sat(name: str) -> Satellite:
    found = load_family("satellite")[name].parameters
    assert isinstance(found, Satellite)
    return found


@pytest.mark.parametrize("name", ["gb300_nvl72", "vr200_nvl72", "kyber_nvl144"])
def test_a_rack_larger_than_a_satellite_is_refused_with_the_reason(name: str) -> None:
    assert "kW in one scale-up domain" in why_not_aboard(rack(name), sat("sat_100kw"))


def test_air_cooled_racks_do_not_fly() -> None:
    assert "cooled by air_chiller" in why_not_aboard(rack("hgx_h100"), sat("sat_100kw"))


def test_a_cube_of_tpus_flies_whole_and_servers_of_eight_one_by_one() -> None:
    """22.5 of 28 kW; nodes of 15 kW, four to a rack, so one of 28 kW and six of 100."""
    cube = aboard("tpu_v6e", rack("tpu_v6e"), sat("sat_28kw"), failure_per_year=0.05, more_months=9)
    one, six = (
        aboard("n", rack("hgx_b300_liquid"), sat(s), failure_per_year=0.05, more_months=9)
        for s in ("sat_28kw", "sat_100kw")
    )

    assert (cube.racks_per_satellite, cube.domain_chips) == (1, 64)  # of 256 on the ground
    assert cube.nic_gb_s == pytest.approx(100 / 64)
    assert (one.racks_per_satellite, six.racks_per_satellite) == (0.25, 1.5)
    assert cube.lead_months == rack("tpu_v6e").lead_months + 9
    assert cube.fixed_om_usd_per_kw_year == 0


@pytest.mark.parametrize(("v", "t"), [(0, 0), (0, 2), (1, 2)])
def test_what_runs_is_the_mean_of_the_decay_over_the_period(
    make_setting: Callable[..., Setting], v: int, t: int
) -> None:
    periods = make_setting(years=(2026, 2027, 2028)).periods
    mean, _ = quad(lambda age: 0.95**age, t - v, t - v + 1)

    assert still_running(periods, v, t, 0.05) == pytest.approx(mean, rel=1e-9)
    assert still_running(periods, v, t, 0.0) == 1


def test_orbital_rack_rows(
    make_setting: Callable[..., Setting],
    model: pyo.ConcreteModel,
    check_golden: Callable[..., None],
) -> None:
    p = aboard("tpu_v6e", rack("tpu_v6e"), sat("sat_28kw"), failure_per_year=0.05, more_months=0)
    found = orbital_rack.invest(model.part, p, make_setting(years=(2026, 2027, 2028)))

    check_golden("orbital_rack", model.part, found)
