"""What chips exchange, by hand, and against the published figures of DeepEP."""

import numpy as np
import pytest

from components.catalog.loader import load_family
from components.compute.network import all_reduce_us, all_to_all_us, destinations, mean_hops
from components.compute.rack import Rack
from components.compute.software import ServingSoftware

R1 = load_family("model")["deepseek_r1"].parameters
RACKS = {e.name: e.parameters for e in load_family("rack").values()}
H100, GB200 = RACKS["hgx_h100"], RACKS["gb200_nvl72"]
SOFTWARE = load_family("serving_software")["hopper"].parameters.model_copy(
    update={"domain_latency_us": 8.0, "nic_latency_us": 25.0}
)
DEEPEP = {16: 118 + 195, 32: 155 + 273, 64: 173 + 314, 128: 192 + 369, 256: 194 + 360}
"""Chips to dispatch and combine [us]: DeepEP docs/legacy.md, 128 tokens a rank, top 8, H800."""


def all_to_all(
    rack: Rack, chips: int, tokens: float, software: ServingSoftware = SOFTWARE
) -> float:
    return float(all_to_all_us(R1, rack, software, np.array([tokens]), chips)[0])


def all_reduce(
    rack: Rack, chips: int, tokens: float, software: ServingSoftware = SOFTWARE
) -> float:
    return float(all_reduce_us(R1, rack, software, np.array([tokens]), chips)[0])


@pytest.mark.parametrize(("chips", "published_us"), DEEPEP.items())
def test_low_latency_kernels_of_deepep(chips: int, published_us: float) -> None:
    assert all_to_all(H100, chips, 128) == pytest.approx(published_us, rel=0.1)


def test_one_chip_exchanges_nothing() -> None:
    assert all_to_all(H100, 1, 100) == all_reduce(H100, 1, 100) == 0


def test_all_to_all_inside_the_domain_by_hand() -> None:
    """64 of 72: 1 + 2 B of 7168 to 64 (1 - (63/64)^8) = 7.57 chips, 63/64 of them others."""
    sent = 100 * 7168 * 3 * destinations(8, 64) * 63 / 64

    assert all_to_all(GB200, 64, 100) == pytest.approx(2 * 8 + sent / (900e3 * 0.7))


def test_all_reduce_inside_the_domain_by_hand() -> None:
    """Two sums of 2 B, out and back: 2 (8 + 4 x 100 x 7168 x 7/8 / (450e3 x 0.7)) us."""
    each = 8 + 4 * 100 * 7168 * 7 / 8 / (450e3 * 0.7)

    assert all_reduce(H100, 8, 100) == pytest.approx(2 * each)


def test_all_reduce_over_two_nodes_by_hand() -> None:
    """Nodes add up among themselves; an eighth goes over the NIC, half of it to the other node."""
    inside = 4 * 100 * 7168 * 7 / 8 / (450e3 * 0.7)
    across = 4 * 100 * 7168 * 1 / 2 / 8 / (50e3 * 0.85)

    assert all_reduce(H100, 16, 100) == pytest.approx(2 * (8 + inside + 25 + across))


def test_torus_pays_for_hops() -> None:
    """64 chips in rings of four: three hops share the links, and 2 us more for two of them."""
    torus = GB200.model_copy(
        update={"topology": "torus", "torus_dimensions": 3, "domain_chips": 512}
    )
    latency = 2 * SOFTWARE.domain_latency_us

    assert mean_hops(64, 3) == 3
    assert all_to_all(torus, 64, 100) - latency - 4 == pytest.approx(
        3 * (all_to_all(GB200, 64, 100) - latency)
    )


def test_mesh_uses_the_links_to_its_own_chips() -> None:
    """Four of eight: three of seven links."""
    mesh = H100.model_copy(update={"topology": "mesh"})
    latency = 2 * SOFTWARE.domain_latency_us

    assert all_reduce(mesh, 4, 100) - latency == pytest.approx(
        (all_reduce(H100, 4, 100) - latency) * 7 / 3
    )
    assert all_reduce(mesh, 8, 100) == all_reduce(H100, 8, 100)


def test_two_tiers_lie_between_one_domain_and_the_nic() -> None:
    one = GB200.model_copy(update={"domain_chips": 576})
    two = one.model_copy(update={"topology": "two_tier", "tier_chips": 72, "tier_gb_s": 450.0})
    tokens = 200

    assert all_to_all(two, 64, tokens) == all_to_all(one, 64, tokens)
    assert all_to_all(one, 144, tokens) < all_to_all(two, 144, tokens)
    assert all_to_all(two, 144, tokens) < all_to_all(GB200, 144, tokens)


@pytest.mark.parametrize("chips", [2, 8, 16, 64, 256])
@pytest.mark.parametrize("figure", ["domain_gb_s", "nic_gb_s"])
def test_faster_links_never_hurt(chips: int, figure: str) -> None:
    faster = H100.model_copy(update={figure: 2 * getattr(H100, figure)})

    assert all_to_all(faster, chips, 64) <= all_to_all(H100, chips, 64)
    assert all_reduce(faster, chips, 64) <= all_reduce(H100, chips, 64)


@pytest.mark.parametrize("chips", [2, 8, 16, 64, 256])
def test_larger_domains_never_hurt(chips: int) -> None:
    for domain in (8, 16, 32, 64, 128):
        small = H100.model_copy(update={"domain_chips": domain})
        large = H100.model_copy(update={"domain_chips": 2 * domain})

        assert all_to_all(large, chips, 64) <= all_to_all(small, chips, 64)
        assert all_reduce(large, chips, 64) <= all_reduce(small, chips, 64)
