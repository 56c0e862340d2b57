"""Plants beyond the fence by cuts: stamped as compiled, and the same plan as in one piece."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from planner.case import Case
from planner.engines.seasons import compile_window, keys_of, stamp
from planner.engines.site_operations import operations_of
from planner.gather import make_case, make_periods
from planner.places import choose_sites
from sites.table import builtin_sites
from tests.planner.engines.both import assert_they_agree
from tests.planner.engines.test_seasons import _assert_same
from tests.planner.hand import hand_scenario

SITES = ("abilene_tx", "elpaso_tx", "ashburn_va")
REMOTE = {
    "far_sun": {"source": "pv_tracker", "at": "pecos_tx", "line_share": 0.8},
    "far_engine": {"source": "wartsila_18v50sg", "at": "pecos_tx", "line": "ac_230kv"},
}
AT_ONCE = {"lead_months": 0}
CHANGE = dict.fromkeys(
    (
        "wartsila_18v50sg", "gas_lateral", "pv_tracker", "li_ion_4h", "firm_grid",
        "ac_345kv", "ac_230kv",
    ),
    AT_ONCE,
)  # fmt: skip


@cache
def _case(
    sites: tuple[str, ...] = SITES,
    use: tuple[str, ...] = ("li_ion_4h", "firm_grid"),
    co2_usd_per_t: float = 0.0,
) -> Case:
    """Real weather; two sites are near enough to the far plants, at different miles."""
    scenario = hand_scenario(
        sites={"include": list(sites)},
        power={"use": list(use), "change": CHANGE, "remote": REMOTE},
        demand={"workloads": {"chat": {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0}}},
        grid={
            "share_limit": None,
            "firm_wait_months": dict.fromkeys(sites, 0.0),
            "price_usd_per_mwh": dict.fromkeys(sites, 90.0),
        },
        policy={"co2_usd_per_t": co2_usd_per_t},
        finance={"cost_of_capital": 0.08},
    )
    return make_case(scenario, choose_sites(scenario, builtin_sites(), make_periods(scenario)))


def test_only_sites_within_reach_know_of_far_plants() -> None:
    """Great circles to Pecos: 231 miles from Abilene and 174 from El Paso, and 1.2 of each."""
    sites = _case().sites

    assert sites["abilene_tx"].figures["remote_miles@far_sun"] == pytest.approx(275, abs=5)
    assert sites["elpaso_tx"].figures["remote_miles@far_sun"] == pytest.approx(209, abs=5)
    assert not [name for name in sites["ashburn_va"].figures if name.startswith("remote_miles")]
    assert not [name for name in sites["ashburn_va"].profiles if "@" in name]


def test_weather_of_another_place_is_on_the_clock_of_the_site() -> None:
    """What Pecos has at noon, El Paso's clock has at eleven."""
    own = _case(("pecos_tx",)).sites["pecos_tx"].profiles["solar_capacity_factor"]
    sites = _case().sites
    name = "solar_capacity_factor@pecos_tx"

    np.testing.assert_array_equal(sites["abilene_tx"].profiles[name], own)
    np.testing.assert_array_equal(sites["elpaso_tx"].profiles[name][:-1], own[1:])


@pytest.mark.parametrize("compiled_at", SITES)
def test_far_plants_are_stamped_as_they_would_be_compiled(compiled_at: str) -> None:
    """From where there is a line to where there is none, and back."""
    case = _case()
    keys = {site: window for _, site, window in keys_of(case)}
    template = compile_window(case, compiled_at, keys[compiled_at])

    for site, window in keys.items():
        wanted = compile_window(case, site, window).operation
        _assert_same(stamp(case, template, site, window), wanted)


def test_nothing_can_arrive_where_no_line_is_planned() -> None:
    operations = operations_of(_case())
    for key, operation in operations.items():
        most = operation.column_link[:, [operation.link_number("far_sun.mw")]].toarray()
        assert (most.max() > 0.3) == (not key.startswith("ashburn_va/")), key


@pytest.mark.parametrize(
    ("use", "co2_usd_per_t", "brought"),
    [(("li_ion_4h", "firm_grid"), 300.0, "far_sun"), (("li_ion_4h",), 0.0, "far_engine")],
)
def test_both_engines_bring_the_same_power_from_afar(
    use: tuple[str, ...], co2_usd_per_t: float, brought: str, tmp_path: Path
) -> None:
    case = _case(("abilene_tx", "elpaso_tx"), use, co2_usd_per_t)

    found = assert_they_agree(case, tmp_path, gap=1e-4)

    assert found is not None
    plan, _ = found
    assert brought in set(plan.tables["builds"]["component"])
    lost = plan.tables["power_by_season"].groupby("component")["line_loss_mwh"].sum()
    assert lost[brought] > 0
    assert np.allclose(lost.drop(list(REMOTE), errors="ignore"), 0)


def test_a_cap_on_carbon_counts_what_is_burnt_beyond_the_fence(tmp_path: Path) -> None:
    """The first site may not use the far engine, and the cap takes a third of its fuel away."""
    remote = {"source": "wartsila_18v50sg", "miles": 60.0, "sites": ["abilene_tx"]}
    scenario = hand_scenario(
        sites={"include": ["ashburn_va", "abilene_tx"]},
        power={
            "use": ["li_ion_4h", "pv_tracker"],
            "change": CHANGE,
            "remote": {"far_engine": remote},
        },
        demand={"workloads": {"chat": {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0}}},
        grid={"share_limit": None},
        policy={"co2_limit_t": 20_000.0},
        finance={"cost_of_capital": 0.08},
    )
    case = make_case(scenario, choose_sites(scenario, builtin_sites(), make_periods(scenario)))

    found = assert_they_agree(case, tmp_path, gap=1e-4)

    assert found is not None
    plan, _ = found
    burnt = plan.tables["power_by_season"].query("component == 'far_engine'")
    generated = burnt["mwh"].sum() + burnt["line_loss_mwh"].sum()
    t_per_mwh = 7.53 * 1.03 * 0.05306
    assert plan.tables["supply"].query("kind == 'CO2'")["used"].sum() == pytest.approx(
        20.0, rel=1e-3
    )
    assert t_per_mwh * generated == pytest.approx(20_000, rel=1e-3)
