"""What may be asked of a solver besides the Program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias

from solvers.errors import SolverError

OptionValue: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    r"""How to solve.

    Attributes
    ----------
    gap
        A MIP is optimal when (objective - bound) / \|objective\| is at most this, 0..1.
    time_limit_s
        Wall time after which to stop with the best point so far [s].
    threads
        Threads HiGHS may use; 0 lets it choose. HiGHS has one scheduler per process, so programs
        solved at the same time in one process must ask for the same number.
    seed
        Random seed; equal seeds give equal paths on one thread.
    log_file
        File that HiGHS appends its log to; nothing is ever written to the screen.
    presolve
        Reduce the Program first; ``choose`` leaves it to HiGHS.
    lp_method
        For an LP: simplex, interior point, or first order (``pdlp``: low accuracy).
    mip_lp_method
        For the first relaxation of a MIP; interior point can be faster on large ones.
    crossover
        After an interior point, go to a vertex. Without it duals are less sharp.
    tolerance
        Feasibility and dual feasibility of an LP, absolute.
    more
        Further HiGHS options by HiGHS's own names; they win over the above.

    Raises
    ------
    SolverError
        If a number is out of its range.
    """

    gap: float = 1e-4
    time_limit_s: float = float("inf")
    threads: int = 0
    seed: int = 0
    log_file: Path | None = None
    presolve: Literal["choose", "on", "off"] = "choose"
    lp_method: Literal["choose", "simplex", "ipm", "pdlp"] = "choose"
    mip_lp_method: Literal["choose", "simplex", "ipm"] = "choose"
    crossover: bool = True
    tolerance: float = 1e-7
    more: Mapping[str, OptionValue] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for name, low, high in (
            ("gap", 0.0, 1.0),
            ("time_limit_s", 0.0, float("inf")),
            ("threads", 0, 1024),
            ("seed", 0, 2**31 - 1),
            ("tolerance", 1e-10, 1e-2),
        ):
            if not low <= getattr(self, name) <= high:
                msg = f"{name}: got {getattr(self, name)}, try {low} to {high}"
                raise SolverError(msg)

    def highs_options(self) -> dict[str, OptionValue]:
        """Return the options by HiGHS's names, without the time limit."""
        return {
            "output_flag": self.log_file is not None,
            "log_to_console": False,
            "log_file": str(self.log_file or ""),
            "threads": self.threads,
            "random_seed": self.seed,
            "mip_rel_gap": self.gap,
            "presolve": self.presolve,
            "solver": self.lp_method,
            "mip_lp_solver": self.mip_lp_method,
            "run_crossover": "on" if self.crossover else "off",
            "primal_feasibility_tolerance": self.tolerance,
            "dual_feasibility_tolerance": self.tolerance,
            **self.more,
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a running solve stands.

    Attributes
    ----------
    seconds
        Wall time since the solve began.
    bound, objective, gap
        Of a MIP; minus infinity, infinity and infinity for an LP.
    nodes
        Branch-and-bound nodes; 0 for an LP.
    iterations
        Iterations of an LP; 0 for a MIP.
    """

    seconds: float
    bound: float
    objective: float
    gap: float
    nodes: int
    iterations: int
