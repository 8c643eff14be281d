"""Certificates about one bound and about one profile, derived from a certificate of inner and outer sets.

"No equilibrium has direction.v above a level": the certified outer set read in one more direction. "Profile a cannot be
played in the first period": multipliers that show its enforcement infeasible against the certified outer set (Farkas).
"It can": a continuation in the certified inner set that enforces it. What is returned has passed the checker.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation.errors import InputError
from negotiation.games import DynamicGame, Solution
from negotiation.games.stage import Profile
from negotiation.solve.certificates.encoding import UNIT, exact_game, ratio_text
from negotiation.solve.certificates.inner_proof import generated_data, lotteries
from negotiation.solve.certificates.outer_proof import final_levels, multiplier_data, undetectable_gain
from negotiation.solve.public.incentive_constraints import incentive_constraints
from negotiation.solve.public.operator import Application, Directions, Operator, Polygons
from negotiation.verify.checker import check, check_with_sets
from negotiation.verify.claims import proven_support

# How far conditions are tightened for a continuation that enforces; the checker then needs no rounding to go its way.
ENFORCEMENT_MARGIN = 1e-10


def bound_certificate(
    solution: Solution, direction: Sequence[int | float | str | Fraction], state: int = 0
) -> dict[str, Any] | None:
    """Return the certificate "no pure equilibrium payoff v of `state` has direction.v above the level", or None.

    solution: one with a certificate (`Options.certificate`, or `with_certificate`). direction: two numbers; "1/3" is
    exact. The entry "level", in units of the game, is the least that the certified outer set gives.
    """
    proof, exact = _certificate_of_sets(solution), [Fraction(x) for x in direction]
    _, sets = check_with_sets(proof)
    if sets is None or sets.planes is None:
        return None
    level = proven_support(sets.planes, sets.units, state, exact)
    if level is None and state in sets.empty:
        level = Fraction(0)  # no payoff, so any level bounds them
    if level is None:
        return None
    claim = {"state": state, "direction": [ratio_text(x) for x in exact], "level": ratio_text(level)}
    return _checked_certificate(proof, "bound", "outer", **claim)


def play_certificate(solution: Solution, profile: Profile, state: int = 0) -> dict[str, Any] | None:
    """Return the certificate that a profile can, or cannot, be played in the first period of a pure equilibrium.

    solution: one with a certificate. profile: action numbers in `state`. The answer is in the entry "answer", "yes" or
    "no"; None means that neither is proven (undecided).
    """
    proof, game = _certificate_of_sets(solution), solution.game
    number = list(game.stages[state].profiles()).index(tuple(profile))
    about: dict[str, Any] = {"state": state, "profile": [int(action) for action in profile]}
    data = None
    if proof["inner"] is not None and (first := _enforcing_continuation(game, proof, state, number)) is not None:
        data = _checked_certificate(proof, "play", "inner", **about, answer="yes", first=first)
    if data is None:
        against = _unenforceability_multipliers(game, proof, state, number)
        data = _checked_certificate(proof, "play", "outer", **about, answer="no", multipliers=against)
    return data


def _certificate_of_sets(solution: Solution) -> Mapping[str, Any]:
    proof = solution.certificate
    if proof is None or proof.get("claim") != "sets":
        hint = "solve with options.certificate, or call certify.with_certificate"
        raise InputError.single("solution", "certificate", "is missing", hint)
    return proof


def _checked_certificate(proof: Mapping[str, Any], claim: str, part: str, **entries: Any) -> dict[str, Any] | None:
    """Return a certificate of another claim with the game and one set of `proof`, None if it does not hold."""
    shared = {key: proof[key] for key in ("format", "version", "game", "normalised", part)}
    data = {**shared, "claim": claim, **entries}
    return data if check(data).holds else None


def _unenforceability_multipliers(
    game: DynamicGame, certificate: Mapping[str, Any], state: int, profile: int
) -> list[list[int]]:
    """Return multipliers that show a profile unenforceable against the certified outer set; none if there are none."""
    inc, outer = incentive_constraints(game), certificate["outer"]
    p = int(inc.first[state]) + profile
    if inc.unenforceable[p]:
        return undetectable_gain(exact_game(game, inc)[0], state, profile)
    rows, levels = np.array(outer["directions"]), np.array(final_levels(outer)) / UNIT
    lines = Directions(rows[:, 1:] / UNIT, np.searchsorted(rows[:, 0], np.arange(inc.n_states + 1)))
    op = Operator(inc)
    binding = _apply_one_profile(op, lines, lines.polygons(levels), p).binding
    return [] if op.not_ruled_out[p] else multiplier_data(inc, p, op.farkas[p], binding)


def _enforcing_continuation(
    game: DynamicGame, certificate: Mapping[str, Any], state: int, profile: int
) -> dict[str, Any] | None:
    """Return a continuation in the certified inner set that enforces a profile, or None."""
    inner = certificate["inner"]
    actions = [int(a) for a in list(game.stages[state].profiles())[profile]]
    for point in inner[state]["generated"]:
        if point["profile"] == actions:
            return dict(point)
    inc = incentive_constraints(game)
    p = int(inc.first[state]) + profile
    angle = np.arange(8) * np.pi / 4
    lines = Directions.build([np.stack([np.cos(angle), np.sin(angle)], axis=1)] * inc.n_states)
    op = Operator(inc)
    polygons = Polygons.of([np.array([[float(Fraction(x)) for x in v] for v in row["vertices"]]) for row in inner])
    application = _apply_one_profile(op, lines, polygons, p, ENFORCEMENT_MARGIN)
    j = int(lines.start[state])
    if application.best_profile[j] != p:
        return None
    after = lotteries(inc, application, j, np.asarray(game.next_state[state]), [row["worst"] for row in inner])
    return generated_data(inc.profiles[p], after)


def _apply_one_profile(op: Operator, lines: Directions, polygons: Polygons, p: int, margin: float = 0.0) -> Application:
    """Apply the operator with one profile only; `op.not_ruled_out[p]` says whether it is left."""
    left = np.arange(len(op.not_ruled_out)) == p
    application = op.apply(lines, polygons, op.warm_start(len(lines.lam)), left, margin)
    op.not_ruled_out[p] = left[p]
    return application
