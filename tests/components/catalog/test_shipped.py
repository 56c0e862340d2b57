"""Every row that is shipped: sourced, dated, plausible, and consistent with the others."""

from datetime import date

import pytest

from components.catalog.loader import Entry, families, load_family
from components.compute.rack import Rack
from components.compute.throughput import Throughput
from components.cooling.parameters import Cooling
from components.facility.block import Block
from components.power.additions import UnitParameters
from components.power.dispatchable import DispatchableParameters
from components.power.firm import FirmParameters
from components.power.plant import in_order

REVIEWED = date(2026, 11, 24)
"""The day the rows were last read through as a whole; none may be newer."""

ENTRIES = [entry for family in families() for entry in load_family(family).values()]

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
    ("site_works", "works_usd"): (5e6, 1e9),
    ("rack", "unit_mw"): (0.02, 0.8),
    ("rack", "capex_usd_per_kw"): (15_000, 60_000),
    ("throughput", "tokens_per_s"): (100, 1e7),
}

UNASKED = {"rental", "wind", "nuclear", "geothermal"}
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


def test_every_ingredient_has_a_supply() -> None:
    for entry in load_family("rack").values():
        assert isinstance(entry.parameters, Rack)
        assert set(entry.parameters.ingredients) <= set(load_family("chip_supply")), entry.name


def test_throughput_is_of_known_racks_and_named_after_its_pair() -> None:
    for entry in load_family("throughput").values():
        p = entry.parameters
        assert isinstance(p, Throughput)
        assert p.rack in load_family("rack")
        assert entry.name == f"{p.rack}:{p.workload}"


def test_every_default_rack_serves_every_workload() -> None:
    pairs = set(load_family("throughput"))

    for name, entry in load_family("rack").items():
        if entry.default:
            assert {f"{name}:chat", f"{name}:coding_agent"} <= pairs


def test_the_price_of_a_rack_is_the_one_in_its_note() -> None:
    for entry in load_family("rack").values():
        p = entry.parameters
        assert isinstance(p, Rack)
        price = p.capex_usd_per_kw * p.unit_mw / 1000

        assert entry.note.startswith(f"Price {price:.2g} M USD at"), entry.note


def test_chip_supply_covers_the_decade_without_falling() -> None:
    supply = load_family("chip_supply")["cowos"].parameters.model_dump()["units_per_year"]

    assert list(supply) == list(range(2025, 2031))
    assert list(supply.values()) == sorted(supply.values())


def test_a_name_is_used_once_in_the_whole_catalog() -> None:
    names = [entry.name for entry in ENTRIES]

    assert len(names) == len(set(names))
