"""Off the grid and before the grid: the two examples on power say what their texts promise."""

from pathlib import Path

import pytest

from examples.off_grid_study import study_solar_share
from examples.off_grid_texas import OWN, STUDY, Point, curves, picture, plan_at, point_of
from examples.speed_to_power import in_service, plan_with
from examples.speed_to_power import picture as years
from sites.synthetic import synthetic_weather
from sites.table import builtin_sites

SMALL = ("horizon.hours=weeks", "solver.threads=1")


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> list[Point]:
    store = tmp_path_factory.mktemp("store")
    sets = (*SMALL, "horizon.weeks=3", "solver.gap=0.01", f"solver.cone_store={store}")
    return [point_of(plan_at(share, sets)) for share in (0.0, 0.5, 0.85)]


def test_more_sun_costs_more_and_the_share_is_met(points: list[Point]) -> None:
    asked = (0, 0.5, 0.85)
    assert all(p.solar_share >= least - 1e-6 for p, least in zip(points, asked, strict=True))
    costs = [p.usd_per_mwh for p in points]
    assert costs == sorted(costs)
    assert costs[-1] > 1.2 * costs[0]
    assert points[0].gas_mw > points[0].peak_mw > 90
    assert points[-1].battery_mw > points[1].battery_mw


def test_the_study_s_curve_passes_near_what_it_published(points: list[Point]) -> None:
    """Within a tenth of 86 USD/MWh without sun and of 109 with 90 %, on other weather."""
    weather = synthetic_weather(builtin_sites()["abilene_tx"], seed=0)
    table = curves(points, study_solar_share(weather))

    rule = table[table["curve"].str.startswith("the study's rule")].sort_values("solar_share")
    gas, sunny = rule.iloc[0], rule.iloc[(rule["solar_share"] - 0.9).abs().argmin()]
    assert gas["usd_per_mwh"] == pytest.approx(86, rel=0.1)
    assert sunny["usd_per_mwh"] == pytest.approx(109, rel=0.1)
    assert set(table["curve"]) >= {OWN, STUDY}
    assert picture(table).to_dict()


def test_a_late_grid_is_bridged_and_an_early_one_is_not(tmp_path: Path) -> None:
    sets = (*SMALL, "horizon.weeks=4", "solver.gap=0.001", f"solver.cone_store={tmp_path}")
    late, early = (
        in_service(plan_with(wait, sets)).pivot_table(index="period", columns="source", values="mw")
        for wait in (84, 24)
    )
    gas = ["bought gas plant", "leased gas plant"]

    assert late.loc["2028", "grid"] == 0
    assert late.loc["2028", gas].sum() > 300
    assert late.loc["2033", "grid"] > 50
    assert late.loc["2033", gas].sum() < late.loc["2028", gas].sum()
    assert early.loc["2028", "grid"] > 150
    assert early.loc["2028", gas].sum() < 0.7 * late.loc["2028", gas].sum()
    assert years(in_service(plan_with(84, sets)).assign(wait="84")).to_dict()
