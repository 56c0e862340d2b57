"""A page that holds all it needs, of whatever sections it is given: comparisons and sweeps."""

from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from planner.report.answer import Tile
from planner.report.page import embedded
from planner.report.parts import Section
from planner.report.script import content_hash, page_script
from planner.report.tables import Table
from planner.version import installed


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page.

    Attributes
    ----------
    title, kicker
        Its heading, and what kind of page it is.
    first
        Heading of what comes first.
    lead : sentences
        What is said first.
    tiles, tables
        Under it.
    sections
        In order.
    notes : sentences
        At the end.
    """

    title: str
    kicker: str
    first: str
    lead: tuple[str, ...]
    tiles: tuple[Tile, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = field(default=())


def render(page: Page) -> str:
    """Return the page as HTML: text is escaped, nothing is fetched, no script but its own runs."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["embedded"] = embedded
    script = page_script()
    return environment.get_template("plain.html").render(
        page=page,
        version=installed(),
        script=Markup(script),  # made by us, checked in page_script
        script_hash=content_hash(script),
    )


def write_page(path: Path, page: Page) -> Path:
    """Write a page whole: beside its place, then renamed into it."""
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(render(page), encoding="utf-8")
    return temporary.replace(path)
