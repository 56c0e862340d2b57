"""Every figure is valid Vega-Lite and holds the numbers of the tables."""

from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert

from planner.report import figures
from planner.report.charts import MOST_SERIES, Stack, stacked_bars
from planner.report.cooling import of_last_period
from planner.report.figures.compute import held_mw
from planner.report.figures.cooling import by_climate
from planner.report.figures.limits import fullest
from planner.report.figures.places import dominant_kind
from planner.report.figures.week import busiest_week, darkest_week
from planner.report.folder import RunFolder
from planner.report.labels import site_labels, sources_of
from planner.report.palette import RACKS
from planner.report.words import name_of
from sites.outlines import us_states


def rows(chart: alt.LayerChart) -> list[dict[str, Any]]:
    """All data rows of a chart, each once; ``to_dict`` checks it against the schema."""
    sets = chart.to_dict().get("datasets", {}).values()
    return [row for found in sets if isinstance(found, list) for row in found]


def value(chart: alt.LayerChart, **where: Any) -> float:
    """The value of the one row that fits."""
    (row,) = [r for r in rows(chart) if all(r.get(k) == v for k, v in where.items())]
    return float(row["value"])


def binding_of(run: RunFolder) -> set[tuple[str, str]]:
    return {(limit.limit, limit.site) for limit in run.summary.binding}


def all_figures(run: RunFolder) -> dict[str, alt.LayerChart]:
    """Every figure that needs no single site, by name."""
    t, said = run.tables, run.summary
    periods = said.periods
    return {
        "site_map": figures.site_map(t["sites"], t["power_by_season"], t["capacity"], us_states()),
        "it_by_site": figures.it_by_site(t["sites"]),
        "capacity": figures.capacity_by_source(t["capacity"], periods),
        "energy": figures.energy_by_source(t["power_by_season"], t["capacity"], periods),
        "grid_share": figures.grid_share(said.grid_share, said.grid_share_limit),
        "tokens": figures.tokens_by_period(t["tokens"], "chat"),
        "racks": figures.racks_by_type(t["racks"], periods),
        "rack_mix": figures.racks_by_workload(t["rack_use"], t["racks"], "coding_agent", periods),
        "modes": figures.modes_by_workload(t["tokens"], periods),
        "chips": figures.chips_used(t["supply"], {("chips: cowos", "2028"): "$1"}, periods),
        "per_mtok": figures.cost_per_mtok(t["costs"], said.usd_per_mtok["all"], "all"),
        "per_mwh": figures.cost_per_mwh(t["costs"], t["capacity"], said.usd_per_mwh),
        "hours_lost": figures.hours_lost(t["reliability"], site_labels(t["sites"]), periods, 0.99),
        "investment": figures.investment_by_family(t["builds"], periods),
        "supplies": figures.supplies_used(t["supply"], binding_of(run), site_labels(t["sites"])),
        "elements": figures.built_of(t["elements"]),
        "cooling": by_climate(of_last_period(t["cooling"]), site_labels(t["sites"])),
        "vendors": figures.bought_and_open(t["products"]),
        "bridging": figures.in_service(t["capacity"], periods, dict.fromkeys(periods, 100.0)),
    }


@pytest.mark.parametrize("name", ["full", "empty", "single"])
def test_every_figure_is_valid_and_says_what_it_is(
    name: str, request: pytest.FixtureRequest
) -> None:
    for what, chart in all_figures(request.getfixturevalue(name)).items():
        spec = chart.to_dict()

        assert len(spec["description"]) > 20, what
        assert spec["width"] == "container"


def test_every_figure_can_be_drawn(full: RunFolder) -> None:
    """Vega itself, without a browser: expressions, scales and marks fit together."""
    for what, chart in all_figures(full).items():
        svg = vl_convert.vegalite_to_svg(chart.to_dict())

        assert "aria-label" in svg, what
        assert svg.count("<path") > 5, what


def test_it_load_of_a_site_in_gw(full: RunFolder) -> None:
    """Abilene has 1250 MW in 2030 and, growing evenly over five years, 500 MW in 2027."""
    chart = figures.it_by_site(full.tables["sites"])

    assert value(chart, series="Abilene, TX", period="2030") == 1.25
    assert value(chart, series="Abilene, TX", period="2027") == 0.5


def test_sites_without_a_shade_are_added_up() -> None:
    """Twelve sites with 1 to 12 MW: nine have a shade; 1 + 2 + 3 = 6 MW are the others'."""
    mw = list(range(1, 13))
    names = [f"S{m}" for m in mw]
    sites = pd.DataFrame(
        {"site": names, "name": names, "state": "", "period": "2030", "it_mw": map(float, mw)}
    )

    assert value(figures.it_by_site(sites), series="3 other sites") == 6


def test_map_shows_every_candidate_once_and_names_open_ones(full: RunFolder) -> None:
    t = full.tables
    chart = figures.site_map(t["sites"], t["power_by_season"], t["capacity"], us_states())
    found = rows(chart)

    circles = {r["site"]: r for r in found if "dx" not in r}
    assert len(circles) == 12
    assert circles["Abilene, TX"]["mw"] == 1250
    assert circles["New Albany, OH"]["source"] == "Grid"
    assert circles["Quincy, WA"]["area"] < circles["Cheyenne, WY"]["area"]
    assert {r["site"] for r in found if "dx" in r} == {
        "Abilene, TX", "Holly Ridge, LA", "New Albany, OH", "Pecos, TX", "Cheyenne, WY",
    }  # fmt: skip


def test_names_are_placed_for_each_width_of_the_map(full: RunFolder) -> None:
    """At every width from the first on, each name stands once at most."""
    t = full.tables
    chart = figures.site_map(t["sites"], t["power_by_season"], t["capacity"], us_states())
    names = [r for r in rows(chart) if "dx" in r]

    for width in (560, 759, 760, 1000, 3000):
        there = [r["site"] for r in names if r["from"] <= width < r["to"]]
        assert len(there) == len(set(there)) > 0
    assert not [r for r in names if r["from"] <= 559]


def test_the_dominant_source_gives_most_energy_and_is_no_battery() -> None:
    capacity = pd.DataFrame(
        {
            "family": "power",
            "kind": ["gas", "gas", "solar", "battery"],
            "component": ["a", "b", "sun", "store"],
            "technology": "",
            "mw": 1.0,
        }
    )
    power = pd.DataFrame(
        {
            "site": "x",
            "period": "2030",
            "component": ["a", "b", "sun", "store"],
            "direction": "out",
            "mwh": [30.0, 30.0, 50.0, 90.0],
        }
    )

    assert dominant_kind(power, capacity, "2030") == {"x": "gas"}
    assert dominant_kind(power, capacity, "2029") == {}


def test_capacity_adds_up_over_sites(full: RunFolder) -> None:
    """MW of a product is a fixed share of IT load in the made-up plan: 0.65 of 3300 MW."""
    chart = figures.capacity_by_source(full.tables["capacity"], full.summary.periods)

    assert value(chart, series="Frame turbines", period="2030") == pytest.approx(2.145)


def test_energy_is_that_of_the_seasons_without_batteries(full: RunFolder) -> None:
    t = full.tables
    chart = figures.energy_by_source(t["power_by_season"], t["capacity"], full.summary.periods)
    power = t["power_by_season"]
    mwh = power.query("component == 'pv_tracker' and period == '2029'")["mwh"].sum()

    assert value(chart, series="Solar", period="2029") == pytest.approx(mwh / 1e6, rel=1e-4)
    assert "Batteries" not in {r.get("series") for r in rows(chart)}


def test_a_source_has_one_colour_in_every_figure(full: RunFolder) -> None:
    t, colours = full.tables, sources_of(full.tables["capacity"]).colours
    week = busiest_week(full.dispatch("abilene_tx", "2030"))
    charts = [
        figures.capacity_by_source(t["capacity"], full.summary.periods),
        figures.energy_by_source(t["power_by_season"], t["capacity"], full.summary.periods),
        figures.dispatch_week(week, t["capacity"]),
    ]
    for chart in charts:
        scale = chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]
        pairs = zip(scale["domain"], scale["range"], strict=True)

        assert all(colours[name] == colour for name, colour in pairs if name != "Load")


def test_grid_share_in_per_cent_with_its_limit() -> None:
    chart = figures.grid_share({"2027": 0.041, "2028": 0.1}, {"2027": None, "2028": 0.1})
    found = {r["period"]: (r["value"], r["limit"]) for r in rows(chart)}

    assert found == {"2027": (4.1, None), "2028": (10.0, 10.0)}


def test_tokens_a_day_served_and_unmet(full: RunFolder) -> None:
    """Chat in 2026: 250 MW x 0.6 x 1.6e6 tokens/(s MW) x 86400 s = 20.7 trillion a day, served.

    Unmet is a quarter of it.
    """
    chart = figures.tokens_by_period(full.tables["tokens"], "chat")

    assert value(chart, series="Served", period="2026") == 20.736
    assert value(chart, series="Unmet", period="2026") == 5.184


def test_an_unknown_workload_is_refused(full: RunFolder) -> None:
    with pytest.raises(KeyError, match="video"):
        figures.tokens_by_period(full.tables["tokens"], "video")


def test_racks_in_service(full: RunFolder) -> None:
    """2026: 250 MW / 0.9 of nameplate in GB300 racks of 0.14 MW."""
    chart = figures.racks_by_type(full.tables["racks"], full.summary.periods)

    assert value(chart, series="GB300 NVL72", period="2026") == pytest.approx(
        250 / 0.9 / 0.14 / 1000, rel=1e-4
    )


def test_more_types_of_rack_than_can_be_told_apart_are_added_up() -> None:
    """Twelve types with 1 to 12 racks: the three smallest, 6 racks, are the others'."""
    names = list(RACKS)[:12]
    racks = pd.DataFrame(
        {"period": "2030", "rack": names, "racks": [float(n) for n in range(1, 13)], "it_mw": 1.0}
    )
    chart = figures.racks_by_type(racks, ["2030"])

    assert value(chart, series="3 others") == 6
    assert value(chart, series=name_of(names[-1])) == 12


def test_racks_held_for_a_workload_in_mw(full: RunFolder) -> None:
    """2030: 3300 MW x 0.4 for agents, of it 0.4 x 0.3 by AFD on LPX racks of 0.13 MW."""
    t = full.tables
    chart = figures.racks_by_workload(
        t["rack_use"], t["racks"], "coding_agent", full.summary.periods
    )
    lpx_mw = 3300 * 0.4 * 0.4 * 0.3
    (row,) = [r for r in rows(chart) if (r.get("series"), r["period"]) == ("Groq 3 LPX", "2030")]

    assert row["value"] == pytest.approx(lpx_mw / 1000, rel=1e-4)
    assert row["shown"].endswith(f"{lpx_mw / 0.13:,.0f} racks")


def test_racks_held_for_all_workloads_are_no_more_than_stand(full: RunFolder) -> None:
    t = full.tables
    held = held_mw(t["rack_use"], t["racks"]).groupby("period")["mw"].sum()
    there = t["racks"].groupby("period")["it_mw"].sum()

    assert held.to_list() == pytest.approx((0.9 * there).to_list())


def test_a_rack_has_one_colour_in_every_figure(full: RunFolder) -> None:
    t, periods = full.tables, full.summary.periods
    charts = [
        figures.racks_by_type(t["racks"], periods),
        *(figures.racks_by_workload(t["rack_use"], t["racks"], w, periods)
          for w in ("chat", "coding_agent")),
    ]  # fmt: skip
    colours = {name_of(rack): colour for rack, colour in RACKS.items()}
    for chart in charts:
        scale = chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]

        assert scale["range"] == [colours[name] for name in scale["domain"]]


def test_modes_of_a_workload_add_up(full: RunFolder) -> None:
    """Agents in 2029: a fifth split, half with a tier, three tenths by AFD."""
    chart = figures.modes_by_workload(full.tables["tokens"], full.summary.periods)
    here = [r for r in rows(chart) if r.get("workload") == "Coding agent" and r["period"] == "2029"]

    assert {r["mode"]: r["value"] for r in here} == pytest.approx(
        {"Split": 20.0, "Split, KV cache tier": 50.0, "AFD, KV cache tier": 30.0}
    )
    assert len({r["row"] for r in here}) == 1


def test_every_bar_of_modes_stands_under_the_name_of_its_workload(full: RunFolder) -> None:
    chart = figures.modes_by_workload(full.tables["tokens"], full.summary.periods)
    heads = {r["head"]: r["row"] for r in rows(chart) if "head" in r}
    labels = chart.to_dict()["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]

    assert heads == {"Chat": 0, "Coding agent": 6}
    assert labels.startswith('["", "2026", "2027", "2028", "2029", "2030", "", "2026"')
    for row in rows(chart):
        if "workload" in row:
            assert row["row"] == heads[row["workload"]] + 1 + int(row["period"]) - 2026


def test_chips_show_what_is_used_until_then_and_its_price() -> None:
    """Of what racks are made of, only what the plan draws on has a row, the fullest on top."""
    supply = pd.DataFrame(
        {
            "period": ["2027", "2028", "2027", "2028", "2028", "2028"],
            "kind": ["chips", "chips", "chips", "chips", "ramp", "slots"],
            "name": ["hbm4", "hbm4", "nand", "cowos", "kyber_nvl144", "ge_7ha02"],
            "site": "",
            "unit": ["stacks", "stacks", "TB", "wafers", "racks", "MW"],
            "used": [4e5, 2e6, 9e5, 0.0, 30.0, 1.0],
            "limit": [8e5, 2e6, 1.2e6, 1e6, 40.0, 1.0],
            "cumulative": True,
        }
    )
    chart = figures.chips_used(
        supply, {("chips: hbm4", "2028"): "$812 per stack"}, ["2027", "2028"]
    )
    found = {(r["limit"], r["period"]): r for r in rows(chart)}

    assert list(found) == [
        ("HBM4 stacks", "2027"), ("HBM4 stacks", "2028"), ("Flash", "2027"),
        ("Kyber NVL144: ramp-up", "2028"),
    ]  # fmt: skip
    full = found["HBM4 stacks", "2028"]
    assert (full["text"], full["binds"], full["price"]) == ("100%", True, "$812 per stack")
    assert full["used"] == "2.00 of 2.00 million stacks"
    assert found["HBM4 stacks", "2027"]["text"] == "50%"
    assert found["Flash", "2027"]["used"] == "0.90 of 1.20 EB"
    assert found["Kyber NVL144: ramp-up", "2028"]["price"] == "nothing"


def test_cost_of_a_token_is_split_as_it_is_paid_and_adds_up(full: RunFolder) -> None:
    prices = full.summary.usd_per_mtok["chat"]
    chart = figures.cost_per_mtok(full.tables["costs"], prices, "chat")
    found = [r for r in rows(chart) if r.get("series") and r["period"] == "2030"]
    costs = full.tables["costs"].query("period == '2030' and family != 'demand'")
    part = costs.query("family == 'rack'")["usd"].sum() / costs["usd"].sum()

    price = prices["2030"] or 0.0
    assert sum(r["value"] for r in found) == pytest.approx(price, rel=1e-4)
    assert value(chart, series="Racks", period="2030") == pytest.approx(price * part, rel=1e-4)
    assert "Demand" not in {r["series"] for r in found}


def test_cost_of_power_adds_up_to_that_of_the_summary(full: RunFolder) -> None:
    t, prices = full.tables, full.summary.usd_per_mwh
    chart = figures.cost_per_mwh(t["costs"], t["capacity"], prices)
    found = [r for r in rows(chart) if r.get("series") and r["period"] == "2028"]

    assert sum(r["value"] for r in found) == pytest.approx(prices["2028"], rel=1e-4)
    assert {"Fuel", "Gas plant", "Grid energy", "Gas lateral"} <= {r["series"] for r in found}


def test_of_many_series_the_smallest_are_added_up_and_told() -> None:
    """Twelve series of 1 to 12: nine have a place of their own; 1 + 2 + 3 = 6 are the others'."""
    frame = pd.DataFrame(
        {
            "period": "2030",
            "series": [f"S{i:02}" for i in range(1, 13)],
            "value": [float(i) for i in range(1, 13)],
            "shown": [f"{i} MW" for i in range(1, 13)],
        }
    )
    stack = Stack(["2030"], dict.fromkeys(frame["series"], "#000000"), "MW", "Source", "Bars.")
    chart = stacked_bars(frame, stack)
    (others,) = [r for r in rows(chart) if r.get("series") == "3 others"]

    assert others["value"] == 6
    assert others["shown"] == "S01: 1 MW; S02: 2 MW; S03: 3 MW"
    assert len(chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]["domain"]) == MOST_SERIES


def test_a_series_without_a_colour_is_refused() -> None:
    frame = pd.DataFrame({"period": ["2030"], "series": ["x"], "value": [1.0], "shown": ["1"]})

    with pytest.raises(KeyError, match="x"):
        stacked_bars(frame, Stack(["2030"], {}, "MW", "Source", "Bars."))


def test_a_tooltip_names_the_largest_products_of_a_series() -> None:
    """Seven engines of 1 to 7 MW are 28 MW; the four largest are named."""
    capacity = pd.DataFrame(
        {
            "family": "power",
            "period": "2030",
            "kind": "gas",
            "component": [f"maker_e{i}" for i in range(1, 8)],
            "technology": "MSR",
            "mw": [float(i) for i in range(1, 8)],
        }
    )
    found = rows(figures.capacity_by_source(capacity, ["2030"]))
    (row,) = [r for r in found if "series" in r]

    assert (row["series"], row["value"]) == ("Medium-speed engines", 28)
    assert row["shown"].replace("\u202f", " ") == (
        "28.0 MW: Maker E7, Maker E6, Maker E5, Maker E4 and 3 more"
    )


def test_a_family_that_the_page_does_not_know_is_shown_all_the_same() -> None:
    builds = pd.DataFrame({"period": ["2030"], "family": ["moon_base"], "capex_usd": [2e9]})

    assert value(figures.investment_by_family(builds, ["2030"]), series="Moon base") == 2


def test_supplies_show_the_fullest_period_and_mark_what_binds() -> None:
    supply = pd.DataFrame(
        {
            "period": ["2026", "2027", "2026", "2026", "2026"],
            "kind": ["slots", "slots", "chips", "labour", "labour"],
            "name": ["ge_7ha02", "ge_7ha02", "cowos", "craft hours", "craft hours"],
            "site": ["", "", "", "a", "b"],
            "unit": ["MW", "MW", "wafers", "h", "h"],
            "used": [100.0, 380.0, 5e5, 1e5, 1.8e6],
            "limit": [400.0, 400.0, 1e6, 2e6, 2e6],
            "cumulative": [False, False, True, False, False],
        }
    )
    binding = {("slots: ge_7ha02", "")}
    names = {"a": "A, TX", "b": "B, TX"}
    found = {r["limit"]: r for r in rows(figures.supplies_used(supply, binding, names))}

    slots = found["GE 7HA02: slots"]
    assert (slots["value"], slots["state"]) == (95, "Binds")
    assert slots["text"] == "380 of 400 MW, 2027"
    assert found["CoWoS wafers"]["state"] == "Does not bind"
    assert "Craft hours at B, TX" in found
    assert "Craft hours at A, TX" not in found
    assert len(fullest(supply, binding)) == 4


class TestWeek:
    def hours(self, first: int, count: int) -> pd.DataFrame:
        hour = [first + h for h in range(count)]
        return pd.DataFrame({"hour": hour, "load": -1.0, "sun": 1.0, "curtailed": 0.0})

    def test_busiest_week_has_the_peak_in_its_middle_and_starts_at_midnight(self) -> None:
        """Peak in hour 1000: of the midnights, 912 puts it nearest to the middle of a week."""
        hours = self.hours(0, 8760)
        hours.loc[1000, "load"] = -2.0

        week = busiest_week(hours)

        assert len(week) == 168
        assert int(week["hour"].iloc[0]) == 912

    def test_darkest_week(self) -> None:
        hours = self.hours(0, 8760)
        hours.loc[480:647, "sun"] = 0.0

        assert int(darkest_week(hours, ["sun"])["hour"].iloc[0]) == 480

    def test_a_week_does_not_reach_over_a_gap(self) -> None:
        """Sampled weeks that start at 13:00: no midnight starts a whole week."""
        sampled = pd.concat([self.hours(13, 168), self.hours(4393, 168)], ignore_index=True)
        sampled.loc[167, "load"] = -2.0

        assert busiest_week(sampled)["hour"].tolist() == list(range(13, 181))

    def test_fewer_hours_than_a_week_are_all_shown(self) -> None:
        assert len(busiest_week(self.hours(0, 24))) == 24

    def test_drawn_hours_are_those_of_the_table(self, full: RunFolder) -> None:
        week = busiest_week(full.dispatch("abilene_tx", "2030"))
        chart = figures.dispatch_week(week, full.tables["capacity"])
        first = week.iloc[0]
        stamp = pd.Timestamp("2025-01-01") + pd.Timedelta(hours=int(first["hour"]))
        here = [r for r in rows(chart) if r["time"] == stamp.strftime("%Y-%m-%dT%H:%MZ")]

        load = [r["value"] for r in here if "series" not in r]
        given = [r["value"] for r in here if r.get("series") == "Frame turbines"]
        assert load == [pytest.approx(-first["load"] / 1000, rel=1e-4)]
        assert given == [pytest.approx(first["ge_7ha02"] / 1000, rel=1e-4)]

    def test_products_of_a_technology_are_one_area(self) -> None:
        """Two engines give 3 + 4 MW; of two batteries one gives 1 MW while the other takes 2."""
        capacity = pd.DataFrame(
            {
                "family": "power",
                "kind": ["gas", "gas", "battery", "battery"],
                "component": ["e1", "e2", "b1", "b2"],
                "technology": ["HSR", "HSR", "", ""],
                "mw": 5.0,
            }
        )
        hours = self.hours(0, 24).assign(e1=3.0, e2=4.0, b1=1.0, b2=-2.0)
        found = rows(figures.dispatch_week(hours, capacity))

        engines = {r["value"] for r in found if r.get("series") == "High-speed engines"}
        assert engines == {7.0}
        assert {r["value"] for r in found if r.get("series") == "Batteries"} == {1.0, -2.0}

    def test_charging_is_drawn_below_zero(self, full: RunFolder) -> None:
        hours = full.dispatch("cheyenne_wy", "2030").head(168).assign(li_ion_4h=-5.0)
        found = rows(figures.dispatch_week(hours, full.tables["capacity"]))

        assert {r["value"] for r in found if r.get("series") == "Batteries"} == {0.0, -5.0}
