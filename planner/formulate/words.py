"""Rows of the model in the scenario's own words, for requirements that conflict."""

import re

from planner.formulate.formulation import Formulation

WORDS = {
    "demand_met": "demand.workloads.{0}: every token of {period:1} has to be served",
    "grid_share": "grid.share_limit: the share of US electricity allowed in {period:0}",
    "area_share": "grid.area_share_limit: the share of {0}'s electricity allowed in {period:1}",
    "connection_limit": "grid.site_limit_mw: connections at {0} in {period:1}",
    "upgrades_carry_connections": "grid.upgrades: network behind {0} in {period:1}",
    "within_step": "grid.upgrades: width of a step at {site} in {period:1}",
    "flexible_is_backed": "grid.flexible_backed_share: on-site power at {0} in {period:1}",
    "supply_limit": "supply: {0} of {1} {2} in {period:3}",
    "local_crews": "supply.labour: craft hours of {0} in {period:1}",
    "travelling_crews": "supply.labour: crews that travel to {0} in {period:1}",
    "rack_ramp": "racks.change.{0}.ramp_per_year: racks added in {period:1} over those before",
    "open_site_for_blocks": "sites.limit_it_mw: IT power at {0} in {period:1}",
    "open_site_for_power": "sites: {0} at {1} in {period:2}",
    "co2_limit": "policy.co2_limit_t: CO2 in {period:0}",
    "carbon_free_share": "policy.carbon_free_share: energy without fuel or grid in {period:0}",
    "nox_limit": "policy.nox_limit_t_per_site: NOx of {0} in {period:1}",
    "water_limit": "policy.water_limit_m3_per_site: water for cooling at {0} in {period:1}",
    "budget": "policy.budget_usd_per_year: investment in {period:0}",
    "launched_aboard": "sites.orbit.{0}: racks aboard the satellites of {period:1}",
    "launch_limit": "sites.orbit.{0}.launch_t_per_year: launches for {period:1}",
    "link_limit": "sites.orbit.{0}.link_gbit_s: links to the ground in {period:1}",
    "left_in_orbit": "sites.orbit: racks {name} that still run in {period:0}",
    "must_open": "policy.must_open: {site}",
    "moratorium": "policy.moratoria: no opening at {site}",
    "serving_within_racks": "serving: tokens that {1} racks at {0} can serve in {period:2}",
    "serving_within_all_racks": "serving: tokens that all {0} racks can serve in {period:1}",
    "serving_within_energy": "power: energy that racks at {0} need in {period:1}",
    "serving_within_all_energy": "power: energy that racks of all sites need in {period:0}",
    "group_met": "demand.workloads.{0}: users of {1} within the latency limit in {period:2}",
    "reached_is_served": "demand.workloads.{0}: users whom {1} reaches in {period:2}",
    "unmet_of_groups": "demand.workloads.{0}: unmet tokens of {period:1}",
    "enough_held": "serving: {1} racks held at {0} for work that can wait in {period:2}",
    "mean_work_done": "serving: work of {1} racks at {0} that can wait in {period:2}",
    "held_within_racks": "racks: {1} held at {0} for work that can wait in {period:3}",
    "works_within_held": "racks: {1} at work at {0} within those held in {period:3}",
    "work_done": "demand.workloads: work that can wait is done within its defer_h",
    "shifted_within_racks": "racks: work that can wait runs on racks held for it",
    "shifted_at_most": "racks: draw of work that can wait at {0} on {1} in {period:2}",
    "shifted_in_mean": "racks: mean draw of work that can wait at {0} on {1} in {period:2}",
    "racks_within_blocks": "blocks: room for {1} racks at {0} in {period:2}",
    "racks_draw": "racks: power drawn at {0} on {1} in {period:2}",
    "gas_within_lateral": "power: gas at {0} within its laterals in {period:1}",
    "nox_within_permit": "policy.air_permits: NOx of {0} below a major source in {period:1}",
    "listed_nox_within_permit": "policy.air_permits: NOx of combined cycles at {0} below a major "
    "source in {period:1}",
    "received_is_shipped": "power.early_retirement: {0} that sites receive in {period:2}",
    "leaves_what_is_there": "power.early_retirement: {name} that leave {site} by {period:1}",
    "capacity_in_service": "lead time and life: {name} at {site} in {period:0}",
    "retrofits_within_blocks": "blocks.retrofits: halls with {1} at {0} in {period:2}",
    "held_back_is_there": "reliability: spare units at {0} in {period:1}",
    "largest_unit_held_back": "reliability.spare_units: at {0} for {1} in {period:2}",
    "connection_and_units_backed": "reliability.availability: at {0} for {1} in {period:2}",
    "connection_backed": "reliability.availability: units behind the grid at {0} in {period:1}",
    "present_if_built": "reliability.spare_units: at {0} for {1} in {period:2}",
    "power_balance": "power: load met in every hour",
    "uses_of_windows": "power: what the load at {0} needs in {period:2}, hour by hour",
    "uses_of_hours": "power: what the load at {0} needs in {period:2}, hour by hour",
    "output_within_capacity": "power: output within what is installed",
}
"""Name of a family of rows to its sentence; numbers are positions in the row's index."""


def in_words(formulation: Formulation, rows: tuple[str, ...]) -> tuple[str, ...]:
    """Return each conflicting row as a requirement, each sentence once.

    Rows without a sentence keep the model's name, which names the constraint in
    ``planner/formulate``.

    Examples
    --------
    A row ``grid_share[2]`` becomes ``grid.share_limit: the share of US electricity allowed in
    2028``.
    """
    labels = formulation.case.periods.labels
    said = (_sentence(row, labels) for row in rows if not row.startswith("bound of"))
    found = tuple(dict.fromkeys(said))
    return found or tuple(rows)


def _sentence(row: str, labels: tuple[str, ...]) -> str:
    if row.startswith("cut of "):
        where = row.removeprefix("cut of ").rpartition(" ")[0]
        return f"power: what the load at {where} needs, hour by hour"
    head, _, index = row.removesuffix("]").rpartition("[") if row.endswith("]") else (row, "", "")
    family = head.rpartition(".")[2]
    pattern = WORDS.get(family)
    if pattern is None:
        return row
    keys = index.split(",")
    site = re.search(r"(?:site|orbit)\[([^\]]+)\]", row)

    def fill(match: re.Match[str]) -> str:
        word = match.group(1)
        if word == "site":
            return site.group(1) if site else row
        if word == "name":
            named = re.search(r"\.\w+\[([^\]]+)\]\.", row)
            return named.group(1).replace(",", " on ") if named else head
        if word.startswith("period:"):
            return labels[int(keys[int(word[7:])])]
        return keys[int(word)]

    said = re.sub(r"\{([^}]+)\}", fill, pattern)
    return " ".join(said.split())  # a supply that is of no site leaves a gap
