"""Cost by the eleven components, on paper, and what a scenario may change of it."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from planner.case import Case
from planner.errors import BalanceError, ScenarioError
from planner.known import read_scenario
from planner.plan.audit import audit
from planner.plan.elements import elements_table
from planner.plan.plan import Plan
from planner.run import plan_case
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

ADDED = {
    "use": ["gb200_nvl72"],
    "change": {"gb200_nvl72": AT_ONCE},
    "network_share": 0.2,
    "storage_share": 0.05,
}
BUILT = ["site", "period", "kind", "component", "cooling", "mw", "capex_usd"]


@pytest.fixture(scope="module")
def plan() -> Plan:
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0}
    return plan_case(hand_case(hand_scenario(demand={"workloads": {"chat": chat}}, racks=ADDED)))


def usd(case: Case, *build: object) -> dict[str, float]:
    table = elements_table(case, pd.DataFrame([("abilene_tx", "2028", *build)], columns=BUILT))
    return dict(zip(table["element"], table["usd"], strict=True))


@pytest.fixture(scope="module")
def case() -> Case:
    return hand_case(hand_scenario(racks=ADDED))


def test_a_rack_is_servers_and_what_its_price_lacked(case: Case) -> None:
    """Of 1.25 million, a price of 1 million, network of 0.2 and storage of 0.05."""
    found = usd(case, "rack", "gb200_nvl72", "liquid_dry", 10.0, 1.25e6)

    assert found == pytest.approx({"servers": 1e6, "networking": 2e5, "storage": 5e4})


def test_a_block_is_its_halls_and_its_cooling_plant(case: Case) -> None:
    """8,900 USD/kW of halls and 2,450 of plant; of the halls 0.457 bring power to the racks."""
    found = usd(case, "block", "vertiv_onecore", "liquid_dry", 10.0, 113.5e6)

    assert found["cooling"] == pytest.approx(24.5e6)
    assert found["power_supply"] == pytest.approx(0.457 * 89e6)
    assert sum(found.values()) == pytest.approx(113.5e6, abs=1e-6)


def test_a_site_is_its_works_and_its_land(case: Case) -> None:
    """500 acres at 10,000 USD beside works of 60 million."""
    found = usd(case, "site_works", "greenfield", "", 0.0, 65e6)

    assert found == pytest.approx({"site_works": 60e6, "land": 5e6})


def test_power_is_the_connection_or_stands_outside(case: Case) -> None:
    assert usd(case, "grid", "firm_grid", "", 5.0, 1e6) == {"utility_connection": 1e6}
    assert usd(case, "network_upgrade", "network", "", 0.0, 1e6) == {"utility_connection": 1e6}
    assert usd(case, "gas", "wartsila_18v50sg", "", 18.0, 3e6) == {"generation": 3e6}


def test_elements_of_a_plan_are_its_cost_to_the_dollar(plan: Plan) -> None:
    builds, elements = plan.tables["builds"], plan.tables["elements"]

    assert elements["usd"].sum() == pytest.approx(builds["capex_usd"].sum(), abs=1)
    assert elements["share"].sum() == pytest.approx(1, abs=1e-9)
    assert set(range(12)) == set(elements["number"])
    audit(plan)


def test_the_plan_pays_for_the_network(plan: Plan) -> None:
    """26,515.2 USD/kW of a rack, a quarter more with network and storage."""
    racks = plan.tables["builds"].query("kind == 'rack'").iloc[0]
    figures = plan.formulation.case.racks["gb200_nvl72"].figures

    assert figures.capex_usd_per_kw == pytest.approx(1.25 * 26_515.2)
    assert racks["capex_usd"] == pytest.approx(1000 * racks["mw"] * 1.25 * 26_515.2)


def test_a_dollar_booked_on_the_wrong_part_is_refused(plan: Plan) -> None:
    elements = plan.tables["elements"]
    power = elements["part"] == "generation"
    bent = elements.assign(part=elements["part"].mask(power, "land"))

    with pytest.raises(BalanceError, match="elements and the cost of facility and IT"):
        audit(replace(plan, tables={**plan.tables, "elements": bent}))


def test_nothing_built_is_no_row(case: Case) -> None:
    assert elements_table(case, pd.DataFrame([], columns=BUILT)).empty


def write(folder: Path, text: str) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(f"title: mine\n{text}", encoding="utf-8")
    return path


def test_shares_of_a_scenario_that_add_up_are_taken(tmp_path: Path) -> None:
    text = "elements: {change: {security: {share: 0.028}, shell_and_fit_out: {share: 0.34}}}\n"
    mine = read_scenario(write(tmp_path, text)).scenario

    assert mine.elements.change["security"]["share"] == 0.028


def test_shares_that_do_not_add_up_are_refused_with_a_way_out(tmp_path: Path) -> None:
    text = "elements:\n  change:\n    security: {share: 0.028}\n"
    with pytest.raises(ScenarioError) as caught:
        read_scenario(write(tmp_path, text))

    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (4, "elements.change.security")
    assert problem.what == "shares of block have to add up to 1"
    assert (problem.got, problem.try_) == ("1.01", "power_supply: {share: 0.447} besides")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("elements: {change: {servers: {share: 0.9}}}", "shares of rack have to add up to 1"),
        ("elements: {change: {moat: {share: 0.9}}}", "is no element that is known"),
        ("elements: {change: {security: {shares: 0.9}}}", "is no figure of security"),
        ("elements: {change: {security: {share: 2}}}", "less than or equal to 1"),
        ("racks: {network_share: -0.1}", "0"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        read_scenario(write(tmp_path, f"{text}\n"))


def test_the_catalog_holds_where_the_scenario_is_silent(tmp_path: Path) -> None:
    chosen = {"use": ["gb200_nvl72"], "network_share": None, "storage_share": 0.0}
    case = hand_case(hand_scenario(racks=chosen))

    assert case.racks["gb200_nvl72"].figures.capex_usd_per_kw == pytest.approx(1.12 * 26_515.2)
