"""Plant, pipes and connections that stand: spares, pipes, early retirement, what is refused."""

from typing import Any

import numpy as np
import pytest

from components.cooling.pue import pue
from planner.case import Case
from planner.errors import ScenarioError
from planner.formulate.build import build
from planner.formulate.gas import laterals_at
from planner.plan.plan import Plan
from planner.plan.products import TOO_LATE
from planner.run import plan_case
from sites.table import builtin_sites
from tests.planner.engines.both import asked, whole
from tests.planner.hand import AT_ONCE, flat_place, hand_case, hand_scenario

SITE = "abilene_tx"
ENGINE = "wartsila_18v50sg"
PIPE = "gas_lateral_24in"


def _case(plant: list[dict[str, Any]] | None = None, **sections: Any) -> Case:
    """About 13 MW of racks that must be served."""
    chat = {"tokens_per_day": 8.64e11, "must_serve": True, "value_usd_per_mtok": 4.0}
    existing = {"power": plant or [], **sections.pop("existing", {})}
    sites = {"existing": {SITE: existing}, **sections.pop("sites", {})}
    usual = {"demand": {"workloads": {"chat": chat}}, "sites": sites}
    return hand_case(hand_scenario(**{**usual, **sections}))


def _built(plan: Plan, component: str) -> float:
    builds = plan.tables["builds"]
    return float(builds.loc[builds["component"] == component, "mw"].sum())


def test_a_unit_that_stands_is_the_spare() -> None:
    """One engine has to be held back, new or old."""
    spares = {"spare_units": 1, "spared_from_mw": 1.0}
    unit_mw = _case().power[ENGINE].figures.unit_mw
    new = plan_case(_case(reliability=spares))
    beside = plan_case(_case([{"product": ENGINE, "mw": unit_mw}], reliability=spares))

    assert _built(new, ENGINE) > unit_mw
    assert _built(beside, ENGINE) == pytest.approx(_built(new, ENGINE) - unit_mw, rel=1e-6)


def test_plant_that_stands_is_not_sold() -> None:
    """It may not leave; what is new may."""
    power = {"early_retirement": True}
    horizon = {"start": "2028-01", "periods": 2, "hours": "weeks", "weeks": 1}
    plan = plan_case(_case([{"product": ENGINE, "mw": 60}], power=power, horizon=horizon))

    assert _built(plan, ENGINE) == pytest.approx(0, abs=1e-6)
    assert plan.tables["moves"].empty
    engines = plan.tables["capacity"].query("component == @ENGINE")
    assert engines["existing_mw"].tolist() == pytest.approx([60, 60])


def test_a_plant_that_stands_runs_though_more_of_it_comes_too_late() -> None:
    slow = {"change": {ENGINE: {"lead_months": 500}, "gas_lateral": AT_ONCE}}
    plan = plan_case(_case([{"product": ENGINE, "mw": 60}], power=slow))
    told = plan.tables["products"].set_index("component")

    assert plan.tables["sites"]["peak_facility_mw"].max() > 10
    assert told.loc[ENGINE, "state"] == TOO_LATE


def test_a_pipe_that_stands_is_kept_where_a_smaller_one_would_do() -> None:
    """Both sizes: the small one carries all of 20 MW, and would be offered alone."""
    limit = {"limit_it_mw": 20}
    none, there = _case(sites=limit), _case(sites=limit, existing={"gas_lateral": PIPE})

    assert list(laterals_at(none, none.sites[SITE])) == ["gas_lateral"]
    assert list(laterals_at(there, there.sites[SITE])) == ["gas_lateral", PIPE]
    costs = plan_case(there).tables["costs"]
    pipes = costs[costs["component"].isin(["gas_lateral", PIPE])]
    assert set(pipes["component"]) <= {PIPE}
    assert set(pipes["item"]) <= {"fixed_om"}


def test_more_power_than_a_site_may_have_is_refused() -> None:
    """Three times 20 MW of firm power."""
    case = _case([{"product": ENGINE, "mw": 61}], sites={"limit_it_mw": 20})
    with pytest.raises(ScenarioError, match="is more firm power than 3 times"):
        build(case)


def test_racks_too_dense_for_their_cooling_are_refused() -> None:
    racks = {
        "blocks": [{"block": "vertiv_onecore", "cooling": "liquid_dry", "mw": 20}],
        "racks": [{"rack": "gb200_nvl72", "cooling": "liquid_dry", "mw": 5}],
    }
    thin = {"use": ["liquid_dry"], "change": {"liquid_dry": {"density_limit_kw_per_rack": 50}}}
    with pytest.raises(ScenarioError) as refused:
        build(_case(existing=racks, cooling=thin))

    (problem,) = refused.value.problems
    assert problem.key == f"sites.existing.{SITE}"
    assert problem.got == "gb200_nvl72"


def test_plant_out_of_reach_is_refused() -> None:
    remote = {"far_sun": {"source": "pv_tracker", "miles": 40, "sites": ["ashburn_va"]}}
    power = {"use": [ENGINE], "remote": remote}
    include = {"include": [SITE, "ashburn_va"]}
    case = _case([{"product": "far_sun", "mw": 5}], power=power, sites=include)
    with pytest.raises(ScenarioError, match="cannot be operated there"):
        build(case)


def _hot_place(case: Case) -> Case:
    """15 degC, but 43 degC in one of the hours that are operated."""
    hot = np.arange(8760) == 4380
    climate = {"drybulb_c": np.where(hot, 43.0, 15.0), "wetbulb_c": np.where(hot, 24.0, 10.0)}
    here = flat_place(case.scenario, builtin_sites()[SITE], profiles=climate)
    return hand_case(case.scenario, **{SITE: here})


@pytest.mark.parametrize("cooling", ["air_chiller", "liquid_dry", "liquid_dry_45"])
def test_a_connection_is_sized_on_the_peak_and_energy_paid_by_the_hour(cooling: str) -> None:
    """One hot hour of the 168 of a week: MW at its PUE, MWh at the mean."""
    rack = "gb200_nvl72" if cooling != "air_chiller" else "hgx_b200_air"
    power = {"use": ["firm_grid"], "change": {"firm_grid": AT_ONCE}}
    racks = {"use": [rack], "change": {rack: {**AT_ONCE, "cooling": [cooling]}}}
    case = _hot_place(_case(power=power, cooling={"use": [cooling]}, racks=racks))
    plan = plan_case(case)

    mild, peak = (
        float(pue(case.cooling[cooling], *np.array([[dry], [wet]]))[0])
        for dry, wet in ((15.0, 10.0), (43.0, 24.0))
    )
    (site,) = plan.tables["sites"].to_dict("records")
    assert peak > mild + 0.05
    assert _built(plan, "firm_grid") >= site["it_mw"] * peak * (1 - 1e-9)
    assert site["peak_facility_mw"] == pytest.approx(site["it_mw"] * peak, rel=1e-6)
    mean = mild + (peak - mild) / 168
    assert site["load_mwh"] == pytest.approx(8760 * site["it_mw"] * mean, rel=1e-6)


def test_both_engines_extend_a_campus_alike(tmp_path: Any) -> None:
    """Some of the power and halls stand; the rest is built."""
    halls = {"blocks": [{"block": "vertiv_onecore", "cooling": "liquid_dry", "mw": 5}]}
    case = _case([{"product": ENGINE, "mw": 9}], existing=halls)
    one = whole(case)
    cuts = plan_case(asked(case, engine="decomposed", cone_store=str(tmp_path)))

    assert cuts.outcome.objective_kusd == pytest.approx(one.objective_kusd, rel=1e-6)
    assert _built(cuts, ENGINE) == pytest.approx(_built(plan_case(_case()), ENGINE) - 9, rel=1e-6)
