"""Strategic games of other programs: Gambit's `.nfg` (payoffs or outcomes) and GameTracer's `.gam`, for two players.

Both list profiles with the first player's action fastest. `.nfg`: header, players, strategies (names or how many), a
comment, then both payoffs of each profile, or a list of outcomes and the number of each profile's outcome (0: none,
both get 0). `.gam`: number of players, numbers of actions, then one player's payoffs after the other's.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from negotiation.games.files.tokens import Tokens

Pair = tuple[Fraction, Fraction]
OTHER_PLAYERS = "players: this solver takes two"


def nfg_data(text: str, origin: str) -> dict[str, Any]:
    """Return the plain data of a Gambit file, as `load.any_game_of` takes it; raise `InputError` with the line."""
    tokens = Tokens(text, origin)
    tokens.expect("NFG")
    tokens.expect("1")
    tokens.expect("R", "D")
    title = tokens.text("the title")
    opening = tokens.ahead
    players = _names(tokens, "a player")
    if len(players) != 2:
        tokens.fault(f"opens a list of {len(players)} {OTHER_PLAYERS}", opening)
    actions = _strategies(tokens)
    if tokens.ahead.kind == "text":
        tokens.take()  # a comment
    shape = (len(actions[0]), len(actions[1]))
    outcomes = tokens.ahead.value == "{"
    pairs = _by_outcome(tokens, shape) if outcomes else _pairs(tokens, shape[0] * shape[1])
    tokens.end()
    own = [[pair[player] for pair in pairs] for player in (0, 1)]
    labels = [_distinct(players, "player "), *(_distinct(names, "") for names in actions)]
    return {"title": title, "players": labels[0], "actions": labels[1:], **_payoffs(own, shape)}


def gam_data(text: str, origin: str) -> dict[str, Any]:
    """Return the plain data of a GameTracer file; raise `InputError` with the line."""
    tokens = Tokens(text, origin)
    first = tokens.ahead
    if (players := tokens.count("the number of players")) != 2:
        tokens.fault(OTHER_PLAYERS, first)
    shape = (tokens.count("the first player's number of actions"), tokens.count("the second player's"))
    size = shape[0] * shape[1]
    _enough(tokens, players * size, f"{players} × {shape[0]} × {shape[1]} payoffs")
    own = [[tokens.number("a payoff") for _ in range(size)] for _ in range(players)]
    tokens.end()
    return _payoffs(own, shape)


def _names(tokens: Tokens, what: str) -> list[str]:
    tokens.expect("{")
    found = []
    while tokens.ahead.value != "}":
        found.append(tokens.text(f"the name of {what}"))
    tokens.take()
    return found


def _strategies(tokens: Tokens) -> list[list[str]]:
    """Return the names of both players' strategies; where the file only counts them, their numbers from 1 on."""
    tokens.expect("{")
    if tokens.ahead.value == "{":
        at = tokens.ahead
        found = [_names(tokens, "a strategy") for _ in range(2)]
        if not all(found):
            tokens.fault("opens the strategies: each player needs at least one", at)
    else:
        sizes = [tokens.count("a number of strategies") for _ in range(2)]
        _enough(tokens, sizes[0] * sizes[1], f"{sizes[0]} × {sizes[1]} profiles")
        found = [[str(at + 1) for at in range(size)] for size in sizes]
    tokens.expect("}")
    return found


def _by_outcome(tokens: Tokens, shape: tuple[int, int]) -> list[Pair]:
    tokens.expect("{")
    outcomes: list[Pair] = [(Fraction(0), Fraction(0))]
    while tokens.ahead.value == "{":
        tokens.take()
        tokens.text("the name of an outcome")
        outcomes += _pairs(tokens, 1)
        tokens.expect("}")
    tokens.expect("}")
    found = []
    for _ in range(shape[0] * shape[1]):
        token = tokens.ahead
        number = tokens.count("the number of an outcome for each profile", 0)
        if number >= len(outcomes):
            tokens.fault(f"is no outcome: the file lists {len(outcomes) - 1}", token)
        found.append(outcomes[number])
    return found


def _pairs(tokens: Tokens, size: int) -> list[Pair]:
    return [(tokens.number("a payoff"), tokens.number("a payoff of the second player")) for _ in range(size)]


def _enough(tokens: Tokens, needed: int, what: str) -> None:
    """Refuse a table larger than the file before room is made for it."""
    if tokens.left < needed:
        tokens.fault(f"comes next, but {what} are needed and {tokens.left} words are left", tokens.ahead)


def _payoffs(own: list[list[Fraction]], shape: tuple[int, int]) -> dict[str, Any]:
    """Return the matrices of both players' payoffs, which come with the first player's action fastest."""
    rows, columns = shape
    tables = [[[each[column * rows + row] for column in range(columns)] for row in range(rows)] for each in own]
    return {"payoffs": tables, "layout": "matrices"}


def _distinct(names: list[str], what: str) -> list[str]:
    """Return names with a number for those that are empty, and a number behind those that are taken already."""
    found: list[str] = []
    for at, name in enumerate(names):
        fresh = name or f"{what}{at + 1}"
        tries = (fresh if not more else f"{fresh}_{more}" for more in range(len(names) + 1))
        found.append(next(label for label in tries if label not in found and (label == name or label not in names)))
    return found
