"""Ways to serve one workload: what the hosts hold of the cache, storage racks, and reasons."""

from collections.abc import Mapping
from typing import Any

import pytest

from components.catalog.loader import changed, load_family
from components.compute.rack import Rack
from components.compute.traffic import Infeasible, Performance
from planner.fleet import Fleet
from planner.ways import Way, ways_to_serve
from planner.workloads import Asked, asked_workloads
from tests.planner.hand import hand_scenario

GB300, LPX, CPU, STX = "gb300_nvl72", "lpx_groq3", "etl256_vera", "stx_bluefield4"


def _figures(*racks: str, change: Mapping[str, Any]) -> dict[str, Rack]:
    found = load_family("rack")
    figures = {n: changed(found[n], change.get(n, {})).parameters for n in racks}
    return {n: rack for n, rack in figures.items() if isinstance(rack, Rack)}


def _ways(*racks: str, workload: str = "coding_agent", **serving: Any) -> dict[str, Way]:
    """Ways to serve agents in 2028, by mode; of many ratios the first."""
    asked = {"tokens_per_day": 1e10, "value_usd_per_mtok": 20.0}
    figures = _figures(*racks, change=serving.pop("change", {}))
    scenario = hand_scenario(
        demand={"workloads": {workload: {**asked, **serving.pop("asked", {})}}},
        racks={"use": list(racks), "change": {}},
        serving={"tokens_per_s_per_rack": {}, **serving},
    )
    one: Asked = asked_workloads(scenario, [2028])[workload]
    found: dict[str, Way] = {}
    for way in ways_to_serve(Fleet(scenario, figures), one, one.traffic[2028]):
        found.setdefault(way.mode, way)
    return found


def _found(way: Way) -> Performance:
    assert isinstance(way.found, Performance), way.found
    return way.found


def _per_ktoken_s(way: Way, rack: str = GB300) -> float:
    return _found(way).racks_per_ktoken_s[rack]


def test_a_tier_lets_each_accelerator_give_more() -> None:
    """Context that is read back is not computed anew; the wait for it is in the first token."""
    ways = _ways(GB300, STX, modes=["split"])
    plain, tier = ways["split"], ways["split+kv_tier"]

    assert _per_ktoken_s(tier) < 0.9 * _per_ktoken_s(plain)
    assert (plain.racks, tier.racks) == ((GB300,), (GB300, STX))
    assert (plain.together, tier.together) == (False, True)
    assert _per_ktoken_s(tier, STX) > 0
    assert any("storage bound by" in note for note in _found(tier).notes)


@pytest.mark.parametrize("mode", ["colocated", "split"])
def test_what_hosts_hold_is_between_nothing_and_all(mode: str) -> None:
    """Hosts without memory hold no context, hosts with no end of it all that comes in an hour."""
    amounts = [
        _per_ktoken_s(_ways(GB300, modes=[mode], change={GB300: {"host_memory_tb": tb}})[mode])
        for tb in (0.001, 17.5, 1e6)
    ]

    assert amounts[0] > 1.02 * amounts[1]
    assert amounts[1] > 1.02 * amounts[2]


def test_nothing_is_held_for_users_who_never_come_back() -> None:
    """Documents that are found anew leave no context: no tier, and memory of hosts is no matter."""
    ways = _ways(GB300, STX, workload="retrieval", modes=["split"])
    less = _ways(
        GB300, workload="retrieval", modes=["split"], change={GB300: {"host_memory_tb": 1.0}}
    )

    assert set(ways) == {"split"}
    assert _per_ktoken_s(less["split"]) == pytest.approx(_per_ktoken_s(ways["split"]))


def test_a_way_that_cannot_serve_says_why() -> None:
    """Nobody gives each user 5,000 tokens a second."""
    way = _ways(GB300, modes=["split"], asked={"tokens_per_s_per_user": 5000.0}, kv_tier=False)

    assert isinstance(way["split"].found, Infeasible)
    assert "tokens/s/user" in way["split"].found.why


def test_storage_that_reads_too_slowly_is_no_way() -> None:
    """A slow network: 96 % of 150,000 tokens do not come back in time for the first token."""
    slow = {GB300: {"nic_gb_s": 1e-3}}
    tier = _ways(GB300, STX, modes=["colocated"], change=slow)["colocated+kv_tier"].found

    assert isinstance(tier, Infeasible)
    assert "to read back" in tier.why


def test_a_rack_serves_in_the_modes_that_its_software_knows() -> None:
    """Its own modes stand in place of those of all; racks that are not named keep theirs."""
    asked = {"tokens_per_day": 1e10, "value_usd_per_mtok": 20.0}
    racks = (GB300, "vr200_nvl72", LPX)
    scenario = hand_scenario(
        demand={"workloads": {"coding_agent": asked}},
        racks={"use": list(racks), "change": {}},
        serving={
            "tokens_per_s_per_rack": {},
            "kv_tier": False,
            "modes": ["colocated", "afd"],
            "modes_of": {GB300: ["split"]},
        },
    )
    one = asked_workloads(scenario, [2028])["coding_agent"]
    ways = list(ways_to_serve(Fleet(scenario, _figures(*racks, change={})), one, one.traffic[2028]))

    assert {way.mode for way in ways if way.racks[0] == GB300} == {"split"}
    assert {way.mode for way in ways if way.racks[0] == "vr200_nvl72"} == {"colocated", "afd"}


def test_every_ratio_of_afd_is_a_way_of_its_own() -> None:
    """All of them together at one site, told apart by their variant."""
    asked = {"tokens_per_day": 1e10, "value_usd_per_mtok": 20.0}
    scenario = hand_scenario(
        demand={"workloads": {"coding_agent": asked}},
        racks={"use": [GB300, LPX, CPU], "change": {}},
        serving={"tokens_per_s_per_rack": {}, "modes": ["afd"]},
    )
    figures = _figures(GB300, LPX, CPU, change={})
    one = asked_workloads(scenario, [2028])["coding_agent"]
    ways = list(ways_to_serve(Fleet(scenario, figures), one, one.traffic[2028]))

    assert {way.racks for way in ways} == {(GB300, LPX, CPU)}
    assert all(way.together for way in ways)
    assert [way.variant for way in ways] == list(range(len(ways)))
    amounts = {tuple(_found(way).racks_per_ktoken_s.values()) for way in ways}
    assert len(amounts) == len(ways)
