"""Equilibrium payoffs with voluntary transfers as exact functions of the discount factor.

Over all pure profiles let U(L) be the largest joint payoff at liquidity L and v_i(L) player i's least payoff
(`transfers`), D(L) = U(L) - sum_i v_i(L). An equilibrium can stake L on the future exactly when L <= r D(L) with
r = delta / (1 - delta); the payoffs of pure public perfect equilibria with transfers are {v : sum v <= U(L),
v_i >= v_i(L)} at the LARGEST such L (Goldluecke, Kranz 2012). D is piecewise linear and jumps up where a profile
becomes enforceable, so that L = r alpha / (1 - r beta) on finitely many steps of delta, all with exact ends. With
perfect monitoring every step is flat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from negotiation._values import Value
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.stage import Profile
from negotiation.solve.frontier import convex_set
from negotiation.solve.scores_lines import Line, Pieces, negated, piece_at, upper, value
from negotiation.solve.scores_reading import read
from negotiation.solve.scores_rows import ZERO, Programme, programme
from negotiation.solve.transfers import joint_payoff, least_liquidity, punishment


class TransferStep(NamedTuple):
    """One piece of the answer, from the discount factor `discount` on; exact ratios.

    liquidity, joint, punishments (n,): L, U and v_i at the start. profile attains U, punishing[i] gives player i v_i.
    alpha, beta: L = r alpha / (1 - r beta) within the step. joint_line, punishment_lines: U and v_i as lines in L.
    """

    discount: Fraction
    liquidity: Fraction
    joint: Fraction
    punishments: tuple[Fraction, ...]
    profile: Profile
    punishing: tuple[Profile, ...]
    alpha: Fraction
    beta: Fraction
    joint_line: Line
    punishment_lines: tuple[Line, ...]

    @property
    def flat(self) -> bool:
        """Whether the payoffs stay the same until the next step."""
        return not any(line.slope for line in (self.joint_line, *self.punishment_lines))


@dataclass(frozen=True, eq=False)
class TransferPayoffs(Value):
    """All payoffs with transfers at one discount factor: {v : sum v <= joint, v_i >= punishments[i]}, in exact ratios.

    profile: played on the path of the best equilibrium. punishing: for each player, what holds it to its worst payoff.
    """

    discount: Fraction
    liquidity: Fraction
    joint: Fraction
    punishments: tuple[Fraction, ...]
    profile: Profile
    punishing: tuple[Profile, ...]

    @property
    def region(self) -> PayoffSet:
        """The payoff set of two players as a triangle, a segment or a point."""
        if len(self.punishments) != 2:
            raise InputError.single("transfers", "region", f"{len(self.punishments)} players, a polygon needs two")
        low, other = self.punishments
        corners = [(low, other), (self.joint - other, other), (low, self.joint - low)]
        return convex_set(np.array([[float(u), float(v)] for u, v in corners]))


class Need(NamedTuple):
    """What a profile needs: liquidity, and the least discount factors; None where no discount factor is enough.

    once: it can be played in the first period of some equilibrium. always: it can be played for ever on the path.
    """

    profile: Profile
    liquidity: Fraction | None
    once: Fraction | None
    always: Fraction | None


@dataclass(frozen=True, eq=False)
class TransferSteps(Value):
    """The payoffs with transfers for every discount factor.

    steps: in order of the discount factor; below the first one there is no equilibrium in pure strategies. needs: for
    every profile, in the order of the game. literal: whether the numbers of the game were taken as given, rather than
    as the simple fractions that its doubles stand for.
    """

    game: DynamicGame
    steps: tuple[TransferStep, ...]
    needs: tuple[Need, ...]
    literal: bool

    def at(self, discount: float | Fraction | None = None) -> TransferPayoffs | None:
        """Return the payoffs at a discount factor, the game's own by default; None if there is no equilibrium.

        A double that is the nearest one to the start of a step counts as that start. Raises `InputError` for a discount
        factor outside (0, 1).
        """
        if discount is None:
            discount = self.game.discount if self.game.exact_discount is None else self.game.exact_discount
        if not 0 < discount < 1:
            raise InputError.single(
                "transfers", "discount", f"must lie strictly between 0 and 1, got {float(discount):g}"
            )
        given = Fraction(discount)
        reached = [s for s in self.steps if s.discount <= given or float(s.discount) == discount]
        if not reached:
            return None
        step = reached[-1]
        exact = max(given, step.discount)
        liquidity = _liquidity(step, exact)
        return TransferPayoffs(
            exact,
            liquidity,
            step.joint_line.at(liquidity),
            tuple(line.at(liquidity) for line in step.punishment_lines),
            step.profile,
            step.punishing,
        )

    def need(self, profile: Profile) -> Need:
        """Return what a profile needs; raise `InputError` for a profile that the game does not have."""
        for need in self.needs:
            if need.profile == tuple(profile):
                return need
        raise InputError.single("transfers", "profile", f"the game has no profile {tuple(profile)}")

    @cached_property
    def largest_joint(self) -> Fraction | None:
        """The joint payoff when players are patient enough; None without equilibrium."""
        if not self.steps:
            return None
        last = self.steps[-1]
        return last.joint_line.intercept if last.joint_line.slope == 0 else None

    def words(self) -> str:
        """Return one sentence a step."""
        if not self.steps:
            return "With transfers there is no equilibrium in pure strategies at any discount factor."
        stage = self.game.stage
        said = []
        for step in self.steps:
            since = "At every discount factor" if step.discount == 0 else f"From {float(step.discount):.6g} on"
            plays = ", ".join(stage.name(step.profile))
            worst = ", ".join(f"{float(number):.6g}" for number in step.punishments)
            grows = "" if step.flat else ", changing with patience"
            said.append(
                f"{since} the best joint payoff with transfers is {float(step.joint):.6g}{grows}, by ({plays}); "
                f"no player can be held below ({worst})."
            )
        return " ".join(said)


def transfer_steps(game: DynamicGame) -> TransferSteps:
    """Return payoffs and thresholds with voluntary transfers, for every discount factor, in exact ratios.

    Pure profiles, one state, any number of players, public signals; the game's own discount factor only matters to
    `TransferSteps.at`. Raises `InputError` for several states.

    >>> from negotiation.games import StageGame
    >>> pd = StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]])
    >>> [(str(step.discount), str(step.joint)) for step in transfer_steps(DynamicGame.repeated(pd, 0.5)).steps]
    [('0', '0'), ('1/3', '4')]
    """
    reading = read(game)
    conditions = [programme(reading, profile) for profile in reading.profiles()]
    found = {each.profile: least_liquidity(each) for each in conditions}
    offers = [(each, least) for each in conditions if (least := found[each.profile]) is not None]
    joint = _largest_joint(offers)
    worst = tuple(_worst(offers, player) for player in range(reading.n_players))
    steps = tuple(_steps(joint, worst)) if offers else ()
    needs = []
    for each in conditions:
        least = found[each.profile]
        once = None if least is None else _once(steps, least)
        always = None if least is None or once is None else _always(each, least, worst)
        needs.append(Need(each.profile, least, once, always))
    return TransferSteps(game, steps, tuple(needs), reading.literal)


def _largest_joint(offers: Sequence[tuple[Programme, Fraction]]) -> Pieces:
    """Return U(L); a profile that others beat from the start, burning nothing, needs no programme."""
    best: Pieces = []
    for condition, least in sorted(offers, key=lambda offer: (-offer[0].joint, offer[1])):
        known = value(best, least)
        if known is None or known < condition.joint:
            best = upper(best, joint_payoff(condition, least))
    return best


def _worst(offers: Sequence[tuple[Programme, Fraction]], player: int) -> Pieces:
    """Return v_i(L) of one player; a profile holds nobody below its best reply."""
    best: Pieces = []
    for condition, least in sorted(offers, key=lambda offer: (offer[0].best[player], offer[1])):
        known = value(best, least)
        if known is None or -known > condition.best[player]:
            best = upper(best, negated(punishment(condition, player, least)))
    return negated(best)


def _steps(joint: Pieces, worst: tuple[Pieces, ...]) -> list[TransferStep]:
    """Return the steps in order of the discount factor: from large liquidity down, keep what needs less patience."""
    starts = sorted({piece.start for function in (joint, *worst) for piece in function})
    found: list[TransferStep] = []
    least: Fraction | None = None  # r at which liquidity from `end` on is within reach; None: not at any r
    for start in reversed(starts):
        top, lows = piece_at(joint, start), [piece_at(function, start) for function in worst]
        assert top is not None
        lines = tuple(low.line for low in lows if low is not None)
        alpha = top.line.intercept - sum((line.intercept for line in lines), ZERO)
        beta = top.line.slope - sum((line.slope for line in lines), ZERO)
        stake = alpha + beta * start
        ratio = ZERO if start == 0 else start / stake if stake > 0 else None
        # within a piece r = L / (alpha + beta L) rises when alpha > 0; otherwise its right end needs less patience
        if ratio is None or (least is not None and ratio >= least) or (alpha <= 0 and start > 0):
            continue
        if alpha <= 0:
            beta = ZERO  # nothing but L = 0 before the next step
        profiles = tuple(low.tag for low in lows if low is not None)
        punishments = tuple(line.at(start) for line in lines)
        found.append(
            TransferStep(
                ratio / (1 + ratio), start, top.line.at(start), punishments, top.tag, profiles, alpha, beta,
                top.line, lines,
            )
        )  # fmt: skip
        least = ratio
    return found[::-1]


def _liquidity(step: TransferStep, discount: Fraction) -> Fraction:
    """Return L at a discount factor within a step."""
    if step.alpha <= 0:
        return step.liquidity
    ratio = discount / (1 - discount)
    return ratio * step.alpha / (1 - ratio * step.beta)


def _once(steps: tuple[TransferStep, ...], least: Fraction) -> Fraction | None:
    """Return the least discount factor at which the liquidity of the best equilibria is at least `least`."""
    for step, after in [*pairwise(steps), *((step, None) for step in steps[-1:])]:
        if step.liquidity >= least:
            return step.discount
        if step.alpha > 0:
            ratio = least / (step.alpha + step.beta * least)
            discount = ratio / (1 + ratio)
            if after is None or (discount < after.discount and 1 - ratio * step.beta > 0):
                return discount
    return None


def _always(condition: Programme, least: Fraction, worst: tuple[Pieces, ...]) -> Fraction | None:
    """Return the least discount factor at which the profile can be played for ever: r = L / (U(L | a) - sum v(L))."""
    if least == 0:
        return ZERO
    joint = joint_payoff(condition, least)
    starts = {piece.start for function in (joint, *worst) for piece in function if piece.start >= least} | {least}
    ratios = []
    for start in starts:
        stake = (value(joint, start) or ZERO) - sum((value(low, start) or ZERO for low in worst), ZERO)
        if stake > 0:
            ratios.append(start / stake)
    return min(ratios) / (1 + min(ratios)) if ratios else None
