"""Small dense linear systems without a threaded library: same bytes on every machine, and no threads to wait for."""

from __future__ import annotations

from negotiation._kernels.compiled import lean


@lean
def solve(matrix, right):
    """Overwrite right (N, R) with the solution of matrix (N, N) x = right; matrix is destroyed; False when singular.

    Gaussian elimination with partial pivoting.
    """
    n, columns = right.shape
    for j in range(n):
        pivot = j
        for i in range(j + 1, n):
            if abs(matrix[i, j]) > abs(matrix[pivot, j]):
                pivot = i
        if not abs(matrix[pivot, j]) > 1e-300:
            return False
        if pivot != j:
            for c in range(j, n):
                matrix[j, c], matrix[pivot, c] = matrix[pivot, c], matrix[j, c]
            for c in range(columns):
                right[j, c], right[pivot, c] = right[pivot, c], right[j, c]
        for i in range(j + 1, n):
            if matrix[i, j] != 0.0:
                factor = matrix[i, j] / matrix[j, j]
                for c in range(j + 1, n):
                    matrix[i, c] -= factor * matrix[j, c]
                for c in range(columns):
                    right[i, c] -= factor * right[j, c]
    for j in range(n - 1, -1, -1):
        for c in range(columns):
            right[j, c] /= matrix[j, j]
        for i in range(j):
            if matrix[i, j] != 0.0:
                for c in range(columns):
                    right[i, c] -= matrix[i, j] * right[j, c]
    return True
