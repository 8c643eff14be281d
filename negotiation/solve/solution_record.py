"""A solved game as plain data, for scripts and result files (docs/game-files.md)."""

from typing import Any

import numpy as np

from negotiation._time_limit import OutOfTimeError
from negotiation._values import Floats, plain
from negotiation.games.dynamic import DynamicGame, OneShotGame
from negotiation.games.solution import BOUNDS, Solution
from negotiation.solve.stage.dominance import dominated_actions, iterated_strict_dominance
from negotiation.solve.stage.equilibria import StageEquilibria
from negotiation.solve.stage.minmax import minmax, pure_minmax
from negotiation.solve.stage.nash import stage_equilibria

NO_MIXED = "Left out at the time limit: mixed minmax payoffs."


def solution_object(solution: Solution, name: str) -> dict[str, Any]:
    """Return the answer to a game file; with several states, lists with one entry a state."""
    game = solution.game
    stages = [stage_nash(game, state) for state in range(game.n_states)]
    levels = [minmax_payoffs(game, state) for state in range(game.n_states)]
    solution = solution.replace(notes=(*solution.notes, *_left_out(stages, levels)))
    answer: dict[str, Any] = {
        "game": name,
        "understood": game_record(game),
        "status": solution.status.name.lower(),
        "words": solution.words(),
        "stage_nash": [_equilibria_record(equilibria) for equilibria in stages],
        "minmax": levels,
        "inner": [payoffs.vertices for payoffs in solution.inner],
        "outer": [payoffs.vertices for payoffs in solution.outer],
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
    record: dict[str, Any] = plain(answer)
    return record


def one_shot_object(game: OneShotGame, name: str) -> dict[str, Any]:
    """Return the answer to a game that is played once: stage equilibria, minmax, and what dominance rules out."""
    played = game.repeated(0.5)  # the discount factor plays no role in what follows
    equilibria, levels = stage_nash(played, 0), minmax_payoffs(played, 0)
    read = game_record(played)
    del read["observed"], read["numbers"]["discount"], read["numbers"]["signals"]
    answer = {
        "game": name,
        "understood": {**read, "discount": None},
        "status": "one_shot",
        "words": equilibria.describe(),
        "stage_nash": _equilibria_record(equilibria),
        "minmax": levels,
        "dominance": _dominance(played),
        "notes": _left_out([equilibria], [levels]),
    }
    record: dict[str, Any] = plain(answer)
    return record


def _dominance(game: DynamicGame) -> dict[str, Any]:
    """Return each dominated action with what dominates it, and the actions that iterated strict dominance leaves."""
    stage, exact = game.stage, game.exact_tables()
    rows = [
        {
            "player": stage.players[dominated.player],
            "action": stage.actions[dominated.player][dominated.action],
            "kind": dominated.kind.value,
            "by": [str(share) for share in dominated.by],
            "words": dominated.sentence(stage),
        }
        for dominated in dominated_actions(stage, exact=exact)
    ]
    undominated = iterated_strict_dominance(stage, exact=exact).survivors
    left = {
        player: [actions[number] for number in numbers]
        for player, actions, numbers in zip(stage.players, stage.actions, undominated, strict=True)
    }
    return {"dominated": rows, "undominated": left}


def game_record(game: DynamicGame) -> dict[str, Any]:
    """Return the game as it was read: names, payoffs, discount, and which numbers are as written, which are doubles."""
    given = {"discount": game.exact_discount, "payoffs": game.exact_payoffs, "signals": game.exact_likelihood}
    return {
        "players": game.stages[0].players,
        "actions": _by_state([stage.actions for stage in game.stages]),
        "payoffs": _by_state([stage.payoffs for stage in game.stages]),
        "discount": game.discount if game.exact_discount is None else str(game.exact_discount),
        "observed": _by_state([monitoring.observed for monitoring in game.monitoring]),
        "numbers": {key: "double" if exact is None else "written" for key, exact in given.items()},
        "remarks": game.remarks,
    }


def _by_state(entries: list[Any]) -> Any:
    """Return the entry of the only state, or one a state."""
    return entries[0] if len(entries) == 1 else entries


def _bounds(game: DynamicGame, table: Floats) -> dict[str, dict[str, float | None]]:
    """Return the four bounds of each player: what no, and what some, equilibrium gives at worst and at best."""
    return {
        player: {name: None if np.isnan(level) else float(level) for name, level in zip(BOUNDS, row, strict=True)}
        for player, row in zip(game.stages[0].players, table, strict=True)
    }


def stage_nash(game: DynamicGame, state: int) -> StageEquilibria:
    """Return the equilibria of a state's stage game, from its ratios where it has some, with a second opinion."""
    return stage_equilibria(game.stages[state], exact=game.exact_tables(state), cross_check=True)


def _equilibria_record(stage: StageEquilibria) -> dict[str, Any]:
    """Return equilibria as data: mixes as texts of ratios, payoffs, whether all are listed, whether nashpy agrees."""
    rows = [
        {"mixes": [[str(share) for share in mix] for mix in equilibrium.mixes], "payoffs": equilibrium.payoffs}
        for equilibrium in stage.equilibria
    ]
    opinion = {"agrees": stage.agrees, "words": stage.opinion_words()}
    return {"equilibria": rows, "complete": stage.complete, "second_opinion": opinion}


def minmax_payoffs(game: DynamicGame, state: int) -> dict[str, dict[str, float | None]]:
    """Return each player's minmax payoff in a state's stage game, with pure and with mixed strategies.

    The latter is None where the time limit left it out.
    """
    stage, exact = game.stages[state], game.exact_tables(state)
    levels: dict[str, dict[str, float | None]] = {}
    for number, player in enumerate(stage.players):
        try:
            level = minmax(stage, number, exact=exact)
        except OutOfTimeError:
            levels[player] = {"pure": pure_minmax(stage, number, exact=exact), "mixed": None}
        else:
            levels[player] = {"pure": level.pure, "mixed": level.mixed}
    return levels


def _left_out(stages: list[StageEquilibria], levels: list[dict[str, dict[str, float | None]]]) -> list[str]:
    """Return a sentence for each part of the answer that is not whole."""
    missing = any(level["mixed"] is None for by_player in levels for level in by_player.values())
    notes = [stage.caveat for stage in stages if stage.caveat]
    return list(dict.fromkeys(notes)) + [NO_MIXED] * missing
