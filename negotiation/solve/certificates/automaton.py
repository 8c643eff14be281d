"""An automaton as plain data for the checker: lotteries and payments in exact ratios.

A lottery given in doubles is divided by its exact sum, like every distribution in a certificate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games import Automaton, DynamicGame
from negotiation.solve.automata.one_shot_deviations import check_fit
from negotiation.solve.certificates.encoding import ratio_text


@dataclass(frozen=True)
class Payment:
    """A payment that must be worth making: `player` pays `amount` (units of the game) once and play goes on in state
    `paid` of the automaton, or refuses and play goes on in state `refused`.
    """

    player: int
    amount: float
    paid: int
    refused: int


def automaton_data(
    game: DynamicGame, automaton: Automaton, places: Sequence[int] | None = None, payments: Sequence[Payment] = ()
) -> dict[str, Any]:
    """Return the states of an automaton; `places[w]` is the game state in which automaton state w lives.

    Raises `InputError` when the automaton does not fit the game.
    """
    if places is None:
        if game.n_states > 1:
            raise InputError.single("automaton", "places", "say in which state of the game each automaton state lives")
        places = [0] * automaton.n_states
    if len(places) != automaton.n_states or not all(0 <= s < game.n_states for s in places):
        raise InputError.single(
            "automaton", "places", f"needs {automaton.n_states} state numbers from 0 to {game.n_states - 1}"
        )
    for w, place in enumerate(places):
        check_fit(game.stages[place], game.monitoring[place], automaton, w)
    return {
        "states": [_state(game, automaton, w, int(place)) for w, place in enumerate(places)],
        "payments": [
            {"player": p.player, "amount": ratio_text(Fraction(p.amount)), "paid": p.paid, "refused": p.refused}
            for p in payments
        ],
    }


def _state(game: DynamicGame, automaton: Automaton, w: int, place: int) -> dict[str, Any]:
    monitoring = game.monitoring[place]
    adjustments = automaton.adjustments[w]
    deviation = [
        [int(automaton.on_deviation[w, i])] * monitoring.n_signals if i in monitoring.observed else []
        for i in range(automaton.actions.shape[1])
    ]
    return {
        "name": automaton.names[w],
        "state": place,
        "profile": [int(action) for action in automaton.actions[w]],
        "after": [_lottery(row) for row in automaton.transition[w]],
        "deviation": deviation,
        "adjustments": (
            [[ratio_text(Fraction(float(number))) for number in own.ravel()] for own in adjustments]
            if adjustments.any()
            else None
        ),
    }


def _lottery(row: Floats) -> list[list[Any]]:
    chances = [(int(w), Fraction(float(row[w]))) for w in np.flatnonzero(row)]
    total = sum((chance for _, chance in chances), Fraction(0))
    return [[w, ratio_text(chance / total)] for w, chance in chances]
