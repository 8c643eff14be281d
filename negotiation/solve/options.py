"""Every setting of the set solvers that an answer depends on, in one frozen value that the solution keeps.

Lengths are shares of the payoff range: each player's payoffs are divided by the difference between its largest and
its smallest feasible payoff, so that no setting depends on the unit of the game. What rounding in doubles may do is
bounded by constants beside the code, since it is a property of the machine and no choice.
"""

import math
from dataclasses import field

from negotiation._values import Value
from negotiation.errors import InputError


class SearchSettings(Value, kw_only=True):
    """What steers the search for an outer and an inner set under public monitoring. No value weakens a proof.

    The target is `Options.gap`, the margin `Options.margin`. The comments say what doubling does.
    """

    # directions
    uniform_directions: int = 8  # of the first round, besides the essential ones; a slower, surer first round
    rounds: int = 24  # most refinements; hard games are given up later
    early: float = 3.0  # predicted gaps, in targets, at which inner sets are looked for; more are looked for in vain
    stalled: float = 1e-2  # the same below which one counts as due, and the search ends when it fails twice; sooner
    mattering: float = 0.2  # what a corner must move the sets by, in targets, to be refined; fewer directions a round
    harder: float = 0.3  # factor on it after an inner set too far off; later rounds refine less
    leading: float = 0.01  # the same as a share of the predicted gap; fewer directions a round
    largest: float = 0.5  # corners above this share of the largest are always refined; fewer directions a round
    narrow: float = 0.05  # width over length at which a polygon may shrink to a segment; more segments are guessed
    spins: int = 400  # most steps towards such a segment; time, where it is approached slowly
    # outer set
    first_rest: float = 1e-2  # distance from the fixed point, in targets, that is enough in the first round; coarser
    rest: float = 1e-3  # and later; coarser corners
    patient_rest: float = 0.3  # the latter at least, in (1 - discount): little is then left to come; coarser corners
    at_rest: float = 2e-11  # movement that counts as none, of the payoff range; stops further out
    trials: int = 2  # applications that a homotopy step may take; longer steps, each dearer
    # inner set
    thin: float = 1e-7  # width, of the payoff range, below which a state has no interior; thin sets lose their slack
    margin_slack: float = 0.5  # what sides give way by at first, in margins; inner sets a little smaller
    guess: float = 1.15  # and in predicted slacks; inner sets smaller, found at once
    inner_budget: int = 60  # most steps of a descent; time, where it fails
    inner_rest: float = 0.1  # movement that ends it, in margins; must stay below margin_slack
    tries: int = 12  # most descents; time, where all fail
    grow: float = 1.25  # what sides give way by more, in what was missing; inner sets smaller, found sooner
    floor: float = 0.02  # and in the largest slack so far; likewise
    cut_at: float = 3.0  # growth at which corners that stick out are cut off; later
    damping: tuple[float, ...] = (1e-10, 1e-10, 1e-10, 1e-6, 1e-6, 1e-5, 1e-5, 3e-5)
    # ^ how far points are drawn inwards, of the payoff range, attempt by attempt; inner sets smaller by as much
    newton_steps: int = 8  # most of an attempt, which converges quadratically or not at all
    tolerated: float = 1e-2  # negative basis weight of a fixed point that is still tried; more vain applications
    rounds_outside: int = 4  # applications to one family where vertices stick out; time, where all fail
    rough: float = 0.2  # vertices nearer to their chord, in targets, are left out before Newton's method; coarser


class Options(Value, kw_only=True):
    """Settings of a set solver.

    gap: largest distance between inner and outer set that counts as solved. margin: how far incentive conditions are
    relaxed for the outer set and tightened for the inner one; it must dominate the rounding error. iterations: most
    applications of the operator. seconds: time limit, None for none (a result that depends on the clock is not
    reproducible). directions: most supporting half-spaces a state (noisy monitoring only). static_nash: also allow
    every static Nash equilibrium, mixed ones included, as a continuation. exact: use rational arithmetic where the
    input is exact. certificate: attach the data that an independent checker needs. search: what steers the search.
    """

    gap: float = 1e-8
    margin: float = 1e-12
    iterations: int = 100_000
    seconds: float | None = None
    directions: int = 64
    static_nash: bool = False
    exact: bool = True
    certificate: bool = False
    search: SearchSettings = field(default_factory=SearchSettings)

    def _check(self) -> None:
        limits = {"gap": 1.0, "margin": 1e-3, "iterations": math.inf, "directions": math.inf, "seconds": math.inf}
        for name, most in limits.items():
            value = getattr(self, name)
            if not (name == "seconds" and value is None) and not 0 < value <= most:
                bound = "" if most == math.inf else f" and at most {most:g}"
                raise InputError.single("options", name, f"must be above 0{bound}, got {value!r}")


NO_TIME = "Left out at the time limit: the certificate."

PERFECT = Options()
# noise: approached from both sides, so a gap of 1e-3; twenty thousand steps are far above what is used
PUBLIC = Options(gap=1e-3, margin=1e-9, iterations=20_000, directions=400)
