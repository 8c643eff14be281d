"""Checks that a chain of half-plane systems contains every payoff of a pure public equilibrium.

Symbols and proofs are those of docs/certificates.md ("Outer sets"): by the feasible payoffs at first, then link by link
with the dual bounds of `scaled.dual_bound`. Reference: Abreu, Pearce, Stacchetti 1990; Judd, Yeltekin, Conklin 2003.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from negotiation.verify.chain import ChainLink, DualProof, OuterChain
from negotiation.verify.game import Game
from negotiation.verify.reading import Count, FailedError, double
from negotiation.verify.scaled import (
    BITS,
    GRID,
    HalfPlanes,
    Multipliers,
    Side,
    Units,
    dual_bound,
    normalised_payoffs,
    scaled_profile,
)

LIFT = GRID - BITS  # from levels over 2^BITS to bounds over 2^GRID
DualBound = tuple[int, int] | None


class OuterChecker:
    """Follows a chain; after `run`, V lies in {lam_j.v <= levels_j}, and the states in `empty` have no equilibrium.

    unenforceable: (state, profile) that no continuation in the sets proven so far enforces.
    """

    def __init__(self, game: Game, units: Units, chain: OuterChain, count: Count) -> None:
        self.game, self.chain, self.units, self.count = game, chain, units, count
        self.profiles = [
            [scaled_profile(game, units, s, a) for a in range(state.size)] for s, state in enumerate(game.states)
        ]
        self.levels = list(chain.first)
        self.unenforceable: set[tuple[int, int]] = set()
        self.empty: set[int] = set()

    def run(self) -> OuterChecker:
        """Check every condition and return the checker; `FailedError` names the first that does not hold."""
        self._check_feasible()
        for number, link in enumerate(self.chain.links):
            where = f"link {number + 1} of the outer chain"
            self._check_start(link, where)
            self._check_shape(link, where)
            planes = self.planes(link.sides, link.level, link.down)
            early = [self._unenforceable(link, proof, where) for proof in link.proofs]
            self._spread()
            for j, (state, _, _) in enumerate(self.chain.directions):
                if state not in self.empty:
                    self._check_direction(link, planes, early, j, where)
            self._close(link, early, where)
        return self

    def planes(self, sides: Sequence[int], level: Sequence[int], down: Sequence[int] | None) -> HalfPlanes:
        """Return the half-planes `sides` at the given levels, by state."""
        by_state: list[list[Side]] = [[] for _ in self.game.states]
        for j in dict.fromkeys(sides):
            state, x, y = self.chain.directions[j]
            by_state[state].append(Side(x, y, level[j], 0 if down is None else down[j]))
        return HalfPlanes(by_state)

    def final_planes(self) -> HalfPlanes:
        """Return the final sides at the levels proven."""
        return self.planes(self.chain.sides, self.levels, None)

    def named(self, j: int) -> str:
        """Return direction j in words, in normalised payoffs."""
        state, *direction = self.chain.directions[j]
        x, y = (double(Fraction(number, 1 << BITS)) for number in direction)
        return f"direction ({x:.6g}, {y:.6g}){self.game.where(state)}"

    def enforceable(self, planes: HalfPlanes, state: int, profile: int, multipliers: Multipliers) -> bool:
        """Whether the multipliers fail to show that no continuation in the half-planes enforces the profile."""
        if not multipliers:
            return True
        bound = dual_bound(self.profiles[state][profile], self.game.discount, planes, (0, 0), multipliers)
        return bound is None or bound[0] >= 0

    def _check_feasible(self) -> None:
        """The first set holds every stage payoff that any equilibrium plays; see `_check_ruled_out`."""
        self._check_ruled_out()
        points = [
            normalised_payoffs(self.game, self.units, s, a)
            for s, state in enumerate(self.game.states)
            for a in range(state.size)
            if (s, a) not in self.unenforceable
        ]
        for j, (_, x, y) in enumerate(self.chain.directions):
            self.count.checked += 1
            if max(x * point[0] + y * point[1] for point in points) > self.levels[j]:
                raise FailedError(f"{self.named(j)}: some stage payoffs lie outside the first outer set")

    def _check_ruled_out(self) -> None:
        """Check the profiles ruled out before the chain: one step's loss exceeds all that the future can make good.

        With P the profiles not ruled out so far, every continuation pays player i between the least best-reply payoff
        and the largest stage payoff on P.
        """
        left = {(s, a) for s, state in enumerate(self.game.states) for a in range(state.size)}
        best = {key: self._best_replies(*key) for key in left} if self.chain.ruled_out else {}
        payoff = {(s, a): [payoffs[a] for payoffs in self.game.states[s].payoffs] for s, a in left}
        for key in self.chain.ruled_out:
            self.count.checked += 1
            room = [max(payoff[p][i] for p in left) - min(best[p][i] for p in left) for i in range(2)]
            loss = [best[key][i] - payoff[key][i] for i in range(2)]
            rest = 1 - self.game.discount
            if not any(rest * loss[i] > self.game.discount * room[i] for i in range(2)):
                raise FailedError(f"{self.game.profile_words(*key)} is not shown to be unplayable before the chain")
            left.discard(key)
            if not left:
                raise FailedError("every profile is said to be unplayable before the chain")
        self.unenforceable.update(self.chain.ruled_out)

    def _best_replies(self, state: int, profile: int) -> list[Fraction]:
        """Return the most that each player gets by any action against the others' part of a profile."""
        here = self.game.states[state]
        best = [payoffs[profile] for payoffs in here.payoffs]
        for move in here.deviations(profile):
            best[move.player] = max(best[move.player], here.payoffs[move.player][move.to])
        return best

    def _check_start(self, link: ChainLink, where: str) -> None:
        """What is proven so far must lie within the set that the link starts from."""
        planes = self.planes(link.sides, self.levels, None)
        for j, (state, x, y) in enumerate(self.chain.directions):
            self.count.checked += 1
            if link.level[j] >= self.levels[j] or state in self.empty:
                continue
            bound = planes.bound(state, x, y)
            if bound is None or bound[0] > link.level[j] * bound[2]:
                raise FailedError(f"{where}, {self.named(j)}: starts below what is proven")

    def _check_shape(self, link: ChainLink, where: str) -> None:
        """A slide goes down and ends no lower than it says."""
        if link.down is None:
            return
        if link.length < 0 or min(link.down, default=0) < 0:
            raise FailedError(f"{where}: a slide must go down")
        for j, (level, down, reached) in enumerate(zip(link.level, link.down, link.reached, strict=True)):
            if reached is not None and (level << BITS) - link.length * down > reached << BITS:
                raise FailedError(f"{where}, {self.named(j)}: ends lower than the slide goes")

    def _unenforceable(self, link: ChainLink, proof: DualProof, where: str) -> dict[tuple[int, int], int]:
        """Check the profiles that a proof rules out; those ruled out at the start of the link are so for good."""
        if proof.position < 0:
            raise FailedError(f"{where}: a proof lies before the start of the slide")
        level = link.level
        if link.down is not None:
            level = tuple(-((proof.position * d - (c << BITS)) >> BITS) for c, d in zip(level, link.down, strict=True))
        planes = self.planes(proof.sides, level, None)
        places = {}
        for (state, profile), multipliers in proof.unenforceable.items():
            if (state, profile) in self.unenforceable:
                continue
            self.count.checked += 1
            if self.enforceable(planes, state, profile, multipliers):
                name = self.game.profile_words(state, profile)
                raise FailedError(f"{where}: {name} is not shown to be unenforceable")
            if link.down is None or proof.position == 0:
                self.unenforceable.add((state, profile))
            places[state, profile] = proof.position
        return places

    def _check_direction(
        self, link: ChainLink, planes: HalfPlanes, early: Sequence[dict[tuple[int, int], int]], j: int, where: str
    ) -> None:
        state, x, y = self.chain.directions[j]
        reached = link.reached[j]
        for a in range(self.game.states[state].size):
            if (state, a) in self.unenforceable:
                continue
            self.count.checked += 1
            ends = [places[state, a] for places in early if (state, a) in places]
            bounds = (
                dual_bound(
                    self.profiles[state][a], self.game.discount, planes, (x, y), proof.multipliers.get((j, a), ())
                )
                for proof in link.proofs
            )
            if link.down is None:
                good = reached is not None and any(f is not None and f[0] <= reached << LIFT for f in bounds)
            else:
                good = covers(list(bounds), ends, link.level[j] << LIFT, link.down[j] << LIFT, link.length)
            if not good:
                words = self.game.states[state].words(a)
                raise FailedError(f"{where}, {self.named(j)}: {words} may reach beyond the level")

    def _close(self, link: ChainLink, early: Sequence[dict[tuple[int, int], int]], where: str) -> None:
        for places in early:
            self.unenforceable.update(key for key, t in places.items() if t <= link.length)
        self._spread()
        self.levels = [c if end is None else min(c, end) for c, end in zip(self.levels, link.reached, strict=True)]
        for three in link.void:
            self._check_emptiness(three, where)
        for j, (state, _, _) in enumerate(self.chain.directions):
            if link.reached[j] is not None:
                continue
            if state not in self.empty:
                raise FailedError(f"{where}, {self.named(j)}: the state is not shown to be empty")

    def _check_emptiness(self, three: Sequence[int], where: str) -> None:
        """Three half-planes that exclude one another leave their state without a payoff: mu >= 0 with sum mu lam = 0
        and sum mu c < 0.
        """
        (state, ax, ay), (second, bx, by), (third, cx, cy) = (self.chain.directions[j] for j in three)
        mu = (bx * cy - by * cx, cx * ay - cy * ax, ax * by - ay * bx)
        self.count.checked += 1
        same = state == second == third
        if not same or min(mu) < 0 or sum(m * self.levels[j] for m, j in zip(mu, three, strict=True)) >= 0:
            raise FailedError(f"{where}: three half-planes do not show that no payoff{self.game.where(state)} is left")
        self.unenforceable.update((state, a) for a in range(self.game.states[state].size))
        self._spread()

    def _spread(self) -> None:
        """States without a profile are empty; so is any profile that may lead there, whoever deviates."""
        while True:
            for s, state in enumerate(self.game.states):
                if all((s, a) in self.unenforceable for a in range(state.size)):
                    self.empty.add(s)
            fresh = {
                (s, a)
                for s, profiles in enumerate(self.profiles)
                for a, profile in enumerate(profiles)
                if (s, a) not in self.unenforceable
                for row in (profile.chance, *(move.chance for move in profile.moves))
                if any(chance and into in self.empty for into, chance in zip(profile.following, row, strict=True))
            }
            if not fresh:
                return
            self.unenforceable |= fresh


def covers(bounds: Sequence[DualBound], ends: Sequence[int], level: int, down: int, length: int) -> bool:
    """Whether for every t from 0 up to `length` some bound lies below level - t down, or the profile is ruled out.

    bounds: value + t slope, over 2^GRID like level and down; ends, length: over 2^BITS. A bound must lie strictly below
    where the level moves; half-open intervals of t are joined from 0 on.
    """
    spans: list[tuple[Fraction, bool, Fraction | None]] = [(Fraction(end, 1 << BITS), True, None) for end in ends]
    for bound in bounds:
        if bound is None:
            continue
        excess, tilt = bound[0] - level, bound[1] + down
        late = (excess << BITS) + tilt * length
        if (excess < 0 and late < 0) or (down == 0 and excess <= 0 and tilt <= 0):
            return True
        if excess < 0:
            spans.append((Fraction(0), True, Fraction(-excess, tilt)))
        elif tilt < 0:
            spans.append((Fraction(-excess, tilt), False, None))
    reach, goal = Fraction(0), Fraction(length, 1 << BITS)
    for start, closed, end in sorted(spans, key=lambda span: (span[0], not span[1])):
        if not (start < reach or (closed and start == reach)):
            return False
        if end is None or end >= goal:
            return True
        reach = max(reach, end)
    return False
