"""Distances from sites to a user's map layers: power lines, gas pipelines, fibre."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from sites.errors import LayerError
from sites.site import Site

Kind = Literal["lines", "pipelines", "fibre"]

REACH_MILES = 100.0
"""A layer whose nearest feature is farther from a site says nothing of it [mi].

A layer of one state would otherwise put the nearest line of all other states at its border.
"""

LINE_COLUMNS: Mapping[str, float] = MappingProxyType(
    {"line_230kv_miles": 230.0, "line_345kv_miles": 345.0, "line_500kv_miles": 500.0}
)
"""Column of the site table to the least voltage of the lines it is of [kV]."""

NEEDED_KV = 345.0
"""Voltage of the lines that a campus connects to [kV]."""

COLUMN: Mapping[str, str] = MappingProxyType(
    {"pipelines": "gas_pipeline_miles", "fibre": "fibre_miles"}
)
"""Layer to the column of the site table that it fills; lines fill `LINE_COLUMNS`."""

VOLTAGE_FIELDS = ("voltage_kv", "VOLTAGE")
"""Names of the field of a line's voltage [kV]; the second is that of HIFLD."""

LARGEST_MB = 200.0
LARGEST_FEATURES = 1_000_000

M_PER_MILE = 1609.344
US_BOX_DEG = (-180.0, 15.0, -50.0, 72.0)
"""West, south, east and north of all that can be near a site in the United States [deg]."""

ALBERS = "EPSG:5070"
"""Equal-area for the United States; lengths are off by 2 % at most within 24 to 49 degrees."""

SLACK, SLACK_M = 1.1, 2_000.0
"""What nearest in Albers may be nearer in truth: share, and length for curved lines [m]."""


def layer_figures(
    sites: Iterable[Site], files: Mapping[Kind, Path | str]
) -> dict[str, dict[str, float]]:
    """Return what layers say of the distances of sites.

    Parameters
    ----------
    sites
        Places in the United States.
    files
        Layer to a file that geopandas reads, with lines in any reference system. ``lines`` needs a
        field ``voltage_kv`` or ``VOLTAGE`` [kV]; features without a voltage are left out.

    Returns
    -------
    dict of str to dict
        Site to column of the site table to miles, straight to the nearest point of the nearest
        feature. A site farther than `REACH_MILES` from all of a layer has no figure of it.

    Raises
    ------
    LayerError
        If a file cannot be used, with the layer and what to try.
    """
    places = list(sites)
    found: dict[str, dict[str, float]] = {site.id: {} for site in places}
    for kind, file in files.items():
        layer = _read(kind, Path(file))
        for column, shapes in _columns(kind, Path(file), layer):
            miles = _miles(places, shapes)
            for site, each in zip(places, miles, strict=True):
                if each <= REACH_MILES:
                    found[site.id][column] = round(float(each), 2)
    return found


def _read(kind: Kind, file: Path) -> Any:
    """Return a checked layer in degrees, one line or part of a line a feature."""
    import geopandas  # half a second, which scenarios without layers must not wait for

    if not file.is_file():
        raise LayerError(kind, file, "no such file; try the path")
    if file.stat().st_size > 1e6 * LARGEST_MB:
        what = f"has {file.stat().st_size / 1e6:.0f} MB, at most {LARGEST_MB:.0f} are read"
        raise LayerError(kind, file, f"{what}; try the part around the sites")
    try:
        layer = geopandas.read_file(file)
    except Exception as error:  # whatever GDAL stumbles over
        what = f"cannot be read as a map layer ({type(error).__name__}: {error})"
        raise LayerError(kind, file, f"{what}; try .geojson or .gpkg") from error
    if not isinstance(layer, geopandas.GeoDataFrame):
        raise LayerError(kind, file, "no geometry; try a layer of lines")
    if layer.crs is None:
        raise LayerError(kind, file, "no reference system; try saving the layer in EPSG:4326")
    there = layer[~(layer.geometry.isna() | layer.geometry.is_empty)]
    _check_shapes(kind, file, there)
    return _in_degrees(kind, file, there)


def _check_shapes(kind: Kind, file: Path, layer: Any) -> None:
    if layer.empty:
        raise LayerError(kind, file, "is empty; try a layer that has lines in it")
    if len(layer) > LARGEST_FEATURES:
        what = f"has {len(layer):,} features, at most {LARGEST_FEATURES:,} are read"
        raise LayerError(kind, file, f"{what}; try the part around the sites")
    wrong = sorted(set(layer.geom_type) - {"LineString", "MultiLineString"})
    if wrong:
        what = f"has features of type {', '.join(wrong)}, where lines are asked for"
        tip = "try the layer of routes, not that of stations, towers or areas"
        raise LayerError(kind, file, f"{what}; {tip}")


def _in_degrees(kind: Kind, file: Path, layer: Any) -> Any:
    degrees = layer.to_crs(epsg=4326).explode(ignore_index=True)
    west, south, east, north = bounds = degrees.total_bounds
    if not np.isfinite(bounds).all() or max(-west, east) > 180 or max(-south, north) > 90:
        what = f"reaches from {west:g}, {south:g} to {east:g}, {north:g}, which is not in degrees"
        tip = "try declaring the layer's reference system, or longitude before latitude"
        raise LayerError(kind, file, f"{what}; {tip}")
    if degrees.cx[US_BOX_DEG[0] : US_BOX_DEG[2], US_BOX_DEG[1] : US_BOX_DEG[3]].empty:
        what = f"lies far from the United States, from {west:.1f}, {south:.1f} to {east:.1f}, "
        tip = "try the layer's reference system, or longitude before latitude"
        raise LayerError(kind, file, f"{what}{north:.1f}; {tip}")
    return degrees


def _columns(kind: Kind, file: Path, layer: Any) -> Iterable[tuple[str, Any]]:
    """Yield each column that a layer fills with the shapes it is of."""
    if kind != "lines":
        yield COLUMN[kind], layer.geometry.to_numpy()
        return
    voltage = _voltage_kv(kind, file, layer)
    if not (voltage >= NEEDED_KV).any():
        what = f"has no line of {NEEDED_KV:g} kV or more, the highest is {voltage.max():g} kV"
        raise LayerError(kind, file, f"{what}; try a layer of transmission lines")
    # A layer that begins at 345 kV says nothing of the nearest line of 230 kV or more.
    least_kv = voltage[voltage > 0].min()
    for column, least in LINE_COLUMNS.items():
        if (chosen := voltage >= least).any() and (least >= NEEDED_KV or least_kv < NEEDED_KV):
            yield column, layer.geometry[chosen].to_numpy()


def _voltage_kv(kind: Kind, file: Path, layer: Any) -> Any:
    import pandas as pd

    name = next((field for field in VOLTAGE_FIELDS if field in layer.columns), None)
    if name is None:
        fields = ", ".join(str(c) for c in layer.columns if c != layer.geometry.name) or "none"
        what = f"no field of the voltage, the fields are: {fields}"
        raise LayerError(kind, file, f"{what}; try naming it voltage_kv [kV]")
    # HIFLD writes -999999 where it does not know.
    voltage = pd.to_numeric(layer[name], errors="coerce").fillna(0.0).clip(lower=0.0)
    if voltage.max() > 2_000:
        what = f"{name} reaches {voltage.max():g}, which is not in kV"
        raise LayerError(kind, file, f"{what}; try dividing volts by 1,000")
    return voltage


def _miles(sites: list[Site], shapes: Any) -> list[float]:
    """Return the distance of each site to the nearest of the shapes [mi]; infinite: far away.

    Candidates are found in one projection for all; each is then measured in an azimuthal
    equidistant projection around the site, in which every length from the site is true.
    """
    from pyproj import Transformer
    from shapely import Point, STRtree, transform

    albers = Transformer.from_crs(4326, ALBERS, always_xy=True)
    flat = transform(shapes, albers.transform, interleaved=False)
    tree = STRtree(flat)
    found: list[float] = []
    for site in sites:
        here = Point(albers.transform(site.longitude_deg, site.latitude_deg))
        nearest = here.distance(flat[tree.nearest(here)])
        within = min(nearest, 2 * M_PER_MILE * REACH_MILES) * SLACK + SLACK_M
        close = tree.query(here, predicate="dwithin", distance=within)
        found.append(_true_miles(site, shapes[close]) if len(close) else float("inf"))
    return found


def _true_miles(site: Site, shapes: Any) -> float:
    from pyproj import CRS, Transformer
    from shapely import Point, distance, segmentize, transform

    around = CRS.from_proj4(
        f"+proj=aeqd +lat_0={site.latitude_deg} +lon_0={site.longitude_deg} +datum=WGS84 +units=m"
    )
    true = Transformer.from_crs(4326, around, always_xy=True)
    # Long pieces are straight in degrees, and bend in any other projection.
    fine = segmentize(shapes, 0.1)
    metres = distance(Point(0, 0), transform(fine, true.transform, interleaved=False))
    return float(metres.min()) / M_PER_MILE
