"""A small dense linear programme solved for many objectives: max c.x subject to A x = b, x >= 0.

Revised simplex (Dantzig, Orden, Wolfe 1955) with the basis kept from one objective to the next. A is stored column by
column, (C, n), with b >= 0; columns C to C + n - 1 stand for artificial variables, one a row. block (C,) says which convexity row (0 to ny - 1) a
column belongs to, -1 for a surplus variable of an incentive row (rows ny to n - 1, whose sign may have been turned so
that b >= 0). Every returned bound holds by weak duality, whatever rounding did to the basis: the multipliers of the
incentive rows are cut to their sign, and the convexity rows' multipliers are recomputed as maxima over their columns.
"""

import numpy as np

from negotiation._kernels.compiled import kernel
from negotiation._kernels.systems import exchange, leaving

# payoffs are shares of the payoff range, so that all of these are pure numbers
NO_PRICE = 1e-11  # reduced cost that counts as none; doubled, pivoting stops earlier
STALL = 1e-15  # gain of a pivot that counts as none, before the first column that prices in is taken
MOST_PIVOTS = 3000  # pivots of one programme, never reached in tests; bounds hold whenever pivoting stops
LEFT = -1e-10  # infeasibility of phase one that counts as none; doubled, programmes short by more count as feasible


@kernel
def climb(a, cost, b, phase, basis, inverse, x, dual):
    """Improve a feasible basis until no column prices in; phase 1 maximises minus the artificials. Returns the value."""
    count, n = a.shape
    column = np.zeros(n)
    stalled, value = 0, -np.inf
    for _ in range(MOST_PIVOTS):
        before, value = value, 0.0
        dual[:] = 0.0
        for i in range(n):
            c = -1.0 if basis[i] >= count and phase == 1 else 0.0
            if basis[i] < count and phase == 2:
                c = cost[basis[i]]
            if c != 0.0:
                value += c * x[i]
                for r in range(n):
                    dual[r] += c * inverse[i, r]
        stalled = stalled + 1 if value <= before + STALL else 0
        best, enter = NO_PRICE, -1
        for j in range(count):
            gain = cost[j] if phase == 2 else 0.0
            for r in range(n):
                gain -= dual[r] * a[j, r]
            if gain > best:
                best, enter = gain, j
                if stalled > n + 4:  # the first column that prices in cannot cycle (Bland 1977)
                    break
        if enter < 0:
            return value
        for i in range(n):
            total = 0.0
            for r in range(n):
                total += inverse[i, r] * a[enter, r]
            column[i] = total
        step, leave = leaving(column, x, basis, count, phase, n)
        if leave < 0:
            return value
        exchange(column, step, leave, x, inverse, n)
        basis[leave] = enter
    return value


@kernel
def begin(a, b, basis, inverse, x):
    """Start from the artificial basis and look for a feasible one; return minus the remaining infeasibility."""
    count, n = a.shape
    for i in range(n):
        basis[i], x[i] = count + i, b[i]
        for r in range(n):
            inverse[i, r] = 1.0 if i == r else 0.0
    return climb(a, b, b, 1, basis, inverse, x, np.zeros(n))


@kernel
def weak(a, cost, b, block, ny, sign, dual):
    """Return the upper bound that the incentive rows' multipliers prove (they are cut to their sign first)."""
    count, n = a.shape
    total, top = 0.0, np.full(ny, -np.inf)
    for r in range(ny, n):
        # a surplus variable has coefficient -sign: its row's multiplier must not be above 0
        if sign[r] * dual[r] > 0.0:
            dual[r] = 0.0
        total += dual[r] * b[r]
    for j in range(count):
        if block[j] >= 0:
            reduced = cost[j]
            for r in range(ny, n):
                reduced -= dual[r] * a[j, r]
            top[block[j]] = max(top[block[j]], reduced)
    for y in range(ny):
        total += top[y]
    return total


@kernel
def solve_many(a, costs, b, block, ny, sign, guess, floor):
    """Solve for each objective of costs (J, C); return feasible value, proven bound, basis, x, multipliers.

    An objective whose bound at the multipliers guess (J, n) does not exceed floor (J,) is left out: its value is minus
    infinity. Without a feasible basis the values are minus infinity too, and the bounds use no multipliers. Multipliers
    of convexity rows are 0.
    """
    n, jobs = len(b), len(costs)
    basis, inverse, x, dual = np.zeros(n, dtype=np.int64), np.zeros((n, n)), np.zeros(n), np.zeros(n)
    value, bound = np.full(jobs, -np.inf), np.full(jobs, np.inf)
    bases, points = np.full((jobs, n), -1, dtype=np.int64), np.zeros((jobs, n))
    multipliers = np.zeros((jobs, n))
    begun, left = False, 0.0
    for j in range(jobs):
        multipliers[j] = guess[j]
        bound[j] = weak(a, costs[j], b, block, ny, sign, multipliers[j])
        if bound[j] <= floor[j]:
            continue
        if not begun:
            begun, left = True, begin(a, b, basis, inverse, x)
        if left > LEFT:
            dual[:] = 0.0
            value[j] = climb(a, costs[j], b, 2, basis, inverse, x, dual)
            bases[j], points[j] = basis, x
            better = weak(a, costs[j], b, block, ny, sign, dual)
            if better < bound[j]:
                bound[j] = better
                multipliers[j, ny:] = dual[ny:]
    return value, bound, bases, points, multipliers, left
