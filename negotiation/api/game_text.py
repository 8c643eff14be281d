"""The game that `solve` understood, for the terminal: who does what, for which payoffs, seen by whom."""

from __future__ import annotations

from fractions import Fraction

from negotiation.games.dynamic import DynamicGame

MOST = 6  # rows and columns of a payoff table shown
WIDEST = 24  # letters of an action's name shown
SHORT = 12  # letters of a ratio shown as one


def game_lines(game: DynamicGame) -> list[str]:
    """Return what was understood of a two-player game: discount, sight, a small table of each state's payoffs."""
    exact = game.exact_discount is not None
    lines = [
        f"discount {game.exact_discount if exact else repr(game.discount) + ' (a double)'}, {_sight(game)}",
        rows_and_columns(game),
    ]
    for state in range(game.n_states):
        if game.n_states > 1:
            lines.append(f"state {game.states[state]}")
        lines += payoff_table(game, state)
    return lines + list(game.remarks)


def rows_and_columns(game: DynamicGame) -> str:
    """Return who chooses rows and who columns of a payoff table."""
    first, second = game.stages[0].players
    return f"{first} chooses rows, {second} columns; payoffs ({first}, {second})"


def _sight(game: DynamicGame) -> str:
    """Return who sees what, where it is the same in every state."""
    observed = {seen.observed for seen in game.monitoring}
    if observed == {(0, 1)}:
        return "every action seen"
    signals = f"{game.monitoring[0].n_signals} public signals"
    if len(observed) > 1:
        return signals
    names = [game.stages[0].players[i] for i in observed.pop()]
    return f"{signals}, {names[0]}'s action seen besides" if names else f"{signals}, no action seen besides"


def payoff_table(game: DynamicGame, state: int) -> list[str]:
    """Return the payoff table of a state, or its size where it is large."""
    stage = game.stages[state]
    if max(stage.shape) > MOST:
        return [f"  {stage.shape[0]} × {stage.shape[1]} payoffs, too many to show"]
    own = game.exact_payoffs[state] if game.exact_payoffs is not None else stage.payoffs.reshape(2, -1).tolist()
    pairs = iter([", ".join(_written(number) for number in pair) for pair in zip(*own, strict=True)])
    names, head = ([name[:WIDEST] for name in options] for options in stage.actions)
    rows = [["", *head], *([name, *(next(pairs) for _ in head)] for name in names)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "   ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _written(number: Fraction | float) -> str:
    """Return a payoff as a decimal of up to 12 digits, or as the ratio that it is where that is short and exact."""
    decimal, ratio = f"{float(number):.12g}", str(number)
    return ratio if Fraction(decimal) != number and isinstance(number, Fraction) and len(ratio) < SHORT else decimal
