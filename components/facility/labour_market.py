"""Labour markets: what building costs in a state, and the craft hours to be had there."""

from pydantic import Field

from components.base import Parameters


class LabourMarket(Parameters):
    """Figures of the labour market of one state.

    Craft hours are those of all trades that data centres can draw on in a year. They follow from
    the electricians of the state, the scarcest trade: see ``open_share`` and
    ``electricians_share`` in `craft_h`.
    """

    state: str = Field(pattern=r"^[A-Z]{2}$", description="State, two letters")
    construction_cost_factor: float = Field(
        gt=0, description="Cost of building a data centre over the mean of the United States [1]"
    )
    craft_h_per_year: float = Field(
        gt=0, description="Craft labour open to data centres in 2026 [h/a]"
    )


WORK_H = 2000
"""What a worker works in a year [h]."""


def craft_h(
    electricians: float, open_share: float = 0.1, electricians_share: float = 0.45
) -> float:
    """Return the craft hours that data centres can draw on, from a state's electricians [h/a].

    Parameters
    ----------
    electricians
        Who work in the state.
    open_share
        Of them, those that data centres may draw from other work [1].
    electricians_share
        Of the craft hours of a data centre, those of electricians [1].

    Examples
    --------
    >>> round(craft_h(45_000) / 1e6, 1)
    20.0
    """
    return electricians * WORK_H * open_share / electricians_share
