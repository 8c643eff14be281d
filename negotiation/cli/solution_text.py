"""What is said of a solved game, and of a game played once, on the terminal."""

from __future__ import annotations

import numpy as np

from negotiation._numbers import display_step
from negotiation._numbers import rounded_text as number_text
from negotiation._values import Floats
from negotiation.api.game_text import game_lines, payoff_table, rows_and_columns
from negotiation.games.dynamic import OneShotGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.solve.public.incentive_constraints import normalisation
from negotiation.solve.solution_record import one_shot_object, stage_nash
from negotiation.solve.stage.equilibria import StageEquilibria
from negotiation.solve.stage.minmax import pure_minmax
from negotiation.solve.stage.unplayable import FINEST, ruled_out

LISTED = 12  # equilibria and vertices shown on the terminal


def solution_lines(solution: Solution, name: str) -> list[str]:
    """Return the answer to a repeated game for the terminal."""
    game = solution.game
    sizes = " and ".join(sorted({" × ".join(map(str, stage.shape)) for stage in game.stages}))
    states = f", {game.n_states} states" if game.n_states > 1 else ""
    lines = [f"{name}: {sizes}{states}", *(f"  {line}" for line in game_lines(game))]
    lines.append(f"  {solution.words()}")
    digits = _steps(solution)
    for state, (inner, outer) in enumerate(zip(solution.inner, solution.outer, strict=True)):
        lines += _state_lines(solution, state, inner, outer, digits)
    share = "none" if np.isinf(solution.gap) else f"{solution.gap:.2g} of the payoff range"
    if solution.gap > 0 or not solution.solved:
        lines.append(f"  gap between the bounds: {share}")
    return lines


def one_shot_lines(game: OneShotGame, name: str) -> list[str]:
    """Return the answer to a game played once: stage equilibria, what each can be held to, dominated actions."""
    played, answer = game.repeated(0.5), one_shot_object(game, name)
    lines = [f"{name}: {' × '.join(map(str, game.stage.shape))}, played once (no discount factor)"]
    lines += [f"  {line}" for line in [rows_and_columns(played), *payoff_table(played, 0), *game.remarks]]
    lines += _stage_lines(stage_nash(played, 0))
    for kind in ("pure", "mixed"):
        levels = [(player, level[kind]) for player, level in answer["minmax"].items() if level[kind] is not None]
        if levels:
            lines.append(f"  {kind} minmax: {', '.join(f'{player} {level:.10g}' for player, level in levels)}")
    dominated, left = answer["dominance"]["dominated"], answer["dominance"]["undominated"]
    lines += [f"  {action['words']}" for action in dominated] or ["  no action is dominated"]
    if any(action["kind"] == "strictly" for action in dominated):
        names = "; ".join(f"{player}: {', '.join(actions)}" for player, actions in left.items())
        lines.append(f"  iterated strict dominance leaves {names}")
    return lines


def _steps(solution: Solution) -> Floats:
    """Return (2,) the step to which payoffs are shown: six digits of what the outer sets span, or of the payoff range.

    Doubles are accurate to 1e-9 of the range, and no more is shown of them; exact answers have all their digits.
    """
    game = solution.game
    corners = np.concatenate([payoffs.vertices for payoffs in solution.outer])
    spread = np.ptp(corners, axis=0) if len(corners) else np.zeros(2)
    _, scale = normalisation(game, ruled_out(game))
    digits = [display_step(float(apart or far), 0.0) for apart, far in zip(spread, scale, strict=True)]
    exact = solution.gap == 0 and solution.status is Status.EXACT
    if exact and len(corners):
        size = np.abs(corners).max(axis=0)
        digits = [display_step(float(apart), float(own)) for apart, own in zip(spread, size, strict=True)]
    return np.array(digits) if exact else np.maximum(digits, FINEST * scale)


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
    return lines + _stage_lines(stage_nash(game, state))


def _stage_lines(equilibria: StageEquilibria) -> list[str]:
    """Return the equilibria of a stage game played once, and that there may be more where the list is not complete."""
    sentences = equilibria.sentences()
    lines = [f"  stage game: {equilibria.count()}", *(f"    {sentence}" for sentence in sentences[:LISTED])]
    if len(sentences) > LISTED:
        lines.append(f"    and {len(sentences) - LISTED} more, which --json lists")
    return lines + [f"    {words}" for words in (equilibria.caveat, equilibria.opinion_words()) if words]
