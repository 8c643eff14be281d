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
    op, directions = Operator(inc), first_directions(inc, 8)
    outer = first_outer(op, directions)
    polygons = outer.polygons()
    return op, directions, outer, polygons, op.apply(directions, polygons, outer.warm_start, outer.not_ruled_out)


def arguments(op, directions, polygons):
    """The arguments of `public.apply`, with memory of their own."""
    inc, count = op.inc, len(directions.lam)
    b, _ = inc.right_sides(polygons.worst)
    length = inc.delta.shape[1] + inc.delta.shape[2]
    bases = (np.zeros((count, length), np.int64), np.zeros((count, length), np.int64), np.zeros((count, length)))
    warm = (*op.warm_start(count), ~inc.unenforceable, np.zeros_like(op.farkas))
    return (
        (directions.lam, directions.state, inc.first), inc.programmes, b, polygons[:2], inc.static_nash, warm,
        public.workspace(*inc.delta.shape), (np.empty(count), np.zeros((count, 2)), *bases),
    )  # fmt: skip


def test_apply(applied):
    op, directions, _, polygons, _ = applied
    one, two = (arguments(op, directions, polygons) for _ in range(2))
    assert public.apply(*one) == public.apply.py_func(*two)
    # what is changed in place: best profiles, multipliers, profiles left, proofs; levels, points, bases
    for ours, theirs in zip((*one[5], *one[7]), (*two[5], *two[7]), strict=True):
        assert ours == pytest.approx(theirs, abs=1e-12)


def test_right_sides(applied):
    op, _, _, polygons, _ = applied
    inc, worst = op.inc, polygons.worst
    b, binding = inc.right_sides(worst, 0.125)
    plain, number = np.empty_like(b), np.empty_like(binding)
    odds = (1 - inc.discount) / inc.discount
    public.right_sides.py_func((inc.gain, inc.off, inc.member_row), inc.player, worst, odds, 0.125, plain, number)
    assert b == pytest.approx(plain)
    assert (binding == number).all()


def test_bounds_along_a_ray_are_the_rows_applied(applied):
    """`along` sums what `linearise` writes out as rows, for the best profile of each direction."""
    op, lines, outer, polygons, application = applied
    if np.isneginf(application.level).any():
        return
    inc, use = op.inc, lines.active(polygons)
    gain, off = op.binding_members(application.binding)
    growth = np.random.default_rng(0).random(len(outer.level))
    directions, eta = (lines.lam, lines.start, lines.state, inc.first), application.multipliers
    best = application.best_profile
    matrix = tangents.linearise(directions, use, best, eta, inc.programmes, gain, off)
    now = 1 - inc.discount
    mine = (np.arange(len(best)), best - inc.first[lines.state])
    const = now * ((lines.lam * inc.g[best]).sum(axis=1) - (eta[mine] * gain[best]).sum(axis=1))
    for along in (tangents.along, tangents.along.py_func):
        value, slope = along(
            directions, use, outer.not_ruled_out, outer.level, growth, eta, inc.programmes, gain, off
        )  # fmt: skip
        assert value[mine] == pytest.approx(const + matrix @ outer.level, abs=1e-12)
        assert slope[mine] == pytest.approx(matrix @ growth, abs=1e-12)
    assert value[mine] == pytest.approx(application.level, abs=1e-9)  # the bound is attained where it was found


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
    for kernel, drop in (
        (corners.hulls, corners.drop_redundant),
        (corners.hulls.py_func, corners.drop_redundant.py_func),
    ):
        verts, counts, owner = np.zeros((2, 21, 2)), np.zeros(2, dtype=np.int64), np.zeros((2, 21), dtype=np.int64)
        kernel(point, start, verts, counts, owner)
        drop(verts, counts, owner, 1e-9)
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
        system = np.concatenate([matrix, right], axis=1)
        assert kernel(system, size, 3, 1e-300)
        assert system[:, size:] == pytest.approx(expected, rel=1e-8, abs=1e-8)
    assert not systems.solve(np.zeros((size, size + 3)), size, 3, 1e-300)


def test_the_tip_of_a_sliver_is_not_thinned_away():
    """Its neighbours lie almost in one point, on a line through the tip: near the line is not near their chord."""
    verts = np.array([[[0.0, 0.0], [1.0 - 1e-7, 1.0 - 1e-7], [1.0, 1.0], [1.0 - 1.00001e-7, 1.0 - 1.00001e-7]]])
    counts = np.array([4])
    corners.drop_redundant(verts, counts, np.zeros((1, 4), dtype=np.int64), 1e-9)
    assert verts[0, : counts[0]].tolist() == [[0.0, 0.0], [1.0, 1.0]]
