"""What is said of a solved game on the terminal."""

from __future__ import annotations

import numpy as np

from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution
from negotiation.report.solution_data import held_to

LISTED = 12  # equilibria and vertices shown on the terminal


def solution_text(solution: Solution, name: str, seconds: float) -> str:
    """Return the answer for the terminal."""
    game = solution.game
    sizes = " and ".join(sorted({" × ".join(map(str, stage.shape)) for stage in game.stages}))
    states = f", {game.n_states} states" if game.n_states > 1 else ""
    lines = [f"{name}: {sizes}{states}, discount {game.exact_discount or game.discount}, {_sight(game)}"]
    lines.append(f"  {solution.words()}")
    for state, (inner, outer) in enumerate(zip(solution.inner, solution.outer, strict=True)):
        lines += _state_lines(solution, state, inner, outer)
    share = "none" if np.isinf(solution.gap) else f"{solution.gap:.2g} of the payoff range"
    if solution.gap > 0 or not solution.solved:
        lines.append(f"  gap between the bounds: {share}")
    lines.append(f"  {solution.iterations} applications of the operator, {seconds:.3g} s")
    return "\n".join(lines)


def _sight(game: DynamicGame) -> str:
    seen = {monitoring.observed for monitoring in game.monitoring}
    if seen == {(0, 1)}:
        return "every action seen"
    return f"{game.monitoring[0].n_signals} public signals"


def _state_lines(solution: Solution, state: int, inner: PayoffSet, outer: PayoffSet) -> list[str]:
    game = solution.game
    shown = outer if inner.is_empty else inner
    label = "outer bound" if inner.is_empty and not outer.is_empty else "equilibrium payoffs"
    lines = [f"  state {game.states[state]}"] if game.n_states > 1 else []
    if not shown.is_empty:
        points = [f"({', '.join(f'{number:.6g}' for number in vertex)})" for vertex in shown.vertices[:LISTED]]
        more = f" and {len(shown.vertices) - LISTED} more" if len(shown.vertices) > LISTED else ""
        lines.append(f"  {label}: {'  '.join(points)}{more}")
        for player, (low, _, _, high) in zip(game.stages[state].players, solution.bounds[state], strict=True):
            lines.append(f"  {player} gets between {low:.6g} and {high:.6g} in every equilibrium in pure strategies")
    levels = ", ".join(f"{player} {level['pure']:.6g}" for player, level in held_to(game, state).items())
    lines.append(f"  pure minmax: {levels}")
    return lines
