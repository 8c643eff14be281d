"""The door for game files of every kind: JSON, Gambit's `.nfg`, GameTracer's `.gam`, a CSV of cells, standard input.

The ending of the name says which kind it is; without a known one, the content does.
"""

from __future__ import annotations

import re
import sys
from fractions import Fraction
from pathlib import Path

from negotiation._files import as_text, read_text
from negotiation.errors import InputError
from negotiation.games.dynamic import AnyGame
from negotiation.games.files.cells import cells_data
from negotiation.games.files.gambit import gam_data, nfg_data
from negotiation.games.files.load import any_game_of, json_data

LARGEST = 50_000_000  # bytes of a game file
STANDARD_INPUT = "-"
READERS = {"json": json_data, "nfg": nfg_data, "gam": gam_data, "csv": cells_data, "tsv": cells_data}
_NUMBERS = re.compile(r"\s*\d+\s+\d+\s")


def read_game(path: str | Path, discount: Fraction | float | str | None = None) -> AnyGame:
    """Return the game of a file, or of standard input for "-"; without any discount factor it is a one-shot game.

    discount: strictly between 0 and 1; replaces that of the file. Raises `InputError` with every problem found.
    """
    if str(path) == STANDARD_INPUT:
        origin = "standard input"
        content = sys.stdin.buffer.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise InputError.single(origin, "", f"is larger than {LARGEST // 1_000_000} MB: too large for a game")
        return game_of_text(as_text(content, origin, "a game"), origin, discount)
    return game_of_text(read_text(Path(path), "a game", LARGEST), str(path), discount)


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
    for word in ("NFG", "EFG"):
        if start.startswith(word):
            return word.lower()
    if ending in (*READERS, "efg"):
        return ending
    if not start or start[0] in "{[":
        return "json"
    return "gam" if _NUMBERS.match(start) else "csv"
