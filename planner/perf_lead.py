"""From which speed on attention-FFN disaggregation gives more by the megawatt."""

from collections.abc import Callable, Mapping

from components.compute.crossover import crossover_tokens_per_s_per_user, tokens_per_s_per_mw
from components.compute.rack import Rack
from planner.perf import SLOWEST, Server


def who_leads(apart: Server, alone: Server, racks: Mapping[str, Rack]) -> str:
    """Say where racks with feed-forward racks lead the same racks alone, by rated power.

    Parameters
    ----------
    apart, alone
        Of the same accelerators, model and traffic.
    racks
        Those of the catalog.
    """
    from_speed = crossover_tokens_per_s_per_user(
        _per_mw(apart, racks),
        _per_mw(alone, racks),
        slowest=SLOWEST,
        fastest=max(apart.fastest(), alone.fastest()),
    )
    if from_speed is None:
        return f"{alone.way.label} gives at least as many tokens a megawatt at every speed"
    if from_speed <= SLOWEST:
        return f"{apart.way.label} gives more tokens a megawatt at every speed"
    return (
        f"from {from_speed:.0f} tokens/s/user on {apart.way.label} gives more tokens a megawatt "
        f"than {alone.way.label}, below that fewer"
    )


def _per_mw(server: Server, racks: Mapping[str, Rack]) -> Callable[[float], float]:
    return lambda speed: tokens_per_s_per_mw(server.at(speed).found, racks)
