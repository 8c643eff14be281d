"""Games from what people hold in Python, and back: matrices, nashpy, QuantEcon, pygambit, dicts, files.

A library's object is told by its attributes, so that none of them is imported here before somebody uses it. Whole
numbers, `Fraction` and texts such as "1/3" stay exact; a float is the double that it is.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from negotiation._tables import kind_of
from negotiation.errors import InputError
from negotiation.games.dynamic import AnyGame, DynamicGame, OneShotGame
from negotiation.games.files.load import any_game_of, game_of_text, read_game
from negotiation.games.stage import StageGame

Number = Fraction | float | str
TAKEN = (
    "give both players' matrices, one table of pairs, a file (.json, .nfg, .gam, .csv), a dict, a nashpy.Game, "
    "a QuantEcon NormalFormGame or a pygambit Game"
)


def game_from(
    given: Any,
    second: Any = None,
    *,
    discount: Number | None = None,
    players: Sequence[str] | None = None,
    actions: Sequence[Sequence[str]] | None = None,
) -> AnyGame:
    """Return the two-player game that an object stands for; without a discount factor a one-shot game.

    given: the first player's matrix beside `second`, or any one object named in `TAKEN`. discount: replaces the one of
    a file or dict. players, actions: names for matrices and for objects without names. Raises `InputError`.

        >>> game_from([[3, 0], [5, 1]], [[3, 5], [0, 1]]).stage.payoff((1, 0))
        (5.0, 0.0)
        >>> game_from([[("1/3", 0), (2, 2)]], discount="1/2").exact_payoffs[0][0]
        (Fraction(1, 3), Fraction(2, 1))
    """
    names = {"players": players, "actions": actions}
    labels = {key: _listed(value) for key, value in names.items() if value is not None}
    if second is not None:
        tables = [_listed(given), _listed(second)]
        return any_game_of({"payoffs": tables, "layout": "matrices", **labels}, "game", discount)
    if isinstance(given, DynamicGame | OneShotGame | StageGame | str | Path) and labels:
        raise InputError.single("game", next(iter(labels)), "the game has names already", "leave it out")
    if isinstance(given, StageGame):
        given = OneShotGame(given)
    if isinstance(given, DynamicGame | OneShotGame):
        return given if discount is None else _with_discount(given, discount)
    if isinstance(given, str | Path):
        return read_game(given, discount)
    if isinstance(given, Mapping):
        return any_game_of({**{str(key): _listed(value) for key, value in given.items()}, **labels}, "game", discount)
    if hasattr(given, "to_nfg"):  # pygambit; its text is exact and has the names
        return game_of_text(given.to_nfg(), "game", discount)
    return any_game_of({**_matrices(given), **labels}, "game", discount)


def to_nashpy(game: AnyGame | StageGame) -> Any:
    """Return the stage game as `nashpy.Game`."""
    import nashpy

    return nashpy.Game(*_stage(game).payoffs)


def to_nfg(game: AnyGame | StageGame, title: str = "") -> str:
    """Return the stage game as the text of a Gambit file, ratios as they are known (`pygambit.read_nfg` reads it)."""
    stage = _stage(game)
    ratios = getattr(game, "exact_payoffs", None)
    exact = ratios[0] if isinstance(game, DynamicGame) and ratios else ratios
    payoffs = exact or [each.ravel().tolist() for each in stage.payoffs]
    rows, columns = stage.shape
    cells = [place for column in range(columns) for place in range(column, rows * columns, columns)]
    body = " ".join(f"{payoffs[0][place]} {payoffs[1][place]}" for place in cells)
    strategies = " ".join(_braced(names) for names in stage.actions)
    return f"NFG 1 R {_quoted(title)} {_braced(stage.players)}\n{{ {strategies} }}\n\n{body}\n"


def _with_discount(game: AnyGame, discount: Number) -> DynamicGame:
    sample = any_game_of({"payoffs": [[[0]], [[0]]]}, "game", discount)
    assert isinstance(sample, DynamicGame)
    factor = sample.discount if sample.exact_discount is None else sample.exact_discount
    if isinstance(game, OneShotGame):
        return game.repeated(factor)
    return game.replace(discount=sample.discount, exact_discount=sample.exact_discount)


def _matrices(given: Any) -> dict[str, Any]:
    if hasattr(given, "payoff_matrices"):  # nashpy
        tables = [_listed(matrix) for matrix in given.payoff_matrices]
    elif hasattr(given, "payoff_arrays") and hasattr(given, "nums_actions"):  # QuantEcon: a player's own action first
        if (count := len(given.nums_actions)) != 2:
            raise InputError.single("game", "players", f"names {count} players, this solver takes two")
        first, second = given.payoff_arrays
        tables = [_listed(first), _listed(second.T)]
    else:
        table = _listed(given)
        if not isinstance(table, list):
            named = given is None or isinstance(given, str | bool | dict | int | float)
            what = kind_of(given) if named else f"of type {type(given).__name__}"
            raise InputError.single("game", "", f"is {what}, not a game", TAKEN)
        if table and isinstance(table[0], list) and not (table[0] and isinstance(table[0][0], list)):
            raise InputError.single("game", "payoffs", "has one matrix only", "give the second player's as well")
        return {"payoffs": table, **({"layout": "cells"} if _has_pairs(given) else {})}
    return {"payoffs": tables, "layout": "matrices"}


def _has_pairs(given: Any) -> bool:
    """Whether a list of rows has tuples in its cells, as nobody writes a row of a matrix within matrices."""
    rows = given if isinstance(given, list | tuple) else ()
    return any(isinstance(cell, tuple) for row in rows if isinstance(row, list | tuple) for cell in row)


def _listed(given: Any) -> Any:
    """Return arrays, tables and tuples as nested lists; everything else as it is."""
    if hasattr(given, "to_numpy"):  # pandas
        given = given.to_numpy()
    if hasattr(given, "tolist"):
        given = given.tolist()
    return [_listed(entry) for entry in given] if isinstance(given, list | tuple) else given


def _stage(game: AnyGame | StageGame) -> StageGame:
    return game if isinstance(game, StageGame) else game.stage


def _braced(names: Sequence[str]) -> str:
    return "{ " + " ".join(map(_quoted, names)) + " }"


def _quoted(name: str) -> str:
    r"""Return a name in quotes; a quotation mark in it is written \"."""
    return '"' + name.replace('"', '\\"') + '"'
