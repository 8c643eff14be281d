"""The proof of a known answer: outer chain in the directions of its sides, inner set near its inner polygons.

Whatever solver found the sets, the machinery of public monitoring proves them, perfect monitoring included: everything
is one operator. What is proven is what the certificate says, no more: its gap may differ from the solver's.
"""

from typing import Any, NamedTuple

import numpy as np

from negotiation.games import Solution
from negotiation.solve.certificates.encoding import sets_certificate
from negotiation.solve.certificates.inner_candidates import exact_inner_proof, families_near
from negotiation.solve.certificates.inner_proof import InnerProof, inner_proof
from negotiation.solve.certificates.outer_proof import outer_proof, proven_gap, rounded_directions
from negotiation.solve.geometry.convex_hull import edge_normals
from negotiation.solve.options import PUBLIC
from negotiation.solve.perfect.solver import is_perfect
from negotiation.solve.public.directions import degenerate_directions, refined_directions, with_bisectors
from negotiation.solve.public.enforceability import normalised_polygons
from negotiation.solve.public.incentive_constraints import Incentives, incentive_constraints
from negotiation.solve.public.inner_approximation import SHORTEST_SIDE, widths
from negotiation.solve.public.operator import Directions, Operator
from negotiation.solve.public.outer_approximation import OuterApproximation, lower_levels
from negotiation.solve.public.refinement import essential_directions, first_outer, refine_to_both_sets
from negotiation.solve.public.self_generation import SAME_VERTEX, SelfGeneratingFamily, without_redundant_vertices
from negotiation.verify.checker import check

# How far conditions are tightened in the search for more directions: well above rounding, well below a gap.
SEARCH_MARGIN = 1e-10
# Attempts with more directions, the share of the gap that an attempt must leave, and the attempts that need not.
ATTEMPTS, PROGRESS, POOR_ATTEMPTS = 6, 0.5, 3
# Share of the gap asked for at which the recorded descent may stop. Ten times as much may spoil a gap that is just met.
DESCENT_SHARE = 1e-3
# Directions a state beyond which no attempt is made: the size of the certificate and the time grow with their square.
MOST_DIRECTIONS = 128


class ProofAttempt(NamedTuple):
    """An outer chain, the inner proof that comes closest to it, and the gap the two prove (infinite without both).

    proven: the same outer set in doubles, None where the chain did not get anywhere. complete: whether nothing is left
    to prove, as no state has an equilibrium.
    """

    outer: dict[str, Any] | None
    inner: InnerProof | None
    gap: float
    proven: OuterApproximation | None
    complete: bool = False


class Task(NamedTuple):
    """What is to be proven: a solved game, its incentive constraints, and the gap to aim at."""

    solution: Solution
    inc: Incentives
    gap: float


def prove(solution: Solution, gap: float) -> dict[str, Any]:
    """Return a certificate of the solved game's sets that aims at a proven gap of at most `gap`.

    First in the directions of the solution's own sides; where these do not suffice (a fixed list of directions may
    bound a thin set poorly), in those that a search under public monitoring adds.
    """
    task = Task(solution, incentive_constraints(solution.game), gap)
    inc = task.inc
    lines = side_directions(inc, solution)
    best = proof_attempt(task, lines)
    for turn in range(ATTEMPTS):
        if best.complete or best.gap <= gap or len(lines.lam) > MOST_DIRECTIONS * inc.n_states:
            break
        family = None
        if turn == 0:
            search = refine_to_both_sets(inc, PUBLIC.replace(gap=gap, margin=SEARCH_MARGIN))
            family, fresh = search.family, search.outer.directions
        elif best.proven is not None:
            fresh = corner_directions(inc, best.proven)
        lines = Directions.build(
            [np.concatenate(pair) for pair in zip(lines.by_state(), fresh.by_state(), strict=True)]
        )
        again, before = proof_attempt(task, lines, family), best.gap
        if again.complete or again.gap < best.gap or best.outer is None:
            best = again
        if turn >= POOR_ATTEMPTS and not best.gap < PROGRESS * before:
            break
    return sets_certificate(solution.game, inc, best.inner, best.outer, best.gap)


def corner_directions(inc: Incentives, outer: OuterApproximation) -> Directions:
    """Return more directions at the corners of an outer set: normals of what the operator gives back, and bisectors."""
    op, polygons = Operator(inc), outer.directions.polygons(outer.level)
    both = with_bisectors(outer.directions)
    sweep = op.apply_afresh(both, polygons, 0.0)
    every = np.ones(len(outer.level), dtype=np.bool_)
    by_state = refined_directions(outer.directions, both, sweep.point, every)
    guesses = degenerate_directions(op, polygons, widths(polygons))
    return Directions.build([np.concatenate([guess, lam]) for guess, lam in zip(guesses, by_state, strict=True)])


def proof_attempt(task: Task, lines: Directions, family: SelfGeneratingFamily | None = None) -> ProofAttempt:
    """Prove outer and inner set with the outer chain in directions `lines`; `family`: another inner set to try."""
    game, inc = task.solution.game, task.inc
    op = Operator(inc)
    proven = first_outer(op, rounded_directions(lines))  # the outer set once more, in these directions only
    start, proven.proof = proven.level, []
    if not lower_levels(op, proven, task.gap * DESCENT_SHARE, PUBLIC.iterations):
        return ProofAttempt(None, None, np.inf, None)
    outer = outer_proof(op, game, proven, start)
    if len(outer["links"][-1]["void"]) == inc.n_states:
        proven.empty[:] = True
    if proven.empty.any():
        return ProofAttempt(outer, None, np.inf, proven, complete=bool(proven.empty.all()))
    attempt = closest_inner_proof(task, ProofAttempt(outer, None, np.inf, proven), proven)
    if family is not None and attempt.gap > task.gap:
        attempt = _closer(task, attempt, inner_proof(game, inc, family))
    return attempt


def closest_inner_proof(task: Task, best: ProofAttempt, proven: OuterApproximation) -> ProofAttempt:
    """Return the attempt with the inner proof closest to its outer set; the first within the task's gap will do."""
    game, inc, solution = task.solution.game, task.inc, task.solution
    margin = float(getattr(solution.options, "margin", PUBLIC.margin))
    polygons = normalised_polygons(inc, solution.inner)
    if is_perfect(game):
        best = _closer(task, best, exact_inner_proof(game, inc))
    if polygons is None or best.gap <= task.gap:
        return best
    proper = without_redundant_vertices(polygons, SAME_VERTEX)
    for family in families_near(game, inc, proven, proper, margin):
        best = _closer(task, best, family and inner_proof(game, inc, family))
        if best.gap <= task.gap:
            break
    return best


def _closer(task: Task, best: ProofAttempt, candidate: InnerProof | None) -> ProofAttempt:
    """Return the attempt with the candidate where that is closer and the checker accepts it; else the best so far."""
    if candidate is None or best.outer is None or (gap := proven_gap(candidate, best.outer)) >= best.gap:
        return best
    alone = sets_certificate(task.solution.game, task.inc, candidate, None)
    return best._replace(inner=candidate, gap=gap) if check(alone).holds else best


def side_directions(inc: Incentives, solution: Solution) -> Directions:
    """Return the axes, the normals of the feasible set, and those of the solution's outer and inner sides."""
    by_state = []
    for outer, inner in zip(solution.outer, solution.inner, strict=True):
        corners = ((payoff_set.vertices - inc.offset) / inc.scale for payoff_set in (outer, inner))
        rows = [essential_directions(inc), *(edge_normals(vertices, SHORTEST_SIDE) for vertices in corners)]
        if len(outer.directions):
            scaled = outer.directions * inc.scale
            rows.append(scaled / np.hypot(scaled[:, 0], scaled[:, 1])[:, None])
        by_state.append(np.concatenate(rows))
    return Directions.build(by_state)
