"""Ways to serve one workload: every mode on the racks in use, with or without a KV cache tier."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from components.compute.agent_tools import tool_need
from components.compute.kv_tier import (
    TIME_TO_LIVE_S,
    Gap,
    held_share,
    host_residence_s,
    reload_s,
    requests_per_rack_s,
    share_held_by_hosts,
    storage_need,
)
from components.compute.traffic import Infeasible, Performance, Traffic
from planner.fleet import Fleet, Serve
from planner.workloads import Asked

SHARES = (0.0, 0.5, 1.0)
"""Shares of the cached input still held at which a rack's rate is worked out; lines between."""

TIER = "+kv_tier"
"""What a mode is called with storage racks for its cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One mode on one set of racks.

    Attributes
    ----------
    mode, racks
        As in `components.compute.recipe.Recipe`.
    variant
        Counts ways that differ in the ratio of their racks alone.
    together
        Whether the racks have to stand at one site.
    found
        What they give, or why they cannot.
    """

    mode: str
    racks: tuple[str, ...]
    variant: int
    together: bool
    found: Performance | Infeasible


def ways_to_serve(fleet: Fleet, asked: Asked, traffic: Traffic) -> Iterator[Way]:
    """Yield every way to serve a workload's traffic, those that cannot with their reason."""
    for name in fleet.of_kind("accelerator"):
        modes = fleet.scenario.serving.modes_for(name)
        for mode in ("colocated", "split"):
            if mode in modes:
                alone = fleet.alone(asked, name, mode)
                yield from _with_cache(fleet, asked, traffic, mode, (name,), alone)
        if "afd" in modes:
            for ffn in fleet.of_kind("ffn"):
                apart = fleet.apart(asked, name, ffn)
                yield from _with_cache(fleet, asked, traffic, "afd", (name, ffn), apart)


def _with_cache(
    fleet: Fleet, asked: Asked, traffic: Traffic, mode: str, racks: tuple[str, ...], serves: Serve
) -> Iterator[Way]:
    """Yield a way with the cached input held by the hosts, and by storage racks."""
    together = mode == "afd"
    gap = _gap(asked)
    if not traffic.cached_share or gap is None:
        yield from _ways(
            fleet, asked, traffic, mode, racks, serves(traffic, 0.0), together=together
        )
        return
    name = racks[0]
    held, rate = _held_by_hosts(fleet, asked, traffic, gap, name, serves)
    found = serves(traffic, held)
    yield from _ways(fleet, asked, traffic, mode, racks, found, together=together)
    if not fleet.scenario.serving.kv_tier:
        return
    upper_s = _residence_s(fleet, asked, traffic, name, rate(1.0))
    share = held_share(gap, TIME_TO_LIVE_S)
    for storage in fleet.of_kind("storage"):
        stored = _stored(fleet, asked, traffic, gap, name, storage, upper_s, serves(traffic, share))
        with_tier = (*racks, storage)
        yield from _ways(fleet, asked, traffic, mode + TIER, with_tier, stored, together=True)


def _held_by_hosts(
    fleet: Fleet, asked: Asked, traffic: Traffic, gap: Gap, name: str, serves: Serve
) -> tuple[float, Callable[[float], float]]:
    """Return the share that the hosts' memory holds, and turns of a rack by share [1/s]."""
    rates = [_turns(serves(traffic, share), name, traffic) for share in SHARES]

    def rate(share: float) -> float:
        return float(np.interp(share, SHARES, rates))

    model, kv_format = asked.model, fleet.scenario.serving.kv_format
    rack = fleet.racks[name]
    return share_held_by_hosts(model, rack, traffic, gap, kv_format, rate), rate


def _turns(found: tuple[Performance, ...] | Infeasible, name: str, traffic: Traffic) -> float:
    if isinstance(found, Infeasible):
        return 0.0
    return max(requests_per_rack_s(each, name, traffic) for each in found)


def _residence_s(
    fleet: Fleet, asked: Asked, traffic: Traffic, name: str, requests_per_s: float
) -> float:
    model, kv_format = asked.model, fleet.scenario.serving.kv_format
    return host_residence_s(model, fleet.racks[name], traffic, kv_format, requests_per_s)


def _stored(
    fleet: Fleet,
    asked: Asked,
    traffic: Traffic,
    gap: Gap,
    name: str,
    storage: str,
    upper_s: float,
    found: tuple[Performance, ...] | Infeasible,
) -> tuple[Performance, ...] | Infeasible:
    """Add the storage racks, and the time in which the cache is read back."""
    if isinstance(found, Infeasible):
        return found
    model, kv_format = asked.model, fleet.scenario.serving.kv_format
    rack = fleet.racks[storage]
    need = storage_need(model, rack, traffic, gap, kv_format, upper_residence_s=upper_s)
    back_s = reload_s(model, traffic, kv_format, fleet.racks[name].nic_gb_s)
    late = min(each.first_token_s for each in found) + back_s
    if late > traffic.first_token_s:
        return Infeasible(f"{late:.3g} s to the first token at least, {back_s:.3g} s to read back")
    note = f"storage bound by {need.bound_by}; {need.reload_share:.0%} of turns read back"
    return tuple(
        replace(
            each,
            racks_per_ktoken_s={**each.racks_per_ktoken_s, storage: need.racks_per_ktoken_s},
            first_token_s=each.first_token_s + back_s,
            notes=(*each.notes, note),
        )
        for each in found
        if each.first_token_s + back_s <= traffic.first_token_s
    )


def _ways(
    fleet: Fleet,
    asked: Asked,
    traffic: Traffic,
    mode: str,
    racks: tuple[str, ...],
    found: tuple[Performance, ...] | Infeasible,
    *,
    together: bool,
) -> Iterator[Way]:
    """Yield one way for each ratio of racks, with the CPU racks that agents' tools need."""
    if isinstance(found, Infeasible):
        yield Way(mode, racks, 0, together, found)
        return
    tools = _tools(fleet, asked, traffic)
    for variant, each in enumerate(found):
        both = replace(each, racks_per_ktoken_s={**each.racks_per_ktoken_s, **tools})
        yield Way(mode, (*racks, *tools), variant, together, both)


def _tools(fleet: Fleet, asked: Asked, traffic: Traffic) -> dict[str, float]:
    """Return the CPU racks for 1000 output tokens/s: of the kind that takes least power.

    Without such racks in use, tools run where nobody plans for them.
    """
    if not asked.cpu_core_s_per_request:
        return {}
    busy_s = traffic.output_tokens / traffic.tokens_per_s_per_user
    gap = _gap(asked)
    open_s = busy_s + (gap.mean_wait_s(TIME_TO_LIVE_S) if gap else 0.0)
    needs = {
        name: tool_need(
            rack, traffic.output_tokens, core_s=asked.cpu_core_s_per_request, open_s=open_s
        ).racks_per_ktoken_s
        for name, rack in fleet.of_kind("cpu").items()
    }
    if not needs:
        return {}
    best = min(needs, key=lambda name: needs[name] * fleet.racks[name].unit_mw)
    return {best: needs[best]}


def _gap(asked: Asked) -> Gap | None:
    """Return the time between two requests of a session; None: nothing is kept for the next."""
    if asked.session_gap_median_s is None or asked.session_gap_mean_s is None:
        return None
    return Gap(asked.session_gap_median_s, asked.session_gap_mean_s)
