"""What a mile of transmission line costs in a region, over what it costs in open terrain."""

from collections.abc import Mapping
from types import MappingProxyType

OPEN_TERRAIN = 1.0
"""ERCOT, the West outside California, and wherever nothing else is known [1]."""

REGIONS: tuple[tuple[float, tuple[str, ...], tuple[str, ...]], ...] = (
    (2.25, ("CAISO",), ("CAL", "CISO-PGAE", "CISO-SCE")),
    (0.6, ("MISO",), ("MIDW",)),
    (0.675, ("SPP",), ("CENT",)),
    (2.15, ("ISO-NE", "NYISO"), ("NE", "ISNE-4008", "NY", "NYIS-ZONA", "NYIS-ZONJ")),
    (3.25, (), ("MIDA", "PJM-AP", "PJM-DOM", "PJM-PL", "PJM-PN", "PJM-PS")),
    (
        0.975,
        (),
        ("CAR", "CPLE", "DUK", "FLA", "SC", "SCEG", "SE", "SOCO", "TEN", "TVA"),
    ),
)
"""Cost ratio [1], market operators, and areas or regions of EIA Form 930.

Middle of the regional multipliers of PowerSimData (Breakthrough Energy, design/investment,
``LineRegMult``): California 2.25, MISO 0.5-0.7, SPP 0.6-0.75, New England 1.4-2.9, eastern PJM
2.5-4, Southern Company and Virginia-Carolinas 0.75-1.2. By judgement New York is as New England,
and the Tennessee Valley and Florida are as the Southeast.
"""

BY_OPERATOR: Mapping[str, float] = MappingProxyType(
    {operator: ratio for ratio, operators, _ in REGIONS for operator in operators}
)

BY_AREA: Mapping[str, float] = MappingProxyType(
    {area: ratio for ratio, _, areas in REGIONS for area in areas}
)


def line_cost_ratio(iso: str, grid_area: str) -> float:
    """Return the cost of a mile of line at a place, over that in open terrain [1].

    What is in neither table is open terrain: ERCOT, the West outside California, and, by
    judgement, PJM west of the Alleghenies.

    Parameters
    ----------
    iso
        Market operator of the site, such as ``ERCOT``; empty or ``non-ISO`` if there is none.
    grid_area
        Area of EIA Form 930.

    Examples
    --------
    >>> line_cost_ratio("PJM", "PJM-DOM"), line_cost_ratio("PJM", "PJM-AEP")
    (3.25, 1.0)
    >>> line_cost_ratio("non-ISO", "AZPS"), line_cost_ratio("MISO", "MISO-0027")
    (1.0, 0.6)
    """
    return BY_AREA.get(grid_area, BY_OPERATOR.get(iso, OPEN_TERRAIN))
