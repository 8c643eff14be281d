"""What is said of a game: solved, played once, in the limit of patience, by a strategy; lines and plain data."""

from typing import Any

import numpy as np

from negotiation._numbers import display_step
from negotiation._numbers import rounded_text as number_text
from negotiation._values import Floats, plain
from negotiation.api.game_views import game_lines, payoff_table, rows_and_columns
from negotiation.errors import count_text
from negotiation.games.dynamic import OneShotGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.solve.public.incentive_constraints import normalisation
from negotiation.solve.scores.limit_set import PatientLimit
from negotiation.solve.solution_record import one_shot_object, stage_nash
from negotiation.solve.stage.equilibria import StageEquilibria
from negotiation.solve.stage.minmax import pure_minmax
from negotiation.solve.stage.unplayable import FINEST, ruled_out
from negotiation.solve.strategies.public_strategy import PublicStrategy

ALMOST = 0.9999  # chances from here on would be printed as 1 beside others
VERTICES_LISTED = 12  # equilibria, vertices and plans shown on the terminal


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
        digits = [display_step(float(apart), float(magnitude)) for apart, magnitude in zip(spread, size, strict=True)]
    return np.array(digits) if exact else np.maximum(digits, FINEST * scale)


def _state_lines(solution: Solution, state: int, inner: PayoffSet, outer: PayoffSet, digits: Floats) -> list[str]:
    game = solution.game
    shown = outer if inner.is_empty else inner
    label = "outer bound" if inner.is_empty and not outer.is_empty else "equilibrium payoffs"
    lines = [f"  state {game.states[state]}"] if game.n_states > 1 else []
    if not shown.is_empty:
        points = shown.points(digits)[:VERTICES_LISTED]
        more = f" and {len(shown.vertices) - VERTICES_LISTED} more" if len(shown.vertices) > VERTICES_LISTED else ""
        lines.append(f"  {label}: {'  '.join(points)}{more}")
        for player, bounds, step in zip(game.stages[state].players, solution.bounds[state], digits, strict=True):
            low, high = (number_text(bounds[end], step) for end in (0, 3))
            lines.append(f"  {player} gets between {low} and {high} in every equilibrium in pure strategies")
    stage = game.stages[state]
    levels = ", ".join(
        f"{player} {number_text(pure_minmax(stage, number), step)}"
        for number, (player, step) in enumerate(zip(stage.players, digits, strict=True))
    )
    lines.append(f"  pure minmax: {levels}")
    return lines + _stage_lines(stage_nash(game, state))


def _stage_lines(equilibria: StageEquilibria) -> list[str]:
    """Return the equilibria of a stage game played once, and that there may be more where the list is not complete."""
    sentences = equilibria.sentences()
    lines = [f"  stage game: {equilibria.count()}", *(f"    {sentence}" for sentence in sentences[:VERTICES_LISTED])]
    if len(sentences) > VERTICES_LISTED:
        lines.append(f"    and {len(sentences) - VERTICES_LISTED} more, which --json lists")
    return lines + [f"    {words}" for words in (equilibria.caveat, equilibria.opinion_words()) if words]


def patient_object(limit: PatientLimit) -> dict[str, Any]:
    """Return the limit of patience as data: exact vertices, whether patience fills the set, and the words."""
    vertices = [[str(number) for number in corner] for corner in limit.exact_vertices]
    return {"vertices": vertices, "full_dimensional": limit.full_dimensional, "words": limit.words()}


def patient_lines(limit: PatientLimit) -> list[str]:
    """Return the limit of patience in words, with its exact vertices."""
    corners = "  ".join(f"({', '.join(map(str, corner))})" for corner in limit.exact_vertices)
    return [f"  patience: {limit.words()}", *([f"    vertices: {corners}"] if corners else [])]


def strategy_object(strategy: PublicStrategy) -> dict[str, Any]:
    """Return a strategy as data: each plan's profile and what follows each signal, as {plan: probability}."""
    game = strategy.game
    plans = [
        {
            "state": game.states[state],
            "plays": game.stages[state].name(profile),
            "value": value,
            "next": {signal: _lottery(row) for signal, row in zip(game.monitoring[state].signals, after, strict=True)},
        }
        for state, profile, value, after in zip(
            strategy.publics, strategy.profiles, strategy.values, strategy.transition, strict=True
        )
    ]
    data: dict[str, Any] = {
        "value": plain(strategy.value),
        "starts": _lottery(strategy.initial),
        "plans": plain(plans),
        "after_seen_deviation": _answers(strategy),
        "holds": strategy.holds(),
        "words": strategy.words(),
    }
    return data


def strategy_lines(strategy: PublicStrategy) -> list[str]:
    """Return a strategy in words: what it is worth, where it starts, what each plan plays and what follows."""
    plans = [_plan_words(strategy, number) for number in range(min(strategy.n_plans, VERTICES_LISTED))]
    more, many = strategy.n_plans - VERTICES_LISTED, strategy.game.n_states > 1
    return [
        f"  strategy: {strategy.words()}",
        f"    starts in {_lottery_words(strategy.initial)}",
        *(f"    {line}" for line in plans),
        *([f"    and {count_text(more, 'more plan')}, which --json lists"] if more > 0 else []),
        *(
            f"    if {player} is seen to deviate{f' and state {state} follows' * many}: plan {plan}"
            for state, answers in _answers(strategy).items()
            for player, plan in answers.items()
        ),
    ]


def _answers(strategy: PublicStrategy) -> dict[str, dict[str, int]]:
    """Return for each public state that follows and each player whose action is seen the plan that answers."""
    game = strategy.game
    observed = {player for monitoring in game.monitoring for player in monitoring.observed}
    return {
        name: {game.stages[0].players[i]: int(plans[i]) + 1 for i in sorted(observed)}
        for name, plans in zip(game.states, strategy.worst, strict=True)
    }


def _plan_words(strategy: PublicStrategy, number: int) -> str:
    state = int(strategy.publics[number])
    game, signals = strategy.game, strategy.game.monitoring[state].signals
    where = f" in state {game.states[state]}" if game.n_states > 1 else ""
    by_lottery: dict[str, list[str]] = {}
    for signal, row, chance in zip(signals, strategy.transition[number], strategy.signals[number], strict=True):
        if chance > 0:
            by_lottery.setdefault(_lottery_words(row), []).append(signal)
    if len(by_lottery) == 1:
        after = f"then {next(iter(by_lottery))}"
    else:
        after = "; ".join(f"after {' or '.join(names)} {words}" for words, names in by_lottery.items())
    return f"plan {number + 1}{where}: {'/'.join(game.stages[state].name(strategy.profiles[number]))}; {after}"


def _lottery(row: Floats) -> dict[str, float]:
    return {str(number + 1): float(row[number]) for number in np.flatnonzero(row)}


def _lottery_words(row: Floats) -> str:
    parts = [(number + 1, float(row[number])) for number in np.flatnonzero(row > 0)]
    if len(parts) == 1:
        return f"plan {parts[0][0]}"
    return "a public lottery: " + ", ".join(
        f"plan {number} ({f'{share:.4g}' if share < ALMOST else 'nearly 1'})" for number, share in parts
    )
