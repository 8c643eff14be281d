"""Exact programmes and piecewise linear functions: against the exact simplex method, HiGHS and brute force."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from negotiation.solve.exact import rational_programme
from negotiation.solve.exact.linear_programme import UnboundedError
from negotiation.solve.exact.rational_programme import rational_optimum
from negotiation.solve.geometry.convex_hull import convex_set
from negotiation.solve.scores.piecewise_linear import (
    AffineFunction,
    Piece,
    concave_lines,
    half_plane_section,
    lower_envelope,
    piece_at,
    upper_envelope,
    value_at,
)

small = st.fractions(-5, 5, max_denominator=7)


def dyadic(numbers):
    return [Fraction(float(number)) for number in numbers]


def random_programme(rng, degenerate):
    columns, rows = int(rng.integers(2, 9)), int(rng.integers(2, 9))
    table = rng.normal(size=(rows, columns))
    limits = rng.random(rows)
    if degenerate:
        table[rng.random(table.shape) < 0.4] = 0
        limits[rng.random(rows) < 0.5] = 0
    table[0], limits[0] = np.abs(table[0]) + 0.1, 1.0  # bounded
    return dyadic(rng.normal(size=columns)), [dyadic(row) for row in table], dyadic(limits)


@pytest.mark.parametrize("degenerate", [False, True])
def test_guess_and_proof_equal_exact_pivots_and_highs(monkeypatch, degenerate):
    rng = np.random.default_rng(1)
    monkeypatch.setattr(rational_programme, "EXACT_PIVOT_SIZE", 0)
    proofs = []
    proven = rational_programme._confirmed_guess
    monkeypatch.setattr(
        rational_programme, "_confirmed_guess", lambda *given: proofs.append(proven(*given)) or proofs[-1]
    )
    for _ in range(60):
        objective, table, limits = random_programme(rng, degenerate)
        found = rational_optimum(objective, table, limits)
        with monkeypatch.context() as inner:
            inner.setattr(rational_programme, "EXACT_PIVOT_SIZE", 10**9)
            assert rational_optimum(objective, table, limits).value == found.value
        numbers = np.array(table, dtype=float)
        expected = linprog(-np.array(objective, dtype=float), numbers, np.array(limits, dtype=float))
        assert float(found.value) == pytest.approx(-expected.fun, abs=1e-9)
        assert sum(a * b for a, b in zip(objective, found.point, strict=True)) == found.value
        for row, limit in zip(table, limits, strict=True):
            assert sum(a * b for a, b in zip(row, found.point, strict=True)) <= limit
    assert sum(proof is not None for proof in proofs) >= 54  # the guess is nearly always proven


def test_a_wrong_guess_is_never_believed():
    """x = 1 is feasible in max x, x <= 2, but no prices prove it; prices that are too low prove nothing either."""
    one, two = Fraction(1), Fraction(2)
    assert rational_programme._optimal([1], [[1]], [2], [two], [one])
    assert not rational_programme._optimal([1], [[1]], [2], [one], [one])
    assert not rational_programme._optimal([1], [[1]], [2], [two], [Fraction(0)])
    assert not rational_programme._optimal([1], [[1]], [2], [Fraction(3)], [one])


def test_unbounded_programmes_are_found_out(monkeypatch):
    for small_limit in (0, 10**9):
        monkeypatch.setattr(rational_programme, "EXACT_PIVOT_SIZE", small_limit)
        with pytest.raises(UnboundedError):
            rational_optimum([Fraction(1), Fraction(1)], [[Fraction(1), Fraction(-1)]], [Fraction(1)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(small, small), min_size=1, max_size=7))
def test_concave_functions_are_rebuilt_from_supporting_lines(lines):
    lines = [AffineFunction(*line) for line in lines]
    start, end = Fraction(0), Fraction(4)

    def oracle(t, tie=0):
        return min(lines, key=lambda line: (line.value(t), tie * line.slope))

    found = lower_envelope(concave_lines(oracle(start, -1), oracle(end, 1), oracle), start, (0,))
    for t in [Fraction(k, 6) for k in range(25)]:
        assert value_at(found, t) == min(line.value(t) for line in lines)
    assert [piece.start for piece in found] == sorted({piece.start for piece in found})


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_upper_envelope_is_the_pointwise_maximum(data):
    function = st.lists(st.tuples(st.integers(0, 6), small, small), min_size=1, max_size=4, unique_by=lambda p: p[0])
    first, second = (
        sorted(Piece(Fraction(at), AffineFunction(a, b), (tag,)) for at, a, b in data.draw(function)) for tag in (0, 1)
    )
    found = upper_envelope(first, second)
    for t in [Fraction(k, 7) for k in range(-7, 70)]:
        known = [v for v in (value_at(first, t), value_at(second, t)) if v is not None]
        assert value_at(found, t) == (max(known) if known else None)
        if known:
            source = (first, second)[piece_at(found, t).tag[0]]
            assert value_at(source, t) == value_at(found, t)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(-9, 9)), min_size=1, max_size=4),
)
def test_clipping_keeps_exactly_what_satisfies_every_half_plane(points, planes):
    """Every vertex obeys all half-planes; every lattice point that obeys them lies in the hull of what is left."""
    planes = [plane for plane in planes if plane[:2] != (0, 0)]
    region = convex_set(np.array(points, dtype=float))
    corners = [(Fraction(u), Fraction(v)) for u, v in region.vertices.tolist()]
    for a, b, level in planes:
        corners = half_plane_section(corners, (Fraction(a), Fraction(b)), Fraction(level))
    for u, v in corners:
        assert all(a * u + b * v <= level for a, b, level in planes)
    kept = [
        (u, v)
        for u in range(-6, 7)
        for v in range(-6, 7)
        if (region.directions @ (u, v) <= region.levels + 1e-9).all()
        and all(a * u + b * v <= level for a, b, level in planes)
    ]
    if kept:
        hull = convex_set(np.array([[float(u), float(v)] for u, v in corners]))
        assert (np.array(kept) @ hull.directions.T <= hull.levels + 1e-9).all()
