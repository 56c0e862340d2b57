import pytest

from components.catalog.loader import load_family
from components.compute import agent_tools
from components.compute.agent_tools import tool_need
from components.compute.rack import Rack

ETL = load_family("rack")["etl256_vera"].parameters
assert isinstance(ETL, Rack)


def test_cores_found_on_paper() -> None:
    """2 requests/s of 500 tokens x 1.1264 core-s / 0.5 = 4.5056 cores of 22,528: 2e-4 racks."""
    need = tool_need(ETL, 500, core_s=1.1264, utilisation=0.5)

    assert need.by_cores == pytest.approx(2e-4)
    assert need.by_memory == 0
    assert need.racks_per_ktoken_s == need.by_cores


def test_default_is_what_the_study_measured() -> None:
    """7.6 % of a core for 539 s over 6,532 calls of 111 tasks: 0.70 core-s; 1.21 calls a step."""
    per_call = 0.076 * 539 / (6532 / 111)

    assert pytest.approx(per_call, rel=0.01) == agent_tools.CORE_S_PER_TOOL_CALL
    assert pytest.approx(432_510 / 357_161, rel=0.01) == agent_tools.TOOL_CALLS_PER_STEP


def test_waiting_sandboxes_take_memory() -> None:
    """2 requests/s x 195 s x 2 GB = 780 GB of 390 TB: 0.002 racks, ten times the cores'."""
    need = tool_need(ETL, 500, core_s=1.1264, open_s=195, sandbox_gb=2, utilisation=0.5)

    assert need.by_memory == pytest.approx(2e-3)
    assert (need.bound_by, need.racks_per_ktoken_s) == ("memory", need.by_memory)


def test_need_is_proportional_to_time_and_inverse_to_utilisation() -> None:
    base = tool_need(ETL, 500, core_s=1, utilisation=0.5).by_cores

    assert tool_need(ETL, 500, core_s=3, utilisation=0.5).by_cores == pytest.approx(3 * base)
    assert tool_need(ETL, 500, core_s=1, utilisation=1.0).by_cores == pytest.approx(base / 2)
    assert tool_need(ETL, 1000, core_s=1, utilisation=0.5).by_cores == pytest.approx(base / 2)


def test_a_rack_without_cores_runs_no_tools() -> None:
    bare = ETL.model_copy(update={"cores": 0})

    with pytest.raises(ValueError, match="no cores"):
        tool_need(bare, 500)


@pytest.mark.parametrize("utilisation", [0.0, 1.5, -1.0])
def test_utilisation_is_a_share(utilisation: float) -> None:
    with pytest.raises(ValueError, match="utilisation"):
        tool_need(ETL, 500, utilisation=utilisation)
