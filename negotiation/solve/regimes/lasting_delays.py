"""Trigger regimes and compensation where a delay makes another one more likely: values by kind of month.

A rule does not read whether there was a delay, so that its value is linear in what anybody believes of the coming
month: (1 - b) V(0) + b V(1) with b the chance of a delay. With P the chain of months (2, 2), p(d) and p'(d) the chance
of a bad signal in good standing and in the response in a month of kind d, rho the chance that a call restores the pact,
R = delta (1 - rho) diag(1 - p') P and G_k = I + R + ... + R^(k-1), the values with k periods left are

    V_k = G_k [(1 - delta) u^P + delta rho P V_0 + delta (1 - rho) diag(p') P V_T] + R^k V_0,

vectors over the two kinds of month. What one deviation is worth is linear in b too, and b lies between entry and stay
whatever a player knows of the months before (between 0 and 1 where player 1 sees whether there is a delay): it pays
nowhere if it pays at neither end. Slacks with k periods left are sums of two powers of k, of which one soon vanishes:
the last few and the first period of a response are looked at, and the automaton that is chosen in every state.
Arrays as in `pact_arrays`, the kind of month in front.
"""

from typing import NamedTuple

import numpy as np

from negotiation._values import Floats
from negotiation.games.stage import Profile
from negotiation.games.stakes import stake_bounds
from negotiation.solve.regimes.kinds import RegimeKind
from negotiation.solve.regimes.pact_arrays import DelayArrays, PactArrays
from negotiation.solve.regimes.trigger_strategies import RegimeValues

LAST_STATES = 8  # of a response that are looked at one by one, besides its first; twice as many double the time

IDENTITY = np.eye(2)[:, :, None, None, None]


def times(left: Floats, right: Floats) -> Floats:
    """Return the product of a matrix (2, 2, ...) with another one, or with a vector (2, ...)."""
    if right.ndim < left.ndim:
        return np.asarray(left[:, 0] * right[0] + left[:, 1] * right[1])
    return np.asarray(left[:, :1] * right[0] + left[:, 1:] * right[1])


def solved(matrix: Floats, right: Floats) -> Floats:
    """Return the inverse of a matrix (2, 2, ...) times another one, or times a vector."""
    (a, b), (c, d) = matrix
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = np.stack([np.stack([d, -b]), np.stack([-c, a])]) / (a * d - b * c)
    return times(inverse, right)


class _Rule(NamedTuple):
    """A trigger regime of some pacts: its kind, the chance that a call restores the pact, and delta P (2, 2, ...)."""

    pacts: PactArrays
    delays: DelayArrays
    kind: RegimeKind
    restore: float
    step: Floats


class _Chains(NamedTuple):
    """What the months of a response do, (2, 2, P, K, N): powers R^k and spans G_k for k = 0 ... the longest length.

    caught: delta (1 - rho) diag(p') P. endless: the span of a response for ever, where there is one.
    """

    caught: Floats
    powers: list[Floats]
    spans: list[Floats]
    endless: Floats


class _Values(NamedTuple):
    """A player's values (2, P, K, N): in good standing, on entering the response, after a seen exit; the flow in it."""

    good: Floats
    worst: Floats
    outside: Floats
    flow: Floats


def _rule(pacts: PactArrays, kind: RegimeKind, restore: float) -> _Rule:
    assert pacts.delays is not None
    return _Rule(pacts, pacts.delays, kind, restore, pacts.discount * pacts.delays.chain)


def _chains(rule: _Rule, lengths: Floats) -> _Chains:
    again = _low(rule.delays, rule.kind.punishment) if rule.kind.restart else 0 * _low(rule.delays, rule.pacts.deal)
    caught, stays = ((1 - rule.restore) * chance[:, None] * rule.step for chance in (again, 1 - again))
    powers, spans = [IDENTITY + 0 * stays], [0 * stays]
    for _ in range(int(lengths[np.isfinite(lengths)].max())):
        spans.append(spans[-1] + powers[-1])
        powers.append(times(powers[-1], stays))
    endless = solved(IDENTITY - stays, powers[0]) if np.isinf(lengths).any() else spans[0]
    return _Chains(caught, powers, spans, endless)


def _at_lengths(chains: _Chains, lengths: Floats) -> tuple[Floats, Floats]:
    """Return powers and spans (2, 2, P, K, N) at lengths (N,), infinity allowed."""
    power = [chains.spans[0] if np.isinf(k) else chains.powers[int(k)] for k in lengths]
    span = [chains.endless if np.isinf(k) else chains.spans[int(k)] for k in lengths]
    return np.concatenate(power, axis=-1), np.concatenate(span, axis=-1)


def lasting_trigger_values(pacts: PactArrays, kind: RegimeKind, lengths: Floats, restore: float) -> RegimeValues:
    """Return what `trigger_values` does: values from the long-run chance of a delay, and the smallest slack."""
    rule = _rule(pacts, kind, restore)
    chains = _chains(rule, lengths)
    finite, margin = np.isfinite(lengths), -(1 - pacts.discount) * pacts.largest_gain(pacts.punishment)
    values = []
    for player in (0, 1):
        worths = _values(rule, player, chains, lengths)
        values.append(times(rule.delays.start[None], worths.good)[0])
        slack = _good_slack(rule, player, worths)
        for left in range(1, LAST_STATES + 1):
            here, after = (_left(chains, worths, np.full(len(lengths), k)) for k in (left, left - 1))
            part = _response_slack(rule, player, here, after, worths)
            slack = np.minimum(slack, np.where(finite & (lengths >= left), part, np.inf))
        second = _left(chains, worths, np.where(finite, lengths - 1, 0))
        # a response for ever has no later months than its first
        after = np.where(finite, second, worths.worst)
        margin = np.minimum(margin, np.minimum(slack, _response_slack(rule, player, worths.worst, after, worths)))
    return RegimeValues(np.stack(values), margin)


def _low(delays: DelayArrays, profile: Profile) -> Floats:
    return np.asarray(delays.low[:, profile[0], profile[1]])


def _standing(pacts: PactArrays, delays: DelayArrays, player: int, profile: Profile) -> Floats:
    """Return a player's payoff in good standing by kind of month, (2, P, K, 1)."""
    here = pacts.standing(player, profile)
    cost = pacts.pledges[2] * (_low(delays, profile) - pacts.low[profile]) if player else 0 * _low(delays, profile)
    return np.asarray(here - cost)


def _values(rule: _Rule, player: int, chains: _Chains, lengths: Floats) -> _Values:
    pacts, delays, step, d = rule.pacts, rule.delays, rule.step, rule.pacts.discount
    power, span = _at_lengths(chains, lengths)
    p = _low(delays, pacts.deal)
    ones = np.ones_like(p)
    flow = (1 - d) * pacts.payoffs[(player, *rule.kind.punishment)] * ones
    scale = IDENTITY - times(span, chains.caught)
    # V_T = base + slope V_0, put into V_0 = (1 - d) u + diag(1 - p) step V_0 + diag(p) step V_T
    base, slope = solved(scale, times(span, flow)), solved(scale, rule.restore * times(span, step) + power)
    stays, falls = (1 - p)[:, None] * step, p[:, None] * step
    now = (1 - d) * _standing(pacts, delays, player, pacts.deal) + times(falls, base)
    good = solved(IDENTITY - stays - times(falls, slope), now)
    worst = base + times(slope, good)
    back = rule.restore * times(step, good)
    punished = (1 - d) * pacts.payoffs[(player, *pacts.punishment)] * ones
    outside = solved(IDENTITY - (1 - rule.restore) * step + 0 * power, punished + back)
    return _Values(good, worst, outside, flow + back + times(chains.caught, worst))


def _left(chains: _Chains, values: _Values, left: Floats) -> Floats:
    """Return the values with so many periods (N,) of the response left."""
    power, span = _at_lengths(chains, left)
    return np.asarray(times(span, values.flow) + times(power, values.good))


def _at_ends(delays: DelayArrays, player: int, slack: Floats) -> Floats:
    """Return the smallest of a number by kind of month (2, ...) over what a player may believe of the month."""
    least, most = ((1 - belief) * slack[0] + belief * slack[1] for belief in delays.believed(player))
    return np.asarray(np.minimum(least, most))


def _good_slack(rule: _Rule, player: int, values: _Values) -> Floats:
    """Return the smallest slack (P, K, N) in good standing."""
    pacts, delays, step = rule.pacts, rule.delays, rule.step
    slack, after, worst = np.full(values.good.shape[1:], np.inf), times(step, values.good), times(step, values.worst)
    for deviation in pacts.deviations(player, pacts.deal):
        low = _low(delays, deviation)
        future = (1 - low) * after + low * worst if player not in pacts.observed else times(step, values.outside)
        now = (1 - pacts.discount) * _standing(pacts, delays, player, deviation)
        slack = np.minimum(slack, _at_ends(delays, player, values.good - now - future))
    if player and delays.stakes is not None:
        cost = (1 - pacts.discount) * pacts.pledges[2]
        slack = np.minimum(slack, _unlisted_slack(pacts, delays, pacts.deal, after - worst + cost))
    return slack


def _response_slack(rule: _Rule, player: int, here: Floats, after: Floats, values: _Values) -> Floats:
    """Return the smallest slack (P, K, N) in one period of the response, worth `here` now and `after` in the next."""
    pacts, delays, kind, step = rule.pacts, rule.delays, rule.kind, rule.step
    slack, keeps = np.full(values.good.shape[1:], np.inf), 1 - rule.restore
    ahead, worst = times(step, after), times(step, values.worst)
    for deviation in pacts.deviations(player, kind.punishment):
        low = _low(delays, deviation) if kind.restart else 0.0
        future = rule.restore * times(step, values.good) + keeps * ((1 - low) * ahead + low * worst)
        if player in pacts.observed:
            future = times(step, values.outside)
        now = (1 - pacts.discount) * pacts.payoffs[(player, *deviation)]
        slack = np.minimum(slack, _at_ends(delays, player, here - now - future))
    if player and kind.restart and delays.stakes is not None:
        slack = np.minimum(slack, _unlisted_slack(pacts, delays, kind.punishment, keeps * (ahead - worst)))
    return slack


def _unlisted_slack(pacts: PactArrays, delays: DelayArrays, profile: Profile, stake: Floats) -> Floats:
    """Return how far the stakes (2, P, K, N), what a bad signal costs in each kind of month, deter every share.

    At a belief b they deter a share as one stake would that is the mean of both, where a month
    with a delay counts by its part of that mean.
    """
    assert delays.stakes is not None
    slack, odds = np.full(stake.shape[1:], np.inf), (1 - pacts.discount) / pacts.discount
    for belief in delays.believed(1):
        parts = (1 - belief) * stake[0] / pacts.discount, belief * stake[1] / pacts.discount
        mean = parts[0] + parts[1]
        with np.errstate(divide="ignore", invalid="ignore"):
            late = np.where(mean > 0, np.clip(parts[1] / mean, 0, 1), 0.0)
        floor, ceiling = delays.stakes(profile).between(late)
        inside = np.minimum(mean - odds * floor, odds * ceiling - mean)
        # a bad signal that is worth having in one kind of month deters nothing there
        slack = np.minimum(slack, np.minimum(inside, np.where(np.minimum(*parts) < 0, np.minimum(*parts), np.inf)))
    return slack


def lasting_punished_share(pacts: PactArrays, kind: RegimeKind, lengths: Floats) -> Floats:
    """Return the long-run share (P, K, N) of periods in the response.

    A cycle is a spell of good standing and the response that ends it; its kinds of month are a chain of their own.
    """
    finite = np.where(np.isfinite(lengths), lengths, 0)
    rule = _rule(pacts._replace(discount=np.ones((1, 1, 1))), kind, 0.0)
    chains = _chains(rule, finite)
    power, span = _at_lengths(chains, finite)
    p = _low(rule.delays, pacts.deal)
    ones, often = np.ones_like(p), p.max(axis=0)
    stays, falls = (1 - p)[:, None] * rule.step, p[:, None] * rule.step
    standing = solved(np.where(often > 0, IDENTITY - stays, IDENTITY), IDENTITY + 0 * stays)
    leaves, scale = times(standing, falls), IDENTITY - times(span, chains.caught)
    in_response = times(leaves, solved(scale, times(span, ones)))
    again_good = times(leaves, solved(scale, power))
    # the share of cycles that begin in each kind of month
    begins = np.stack([again_good[1, 0], again_good[0, 1]])
    with np.errstate(divide="ignore", invalid="ignore"):
        begins = begins / begins.sum(axis=0)
        response, good = ((begins * part).sum(axis=0) for part in (in_response, times(standing, ones)))
        share = np.where(np.isinf(lengths), 1.0, response / (good + response))
    return np.where(often > 0, share, 0.0)


Condition = tuple[Floats, Floats]


def lasting_conditions(pacts: PactArrays, restore: float) -> list[Condition]:
    """Return (constant, slope) of each condition constant + slope b >= 0 of compensation: to pay, and not to exit.

    The pact's value less b a month with a bad signal; what is restored later is left out where `restore` is 0.
    """
    delays = pacts.delays
    assert delays is not None
    d, deal, efficiency = pacts.discount, pacts.deal, pacts.pledges[3]
    step = d * delays.chain
    low = _low(delays, deal)
    # discounted share of months with a bad signal, from a month of each kind
    often = solved(IDENTITY - step + 0 * low, (1 - d) * low)
    scale = 1 - d * (1 - restore)
    outside = [(1 - d) * pacts.payoffs[(player, *pacts.punishment)] / scale for player in (0, 1)]
    share = d * restore / scale
    conditions = []
    for belief in delays.believed(0):
        caught = (1 - belief) * often[0] + belief * often[1]
        side, _, cost = pacts.pledges[:3]
        value, slope = pacts.payoffs[(1, *deal)] + side - cost * caught, -caught
        conditions.append((d * (value * (1 - share) - outside[1]), d * (slope * (1 - share)) - (1 - d)))
        value, slope = pacts.standing(0, deal), caught * efficiency
        for deviation in pacts.deviations(0, deal):
            now = pacts.standing(0, deviation)
            conditions.append((value * (1 - d * share) - (1 - d) * now - d * outside[0], slope * (1 - d * share)))
    return conditions


def lasting_floor(pacts: PactArrays) -> Condition:
    """Return the least and the largest payment (P, K, 1) after a bad signal that keeps player 1 from withholding."""
    delays = pacts.delays
    assert delays is not None
    least, largest = np.full(pacts.low[pacts.deal].shape, -np.inf), np.full(pacts.low[pacts.deal].shape, np.inf)
    others = pacts.deviations(1, pacts.deal)
    gain = np.array([pacts.payoffs[(1, *to)] - pacts.payoffs[(1, *pacts.deal)] for to in others])
    for belief in delays.believed(1):
        more = np.array([_low(delays, to) - _low(delays, pacts.deal) for to in others])
        bounds = [stake_bounds(gain, (1 - belief) * more[:, 0] + belief * more[:, 1])]
        if delays.stakes is not None:
            bounds.append(delays.stakes(pacts.deal).between(belief + 0 * pacts.low[pacts.deal]))
        for low, high in bounds:
            least, largest = np.maximum(least, low), np.minimum(largest, high)
    return least, largest
