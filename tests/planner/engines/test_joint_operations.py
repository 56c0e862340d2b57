"""Scenarios share what they learn of operation wherever the physics are the same."""

from planner.engines.joint import Branches
from planner.engines.joint_operations import join_operations
from planner.engines.robust import solve_jointly
from planner.engines.site_operations import operations_of
from planner.formulate.build import build
from planner.run import quiet
from tests.planner.hand import AT_ONCE, hand_case, hand_scenario

ENGINE = "wartsila_18v50sg"


def _case(store=None, **figures):
    power = {"use": [ENGINE], "gas_usd_per_mmbtu": figures.pop("gas", 3.0)}
    power["change"] = {ENGINE: {**AT_ONCE, **figures}, "gas_lateral": AT_ONCE}
    chat = {"tokens_per_day": 8.64e11, "value_usd_per_mtok": 4.0}
    solver = {"engine": "decomposed", "threads": 1}
    solver |= {"cone_store": str(store)} if store else {}
    return hand_case(
        hand_scenario(power=power, demand={"workloads": {"chat": chat}}, solver=solver)
    )


def test_prices_and_costs_are_no_physics() -> None:
    cases = [_case(), _case(gas=9.0), _case(capex_usd_per_kw=3000.0)]
    joint = join_operations([operations_of(case) for case in cases], ("a", "b", "c"))

    assert len(joint) == 1
    assert len({tuple(cones.values()) for cones in joint.cones}) == 1


def test_another_heat_rate_is_another_cone() -> None:
    cases = [_case(), _case(heat_rate_mmbtu_per_mwh=9.0)]
    operations = [operations_of(case) for case in cases]
    joint = join_operations(operations, ("a", "b"))
    (key,) = operations[1]

    assert set(joint) == {key, f"{key} of b"}
    matrix = joint[f"{key} of b"].use_matrix
    assert (matrix != operations[1][key].use_matrix).nnz == 0
    assert (matrix != joint[key].use_matrix).nnz > 0


def test_what_a_run_learns_of_every_scenario_is_kept(tmp_path) -> None:
    """A second joint run has nothing left to learn: no cut is added to the store."""
    cases = [_case(tmp_path), _case(tmp_path, heat_rate_mmbtu_per_mwh=9.0)]

    def run():
        formulations = tuple(build(case) for case in cases)
        branches = Branches(("a", "b"), (0.5, 0.5), formulations, 1)
        return solve_jointly(branches, None, quiet)

    first = run()
    kept = sorted(path.name for path in tmp_path.rglob("*.npz"))
    again = run()

    assert first.cones == first.cones_apart == 2
    assert len(kept) >= 2
    assert again.objective_kusd == first.objective_kusd
    assert sorted(path.name for path in tmp_path.rglob("*.npz")) == kept
