"""Which profiles can be played in month one of some equilibrium: three answers, each with what proves it.

A profile is played in the first period of some pure public equilibrium (with public randomisation) exactly when it is
enforceable with continuations in the set V of equilibrium payoffs (Abreu, Pearce, Stacchetti 1990). Since inner set
<= V <= outer set, it can be played when it is enforceable with continuations in the inner set, and cannot be played
when it is not even enforceable with continuations in the outer set; multipliers (Farkas 1902) prove the latter.
"""

import enum

import numpy as np

from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution
from negotiation.games.stage import Profile
from negotiation.solve.public.incentive_constraints import Incentives, incentive_constraints
from negotiation.solve.public.operator import Directions, Operator, Polygons

UNIT_ROUNDING = 4e-15  # what rounding does to payoffs in the game's unit and back; doubled, outer sets are that larger
CLEAR_REFUTATION = 1e-11  # how far below zero a refutation must end, per unit of the multipliers; doubled, fewer count


class Answer(enum.Enum):
    """What is proven about a claim; the value is the phrase shown. No speaks of pure strategies only."""

    PROVEN_NO = "proven no (pure strategies)"
    UNDECIDED = "undecided"
    PROVEN_YES = "proven yes"


def normalised_solution(solution: Solution) -> tuple[Incentives, Polygons | None, Polygons | None]:
    """Return the programmes of the solved game, and its inner and outer sets in normalised payoffs.

    None instead of sets where one of them is empty.
    """
    inc = incentive_constraints(solution.game)
    return inc, normalised_polygons(inc, solution.inner), _outer_polygons(inc, solution.outer)


def normalised_polygons(inc: Incentives, sets: tuple[PayoffSet, ...]) -> Polygons | None:
    """Return payoff sets as normalised polygons; None when one of them is empty."""
    if any(entry.is_empty for entry in sets):
        return None
    return Polygons.of([(entry.vertices - inc.offset) / inc.scale for entry in sets])


def _outer_polygons(inc: Incentives, sets: tuple[PayoffSet, ...]) -> Polygons | None:
    """Return outer sets as normalised polygons, from their proven half-planes where they carry them."""
    if any(entry.is_empty or len(entry.directions) < 3 for entry in sets):
        return normalised_polygons(inc, sets)
    lams, levels = [], []
    for entry in sets:
        normal = entry.directions * inc.scale
        length = np.hypot(normal[:, 0], normal[:, 1])
        lams.append(normal / length[:, None])
        levels.append((entry.levels - entry.directions @ inc.offset) / length + UNIT_ROUNDING)
    return Polygons.from_half_planes(lams, levels)


def profile_number(inc: Incentives, solution: Solution, profile: Profile, state: int) -> int:
    """Return the number of a profile among all programmes; raise `InputError` when the game does not have it."""
    if not 0 <= state < inc.n_states:
        raise InputError.single("claim", "state", f"states are 0 to {inc.n_states - 1}, got {state}")
    shape = solution.game.stages[state].shape
    if len(profile) != 2 or any(not 0 <= a < size for a, size in zip(profile, shape, strict=True)):
        raise InputError.single("claim", "profile", f"{profile} is no profile of a game with {shape} actions")
    return int(inc.first[state]) + profile[0] * shape[1] + profile[1]


def enforceable_in_first_period(solution: Solution, profile: Profile, state: int = 0) -> Answer:
    """Say whether `profile` is played in the first period of some pure public equilibrium that starts in `state`.

    Works on the sets of any two-player solution. Raises `InputError` for a profile or state that the game lacks.
    """
    inc, inner, outer = normalised_solution(solution)
    p = profile_number(inc, solution, profile, state)
    if solution.outer[state].is_empty or inc.unenforceable[p]:
        return Answer.PROVEN_NO
    if inner is not None and (inc.static_nash[p] or _multipliers(inc, inner, p, solution_margin(solution)) is None):
        return Answer.PROVEN_YES
    if outer is None:
        gone = [entry.is_empty for entry in solution.outer]
        chance = solution.game.monitoring[state].likelihood[profile]
        excluded = any(gone[into] for into in solution.game.next_state[state][chance > 0])
    else:
        excluded = infeasibility_multipliers(inc, outer, p) is not None
    return Answer.PROVEN_NO if excluded else Answer.UNDECIDED


def solution_margin(solution: Solution) -> float:
    """Return how far incentive conditions are tightened when something is claimed on the inner sets."""
    return 0.5 * float(getattr(solution.options, "margin", 1e-9))


def infeasibility_multipliers(inc: Incentives, polygons: Polygons, p: int) -> Floats | None:
    """Return multipliers (K,) which prove that profile `p` is not enforceable on the polygons, None if there are none.

    For eta >= 0 a negative sum_y h_W(sum_k eta_k Delta_ky e_i(k)) - sum_k eta_k b_k contradicts the incentive rows.
    """
    if inc.static_nash[p]:
        return None
    eta = _multipliers(inc, polygons, p, 0.0)
    if eta is None:
        return None
    b, _ = inc.right_sides(polygons.worst)
    ny, nk = int(inc.ny[p]), int(inc.nk[p])
    total = -float(eta[:nk] @ b[p, :nk])
    for y in range(ny):
        weight = np.zeros(2)
        np.add.at(weight, inc.who[p, :nk], eta[:nk] * inc.delta[p, :nk, y])
        into = inc.succ[p, y]
        total += float((polygons.verts[into, : polygons.counts[into]] @ weight).max())
    return eta if total < -CLEAR_REFUTATION * (1.0 + float(eta.sum())) else None


def _multipliers(inc: Incentives, polygons: Polygons, p: int, margin: float) -> Floats | None:
    """Return the multipliers with which phase one ended short of zero; None when the profile is enforceable."""
    op = Operator(inc)
    state, _ = inc.place(p)
    lines = Directions.build([np.array([[1.0, 0.0]])] * inc.n_states)
    alone = (np.arange(len(inc.g)) == p) & ~inc.unenforceable
    application = op.apply(lines, polygons, op.warm_start(len(lines.lam)), alone, margin)
    return op.farkas[p].copy() if np.isneginf(application.level[state]) else None
