"""What is said of a solved game on the terminal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from negotiation._numbers import display_step
from negotiation._numbers import rounded_text as number_text
from negotiation._values import Floats
from negotiation.api.game_text import game_lines
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.solve.public.incentive_constraints import normalisation
from negotiation.solve.solution_record import stage_nash
from negotiation.solve.stage.equilibria import StageEquilibria
from negotiation.solve.stage.minmax import pure_minmax
from negotiation.solve.stage.unplayable import FINEST, ruled_out

LISTED = 12  # equilibria and vertices shown on the terminal


def solution_text(solution: Solution, name: str, seconds: Callable[[], float]) -> str:
    """Return the answer for the terminal; `seconds` tells how long it took once all is known."""
    game = solution.game
    sizes = " and ".join(sorted({" × ".join(map(str, stage.shape)) for stage in game.stages}))
    states = f", {game.n_states} states" if game.n_states > 1 else ""
    lines = [f"{name}: {sizes}{states}", *(f"  {line}" for line in game_lines(game))]
    lines.append(f"  {solution.words()}")
    digits = steps(solution)
    for state, (inner, outer) in enumerate(zip(solution.inner, solution.outer, strict=True)):
        lines += _state_lines(solution, state, inner, outer, digits)
    share = "none" if np.isinf(solution.gap) else f"{solution.gap:.2g} of the payoff range"
    if solution.gap > 0 or not solution.solved:
        lines.append(f"  gap between the bounds: {share}")
    lines.append(f"  {solution.iterations} applications of the operator, {seconds():.3g} s")
    return "\n".join(lines)


def steps(solution: Solution) -> Floats:
    """Return (2,) the step to which payoffs are shown: six digits of what the outer sets span, or of the payoff range.

    Doubles are accurate to 1e-9 of the range, and no more is shown of them; exact answers have all their digits.
    """
    game = solution.game
    corners = np.concatenate([found.vertices for found in solution.outer])
    spread = np.ptp(corners, axis=0) if len(corners) else np.zeros(2)
    _, scale = normalisation(game, ruled_out(game))
    found = [display_step(float(apart or far), 0.0) for apart, far in zip(spread, scale, strict=True)]
    exact = solution.gap == 0 and solution.status is Status.EXACT
    if exact and len(corners):
        size = np.abs(corners).max(axis=0)
        found = [display_step(float(apart), float(own)) for apart, own in zip(spread, size, strict=True)]
    return np.array(found) if exact else np.maximum(found, FINEST * scale)


def _state_lines(solution: Solution, state: int, inner: PayoffSet, outer: PayoffSet, digits: Floats) -> list[str]:
    game = solution.game
    shown = outer if inner.is_empty else inner
    label = "outer bound" if inner.is_empty and not outer.is_empty else "equilibrium payoffs"
    lines = [f"  state {game.states[state]}"] if game.n_states > 1 else []
    if not shown.is_empty:
        points = shown.points(digits)[:LISTED]
        more = f" and {len(shown.vertices) - LISTED} more" if len(shown.vertices) > LISTED else ""
        lines.append(f"  {label}: {'  '.join(points)}{more}")
        for player, own, step in zip(game.stages[state].players, solution.bounds[state], digits, strict=True):
            low, high = (number_text(own[end], step) for end in (0, 3))
            lines.append(f"  {player} gets between {low} and {high} in every equilibrium in pure strategies")
    stage = game.stages[state]
    levels = ", ".join(
        f"{player} {number_text(pure_minmax(stage, at), step)}"
        for at, (player, step) in enumerate(zip(stage.players, digits, strict=True))
    )
    lines.append(f"  pure minmax: {levels}")
    return lines + stage_lines(stage_nash(game, state))


def stage_lines(found: StageEquilibria) -> list[str]:
    """Return the equilibria of a stage game played once, and that there may be more where the list is not complete."""
    sentences = found.sentences()
    lines = [f"  stage game: {found.count()}", *(f"    {sentence}" for sentence in sentences[:LISTED])]
    if len(sentences) > LISTED:
        lines.append(f"    and {len(sentences) - LISTED} more, which --json lists")
    return lines + [f"    {words}" for words in (found.caveat, found.opinion_words()) if words]
