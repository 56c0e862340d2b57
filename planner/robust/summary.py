"""The summary of a robust plan, as plain data, and the table of what its scenarios share."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from planner.plan.values import records
from planner.robust.planning import Robust, Worth
from planner.robust.value import Cost, Difference
from planner.scenario import Scenario
from planner.version import installed
from solvers.solution import relative_gap

FIRST_STAGE = ("site", "period", "family", "component", "units", "mw")
"""Columns of the table of shared additions."""


def first_stage_table(found: Robust) -> pd.DataFrame:
    """Return what is added in the shared periods, which is the same in every scenario.

    Columns: site, period, family, component, units, mw. The first scenario's table is read; that
    the decisions are equal was checked when they were found.
    """
    first = found.futures[0]
    builds = found.plans[first.name].tables["builds"]
    shared = builds["period"].isin(first.case.periods.labels[: found.shared_periods])
    return builds.loc[shared, list(FIRST_STAGE)].reset_index(drop=True)


def summarise_robust(scenario: Scenario, found: Robust, peak_memory_mb: float) -> dict[str, Any]:
    """Return the summary of a robust plan; money is discounted [USD].

    Parameters
    ----------
    scenario
        The whole file.
    found
        The plan.
    peak_memory_mb
        Most memory the process has held [MB].

    Returns
    -------
    dict
        JSON data. What is by scenario stands under ``robust.scenarios``; each has its own summary
        in its own run folder.
    """
    rp = found.rp
    return {
        "title": scenario.title,
        "status": found.joint.status,
        "objective_usd": 1000 * rp.plan_kusd,
        "bound_usd": 1000 * rp.bound_kusd,
        "gap": relative_gap(rp.plan_kusd, rp.bound_kusd),
        "robust": {
            "scenarios": {f.name: _of_scenario(found, f.name, f.weight) for f in found.futures},
            "shared_periods": list(found.futures[0].case.periods.labels[: found.shared_periods]),
            "rp_usd": _cost(rp),
            "ws_usd": _cost(found.ws),
            "evpi_usd": _difference(found.evpi),
            **_worth(found.worth),
            "first_stage": records(first_stage_table(found)),
            "sentences": list(sentences(found)),
        },
        "seconds": {
            **{phase: round(s, 3) for phase, s in found.seconds.items()},
            **{f"together: {phase}": round(s, 3) for phase, s in found.joint.seconds.items()},
        },
        "peak_memory_mb": round(peak_memory_mb, 1),
        "engine": scenario.solver.engine,
        "cuts": found.joint.cuts,
        "cones": found.joint.cones,
        "cones_apart": found.joint.cones_apart,
        "shared_decisions": found.joint.shared,
        "version": installed(),
    }


def sentences(found: Robust) -> Iterator[str]:
    """Say in words what the plan costs and what knowing and planning for several is worth."""
    yield f"the robust plan costs {_billions(found.rp)} billion USD in expectation"
    yield (
        "to know at the start which scenario comes would save "
        f"{_between(found.evpi, found.rp)} (expected value of perfect information)"
    )
    worth = found.worth
    if worth.vss is not None:
        yield (
            "to begin as if there were only the mean scenario would cost "
            f"{_between(worth.vss, found.rp)} more (value of the stochastic solution)"
        )
    elif worth.is_infinite:
        yield (
            "to begin as if there were only the mean scenario leaves no plan in some scenario: "
            "the value of the stochastic solution is infinite"
        )
    else:
        yield "the value of the stochastic solution is not known"
    yield f"planned for as the mean: {worth.sentence}"


def _of_scenario(found: Robust, name: str, weight: float) -> dict[str, Any]:
    cost = found.plans[name].outcome.objective_kusd
    after = found.worth.by_name.get(name)
    return {
        "weight": weight,
        "folder": name,
        "objective_usd": 1000 * cost,
        "alone_usd": _cost(found.alone[name]),
        "regret_usd": 1000 * max(cost - found.alone[name].plan_kusd, 0.0),
        "after_mean_usd": None if after is None else _cost(after),
    }


def _worth(worth: Worth) -> dict[str, Any]:
    return {
        "eev_usd": None if worth.eev is None else _cost(worth.eev),
        "vss_usd": None if worth.vss is None else _difference(worth.vss),
        "vss_is_infinite": worth.is_infinite,
        "mean_scenario": worth.sentence,
        "mean_usd": None if worth.mean is None else _cost(worth.mean),
    }


def _cost(cost: Cost) -> dict[str, float]:
    return {"bound": 1000 * cost.bound_kusd, "plan": 1000 * cost.plan_kusd}


def _difference(difference: Difference) -> dict[str, float]:
    return {
        "low": 1000 * difference.low_kusd,
        "plan": 1000 * difference.kusd,
        "high": 1000 * difference.high_kusd,
    }


def _billions(cost: Cost) -> str:
    return f"{cost.plan_kusd / 1e6:,.3f}"


def _between(difference: Difference, of: Cost) -> str:
    """Write an interval in millions, and its middle figure as a share of the plan's cost."""
    low, high = difference.low_kusd / 1e3, difference.high_kusd / 1e3
    share = difference.kusd / of.plan_kusd if of.plan_kusd else 0.0
    return f"{difference.kusd / 1e3:,.1f} million USD ({low:,.1f} to {high:,.1f}; {share:.2%})"
