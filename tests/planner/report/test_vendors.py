"""Who sells to the plan and why others do not: figure, words and tables say what the table says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planner.formulate.dispatch import REFERENCE_LOAD_FACTOR
from planner.plan import products as plan_products
from planner.report import figures, findings, vendors
from planner.report.figures.vendors import ASKED, by_technology
from planner.report.folder import RunFolder
from planner.report.sections import sections
from tests.planner.report.fake_vendors import COLUMNS, NOT_ASKED
from tests.planner.report.test_figures import rows

ENGINE = ("MSR", 20.0, 24.0, "2027")
PRODUCTS = pd.DataFrame(
    [
        ("gas", "a", "Alpha", "A1", *ENGINE, 500.0, 100.0, 60.0, "bought", ""),
        ("gas", "b", "Alpha", "A2", *ENGINE, 300.0, 300.0, 61.0, "all that was open", ""),
        ("gas", "c", "Gamma", "C1", *ENGINE, 200.0, 0.0, 70.0, "not bought", "cost: 9%"),
        ("gas", "d", "Delta", "D1", "CC", 600.0, 60.0, "2029", np.inf, 0.0, 55.0, "not bought",
         "lead time: late"),
        ("fuel_cell", "e", "Eta", "E1", "SOFC", 0.3, 12.0, "2026", np.inf, 50.0, 95.0, "bought",
         ""),
        ("gas", "f", "Phi", "F1", "CC", 600.0, 99.0, "", 0.0, 0.0, np.nan, "too late", "99 months"),
        ("gas", "g", "Rho", "G1", "HSR", 2.5, 18.0, "", 0.0, 0.0, np.nan, "not asked for", "no"),
    ],
    columns=list(COLUMNS),
)  # fmt: skip


def with_products(run: RunFolder, products: pd.DataFrame) -> RunFolder:
    return replace(run, tables={**run.tables, "products": products})


def test_states_and_load_factor_are_those_of_the_plan() -> None:
    assert vendors.BOUGHT == (plan_products.BOUGHT, plan_products.SOLD_OUT)
    assert vendors.NOT_BOUGHT == (plan_products.NOT_BOUGHT,)
    assert vendors.TOO_LATE == (plan_products.TOO_LATE,)
    assert vendors.NOT_ASKED == (plan_products.NOT_ASKED,)
    assert set(ASKED) == {*vendors.BOUGHT, *vendors.NOT_BOUGHT}
    assert list(COLUMNS) == plan_products.COLUMNS
    assert vendors.LOAD_FACTOR == REFERENCE_LOAD_FACTOR


def test_products_of_a_technology_are_added_up_what_sells_most_first() -> None:
    """Engines: 100 + 300 of 500 + 300 + 200 MW; what is too late or not asked for is not open."""
    found = by_technology(PRODUCTS)

    assert found["series"].tolist() == [
        "Medium-speed engines", "Solid-oxide fuel cells", "Combined cycles",
    ]  # fmt: skip
    assert found["bought_mw"].tolist() == [400, 50, 0]
    assert found["open_mw"].tolist() == [1000, np.inf, np.inf]
    assert found["products"].tolist() == [3, 1, 1]
    assert found["sold"].tolist() == [2, 1, 0]


def test_bars_are_bought_within_open() -> None:
    found = {r["series"]: r for r in rows(figures.bought_and_open(PRODUCTS))}
    text = {series: r["text"].replace("\u202f", " ") for series, r in found.items()}

    engines = found["Medium-speed engines"]
    assert (engines["value"], engines["open"]) == (0.4, 1.0)
    assert text["Medium-speed engines"] == "400 MW of 1,000 MW open, 2 of 3 products"
    assert text["Solid-oxide fuel cells"] == "50.0 MW without limit, 1 product"
    assert text["Combined cycles"] == "none, 1 product"


def test_the_section_says_how_many_vendors_sell_what() -> None:
    """Alpha and Eta of Alpha, Gamma, Delta, Eta; 400 MW of gas, 50 MW of fuel cells."""
    said = vendors.lead(PRODUCTS).replace("\u202f", " ")

    assert said == (
        "2 of 4 vendors sell to this plan: 400 MW of gas and 50.0 MW of fuel cells. Alpha sells "
        "most, 400 MW. Of 1 product all that is open to this buyer is bought."
    )


def test_nothing_that_runs_on_fuel_is_bought(full: RunFolder) -> None:
    none = PRODUCTS.assign(bought_mw=0.0)
    none["state"] = none["state"].replace(list(vendors.BOUGHT), "not bought")
    (section,) = [s for s in sections(with_products(full, none)) if s.id == "vendors"]

    assert section.lead.startswith("None of 4 vendors sells to this plan")
    assert section.figures == ()


def test_headline_tells_the_part_of_what_is_open() -> None:
    said = findings.vendors(PRODUCTS).replace("\u202f", " ")

    assert said == "Most is bought of medium-speed engines: 400 MW, 40% of what is open"


def test_every_product_stands_in_one_table_with_its_reason(full: RunFolder) -> None:
    bought, rest, late, other = vendors.tables(with_products(full, PRODUCTS))

    assert [row[1] for row in bought.rows] == ["A2", "A1", "E1"]
    assert bought.rows[0] == (
        "Alpha", "A2", "Medium-speed engines", "24", "2027", "300", "300", "61.0",
    )  # fmt: skip
    assert [row[1] for row in rest.rows] == ["D1", "C1"]
    assert rest.rows[0][-3:] == ("no limit", "55.0", "lead time: late")
    assert [row[-1] for row in late.rows] == ["99 months"]
    assert (other.rows, [row[1] for row in other.more]) == ((), ["G1"])


def test_what_is_not_asked_for_is_folded(full: RunFolder) -> None:
    *_, other = vendors.tables(full)

    assert not other.rows
    assert len(other.more) == NOT_ASKED


@pytest.mark.parametrize("name", ["empty", "single"])
def test_the_section_stands_where_something_is_built(
    name: str, request: pytest.FixtureRequest
) -> None:
    run = request.getfixturevalue(name)
    there = [s for s in sections(run) if s.id == "vendors"]

    assert bool(there) == bool(run.summary.sites_opened)
