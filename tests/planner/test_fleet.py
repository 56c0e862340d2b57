"""What racks give: measured curves above the model, claims, and software that grows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.compute.rack import Rack
from components.compute.traffic import Infeasible, Performance, Traffic
from planner.fleet import Fleet
from planner.workloads import Asked, asked_workloads
from tests.planner.hand import hand_case, hand_scenario

GB200, GB300, VR200 = "gb200_nvl72", "gb300_nvl72", "vr200_nvl72"
AT_1K = Traffic(1024, 1024, 60, 10)
"""Within what was measured of R1 on GB200."""


def fleet(*racks: str, **serving: Any) -> tuple[Fleet, Asked]:
    """Racks in use, and chat."""
    scenario = hand_scenario(
        racks={"use": list(racks), "change": {}},
        serving={"tokens_per_s_per_rack": {}, **serving},
    )
    figures = {name: product.figures for name, product in hand_case(scenario).racks.items()}
    assert all(isinstance(each, Rack) for each in figures.values())
    return Fleet(scenario, figures), asked_workloads(scenario, [2028])["chat"]  # type: ignore[arg-type]


def given(rack: str, traffic: Traffic = AT_1K, mode: str = "split", **serving: Any) -> Performance:
    """What one kind of rack gives."""
    racks, asked = fleet(rack, **serving)
    found = racks.alone(asked, rack, mode)(traffic, 1.0)
    assert not isinstance(found, Infeasible)
    return found[0]


def _rate(rack: str, **serving: Any) -> float:
    return given(rack, **serving).output_tokens_per_s_per_gpu


def test_a_measured_curve_stands_above_the_model() -> None:
    measured, modelled = given(GB200), given(GB200, measured=False)

    assert (measured.measured, modelled.measured) == (True, False)
    assert measured.output_tokens_per_s_per_gpu != pytest.approx(
        modelled.output_tokens_per_s_per_gpu, rel=1e-3
    )


def test_a_curve_of_another_rack_with_the_same_software_stands_as_a_ratio() -> None:
    """What software makes of GB200 it makes of GB300, of which nobody measured this."""
    ratio = _rate(GB200) / _rate(GB200, measured=False)
    lent = given(GB300)

    assert not lent.measured
    assert lent.notes[-1] == "measured on gb200_nvl72"
    assert _rate(GB300) / _rate(GB300, measured=False) == pytest.approx(ratio, rel=0.02)
    assert ratio != pytest.approx(1, abs=0.03)


def test_racks_of_other_software_borrow_nothing() -> None:
    assert _rate(VR200) == pytest.approx(_rate(VR200, measured=False))


@pytest.mark.parametrize(("rack", "changes"), [(VR200, True), (GB200, False)])
def test_vendors_claims_take_the_haircut_off_racks_that_have_one(rack: str, changes: bool) -> None:
    derated = _rate(rack, measured=False)
    vendor = _rate(rack, measured=False, claims="vendor")

    assert (vendor > 1.1 * derated) == changes
    if not changes:
        assert vendor == pytest.approx(derated)


@pytest.fixture
def curve_file(tmp_path: Path) -> Callable[[str, str], dict[str, Any]]:
    """A file that says 1,000 output tokens/s of each GPU at 50 a user, and 500 at 100."""

    def entry(rack: str, mode: str) -> dict[str, Any]:
        path = tmp_path / f"{rack}.csv"
        path.write_text("tokens/s/user,tokens/s/gpu\n50,1000\n100,500\n", encoding="utf-8")
        of = {"model": "deepseek_r1", "rack": rack, "input_tokens": 1024, "output_tokens": 1024}
        return {"file": str(path), "mode": mode, **of}

    return entry


def test_a_file_of_points_stands_above_all_else(curve_file) -> None:
    """1,000 tokens/s of 72 GPUs are 72 a rack: 1 / 72 of a rack for 1,000 tokens/s."""
    found = given(VR200, Traffic(1024, 1024, 50, 10), curves=[curve_file(VR200, "split")])

    assert found.measured
    assert found.output_tokens_per_s_per_gpu == pytest.approx(1000, rel=1e-3)
    assert found.racks_per_ktoken_s[VR200] == pytest.approx(1 / 72, rel=1e-3)


def test_a_file_of_one_mode_lends_its_ratio_to_the_other(curve_file) -> None:
    curves = [curve_file(VR200, "colocated")]
    at_50 = Traffic(1024, 1024, 50, 10)

    assert given(VR200, at_50, "split", curves=curves).output_tokens_per_s_per_gpu != (
        given(VR200, at_50, "split").output_tokens_per_s_per_gpu
    )


@pytest.mark.parametrize(
    ("rack", "year", "years"),
    [(GB200, 2026.0, 0), (GB200, 2027.5, 1), (GB200, 2040.0, 2), (VR200, 2027.75, 1)],
)
def test_software_gains_from_the_later_of_release_and_catalog(rack, year, years) -> None:
    """VR200 is released in October 2026, GB200 before the middle of 2026, the catalog's date."""
    assert fleet(rack)[0].software_gain(rack, year) == pytest.approx(1.2**years)


@pytest.mark.parametrize("rack", ["etl256_vera", "stx_bluefield4"])
def test_racks_that_run_no_model_gain_nothing(rack: str) -> None:
    assert fleet(GB200, rack)[0].software_gain(rack, 2030.0) == 1.0
