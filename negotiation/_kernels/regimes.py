"""Enforcement regimes decided for many pacts at once: the best length or payment of each, its margin and its values.

The same closed forms as the plain path (trigger regimes: Green, Porter 1984; Abreu, Milgrom, Pearce 1991; compensation:
Goldluecke, Kranz 2012), one pact after the other in scalars. Two players; a pact n has payoffs u (2, A, B), low (A, B) =
P(trigger | profile), a discount d, pledges (side payment, row audience cost, column audience cost, efficiency, cap).

Regimes by number: 0 punishment for ever, 1 mutual reversion, 2 proportional snapback, 3 heavy snapback, 4 compensation.
Results per pact and regime: margin (NaN where the regime does not exist), length, payment, values (2,), share of time punished.
"""

from __future__ import annotations

import numpy as np

from negotiation._kernels.compiled import kernel, lean

PUNISHMENT, REVERSION, SNAPBACK, HEAVY, PAYMENT = 0, 1, 2, 3, 4
COUNT = 5  # regimes a pact
TOLERANCE = (
    1e-12  # slack and joint value, in units of payoff, that count as none; doubled, more regimes count as holding
)
NO_EFFECT = 1e-15  # change of the trigger's probability that counts as none
FLAT = 1e-14  # slope in the payment that counts as none; doubled, more conditions count as beyond the payment's reach
WORTH_LEAVING = 1e-9  # gain that no stake can deter, beyond rounding


@lean
def write_good_standing(u, low, pledges, row, observed, out):
    """Write payoffs in good standing, pledges included, into out (2, A, B)."""
    for a in range(u.shape[1]):
        exits = a != row
        side = 0.0 if exits and observed else pledges[0]
        for b in range(u.shape[2]):
            out[0, a, b] = u[0, a, b] - side - (pledges[1] if exits else 0.0)
            out[1, a, b] = u[1, a, b] + side - pledges[2] * low[a, b]


@lean
def largest_gain(u, a, b):
    """Return the most a player gains by leaving the profile (a, b) once."""
    most = -np.inf
    for k in range(u.shape[1]):
        if k != a:
            most = max(most, u[0, k, b] - u[0, a, b])
    for k in range(u.shape[2]):
        if k != b:
            most = max(most, u[1, a, k] - u[1, a, b])
    return most


@lean
def deviations(i, payoff, low, profile, count_hits, now, hit):
    """Write what each deviation of player i from a profile pays at once, and its chance of a bad signal; return how many."""
    count = 0
    for k in range(payoff.shape[1 + i]):
        if k != profile[i]:
            a, b = (k, profile[1]) if i == 0 else (profile[0], k)
            now[count], hit[count] = payoff[i, a, b], (low[a, b] if count_hits else 0.0)
            count += 1
    return count


@lean
def lengths_of_one(d, p, again, reward, flow, punishment, observed, good, reaction, lengths, start, margin):
    """Lower `margin` (N,) to player's smallest slack for each length, and write the player's value of good standing.

    good, reaction: (count, now, hit) of the deviations in good standing and in the punishment. reward, flow: payoffs per
    period there; punishment: the value of punishment for ever.
    """
    goods, good_now, good_hit = good
    reactions, reaction_now, reaction_hit = reaction
    r = d * (1 - again)
    for n in range(len(lengths)):
        length = lengths[n]
        forever = np.isinf(length)
        power = 0.0 if forever else r**length
        span = (1 - power) / (1 - r)
        scale = 1 - d * again * span
        base, slope = span * (1 - d) * flow / scale, power / scale
        value = ((1 - d) * reward + d * p * base) / (1 - d * (1 - p) - d * p * slope)
        worst = base + slope * value
        start[n] = value
        slack = np.inf
        for k in range(goods):
            future = punishment if observed else (1 - good_hit[k]) * value + good_hit[k] * worst
            slack = min(slack, value - (1 - d) * good_now[k] - d * future)
        each = (1 - d) * flow + d * again * worst
        # slacks are affine in r^k: the first and the last period of the punishment bound those in between
        for end in range(2):
            if forever:
                left, next_left = power, power
            elif end == 0:
                left, next_left = r, 1.0
            else:
                left = power
                next_left = 1.0 if length == 1 else (power / r if r > 0 else 0.0)
            here = (1 - left) / (1 - r) * each + left * value
            after = (1 - next_left) / (1 - r) * each + next_left * value
            for k in range(reactions):
                future = punishment if observed else reaction_hit[k] * worst + (1 - reaction_hit[k]) * after
                slack = min(slack, here - (1 - d) * reaction_now[k] - d * future)
        margin[n] = min(margin[n], slack)


@lean
def punished_share(p, again, length):
    """Return the long-run share of periods in punishment; a bad signal during it starts it again with chance `again`."""
    if p == 0.0:
        return 0.0
    if np.isinf(length):
        return 1.0
    unbroken = 1 - again
    if unbroken <= 0.0:
        return 1.0
    stay = length if again == 0.0 else np.expm1(-length * np.log1p(-again)) / again
    return 1.0 if np.isinf(stay) else p * stay / (1 + p * stay)


@lean
def best_length(margin, goods, lengths):
    """Return the place of the length with the largest joint value among those that hold, else of the largest margin."""
    holds = False
    for k in range(len(lengths)):
        holds = holds or margin[k] >= -TOLERANCE
    top = -np.inf
    for k in range(len(lengths)):
        if not holds:
            top = max(top, margin[k])
        elif margin[k] >= -TOLERANCE:
            top = max(top, goods[0, k] + goods[1, k])
    least = top - TOLERANCE * max(1.0, abs(top))
    for k in range(len(lengths)):
        if holds and margin[k] < -TOLERANCE:
            continue
        if (goods[0, k] + goods[1, k] if holds else margin[k]) >= least:
            return k
    return 0


@lean
def best_trigger(u, low, standing, d, agreement, reaction, restart, gain, punishment, observed, lengths, spare, value):
    """Return (margin, length) of the length with the largest joint value, and write its values into `value`.

    spare = (margin (N,), goods (2, N), work (4, M)): room for the search.
    """
    margin, goods, work = spare
    p = low[agreement[0], agreement[1]]
    again = low[reaction[0], reaction[1]] if restart else 0.0
    for k in range(len(lengths)):
        margin[k] = -(1 - d) * gain
    for i in range(2):
        first = deviations(i, standing, low, agreement, True, work[0], work[1])
        second = deviations(i, u, low, reaction, restart, work[2], work[3])
        good, bad = (first, work[0], work[1]), (second, work[2], work[3])
        reward, flow, outside = (
            standing[i, agreement[0], agreement[1]],
            u[i, reaction[0], reaction[1]],
            u[i, punishment[0], punishment[1]],
        )
        lengths_of_one(d, p, again, reward, flow, outside, observed[i], good, bad, lengths, goods[i], margin)
    k = best_length(margin, goods, lengths)
    value[0], value[1] = goods[0, k], goods[1, k]
    return margin[k], lengths[k]


@lean
def stake_bounds(u, low, agreement):
    """Return the bounds on the stake that keep player 1 from every listed deviation."""
    row, column = agreement[0], agreement[1]
    floor, ceiling = -np.inf, np.inf
    for b in range(u.shape[2]):
        if b == column:
            continue
        net = u[1, row, b] - u[1, row, column]
        more = low[row, b] - low[row, column]
        if more > NO_EFFECT:
            floor = max(floor, net / more)
        elif more < -NO_EFFECT:
            ceiling = min(ceiling, net / more)
        elif net > WORTH_LEAVING:
            floor = np.inf
    return floor, ceiling


@lean
def narrow(constant, slope, least, largest, impossible):
    """Return (least, largest, impossible) after the condition constant + slope b >= 0."""
    if slope > FLAT:
        return max(least, -constant / slope), largest, impossible
    if slope < -FLAT:
        return least, min(largest, -constant / slope), impossible
    return least, largest, min(impossible, constant)


@lean
def best_payment(u, low, standing, d, agreement, punishment, gain, observed, pledges, value):
    """Return (margin, payment) of the compensation regime, and write its values into `value`."""
    row, column, efficiency, cap = agreement[0], agreement[1], pledges[3], pledges[4]
    p = low[row, column]
    floor, ceiling = stake_bounds(u, low, agreement)
    least, largest = max(floor - pledges[2], 0.0), min(ceiling - pledges[2], cap)
    # player 1 pays rather than quit into punishment
    stake = standing[1, row, column] - u[1, punishment[0], punishment[1]]
    least, largest, impossible = narrow(d * stake, -d * p - (1 - d), least, largest, 0.0)
    constant, slope = standing[0, row, column], p * efficiency
    for a in range(u.shape[1]):
        if a == row:
            continue
        now = standing[0, a, column]
        if observed[0]:
            left = constant - (1 - d) * now - d * u[0, punishment[0], punishment[1]]
            least, largest, impossible = narrow(left, slope, least, largest, impossible)
        else:
            left, steep = (1 - d) * (constant - now), (1 - d) * (slope - efficiency * low[a, column])
            least, largest, impossible = narrow(left, steep, least, largest, impossible)
    impossible = min(impossible, -(1 - d) * gain)
    margin = impossible if impossible < 0 else largest - least
    payment = min(max(least, 0.0), cap)
    value[0] = standing[0, row, column] + efficiency * payment * p
    value[1] = standing[1, row, column] - payment * p
    return margin, payment


@lean
def harshest_action(u, column):
    """Return player 0's action that costs player 1 most while player 1 keeps the agreement."""
    worst = 0
    for a in range(1, u.shape[1]):
        if u[1, a, column] < u[1, worst, column]:
            worst = a
    return worst


@kernel
def regimes(
    payoffs, lows, discounts, pledges, agreement, punishment, observed, lengths, margin, length, payment, value, share
):
    """Fill the results of every regime for N pacts: margin, length, payment, share (N, 5), value (N, 5, 2)."""
    standing = np.empty(payoffs.shape[1:])
    reaction = np.empty(2, dtype=np.int64)
    most = max(payoffs.shape[2], payoffs.shape[3])
    spare = (np.empty(len(lengths)), np.empty((2, len(lengths))), np.empty((4, most)))
    for n in range(len(discounts)):
        u, low, d = payoffs[n], lows[n], discounts[n]
        write_good_standing(u, low, pledges[n], agreement[0], observed[0], standing)
        gain = largest_gain(u, punishment[0], punishment[1])
        for i in range(2):
            value[n, PUNISHMENT, i] = u[i, punishment[0], punishment[1]]
        margin[n, PUNISHMENT], length[n, PUNISHMENT], payment[n, PUNISHMENT], share[n, PUNISHMENT] = (
            -(1 - d) * gain,
            0.0,
            0.0,
            1.0,
        )
        heavy = harshest_action(u, agreement[1])
        for kind in range(REVERSION, PAYMENT):
            restart = kind != REVERSION
            reaction[0] = heavy if kind == HEAVY else punishment[0]
            reaction[1] = agreement[1] if restart else punishment[1]
            absent = restart and reaction[0] == agreement[0]
            if absent or (kind == HEAVY and heavy == punishment[0]):
                margin[n, kind], length[n, kind], payment[n, kind], share[n, kind] = np.nan, np.nan, np.nan, np.nan
                value[n, kind, 0], value[n, kind, 1] = np.nan, np.nan
                continue
            margin[n, kind], length[n, kind] = best_trigger(
                u,
                low,
                standing,
                d,
                agreement,
                reaction,
                restart,
                gain,
                punishment,
                observed,
                lengths,
                spare,
                value[n, kind],
            )
            payment[n, kind] = 0.0
            again = low[reaction[0], reaction[1]] if restart else 0.0
            share[n, kind] = punished_share(low[agreement[0], agreement[1]], again, length[n, kind])
        margin[n, PAYMENT], payment[n, PAYMENT] = best_payment(
            u, low, standing, d, agreement, punishment, gain, observed, pledges[n], value[n, PAYMENT]
        )
        length[n, PAYMENT], share[n, PAYMENT] = 0.0, low[agreement[0], agreement[1]]
