import pytest
from pydantic import ValidationError

from components.catalog.loader import load_family
from components.power.plant_supply import PlantSupply

ENGINES = {
    "technologies": ["MSR"],
    "mw_per_year": {"2026": 100, "2027": 700},
    "low_mw_per_year": {"2026": 50, "2027": 350},
    "high_mw_per_year": {"2026": 150, "2027": 1050},
}

MIDDLE = {
    "heavy_frame": (200, 600, 1150, 3000, 5500),
    "aeroderivative": (300, 1000, 2000, 3500, 5000),
    "industrial_turbine": (300, 900, 1600, 2500, 3000),
    "medium_speed_engine": (100, 700, 1800, 2500, 3000),
    "high_speed_engine": (1000, 2500, 4000, 5000, 5500),
    "solid_oxide_cell": (500, 1200, 2000, 3000, 4000),
}
"""MW open to new US data-centre orders in 2026 to 2030."""

TECHNOLOGIES = {
    "heavy_frame": ("CC", "FSC"),
    "aeroderivative": ("AERO",),
    "industrial_turbine": ("IGT",),
    "medium_speed_engine": ("MSR",),
    "high_speed_engine": ("HSR",),
    "solid_oxide_cell": ("SOFC",),
}


def of_class(name: str) -> PlantSupply:
    parameters = load_family("plant_supply")[name].parameters
    assert isinstance(parameters, PlantSupply)
    return parameters


def test_supply_is_by_year_in_three_views() -> None:
    supply = PlantSupply.model_validate(ENGINES)

    assert supply.by_year() == {2026: 100.0, 2027: 700.0}
    assert supply.by_year("low") == {2026: 50.0, 2027: 350.0}
    assert supply.by_year("high") == {2026: 150.0, 2027: 1050.0}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"mw_per_year": {}}, "mw_per_year"),
        ({"mw_per_year": {"2026": -1, "2027": 700}}, "mw_per_year"),
        ({"technologies": []}, "technologies"),
        ({"low_mw_per_year": {"2026": 50}}, "of the same years"),
        ({"high_mw_per_year": {"2026": 99, "2027": 1050}}, "must not fall, as they do in 2026"),
    ],
)
def test_supply_refuses_what_has_no_meaning(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PlantSupply.model_validate(ENGINES | changed)


def test_the_catalog_has_every_class() -> None:
    assert set(load_family("plant_supply")) == set(MIDDLE)
    assert {name: of_class(name).technologies for name in MIDDLE} == TECHNOLOGIES


@pytest.mark.parametrize("name", MIDDLE)
def test_middle_of_each_class(name: str) -> None:
    assert of_class(name).by_year() == dict(zip(range(2026, 2031), MIDDLE[name], strict=True))


def test_frames_have_a_range_and_others_half_of_the_middle_either_way() -> None:
    frame = of_class("heavy_frame")

    assert list(frame.by_year("low").values()) == [0, 400, 800, 2000, 4000]
    assert list(frame.by_year("high").values()) == [400, 800, 1500, 4000, 7000]
    for name in set(MIDDLE) - {"heavy_frame"}:
        supply = of_class(name)
        for year, mw in supply.by_year().items():
            assert supply.by_year("low")[year] == pytest.approx(0.5 * mw)
            assert supply.by_year("high")[year] == pytest.approx(1.5 * mw)


def test_a_technology_is_of_one_class() -> None:
    named = [t for name in MIDDLE for t in of_class(name).technologies]

    assert len(named) == len(set(named))
