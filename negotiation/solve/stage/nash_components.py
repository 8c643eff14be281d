"""Maximal Nash subsets and components of the equilibria of a two-player game.

Two vertices (x, y) with complementary labels are an extreme equilibrium. Take the vertices as the two sides of a
bipartite graph with the extreme equilibria as edges: every maximal complete bipartite subgraph X x Y is a maximal
Nash subset, conv(X) x conv(Y), all of whose points are equilibria, and the connected parts of the graph are the
topological components (Winkels 1979; Avis, Rosenberg, Savani, von Stengel 2010). The set of all equilibria is the
union of the maximal Nash subsets.
"""

from __future__ import annotations

from collections.abc import Sequence

Edge = tuple[int, int]
Subset = tuple[tuple[int, ...], tuple[int, ...]]


def maximal_subsets(edges: Sequence[Edge]) -> tuple[tuple[Subset, ...], ...]:
    """Return for each component its maximal complete bipartite subgraphs (rows, columns), in order of first edge.

    >>> maximal_subsets([(0, 0), (0, 1), (1, 1), (2, 2)])
    ((((0,), (0, 1)), ((0, 1), (1,))), (((2,), (2,)),))
    """
    parts = []
    for part in _connected(edges):
        neighbours: dict[int, frozenset[int]] = {}
        for row, column in part:
            neighbours[row] = neighbours.get(row, frozenset()) | {column}
        closed: set[frozenset[int]] = set()
        for columns in neighbours.values():
            closed |= {columns} | {columns & other for other in closed if columns & other}
        subsets = []
        for columns in closed:
            rows = tuple(sorted(row for row, own in neighbours.items() if columns <= own))
            subsets.append((rows, tuple(sorted(columns))))
        parts.append(tuple(sorted(subsets)))
    return tuple(parts)


def _connected(edges: Sequence[Edge]) -> list[list[Edge]]:
    """Return the edges of each connected part, parts in order of their first edge."""
    parts: list[tuple[set[int], set[int], list[Edge]]] = []
    for row, column in edges:
        touched = [part for part in parts if row in part[0] or column in part[1]]
        merged = touched[0] if touched else (set(), set(), [])
        if not touched:
            parts.append(merged)
        for other in touched[1:]:
            merged[0].update(other[0])
            merged[1].update(other[1])
            merged[2].extend(other[2])
            parts.remove(other)
        merged[0].add(row)
        merged[1].add(column)
        merged[2].append((row, column))
    return [part[2] for part in parts]
