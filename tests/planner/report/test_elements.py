"""What the plan is built of, on the page."""

import pytest

from planner.report import elements, figures
from planner.report.figures.elements import by_component
from planner.report.folder import RunFolder
from planner.report.sections import sections
from planner.report.words import NOTHING


def test_every_dollar_is_drawn_once(full: RunFolder) -> None:
    table = full.tables["elements"]
    rows = by_component(table)

    assert rows["usd"].sum() == pytest.approx(full.tables["builds"]["capex_usd"].sum())
    assert rows["share"].sum() == pytest.approx(1)
    assert list(rows["number"])[:11] == list(range(1, 12))
    assert set(rows["number"][11:]) == {0}


def test_cost_per_megawatt_of_what_it_is_of(single: RunFolder) -> None:
    """All racks of one price are servers, network and storage of 0.12 and 0.03 of it."""
    table, builds = single.tables["elements"], single.tables["builds"]
    rows = by_component(table).set_index("label")
    racks = builds[(builds["kind"] == "rack") & ~builds["component"].str.startswith("stx")]
    flash = builds[builds["component"].str.startswith("stx")]
    mw = racks["mw"].sum() + flash["mw"].sum()
    blocks = builds[builds["kind"] == "block"]

    per_kw = rows["usd_per_kw"]
    assert per_kw["1 Servers"] == pytest.approx(racks["capex_usd"].sum() / 1.15 / mw / 1000)
    assert per_kw["2 Networking"] == pytest.approx(0.12 * per_kw["1 Servers"])
    assert per_kw["4 Cooling"] == pytest.approx(
        0.2 * blocks["capex_usd"].sum() / blocks["mw"].sum() / 1000
    )
    assert rows.loc["5 Power supply", "published_usd_per_kw"] == pytest.approx(4900)
    assert rows.loc["5 Power supply", "lead_weeks"] == 100


def test_the_section_shows_figure_and_table(full: RunFolder, empty: RunFolder) -> None:
    (section,) = [s for s in sections(full) if s.id == "elements"]

    assert len(section.figures) == 1
    assert section.tables[0].rows[0][0] == "1 Servers"
    assert section.tables[0].rows[-1][0] == "All"
    assert "Facility and IT cost $" in section.lead
    assert "servers" in section.figures[0].headline
    assert not [s for s in sections(empty) if s.id == "elements"]


def test_what_is_not_published_has_no_number(full: RunFolder) -> None:
    rows = {row[0]: row for row in elements.costs(full.tables["elements"]).rows}

    assert rows["Land"][4] == NOTHING
    assert rows["6 Security"][6] == NOTHING
    assert rows["Plants and pipes for power"][3] != NOTHING
    assert rows["Plants and pipes for power"][4:6] == (NOTHING, NOTHING)


def test_the_sum_can_be_compared_with_what_is_published(full: RunFolder) -> None:
    """47.4 million USD/MW in all, of which servers are 30."""
    rows = {row[0]: row for row in elements.costs(full.tables["elements"]).rows}

    assert rows["All but plants and pipes for power"][4:6] == ("47.4", "100%")
    assert rows["1 Servers"][4:6] == ("30.0", "63%")


def test_bars_are_as_many_as_rows(full: RunFolder) -> None:
    table = full.tables["elements"]
    spec = figures.built_of(table).to_dict()
    (data,) = [d for d in spec["datasets"].values() if isinstance(d, list) and d]

    assert len(data) == len(by_component(table)) == 16
