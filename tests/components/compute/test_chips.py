import pytest
from pydantic import ValidationError

from components.compute.chips import ChipSupply


def test_supply_is_by_year() -> None:
    supply = ChipSupply.model_validate({"units_per_year": {"2026": 1_200_000}})

    assert supply.units_per_year == {2026: 1_200_000.0}


@pytest.mark.parametrize("given", [{}, {2026: -1}, {"soon": 1}])
def test_supply_refuses_what_has_no_meaning(given: dict[object, float]) -> None:
    with pytest.raises(ValidationError, match="units_per_year"):
        ChipSupply.model_validate({"units_per_year": given})
