"""What `solve` says besides: the limit of patience, and a strategy for one payoff, as lines and as plain data."""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation._values import Floats, plain
from negotiation.errors import count_text
from negotiation.solve.scores.limit_set import PatientLimit
from negotiation.solve.strategies.public_strategy import PublicStrategy

ALMOST = 0.9999  # chances from here on would be printed as 1 beside others
LISTED = 12  # plans shown on the terminal


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
    plans = [_plan_words(strategy, at) for at in range(min(strategy.n_plans, LISTED))]
    more, many = strategy.n_plans - LISTED, strategy.game.n_states > 1
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


def _plan_words(strategy: PublicStrategy, at: int) -> str:
    state = int(strategy.publics[at])
    game, signals = strategy.game, strategy.game.monitoring[state].signals
    where = f" in state {game.states[state]}" if game.n_states > 1 else ""
    by_lottery: dict[str, list[str]] = {}
    for signal, row, chance in zip(signals, strategy.transition[at], strategy.signals[at], strict=True):
        if chance > 0:
            by_lottery.setdefault(_lottery_words(row), []).append(signal)
    if len(by_lottery) == 1:
        after = f"then {next(iter(by_lottery))}"
    else:
        after = "; ".join(f"after {' or '.join(names)} {words}" for words, names in by_lottery.items())
    return f"plan {at + 1}{where}: {'/'.join(game.stages[state].name(strategy.profiles[at]))}; {after}"


def _lottery(row: Floats) -> dict[str, float]:
    return {str(at + 1): float(row[at]) for at in np.flatnonzero(row)}


def _lottery_words(row: Floats) -> str:
    parts = [(at + 1, float(row[at])) for at in np.flatnonzero(row > 0)]
    if len(parts) == 1:
        return f"plan {parts[0][0]}"
    return "a public lottery: " + ", ".join(
        f"plan {at} ({f'{share:.4g}' if share < ALMOST else 'nearly 1'})" for at, share in parts
    )
