"""Several weather years: what is built is shared, and operated over each of them in turn."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from components.base import Floats
from components.cooling.pue import pue
from components.power.dispatchable import availability
from planner.case import Case, SiteCase
from planner.errors import ScenarioError
from planner.gather import make_periods
from planner.places import choose_sites
from planner.plan.plan import Plan
from planner.plan.summary import summarise
from planner.scenario import Scenario
from sites.synthetic import synthetic_weather
from sites.table import builtin_sites
from sites.weather import Weather
from tests.planner.engines.both import by_cuts, whole
from tests.planner.hand import flat_place, hand_case, hand_scenario
from tests.sites.conftest import write_csv

SITE = "abilene_tx"
QUARTER_H = 2190
OFF_GRID = ("pv_tracker", "li_ion_4h")
GAP = 1e-4


def _sun(dark: slice, share: float) -> Floats:
    """The same days all year, but for a spell in which the sun is dimmer."""
    day = np.clip(np.sin(np.pi * (np.arange(24) - 6) / 12), 0, None)
    clear = np.ones(365)
    clear[dark] = share
    return np.tile(day, 365) * clear.repeat(24)


SHORT_AND_DARK = _sun(slice(20, 22), 0.20)
LONG_AND_DIM = _sun(slice(40, 80), 0.40)


def _case(years: Sequence[Floats], power: Sequence[str] = OFF_GRID) -> Case:
    """A site without the grid in the first quarter of every weather year; load is always met."""
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 400.0, "must_serve": True}
    scenario = hand_scenario(
        horizon={"hours": "all", "weeks": None, "step": "quarter"},
        demand={"workloads": {"chat": chat}},
        power={
            "use": list(power),
            "change": {name: {"lead_months": 0} for name in (*power, "gas_lateral")},
            "curtailed_load_usd_per_mwh": 50_000.0,
        },
        policy={"must_open": [SITE]},
        sites={"include": [SITE], "weather_years": len(years)},
    )
    sun = {"solar_capacity_factor": np.concatenate(years)}
    place = flat_place(scenario, builtin_sites()[SITE], profiles=sun)
    return hand_case(scenario, **{SITE: place})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store of cuts for all: years must not be taken for one another."""
    return tmp_path_factory.mktemp("cones")


@pytest.fixture(scope="module")
def alone(folder: Path) -> list[Plan]:
    return [by_cuts(_case([y]), folder, gap=GAP) for y in (SHORT_AND_DARK, LONG_AND_DIM)]


@pytest.fixture(scope="module")
def together(folder: Path) -> Plan:
    return by_cuts(_case([SHORT_AND_DARK, LONG_AND_DIM]), folder, gap=GAP)


def _cost(plan: Plan) -> float:
    return plan.outcome.objective_kusd


def _mw(plan: Plan, product: str) -> float:
    return float(plan.tables["capacity"].set_index("component")["mw"].get(product, 0.0))


@pytest.mark.slow
def test_the_worst_spell_of_any_year_has_to_be_carried(alone: list[Plan], together: Plan) -> None:
    """Perfect knowledge of each year is cheaper than one plant for all of them.

    The plan for both years, run in one of them, is a plan for that year; so its cost, the mean over
    the years with shared capacities, is no less than the mean of what each year costs at best.
    Off the grid nearly all cost is plant, so that it is no less than the dearest year either, and
    here more: one year asks for storage and the other for panels. To be exact, each year would
    have to end as full as it began; here it does, empty at midnight but for the night to come.
    """
    costs = [_cost(plan) for plan in alone]

    assert _cost(together) >= np.mean(costs) * (1 - 2 * GAP)
    assert _cost(together) > 1.001 * max(costs)
    for product in OFF_GRID:
        assert _mw(together, product) >= min(_mw(plan, product) for plan in alone)
    assert _mw(alone[0], "li_ion_4h") > 1.2 * _mw(alone[1], "li_ion_4h")


def test_the_same_year_twice_costs_what_it_costs_once(folder: Path, alone: list[Plan]) -> None:
    twice = by_cuts(_case([LONG_AND_DIM, LONG_AND_DIM]), folder, gap=GAP)

    assert _cost(twice) == pytest.approx(_cost(alone[1]), rel=2 * GAP)
    for product in OFF_GRID:
        assert _mw(twice, product) == pytest.approx(_mw(alone[1], product), rel=1e-2)


def test_both_engines_agree(together: Plan) -> None:
    wanted = whole(_case([SHORT_AND_DARK, LONG_AND_DIM]))

    assert _cost(together) == pytest.approx(wanted.objective_kusd, rel=2 * GAP)
    assert together.outcome.bound_kusd <= wanted.objective_kusd * (1 + 1e-6)
    here, there = together.outcome.dispatch[SITE, 0].hours, wanted.dispatch[SITE, 0].hours
    for name in ("of_year", "weight", "before"):
        np.testing.assert_array_equal(getattr(here, name), getattr(there, name))


def test_every_hour_of_every_year_is_in_the_table_and_balances(together: Plan) -> None:
    hours = together.tables["dispatch"]
    components = [*OFF_GRID, "curtailed", "load"]

    assert hours["weather_year"].tolist() == [1] * QUARTER_H + [2] * QUARTER_H
    assert hours["hour"].tolist() == 2 * list(range(QUARTER_H))
    assert hours["weight"].unique().tolist() == [0.5]
    np.testing.assert_allclose(hours[components].sum(axis=1), 0, atol=1e-6)
    sun = np.concatenate([y[:QUARTER_H] for y in (SHORT_AND_DARK, LONG_AND_DIM)])
    assert (hours["pv_tracker"] <= _mw(together, "pv_tracker") * sun + 1e-6).all()


def test_energy_of_a_season_is_the_mean_of_the_years(together: Plan) -> None:
    """A steady load of a quarter is the same energy, however many years it is looked at."""
    season = together.tables["power_by_season"].set_index(["season", "component", "direction"])
    load_mw = -together.tables["dispatch"]["load"].iloc[0]

    assert season["mwh"]["S1", "load", "in"] == pytest.approx(-QUARTER_H * load_mw)
    assert set(season.index.get_level_values("season")) == {"S1"}
    sites = together.tables["sites"]
    assert sites["load_mwh"].tolist() == pytest.approx([QUARTER_H * load_mw])
    assert sites["weather_years"].tolist() == [2]
    assert summarise(together, 0.0)["weather_years"] == 2


def test_storage_passes_what_it_holds_from_year_to_year(together: Plan) -> None:
    """Followed through both years it has at each seam what the windows hand over, and no less."""
    p = together.formulation.case.power["li_ion_4h"].figures
    level_at = together.formulation.model.level
    first, second = (level_at[SITE, "li_ion_4h", 0, g].value for g in (0, 1))
    mw = together.tables["dispatch"]["li_ion_4h"].to_numpy()
    one_way = p.round_trip_efficiency**0.5
    levels = [first]
    for moved in np.where(mw < 0, -mw * one_way, -mw / one_way):
        levels.append(p.kept_per_hour * levels[-1] + moved)
    most = _mw(together, "li_ion_4h") * p.usable_mwh_per_mw

    assert min(levels) >= -1e-6 * most
    assert max(levels) <= (1 + 1e-6) * most
    assert levels[QUARTER_H] >= second - 1e-6 * most
    assert levels[-1] >= first - 1e-6 * most


def test_the_hottest_hour_of_any_year_sizes_the_plant(folder: Path) -> None:
    """One hour of 40 degC in the second of two years: load over what an engine gives, both there.

    The mean of PUE is that of both years; in the others of 4,380 hours it is 15 degC.
    """
    case = _case([SHORT_AND_DARK, SHORT_AND_DARK], ["wartsila_18v50sg"])
    hot = np.zeros(2 * 8760, dtype=bool)
    hot[8760 + 100] = True
    climate = {
        "drybulb_c": np.where(hot, 40.0, 15.0),
        "wetbulb_c": np.where(hot, 25.0, 10.0),
    }
    here = case.sites[SITE]
    here = replace(here, profiles={**here.profiles, **climate})

    plan = by_cuts(replace(case, sites={SITE: here}), folder, gap=GAP)

    cooling, engine = case.cooling["liquid_dry"], case.power["wartsila_18v50sg"].figures
    mild, peak = (float(pue(cooling, *np.array([[d], [w]]))[0]) for d, w in ((15, 10), (40, 25)))
    (site,) = plan.tables["sites"].to_dict("records")
    assert site["peak_pue"] == pytest.approx(peak)
    assert site["mean_pue"] == pytest.approx(mild + (peak - mild) / (2 * QUARTER_H))
    able = float(availability(engine, np.array([40.0]), 0.0)[0])
    assert _mw(plan, "wartsila_18v50sg") == pytest.approx(site["it_mw"] * peak / able, rel=1e-5)


def _places(**sites: object) -> dict[str, SiteCase]:
    scenario = Scenario.model_validate(
        {"title": "x", "sites": {"include": [SITE, "ashburn_va"], **sites}}
    )
    return choose_sites(scenario, builtin_sites(), make_periods(scenario))


def test_synthetic_years_have_one_seed_after_the_other() -> None:
    years = 3
    seeds = [_places(weather={"seed": 5 + k})[SITE] for k in range(years)]

    here = _places(weather={"seed": 5}, weather_years=years)[SITE]

    assert here.weather_synthetic
    assert here.weather_source.endswith("seed 5 to seed 7")
    for name, values in here.profiles.items():
        assert values.shape == (years * 8760,)
        wanted = np.concatenate([one.profiles[name] for one in seeds])
        np.testing.assert_array_equal(values, wanted)


def test_hard_hours_of_the_grid_are_as_many_in_every_year() -> None:
    rank = _places(weather_years=2)[SITE].profiles["grid_stress_rank"].reshape(2, 8760)

    assert [sorted(year) for year in rank.tolist()] == 2 * [list(range(8760))]
    assert (np.flatnonzero(rank[0] < 88) != np.flatnonzero(rank[1] < 88)).any()


@pytest.fixture(scope="module")
def weather() -> Weather:
    return synthetic_weather(builtin_sites()[SITE])


def test_files_are_the_years_in_order(weather: Weather, tmp_path: Path) -> None:
    mild = write_csv(weather, tmp_path / "mild.csv")
    frame = weather.frame.assign(drybulb_c=weather.frame["drybulb_c"] + 3)
    hot = write_csv(replace(weather, frame=frame), tmp_path / "hot.csv")

    found = _places(weather={"files": {SITE: [str(hot), str(mild)]}}, weather_years=2)

    here = found[SITE]
    assert not here.weather_synthetic
    assert found["ashburn_va"].weather_synthetic
    assert here.weather_source == f"{hot}; {mild}"
    warmer = here.profiles["drybulb_c"].reshape(2, 8760)
    np.testing.assert_allclose(warmer[0] - warmer[1], 3, atol=1e-6)


def test_a_file_of_several_that_cannot_be_read_is_named(weather: Weather, tmp_path: Path) -> None:
    good, bad = write_csv(weather, tmp_path / "good.csv"), tmp_path / "bad.csv"
    bad.write_text("nothing\n", encoding="utf-8")

    with pytest.raises(ScenarioError) as caught:
        _places(weather={"files": {SITE: [str(good), str(bad)]}}, weather_years=2)

    (problem,) = caught.value.problems
    assert (problem.key, problem.got) == (f"sites.weather.files.{SITE}", str(bad))
