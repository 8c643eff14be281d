"""What games, payoff sets, equilibria, thresholds and strategies say of themselves; a game as it was understood."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from negotiation.api.rendering import Row, View, rows_of
from negotiation.errors import count_text
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution
from negotiation.games.stage import StageGame
from negotiation.solve.scores.limit_set import PatientLimit
from negotiation.solve.stage.dominance import Elimination
from negotiation.solve.stage.equilibria import StageEquilibria, mix_words
from negotiation.solve.strategies.public_strategy import PublicStrategy
from negotiation.solve.thresholds.threshold import Threshold

SHOWN_ACTIONS = 6  # rows and columns of a payoff table shown
NAME_LETTERS = 24  # letters of an action's name shown
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
    observed = {monitoring.observed for monitoring in game.monitoring}
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
    if max(stage.shape) > SHOWN_ACTIONS:
        return [f"  {stage.shape[0]} × {stage.shape[1]} payoffs, too many to show"]
    tables = game.exact_payoffs[state] if game.exact_payoffs is not None else stage.payoffs.reshape(2, -1).tolist()
    pairs = iter([", ".join(_payoff_text(number) for number in pair) for pair in zip(*tables, strict=True)])
    names, head = ([name[:NAME_LETTERS] for name in options] for options in stage.actions)
    rows = [["", *head], *([name, *(next(pairs) for _ in head)] for name in names)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "   ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _payoff_text(number: Fraction | float) -> str:
    """Return a payoff as a decimal of up to 12 digits, or as the ratio that it is where that is short and exact."""
    decimal, ratio = f"{float(number):.12g}", str(number)
    return ratio if Fraction(decimal) != number and isinstance(number, Fraction) and len(ratio) < SHORT else decimal


def _size(stage: StageGame) -> str:
    return f"{' × '.join(map(str, stage.shape))} game of {' and '.join(stage.players)}"


def _gets(players: tuple[str, ...], payoffs: Iterable[float]) -> Row:
    return {f"{player} gets": float(payoff) for player, payoff in zip(players, payoffs, strict=True)}


def _profiles(stage: StageGame) -> Iterator[Row]:
    for profile in stage.profiles():
        played = dict(zip(stage.players, stage.name(profile), strict=True))
        yield {**played, **_gets(stage.players, stage.payoff(profile))}


def _dynamic_rows(game: DynamicGame) -> Iterator[Row]:
    for state, stage in zip(game.states, game.stages, strict=True):
        for row in _profiles(stage):
            yield row if game.n_states == 1 else {"state": state, **row}


def _dynamic(game: DynamicGame) -> str:
    states = "" if game.n_states == 1 else f", {game.n_states} states"
    return f"{_size(game.stages[0])}{states}: {game_lines(game)[0]}"


def _solution_rows(solution: Solution) -> Iterator[Row]:
    players = solution.game.stages[0].players
    for which, sets in (("inner", solution.inner), ("outer", solution.outer)):
        for state, payoffs in zip(solution.game.states, sets, strict=True):
            for vertex in payoffs.vertices.tolist():
                yield {"state": state, "set": which, **dict(zip(players, vertex, strict=True))}


def _corners(payoffs: PayoffSet) -> Iterator[Row]:
    for vertex in payoffs.vertices.tolist():
        yield {f"player {number}": payoff for number, payoff in enumerate(vertex, 1)}


def _equilibria(answer: StageEquilibria) -> Iterator[Row]:
    players = answer.game.players
    component = {member: number for number, part in enumerate(answer.components, 1) for member in part.members}
    for number, equilibrium in enumerate(answer.equilibria):
        mixes = map(mix_words, answer.game.actions, equilibrium.mixes)
        row = {**dict(zip(players, mixes, strict=True)), **_gets(players, equilibrium.payoffs)}
        yield {**row, "component": component.get(number)}


def _left(answer: Elimination) -> str:
    game = answer.game
    parts = [
        f"{player} {', '.join(actions[action] for action in left)}"
        for player, actions, left in zip(game.players, game.actions, answer.survivors, strict=True)
    ]
    return f"After {count_text(len(answer.rounds), 'round')} of strict dominance are left: {'; '.join(parts)}."


def _rounds(answer: Elimination) -> Iterator[Row]:
    for number, gone in enumerate(answer.rounds, 1):
        for dominated in gone:
            player, actions = answer.game.players[dominated.player], answer.game.actions[dominated.player]
            words = mix_words(actions, dominated.by)
            yield {"round": number, "player": player, "action": actions[dominated.action], "dominated_by": words}


def _stretches(answer: Threshold) -> Iterator[Row]:
    return rows_of(answer.stretches, **{"from": "low", "to": "high", "answer": "answer.value"})


def _plans(strategy: PublicStrategy) -> Iterator[Row]:
    stages, players = strategy.game.stages, strategy.game.stages[0].players
    plans = zip(strategy.publics.tolist(), strategy.initial.tolist(), strategy.profiles, strategy.values, strict=True)
    for number, (state, starts, profile, value) in enumerate(plans, 1):
        played = dict(zip(players, stages[state].name(profile), strict=True))
        row = {"plan": number, "state": strategy.game.states[state], "starts": starts}
        yield {**row, **played, **_gets(players, value)}


VIEWS = {
    "StageGame": View(lambda game: f"{_size(game)}, played once; {game.unit}", _profiles),
    "OneShotGame": View(lambda game: f"{_size(game.stage)}, played once", lambda game: _profiles(game.stage)),
    "DynamicGame": View(_dynamic, _dynamic_rows),
    "PayoffSet": View(lambda payoffs: f"A set of payoffs: {payoffs.words()}.", _corners),
    "Solution": View(Solution.words, _solution_rows),
    "StageEquilibria": View(StageEquilibria.describe, _equilibria),
    "Elimination": View(_left, _rounds),
    "Threshold": View(Threshold.words, _stretches),
    "PatientLimit": View(PatientLimit.words, lambda limit: _corners(limit.bound)),
    "PublicStrategy": View(PublicStrategy.words, _plans),
}
