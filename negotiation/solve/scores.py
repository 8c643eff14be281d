"""What patience can reach: half-spaces that bound equilibrium payoffs for EVERY discount factor (one state).

In direction lambda the largest score k(lambda) over all pure profiles bounds lambda.v for every payoff v of a pure
public perfect equilibrium with public randomisation, whatever the discount factor; if the intersection Q of these
half-spaces has an interior, it is also the limit of the equilibrium payoff sets as the discount factor tends to one
(Fudenberg, Levine 1994; Fudenberg, Levine, Maskin 1994). Within a quadrant k is piecewise linear in lambda
(`scores_profile`), so its knots and the axes give the exact polygon Q: no grid of directions is involved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, NamedTuple

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.stage import Profile
from negotiation.solve.frontier import convex_set
from negotiation.solve.scores_lines import Exact2, Pieces, clipped, piece_at, pieces, upper
from negotiation.solve.scores_profile import QUADRANTS, Signs, axis_score, score_lines, stated
from negotiation.solve.scores_reading import Reading, read
from negotiation.solve.scores_rows import ONE, ZERO, Programme, enforceable, programme

AXES = ((0, 1), (1, 1), (0, -1), (1, -1))  # (player, sign): 0, 90, 180, 270 degrees


class Halfspace(NamedTuple):
    """direction.v <= level, exactly, with the profile that attains the score."""

    direction: Exact2
    level: Fraction
    profile: Profile


@dataclass(frozen=True, eq=False)
class PatientLimit(Value):
    """The set Q of a repeated game: it contains every pure equilibrium payoff for every discount factor.

    bound: Q in the game's unit, with its half-spaces: directions of unit length, counter-clockwise from the first
    player's axis. profiles: for each half-space a profile that attains the score. exact_vertices: the same vertices as
    ratios. literal: whether the numbers of the game were taken as given (`scores_reading`). full_dimensional: whether Q
    has an interior, so that it is also the limit as players become patient.
    """

    game: DynamicGame
    bound: PayoffSet
    profiles: tuple[Profile, ...]
    exact_vertices: tuple[Exact2, ...]
    literal: bool

    @property
    def full_dimensional(self) -> bool:
        """Whether Q has an interior (exactly)."""
        return len(self.exact_vertices) > 2

    @cached_property
    def joint(self) -> float:
        """Largest sum of payoffs in Q, minus infinity when Q is empty."""
        return self.bound.support(np.ones(2))

    def words(self) -> str:
        """Return what is claimed, in plain sentences."""
        if self.bound.is_empty:
            return (
                "No equilibrium in pure strategies exists at any discount factor: "
                "the half-spaces that bound its payoffs have no point in common."
            )
        holds = f"At every discount factor the payoffs of pure equilibria lie in {self.bound.words()}"
        if self.full_dimensional:
            return f"{holds}; as the players become patient they fill it, because it has an interior."
        return f"{holds}; it has no interior, so whether patience fills it is not claimed."


@dataclass(frozen=True, eq=False)
class Score(Value):
    """The largest score in one direction: `value` bounds direction.v; `loss` is what `profile` gives up in it.

    direction: (2,) as asked. The numbers are in the game's unit times the direction's.
    """

    direction: Floats
    value: float
    loss: float
    profile: Profile

    _floats: ClassVar[tuple[str, ...]] = ("direction",)


def patient_limit(game: DynamicGame) -> PatientLimit:
    """Return the exact Fudenberg-Levine set of a two-player game with one state; its discount factor plays no role.

    Raises `InputError` for several states or another number of players.
    """
    reading, conditions = _conditions(game)
    spaces = _halfspaces(conditions)
    corners = _corners(conditions, spaces)
    if corners and spaces:
        region = convex_set(np.array([[float(u), float(v)] for u, v in corners]))
    else:
        corners, region = [], PayoffSet(np.empty((0, 2)))
    directions, levels, profiles = _unit(spaces)
    return PatientLimit(game, PayoffSet(region.vertices, directions, levels), profiles, tuple(corners), reading.literal)


def score(game: DynamicGame, direction: Sequence[float]) -> Score | None:
    """Return the largest score over pure profiles in one direction, None when no profile can be enforced at all.

    >>> from negotiation.games import StageGame
    >>> pd = StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]])
    >>> score(DynamicGame.repeated(pd, 0.5), (1, 1)).value
    4.0
    """
    given = np.asarray(direction, dtype=np.float64)
    if given.shape != (2,) or not np.isfinite(given).all() or not given.any():
        raise InputError.single("score", "direction", f"needs two finite numbers, not both zero, got {direction}")
    _, conditions = _conditions(game)
    first, second = (Fraction(number) for number in given.tolist())
    if first and second:
        signs = (1 if first > 0 else -1, 1 if second > 0 else -1)
        size = abs(first) + abs(second)
        function = _quadrant(conditions, signs)
        piece = piece_at(function, abs(second) / size)
        found = None if piece is None else (piece.line.at(abs(second) / size) * size, piece.tag)
    else:
        player = 0 if first else 1
        level = _axis(conditions, player, 1 if first + second > 0 else -1)
        found = None if level is None else (level[0] * abs(first + second), level[1])
    if found is None:
        return None
    stage = sum((w * u for w, u in zip((first, second), conditions[found[1]].payoffs, strict=True)), ZERO)
    return Score(given, float(found[0]), float(stage - found[0]), found[1])


def _conditions(game: DynamicGame) -> tuple[Reading, dict[Profile, Programme]]:
    """Return the numbers of the game and the incentive conditions of each enforceable profile."""
    if game.stages[0].n_players != 2:
        raise InputError.single("game", "players", f"{game.stages[0].n_players} players, score sets need two")
    reading = read(game)
    every = (programme(reading, profile) for profile in reading.profiles())
    return reading, {each.profile: each for each in every if all(enforceable(each, player) for player in range(2))}


def _quadrant(conditions: dict[Profile, Programme], signs: Signs) -> Pieces:
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


def _axis(conditions: dict[Profile, Programme], player: int, sign: int) -> tuple[Fraction, Profile] | None:
    """Return the largest score in direction sign * e_player with its profile."""
    best: tuple[Fraction, Profile] | None = None
    for condition in sorted(conditions.values(), key=lambda each: -sign * each.payoffs[player]):
        if best is not None and sign * condition.payoffs[player] <= best[0]:
            break
        level = axis_score(condition, player, sign)
        if level is not None and (best is None or level > best[0]):
            best = (level, condition.profile)
    return best


def _halfspaces(conditions: dict[Profile, Programme]) -> list[Halfspace]:
    """Return the half-spaces that make up Q, counter-clockwise from the first player's axis."""
    found = []
    for signs, (player, sign) in zip(QUADRANTS, AXES, strict=True):
        level = _axis(conditions, player, sign)
        if level is None:
            return []
        axis = (Fraction(sign), ZERO) if player == 0 else (ZERO, Fraction(sign))
        inside = [*_limits(_quadrant(conditions, signs), signs)]
        found += [Halfspace(axis, *level), *inside]
    return sorted(found, key=lambda each: _angle(each.direction))


def _limits(function: Pieces, signs: Signs) -> list[Halfspace]:
    """Return the half-spaces at the knots of a quadrant; at its two ends the limits of the score."""
    knots = [(piece.start, piece) for piece in function] + [(ONE, function[-1])]
    return [Halfspace((signs[0] * (1 - t), signs[1] * t), piece.line.at(t), piece.tag) for t, piece in knots]


def _angle(direction: Exact2) -> float:
    return float(np.arctan2(float(direction[1]), float(direction[0]))) % (2 * np.pi)


def _corners(conditions: dict[Profile, Programme], spaces: list[Halfspace]) -> list[Exact2]:
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


def _unit(spaces: list[Halfspace]) -> tuple[Floats, Floats, tuple[Profile, ...]]:
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
