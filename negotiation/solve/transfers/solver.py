"""Equilibrium payoffs with voluntary transfers as exact functions of the discount factor (docs/transfers.md).

With r = delta / (1 - delta) an equilibrium can stake L exactly when L <= r D(L), D(L) = U(L) - sum_i v_i(L); the
payoffs are those at the LARGEST such L (Goldluecke, Kranz 2012). On a linear piece of D that is L = r alpha / (1 - r
beta), so that there are finitely many steps of delta, all with exact ends. With perfect monitoring every step is flat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.stage import Profile
from negotiation.solve.scores.incentive_rows import ZERO, ProfileIncentives, profile_incentives, rational_game
from negotiation.solve.scores.piecewise_linear import (
    AffineFunction,
    Pieces,
    negative,
    piece_at,
    upper_envelope,
    value_at,
)
from negotiation.solve.transfers.liquidity import joint_payoff, least_liquidity, punishment


class TransferStep(NamedTuple):
    """The payoffs {v : sum v <= joint, v_i >= punishments[i]} from the discount factor `discount` on; exact ratios.

    liquidity, joint, punishments (n,): L, U and v_i at `discount`. profile attains U, punishing[i] gives player i v_i.
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
    joint_line: AffineFunction
    punishment_lines: tuple[AffineFunction, ...]

    def later(self, discount: Fraction) -> TransferStep:
        """Return the payoffs at a discount factor within the step."""
        liquidity = self.liquidity
        if self.alpha > 0:
            ratio = discount / (1 - discount)
            liquidity = ratio * self.alpha / (1 - ratio * self.beta)
        punishments = tuple(line.value(liquidity) for line in self.punishment_lines)
        joint = self.joint_line.value(liquidity)
        return self._replace(discount=discount, liquidity=liquidity, joint=joint, punishments=punishments)


class Need(NamedTuple):
    """What a profile needs: liquidity, and the least discount factors; None where no discount factor is enough.

    once: it can be played in the first period of some equilibrium. always: it can be played for ever on the path.
    """

    liquidity: Fraction | None
    once: Fraction | None
    always: Fraction | None


@dataclass(frozen=True)
class TransferSteps:
    """The payoffs with transfers for every discount factor.

    steps: in order of the discount factor; below the first one there is no equilibrium in pure strategies. worst:
    v_i(L) of each player.
    """

    game: DynamicGame
    conditions: dict[Profile, ProfileIncentives]
    worst: tuple[Pieces, ...]
    steps: tuple[TransferStep, ...]

    def step_at(self, discount: float | Fraction | None = None) -> TransferStep | None:
        """Return the payoffs at a discount factor, the game's own by default; None if there is no equilibrium.

        A double that is the nearest one to the start of a step counts as that start. Raises `InputError` for a discount
        factor outside (0, 1).
        """
        if discount is None:
            discount = self.game.discount if self.game.exact_discount is None else self.game.exact_discount
        if not 0 < discount < 1:
            message = f"must lie strictly between 0 and 1, got {float(discount):g}"
            raise InputError.single("transfers", "discount", message)
        given = Fraction(discount)
        reached = [s for s in self.steps if s.discount <= given or float(s.discount) == discount]
        return reached[-1].later(max(given, reached[-1].discount)) if reached else None

    def need(self, profile: Profile) -> Need:
        """Return what a profile needs; raise `InputError` for a profile that the game does not have."""
        condition = self.conditions.get(tuple(profile))
        if condition is None:
            raise InputError.single("transfers", "profile", f"the game has no profile {tuple(profile)}")
        least = least_liquidity(condition)
        once = None if least is None else self._once(least)
        always = None if least is None or once is None else self._always(condition, least)
        return Need(least, once, always)

    def _once(self, least: Fraction) -> Fraction | None:
        """Return the least discount factor at which the liquidity of the best equilibria is at least `least`."""
        for step, after in [*pairwise(self.steps), *((step, None) for step in self.steps[-1:])]:
            if step.liquidity >= least:
                return step.discount
            if step.alpha > 0:
                ratio = least / (step.alpha + step.beta * least)
                discount = ratio / (1 + ratio)
                if after is None or (discount < after.discount and 1 - ratio * step.beta > 0):
                    return discount
        return None

    def _always(self, condition: ProfileIncentives, least: Fraction) -> Fraction | None:
        """Return the least discount factor at which the profile can be played for ever, r = L / (U(L | a) - sum v)."""
        if least == 0:
            return ZERO
        joint = joint_payoff(condition, least)
        starts = {piece.start for function in (joint, *self.worst) for piece in function if piece.start >= least}
        ratios = []
        for start in starts | {least}:
            stake = (value_at(joint, start) or ZERO) - sum((value_at(low, start) or ZERO for low in self.worst), ZERO)
            if stake > 0:
                ratios.append(start / stake)
        return min(ratios) / (1 + min(ratios)) if ratios else None


def transfer_steps(game: DynamicGame) -> TransferSteps:
    """Return payoffs and thresholds with voluntary transfers, for every discount factor, in exact ratios.

    Pure profiles, one state, any number of players, public signals; the game's own discount factor only matters to
    `TransferSteps.at`. Raises `InputError` for several states.

    >>> from negotiation.games import StageGame
    >>> pd = StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]])
    >>> [(str(step.discount), str(step.joint)) for step in transfer_steps(DynamicGame.repeated(pd, 0.5)).steps]
    [('0', '0'), ('1/3', '4')]
    """
    numbers = rational_game(game)
    conditions = {profile: profile_incentives(numbers, profile) for profile in numbers.payoffs}
    offers = [(each, least) for each in conditions.values() if (least := least_liquidity(each)) is not None]
    worst = tuple(_worst(offers, player) for player in range(len(numbers.shape)))
    steps = _steps(_largest_joint(offers), worst) if offers else []
    return TransferSteps(game, conditions, worst, tuple(steps))


def _largest_joint(offers: Sequence[tuple[ProfileIncentives, Fraction]]) -> Pieces:
    """Return U(L); a profile that others beat from the start, burning nothing, needs no programme."""
    best: Pieces = []
    for condition, least in sorted(offers, key=lambda offer: (-offer[0].joint, offer[1])):
        reached = value_at(best, least)
        if reached is None or reached < condition.joint:
            best = upper_envelope(best, joint_payoff(condition, least))
    return best


def _worst(offers: Sequence[tuple[ProfileIncentives, Fraction]], player: int) -> Pieces:
    """Return v_i(L) of one player; a profile holds nobody below its best reply."""
    best: Pieces = []
    for condition, least in sorted(offers, key=lambda offer: (offer[0].best[player], offer[1])):
        reached = value_at(best, least)
        if reached is None or -reached > condition.best[player]:
            best = upper_envelope(best, negative(punishment(condition, player, least)))
    return negative(best)


def _steps(joint: Pieces, worst: tuple[Pieces, ...]) -> list[TransferStep]:
    """Return the steps in order of the discount factor: from large liquidity down, keep what needs less patience."""
    starts = sorted({piece.start for function in (joint, *worst) for piece in function})
    steps: list[TransferStep] = []
    least: Fraction | None = None  # r at which liquidity from `end` on is within reach; None: not at any r
    for start in reversed(starts):
        top, *lows = (piece_at(function, start) for function in (joint, *worst))
        assert top is not None
        lines = tuple(low.line for low in lows if low is not None)
        alpha = top.line.intercept - sum((line.intercept for line in lines), ZERO)
        beta = top.line.slope - sum((line.slope for line in lines), ZERO)
        stake = alpha + beta * start
        ratio = ZERO if start == 0 else start / stake if stake > 0 else None
        # within a piece r = L / (alpha + beta L) rises when alpha > 0; otherwise its right end needs less patience
        if ratio is None or (least is not None and ratio >= least) or (alpha <= 0 and start > 0):
            continue
        step = TransferStep(
            discount=ratio / (1 + ratio),
            liquidity=start,
            joint=top.line.value(start),
            punishments=tuple(line.value(start) for line in lines),
            profile=top.tag,
            punishing=tuple(low.tag for low in lows if low is not None),
            alpha=alpha,
            beta=beta if alpha > 0 else ZERO,  # else nothing but L = 0 before the next step
            joint_line=top.line,
            punishment_lines=lines,
        )
        steps.append(step)
        least = ratio
    return steps[::-1]
