from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from components.base import Parameters
from components.catalog.units import is_number, unit_of


class Odd(Parameters):
    mass_kg: float = Field(description="What it weighs [kg]")
    length: float = Field(description="In [m], said in the middle")
    share: float


@pytest.mark.parametrize(("name", "unit"), [("mass_kg", "kg"), ("length", None), ("share", None)])
def test_the_unit_ends_the_description(name: str, unit: str | None) -> None:
    assert unit_of(Odd, name) == unit


@pytest.mark.parametrize(
    ("annotation", "number"),
    [
        (float, True),
        (int, True),
        (float | None, True),
        (Literal[50, 60], True),
        (Mapping[str, Annotated[float, Field(ge=0)]], True),
        (Mapping[int, float], True),
        (str, False),
        (Literal["N", "2N"], False),
        (tuple[str, ...], False),
    ],
)
def test_what_is_a_number(annotation: Any, number: bool) -> None:
    assert is_number(annotation) == number
