"""Users of a workload by the sites that reach them in time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from planner.case import UserGroup
from planner.workloads import Asked
from sites.latency import rtt_ms
from sites.site import Site


def user_groups(
    asked: Asked, sites: Iterable[Site], orbit_rtt_ms: Mapping[str, float] | None = None
) -> dict[str, UserGroup]:
    """Put metropolitan areas together that the same sites reach within the latency limit.

    Parameters
    ----------
    asked
        The workload.
    sites
        Candidate sites on the ground.
    orbit_rtt_ms
        Candidate sites in orbit to the round trip to any user, by ground stations [ms].

    Returns
    -------
    name to UserGroup
        Named after its metropolitan areas; empty where the workload has no limit, or every site
        reaches everybody. Users whom no site reaches are a group without sites: nobody serves
        them.
    """
    if asked.latency_limit_ms is None:
        return {}
    every = tuple(sites)
    above = dict(orbit_rtt_ms or {})
    in_time = [name for name, ms in above.items() if ms <= asked.latency_limit_ms]
    near: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for metro in asked.metros:
        reached = [s.id for s in every if rtt_ms(s, metro) <= asked.latency_limit_ms]
        near[(*reached, *in_time)].append(metro)
    if list(near) == [(*(site.id for site in every), *above)]:
        return {}
    return {
        "+".join(metros): UserGroup(tuple(metros), sum(asked.metros[m] for m in metros), reached)
        for reached, metros in near.items()
    }
