"""Where cached context waits between two turns: HBM, memory of the hosts, storage racks.

A turn that comes while its context is held somewhere has only its new tokens computed. HBM is full
of live sequences, so that what waits is in the memory of the hosts, where it is soon pushed out by
others. What falls out is still on storage racks until its time to live ends, and is read back,
which takes far less than computing it anew. Turns are taken to go back to the racks that hold their
context, as routers that know of caches do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isinf, log, sqrt

from scipy.optimize import bisect
from scipy.special import ndtr

from components.compute.model import LanguageModel
from components.compute.parallelism import kv_gb_per_sequence
from components.compute.rack import Rack
from components.compute.traffic import Infeasible, Performance, Traffic

HOST_USABLE = 0.8
"""Memory of the hosts that may hold cache; the rest is the operating system's and the servers'.

Planning estimate [1].
"""
TIME_TO_LIVE_S = 3600.0
"""How long coding agents keep context: WEKA on 20 thousand million tokens, GTC 2026 [s]."""


@dataclass(frozen=True, slots=True)
class Gap:
    r"""Time from the end of a turn to the next of its session, lognormal.

    .. math:: \sigma = \sqrt{2 \ln(mean / median)}

    Attributes
    ----------
    median_s, mean_s
        Of the turns that have a next; 7 s and 240 s or more with coding agents (WEKA, GTC 2026:
        about 20 thousand million tokens of Claude Code) [s].
    last_share
        Turns that have no next: one over the turns of a session; 1/84 in TraceLab's traces
        (arXiv 2606.30560: 357,161 steps of 4,265 sessions) [1].

    Raises
    ------
    ValueError
        If the mean is below the median, or the median is not positive.
    """

    median_s: float
    mean_s: float
    last_share: float = 0.0

    def __post_init__(self) -> None:
        """Check the order of median and mean."""
        if not 0 < self.median_s <= self.mean_s:
            msg = f"gap: 0 < median_s <= mean_s, got {self.median_s} and {self.mean_s}"
            raise ValueError(msg)
        if not 0 <= self.last_share < 1:
            msg = f"gap: last_share is from 0 to below 1, got {self.last_share}"
            raise ValueError(msg)

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm [1]."""
        return sqrt(2 * log(self.mean_s / self.median_s))

    def share_within(self, seconds: float) -> float:
        """Return the share of next turns that come within a time [1]."""
        if seconds <= 0:
            return 0.0
        return self._below(seconds, 0.0)

    def mean_wait_s(self, longest_s: float) -> float:
        r"""Return how long a context waits on average if it is dropped after a time [s].

        .. math:: E[\min(g, T)] = \bar g\,\Phi\!\left(\frac{\ln(T/m)}{\sigma} - \sigma\right)
                  + T\,P(g > T)

        for turns that have a next; the others wait to the end.
        """
        if longest_s <= 0:
            return 0.0
        if isinf(longest_s):
            return inf if self.last_share else self.mean_s
        come = self.mean_s * self._below(longest_s, self.sigma)
        rest = longest_s * (1 - self.share_within(longest_s))
        return (1 - self.last_share) * (come + rest) + self.last_share * longest_s

    def _below(self, seconds: float, shift: float) -> float:
        """Return the normal distribution at the time's logarithm, shifted by deviations [1]."""
        if self.sigma == 0:
            return float(seconds >= self.median_s)
        return float(ndtr(log(seconds / self.median_s) / self.sigma - shift))


def held_share(gap: Gap, residence_s: float) -> float:
    """Return the share of turns whose context is still there: the gap is below its residence [1].

    Examples
    --------
    Half of all turns come back within the median.

    >>> held_share(Gap(median_s=7, mean_s=240), 7)
    0.5
    """
    return gap.share_within(residence_s)


def residence_s(capacity_gb: float, inserted_gb_per_s: float) -> float:
    """Return how long what is put into a first-in-first-out store stays there [s].

    Every turn puts its whole context in at the end, so this errs to the short side: blocks
    that are used again and not copied would leave more room.
    """
    return capacity_gb / inserted_gb_per_s if inserted_gb_per_s > 0 else inf


def host_residence_s(
    model: LanguageModel, rack: Rack, traffic: Traffic, kv_format: str, requests_per_s: float
) -> float:
    """Return how long a context stays in the memory of the hosts of its rack [s].

    Parameters
    ----------
    requests_per_s
        Turns that end on one rack; each leaves its input and output behind [1/s].
    """
    held = kv_gb_per_sequence(model, traffic.input_tokens + traffic.output_tokens, kv_format)
    return residence_s(rack.host_memory_tb * 1e3 * HOST_USABLE, requests_per_s * held)


def requests_per_rack_s(
    performance: Performance | Infeasible, name: str, traffic: Traffic
) -> float:
    """Return the turns that one rack ends in a second; 0 if racks cannot serve them [1/s]."""
    if isinstance(performance, Infeasible):
        return 0.0
    return 1e3 / performance.racks_per_ktoken_s[name] / traffic.output_tokens


def share_held_by_hosts(
    model: LanguageModel,
    rack: Rack,
    traffic: Traffic,
    gap: Gap,
    kv_format: str,
    requests_per_s: Callable[[float], float],
) -> float:
    """Return the share of turns that find their context in the memory of the hosts [1].

    The more is held, the less is computed, the more turns a rack takes, the sooner contexts fall
    out: the share that gives itself back is unique, and bisection finds it however the rate
    steps.

    Parameters
    ----------
    requests_per_s
        Turns that end on one rack at a share held, such as `requests_per_rack_s` of what serving
        gives; not falling in it [1/s].

    Examples
    --------
    With ``serve`` of `components.compute.serving`::

        def rate(share):
            found = serve(model, name, rack, software, traffic, held_share=share)
            return requests_per_rack_s(found, name, traffic)


        share_held_by_hosts(model, rack, traffic, gap, "fp8", rate)
    """

    def excess(share: float) -> float:
        stay = host_residence_s(model, rack, traffic, kv_format, requests_per_s(share))
        return share - held_share(gap, stay)

    if excess(0.0) >= 0:
        return 0.0
    if excess(1.0) <= 0:
        return 1.0
    return float(bisect(excess, 0.0, 1.0, xtol=1e-4))


@dataclass(frozen=True, slots=True)
class StorageNeed:
    """Storage racks in order that give 1000 output tokens/s of other racks their context back.

    Attributes
    ----------
    by_capacity
        For all that waits within its time to live [racks s/1000 tokens].
    by_bandwidth
        To read back what upper tiers no longer hold [racks s/1000 tokens].
    reload_share
        Turns that are read back from them [1].
    """

    by_capacity: float
    by_bandwidth: float
    reload_share: float

    @property
    def racks_per_ktoken_s(self) -> float:
        """What both ask for [racks s/1000 tokens]."""
        return max(self.by_capacity, self.by_bandwidth)

    @property
    def bound_by(self) -> str:
        """Which of both asks for more."""
        return "capacity" if self.by_capacity > self.by_bandwidth else "bandwidth"


def storage_need(
    model: LanguageModel,
    storage: Rack,
    traffic: Traffic,
    gap: Gap,
    kv_format: str,
    *,
    upper_residence_s: float,
    time_to_live_s: float = TIME_TO_LIVE_S,
) -> StorageNeed:
    r"""Return the storage racks that keep the context of a kind of traffic.

    With :math:`\lambda = 1000/O` turns a second for 1000 output tokens/s, K the cache of a whole
    context and :math:`K_c` that of its cached part,

    .. math:: n_{cap} = \lambda\,K\,E[\min(g, T)] / S, \quad
              n_{bw} = \lambda\,K_c\,P(R < g < T) / B

    Each context stands there until it is used or its time T ends, whether an upper tier holds a
    copy or not. Writing the new tokens of a turn takes the other direction.

    Parameters
    ----------
    upper_residence_s
        How long upper tiers hold a context, such as `host_residence_s` [s].
    time_to_live_s
        After which storage drops it [s].

    Raises
    ------
    ValueError
        If the rack has no storage.
    """
    if not (storage.storage_tb and storage.storage_gb_s):
        msg = f"a rack of kind {storage.kind} has no storage; try one of kind storage"
        raise ValueError(msg)
    turns = 1e3 / traffic.output_tokens
    whole = kv_gb_per_sequence(model, traffic.input_tokens + traffic.output_tokens, kv_format)
    cached = kv_gb_per_sequence(model, traffic.input_tokens * traffic.cached_share, kv_format)
    within = held_share(gap, time_to_live_s) - held_share(gap, upper_residence_s)
    reload_share = max(within, 0.0) * (1 - gap.last_share)
    return StorageNeed(
        by_capacity=turns * whole * gap.mean_wait_s(time_to_live_s) / (storage.storage_tb * 1e3),
        by_bandwidth=turns * cached * reload_share / storage.storage_gb_s,
        reload_share=reload_share,
    )


def reload_s(
    model: LanguageModel, traffic: Traffic, kv_format: str, gb_per_s: float, parallel: float = 1.0
) -> float:
    """Return how long the cached part of a context takes to come back to the chips [s].

    What is read back from storage comes by the scale-out network (``nic_gb_s`` of a chip), from
    the hosts' memory by ``host_link_gb_s``.

    Parameters
    ----------
    gb_per_s
        Into one chip [GB/s].
    parallel
        Chips that each take a part of it [chips].
    """
    cached = kv_gb_per_sequence(model, traffic.input_tokens * traffic.cached_share, kv_format)
    return cached / (gb_per_s * parallel)


def added_first_token_s(
    model: LanguageModel,
    rack: Rack,
    traffic: Traffic,
    kv_format: str,
    *,
    host_share: float,
    storage_share: float,
    chips: int = 1,
) -> float:
    """Return what reading cache back adds to the mean time to first token [s].

    Parameters
    ----------
    rack
        Whose chips compute the prompt.
    host_share, storage_share
        Turns whose context comes from the hosts' memory and from storage [1].
    chips
        That share a prompt and its cache [chips].
    """
    wait = 0.0
    for share, speed in ((host_share, rack.host_link_gb_s), (storage_share, rack.nic_gb_s)):
        if share:
            wait += share * (reload_s(model, traffic, kv_format, speed, chips) if speed else inf)
    return wait


def reload_gain(
    model: LanguageModel, kv_format: str, gb_per_s: float, prefill_tokens_per_s: float
) -> float:
    """Return how many times longer a chip takes to compute a token anew than to read it back [1].

    Above 1 reading wins. What attention to a long context adds to computing is left out.

    Parameters
    ----------
    gb_per_s
        Into one chip [GB/s].
    prefill_tokens_per_s
        Of one chip: `Performance.prefill_tokens_per_s_per_gpu` [tokens/s].
    """
    read_s = model.kv_bytes_per_token(kv_format) / (gb_per_s * 1e9)
    return 1 / (prefill_tokens_per_s * read_s)
