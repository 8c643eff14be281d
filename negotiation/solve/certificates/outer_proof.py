"""Outer sets as plain data that an exact checker can verify: a chain of half-plane systems with dual multipliers.

Payoffs are normalised as in `inner_proof`; W(c) = {v : lam_j.v <= c_j}, one polygon a state. The chain starts at
`first` with W(first) containing every stage payoff, in every state, save those of profiles `ruled_out` (see
`unplayable`). Each link has levels `level` with the set proven so far inside W(level), and ends at `reached`:

- a step: for every direction j and profile a of its state, some eta >= 0 has F_ja(eta; level) <= reached_j;
- a slide (`down` not None): for every t in [0, length], direction j and profile a, F_ja(eta; level - t down) <
  level_j - t down_j for some eta of its `proofs`; then reached = level - length down. Each F is affine in t: h_W(d) is
  bounded by mu_1 c_1 + mu_2 c_2 for d = mu_1 lam_1 + mu_2 lam_2 with neighbouring directions among `active_sides`.

    F_ja(eta; c) = (1 - delta) lam_j.g(a) - (1 - delta) sum_k eta_k (g_i(a_k) - g_i(a)) + delta sum_z h_W(d_z),

with deviations k = (player i, other action), z the public outcomes (observed actions, signal), and d_z = rho(z | a)
lam_j + sum_k eta_k (rho(z | a) - rho(z | a_k)) e_i. A profile listed as unenforceable has multipliers eta with
F(eta; level - at down) < 0 for lam = 0: no continuation enforces it. A state all of whose profiles are unenforceable
has no equilibrium. Mathematics and format: docs/certificates.md.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from negotiation._values import Bools, Floats, Ints
from negotiation.games import DynamicGame
from negotiation.solve.certificates.encoding import UNIT, fixed_point, game_data, half_plane_bound
from negotiation.solve.certificates.gap import final_sides
from negotiation.solve.options import Options
from negotiation.solve.public.emptiness import helly_certificates
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.operator import SAME_DIRECTION, Directions, Operator
from negotiation.solve.public.outer_approximation import OuterApproximation, ProofStep, Trial, lower_levels
from negotiation.verify.game import read_game
from negotiation.verify.reading import Entry
from negotiation.verify.scaled import BITS, GRID, HalfPlanes, Side, Units, dual_bound, scaled_profile

# Share of the gap asked for at which the recorded descent may stop. Ten times as much may spoil a gap that is just met.
DESCENT_SHARE = 1e-3
# Over 2^50: levels closer than this differ by rounding. Twice as much names sides that no longer carry an edge.
ROUNDING_UNITS = 2**50 >> 30

MultiplierData = list[list[int]]


def rounded_directions(directions: Directions) -> Directions:
    """Return the directions rounded to multiples of 2^-50, as a certificate holds them, each angle once.

    Directions next to (-1, 0) become it: there the angle jumps from pi to -pi, and one direction could stand twice.
    """
    lam = np.round(directions.lam * UNIT) / UNIT + 0.0
    lam[(lam[:, 0] < 0) & (np.abs(lam[:, 1]) < SAME_DIRECTION)] = (-1.0, 0.0)
    return Directions.build([lam[directions.state == s] for s in range(len(directions.start) - 1)])


def outer_chain(op: Operator, first: OuterApproximation, options: Options) -> OuterApproximation | None:
    """Prove the outer set once more, from the feasible set and in its final directions only, keeping the chain."""
    again = OuterApproximation.of(op, first.directions, first.level, empty=first.empty, proof=[])
    done = lower_levels(op, again, options.gap * DESCENT_SHARE, int(options.iterations))
    return again if done else None


def active_sides(lines: Directions, level: Floats) -> list[int]:
    """Return the directions that carry a side of their polygon, or close a gap between two that do."""
    return [int(j) for j in np.flatnonzero(lines.active(lines.polygons(level)))]


class OuterProofWriter:
    """Writes the links of a chain one after the other; what is proven so far is kept in exact numbers.

    levels: those proven, over 2^50. unenforceable: profiles shown to be so. A step ends at the exact maximum of its
    bounds, evaluated by the checker's own arithmetic, so that rounding in the solver cannot break a link.
    """

    def __init__(self, op: Operator, game: DynamicGame, lines: Directions, first: Floats) -> None:
        self.op, self.lines = op, lines
        self.lam = [(x, y) for x, y in (fixed_point(one) for one in lines.lam)]
        self.levels = fixed_point(first, up=True)
        self.unenforceable = {int(op.inc.first[s]) + p for s, p in op.inc.ruled_out}
        self.undetectable = undetectable_gains(game, op.inc)
        self.exact = ExactBounds(game, op.inc)

    def link(self, link: ProofStep) -> dict[str, Any]:
        """Return one link as data and take over what it proves."""
        used, start = self._start(link)
        length = self._length(link, start)
        early = _newly_unenforceable(link, length, self.unenforceable)
        proofs = [self._proof(link, number, early) for number in range(len(link.trials))]
        data: dict[str, Any] = {"sides": used, "level": start, "down": None, "length": length, "proofs": proofs}
        if link.direction is None:
            data["reached"] = self._step(used, start, proofs[0], np.isneginf(link.reached))
        else:
            data["down"] = fixed_point(link.direction)
            data["reached"] = [c - (length * u >> 50) for c, u in zip(start, data["down"], strict=True)]
        self.levels = [c if end is None else min(c, end) for c, end in zip(self.levels, data["reached"], strict=True)]
        data["void"] = self._emptiness(self.levels)
        return data

    def _length(self, link: ProofStep, start: list[int]) -> int:
        """Return how far a slide goes, over 2^50: not beyond the first probe at which no payoff is left."""
        length = fixed_point(np.array([link.length]), up=False)[0]
        if link.direction is None:
            return length
        down = fixed_point(link.direction)
        for t in sorted(trial_position(probe) for probe in link.trials):
            if 0 < t < length and self._emptiness([c - (t * u >> 50) for c, u in zip(start, down, strict=True)]):
                return t
        return length

    def _emptiness(self, levels: list[int]) -> list[list[int]]:
        """Return three directions for each state that these levels leave without a payoff."""
        doubles = np.array(levels) / UNIT
        return helly_certificates(self.lines, self.lines.polygons(doubles), doubles)

    def _start(self, link: ProofStep) -> tuple[list[int], list[int]]:
        """Return the sides to combine and levels to start from, no lower than proven: a side starts where it stands,
        any other direction where the sides bound it.
        """
        level, proven, at = fixed_point(link.level, up=True), self.levels, self.lines.state
        used = [j for j in active_sides(self.lines, link.level) if proven[j] - level[j] < ROUNDING_UNITS]
        start = [max(c, proven[j]) if j in used else c for j, c in enumerate(level)]
        rings = [[(*self.lam[k], proven[k]) for k in used if at[k] == s] for s in range(self.op.inc.n_states)]
        for j in range(len(start)):
            if start[j] < proven[j]:
                bound = half_plane_bound(self.lam[j], rings[at[j]])
                start[j] = proven[j] if bound is None else min(proven[j], max(start[j], ceil(bound)))
        return used, start

    def _step(self, used: list[int], start: list[int], proof: dict[str, Any], empty: Bools) -> list[int | None]:
        """Return the levels that a step reaches: the largest bound of any profile that is left."""
        planes = self.exact.planes(self.lines.state, self.lam, used, start)
        named = {(j, a): eta for j, a, eta in proof["multipliers"]}
        ends: list[int | None] = []
        for j, state in enumerate(self.lines.state):
            low, high = int(self.op.inc.first[state]), int(self.op.inc.first[state + 1])
            left = [p for p in range(low, high) if p not in self.unenforceable]
            bounds = [self.exact.bound(planes, p, self.lam[j], named.get((j, p - low), [])) for p in left]
            ends.append(None if empty[j] else max((start[j] if c is None else c for c in bounds), default=start[j]))
        return ends

    def _proof(self, link: ProofStep, number: int, early: dict[int, int]) -> dict[str, Any]:
        inc, probe = self.op.inc, link.trials[number]
        entries = []
        for j, state in enumerate(self.lines.state):
            for p in range(inc.first[state], inc.first[state + 1]):
                named = multiplier_data(
                    self.op, p, probe.application.multipliers[j, p - inc.first[state]], probe.application.binding
                )
                if probe.not_ruled_out[p] and named:
                    entries.append([j, int(p - inc.first[state]), named])
        proof: dict[str, Any] = {"at": trial_position(probe), "multipliers": entries}
        proof["unenforceable"] = []
        for p in sorted(p for p in early if early[p] == number):
            state = int(np.searchsorted(inc.first, p, side="right") - 1)
            named = self.undetectable.get(p) or multiplier_data(self.op, p, link.farkas[p], probe.application.binding)
            proof["unenforceable"].append([state, int(p - inc.first[state]), named])
        if probe.position > 0 and link.direction is not None and proof["unenforceable"]:
            proof["sides"] = active_sides(self.lines, link.level - probe.position * link.direction)
        return proof


class ExactBounds:
    """Dual bounds of the profiles in exact numbers (the checker's)."""

    def __init__(self, game: DynamicGame, inc: Incentives) -> None:
        self.game = read_game(Entry(game_data(game), "game"))
        units = Units(*(tuple(Fraction(float(x)) for x in numbers) for numbers in (inc.offset, inc.scale)))
        self.profiles = [
            scaled_profile(self.game, units, s, a)
            for s, state in enumerate(self.game.states)
            for a in range(state.size)
        ]

    def planes(self, at: Ints, lam: list[tuple[int, int]], used: list[int], level: list[int]) -> HalfPlanes:
        """Return the half-planes `used` at the given levels."""
        return HalfPlanes(
            [[Side(*lam[j], level[j], 0) for j in used if at[j] == s] for s in range(len(self.game.states))]
        )

    def bound(self, planes: HalfPlanes, p: int, direction: tuple[int, int], eta: MultiplierData) -> int | None:
        """Return the bound of profile p over 2^50, rounded up; None where the half-planes do not surround it."""
        moves = {(m.deviation.player, m.deviation.action): k for k, m in enumerate(self.profiles[p].moves)}
        weights = [(moves[player, action], weight) for player, action, weight in eta]
        bound = dual_bound(self.profiles[p], self.game.discount, planes, direction, weights)
        return None if bound is None else -(-bound[0] >> (GRID - BITS))


def outer_proof(op: Operator, game: DynamicGame, outer: OuterApproximation, first: Floats) -> dict[str, Any]:
    """Return the chain recorded in `outer` as plain data; its directions must be `rounded_directions`."""
    lines = outer.directions
    writer, links = OuterProofWriter(op, game, lines, first), []
    for link in outer.proof or []:
        links.append(writer.link(link))
        if len(links[-1]["void"]) == op.inc.n_states:
            break
    beforehand = {"ruled_out": [list(place) for place in op.inc.ruled_out]} if op.inc.ruled_out else {}
    return {
        **beforehand,
        "directions": [[int(state), *lam] for state, lam in zip(lines.state, writer.lam, strict=True)],
        "first": fixed_point(first, up=True),
        "links": links,
        "sides": final_sides(lines, np.array(writer.levels) / UNIT),
    }


def _newly_unenforceable(link: ProofStep, length: int, unenforceable: set[int]) -> dict[int, int]:
    """Return which profiles the link newly shows unenforceable, each with the earliest probe that does."""
    earliest: dict[int, int] = {}
    for number, probe in sorted(enumerate(link.trials), key=lambda entry: -entry[1].position):
        if link.direction is None or trial_position(probe) < length:
            earliest.update(
                (int(p), number) for p in np.flatnonzero(~probe.not_ruled_out) if int(p) not in unenforceable
            )
    unenforceable.update(earliest)
    return earliest


def trial_position(probe: Trial) -> int:
    """Return where on its slide a probe lies, over 2^50, rounded up."""
    return fixed_point(np.array([probe.position]), up=True)[0]


def undetectable_gains(game: DynamicGame, inc: Incentives) -> dict[int, MultiplierData]:
    """Return for each dead profile multiplier 1 on a gainful deviation that moves no public outcome."""
    gains: dict[int, MultiplierData] = {}
    for p in np.flatnonzero(inc.unenforceable):
        state = int(np.searchsorted(inc.first, p, side="right") - 1)
        stage, monitoring = game.stages[state], game.monitoring[state]
        profile = (int(inc.profiles[p][0]), int(inc.profiles[p][1]))
        for player in {0, 1}.difference(monitoring.observed):
            for action in range(stage.shape[player]):
                to = (action, profile[1]) if player == 0 else (profile[0], action)
                hidden = np.array_equal(monitoring.likelihood[to], monitoring.likelihood[profile])
                if hidden and stage.payoffs[player][to] > stage.payoffs[player][profile]:
                    gains[int(p)] = [[player, action, int(UNIT)]]
    return gains


def multiplier_data(op: Operator, p: int, eta: Floats, binding: Ints) -> MultiplierData:
    """Return [player, action deviated to, multiplier over 2^50] for each positive multiplier."""
    inc = op.inc
    weights = [(k, round(float(eta[k]) * UNIT)) for k in range(inc.nk[p])]
    return [[int(inc.who[p, k]), int(inc.member_row[binding[p, k], 2]), weight] for k, weight in weights if weight > 0]
