"""The first call on a machine compiles the kernels: that is said, and a second process shares the work."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from negotiation._processes import Processes

PARTS = {"perfect": "sets.many", "noisy": "public.apply", "evidence": "filter.run_all"}  # part -> its last kernel
NOTE = "compiling for the first time on this machine, about {seconds} s; later calls start at once"
SECONDS = {"perfect": 20, "noisy": 10, "evidence": 15}


@contextmanager
def compiling(parts: Sequence[str]) -> Iterator[None]:
    """Say on stderr that `parts` have to be compiled first, where they have to.

    Where the noisy kernels are missing beside others, a helper compiles them into the cache that all processes share.
    It is ended with the block: whatever is missing then is compiled where it is needed.
    """
    from negotiation._kernels.compiled import is_warm

    cold = [part for part in parts if not is_warm(PARTS[part])]
    if not cold:
        yield
        return
    sys.stderr.write(NOTE.format(seconds=max(SECONDS[part] for part in cold)) + "\n")
    with Processes(1) as helper:
        if "noisy" in cold and len(cold) > 1:
            helper.submit(noisy)
        yield


def noisy() -> None:
    """Solve a small game with noisy monitoring."""
    import numpy as np

    from negotiation.games.dynamic import DynamicGame
    from negotiation.games.stage import Monitoring, StageGame
    from negotiation.solve.payoff_sets.solver import solve

    names = (("keep", "leave"), ("keep", "leave"))
    stage = StageGame(("first", "second"), names, np.array([[[2.0, -1.0], [3.0, 0.0]], [[2.0, 3.0], [-1.0, 0.0]]]))
    seen = Monitoring(("good", "bad"), np.array([[[0.9, 0.1], [0.5, 0.5]], [[0.5, 0.5], [0.2, 0.8]]]))
    solve(DynamicGame.repeated(stage, 0.9, seen))
