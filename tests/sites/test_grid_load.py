"""Load of grid areas: the table is whole, adds up, and is that of the published hours."""

import pytest

from sites.errors import UnknownNameError
from sites.grid import grid_areas
from sites.grid_load import AreaLoad, area_load, area_loads
from sites.table import builtin_sites

HOURS_2024 = 8784


def test_every_area_with_a_price_shape_has_a_load() -> None:
    assert list(area_loads()) == list(grid_areas())
    assert {site.grid_area for site in builtin_sites().values()} <= set(area_loads())


@pytest.mark.parametrize("load", area_loads().values(), ids=lambda load: load.grid_area)
def test_figures_of_an_area_agree_with_each_other(load: AreaLoad) -> None:
    assert load.annual_twh == pytest.approx(load.mean_mw * HOURS_2024 / 1e6, rel=1e-3)
    assert load.load_factor == pytest.approx(load.mean_mw / load.peak_mw, abs=1e-4)
    assert load.peak_mw == max(load.summer_peak_mw, load.winter_peak_mw)
    assert -0.05 < load.growth_per_year < 0.2


def test_known_areas() -> None:
    """EIA 930, cleaned: Dominion 101.13 TWh in 2020 and 124.65 in 2024; Texas by its winter."""
    dominion = area_load("PJM-DOM")

    assert dominion.annual_twh == pytest.approx(124.65, abs=0.01)
    assert dominion.growth_per_year == pytest.approx((124.652 / 101.13) ** 0.25 - 1, abs=1e-4)
    assert (dominion.peaks_in, area_load("TVA").peaks_in) == ("summer", "winter")


def test_the_areas_of_ercot_make_its_region() -> None:
    parts = [load.annual_twh for name, load in area_loads().items() if name.startswith("ERCO-")]

    assert sum(parts) == pytest.approx(area_load("TEX").annual_twh, rel=0.01)


def test_an_area_that_is_not_there() -> None:
    with pytest.raises(UnknownNameError, match="unknown grid area 'ERCO-WES'; try ERCO-WEST"):
        area_load("ERCO-WES")
