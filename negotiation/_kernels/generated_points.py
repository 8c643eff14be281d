"""The points that a fixed structure generates, and their Jacobian: which basis, not which weights, makes each vertex.

With the basis of an enforcement programme fixed, its weights solve a small linear system whose entries are vertices;
the generated point is a smooth function of the vertices. Array shapes are those of `programme`.
"""

import numpy as np

from negotiation._kernels.compiled import kernel
from negotiation._kernels.programme import refactor


@kernel
def generated_points(q, start, structure, programmes, b, off, lowest):
    """Return point (N, 2), the Jacobian (2N, 2N), the least slack, and whether all is regular.

    q (S, V, 2) vertices, start (S + 1,) their numbering; structure = (best, block, vertex): best (N,) profiles, and
    (N, n) the bases, vertices counting within the successor's; lowest (S, 2) each player's worst vertex; off (P, K, S)
    of the binding members.
    """
    best, block, vertex = structure
    g, weight, ny, nk, pi, succ, delta, who = programmes
    count, n = block.shape
    point, jacobian = np.zeros((count, 2)), np.zeros((2 * count, 2 * count))
    x, inverse, work, dual = np.zeros(n), np.zeros((n, n)), np.zeros((n, 2 * n)), np.zeros((2, n))
    least = np.inf
    for j in range(count):
        p = best[j]
        rows = ny[p]
        m = rows + nk[p]
        lp = (rows, nk[p], pi[p], succ[p], delta[p], who[p], b[p])
        if not refactor(lp, q, (block[j], vertex[j], x, inverse), work):
            return point, jacobian, least, False
        dual[:] = 0.0
        point[j] = weight[0] * g[p]
        for i in range(m):
            c = block[j, i]
            least = min(least, -x[i] if c >= m else x[i])
            if c < rows:
                v = q[succ[p, c], vertex[j, i]]
                for d in range(2):
                    point[j, d] += weight[1] * pi[p, c] * x[i] * v[d]
                    for r in range(m):
                        dual[d, r] += pi[p, c] * v[d] * inverse[i, r]
        for d in range(2):
            for k in range(nk[p]):
                z = weight[1] * dual[d, rows + k]
                for s in range(len(lowest)):
                    jacobian[2 * j + d, 2 * (start[s] + lowest[s, who[p, k]]) + who[p, k]] += z * off[p, k, s]
            for i in range(m):
                c = block[j, i]
                if c < rows:
                    to = 2 * (start[succ[p, c]] + vertex[j, i])
                    jacobian[2 * j + d, to + d] += weight[1] * pi[p, c] * x[i]
                    for k in range(nk[p]):
                        z = weight[1] * dual[d, rows + k]
                        jacobian[2 * j + d, to + who[p, k]] -= z * delta[p, k, c] * x[i]
    return point, jacobian, least, True
