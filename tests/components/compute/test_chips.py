import pytest
from pydantic import ValidationError

from components.compute.chips import ChipSupply

STACKS = {
    "unit": "stacks",
    "moves_with": "memory",
    "lead_months": 4,
    "usable_share": 0.9,
    "units_per_year": {2026: 1_200_000, 2027: 2_000_000},
    "low_units_per_year": {2026: 1_000_000, 2027: 1_500_000},
    "high_units_per_year": {2026: 1_300_000, 2027: 3_000_000},
}


@pytest.mark.parametrize(
    ("outlook", "usable"),
    [
        ("low", {2026: 900_000, 2027: 1_350_000}),
        ("middle", {2026: 1_080_000, 2027: 1_800_000}),
        ("high", {2026: 1_170_000, 2027: 2_700_000}),
    ],
)
def test_nine_tenths_of_each_view_can_be_used(outlook: str, usable: dict[int, float]) -> None:
    assert ChipSupply.model_validate(STACKS).usable_by_year(outlook) == pytest.approx(usable)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [{}, {2026: -1}, {"soon": 1}])
def test_supply_refuses_what_has_no_meaning(given: dict[object, float]) -> None:
    with pytest.raises(ValidationError, match="units_per_year"):
        ChipSupply.model_validate(STACKS | {"units_per_year": given})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"low_units_per_year": {2026: 1}}, "must be of the same years"),
        ({"low_units_per_year": {2026: 1, 2027: 2_000_001}}, "as they do in 2027"),
        ({"high_units_per_year": {2026: 1, 2027: 3_000_000}}, "as they do in 2026"),
        ({"unit": "dies"}, "unit"),
        ({"usable_share": 1.1}, "usable_share"),
        ({"lead_months": -1}, "lead_months"),
    ],
)
def test_views_of_a_supply_have_to_fit(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ChipSupply.model_validate(STACKS | change)
