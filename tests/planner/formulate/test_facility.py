"""Sites bound all power that stands at them."""

from collections import Counter

from components.registry import COMPOSED, POWER_FAMILIES
from planner.formulate.facility import POWER_GROUPS


def test_every_family_of_power_is_in_one_group() -> None:
    grouped = Counter(family for families, _ in POWER_GROUPS.values() for family in families)

    assert grouped == Counter([*POWER_FAMILIES, *COMPOSED])
