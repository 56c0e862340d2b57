import pytest
from pydantic import ValidationError

from components.catalog.loader import load_family
from components.cooling.parameters import Cooling


@pytest.mark.parametrize("circuit", ["liquid", "air"])
def test_heat_comes_back_warmer_than_it_was_supplied(circuit: str) -> None:
    figures = load_family("cooling")["liquid_dry"].parameters.model_dump()
    figures[f"{circuit}_return_c"] = figures[f"{circuit}_supply_c"]

    with pytest.raises(ValidationError, match=f"{circuit}_return_c must be above"):
        Cooling.model_validate(figures)


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("liquid_share", 1.1),
        ("chiller_efficiency", 0),
        ("electrical_loss_share", -0.01),
        ("heat_rejection", "river"),
        ("density_limit_kw_per_rack", 0),
    ],
)
def test_figures_out_of_bounds_are_refused(figure: str, value: object) -> None:
    figures = load_family("cooling")["liquid_dry"].parameters.model_dump()

    with pytest.raises(ValidationError, match=figure):
        Cooling.model_validate(figures | {figure: value})
