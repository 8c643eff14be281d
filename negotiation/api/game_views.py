"""What games, payoff sets, equilibria, thresholds and strategies say of themselves."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.api.game_text import game_lines
from negotiation.api.views import Row, View
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


def _profiles(stage: StageGame) -> Iterator[Row]:
    for profile in stage.profiles():
        played = dict(zip(stage.players, stage.name(profile), strict=True))
        pays = zip(stage.players, stage.payoff(profile), strict=True)
        yield {**played, **{f"{player} gets": payoff for player, payoff in pays}}


def _dynamic_rows(game: DynamicGame) -> Iterator[Row]:
    for state, stage in zip(game.states, game.stages, strict=True):
        for row in _profiles(stage):
            yield row if game.n_states == 1 else {"state": state, **row}


def _dynamic(game: DynamicGame) -> str:
    states = "" if game.n_states == 1 else f", {game.n_states} states"
    return f"{_size(game.stages[0])}{states}: {game_lines(game)[0]}"


def _solution_rows(found: Solution) -> Iterator[Row]:
    players = found.game.stages[0].players
    for which, sets in (("inner", found.inner), ("outer", found.outer)):
        for state, own in zip(found.game.states, sets, strict=True):
            for vertex in own.vertices:
                yield {"state": state, "set": which, **dict(zip(players, vertex.tolist(), strict=True))}


def _corners(found: PayoffSet) -> Iterator[Row]:
    for vertex in found.vertices:
        yield {f"player {at + 1}": float(number) for at, number in enumerate(vertex)}


def _equilibria(found: StageEquilibria) -> Iterator[Row]:
    component = {member: at + 1 for at, part in enumerate(found.components) for member in part.members}
    for number, item in enumerate(found.equilibria):
        row: Row = {}
        for player, actions, mix in zip(found.game.players, found.game.actions, item.mixes, strict=True):
            row[player] = mix_words(actions, mix)
        for player, payoff in zip(found.game.players, item.payoffs, strict=True):
            row[f"{player} gets"] = payoff
        yield {**row, "component": component.get(number)}


def _left(found: Elimination) -> str:
    game = found.game
    parts = [
        f"{player} {', '.join(actions[at] for at in own)}"
        for player, actions, own in zip(game.players, game.actions, found.kept, strict=True)
    ]
    return f"After {count_text(len(found.rounds), 'round')} of strict dominance are left: {'; '.join(parts)}."


def _rounds(found: Elimination) -> Iterator[Row]:
    for number, gone in enumerate(found.rounds, 1):
        for item in gone:
            actions = found.game.actions[item.player]
            yield {
                "round": number,
                "player": found.game.players[item.player],
                "action": actions[item.action],
                "dominated_by": mix_words(actions, item.by),
            }


def _stretches(found: Threshold) -> Iterator[Row]:
    for item in found.stretches:
        yield {"from": item.low, "to": item.high, "answer": item.answer.value}


def _plans(found: PublicStrategy) -> Iterator[Row]:
    stages, players = found.game.stages, found.game.stages[0].players
    for number, (actions, value) in enumerate(zip(found.actions, found.values, strict=True)):
        state = int(found.publics[number])
        played = dict(zip(players, stages[state].name(tuple(int(at) for at in actions)), strict=True))
        worth = {f"{player} gets": float(own) for player, own in zip(players, value, strict=True)}
        start = float(found.initial[number])
        yield {"plan": number + 1, "state": found.game.states[state], "starts": start, **played, **worth}


VIEWS = {
    "StageGame": View(lambda game: f"{_size(game)}, played once; {game.unit}", _profiles),
    "OneShotGame": View(lambda game: f"{_size(game.stage)}, played once", lambda game: _profiles(game.stage)),
    "DynamicGame": View(_dynamic, _dynamic_rows),
    "PayoffSet": View(lambda found: f"A set of payoffs: {found.words()}.", _corners),
    "Solution": View(Solution.words, _solution_rows),
    "StageEquilibria": View(StageEquilibria.describe, _equilibria),
    "Elimination": View(_left, _rounds),
    "Threshold": View(Threshold.words, _stretches),
    "PatientLimit": View(PatientLimit.words, lambda found: _corners(found.bound)),
    "PublicStrategy": View(PublicStrategy.words, _plans),
}
