"""The polygon of a list of half-planes, with the edge that each half-plane contributes.

Symbols: half-plane j is {v : lam_j.v <= level_j}. The polygon starts as the box of `reach` around the origin and is
clipped by one half-plane after the other (Sutherland, Hodgman 1974). Rounding never empties it: when a half-plane
misses every vertex, the vertex nearest to it stays. Emptiness is for the caller to prove, by infeasible programmes.
"""

import numpy as np

from negotiation._kernels.compiled import kernel


@kernel
def clip(lam, level, reach, verts, edges):
    """Write the polygon's vertices counter-clockwise into verts (V, 2) and return their number.

    edges (V,): the half-plane whose boundary runs from this vertex to the next, -1 for a side of the box.
    """
    room = len(verts)
    signed = np.empty(room)
    new, new_edge = np.empty((room, 2)), np.empty(room, dtype=np.int64)
    verts[0, 0], verts[0, 1], verts[1, 0], verts[1, 1] = -reach, -reach, reach, -reach
    verts[2, 0], verts[2, 1], verts[3, 0], verts[3, 1] = reach, reach, -reach, reach
    edges[:4] = -1
    count = 4
    for j in range(len(lam)):
        outside, nearest = 0, 0
        for m in range(count):
            signed[m] = lam[j, 0] * verts[m, 0] + lam[j, 1] * verts[m, 1] - level[j]
            outside += signed[m] > 0.0
            if signed[m] < signed[nearest]:
                nearest = m
        if outside == 0:
            continue
        if outside == count:
            verts[0, 0], verts[0, 1] = verts[nearest, 0], verts[nearest, 1]
            edges[0], count = j, 1
            continue
        size = 0
        for m in range(count):
            to = m + 1 if m + 1 < count else 0
            here, there = signed[m], signed[to]
            if here <= 0.0:
                new[size, 0], new[size, 1], new_edge[size] = verts[m, 0], verts[m, 1], edges[m]
                size += 1
                if here == 0.0 and there > 0.0:
                    new_edge[size - 1] = j
            if here < 0.0 < there or there < 0.0 < here:
                share = here / (here - there)
                new[size, 0] = verts[m, 0] + share * (verts[to, 0] - verts[m, 0])
                new[size, 1] = verts[m, 1] + share * (verts[to, 1] - verts[m, 1])
                new_edge[size] = j if here < 0.0 else edges[m]
                size += 1
        count = size
        for m in range(count):
            verts[m, 0], verts[m, 1], edges[m] = new[m, 0], new[m, 1], new_edge[m]
    return count
