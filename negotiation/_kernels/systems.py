"""Small dense linear systems without a threaded library: same bytes on every machine, and no threads to wait for."""

from __future__ import annotations

from negotiation._kernels.compiled import lean


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
