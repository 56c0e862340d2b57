"""What earlier runs learnt: cuts of every site and window, and the plan of the same scenario."""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from components.base import USES
from planner.engines.site_operations import SiteOperations, digest
from planner.engines.store import store_bytes, store_folder
from planner.scenario import Scenario
from solvers.cut import CutSet
from solvers.cut_store import CutStore
from solvers.decomposition import Known
from solvers.oracle import Ask, SerialOracle, Workers
from solvers.plan_store import PlanStore
from solvers.program import Ints, Program

logger = logging.getLogger(__name__)

PLANS_SHARE = 0.1
"""Of the store's size, for plans; the rest is for cuts [1]."""

SAMPLED_POINTS = 1
"""At so many points every operation is run anew before its stored cuts are believed."""

TOLERANCE = 1e-6
"""By how much a cut may be above what it bounds, relative to it: rounding."""


class Memory:
    """The store of a case: cuts by operation, plans by Program.

    Parameters
    ----------
    scenario
        Says where the store is, how large it may be, and whether it is to be read.
    operations
        Of the case.
    windows
        Names of every site, period and window that is operated, in order.
    workers
        Who hash and check.
    digests : key to hash
        Of every operation, if they are known.
    """

    def __init__(
        self,
        scenario: Scenario,
        operations: SiteOperations,
        windows: Iterable[str],
        workers: Workers,
        digests: Mapping[str, str] | None = None,
    ) -> None:
        self._windows = tuple(windows)
        keys = list(operations)
        self._folder = folder = store_folder(scenario)
        self._bad = False
        self._cold = scenario.solver.cold
        self._workers = workers
        self._name = digests or dict(zip(keys, workers.map(_digest, keys), strict=True))
        self._domain = operations.domain
        most = store_bytes(scenario)
        of_plans = round(PLANS_SHARE * most)
        self._cuts = CutStore(
            folder, links=operations.links, uses=USES, limit_bytes=most - of_plans
        )
        self._plans = PlanStore(folder, limit_bytes=of_plans)

    @property
    def digests(self) -> Mapping[str, str]:
        """Hash of every operation by key."""
        return self._name

    def cuts(self, known: Mapping[str, CutSet] | None = None) -> dict[str, CutSet]:
        """Return the cuts of earlier runs by key; none where there are none or they do not hold.

        Parameters
        ----------
        known
            Cuts that this process has found or checked already: they are taken as they are.
        """
        if self._cold:
            return {}
        if known:
            return dict(known)
        found = {key: self._cuts.load(name) for key, name in self._name.items()}
        found = {key: cuts for key, cuts in found.items() if len(cuts)}
        if not all(self._hold(found)):
            self._bad = True
            logger.warning(
                "%s: a stored cut does not hold; this run starts without the store and renews it",
                self._folder,
            )
            return {}
        return found

    def learn(self, pool: Mapping[str, CutSet]) -> None:
        """Keep the cuts of a run."""
        for key, cuts in pool.items():
            self._cuts.add(self._name[key], cuts, anew=self._bad)

    def written(self) -> Ints | None:
        """Return the cuts that were rows at the end of the last run on these sites and periods."""
        found = None if self._cold else self._plans.load(self._rows_name())
        return None if found is None or found.size % 2 else found.reshape(-1, 2).astype(np.int32)

    def note(self, written: Ints) -> None:
        """Keep which cuts were rows at the end."""
        self._plans.save(self._rows_name(), written.reshape(-1).astype(float))

    def plan(self, program: Program) -> Known | None:
        """Return the plan of the same Program, solved before."""
        if self._cold:
            return None
        n, m = program.cost.size, len(program.row_names)
        found = self._plans.load(self._program_name(program))
        if found is None or found.size not in (2 * n, 2 * n + m):
            return None
        return Known(found[:n], found[n : 2 * n], found[2 * n :] if found.size > 2 * n else None)

    def keep(self, program: Program, plan: Known) -> None:
        """Keep the plan of a Program."""
        dual = np.zeros(0) if plan.row_dual is None else plan.row_dual
        self._plans.save(self._program_name(program), np.concatenate([plan.x, plan.asked, dual]))

    def _hold(self, pool: Mapping[str, CutSet]) -> Iterator[bool]:
        """Operate every key anew: no cut may ask for more than what operation really uses.

        What operation uses at one point and its prices is possible there at any prices, so that
        every cut of the key has to allow it.
        """
        random = np.random.default_rng(0)
        asks: list[Ask] = []
        for key in sorted(pool):
            for i in random.choice(len(pool[key]), SAMPLED_POINTS):
                links = random.random(len(self._domain)) @ self._domain
                asks.append(Ask(key, links, pool[key].prices[i]))
        for ask, answer in zip(asks, self._workers.evaluate(asks), strict=True):
            cuts = pool[ask.cone]
            allowed = TOLERANCE * np.maximum(np.abs(cuts.slopes @ ask.links), 1.0)
            yield bool((cuts.slack(answer.uses, ask.links) >= -allowed).all())

    def _rows_name(self) -> str:
        names = "\n".join((*self._name.values(), *self._windows))
        return hashlib.sha256(names.encode()).hexdigest()[:40]

    def _program_name(self, program: Program) -> str:
        found = hashlib.sha256("\n".join(self._name.values()).encode())
        for part in (
            program.cost,
            program.matrix.data,
            program.matrix.indices,
            program.matrix.indptr,
            program.row_lower,
            program.row_upper,
            program.lower,
            program.upper,
            program.integer,
        ):
            found.update(np.ascontiguousarray(part).tobytes())
        return found.hexdigest()[:40]


def _digest(here: SerialOracle, key: str) -> str:
    return digest(here.operations[key])
