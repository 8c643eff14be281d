"""The simple enforcement regimes, what each plays (the table in docs/model.md), and the automaton it is.

Profiles name player 0 first. A seen departure by player 0 leads to the punishment for ever (Green, Porter 1984; Martin,
Vergote 2008; Limao, Saggi 2008).
"""

import math

import numpy as np

from negotiation._values import Floats, Ints, Value
from negotiation.games.automaton import Automaton
from negotiation.games.pact import Pact
from negotiation.games.stage import Profile


class RegimeKind(Value):
    """A regime before its trigger and length are chosen: `form` is "punishment", "trigger" or "payment"."""

    key: str
    label: str
    form: str
    restart: bool = False
    punishment: Profile = ()


def snapback_actions(worth: Floats, deal: int, punished: int) -> tuple[Ints, Ints]:
    """Return player 0's answers to a bad signal, the proportional and the heavy one, (P,) each.

    worth: (A, P), what player 1 gets under each action of player 0 when it keeps the deal. deal, punished: what player
    0 does while the deal stands, and when it has ended. The heavy answer costs player 1 most; the proportional one is
    `punished`, or the mildest where only others cost anything. What is no answer of its own repeats the other's.
    """
    costs = worth[deal] - worth
    harsh = costs.argmax(axis=0)
    mildest = np.where(costs > 0, costs, np.inf).argmin(axis=0)
    mild = np.where((costs[punished] > 0) | ~(costs > 0).any(axis=0), punished, mildest)
    return mild, np.where(harsh == deal, mild, harsh)


def regime_kinds(pact: Pact) -> tuple[RegimeKind, ...]:
    """Return the regimes that exist for a pact; the heavy snapback only where it differs from the proportional one."""
    column = pact.deal[1]
    worth = pact.stage.payoffs[1, :, [column]].T
    mild, harsh = (int(rows[0]) for rows in snapback_actions(worth, pact.deal[0], pact.punishment[0]))
    kinds = [
        RegimeKind("stage_nash", "stage Nash", "punishment"),
        RegimeKind("mutual_reversion", "mutual reversion", "trigger", False, pact.punishment),
    ]
    if mild != pact.deal[0]:
        kinds.append(RegimeKind("proportional_snapback", "proportional snapback", "trigger", True, (mild, column)))
    if harsh != mild:
        kinds.append(RegimeKind("heavy_snapback", "heavy snapback", "trigger", True, (harsh, column)))
    kinds.append(RegimeKind("compensation", "compensation", "payment"))
    return tuple(kinds)


def punishment_automaton(pact: Pact) -> Automaton:
    """Return the automaton that plays the punishment profile for ever."""
    signals = pact.monitoring.n_signals
    return Automaton(
        ("war",),
        np.array([pact.punishment]),
        np.ones((1, signals, 1)),
        _after_deviation(pact, 1, 0),
        np.zeros((1, 2, *pact.stage.shape)),
    )


def trigger_automaton(pact: Pact, kind: RegimeKind, mask: Floats, length: float, lottery: float = 1.0) -> Automaton:
    """Return the automaton of a trigger regime.

    mask: (Y,) 1 where a signal triggers. length: T, or infinity for a permanent punishment. With `lottery` below 1 a
    trigger starts T periods with that probability and T - 1 periods otherwise (a public lottery over lengths).
    """
    forever = math.isinf(length)
    steps = 1 if forever else int(length)
    # state 0 is good standing, state k has k - 1 periods behind it, the last state is the punishment
    names = ("good standing", *(f"punishment month {k}" for k in range(1, steps + 1)), "war")
    if forever:
        names = ("good standing", "punishment for ever", "war")
    last, count, signals = len(names) - 1, len(names), pact.monitoring.n_signals
    start = np.zeros(count)
    start[1] = lottery if not forever else 1.0
    start[2 if steps > 1 else 0] += 1 - start[1]
    transition = np.zeros((count, signals, count))
    low = mask > 0
    transition[0, ~low, 0] = 1
    transition[0, low] = start
    for state in range(1, last):
        after = state if forever else (state + 1 if state < steps else 0)
        transition[state, :, after] = 1
        if kind.restart:
            transition[state, low] = start
    transition[last, :, last] = 1
    actions = np.array([pact.deal, *([kind.punishment] * (count - 2)), pact.punishment])
    adjustments = np.zeros((count, 2, *pact.stage.shape))
    adjustments[0] = pact.standing_payoffs(mask) - pact.stage.payoffs
    return Automaton(names, actions, transition, _after_deviation(pact, count, last), adjustments)


def payment_automaton(pact: Pact, mask: Floats, payment: float) -> Automaton:
    """Return the automaton of the compensation regime: expected payments enter the good-standing payoffs."""
    signals = pact.monitoring.n_signals
    paid = payment * (pact.monitoring.likelihood @ mask)
    if 0 in pact.monitoring.observed:
        # a seen exit ends the pact, and nobody pays into a pact that has ended
        paid[np.arange(pact.stage.shape[0]) != pact.deal[0]] = 0
    adjustments = np.zeros((2, 2, *pact.stage.shape))
    adjustments[0] = pact.standing_payoffs(mask) - pact.stage.payoffs
    adjustments[0, 0] += pact.pledges.compensation_efficiency * paid
    adjustments[0, 1] -= paid
    transition = np.zeros((2, signals, 2))
    transition[0, :, 0] = transition[1, :, 1] = 1
    actions = np.array([pact.deal, pact.punishment])
    return Automaton(("good standing", "war"), actions, transition, _after_deviation(pact, 2, 1), adjustments)


def _after_deviation(pact: Pact, states: int, last: int) -> Ints:
    row = [last if player in pact.monitoring.observed else -1 for player in (0, 1)]
    return np.array([row] * states)
