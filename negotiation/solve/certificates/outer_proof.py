"""Outer sets as plain data that an exact checker can verify: a chain of half-plane systems with dual multipliers.

Payoffs are normalised as in `inner_proof`; W(c) = {v : lam_j.v <= c_j}, one polygon a state. A link is a step from
level to reached, or a slide through level - t direction; its `proofs` hold the multipliers of the bounds F_ja(eta; c)
and those that show profiles unenforceable. Mathematics and format: docs/certificates.md.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.games import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.certificates.encoding import UNIT, exact_game, fixed_point
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.operator import SAME_DIRECTION, Directions, Operator
from negotiation.solve.public.outer_approximation import OuterApproximation, ProofStep, Trial, helly_certificates
from negotiation.solve.stage.unplayable import Place
from negotiation.verify.chain import OuterChain, read_multipliers
from negotiation.verify.game import Game
from negotiation.verify.outer import LIFT, OuterChecker
from negotiation.verify.reading import Count, Entry
from negotiation.verify.scaled import BITS, HalfPlanes, dual_bound

# Over 2^50: levels closer than this differ by rounding. Twice as much names sides that no longer carry an edge.
ROUNDING_UNITS = 2**BITS >> 30
UNBOUNDED = 1e9  # stands for a corner at infinity, in normalised payoffs: any number far above 1 will do
# Sides shorter than one of these (normalised) may go unnamed; the choice that surrounds the set most closely counts.
SHORTEST_SIDES = (0.0, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
# Relative and absolute allowance for the rounding of distances, which the checker computes in ratios. Too small an
# allowance and the checker refuses the gap; twice as much prints a gap that is larger by as much.
RELATIVE_ROUNDING, ABSOLUTE_ROUNDING = 1e-9, 1e-12

MultiplierData = list[list[int]]


def rounded_directions(directions: Directions) -> Directions:
    """Return the directions rounded to multiples of 2^-50, as a certificate holds them, each angle once.

    Directions next to (-1, 0) become it: there the angle jumps from pi to -pi, and one direction could stand twice.
    """
    lam = np.round(directions.lam * UNIT) / UNIT + 0.0
    lam[(lam[:, 0] < 0) & (np.abs(lam[:, 1]) < SAME_DIRECTION)] = (-1.0, 0.0)
    return Directions.build([lam[these] for these in directions.slices])


def active_sides(lines: Directions, level: Floats) -> list[int]:
    """Return the directions that carry a side of their polygon, or close a gap between two that do."""
    return [int(j) for j in np.flatnonzero(lines.active(lines.polygons(level)))]


class OuterProofWriter:
    """Writes the links of a chain one after the other; what is proven so far is kept in exact numbers.

    levels: those proven, over 2^50. unenforceable: (state, profile) shown to be so. A step ends at the exact maximum of
    its bounds, evaluated by the checker's own arithmetic, so that rounding in the solver cannot break a link.
    """

    def __init__(self, op: Operator, game: DynamicGame, lines: Directions, first: Floats) -> None:
        self.inc, self.lines = op.inc, lines
        self.levels = fixed_point(first, up=True)
        self.unenforceable = set(op.inc.ruled_out)
        exact, units = exact_game(game, op.inc)
        x, y = (fixed_point(lines.lam[:, i]) for i in range(2))
        directions = tuple(zip(lines.state.tolist(), x, y, strict=True))
        self.checker = OuterChecker(exact, units, OuterChain(directions, tuple(self.levels)), Count())

    def link(self, link: ProofStep) -> dict[str, Any]:
        """Return one link as data and take over what it proves."""
        used, start = self._start(link)
        length = self._length(link, start)
        early = self._newly_unenforceable(link, length)
        proofs = [self._proof(link, number, early) for number in range(len(link.trials))]
        data: dict[str, Any] = {"sides": used, "level": start, "down": None, "length": length, "proofs": proofs}
        if link.direction is None:
            planes = self.checker.planes(used, start, None)
            named = {(j, a): eta for j, a, eta in proofs[0]["multipliers"]}
            data["reached"] = [
                None if end == -np.inf else self._largest_bound(planes, j, start[j], named)
                for j, end in enumerate(link.reached)
            ]
        else:
            data["down"] = fixed_point(link.direction)
            data["reached"] = [c - (length * u >> BITS) for c, u in zip(start, data["down"], strict=True)]
        self.levels = [c if end is None else min(c, end) for c, end in zip(self.levels, data["reached"], strict=True)]
        data["void"] = self._emptiness(self.levels)
        return data

    def _start(self, link: ProofStep) -> tuple[list[int], list[int]]:
        """Return the sides to combine and levels to start from, no lower than proven: a side starts where it stands,
        any other direction where the sides bound it.
        """
        level, proven = fixed_point(link.level, up=True), self.levels
        used = [j for j in active_sides(self.lines, link.level) if proven[j] - level[j] < ROUNDING_UNITS]
        start = [max(c, proven[j]) if j in used else c for j, c in enumerate(level)]
        planes = self.checker.planes(used, proven, None)
        for j, direction in enumerate(self.checker.chain.directions):
            if start[j] < proven[j]:
                bound = planes.bound(*direction)
                start[j] = proven[j] if bound is None else min(proven[j], max(start[j], -(-bound[0] // bound[2])))
        return used, start

    def _length(self, link: ProofStep, start: list[int]) -> int:
        """Return how far a slide goes, over 2^50: not beyond the first probe at which no payoff is left."""
        length = fixed_point(np.array([link.length]), up=False)[0]
        if link.direction is None:
            return length
        down = fixed_point(link.direction)
        for t in sorted(map(trial_position, link.trials)):
            if 0 < t < length and self._emptiness([c - (t * u >> BITS) for c, u in zip(start, down, strict=True)]):
                return t
        return length

    def _emptiness(self, levels: list[int]) -> list[list[int]]:
        """Return three directions for each state that these levels leave without a payoff."""
        doubles = np.array(levels) / UNIT
        return helly_certificates(self.lines, self.lines.polygons(doubles), doubles)

    def _newly_unenforceable(self, link: ProofStep, length: int) -> dict[Place, int]:
        """Return which profiles the link newly shows unenforceable, each with the earliest probe that does."""
        earliest: dict[Place, int] = {}
        for number, probe in sorted(enumerate(link.trials), key=lambda entry: -entry[1].position):
            if link.direction is None or trial_position(probe) < length:
                places = map(self.inc.place, np.flatnonzero(~probe.not_ruled_out).tolist())
                earliest.update((place, number) for place in places if place not in self.unenforceable)
        self.unenforceable.update(earliest)
        return earliest

    def _largest_bound(self, planes: HalfPlanes, j: int, start: int, named: dict[Place, MultiplierData]) -> int:
        """Return the level that a step reaches: the largest bound, over 2^50, of any profile that is left.

        Where the half-planes do not surround a profile's futures, the level stays where it starts.
        """
        game, (state, x, y) = self.checker.game, self.checker.chain.directions[j]
        bounds = []
        for a, profile in enumerate(self.checker.profiles[state]):
            if (state, a) not in self.unenforceable:
                multipliers = read_multipliers(Entry(named.get((j, a), [])), game, state, a)
                bound = dual_bound(profile, game.discount, planes, (x, y), multipliers)
                bounds.append(start if bound is None else -(-bound[0] >> LIFT))
        return max(bounds, default=start)

    def _proof(self, link: ProofStep, number: int, early: dict[Place, int]) -> dict[str, Any]:
        inc, probe = self.inc, link.trials[number]
        proof: dict[str, Any] = {"at": trial_position(probe), "multipliers": [], "unenforceable": []}
        for j, state in enumerate(self.lines.state):
            for a, p in enumerate(range(inc.first[state], inc.first[state + 1])):
                eta = multiplier_data(inc, p, probe.application.multipliers[j, a], probe.application.binding)
                if probe.not_ruled_out[p] and eta:
                    proof["multipliers"].append([j, a, eta])
        for state, a in sorted(place for place in early if early[place] == number):
            p = int(inc.first[state]) + a
            eta = undetectable_gain(self.checker.game, state, a)
            eta = eta or multiplier_data(inc, p, link.farkas[p], probe.application.binding)
            proof["unenforceable"].append([state, a, eta])
        if probe.position > 0 and link.direction is not None and proof["unenforceable"]:
            proof["sides"] = active_sides(self.lines, link.level - probe.position * link.direction)
        return proof


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
        "directions": [list(direction) for direction in writer.checker.chain.directions],
        "first": fixed_point(first, up=True),
        "links": links,
        "sides": final_sides(lines, np.array(writer.levels) / UNIT),
    }


def trial_position(probe: Trial) -> int:
    """Return where on its slide a probe lies, over 2^50, rounded up."""
    return fixed_point(np.array([probe.position]), up=True)[0]


def undetectable_gain(game: Game, state: int, profile: int) -> MultiplierData:
    """Return multiplier 1 on a gainful deviation that moves no public outcome; nothing where there is none."""
    here = game.states[state]
    for player, action, to in here.deviations(profile):
        gain = here.payoffs[player][to] > here.payoffs[player][profile]
        if gain and player not in here.observed and here.chances[to] == here.chances[profile]:
            return [[player, action, int(UNIT)]]
    return []


def multiplier_data(inc: Incentives, p: int, eta: Floats, binding: Ints) -> MultiplierData:
    """Return [player, action deviated to, multiplier over 2^50] for each positive multiplier."""
    weights = [(k, round(float(eta[k]) * UNIT)) for k in range(inc.nk[p])]
    return [[int(inc.who[p, k]), int(inc.member_row[binding[p, k], 2]), weight] for k, weight in weights if weight > 0]


def corners(lam: Floats, level: Floats) -> Floats:
    """Return where each side meets the next one counter-clockwise; infinite where they do not turn left."""
    order = np.argsort(np.arctan2(lam[:, 1], lam[:, 0]), kind="stable")
    a, c = lam[order], level[order]
    b, d = np.roll(a, -1, axis=0), np.roll(c, -1)
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        places = np.stack([c * b[:, 1] - d * a[:, 1], a[:, 0] * d - b[:, 0] * c], axis=1) / cross[:, None]
    return np.where((cross > 0)[:, None], places, UNBOUNDED)


def final_sides(lines: Directions, level: Floats) -> list[int]:
    """Return the sides whose corners surround the final outer set most closely.

    Corners of neighbours surround the set whether or not each side carries an edge; nearly parallel ones meet far away.
    """
    polygons, chosen = lines.polygons(level), []
    for s, count in enumerate(polygons.counts):
        verts, edges = polygons.verts[s, :count], polygons.edges[s, :count]
        numbers = np.arange(lines.start[s], lines.start[s + 1])
        length = np.linalg.norm(np.roll(verts, -1, axis=0) - verts, axis=1)
        options = [numbers[lines.active(polygons)[numbers]]]
        options += [np.unique(numbers[edges[(length > least) & (edges >= 0)]]) for least in SHORTEST_SIDES]
        distances = [
            PayoffSet(verts).distances(corners(lines.lam[some], level[some])).max() if len(some) > 2 else np.inf
            for some in options
        ]
        chosen.append(options[int(np.argmin(distances))])
    return [int(j) for j in np.concatenate(chosen)]


def final_levels(outer: Mapping[str, Any]) -> list[int]:
    """Return the levels that a chain ends at, over 2^50."""
    ends = [link["reached"] for link in outer["links"]]
    return [min(level for level in column if level is not None) for column in zip(outer["first"], *ends, strict=True)]


def proven_gap(inner: Sequence[Mapping[str, Any]], outer: Mapping[str, Any]) -> float:
    """Return the largest distance of a corner of an outer set, empty in no state, from the inner set, rounded up."""
    levels, most = np.array(final_levels(outer)) / UNIT, 0.0
    for s, row in enumerate(inner):
        vertices = np.array([[float(Fraction(number)) for number in vertex] for vertex in row["vertices"]])
        used = [j for j in outer["sides"] if outer["directions"][j][0] == s]
        lam = np.array([outer["directions"][j][1:] for j in used]) / UNIT
        most = max(most, float(PayoffSet(vertices).distances(corners(lam, levels[used])).max()))
    return most * (1 + RELATIVE_ROUNDING) + ABSOLUTE_ROUNDING
