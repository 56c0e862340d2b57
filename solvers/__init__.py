"""From a Pyomo model to numbers: compile, solve, explain, decompose.

Knows arrays and HiGHS, nothing of data centres. Import from the modules: `solvers.program`,
`solvers.highs`, `solvers.solution`, `solvers.conflict`, `solvers.session`, `solvers.cone`,
`solvers.cut_store`, `solvers.plan_store`, `solvers.oracle`, `solvers.benders`; the errors are in
`solvers.errors`.
"""
