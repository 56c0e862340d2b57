"""Distances that a scenario's map layers tell, in place of those of the site table."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import Problem, ScenarioError
from planner.known import sites_of
from planner.scenario import Scenario
from sites.errors import LayerError
from sites.site import Site

if TYPE_CHECKING:
    from sites.layers import Kind

DISTANCES: Mapping[str, str] = {
    "line_345kv_miles": "line",
    "gas_pipeline_miles": "pipeline",
    "fibre_miles": "fibre",
}
"""Distance of a site to what it is called in the tables."""

TABLE, CHANGED = "site table", "sites.change"


def with_layers(
    scenario: Scenario, sites: Mapping[str, Site]
) -> tuple[dict[str, Site], dict[str, str]]:
    """Return sites with the distances that the scenario's layers tell, and where those are from.

    What ``sites.change`` says comes first: a place moved is measured where it is moved to, and a
    distance given there stays.

    Returns
    -------
    tuple of dict and dict
        All sites, those of the scenario with their distances; of each of these what to say of its
        distances, such as ``line: hifld.gpkg, pipeline: site table``.

    Raises
    ------
    ScenarioError
        If a layer cannot be used.
    """
    figures = _figures(scenario, sites)
    found = dict(sites)
    for name in figures:
        found[name] = sites[name].model_copy(update=figures[name])
    return found, {name: _said(scenario, found[name], figures.get(name, {})) for name in found}


def _figures(scenario: Scenario, sites: Mapping[str, Site]) -> dict[str, dict[str, float]]:
    files = _files(scenario)
    if not files:
        return {}
    # Reading maps takes a second, which scenarios without layers must not wait for.
    from sites.layers import layer_figures

    wanted = dict.fromkeys(sites_of(scenario, sites))
    wanted |= dict.fromkeys(p.at for p in scenario.power.remote.values() if p.at is not None)
    places = [_moved(scenario, sites[name]) for name in wanted]
    try:
        return layer_figures(places, files)
    except LayerError as error:
        key = f"sites.layers.{error.layer}"
        problem = Problem("scenario", 0, 0, key, str(error), "", "another file, or none")
        raise ScenarioError([problem]) from error


def _files(scenario: Scenario) -> "dict[Kind, Path]":
    asked = scenario.sites.layers
    given: dict[Kind, str | None] = {
        "lines": asked.lines,
        "pipelines": asked.pipelines,
        "fibre": asked.fibre,
    }
    return {kind: Path(file) for kind, file in given.items() if file is not None}


def _moved(scenario: Scenario, site: Site) -> Site:
    change = scenario.sites.change.get(site.id, {})
    place = {k: change[k] for k in ("latitude_deg", "longitude_deg") if k in change}
    return site.model_copy(update={k: float(str(v)) for k, v in place.items()})


def _said(scenario: Scenario, site: Site, figures: Mapping[str, float]) -> str:
    files = scenario.sites.layers
    layer = {"line": files.lines, "pipeline": files.pipelines, "fibre": files.fibre}
    change = scenario.sites.change.get(site.id, {})
    said = []
    for column, word in DISTANCES.items():
        if column in change:
            said.append(f"{word}: {CHANGED}")
        elif column in figures:
            said.append(f"{word}: {Path(layer[word] or '').name}")
        elif getattr(site, column) is not None:
            said.append(f"{word}: {TABLE}")
    return ", ".join(said)
