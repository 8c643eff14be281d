"""Points generated with a frozen structure, and their Jacobian: which basis, not which weights, generates each vertex.

With the basis of an enforcement programme fixed, its weights solve a small linear system whose entries are vertices;
the generated point is a smooth function of the vertices. Array shapes are those of `programme`.
"""

from __future__ import annotations

import numpy as np

from negotiation._kernels.compiled import kernel
from negotiation._kernels.programme import refactor


@kernel
def frozen(q, start, win, col, mark, g, weight, ny, nk, pi, succ, delta, who, b, off, lowest):
    """Return point (N, 2), weights x (N, n), the Jacobian (2N, 2N), the least slack, and whether all is regular.

    q (S, V, 2) vertices, start (S + 1,) their numbering; win (N,) profiles; col, mark (N, n) the bases, marks counting
    within the successor's vertices; lowest (S, 2) each player's worst vertex; off (P, K, S) of the binding members.
    """
    count, n = col.shape
    point, jacobian = np.zeros((count, 2)), np.zeros((2 * count, 2 * count))
    x, binv, work, dual = np.zeros((count, n)), np.zeros((n, n)), np.zeros((n, 2 * n)), np.zeros((2, n))
    least = np.inf
    for j in range(count):
        p = win[j]
        rows = ny[p]
        m = rows + nk[p]
        if not refactor(rows, nk[p], succ[p], delta[p], who[p], b[p], q, col[j], mark[j], x[j], binv, work):
            return point, x, jacobian, least, False
        dual[:] = 0.0
        point[j] = weight[0] * g[p]
        for i in range(m):
            c = col[j, i]
            least = min(least, -x[j, i] if c >= m else x[j, i])
            if c < rows:
                v = q[succ[p, c], mark[j, i]]
                for d in range(2):
                    point[j, d] += weight[1] * pi[p, c] * x[j, i] * v[d]
                    for r in range(m):
                        dual[d, r] += pi[p, c] * v[d] * binv[i, r]
        for d in range(2):
            for k in range(nk[p]):
                z = weight[1] * dual[d, rows + k]
                for s in range(len(lowest)):
                    jacobian[2 * j + d, 2 * (start[s] + lowest[s, who[p, k]]) + who[p, k]] += z * off[p, k, s]
            for i in range(m):
                c = col[j, i]
                if c < rows:
                    to = 2 * (start[succ[p, c]] + mark[j, i])
                    jacobian[2 * j + d, to + d] += weight[1] * pi[p, c] * x[j, i]
                    for k in range(nk[p]):
                        z = weight[1] * dual[d, rows + k]
                        jacobian[2 * j + d, to + who[p, k]] -= z * delta[p, k, c] * x[j, i]
    return point, x, jacobian, least, True
