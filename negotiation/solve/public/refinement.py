"""The search for an outer and an inner set that agree: which directions to hold, and when to stop.

Round by round: lower the proven outer levels to their fixed point (`outer`); see how far its corners stick out of what
the operator gives back (`corners`); predict the inner set, and build it when the prediction is good enough (`inner`);
otherwise add directions at the corners that matter. The room e that corners need moves the inner set by (I - M)^-1 e,
so directions go where this product is large, not where a corner merely looks sharp. Normalised payoffs throughout.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from negotiation._kernels import systems
from negotiation._time_limit import OutOfTimeError
from negotiation._values import Bools, Floats
from negotiation.solve.geometry.convex_hull import convex_hull
from negotiation.solve.options import Options
from negotiation.solve.public.directions import (
    apply_afresh,
    degenerate_directions,
    refined_directions,
    required_slack,
    vertex_excess,
    with_bisectors,
)
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.inner_approximation import ROOM, THIN, hausdorff_distance, search_inner_family, widths
from negotiation.solve.public.operator import Application, Directions, Operator, Polygons
from negotiation.solve.public.outer_approximation import OuterApproximation, level_matrix, lower_levels
from negotiation.solve.public.self_generation import SelfGeneratingFamily, check_self_generation, newton_family

UNIFORM = 8
COARSE = 1e-2
FINE = 1e-3  # movement, as a share of the gap, below which an outer set is at rest; more where little is left to come
LEFT = 0.3
SHARE = 0.2
HARDER = 0.3
LEADING = 0.01
LARGEST = 0.5
GUESS = 1.15
ROUNDS = 24
EARLY = 3.0
ROUGH = 0.2
SHORT_SIDE = 1e-9
LIFT = 1e-12


class Prediction(NamedTuple):
    """What the corners of the outer set say about the inner one.

    room (N,) that the sides must give; spread (N, N) = (I - M)^-1; gap: predicted distance; both, sweep: what was seen.
    """

    side_slack: Floats
    response: Floats
    gap: float
    with_bisectors: Directions
    application: Application
    thin: Bools


@dataclass
class RefinementResult:
    """Outcome of a search: the outer set, the best inner set with its gap, and why it stopped.

    out_of: "", "iterations" or "seconds". full: all directions used up. knife_edge: with incentive conditions tightened
    by no more than the margin the answer is another one. history: how far the outer set still moved, round by round.
    """

    outer: OuterApproximation
    family: SelfGeneratingFamily | None = None
    gap: float = np.inf
    limit_reached: str = ""
    directions_used_up: bool = False
    knife_edge: bool = False
    applications: int = 0
    history: list[float] = field(default_factory=list)

    def offer(self, polygons: Polygons, family: SelfGeneratingFamily | None) -> None:
        """Keep the family if it comes closer to the outer polygons than what is held."""
        if family is not None:
            gap = hausdorff_distance(polygons, family.polygons)
            if gap < self.gap:
                self.family, self.gap = family, gap


def essential_directions(inc: Incentives) -> Floats:
    """Return the axes and the outward normals of the sides of the feasible set, (D, 2)."""
    corners = convex_hull(inc.g)
    axes = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    if len(corners) < 2:
        return axes
    side = np.roll(corners, -1, axis=0) - corners
    normal = np.stack([side[:, 1], -side[:, 0]], axis=1)
    return np.concatenate([axes, normal / np.linalg.norm(normal, axis=1)[:, None]])


def first_directions(inc: Incentives) -> Directions:
    """Return the directions to start with: the essential ones and a few uniform ones."""
    angle = np.arange(UNIFORM) * (2 * np.pi / UNIFORM)
    lam = np.concatenate([essential_directions(inc), np.stack([np.cos(angle), np.sin(angle)], axis=1)])
    return Directions.build([lam] * inc.n_states)


def first_outer(op: Operator, directions: Directions, slack: float = 0.0) -> OuterApproximation:
    """Return the feasible set of payoffs as the first outer set of every state."""
    level = (op.inc.g @ directions.lam.T).max(axis=0) + LIFT
    win, eta = op.warm_start(len(level))
    empty = np.zeros(op.inc.n_states, dtype=np.bool_)
    return OuterApproximation(directions, level, win, eta, op.not_ruled_out, empty, np.zeros(len(level)), slack)


def with_directions(
    op: Operator, outer: OuterApproximation, polygons: Polygons, by_state: list[Floats]
) -> OuterApproximation:
    """Return the same outer set held in other directions."""
    directions = Directions.build(by_state)
    win, eta = op.warm_start(len(directions.lam))
    level = directions.supports(polygons) + LIFT
    return OuterApproximation(
        directions, level, win, eta, op.not_ruled_out, outer.empty, np.zeros(len(level)), outer.tightening
    )


def predict(
    op: Operator, outer: OuterApproximation, polygons: Polygons, margin: float, one_sided: bool = True
) -> Prediction | None:
    """Look at the corners of the outer set; None when the tightened operator gives nothing back.

    thrifty: let the cheaper side of each corner give way alone, which usually, but not always, suffices.
    """
    directions = outer.directions
    thin = widths(polygons) < THIN
    both = with_bisectors(directions)
    sweep = apply_afresh(op, both, polygons, margin)
    if np.isneginf(sweep.level).any():
        return None
    spread = response_matrix(op, outer, outer.level, outer.tightening)
    if spread is None:
        return None
    cost = spread.max(axis=0) if one_sided else None
    room = required_slack(directions, polygons, vertex_excess(both, sweep.point, polygons), thin, cost)
    inside = directions.polygons(outer.level - spread @ room * (1 + SHARE))
    return Prediction(room, spread, hausdorff_distance(polygons, inside), both, sweep, thin)


def response_matrix(op: Operator, outer: OuterApproximation, level: Floats, slack: float) -> Floats | None:
    """Return (I - M)^-1 (N, N) at the levels: how far all sides end up moving when each gives way by one."""
    lines = outer.directions
    polygons = lines.polygons(level)
    sweep = op.apply(
        lines, polygons, outer.best_profile.copy(), outer.multipliers.copy(), op.not_ruled_out.copy(), slack
    )
    if np.isneginf(sweep.level).any():
        return None
    moved = level_matrix(op, outer, sweep, sweep.best_profile, lines.active(polygons))
    found = np.eye(len(moved))
    if not systems.solve(np.eye(len(moved)) - moved, found):
        return None
    return np.maximum(found, 0.0)


def without_idle_directions(
    outer: OuterApproximation, polygons: Polygons, by_state: list[Floats], fixed: Floats
) -> list[Floats]:
    """Leave out old directions that carry no side of their polygon (they come first in `by_state`)."""
    kept = []
    for s, count in enumerate(polygons.counts):
        own = outer.directions.lam[outer.directions.start[s] : outer.directions.start[s + 1]]
        side = np.roll(polygons.verts[s, :count], -1, axis=0) - polygons.verts[s, :count]
        keep = np.zeros(len(own), dtype=np.bool_)
        keep[polygons.edges[s, :count][np.abs(side).max(axis=1) > SHORT_SIDE]] = True
        kept.append(np.concatenate([fixed, own[keep], by_state[s][len(own) :]]))
    return kept


def refine(inc: Incentives, options: Options, slack: float = 0.0) -> RefinementResult:
    """Run the search until the gap is closed, a state is proven empty, or a limit of `options` is reached.

    slack > 0: search the smaller set that is left when every incentive condition is tightened by so much.
    """
    op = Operator(inc)
    found = RefinementResult(first_outer(op, first_directions(inc), slack))
    try:
        _rounds(op, found, options)
    except OutOfTimeError:
        found.limit_reached = "seconds"
    found.applications = op.applications
    return found


def _rounds(op: Operator, found: RefinementResult, options: Options) -> None:
    """Lower the outer set, look for an inner one and add directions, round by round."""
    inc, fixed = op.inc, essential_directions(op.inc)
    rest = max(FINE, LEFT * (1 - inc.discount))
    hopeless, share = 0, SHARE
    for turn in range(ROUNDS):
        outer = found.outer
        done = lower_levels(
            op, outer, options.gap * (rest if turn else COARSE), int(options.iterations) - op.applications
        )
        found.history.append(outer.residual)
        if outer.empty.any() or not done:
            found.limit_reached = "" if outer.empty.any() else "iterations"
            break
        polygons = outer.directions.polygons(outer.level)
        seen = predict(op, outer, polygons, options.margin)
        if seen is None:
            break
        last = turn == ROUNDS - 1 or len(outer.level) >= options.directions * inc.n_states
        found.directions_used_up = len(outer.level) >= options.directions * inc.n_states
        if seen.gap <= EARLY * options.gap or last:
            before, seen = seen, search_inner(op, found, polygons, seen, options, last)
            share *= HARDER if seen is before else 1.0
        hopeless = hopeless + 1 if seen.gap <= COARSE * options.gap else 0
        if found.gap <= options.gap or last or hopeless > 1:
            break
        found.outer = with_directions(
            op, outer, polygons, next_directions(op, outer, polygons, seen, fixed, share * options.gap)
        )


def search_inner(
    op: Operator, found: RefinementResult, polygons: Polygons, seen: Prediction, options: Options, last: bool
) -> Prediction:
    """Look for an inner set; return what is seen at the levels where it was sought."""
    outer, lines = found.outer, found.outer.directions
    room = np.where(seen.thin[lines.state], 0.0, ROOM * options.margin) + GUESS * seen.side_slack
    tried = search_inner_family(op, outer, room, seen.thin, options.margin, np.inf if last else options.gap)
    found.offer(polygons, tried.family)
    if found.gap > options.gap and (seen.gap <= COARSE * options.gap or last):
        found.offer(
            polygons,
            newton_family(
                op, seen.with_bisectors, seen.application.point, seen.thin, options.margin, ROUGH * options.gap
            ),
        )
    spread = None if tried.level is None else response_matrix(op, outer, tried.level, options.margin)
    if tried.level is None or spread is None:
        return seen
    return seen._replace(response=spread, gap=max(seen.gap, hausdorff_distance(polygons, lines.polygons(tried.level))))


def next_directions(
    op: Operator, outer: OuterApproximation, polygons: Polygons, seen: Prediction, fixed: Floats, least: float
) -> list[Floats]:
    """Return the directions of the next round: sides that are used, corners that matter, and guessed segments.

    least: what a corner must move the sets by to matter; half of the largest always does, or nothing would change.
    """
    reach = (seen.response * seen.side_slack[None, :]).max(axis=0)
    scale = max(float((seen.response @ seen.side_slack).max()), 1e-300) / max(seen.gap, 1e-300)
    bad = reach > min(min(1.0, scale) * max(least, LEADING * seen.gap), LARGEST * float(reach.max()))
    by_state = without_idle_directions(
        outer, polygons, refined_directions(outer.directions, seen.with_bisectors, seen.application.point, bad), fixed
    )
    guesses = degenerate_directions(op, polygons, widths(polygons))
    return [np.concatenate([guess, lam]) for guess, lam in zip(guesses, by_state, strict=True)]


def refine_to_both_sets(inc: Incentives, options: Options) -> RefinementResult:
    """Search; where no inner set was found though the corners allow one, search the tightened conditions as well.

    Conditions that hold with equality only (knife edges) are lost when tightened by whatever little; the set that is
    left still generates itself, and if it is a different one, that is said.
    """
    found = refine(inc, options)
    if found.outer.empty.any() or found.gap <= options.gap or found.limit_reached or found.directions_used_up:
        return found
    tight = refine(inc, options, options.margin)
    found.applications += tight.applications
    found.knife_edge = bool(tight.outer.empty.any()) or tight.gap <= options.gap
    polygons = found.outer.directions.polygons(found.outer.level)
    found.offer(polygons, tight.family)
    try:
        if found.family is None and inc.n_states == 1 and inc.static_nash.any():
            found.offer(polygons, static_nash_family(inc, found.outer, options.margin))
    except OutOfTimeError:
        found.limit_reached = "seconds"
    if tight.limit_reached == "seconds":
        found.limit_reached = tight.limit_reached
    return found


def static_nash_family(inc: Incentives, outer: OuterApproximation, margin: float) -> SelfGeneratingFamily | None:
    """Return the hull of the pure static equilibria of a repeated game, which always generates itself."""
    corners = convex_hull(inc.g[inc.static_nash])
    nash = Polygons(corners[None], np.array([len(corners)]), np.full((1, len(corners)), -1, dtype=np.int64))
    return check_self_generation(
        Operator(inc), with_bisectors(outer.directions), nash, widths(nash) < THIN, margin
    ).family
