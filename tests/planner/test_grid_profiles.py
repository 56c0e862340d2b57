"""Prices and peak hours of a site: which price counts, and what is told of a file."""

from pathlib import Path

import numpy as np
import pytest

from planner.engines.outcome import approximations
from planner.errors import ScenarioError
from planner.gather import make_case, make_periods
from planner.grid_profiles import grid_profiles
from planner.known import read_scenario
from planner.places import choose_sites
from planner.run import input_files
from planner.scenario import Scenario
from sites.grid import price_shape
from sites.price_file import TABLE
from sites.table import builtin_sites
from tests.planner.hand import hand_case, hand_scenario

SITE = builtin_sites()["abilene_tx"]
SHAPE = price_shape(SITE.grid_area, SITE.utc_offset_h)
MILD = np.full(8760, 18.0)


def price(**grid: object) -> np.ndarray:
    scenario = Scenario.model_validate({"title": "x", "grid": grid})
    return grid_profiles(scenario, SITE, MILD)["grid_price_usd_per_mwh"]


def table(folder: Path, value: float, name: str = "prices.csv") -> str:
    rows = [",".join([str(m), *[str(value)] * 24]) for m in range(1, 13)]
    path = folder / name
    path.write_text("\n".join([",".join(TABLE), *rows]), encoding="utf-8")
    return str(path)


def test_a_shape_is_scaled_to_the_mean_of_its_year() -> None:
    assert price() == pytest.approx(SITE.grid_price_usd_per_mwh * SHAPE)
    assert price(price_usd_per_mwh={SITE.id: 50}).mean() == pytest.approx(50)


def test_a_tariff_has_its_own_energy_price_unless_the_site_has_one() -> None:
    """35 USD/MWh of energy where demand is charged apart."""
    apart = "energy_and_demand"

    assert price(tariff=apart).mean() == pytest.approx(35)
    assert price(tariff=apart, energy_usd_per_mwh=30).mean() == pytest.approx(30)
    assert price(tariff=apart, price_usd_per_mwh={SITE.id: 50}).mean() == pytest.approx(50)


def test_the_nearest_price_counts(tmp_path: Path) -> None:
    """A site's mean before its file, before the file of its area, before the table."""
    of_site, of_area = table(tmp_path, 31, "site.csv"), table(tmp_path, 32, "area.csv")
    both = {SITE.id: of_site, SITE.grid_area: of_area}

    assert (price(price_files=both) == 31).all()
    assert (price(price_files={SITE.grid_area: of_area}) == 32).all()
    mean = price(price_files={SITE.grid_area: of_area}, price_usd_per_mwh={SITE.id: 40})
    assert mean == pytest.approx(40 * SHAPE)


def test_hours_below_zero_are_free_and_are_told(tmp_path: Path) -> None:
    path = tmp_path / "hourly.csv"
    rows = ["-5" if h < 7 else "20" for h in range(8760)]
    path.write_text("\n".join(["usd_per_mwh", *rows]), encoding="utf-8")
    scenario = hand_scenario(grid={"price_files": {"abilene_tx": str(path)}})

    places = choose_sites(scenario, builtin_sites(), make_periods(scenario))

    here = places["abilene_tx"]
    assert here.profiles["grid_price_usd_per_mwh"][:8].tolist() == [0, 0, 0, 0, 0, 0, 0, 20]
    told = [said for said in approximations(make_case(scenario, places)) if "below zero" in said]
    assert told == ["grid prices below zero are counted as nothing: 7 h at abilene_tx"]


def test_sampled_weeks_may_miss_the_peaks_of_a_flexible_connection() -> None:
    use = {"use": ["flexible_grid"], "change": {"flexible_grid": {"lead_months": 0}}}
    told = approximations(hand_case(hand_scenario(power=use)))
    assert any("flexible connection" in said for said in told)
    assert not any("flexible connection" in s for s in approximations(hand_case(hand_scenario())))


def test_a_file_that_cannot_be_used_is_told_at_its_key(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("usd_per_mwh\nnan\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        price(price_files={SITE.grid_area: str(path)})
    (problem,) = caught.value.problems

    assert problem.key == f"grid.price_files.{SITE.grid_area}"
    assert f"{path}:2: needs 8760 rows, got 1" in problem.what
    assert f"{path}:2: usd_per_mwh is no price, got nan" in problem.what


def test_the_length_of_a_peak_is_the_scenario_s() -> None:
    scenario = Scenario.model_validate({"title": "x", "grid": {"peak_event_h": 6}})
    rank = grid_profiles(scenario, SITE, MILD)["grid_stress_rank"]

    first = np.flatnonzero(rank < 6)
    assert (np.diff(first) == 1).all()
    assert sorted(rank.tolist()) == list(range(8760))


def test_a_file_is_found_from_its_yaml_and_listed_among_the_inputs(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    table(tmp_path / "data", 33)
    path = tmp_path / "a.yaml"
    path.write_text(
        "title: x\nsites: {include: [abilene_tx]}\n"
        f"grid: {{price_files: {{{SITE.grid_area}: data/prices.csv}}}}\n",
        encoding="utf-8",
    )
    scenario = read_scenario(path).scenario
    place = choose_sites(scenario, builtin_sites(), make_periods(scenario))["abilene_tx"]

    assert (place.profiles["grid_price_usd_per_mwh"] == 33).all()
    listed = input_files(scenario)[f"prices {SITE.grid_area}"]
    assert listed.samefile(tmp_path / "data/prices.csv")


def test_waits_are_those_of_the_table_unless_the_scenario_says_others() -> None:
    def figures(**grid: object) -> dict[str, float]:
        data = {"title": "x", "sites": {"include": [SITE.id]}, "grid": grid}
        scenario = Scenario.model_validate(data)
        return dict(
            choose_sites(scenario, builtin_sites(), make_periods(scenario))[SITE.id].figures
        )

    table_says = figures()
    own = figures(firm_wait_months={SITE.id: 70}, flexible_wait_months={SITE.id: 20})

    assert table_says["grid_wait_months"] == SITE.grid_wait_months
    assert table_says["flexible_wait_months"] == SITE.flexible_wait_months
    assert table_says["demand_charge_share"] == 0
    assert (own["grid_wait_months"], own["flexible_wait_months"]) == (70, 20)
    assert figures(tariff="energy_and_demand")["demand_charge_share"] == 1
