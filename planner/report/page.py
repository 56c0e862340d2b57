"""The report of a run: one page that holds all it needs and fetches nothing."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from planner.report import answer, tables, vendors
from planner.report.folder import RunFolder, read_folder
from planner.report.script import content_hash, page_script
from planner.report.sections import sections
from planner.report.words import counted, money

NAME = "report.html"


def write_report(folder: Path) -> Path:
    """Write ``report.html`` into a run folder, from its summary, manifest and tables.

    Parameters
    ----------
    folder
        A run folder; an older report in it is replaced.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    RunFolderError
        If the folder lacks what a report needs.
    """
    path = folder / NAME
    path.write_text(render(read_folder(folder)), encoding="utf-8")
    return path


def render(run: RunFolder) -> str:
    """Return the page of a run as HTML.

    Text of the run is escaped wherever it stands; the browser is told to run no script but the
    page's own and to fetch nothing.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["embedded"] = embedded
    script = page_script()
    return environment.get_template("page.html").render(
        run=run,
        summary=run.summary,
        span=_span(run.summary.periods),
        answer=answer.answer(run),
        tiles=answer.tiles(run),
        key_figures=tables.key_figures(run),
        sections=sections(run),
        notes=_notes(run),
        load_factor=vendors.LOAD_FACTOR,
        seconds=tables.seconds(run),
        command=_command(run.manifest),
        manifest=json.dumps(dict(run.manifest), indent=2, ensure_ascii=False),
        script=Markup(script),  # made by us, checked in page_script
        script_hash=content_hash(script),
    )


def embedded(data: Mapping[str, Any]) -> Markup:
    r"""Return JSON that may stand inside a script element, whatever its text says.

    Examples
    --------
    >>> print(embedded({"title": "</script>"}))
    {"title":"\u003c/script\u003e"}
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _span(periods: tuple[str, ...]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"


def _command(manifest: Mapping[str, Any]) -> str:
    command = manifest.get("command", "")
    return shlex.join(map(str, command)) if isinstance(command, list) else str(command)


def _notes(run: RunFolder) -> list[str]:
    said = run.summary
    cuts = f" with {counted(said.cuts, 'cut')}" if said.cuts else ""
    told = [
        f"Status: {said.status}. The plan costs {money(said.objective_usd, 5)} in present value; "
        f"no plan can cost less than {money(said.bound_usd, 5)}. The gap is "
        f"{answer.gap_text(said.gap)}.",
        f"Engine: {said.engine}{cuts}; Gigaplan {said.version}; at most "
        f"{said.peak_memory_mb:,.0f} MB of memory.",
        answer.by_product(said),
        tables.weather_note(run),
    ]
    return [sentence for sentence in told if sentence]
