"""The game whose equilibrium payoff sets speak of a call outcome: its stage game, its signals, and its pledges.

A pact with pledges has two public states: it stands, or is suspended (docs/decisions/0013-pledges-in-payoff-sets.md
says when). Without pledges the repeated game is returned. A user's own regime becomes an automaton: pledges count in
its states that play the deal; what counts as a low month for them is the pact's default trigger.
"""

import numpy as np

from negotiation._values import Bools, Floats
from negotiation.errors import InputError
from negotiation.games.automaton import Automaton
from negotiation.games.dynamic import DynamicGame, Rows
from negotiation.games.pact import DELAYED, LastingDelays, Pact
from negotiation.games.stage import Monitoring
from negotiation.trade.scenario.call_outcome import RegimeSpec

AFTER_DELAYS = ("no delay last month", "a delay last month")
PACT_STATES = ("the pact stands", "the pact is suspended")


def repeated_game(pact: Pact) -> DynamicGame:
    """Return the repeated game of a pact's stage game and signals, its pledges left out."""
    discount, payoffs, chances = pact.written
    game = DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)
    return game.replace(
        exact_discount=discount if discount is not None and float(discount) == pact.discount else None,
        exact_payoffs=(payoffs,) if _are(payoffs, pact.stage.payoffs) else None,
        exact_likelihood=(chances,) if _are(chances, pact.monitoring.likelihood) else None,
    )


def _are(rows: Rows | None, doubles: Floats) -> bool:
    return rows is not None and np.array_equal(np.array(rows, dtype=np.float64).ravel(), doubles.ravel())


def pact_game(pact: Pact) -> DynamicGame:
    """Return the game of a pact: one state without pledges, else `STATES`, the first of which is where it starts.

    Payoffs are in the pact's unit per month.
    """
    if pact.delays is not None:
        return _game_of_kinds(pact, pact.delays)
    pledges = pact.pledges  # compensation is a transfer, and no part of the stage game
    if not (pledges.side_payment or pledges.row_audience_cost or pledges.column_audience_cost):
        return repeated_game(pact)
    low = pact.mask(pact.trigger)
    standing = pact.standing_payoffs(low)
    keeps_deal = np.arange(pact.stage.shape[0]) == pact.deal[0]
    suspended = pact.stage.payoffs.copy()
    suspended[:, keeps_deal] = standing[:, keeps_deal]
    departures_seen = 0 in pact.monitoring.observed
    monitoring = _with_departures(pact.monitoring, keeps_deal) if departures_seen else pact.monitoring
    after = np.concatenate([low, np.ones_like(low)]) if departures_seen else low
    following = np.broadcast_to(after.astype(np.int64), (2, len(after)))
    stages = (pact.stage.replace(payoffs=standing), pact.stage.replace(payoffs=suspended))
    return DynamicGame(PACT_STATES, stages, (monitoring, monitoring), following, pact.discount)


def _game_of_kinds(pact: Pact, delays: LastingDelays) -> DynamicGame:
    """Return the game whose public state also says whether there was a delay last month.

    Raises `InputError` where that is not published, or where player 1 knows of a delay before it chooses.
    """
    if not delays.published or delays.knows:
        text = "payoff sets where delays last need a delay that is published with the month, and not seen before"
        raise InputError.single("pact", "delays", text)
    games = [pact_game(pact.believing(late)) for late in delays.chain[:, 1]]
    signals, count = games[0].monitoring[0].signals, games[0].n_states
    happens = np.any([each.likelihood.any(axis=(0, 1)) for game in games for each in game.monitoring], axis=0)
    late = np.array([f", {DELAYED}" in name for name in signals])
    shown = tuple(name for name, some in zip(signals, happens, strict=True) if some)
    months = (each for game in games for each in game.monitoring)
    return DynamicGame(
        tuple(f"{state}, {kind}" for kind in AFTER_DELAYS for state in games[0].states),
        tuple(stage for game in games for stage in game.stages),
        tuple(Monitoring(shown, each.likelihood[..., happens], each.observed) for each in months),
        np.tile((games[0].next_state + count * late)[:, happens], (2, 1)),
        pact.discount,
    )


def _with_departures(monitoring: Monitoring, keeps_deal: Bools) -> Monitoring:
    """Return the same monitoring with signals that also tell whether the row player kept the deal."""
    signals = (*monitoring.signals, *(f"{name}, the deal left" for name in monitoring.signals))
    stay = np.where(keeps_deal[:, None, None], monitoring.likelihood, 0.0)
    left = np.where(keeps_deal[:, None, None], 0.0, monitoring.likelihood)
    return Monitoring(signals, np.concatenate([stay, left], axis=-1), monitoring.observed)


def compile_automaton(spec: RegimeSpec, pact: Pact) -> Automaton:
    """Return the automaton of `spec` on the actions and signals of `pact`."""
    if pact.delays is not None:
        months = [compile_automaton(spec, month) for month in pact.delays.months]
        automaton = compile_automaton(spec, pact.replace(delays=None))
        return automaton.replace(by_month=np.stack([month.adjustments for month in months]))
    place = {name: index for index, name in enumerate(spec.states)}
    actions = np.array([pact.stage.profile(*play) for play in spec.plays])
    transition = np.zeros((len(place), pact.monitoring.n_signals, len(place)))
    for state, row in enumerate(spec.transitions):
        for index, signal in enumerate(pact.monitoring.signals):
            for target, probability in row[signal].items():
                transition[state, index, place[target]] = probability
    after_deviation = [place[spec.deviation] if player in pact.monitoring.observed else -1 for player in (0, 1)]
    adjustments = np.zeros((len(place), 2, *pact.stage.shape))
    standing = pact.standing_payoffs(pact.mask(pact.trigger)) - pact.stage.payoffs
    adjustments[(actions == np.array(pact.deal)).all(axis=1)] = standing
    return Automaton(spec.states, actions, transition, np.array([after_deviation] * len(place)), adjustments)
