"""How numbers and games are written into certificates (format: docs/certificates.md).

Ratios are text, "5/7", in base 16 where decimal text would be long; directions, levels and multipliers are integers
over 2^50, rounded to the side on which the proof still holds.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.games import DynamicGame
from negotiation.games.dynamic import ratios
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.verify.checker import CERTIFICATE_FORMAT, VERSION
from negotiation.verify.game import Game, read_game
from negotiation.verify.reading import Entry
from negotiation.verify.scaled import BITS, Units

UNIT = 2.0**BITS  # what directions, levels and multipliers are integers over
# Bits of a number up to which decimal text is written; Python refuses to read longer decimals (at 4,300 digits).
DECIMAL_BITS = 12_000


def ratio_text(number: Fraction) -> str:
    """Return a ratio as text.

    >>> ratio_text(Fraction(5, 7)), ratio_text(Fraction(-3))
    ('5/7', '-3')
    """
    above, below = number.numerator, number.denominator
    if max(above.bit_length(), below.bit_length()) > DECIMAL_BITS:
        return f"{'-' if above < 0 else ''}{hex(abs(above))}/{hex(below)}"
    return str(above) if below == 1 else f"{above}/{below}"


def fixed_point(numbers: Floats, up: bool | None = None) -> list[int]:
    """Return doubles as integers over 2^50: rounded up, down (`up` False), or to the nearest (None)."""
    rounding = np.round if up is None else np.ceil if up else np.floor
    return [int(number) for number in rounding(np.asarray(numbers, dtype=np.float64) * UNIT)]


def certificate(claim: str, game: DynamicGame, **parts: Any) -> dict[str, Any]:
    """Return a certificate: format, version, claim, the game itself, and the parts of the proof."""
    head = {"format": CERTIFICATE_FORMAT, "version": VERSION, "claim": claim}
    return {**head, "game": game_data(game), **parts}


def sets_certificate(
    game: DynamicGame,
    inc: Incentives,
    inner: list[dict[str, Any]] | None,
    outer: dict[str, Any] | None,
    gap: float = np.inf,
) -> dict[str, Any]:
    """Return a certificate of sets; inner and outer are None, and gap is infinite, where there is nothing to show."""
    units = {key: [ratio_text(number) for number in numbers] for key, numbers in exact_units(inc)._asdict().items()}
    text = None if gap == np.inf else ratio_text(Fraction(gap))
    return certificate("sets", game, normalised=units, inner=inner, outer=outer, gap=text)


def game_data(game: DynamicGame) -> dict[str, Any]:
    """Return a game as plain data in exact ratios."""
    exact = ratios(game)
    states = [
        {
            "name": name,
            "actions": [list(options) for options in stage.actions],
            "payoffs": [[ratio_text(number) for number in payoffs] for payoffs in exact.payoffs[s]],
            "signals": list(monitoring.signals),
            "likelihood": [[ratio_text(chance) for chance in row] for row in exact.chances[s]],
            "observed": list(monitoring.observed),
            "next_state": [int(into) for into in game.next_state[s]],
        }
        for s, (name, stage, monitoring) in enumerate(zip(game.states, game.stages, game.monitoring, strict=True))
    ]
    return {"players": list(game.stages[0].players), "discount": ratio_text(exact.discount), "states": states}


def exact_game(game: DynamicGame, inc: Incentives) -> tuple[Game, Units]:
    """Return the game as the checker reads it, and the units of its programmes."""
    return read_game(Entry(game_data(game), "game")), exact_units(inc)


def exact_units(inc: Incentives) -> Units:
    """Return the units of the programmes in ratios."""
    return Units(*(tuple(Fraction(float(number)) for number in numbers) for numbers in (inc.offset, inc.scale)))
