"""Piecewise linear functions of one variable with exact knots, and exact intersections of half-planes.

A concave function is found from supporting lines alone: two of them cross at t; if the function reaches the crossing
nothing lies between, otherwise its line at t splits the problem in two (Eisner, Severance 1976). The number of oracle
calls is twice the number of pieces.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

RationalVector = tuple[Fraction, Fraction]


class AffineFunction(NamedTuple):
    """The function intercept + slope t."""

    intercept: Fraction
    slope: Fraction

    def value(self, t: Fraction) -> Fraction:
        """Return the value at t."""
        return self.intercept + self.slope * t


class Piece(NamedTuple):
    """From `start` on (up to the next piece) the function is `line`; `tag` says what attains it."""

    start: Fraction
    line: AffineFunction
    tag: tuple[int, ...]


Pieces = list[Piece]


def concave_lines(
    left: AffineFunction, right: AffineFunction, oracle: Callable[[Fraction], AffineFunction]
) -> list[AffineFunction]:
    """Return the lines of a concave function between a supporting line on the left and one on the right, in order."""
    if left.slope == right.slope:
        return [left]
    t = (right.intercept - left.intercept) / (left.slope - right.slope)
    line = oracle(t)
    if line.value(t) == left.value(t):
        return [left, right]
    return [*concave_lines(left, line, oracle)[:-1], *concave_lines(line, right, oracle)]


def lower_envelope(lines: Sequence[AffineFunction], start: Fraction, tag: tuple[int, ...]) -> Pieces:
    """Return the least of `lines`, given with falling slopes, as a function from `start` on."""
    envelope = [Piece(start, lines[0], tag)]
    for before, line in pairwise(lines):
        knot = (line.intercept - before.intercept) / (before.slope - line.slope)
        if knot <= envelope[-1].start:
            envelope.pop()
        envelope.append(Piece(max(knot, start), line, tag))
    return envelope


def negative(function: Pieces) -> Pieces:
    """Return minus a function."""
    return [Piece(start, AffineFunction(-line.intercept, -line.slope), tag) for start, line, tag in function]


def value_at(function: Pieces, t: Fraction) -> Fraction | None:
    """Return the function at t, None before its start."""
    here = piece_at(function, t)
    return None if here is None else here.line.value(t)


def piece_at(function: Pieces, t: Fraction) -> Piece | None:
    """Return the last piece that starts at t or before, None when there is none."""
    return next((piece for piece in reversed(function) if piece.start <= t), None)


def upper_envelope(first: Pieces, second: Pieces) -> Pieces:
    """Return the larger of two functions; where they agree the first, where one is undefined the other."""
    starts = sorted({piece.start for piece in (*first, *second)})
    envelope: Pieces = []

    def add(start: Fraction, piece: Piece) -> None:
        if not envelope or (envelope[-1].line, envelope[-1].tag) != (piece.line, piece.tag):
            envelope.append(piece._replace(start=start))

    for k, start in enumerate(starts):
        a, b = piece_at(first, start), piece_at(second, start)
        if a is None or b is None:
            only = b if a is None else a
            assert only is not None  # a start belongs to one of the two
            add(start, only)
            continue
        ahead = a.line.value(start) - b.line.value(start)
        rise = a.line.slope - b.line.slope
        stays = ahead == rise == 0 and bool(envelope) and envelope[-1].tag == b.tag
        first_leads = not stays and (ahead > 0 or (ahead == 0 and rise >= 0))
        add(start, a if first_leads else b)
        if rise and ahead and (ahead > 0) != (rise > 0):
            cross = start - ahead / rise
            if k + 1 == len(starts) or cross < starts[k + 1]:
                add(cross, b if first_leads else a)
    return envelope


def half_plane_section(
    corners: Sequence[RationalVector], normal: RationalVector, level: Fraction
) -> list[RationalVector]:
    """Return the part of a convex polygon, segment or point (corners in order) with normal.v <= level, exactly."""
    section: list[RationalVector] = []
    over = [normal[0] * u + normal[1] * v - level for u, v in corners]
    for k, corner in enumerate(corners):
        if over[k] <= 0:
            section.append(corner)
        after = (k + 1) % len(corners)
        if over[k] * over[after] < 0:
            share = over[k] / (over[k] - over[after])
            other = corners[after]
            section.append((corner[0] + share * (other[0] - corner[0]), corner[1] + share * (other[1] - corner[1])))
    return list(dict.fromkeys(section))
