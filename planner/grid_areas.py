"""How much of a grid area's electricity the plan may take: figures, no variables."""

from collections.abc import Mapping

from components.base import Floats, Periods
from planner.case import Case
from planner.gather import by_period, refuse
from planner.scenario.by_year import ByYear
from planner.scenario.grid import ALL_AREAS, Grid
from sites.grid_load import area_loads


def area_limits_gwh(case: Case) -> Mapping[str, Floats]:
    """Return what the plan may take of each grid area that has a limit, by period [GWh].

    ``length[t] x 1000 x (share[t] x TWh of the area[t] - TWh of its other data centres[t])``, for
    the areas of the candidate sites. Empty where ``grid.area_share_limit`` is.

    Raises
    ------
    ScenarioError
        If no load of an area is known, or its other data centres alone take more.
    """
    grid, periods = case.scenario.grid, case.periods
    areas = dict.fromkeys(here.site.grid_area for here in case.sites.values())
    asked = grid.area_share_limit
    shares = {area: asked.get(area, asked.get(ALL_AREAS)) for area in areas}
    return {
        area: _left_gwh(grid, periods, area, share)
        for area, share in shares.items()
        if share is not None
    }


def _left_gwh(grid: Grid, periods: Periods, area: str, limit: ByYear) -> Floats:
    twh, share = _twh(grid, periods, area), by_period(limit, periods)
    others = grid.area_other_data_centres_twh.get(area)
    other_twh = 0 * twh if others is None else by_period(others, periods)
    left = share * twh - other_twh
    if (left < 0).any():
        t = int(left.argmin())
        what = f"other data centres alone take {other_twh[t] / twh[t]:.1%} of {area}"
        raise refuse(
            key="grid.area_share_limit",
            what=f"{what} in {periods.labels[t]}",
            got=f"a limit of {share[t]:.1%}",
            try_=f"raise it, or lower grid.area_other_data_centres_twh.{area}",
        )
    return 1000 * periods.length_years * left


def _twh(grid: Grid, periods: Periods, area: str) -> Floats:
    """Return the electricity of an area in the year of each period: given, or that of 2024."""
    given = grid.area_twh.get(area)
    if given is not None:
        return by_period(given, periods)
    known = area_loads().get(area)
    if known is None:
        what = f"has no load of {area}, which is no area of EIA Form 930 that is known"
        raise refuse(key="grid.area_share_limit", what=what, got=area, try_=f"grid.area_twh.{area}")
    return by_period(ByYear.of(known.annual_twh), periods)
