"""Robust plans whose every cost was worked out on paper, and the laws that hold for any."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from components.cooling.pue import pue
from planner.case import Case
from planner.engines.first_stage import values_of
from planner.errors import InfeasibleError
from planner.robust import planning
from planner.robust.planning import Future, Robust, plan_robustly
from planner.run import plan_case
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

LOW, HIGH = 8.64e11, 2 * 8.64e11
"""Tokens a day: 1e7 and 2e7 tokens/s."""

CLOSE = 1e-6
ENGINES = ("monolithic", "decomposed")


def _case(tokens_per_day, engine="monolithic", store=None, usd=1.0, **more) -> Case:
    chat = {"tokens_per_day": tokens_per_day, "value_usd_per_mtok": usd, "peak_to_mean": 1.3}
    chat |= more.pop("chat", {})
    solver = {"engine": engine, "threads": 1}
    solver |= {"cone_store": str(store)} if store else {}
    return hand_case(
        hand_scenario(demand={"workloads": {"chat": chat}}, solver=solver, **more),
    )


@dataclass(frozen=True)
class Paper:
    """What a year costs: fixed, per unit of capacity, per unit served, per unit unmet [1000 USD].

    A unit is 1e7 tokens/s, the smaller demand; figures as in `tests.planner.test_hand`.
    """

    fixed: float
    capacity: float
    served: float
    unmet: float

    def cost(self, built: float, demand: float) -> float:
        unmet = max(demand - built, 0.0)
        served = demand - unmet
        return self.fixed + self.capacity * built + self.served * served + self.unmet * unmet


def _paper(case: Case, usd: float = 1.0) -> Paper:
    factor = float(pue(case.cooling["liquid_dry"], np.array([15.0]), np.array([10.0]))[0])
    it_kw = 1e7 * 1.3 / 0.8 / 0.97 / 165_000 * 132
    mean_mw = 0.9 * it_kw / 1000 * factor
    engine_kw = 1000 * mean_mw / (0.96 * (1 - 250 / 8760))
    block, cooling = case.blocks["vertiv_onecore"].figures, case.cooling["liquid_dry"]
    works, lateral = case.works, case.laterals["gas_lateral"]
    site_usd = works.works_usd + works.land_acres * 10_000
    lateral_usd = lateral.tap_usd + 5 * lateral.usd_per_mile
    return Paper(
        fixed=1e-3 * site_usd * (1 / works.life_years + works.fixed_om_share)
        + 1e-3 * lateral_usd * (1 / lateral.life_years + lateral.fixed_om_share),
        capacity=1e-3 * it_kw * (26_515.2 / 5 + 530)
        + 1e-3 * it_kw * ((block.capex_usd_per_kw + cooling.capex_usd_per_kw) / 20 + 170)
        + 1e-3 * engine_kw * (1_700 / 25 + 20),
        served=1e-3 * 8760 * mean_mw * (7.53 * 1.03 * 3 + 6),
        unmet=1e-3 * usd * LOW * 365 / 1e6,
    )


def _newsvendor(likely_high: float, engine: str, store) -> Robust:
    low, high, mean = (_case(LOW * size, engine, store) for size in (1.0, 2.0, 1.0 + likely_high))
    futures = (Future("low", 1 - likely_high, low), Future("high", likely_high, high))
    return plan_robustly(futures, 1, (mean, "the mean"))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("likely_high", "built"), [(0.5, 2.0), (0.2, 1.0)])
def test_a_newsvendor_costs_what_paper_says(engine, likely_high, built, tmp_path) -> None:
    """Racks are bought before demand is known: for the high one, or for the low one.

    A unit of capacity more than the low demand is wanted if it costs less than what it saves
    where demand is high: capacity < p (unmet - served).
    """
    found = _newsvendor(likely_high, engine, tmp_path)
    paper, p = _paper(found.futures[0].case), likely_high
    assert (paper.capacity < p * (paper.unmet - paper.served)) == (built == 2.0)

    ws = (1 - p) * paper.cost(1, 1) + p * paper.cost(2, 2)
    rp = (1 - p) * paper.cost(built, 1) + p * paper.cost(built, 2)
    eev = (1 - p) * paper.cost(1 + p, 1) + p * paper.cost(1 + p, 2)
    assert found.ws.plan_kusd == pytest.approx(ws, rel=CLOSE)
    assert found.rp.plan_kusd == pytest.approx(rp, rel=CLOSE)
    assert found.worth.eev is not None
    assert found.worth.eev.plan_kusd == pytest.approx(eev, rel=CLOSE)
    assert found.evpi.kusd == pytest.approx(rp - ws, rel=1e-4)
    assert found.worth.vss is not None
    assert found.worth.vss.kusd == pytest.approx(eev - rp, rel=1e-4)
    for plan, demand in zip(found.plans.values(), (1, 2), strict=True):
        assert plan.outcome.objective_kusd == pytest.approx(paper.cost(built, demand), rel=CLOSE)


@pytest.mark.parametrize("engine", ENGINES)
def test_first_decisions_are_equal_and_later_ones_adapt(engine, tmp_path) -> None:
    """Of two years the first is shared; demand differs in the second alone."""
    flat = _case({2028: LOW, 2029: LOW}, engine, tmp_path, horizon={"periods": 2})
    grows = _case({2028: LOW, 2029: HIGH}, engine, tmp_path, horizon={"periods": 2})
    futures = (Future("flat", 0.7, flat), Future("grows", 0.3, grows))
    found = plan_robustly(futures, 1, (grows, "grows"))

    first = [values_of(plan.formulation, 1) for plan in found.plans.values()]
    assert first[0].keys() == first[1].keys()
    assert sum(first[0].values()) > 100
    assert list(first[0].values()) == pytest.approx(list(first[1].values()), rel=CLOSE)
    racks = {
        name: plan.tables["builds"].set_index(["component", "period"])["units"]
        for name, plan in found.plans.items()
    }
    assert ("gb200_nvl72", "2029") not in racks["flat"]
    assert racks["grows"]["gb200_nvl72", "2029"] == pytest.approx(
        racks["flat"]["gb200_nvl72", "2028"], rel=CLOSE
    )
    _laws_hold(found)


@pytest.mark.parametrize("engine", ENGINES)
def test_one_scenario_and_equal_scenarios_are_the_ordinary_plan(engine, tmp_path) -> None:
    case = _case(LOW, engine, tmp_path)
    ordinary = plan_case(case)
    for weights in ((1.0,), (0.3, 0.7)):
        futures = [Future(f"s{i}", weight, case) for i, weight in enumerate(weights)]
        found = plan_robustly(futures, 1, (case, "it"))
        assert found.rp.plan_kusd == pytest.approx(ordinary.outcome.objective_kusd, rel=CLOSE)
        assert found.evpi.high_kusd == pytest.approx(0, abs=1e-3)
        for plan in found.plans.values():
            for table in ("builds", "costs", "tokens"):
                got, want = plan.tables[table], ordinary.tables[table]
                numbers = want.select_dtypes("number").columns
                np.testing.assert_allclose(got[numbers], want[numbers], rtol=1e-5, atol=1e-5)


def test_where_every_token_has_to_be_served_planning_for_the_mean_leaves_no_plan() -> None:
    """Racks for the mean of two demands cannot serve the higher: the value is infinite."""
    must = {"must_serve": True}
    low, high, mean = (_case(LOW * size, chat=must) for size in (1.0, 2.0, 1.5))
    found = plan_robustly(
        (Future("low", 0.5, low), Future("high", 0.5, high)), 1, (mean, "the mean")
    )

    assert found.worth.is_infinite
    assert found.worth.vss is None
    assert found.worth.by_name["low"] is not None
    assert found.worth.by_name["high"] is None
    assert "in high" in found.worth.sentence
    assert "racks can serve in 2028" in found.worth.sentence


def test_what_one_scenario_cannot_buy_none_buys_in_the_shared_periods() -> None:
    """Engines that come at once in one scenario and never in the other: nobody has them."""
    late = {"use": ["wartsila_18v50sg"], "gas_usd_per_mmbtu": 3.0}
    late["change"] = {"wartsila_18v50sg": {"lead_months": 6}, "gas_lateral": AT_ONCE}
    futures = (Future("soon", 0.5, _case(LOW)), Future("late", 0.5, _case(LOW, power=late)))
    found = plan_robustly(futures, 1, (futures[0].case, "soon"))

    for plan in found.plans.values():
        assert "wartsila_18v50sg" not in set(plan.tables["builds"]["component"])
    assert found.worth.is_infinite  # what the mean begins with is not to be had in the other
    assert found.evpi.low_kusd > 0


def test_scenarios_that_each_have_a_plan_and_none_together_say_so() -> None:
    """Every token has to be served; what serves it in one is not to be had in the other."""
    must = {"must_serve": True}
    slow = {"use": ["wartsila_18v50sg", "firm_grid"], "gas_usd_per_mmbtu": 3.0}
    slow["change"] = {"firm_grid": AT_ONCE, "wartsila_18v50sg": {"lead_months": 6}}
    soon = {**slow, "change": {"wartsila_18v50sg": AT_ONCE, "gas_lateral": AT_ONCE}}
    none = {"grid": {"site_limit_mw": {"abilene_tx": 0.0}}}
    futures = (
        Future("grid", 0.5, _case(LOW, chat=must, power=slow)),
        Future("gas", 0.5, _case(LOW, chat=must, power=soon, **none)),
    )
    with pytest.raises(InfeasibleError) as error:
        plan_robustly(futures, 1, (futures[0].case, "grid"))

    said = str(error.value)
    assert "in grid: " in said  # without the connection that the other cannot have
    assert "what is added in the shared periods is the same in all of them" in said


def _laws_hold(found: Robust) -> None:
    assert found.ws.bound_kusd <= found.rp.plan_kusd * (1 + CLOSE)
    assert found.rp.bound_kusd <= found.rp.plan_kusd
    assert found.rp.bound_kusd >= found.ws.bound_kusd
    if found.worth.eev is not None:
        assert found.rp.bound_kusd <= found.worth.eev.plan_kusd * (1 + CLOSE)
    for name, plan in found.plans.items():
        assert found.alone[name].bound_kusd <= plan.outcome.objective_kusd * (1 + CLOSE)


@pytest.mark.parametrize("seed", range(2))
def test_the_laws_hold_and_both_engines_agree(seed: int, tmp_path) -> None:
    """WS <= RP <= EEV for random demands, prices and weights, whichever engine plans."""
    random = np.random.default_rng(seed)
    weights = random.dirichlet([2.0, 2.0, 2.0])
    demand = LOW * random.uniform(0.5, 2.5, (3, 2))
    gas = random.uniform(2.0, 12.0, 3)
    products = ["wartsila_18v50sg", "firm_grid"]
    change = dict.fromkeys((*products, "gas_lateral"), AT_ONCE)
    found: dict[str, Robust] = {}
    for engine in ENGINES:
        cases = [
            _case(
                {2028: float(d[0]), 2029: float(d[1])},
                engine,
                tmp_path / engine,
                usd=0.6,
                horizon={"periods": 2},
                power={"use": products, "gas_usd_per_mmbtu": float(g), "change": change},
            )
            for d, g in zip(demand, gas, strict=True)
        ]
        futures = [
            Future(f"s{i}", float(w), case)
            for i, (w, case) in enumerate(zip(weights, cases, strict=True))
        ]
        found[engine] = plan_robustly(futures, 1, (cases[int(weights.argmax())], "likeliest"))
        _laws_hold(found[engine])
    one, other = found["monolithic"], found["decomposed"]
    assert one.rp.plan_kusd == pytest.approx(other.rp.plan_kusd, rel=1e-5)
    assert one.ws.plan_kusd == pytest.approx(other.ws.plan_kusd, rel=1e-5)


def test_a_better_plan_found_on_the_way_is_taken(monkeypatch) -> None:
    """With a joint solve that stops early, the first decisions of the mean may be the best known.

    Demand is twice as high in one of two futures; a wide gap lets the joint solve stop at a plan
    that is dearer than the one after the first decisions of the mean.
    """
    low, high = _case(LOW), _case(HIGH)
    futures = (Future("low", 0.5, low), Future("high", 0.5, high))
    solve = planning.solve_jointly

    def dearer(branches, log_file, report):
        found = solve(branches, log_file, report)
        return replace(found, objective_kusd=1.5 * found.objective_kusd)

    monkeypatch.setattr(planning, "solve_jointly", dearer)
    found = plan_robustly(futures, 1, (high, "the higher"))

    assert found.worth.eev is not None
    assert found.rp.plan_kusd == found.worth.eev.plan_kusd < found.joint.objective_kusd
    assert found.worth.vss is not None
    assert found.worth.vss.low_kusd == 0
    costs = [0.5 * plan.outcome.objective_kusd for plan in found.plans.values()]
    assert sum(costs) == pytest.approx(found.rp.plan_kusd, rel=CLOSE)
    for plan in found.plans.values():
        assert any("the same in all 2 scenarios" in each for each in plan.outcome.approximations)
    _laws_hold(found)
