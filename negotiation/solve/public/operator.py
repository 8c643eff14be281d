"""The set operator of a game with public monitoring, applied in finitely many directions.

Symbols: W_s, one polygon a state; T(level) = the levels of B(W(level)) in fixed directions, an upper bound for each
direction (Judd, Yeltekin, Conklin 2003, with the programmes of `incentives`). `Operator` keeps what may be reused from
one application to the next: the winning profiles, the multipliers, and the profiles proven unenforceable.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from negotiation._kernels import halfplanes, public, tangents
from negotiation._time_limit import checkpoint
from negotiation._values import Bools, Floats, Ints
from negotiation.solve.public.incentive_constraints import Incentives

REACH = 10.0
NEAR = 1e-6
ROUNDED = 2e-15


class Polygons(NamedTuple):
    """One polygon a state: verts (S, V, 2), counts (S,), edges (S, V): direction number of each side, -1 for none."""

    verts: Floats
    counts: Ints
    edges: Ints

    @property
    def worst(self) -> Floats:
        """Least coordinate of each player in each state, (S, 2)."""
        return np.stack([self.verts[s, :count].min(axis=0) for s, count in enumerate(self.counts)])


class Application(NamedTuple):
    """What one application found in each of N directions (see `_kernels.public.sweep`)."""

    level: Floats
    point: Floats
    basis_block: Ints
    basis_vertex: Ints
    basis_weight: Floats
    best_profile: Ints
    multipliers: Floats
    b: Floats
    binding: Ints
    solved: int


@dataclass
class Directions:
    """Unit directions lam (N, 2) sorted by state and angle, their states at (N,), and start (S + 1,)."""

    lam: Floats
    state: Ints
    start: Ints

    @cached_property
    def capacity(self) -> int:
        """Most vertices that a polygon of a state may need while it is being clipped."""
        return int(np.diff(self.start).max()) + 8

    @classmethod
    def build(cls, by_state: list[Floats]) -> Directions:
        """Sort the directions of each state counter-clockwise; of directions within NEAR the first listed stays."""
        kept = []
        for lam in by_state:
            angle = np.arctan2(lam[:, 1], lam[:, 0])
            order = np.argsort(angle, kind="stable")
            cluster = np.cumsum(np.diff(angle[order], prepend=-10.0) > NEAR)
            first = np.full(cluster[-1] + 1, len(lam))
            np.minimum.at(first, cluster, order)
            kept.append(lam[first[1:]])
        start = np.concatenate([[0], np.cumsum([len(lam) for lam in kept])])
        at = np.repeat(np.arange(len(kept)), np.diff(start))
        return cls(np.ascontiguousarray(np.concatenate(kept)), at, start)

    def polygons(self, level: Floats) -> Polygons:
        """Return the polygons {v : lam.v <= level}."""
        states, room = len(self.start) - 1, self.capacity
        verts, edges = np.zeros((states, room, 2)), np.full((states, room), -1, dtype=np.int64)
        counts = np.zeros(states, dtype=np.int64)
        for s in range(states):
            own = slice(self.start[s], self.start[s + 1])
            counts[s] = halfplanes.clip(self.lam[own], level[own], REACH, verts[s], edges[s])
        return Polygons(verts, counts, edges)

    def supports(self, polygons: Polygons) -> Floats:
        """Return the largest lam.v over the polygon of its state for each direction, (N,)."""
        found = np.empty(len(self.lam))
        for s, count in enumerate(polygons.counts):
            own = slice(self.start[s], self.start[s + 1])
            found[own] = (self.lam[own] @ polygons.verts[s, :count].T).max(axis=1) + ROUNDED
        return found

    def active(self, polygons: Polygons) -> Bools:
        """Return which directions carry an edge (or close a wide gap)."""
        use = np.zeros(len(self.lam), dtype=np.bool_)
        tangents.active(self.lam, self.start, polygons.edges, polygons.counts, use)
        return use


class Operator:
    """Applies B to polygons; remembers what is proven for all smaller sets (`alive`, `farkas`)."""

    def __init__(self, inc: Incentives) -> None:
        self.inc = inc
        self.not_ruled_out = ~inc.unenforceable
        self.farkas = np.zeros(inc.delta.shape[:2])
        self.most_profiles = int(np.diff(inc.first).max())
        self.workspace = public.memory(*inc.delta.shape)
        self.solved = 0
        self.applications = 0

    def warm_start(self, count: int) -> tuple[Ints, Floats]:
        """Return fresh (win, eta) for `count` directions."""
        return np.full(count, -1, dtype=np.int64), np.zeros((count, self.most_profiles, self.inc.delta.shape[1]))

    def apply(
        self,
        directions: Directions,
        polygons: Polygons,
        best_profile: Ints,
        multipliers: Floats,
        not_ruled_out: Bools,
        tightening: float = 0.0,
    ) -> Application:
        """Apply the operator once; win, eta and alive are updated in place. `OutOfTimeError` at a time limit."""
        checkpoint()
        inc = self.inc
        b, binding = inc.right_sides(polygons.worst, tightening)
        count, length = len(directions.lam), inc.pi.shape[1] + b.shape[1]
        level, point, x = np.empty(count), np.zeros((count, 2)), np.zeros((count, length))
        col, mark = np.zeros((count, length), np.int64), np.zeros((count, length), np.int64)
        solved = public.sweep(
            directions.lam, directions.state, inc.first, not_ruled_out, inc.g, inc.weight, inc.ny, inc.nk, inc.pi,
            inc.succ, inc.delta, inc.who, b, polygons.verts, polygons.counts, best_profile, multipliers, self.farkas,
            inc.static_nash, self.workspace, level, point, col, mark, x,
        )  # fmt: skip
        self.solved += solved
        self.applications += 1
        return Application(level, point, col, mark, x, best_profile.copy(), multipliers, b, binding, solved)

    def binding_members(self, binding: Ints, tightening: float = 0.0) -> tuple[Floats, Floats]:
        """Return gain (P, K), with `slack` added, and off (P, K, S) of the member that stands for each row."""
        inc = self.inc
        if len(inc.gain) == 0:
            return np.zeros(binding.shape), np.zeros((*binding.shape, inc.n_states))
        safe = np.maximum(binding, 0)
        return inc.gain[safe] + tightening * inc.discount / (1.0 - inc.discount), inc.off[safe]
