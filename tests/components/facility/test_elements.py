"""Shares of what a part of a plan costs, worked out on paper."""

import pytest
from pydantic import ValidationError

from components.catalog.loader import load_family
from components.compute.rack import Rack
from components.facility.elements import NAMES, Element, added_to_racks, unbalanced, weights

SHIPPED = {
    name: entry.parameters
    for name, entry in load_family("element").items()
    if isinstance(entry.parameters, Element)
}


def test_each_part_is_split_whole() -> None:
    assert list(unbalanced(SHIPPED)) == []
    for part in {element.of for element in SHIPPED.values()}:
        assert sum(weights(SHIPPED, part).values()) == pytest.approx(1, abs=1e-12)


def test_all_eleven_are_there() -> None:
    assert {element.number for element in SHIPPED.values()} == {0, *NAMES}


def test_published_costs_add_up_to_what_a_megawatt_is_said_to_cost() -> None:
    """About 47 million USD/MW, 4.3 of them outside the list, 4.9 for power supply."""
    usd_per_kw = dict.fromkeys((0, *NAMES), 0.0)
    for element in SHIPPED.values():
        usd_per_kw[element.number] += element.published_usd_per_kw

    assert sum(usd_per_kw.values()) == pytest.approx(47_400)
    assert usd_per_kw[0] == pytest.approx(4300)
    assert usd_per_kw[5] == pytest.approx(4900)


def test_scale_out_and_storage_are_twelve_to_fifteen_per_cent_of_it() -> None:
    added = added_to_racks(SHIPPED.values())

    assert 0.12 <= added / (1 + added) <= 0.15


def test_additions_dilute_what_was_the_whole_price() -> None:
    """1 of servers and 0.25 of network beside it are 0.8 and 0.2 of what is paid."""
    mine = {
        "servers": Element(number=1, of="rack", share=1.0),
        "networking": Element(number=2, of="rack", added_share=0.25),
    }

    assert weights(mine, "rack") == {"servers": 0.8, "networking": 0.2}


def test_a_part_without_elements_is_refused() -> None:
    with pytest.raises(ValueError, match="no element has a share of block"):
        weights({"servers": Element(number=1, of="rack", share=1.0)}, "block")


def test_shares_that_do_not_add_up_are_found() -> None:
    bent = SHIPPED | {"security": SHIPPED["security"].model_copy(update={"share": 0.118})}

    assert dict(unbalanced(bent)) == {"block": pytest.approx(1.1)}


def test_only_racks_lack_something() -> None:
    with pytest.raises(ValidationError, match="is for what is of a rack, not of block"):
        Element(number=6, of="block", added_share=0.1)


def test_a_rack_costs_more_with_its_network_and_a_rack_of_storage_does_not() -> None:
    def of(name: str) -> Rack:
        rack = load_family("rack")[name].parameters
        assert isinstance(rack, Rack)
        return rack

    bare, flash = of("vr200_nvl72"), of("stx_bluefield4")
    falling = bare.model_copy(update={"capex_2030_usd_per_kw": 20_000.0})

    assert bare.with_added_cost(0.15).capex_usd_per_kw == pytest.approx(1.15 * 37_142.9)
    assert falling.with_added_cost(0.15).capex_2030_usd_per_kw == pytest.approx(23_000)
    assert bare.with_added_cost(0.15).fixed_om_usd_per_kw_year == bare.fixed_om_usd_per_kw_year
    assert flash.with_added_cost(0.15) == flash
