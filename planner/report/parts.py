"""What the page is made of: sections with their figures and tables."""

from dataclasses import dataclass
from typing import Any

import altair as alt

from planner.report.tables import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the page.

    Attributes
    ----------
    id
        Its anchor.
    headline
        What it shows, in a line.
    what
        What is drawn, with its unit.
    spec
        The chart as Vega-Lite.
    source
        The table of the run folder that it is drawn from.
    wide
        Whether it takes the whole width of the page.
    """

    id: str
    headline: str
    what: str
    spec: dict[str, Any]
    source: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page.

    Attributes
    ----------
    id, title
        Its anchor and its heading.
    figures, tables
        In order.
    missing
        What is said where there is nothing to show.
    lead
        What is said first.
    told
        Sentences under the figures.
    """

    id: str
    title: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    missing: str = ""
    lead: str = ""
    told: tuple[str, ...] = ()


def figure(
    id_: str, headline: str, what: str, chart: alt.LayerChart, source: str, *, wide: bool = False
) -> Figure:
    """Make a figure of a chart; the parameters are those of `Figure`."""
    return Figure(id_, headline, what, chart.to_dict(), source, wide)
