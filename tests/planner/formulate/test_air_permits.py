"""What a minor source may emit, and what a major source's permit lifts, on paper."""

from pathlib import Path
from typing import Any

import pytest

from planner.case import Case
from planner.formulate.build import build
from planner.formulate.words import in_words
from planner.plan.plan import Plan
from planner.run import plan_case
from tests.planner.engines.both import assert_they_agree
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

ENGINE = {"lead_months": 0, "nox_lb_per_mwh": 0.15, "slots_mw_per_year": None}
PERMIT = {"minor_lead_months": 0, "lead_months": 18, "permit_usd": 1e6}
MAJOR_MW = 250 * 2000 / (8760 * 0.15)
"""Engines of 0.05 g/(bhp h) that make a site a major source: 380.5 MW."""


def asked_case(
    permits: dict[str, Any] | None,
    *,
    engine: dict[str, Any] | None = None,
    permit: dict[str, Any] | None = None,
    periods: int = 1,
    standing_mw: float = 0.0,
) -> Case:
    """A campus that wants about 510 MW of engines, some of which may stand there."""
    chat = {"tokens_per_day": 40 * 8.64e11, "value_usd_per_mtok": 4.0, "peak_to_mean": 1.3}
    change = {
        "wartsila_18v50sg": ENGINE | (engine or {}),
        "gas_lateral": AT_ONCE,
        "air_permit": PERMIT | (permit or {}),
    }
    scenario = hand_scenario(
        horizon={"start": "2028-01", "periods": periods, "hours": "weeks", "weeks": 1},
        demand={"workloads": {"chat": chat}},
        power={"change": change},
        policy={"air_permits": permits},
        sites={"existing": _standing(standing_mw)},
        supply={"craft_hours_per_site_year": 1e9, "chips": {"cowos": 1e9, "hbm3e": 1e9}},
        blocks={
            "change": {
                "vertiv_onecore": {"lead_months": 0, "slots_mw_per_year": None},
                "greenfield": AT_ONCE,
            }
        },
    )
    return hand_case(scenario)


def _standing(mw: float) -> dict[str, Any]:
    power = [{"product": "wartsila_18v50sg", "mw": mw}]
    return {"abilene_tx": {"power": power}} if mw else {}


def planned(permits: dict[str, Any] | None, **more: Any) -> Plan:
    """The plan of the campus, audited."""
    return plan_case(asked_case(permits, **more))


def mw(plan: Plan) -> list[float]:
    table = plan.tables["capacity"]
    found = table[table["component"] == "wartsila_18v50sg"].set_index("period")["mw"]
    return [float(found.get(label, 0.0)) for label in plan.formulation.case.periods.labels]


def test_without_permits_the_campus_has_what_it_wants() -> None:
    assert mw(planned(None))[0] > 480


def test_a_major_permit_lifts_the_ceiling_after_a_year_and_a_half() -> None:
    """250 short tons x 2,000 lb / (8,760 h x 0.15 lb/MWh) = 380.5 MW in 2028 and 2029.

    Applied for in January 2028, the permit is there in July 2029: in time for 2030.
    """
    plan = planned({}, periods=3)
    first, second, third = mw(plan)
    supply = plan.tables["supply"].query("kind == 'air permit'").set_index("period")
    price = plan.tables["shadow_prices"].set_index(["limit", "period"])["price"]

    assert first == pytest.approx(MAJOR_MW, rel=1e-6)
    assert second == pytest.approx(MAJOR_MW, rel=1e-6)
    assert third > 480
    assert supply["used"].tolist() == pytest.approx([250, 250, 0])
    assert supply["limit"].tolist() == [250, 250, 250]
    # Engines of 2028 are there in 2029 too, so that year's ceiling holds for both.
    assert price["air permit: minor source", "2029"] > 1e5
    costs = plan.tables["costs"].query("component == 'air_permit'")
    assert set(costs["period"]) == {"2030"}


@pytest.mark.parametrize(("standing_mw", "more_mw"), [(100, MAJOR_MW), (400, MAJOR_MW * 40 / 250)])
def test_what_stands_has_its_permits(standing_mw: float, more_mw: float) -> None:
    """Beside a minor source as much as a minor source; beside a major one 40 short tons a year."""
    plan = planned({}, standing_mw=standing_mw)
    (used,) = plan.tables["supply"].query("kind == 'air permit'")["used"]

    assert mw(plan) == pytest.approx([standing_mw + more_mw], rel=1e-6)
    assert used == pytest.approx(more_mw * 250 / MAJOR_MW, rel=1e-6)


def test_a_permit_that_costs_more_than_it_lifts_is_not_asked_for() -> None:
    plan = planned({}, permit={"lead_months": 0, "permit_usd": 1e12})

    assert mw(plan)[0] == pytest.approx(MAJOR_MW, rel=1e-6)


def test_nothing_burns_before_a_minor_permit() -> None:
    """Six months after January 2028 is too late for 2028, and in time for 2029."""
    first, second = mw(planned({}, permit={"minor_lead_months": 6}, periods=2))

    assert first == 0
    assert second == pytest.approx(MAJOR_MW, rel=1e-6)


@pytest.mark.parametrize(
    ("permits", "tons"),
    [
        ({"ceiling_t": 100.0}, 100),
        ({"ozone_areas": {"abilene_tx": "serious"}}, 50),
        ({"ozone_areas": {"abilene_tx": "extreme"}}, 10),
        ({"ozone_areas": {"pecos_tx": "extreme"}}, 250),
        ({"site_ceiling_t": {"abilene_tx": 300.0}}, 300),
    ],
)
def test_ceilings_are_of_the_place(permits: dict[str, Any], tons: float) -> None:
    assert mw(planned(permits))[0] == pytest.approx(tons * 2000 / (8760 * 0.15), rel=1e-6)


@pytest.mark.parametrize(("unit_mw", "tons"), [(100.0, 100), (30.0, 250)])
def test_large_combined_cycles_are_of_a_listed_category(unit_mw: float, tons: float) -> None:
    """100 MW x 7.53 MMBtu/MWh = 753 MMBtu/h, above 250; 30 MW take 226."""
    plan = planned({}, engine={"technology": "CC", "unit_mw": unit_mw})

    assert mw(plan)[0] == pytest.approx(tons * 2000 / (8760 * 0.15), rel=1e-6)


def test_a_conflict_is_told_in_the_words_of_the_scenario() -> None:
    formulation = build(asked_case({}))

    assert in_words(formulation, ("nox_within_permit[abilene_tx,0]",)) == (
        "policy.air_permits: NOx of abilene_tx below a major source in 2028",
    )


def test_a_place_has_one_ceiling() -> None:
    both = {"ozone_areas": {"abilene_tx": "severe"}, "site_ceiling_t": {"abilene_tx": 90.0}}

    with pytest.raises(ValueError, match="abilene_tx: has its own ceiling"):
        planned(both)


def test_both_engines_ask_for_the_same_permit(tmp_path: Path) -> None:
    case = asked_case({}, permit={"lead_months": 12}, periods=2)
    found = assert_they_agree(case, tmp_path, gap=1e-5)

    assert found is not None
    plan, _ = found
    first, second = mw(plan)
    assert first == pytest.approx(MAJOR_MW, rel=1e-4)
    assert second > 480
