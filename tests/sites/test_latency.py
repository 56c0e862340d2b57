"""Round trips: against the site table, light in fibre, and pairs of cities."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sites.latency import (
    FIXED_MS,
    PATH_FACTOR,
    Metro,
    metro_facts,
    metros,
    population_shares,
    rtt_ms,
)
from sites.normals import distance_km
from sites.outlines import us_states
from sites.table import builtin_sites

HUBS = {
    "rtt_ashburn_ms": (39.04, -77.49),
    "rtt_dallas_ms": (32.78, -96.80),
    "rtt_sanjose_ms": (37.34, -121.89),
}
"""Field of the site table to the place it is of [degree]."""

SITES = builtin_sites()


def test_the_site_table_has_this_path_factor_and_this_fixed_part() -> None:
    """A straight line through the 165 round trips of the table gives both back."""
    pairs = [
        (distance_km(site.latitude_deg, site.longitude_deg, *place), getattr(site, field))
        for site in SITES.values()
        for field, place in HUBS.items()
    ]
    km, table_ms = np.array(pairs).T
    slope, fixed = np.polyfit(km, table_ms, 1)

    assert slope == pytest.approx(2 * PATH_FACTOR / 204, rel=0.002)
    assert fixed == pytest.approx(FIXED_MS, abs=0.05)


def test_dallas_is_as_far_as_in_the_site_table() -> None:
    off = [rtt_ms(site, "dallas") - site.rtt_dallas_ms for site in SITES.values()]

    assert max(map(abs, off)) < 0.6  # the table has whole milliseconds
    assert abs(np.mean(off)) < 0.1


def test_by_hand() -> None:
    """Ashburn to Chicago, 922 km: 0.3 + 2 x 1.4 x 922 / 204 = 13.0 ms."""
    assert rtt_ms(SITES["ashburn_va"], "chicago") == pytest.approx(13.0, abs=0.3)


def test_nothing_is_faster_than_light_in_fibre() -> None:
    for site in SITES.values():
        for name, metro in metros().items():
            km = distance_km(
                site.latitude_deg, site.longitude_deg, metro.latitude_deg, metro.longitude_deg
            )
            assert rtt_ms(site, name) > 2 * km / 204


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(KeyError, match="gotham"):
        rtt_ms(SITES["abilene_tx"], "gotham")


def test_metros_are_whole_and_in_order() -> None:
    found = list(metros().values())

    assert len(found) == 20
    assert all(a.population > b.population for a, b in pairwise(found))
    assert all(name == metro.id for name, metro in metros().items())
    assert sum(population_shares().values()) == pytest.approx(1)
    # 128 of the 340 million people of 1 July 2024.
    assert 0.36 < sum(metro.population for metro in found) / 340.1e6 < 0.39


def _numbers(rings: Any) -> Iterator[tuple[float, float]]:
    """Yield every point of nested rings."""
    if isinstance(rings[0], int | float):
        yield rings[0], rings[1]
    else:
        for ring in rings:
            yield from _numbers(ring)


def test_metros_lie_in_their_states() -> None:
    """A slip of a digit or a sign would take one out of the box around its state."""
    states = {each["properties"]["state"]: each["geometry"] for each in us_states()["features"]}
    for metro in metros().values():
        east, north = np.array(list(_numbers(states[metro.state]["coordinates"]))).T
        assert east.min() - 0.1 <= metro.longitude_deg <= east.max() + 0.1, metro.id
        assert north.min() - 0.1 <= metro.latitude_deg <= north.max() + 0.1, metro.id


def test_every_column_has_a_fact_and_the_units_agree() -> None:
    assert list(metro_facts()) == list(Metro.model_fields)
    for name, fact in metro_facts().items():
        found = re.search(r" \[(.+)\]$", Metro.model_fields[name].description or "")
        assert (found[1] if found else "") == fact.unit, name
        assert len(fact.source) > 8, name
