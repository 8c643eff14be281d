"""The set operator of a game with public monitoring, applied in finitely many directions.

Symbols: W_s, one polygon a state; T(level) = the levels of B(W(level)) in fixed directions, an upper bound for each
direction (Judd, Yeltekin, Conklin 2003, with the programmes of `incentive_constraints`). `Operator` keeps what may be
reused from one application to the next: the best profiles, the multipliers, and the profiles proven unenforceable.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from negotiation._kernels import halfplanes, public, tangents
from negotiation._time_limit import checkpoint
from negotiation._values import Bools, Floats, Ints
from negotiation.solve.options import SearchSettings
from negotiation.solve.public.incentive_constraints import Incentives

BOX = 10.0  # half the side of the square that clipping starts from; normalised payoffs lie in [0, 1]
SAME_DIRECTION = 1e-6  # radians within which two directions are one; doubled, corners are cut less finely
SUPPORT_ROUNDING = 2e-15  # what rounding may take from a support of payoffs in [0, 1]; doubled, levels are that larger
SPARE_VERTICES = 8  # vertices that a polygon may have besides one a direction: the box, and clipping under way


class Polygons(NamedTuple):
    """One polygon a state: verts (S, V, 2), counts (S,), edges (S, V): direction number of each side, -1 for none."""

    verts: Floats
    counts: Ints
    edges: Ints

    @classmethod
    def of(cls, corners: list[Floats]) -> Polygons:
        """Return polygons with these vertices (V, 2), one list a state, counter-clockwise."""
        counts = np.array([len(points) for points in corners], dtype=np.int64)
        verts = np.zeros((len(corners), int(counts.max()), 2))
        for s, points in enumerate(corners):
            verts[s, : len(points)] = points
        return cls(verts, counts, np.full(verts.shape[:2], -1, dtype=np.int64))

    @classmethod
    def from_half_planes(cls, lams: list[Floats], levels: list[Floats]) -> Polygons:
        """Return the polygons {v : lam.v <= level}, lam (N, 2) and level (N,) of each state."""
        states, capacity = len(lams), max(len(level) for level in levels) + SPARE_VERTICES
        verts, edges = np.zeros((states, capacity, 2)), np.full((states, capacity), -1, dtype=np.int64)
        counts = np.zeros(states, dtype=np.int64)
        for s, (lam, level) in enumerate(zip(lams, levels, strict=True)):
            counts[s] = halfplanes.clip(lam, level, BOX, verts[s], edges[s])
        return cls(verts, counts, edges)

    def corners(self) -> list[Floats]:
        """Return the vertices (V, 2) of each state."""
        return [verts[:count] for verts, count in zip(self.verts, self.counts, strict=True)]

    @property
    def worst(self) -> Floats:
        """Least coordinate of each player in each state, (S, 2)."""
        return np.stack([verts.min(axis=0) for verts in self.corners()])


class Application(NamedTuple):
    """What one application gives in each of N directions (see `_kernels.public.apply`)."""

    level: Floats
    point: Floats
    basis_block: Ints
    basis_vertex: Ints
    basis_weight: Floats
    best_profile: Ints
    multipliers: Floats
    binding: Ints


@dataclass
class Directions:
    """Unit directions lam (N, 2) sorted by state and angle, and start (S + 1,), where those of each state begin."""

    lam: Floats
    start: Ints

    @cached_property
    def state(self) -> Ints:
        """The state of each direction, (N,)."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @cached_property
    def slices(self) -> list[slice]:
        """The directions of each state."""
        return [slice(int(low), int(high)) for low, high in itertools.pairwise(self.start)]

    @classmethod
    def build(cls, by_state: list[Floats]) -> Directions:
        """Sort the directions of each state counter-clockwise; of those that are the same the first listed stays."""
        lams = []
        for lam in by_state:
            angle = np.arctan2(lam[:, 1], lam[:, 0])
            order = np.argsort(angle, kind="stable")
            cluster = np.cumsum(np.diff(angle[order], prepend=-10.0) > SAME_DIRECTION)
            first = np.full(cluster[-1] + 1, len(lam))
            np.minimum.at(first, cluster, order)
            lams.append(lam[first[1:]])
        return cls(np.ascontiguousarray(np.concatenate(lams)), np.cumsum([0, *map(len, lams)]))

    def by_state(self) -> list[Floats]:
        """Return the directions of each state, (N, 2)."""
        return [self.lam[these] for these in self.slices]

    def polygons(self, level: Floats) -> Polygons:
        """Return the polygons {v : lam.v <= level}."""
        return Polygons.from_half_planes(self.by_state(), [level[these] for these in self.slices])

    def supports(self, polygons: Polygons) -> Floats:
        """Return the largest lam.v over the polygon of its state for each direction, (N,)."""
        largest = np.empty(len(self.lam))
        for these, verts in zip(self.slices, polygons.corners(), strict=True):
            largest[these] = (self.lam[these] @ verts.T).max(axis=1) + SUPPORT_ROUNDING
        return largest

    def active(self, polygons: Polygons) -> Bools:
        """Return which directions carry an edge (or close a wide gap)."""
        use = np.zeros(len(self.lam), dtype=np.bool_)
        tangents.active(self.lam, self.start, polygons.edges, polygons.counts, use)
        return use


class Operator:
    """Applies B to polygons; remembers what is proven for all smaller sets (`not_ruled_out`, `farkas`)."""

    def __init__(self, inc: Incentives, search: SearchSettings | None = None) -> None:
        self.inc = inc
        self.search = search or SearchSettings()
        self.not_ruled_out = ~inc.unenforceable
        self.farkas = np.zeros(inc.delta.shape[:2])
        self.most_profiles = int(np.diff(inc.first).max())
        self.workspace = public.workspace(*inc.delta.shape)
        self.applications = 0

    def warm_start(self, count: int) -> tuple[Ints, Floats]:
        """Return fresh best profiles (N,) and multipliers (N, A, K) for `count` directions."""
        return np.full(count, -1, dtype=np.int64), np.zeros((count, self.most_profiles, self.inc.delta.shape[1]))

    def apply(
        self,
        directions: Directions,
        polygons: Polygons,
        warm_start: tuple[Ints, Floats],
        not_ruled_out: Bools,
        tightening: float = 0.0,
    ) -> Application:
        """Apply the operator once; `warm_start` and `not_ruled_out` are updated. `OutOfTimeError` at a time limit."""
        checkpoint()
        inc, (best_profile, multipliers) = self.inc, warm_start
        b, binding = inc.right_sides(polygons.worst, tightening)
        count, length = len(directions.lam), inc.pi.shape[1] + b.shape[1]
        level, point, weight = np.empty(count), np.zeros((count, 2)), np.zeros((count, length))
        block, vertex = np.zeros((count, length), np.int64), np.zeros((count, length), np.int64)
        public.apply(
            (directions.lam, directions.state, inc.first), inc.programmes, b, polygons[:2], inc.static_nash,
            warm=(best_profile, multipliers, not_ruled_out, self.farkas), space=self.workspace,
            out=(level, point, block, vertex, weight),
        )  # fmt: skip
        self.applications += 1
        return Application(
            level=level, point=point, basis_block=block, basis_vertex=vertex, basis_weight=weight,
            best_profile=best_profile.copy(), multipliers=multipliers, binding=binding,
        )  # fmt: skip

    def apply_afresh(self, directions: Directions, polygons: Polygons, tightening: float) -> Application:
        """Apply the operator without a warm start, and without keeping which profiles are ruled out."""
        start = self.warm_start(len(directions.lam))
        return self.apply(directions, polygons, start, self.not_ruled_out.copy(), tightening)

    def binding_members(self, binding: Ints, tightening: float = 0.0) -> tuple[Floats, Floats]:
        """Return gain (P, K), with `tightening` added, and off (P, K, S) of the member that stands for each row."""
        inc = self.inc
        if len(inc.gain) == 0:
            return np.zeros(binding.shape), np.zeros((*binding.shape, inc.n_states))
        safe = np.maximum(binding, 0)
        return inc.gain[safe] + tightening * inc.discount / (1.0 - inc.discount), inc.off[safe]
