"""Every what-if moves where its file says, beyond what the solver leaves open; one week a year."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from examples.what_ifs.side_by_side import PAGES, in_order, results, write_pages
from planner.known import read_scenario
from planner.plan.plan import Plan
from planner.run import plan_scenario

FOLDER = Path(__file__).parents[2] / "examples" / "what_ifs"
OF_BASE = {
    "afd_none", "afd_nvidia_only", "afd_standard", "tpu_trainium_disaggregate", "kv_growth",
    "kv_growth_no_tier", "cpo_2027", "cpo_late", "liquid_default", "modular_fast", "modular_slow",
    "backlash",
}  # fmt: skip
ELSEWHERE = {"space", "space_base"}
"""In ``test_space``."""

SMALL = ("horizon.weeks=1", "solver.gap=0.01", "solver.threads=1")
LAST = "2030"

Planned = Callable[..., Plan]
"""Name of a file, and what is other than in it, to its plan."""


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """Plan a file of the folder, each once; what one learns of a site serves the next."""
    store = tmp_path_factory.mktemp("cones")

    @cache
    def plan(name: str, *other: str) -> Plan:
        sets = (*SMALL, f"solver.cone_store={store}", *other)
        return plan_scenario(read_scenario(FOLDER / f"{name}.yaml", sets).scenario)

    return plan


def served(plan: Plan, *workloads: str, period: str = "") -> float:
    """Tokens/s served of some workloads, in a period or the sum over all."""
    rows = plan.tables["tokens"].query("kind == 'served'")
    rows = rows[rows["workload"].isin(workloads) & rows["period"].str.startswith(period)]
    return float(rows["tokens_per_s"].sum())


def there_mw(plan: Plan, column: str, name: str, period: str = LAST) -> float:
    """MW in service of a component or kind, in a period."""
    rows = plan.tables["capacity"].query("period == @period")
    return float(rows.loc[rows[column] == name, "mw"].sum())


def dearer(one: Plan, other: Plan) -> bool:
    """Tell whether the first costs more by proof: its bound is above the other's plan."""
    return one.outcome.bound_kusd > other.outcome.objective_kusd


def mean_pue(plan: Plan) -> float:
    table = plan.tables["cooling"].query("period == @LAST")
    return float((table["mean_pue"] * table["it_mw"]).sum() / table["it_mw"].sum())


def prices(plan: Plan, limit: str) -> list[float]:
    """Shadow prices of a limit, by period."""
    table = plan.tables["shadow_prices"]
    return table.loc[table["limit"] == limit].sort_values("period")["price"].tolist()


def test_every_file_of_the_folder_is_tested_and_told() -> None:
    names = {path.stem for path in FOLDER.glob("*.yaml")}
    told = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert names == OF_BASE | ELSEWHERE | {"base"}
    assert [name for name in sorted(OF_BASE) if told.count(f"`{name}`") == 0] == []
    assert [name for name in sorted(names) if f"| {name} " not in told] == []


@pytest.mark.parametrize("name", sorted(OF_BASE))
def test_a_what_if_is_a_few_lines_over_the_base(name: str) -> None:
    lines = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    said = [line for line in lines if line and not line.startswith("#")]

    assert len(said) <= 12
    assert any(line.startswith("# Expect: ") for line in lines)
    assert said[0] in ("extends: base.yaml", "extends: kv_growth.yaml")


def test_in_the_base_something_of_everything_is_short(planned: Planned) -> None:
    table = planned("base").tables["shadow_prices"]
    short = set(table.loc[table["price"] > 0, "limit"])

    assert {
        "chips: nvl72_racks", "chips: kyber_racks", "chips: sf4", "labour: craft hours",
        "slots: vertiv_onecore", "ramp: rubin_ultra_nvl576",
    } <= short  # fmt: skip
    unmet = planned("base").tables["tokens"].query("kind == 'unmet' and tokens_per_s > 1")
    assert set(unmet["workload"]) == {"chat"}


def test_without_afd_fast_agents_go_unserved_and_chat_takes_their_racks(planned: Planned) -> None:
    none, base = planned("afd_none"), planned("base")

    assert dearer(none, base)
    assert served(none, "premium_agent") < 0.5 * served(base, "premium_agent")
    assert served(none, "chat") > 1.02 * served(base, "chat")
    assert there_mw(none, "component", "lpx_groq3") == 0
    assert there_mw(base, "component", "lpx_groq3") > 100


def test_afd_beside_rubin_only_changes_hardly_anything_since_sram_racks_bind(
    planned: Planned,
) -> None:
    rubin, base = planned("afd_nvidia_only"), planned("base")

    assert rubin.outcome.objective_kusd >= base.outcome.bound_kusd
    assert not dearer(rubin, base)
    assert min(prices(rubin, "chips: sf4")) > 0
    used = rubin.tables["rack_use"].query("rack == 'gb300_nvl72'")["mode"]
    assert not used.str.startswith("afd").any()


def test_afd_as_a_standard_serves_more_for_less(planned: Planned) -> None:
    standard, base = planned("afd_standard"), planned("base")

    assert dearer(base, standard)
    assert served(standard, "chat") > 1.02 * served(base, "chat")
    for period in ("2028", LAST):
        more = there_mw(standard, "component", "lpx_groq3", period)
        assert more > 1.5 * there_mw(base, "component", "lpx_groq3", period)


def test_tpu_that_split_serve_more_for_less(planned: Planned) -> None:
    split, base = planned("tpu_trainium_disaggregate"), planned("base")

    assert dearer(base, split)
    assert served(split, "chat") > 1.02 * served(base, "chat")
    modes = {
        name: set(plan.tables["rack_use"].query("rack == 'tpu_v7_ironwood'")["mode"])
        for name, plan in (("split", split), ("base", base))
    }
    assert any(mode.startswith("split") for mode in modes["split"])
    assert not any(mode.startswith(("split", "afd")) for mode in modes["base"])


def test_longer_contexts_leave_agents_unserved_and_more_so_without_a_tier(planned: Planned) -> None:
    base, grown, bare = (planned(name) for name in ("base", "kv_growth", "kv_growth_no_tier"))
    agents = ("coding_agent", "premium_agent")
    per_token = {
        plan: there_mw(plan, "component", "stx_bluefield4") / served(plan, *agents, period=LAST)
        for plan in (base, grown)
    }

    assert dearer(grown, base)
    assert dearer(bare, grown)
    assert served(grown, *agents, period="2028") == pytest.approx(
        served(base, *agents, period="2028")
    )
    assert served(grown, *agents, period=LAST) < 0.9 * served(base, *agents, period=LAST)
    assert served(bare, "coding_agent") < 0.5 * served(grown, "coding_agent")
    assert per_token[grown] > 1.5 * per_token[base]
    assert there_mw(bare, "component", "stx_bluefield4") == 0


def test_the_sooner_optics_come_the_more_is_served(planned: Planned) -> None:
    soon, base, late = (planned(name) for name in ("cpo_2027", "base", "cpo_late"))
    mw = [there_mw(plan, "component", "rubin_ultra_nvl576") for plan in (soon, base, late)]
    chat = [served(plan, "chat") for plan in (soon, base, late)]

    assert dearer(late, base)
    assert dearer(base, soon)
    assert mw[0] > 2 * mw[1] > 0 == mw[2]
    assert there_mw(soon, "component", "rubin_ultra_nvl576", "2028") > 0
    assert chat[0] > 1.02 * chat[1] > 1.02 * 1.02 * chat[2]


def test_liquid_by_default_takes_less_power_and_costs_no_more(planned: Planned) -> None:
    """Cost hardly moves, for racks are nine tenths of it: only that it does not rise is said."""
    liquid, base = planned("liquid_default"), planned("base")

    assert not dearer(liquid, base)
    assert mean_pue(liquid) < mean_pue(base) - 0.005
    assert not liquid.tables["cooling"]["cooling"].str.startswith("air").any()
    assert base.tables["cooling"]["cooling"].str.startswith("air").any()
    assert served(liquid, "chat") > 0.99 * served(base, "chat")


def test_where_crews_are_scarce_modules_decide_how_much_is_served(planned: Planned) -> None:
    fast, base, slow = (planned(name) for name in ("modular_fast", "base", "modular_slow"))
    modules = [there_mw(plan, "component", "vertiv_onecore") for plan in (fast, base, slow)]
    chat = [served(plan, "chat") for plan in (fast, base, slow)]

    assert dearer(base, fast)
    assert dearer(slow, base)
    assert modules[0] > 1.1 * modules[1] > 1.1 * modules[2]
    assert chat[0] > chat[1] > 1.05 * chat[2]
    assert min(prices(slow, "slots: vertiv_onecore")) > max(prices(fast, "slots: vertiv_onecore"))


def test_a_backlash_costs_sites_grid_and_tokens(planned: Planned) -> None:
    """The share has a price in two weeks; the one week of the others is a sunny one."""
    backlash, base = planned("backlash"), planned("base")
    sites = backlash.tables["sites"]
    by_grid = [
        there_mw(plan, "kind", "grid") / there_mw(plan, "family", "rack")
        for plan in (backlash, base)
    ]

    assert dearer(backlash, base)
    assert served(backlash, "chat") < 0.8 * served(base, "chat")
    assert set(sites.loc[sites["open"], "site"]) == {"abilene_tx", "loslunas_nm"}
    assert min(prices(planned("backlash", "horizon.weeks=2"), "grid share: grid energy")) > 0
    assert by_grid[0] < 0.9 * by_grid[1]


def test_the_table_and_the_pages_set_each_beside_its_base(tmp_path: Path) -> None:
    """Of the space pair, which takes a second; a page without scenarios is not written."""
    from planner.sweep.command import batch
    from planner.sweep.sweeping import Means

    pair = [FOLDER / "space.yaml", FOLDER / "space_base.yaml"]
    assert batch(pair, tmp_path, (), Means(workers=1), keep_plans=True) == 0
    points = pd.read_parquet(tmp_path / "points.parquet")
    table = results(points).set_index("what if")

    assert in_order(points, "space")["scenario"].tolist() == [PAGES["space"], "space"]
    assert float(str(table.loc["space", "chat, 10^12 tokens/d"])) == pytest.approx(45.2, abs=0.5)
    assert float(str(table.loc["space_base", "grid, GW"])) == pytest.approx(0.15)
    assert table.loc["space", "what binds, dearest first"] == "grid site, launch"
    pages = write_pages(points, tmp_path)
    assert [page.name for page in pages] == ["space.html"]
    html = pages[0].read_text(encoding="utf-8")
    assert "space_base" in html
    assert "What differs" in html
