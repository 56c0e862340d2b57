"""How racks are cooled, on the page."""

import pytest

from planner.report import cooling
from planner.report.folder import RunFolder
from planner.report.sections import sections
from planner.report.words import NOTHING, share


def test_the_section_shows_every_site_of_the_last_period(full: RunFolder) -> None:
    (section,) = [s for s in sections(full) if s.id == "cooling"]
    racks = full.tables["racks"]
    last = racks[racks["period"] == full.summary.periods[-1]]

    (table,) = section.tables
    pairs = last[["site", "cooling"]].drop_duplicates()
    assert len(table.rows) + len(table.more) == len(pairs)
    shown = [float(row[3].replace(",", "")) for row in (*table.rows, *table.more)]
    assert sum(shown) == pytest.approx(0.9 * last["it_mw"].sum(), abs=len(shown) / 2)


def test_the_hottest_site_comes_first_and_dry_types_have_no_water(full: RunFolder) -> None:
    (section,) = [s for s in sections(full) if s.id == "cooling"]
    rows = section.tables[0].rows

    hot = [float(row[4]) for row in rows]
    assert hot == sorted(hot, reverse=True)
    assert rows[0][10] == "1.20"
    assert rows[-1][9:] == (NOTHING, NOTHING)


def test_words_say_which_racks_and_climates_a_type_is_for(full: RunFolder) -> None:
    rows = cooling.of_last_period(full.tables["cooling"])
    hottest = f"{rows['hot_drybulb_c'].max():.0f} °C"

    assert hottest in cooling.lead(rows)
    assert share(1.0) in cooling.headline(rows[rows["cooling"] == rows["cooling"].iloc[0]])


def test_the_bar_of_a_site_is_as_long_as_its_racks(full: RunFolder) -> None:
    (section,) = [s for s in sections(full) if s.id == "cooling"]
    spec = section.figures[0].spec
    bars = spec["layer"][0]
    rows = cooling.of_last_period(full.tables["cooling"])

    drawn = sum(row["value"] for row in next(iter(spec["datasets"].values())))
    unit = {"GW": 1000.0, "MW": 1.0}[bars["encoding"]["x"]["title"]]
    assert drawn * unit == pytest.approx(rows["rack_mw"].sum(), rel=1e-4)


def test_without_racks_there_is_no_section(empty: RunFolder) -> None:
    assert not [s for s in sections(empty) if s.id == "cooling"]
