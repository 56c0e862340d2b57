"""Figures of a plan: functions from its tables to an Altair chart."""

from planner.report.figures.bridging import in_service
from planner.report.figures.chips import chips_used
from planner.report.figures.compute import racks_by_type, racks_by_workload, tokens_by_period
from planner.report.figures.costs import cost_per_mtok, cost_per_mwh, investment_by_family
from planner.report.figures.elements import built_of
from planner.report.figures.limits import supplies_used
from planner.report.figures.modes import modes_by_workload
from planner.report.figures.places import it_by_site, site_map
from planner.report.figures.power import capacity_by_source, energy_by_source, grid_share
from planner.report.figures.reliability import hours_lost
from planner.report.figures.vendors import bought_and_open
from planner.report.figures.week import dispatch_week

__all__ = [
    "bought_and_open",
    "built_of",
    "capacity_by_source",
    "chips_used",
    "cost_per_mtok",
    "cost_per_mwh",
    "dispatch_week",
    "energy_by_source",
    "grid_share",
    "hours_lost",
    "in_service",
    "investment_by_family",
    "it_by_site",
    "modes_by_workload",
    "racks_by_type",
    "racks_by_workload",
    "site_map",
    "supplies_used",
    "tokens_by_period",
]
