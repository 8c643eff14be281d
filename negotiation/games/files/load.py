"""Games from files: JSON, Gambit's `.nfg`, GameTracer's `.gam`, a CSV of cells, or standard input; and from plain data.

docs/game-files.md has every key of a JSON file, with examples. The ending of a file's name says which kind it is;
without a known one, the content does.
"""

import json
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from negotiation._files import as_text, read_text
from negotiation._numbers import Unreadable, number_in_json
from negotiation.errors import InputError, Problem
from negotiation.games.dynamic import AnyGame, DynamicGame, OneShotGame
from negotiation.games.files.cells import cells_data
from negotiation.games.files.entries import GameEntry, Reader, SharedKeys, StateEntry
from negotiation.games.files.gambit import gam_data, nfg_data
from negotiation.games.files.state import StateRead, StateReader
from negotiation.games.stage import Monitoring, StageGame

LARGEST_GAME_FILE = 50_000_000  # bytes of a game file
STANDARD_INPUT = "-"
NEEDS = "a number strictly between 0 and 1, such as 0.9: what one period later counts"
_NUMBERS = re.compile(r"\s*\d+\s+\d+\s")


def read_game(path: str | Path, discount: Fraction | float | str | None = None) -> AnyGame:
    """Return the game of a file, or of standard input for "-"; without any discount factor it is a one-shot game.

    discount: strictly between 0 and 1; replaces that of the file. Raises `InputError` with every problem found.
    """
    if str(path) != STANDARD_INPUT:
        return game_of_text(read_text(Path(path), "a game", LARGEST_GAME_FILE), str(path), discount)
    origin = "standard input"
    content = sys.stdin.buffer.read(LARGEST_GAME_FILE + 1)
    if len(content) > LARGEST_GAME_FILE:
        raise InputError.single(origin, "", f"is larger than {LARGEST_GAME_FILE // 1_000_000} MB: too large for a game")
    return game_of_text(as_text(content, origin, "a game"), origin, discount)


def game_of_text(text: str, origin: str, discount: Fraction | float | str | None = None) -> AnyGame:
    """Return the game of a text; `origin` names it in messages, and its ending may say of what kind it is."""
    kind = _kind(text, Path(origin).suffix.lower().lstrip("."))
    if kind == "efg":
        hint = "Gambit turns it into a strategic game, an .nfg: in pygambit by `game.to_nfg()`"
        raise InputError.single(origin, "", "is an extensive form (.efg), which is not read", hint)
    return any_game_of(READERS[kind](text, origin), origin, discount)


def _kind(text: str, ending: str) -> str:
    """Return the kind of a text; the first word of Gambit's files always tells."""
    start = text.lstrip()
    if start.startswith(("NFG", "EFG")):
        return start[:3].lower()
    if ending in (*READERS, "efg"):
        return ending
    if not start or start[0] in "{[":
        return "json"
    return "gam" if _NUMBERS.match(start) else "csv"


def json_data(text: str, origin: str) -> Any:
    """Return the plain data of a JSON text, its numbers as ratios; `origin` names it in messages."""
    try:
        return json.loads(text, object_pairs_hook=_no_twins, parse_float=number_in_json, parse_int=_whole)
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        line = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
        message = f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        problem = Problem("", message, line=error.lineno, column=error.colno - 1, text=line)
        raise InputError(origin, [problem]) from None
    except RecursionError:
        raise InputError.single(origin, "", "is nested too deeply to be a game") from None
    except ValueError as error:
        raise InputError.single(origin, "", str(error)) from None


def any_game_of(data: Any, origin: str = "game", discount: Fraction | float | str | None = None) -> AnyGame:
    """Return the game of plain data (as from JSON); raise `InputError` with every problem found.

    discount: replaces that of the data. A game without any, without states and without signals is a one-shot game.
    """
    reader = Reader()
    game = reader.entry(GameEntry, data)
    if game is None:
        raise InputError(origin, reader.problems)
    players = _players(game, reader)
    factor = _discount(game, discount, reader)
    states = _states(game, reader)
    names = tuple(state.name or f"state {number}" for number, (_, state) in enumerate(states))
    if len(set(names)) < len(names):
        reader.fault("states", "two states have the same name")
    states_reader = StateReader(game, players, names, reader)
    read = [states_reader.read(state, name, path) for name, (path, state) in zip(names, states, strict=True)]
    if reader.problems:
        raise InputError(origin, reader.problems)
    try:
        return _assembled(players, factor, [state for state in read if state], game.unit, reader.doubles)
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
        shared = {key: getattr(game, key) for key in SharedKeys.model_fields}
        return [("", StateEntry(**shared, payoffs=game.payoffs, name="always"))]
    for key in ("payoffs", "signals"):
        if getattr(game, key) is not None:
            reader.fault(key, "stands beside `states`", f"write {key} into each state")
    if not game.states:
        reader.fault("states", "is empty: a game needs at least one state")
    entries = [(f"states[{number}]", raw) for number, raw in enumerate(game.states)]
    states = [(path, reader.entry(StateEntry, raw, path)) for path, raw in entries]
    return [(path, state) for path, state in states if state is not None]


def _assembled(
    players: tuple[str, ...], discount: Fraction | None, read: list[StateRead], unit: str | None, doubles: set[str]
) -> AnyGame:
    """Return the game; states with fewer signals get signals that never occur.

    doubles: the keys "discount", "payoffs" and "signals" whose numbers are no more than doubles.
    """
    most = max(len(state.signals) for state in read)
    stages, monitoring, following, chances = [], [], [], []
    for state in read:
        shape, absent = tuple(map(len, state.actions)), most - len(state.signals)
        payoffs = np.array(state.payoffs, dtype=np.float64).reshape(2, *shape)
        stages.append(StageGame(players, state.actions, payoffs, unit or "payoff per period"))
        chances.append(tuple((*row, *[Fraction(0)] * absent) for row in state.chances))
        signals = (*state.signals, *(f"never {number}" for number in range(absent)))
        likelihood = np.array(chances[-1], dtype=np.float64).reshape(*shape, most)
        monitoring.append(Monitoring(signals, likelihood, state.observed))
        following.append((*state.following, *[0] * absent))
    exact = None if "payoffs" in doubles else tuple(state.payoffs for state in read)
    remarks = tuple(remark for state in read for remark in state.remarks)
    if discount is None:
        return OneShotGame(stages[0], None if exact is None else exact[0], remarks)
    return DynamicGame(
        states=tuple(state.name for state in read),
        stages=tuple(stages),
        monitoring=tuple(monitoring),
        next_state=np.array(following),
        discount=float(discount),
        exact_discount=None if "discount" in doubles else discount,
        exact_payoffs=exact,
        exact_likelihood=None if "signals" in doubles else tuple(chances),
        remarks=remarks,
    )


READERS = {"json": json_data, "nfg": nfg_data, "gam": gam_data, "csv": cells_data, "tsv": cells_data}
