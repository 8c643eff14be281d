"""Small dense linear algebra without a threaded library: same bytes on every machine, and no threads to wait for."""

import numpy as np

from negotiation._kernels.compiled import lean

# of the simplex method; payoffs are shares of the payoff range, so that both are pure numbers
PIVOT = 1e-10  # smallest element to pivot on; doubled, near-singular bases are avoided, and some steps with them
TIED_RATIOS = 1e-14  # ratios closer than this count as tied, and the larger pivot wins


@lean
def solve(matrix, n, columns, least):
    """Solve the n x n system in place for right-hand sides in columns n to n + columns - 1; False when singular.

    Gaussian elimination with partial pivoting; a pivot not above `least` counts as none. The system is destroyed.
    """
    last = n + columns
    for j in range(n):
        pivot = j
        for i in range(j + 1, n):
            if abs(matrix[i, j]) > abs(matrix[pivot, j]):
                pivot = i
        if not abs(matrix[pivot, j]) > least:
            return False
        if pivot != j:
            for c in range(j, last):
                matrix[j, c], matrix[pivot, c] = matrix[pivot, c], matrix[j, c]
        for i in range(j + 1, n):
            if matrix[i, j] != 0.0:
                factor = matrix[i, j] / matrix[j, j]
                for c in range(j + 1, last):
                    matrix[i, c] -= factor * matrix[j, c]
    for j in range(n - 1, -1, -1):
        for c in range(n, last):
            matrix[j, c] /= matrix[j, j]
        for i in range(j):
            if matrix[i, j] != 0.0:
                for c in range(n, last):
                    matrix[i, c] -= matrix[i, j] * matrix[j, c]
    return True


@lean
def leaving(column, x, basis, artificial, phase, n):
    """Return (step, row): the row that leaves a simplex basis, -1 when none does, and how far the entering one rises.

    Numbers in `basis` from `artificial` on are artificial variables, which may not grow in phase 2.
    """
    step, leave = np.inf, -1
    for i in range(n):
        if phase == 2 and basis[i] >= artificial and abs(column[i]) > PIVOT:
            ratio = 0.0
        elif column[i] > PIVOT:
            ratio = max(x[i], 0.0) / column[i]
        else:
            continue
        if ratio < step - TIED_RATIOS or (ratio <= step and abs(column[i]) > abs(column[leave])):
            step, leave = ratio, i
    return step, leave


@lean
def exchange(column, step, leave, x, inverse, n):
    """Update the weights x and the inverse of a basis for a new column in place of the row that leaves."""
    scale = 1.0 / column[leave]
    for r in range(n):
        inverse[leave, r] *= scale
    for i in range(n):
        if i != leave and column[i] != 0.0:
            x[i] -= step * column[i]
            for r in range(n):
                inverse[i, r] -= column[i] * inverse[leave, r]
    x[leave] = step
