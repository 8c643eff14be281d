"""An independent check of perfect Bayesian equilibria: written from the definition, shares nothing with the solver.

sigma[t][s], rho[s][a] as exact fractions. Off the path a belief is looked for: exactly on an interval for two types.
"""

import itertools
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog


def sender_gain(game, sigma, rho):
    """Return the most any type gains by another message."""
    worst = Fraction(0)
    for t in range(len(game.types)):
        worth = [sum(r * u for r, u in zip(rho[s], game.sender[t][s], strict=True)) for s in range(len(game.messages))]
        got = sum(p * w for p, w in zip(sigma[t], worth, strict=True))
        worst = max(worst, max(worth) - got)
    return worst


def interval_of_beliefs(game, s, replies):
    """Return the probabilities of the first of two types at which all `replies` are best, None when there are none."""
    low, high = Fraction(0), Fraction(1)
    for a, b in itertools.product(replies, range(len(game.responses))):
        at_zero = game.receiver[1][s][a] - game.receiver[1][s][b]
        at_one = game.receiver[0][s][a] - game.receiver[0][s][b]
        slope = at_one - at_zero
        if slope == 0:
            if at_zero < 0:
                return None
        elif slope > 0:
            low = max(low, -at_zero / slope)
        else:
            high = min(high, -at_zero / slope)
    return (low, high) if low <= high else None


def some_belief(game, s, replies):
    """Whether some belief makes all replies best."""
    if len(game.types) == 2:
        return interval_of_beliefs(game, s, replies) is not None
    v = np.array([[float(game.receiver[t][s][a]) for a in range(len(game.responses))] for t in range(len(game.types))])
    rows = [v[:, b] - v[:, a] for a in replies for b in range(v.shape[1])]
    found = linprog(np.zeros(len(v)), A_ub=rows, b_ub=np.full(len(rows), 1e-9), A_eq=[np.ones(len(v))], b_eq=[1])
    return found.status == 0


def is_equilibrium(game, sigma, rho):
    """Whether a pair of behaviours is a perfect Bayesian equilibrium."""
    if any(sum(row) != 1 or min(row) < 0 for row in (*sigma, *rho)) or sender_gain(game, sigma, rho) > 0:
        return False
    for s in range(len(game.messages)):
        weights = [pi * row[s] for pi, row in zip(game.prior, sigma, strict=True)]
        used = [a for a, chance in enumerate(rho[s]) if chance]
        if sum(weights):
            worth = [sum(w * game.receiver[t][s][a] for t, w in enumerate(weights)) for a in range(len(game.responses))]
            if any(worth[a] < max(worth) for a in used):
                return False
        elif not some_belief(game, s, used):
            return False
    return True


def pure(choices, size):
    return tuple(tuple(Fraction(int(at == choice)) for at in range(size)) for choice in choices)


def pure_equilibria(game):
    """Return all pure perfect Bayesian equilibria by trying every pair of plans."""
    n, m, k = game.shape
    defensible = [[a for a in range(k) if some_belief(game, s, [a])] for s in range(m)]
    found = []
    for sent in itertools.product(range(m), repeat=n):
        answers = []
        for s in range(m):
            worth = [sum(game.prior[t] * game.receiver[t][s][a] for t in range(n) if sent[t] == s) for a in range(k)]
            best = [a for a in range(k) if worth[a] == max(worth)]
            answers.append(best if s in sent else defensible[s])
        for replies in itertools.product(*answers):
            got = [game.sender[t][sent[t]][replies[sent[t]]] for t in range(n)]
            if all(got[t] >= game.sender[t][s][replies[s]] for t in range(n) for s in range(m)):
                found.append((pure(sent, m), pure(replies, k)))
    return found


def in_hull(point, corners):
    """Whether a table of numbers is a mixture of others, by a linear programme."""
    target = np.array(point, dtype=float).ravel()
    matrix = np.array([np.array(corner, dtype=float).ravel() for corner in corners]).T
    rows, right = np.vstack([matrix, np.ones(matrix.shape[1])]), np.append(target, 1.0)
    slack = len(rows)
    cost = np.append(np.zeros(matrix.shape[1]), np.ones(2 * slack))
    full = np.hstack([rows, np.eye(slack), -np.eye(slack)])
    return linprog(cost, A_eq=full, b_eq=right).fun < 1e-9


def covered(components, sigma, rho):
    return any(in_hull(sigma, item.senders) and in_hull(rho, item.receivers) for item in components)
