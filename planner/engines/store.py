"""Where what was learnt of operation is kept between runs."""

from pathlib import Path

from platformdirs import user_cache_path

from planner.scenario import Scenario


def store_folder(scenario: Scenario) -> Path:
    """Return the folder for cuts of operation: the scenario's, or one in the user's cache.

    Nothing is made or checked; `solvers.cut_store.CutStore` does that.
    """
    asked = scenario.solver.cone_store
    return Path(asked) if asked is not None else user_cache_path("gigaplan") / "cones"


def store_bytes(scenario: Scenario) -> int:
    """Return the size from which files of the store are removed [bytes]."""
    return round(scenario.solver.cone_store_mb * 1e6)
