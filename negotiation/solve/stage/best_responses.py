"""Best-response polyhedra of a two-player game: their vertices, exactly, and what the vertices make together.

Player i mixes over m actions with weights x; the other player's action j then earns sum_k x_k table[j][k]. The
best-response polyhedron {(x, v) : x >= 0, sum x = 1, v >= payoff of every j} is a slice of the cone

    {(x, v) : x_k >= 0 (bit k),  v - sum_k x_k table[j][k] >= 0 (bit m + j)},

whose extreme rays with x != 0 are the vertices. A bit is set in a vertex's label when that inequality holds with
equality: action k is not used, or action j is a best reply.

Two vertices (x, y) with complementary labels are an extreme equilibrium. Take the vertices as the two sides of a
bipartite graph with the extreme equilibria as edges: a maximal complete bipartite subgraph X x Y is a maximal Nash
subset, conv(X) x conv(Y), and the connected parts of the graph are the topological components (Winkels 1979; Avis,
Rosenberg, Savani, von Stengel 2010).
"""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from negotiation.solve.exact.double_description import ConeCondition, extreme_rays
from negotiation.solve.exact.payoffs import IntTable, Mix

Edge = tuple[int, int]
Subset = tuple[tuple[int, ...], tuple[int, ...]]


def best_response_vertices(table: IntTable) -> list[tuple[Mix, int]]:
    """Return the mixes at all vertices for `table` (replies, actions of the mixing player), with their labels.

    >>> [[str(weight) for weight in mix] for mix, _ in best_response_vertices(((3, 0), (0, 3)))]
    [['1', '0'], ['1/2', '1/2'], ['0', '1']]
    """
    size = len(table[0])
    floor = [min(column) for column in zip(*table, strict=True)]  # taken off every reply alike, so that v >= 0
    rows = [(*(low - cell for cell, low in zip(row, floor, strict=True)), 1) for row in table]
    vertices = []
    for (*weights, _), label in extreme_rays(size + 1, [ConeCondition(row, False) for row in rows]):
        total = sum(weights)
        if total:
            unused, replies = label & ((1 << size) - 1), label >> (size + 1)
            vertices.append((tuple(Fraction(weight, total) for weight in weights), unused | replies << size))
    return sorted(vertices, reverse=True)


def maximal_subsets(edges: Sequence[Edge]) -> list[list[Subset]]:
    """Return for each component its maximal complete bipartite subgraphs (rows, columns), in order of first edge.

    >>> maximal_subsets([(0, 0), (0, 1), (1, 1), (2, 2)])
    [[((0,), (0, 1)), ((0, 1), (1,))], [((2,), (2,))]]
    """
    rows, columns = np.array(edges).T
    size = int(rows.max()) + int(columns.max()) + 2
    graph = coo_array((np.ones(len(edges)), (rows, columns + rows.max() + 1)), (size, size))
    _, part = connected_components(graph, directed=False)
    neighbours: dict[int, dict[int, frozenset[int]]] = defaultdict(dict)
    for row, column in edges:
        columns_of = neighbours[part[row]]
        columns_of[row] = columns_of.get(row, frozenset()) | {column}
    components = []
    for columns_of in neighbours.values():
        closed: set[frozenset[int]] = set()
        for linked in columns_of.values():
            closed |= {linked} | {linked & other for other in closed if linked & other}
        subsets = []
        for face in closed:
            members = sorted(row for row, linked in columns_of.items() if face <= linked)
            subsets.append((tuple(members), tuple(sorted(face))))
        components.append(sorted(subsets))
    return components
