"""What is asked of the planner: the scenario, its sections, and the one door for YAML."""

from planner.scenario.by_year import ByYear
from planner.scenario.describing import schema
from planner.scenario.horizon import Period
from planner.scenario.loading import Loaded, load
from planner.scenario.names import Known, check_names
from planner.scenario.places import Located, Place
from planner.scenario.scenario import Scenario
from planner.scenario.writing import dump, template

__all__ = [
    "ByYear",
    "Known",
    "Loaded",
    "Located",
    "Period",
    "Place",
    "Scenario",
    "check_names",
    "dump",
    "load",
    "schema",
    "template",
]
