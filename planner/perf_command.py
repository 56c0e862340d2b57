"""From the options of ``gigaplan perf`` to what it prints: names are checked, answers gathered."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from components.catalog.loader import changed, load_family
from components.compute.curves import Curve
from components.compute.measured import MeasuredPoint
from components.compute.measured_curves import MeasuredCurve, Setup, measured_curves
from components.compute.model import LanguageModel
from components.compute.rack import Rack
from components.compute.software import ServingSoftware
from components.compute.traffic import Infeasible, Traffic
from planner.curve_files import read_curves
from planner.errors import Problem, ScenarioError
from planner.perf import Answer, Known, Prices, Server, Way, curve
from planner.perf_checks import (
    CLAIM_COLUMNS,
    MEASURED_COLUMNS,
    claim_lines,
    claim_rows,
    measured_rows,
    measured_summary,
    named,
)
from planner.perf_lead import who_leads
from planner.perf_rows import CURVE_COLUMNS, curve_rows, notes, plain, table
from planner.scenario.explaining import nearest

CLAIMS_SAID = (
    "said, data sheet, with haircut: new over old; the model without and with the haircut of racks "
    "that nobody has measured. Reached from: least speed at which the model gives what is said, "
    "without haircut.",
)
"""What the columns of the claims mean."""

MODES = ("colocated", "split", "afd")
NO_PLAN = 3
"""Exit code where nothing that was asked can serve."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the command line asks for.

    Attributes
    ----------
    model, racks, ffn_rack, mode
        Names; the first rack is served with ``ffn_rack`` if there is one. Empty: not given.
    interactivity
        Speed of a user; None: a curve over many [tokens/s].
    traffic
        Lengths, cached share and time to first token.
    prices
        What costs are reckoned with.
    vendor_claims
        Whether racks that nobody has measured are believed.
    scenario
        Of which own models, changed racks and curves are known.
    output
        File of the chart.
    """

    model: str
    racks: tuple[str, ...]
    traffic: Traffic
    ffn_rack: str = ""
    mode: str = ""
    interactivity: float | None = None
    prices: Prices = field(default_factory=Prices)
    vendor_claims: bool = False
    scenario: Path | None = None
    output: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """What is printed.

    Attributes
    ----------
    title, columns, rows
        A table.
    lines
        Below it.
    json
        The same for machines.
    exit_code
        0, or 3 where nothing serves.
    """

    title: str
    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: tuple[str, ...]
    json: str
    exit_code: int


def reply(question: Question) -> Reply:
    """Answer a question, and draw the chart if one is asked for.

    Raises
    ------
    ScenarioError
        If a name is not known, options do not fit together, or a file cannot be used.
    """
    known = known_figures(question.scenario)
    if problems := tuple(_problems(question, known)):
        raise ScenarioError(problems)
    servers = [_server(question, known, way) for way in _ways(question)]
    speed = question.interactivity
    answers = _curves(servers) if speed is None else [server.at(speed) for server in servers]
    if question.output is not None:
        points = answers if speed is None else _curves(servers)
        _draw(question, known, servers, points, question.output)
    lead = _lead(question, known, servers) if speed is None else ()
    return _told(question, answers, known.racks, lead)


def _server(question: Question, known: Known, way: Way) -> Server:
    return Server(
        known,
        question.model,
        way,
        question.traffic,
        question.prices,
        data_sheet=question.vendor_claims,
    )


def _lead(question: Question, known: Known, servers: list[Server]) -> tuple[str, ...]:
    """Say from which speed on feed-forward racks are worth their power."""
    if not question.ffn_rack:
        return ()
    alone = _server(question, known, Way(question.racks[0], "split"))
    return (who_leads(servers[0], alone, known.racks),)


def checks(*, claims: bool) -> Reply:
    """Return the model against vendors' claims, or against what was measured."""
    heads: tuple[str, ...] = CLAIM_COLUMNS if claims else MEASURED_COLUMNS
    rows = claim_rows() if claims else measured_rows()
    said = (*claim_lines(), *CLAIMS_SAID) if claims else (measured_summary(),)
    title = f"{'claims' if claims else 'measured'} and the model"
    keys = [head.replace("\n", " ") for head in heads]
    machine = json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2)
    return Reply(title, heads, rows, said, machine, 0)


def known_figures(scenario: Path | None) -> Known:
    """Return the figures of the catalog, or of a scenario with its own models and curves."""
    racks = named("rack", Rack)
    models = named("model", LanguageModel)
    curves = measured_curves(named("measured", MeasuredPoint))
    if scenario is not None:
        from planner.known import read_scenario
        from planner.workloads import language_models

        asked = read_scenario(scenario).scenario
        models = language_models(asked)
        racks = {
            name: cast(Rack, changed(entry, asked.racks.change.get(name, {})).parameters)
            for name, entry in load_family("rack").items()
        }
        own = read_curves(asked.serving.curves)
        curves = {**(curves if asked.serving.measured else {}), **_as_measured(own)}
    return Known(models, racks, named("serving_software", ServingSoftware), curves)


def _as_measured(
    curves: Mapping[tuple[str, str, str], tuple[Curve, ...]],
) -> dict[tuple[str, str, str], tuple[MeasuredCurve, ...]]:
    """Take curves of files as measured with whatever setup is best."""
    return {
        key: tuple(MeasuredCurve(Setup(mode=key[2]), each) for each in found)
        for key, found in curves.items()
    }


def _problems(question: Question, known: Known) -> Iterator[Problem]:
    yield from _unknown("--model", "model", (question.model,), known.models)
    yield from _unknown("--rack", "rack", question.racks[:1], known.racks)
    yield from _unknown("--compare", "rack", question.racks[1:], known.racks)
    if question.ffn_rack:
        yield from _unknown("--ffn-rack", "rack", (question.ffn_rack,), known.racks)
    if question.mode:
        yield from _unknown("--mode", "mode", (question.mode,), MODES)
    if question.mode == "afd" and not question.ffn_rack:
        what = "is missing: afd needs racks for the feed-forward layers"
        yield Problem("--ffn-rack", 0, 0, "", what, "", "--ffn-rack lpx_groq3")
    if question.ffn_rack and question.mode in ("colocated", "split"):
        what = "goes with --mode afd only"
        yield Problem("--ffn-rack", 0, 0, "", what, f"--mode {question.mode}", "--mode afd")
    if question.output is not None:
        yield from _no_place(question.output)


def _unknown(
    option: str, kind: str, names: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    known = tuple(known)
    for name in names:
        if name not in known:
            what = f"is no {kind} that is known"
            yield Problem(option, 0, 0, "", what, name or "nothing", nearest(name, known))


def _no_place(path: Path) -> Iterator[Problem]:
    from planner.perf_chart import SUFFIXES

    if path.suffix not in SUFFIXES:
        tip = f"a name that ends in {', '.join(SUFFIXES)}"
        yield Problem("-o", 0, 0, "", "is no kind of chart", str(path), tip)
    elif not path.parent.is_dir():
        yield Problem("-o", 0, 0, "", "there is no such folder", str(path.parent), "making it")


def _ways(question: Question) -> Iterator[Way]:
    """Yield the first rack with its feed-forward racks if it has some; all others alone."""
    mode = question.mode if question.mode not in ("", "afd") else "split"
    for position, rack in enumerate(question.racks):
        if position == 0 and question.ffn_rack:
            yield Way(rack, "afd", question.ffn_rack)
        else:
            yield Way(rack, mode)


def _curves(servers: list[Server]) -> list[Answer]:
    fastest = max(server.fastest() for server in servers)
    return [answer for server in servers for answer in curve(server, fastest)]


def _draw(
    question: Question, known: Known, servers: list[Server], answers: list[Answer], path: Path
) -> None:
    from planner.perf_chart import chart, write_chart

    drawn = chart(answers, list(_dots(question, servers)), known.racks, _title(question))
    try:
        write_chart(drawn, path)
    except OSError as error:
        what = f"cannot be written: {(error.strerror or 'output error').lower()}"
        raise ScenarioError([Problem(str(path), 0, 0, "", what)]) from error


def _dots(question: Question, servers: list[Server]) -> Iterator[tuple[Way, MeasuredCurve]]:
    """Yield curves over all GPUs that were measured at the lengths that are asked."""
    for server in servers:
        for each in server.measured:
            if each.curve.gpus == "all" and each.curve.has_lengths_of(question.traffic):
                yield server.way, each


def _title(question: Question) -> str:
    traffic = question.traffic
    cached = f", {traffic.cached_share:.0%} cached" if traffic.cached_share else ""
    return (
        f"{question.model}: {traffic.input_tokens:,.0f} in{cached}, "
        f"{traffic.output_tokens:,.0f} out"
    )


def _told(
    question: Question, answers: list[Answer], racks: Mapping[str, Rack], lead: tuple[str, ...]
) -> Reply:
    serves = any(not isinstance(answer.found, Infeasible) for answer in answers)
    machine = json.dumps([plain(answer, racks) for answer in answers], indent=2)
    title = _title(question)
    drawn = () if question.output is None else (f"chart: {question.output}",)
    if question.interactivity is not None:
        heads, rows = table(answers, racks)
        title += f", at least {question.interactivity:g} tokens/s/user"
        said = (*notes(answers), _reckoned(question), *drawn)
    else:
        heads, rows = CURVE_COLUMNS, curve_rows(answers)
        said = (*lead, *_why_nothing(answers), _reckoned(question), *drawn)
    return Reply(title, heads, rows, said, machine, 0 if serves else NO_PLAN)


def _why_nothing(answers: list[Answer]) -> Iterator[str]:
    """Yield the reasons of ways that serve at no speed at all."""
    served = {a.way for a in answers if not isinstance(a.found, Infeasible)}
    yield from notes([answer for answer in answers if answer.way not in served])


def _reckoned(question: Question) -> str:
    prices = question.prices
    cached = "; cached input is still held" if question.traffic.cached_share else ""
    haircut = "none, as vendors say" if question.vendor_claims else "as in the catalog"
    return (
        "GPUs are all accelerators of prefill and decode, chips of ffn racks not counted; the "
        "layout, batch and step are the model's, also where output is measured; the "
        "first token is without queueing; racks run at rated power all year; cost is racks at the "
        f"catalog's price at {prices.cost_of_capital:.0%} a year, their upkeep, and power at "
        f"{prices.usd_per_mwh:g} USD/MWh with a PUE of {prices.pue:g}, without buildings{cached}; "
        f"haircut of racks that nobody has measured: {haircut}"
    )
