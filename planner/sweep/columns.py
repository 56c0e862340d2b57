"""Columns of the store that are its own, whatever the axes and figures of a sweep."""

POINT_COLUMNS = ("point", "key", "status", "reason")
"""Before the axes: number of the point, hash of all that it asks, how it ended, and why."""

VARYING = ("gap", "bound_usd", "cuts", "attempts", "seconds", "peak_memory_mb")
"""What another run of the same sweep may find otherwise: the proof, and what it took.

``seconds.<phase>`` belongs to it too, see `varies`. A comparison of two runs leaves them out.
"""

WITH_PLAN = ("solved", "stopped")
"""Statuses of points that have a plan, and so figures; all others have only a reason."""

FAILED = ("infeasible", "unreliable", "no_plan", "wrong_input", "defect", "died")
"""Statuses without a plan.

Requirements that conflict; no plan as available as asked for; a limit came before a plan; parts of
the scenario that do not fit; an error of ours; a worker that ended or ran out of memory.
"""

TRIED_AGAIN = ("defect", "died")
"""Statuses that a resumed sweep does not take for an answer."""

AMOUNTS = ("mw.", "racks.", "cost_usd.", "tokens_served.")
"""Beginnings of columns of amounts: where another point has such a column and a plan has none of
the thing, its amount is 0."""

OWN_COLUMNS = frozenset(
    (*POINT_COLUMNS, *VARYING, "binding", "objective_usd", "sites_opened", "sites_open")
) | {"tokens_served", "racks", "co2_t", "mw", "scenario", "capex_usd", "unmet_share"}
"""Names that no axis may have; those of figures with a dot cannot be an axis's."""


def varies(column: str) -> bool:
    """Tell whether a column may differ between two runs of the same sweep.

    >>> [varies(column) for column in ("gap", "seconds.master", "co2_t.2028")]
    [True, True, False]
    """
    return column.partition(".")[0] in VARYING
