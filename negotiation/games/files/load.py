"""Games of one's own as JSON: payoffs, discount (none: a one-shot game) and, where actions are not seen, signals.

    {"players": ["US", "China"], "actions": [["C", "D"], ["C", "D"]],
     "payoffs": [[[3, 0], [5, 1]], [[3, 5], [0, 1]]], "discount": "1/2",
     "layout": "matrices" (or "cells": a pair in each cell),
     "signals": n1 x n2 x Y chances (left out: every action is seen), "observed": players seen besides the signal}

A dynamic game has a list `states` instead; each state has payoffs, signals and `next_state`, the successor (number or
name) of each signal, or an n1 x n2 matrix of successors where every action is seen. docs/game-files.md has examples.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._numbers import Unreadable, number_in_json
from negotiation.errors import InputError, Problem
from negotiation.games.dynamic import AnyGame, DynamicGame, OneShotGame
from negotiation.games.files.exact_table import Reader, nearest_doubles
from negotiation.games.files.state import Context, StateRead, read_state
from negotiation.games.files.tables import GameEntry, StateEntry, checked
from negotiation.games.stage import Monitoring, StageGame

NEEDS = "a number strictly between 0 and 1, such as 0.9: what one period later counts"


def json_data(text: str, origin: str) -> Any:
    """Return the plain data of a JSON text, its numbers as ratios; `origin` names it in messages."""
    try:
        return json.loads(text, object_pairs_hook=_no_twins, parse_float=number_in_json, parse_int=_whole)
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        line = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
        problem = Problem(
            "",
            f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            "",
            line=error.lineno,
            column=error.colno - 1,
            text=line,
        )
        raise InputError(origin, [problem]) from None
    except RecursionError:
        raise InputError.single(origin, "", "is nested too deeply to be a game") from None
    except ValueError as error:
        raise InputError.single(origin, "", str(error)) from None


def game_of(data: Any, origin: str = "game") -> DynamicGame:
    """Return the repeated or dynamic game of plain data; raise `InputError` also for a game that is played once."""
    found = any_game_of(data, origin)
    if isinstance(found, OneShotGame):
        raise InputError.single(origin, "discount", "is missing", NEEDS)
    return found


def any_game_of(data: Any, origin: str = "game", discount: Fraction | float | str | None = None) -> AnyGame:
    """Return the game of plain data (as from JSON); raise `InputError` with every problem found.

    discount: replaces that of the data. A game without any, without states and without signals is a one-shot game.
    """
    reader = Reader()
    game = checked(GameEntry, data, "", reader)
    if game is None:
        raise InputError(origin, reader.problems)
    players = _players(game, reader)
    factor = _discount(game, discount, reader)
    states = _states(game, reader)
    names = tuple(state.name or f"state {at}" for at, (_, state) in enumerate(states))
    if len(set(names)) < len(names):
        reader.fault("states", "two states have the same name")
    context = Context(game, players, names, reader)
    read = [read_state(context, state, name, path) for name, (path, state) in zip(names, states, strict=True)]
    if reader.problems:
        raise InputError(origin, reader.problems)
    try:
        return assembled(players, factor, [state for state in read if state], game.unit, reader.doubles)
    except InputError as error:
        raise InputError(origin, error.problems) from None


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ValueError(f"the key '{twice}' appears twice in one object")
    return dict(pairs)


def _whole(text: str) -> int | Unreadable:
    number = number_in_json(text)
    return number if isinstance(number, Unreadable) else int(number)


def _discount(game: GameEntry, instead: Fraction | float | str | None, reader: Reader) -> Fraction | None:
    """Return the discount factor asked for, or that of the data; None for a game that is played once."""
    raw = game.discount if instead is None else instead
    if raw is None and "discount" not in game.model_fields_set:
        if game.states is not None or game.signals is not None:
            reader.fault("discount", "is missing", NEEDS)
        return None
    before = len(reader.problems)
    discount = reader.number(raw, "discount")
    if len(reader.problems) == before and not 0 < discount < 1:
        reader.fault("discount", f"must lie strictly between 0 and 1, got {raw}")
    return discount


def _players(game: GameEntry, reader: Reader) -> tuple[str, ...]:
    players = tuple(game.players) if game.players is not None else ("player 1", "player 2")
    if len(players) != 2:
        reader.fault("players", f"names {len(players)} players, this solver takes two")
    elif players[0] == players[1]:
        reader.fault("players", f"both players are called '{players[0]}'")
    return players


def _states(game: GameEntry, reader: Reader) -> list[tuple[str, StateEntry]]:
    """Return (path in the file, state); a game without `states` is one state."""
    if game.states is None:
        if game.payoffs is None:
            reader.fault("payoffs", "is missing", "payoffs of the two players, or a list of states")
            return []
        own = StateEntry(
            payoffs=game.payoffs,
            layout=game.layout,
            signals=game.signals,
            signal_names=game.signal_names,
            observed=game.observed,
        )
        return [("", own.model_copy(update={"name": "always"}))]
    for key in ("payoffs", "signals"):
        if getattr(game, key) is not None:
            reader.fault(key, "stands beside `states`", f"write {key} into each state")
    if not game.states:
        reader.fault("states", "is empty: a game needs at least one state")
    found = [(f"states[{at}]", checked(StateEntry, raw, f"states[{at}]", reader)) for at, raw in enumerate(game.states)]
    return [(path, state) for path, state in found if state is not None]


def assembled(
    players: tuple[str, ...], discount: Fraction | None, read: list[StateRead], unit: str | None, doubles: set[str]
) -> AnyGame:
    """Return the game; states with fewer signals get signals that never occur.

    doubles: the keys "discount", "payoffs" and "signals" whose numbers are no more than doubles.
    """
    most = max(len(state.signals) for state in read)
    stages, monitoring, following, rows = [], [], [], []
    for state in read:
        shape = (len(state.actions[0]), len(state.actions[1]))
        size = len(state.signals)
        padding = (Fraction(0),) * (most - size)
        padded = tuple(tuple(state.chances[at : at + size]) + padding for at in range(0, len(state.chances), size))
        never = tuple(f"never {at}" for at in range(most - size))
        stages.append(
            StageGame(players, state.actions, nearest_doubles(state.payoffs, (2, *shape)), unit or "payoff per period")
        )
        monitoring.append(
            Monitoring(state.signals + never, np.array(padded, dtype=np.float64).reshape(*shape, most), state.observed)
        )
        following.append(state.following + (0,) * (most - size))
        rows.append(padded)
    halves = [len(state.payoffs) // 2 for state in read]
    payoffs = tuple((state.payoffs[:half], state.payoffs[half:]) for state, half in zip(read, halves, strict=True))
    exact = None if "payoffs" in doubles else payoffs
    remarks = tuple(remark for state in read for remark in state.remarks)
    if discount is None:
        return OneShotGame(stages[0], None if exact is None else exact[0], remarks)
    return DynamicGame(
        tuple(state.name for state in read),
        tuple(stages),
        tuple(monitoring),
        np.array(following),
        float(discount),
        None if "discount" in doubles else discount,
        exact,
        None if "signals" in doubles else tuple(rows),
        remarks,
    )
