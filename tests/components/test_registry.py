"""What holds for every component, found by registry."""

from pathlib import Path
from types import ModuleType

import pytest
from pydantic import ValidationError

from components.base import Parameters
from components.catalog.loader import load_family
from components.catalog.units import is_number, unit_of
from components.power.additions import UnitParameters
from components.registry import COMPOSED, FAMILIES, POWER, POWER_FAMILIES

SUFFIX = {
    "acres": "acre",
    "acres_per_mw": "acre/MW",
    "c": "degC",
    "h": "h",
    "h_per_year": "h/a",
    "hours_per_mw": "h/MW",
    "hz": "Hz",
    "k": "K",
    "kv": "kV",
    "kw_per_rack": "kW",
    "m": "m",
    "lb_per_mwh": "lb/MWh",
    "mmbtu_per_mwh": "MMBtu/MWh",
    "months": "months",
    "weeks": "weeks",
    "mw": "MW",
    "ohm": "ohm",
    "ohm_per_mile": "ohm/mile",
    "mw_per_year": "MW/a",
    "per_c": "1/K",
    "per_km": "1/km",
    "per_month": "1/month",
    "per_mile": "1/mile",
    "l_per_mwh": "l/MWh",
    "mmcf_per_day": "MMcf/d",
    "t": "t",
    "t_per_mmbtu": "t/MMBtu",
    "core_s_per_request": "core s",
    "ms": "ms",
    "s": "s",
    "tokens": "tokens",
    "tokens_per_s": "tokens/s",
    "tokens_per_s_per_user": "tokens/s",
    "tokens_per_s_per_gpu": "tokens/s",
    "us": "us",
    "elements_per_token": "elements",
    "mb_per_sequence": "MB",
    "params_b": "10^9",
    "pflops": "PFLOPS",
    "gb": "GB",
    "tb": "TB",
    "gb_s": "GB/s",
    "tb_s": "TB/s",
    "kg": "kg",
    "kg_per_kw": "kg/kW",
    "kg_per_m2": "kg/m2",
    "min": "min",
    "w_per_kg": "W/kg",
    "w_per_m2": "W/m2",
    "wh_per_kg": "Wh/kg",
    "seed_racks": "racks/a",
    "usd": "USD",
    "usd_per_kw": "USD/kW",
    "usd_per_kw_month": "USD/(kW month)",
    "usd_per_kw_year": "USD/(kW a)",
    "usd_per_mile": "USD/mile",
    "usd_per_mw_mile": "USD/(MW mile)",
    "usd_per_mwh": "USD/MWh",
    "from_year": "a",
    "until_year": "a",
    "years": "a",
}
"""How the end of a name says the unit; the longest end counts."""

UNIT_ONLY = {"1", "1/a", "chips", "cabinets", "cores", "units", "units/a"} | {
    "elements",
    "heads",
    "layers",
}
"""Units of shares and counts, whose names need no suffix."""

MODULES = Path(__file__).parent


def said_by_name(name: str) -> str | None:
    """Return the unit that the longest known end of a name says."""
    ends = [suffix for suffix in SUFFIX if f"_{name}".endswith(f"_{suffix}")]
    return SUFFIX[max(ends, key=len)] if ends else None


@pytest.mark.parametrize(("family", "params"), FAMILIES.items(), ids=lambda x: str(x))
class TestEveryFamily:
    def test_numbers_carry_the_unit_their_name_says(
        self, family: str, params: type[Parameters]
    ) -> None:
        for name, field in params.model_fields.items():
            if is_number(field.annotation):
                unit = unit_of(params, name)
                assert unit, f"{family}.{name} has no [unit]"
                assert unit in UNIT_ONLY or unit == said_by_name(name), f"{family}.{name}"

    def test_what_has_a_unit_is_a_number(self, family: str, params: type[Parameters]) -> None:
        for name, field in params.model_fields.items():
            if unit_of(params, name):
                assert is_number(field.annotation), f"{family}.{name}"

    def test_says_what_each_figure_is(self, family: str, params: type[Parameters]) -> None:
        for name, field in params.model_fields.items():
            assert field.description, f"{family}.{name}"

    def test_is_frozen_and_refuses_unknown_figures(
        self, family: str, params: type[Parameters]
    ) -> None:
        figures = next(iter(load_family(family).values())).parameters

        assert params.model_config["frozen"]
        assert params.model_config["extra"] == "forbid"
        with pytest.raises(ValidationError, match="frozen"):
            setattr(figures, next(iter(params.model_fields)), 1)

    def test_has_its_own_test_file(self, family: str, params: type[Parameters]) -> None:
        *_, package, module = params.__module__.split(".")

        assert (MODULES / package / f"test_{module}.py").exists(), family


@pytest.mark.parametrize(("params", "module"), POWER.items(), ids=lambda x: x.__name__)
class TestEveryPowerComponent:
    def test_speaks_the_protocol(self, params: type[Parameters], module: ModuleType) -> None:
        assert callable(module.invest)
        assert callable(module.operate)
        assert callable(module.profile)
        assert isinstance(module.NEEDS_GAS, bool)
        assert isinstance(module.SPARED, bool)

    def test_is_bought_in_units(self, params: type[Parameters], module: ModuleType) -> None:
        assert issubclass(params, UnitParameters)

    def test_says_what_it_does(self, params: type[Parameters], module: ModuleType) -> None:
        assert params.__doc__
        assert module.invest.__doc__
        assert module.operate.__doc__
        assert module.profile.__doc__

    def test_has_golden_rows(self, params: type[Parameters], module: ModuleType) -> None:
        stem = module.__name__.rsplit(".", 1)[-1]

        assert (MODULES.parent / "golden" / f"{stem}.txt").exists()


def test_power_families_are_the_families_of_power_components() -> None:
    single = {FAMILIES[name] for name in POWER_FAMILIES}

    assert single | {p for kinds in COMPOSED.values() for p in kinds} == set(POWER)
    assert not set(COMPOSED) & set(FAMILIES)
