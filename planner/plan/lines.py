"""What the lines to plants beyond the fence carry: power at the plant, before it is lost."""

from components.base import Floats
from components.power.remote import Remote, generated_mw
from planner.engines.outcome import SiteDispatch
from planner.formulate.formulation import Formulation
from planner.formulate.operation import world_of
from planner.plan.values import number


def generated_afar(
    formulation: Formulation, site: str, t: int, run: SiteDispatch
) -> dict[str, Floats]:
    """Return what each plant beyond the fence generates so that its power arrives, by hour [MW].

    The least that is needed: what could have been made besides is spilled at the plant.
    """
    case, model = formulation.case, formulation.model
    world = world_of(case, site, run.hours)
    return {
        name: generated_mw(
            product.figures,
            world,
            run.power_mw[name],
            number(model.site[site].power[name].mw[t]),
        )
        for name, product in case.power.items()
        if isinstance(product.figures, Remote) and name in run.power_mw
    }
