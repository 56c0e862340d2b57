"""CPU racks that run the tools of agents: shells, tests, searches, in sandboxes of their own.

Defaults are of coding agents and of low confidence: one study measured processor time.

Y. Zheng et al., "AgentCgroup: understanding and controlling OS resources of AI agents" (2026),
arXiv 2602.09345, ran 144 tasks of SWE-rebench with Claude Code and two models. Of a task, the
container used 13.2 % of one core over 192 s (Haiku 4.5) and 7.6 % over 539 s (GLM 4.7 flash, 59
tool calls a task): 25 to 41 core-seconds, or 0.70 a tool call. TraceLab (arXiv 2606.30560) counts
432,510 tool calls in 357,161 steps of real sessions: 1.2 a step.
"""

from dataclasses import dataclass

from components.compute.rack import Rack

CORE_S_PER_TOOL_CALL = 0.70
"""Processor time of the mean tool call, the agent's own program included [core s].

0.076 cores x 539 s / 58.8 calls, on desktop cores of 5.7 GHz (AgentCgroup); confidence L. A call
lasts 3.0 s on average, which is the most it can be of one core.
"""
TOOL_CALLS_PER_STEP = 1.21
"""Tool calls of one answer of the model (TraceLab) [1]."""
CORE_S_PER_STEP = CORE_S_PER_TOOL_CALL * TOOL_CALLS_PER_STEP
"""Of the tools of one answer, 0.85; up to 3.6 if a call keeps one core busy [core s]."""
SANDBOX_GB = 2.0
"""Memory to set aside for a live sandbox: peaks are 2 to 4 GB, means 0.2 GB (AgentCgroup) [GB]."""
UTILISATION = 0.5
"""Share of the cores that can work on average while calls start at once: planning estimate [1]."""


@dataclass(frozen=True, slots=True)
class ToolNeed:
    """CPU racks in order that run the tools behind 1000 output tokens/s.

    Attributes
    ----------
    by_cores
        For processor time [racks s/1000 tokens].
    by_memory
        For the sandboxes that are open at once [racks s/1000 tokens].
    """

    by_cores: float
    by_memory: float

    @property
    def racks_per_ktoken_s(self) -> float:
        """What both ask for [racks s/1000 tokens]."""
        return max(self.by_cores, self.by_memory)

    @property
    def bound_by(self) -> str:
        """Which of both asks for more."""
        return "memory" if self.by_memory > self.by_cores else "cores"


def tool_need(
    rack: Rack,
    output_tokens: float,
    *,
    core_s: float = CORE_S_PER_STEP,
    open_s: float = 0.0,
    sandbox_gb: float = SANDBOX_GB,
    utilisation: float = UTILISATION,
) -> ToolNeed:
    r"""Return the CPU racks that the tools of agents need.

    With 1000/O requests a second,

    .. math:: n_{cores} = \frac{1000}{O}\,\frac{t_{core}}{u\,N_{cores}}, \quad
              n_{memory} = \frac{1000}{O}\,\frac{t_{open}\,m}{M}

    Parameters
    ----------
    rack
        Of kind ``cpu``.
    output_tokens
        Of a request, which is one step of an agent [tokens].
    core_s
        Processor time of the tools that one request calls [core s].
    open_s
        How long a sandbox stays open for each request: its own time and the mean wait for the
        next; 0: memory is left out [s].
    sandbox_gb
        Memory set aside for one sandbox [GB].
    utilisation
        Share of the cores that work on average [1].

    Raises
    ------
    ValueError
        If the rack has no cores, or ``utilisation`` is not above 0 and at most 1.

    Examples
    --------
    Steps of 523 tokens: 1.9 a second make 1000 tokens/s, and keep 3.2 cores of 22,528.

    >>> from components.catalog.loader import load_family
    >>> vera = load_family("rack")["etl256_vera"].parameters
    >>> need = tool_need(vera, output_tokens=523)
    >>> round(need.by_cores * vera.cores, 1), need.bound_by
    (3.2, 'cores')
    """
    if not rack.cores:
        msg = f"a rack of kind {rack.kind} has no cores for tools; try one of kind cpu"
        raise ValueError(msg)
    if not 0 < utilisation <= 1:
        msg = f"utilisation is above 0 and at most 1, got {utilisation}"
        raise ValueError(msg)
    requests = 1e3 / output_tokens
    memory = requests * open_s * sandbox_gb
    if memory and not rack.host_memory_tb:
        msg = "a rack without host_memory_tb holds no sandboxes; try one of kind cpu"
        raise ValueError(msg)
    return ToolNeed(
        by_cores=requests * core_s / (utilisation * rack.cores),
        by_memory=memory / (rack.host_memory_tb * 1e3) if memory else 0.0,
    )
