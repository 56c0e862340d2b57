"""Workloads as they are asked for: the scenario's figures before those of the catalog."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from components.catalog.loader import load_family
from components.compute.model import LanguageModel
from components.compute.traffic import Traffic
from components.compute.workload import WorkloadKind
from planner.scenario import Scenario
from planner.scenario.demand import Workload
from sites.latency import population_shares

KV_FIGURES = (
    "kv_elements_per_token",
    "kv_fixed_mb_per_sequence",
    "index_elements_per_token",
)
"""What is held in the cache of a model: ``serving.kv_growth`` multiplies all of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One workload of a scenario, joined with the catalog.

    Attributes
    ----------
    name
        Its key in ``demand.workloads``.
    model_name
        Key of the catalog or of ``serving.models``.
    model
        Its figures; the cache of a token is ``serving.kv_growth`` times that of the model.
    traffic : calendar year to Traffic
        The mean request, with contexts that grow from the first year on.
    peak_to_mean
        Use at the daily peak over mean use [1].
    value_usd_per_mtok
        What a million unmet tokens cost [USD/Mtok].
    must_serve
        Whether every token has to be served.
    session_gap_median_s, session_gap_mean_s
        From an answer to the next request of its session; None: nothing of it is cached [s].
    cpu_core_s_per_request
        Processor time of the tools of a request [core s].
    defer_h
        Window within which the work may wait; None: it cannot [h].
    latency_limit_ms
        Longest round trip from users to a site; None: no limit [ms].
    metros : metropolitan area to share
        Of the users, sum 1; empty without a limit [1].
    """

    name: str
    model_name: str
    model: LanguageModel
    traffic: Mapping[int, Traffic]
    peak_to_mean: float
    value_usd_per_mtok: float
    must_serve: bool
    session_gap_median_s: float | None
    session_gap_mean_s: float | None
    cpu_core_s_per_request: float
    defer_h: int | None
    latency_limit_ms: float | None
    metros: Mapping[str, float]


def asked_workloads(scenario: Scenario, years: Iterable[int]) -> dict[str, Asked]:
    """Return every workload of a scenario, by name.

    Parameters
    ----------
    scenario
        With names that were checked, as by `planner.known.read_scenario`.
    years
        Calendar years to be planned; contexts grow from the first of them on. May repeat.

    Raises
    ------
    pydantic.ValidationError
        If figures do not fit together.
    """
    wanted = sorted(set(years))
    models = language_models(scenario)
    return {
        name: _asked(name, workload, models, wanted)
        for name, workload in scenario.demand.workloads.items()
    }


def _asked(
    name: str, workload: Workload, models: Mapping[str, LanguageModel], years: list[int]
) -> Asked:
    kind = workload_kind(name, workload)
    limited = kind.latency_limit_ms is not None
    return Asked(
        name=name,
        model_name=kind.model,
        model=models[kind.model],
        traffic=MappingProxyType({year: kind.traffic(year - years[0]) for year in years}),
        peak_to_mean=kind.peak_to_mean,
        value_usd_per_mtok=workload.value_usd_per_mtok,
        must_serve=workload.must_serve,
        session_gap_median_s=kind.session_gap_median_s,
        session_gap_mean_s=kind.session_gap_mean_s,
        cpu_core_s_per_request=kind.cpu_core_s_per_request,
        defer_h=kind.defer_h or None,
        latency_limit_ms=kind.latency_limit_ms,
        metros=_served(workload.metros or population_shares()) if limited else {},
    )


def _served(shares: Mapping[str, float]) -> dict[str, float]:
    """Leave out the metropolitan areas without users."""
    return {metro: share for metro, share in shares.items() if share}


def workload_kind(name: str, workload: Workload) -> WorkloadKind:
    """Return the figures of a workload: its own, then those of the catalog.

    Raises
    ------
    pydantic.ValidationError
        If figures are missing, or do not fit those that the catalog gives.

    Examples
    --------
    >>> from planner.scenario.by_year import ByYear
    >>> calls = Workload(
    ...     tokens_per_day=ByYear.of(1e9), value_usd_per_mtok=4.0, like="voice", output_tokens=200.0
    ... )
    >>> kind = workload_kind("calls", calls)
    >>> kind.output_tokens, kind.first_token_s
    (200.0, 0.3)
    """
    known = load_family("workload").get(workload.like or name)
    figures = known.parameters.model_dump() if known is not None else {}
    return WorkloadKind.model_validate({**figures, **workload.own_figures()})


def language_models(scenario: Scenario) -> dict[str, LanguageModel]:
    """Return the language models of the catalog and of ``serving.models``, by name.

    Raises
    ------
    pydantic.ValidationError
        If figures of an own model are missing, unknown or out of bounds.
    """
    own = {name: own_model(figures) for name, figures in scenario.serving.models.items()}
    growth = scenario.serving.kv_growth
    return {name: _grown(model, growth) for name, model in {**_catalog_models(), **own}.items()}


def own_model(figures: Mapping[str, object]) -> LanguageModel:
    """Return a language model from its figures, or from those of the catalog that differ.

    Parameters
    ----------
    figures
        Fields of `LanguageModel`, and ``like``: a model of the catalog that gives what is left
        out.

    Raises
    ------
    pydantic.ValidationError
        If a figure is missing, unknown or out of bounds.

    Examples
    --------
    >>> own_model({"like": "deepseek_r1", "draft_tokens": 0, "accepted_tokens": 1}).layers
    61
    """
    given = {name: value for name, value in figures.items() if name != "like"}
    like = figures.get("like")
    base = _catalog_models()[str(like)].model_dump() if like is not None else {}
    return LanguageModel.model_validate({"developer": "own", **base, **given})


def _catalog_models() -> dict[str, LanguageModel]:
    found = {name: entry.parameters for name, entry in load_family("model").items()}
    return {name: model for name, model in found.items() if isinstance(model, LanguageModel)}


def _grown(model: LanguageModel, factor: float) -> LanguageModel:
    if factor == 1:
        return model
    return model.model_copy(update={key: factor * getattr(model, key) for key in KV_FIGURES})
