"""Certificates that an automaton is an equilibrium: lotteries and payments in exact ratios.

A lottery given in doubles is divided by its exact sum, like every distribution in a certificate.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games import Automaton, DynamicGame
from negotiation.solve.automata.one_shot_deviations import check_fit
from negotiation.solve.certificates.encoding import certificate, ratio_text
from negotiation.verify.automaton import Payment
from negotiation.verify.checker import CertificateVerdict, check


def regime_certificate(
    game: DynamicGame, automaton: Automaton, places: Sequence[int] | None = None, payments: Sequence[Payment] = ()
) -> tuple[dict[str, Any], CertificateVerdict]:
    """Return the certificate that an automaton is an equilibrium of a game, and the checker's verdict on it.

    places: the state of the game in which each automaton state lives; may be left out where the game has one state.
    payments: those that must be worth making (compensation); adjustments without them are taken as given.
    The verdict says whether it IS an equilibrium, and if not, which deviation gains. Raises `InputError` when the
    automaton does not fit the game.
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
    data = certificate("automaton", game, automaton=automaton_data(game, automaton, places, payments))
    return data, check(data)


def automaton_data(
    game: DynamicGame, automaton: Automaton, places: Sequence[int] | None = None, payments: Sequence[Payment] = ()
) -> dict[str, Any]:
    """Return an automaton that fits a game as plain data in exact ratios."""
    states = [_state(game, automaton, w, int(place)) for w, place in enumerate(places or [0] * automaton.n_states)]
    paid = [{**payment._asdict(), "amount": ratio_text(Fraction(payment.amount))} for payment in payments]
    return {"states": states, "payments": paid}


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
            [[ratio_text(Fraction(float(number))) for number in payoffs.ravel()] for payoffs in adjustments]
            if adjustments.any()
            else None
        ),
    }


def _lottery(row: Floats) -> list[list[Any]]:
    chances = [(int(w), Fraction(float(row[w]))) for w in np.flatnonzero(row)]
    total = sum((chance for _, chance in chances), Fraction(0))
    return [[w, ratio_text(chance / total)] for w, chance in chances]
