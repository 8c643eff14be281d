"""The half-spaces of the patient limit and their intersection, exactly (see `limit_set` and `profile_score`).

Those at the knots of the score within each quadrant, at its limits next to the axes, and at the axes are all there are.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from negotiation._values import Floats
from negotiation.games.stage import Profile
from negotiation.solve.scores.incentive_rows import ONE, ZERO, ProfileIncentives
from negotiation.solve.scores.piecewise_linear import (
    Pieces,
    RationalVector,
    half_plane_section,
    lower_envelope,
    upper_envelope,
    value_at,
)
from negotiation.solve.scores.profile_score import QUADRANTS, Signs, axis_score, score_lines, static_line

AXIS_PAYOFFS = ((0, 1), (1, 1), (0, -1), (1, -1))  # (player, sign): 0, 90, 180, 270 degrees


class HalfSpace(NamedTuple):
    """direction.v <= level, exactly, with the profile that attains the score."""

    direction: RationalVector
    level: Fraction
    profile: Profile


def quadrant_score(conditions: dict[Profile, ProfileIncentives], signs: Signs) -> Pieces:
    """Return the largest score for lambda = (signs_1 (1 - t), signs_2 t) as a function of t in [0, 1]."""
    middle = Fraction(1, 2)
    best: Pieces = []
    for condition in sorted(conditions.values(), key=lambda each: -static_line(each, signs).value(middle)):
        top = static_line(condition, signs)
        ends = [*(piece.start for piece in best), ONE]
        if best and all(top.value(t) <= (value_at(best, t) or ZERO) for t in ends):
            continue
        best = upper_envelope(best, lower_envelope(score_lines(condition, signs), ZERO, condition.profile))
        best = [piece for piece in best if piece.start < 1]
    return best


def axis_level(conditions: dict[Profile, ProfileIncentives], player: int, sign: int) -> tuple[Fraction, Profile] | None:
    """Return the largest score in direction sign * e_player with its profile."""
    best: tuple[Fraction, Profile] | None = None
    for condition in sorted(conditions.values(), key=lambda each: -sign * each.payoffs[player]):
        if best is not None and sign * condition.payoffs[player] <= best[0]:
            break
        level = axis_score(condition, player, sign)
        if level is not None and (best is None or level > best[0]):
            best = (level, condition.profile)
    return best


def half_spaces(conditions: dict[Profile, ProfileIncentives]) -> list[HalfSpace]:
    """Return the half-spaces that make up Q, counter-clockwise from the first player's axis."""
    spaces = []
    for signs, (player, sign) in zip(QUADRANTS, AXIS_PAYOFFS, strict=True):
        level = axis_level(conditions, player, sign)
        if level is None:
            return []
        axis = (Fraction(sign), ZERO) if player == 0 else (ZERO, Fraction(sign))
        spaces += [HalfSpace(axis, *level), *_knots(quadrant_score(conditions, signs), signs)]
    return sorted(spaces, key=lambda each: _angle(each.direction))


def _knots(function: Pieces, signs: Signs) -> list[HalfSpace]:
    """Return the half-spaces at the knots of a quadrant; at its two ends the limits of the score."""
    knots = [(piece.start, piece) for piece in function] + [(ONE, function[-1])]
    return [HalfSpace((signs[0] * (1 - t), signs[1] * t), piece.line.value(t), piece.tag) for t, piece in knots]


def _angle(direction: RationalVector) -> float:
    return float(np.arctan2(float(direction[1]), float(direction[0]))) % (2 * np.pi)


def intersection_corners(conditions: dict[Profile, ProfileIncentives], spaces: list[HalfSpace]) -> list[RationalVector]:
    """Return the vertices of Q, counter-clockwise, exactly."""
    if not spaces:
        return []
    columns = list(zip(*(each.payoffs for each in conditions.values()), strict=True))
    (left, right), (low, high) = ((min(column), max(column)) for column in columns)
    corners = list(dict.fromkeys([(left, low), (right, low), (right, high), (left, high)]))
    for space in spaces:
        corners = half_plane_section(corners, space.direction, space.level)
        if not corners:
            break
    return _extreme(corners)


def _extreme(corners: list[RationalVector]) -> list[RationalVector]:
    """Drop corners that lie on the line through their neighbours."""
    if len(corners) < 3:
        return corners
    extreme = []
    for k, (u, v) in enumerate(corners):
        (a, b), (c, d) = corners[k - 1], corners[(k + 1) % len(corners)]
        if (u - a) * (d - v) != (v - b) * (c - u):
            extreme.append((u, v))
    return extreme or [min(corners), max(corners)]


def unit_half_spaces(spaces: list[HalfSpace]) -> tuple[Floats, Floats, tuple[Profile, ...]]:
    """Return unit directions (L, 2), levels (L,) and profiles; of half-spaces with one direction the tightest."""
    tightest: dict[RationalVector, HalfSpace] = {}
    for space in spaces:
        before = tightest.get(space.direction)
        if before is None or space.level < before.level:
            tightest[space.direction] = space
    distinct = list(tightest.values())
    if not distinct:
        return np.empty((0, 2)), np.empty(0), ()
    raw = np.array([[float(u), float(v)] for u, v in (space.direction for space in distinct)])
    length = np.hypot(raw[:, 0], raw[:, 1])
    levels = np.array([float(space.level) for space in distinct]) / length
    return raw / length[:, None], levels, tuple(space.profile for space in distinct)
