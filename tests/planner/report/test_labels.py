"""Names and colours are the same everywhere, and told apart."""

import itertools

import numpy as np
import pandas as pd
import pytest

from components.catalog.loader import load_family
from components.registry import COMPOSED, POWER_FAMILIES
from planner.report.figures.albers import Spot, albers, place_names
from planner.report.figures.costs import PLANT, POWER_COST
from planner.report.labels import (
    INGREDIENTS,
    MOST_SERIES,
    SOURCE_NAMES,
    TECHNOLOGY_NAMES,
    limit_label,
    series_name,
    site_labels,
    sources_of,
)
from planner.report.palette import COST, MODE, RACKS, SOURCE, TECHNOLOGY
from planner.report.ways import MODE_NAMES, mode_in_prose, mode_name
from planner.report.words import aligned, digits, money, name_of, share

VISION = {
    "usual": np.eye(3),
    "without red": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "without green": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "without blue": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""Linear sRGB to what is seen: Machado et al. 2009, doi:10.1109/TVCG.2009.113, severity 1."""

LEAST_DIFFERENCE = 14.0
"""CIE 1976 colour difference; about 2.3 can just be noticed."""

TECHNOLOGIES_DIFFER = 11.0
"""The same, where technologies of one kind, or racks, are told apart."""


def lab(colour: str, vision: np.ndarray) -> np.ndarray:
    """CIELAB of an sRGB colour (IEC 61966-2-1, D65) as seen."""
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(vision @ linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("palette", [SOURCE, COST, MODE], ids=["sources", "costs", "modes"])
def test_colours_are_told_apart_with_any_colour_vision(vision: str, palette: dict) -> None:
    for a, b in itertools.combinations(palette.values(), 2):
        difference = np.linalg.norm(lab(a, VISION[vision]) - lab(b, VISION[vision]))

        assert difference > LEAST_DIFFERENCE, f"{a} and {b}"


def test_sites_of_one_name_are_told_apart_by_id() -> None:
    sites = pd.DataFrame(
        {
            "site": ["a_tx", "b_tx", "c_oh", "c_oh"],
            "name": ["Abilene (north)", "Abilene", "Lima / West", "Lima / West"],
            "state": ["TX", "TX", "OH", "OH"],
        }
    )

    assert site_labels(sites) == {"a_tx": "a_tx", "b_tx": "b_tx", "c_oh": "Lima, OH"}


def plants(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """A table ``capacity`` of kind, component, technology and MW."""
    found = pd.DataFrame(list(rows), columns=["kind", "component", "technology", "mw"])
    return found.assign(family="power")


def test_products_are_told_by_technology_connection_or_kind() -> None:
    found = sources_of(
        plants(
            ("grid", "firm_grid", "", 2.0),
            ("grid", "flexible_grid", "", 1.0),
            ("gas", "a", "MSR", 1.0),
            ("gas", "b", "MSR", 5.0),
            ("gas", "c", "AERO", 2.0),
            ("solar", "pv_tracker", "", 5.0),
            ("rental", "leased", "HSR", 1.0),
            ("tidal", "tide", "", 5.0),
        )
    )

    assert found.series == {
        "firm_grid": "Firm grid",
        "flexible_grid": "Flexible grid",
        "b": "Medium-speed engines",
        "a": "Medium-speed engines",
        "c": "Aeroderivative turbines",
        "leased": "Rented plants",
        "pv_tracker": "Solar",
        "tide": "Tidal",
    }
    assert list(found.kinds) == ["firm_grid", "flexible_grid", "b", "c", "a", "leased",
                                 "pv_tracker", "tide"]  # fmt: skip
    assert found.colours["Aeroderivative turbines"] == TECHNOLOGY["AERO"]
    assert found.colours["Firm grid"] == SOURCE["grid"] != found.colours["Flexible grid"]
    assert list(found.colours)[-1] == "Curtailed"
    assert (found.kind("x"), found.named("curtailed")) == ("", "Curtailed")


def test_a_technology_has_one_colour_in_every_plan() -> None:
    alone = sources_of(plants(("gas", "a", "HSR", 1.0)))
    many = sources_of(plants(("gas", "a", "HSR", 1.0), ("gas", "b", "MSR", 9.0)))

    assert alone.colours["High-speed engines"] == many.colours["High-speed engines"]


def test_of_fifty_products_ten_series_are_told_apart() -> None:
    """All kinds but one kind of gas: 9 of other kinds leave room for one technology of gas.

    Grid and fuel cells have two series each here, so they give way, too: the largest is told.
    """
    kinds = [k for k in SOURCE if k not in ("gas", "fuel_cell", "grid", "battery")]
    rows = [(kind, kind, "", 1.0) for kind in kinds]
    rows += [("grid", "firm_grid", "", 9.0), ("grid", "flexible_grid", "", 1.0)]
    rows += [("fuel_cell", "f1", "SOFC", 2.0), ("fuel_cell", "f2", "PAFC", 1.0)]
    gas = [code for code in TECHNOLOGY if code not in ("SOFC", "MCFC", "PAFC")]
    rows += [("gas", f"g{i}", gas[i % 7], 40.0 - i) for i in range(40)]
    found = sources_of(plants(*rows))

    assert len(set(found.series.values())) == MOST_SERIES
    assert found.series["g0"] == "Medium-speed engines"
    assert found.series["g1"] == found.series["g6"] == "Gas, other"
    assert found.series["f1"] == found.series["f2"] == "Fuel cells"
    assert set(found.series.values()) <= set(found.colours)


def test_technologies_are_told_apart_as_well() -> None:
    """Every technology from every other, and from the kinds that stand beside it."""
    kinds = [c for k, c in SOURCE.items() if k not in ("gas", "fuel_cell")]
    for vision in VISION.values():
        for a, b in itertools.combinations([*TECHNOLOGY.values(), *kinds], 2):
            assert np.linalg.norm(lab(a, vision) - lab(b, vision)) > TECHNOLOGIES_DIFFER, (a, b)


@pytest.mark.parametrize("family", ["gas", "fuel_cell"])
def test_every_technology_of_the_catalog_has_its_name_and_colour(family: str) -> None:
    for name, entry in load_family(family).items():
        code = entry.parameters.technology

        assert code in TECHNOLOGY, name
        assert series_name(family, name, code) == TECHNOLOGY_NAMES[code]


def test_every_ingredient_of_the_catalog_has_its_name() -> None:
    assert set(INGREDIENTS) == set(load_family("chip_supply"))


def test_racks_are_told_apart() -> None:
    for vision in VISION.values():
        for a, b in itertools.combinations(RACKS.values(), 2):
            assert np.linalg.norm(lab(a, vision) - lab(b, vision)) > TECHNOLOGIES_DIFFER, (a, b)


def test_every_rack_of_the_catalog_has_its_colour_and_a_name_of_its_own() -> None:
    racks = load_family("rack")
    names = {name_of(rack) for rack in racks}

    assert set(RACKS) == set(racks)
    assert len(names) == len(racks)
    assert not [name for name in names if name.islower() or "_" in name]


@pytest.mark.parametrize(
    ("rack", "said"),
    [
        ("vr200_nvl72", "VR200 NVL72"),
        ("lpx_groq3", "Groq 3 LPX"),
        ("rubin_ultra_nvl576", "Rubin Ultra NVL576"),
        ("tpu_v7_ironwood", "TPU v7 Ironwood"),
        ("hgx_h100", "HGX H100"),
        ("helios_mi455x", "Helios MI455X"),
    ],
)
def test_racks_are_called_as_their_vendors_call_them(rack: str, said: str) -> None:
    assert name_of(rack) == said


@pytest.mark.parametrize(
    ("mode", "name", "prose"),
    [
        ("colocated", "Colocated", "colocated"),
        ("split+kv_tier", "Split, KV cache tier", "split with a KV cache tier"),
        ("afd", "AFD", "by AFD"),
        ("given", "As given", "as given"),
        ("speculative+disk", "Speculative, Disk", "speculative with disk"),
    ],
)
def test_modes_in_words(mode: str, name: str, prose: str) -> None:
    assert (mode_name(mode), mode_in_prose(mode)) == (name, prose)


def test_every_mode_that_is_known_has_its_colour() -> None:
    tiers = [f"{mode}+kv_tier" for mode in MODE_NAMES if mode != "given"]

    assert set(MODE) == {*MODE_NAMES, *tiers}


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("chips", "cowos", "CoWoS wafers"),
        ("ramp", "lpx_groq3", "Groq 3 LPX: ramp-up"),
        ("grid share", "grid energy", "Grid energy, national share"),
        ("grid area", "ERCO-WEST", "Grid area ERCO-WEST"),
        ("grid area share", "PJM-DOM", "Grid energy, share of PJM-DOM"),
        ("labour", "craft hours", "Craft hours at Abilene, TX"),
        ("CO2", "all sites", "All sites: CO\u2082 at Abilene, TX"),
        ("budget", "investment", "Investment: budget at Abilene, TX"),
    ],
)
def test_limits_in_words(kind: str, name: str, said: str) -> None:
    assert limit_label(kind, name, "a", {"a": "Abilene, TX"}) == said


def test_names_on_the_map_do_not_cover_each_other() -> None:
    """Three sites in a row, so near that only the outer sides are free beside them."""
    spots = [Spot(-97.0 + i, 35.0, 8.0, f"Name {i}") for i in range(3)]

    found = place_names(spots, 1000)

    assert len(found) == 3
    assert len({(a.align, a.dx, a.dy) for a in found.values()}) == 3


def test_a_name_without_room_is_left_out() -> None:
    crowd = [Spot(-97.0 + 0.1 * i, 35.0, 8.0, f"A long name {i}") for i in range(30)]

    assert 0 < len(place_names(crowd, 1000)) < 30


def test_albers_keeps_area() -> None:
    """A square degree at 30 and at 45 degrees north: sphere areas are as cos(latitude)."""

    def area(latitude: float) -> float:
        corners = [(0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01)]
        points = [albers(-90 + x, latitude + y) for x, y in corners]
        pairs = zip(points, points[1:] + points[:1], strict=True)
        return 0.5 * abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs))

    ratio = np.cos(np.radians(45.005)) / np.cos(np.radians(30.005))
    assert area(45) / area(30) == pytest.approx(ratio, rel=1e-6)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (9.999, "10.0"), (-1234.5, "\u22121,230"), (0.00123, "0.00123"), (99.95, "100")],
)
def test_three_digits(value: float, said: str) -> None:
    assert digits(value) == said


def test_other_numbers() -> None:
    assert money(-2.5e6) == "\u2212$2.50\u202fmillion"
    assert share(0.05) == "5.0%"
    assert aligned([None, None]) == ["\u2013", "\u2013"]
    assert aligned([1234.5, 2.0]) == ["1,234", "2"]


@pytest.mark.parametrize("family", [*POWER_FAMILIES, *COMPOSED])
def test_every_family_of_power_has_its_name_and_colour_everywhere(family: str) -> None:
    assert family in SOURCE
    assert family in SOURCE_NAMES
    assert {PLANT.get(family), SOURCE_NAMES[family]} & set(POWER_COST)
