"""What holds for every section: units said, frozen, defaults that pass their own checks."""

import re
import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from planner.scenario import ByYear, Scenario
from planner.scenario.base import Section

UNIT = re.compile(r"\[[^\[\]]+\]$")
SUFFIX = {
    "_usd_per_mwh": "USD/MWh",
    "_usd_per_mmbtu": "USD/MMBtu",
    "_usd_per_mtok": "USD/Mtok",
    "_usd_per_t": "USD/t",
    "_usd_per_year": "USD/a",
    "_twh": "TWh",
    "_mw": "MW",
    "_months": "months",
    "_gbit_s": "Gbit/s",
    "_s": "s",
}


def parts(annotation: Any) -> Iterator[Any]:
    """Yield every type inside an annotation."""
    origin = get_origin(annotation)
    inner = get_args(annotation)[:1] if origin is Annotated else get_args(annotation)
    if origin is None:
        yield annotation
    elif origin in (Union, types.UnionType, Annotated) or inner:
        for part in inner:
            yield from parts(part)


def sections(model: type[Section] = Scenario) -> Iterator[type[Section]]:
    """Yield a model and every model inside it."""
    yield model
    for field in model.model_fields.values():
        for part in parts(field.annotation):
            if isinstance(part, type) and issubclass(part, Section):
                yield from sections(part)


SECTIONS = list(dict.fromkeys(sections()))
FIELDS = [
    (f"{section.__name__}.{name}", field)
    for section in SECTIONS
    for name, field in section.model_fields.items()
]
NUMBERS = [
    (name, field)
    for name, field in FIELDS
    if {int, float, ByYear} & set(parts(field.annotation))
    and not name.endswith((".change", "Serving.models"))
]


def test_all_sections_are_found() -> None:
    """Every key at the top but the title, the whole, and sections within sections."""
    inner = {"Scenario", "AfterTax", "Workload", "WeatherFiles"}

    assert inner <= {section.__name__ for section in SECTIONS}
    assert len(SECTIONS) >= len(Scenario.model_fields) - 1 + len(inner)
    assert len(NUMBERS) >= 30


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_every_key_is_described(name: str, field: FieldInfo) -> None:
    assert field.description


@pytest.mark.parametrize(("name", "field"), NUMBERS)
def test_every_number_says_its_unit(name: str, field: FieldInfo) -> None:
    found = UNIT.search(field.description or "")

    assert found, f"{name} has no [unit]"
    suffix = next((s for s in SUFFIX if name.endswith(s)), None)
    if suffix is not None:
        assert found.group() == f"[{SUFFIX[suffix]}]"


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_is_frozen_and_refuses_unknown_keys(section: type[Section]) -> None:
    assert section.model_config["frozen"]
    assert section.model_config["extra"] == "forbid"
    assert section.model_config["strict"]


def test_a_scenario_cannot_be_changed() -> None:
    scenario = Scenario(title="x")

    with pytest.raises(ValidationError, match="frozen"):
        scenario.title = "y"  # type: ignore[misc]


def test_defaults_pass_their_own_checks() -> None:
    scenario = Scenario(title="x")

    assert Scenario.model_validate(scenario.model_dump()) == scenario


def test_defaults_are_not_shared() -> None:
    """A mapping of one scenario that someone forces a value into must not reach the next."""
    forced: Any = Scenario(title="x").supply.buyer_share
    forced["cowos"] = 0.5

    assert Scenario(title="x").supply.buyer_share == {}


def test_sourced_defaults() -> None:
    """EIA STEO February 2026, IEA Energy and AI, EIA STEO March 2026: see the modules."""
    scenario = Scenario(title="x")

    assert scenario.grid.us_twh.at(2028) == 4480
    assert scenario.grid.other_data_centres_twh.at(2028) == 183
    assert scenario.power.gas_usd_per_mmbtu.at(2027) == 3.85
    assert scenario.demand.workloads["chat"].tokens_per_day.at(2028) == 5e12


def test_contradictions_are_refused_in_python_too() -> None:
    with pytest.raises(ValidationError, match=r"weeks: is only for hours: weeks, got 3"):
        Scenario.model_validate({"title": "x", "horizon": {"weeks": 3}})
