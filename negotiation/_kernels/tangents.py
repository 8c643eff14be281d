"""Bounds that are affine in the levels of a polygon: the linear algebra behind Newton steps and outer proofs.

W_s = {v : lam_j.v <= level_j for the j of state s}. If d = mu_1 lam_1 + mu_2 lam_2 with mu >= 0, then
h_W(d) <= mu_1 level_1 + mu_2 level_2 for EVERY choice of the levels. Put into the dual bound of an enforcement
programme this gives, for fixed multipliers eta, a bound const + M level with M >= 0 (design of Judd, Yeltekin,
Conklin 2003 turned into a linear system). Directions are sorted counter-clockwise within each state; state s owns
start[s] to start[s + 1].
"""

import numpy as np

from negotiation._kernels.compiled import kernel, lean
from negotiation._kernels.programme import weighted

WIDE = -0.9998  # cosine of a gap between used directions that is closed; nearer to -1, multipliers blow up rounding
# what rounding may add to a bound, in shares of the payoff range; doubled, slides end a little earlier
BOUND_ROUNDING = 1e-13


@lean
def active(lam, start, edges, counts, use):
    """Fill use (N,) with the directions that carry an edge, and all directions inside gaps close to a half turn."""
    use[:] = False
    for s in range(len(counts)):
        low, high = start[s], start[s + 1]
        for m in range(counts[s]):
            if edges[s, m] >= 0:
                use[low + edges[s, m]] = True
        used = 0
        for j in range(low, high):
            used += use[j]
        if used < 3:
            use[low:high] = True
            continue
        last = high - 1
        while not use[last]:
            last -= 1
        for j in range(low, high):
            if use[j] and j != last:
                cross = lam[last, 0] * lam[j, 1] - lam[last, 1] * lam[j, 0]
                dot = lam[last, 0] * lam[j, 0] + lam[last, 1] * lam[j, 1]
                if cross <= 0.0 or dot < WIDE:
                    i = last
                    while i != j:
                        use[i] = True
                        i = i + 1 if i + 1 < high else low
            if use[j]:
                last = j


@lean
def decompose(d0, d1, lam, ring, low, high, guess):
    """Return (place, i, mu_i, j, mu_j) with d = mu_i lam_i + mu_j lam_j, mu >= 0, for neighbours ring[low:high].

    The pair that starts at place `guess` is looked at first.
    """
    size = high - low
    best, place, at_i, at_j, mu_i, mu_j = -np.inf, guess, ring[high - 1], ring[high - 1], 0.0, 0.0
    here = guess
    for _ in range(size):
        there = here + 1 if here + 1 < size else 0
        i, j = ring[low + here], ring[low + there]
        cross = lam[i, 0] * lam[j, 1] - lam[i, 1] * lam[j, 0]
        if cross > 0.0:
            a = (d0 * lam[j, 1] - d1 * lam[j, 0]) / cross
            c = (lam[i, 0] * d1 - lam[i, 1] * d0) / cross
            if min(a, c) > best:
                best, place, at_i, at_j, mu_i, mu_j = min(a, c), here, i, j, a, c
                if best >= 0.0:
                    break
        here = there
    if mu_j <= 0.0:
        return place, at_i, max(d0 * lam[at_i, 0] + d1 * lam[at_i, 1], 0.0), at_j, 0.0
    mu_i = max(mu_i, 0.0)  # the other one from the remainder, since nearly parallel neighbours blow up rounding
    mu_j = (d0 - mu_i * lam[at_i, 0]) * lam[at_j, 0] + (d1 - mu_i * lam[at_i, 1]) * lam[at_j, 1]
    return place, at_i, mu_i, at_j, max(mu_j, 0.0)


@kernel
def rings(lam, start, use):
    """Return the used directions, those of state s at ends[s] to ends[s + 1], and -e_i as a sum of two of them.

    That is (ring (N,), ends (S + 1,), numbers (S, 2, 2), shares (S, 2, 2)).
    """
    states, count = len(start) - 1, 0
    ring, ends = np.zeros(len(lam), dtype=np.int64), np.zeros(states + 1, dtype=np.int64)
    numbers, shares = np.zeros((states, 2, 2), dtype=np.int64), np.zeros((states, 2, 2))
    for s in range(states):
        for j in range(start[s], start[s + 1]):
            if use[j]:
                ring[count] = j
                count += 1
        ends[s + 1] = count
        for i in range(2):
            last = ends[s + 1] - ends[s] - 1
            _, n1, mu1, n2, mu2 = decompose(-1.0 + i, -1.0 * i, lam, ring, ends[s], ends[s + 1], last)
            numbers[s, i, 0], numbers[s, i, 1], shares[s, i, 0], shares[s, i, 1] = n1, n2, mu1, mu2
    return ring, ends, numbers, shares


@kernel
def linearise(directions, use, best_profile, eta, programmes, gain, off):
    """Return the matrix M (N, N) of each direction's bound by its best profile, const + M level.

    directions = (lam, start, state, first) as in `public.apply`, gain (P, K) and off (P, K, S) of the member that
    stands for each row.
    """
    lam, start, state, first = directions
    g, weight, ny, nk, pi, succ, delta, who = programmes
    count = len(lam)
    matrix = np.zeros((count, count))
    ring, ends, numbers, shares = rings(lam, start, use)
    for j in range(count):
        p, row = best_profile[j], matrix[j]
        z = eta[j, p - first[state[j]]]
        for k in range(nk[p]):
            if z[k] > 0.0:
                for s in range(len(numbers)):
                    for side in range(2):
                        row[numbers[s, who[p, k], side]] += weight[1] * z[k] * off[p, k, s] * shares[s, who[p, k], side]
        for y in range(ny[p]):
            d0, d1 = weighted(pi[p, y] * lam[j, 0], pi[p, y] * lam[j, 1], delta[p], who[p], z, y, nk[p])
            low, high = ends[succ[p, y]], ends[succ[p, y] + 1]
            _, i1, mu1, i2, mu2 = decompose(d0, d1, lam, ring, low, high, high - low - 1)
            row[i1] += weight[1] * mu1
            row[i2] += weight[1] * mu2
    return matrix


@kernel
def along(directions, use, alive, level, growth, eta, programmes, gain, off):
    """Return (value, slope), each (N, A): every profile's bound at levels level + t growth is value + t slope.

    Unused entries and profiles that are not alive have value -inf. The same sums as in `linearise`, without its rows.
    """
    lam, start, state, first = directions
    g, weight, ny, nk, pi, succ, delta, who = programmes
    count, width = len(lam), eta.shape[1]
    value, slope = np.full((count, width), -np.inf), np.zeros((count, width))
    states = len(start) - 1
    ring, ends, numbers, shares = rings(lam, start, use)
    places = np.zeros(pi.shape, dtype=np.int64)  # where each outcome's direction was last found
    low_value, low_slope = np.zeros((states, 2)), np.zeros((states, 2))  # of -e_i in each state
    for s in range(states):
        for i in range(2):
            for side in range(2):
                low_value[s, i] += shares[s, i, side] * level[numbers[s, i, side]]
                low_slope[s, i] += shares[s, i, side] * growth[numbers[s, i, side]]
    for j in range(count):
        low = first[state[j]]
        for p in range(low, first[state[j] + 1]):
            if not alive[p]:
                continue
            # one view of each array, since every view costs a reference count
            a, z, lam_j, pi_p, delta_p, who_p = p - low, eta[j, p - low], lam[j], pi[p], delta[p], who[p]
            total, rise = weight[0] * (g[p, 0] * lam[j, 0] + g[p, 1] * lam[j, 1]), 0.0
            for k in range(nk[p]):
                if z[k] > 0.0:
                    total -= weight[0] * z[k] * gain[p, k]
                    for s in range(states):
                        total += weight[1] * z[k] * off[p, k, s] * low_value[s, who[p, k]]
                        rise += weight[1] * z[k] * off[p, k, s] * low_slope[s, who[p, k]]
            for y in range(ny[p]):
                d0, d1 = weighted(pi_p[y] * lam_j[0], pi_p[y] * lam_j[1], delta_p, who_p, z, y, nk[p])
                s = succ[p, y]
                places[p, y], i1, mu1, i2, mu2 = decompose(d0, d1, lam, ring, ends[s], ends[s + 1], places[p, y])
                total += weight[1] * (mu1 * level[i1] + mu2 * level[i2])
                rise += weight[1] * (mu1 * growth[i1] + mu2 * growth[i2])
            value[j, a], slope[j, a] = total, rise
    return value, slope


@lean
def spans(value, slope, level, slack, down, t, end, begin):
    """Widen in place, for each bound, the interval [0, end] or [begin, inf) of t on which it lies below the level."""
    for j in range(len(level)):
        for a in range(value.shape[1]):
            if np.isneginf(value[j, a]):
                end[j, a], begin[j, a] = max(end[j, a], -np.inf), min(begin[j, a], t)
                continue
            excess, tilt = value[j, a] - (level[j] + slack[j]) + BOUND_ROUNDING, slope[j, a] + down[j]
            if excess <= 0.0:
                end[j, a] = max(end[j, a], -excess / tilt if tilt > 0.0 else np.inf)
            elif tilt < 0.0:
                begin[j, a] = min(begin[j, a], -excess / tilt)
