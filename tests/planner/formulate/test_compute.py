"""Tokens and racks on paper: recipes tied to a place or not, users, work that waits, software."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from components.compute.agent_tools import SANDBOX_GB
from components.compute.kv_tier import TIME_TO_LIVE_S, Gap
from components.compute.recipe import Recipe
from components.cooling.pue import pue
from planner import recipes as finding
from planner.case import Case
from planner.engines.monolithic import solve_monolithic
from planner.engines.outcome import approximations
from planner.errors import InfeasibleError
from planner.formulate.build import build
from planner.plan.audit import audit
from planner.plan.plan import Plan, read_plan
from planner.run import plan_case, quiet
from sites.table import builtin_sites
from tests.planner.hand import flat_place, hand_case, hand_scenario

GB200, GB300, LPX, CPU, STX = (
    "gb200_nvl72",
    "gb300_nvl72",
    "lpx_groq3",
    "etl256_vera",
    "stx_bluefield4",
)
HERE, THERE = "abilene_tx", "ashburn_va"
COOLING = "liquid_dry"
PER_DAY = 8.64e10
"""1e6 tokens/s, that is 1,000 thousand tokens/s."""
CHAT = {"tokens_per_day": PER_DAY, "value_usd_per_mtok": 50.0, "peak_to_mean": 1.6}
"""Peak over utilisation of 0.8: two in order for every one at work in the mean."""
IN_ORDER = 0.97


def racks_of(*names: str, **change: Any) -> dict[str, Any]:
    """Racks that are there at once."""
    at_once = {"lead_months": 0, "release": "2025-03"}
    return {"use": list(names), "change": {n: {**at_once, **change} for n in names}}


def case_of(*racks: str, workloads: Mapping[str, Any] | None = None, **more: Any) -> Case:
    """Chat, unless other workloads are asked for, on racks whose recipes are to be given."""
    given = {"demand": {"workloads": workloads or {"chat": CHAT}}, "racks": racks_of(*racks)}
    return hand_case(hand_scenario(**{**given, **more}))


def recipe(workload: str, *, together: bool = False, **racks: float | list[float]) -> Recipe:
    """One way to serve: racks in order for 1,000 tokens/s."""
    amounts = {r: np.atleast_1d(np.array(n, dtype=float)) for r, n in racks.items()}
    name = f"{workload}:hand:{'+'.join(racks)}"
    return Recipe(name, workload, "hand", amounts, together, None)


def with_recipes(case: Case, *found: Recipe) -> Case:
    """The case with these recipes and no other."""
    return replace(case, recipes={each.name: each for each in found})


def racks(plan: Plan) -> dict[str, float]:
    """Racks that stand, by kind."""
    found: dict[str, float] = plan.tables["racks"].groupby("rack")["racks"].sum().to_dict()
    return found


def tokens(plan: Plan, kind: str, by: str = "workload") -> dict[str, float]:
    """Tokens a second that are served or unmet."""
    table = plan.tables["tokens"]
    found: dict[str, float] = table[table["kind"] == kind].groupby(by)["tokens_per_s"].sum()
    return dict(found)


def _apart(case: Case) -> Plan:
    """One site may have no racks of the first kind, and the other none of the second."""
    found = build(case)
    for site, name in ((HERE, LPX), (THERE, GB200)):
        found.model.site[site].rack[name, COOLING].units_added[0].fix(0)
    plan = read_plan(found, solve_monolithic(found, log_file=None, report=quiet))
    audit(plan)
    return plan


BOTH = {"include": [HERE, THERE]}


def test_racks_of_a_recipe_stand_in_its_ratio() -> None:
    """1,000 x 2 x (0.01 + 0.004) racks in order over 0.97: 20.6 and 8.2."""
    case = with_recipes(
        case_of(GB200, LPX), recipe("chat", together=True, **{GB200: 0.01, LPX: 0.004})
    )

    plan = plan_case(case)

    assert racks(plan) == pytest.approx({GB200: 20 / IN_ORDER, LPX: 8 / IN_ORDER})
    served = plan.tables["tokens"].query("kind == 'served'")
    assert served["racks_mw"].sum() == pytest.approx(20 * 0.132 + 8 * 0.13)


@pytest.mark.parametrize(("together", "share"), [(True, 0.0), (False, 1.0)])
def test_racks_that_exchange_what_cannot_travel_serve_at_one_site(together, share) -> None:
    """Each site lacks one of the two kinds: apart they serve nothing, and are not bought."""
    two = recipe("chat", together=together, **{GB200: 0.01, LPX: 0.004})
    plan = _apart(with_recipes(case_of(GB200, LPX, sites=BOTH), two))

    assert tokens(plan, "served").get("chat", 0.0) == pytest.approx(share * 1e6)
    assert tokens(plan, "unmet")["chat"] == pytest.approx((1 - share) * 1e6, abs=1e-3)
    assert plan.tables["builds"].empty == together


def test_racks_of_any_site_serve_and_are_told_by_where_they_are() -> None:
    """20.6 racks of 0.132 MW are 2.72 MW: both sites of 1.5 MW are needed."""
    sites = {**BOTH, "limit_it_mw": 1.5}
    plan = plan_case(with_recipes(case_of(GB200, sites=sites), recipe("chat", **{GB200: 0.01})))
    there = plan.tables["racks"].groupby("site")["racks"].sum()

    assert tokens(plan, "unmet")["chat"] == pytest.approx(0, abs=1e-3)
    assert there.sum() == pytest.approx(20 / IN_ORDER)
    by_site = tokens(plan, "served", "site")
    assert by_site == pytest.approx((1e6 * there / there.sum()).to_dict())
    assert set(by_site) == {HERE, THERE}


def test_tied_and_other_recipes_share_the_racks_that_are_in_order() -> None:
    """46 wafers are 10 racks, of which 9.7 are in order, whoever holds them."""
    workloads = {"chat": CHAT, "coding_agent": {**CHAT, "tokens_per_day": PER_DAY / 4}}
    case = case_of(GB200, LPX, workloads=workloads, supply={"chips": {"cowos": 46.0}}, sites=BOTH)
    case = with_recipes(
        case,
        recipe("chat", **{GB200: 0.01}),
        recipe("coding_agent", together=True, **{GB200: 0.01, LPX: 0.004}),
    )

    plan = plan_case(case)
    held = plan.tables["rack_use"].query(f"rack == '{GB200}'")["racks"].sum()

    assert racks(plan)[GB200] == pytest.approx(10)
    assert held == pytest.approx(9.7)
    served = tokens(plan, "served")
    assert sum(served.values()) == pytest.approx(9.7 / 0.01 / 2 * 1000)


def voice(**metros: float) -> dict[str, Any]:
    """Chat whose users want an answer within a round trip of 20 ms."""
    return {"chat": {**CHAT, "metros": metros, "latency_limit_ms": 20}}


@pytest.mark.parametrize(
    ("sites", "unmet", "served"),
    [
        ([HERE], 0.5, {HERE: 0.5}),
        ([THERE], 0.7, {THERE: 0.3}),
        ([HERE, THERE], 0.2, {HERE: 0.5, THERE: 0.3}),
    ],
)
def test_users_are_served_by_sites_that_reach_them(sites, unmet, served) -> None:
    """Abilene reaches Dallas, Ashburn Washington, and nobody Seattle within 20 ms."""
    workloads = voice(dallas=0.5, washington=0.3, seattle=0.2)
    case = case_of(GB200, workloads=workloads, sites={"include": sites})

    plan = plan_case(with_recipes(case, recipe("chat", **{GB200: 0.01})))

    assert tokens(plan, "unmet")["chat"] == pytest.approx(unmet * 1e6)
    assert tokens(plan, "served", "site") == pytest.approx({s: 1e6 * n for s, n in served.items()})
    assert racks(plan)[GB200] == pytest.approx(sum(served.values()) * 20 / IN_ORDER)


def test_users_whom_no_site_reaches_are_unmet() -> None:
    case = case_of(GB200, workloads=voice(seattle=1.0))
    plan = plan_case(with_recipes(case, recipe("chat", **{GB200: 0.01})))

    assert case.workloads["chat"].sites(case.sites) == ()
    assert tokens(plan, "unmet") == pytest.approx({"chat": 1e6})
    assert plan.tables["builds"].empty
    assert plan.outcome.objective_kusd == pytest.approx(50 * PER_DAY * 365 / 1e9)


def test_users_who_must_be_served_and_whom_no_site_reaches_are_a_conflict() -> None:
    workloads = {"chat": {**voice(seattle=1.0)["chat"], "must_serve": True}}
    case = with_recipes(case_of(GB200, workloads=workloads), recipe("chat", **{GB200: 0.01}))

    with pytest.raises(InfeasibleError, match=r"users of seattle|demand\.workloads\.chat"):
        plan_case(case)


def test_where_every_site_reaches_everybody_users_are_not_told_apart() -> None:
    workloads = {"chat": {**CHAT, "metros": {"dallas": 0.4, "boston": 0.6}}}
    workloads["chat"]["latency_limit_ms"] = 100
    case = case_of(GB200, workloads=workloads, sites=BOTH)

    assert case.workloads["chat"].groups == {}
    assert not case.tied


NIGHT = np.where(np.arange(8760) % 24 < 12, 20.0, 80.0)
"""20 USD/MWh in the first half of each day, 80 in the second."""


def _waiting(defer_h: int) -> Plan:
    """Batch work on a site that has nothing but the grid."""
    power = {"use": ["firm_grid"], "change": {"firm_grid": {"lead_months": 0}}}
    scenario = hand_scenario(
        demand={"workloads": {"batch": {**CHAT, "defer_h": defer_h}}},
        serving={"tokens_per_s_per_rack": {GB200: {"batch": 1e5}}},
        power=power,
    )
    profiles = {"grid_price_usd_per_mwh": NIGHT}
    place = flat_place(scenario, builtin_sites()[HERE], profiles=profiles)
    return plan_case(hand_case(scenario, **{HERE: place}))


def _paid(plan: Plan) -> float:
    costs = plan.tables["costs"]
    return float(costs.loc[(costs["family"] == "power") & (costs["item"] == "energy"), "usd"].sum())


def test_work_that_waits_runs_at_night() -> None:
    """20 racks in order are held, 10 work in the mean: 240 rack hours a day are 12 hours of 20.

    All racks of 20 / 0.97 draw 0.3 of 0.9 of 132 kW all day; the held ones, in order, the other 0.7
    over 0.97 while they work, and that is by night alone: 20 USD/MWh and not 50.
    """
    plan = _waiting(24)
    model, key = plan.formulation.model, (HERE, COOLING, 0)
    case = plan.formulation.case
    factor = float(pue(case.cooling[COOLING], np.array([15.0]), np.array([10.0]))[0])
    drawn_mw = 0.9 * 0.132 / IN_ORDER
    steady_mwh, night_mwh = 8760 * 0.3 * drawn_mw * 20, 8760 * 0.7 * drawn_mw * 10

    assert racks(plan) == pytest.approx({GB200: 20 / IN_ORDER})
    assert model.held[HERE, GB200, COOLING, 0].value == pytest.approx(20)
    assert model.working[HERE, GB200, COOLING, 0].value == pytest.approx(10)
    assert model.shift_mw[key].value == pytest.approx(0.7 * drawn_mw * 20)
    assert model.shift_mean_mw[key].value == pytest.approx(0.7 * drawn_mw * 10)
    assert model.it_mw[key].value == pytest.approx(0.3 * drawn_mw * 20)
    assert _paid(plan) == pytest.approx(factor * (50 * steady_mwh + 20 * night_mwh), rel=1e-6)


def test_work_that_waits_three_hours_waits_for_no_night() -> None:
    """Spans of 3 h lie in one price alone: the mean of both is paid for the same energy."""
    plan = _waiting(3)
    case = plan.formulation.case
    factor = float(pue(case.cooling[COOLING], np.array([15.0]), np.array([10.0]))[0])
    mwh = 8760 * 0.9 * 0.132 / IN_ORDER * (0.3 * 20 + 0.7 * 10)

    assert _paid(plan) == pytest.approx(factor * 50 * mwh, rel=1e-6)


def test_a_recipe_serves_from_the_period_on_in_which_it_can() -> None:
    case = case_of(GB200, horizon={"periods": 2})
    plan = plan_case(with_recipes(case, recipe("chat", **{GB200: [np.inf, 0.01]})))

    assert tokens(plan, "served", "period") == pytest.approx({"2029": 1e6})
    assert tokens(plan, "unmet", "period") == pytest.approx({"2028": 1e6, "2029": 0.0}, abs=1e-3)


def _computed(*names: str, workload: str = "chat", change: Any = None, **more: Any) -> Case:
    """A case whose recipes come from the performance model."""
    asked = {"tokens_per_day": PER_DAY, "value_usd_per_mtok": 50.0}
    given = racks_of(*names)
    for name, figures in (change or {}).items():
        given["change"][name] |= figures
    serving = {"tokens_per_s_per_rack": {}, **more.pop("serving", {})}
    return hand_case(
        hand_scenario(demand={"workloads": {workload: asked}}, racks=given, serving=serving, **more)
    )


def _of(case: Case, mode: str) -> Recipe:
    (found,) = (r for r in case.recipes.values() if r.mode == mode)
    return found


def test_software_alone_makes_racks_serve_more_for_some_years() -> None:
    """1.2 a year from the middle of 2026 on: 1.5 years in 2028, and two and no more from 2029."""
    case = _computed(GB300, serving={"modes": ["split"]}, horizon={"periods": 3})
    only = _of(case, "split")
    assert only.performance is not None
    alone = only.performance.racks_per_ktoken_s[GB300]

    assert alone / only.racks[GB300] == pytest.approx([1.2**1.5, 1.2**2, 1.2**2])


def test_what_vendors_say_holds_without_the_haircut() -> None:
    """As if the rack had none; less what it gives with it."""
    name, serving = "vr200_nvl72", {"modes": ["split"], "measured": False}
    derated = _of(_computed(name, serving=serving), "split").racks[name]
    vendor = _of(_computed(name, serving={**serving, "claims": "vendor"}), "split").racks[name]
    none = _of(_computed(name, change={name: {"haircut": 0.0}}, serving=serving), "split")

    assert vendor == pytest.approx(none.racks[name])
    assert vendor < 0.9 * derated


AGENTS = {"workload": "coding_agent"}


def test_tools_of_agents_take_cpu_racks() -> None:
    """Steps of 500 tokens at 80 a second: 2 a second, each with 2 GB while it and its gap last."""
    case = _computed(GB300, CPU, serving={"modes": ["split"]}, **AGENTS)
    open_s = 500 / 80 + Gap(7, 240).mean_wait_s(TIME_TO_LIVE_S)

    assert set(case.recipes) == {f"coding_agent:split:{GB300}+{CPU}"}
    amount = _of(case, "split").racks[CPU]
    assert amount == pytest.approx(2 * open_s * SANDBOX_GB / 390_000)
    assert set(_of(_computed(GB300, serving={"modes": ["split"]}, **AGENTS), "split").racks) == {
        GB300
    }


def test_tools_run_elsewhere_until_cpu_racks_are_there() -> None:
    """CPU racks from January 2029 on: none for the agents of 2028, and the summary says so."""
    horizon = {"horizon": {"start": "2028-01", "periods": 2}}
    late = {CPU: {"release": "2029-01"}}
    case = _computed(GB300, CPU, change=late, serving={"modes": ["split"]}, **AGENTS, **horizon)

    racks = _of(case, "split").racks
    assert racks[CPU][0] == 0
    assert racks[CPU][1] > 0
    assert np.isfinite(racks[GB300]).all()
    said = [each for each in approximations(case) if "tools" in each]
    assert said == ["the tools of coding_agent run elsewhere, unplanned, until CPU racks are there"]


def test_storage_racks_hold_what_the_hosts_cannot() -> None:
    """Fewer accelerators, and twice the storage racks if each holds and reads half as much."""
    serving = {"modes": ["split"]}
    half = {STX: {"storage_tb": 5_900.0, "storage_gb_s": 1_600.0}}
    one = _computed(GB300, STX, serving=serving, **AGENTS)
    two = _of(_computed(GB300, STX, change=half, serving=serving, **AGENTS), "split+kv_tier")
    with_tier, without = _of(one, "split+kv_tier"), _of(one, "split")

    assert with_tier.together
    assert not without.together
    assert with_tier.racks[GB300] < without.racks[GB300]
    assert two.racks[STX] == pytest.approx(2 * with_tier.racks[STX])
    assert two.racks[GB300] == pytest.approx(with_tier.racks[GB300])


def test_ways_that_are_not_asked_for_are_not_looked_at() -> None:
    every = (GB300, LPX, STX)
    case = _computed(*every, serving={"modes": ["split"], "kv_tier": False}, **AGENTS)
    all_of_them = _computed(*every, **AGENTS)

    def modes(found: Case) -> set[str]:
        return {r.mode for r in found.recipes.values()} | {out.mode for out in found.left_out}

    assert modes(case) == {"split"}
    assert modes(all_of_them) >= {"colocated", "split", "afd", "split+kv_tier", "afd+kv_tier"}


def test_a_given_output_replaces_what_is_computed_for_that_rack() -> None:
    """100,000 tokens/s of a rack are 0.01 racks; the other rack keeps its own figures."""
    plain = _computed(GB200, GB300, serving={"modes": ["split"]})
    given = {GB200: {"chat": 1e6}}
    case = _computed(GB200, GB300, serving={"modes": ["split"], "tokens_per_s_per_rack": given})

    (ours,) = (r for r in case.recipes.values() if GB200 in r.racks)
    assert (ours.mode, ours.racks[GB200]) == ("given", pytest.approx(0.001))
    names = {r.name for r in plain.recipes.values() if GB300 in r.racks}
    assert names <= set(case.recipes) | {f"chat:{o.mode}:{o.racks}" for o in case.left_out}


@pytest.mark.parametrize("cowos", [None, 20.0])
def test_what_is_left_out_as_dominated_would_not_be_chosen(monkeypatch, cowos) -> None:
    """With every way in the model the optimum is the same, wafers scarce or not."""
    exact = {"recipe_tolerance": 0.0}
    every = (GB200, GB300, "vr200_nvl72", LPX, STX, CPU)
    supply = {} if cowos is None else {"chips": {"cowos": cowos}}

    def case() -> Case:
        return _computed(*every, supply=supply, serving=exact, **AGENTS)

    kept = case()
    monkeypatch.setattr(finding, "drop_dominated", lambda found, *_: (list(found), []))
    whole = case()

    assert len(whole.recipes) > len(kept.recipes)
    least = plan_case(kept).outcome.objective_kusd
    assert least == pytest.approx(plan_case(whole).outcome.objective_kusd, rel=1e-6)


@pytest.mark.parametrize(("periods", "kept"), [(1, {GB300}), (4, {GB200, GB300})])
def test_a_rack_that_is_cheaper_later_alone_is_not_left_out(periods, kept) -> None:
    """Half the output: of no use at its price of 2027, at a twentieth of that in 2030 it is."""
    falls = {"capex_usd_per_kw": 40_000.0, "capex_2030_usd_per_kw": 2_000.0}
    given = {GB300: {"chat": 2e5}, GB200: {"chat": 1e5}}
    case = _computed(
        GB300,
        GB200,
        change={GB200: falls},
        serving={"tokens_per_s_per_rack": given},
        horizon={"start": "2027-01", "periods": periods},
    )

    assert set(case.recipes) == {f"chat:given:{name}" for name in kept}


def test_recipes_within_the_tolerance_cost_no_more_than_it() -> None:
    """Simpler ones stand for those that save a tenth at most: at most a tenth is lost."""
    every = (GB200, GB300, "vr200_nvl72", LPX, STX, CPU)
    cost, count = [], []
    for tolerance in (0.0, 0.1):
        case = _computed(*every, serving={"recipe_tolerance": tolerance}, **AGENTS)
        count.append(len(case.recipes))
        cost.append(plan_case(case).outcome.objective_kusd)

    assert count[1] < count[0]
    assert cost[0] * (1 - 1e-9) <= cost[1] <= 1.1 * cost[0]
