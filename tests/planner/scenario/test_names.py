"""Names that have to exist, each said with its place and the nearest that does."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from planner.errors import Problem
from planner.scenario import Known, load

KNOWN = Known(
    sites=frozenset({"abilene_tx", "pecos_tx"}),
    site_figures=frozenset({"land_usd_per_acre", "limit_it_mw"}),
    products={
        "power": {"titan_130": frozenset({"capex_usd_per_kw", "lead_months"})},
        "cooling": {"dry": frozenset({"approach_c"})},
        "blocks": {"modular": frozenset({"it_mw"})},
        "racks": {"gb300_nvl72": frozenset({"it_kw", "cooling"})},
    },
    grid_areas=frozenset({"ERCO-WEST"}),
    states=frozenset({"TX"}),
    ingredients=frozenset({"cowos"}),
    supply=frozenset({"cowos", "gas"}),
    outlooks=frozenset({"cowos", "tsmc"}),
    workloads=frozenset({"chat"}),
    retrofits=frozenset({"liquid"}),
    models=frozenset({"deepseek_r1"}),
    model_figures=frozenset({"like", "layers"}),
    metros=frozenset({"dallas"}),
    racks=frozenset({"gb300_nvl72", "lpx_groq3"}),
    accelerators=frozenset({"gb300_nvl72"}),
)

SOUND = """\
title: x
sites:
  include: [abilene_tx, pecos_tx]
  change: {abilene_tx: {limit_it_mw: 100}}
power: {use: [titan_130], change: {titan_130: {capex_usd_per_kw: 1500}}}
racks: {use: [gb300_nvl72], change: {gb300_nvl72: {cooling: [dry]}}}
grid: {price_usd_per_mwh: {abilene_tx: 40}, area_limit_mw: {ERCO-WEST: 500},
       area_share_limit: {all: 0.1, ERCO-WEST: 0.2}}
supply: {buyer_share: {cowos: 0.1, gas: 0.2}, chips: {cowos: 1e6}, chip_outlook_of: {tsmc: low}}
policy: {moratoria: {TX: 2028-01, ERCO-WEST: 2029-01, pecos_tx: 2027-01}, must_open: [pecos_tx]}
serving:
  tokens_per_s_per_rack: {gb300_nvl72: {chat: 1000}}
  modes_of: {gb300_nvl72: [split]}
  models: {own: {like: deepseek_r1, layers: 3}}
demand:
  workloads:
    chat: {tokens_per_day: 1, value_usd_per_mtok: 1, model: own}
    calls: {tokens_per_day: 1, value_usd_per_mtok: 1, like: chat, metros: {dallas: 1}}
    mine:
      {tokens_per_day: 1, value_usd_per_mtok: 1, model: deepseek_r1, input_tokens: 10,
       output_tokens: 10, tokens_per_s_per_user: 10}
"""

# name: (text after the title, line, column, key, nearest)
UNKNOWN: dict[str, tuple[str, int, int, str, str]] = {
    "cooling of a rack": (
        "racks: {change: {gb300_nvl72: {cooling: [dry, dri]}}}",
        2, 47, "racks.change.gb300_nvl72.cooling[1]", "dry",
    ),
    "modes of what is no accelerator": (
        "serving: {modes_of: {lpx_groq3: [afd]}}",
        2, 22, "serving.modes_of.lpx_groq3", "one of gb300_nvl72",
    ),
    "included site": (
        "sites: {include: [abilene]}", 2, 19, "sites.include[0]", "abilene_tx",
    ),
    "excluded site": (
        "sites: {exclude: [pecos]}", 2, 19, "sites.exclude[0]", "pecos_tx",
    ),
    "changed site": (
        "sites: {change: {pecos: {limit_it_mw: 1}}}", 2, 18, "sites.change.pecos", "pecos_tx",
    ),
    "field of a site": (
        "sites:\n  change: {pecos_tx: {land_usd: 1}}",
        3, 23, "sites.change.pecos_tx.land_usd", "land_usd_per_acre",
    ),
    "price of a site": (
        "grid: {price_usd_per_mwh: {pecos: 1}}",
        2, 28, "grid.price_usd_per_mwh.pecos", "pecos_tx",
    ),
    "ozone area of a site": (
        "policy: {air_permits: {ozone_areas: {pecos: severe}}}",
        2, 38, "policy.air_permits.ozone_areas.pecos", "pecos_tx",
    ),
    "water of a site": (
        "policy: {water_limit_m3_per_site: {pecos: 1e6}}",
        2, 36, "policy.water_limit_m3_per_site.pecos", "pecos_tx",
    ),
    "wait of a site": (
        "grid: {firm_wait_months: {pecos: 1}}", 2, 27, "grid.firm_wait_months.pecos", "pecos_tx",
    ),
    "grid area": (
        "grid: {area_limit_mw: {ERCO: 1}}", 2, 24, "grid.area_limit_mw.ERCO", "ERCO-WEST",
    ),
    "grid area of a share": (
        "grid: {area_share_limit: {ERCO: 0.1}}", 2, 27, "grid.area_share_limit.ERCO", "ERCO-WEST",
    ),
    "grid area of its load": (
        "grid: {area_twh: {ERCO: 1}}", 2, 19, "grid.area_twh.ERCO", "ERCO-WEST",
    ),
    "power product": (
        "power: {use: [titan]}", 2, 15, "power.use[0]", "titan_130",
    ),
    "changed product": (
        "power: {change: {titan: {x: 1}}}", 2, 18, "power.change.titan", "titan_130",
    ),
    "figure of a product": (
        "power:\n  change:\n    titan_130:\n      capex_usd_per_mw: 9",
        5, 7, "power.change.titan_130.capex_usd_per_mw", "capex_usd_per_kw",
    ),
    "state with heat in the ground": (
        "power: {geothermal_states: [TY]}", 2, 29, "power.geothermal_states[0]", "one of TX",
    ),
    "hall that stands": (
        "sites: {existing: {pecos_tx: {blocks: [{block: modulr, cooling: dry, mw: 1}]}}}",
        2, 48, "sites.existing.pecos_tx.blocks[0].block", "modular",
    ),
    "cooling of a hall that stands": (
        "sites:\n  existing:\n    pecos_tx:\n      blocks: [{block: modular, cooling: dri, mw: 1}]",
        5, 42, "sites.existing.pecos_tx.blocks[0].cooling", "dry",
    ),
    "plant that stands": (
        "sites: {existing: {pecos_tx: {power: [{product: titan, mw: 1}]}}}",
        2, 49, "sites.existing.pecos_tx.power[0].product", "titan_130",
    ),
    "retrofit": (
        "blocks: {retrofits: [liqid]}", 2, 22, "blocks.retrofits[0]", "liquid",
    ),
    "cooling": ("cooling: {use: [wet]}", 2, 17, "cooling.use[0]", "one of dry"),
    "block": ("blocks: {use: [modulr]}", 2, 16, "blocks.use[0]", "modular"),
    "rack": ("racks: {use: [gb300]}", 2, 15, "racks.use[0]", "gb300_nvl72"),
    "ingredient": ("supply: {chips: {cowo: 1}}", 2, 18, "supply.chips.cowo", "cowos"),
    "share of supply": (
        "supply: {buyer_share: {gass: 1}}", 2, 24, "supply.buyer_share.gass", "gas",
    ),
    "maker of ingredients": (
        "supply: {chip_outlook_of: {tsmcc: low}}", 2, 28, "supply.chip_outlook_of.tsmcc", "tsmc",
    ),
    "workload": (
        "demand: {workloads: {chatt: {tokens_per_day: 1, value_usd_per_mtok: 1}}}",
        2, 22, "demand.workloads.chatt", "chat",
    ),
    "workload that is like another": (
        "demand:\n  workloads:\n    a: {tokens_per_day: 1, value_usd_per_mtok: 1, like: chatt}",
        4, 57, "demand.workloads.a.like", "chat",
    ),
    "model of a workload": (
        "demand:\n  workloads:\n    chat: {tokens_per_day: 1, value_usd_per_mtok: 1, model: r1}",
        4, 61, "demand.workloads.chat.model", "one of deepseek_r1",
    ),
    "metropolitan area": (
        "demand:\n  workloads:\n"
        "    chat: {tokens_per_day: 1, value_usd_per_mtok: 1, metros: {dalas: 1}}",
        4, 63, "demand.workloads.chat.metros.dalas", "dallas",
    ),
    "model of a curve": (
        "serving:\n  curves:\n  - {file: a.yaml, model: r1, rack: gb300_nvl72,"
        " input_tokens: 1, output_tokens: 1}",
        4, 27, "serving.curves[0].model", "one of deepseek_r1",
    ),
    "rack of a curve": (
        "serving:\n  curves:\n  - {file: a.yaml, model: deepseek_r1, rack: gb300,"
        " input_tokens: 1, output_tokens: 1}",
        4, 46, "serving.curves[0].rack", "gb300_nvl72",
    ),
    "what an own model is like": (
        "serving: {models: {own: {like: deepseek_r}}}",
        2, 32, "serving.models.own.like", "deepseek_r1",
    ),
    "figure of an own model": (
        "serving: {models: {own: {layer: 3}}}", 2, 26, "serving.models.own.layer", "layers",
    ),
    "closed region": (
        "policy: {moratoria: {ERCO_WEST: 2028-01}}", 2, 22, "policy.moratoria.ERCO_WEST",
        "ERCO-WEST",
    ),
    "site that must open": (
        "policy: {must_open: [abilene]}", 2, 22, "policy.must_open[0]", "abilene_tx",
    ),
    "rack with throughput": (
        "serving: {tokens_per_s_per_rack: {gb300: {chat: 1}}}",
        2, 35, "serving.tokens_per_s_per_rack.gb300", "gb300_nvl72",
    ),
}  # fmt: skip


def test_known_names_pass(write: Callable[..., object]) -> None:
    loaded = load(str(write(SOUND)), known=KNOWN)

    assert loaded.scenario.sites.include == ("abilene_tx", "pecos_tx")


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_name_is_said_with_its_place_and_the_nearest(
    name: str, refuse: Callable[..., tuple[Problem, ...]]
) -> None:
    text, line, column, key, nearest = UNKNOWN[name]

    (problem,) = refuse(f"title: x\n{text}\n", known=KNOWN)

    assert (problem.path, problem.line, problem.column) == ("a.yaml", line, column)
    assert (problem.key, problem.try_) == (key, nearest)
    assert "is no " in problem.what
    assert "that is known" in problem.what


def test_all_unknown_names_come_at_once(refuse: Callable[..., tuple[Problem, ...]]) -> None:
    text = "title: x\n" + "power: {use: [a, b]}\nracks: {use: [c]}\n"

    problems = refuse(text, "sites.include=[d]", known=KNOWN)

    assert [p.key for p in problems] == [
        "power.use[0]",
        "power.use[1]",
        "racks.use[0]",
        "sites.include[0]",
    ]
    assert problems[-1].path == "--set"


def test_a_long_list_of_names_is_cut(refuse: Callable[..., tuple[Problem, ...]]) -> None:
    many = replace(KNOWN, sites=frozenset(f"site_{i:02d}" for i in range(55)))

    (problem,) = refuse("title: x\nsites: {include: [elsewhere]}\n", known=many)

    assert problem.try_.startswith("one of site_00, site_01")
    assert problem.try_.endswith("site_19, ...")


def test_what_is_not_known_is_not_checked(write: Callable[..., object]) -> None:
    """Callers without a table of grid areas, states and so on leave them out."""
    few = replace(KNOWN, grid_areas=None, states=None, ingredients=None, supply=None, racks=None)
    text = "title: x\ngrid: {area_limit_mw: {X: 1}}\npolicy: {moratoria: {Y: 2028-01}}\n"

    assert load(str(write(text)), known=few).scenario.title == "x"
    assert load(str(write(text))).scenario.title == "x"


def test_a_workload_without_a_name_that_is_known_is_told_what_it_lacks(
    refuse: Callable[..., tuple[Problem, ...]],
) -> None:
    text = (
        "title: x\ndemand:\n  workloads:\n"
        "    mine: {tokens_per_day: 1, value_usd_per_mtok: 1, input_tokens: 5}\n"
    )

    (problem,) = refuse(text, known=KNOWN)

    assert (problem.line, problem.column, problem.key) == (4, 5, "demand.workloads.mine")
    assert problem.what.endswith("lacks model, output_tokens, tokens_per_s_per_user")


def test_an_own_model_may_not_take_the_name_of_another(
    refuse: Callable[..., tuple[Problem, ...]],
) -> None:
    (problem,) = refuse("title: x\nserving: {models: {deepseek_r1: {layers: 3}}}\n", known=KNOWN)

    assert (problem.line, problem.column) == (2, 20)
    assert problem.what == "is a model of the catalog already"
