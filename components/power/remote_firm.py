"""Plants beyond the fence that run at any hour: spared like those on the site."""

from components.power.remote import Remote, invest, operate, profile

__all__ = ["NEEDS_GAS", "SPARED", "RemoteFirm", "invest", "operate", "profile"]

NEEDS_GAS = False
"""It stands at its pipeline: the lateral of the campus is not for it."""

SPARED = True
"""Its units trip like any others, or a site with all its engines afar would need no spare."""


class RemoteFirm(Remote):
    """Parameters of a far plant that burns fuel, and of its line."""
