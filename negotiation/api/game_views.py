"""What games, payoff sets, equilibria, thresholds and strategies say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from negotiation.api.game_text import game_lines
from negotiation.api.views import Row, View, rows_of
from negotiation.errors import count_text
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution
from negotiation.games.stage import StageGame
from negotiation.solve.scores.limit_set import PatientLimit
from negotiation.solve.stage.dominance import Elimination
from negotiation.solve.stage.equilibria import StageEquilibria
from negotiation.solve.stage.mixed_strategy_text import mix_words
from negotiation.solve.strategies.public_strategy import PublicStrategy
from negotiation.solve.thresholds.threshold import Threshold


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
        for player, actions, left in zip(game.players, game.actions, answer.kept, strict=True)
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
