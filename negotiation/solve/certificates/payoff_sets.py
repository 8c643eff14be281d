"""The proof of a known answer: outer chain in the directions of its sides, inner set near its inner polygons.

Whatever solver found the sets, the machinery of public monitoring proves them, perfect monitoring included: everything
is one operator. What is proven is what the certificate says, no more: its gap may differ from the solver's.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from negotiation._values import Floats
from negotiation.games import DynamicGame, Solution
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.certificates.encoding import certificate
from negotiation.solve.certificates.gap import proven_gap, ratio_texts
from negotiation.solve.certificates.inner_candidates import inner_proofs_near, normalised_polygons
from negotiation.solve.certificates.inner_exact import exact_inner_proof
from negotiation.solve.certificates.inner_proof import inner_proof
from negotiation.solve.certificates.outer_proof import outer_chain, outer_proof, rounded_directions
from negotiation.solve.options import PUBLIC
from negotiation.solve.perfect.solver import is_perfect
from negotiation.solve.public.directions import apply_afresh, degenerate_directions, refined_directions, with_bisectors
from negotiation.solve.public.incentive_constraints import Incentives, incentive_constraints
from negotiation.solve.public.inner_approximation import widths
from negotiation.solve.public.operator import Directions, Operator
from negotiation.solve.public.outer_approximation import OuterApproximation
from negotiation.solve.public.refinement import essential_directions, first_outer, refine_to_both_sets
from negotiation.solve.public.self_generation import SelfGeneratingFamily
from negotiation.verify.checker import check

SHORTEST_SIDE = 1e-9
SEARCH_MARGIN = 1e-10
ROUNDS = 6
PROGRESS, PATIENCE = 0.5, 3
MOST_DIRECTIONS = 128

Witness = list[dict[str, Any]]


class ProofAttempt(NamedTuple):
    """An outer chain, the inner witness that comes closest to it, and the gap the two prove (infinite without both).

    proven: the same outer set in doubles, None where the chain did not get anywhere.
    """

    outer: dict[str, Any] | None
    inner: Witness | None
    gap: float
    proven: OuterApproximation | None

    @property
    def complete(self) -> bool:
        """Whether nothing is left to prove: no state has an equilibrium."""
        return self.proven is not None and bool(self.proven.empty.all())


def prove(solution: Solution, gap: float) -> dict[str, Any]:
    """Return a certificate of the solved game's sets that aims at a proven gap of at most `gap`.

    First in the directions of the solution's own sides; where these do not suffice (a fixed list of directions may
    bound a thin set poorly), in those that a search under public monitoring adds.
    """
    game, inc = solution.game, incentive_constraints(solution.game)
    lines = side_directions(inc, solution)
    best = proof_attempt(game, inc, solution, lines, gap)
    for turn in range(ROUNDS):
        if best.complete or best.gap <= gap or len(lines.lam) > MOST_DIRECTIONS * inc.n_states:
            break
        family = None
        if turn == 0:
            found = refine_to_both_sets(inc, PUBLIC.replace(gap=gap, margin=SEARCH_MARGIN))
            family, fresh = found.family, found.outer.directions
        elif best.proven is not None:
            fresh = corner_directions(inc, best.proven)
        lines = union_of_directions(lines, fresh, inc.n_states)
        again, before = proof_attempt(game, inc, solution, lines, gap, family), best.gap
        if again.complete or again.gap < best.gap or best.outer is None:
            best = again
        if turn >= PATIENCE and not best.gap < PROGRESS * before:
            break
    return certificate(
        "sets",
        game,
        normalised={"offset": ratio_texts(inc.offset), "scale": ratio_texts(inc.scale)},
        inner=best.inner,
        outer=best.outer,
        gap=proven_gap(best.inner, best.outer),
    )


def corner_directions(inc: Incentives, outer: OuterApproximation) -> Directions:
    """Return more directions at the corners of an outer set: normals of what the operator gives back, and bisectors."""
    op, polygons = Operator(inc), outer.directions.polygons(outer.level)
    both = with_bisectors(outer.directions)
    sweep = apply_afresh(op, both, polygons, 0.0)
    every = np.ones(len(outer.level), dtype=np.bool_)
    by_state = refined_directions(outer.directions, both, sweep.point, every)
    guesses = degenerate_directions(op, polygons, widths(polygons))
    return Directions.build([np.concatenate([guess, lam]) for guess, lam in zip(guesses, by_state, strict=True)])


def union_of_directions(one: Directions, two: Directions, states: int) -> Directions:
    """Return the directions of both."""
    return Directions.build([np.concatenate([one.lam[one.state == s], two.lam[two.state == s]]) for s in range(states)])


def proof_attempt(
    game: DynamicGame,
    inc: Incentives,
    solution: Solution,
    lines: Directions,
    gap: float,
    family: SelfGeneratingFamily | None = None,
) -> ProofAttempt:
    """Prove outer and inner set with the outer chain in directions `lines`; `family`: another inner set to try."""
    op = Operator(inc)
    first = first_outer(op, rounded_directions(lines))
    start = first.level.copy()
    proven = outer_chain(op, first, PUBLIC.replace(gap=gap))
    if proven is None:
        return ProofAttempt(None, None, np.inf, None)
    outer = outer_proof(op, game, proven, start)
    if len(outer["links"][-1]["void"]) == inc.n_states:
        proven.empty[:] = True
    if proven.empty.any():
        return ProofAttempt(outer, None, np.inf, proven)
    inner, least = closest_inner_proof(game, inc, solution, proven, outer, gap)
    if family is not None and least > gap:
        witness = inner_proof(game, inc, family)
        if witness is not None and (found := _gap(witness, outer)) < least and _holds(game, inc, witness):
            inner, least = witness, found
    return ProofAttempt(outer, inner, least, proven)


def closest_inner_proof(
    game: DynamicGame,
    inc: Incentives,
    solution: Solution,
    proven: OuterApproximation,
    outer: dict[str, Any],
    gap: float,
) -> tuple[Witness | None, float]:
    """Return the inner witness closest to the proven outer set, and its gap; the first within `gap` will do."""
    best: Witness | None = None
    least = np.inf
    margin = float(getattr(solution.options, "margin", PUBLIC.margin))
    known = normalised_polygons(inc, solution.inner)
    if is_perfect(game):
        exact = exact_inner_proof(game, inc)
        if exact is not None and _holds(game, inc, exact):
            best, least = exact, _gap(exact, outer)
    if known is None or least <= gap:
        return best, least
    for witness in inner_proofs_near(game, inc, proven, known, margin):
        if (found := _gap(witness, outer)) < least and _holds(game, inc, witness):
            best, least = witness, found
        if least <= gap:
            break
    return best, least


def _holds(game: DynamicGame, inc: Incentives, witness: Witness) -> bool:
    """Whether the checker accepts an inner witness."""
    units = {"offset": ratio_texts(inc.offset), "scale": ratio_texts(inc.scale)}
    return check(certificate("sets", game, normalised=units, inner=witness, outer=None, gap=None)).holds


def _gap(witness: Witness, outer: dict[str, Any]) -> float:
    found = proven_gap(witness, outer)
    return np.inf if found is None else float(Fraction(found))


def side_directions(inc: Incentives, solution: Solution) -> Directions:
    """Return the axes, the normals of the feasible set, and those of the solution's outer and inner sides."""
    by_state = []
    for outer, inner in zip(solution.outer, solution.inner, strict=True):
        rows = [essential_directions(inc), *(normals(inc, found) for found in (outer, inner))]
        if len(outer.directions):
            scaled = outer.directions * inc.scale
            rows.append(scaled / np.hypot(scaled[:, 0], scaled[:, 1])[:, None])
        by_state.append(np.concatenate(rows))
    return Directions.build(by_state)


def normals(inc: Incentives, found: PayoffSet) -> Floats:
    """Return the outward normals (K, 2) of a set's sides in normalised payoffs."""
    corners = (found.vertices - inc.offset) / inc.scale
    if len(corners) < 2:
        return np.empty((0, 2))
    side = np.roll(corners, -1, axis=0) - corners
    length = np.linalg.norm(side, axis=1)
    normal = np.stack([side[:, 1], -side[:, 0]], axis=1)
    return np.asarray(normal[length > SHORTEST_SIDE] / length[length > SHORTEST_SIDE, None])
