"""Users of a workload by the sites that reach them in time."""

from collections import defaultdict
from collections.abc import Iterable

from planner.case import UserGroup
from planner.workloads import Asked
from sites.latency import rtt_ms
from sites.site import Site


def user_groups(asked: Asked, sites: Iterable[Site]) -> dict[str, UserGroup]:
    """Put metropolitan areas together that the same sites reach within the latency limit.

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
    near: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for metro in asked.metros:
        reached = [s.id for s in every if rtt_ms(s, metro) <= asked.latency_limit_ms]
        near[tuple(reached)].append(metro)
    if list(near) == [tuple(site.id for site in every)]:
        return {}
    return {
        "+".join(metros): UserGroup(tuple(metros), sum(asked.metros[m] for m in metros), reached)
        for reached, metros in near.items()
    }
