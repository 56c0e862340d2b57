"""A connection that is cut in peak hours, in both engines."""

from functools import cache
from pathlib import Path

import numpy as np

from planner.case import Case
from planner.engines.seasons import compile_window, stamp, windows_of
from planner.engines.site_operations import digest
from planner.plan.plan import Plan
from tests.planner.engines.both import assert_they_agree, case_of
from tests.planner.hand import AT_ONCE, hand_scenario

SITES = ["abilene_tx", "cheyenne_wy"]
FLEXIBLE, ENGINE = "flexible_grid", "wartsila_18v50sg"
EVERY_SEASON = 0.2
"""So many hours that every season and sampled week has some of them [1]."""


@cache
def _case(hours: str, weeks: int | None = None) -> Case:
    change = {
        FLEXIBLE: {**AT_ONCE, "unavailable_share": EVERY_SEASON},
        ENGINE: AT_ONCE,
        "gas_lateral": AT_ONCE,
    }
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0}
    return case_of(
        hand_scenario(
            horizon={"start": "2028-01", "periods": 1, "hours": hours, "weeks": weeks},
            demand={"workloads": {"chat": chat}},
            sites={"include": SITES},
            power={"use": [ENGINE, FLEXIBLE], "change": change, "gas_usd_per_mmbtu": 9.0},
            grid={"flexible_wait_months": dict.fromkeys(SITES, 0)},
        )
    )


def test_a_season_of_another_site_is_stamped_as_it_would_be_compiled() -> None:
    """The hours that are cut differ from site to site and season to season."""
    case = _case("all")
    seasons = windows_of(case, 0)
    template = compile_window(case, SITES[0], seasons[2])

    found = stamp(case, template, SITES[1], seasons[0])

    wanted = compile_window(case, SITES[1], seasons[0]).operation
    assert digest(found) == digest(wanted)
    assert digest(found) != digest(template.operation)


def test_both_engines_find_the_same_plan(tmp_path: Path) -> None:
    found = assert_they_agree(_case("weeks", 2), tmp_path, gap=1e-3)

    assert found is not None
    plan, _ = found
    assert isinstance(plan, Plan)
    for (s, _), run in plan.outcome.dispatch.items():
        rank = plan.formulation.case.sites[s].profiles["grid_stress_rank"][run.hours.of_year]
        peak = rank < EVERY_SEASON * 8760
        assert 0 < peak.sum() < len(peak)
        np.testing.assert_allclose(run.power_mw[FLEXIBLE][peak], 0.0, atol=1e-6)
    given = sum(run.power_mw[FLEXIBLE].sum() for run in plan.outcome.dispatch.values())
    assert given > 100
