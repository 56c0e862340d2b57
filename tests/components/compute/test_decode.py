"""One decode step: parts, drafts, overlap."""

import numpy as np
import pytest

from components.base import Floats
from components.catalog.loader import load_family
from components.compute.attention import attention_us
from components.compute.decode import PARTS, SAMPLING_PER_DRAFT, Step, Way, decode_step
from components.compute.experts import feed_forward_us
from components.compute.network import all_reduce_us, all_to_all_us
from components.compute.parallelism import Layout

R1 = load_family("model")["deepseek_r1"].parameters
RACKS = {e.name: e.parameters for e in load_family("rack").values()}
SOFTWARE = load_family("serving_software")["blackwell_hgx"].parameters
B200, H100 = RACKS["hgx_b200_air"], RACKS["hgx_h100"]
BATCH: Floats = np.array([8.0, 64.0, 512.0, 4096.0])
TP8 = Way(Layout(8, expert_parallel=False), "fp4", "fp8")
EP64 = Way(Layout(64, expert_parallel=True), "fp8", "fp8")


def step(way: Way = TP8, rack=B200, batch: Floats = BATCH, context: float = 2000.0) -> Step:
    return decode_step(R1, rack, SOFTWARE, way, batch, context)


@pytest.mark.parametrize("way", [TP8, EP64, Way(EP64.layout, "fp8", "fp8", 3, 2.5)])
def test_parts_sum_to_the_step(way: Way) -> None:
    found = step(way, H100)

    assert set(found.parts) == set(PARTS)
    assert sum(found.parts.values()) == pytest.approx(found.total_us)
    assert all(np.all(us >= 0) for us in found.parts.values())


def test_tensor_parallel_by_its_parts() -> None:
    found = step()
    attention = attention_us(
        R1, B200, SOFTWARE, BATCH, 2000, verified_tokens=1, kv_format="fp8", tensor_chips=8
    )
    experts = feed_forward_us(
        R1, B200, SOFTWARE, BATCH, weight_format="fp4", chips=8, whole_experts=False
    )

    assert found.parts["attention"] == pytest.approx(61 * np.maximum(*attention))
    assert found.parts["experts"] == pytest.approx(61 * np.maximum(*experts))
    assert found.parts["network"] == pytest.approx(61 * all_reduce_us(R1, B200, SOFTWARE, BATCH, 8))
    assert found.parts["fixed"] == pytest.approx(61 * SOFTWARE.fixed_tp_us)
    assert found.parts["head"] == pytest.approx(SOFTWARE.step_us)


def test_drafts_pass_one_layer_each_and_are_sampled() -> None:
    drafted = step(Way(TP8.layout, "fp4", "fp8", 3, 2.5))

    assert drafted.parts["fixed"] == pytest.approx(64 * SOFTWARE.fixed_tp_us)
    assert drafted.parts["head"] == pytest.approx(SOFTWARE.step_us * (1 + 3 * SAMPLING_PER_DRAFT))
    assert np.all(drafted.total_us > step().total_us)


def test_exchange_hides_behind_computing_where_that_is_faster() -> None:
    """Over the NIC with many sequences: less than all one after another, at least the computing."""
    found = step(EP64, H100)
    own = BATCH / 64
    exchange = 61 * all_to_all_us(R1, H100, SOFTWARE, own, 64)

    assert np.all(found.parts["network"] <= exchange)
    assert found.parts["network"][-1] < 0.9 * exchange[-1]
    assert found.parts["network"][0] == pytest.approx(exchange[0])


def test_what_binds_is_said() -> None:
    """A long context makes attention bind; few sequences leave experts to memory."""
    assert step(context=100_000.0).bound_by(3).startswith("attention: ")
    assert step().bound_by(1) == "experts: memory"


def test_a_step_is_longer_with_more_sequences_and_context() -> None:
    assert np.all(np.diff(step().total_us) > 0)
    assert np.all(step(context=4000.0).total_us > step().total_us)
