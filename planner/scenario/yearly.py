"""One value laid over a scenario, as ``--set`` and axes of a sweep do: also in a single year."""

from collections.abc import Mapping

from pydantic import ValidationError

from planner.scenario.base import Loc
from planner.scenario.describing import of_scenarios
from planner.scenario.horizon import Horizon
from planner.scenario.places import Located, Plain, put


def lay(root: Located, loc: Loc, value: Located) -> Located:
    """Replace what stands at a key; of a figure by year, in one year alone.

    ``grid.share_limit.2028`` leaves the other years as the file or the default has them. A figure
    that was one number for all years keeps it in the other years of the horizon.

    Parameters
    ----------
    root
        The scenario; its horizon has to stand there already if it is not the default.
    loc
        The key.
    value
        What is to stand there.
    """
    figure = loc[:-1]
    if figure and isinstance(loc[-1], int) and of_scenarios().is_by_year(figure):
        here = root.get(figure)
        if here is None or not isinstance(here.value, Mapping):
            years = _years(root, of_scenarios().default(figure) if here is None else here.plain())
            whole: dict[str | int, Located] = {
                year: Located(number, value.place, value.place) for year, number in years
            }
            root = put(root, figure, Located(whole, value.place, value.place))
    return put(root, loc, value)


def _years(root: Located, figure: Plain) -> list[tuple[int, float]]:
    """Write a figure out by year; nothing if it is none."""
    if isinstance(figure, Mapping):
        return [(int(y), v) for y, v in figure.items() if isinstance(v, int | float)]
    if isinstance(figure, bool) or not isinstance(figure, int | float):
        return []
    horizon = root.get(("horizon",))
    try:
        found = Horizon.model_validate({} if horizon is None else horizon.plain())
    except ValidationError:  # told when the scenario is checked
        return []
    return [(year, figure) for year in found.years()]
