"""PyPSA's algebra and ours give one answer from the same numbers."""

from pathlib import Path

import pytest

from planner.case import Case
from planner.gather import make_case, make_periods
from planner.known import read_scenario
from planner.places import choose_sites
from planner.run import plan_case
from sites.table import builtin_sites
from tests.benchmarks.pypsa_twin import solve_twin

ONE_SITE = Path(__file__).parent / "scenarios" / "one_site_year.yaml"

pytestmark = [
    # What PyPSA and what it imports say about pandas, numpy and the like is not ours.
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def _case(*sets: str) -> Case:
    scenario = read_scenario(ONE_SITE, ["solver.engine=monolithic", *sets]).scenario
    return make_case(scenario, choose_sites(scenario, builtin_sites(), make_periods(scenario)))


@pytest.mark.parametrize(
    "sets",
    [("horizon.hours=weeks", "horizon.weeks=1"), ("horizon.step=quarter",)],
    ids=["a weighted week", "a quarter"],
)
def test_cost_and_capacities_are_those_of_pypsa(sets: tuple[str, ...]) -> None:
    """Gas, fuel cells, sun, battery and grid at given load, to 1e-6."""
    pytest.importorskip("pypsa")
    case = _case(*sets)

    plan, twin = plan_case(case), solve_twin(case)

    costs = plan.tables["costs"].groupby("family")["discounted_usd"].sum()
    assert set(costs.index) == {"power"}, "all else is free, so the objective is that of power"
    assert costs["power"] == pytest.approx(twin.objective_usd, rel=1e-6)
    assert 1000 * plan.outcome.objective_kusd == pytest.approx(twin.objective_usd, rel=1e-6)
    built = plan.tables["capacity"].set_index("component")["mw"]
    for name, mw in twin.mw.items():
        assert built.get(name, 0.0) == pytest.approx(mw, rel=1e-5, abs=1e-3), name
    # Curtailed load would ask for more racks in ours, and not in PyPSA's given load.
    assert plan.tables["dispatch"]["curtailed"].max() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("sets", "reason"),
    [
        (("horizon.hours=weeks", "horizon.weeks=2"), "unbroken"),
        (("horizon.periods=2",), "one period"),
        (("racks.use=[gb200_nvl72, gb300_nvl72]",), "one rack"),
        (("demand.workloads.chat.must_serve=false",), "must be served"),
    ],
)
def test_what_has_no_twin_is_refused(sets: tuple[str, ...], reason: str) -> None:
    pytest.importorskip("pypsa")

    with pytest.raises(ValueError, match=reason):
        solve_twin(_case(*sets))
