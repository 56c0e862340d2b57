"""Before and after the grid, and over a line: which sites are told, and what is said of them."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from planner.report import bridging, colocation, figures
from planner.report.folder import RunFolder
from planner.report.sections import sections
from tests.planner.report.test_figures import rows

KEYS = ["site", "period", "kind", "component", "technology", "mw"]
CAPACITY = pd.DataFrame(
    [
        ("x", "2026", "gas", "wartsila_18v50sg", "MSR", 60.0),
        ("x", "2026", "rental", "propetro_g3520k", "HSR", 40.0),
        ("x", "2026", "battery", "li_ion_4h", "", 30.0),
        ("x", "2027", "gas", "wartsila_18v50sg", "MSR", 60.0),
        ("x", "2027", "solar", "pv_tracker", "", 20.0),
        ("x", "2027", "grid", "flexible_grid", "", 10.0),
        ("x", "2028", "gas", "wartsila_18v50sg", "MSR", 25.0),
        ("x", "2028", "grid", "flexible_grid", "", 10.0),
        ("x", "2028", "grid", "firm_grid", "", 90.0),
    ],
    columns=KEYS,
).assign(family="power")
PERIODS = ("2026", "2027", "2028")


def bridge(run: RunFolder, site: str) -> bridging.Bridge:
    (found,) = [b for b in bridging.bridges(run) if b.site == site]
    return found


def moved(run: RunFolder, *moves: tuple[Any, ...]) -> RunFolder:
    """The same run with other moves: site, period, product, what, MW."""
    table = pd.DataFrame(list(moves), columns=["site", "period", "component", "what", "mw"])
    return replace(run, tables={**run.tables, "moves": table.assign(kind="gas", units=1.0)})


def test_bars_are_leased_bought_and_of_each_connection() -> None:
    """The batteries are left out; the load of 95 MW is a line in each year."""
    chart = figures.in_service(CAPACITY, PERIODS, dict.fromkeys(PERIODS, 95.0))
    found = {(r["period"], r["series"]): r["value"] for r in rows(chart) if "series" in r}

    assert found == {
        ("2026", "Bought plants"): 60, ("2026", "Leased plants"): 40,
        ("2027", "Bought plants"): 60, ("2027", "Sun and wind"): 20,
        ("2027", "Flexible grid"): 10, ("2028", "Bought plants"): 25,
        ("2028", "Flexible grid"): 10, ("2028", "Firm grid"): 90,
    }  # fmt: skip
    lines = [r["value"] for r in rows(chart) if "series" not in r]
    assert lines == [95, 95, 95]


def test_only_sites_before_whose_grid_plant_stands_or_plant_moves(full: RunFolder) -> None:
    """Of the made-up plan: Pecos waits for its grid; Abilene sells and ships in 2030."""
    assert [b.site for b in bridging.bridges(full)] == ["abilene_tx", "pecos_tx"]
    assert [b.site for b in bridging.bridges(moved(full))] == ["pecos_tx"]

    (section,) = [s for s in sections(full) if s.id == "bridging"]
    assert [f.id for f in section.figures] == ["bridge-abilene_tx", "bridge-pecos_tx"]
    assert section.lead == "1 site runs on plant of its own before the grid comes."


@pytest.mark.parametrize("name", ["empty", "single"])
def test_no_section_where_nothing_waits_and_nothing_moves(
    name: str, request: pytest.FixtureRequest
) -> None:
    run = request.getfixturevalue(name)

    assert "bridging" not in {s.id for s in sections(run)}


def test_headline_tells_what_stands_first_when_the_grid_comes_and_what_stays() -> None:
    found = bridging.Bridge(
        site="x", label="X, TX", capacity=CAPACITY,
        own_mw={"2026": 100.0, "2027": 80.0, "2028": 25.0},
        leased_mw={"2026": 40.0, "2027": 0.0, "2028": 0.0},
        grid_mw={"2026": 0.0, "2027": 10.0, "2028": 100.0},
    )  # fmt: skip

    assert bridging.headline(found, "2028").replace("\u202f", " ") == (
        "X, TX: 100 MW of its own from 2026, 40.0 MW of it leased, the grid from 2027 (10.0 MW); "
        "25.0 MW of its own and 100 MW of grid in 2028"
    )
    assert bridging.headline(replace(found, grid_mw={"2028": 0.0}), "2028").endswith(
        "leased, no grid; 25.0\u202fMW of its own in 2028"
    )


def test_power_of_a_site_is_that_of_its_capacity(full: RunFolder) -> None:
    """Pecos in 2029: 430 MW x 4/5 of IT; fuel cells, gas, engines, sun: 2.35 MW for each."""
    found = bridge(full, "pecos_tx")

    assert (found.own_from, found.grid_from) == ("2029", "2030")
    assert found.own_mw["2029"] == pytest.approx(430 * 4 / 5 * 2.35)
    assert found.grid_mw["2030"] == pytest.approx(430 * 0.8)


def test_moves_in_words(full: RunFolder) -> None:
    said = [line.replace("\u202f", " ") for line in bridging.moves_in_words(full)]

    assert said == [
        "2030: Abilene, TX sells 37.6 MW of Wartsila 18V50SG.",
        "2030: 192 MW of GE 7HA02 goes from Abilene, TX to Pecos, TX.",
    ]


def test_what_goes_to_several_places_is_told_with_its_parts(full: RunFolder) -> None:
    run = moved(
        full,
        ("abilene_tx", "2029", "ge_7ha02", "shipped", 300.0),
        ("pecos_tx", "2029", "ge_7ha02", "received", 100.0),
        ("cheyenne_wy", "2029", "ge_7ha02", "received", 200.0),
        ("abilene_tx", "2028", "ge_7ha02", "sold", 0.001),
    )

    assert [line.replace("\u202f", " ") for line in bridging.moves_in_words(run)] == [
        "2029: 300 MW of GE 7HA02 goes from Abilene, TX to Cheyenne, WY (200 MW) and "
        "Pecos, TX (100 MW)."
    ]


def test_of_many_moves_the_rest_is_counted(full: RunFolder) -> None:
    sold = [("abilene_tx", "2029", f"p{i}", "shipped", 5.0) for i in range(15)]
    told = bridging.moves_in_words(moved(full, *sold))

    assert len(told) == bridging.MOST_TOLD + 1
    assert told[-1].startswith("3 more")


def test_co_location_tells_open_sites_first_and_what_the_fence_saves(full: RunFolder) -> None:
    table = colocation.table(full)

    assert [row[0] for row in table.rows] == ["Abilene, TX", "New Albany, OH", "Ashburn, VA"]
    assert table.rows[0] == (
        "Abilene, TX", "Far sun (PV tracker at Pecos, TX)", "2026", "200", "40.0", "20.0", "2.0",
        "62.0", "45.0", "17.0",
    )  # fmt: skip
    assert table.rows[1][-1] == "\u22122.5"
    assert table in next(s for s in sections(full) if s.id == "power").tables


def test_without_plants_beyond_the_fence_nothing_is_said_of_them(single: RunFolder) -> None:
    assert next(s for s in sections(single) if s.id == "power").tables == ()
