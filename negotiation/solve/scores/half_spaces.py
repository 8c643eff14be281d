"""The half-spaces of the patient limit and their intersection, exactly (see `scores` and `scores_profile`).

Within a quadrant the largest score over profiles is piecewise linear in the direction: its knots, the limits at the
axes and the axes themselves are all the half-spaces there are.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from negotiation._values import Floats
from negotiation.games.stage import Profile
from negotiation.solve.scores.incentive_rows import ONE, ZERO, Programme
from negotiation.solve.scores.piecewise_linear import Exact2, Pieces, clipped, piece_at, pieces, upper
from negotiation.solve.scores.profile_score import QUADRANTS, Signs, axis_score, score_lines, stated

AXES = ((0, 1), (1, 1), (0, -1), (1, -1))  # (player, sign): 0, 90, 180, 270 degrees


class Halfspace(NamedTuple):
    """direction.v <= level, exactly, with the profile that attains the score."""

    direction: Exact2
    level: Fraction
    profile: Profile


def quadrant(conditions: dict[Profile, Programme], signs: Signs) -> Pieces:
    """Return the largest score for lambda = (signs_1 (1 - t), signs_2 t) as a function of t in [0, 1]."""
    middle = Fraction(1, 2)
    best: Pieces = []
    for condition in sorted(conditions.values(), key=lambda each: -stated(each, signs).at(middle)):
        top = stated(condition, signs)
        ends = [*(piece.start for piece in best), ONE]
        if best and all(top.at(t) <= _known(best, t) for t in ends):
            continue
        best = upper(best, pieces(score_lines(condition, signs), ZERO, condition.profile))
        best = [piece for piece in best if piece.start < 1]
    return best


def _known(function: Pieces, t: Fraction) -> Fraction:
    piece = piece_at(function, t)
    assert piece is not None
    return piece.line.at(t)


def axis_level(conditions: dict[Profile, Programme], player: int, sign: int) -> tuple[Fraction, Profile] | None:
    """Return the largest score in direction sign * e_player with its profile."""
    best: tuple[Fraction, Profile] | None = None
    for condition in sorted(conditions.values(), key=lambda each: -sign * each.payoffs[player]):
        if best is not None and sign * condition.payoffs[player] <= best[0]:
            break
        level = axis_score(condition, player, sign)
        if level is not None and (best is None or level > best[0]):
            best = (level, condition.profile)
    return best


def halfspaces(conditions: dict[Profile, Programme]) -> list[Halfspace]:
    """Return the half-spaces that make up Q, counter-clockwise from the first player's axis."""
    found = []
    for signs, (player, sign) in zip(QUADRANTS, AXES, strict=True):
        level = axis_level(conditions, player, sign)
        if level is None:
            return []
        axis = (Fraction(sign), ZERO) if player == 0 else (ZERO, Fraction(sign))
        inside = [*_limits(quadrant(conditions, signs), signs)]
        found += [Halfspace(axis, *level), *inside]
    return sorted(found, key=lambda each: _angle(each.direction))


def _limits(function: Pieces, signs: Signs) -> list[Halfspace]:
    """Return the half-spaces at the knots of a quadrant; at its two ends the limits of the score."""
    knots = [(piece.start, piece) for piece in function] + [(ONE, function[-1])]
    return [Halfspace((signs[0] * (1 - t), signs[1] * t), piece.line.at(t), piece.tag) for t, piece in knots]


def _angle(direction: Exact2) -> float:
    return float(np.arctan2(float(direction[1]), float(direction[0]))) % (2 * np.pi)


def corners_of(conditions: dict[Profile, Programme], spaces: list[Halfspace]) -> list[Exact2]:
    """Return the vertices of Q, counter-clockwise, exactly."""
    if not spaces:
        return []
    columns = list(zip(*(each.payoffs for each in conditions.values()), strict=True))
    (left, right), (low, high) = ((min(column), max(column)) for column in columns)
    corners = list(dict.fromkeys([(left, low), (right, low), (right, high), (left, high)]))
    for space in spaces:
        corners = clipped(corners, space.direction, space.level)
        if not corners:
            break
    return _extreme(corners)


def _extreme(corners: list[Exact2]) -> list[Exact2]:
    """Drop corners that lie on the line through their neighbours."""
    if len(corners) < 3:
        return corners
    kept = []
    for at, (u, v) in enumerate(corners):
        (a, b), (c, d) = corners[at - 1], corners[(at + 1) % len(corners)]
        if (u - a) * (d - v) != (v - b) * (c - u):
            kept.append((u, v))
    return kept or [min(corners), max(corners)]


def unit(spaces: list[Halfspace]) -> tuple[Floats, Floats, tuple[Profile, ...]]:
    """Return unit directions (L, 2), levels (L,) and profiles; of half-spaces with one direction the tightest."""
    tightest: dict[Exact2, Halfspace] = {}
    for space in spaces:
        known = tightest.get(space.direction)
        if known is None or space.level < known.level:
            tightest[space.direction] = space
    kept = list(tightest.values())
    if not kept:
        return np.empty((0, 2)), np.empty(0), ()
    raw = np.array([[float(u), float(v)] for u, v in (space.direction for space in kept)])
    length = np.hypot(raw[:, 0], raw[:, 1])
    levels = np.array([float(space.level) for space in kept]) / length
    return raw / length[:, None], levels, tuple(space.profile for space in kept)
