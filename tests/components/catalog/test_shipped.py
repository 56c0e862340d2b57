"""Every row that is shipped: sourced, dated, plausible, and consistent with the others."""

from datetime import date
from math import log

import pytest

from components.catalog.loader import Entry, families, load_family
from components.compute.chips import ChipSupply
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.workload import WorkloadKind
from components.cooling.parameters import Cooling
from components.facility.block import Block
from components.power.additions import UnitParameters
from components.power.dispatchable import DispatchableParameters
from components.power.firm import FirmParameters
from components.power.plant import in_order

REVIEWED = date(2026, 11, 24)
"""The day the rows were last read through as a whole; none may be newer."""

ENTRIES = [entry for family in families() for entry in load_family(family).values()]
RACKS = {e.name: e.parameters for e in ENTRIES if isinstance(e.parameters, Rack)}
SUPPLIES = {e.name: e.parameters for e in ENTRIES if isinstance(e.parameters, ChipSupply)}

PLAUSIBLE = {
    ("gas", "capex_usd_per_kw"): (600, 3500),
    ("gas", "heat_rate_mmbtu_per_mwh"): (5.5, 13),
    ("gas", "lead_months"): (6, 90),
    ("gas", "forced_outage_share"): (0.01, 0.1),
    ("gas", "derate_per_c"): (0, 0.02),
    ("gas", "derate_per_km"): (0, 0.2),
    ("fuel_cell", "capex_usd_per_kw"): (2500, 7000),
    ("fuel_cell", "heat_rate_mmbtu_per_mwh"): (5.5, 9.5),
    ("solar", "capex_usd_per_kw"): (800, 2000),
    ("solar", "degradation_per_year"): (0.002, 0.01),
    ("battery", "capex_usd_per_kw"): (400, 4000),
    ("battery", "round_trip_efficiency"): (0.4, 0.95),
    ("wind", "capex_usd_per_kw"): (1300, 2500),
    ("wind", "loss_share"): (0.1, 0.2),
    ("wind", "degradation_per_year"): (0.001, 0.01),
    ("nuclear", "capex_usd_per_kw"): (6500, 15_000),
    ("nuclear", "lead_months"): (72, 150),
    ("nuclear", "fuel_usd_per_mwh"): (8, 15),
    ("geothermal", "capex_usd_per_kw"): (4500, 10_000),
    ("geothermal", "forced_outage_share"): (0.01, 0.1),
    ("grid", "capex_usd_per_kw"): (50, 400),
    ("grid", "line_usd_per_mw_mile"): (500, 10_000),
    ("rental", "heat_rate_mmbtu_per_mwh"): (8, 11),
    ("rental", "lease_usd_per_kw_month"): (30, 45),
    ("rental", "lead_months"): (3, 15),
    ("rental", "life_years"): (2, 15),
    ("gas_lateral", "usd_per_mile"): (1e6, 15e6),
    ("line", "usd_per_mw_mile"): (1000, 13_000),
    ("line", "ohm_per_mile"): (0.01, 0.2),
    ("line", "ends_usd_per_kw"): (100, 700),
    ("line", "lead_months"): (18, 96),
    ("gas_lateral", "capacity_mmcf_per_day"): (50, 1000),
    ("air_permit", "lead_months"): (12, 24),
    ("leaving", "salvage_share"): (0.1, 0.8),
    ("leaving", "relocation_usd_per_kw"): (100, 1000),
    ("cooling", "capex_usd_per_kw"): (800, 3500),
    ("cooling", "density_limit_kw_per_rack"): (10, 700),
    ("block", "capex_usd_per_kw"): (5000, 15_000),
    ("block", "lead_months"): (4, 40),
    ("block", "craft_hours_per_mw"): (3000, 55_000),
    ("block", "factory_hours_per_mw"): (0, 15_000),
    ("block", "local_cost_share"): (0.1, 1),
    ("labour_market", "construction_cost_factor"): (0.8, 1.3),
    ("labour_market", "craft_h_per_year"): (5e5, 5e7),
    ("site_works", "works_usd"): (5e6, 1e9),
    ("rack", "unit_mw"): (0.02, 0.8),
    ("rack", "capex_usd_per_kw"): (15_000, 130_000),
    ("rack", "haircut"): (0, 0.4),
    ("rack", "nic_gb_s"): (5, 400),
    ("workload", "output_tokens"): (100, 20_000),
    ("workload", "cached_share"): (0, 0.98),
    ("workload", "tokens_per_s_per_user"): (5, 500),
    ("workload", "peak_to_mean"): (1, 2),
    ("workload", "cpu_core_s_per_request"): (0, 20),
    ("workload", "context_growth_per_year"): (0, 0),
    ("chip_supply", "lead_months"): (1, 6),
    ("chip_supply", "usable_share"): (0.9, 1),
}

UNASKED = {"rental", "wind", "nuclear", "geothermal", "claim"}
"""Families of which nothing is used unless a scenario names it."""

EFFICIENCY_LHV = {
    "CC": (0.50, 0.66),
    "FSC": (0.34, 0.46),
    "AERO": (0.33, 0.46),
    "IGT": (0.28, 0.43),
    "MSR": (0.45, 0.54),
    "HSR": (0.36, 0.49),
    "MT": (0.25, 0.48),
    "SOFC": (0.50, 0.66),
    "MCFC": (0.40, 0.50),
    "PAFC": (0.38, 0.46),
}

DISPATCHABLE = [e for e in ENTRIES if isinstance(e.parameters, DispatchableParameters)]


def name_of(entry: object) -> str:
    return f"{entry.family}.{entry.name}" if isinstance(entry, Entry) else str(entry)


@pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
class TestEveryRow:
    def test_says_where_it_comes_from(self, entry: Entry) -> None:
        assert len(entry.source) >= 8
        assert entry.as_of <= REVIEWED
        assert entry.confidence in ("H", "M", "L")

    def test_is_plausible(self, entry: Entry) -> None:
        figures = entry.parameters.model_dump()
        for (family, figure), (low, high) in PLAUSIBLE.items():
            if family == entry.family:
                assert low <= figures[figure] <= high, figure


@pytest.mark.parametrize("family", sorted(set(families()) - UNASKED))
def test_every_family_has_a_default(family: str) -> None:
    assert any(entry.default for entry in load_family(family).values())


@pytest.mark.parametrize("family", sorted(UNASKED))
def test_what_must_be_asked_for_is_no_default(family: str) -> None:
    assert not any(entry.default for entry in load_family(family).values())


@pytest.mark.parametrize("name", ["li_ion_4h", "li_ion_8h", "iron_air_100h"])
def test_a_battery_is_named_after_its_hours(name: str) -> None:
    p = load_family("battery")[name].parameters.model_dump()

    assert name.endswith(f"_{p['duration_h']:.0f}h")


CAPACITY_FACTOR = {"bwrx_300": 0.93, "enhanced_geothermal": 0.90, "flash_geothermal": 0.90}
"""Of the firm plants without gas: NREL ATB 2024."""


@pytest.mark.parametrize(("name", "factor"), CAPACITY_FACTOR.items())
def test_firm_plants_run_as_much_as_published(name: str, factor: float) -> None:
    (p,) = (e.parameters for e in ENTRIES if e.name == name)
    assert isinstance(p, FirmParameters)

    assert in_order(p) == pytest.approx(factor, abs=0.002)


def test_credits_of_the_law_of_july_2025() -> None:
    """Sun and wind: none after 2027. All others: through a start in 2033, then 75 and 50 %."""
    for entry in ENTRIES:
        p = entry.parameters
        if not isinstance(p, UnitParameters) or not p.credit_share:
            continue
        assert p.credit_share == 0.3
        last = p.credit_until_year
        assert last is not None
        if entry.family in ("wind", "solar"):
            assert (last, p.credit_phase_out) == (2027, {})
        else:
            assert last >= 2034
            assert p.credit_phase_out == {last + 1: 0.75, last + 2: 0.5}


@pytest.mark.parametrize("family", ["air_permit", "site_works"])
def test_what_a_site_has_once_is_there_once(family: str) -> None:
    assert len(load_family(family)) == 1


@pytest.mark.parametrize("entry", DISPATCHABLE, ids=name_of)
def test_heat_rate_fits_the_technology_and_the_carbon(entry: Entry) -> None:
    """Efficiency LHV = 3.412 / heat rate * 1.108; 53.06 kg of CO2 to the MMBtu of natural gas."""
    p = entry.parameters
    assert isinstance(p, DispatchableParameters)
    low, high = EFFICIENCY_LHV[p.model_dump()["technology"]]

    assert low <= 3.412 / p.heat_rate_mmbtu_per_mwh * 1.108 <= high
    assert p.co2_t_per_mmbtu == 0.05306
    assert 0.30 <= p.heat_rate_mmbtu_per_mwh * p.co2_t_per_mmbtu <= 0.70


@pytest.mark.parametrize(
    ("name", "t_per_mwh"),
    [("ge_7ha02", 0.471), ("wartsila_18v50sg", 0.400), ("ge_lm2500xpress", 0.508)],
)
def test_carbon_of_each_engine_as_published(name: str, t_per_mwh: float) -> None:
    p = load_family("gas")[name].parameters
    assert isinstance(p, DispatchableParameters)

    assert p.heat_rate_mmbtu_per_mwh * p.co2_t_per_mmbtu == pytest.approx(t_per_mwh, abs=0.001)


def test_one_machine_of_50_hz_is_there_to_be_refused() -> None:
    hz = {name: e.parameters.model_dump()["frequency_hz"] for name, e in load_family("gas").items()}

    assert [name for name, frequency in hz.items() if frequency != 60] == ["ansaldo_ae94_3a"]
    assert not load_family("gas")["ansaldo_ae94_3a"].default


def test_blocks_and_racks_name_cooling_that_exists() -> None:
    known = set(load_family("cooling"))

    for family in ("block", "rack"):
        for entry in load_family(family).values():
            assert isinstance(entry.parameters, Block | Rack)
            assert set(entry.parameters.cooling) <= known, entry.name


def test_every_rack_has_a_cooling_that_carries_it() -> None:
    for entry in load_family("rack").values():
        p = entry.parameters
        assert isinstance(p, Rack)
        for name in p.cooling:
            carried = load_family("cooling")[name].parameters
            assert isinstance(carried, Cooling)
            assert 1000 * p.unit_mw / p.cabinets <= carried.density_limit_kw_per_rack, entry.name


def test_every_ingredient_has_a_supply_and_every_supply_a_use() -> None:
    drawn = {name for rack in RACKS.values() for name in rack.ingredients}

    assert drawn == set(load_family("chip_supply"))


ACCELERATORS = {name: rack for name, rack in RACKS.items() if rack.kind == "accelerator"}


@pytest.mark.parametrize("name", ACCELERATORS)
def test_figures_of_a_chip_fit_each_other(name: str) -> None:
    """Narrower formats are no slower, stacks hold 16 to 64 GB, a watt of a rack is a chip's."""
    rack = ACCELERATORS[name]
    speeds = [f for f in (rack.bf16_pflops, rack.fp8_pflops, rack.fp4_pflops) if f]
    stacks = rack.ingredients.get("hbm3e", 0) + rack.ingredients.get("hbm4", 0)

    assert speeds == sorted(speeds)
    assert not stacks or 16 <= rack.chips * rack.memory_gb / stacks <= 64
    assert 0.3 <= 1000 * rack.unit_mw / rack.chips <= 4.5
    assert 15_000 <= rack.capex_usd_per_kw <= 60_000
    assert (rack.topology == "torus") == (rack.torus_dimensions is not None)
    assert (rack.topology == "two_tier") == (rack.tier_chips is not None) == bool(rack.tier_gb_s)
    assert rack.tier_chips is None or rack.tier_chips <= rack.chips < rack.domain_chips


def test_models_are_served_by_accelerators_with_software() -> None:
    software = set(load_family("serving_software"))

    for name, rack in RACKS.items():
        assert (rack.software in software) == (rack.kind == "accelerator"), name
        assert (rack.software == "") == (rack.kind != "accelerator"), name


def test_what_others_may_not_buy_is_no_default() -> None:
    for name, entry in load_family("rack").items():
        captive = RACKS[name].vendor in ("Google", "AWS")
        assert not (captive and entry.default), name


def test_what_nobody_has_measured_has_a_haircut_and_says_why() -> None:
    unmeasured = {name for name, entry in load_family("rack").items() if RACKS[name].haircut}

    assert {"vr200_nvl72", "kyber_nvl144", "rubin_ultra_nvl576"} <= unmeasured
    assert {"lpx_groq3", "helios_mi455x"} <= unmeasured
    assert not {"hgx_h100", "hgx_h200", "hgx_b200_air", "gb200_nvl72", "gb300_nvl72"} & unmeasured
    for name in unmeasured:
        assert "Haircut:" in load_family("rack")[name].note, name


def test_new_racks_are_held_back_by_shipments_or_by_a_ramp() -> None:
    """Not by both: a buyer's ramp would hold him below his share of what is shipped."""
    for name, rack in ACCELERATORS.items():
        shipped = any(SUPPLIES[i].unit == "racks" for i in rack.ingredients)
        assert not (shipped and rack.ramp_per_year), name
        assert shipped or rack.ramp_per_year or rack.release < "2026-11", name


def test_lpx_draws_on_nothing_that_gpus_need() -> None:
    """Neither TSMC's wafers nor its packaging nor HBM: it is supply on top."""
    assert not {"n3", "n4", "cowos", "hbm3e", "hbm4"} & set(RACKS["lpx_groq3"].ingredients)


@pytest.mark.parametrize(
    ("rack", "year", "low", "high"),
    [("gb300_nvl72", 2026, 50_000, 300_000), ("vr200_nvl72", 2028, 90_000, 450_000)],
)
def test_every_ingredient_would_be_enough_for_about_as_many_racks(
    rack: str, year: int, low: int, high: int
) -> None:
    """If one product took all of it, none would be out of scale with the racks that ship."""
    for name, amount in RACKS[rack].ingredients.items():
        supply = SUPPLIES[name]
        assert low <= supply.units_per_year[year] / amount <= high, name


def test_the_price_of_a_rack_is_the_one_in_its_note() -> None:
    for entry in load_family("rack").values():
        p = entry.parameters
        assert isinstance(p, Rack)
        price = p.capex_usd_per_kw * p.unit_mw / 1000

        assert entry.note.startswith(f"Price {price:.2g} M USD at"), entry.note


@pytest.mark.parametrize("name", SUPPLIES)
def test_chip_supply_covers_the_decade(name: str) -> None:
    """What the next generation replaces may fall; nothing else does."""
    supply = SUPPLIES[name].units_per_year

    assert list(supply) == list(range(2025, 2031))
    if name not in ("n4", "hbm3e"):
        assert list(supply.values()) == sorted(supply.values())


@pytest.mark.parametrize("name", SUPPLIES)
def test_the_spread_of_a_supply_widens_with_the_years(name: str) -> None:
    """As many times above the middle as below; 15 % in 2027, 45 % in 2030, of the logarithm."""
    supply = SUPPLIES[name]
    low, middle, high = (supply.usable_by_year(x) for x in ("low", "middle", "high"))
    for year, spread in ((2027, 0.15), (2030, 0.45)):
        if middle[year]:
            assert log(middle[year] / low[year]) == pytest.approx(spread, abs=0.01)
            assert log(high[year] / middle[year]) == pytest.approx(spread, abs=0.01)


def test_a_name_is_used_once_in_the_whole_catalog() -> None:
    names = [entry.name for entry in ENTRIES]

    assert len(names) == len(set(names))


def test_workloads_are_served_by_models_that_exist_and_hold_their_context() -> None:
    models = load_family("model")

    for name, entry in load_family("workload").items():
        kind = entry.parameters
        assert isinstance(kind, WorkloadKind)
        model = models[kind.model].parameters
        assert isinstance(model, LanguageModel)
        assert kind.input_tokens + kind.output_tokens <= model.max_context_tokens, name


def test_the_classes_of_use_are_told_apart() -> None:
    kinds = {name: entry.parameters.model_dump() for name, entry in load_family("workload").items()}

    assert [name for name, kind in kinds.items() if kind["cpu_core_s_per_request"]] == [
        "coding_agent",
        "premium_agent",
    ]
    assert [name for name, kind in kinds.items() if kind["latency_limit_ms"]] == ["voice"]
    assert [name for name, kind in kinds.items() if kind["defer_h"]] == ["batch"]
    fastest = max(kinds, key=lambda name: float(kinds[name]["tokens_per_s_per_user"]))
    assert fastest == "premium_agent"


BLOCKS = {e.name: p for e in ENTRIES if isinstance(p := e.parameters, Block)}


def test_blocks_differ_as_they_should() -> None:
    """More redundancy costs more and takes more hours; modules take fewer hours on site."""
    n, one, two = (BLOCKS[x] for x in ("stick_built_n", "stick_built_hall", "stick_built_2n"))
    assert n.capex_usd_per_kw < one.capex_usd_per_kw < two.capex_usd_per_kw
    assert n.craft_hours_per_mw < one.craft_hours_per_mw < two.craft_hours_per_mw
    for p in BLOCKS.values():
        if p.construction == "modular":
            assert p.craft_hours_per_mw < n.craft_hours_per_mw
            assert p.lead_months < one.lead_months
            assert p.local_cost_share < 1
            assert p.haul in ("legal", "oversize")
        else:
            assert p.local_cost_share == 1
            assert p.haul == "none"
