"""Outlines of the conterminous United States for maps."""

import json
from functools import cache
from typing import Any

from sites.table import DATA


def us_states() -> dict[str, Any]:
    """Return the 48 conterminous states and the District of Columbia as GeoJSON.

    Returns
    -------
    dict
        A FeatureCollection in degrees on WGS 84, two decimals. Properties are ``state`` (two
        letters) and ``name``; ``id`` is the census number. Neighbours share their border. Outer
        rings run clockwise as Vega and d3-geo want them, against RFC 7946. Islands below 0.01
        square degrees are left out. Every call returns a fresh copy.

    Notes
    -----
    From US Census cartographic boundary file cb_2016_us_county_500k (public domain), counties
    merged to states and simplified so that borders stay shared; good for maps of the country,
    not for measuring.

    Examples
    --------
    >>> len(us_states()["features"])
    49
    """
    collection: dict[str, Any] = json.loads(_text())
    return collection


@cache
def _text() -> str:
    return (DATA / "us_states.geojson").read_text(encoding="utf-8")
