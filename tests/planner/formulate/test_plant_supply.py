"""What all vendors of a class of plant deliver binds beside the slots of each."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest

from planner.errors import ScenarioError
from planner.formulate.build import build
from planner.formulate.formulation import Formulation, Limit
from planner.known import read_scenario
from planner.run import plan_case
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

PLANT = [
    "wartsila_18v50sg",
    "jenbacher_j920",
    "ge_7ha02",
    "mitsubishi_m501jac_cc",
    "capstone_c1000s",
    "bloom_energy_server",
    "hyaxiom_purecell_m400",
]
"""Two of medium-speed engines and of heavy frames, one of fuel cells, and two of no class."""


CHAT = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0, "peak_to_mean": 1.3}


def formulated(periods: int = 1, use: list[str] = PLANT, **supply: object) -> Formulation:
    change = dict.fromkeys([*use, "gas_lateral"], AT_ONCE)
    return build(
        hand_case(
            hand_scenario(
                horizon={"start": "2028-01", "periods": periods},
                demand={"workloads": {"chat": CHAT}},
                grid={"us_twh": 4000.0},
                power={"use": use, "change": change},
                supply=supply,
            )
        )
    )


def classes(found: Formulation) -> dict[str, list[Limit]]:
    limits = [limit for limit in found.limits if limit.kind == "plant supply"]
    return {each.name: [x for x in limits if x.name == each.name] for each in limits}


def bounds(found: Formulation, name: str) -> list[float]:
    return [limit.bound for limit in classes(found)[name]]


def test_classes_of_which_anything_may_be_built_have_a_row() -> None:
    assert set(classes(formulated())) == {
        "medium_speed_engine",
        "heavy_frame",
        "solid_oxide_cell",
    }


def test_a_class_counts_all_its_products_and_nothing_else() -> None:
    """Two Wartsila and three Jenbacher: 2 x 18.8 + 3 x 9.5 = 66.1 MW; 7 turbines are no engine."""
    found = formulated()
    units = {"wartsila_18v50sg": 2, "jenbacher_j920": 3, "ge_7ha02": 7}
    for name in PLANT:
        added = found.model.site["abilene_tx"].power[name].units_added[0]
        added.set_value(units.get(name, 0))

    used = {name: pyo.value(limits[0].used) for name, limits in classes(found).items()}

    assert used == pytest.approx(
        {"medium_speed_engine": 66.1, "heavy_frame": 7 * 384, "solid_oxide_cell": 0}
    )


def test_the_bound_is_the_catalog_s_by_year_and_its_last_figure_after_it_ends() -> None:
    """2028 to 2032; the figures end in 2030."""
    found = formulated(periods=5, chips={"cowos": 1e6})

    assert bounds(found, "medium_speed_engine") == [1800, 2500, 3000, 3000, 3000]
    assert bounds(found, "heavy_frame") == [1150, 3000, 5500, 5500, 5500]


@pytest.mark.parametrize(("outlook", "mw"), [("low", 800), ("middle", 1150), ("high", 1500)])
def test_the_outlook_says_which_figure_holds(outlook: str, mw: float) -> None:
    assert bounds(formulated(plant_outlook=outlook), "heavy_frame") == [mw]


def test_half_a_year_has_half_of_the_year() -> None:
    scenario = hand_scenario(
        horizon={"start": "2028-01", "periods": 2, "step": "half_year"},
        power={"use": ["wartsila_18v50sg"]},
    )

    assert hand_case(scenario).plant_supply["medium_speed_engine"].mw == pytest.approx([900, 900])


@pytest.mark.parametrize(
    ("share", "mw"),
    [
        ({}, {"medium_speed_engine": 1800, "solid_oxide_cell": 2000}),
        ({"gas": 0.1}, {"medium_speed_engine": 180, "solid_oxide_cell": 2000}),
        ({"fuel_cell": 0.1}, {"medium_speed_engine": 1800, "solid_oxide_cell": 200}),
        (
            {"gas": 0.1, "medium_speed_engine": 0.5, "solid_oxide_cell": 0.0},
            {"medium_speed_engine": 900, "solid_oxide_cell": 0},
        ),
    ],
)
def test_a_buyer_gets_the_share_of_the_class_else_of_the_family(
    share: dict[str, float], mw: dict[str, float]
) -> None:
    found = formulated(buyer_share=share)

    assert {name: bounds(found, name)[0] for name in mw} == pytest.approx(mw)


def test_own_figures_take_the_place_of_the_catalog_s() -> None:
    found = formulated(2, plant={"heavy_frame": {2028: 10.0, 2029: 30.0}}, plant_outlook="high")

    assert bounds(found, "heavy_frame") == [10, 30]
    assert bounds(found, "medium_speed_engine") == [2700, 3750]


def test_the_class_binds_where_the_slots_do_not() -> None:
    """10 MW of engines of 900 MW of slots: what is built, and more would be worth money."""
    scenario = hand_scenario(
        demand={"workloads": {"chat": CHAT}},
        supply={"plant": {"medium_speed_engine": 10.0}},
    )

    plan = plan_case(hand_case(scenario))

    built = plan.tables["builds"].set_index("component")["units"]
    prices = plan.tables["shadow_prices"].set_index("limit")["price"]
    used = plan.tables["supply"].set_index("kind").loc["plant supply"]
    assert 18.8 * built["wartsila_18v50sg"] == pytest.approx(10)
    assert (used["name"], used["limit"]) == ("medium_speed_engine", 10)
    assert used["used"] == pytest.approx(10)
    assert prices["plant supply: medium_speed_engine"] > 0
    assert prices.get("slots: wartsila_18v50sg", 0) == pytest.approx(0)


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[str], list[str]]:
    """Read a scenario that is wrong and return what is said."""

    def read(text: str) -> list[str]:
        path = tmp_path / "a.yaml"
        path.write_text(f"title: x\n{text}\n", encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            read_scenario(path)
        return [str(p).removeprefix(f"{path}:") for p in caught.value.problems]

    return read


def test_names_of_classes_are_checked(refused: Callable[[str], list[str]]) -> None:
    assert refused("supply: {plant: {heavy_frames: 10}, buyer_share: {aeroderivatives: 1}}") == [
        "2:18: supply.plant.heavy_frames: is no class of plant that is known, got heavy_frames, "
        "try heavy_frame",
        "2:51: supply.buyer_share.aeroderivatives: is no ingredient, family, class of plant or "
        "rack that is known, got aeroderivatives, try aeroderivative",
    ]


def test_racks_and_makers_of_ingredients_are_names_too(refused: Callable[[str], list[str]]) -> None:
    shares = "buyer_share: {kyber_nvl144: 0.1, kyber_nvl: 0.1, chip_supply: 0.1}"
    outlooks = "chip_outlook_of: {memory: low, hbm4: high, memroy: low}"

    said = refused(f"supply: {{{shares}, {outlooks}}}")

    assert [each.partition(": is ")[0] for each in said] == [
        "2:43: supply.buyer_share.kyber_nvl",
        "2:121: supply.chip_outlook_of.memroy",
    ]
    assert [each.rpartition("try ")[2] for each in said] == ["kyber_nvl144", "memory"]


def test_own_figures_must_reach_over_the_horizon(refused: Callable[[str], list[str]]) -> None:
    text = "horizon: {start: 2028-01, periods: 2}\nsupply: {plant: {heavy_frame: {2028: 1}}}"

    (said,) = refused(text)

    assert "supply.plant.heavy_frame: must cover the years of the horizon, 2028 to 2029" in said


def test_a_machine_of_50_hz_is_refused_by_name(refused: Callable[[str], list[str]]) -> None:
    assert refused("power: {use: [ge_7ha02, ansaldo_ae94_3a]}") == [
        "2:25: power.use[1]: is a machine of 50 Hz, and the grid of every site has 60 Hz, "
        "got ansaldo_ae94_3a, try ansaldo_ae64_3a or ansaldo_gt36_s6"
    ]


@pytest.mark.parametrize("use", ["default", "all"])
def test_machines_of_50_hz_are_left_out_where_none_is_named(use: str) -> None:
    scenario = hand_scenario(horizon={"periods": 1}, power={"use": use, "change": {}})
    case = hand_case(scenario)
    asked = {**case.power, **case.late}
    hz = {p.figures.model_dump().get("frequency_hz", 60) for p in asked.values()}

    assert "ge_7ha02" in asked
    assert hz == {60}
    assert "ansaldo_ae94_3a" not in asked


def test_supply_is_what_the_buyer_can_get_in_each_period() -> None:
    plant = formulated(2, buyer_share={"heavy_frame": 0.25}).case.plant_supply["heavy_frame"]

    assert plant.technologies == ("CC", "FSC")
    assert plant.mw == pytest.approx(np.array([0.25 * 1150, 0.25 * 3000]))
