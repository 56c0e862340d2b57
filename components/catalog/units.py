"""The unit of a parameter: what stands in square brackets at the end of its description."""

import re
from typing import Any, get_args

from components.base import Parameters

UNIT = re.compile(r"\[(?P<unit>[^\[\]]+)\]$")


def unit_of(family: type[Parameters], name: str) -> str | None:
    """Return the unit of a parameter, or nothing if its description names none.

    Examples
    --------
    >>> from components.power.grid import Grid
    >>> unit_of(Grid, "capex_usd_per_kw")
    'USD/kW'
    """
    found = UNIT.search(family.model_fields[name].description or "")
    return found["unit"] if found else None


def is_number(annotation: Any) -> bool:
    """Tell whether an annotation holds a number, by itself or inside a container.

    Examples
    --------
    >>> from collections.abc import Mapping
    >>> is_number(float | None), is_number(Mapping[str, float]), is_number(tuple[str, ...])
    (True, True, False)
    """
    if isinstance(annotation, (int, float)):  # a choice of a Literal
        return True
    return annotation in (int, float) or any(is_number(part) for part in get_args(annotation))
