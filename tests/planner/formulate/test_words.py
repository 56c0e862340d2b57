"""Requirements that conflict are named in the words of the scenario, not of the model."""

import re
from dataclasses import replace
from typing import Any

import pytest

from planner.engines.monolithic import add_hours
from planner.engines.seams import add_windows
from planner.formulate.build import build
from planner.formulate.formulation import Formulation
from planner.formulate.words import WORDS, in_words
from solvers.program import compile_model
from tests.planner.hand import hand_case, hand_scenario

WORKLOADS = {
    "chat": {"tokens_per_day": 1e11, "value_usd_per_mtok": 4.0},
    "batch": {"tokens_per_day": 1e11, "value_usd_per_mtok": 4.0},
    "voice": {
        "tokens_per_day": 1e11,
        "value_usd_per_mtok": 4.0,
        "metros": {"dallas": 0.5, "washington": 0.5},
        "latency_limit_ms": 20,
    },
}

LEO = {
    "change": {"unit_mw": 0.132, "lead_months": 0.0},
    "integration_months": 0.0,
    "launch_t_per_year": 1000.0,
    "link_gbit_s": 1000.0,
}
RETROFITTED: dict[str, Any] = {
    "blocks": {"retrofits": "all"},
    "cooling": {"use": ["air_chiller", "liquid_dry"]},
}
IN_ORBIT = {"include": ["abilene_tx"], "orbit": {"leo": LEO}}


@pytest.fixture(scope="module")
def formulation() -> Formulation:
    """Two years with every kind of limit on, and work that waits or that not every site reaches."""
    scenario = hand_scenario(
        horizon={"periods": 2},
        demand={"workloads": WORKLOADS},
        serving={"tokens_per_s_per_rack": {"gb200_nvl72": dict.fromkeys(WORKLOADS, 1e5)}},
        sites={"include": ["abilene_tx", "ashburn_va"]},
        power={
            "use": [
                "wartsila_18v50sg",
                "ge_7ha02",
                "li_ion_4h",
                "firm_grid",
                "flexible_grid",
                "pv_tracker",
                "ge_7ha03_cc",
            ],
            "change": {
                name: {"lead_months": 0}
                for name in ("wartsila_18v50sg", "ge_7ha03_cc", "gas_lateral")
            },
            "early_retirement": True,
        },
        policy={
            "must_open": ["abilene_tx"],
            "co2_limit_t": 1e6,
            "carbon_free_share": 0.0,
            "nox_limit_t_per_site": 100,
            "budget_usd_per_year": 1e9,
            "water_limit_m3_per_site": 1e6,
            "moratoria": {"TX": "2029-01"},
            "air_permits": {},
        },
        racks={"change": {"gb200_nvl72": {"lead_months": 0, "ramp_per_year": 3}}},
        reliability={"spare_units": 1},
        grid={
            "share_limit": 0.1,
            "area_limit_mw": {"ERCO": 5},
            "area_share_limit": {"all": 0.1},
            "site_limit_mw": {"abilene_tx": 50},
            "upgrades": [{"to_mw": 30, "usd_per_kw": 0}, {"to_mw": 60, "usd_per_kw": 90}],
            "flexible_backed_share": 0.5,
        },
        cooling={"use": ["liquid_dry", "liquid_tower"]},
        solver={"whole_units_from_mw": 10},
    )
    backed = frozenset({("abilene_tx", 1)})
    built = build(replace(hand_case(scenario), backed=backed))
    add_hours(built)
    return built


ROWS = {
    "demand_met[chat,1]": "demand.workloads.chat: every token of 2029 has to be served",
    "grid_share[0]": "grid.share_limit: the share of US electricity allowed in 2028",
    "open_site_for_blocks[abilene_tx,0]": "sites.limit_it_mw: IT power at abilene_tx in 2028",
    "supply_limit[chips,cowos,,1]": "supply: chips of cowos in 2029",
    "rack_ramp[gb200_nvl72,1]": (
        "racks.change.gb200_nvl72.ramp_per_year: racks added in 2029 over those before"
    ),
    "supply_limit[labour,craft hours,abilene_tx,0]": (
        "supply: labour of craft hours abilene_tx in 2028"
    ),
    "area_share[ERCO-WEST,1]": (
        "grid.area_share_limit: the share of ERCO-WEST's electricity allowed in 2029"
    ),
    "connection_limit[abilene_tx,1]": "grid.site_limit_mw: connections at abilene_tx in 2029",
    "upgrades_carry_connections[abilene_tx,0]": "grid.upgrades: network behind abilene_tx in 2028",
    "flexible_is_backed[abilene_tx,1]": (
        "grid.flexible_backed_share: on-site power at abilene_tx in 2029"
    ),
    "site[abilene_tx].upgrade.within_step[1,0]": (
        "grid.upgrades: width of a step at abilene_tx in 2028"
    ),
    "connection_backed[abilene_tx,1]": (
        "reliability.availability: units behind the grid at abilene_tx in 2029"
    ),
    "gas_within_lateral[abilene_tx,1]": "power: gas at abilene_tx within its laterals in 2029",
    "nox_within_permit[abilene_tx,1]": (
        "policy.air_permits: NOx of abilene_tx below a major source in 2029"
    ),
    "listed_nox_within_permit[abilene_tx,1]": (
        "policy.air_permits: NOx of combined cycles at abilene_tx below a major source in 2029"
    ),
    "received_is_shipped[wartsila_18v50sg,0,1]": (
        "power.early_retirement: wartsila_18v50sg that sites receive in 2029"
    ),
    "site[abilene_tx].power[wartsila_18v50sg].leaves_what_is_there[0,1]": (
        "power.early_retirement: wartsila_18v50sg that leave abilene_tx by 2029"
    ),
    "water_limit[abilene_tx,1]": (
        "policy.water_limit_m3_per_site: water for cooling at abilene_tx in 2029"
    ),
    "budget[1]": "policy.budget_usd_per_year: investment in 2029",
    "site[abilene_tx].must_open": "policy.must_open: abilene_tx",
    "site[abilene_tx].moratorium[1]": "policy.moratoria: no opening at abilene_tx",
    "hours[abilene_tx,0].power_balance[17]": "power: load met in every hour",
    "group_met[voice,dallas,1]": (
        "demand.workloads.voice: users of dallas within the latency limit in 2029"
    ),
    "enough_held[abilene_tx,gb200_nvl72,0]": (
        "serving: gb200_nvl72 racks held at abilene_tx for work that can wait in 2028"
    ),
    "held_within_racks[abilene_tx,gb200_nvl72,liquid_dry,1]": (
        "racks: gb200_nvl72 held at abilene_tx for work that can wait in 2029"
    ),
    "serving_within_racks[ashburn_va,gb200_nvl72,1]": (
        "serving: tokens that gb200_nvl72 racks at ashburn_va can serve in 2029"
    ),
    "hours[abilene_tx,0].shift[liquid_dry].work_done[3]": (
        "demand.workloads: work that can wait is done within its defer_h"
    ),
    "hours[abilene_tx,0].shift[liquid_dry].shifted_within_racks[3]": (
        "racks: work that can wait runs on racks held for it"
    ),
    "hours[abilene_tx,0].other[3]": "hours[abilene_tx,0].other[3]",
    "unheard_of": "unheard_of",
}


@pytest.mark.parametrize(("row", "said"), ROWS.items(), ids=ROWS.keys())
def test_a_row_in_words(formulation: Formulation, row: str, said: str) -> None:
    assert in_words(formulation, (row,)) == (said,)


def test_a_component_is_named_with_its_site(formulation: Formulation) -> None:
    row = "site[abilene_tx].rack[gb200_nvl72,liquid_dry].capacity_in_service[1]"
    (said,) = in_words(formulation, (row,))
    assert "[" not in said
    assert all(word in said for word in ("gb200_nvl72", "liquid_dry", "abilene_tx", "2029"))


def test_every_sentence_fits_the_rows_of_its_name(formulation: Formulation) -> None:
    """Each family of rows that a full model has reads without a bracket left over."""
    by_cuts = build(formulation.case)
    add_windows(by_cuts)
    rows = compile_model(formulation.model).row_names + compile_model(by_cuts.model).row_names
    by_region = build(hand_case(hand_scenario(supply={"labour": {}})))
    rows += compile_model(by_region.model).row_names
    rows += compile_model(build(hand_case(hand_scenario(sites=IN_ORBIT))).model).row_names
    rows += compile_model(build(hand_case(hand_scenario(**RETROFITTED))).model).row_names
    heads = {row: re.sub(r"\[[^\]]*\]$", "", row).rpartition(".")[2] for row in rows}
    first = {family: row for row, family in heads.items()}
    missing = set(WORDS) - set(first)
    assert not missing, "sentences for rows that no model has"
    for family in WORDS:
        (said,) = in_words(formulation, (first[family],))
        assert "[" not in said
        assert "{" not in said


def test_each_sentence_once_and_bounds_only_if_there_is_nothing_else(
    formulation: Formulation,
) -> None:
    rows = tuple(f"hours[abilene_tx,0].power_balance[{h}]" for h in range(5))
    assert in_words(formulation, (*rows, "bound of x")) == ("power: load met in every hour",)
    assert in_words(formulation, ("bound of x",)) == ("bound of x",)
