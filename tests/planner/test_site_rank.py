"""Ways to power a site against paper and against plans; ranks, moratoria, limits, the command."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.cooling.pue import pue
from components.finance import annuity
from components.power.gas_lateral import mmcf_per_day
from planner.case import Case
from planner.errors import ScenarioError
from planner.off_grid import deepest_fall, sizes
from planner.plan.summary import summarise
from planner.run import plan_case
from planner.site_costs import campus_at, site_usd_per_mwh
from planner.site_rank import Rated, rank_sites, rate, rows_of
from planner.site_rank_command import write_rows
from planner.site_ways import FIRM, FLEXIBLE, GAS, SUN, Way, ways_of
from sites.table import builtin_sites
from tests.planner.hand import AT_ONCE, flat_place, hand_case, hand_scenario

SITE = "abilene_tx"
ENGINE = "wartsila_18v50sg"
MONEY = {"discount_rate": 0.05, "cost_of_capital": 0.08}
HOURS = np.arange(8760)


def case_of(*use: str, change: dict[str, Any] | None = None, **more: Any) -> Case:
    """A flat site and products that are there at once, at 8 % cost of capital."""
    figures = {name: {**AT_ONCE} for name in (*use, "gas_lateral")}
    for name, extra in (change or {}).items():
        figures[name] = {**figures.get(name, {}), **extra}
    power = {"use": list(use), "gas_usd_per_mmbtu": 3.0, "change": figures}
    return hand_case(hand_scenario(**{"power": power, "finance": MONEY, **more}))


def ways(case: Case, it_mw: float = 50.0, **figures: float) -> list[Way]:
    here = case.sites[SITE]
    here = replace(here, figures={**here.figures, **figures})
    return list(ways_of(campus_at(case, here, "liquid_dry", it_mw, {})))


def flat_pue(case: Case) -> float:
    return float(pue(case.cooling["liquid_dry"], np.array([15.0]), np.array([10.0]))[0])


def test_a_firm_connection_costs_what_paper_says() -> None:
    """Substation 200 USD/kW, 2 miles of line at 3,600 USD/(MW mile), 4 USD/kW a year, 40 USD/MWh.

    A flat load uses the connection all year: 8,760 MWh per MW, whatever the PUE.
    """
    (way,) = ways(case_of("firm_grid"), grid_wait_months=36.0)
    usd_per_mw = annuity(0.08, 40) * (200_000 + 2 * 3_600) + 4_000

    assert (way.kind, way.months) == (FIRM, 36)
    assert way.usd_per_mwh == pytest.approx(usd_per_mw / 8760 + 40)


def plan_usd_per_mwh(case: Case) -> tuple[float, float]:
    """What a plan's power costs, and the mean draw of its racks [MW]."""
    plan = plan_case(case)
    label = case.periods.labels[0]
    summary = summarise(plan, 0.0)
    return summary["usd_per_mwh"][label], summary["it_mw"][label]


def test_a_plan_with_a_firm_connection_alone_pays_the_same() -> None:
    """Prices, heat and PUE that move: the plan is of one week, and so is what is rated."""
    wave = 15.0 + 15.0 * np.sin(2 * np.pi * HOURS / 24)
    moving = {
        "drybulb_c": wave,
        "wetbulb_c": wave - 5.0,
        "grid_price_usd_per_mwh": 40.0 + 2.0 * wave,
    }
    case = case_of("firm_grid", policy={"co2_usd_per_t": 20.0})
    place = flat_place(case.scenario, builtin_sites()[SITE], profiles=moving)
    case = replace(case, sites={SITE: place})
    usd, it_mw = plan_usd_per_mwh(case)

    (way,) = ways(case, it_mw)

    assert way.usd_per_mwh == pytest.approx(usd, rel=1e-6)
    assert way.usd_per_mwh > 60  # 40 + 2 x 15 in the mean, and CO2


def test_a_plan_with_an_engine_alone_pays_the_same() -> None:
    """Capital, upkeep, fuel, reserved transport and the pipe of a plan on gas alone."""
    case = case_of(ENGINE, policy={"co2_usd_per_t": 20.0})
    usd, it_mw = plan_usd_per_mwh(case)

    (way,) = ways(case, it_mw)

    assert way.usd_per_mwh == pytest.approx(usd, rel=1e-6)


def test_an_engine_holds_a_spare_unit_and_waits_for_its_pipe() -> None:
    """50 MW x PUE / (0.96 x (1 - 250/8760)) in whole engines of 18.8 MW, one more besides."""
    case = case_of(
        ENGINE,
        change={"gas_lateral": {"lead_months": 30}, ENGINE: {"lead_months": 24}},
        reliability={"spare_units": 1},
        solver={"whole_units_from_mw": 10.0},
    )
    (way,) = ways(case)
    mw = 50 * flat_pue(case) / (0.96 * (1 - 250 / 8760))
    units = np.ceil(mw / 18.8 + 1)
    p, pipe = case.late[ENGINE].figures, case.laterals["gas_lateral"]
    plant = units * 18_800 * (annuity(0.08, p.life_years) * 1_700 + 20)
    lateral = (pipe.tap_usd + 5 * pipe.usd_per_mile) * (annuity(0.08, 30) + pipe.fixed_om_share)
    mwh = 8760 * 50 * flat_pue(case)
    assert mmcf_per_day(units * 18.8, 7.53 * 1.03) < pipe.capacity_mmcf_per_day

    assert (way.kind, way.products, way.months) == (GAS, ENGINE, 30)
    assert way.usd_per_mwh == pytest.approx((plant + lateral) / mwh + 7.53 * 1.03 * 3 + 6)


def test_a_large_plant_lays_the_pipes_that_carry_it() -> None:
    """Of 220 and 675 MMcf/d: the small one for 50 MW, the large one beyond some 1,100 MW."""
    case = case_of(ENGINE, change={"gas_lateral_24in": {"lead_months": 99}})

    assert ways(case, 50.0)[0].months < 99
    assert ways(case, 2_000.0)[0].months == 99


def test_a_major_source_waits_for_its_permit() -> None:
    """0.183 lb/MWh: 50 MW may emit 40 short tons a year, 1,000 MW 800."""
    case = case_of(ENGINE, policy={"air_permits": {}})
    assert case.air_permit is not None

    assert ways(case, 50.0)[0].months == case.air_permit.minor_lead_months
    assert ways(case, 1_000.0)[0].months == case.air_permit.lead_months


def test_a_flexible_connection_is_carried_through_its_cuts() -> None:
    """Cut in the first 88 hours: a battery for one run of them, or load that is lost."""
    case = case_of("flexible_grid", "li_ion_4h", change={"flexible_grid": {"lead_months": 6}})
    lost, carried = ways(case, flexible_wait_months=18.0)
    load = 50 * flat_pue(case)
    p = case.power["li_ion_4h"].figures
    battery_mw = 88 * load / 0.88**0.5 / (4 * 0.85)
    battery = 1000 * (annuity(0.08, 15) * p.net_of_credit(2028) * p.capex_path(case.periods)[0])
    battery = battery_mw * (battery + 1000 * p.fixed_om_usd_per_kw_year)
    back = 88 * load / 0.88
    taken_mw = load + back / (8760 - 88)
    connection = taken_mw * (annuity(0.08, 40) * 207_200 + 4_000)
    energy = 40 * (8672 * load + back)
    curtailed = case.scenario.power.curtailed_load_usd_per_mwh * 88 * load
    whole = load * (annuity(0.08, 40) * 207_200 + 4_000) + 40 * 8672 * load + curtailed

    assert lost.kind == carried.kind == FLEXIBLE
    assert lost.months == carried.months == 18
    assert lost.usd_per_mwh == pytest.approx(whole / (8760 * load))
    total = connection + energy + battery + 88 * load * p.wear_usd_per_mwh
    assert carried.usd_per_mwh == pytest.approx(total / (8760 * load))


def test_load_that_may_not_be_lost_needs_the_battery() -> None:
    case = case_of("flexible_grid", "li_ion_4h", grid={"flexible_backed_share": 0.5})

    assert [way.products for way in ways(case)] == ["flexible_grid, li_ion_4h"]


@pytest.mark.parametrize(
    "limit",
    [{"site_limit_mw": {SITE: 40.0}}, {"area_limit_mw": {"ERCO-WEST": 40.0}},
     {"upgrades": [{"to_mw": 40.0, "usd_per_kw": 10}]}],
)  # fmt: skip
def test_a_connection_that_may_not_be_so_large_is_no_way(limit: dict[str, Any]) -> None:
    case = case_of("firm_grid", grid=limit)

    assert ways(case, 50.0) == []
    assert len(ways(case, 30.0)) == 1


def test_upgrades_are_paid_step_by_step() -> None:
    """50 MW x PUE: the first 20 MW at 100 USD/kW, the rest at 300."""
    steps = [{"to_mw": 20.0, "usd_per_kw": 100}, {"usd_per_kw": 300}]
    with_, without = case_of("firm_grid", grid={"upgrades": steps}), case_of("firm_grid")
    load = 50 * flat_pue(with_)
    more = annuity(0.08, 40) * 1000 * (20 * 100 + (load - 20) * 300) / (8760 * load)

    found = ways(with_)[0].usd_per_mwh - ways(without)[0].usd_per_mwh
    assert found == pytest.approx(more)


def test_a_field_and_its_battery_meet_every_hour() -> None:
    """Operated hour by hour over two years: never short, and short with a tenth less."""
    case = case_of("pv_tracker", "li_ion_4h")
    battery = case.power["li_ion_4h"].figures
    rng = np.random.default_rng(3)
    day = np.clip(np.sin(2 * np.pi * (HOURS % 24 - 6) / 24), 0, None)
    share = day * np.repeat(rng.uniform(0.2, 1.0, 365), 24)
    load = np.full(8760, 10.0)

    def unmet_mwh(solar_mw: float, battery_mw: float) -> float:
        held = full = battery.usable_mwh_per_mw * battery_mw
        unmet = 0.0
        for spare in np.tile(solar_mw * share - load, 2).tolist():
            if spare > 0:
                held = min(full, held + min(spare, battery_mw) * 0.88**0.5)
            else:
                given = min(-spare, held * 0.88**0.5, battery_mw)
                held -= given / 0.88**0.5
                unmet += -spare - given
        return unmet

    found = list(sizes(load, share, battery))
    fields = [each.solar_mw for each in found]
    assert fields == sorted(fields)
    for each in found[:: len(found) // 3]:
        assert unmet_mwh(each.solar_mw, each.battery_mw) < 1e-6
        assert unmet_mwh(each.solar_mw, 0.9 * each.battery_mw) > 1
    (way,) = ways(case)
    assert way.kind == SUN


def test_no_sun_no_way() -> None:
    battery = case_of("li_ion_4h").power["li_ion_4h"].figures

    assert list(sizes(np.ones(24), np.zeros(24), battery)) == []
    assert deepest_fall(np.array([2.0, -1.0, -1.0])) == 2.0


def test_land_and_works_are_spread_over_the_energy() -> None:
    case = case_of("firm_grid")
    campus = campus_at(case, case.sites[SITE], "liquid_dry", 50.0, {})
    works = case.works
    usd = works.works_usd + works.land_acres * 10_000
    yearly = usd * (annuity(0.08, works.life_years) + works.fixed_om_share)

    assert site_usd_per_mwh(campus) == pytest.approx(yearly / (8760 * 50 * flat_pue(case)))


def rated(site: str, *ways: tuple[float, float], closed: bool = False) -> Rated:
    found = tuple(Way(FIRM, "x", months, usd) for months, usd in ways)
    return Rated(builtin_sites()[site], found, 5.0, 1.0, 1.1, "2027-01" if closed else "", closed)


def test_ranks_go_by_cost_of_what_is_there_in_time() -> None:
    sites = [
        rated("abilene_tx", (12, 90.0), (48, 50.0)),
        rated("pecos_tx", (24, 70.0)),
        rated("ashburn_va", (60, 40.0)),
        rated("tucson_az", (6, 30.0), closed=True),
        rated("kuna_id", (24, 95.0)),
    ]

    def ranks(within: float | None) -> dict[str, Any]:
        return {row["site"]: row["rank"] for row in rows_of(sites, within)}

    assert list(ranks(None)) == ["ashburn_va", "abilene_tx", "pecos_tx", "kuna_id", "tucson_az"]
    assert ranks(24) == {
        "pecos_tx": 1, "abilene_tx": 2, "kuna_id": 3, "ashburn_va": None, "tucson_az": None,
    }  # fmt: skip
    front = {row["site"] for row in rows_of(sites, 24) if row["on_front"]}
    assert front == {"abilene_tx", "pecos_tx", "ashburn_va"}
    assert rows_of(sites, 24)[0]["usd_per_mwh"] == 75.0


@pytest.mark.parametrize(
    ("region", "month", "closed"),
    [("TX", "2028-01", True), ("TX", "2028-02", False), ("ERCO-WEST", "2027-01", True),
     ("VA", "2027-01", False)],
)  # fmt: skip
def test_a_moratorium_closes_what_cannot_open_before(region: str, month: str, closed: bool) -> None:
    case = case_of("firm_grid", policy={"moratoria": {region: month}})
    found = rate(case, case.sites[SITE], "liquid_dry", 50.0, {})

    assert found.closed is closed
    assert found.moratorium == ("" if region == "VA" else month)


TEXT = """\
title: two
sites: {include: [abilene_tx, ashburn_va], change: {ashburn_va: {grid_price_usd_per_mwh: 20}}}
grid: {firm_wait_months: {ashburn_va: 12}}
policy: {moratoria: {TX: 2026-01}}
power: {use: [firm_grid]}
"""


@pytest.fixture
def two(tmp_path: Path) -> Path:
    file = tmp_path / "two.yaml"
    file.write_text(TEXT)
    return file


def test_a_scenario_gives_sites_figures_and_moratoria(two: Path) -> None:
    first, last = rank_sites(two, within=24)

    assert (first["site"], first["rank"], first["months"]) == ("ashburn_va", 1, 12)
    assert first["power_usd_per_mwh"] < 50
    assert (last["site"], last["rank"], last["closed"]) == ("abilene_tx", None, True)


def test_a_cooling_type_that_is_not_used_is_refused(two: Path) -> None:
    with pytest.raises(ScenarioError, match="no cooling type that the scenario uses"):
        rank_sites(two, cooling="liquid_dri")


def test_rows_are_written_whole(tmp_path: Path) -> None:
    rows = rows_of([rated("abilene_tx", (12, 90.0)), rated("pecos_tx")], None)
    write_rows(rows, tmp_path / "rank.csv")

    with (tmp_path / "rank.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert [(row["site"], row["rank"]) for row in found] == [("abilene_tx", "1"), ("pecos_tx", "")]
    assert [path.name for path in tmp_path.iterdir()] == ["rank.csv"]
    json.dumps(rows, allow_nan=False)
    with pytest.raises(ScenarioError, match="in no folder that is there"):
        write_rows(rows, tmp_path / "none" / "rank.csv")
