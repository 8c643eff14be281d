"""Automata of a pact: values, one-shot deviations and long-run shares, also where a delay makes another one likelier.

There the automaton moves on signals and the months on their own chain: values are V(w, d) for each state w and kind d
of month, and one deviation is worth a mean of both kinds with what a player believes of the month. The mean is linear
in the belief, so that both ends of what may be believed decide for everything between (docs/model.md).
"""

import numpy as np

from negotiation._values import Floats
from negotiation.games.automaton import Automaton
from negotiation.games.pact import Pact
from negotiation.solve.automata.one_shot_deviations import (
    AutomatonCheck,
    Slack,
    automaton_values,
    check_automaton,
    check_fit,
    long_run,
    long_run_shares,
    state_chain,
)


def pact_check(pact: Pact, automaton: Automaton) -> AutomatonCheck:
    """Return values and slacks of an automaton in a pact; raises `InputError` when it does not fit."""
    if pact.delays is None:
        return check_automaton(pact.stage, pact.monitoring, pact.discount, automaton)
    values = month_values(pact, automaton)
    slacks = [
        _slack(pact, automaton, values, w, (player, action))
        for w in range(automaton.n_states)
        for player, size in enumerate(pact.stage.shape)
        for action in range(size)
        if action != automaton.actions[w, player]
    ]
    return AutomatonCheck(np.einsum("d,wdi->wi", pact.delays.long_run, values), tuple(slacks), values)


def pact_values(pact: Pact, automaton: Automaton) -> Floats:
    """Return the normalised values (W, n) of every state; where delays last, a month's kind has its long-run chance."""
    if pact.delays is None:
        return automaton_values(pact.stage, pact.monitoring, pact.discount, automaton)
    return np.asarray(np.einsum("d,wdi->wi", pact.delays.long_run, month_values(pact, automaton)))


def pact_shares(pact: Pact, automaton: Automaton) -> Floats:
    """Return the long-run share of time in each state from state 0, (W,)."""
    if pact.delays is None:
        return long_run_shares(pact.monitoring, automaton)
    shares = pact.delays.long_run @ long_run(month_chain(pact, automaton))[:2]
    return np.asarray(shares.reshape(-1, 2).sum(axis=1))


def month_chain(pact: Pact, automaton: Automaton) -> Floats:
    """Return the chances (2 W, 2 W) of moving between states and kinds of month, the kind running fastest."""
    assert pact.delays is not None
    steps = np.array([state_chain(month.monitoring, automaton) for month in pact.delays.months])
    count = automaton.n_states
    return np.asarray(np.einsum("dwv,de->wdve", steps, pact.delays.chain).reshape(2 * count, 2 * count))


def month_values(pact: Pact, automaton: Automaton) -> Floats:
    """Return the normalised values (W, 2, n) of every state by kind of month, for delays that last."""
    assert pact.delays is not None
    check_fit(pact.stage, pact.monitoring, automaton)
    flows = [
        [(month.stage.payoffs + extra[w])[(slice(None), *profile)] for w, profile in enumerate(automaton.actions)]
        for month, extra in zip(pact.delays.months, automaton.kinds, strict=True)
    ]
    return _by_kind(pact, automaton, np.array(flows), pact.discount)


def _by_kind(pact: Pact, automaton: Automaton, flows: Floats, discount: float) -> Floats:
    """Return the values (W, 2, p) of flows (2, W, p) by kind of month."""
    chain, count = month_chain(pact, automaton), automaton.n_states
    flow = flows.swapaxes(0, 1).reshape(2 * count, -1)
    values = np.linalg.solve(np.eye(2 * count) - discount * chain, (1 - discount) * flow)
    return np.asarray(values.reshape(count, 2, -1))


def flow_values(pact: Pact, automaton: Automaton, flows: Floats, discount: float) -> Floats:
    """Return the normalised values (W, p) of what each state brings in a month (2, W, p), at any discount factor.

    flows: by kind of month; both alike unless delays last.
    """
    if pact.delays is None:
        chain = state_chain(pact.monitoring, automaton)
        return np.asarray(np.linalg.solve(np.eye(len(chain)) - discount * chain, (1 - discount) * flows[0]))
    return np.asarray(np.einsum("d,wdi->wi", pact.delays.long_run, _by_kind(pact, automaton, flows, discount)))


def months_to_first(pact: Pact, mask: Floats) -> float:
    """Return the expected periods to the first signal of a set (Y,) while the deal is kept; infinite if none comes."""
    if pact.delays is None:
        often = float(pact.monitoring.likelihood[pact.deal] @ mask)
        return np.inf if often == 0 else 1 / often
    low = np.array([month.monitoring.likelihood[pact.deal] @ mask for month in pact.delays.months])
    if not low.any():
        return np.inf
    stays = np.diag(1 - low) @ pact.delays.chain
    return float(pact.delays.long_run @ np.linalg.solve(np.eye(2) - stays, np.ones(2)))


def quiet_chance(pact: Pact, mask: Floats, months: int) -> float:
    """Return the chance that no signal of a set (Y,) comes in so many periods while the deal is kept."""
    if pact.delays is None:
        return float((1 - pact.monitoring.likelihood[pact.deal] @ mask) ** months)
    low = np.array([month.monitoring.likelihood[pact.deal] @ mask for month in pact.delays.months])
    stays = np.diag(1 - low) @ pact.delays.chain
    return float(pact.delays.long_run @ np.linalg.matrix_power(stays, months) @ np.ones(2))


def _slack(pact: Pact, automaton: Automaton, values: Floats, w: int, deviation: tuple[int, int]) -> Slack:
    """Return the slack of one deviation (player, action) at what a player may believe of the month, where smallest."""
    delays, (player, action) = pact.delays, deviation
    assert delays is not None
    profile = [int(each) for each in automaton.actions[w]]
    profile[player] = action
    ahead = np.einsum("de,we->wd", delays.chain, values[:, :, player])
    by_kind = []
    for kind, (month, extra) in enumerate(zip(delays.months, automaton.kinds, strict=True)):
        future = ahead[automaton.on_deviation[w, player], kind]
        if player not in pact.monitoring.observed:
            future = month.monitoring.likelihood[tuple(profile)] @ automaton.transition[w] @ ahead[:, kind]
        now = (month.stage.payoffs + extra[w])[(player, *profile)]
        by_kind.append(values[w, kind, player] - (1 - pact.discount) * now - pact.discount * future)
    beliefs = delays.beliefs if player else delays.chain[:, 1]
    smallest = min(float((1 - belief) * by_kind[0] + belief * by_kind[1]) for belief in beliefs)
    names = automaton.names[w], pact.stage.players[player], pact.stage.actions[player][action]
    return Slack(*names, smallest)
