"""The words of the page say what the numbers say."""

from dataclasses import replace
from typing import Any

import pytest

from planner.report import findings, tables
from planner.report.answer import answer, by_product, energy_shares, tiles
from planner.report.folder import BindingLimit, ProductDispatch, RunFolder


def changed(run: RunFolder, **summary: Any) -> RunFolder:
    """The same run with other figures in its summary."""
    return replace(run, summary=run.summary.model_copy(update=summary))


def limit(name: str, period: str, price: float, unit: str) -> BindingLimit:
    return BindingLimit(
        limit=name, site="", period=period, price=price, unit=unit, meaning="saved by one more"
    )


TURBINES = limit("slots: ge_7ha02", "2028", 412_317.0, "USD/MW")
WAFERS = limit("chips: cowos", "2026", 31_000.0, "USD/wafers")


def said(run: RunFolder) -> str:
    return " ".join(answer(run)).replace("\u202f", " ")


def test_what_binds_first_is_told_before_what_costs_most(full: RunFolder) -> None:
    """The list is sorted by cost; the earliest period is the wafers'."""
    text = said(changed(full, binding=(TURBINES, WAFERS)))

    assert (
        "The first limit to bind is \u201cCoWoS wafers\u201d, in 2026: one more wafer would save "
        "$31,000. The limit that costs most is \u201cGE 7HA02: slots\u201d in 2028: "
        "$412,000 per MW."
    ) in text


def test_a_limit_that_is_both_is_told_once(full: RunFolder) -> None:
    text = said(changed(full, binding=(TURBINES,)))

    assert "The first limit to bind" in text
    assert "costs most" not in text


def test_prices_by_period_stand_in_one_row(full: RunFolder) -> None:
    later = TURBINES.model_copy(update={"period": "2029", "price": 5_000.0})
    table = tables.what_binds(changed(full, binding=(TURBINES, WAFERS, later)))

    assert table.head == ("Limit", "One more", "2026", "2028", "2029", "Meaning of the price")
    assert table.rows[0][:5] == ("GE 7HA02: slots", "MW", "\u2013", "$412,000", "$5,000")


def test_of_many_periods_only_the_worst_is_told(full: RunFolder) -> None:
    unmet = {f"20{y}": 0.01 * (y - 25) for y in range(26, 36)}
    text = said(changed(full, unmet_share=unmet))

    assert "at worst 10% in 2035 are unmet." in text


def test_energy_shares_add_up_and_leave_batteries_out(full: RunFolder) -> None:
    shares = energy_shares(full, "2030")

    assert sum(shares.values()) == pytest.approx(1)
    assert next(iter(shares)) == "gas"
    assert "battery" not in shares


def test_tiles_without_a_number_are_left_out(empty: RunFolder) -> None:
    assert [tile.what for tile in tiles(empty)] == [
        "IT load in 2030",
        "sites opened",
        "of all tokens unmet",
        "present value of all costs",
    ]


@pytest.mark.parametrize(
    ("share", "limit", "text"),
    [
        (0.1, 0.1, "The share of data centres in US electricity is at its limit in 2028"),
        (0.08, 0.1, "Data centres take 8.0% of US electricity in 2028, of 10% allowed; "),
        (0.08, None, "Data centres take 8.0% of US electricity in 2028; this plan "),
    ],
)
def test_grid_share_in_a_line(
    single: RunFolder, share: float, limit: float | None, text: str
) -> None:
    run = changed(single, grid_share={"2028": share}, grid_share_limit={"2028": limit})

    assert findings.grid(run).startswith(text)


def test_key_figures_by_hand(full: RunFolder) -> None:
    """2030: five sites, 3300 MW in all; tokens served in 2026:

    250 MW x (0.6 x 1.6e6 + 0.4 x 1e5) tokens/(s MW) x 86400 s = 21.6 trillion a day.
    """
    rows = {row[0]: row[1:] for row in tables.key_figures(full).rows}

    assert rows["Sites open"] == ("", "1", "2", "3", "4", "5")
    assert rows["IT load"][-1] == "3.30"
    assert rows["Tokens served"][:2] == ("trillion a day", "22")
    assert rows["Tokens unmet"][1:3] == ("20.0", "15.3")


def test_builds_are_in_order_of_period_site_and_family(full: RunFolder) -> None:
    table = tables.builds(full)
    families = [row[2] for row in table.rows if row[:2] == ("2026", "Abilene, TX")]

    assert families == ["Site", *["Power"] * 6, "Blocks", "Racks"]
    assert len(table.rows) + len(table.more) == len(full.tables["builds"])


def test_half_years_and_quarters_have_their_hours(single: RunFolder) -> None:
    assert [tables.hours_of(p) for p in ("2026", "2026-H2", "2026-Q4")] == [8760, 4380, 2190]


@pytest.mark.parametrize(
    ("usd", "part", "text"),
    [
        (496_536.0, 6.381e-5, "costs 0.0064% more than by dispatch classes ($497,000 in present"),
        (-2.5e6, -0.012, "costs 1.2% less than by dispatch classes ($2.50 million in present"),
    ],
)
def test_what_dispatch_by_product_costs(
    full: RunFolder, usd: float, part: float, text: str
) -> None:
    found = ProductDispatch(difference_usd=usd, share_of_cost=part)
    told = by_product(changed(full, product_dispatch=found).summary)

    assert told.startswith("Dispatched product by product, the plan")
    assert text in told.replace("\u202f", " ")


def test_without_classes_of_several_products_nothing_is_told_of_them(full: RunFolder) -> None:
    none = ProductDispatch(difference_usd=0.0, share_of_cost=0.0)

    assert by_product(changed(full, product_dispatch=none).summary) == ""
    assert by_product(changed(full, product_dispatch=None).summary) == ""


def of_years(run: RunFolder, years: int) -> RunFolder:
    """The same run as if operated over several weather years."""
    sites = run.tables["sites"].assign(weather_years=float(years))
    return replace(run, tables={**run.tables, "sites": sites})


def test_each_site_says_which_weather_it_has_and_how_many_years(full: RunFolder) -> None:
    def said_of(years: int) -> dict[str, str]:
        table = tables.sites_opened(of_years(full, years))
        assert table.head[-1] == "Weather"
        return {row[0]: row[-1] for row in table.rows}

    assert said_of(1)["Holly Ridge, LA"] == "of a file"
    assert said_of(3)["Holly Ridge, LA"] == "of files, 3 years"
    assert {v for k, v in said_of(1).items() if k != "Holly Ridge, LA"} == {"synthetic"}
    assert {v for k, v in said_of(3).items() if k != "Holly Ridge, LA"} == {"synthetic, 3 years"}


def test_several_weather_years_are_told_and_one_is_not(full: RunFolder) -> None:
    assert "one after the other" not in tables.weather_note(full)
    note = tables.weather_note(of_years(full, 3))
    assert note.endswith("Every site is operated over 3 weather years, one after the other.")
    assert "synthetic" in note


def test_a_week_says_which_weather_year_it_is_of(full: RunFolder) -> None:
    hours = full.dispatch("abilene_tx", "2030").assign(weather_year=2)

    assert "weather year" not in findings.week(hours, "A", "week")
    assert findings.week(hours, "A", "week", 3).startswith("A, week, weather year 2 of 3: load")
