"""A site refuses what cannot be, and changes for nobody."""

import pytest
from pydantic import ValidationError

from sites.site import Site


def changed(site: Site, **values: object) -> Site:
    return Site.model_validate(site.model_dump() | values)


def test_cannot_be_changed(abilene: Site) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        abilene.name = "elsewhere"


def test_unknown_field_is_refused(abilene: Site) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        changed(abilene, grid_price=50)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Abilene TX"),
        ("state", "Texas"),
        ("fips", "4844"),
        ("latitude_deg", 99.79),
        ("grid_price_usd_per_mwh", 0),
        ("grid_price_usd_per_mwh", float("nan")),
        ("gas_pipeline_miles", -1),
        ("utc_offset_h", -5.5),
        ("wage_class", "D"),
        ("water_stress", "dry"),
        ("co2_grid_t_per_mwh", 350),
    ],
)
def test_impossible_value_is_refused(abilene: Site, field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        changed(abilene, **{field: value})


@pytest.mark.parametrize("change", [{"longitude_deg": 99.79}, {"utc_offset_h": 6}])
def test_clock_must_fit_the_longitude(abilene: Site, change: dict[str, object]) -> None:
    """Abilene lies 99.79/15 = 6.65 hours west; its clock stands at -6."""
    with pytest.raises(ValidationError, match="try the other sign"):
        changed(abilene, **change)


def test_basis_must_lie_in_its_range(abilene: Site) -> None:
    with pytest.raises(ValidationError, match="outside its own range"):
        changed(abilene, gas_basis_usd_per_mmbtu=5.0)


def test_flexible_service_takes_half_the_wait_unless_told(abilene: Site) -> None:
    values = abilene.model_dump(exclude={"flexible_wait_months"}) | {"grid_wait_months": 50}

    assert Site.model_validate(values).flexible_wait_months == 25
    assert Site.model_validate(values | {"flexible_wait_months": 9}).flexible_wait_months == 9
