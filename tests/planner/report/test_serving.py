"""How tokens are served is told as the tables have it."""

from dataclasses import replace

import pandas as pd
import pytest

from planner.report import findings, serving
from planner.report.folder import BindingLimit, RunFolder

RECIPES, NOT_USED, LEFT_OUT = 0, 1, 2


def with_table(run: RunFolder, name: str, table: pd.DataFrame) -> RunFolder:
    """The same run with another table."""
    return replace(run, tables={**run.tables, name: table})


def test_recipes_in_use_stand_with_what_they_give_the_largest_first(full: RunFolder) -> None:
    """Agents in 2030: 0.6 with a tier, 0.4 by AFD, none split any more."""
    table = serving.tables(full)[RECIPES]
    shares = [(row[0], row[1], row[3]) for row in table.rows]

    assert table.head[3] == "Tokens 2030"
    assert shares == [
        ("Chat", "Split", "80%"),
        ("Chat", "Colocated", "20%"),
        ("Coding agent", "Split, KV cache tier", "60%"),
        ("Coding agent", "AFD, KV cache tier", "40%"),
        ("Coding agent", "Split", "0%"),
    ]
    assert table.rows[3][2] == "VR200 NVL72 + Groq 3 LPX + Vera ETL256 + BlueField-4 STX"
    assert table.rows[1][4:] == (
        "0.625", "2,340", "52.5", "1.25", "2,130", "EP64", "attention: memory", "measured",
    )  # fmt: skip


def test_recipes_without_figures_of_performance_have_dashes(full: RunFolder) -> None:
    given = full.tables["recipes"].assign(mode="given", batch=float("nan"), layout="")
    row = serving.tables(with_table(full, "recipes", given))[RECIPES].rows[0]

    assert (row[1], row[8], row[9], row[11]) == ("As given", "\u2013", "\u2013", "given")


def test_of_many_recipes_the_rest_is_shown_on_demand(full: RunFolder) -> None:
    in_use, other = serving.recipes(full, shown=2)

    assert (len(in_use.rows), len(in_use.more), len(other.more)) == (2, 3, 1)


def test_what_could_be_used_and_what_is_left_out_stand_apart(full: RunFolder) -> None:
    tables = serving.tables(full)

    assert [len(t.rows) for t in tables] == [5, 0, 0]
    assert [row[:3] for row in tables[NOT_USED].more] == [
        ("Chat", "AFD", "VR200 NVL72 + Groq 3 LPX")
    ]
    assert tables[LEFT_OUT].more[0] == (
        "Chat", "Colocated", "HGX H100", "weights: 689 GB in 640 GB",
    )  # fmt: skip
    assert tables[LEFT_OUT].more[1][3] == (
        "takes no less of anything than colocated on GB300 NVL72"
    )
    assert [row[0] for row in tables[LEFT_OUT].more] == ["Chat", "Chat", "Coding agent"]


def test_two_recipes_on_the_same_racks_are_told_apart_by_name(full: RunFolder) -> None:
    """The second differs in the ratio of its racks alone; nobody is served by it."""
    table = full.tables["recipes"]
    other = table.assign(recipe=table["recipe"] + ":1")
    twice = pd.concat([table, other], ignore_index=True)
    tables = serving.tables(with_table(full, "recipes", twice))

    def split(rows: tuple[tuple[str, ...], ...]) -> list[str]:
        return [row[3] for row in rows if row[:2] == ("Chat", "Split")]

    assert split(tables[RECIPES].rows) == ["80%"]
    assert split(tables[NOT_USED].more) == ["\u2013"]


def test_afd_storage_and_cpu_racks_are_told_with_place_and_time(full: RunFolder) -> None:
    """Agents hold 3300 MW x 0.4 in 2030; AFD takes 0.4 of it, LPX 0.3 of that in 0.13 MW racks."""
    afd, tier, cpu = serving.told(full)
    places = "Abilene, TX, Holly Ridge, LA and 3 other sites"

    assert afd == (
        f"AFD serves Coding agent from 2029 on, at {places}; "
        f"{3300 * 0.4 * 0.4 * 0.3 / 0.13:,.0f} Groq 3 LPX racks are held in 2030."
    )
    assert tier.startswith(
        f"A KV cache tier on storage racks helps to serve Coding agent from 2028 on, at {places}; "
    )
    assert cpu.endswith(f"{3300 * 0.4 * 0.07 / 0.11:,.0f} Vera ETL256 racks are held in 2030.")


def test_what_was_looked_at_and_is_not_used_is_told(single: RunFolder) -> None:
    """In the first year no recipe with any of them serves; they could be chosen all the same."""
    assert serving.told(single)[0] == "AFD: not used, 2 recipes could be chosen."
    recipes = single.tables["recipes"].assign(left_out="dear")
    assert serving.told(with_table(single, "recipes", recipes))[0] == (
        "AFD: not used, all ways to use it are left out."
    )


def test_what_was_not_looked_at_is_not_told(full: RunFolder) -> None:
    plain = full.tables["recipes"].query("mode == 'colocated'")

    assert serving.told(with_table(full, "recipes", plain)) == ()


def test_one_mode_is_told_and_not_drawn(full: RunFolder) -> None:
    tokens = full.tables["tokens"]
    alone = tokens.assign(mode=tokens["mode"].where(tokens["mode"] == "", "colocated"))
    section = serving.section(with_table(full, "tokens", alone))

    assert section.figures == ()
    assert section.lead == "In 2030 all tokens are served colocated."


def test_nothing_served_is_told(empty: RunFolder) -> None:
    section = serving.section(empty)

    assert section.missing == "No token is served."
    assert [table.id for table in section.tables] == ["recipes-not-used", "ways-left-out"]


def test_modes_that_a_headline_has_no_room_for_are_added_up(full: RunFolder) -> None:
    """2030: split 1980 x 0.8, tier 1320 x 0.6, AFD 1320 x 0.4, colocated 1980 x 0.2 of 3300 MW."""
    assert findings.modes(full) == (
        "Racks that serve in 2030, by power: 48% split, 24% split with a KV cache tier, "
        "16% by AFD with a KV cache tier and 12% otherwise"
    )


def test_racks_of_a_workload_in_a_line(full: RunFolder, single: RunFolder) -> None:
    said = findings.rack_mix(full, "chat").replace("\u202f", " ")

    assert said == "Chat: 1.98 GW of racks in 2030, 80% of it VR200 NVL72"
    assert findings.rack_mix(single, "chat").endswith("in 2028, all GB300 NVL72")


def test_the_ingredient_that_binds_first_is_told_with_its_price(full: RunFolder) -> None:
    """The list is sorted by cost; slots are no ingredient, and stacks bind sooner than racks."""

    def limit(name: str, period: str, price: float, unit: str) -> BindingLimit:
        return BindingLimit(
            limit=name, site="", period=period, price=price, unit=unit, meaning="saved"
        )

    found = (
        limit("slots: ge_7ha02", "2026", 9.0, "USD/MW"),
        limit("ramp: lpx_groq3", "2029", 4e5, "USD/racks"),
        limit("chips: hbm4", "2028", 812.3, "USD/stacks"),
    )
    run = replace(full, summary=full.summary.model_copy(update={"binding": found}))

    assert findings.chips(run) == (
        "First to bind is HBM4 stacks, in 2028: one more stack would save $812"
    )


def test_without_an_ingredient_that_binds_the_fullest_is_told(full: RunFolder) -> None:
    supply = full.tables["supply"]
    rows = supply[supply["kind"].isin(["chips", "ramp"])]
    part = float((rows["used"] / rows["limit"]).max())

    assert findings.chips(full).startswith("No supply of chips binds; fullest is ")
    assert f"with {part:.0%} in " in findings.chips(full)


@pytest.mark.parametrize("name", ["full", "empty", "single"])
def test_no_table_has_a_row_of_another_length(name: str, request: pytest.FixtureRequest) -> None:
    for table in serving.tables(request.getfixturevalue(name)):
        assert {len(row) for row in (*table.rows, *table.more)} == {len(table.head)}
