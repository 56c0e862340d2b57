import pytest

from components.catalog.loader import load_family
from components.facility.labour_market import LabourMarket, craft_h

MARKETS = [
    p for e in load_family("labour_market").values() if isinstance(p := e.parameters, LabourMarket)
]


def test_craft_hours_follow_from_electricians() -> None:
    """9,000 electricians x 2,000 h x 10 % open / 45 % of all craft hours = 4 million hours."""
    assert craft_h(9000) == pytest.approx(4e6)


def test_every_state_has_one_market() -> None:
    assert len({m.state for m in MARKETS}) == len(MARKETS) == 50


def test_the_shipped_hours_are_those_of_the_electricians_in_the_note() -> None:
    for entry in load_family("labour_market").values():
        thousands = float(entry.note.split(" ")[0])
        hours = entry.parameters.model_dump()["craft_h_per_year"]
        assert hours == pytest.approx(craft_h(1000 * thousands), abs=1e5), entry.name


def test_texas_is_cheap_and_nevada_dear() -> None:
    """10.6 and 13.75 M USD/MW, the middles of San Antonio and Reno, over 11.7."""
    factor = {m.state: m.construction_cost_factor for m in MARKETS}

    assert factor["TX"] == pytest.approx(10.6 / 11.7, abs=0.01)
    assert factor["NV"] == pytest.approx(13.75 / 11.7, abs=0.01)
    assert min(factor.values()) == factor["TX"]
    assert max(factor.values()) == factor["NV"]
