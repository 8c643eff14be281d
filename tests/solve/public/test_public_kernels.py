"""Compiled kernels of public monitoring against their own Python text, and against numpy where it has the same."""

import numpy as np
import pytest

from negotiation._kernels import corners, halfplanes, public, systems, tangents
from negotiation.solve.public.incentive_constraints import incentive_constraints
from negotiation.solve.public.operator import Operator
from negotiation.solve.public.refinement import first_directions, first_outer
from tests.solve.public.public_games import random_game


@pytest.fixture(params=range(4))
def applied(request):
    """An operator, directions, a polygon family and one application to it."""
    game = random_game(np.random.default_rng(request.param), (2, 3), (2, 3), (1, 2))
    inc = incentive_constraints(game)
    op, directions = Operator(inc), first_directions(inc)
    outer = first_outer(op, directions)
    polygons = directions.polygons(outer.level)
    return (
        op,
        directions,
        outer,
        polygons,
        op.apply(directions, polygons, outer.best_profile, outer.multipliers, outer.not_ruled_out),
    )


def arguments(op, directions, polygons, farkas):
    inc, (win, eta) = op.inc, op.warm_start(len(directions.lam))
    b, _ = inc.right_sides(polygons.worst)
    count, length = len(directions.lam), inc.delta.shape[1] + inc.delta.shape[2]
    bases = (np.zeros((count, length), np.int64), np.zeros((count, length), np.int64), np.zeros((count, length)))
    return (
        directions.lam, directions.state, inc.first, ~inc.unenforceable, inc.g, inc.weight, inc.ny, inc.nk, inc.pi,
        inc.succ, inc.delta, inc.who, b, polygons.verts, polygons.counts, win, eta, farkas, inc.static_nash,
        public.memory(*inc.delta.shape), np.empty(count), np.zeros((count, 2)), *bases,
    )  # fmt: skip


def test_sweep(applied):
    op, directions, _, polygons, _ = applied
    one, two = (arguments(op, directions, polygons, np.zeros_like(op.farkas)) for _ in range(2))
    assert public.sweep(*one) == public.sweep.py_func(*two)
    # what is changed in place: profiles alive, winners, multipliers, proofs; levels, points, bases
    for number in (3, 15, 16, 17, 20, 21, 22, 23, 24):
        assert one[number] == pytest.approx(two[number], abs=1e-12)


def test_thresholds(applied):
    op, _, _, polygons, _ = applied
    inc, worst = op.inc, polygons.worst
    b, binding = inc.right_sides(worst, 0.125)
    plain, number = np.empty_like(b), np.empty_like(binding)
    odds = (1 - inc.discount) / inc.discount
    public.thresholds.py_func(inc.gain, inc.off, inc.member_row, inc.player, worst, odds, 0.125, plain, number)
    assert b == pytest.approx(plain)
    assert (binding == number).all()


def test_bounds_along_a_ray_are_the_rows_applied(applied):
    """`along` sums what `linearise` writes out as rows, for the winning profile of each direction."""
    op, lines, outer, polygons, sweep = applied
    if np.isneginf(sweep.level).any():
        return
    inc, use = op.inc, lines.active(polygons)
    gain, off = op.binding_members(sweep.binding)
    growth = np.random.default_rng(0).random(len(outer.level))
    shared = (inc.g, inc.weight, inc.ny, inc.nk, inc.pi, inc.succ, inc.delta, inc.who, gain, off)
    const, matrix = tangents.linearise(
        lines.lam, lines.start, use, sweep.best_profile, sweep.multipliers, inc.first, lines.state, *shared
    )
    for along in (tangents.along, tangents.along.py_func):
        value, slope = along(
            lines.lam, lines.start, use, outer.not_ruled_out, outer.level, growth, sweep.multipliers, inc.first,
            lines.state, *shared,
        )  # fmt: skip
        mine = (np.arange(len(const)), sweep.best_profile - inc.first[lines.state])
        assert value[mine] == pytest.approx(const + matrix @ outer.level, abs=1e-12)
        assert slope[mine] == pytest.approx(matrix @ growth, abs=1e-12)
    assert value[mine] == pytest.approx(sweep.level, abs=1e-9)  # the bound is attained where it was found


def test_clip(applied):
    _, lines, outer, _, _ = applied
    for solver in (halfplanes.clip, halfplanes.clip.py_func):
        verts, edges = np.zeros((len(lines.lam) + 8, 2)), np.full(len(lines.lam) + 8, -1)
        own = slice(lines.start[0], lines.start[1])
        count = solver(lines.lam[own], outer.level[own], 10.0, verts, edges)
        assert (lines.lam[own] @ verts[:count].T <= outer.level[own][:, None] + 1e-9).all()
        assert verts[:count].max() <= 1 + 1e-9


def test_hulls():
    rng = np.random.default_rng(1)
    point, start = np.round(rng.random((30, 2)) * 8), np.array([0, 20, 30])
    found = []
    for kernel in (corners.hulls, corners.hulls.py_func):
        verts, counts, owner = np.zeros((2, 21, 2)), np.zeros(2, dtype=np.int64), np.zeros((2, 21), dtype=np.int64)
        kernel(point, start, 1e-9, verts, counts, owner)
        found.append((verts, counts, owner))
        for s in range(2):
            assert (point[owner[s, : counts[s]]] == verts[s, : counts[s]]).all()
            excess, _ = corners.outside(point, start, verts, counts)
            assert excess.max() <= 1e-12
    for one, two in zip(*found, strict=True):
        assert (one == two).all()


@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_linear_systems(size):
    rng = np.random.default_rng(size)
    matrix, right = rng.normal(size=(size, size)), rng.normal(size=(size, 3))
    expected = np.linalg.solve(matrix, right)
    for kernel in (systems.solve, systems.solve.py_func):
        answer = right.copy()
        assert kernel(matrix.copy(), answer)
        assert answer == pytest.approx(expected, rel=1e-8, abs=1e-8)
    assert not systems.solve(np.zeros((size, size)), right.copy())


def test_the_tip_of_a_sliver_is_not_thinned_away():
    """Its neighbours lie almost in one point, on a line through the tip: near the line is not near their chord."""
    verts = np.array([[[0.0, 0.0], [1.0 - 1e-7, 1.0 - 1e-7], [1.0, 1.0], [1.0 - 1.00001e-7, 1.0 - 1.00001e-7]]])
    counts = np.array([4])
    corners.thinned(verts, counts, 1e-9)
    assert verts[0, : counts[0]].tolist() == [[0.0, 0.0], [1.0, 1.0]]
