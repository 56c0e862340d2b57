"""Regional cost of lines: what is published, and that every site has some."""

import pytest

from sites.grid import grid_areas
from sites.line_cost import BY_AREA, line_cost_ratio
from sites.table import builtin_sites

PUBLISHED = [
    ("ERCOT", "ERCO-WEST", 1.0, 1.0),
    ("non-ISO", "PNM", 1.0, 1.0),
    ("SPP", "SWPP-SPS", 0.6, 0.75),
    ("MISO", "MISO-0035", 0.5, 0.7),
    ("non-ISO", "SOCO", 0.75, 1.2),
    ("non-ISO", "DUK", 0.75, 1.2),
    ("PJM", "PJM-DOM", 2.5, 4.0),
    ("ISO-NE", "ISNE-4008", 1.4, 2.9),
    ("CAISO", "CISO-PGAE", 2.25, 2.25),
]
"""Multipliers on the base cost of lines in PowerSimData: operator, area, low, high."""


@pytest.mark.parametrize(("iso", "area", "low", "high"), PUBLISHED)
def test_a_ratio_is_the_middle_of_what_is_published(
    iso: str, area: str, low: float, high: float
) -> None:
    assert line_cost_ratio(iso, area) == pytest.approx((low + high) / 2)


def test_every_site_has_a_plausible_ratio() -> None:
    for site in builtin_sites().values():
        assert 0.5 <= line_cost_ratio(site.iso, site.grid_area) <= 4


def test_a_region_counts_as_its_areas_do() -> None:
    assert line_cost_ratio("", "CAL") == line_cost_ratio("CAISO", "CISO-SCE")
    assert line_cost_ratio("", "CENT") == line_cost_ratio("SPP", "SWPP-GRDA")
    assert line_cost_ratio("", "MIDW") == line_cost_ratio("MISO", "MISO-0001")


def test_areas_are_areas_that_exist() -> None:
    assert set(BY_AREA) <= set(grid_areas())
