"""The search for an outer and an inner set that agree: in which directions to look, and when to stop.

Round by round: lower the proven outer levels to their fixed point (`outer_approximation`); see how far its corners
stick out of what the operator gives back (`directions`); predict the inner set, and build it when the prediction is
good enough (`inner_approximation`); otherwise add directions at the corners that matter. The slack e that corners need
moves the inner set by (I - M)^-1 e, so directions go where this product is large, not where a corner merely looks
sharp. Normalised payoffs throughout; what steers the search is in `options.SearchSettings`.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from negotiation._time_limit import OutOfTimeError
from negotiation._values import Bools, Floats
from negotiation.solve.geometry.convex_hull import convex_hull
from negotiation.solve.options import Options
from negotiation.solve.public.directions import (
    degenerate_directions,
    refined_directions,
    required_slack,
    vertex_excess,
    with_bisectors,
)
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.inner_approximation import (
    SHORTEST_SIDE,
    hausdorff_distance,
    search_inner_family,
    widths,
)
from negotiation.solve.public.operator import Application, Directions, Operator, Polygons
from negotiation.solve.public.outer_approximation import OuterApproximation, level_matrix, lower_levels, solve_levels
from negotiation.solve.public.self_generation import SelfGeneratingFamily, check_self_generation, newton_family

LEVEL_LIFT = 1e-12  # levels carried over to other directions start so far outside, beyond rounding
SMALLEST_GAP_RATIO = 1e-300  # keeps a ratio of gaps finite


class Prediction(NamedTuple):
    """What the corners of the outer set say about the inner one.

    side_slack (N,) that the sides must give; response (N, N) = (I - M)^-1; gap: predicted distance; bisected: the
    directions with their bisectors, in which `application` was made; thin (S,): states without interior.
    """

    side_slack: Floats
    response: Floats
    gap: float
    bisected: Directions
    application: Application
    thin: Bools


@dataclass
class RefinementResult:
    """Outcome of a search: the outer set, the best inner set with its gap, and why it stopped.

    limit_reached: "", "iterations" or "seconds". directions_used_up: no more may be added. knife_edge: with incentive
    conditions tightened by no more than the margin the answer is another one. history: how far the outer set still
    moved, round by round.
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
        """Take the family if it comes closer to the outer polygons than the present one."""
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


def first_directions(inc: Incentives, uniform: int) -> Directions:
    """Return the directions to start with: the essential ones and a few uniform ones."""
    angle = np.arange(uniform) * (2 * np.pi / uniform)
    lam = np.concatenate([essential_directions(inc), np.stack([np.cos(angle), np.sin(angle)], axis=1)])
    return Directions.build([lam] * inc.n_states)


def first_outer(op: Operator, directions: Directions, tightening: float = 0.0) -> OuterApproximation:
    """Return the feasible set of payoffs as the first outer set of every state."""
    level = (op.inc.g @ directions.lam.T).max(axis=0) + LEVEL_LIFT
    return OuterApproximation.of(op, directions, level, tightening=tightening)


def predict(
    op: Operator, outer: OuterApproximation, polygons: Polygons, margin: float, *, one_sided: bool = True
) -> Prediction | None:
    """Look at the corners of the outer set; None when the tightened operator gives nothing back.

    one_sided: let the cheaper side of each corner give way alone, which usually, but not always, suffices.
    """
    directions = outer.directions
    thin = widths(polygons) < op.search.thin
    bisected = with_bisectors(directions)
    application = op.apply_afresh(bisected, polygons, margin)
    if np.isneginf(application.level).any():
        return None
    response = response_matrix(op, outer, outer.level, outer.tightening)
    if response is None:
        return None
    cost = response.max(axis=0) if one_sided else None
    outside = vertex_excess(bisected, application.point, polygons)
    slack = required_slack(directions, polygons, outside, thin, cost)
    inside = directions.polygons(outer.level - response @ slack * (1 + op.search.mattering))
    return Prediction(slack, response, hausdorff_distance(polygons, inside), bisected, application, thin=thin)


def response_matrix(op: Operator, outer: OuterApproximation, level: Floats, tightening: float) -> Floats | None:
    """Return (I - M)^-1 (N, N) at the levels: how far all sides end up moving when each gives way by one."""
    lines = outer.directions
    polygons = lines.polygons(level)
    start = outer.warm_start[0].copy(), outer.warm_start[1].copy()
    application = op.apply(lines, polygons, start, op.not_ruled_out.copy(), tightening)
    if np.isneginf(application.level).any():
        return None
    matrix = level_matrix(op, outer, application, lines.active(polygons))
    response = solve_levels(matrix, np.eye(len(matrix)))
    return None if response is None else np.maximum(response, 0.0)


def refine(inc: Incentives, options: Options, tightening: float = 0.0) -> RefinementResult:
    """Refine until the gap is closed, a state is proven empty, or a limit of `options` is reached.

    tightening > 0: search the smaller set that is left when every incentive condition is tightened by so much.
    """
    op = Operator(inc, options.search)
    result = RefinementResult(first_outer(op, first_directions(inc, op.search.uniform_directions), tightening))
    try:
        _rounds(op, result, options)
    except OutOfTimeError:
        result.limit_reached = "seconds"
    result.applications = op.applications
    return result


def _rounds(op: Operator, result: RefinementResult, options: Options) -> None:
    """Lower the outer set, look for an inner one and add directions, round by round."""
    inc, search = op.inc, op.search
    rest = max(search.rest, search.patient_rest * (1 - inc.discount))
    stalled_rounds, share = 0, search.mattering
    for turn in range(search.rounds):
        outer = result.outer
        distance = options.gap * (rest if turn else search.first_rest)
        whole = lower_levels(op, outer, distance, int(options.iterations) - op.applications)
        result.history.append(outer.residual)
        if outer.empty.any() or not whole:
            result.limit_reached = "" if outer.empty.any() else "iterations"
            break
        polygons = outer.polygons()
        prediction = predict(op, outer, polygons, options.margin)
        if prediction is None:
            break
        result.directions_used_up = len(outer.level) >= options.directions * inc.n_states
        last = turn == search.rounds - 1 or result.directions_used_up
        if prediction.gap <= search.early * options.gap or last:
            before, prediction = prediction, search_inner(op, result, prediction, options, last)
            share *= search.harder if prediction is before else 1.0
        stalled_rounds = stalled_rounds + 1 if prediction.gap <= search.stalled * options.gap else 0
        if result.gap <= options.gap or last or stalled_rounds > 1:
            break
        by_state = next_directions(op, outer, polygons, prediction, share * options.gap)
        directions = Directions.build(by_state)
        level = directions.supports(polygons) + LEVEL_LIFT
        result.outer = OuterApproximation.of(op, directions, level, like=outer)


def search_inner(
    op: Operator, result: RefinementResult, prediction: Prediction, options: Options, last: bool
) -> Prediction:
    """Look for an inner set; return what is predicted at the levels where it was sought."""
    outer, lines, search = result.outer, result.outer.directions, op.search
    polygons = outer.polygons()
    first = np.where(prediction.thin[lines.state], 0.0, search.margin_slack * options.margin)
    slack, most = first + search.guess * prediction.side_slack, np.inf if last else options.gap
    family, level = search_inner_family(op, outer, slack, prediction.thin, margin=options.margin, most=most)
    result.offer(polygons, family)
    if result.gap > options.gap and (prediction.gap <= search.stalled * options.gap or last):
        point, coarse = prediction.application.point, search.rough * options.gap
        family = newton_family(op, prediction.bisected, point, prediction.thin, margin=options.margin, coarse=coarse)
        result.offer(polygons, family)
    response = None if level is None else response_matrix(op, outer, level, options.margin)
    if level is None or response is None:
        return prediction
    gap = hausdorff_distance(polygons, lines.polygons(level))
    return prediction._replace(response=response, gap=max(prediction.gap, gap))


def next_directions(
    op: Operator, outer: OuterApproximation, polygons: Polygons, prediction: Prediction, least: float
) -> list[Floats]:
    """Return the directions of the next round: sides that are used, corners that matter, and guessed segments.

    least: what a corner must move the sets by to matter; half of the largest always does, or nothing would change.
    """
    slack, response = prediction.side_slack, prediction.response
    reach = (response * slack[None, :]).max(axis=0)
    scale = max(float((response @ slack).max()), SMALLEST_GAP_RATIO) / max(prediction.gap, SMALLEST_GAP_RATIO)
    matters = min(1.0, scale) * max(least, op.search.leading * prediction.gap)
    bad = reach > min(matters, op.search.largest * float(reach.max()))
    refined = refined_directions(outer.directions, prediction.bisected, prediction.application.point, bad)
    essential, by_state = essential_directions(op.inc), degenerate_directions(op, polygons, widths(polygons))
    for s, (lam, verts) in enumerate(zip(outer.directions.by_state(), polygons.corners(), strict=True)):
        side = np.abs(np.roll(verts, -1, axis=0) - verts).max(axis=1)
        carries = np.isin(np.arange(len(lam)), polygons.edges[s, : len(verts)][side > SHORTEST_SIDE])
        by_state[s] = np.concatenate([by_state[s], essential, lam[carries], refined[s][len(lam) :]])
    return by_state


def refine_to_both_sets(inc: Incentives, options: Options) -> RefinementResult:
    """Refine; where no inner set was found though the corners allow one, search the tightened conditions as well.

    Conditions that hold with equality only (knife edges) are lost when tightened by whatever little; the set that is
    left still generates itself, and if it is a different one, that is said.
    """
    result = refine(inc, options)
    if result.outer.empty.any() or result.gap <= options.gap or result.limit_reached or result.directions_used_up:
        return result
    tight = refine(inc, options, options.margin)
    result.applications += tight.applications
    result.knife_edge = bool(tight.outer.empty.any()) or tight.gap <= options.gap
    polygons = result.outer.polygons()
    result.offer(polygons, tight.family)
    try:
        if result.family is None and inc.n_states == 1 and inc.static_nash.any():
            # the hull of the pure static equilibria of a repeated game always generates itself
            op, nash = Operator(inc, options.search), Polygons.of([convex_hull(inc.g[inc.static_nash])])
            lines, thin = with_bisectors(result.outer.directions), widths(nash) < op.search.thin
            result.offer(polygons, check_self_generation(op, lines, nash, thin, options.margin)[0])
    except OutOfTimeError:
        result.limit_reached = "seconds"
    if tight.limit_reached == "seconds":
        result.limit_reached = tight.limit_reached
    return result
