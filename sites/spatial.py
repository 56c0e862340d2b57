"""Map layers of sites, read through geopandas."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sites.errors import SiteFileError


def read_features(file: Path) -> Iterator[dict[str, str]]:
    """Yield the filled attributes of every feature, with its place on WGS 84.

    Parameters
    ----------
    file
        Any layer geopandas reads.

    Yields
    ------
    dict of str to str
        Attributes as text; ``latitude_deg`` and ``longitude_deg`` are those of the geometry, also
        where the layer has attributes of these names.

    Raises
    ------
    SiteFileError
        If the file is no layer, has no coordinate reference system, or a feature has no place
        on Earth.
    """
    layer = _layer(file)
    problems = [
        f"{file}: feature {number}: no geometry; try a point for each site"
        for number, shape in enumerate(layer.geometry, start=1)
        if shape is None or shape.is_empty
    ]
    if problems:
        raise SiteFileError(problems)
    points = layer.geometry.representative_point()
    places = points.to_crs(epsg=4326)
    attributes = layer.drop(columns=layer.geometry.name)
    for row, place in zip(attributes.to_dict("records"), places, strict=True):
        if not (abs(place.x) <= 180 and abs(place.y) <= 90):
            what = f"{file}: a place at {place.x:g}, {place.y:g} is not in degrees"
            raise SiteFileError([f"{what}; try declaring the layer's reference system"])
        cells = {str(key): _text(value) for key, value in row.items()}
        cells["latitude_deg"], cells["longitude_deg"] = repr(place.y), repr(place.x)
        yield {key: text for key, text in cells.items() if text}


def _layer(file: Path) -> Any:
    # geopandas takes half a second to import; the built-in table must not wait for it.
    import geopandas

    try:
        layer = geopandas.read_file(file)
    except Exception as error:  # whatever GDAL stumbles over
        what = f"{file}: cannot be read as a map layer ({type(error).__name__}: {error})"
        raise SiteFileError([f"{what}; try .csv, .geojson or .gpkg"]) from error
    if not isinstance(layer, geopandas.GeoDataFrame):
        raise SiteFileError([f"{file}: no geometry; try a layer of points, or .csv"])
    if layer.crs is None:
        raise SiteFileError([f"{file}: no reference system; try saving the layer in EPSG:4326"])
    return layer


def _text(value: object) -> str:
    # Missing attributes arrive as None or NaN, which is unequal to itself.
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
