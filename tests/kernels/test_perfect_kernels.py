"""Each kernel of the perfect-monitoring solver gives the same numbers compiled and as plain Python."""

import copy

import numpy as np
import pytest

from negotiation._kernels import active_structure, answer, bound, perfect, polygon, sets

RELAX = 1e-12


def plain(module, name, monkeypatch):
    """Return the Python function, with the kernels that it calls in this package as Python functions too."""
    for part in (active_structure, answer, bound, perfect, polygon, sets):
        for key, value in vars(part).items():
            if hasattr(value, "py_func"):
                monkeypatch.setattr(part, key, value.py_func)
    return getattr(module, name)


def same(one, other):
    """Whether nested results are equal, NaN included."""
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return np.array_equal(np.asarray(one), np.asarray(other), equal_nan=np.asarray(one).dtype.kind == "f")


@pytest.fixture
def clouds():
    rng = np.random.default_rng(4)
    points = rng.integers(-4, 5, (2, 40)).astype(float)
    return points, np.arange(40), np.zeros(81, dtype=np.int64)


def measured(w, size, out, kept):
    """What the kernels say of turns, and of polygons w (size vertices) and out (kept vertices)."""
    return [
        polygon.turn(0.1, 0.1, 0.2, 0.2, 0.3, 0.3),
        polygon.exact_sign(0.1, 0.1, 0.2, 0.2, 0.3, 0.3 + 1e-16),
        polygon.product_tail(0.1, 0.7, 0.1 * 0.7),
        polygon.distance(9.0, 1.0, w, size),
        polygon.nearest(9.0, 1.0, w, size),
        polygon.excess(w, size, out, kept),
        polygon.support(0.3, -0.7, w, size),
    ]


def test_plane_geometry(clouds, monkeypatch):
    points, order, chain = clouds
    polygon.sort_points(points[0], points[1], order, 40)
    size = polygon.hull(points[0], points[1], order, 40, chain)
    w = np.ascontiguousarray(points[:, chain[:size]])
    out = np.empty((2, 60))
    kept = polygon.clip(1.0, 0.5, 1.0, w, size, out)
    compiled = measured(w, size, out, kept)
    sorted_before, hull_before, out_before = order.copy(), chain[:size].copy(), out[:, :kept].copy()
    plain(polygon, "hull", monkeypatch)
    again = np.arange(40)
    polygon.sort_points(points[0], points[1], again, 40)
    assert same(again, sorted_before)
    assert polygon.hull(points[0], points[1], again, 40, chain) == size
    assert same(chain[:size], hull_before)
    assert polygon.clip(1.0, 0.5, 1.0, w, size, out) == kept
    assert same(out[:, :kept], out_before)
    assert compiled == measured(w, size, out, kept)


def prepared(delta):
    rng = np.random.default_rng(9)
    raw = rng.integers(-9, 10, (2, 12)).astype(float)
    game, low, scale, stretch = answer.prepare(raw, 4, 3, np.empty((2, 0)), delta)
    space = sets.workspace(12, 0)
    sets.begin(game, space)
    sets.start(game, space[0][0], space[0][1][0], space[2])
    return raw, game, space, (low, scale, stretch)


def stages(space, game):
    """Run every kernel of a step, of Newton's method and of the proof; return all that they wrote."""
    (state, pair), (scout, twins), spare, guess, proof, roots = space
    least, found = np.empty(2), []
    for turn in range(6):
        found.append(perfect.step(game, state, pair[turn % 2], pair[1 - turn % 2], RELAX, spare, least))
        count, made = state[4][perfect.CORNERS], state[4][perfect.POINTS]
        found += [state[1].copy(), state[2][:, :count].copy(), state[3][:count].copy()]
        found.append(pair[1 - turn % 2][0][:, :made].copy())
    sets.copy(state, pair[0], scout, twins[0])
    found.append(active_structure.jump_to_fixed_point(game, scout, twins[0], RELAX, spare, guess, roots))
    found.append(scout[2][:, : scout[4][perfect.CORNERS]].copy())
    used = bound.prove(game, state, scout[2], scout[4][perfect.CORNERS], proof, guess[4])
    found += [used, proof[1][:used].copy(), proof[2][:used].copy()]
    return found


@pytest.mark.parametrize("delta", [0.3, 0.7, 0.95])
def test_steps_newton_and_proof(delta, monkeypatch):
    _, game, space, _ = prepared(delta)
    compiled = stages(space, game)
    plain(sets, "many", monkeypatch)
    _, game, space, _ = prepared(delta)
    pure = stages(space, game)
    for one, other in zip(compiled, pure, strict=True):
        assert np.allclose(
            one, other, rtol=0.0, atol=1e-13
        )  # LLVM contracts no operations, but orders sums of constants


@pytest.mark.parametrize("delta", [0.05, 0.4, 0.9])
def test_whole_solver(delta, monkeypatch):
    rng = np.random.default_rng(3)
    shapes = np.array([[2, 3, 1], [3, 3, 0], [2, 2, 0]])
    raws = rng.integers(-9, 10, (2, 19)).astype(float)
    fixed = raws[:, :1].copy()

    def run():
        n, room = 3, 40
        made = (np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n), np.empty((n, 2), np.int64))
        made += (np.zeros((n, 2, room, 2)), np.zeros((n, 2, room), np.int64), np.full((n, 8), np.nan))
        sets.many(raws, fixed, shapes, np.full(n, delta), (1e-12, 1e-8, 10_000), *made)
        return made

    compiled = copy.deepcopy(run())
    plain(sets, "many", monkeypatch)
    codes, _, gaps, counts, polygons, _, _ = run()
    assert same(codes, compiled[0])
    assert same(counts, compiled[3])
    assert np.allclose(polygons, compiled[4], rtol=0.0, atol=1e-9)
    assert np.allclose(gaps, compiled[2], rtol=0.0, atol=1e-10)
