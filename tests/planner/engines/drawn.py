"""Small scenarios drawn at random: real weather, one to three sites, what may be built varies."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from planner.case import Case
from tests.planner.engines.both import case_of
from tests.planner.hand import AT_ONCE, hand_scenario

SITES = ("abilene_tx", "ashburn_va", "cheyenne_wy")
POWER = ("wartsila_18v50sg", "bloom_energy_server", "firm_grid", "pv_tracker", "li_ion_4h")
RACKS = ("gb200_nvl72", "vr200_nvl72", "hgx_b200_air")
COOLING = ("liquid_dry", "air_chiller")
BLOCKS = ("vertiv_onecore", "stick_built_hall")

WEEKS = st.fixed_dictionaries(
    {
        "start": st.just("2028-01"),
        "step": st.sampled_from(["year", "half_year", "quarter"]),
        "periods": st.integers(1, 2),
        "hours": st.just("weeks"),
        "weeks": st.integers(1, 2),
    }
)
QUARTERS = st.fixed_dictionaries(
    {
        "start": st.sampled_from(["2028-01", "2028-07"]),
        "step": st.just("quarter"),
        "periods": st.just(1),
        "hours": st.just("all"),
        "weeks": st.none(),
    }
)


def some(names: tuple[str, ...], least: int = 1) -> st.SearchStrategy[list[str]]:
    """Any of these names, in their order, at least so many."""
    chosen = st.sets(st.sampled_from(names), min_size=least)
    return chosen.map(lambda found: [name for name in names if name in found])


@st.composite
def questions(
    draw: st.DrawFn, horizons: st.SearchStrategy[dict[str, Any]], *, quick: bool = False
) -> Case:
    """Demand of some 10 to 40 MW, and what limits its power, drawn at random.

    ``quick`` leaves out what makes a model of thousands of hours slow: whole units, other sites.
    """
    use = {"power": draw(some(POWER)), "racks": draw(some(RACKS)), "blocks": draw(some(BLOCKS))}
    limits = draw(
        st.fixed_dictionaries(
            {
                "tokens_per_day": st.sampled_from([8.64e11, 2.5e12]),
                "grid_gwh": st.sampled_from([None, None, 5.0, 40.0, 1e4]),
                "co2_t": st.sampled_from([None, None, 2e4, 1e5]),
                "budget": st.sampled_from([None, None, 3e8, 1e9]),
                "slots_mw": st.sampled_from([1e5, 1e5, 30.0]),
                "must_serve": st.booleans(),
                "must_open": st.booleans(),
                "spare_units": st.integers(0, 1),
                "whole_units_from_mw": st.sampled_from([1e5] if quick else [10.0, 1e5]),
                "gas_usd_per_mmbtu": st.sampled_from([3.0, 12.0]),
            }
        )
    )
    sites = draw(some(SITES[:1] if quick else SITES))
    return drawn_case(draw(horizons), sites, use, limits)


def drawn_case(
    horizon: Mapping[str, Any],
    sites: list[str],
    use: Mapping[str, list[str]],
    limits: Mapping[str, Any],
) -> Case:
    """Nothing has to be waited for; the limits are those named, where they are any."""
    share = None if limits["grid_gwh"] is None else limits["grid_gwh"] / 1e6
    at_once = {kind: dict.fromkeys(names, AT_ONCE) for kind, names in use.items()}
    engine = {**AT_ONCE, "slots_mw_per_year": limits["slots_mw"]}
    at_once["power"] |= {"gas_lateral": AT_ONCE, "wartsila_18v50sg": engine}
    workload = {
        "tokens_per_day": limits["tokens_per_day"],
        "value_usd_per_mtok": 4.0,
        "must_serve": limits["must_serve"],
    }
    scenario = hand_scenario(
        horizon=horizon,
        finance={"discount_rate": 0.05, "cost_of_capital": 0.07},
        demand={"workloads": {"chat": workload}},
        grid={
            "us_twh": 1000.0,
            "other_data_centres_twh": 0.0,
            "share_limit": share,
            "firm_wait_months": dict.fromkeys(sites, 0.0),
        },
        power={
            "use": use["power"],
            "gas_usd_per_mmbtu": limits["gas_usd_per_mmbtu"],
            "change": at_once["power"],
        },
        cooling={"use": list(COOLING)},
        racks={"use": use["racks"], "change": at_once["racks"]},
        blocks={"use": use["blocks"], "change": {**at_once["blocks"], "greenfield": AT_ONCE}},
        reliability={"spare_units": limits["spare_units"]},
        policy={
            "co2_limit_t": limits["co2_t"],
            "budget_usd_per_year": limits["budget"],
            "must_open": sites[:1] if limits["must_open"] else [],
        },
        sites={"include": sites},
        solver={"gap": 1e-3, "whole_units_from_mw": limits["whole_units_from_mw"]},
    )
    return case_of(scenario)
