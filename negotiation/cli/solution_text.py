"""What is said of a solved game: one JSON object for scripts, a few lines for people."""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation._values import Floats, plain
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution
from negotiation.solve.minmax import minmax
from negotiation.solve.nash import stage_equilibria

LISTED = 12  # equilibria and vertices shown on the terminal


def solution_object(solution: Solution, name: str) -> dict[str, Any]:
    """Return the answer as plain data (docs/game-files.md); with several states, lists with one entry a state."""
    game = solution.game
    answer: dict[str, Any] = {
        "game": name,
        "status": solution.status.name.lower(),
        "words": solution.words(),
        "stage_nash": [stage_nash(game, state) for state in range(game.n_states)],
        "minmax": [held_to(game, state) for state in range(game.n_states)],
        "inner": [found.vertices for found in solution.inner],
        "outer": [found.vertices for found in solution.outer],
        "gap": solution.gap,
        "bounds": [_bounds(game, table) for table in solution.bounds],
    }
    if game.n_states == 1:
        answer.update({key: answer[key][0] for key in ("stage_nash", "minmax", "inner", "outer", "bounds")})
    else:
        answer["states"] = game.states
    answer.update(
        method=solution.method,
        notes=solution.notes,
        iterations=solution.iterations,
        options=solution.options,
        certificate=solution.certificate,
    )
    found: dict[str, Any] = plain(answer)
    return found


def _bounds(game: DynamicGame, table: Floats) -> dict[str, dict[str, float | None]]:
    """Return the four bounds of each player: what no, and what some, equilibrium gives at worst and at best."""
    names = ("none_below", "some_as_low_as", "some_as_high_as", "none_above")
    return {
        player: {name: None if np.isnan(level) else float(level) for name, level in zip(names, row, strict=True)}
        for player, row in zip(game.stages[0].players, table, strict=True)
    }


def _exact(game: DynamicGame, state: int) -> Any:
    """Return the exact payoffs nested as the stage game's, None where only doubles are known."""
    if game.exact_payoffs is None:
        return None
    rows, columns = game.stages[state].shape
    return [[own[a * columns : (a + 1) * columns] for a in range(rows)] for own in game.exact_payoffs[state]]


def stage_nash(game: DynamicGame, state: int) -> dict[str, Any]:
    """Return the equilibria of a state's stage game: mixes as texts of ratios, payoffs, and whether all are listed."""
    found = stage_equilibria(game.stages[state], exact=_exact(game, state))
    listed = [
        {"mixes": [[str(share) for share in mix] for mix in equilibrium.mixes], "payoffs": equilibrium.payoffs}
        for equilibrium in found.equilibria
    ]
    return {"equilibria": listed, "complete": found.complete}


def held_to(game: DynamicGame, state: int) -> dict[str, dict[str, float]]:
    """Return each player's minmax payoff in a state's stage game, with pure and with mixed strategies."""
    exact = _exact(game, state)
    players = game.stages[state].players
    found = [minmax(game.stages[state], player, exact=exact) for player in range(len(players))]
    return {player: {"pure": level.pure, "mixed": level.mixed} for player, level in zip(players, found, strict=True)}


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
